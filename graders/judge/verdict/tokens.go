package verdict

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// A token is a piece of prose.
type token struct {
	kind   tokenKind
	text   string // of a word, in lower case
	sign   rune   // of a sign
	amount amount // of a number
	space  bool   // white space before it
	start  int
}

type tokenKind int

const (
	end tokenKind = iota
	word
	number
	badNumber // digits that are no number: 1.2.3, 8th, 0x1F
	sign
	newline
	gap // something that was taken out
)

// What was taken out of a text leaves a mark.
const (
	gapMark    = '\x1a' // of an object
	quotedMark = '\x1d' // of a quotation, or of what is struck out
)

// tokens splits folded prose. Marks of emphasis, of headings and of code are
// left out, and empty lines are one newline.
func tokens(s string) []token {
	list := make([]token, 0, len(s)/4+2)
	space := false
	add := func(t token) {
		t.space = space
		list = append(list, t)
		space = false
	}
	last := func() *token {
		if len(list) == 0 {
			return &token{kind: newline}
		}
		return &list[len(list)-1]
	}
	for i := 0; i < len(s); {
		c := s[i]
		var before byte
		if i > 0 {
			before = s[i-1]
		}
		next := byte(0)
		if i+1 < len(s) {
			next = s[i+1]
		}
		switch {
		case c == '\n':
			if last().kind != newline || len(list) == 0 {
				add(token{kind: newline, start: i})
			}
			space = true
			i++
		case c == ' ' || c == '\t':
			space = true
			i++
		case c == gapMark || c == quotedMark:
			add(token{kind: gap, start: i})
			i++
		case numberBegins(s, i, before):
			literal, stop, good := numberAt(s, i)
			t := token{kind: badNumber, start: i}
			if good {
				t.kind, t.amount = number, amountOf(literal)
			}
			add(t)
			i = stop
		case c == '*' && !(isDigit(before) && isDigit(next)), c == '`', c == '_' && !isDigit(next), c == '#' && last().kind == newline:
			i++
		case c == '<' && formatting(s, i) > 0:
			t, _ := tagAt(s, i)
			if breaks(t.name) && last().kind != newline {
				add(token{kind: newline, start: i})
			}
			i += formatting(s, i)
		default:
			r, size := utf8.DecodeRuneInString(s[i:])
			if !unicode.IsLetter(r) {
				add(token{kind: sign, sign: r, start: i})
				i += size
				continue
			}
			stop := i
			for stop < len(s) {
				r, size := utf8.DecodeRuneInString(s[stop:])
				apostrophe := (r == '\'' || r == '’') && letterAt(s, stop+size)
				if !unicode.IsLetter(r) && !unicode.IsMark(r) && !apostrophe && !(stop > i && isDigit(s[stop])) {
					break
				}
				stop += size
			}
			text := strings.ToLower(s[i:stop])
			if strings.Contains(text, "’") {
				text = strings.ReplaceAll(text, "’", "'")
			}
			add(token{kind: word, text: text, start: i})
			i = stop
		}
	}
	list = append(list, token{kind: end, space: space, start: len(s)})
	return list
}

func letterAt(s string, i int) bool {
	r, _ := utf8.DecodeRuneInString(s[i:])
	return unicode.IsLetter(r)
}

// formatting returns the length of a tag of HTML that only formats, or 0.
func formatting(s string, i int) int {
	t, ok := tagAt(s, i)
	if !ok {
		return 0
	}
	switch strings.ToLower(t.name) {
	case "b", "i", "u", "strong", "em", "span", "code", "font", "small", "big", "mark", "a", "center":
		return t.end - i
	}
	if breaks(t.name) {
		return t.end - i
	}
	return 0
}

func breaks(name string) bool {
	switch strings.ToLower(name) {
	case "br", "p", "div", "li", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "pre":
		return true
	}
	return false
}

// numberBegins reports whether a number, with its sign, begins at s[i].
func numberBegins(s string, i int, before byte) bool {
	c := s[i]
	if isDigit(c) {
		return true
	}
	glued := isDigit(before) || isLetter(before) || before >= utf8.RuneSelf && !strings.ContainsRune("“‘«「『（：，。", lastRune(s[:i])) || before == ')' || before == ']' || before == '}' || before == '-' || before == '+' || before == '.' || before == '_'
	if glued || i+1 >= len(s) {
		return false
	}
	n := i
	if c == '-' || c == '+' {
		n++
	}
	if n < len(s) && s[n] == '.' {
		n++
	}
	return n > i && n < len(s) && isDigit(s[n])
}

func lastRune(s string) rune {
	r, _ := utf8.DecodeLastRuneInString(s)
	return r
}

// numberAt reads the number at s[i], and returns it in ASCII. Digits that
// something is joined to are no number; it returns where they end.
func numberAt(s string, i int) (literal string, stop int, good bool) {
	j := i
	if s[j] == '-' || s[j] == '+' {
		j++
	}
	whole := j
	for j < len(s) && isDigit(s[j]) {
		j++
	}
	comma := false
	switch {
	case j+1 < len(s) && s[j] == '.' && isDigit(s[j+1]):
		for j++; j < len(s) && isDigit(s[j]); j++ {
		}
	case j > whole && j+1 < len(s) && s[j] == ',' && isDigit(s[j+1]):
		k := j + 1
		for k < len(s) && isDigit(s[k]) {
			k++
		}
		if k-j-1 > 2 {
			return "", digitsEnd(s, k), false
		}
		j, comma = k, true
	}
	if j < len(s) && s[j]|0x20 == 'e' {
		k := j + 1
		if k < len(s) && (s[k] == '-' || s[k] == '+') {
			k++
		}
		if k < len(s) && isDigit(s[k]) {
			for j = k; j < len(s) && isDigit(s[j]); j++ {
			}
		}
	}
	if joined(s, j) {
		return "", digitsEnd(s, j), false
	}
	literal = s[i:j]
	if comma {
		literal = strings.Replace(literal, ",", ".", 1)
	}
	return literal, j, true
}

// joined reports whether something is joined to digits that end before s[i].
func joined(s string, i int) bool {
	if i >= len(s) {
		return false
	}
	r, size := utf8.DecodeRuneInString(s[i:])
	switch {
	case r == '.' || r == ',' || r == ':':
		return i+1 < len(s) && isDigit(s[i+1])
	case r == '_':
		return i+1 < len(s) && (isDigit(s[i+1]) || isLetter(s[i+1]))
	case r == '\'' || r == '’':
		return i+size < len(s) && isDigit(s[i+size])
	}
	return unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsNumber(r)
}

// digitsEnd returns where a run of letters, digits and what joins them ends.
func digitsEnd(s string, i int) int {
	for i < len(s) {
		r, size := utf8.DecodeRuneInString(s[i:])
		if !unicode.IsLetter(r) && !unicode.IsMark(r) && !unicode.IsNumber(r) && r != '_' && (r != '.' && r != ',' && r != ':' && r != '\'' || !isDigitAt(s, i+1)) {
			break
		}
		i += size
	}
	return i
}

func isDigitAt(s string, i int) bool { return i < len(s) && isDigit(s[i]) }
