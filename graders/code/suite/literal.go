package suite

import (
	"math"
	"math/big"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/rftgrader/rftgrader/graders/code/sandbox/wire"
)

// A pyReader reads the little of Python that asserts are made of when they
// only compare a call with a value: names, literals, brackets. What it does not
// know it refuses, and the tests then run as what they are, a program.
type pyReader struct {
	s     string
	p     int
	depth int
}

const maxPyDepth = 100

// space skips white space, comments and joined lines. Inside of brackets, where
// it is mostly called, newlines are white space too; statements come one by one.
func (r *pyReader) space() {
	for r.p < len(r.s) {
		switch c := r.s[r.p]; {
		case c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f':
			r.p++
		case c == '\\' && strings.HasPrefix(r.s[r.p+1:], "\n"):
			r.p += 2
		case c == '#':
			for r.p < len(r.s) && r.s[r.p] != '\n' {
				r.p++
			}
		default:
			return
		}
	}
}

// take skips white space and then the punctuation, if it comes next.
func (r *pyReader) take(punctuation string) bool {
	r.space()
	if strings.HasPrefix(r.s[r.p:], punctuation) {
		r.p += len(punctuation)
		return true
	}
	return false
}

func (r *pyReader) end() bool {
	r.space()
	return r.p == len(r.s)
}

func letter(c byte) bool {
	return c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= utf8.RuneSelf
}

func digit(c byte) bool { return c >= '0' && c <= '9' }

// name reads a name, and "" where none comes next.
func (r *pyReader) name() string {
	r.space()
	start := r.p
	for r.p < len(r.s) && (letter(r.s[r.p]) || r.p > start && digit(r.s[r.p])) {
		r.p++
	}
	return r.s[start:r.p]
}

// word takes the name if it comes next.
func (r *pyReader) word(w string) bool {
	back := r.p
	if r.name() == w {
		return true
	}
	r.p = back
	return false
}

// literal reads a value that is written out.
func (r *pyReader) literal() (wire.Value, bool) {
	if r.depth++; r.depth > maxPyDepth {
		return wire.Value{}, false
	}
	defer func() { r.depth-- }()
	r.space()
	if r.p == len(r.s) {
		return wire.Value{}, false
	}
	switch c := r.s[r.p]; {
	case c == '-' || c == '+':
		r.p++
		v, ok := r.literal()
		return signed(v, c == '-', ok)
	case digit(c) || c == '.':
		return r.number()
	case c == '\'' || c == '"':
		return r.strings()
	case c == '[':
		r.p++
		items, _, ok := r.items("]")
		return wire.OfList(items...), ok
	case c == '(':
		r.p++
		items, comma, ok := r.items(")")
		if ok && len(items) == 1 && !comma {
			return items[0], true
		}
		return wire.Value{Kind: wire.Tuple, Items: items}, ok
	case c == '{':
		r.p++
		return r.braces()
	case letter(c):
		return r.named()
	}
	return wire.Value{}, false
}

func signed(v wire.Value, minus, ok bool) (wire.Value, bool) {
	if !ok || v.Kind != wire.Int && v.Kind != wire.Float {
		return wire.Value{}, false
	}
	switch {
	case !minus:
	case v.Kind == wire.Float:
		v.Float = -v.Float
	case strings.HasPrefix(v.Text, "-"):
		v.Text = v.Text[1:]
	case v.Text != "0":
		v.Text = "-" + v.Text
	}
	return v, true
}

// items reads literals with commas between them up to the closing bracket.
func (r *pyReader) items(closing string) (items []wire.Value, comma, ok bool) {
	for !r.take(closing) {
		if len(items) > 0 && !comma {
			return nil, false, false
		}
		v, ok := r.literal()
		if !ok {
			return nil, false, false
		}
		items = append(items, v)
		comma = r.take(",")
	}
	return items, comma, true
}

// braces reads a dict or a set behind its opening brace.
func (r *pyReader) braces() (wire.Value, bool) {
	if r.take("}") {
		return wire.Value{Kind: wire.Map}, true
	}
	var keys, items []wire.Value // of a dict, items holds keys and values by turns
	dict := false
	seen := map[string]int{}
	for first := true; ; first = false {
		key, ok := r.literal()
		if !ok || !hashable(key) {
			return wire.Value{}, false
		}
		colon := r.take(":")
		if !first && colon != dict {
			return wire.Value{}, false
		}
		dict = colon
		if dict {
			v, ok := r.literal()
			if !ok {
				return wire.Value{}, false
			}
			k, ok := key.Key(wire.Python)
			if at, twice := seen[k]; ok && twice {
				items[at] = v // as Python does, the last one counts
			} else {
				seen[k] = len(items) + 1
				items = append(items, key, v)
			}
		} else {
			keys = append(keys, key)
		}
		comma := r.take(",")
		if r.take("}") {
			break
		}
		if !comma {
			return wire.Value{}, false
		}
	}
	if dict {
		return wire.Value{Kind: wire.Map, Items: items}, true
	}
	unique, ok := distinct(keys)
	return wire.Value{Kind: wire.Set, Items: unique}, ok
}

// named reads a constant, a string with a prefix, or a constructor of a value.
func (r *pyReader) named() (wire.Value, bool) {
	back := r.p
	name := r.name()
	switch name {
	case "None":
		return wire.Value{}, true
	case "True", "False":
		return wire.OfBool(name == "True"), true
	case "set", "frozenset", "tuple", "list", "dict":
		return r.constructed(name)
	case "float":
		if !r.take("(") {
			return wire.Value{}, false
		}
		v, ok := r.literal()
		if !ok || v.Kind != wire.Text || !r.take(")") {
			return wire.Value{}, false
		}
		switch strings.ToLower(v.Text) {
		case "inf", "+inf", "infinity":
			return wire.OfFloat(math.Inf(1)), true
		case "-inf", "-infinity":
			return wire.OfFloat(math.Inf(-1)), true
		}
		return wire.Value{}, false // NaN equals nothing: let Python say so
	case "math":
		if r.take(".") && r.word("inf") {
			return wire.OfFloat(math.Inf(1)), true
		}
		return wire.Value{}, false
	}
	r.p = back
	return r.strings()
}

func (r *pyReader) constructed(name string) (wire.Value, bool) {
	if !r.take("(") {
		return wire.Value{}, false
	}
	var items []wire.Value
	if !r.take(")") {
		v, ok := r.literal()
		if !ok || !r.take(")") || name == "dict" {
			return wire.Value{}, false
		}
		if items, ok = iterated(v); !ok {
			return wire.Value{}, false
		}
		if (v.Kind == wire.Set || v.Kind == wire.FrozenSet) && (name == "list" || name == "tuple") {
			return wire.Value{}, false // in an order that only Python knows
		}
	}
	switch name {
	case "dict":
		return wire.Value{Kind: wire.Map}, true
	case "list":
		return wire.OfList(items...), true
	case "tuple":
		return wire.Value{Kind: wire.Tuple, Items: items}, true
	}
	unique, ok := distinct(items)
	kind := wire.Set
	if name == "frozenset" {
		kind = wire.FrozenSet
	}
	return wire.Value{Kind: kind, Items: unique}, ok
}

// number reads an integer or a float.
func (r *pyReader) number() (wire.Value, bool) {
	start := r.p
	for r.p < len(r.s) && (digit(r.s[r.p]) || letter(r.s[r.p]) || r.s[r.p] == '.' ||
		(r.s[r.p] == '-' || r.s[r.p] == '+') && (r.s[r.p-1] == 'e' || r.s[r.p-1] == 'E') && !strings.HasPrefix(strings.ToLower(r.s[start:]), "0x")) {
		r.p++
	}
	text := r.s[start:r.p]
	if strings.Contains(text, "__") || strings.HasSuffix(text, "_") || len(text) > 10_000 {
		return wire.Value{}, false
	}
	text = strings.ReplaceAll(text, "_", "")
	if lower := strings.ToLower(text); len(lower) > 2 && lower[0] == '0' && strings.IndexByte("xob", lower[1]) >= 0 {
		i, ok := new(big.Int).SetString(lower, 0)
		if !ok {
			return wire.Value{}, false
		}
		return wire.Value{Kind: wire.Int, Text: i.String()}, true
	}
	whole := true
	for i := range len(text) {
		whole = whole && digit(text[i])
		if letter(text[i]) && text[i] != 'e' && text[i] != 'E' {
			return wire.Value{}, false // complex, or no number
		}
	}
	if whole {
		trimmed := strings.TrimLeft(text, "0")
		if trimmed == "" {
			trimmed = "0"
		} else if len(trimmed) < len(text) {
			return wire.Value{}, false // Python has no such integer
		}
		return wire.Value{Kind: wire.Int, Text: trimmed}, true
	}
	f, err := strconv.ParseFloat(text, 64)
	return wire.OfFloat(f), err == nil
}

// strings reads one or more adjacent string literals, or bytes.
func (r *pyReader) strings() (wire.Value, bool) {
	var b strings.Builder
	kind := wire.Kind(wire.Null)
	for {
		text, isBytes, ok := r.string()
		if !ok {
			return wire.Value{}, false
		}
		next := wire.Text
		if isBytes {
			next = wire.Bytes
		}
		if kind != wire.Null && kind != next {
			return wire.Value{}, false
		}
		kind = next
		b.WriteString(text)
		back := r.p
		if r.space(); r.p == len(r.s) || r.s[r.p] != '"' && r.s[r.p] != '\'' {
			r.p = back
			return wire.Value{Kind: kind, Text: b.String()}, true
		}
	}
}

// string reads one string literal with its prefix.
func (r *pyReader) string() (text string, isBytes, ok bool) {
	prefix := strings.ToLower(r.name())
	raw := strings.Contains(prefix, "r")
	switch prefix {
	case "", "r", "u":
	case "b", "br", "rb":
		isBytes = true
	default:
		return "", false, false
	}
	if r.p == len(r.s) {
		return "", false, false
	}
	quote := r.s[r.p : r.p+1]
	if quote != "'" && quote != `"` {
		return "", false, false
	}
	if triple := strings.Repeat(quote, 3); strings.HasPrefix(r.s[r.p:], triple) {
		quote = triple
	}
	r.p += len(quote)
	var b strings.Builder
	for r.p < len(r.s) {
		switch c := r.s[r.p]; {
		case strings.HasPrefix(r.s[r.p:], quote):
			r.p += len(quote)
			return b.String(), isBytes, true
		case c == '\\':
			if !r.escape(&b, raw, isBytes) {
				return "", false, false
			}
		case c == '\n' && len(quote) == 1, c == '\r', isBytes && c >= utf8.RuneSelf:
			return "", false, false
		default:
			b.WriteByte(c)
			r.p++
		}
	}
	return "", false, false
}

// escape reads an escape sequence.
func (r *pyReader) escape(b *strings.Builder, raw, isBytes bool) bool {
	if r.p+1 >= len(r.s) {
		return false
	}
	c := r.s[r.p+1]
	if raw {
		if c >= utf8.RuneSelf || c == '\r' {
			return false
		}
		b.WriteString(r.s[r.p : r.p+2])
		r.p += 2
		return true
	}
	r.p += 2
	if i := strings.IndexByte(`abfnrtv\'"`, c); i >= 0 {
		b.WriteByte("\a\b\f\n\r\t\v\\'\""[i])
		return true
	}
	size, base := 0, 16
	switch {
	case c == '\n':
		return true
	case c == 'x':
		size = 2
	case c == 'u' && !isBytes:
		size = 4
	case c == 'U' && !isBytes:
		size = 8
	case c >= '0' && c <= '7':
		base = 8
		for r.p--; size < 3 && r.p+size < len(r.s) && r.s[r.p+size] >= '0' && r.s[r.p+size] <= '7'; size++ {
		}
	default:
		return false // \N{...}, or one that Python warns of
	}
	if r.p+size > len(r.s) {
		return false
	}
	n, err := strconv.ParseUint(r.s[r.p:r.p+size], base, 32)
	r.p += size
	switch {
	case err != nil || n > utf8.MaxRune || n >= 0xd800 && n < 0xe000:
		return false
	case isBytes:
		b.WriteByte(byte(n))
		return n < 256
	}
	b.WriteRune(rune(n))
	return true
}
