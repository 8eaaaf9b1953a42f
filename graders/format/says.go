package format

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// saying reports whether a character says something.
func saying(r rune) bool {
	switch {
	case r < unicode.MaxASCII:
		return 'a' <= r|0x20 && r|0x20 <= 'z' || '0' <= r && r <= '9'
	case r == unicode.ReplacementChar || blankLetter(r):
		return false
	}
	return unicode.In(r, unicode.L, unicode.N, unicode.S)
}

// blankLetter knows the characters that count as letters or symbols and show
// nothing: the fillers of Hangul, the blank of Braille.
func blankLetter(r rune) bool {
	switch r {
	case '\u115f', '\u1160', '\u3164', '\uffa0', '\u2800':
		return true
	}
	return false
}

func says(s string) bool { return strings.ContainsFunc(s, saying) }

// enough reports whether s holds n words or more. A word is a stretch without
// white space that says something; a character of Chinese or Japanese is one
// of its own.
func enough(s string, n int) bool {
	inWord := false
	for _, r := range s {
		switch {
		case unicode.IsSpace(r):
			inWord = false
			continue
		case !saying(r):
			continue
		case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana):
			inWord = false
		case inWord:
			continue
		default:
			inWord = true
		}
		if n--; n <= 0 {
			return true
		}
	}
	return false
}

// longestMark bounds, in bytes, what may stand between the brackets of a tag.
const longestMark = 400

// unmarked returns s with a space in the place of each tag and of each other
// mark of reasoning.
func unmarked(s string) string {
	if !strings.ContainsAny(s, "<[◁") {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	for {
		i := strings.IndexAny(s, "<[◁")
		if i < 0 {
			b.WriteString(s)
			return b.String()
		}
		b.WriteString(s[:i])
		s = s[i:]
		n := markLength(s)
		if n > 0 {
			b.WriteByte(' ')
		} else {
			n = 1
			b.WriteByte(s[0])
		}
		s = s[n:]
	}
}

// markLength returns the length of the mark that s begins with, or 0.
func markLength(s string) int {
	if s[0] != '<' {
		for _, mark := range [...]string{"[think]", "[/think]", "◁think▷", "◁/think▷"} {
			if len(s) >= len(mark) && strings.EqualFold(s[:len(mark)], mark) {
				return len(mark)
			}
		}
		return 0
	}
	name := s[1:min(len(s), longestMark)]
	if name != "" && (name[0] == '/' || name[0] == '|') {
		name = name[1:]
	}
	if r, _ := utf8.DecodeRuneInString(name); r != '_' && !unicode.IsLetter(r) {
		return 0
	}
	end := strings.IndexAny(name, "<>")
	if end < 0 || name[end] != '>' {
		return 0
	}
	return strings.IndexByte(s, '>') + 1
}

// fold returns s without what may hide a text in it: case, width, white space
// and characters that cannot be seen.
func fold(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.In(r, unicode.Cf, unicode.Variation_Selector) {
			return -1
		}
		return r
	}, norm.NFKC.String(s))
	return strings.Join(strings.Fields(strings.ToLower(s)), " ")
}
