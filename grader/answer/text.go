package answer

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// isSpace adds to Unicode's white space what is as invisible.
func isSpace(r rune) bool {
	return unicode.IsSpace(r) || r == '\u200b' || r == '\u2060' || r == '\ufeff'
}

func blank(s string) bool { return strings.IndexFunc(s, notSpace) < 0 }

func notSpace(r rune) bool { return !isSpace(r) }

// trim narrows s[start:end] to what stands between white space.
func trim(s string, start, end int) (int, int) {
	t := strings.TrimLeftFunc(s[start:end], isSpace)
	start = end - len(t)
	return start, start + len(strings.TrimRightFunc(t, isSpace))
}

// hasFoldPrefix reports whether s begins with prefix, in any case.
func hasFoldPrefix(s, prefix string) bool {
	return len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix)
}

// lineOf returns the number of the line, from 1, that byte i stands on.
func lineOf(s string, i int) int { return 1 + strings.Count(s[:i], "\n") }

// lineEnd returns where the line that byte i stands on ends, before its break.
func lineEnd(s string, i int) int {
	if n := strings.IndexByte(s[i:], '\n'); n >= 0 {
		return i + n
	}
	return len(s)
}

// lineStart returns where the line that byte i stands on begins.
func lineStart(s string, i int) int { return strings.LastIndexByte(s[:i], '\n') + 1 }

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

// runeBefore returns the rune that ends before byte i, and 0 at the beginning.
func runeBefore(s string, i int) rune {
	if i == 0 {
		return 0
	}
	r, _ := utf8.DecodeLastRuneInString(s[:i])
	return r
}

// runeAt returns the rune at byte i, and 0 at the end.
func runeAt(s string, i int) rune {
	if i >= len(s) {
		return 0
	}
	r, _ := utf8.DecodeRuneInString(s[i:])
	return r
}

// unwrapEmphasis narrows s[start:end] while markdown emphasis or backticks
// stand around the whole of it.
func unwrapEmphasis(s string, start, end int) (int, int) {
	for range 4 {
		start, end = trim(s, start, end)
		n := emphasisAround(s[start:end])
		if n == 0 {
			break
		}
		start, end = start+n, end-n
	}
	return start, end
}

// emphasisAround returns the length of the mark on either side, or 0.
func emphasisAround(s string) int {
	for _, mark := range [...]string{"***", "**", "*", "___", "__", "_", "`"} {
		if len(s) > 2*len(mark) && strings.HasPrefix(s, mark) && strings.HasSuffix(s, mark) {
			if strings.Contains(s[len(mark):len(s)-len(mark)], mark) {
				return 0
			}
			return len(mark)
		}
	}
	return 0
}
