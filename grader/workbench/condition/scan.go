package condition

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

type kind int

const (
	other kind = iota // an operator or whatever the formula makes of it
	name
	pointer
	text
	numeral
	and
	or
	open
	shut
	comma
)

type token struct {
	kind  kind
	at    int    // in the source
	text  string // as it stands there
	value string // of a name, a pointer or a text
}

// operand reports whether a slash behind the token is a division.
func (t token) operand() bool {
	return t.kind == name || t.kind == pointer || t.kind == numeral || t.kind == text || t.kind == shut
}

// scan cuts a source into tokens.
func scan(source string) ([]token, error) {
	var tokens []token
	for i := 0; i < len(source); {
		c := source[i]
		if c == ' ' || c == '\t' || c == '\r' || c == '\n' {
			i++
			continue
		}
		t := token{at: i}
		n := 0
		behind := len(tokens) > 0 && tokens[len(tokens)-1].operand()
		switch {
		case c >= '0' && c <= '9' || c == '.':
			t.kind, n = numeral, numberLength(source[i:])
		case letter(c):
			t.kind, n = name, nameLength(source[i:])
			t.value = source[i : i+n]
		case c == '`':
			end := strings.IndexByte(source[i+1:], '`')
			if end < 1 {
				return nil, &Error{i, fmt.Errorf("a name in backticks does not end, or is empty")}
			}
			t.kind, n, t.value = name, end+2, source[i+1:i+1+end]
			if t.value[0] == '/' {
				t.kind = pointer
			}
		case c == '/' && !behind:
			for n = 1; i+n < len(source) && pointerByte(source[i+n]); {
				n++
			}
			t.kind, t.value = pointer, source[i:i+n]
		case c == '"' || c == '\'':
			value, length, err := quoted(source[i:])
			if err != nil {
				return nil, &Error{i, err}
			}
			t.kind, n, t.value = text, length, value
		case strings.HasPrefix(source[i:], "&&"):
			t.kind, n = and, 2
		case strings.HasPrefix(source[i:], "||"):
			t.kind, n = or, 2
		case c == '(':
			t.kind, n = open, 1
		case c == ')':
			t.kind, n = shut, 1
		case c == ',':
			t.kind, n = comma, 1
		default:
			n = 1
			for _, op := range []string{"<=", ">=", "==", "!="} {
				if strings.HasPrefix(source[i:], op) {
					n = 2
				}
			}
			if n == 1 {
				_, n = utf8.DecodeRuneInString(source[i:])
			}
		}
		t.text = source[i : i+n]
		if t.kind == name && t.text == "and" {
			t.kind = and
		} else if t.kind == name && t.text == "or" {
			t.kind = or
		}
		tokens = append(tokens, t)
		i += n
	}
	return tokens, nil
}

// quoted reads a text in quotes. In double quotes escapes are those of Go; in
// single quotes there are none.
func quoted(s string) (value string, length int, err error) {
	if s[0] == '\'' {
		end := strings.IndexByte(s[1:], '\'')
		if end < 0 {
			return "", 0, fmt.Errorf("a text in quotes does not end")
		}
		return s[1 : 1+end], end + 2, nil
	}
	prefix, err := strconv.QuotedPrefix(s)
	if err != nil {
		return "", 0, fmt.Errorf("a text in quotes does not end, or has an unknown escape")
	}
	value, err = strconv.Unquote(prefix)
	return value, len(prefix), err
}

func letter(c byte) bool { return c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }
func digit(c byte) bool  { return c >= '0' && c <= '9' }

// nameLength takes dots and at signs that have a letter or a digit on both sides.
func nameLength(s string) int {
	n := 1
	for n < len(s) {
		c := s[n]
		inside := (c == '.' || c == '@') && n+1 < len(s) && (letter(s[n+1]) || digit(s[n+1]))
		if !letter(c) && !digit(c) && !inside {
			break
		}
		n++
	}
	return n
}

func pointerByte(c byte) bool {
	return letter(c) || digit(c) || c == '/' || c == '.' || c == '~' || c == '-' || c >= utf8.RuneSelf
}

func numberLength(s string) int {
	n := 0
	for n < len(s) && (digit(s[n]) || s[n] == '.') {
		n++
	}
	if n < len(s) && (s[n] == 'e' || s[n] == 'E') {
		m := n + 1
		if m < len(s) && (s[m] == '+' || s[m] == '-') {
			m++
		}
		if m < len(s) && digit(s[m]) {
			for m < len(s) && digit(s[m]) {
				m++
			}
			return m
		}
	}
	return n
}
