package suite

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/rftgrader/rftgrader/graders/code/sandbox/wire"
)

// A step is what an assert statement does to a value before it compares.
type step struct {
	op     operation
	digits int // of rounded
}

type operation string

const (
	truth    operation = "bool"
	asSet    operation = "set"
	asFrozen operation = "frozenset"
	asList   operation = "list"
	asTuple  operation = "tuple"
	inOrder  operation = "sorted"
	length   operation = "len"
	rounded  operation = "round"
	absolute operation = "abs"
)

func (s step) name() string { return string(s.op) }

// apply does to v what Python would. Fail stands for a TypeError.
func (s step) apply(v wire.Value) (wire.Value, Verdict, string) {
	fail := func() (wire.Value, Verdict, string) {
		return v, Fail, string(s.op) + "() takes no such value: " + v.Kind.String()
	}
	if v.Kind == wire.Object || v.Kind == wire.Unwritten {
		return v, Undecided, "only the tests themselves can say what " + string(s.op) + "() makes of " + v.Kind.String()
	}
	switch s.op {
	case truth:
		return wire.OfBool(truthy(v)), Pass, ""
	case absolute:
		return magnitude(v)
	case rounded:
		return s.round(v)
	case length:
		if v.Kind == wire.Bytes {
			return wire.OfInt(int64(len(v.Text))), Pass, ""
		}
		if v.Kind == wire.Text {
			return wire.OfInt(int64(utf8.RuneCountInString(v.Text))), Pass, ""
		}
	}
	items, ok := iterated(v)
	if !ok {
		return fail()
	}
	switch s.op {
	case length:
		return wire.OfInt(int64(len(items))), Pass, ""
	case asList:
		return wire.OfList(items...), Pass, ""
	case asTuple:
		return wire.Value{Kind: wire.Tuple, Items: items}, Pass, ""
	case inOrder:
		items = slices.Clone(items)
		comparable := true
		slices.SortStableFunc(items, func(a, b wire.Value) int {
			n, ok := pythonOrder(a, b)
			comparable = comparable && ok
			return n
		})
		if !comparable {
			return fail()
		}
		return wire.OfList(items...), Pass, ""
	}
	kind := wire.Set
	if s.op == asFrozen {
		kind = wire.FrozenSet
	}
	unique, ok := distinct(items)
	if !ok {
		return fail()
	}
	return wire.Value{Kind: kind, Items: unique}, Pass, ""
}

// iterated returns what Python's iteration over v gives.
func iterated(v wire.Value) ([]wire.Value, bool) {
	switch v.Kind {
	case wire.List, wire.Tuple, wire.Set, wire.FrozenSet:
		return v.Items, true
	case wire.Map:
		var keys []wire.Value
		for i := 0; i < len(v.Items); i += 2 {
			keys = append(keys, v.Items[i])
		}
		return keys, true
	case wire.Text:
		var letters []wire.Value
		for _, r := range v.Text {
			letters = append(letters, wire.OfText(string(r)))
		}
		return letters, true
	case wire.Bytes:
		var numbers []wire.Value
		for i := range len(v.Text) {
			numbers = append(numbers, wire.OfInt(int64(v.Text[i])))
		}
		return numbers, true
	}
	return nil, false
}

func hashable(v wire.Value) bool {
	switch v.Kind {
	case wire.List, wire.Set, wire.Map:
		return false
	}
	for _, item := range v.Items {
		if !hashable(item) {
			return false
		}
	}
	return true
}

func distinct(items []wire.Value) ([]wire.Value, bool) {
	seen := make(map[string]bool, len(items))
	var out []wire.Value
	for _, item := range items {
		if !hashable(item) {
			return nil, false
		}
		key, ok := item.Key(wire.Python)
		if ok && seen[key] {
			continue
		}
		seen[key] = true
		out = append(out, item)
	}
	return out, true
}

func truthy(v wire.Value) bool {
	switch v.Kind {
	case wire.Null, wire.Undefined:
		return false
	case wire.Bool, wire.Float:
		return v.Float != 0
	case wire.Int:
		return v.Text != "0"
	case wire.Text, wire.Bytes:
		return v.Text != ""
	case wire.Complex:
		return v.Items[0].Float != 0 || v.Items[1].Float != 0
	case wire.Exact:
		equal, _ := wire.Comparison{Mode: wire.Python}.Compare(v, wire.OfInt(0))
		return !equal
	}
	return len(v.Items) > 0
}

func magnitude(v wire.Value) (wire.Value, Verdict, string) {
	switch v.Kind {
	case wire.Bool:
		return wire.OfInt(int64(v.Float)), Pass, ""
	case wire.Int:
		return wire.Value{Kind: wire.Int, Text: strings.TrimPrefix(v.Text, "-")}, Pass, ""
	case wire.Float:
		return wire.OfFloat(math.Abs(v.Float)), Pass, ""
	case wire.Complex:
		return wire.OfFloat(math.Hypot(v.Items[0].Float, v.Items[1].Float)), Pass, ""
	case wire.Exact:
		return wire.Value{Kind: wire.Exact, Name: v.Name, Text: strings.TrimPrefix(v.Text, "-")}, Pass, ""
	}
	return v, Fail, "abs() takes no such value: " + v.Kind.String()
}

// round is that of Python: to the nearest decimal of the exact value, halves to
// the even one.
func (s step) round(v wire.Value) (wire.Value, Verdict, string) {
	switch v.Kind {
	case wire.Bool:
		return wire.OfInt(int64(v.Float)), Pass, ""
	case wire.Int:
		return v, Pass, ""
	case wire.Float:
		if math.IsNaN(v.Float) || math.IsInf(v.Float, 0) {
			if s.digits < 0 {
				return v, Fail, "round() of a number that is none"
			}
			return v, Pass, ""
		}
		text := strconv.FormatFloat(v.Float, 'f', max(s.digits, 0), 64)
		if s.digits < 0 {
			if text == "-0" {
				text = "0"
			}
			return wire.Value{Kind: wire.Int, Text: text}, Pass, ""
		}
		f, err := strconv.ParseFloat(text, 64)
		if err != nil {
			return v, Fail, "round() of a number out of range"
		}
		return wire.OfFloat(f), Pass, ""
	case wire.Exact:
		return v, Undecided, "only the tests themselves can round such a number"
	}
	return v, Fail, "round() takes no such value: " + v.Kind.String()
}

// pythonOrder orders two values as Python's < does; ok is false where it raises
// a TypeError.
func pythonOrder(a, b wire.Value) (n int, ok bool) {
	switch {
	case realNumber(a) && realNumber(b):
		return orderNumbers(a, b), true
	case a.Kind != b.Kind:
		return 0, false
	case a.Kind == wire.Text || a.Kind == wire.Bytes:
		return cmp.Compare(a.Text, b.Text), true
	case a.Kind == wire.List || a.Kind == wire.Tuple:
		for i := range min(len(a.Items), len(b.Items)) {
			if equal, _ := (wire.Comparison{Mode: wire.Python}).Compare(a.Items[i], b.Items[i]); !equal {
				return pythonOrder(a.Items[i], b.Items[i])
			}
		}
		return cmp.Compare(len(a.Items), len(b.Items)), true
	}
	return 0, false
}

func realNumber(v wire.Value) bool {
	return v.Kind == wire.Int || v.Kind == wire.Float || v.Kind == wire.Bool
}

func orderNumbers(a, b wire.Value) int {
	if a.Kind == wire.Int && b.Kind == wire.Int {
		return orderDigits(a.Text, b.Text)
	}
	return cmp.Compare(asFloat(a), asFloat(b))
}

func orderDigits(a, b string) int {
	an, bn := strings.HasPrefix(a, "-"), strings.HasPrefix(b, "-")
	if an != bn {
		if an {
			return -1
		}
		return 1
	}
	n := cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b))
	if an {
		return -n
	}
	return n
}

// asFloat returns the nearest float, infinite for what is beyond.
func asFloat(v wire.Value) float64 {
	if v.Kind != wire.Int {
		return v.Float
	}
	f, _ := strconv.ParseFloat(v.Text, 64)
	return f
}
