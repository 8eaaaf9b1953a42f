package grader

import (
	"bytes"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// unquoted returns the text of a JSON string that is valid but for its UTF-8.
func unquoted(v jsontext.Value) string {
	if len(v) < 2 {
		return ""
	}
	quoted := v[1 : len(v)-1]
	if !utf8.Valid(quoted) {
		return mended(v)
	}
	if bytes.IndexByte(quoted, '\\') < 0 {
		return string(quoted)
	}
	var b strings.Builder
	b.Grow(len(quoted))
	if !unescape(&b, quoted) {
		return mended(v)
	}
	return b.String()
}

// mended returns the text of a JSON string with U+FFFD for each byte and each
// surrogate that is no part of a character.
func mended(v jsontext.Value) string {
	// The text comes with an error about the UTF-8, and is whole all the same.
	b, _ := jsontext.AppendUnquote(nil, v)
	return string(b)
}

// unescape writes what stands between the quotes of a valid string. It copies
// from one backslash to the next, which is several times as fast as byte by
// byte, and gives up (false) on surrogates.
func unescape(to *strings.Builder, b []byte) bool {
	for {
		n := bytes.IndexByte(b, '\\')
		if n < 0 || n+1 >= len(b) {
			to.Write(b)
			return n < 0
		}
		to.Write(b[:n])
		c := b[n+1]
		b = b[n+2:]
		switch c {
		case '"', '\\', '/':
		case 'n':
			c = '\n'
		case 't':
			c = '\t'
		case 'r':
			c = '\r'
		case 'b':
			c = '\b'
		case 'f':
			c = '\f'
		case 'u':
			if len(b) < 4 {
				return false
			}
			u, err := strconv.ParseUint(string(b[:4]), 16, 16)
			if err != nil || utf16.IsSurrogate(rune(u)) {
				return false
			}
			to.WriteRune(rune(u))
			b = b[4:]
			continue
		default:
			return false
		}
		to.WriteByte(c)
	}
}
