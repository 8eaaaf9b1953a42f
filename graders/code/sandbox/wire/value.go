package wire

import "strconv"

// A Kind is the kind of a [Value].
type Kind uint8

// The kinds of values; the package comment shows how each is written.
const (
	Null Kind = iota
	Bool
	Int
	Float
	Text
	List
	Tuple
	Set
	FrozenSet
	Map
	Bytes
	Complex
	Exact     // a number of an exact type: Decimal, Fraction
	Undefined // JavaScript's
	Object    // no plain data
	Unwritten // could not be written
)

// String names the kind for people.
func (k Kind) String() string {
	names := [...]string{"null", "a Boolean", "an integer", "a float", "text", "a list", "a tuple", "a set", "a frozen set",
		"a map", "bytes", "a complex number", "an exact number", "undefined", "an object", "a value that could not be written"}
	if int(k) < len(names) {
		return names[k]
	}
	return "kind " + strconv.Itoa(int(k))
}

// A Value is plain data that came from a program, or goes to one. The zero
// Value is null. Values are not changed once they are made.
type Value struct {
	Kind Kind
	// Text is text (in UTF-8; a lone surrogate in the three bytes that its number
	// would have), the bytes of Bytes, the digits of an Int with its sign, an Exact
	// number as it is written, the name of an Object's class, or why there is none.
	Text string
	// Float is the number of a Float, and 1 of a true Bool.
	Float float64
	// Name is the type of an Exact number.
	Name string
	// Items are the members of a List, Tuple, Set or FrozenSet, the keys and
	// values of a Map by turns, and the two parts of a Complex.
	Items []Value
	// Handle is the number of an Object that the program may be asked about, or 0.
	Handle int64
}

// OfBool returns a Bool.
func OfBool(b bool) Value {
	if b {
		return Value{Kind: Bool, Float: 1}
	}
	return Value{Kind: Bool}
}

// OfInt returns an Int.
func OfInt(i int64) Value { return Value{Kind: Int, Text: strconv.FormatInt(i, 10)} }

// OfFloat returns a Float.
func OfFloat(f float64) Value { return Value{Kind: Float, Float: f} }

// OfText returns a Text.
func OfText(s string) Value { return Value{Kind: Text, Text: s} }

// OfList returns a List.
func OfList(items ...Value) Value { return Value{Kind: List, Items: items} }

// True reports whether v is the Bool true.
func (v Value) True() bool { return v.Kind == Bool && v.Float != 0 }

// Data reports whether v is plain data through and through: no Object and
// nothing that could not be written.
func (v Value) Data() bool {
	if v.Kind == Object || v.Kind == Unwritten {
		return false
	}
	for _, item := range v.Items {
		if !item.Data() {
			return false
		}
	}
	return true
}

func (v Value) sequence() bool { return v.Kind == List || v.Kind == Tuple }
func (v Value) set() bool      { return v.Kind == Set || v.Kind == FrozenSet }
func (v Value) number() bool {
	return v.Kind == Int || v.Kind == Float || v.Kind == Exact || v.Kind == Complex
}
