package wire

import (
	"encoding/base64"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Append appends v as it is written on a line.
func (v Value) Append(b []byte) []byte {
	switch v.Kind {
	case Bool:
		return strconv.AppendBool(b, v.True())
	case Int:
		return append(b, v.Text...)
	case Float:
		return appendFloat(b, v.Float)
	case Text:
		return appendText(b, v.Text)
	case List:
		return appendList(b, v.Items)
	case Tuple:
		return append(appendList(append(b, `{"$t":`...), v.Items), '}')
	case Set:
		return append(appendList(append(b, `{"$s":`...), v.Items), '}')
	case FrozenSet:
		return append(appendList(append(b, `{"$fs":`...), v.Items), '}')
	case Map:
		return appendMap(b, v.Items)
	case Bytes:
		b = append(b, `{"$b":"`...)
		b = base64.StdEncoding.AppendEncode(b, []byte(v.Text))
		return append(b, `"}`...)
	case Complex:
		return append(appendList(append(b, `{"$c":`...), v.Items), '}')
	case Exact:
		b = appendText(append(b, `{"$n":`...), v.Text)
		return append(appendText(append(b, `,"k":`...), v.Name), '}')
	case Undefined:
		return append(b, `{"$u":0}`...)
	case Object:
		b = appendText(append(b, `{"$o":`...), v.Text)
		if v.Handle != 0 {
			b = strconv.AppendInt(append(b, `,"h":`...), v.Handle, 10)
		}
		return append(b, '}')
	case Unwritten:
		return append(appendText(append(b, `{"$x":`...), v.Text), '}')
	}
	return append(b, "null"...)
}

// String returns v as it is written on a line.
func (v Value) String() string { return string(v.Append(nil)) }

func appendFloat(b []byte, f float64) []byte {
	switch {
	case math.IsNaN(f):
		return append(b, `{"$f":"nan"}`...)
	case math.IsInf(f, 1):
		return append(b, `{"$f":"inf"}`...)
	case math.IsInf(f, -1):
		return append(b, `{"$f":"-inf"}`...)
	}
	start := len(b)
	b = strconv.AppendFloat(b, f, 'g', -1, 64)
	if !strings.ContainsAny(string(b[start:]), ".e") {
		b = append(b, ".0"...)
	}
	return b
}

func appendList(b []byte, items []Value) []byte {
	b = append(b, '[')
	for i, item := range items {
		if i > 0 {
			b = append(b, ',')
		}
		b = item.Append(b)
	}
	return append(b, ']')
}

func appendMap(b []byte, items []Value) []byte {
	plain := true
	for i := 0; i < len(items); i += 2 {
		plain = plain && items[i].Kind == Text && !strings.HasPrefix(items[i].Text, "$")
	}
	if plain {
		b = append(b, '{')
	} else {
		b = append(b, `{"$d":[`...)
	}
	for i := 0; i+1 < len(items); i += 2 {
		if i > 0 {
			b = append(b, ',')
		}
		if plain {
			b = append(appendText(b, items[i].Text), ':')
			b = items[i+1].Append(b)
			continue
		}
		b = items[i].Append(append(b, '['))
		b = append(items[i+1].Append(append(b, ',')), ']')
	}
	if plain {
		return append(b, '}')
	}
	return append(b, `]}`...)
}

// appendText appends a JSON string. It is all ASCII but for whole characters
// of UTF-8, so that no line of another kind begins inside of it.
func appendText(b []byte, s string) []byte {
	const hex = "0123456789abcdef"
	b = append(b, '"')
	for i := 0; i < len(s); {
		c := s[i]
		switch {
		case c == '"' || c == '\\':
			b = append(b, '\\', c)
		case c < ' ' || c == 0x7f:
			b = append(b, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		case c < utf8.RuneSelf:
			b = append(b, c)
		default:
			r, n := utf8.DecodeRuneInString(s[i:])
			if u, ok := loneSurrogate(s[i:]); ok {
				b = append(b, '\\', 'u', hex[u>>12], hex[u>>8&15], hex[u>>4&15], hex[u&15])
				n = 3
			} else {
				b = utf8.AppendRune(b, r)
			}
			i += n
			continue
		}
		i++
	}
	return append(b, '"')
}
