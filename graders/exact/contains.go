package exact

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// wordsIn returns which of the words stand in text on word boundaries, each
// once, in the order in which they come. At each place the longest word
// counts, and a word inside one that was found does not. The time is linear in
// text for given words.
func wordsIn(text string, words ...string) []int {
	var starts [256]bool
	for _, w := range words {
		starts[w[0]] = true
	}
	var in []int
	end := 0 // of what was found furthest to the right
	for i := range len(text) {
		if !starts[text[i]] || !boundary(text, i) {
			continue
		}
		best := -1
		for k, w := range words {
			if strings.HasPrefix(text[i:], w) && (best < 0 || len(w) > len(words[best])) && boundary(text, i+len(w)) {
				best = k
			}
		}
		if best < 0 || i+len(words[best]) <= end {
			continue
		}
		end = i + len(words[best])
		if !slices.Contains(in, best) {
			in = append(in, best)
		}
	}
	return in
}

// boundary reports whether words are parted at byte i of s.
func boundary(s string, i int) bool {
	if i <= 0 || i >= len(s) {
		return true
	}
	if !utf8.RuneStart(s[i]) {
		return false
	}
	a, n := utf8.DecodeLastRuneInString(s[:i])
	b, m := utf8.DecodeRuneInString(s[i:])
	aa, _ := utf8.DecodeLastRuneInString(s[:i-n])
	bb, _ := utf8.DecodeRuneInString(s[i+m:])
	switch {
	case unicode.Is(unicode.Mn, b): // a mark on the letter before
		return false
	case wordRune(a) && wordRune(b):
		return unspaced(a) || unspaced(b)
	case wordRune(a) && joins(b):
		return !inside(a, b, bb)
	case joins(a) && wordRune(b):
		return !inside(aa, a, b) && !signs(aa, a, b)
	}
	return true
}

func wordRune(r rune) bool {
	return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.M, r)
}

// unspaced reports whether r is of a script that is written without spaces.
func unspaced(r rune) bool {
	return r >= 0x0e00 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
}

// joins reports whether r may stand inside a word or a number.
func joins(r rune) bool {
	switch r {
	case '-', '‐', '‑', '−', '\'', '’', '.', ',', ':', '/', '+', '#', '%':
		return true
	}
	return false
}

// inside reports whether mark, between a and b, belongs to one word with a.
func inside(a, mark, b rune) bool {
	switch mark {
	case '-', '‐', '‑', '\'', '’':
		return wordRune(a) && wordRune(b)
	case '.', ',', ':', '/':
		return unicode.IsDigit(a) && unicode.IsDigit(b)
	case '+', '#':
		return unicode.IsLetter(a) && !wordRune(b)
	case '%':
		return unicode.IsDigit(a)
	}
	return false
}

// signs reports whether mark makes a number of b: -5, .5.
func signs(before, mark, b rune) bool {
	switch mark {
	case '-', '−', '+', '.':
		return unicode.IsDigit(b) && !wordRune(before)
	}
	return false
}
