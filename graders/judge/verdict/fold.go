package verdict

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// folded writes digits of all scripts and full-width signs in ASCII and drops
// what cannot be seen. No-break spaces inside a number are dropped, and are
// spaces elsewhere.
func folded(s string) string {
	ascii := true
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf || s[i] == '\r' || s[i] == '\v' || s[i] == '\f' {
			ascii = false
			break
		}
	}
	if ascii {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	digit, pending := false, false // the last character; a no-break space behind it
	for i, size := 0, 0; i < len(s); i += size {
		var r rune
		r, size = utf8.DecodeRuneInString(s[i:])
		if invisible(r) {
			continue
		}
		if noBreak(r) {
			if digit {
				pending = true
			} else {
				b.WriteByte(' ')
			}
			continue
		}
		if r == '\r' {
			if strings.HasPrefix(s[i+size:], "\n") {
				continue
			}
			r = '\n'
		}
		r = plain(r)
		is := r >= '0' && r <= '9'
		if pending {
			if !is {
				b.WriteByte(' ')
			}
			pending = false
		}
		b.WriteRune(r)
		digit = is
	}
	if pending {
		b.WriteByte(' ')
	}
	return b.String()
}

func invisible(r rune) bool {
	switch {
	case r < 0x80:
		return false
	case r == '\u00ad', r == '\u034f', r == '\u061c', r == '\u180e', r == '\ufeff',
		r >= '\u200b' && r <= '\u200f', r >= '\u202a' && r <= '\u202e',
		r >= '\u2060' && r <= '\u2064', r >= '\u2066' && r <= '\u206f',
		r >= '\ufe00' && r <= '\ufe0f':
		return true
	}
	return false
}

func noBreak(r rune) bool { return r == '\u00a0' || r == '\u202f' || r == '\u2007' }

// plain returns the ASCII character that means the same as r, or r.
func plain(r rune) rune {
	if r < 0x80 {
		if r == '\v' || r == '\f' {
			return '\n'
		}
		return r
	}
	if r >= '\uff01' && r <= '\uff5e' {
		return r - '\uff01' + '!'
	}
	switch r {
	case '\u2212', '\ufe63':
		return '-'
	case '\u2044', '\u2215':
		return '/'
	case '\u066b':
		return '.'
	case '\u066a':
		return '%'
	case '\u2236', '\ufe55':
		return ':'
	case '\u3000':
		return ' '
	case '\u0085', '\u2028', '\u2029':
		return '\n'
	}
	if d, ok := decimal(r); ok {
		return '0' + d
	}
	if unicode.Is(unicode.Zs, r) {
		return ' '
	}
	return r
}

// decimal returns the value of a decimal digit (category Nd). The digits of a
// script are ten characters in a row, and ranges of the table begin with a 0.
func decimal(r rune) (rune, bool) {
	if r < 0x80 || !unicode.Is(unicode.Nd, r) {
		return 0, false
	}
	for _, t := range unicode.Nd.R16 {
		if rune(t.Lo) <= r && r <= rune(t.Hi) {
			return (r - rune(t.Lo)) % 10, true
		}
	}
	for _, t := range unicode.Nd.R32 {
		if rune(t.Lo) <= r && r <= rune(t.Hi) {
			return (r - rune(t.Lo)) % 10, true
		}
	}
	return 0, false
}
