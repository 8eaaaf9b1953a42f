package format

import (
	"regexp"
	"strings"
	"unicode"

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

// marks are tags, and the other marks of reasoning.
var marks = regexp.MustCompile(`<[/|]?[\pL_][^<>]{0,200}>|(?i)\[/?think\]|◁/?think▷`)

// unmarked returns s without the marks in it.
func unmarked(s string) string {
	if !strings.ContainsAny(s, "<[◁") {
		return s
	}
	return marks.ReplaceAllLiteralString(s, " ")
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
