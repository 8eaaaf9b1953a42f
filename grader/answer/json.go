package answer

import (
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// jsonValue finds the value at a pointer into the last JSON object or list.
type jsonValue struct{ pointer jsontext.Pointer }

func (j jsonValue) find(b Body) result { return b.last(j.last) }

func (j jsonValue) last(s string) result {
	r := jsonReader{s: s, objects: !j.listed()}
	r.read()
	switch {
	case r.brokenAt >= 0:
		return damaged(r.brokenAt, "the last JSON object is broken or was cut off")
	case r.end == 0 && r.objects:
		return miss("no JSON object")
	case r.end == 0:
		return miss("no JSON object or list")
	}
	return j.at(s, r.start, r.end)
}

// listed reports whether the pointer may lead into a list: where it begins
// with a name, a citation such as [1] behind the object is none of its business.
func (j jsonValue) listed() bool {
	for token := range j.pointer.Tokens() {
		_, err := strconv.ParseUint(token, 10, 32)
		return err == nil
	}
	return true
}

// at returns the value at the pointer in s[start:end].
func (j jsonValue) at(s string, start, end int) result {
	value := jsontext.Value(s[start:end])
	if !value.IsValid() {
		return damaged(start, "the last JSON value holds a name twice or text that JSON forbids")
	}
	offset := start
	for token := range j.pointer.Tokens() {
		inner, at, ok := child(value, token)
		if !ok {
			return miss("the last JSON value has nothing at that pointer")
		}
		value, offset = inner, offset+at
	}
	r := result{ok: true, start: offset, end: offset + len(value), why: "the last JSON value"}
	switch value.Kind() {
	case 'n':
		return damaged(offset, "the JSON value is null")
	case '"':
		b, err := jsontext.AppendUnquote(nil, value)
		if err != nil {
			return damaged(offset, "the JSON string cannot be read")
		}
		r.text, r.decoded = strings.TrimFunc(string(b), isSpace), true
		if r.text == "" {
			return damaged(offset, "the JSON string is empty")
		}
	case '{', '[':
		compact := value.Clone()
		if err := compact.Compact(); err != nil {
			return damaged(offset, "the JSON value cannot be read")
		}
		r.text, r.decoded = string(compact), true
	}
	return r
}

// child returns the member or element that a token of a pointer names, and
// where it begins in the value.
func child(value jsontext.Value, token string) (jsontext.Value, int, bool) {
	d := jsontext.NewDecoder(strings.NewReader(string(value)))
	open, err := d.ReadToken()
	if err != nil || open.Kind() != '{' && open.Kind() != '[' {
		return nil, 0, false
	}
	for i := 0; d.PeekKind() != ']' && d.PeekKind() != '}'; i++ {
		found := strconv.Itoa(i) == token
		if open.Kind() == '{' {
			name, err := d.ReadToken()
			if err != nil {
				return nil, 0, false
			}
			found = name.String() == token
		}
		v, err := d.ReadValue()
		if err != nil {
			return nil, 0, false
		}
		if found {
			return v.Clone(), int(d.InputOffset()) - len(v), true
		}
	}
	return nil, 0, false
}

// jsonReader reads text in which JSON may stand anywhere, in one pass: where
// the grammar breaks, it breaks for every object and list that is open there,
// so none of them needs to be read again.
type jsonReader struct {
	s        string
	objects  bool // only an object counts as the outermost value
	i        int
	open     []byte // '{' or '[' for each open object or list
	outer    int    // where the outermost begins
	named    bool   // a name with its colon was read since
	start    int    // of the last whole value
	end      int
	brokenAt int // where an object begins that broke behind the last whole value, or -1
}

func (r *jsonReader) read() {
	r.brokenAt = -1
	for r.i < len(r.s) {
		n := strings.IndexAny(r.s[r.i:], "{[")
		if n < 0 {
			return
		}
		r.i += n
		r.outer, r.named, r.open = r.i, false, r.open[:0]
		isObject := r.s[r.i] == '{'
		if !r.value() {
			cut := r.i >= len(r.s)
			if (r.named || cut) && (isObject || !r.objects) {
				r.brokenAt = r.outer
			}
			continue
		}
		if (isObject || !r.objects) && !r.placeholder() {
			r.start, r.end, r.brokenAt = r.outer, r.i, -1
		}
	}
}

// placeholder reports whether the value is {} or [] among other text, as in
// \boxed{}.
func (r *jsonReader) placeholder() bool {
	if !blank(r.s[r.outer+1 : r.i-1]) {
		return false
	}
	before := strings.TrimRight(r.s[:r.outer], " \t\r")
	after := strings.TrimLeft(r.s[r.i:], " \t\r")
	return before != "" && !strings.HasSuffix(before, "\n") || after != "" && after[0] != '\n'
}

// value reads the outermost value and reports whether it is whole. Where the
// grammar breaks it stops there.
func (r *jsonReader) value() bool {
	wantValue := true
	for {
		r.space()
		if r.i >= len(r.s) {
			return false
		}
		c := r.s[r.i]
		inObject := len(r.open) > 0 && r.open[len(r.open)-1] == '{'
		switch {
		case wantValue && (c == '{' || c == '['):
			r.open = append(r.open, c)
			r.i++
			r.space()
			if r.i < len(r.s) && r.s[r.i] == c+2 { // ASCII puts the closing one two behind
				r.i++
				if r.pop() {
					return true
				}
				wantValue = false
			} else if c == '{' && !r.name() {
				return false
			}
		case wantValue:
			if !r.scalar() {
				return false
			}
			wantValue = false
		case c == ',':
			r.i++
			r.space()
			if inObject && !r.name() {
				return false
			}
			wantValue = true
		case inObject && c == '}' || !inObject && c == ']':
			r.i++
			if r.pop() {
				return true
			}
		default:
			return false
		}
	}
}

// pop closes the innermost object or list and reports whether none is open.
func (r *jsonReader) pop() bool {
	r.open = r.open[:len(r.open)-1]
	return len(r.open) == 0
}

func (r *jsonReader) space() {
	for r.i < len(r.s) && strings.IndexByte(" \t\r\n", r.s[r.i]) >= 0 {
		r.i++
	}
}

// name reads a name and its colon.
func (r *jsonReader) name() bool {
	if r.i >= len(r.s) || r.s[r.i] != '"' || !r.text() {
		return false
	}
	r.space()
	if r.i >= len(r.s) || r.s[r.i] != ':' {
		return false
	}
	r.i++
	r.named = true
	return true
}

// text reads a string. What its escapes mean is checked with the whole value.
func (r *jsonReader) text() bool {
	for r.i++; r.i < len(r.s); r.i++ {
		switch c := r.s[r.i]; {
		case c == '"':
			r.i++
			return true
		case c == '\\':
			r.i++
		case c < ' ':
			return false
		}
	}
	r.i = len(r.s)
	return false
}

// scalar reads a string, a number, true, false or null.
func (r *jsonReader) scalar() bool {
	if r.s[r.i] == '"' {
		return r.text()
	}
	start := r.i
	for r.i < len(r.s) && (isLetter(r.s[r.i]) || isDigit(r.s[r.i]) || strings.IndexByte("+-.", r.s[r.i]) >= 0) {
		r.i++
	}
	return jsontext.Value(r.s[start:r.i]).IsValid()
}
