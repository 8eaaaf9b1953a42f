package compared

import "unicode"

// Says reports whether a text says something: whether it holds a letter, a digit
// or a symbol beyond ASCII such as ∅. White space, punctuation, accents that
// stand alone and characters that cannot be seen say nothing.
func Says(s string) bool {
	for _, r := range s {
		if Saying(r) {
			return true
		}
	}
	return false
}

// Saying reports whether a character says something.
func Saying(r rune) bool {
	switch {
	case r < unicode.MaxASCII:
		return 'a' <= r|0x20 && r|0x20 <= 'z' || '0' <= r && r <= '9'
	case r == unicode.ReplacementChar || BlankLetter(r):
		return false
	}
	return unicode.In(r, unicode.L, unicode.N, unicode.Sm, unicode.Sc, unicode.So)
}

// BlankLetter knows the characters that count as letters or symbols and show
// nothing: the fillers of Hangul, the blank of Braille.
func BlankLetter(r rune) bool {
	switch r {
	case '\u115f', '\u1160', '\u3164', '\uffa0', '\u2800':
		return true
	}
	return false
}

// Invisible knows the characters that can be put into any word without being
// seen there, such as joiners, marks of direction and controls.
func Invisible(r rune) bool {
	if r < 0x7f {
		return r < ' ' && !unicode.IsSpace(r)
	}
	return !unicode.IsSpace(r) && unicode.In(r, unicode.Cc, unicode.Cf, unicode.Variation_Selector, unicode.Other_Default_Ignorable_Code_Point)
}
