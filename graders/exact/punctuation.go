package exact

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// trimPunctuation drops what ends a sentence and what encloses the whole text.
func trimPunctuation(s string) string {
	for {
		s = strings.TrimFunc(s, isSpace)
		before := len(s)
		s = strings.TrimLeft(s, "¡")
		s = trimStops(s)
		first, n := utf8.DecodeRuneInString(s)
		last, m := utf8.DecodeLastRuneInString(s)
		if len(s) >= n+m && encloses(first, last) {
			s = s[n : len(s)-m]
		}
		if len(s) == before {
			return s
		}
	}
}

// trimStops drops the marks that end a statement. A question mark stays: it
// takes the statement back. An exclamation mark behind a
// number, a bracket or a single letter is a factorial and stays.
func trimStops(s string) string {
	t := strings.TrimRight(s, ".,;:!…。，、；：！")
	if len(t) == len(s) || s[len(t)] != '!' {
		return t
	}
	last, n := utf8.DecodeLastRuneInString(t)
	before, _ := utf8.DecodeLastRuneInString(t[:len(t)-n])
	if unicode.IsLetter(last) && unicode.IsLetter(before) {
		return t
	}
	return s[:len(t)+1]
}

func encloses(first, last rune) bool {
	switch first {
	case '(':
		return last == ')'
	case '[':
		return last == ']'
	case '{':
		return last == '}'
	case '"', '\'', '`', '*', '_':
		return last == first
	case '“':
		return last == '”'
	case '„':
		return last == '“' || last == '”'
	case '‘', '‚':
		return last == '’' || last == '‘'
	case '«':
		return last == '»'
	case '»':
		return last == '«'
	case '‹':
		return last == '›'
	case '「':
		return last == '」'
	case '『':
		return last == '』'
	case '（':
		return last == '）'
	case '【':
		return last == '】'
	}
	return false
}

// removePunctuation drops punctuation. Marks that part words leave a space,
// those inside words leave nothing: "U.S." becomes "US", "yes/no" "yes no".
func removePunctuation(s string) string {
	if !strings.ContainsFunc(s, unicode.IsPunct) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	before := rune(' ')
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		switch after, _ := utf8.DecodeRuneInString(s[i+size:]); {
		case !unicode.IsPunct(r), strings.ContainsRune("#%&@", r), partOfNumber(before, r, after):
			b.WriteString(s[i : i+size])
		case strings.ContainsRune("-.'’‘‐‑\"“”„`*_·", r):
		default:
			b.WriteByte(' ')
		}
		before = r
		i += size
	}
	return b.String()
}

// partOfNumber reports whether a mark belongs to the number around it.
func partOfNumber(before, mark, after rune) bool {
	if !unicode.IsDigit(after) {
		return false
	}
	if unicode.IsDigit(before) {
		return strings.ContainsRune(".,:/-'’", mark)
	}
	return (mark == '-' || mark == '.') && !unicode.IsLetter(before)
}
