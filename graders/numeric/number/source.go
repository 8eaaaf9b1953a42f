package number

import (
	"unicode"
	"unicode/utf8"
)

// Three runes stand for many after plainText.
const (
	lineBreak = '\n'     // any white space that never groups digits: line breaks and tabs
	thinSpace = '\u00a0' // any space of a width of its own, which may group digits
	invisible = '\u200b' // any mark without a shape: it parts what it stands between
)

// plainText decodes text and brings the many ways to write one mark to one
// rune: digits of any script, full-width forms, minus signs, spaces, primes.
// It mends the control characters that stand where a program took the
// backslash of \frac, \text, \times or \boxed for an escape.
func plainText(dst []rune, text string, f Format) ([]rune, error) {
	for i := 0; i < len(text); {
		c := text[i]
		if c < utf8.RuneSelf {
			i++
			switch {
			case c >= ' ' && c != 0x7f && len(dst) > 0 && dst[len(dst)-1] == invisible:
				dst = appendPlain(dst, rune(c), f)
			case c >= ' ' && c != 0x7f:
				dst = append(dst, rune(c))
			case eatenBackslash(c, text[i:]):
				dst = append(dst, '\\', escapeLetter(c))
			case c == '\n' || c == '\t' || c == '\r' || c == '\v' || c == '\f':
				dst = append(dst, lineBreak)
			default:
				return nil, ErrDamaged
			}
			continue
		}
		r, size := utf8.DecodeRuneInString(text[i:])
		if r == utf8.RuneError && size == 1 {
			return nil, ErrDamaged
		}
		i += size
		dst = appendPlain(dst, r, f)
	}
	return dst, nil
}

func eatenBackslash(c byte, rest string) bool {
	has := func(s string) bool { return len(rest) >= len(s) && rest[:len(s)] == s }
	switch c {
	case '\f':
		return has("rac")
	case '\t':
		return has("ext{") || has("imes") || has("frac")
	case '\b':
		return has("oxed")
	}
	return false
}

func escapeLetter(c byte) rune {
	switch c {
	case '\f':
		return 'f'
	case '\b':
		return 'b'
	}
	return 't'
}

func appendPlain(dst []rune, r rune, f Format) []rune {
	switch {
	case r >= 0xff01 && r <= 0xff5e: // full-width forms of ASCII
		return append(dst, r-0xfee0)
	case unicode.Is(unicode.Nd, r):
		return append(dst, '0'+rune(digitValue(r)))
	}
	switch r {
	case '\u2212', '\u2010', '\u2011', '\u2012', '\u2013', '\ufe63':
		return append(dst, '-')
	case '\u00a0', '\u2007', '\u2008', '\u2009', '\u200a', '\u202f', '\u205f':
		return append(dst, thinSpace)
	case '\u1680', '\u2000', '\u2001', '\u2002', '\u2003', '\u2004', '\u2005', '\u2006', '\u3000':
		return append(dst, ' ')
	case '\u2028', '\u2029', '\u0085':
		return append(dst, lineBreak)
	case '\u2018', '\u2019', '\u201a', '\u201b', '\u02bc', '\u2032':
		return append(dst, '\'')
	case '\u201c', '\u201d', '\u201e', '\u201f', '\u2033', '\u00ab', '\u00bb':
		return append(dst, '"')
	case '\u2715', '\u2716', '\u2a2f':
		return append(dst, '×')
	case '\u22c5', '\u2219':
		return append(dst, '·')
	case '\u2044', '\u2215':
		return append(dst, '/')
	case '\ufe6a', '\u066a':
		return append(dst, '%')
	case '\u066b':
		return append(dst, f.decimal())
	case '\u066c':
		return append(dst, f.group())
	case '\u3002', '\u3001':
		return append(dst, ';')
	case '\u2026':
		return append(dst, '.', '.', '.')
	case '\u00ba', '\u02da':
		return append(dst, '°')
	case '\u2103':
		return append(dst, '°', 'C')
	case '\u2109':
		return append(dst, '°', 'F')
	case '\u00b5':
		return append(dst, 'μ')
	case '\u2126':
		return append(dst, 'Ω')
	case '\u2248', '\u2243', '\u2245', '\u223c', '\u2252':
		return append(dst, '≈')
	case '\u00ad', '\ufeff', '\u2060', '\u200b', '\u200c', '\u200d', '\u200e', '\u200f', '\ufe0e', '\ufe0f':
		return append(dst, invisible)
	}
	if isLetter(r) {
		// Inside a word a mark without a shape parts nothing.
		whole := dst
		for len(whole) > 0 && whole[len(whole)-1] == invisible {
			whole = whole[:len(whole)-1]
		}
		if len(whole) > 0 && isLetter(whole[len(whole)-1]) {
			dst = whole
		}
	}
	if r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 {
		return append(dst, invisible)
	}
	return append(dst, r)
}

// digitValue returns the value of a decimal digit of any script. Unicode keeps
// them in rows of ten that begin with zero.
func digitValue(r rune) int {
	for _, row := range unicode.Nd.R16 {
		if r >= rune(row.Lo) && r <= rune(row.Hi) {
			return int(r-rune(row.Lo)) % 10
		}
	}
	for _, row := range unicode.Nd.R32 {
		if r >= rune(row.Lo) && r <= rune(row.Hi) {
			return int(r-rune(row.Lo)) % 10
		}
	}
	return 0
}

func isDigit(r rune) bool { return r >= '0' && r <= '9' }

func isLetter(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= utf8.RuneSelf && unicode.IsLetter(r)
}

// isMark reports whether r stands on, in or around the character before it. On
// a digit it changes what is said; in a word it is part of a letter.
func isMark(r rune) bool { return r >= 0x300 && unicode.Is(unicode.M, r) }

// strikes reports whether a mark crosses out or encloses what it stands on.
func strikes(r rune) bool {
	return r >= 0x334 && r <= 0x338 || r >= 0x20d0 && r <= 0x20f0 || r == 0x034f
}

func isSpace(r rune) bool { return r == ' ' || r == thinSpace || r == invisible || r == lineBreak }

// vulgar returns the fraction that a single character stands for.
func vulgar(r rune) (num, den int64, ok bool) {
	switch r {
	case '¼':
		return 1, 4, true
	case '½':
		return 1, 2, true
	case '¾':
		return 3, 4, true
	case '⅐':
		return 1, 7, true
	case '⅑':
		return 1, 9, true
	case '⅒':
		return 1, 10, true
	case '⅓':
		return 1, 3, true
	case '⅔':
		return 2, 3, true
	case '⅕':
		return 1, 5, true
	case '⅖':
		return 2, 5, true
	case '⅗':
		return 3, 5, true
	case '⅘':
		return 4, 5, true
	case '⅙':
		return 1, 6, true
	case '⅚':
		return 5, 6, true
	case '⅛':
		return 1, 8, true
	case '⅜':
		return 3, 8, true
	case '⅝':
		return 5, 8, true
	case '⅞':
		return 7, 8, true
	case '↉':
		return 0, 3, true
	}
	return 0, 0, false
}

// superscript returns the value of a raised digit, and '+' or '-' for a raised
// sign.
func superscript(r rune) (digit rune, ok bool) {
	switch {
	case r == '¹':
		return '1', true
	case r == '²' || r == '³':
		return '2' + r - '²', true
	case r == '⁰' || r >= '⁴' && r <= '⁹':
		return '0' + r - '⁰', true
	case r == '⁺':
		return '+', true
	case r == '⁻':
		return '-', true
	}
	return 0, false
}

// subscript reports whether r is a lowered digit.
func subscript(r rune) bool { return r >= '₀' && r <= '₉' }
