package wire

import (
	"encoding/base64"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

// The bounds of what is read. A value of depth 200, which is as deep as drivers
// write, needs up to three JSON levels for each of its own.
const (
	maxDepth = 3*200 + 8
	maxNodes = 1 << 20
)

// Read reads a value as drivers and testers write it. The bytes may come from
// a hostile hand: anything that is not exactly of the form in the package
// comment is an error, whose text quotes nothing.
func Read(b []byte) (Value, error) { return read(b, true) }

// ReadData reads a value that stands in a file of tests: the same form, of
// which plain JSON is a part. An object that only looks like one of the forms
// with a "$" is a map, and bytes that are not UTF-8 count as U+FFFD.
func ReadData(b []byte) (Value, error) { return read(b, false) }

func read(b []byte, strict bool) (Value, error) {
	r := reader{s: b, strict: strict}
	v, err := r.whole()
	if err != nil {
		return Value{}, fmt.Errorf("byte %d: %w", r.p, err)
	}
	return v, nil
}

var (
	errDeep   = errors.New("nested too deep")
	errMany   = errors.New("more than a million values")
	errShort  = errors.New("cut off")
	errSyntax = errors.New("not JSON")
	errForm   = errors.New(`an object that begins with "$" and is none of the known forms`)
	errTwice  = errors.New("a key occurs twice")
	errRange  = errors.New("a number beyond what a float holds")
	errUTF8   = errors.New("not UTF-8")
)

type reader struct {
	s      []byte
	p      int
	nodes  int
	strict bool
}

func (r *reader) whole() (Value, error) {
	v, err := r.value(0)
	if err != nil {
		return v, err
	}
	if r.space(); r.p < len(r.s) {
		return v, errSyntax
	}
	return v, nil
}

func (r *reader) space() {
	for r.p < len(r.s) {
		switch r.s[r.p] {
		case ' ', '\t', '\n', '\r':
			r.p++
		default:
			return
		}
	}
}

// peek returns the next byte behind white space, and 0 at the end.
func (r *reader) peek() byte {
	if r.space(); r.p < len(r.s) {
		return r.s[r.p]
	}
	return 0
}

func (r *reader) value(depth int) (Value, error) {
	if depth > maxDepth {
		return Value{}, errDeep
	}
	if r.nodes++; r.nodes > maxNodes {
		return Value{}, errMany
	}
	switch c := r.peek(); {
	case c == 0 && r.p >= len(r.s):
		return Value{}, errShort
	case c == '"':
		s, err := r.text()
		return OfText(s), err
	case c == '[':
		items, err := r.list(depth)
		return Value{Kind: List, Items: items}, err
	case c == '{':
		return r.object(depth)
	case c == '-' || c >= '0' && c <= '9':
		return r.number()
	case c == 'n':
		return Value{}, r.word("null")
	case c == 't':
		return OfBool(true), r.word("true")
	case c == 'f':
		return OfBool(false), r.word("false")
	}
	return Value{}, errSyntax
}

func (r *reader) word(w string) error {
	if len(r.s)-r.p < len(w) || string(r.s[r.p:r.p+len(w)]) != w {
		return errSyntax
	}
	r.p += len(w)
	return nil
}

func (r *reader) list(depth int) ([]Value, error) {
	r.p++
	var items []Value
	if r.peek() == ']' {
		r.p++
		return nil, nil
	}
	for {
		v, err := r.value(depth + 1)
		if err != nil {
			return nil, err
		}
		items = append(items, v)
		switch r.peek() {
		case ',':
			r.p++
		case ']':
			r.p++
			return items, nil
		default:
			return nil, r.broken()
		}
	}
}

func (r *reader) broken() error {
	if r.p >= len(r.s) {
		return errShort
	}
	return errSyntax
}

// members reads an object as its keys and values by turns.
func (r *reader) members(depth int) ([]Value, error) {
	r.p++
	if r.peek() == '}' {
		r.p++
		return nil, nil
	}
	var items []Value
	for {
		if r.peek() != '"' {
			return nil, r.broken()
		}
		key, err := r.text()
		if err != nil {
			return nil, err
		}
		if r.peek() != ':' {
			return nil, r.broken()
		}
		r.p++
		v, err := r.value(depth + 1)
		if err != nil {
			return nil, err
		}
		items = append(items, OfText(key), v)
		switch r.peek() {
		case ',':
			r.p++
		case '}':
			r.p++
			return items, uniqueTexts(items)
		default:
			return nil, r.broken()
		}
	}
}

func uniqueTexts(items []Value) error {
	if len(items) <= 16 {
		for i := 2; i < len(items); i += 2 {
			for j := 0; j < i; j += 2 {
				if items[i].Text == items[j].Text {
					return errTwice
				}
			}
		}
		return nil
	}
	seen := make(map[string]struct{}, len(items)/2)
	for i := 0; i < len(items); i += 2 {
		seen[items[i].Text] = struct{}{}
	}
	if len(seen) < len(items)/2 {
		return errTwice
	}
	return nil
}

func (r *reader) object(depth int) (Value, error) {
	items, err := r.members(depth)
	if err != nil {
		return Value{}, err
	}
	if len(items) == 0 || !strings.HasPrefix(items[0].Text, "$") {
		if r.strict {
			for i := 0; i < len(items); i += 2 {
				if strings.HasPrefix(items[i].Text, "$") {
					return Value{}, errForm
				}
			}
		}
		return Value{Kind: Map, Items: items}, nil
	}
	v, ok := form(items)
	if !ok && r.strict {
		return Value{}, errForm
	}
	if !ok {
		return Value{Kind: Map, Items: items}, nil
	}
	return v, nil
}

// form reads the members of an object that begins with "$".
func form(items []Value) (Value, bool) {
	v := items[1]
	switch name := items[0].Text; {
	case name == "$n" && len(items) == 4:
		k := items[3]
		ok := v.Kind == Text && items[2].Text == "k" && k.Kind == Text
		return Value{Kind: Exact, Text: v.Text, Name: k.Text}, ok
	case name == "$o" && len(items) == 4:
		h, err := strconv.ParseInt(items[3].Text, 10, 64)
		ok := v.Kind == Text && items[2].Text == "h" && items[3].Kind == Int && err == nil && h > 0
		return Value{Kind: Object, Text: v.Text, Handle: h}, ok
	case len(items) != 2:
		return Value{}, false
	case name == "$o":
		return Value{Kind: Object, Text: v.Text}, v.Kind == Text
	case name == "$x":
		return Value{Kind: Unwritten, Text: v.Text}, v.Kind == Text
	case name == "$u":
		return Value{Kind: Undefined}, v.Kind == Int && v.Text == "0"
	case name == "$f":
		return special(v.Text), v.Kind == Text && (v.Text == "nan" || v.Text == "inf" || v.Text == "-inf")
	case name == "$t":
		return Value{Kind: Tuple, Items: v.Items}, v.Kind == List
	case name == "$s":
		return Value{Kind: Set, Items: v.Items}, v.Kind == List
	case name == "$fs":
		return Value{Kind: FrozenSet, Items: v.Items}, v.Kind == List
	case name == "$d":
		return pairs(v)
	case name == "$b":
		b, err := base64.StdEncoding.DecodeString(v.Text)
		return Value{Kind: Bytes, Text: string(b)}, v.Kind == Text && err == nil
	case name == "$c":
		ok := v.Kind == List && len(v.Items) == 2 && v.Items[0].Kind == Float && v.Items[1].Kind == Float
		return Value{Kind: Complex, Items: v.Items}, ok
	}
	return Value{}, false
}

func special(name string) Value {
	switch name {
	case "inf":
		return OfFloat(math.Inf(1))
	case "-inf":
		return OfFloat(math.Inf(-1))
	}
	return OfFloat(math.NaN())
}

func pairs(v Value) (Value, bool) {
	if v.Kind != List {
		return Value{}, false
	}
	items := make([]Value, 0, 2*len(v.Items))
	for _, pair := range v.Items {
		if pair.Kind != List || len(pair.Items) != 2 {
			return Value{}, false
		}
		items = append(items, pair.Items...)
	}
	return Value{Kind: Map, Items: items}, true
}

// number reads a number: an integer keeps its digits, whatever their count.
func (r *reader) number() (Value, error) {
	start, whole := r.p, true
	if r.s[r.p] == '-' {
		r.p++
	}
	first := r.p
	if n := r.digits(); n == 0 || n > 1 && r.s[first] == '0' {
		return Value{}, r.broken()
	}
	if r.p < len(r.s) && r.s[r.p] == '.' {
		r.p++
		if whole = false; r.digits() == 0 {
			return Value{}, r.broken()
		}
	}
	if r.p < len(r.s) && (r.s[r.p] == 'e' || r.s[r.p] == 'E') {
		r.p++
		if r.p < len(r.s) && (r.s[r.p] == '+' || r.s[r.p] == '-') {
			r.p++
		}
		if whole = false; r.digits() == 0 {
			return Value{}, r.broken()
		}
	}
	text := string(r.s[start:r.p])
	if whole {
		if text == "-0" {
			text = "0"
		}
		return Value{Kind: Int, Text: text}, nil
	}
	f, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return Value{}, errRange
	}
	return OfFloat(f), nil
}

func (r *reader) digits() int {
	start := r.p
	for r.p < len(r.s) && r.s[r.p] >= '0' && r.s[r.p] <= '9' {
		r.p++
	}
	return r.p - start
}

// text reads a string.
func (r *reader) text() (string, error) {
	r.p++
	start := r.p
	plain := true
	for ; r.p < len(r.s); r.p++ {
		switch c := r.s[r.p]; {
		case c == '"':
			s := r.s[start:r.p]
			r.p++
			if plain || utf8.Valid(s) {
				return string(s), nil
			}
			if r.strict {
				return "", errUTF8
			}
			return strings.ToValidUTF8(string(s), "\ufffd"), nil
		case c == '\\':
			return r.escaped(start)
		case c < ' ':
			return "", errSyntax
		case c >= utf8.RuneSelf:
			plain = false
		}
	}
	return "", errShort
}

// escaped reads on from the first backslash of a string.
func (r *reader) escaped(start int) (string, error) {
	b := append(make([]byte, 0, r.p-start+16), r.s[start:r.p]...)
	for r.p < len(r.s) {
		c := r.s[r.p]
		r.p++
		switch {
		case c == '"':
			if !validLoose(b) {
				if r.strict {
					return "", errUTF8
				}
				return strings.ToValidUTF8(string(b), "\ufffd"), nil
			}
			return string(b), nil
		case c < ' ':
			return "", errSyntax
		case c != '\\':
			b = append(b, c)
			continue
		}
		if r.p >= len(r.s) {
			break
		}
		c = r.s[r.p]
		r.p++
		if c == 'u' {
			u, ok := r.hex()
			if !ok {
				return "", r.broken()
			}
			b = r.appendUnit(b, u)
			continue
		}
		i := strings.IndexByte(`"\/bfnrt`, c)
		if i < 0 {
			return "", errSyntax
		}
		b = append(b, "\"\\/\b\f\n\r\t"[i])
	}
	return "", errShort
}

func (r *reader) hex() (uint32, bool) {
	if len(r.s)-r.p < 4 {
		r.p = len(r.s)
		return 0, false
	}
	u, err := strconv.ParseUint(string(r.s[r.p:r.p+4]), 16, 32)
	if err != nil {
		return 0, false
	}
	r.p += 4
	return uint32(u), true
}

func surrogate(u uint32) bool { return u >= 0xd800 && u < 0xe000 }

// appendUnit appends a UTF-16 unit, with the second half of a pair if one
// follows. A lone surrogate becomes three bytes of its own.
func (r *reader) appendUnit(b []byte, u uint32) []byte {
	if !surrogate(u) {
		return utf8.AppendRune(b, rune(u))
	}
	if u < 0xdc00 && len(r.s)-r.p >= 6 && r.s[r.p] == '\\' && r.s[r.p+1] == 'u' {
		back := r.p
		r.p += 2
		if low, ok := r.hex(); ok && low >= 0xdc00 && low < 0xe000 {
			return utf8.AppendRune(b, rune(0x10000+(u-0xd800)<<10+(low-0xdc00)))
		}
		r.p = back
	}
	return append(b, byte(0xe0|u>>12), byte(0x80|u>>6&0x3f), byte(0x80|u&0x3f))
}

// loneSurrogate returns the lone surrogate at the beginning of s.
func loneSurrogate[S string | []byte](s S) (uint32, bool) {
	if len(s) >= 3 && s[0] == 0xed && s[1]&0xe0 == 0xa0 && s[2]&0xc0 == 0x80 {
		return 0xd000 | uint32(s[1]&0x3f)<<6 | uint32(s[2]&0x3f), true
	}
	return 0, false
}

// validLoose reports whether b is UTF-8 but for lone surrogates.
func validLoose(b []byte) bool {
	for len(b) > 0 {
		if c, n := utf8.DecodeRune(b); c != utf8.RuneError || n > 1 {
			b = b[n:]
		} else if _, ok := loneSurrogate(b); ok {
			b = b[3:]
		} else {
			return false
		}
	}
	return true
}
