package exact

import (
	"context"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A lexicon is a list of words in order, to look for all of them at once.
type lexicon struct {
	words []string
	index []int // where each of them stood in the list that was given
}

func newLexicon(words []string) lexicon {
	l := lexicon{index: make([]int, len(words))}
	for i := range l.index {
		l.index[i] = i
	}
	slices.SortStableFunc(l.index, func(a, b int) int { return strings.Compare(words[a], words[b]) })
	for _, i := range l.index {
		l.words = append(l.words, words[i])
	}
	return l
}

// An occurrence is a word in a text: the index of the word as given, and where
// it stands.
type occurrence struct{ word, start, end int }

// find calls yield for the words that stand in text on word boundaries, from
// the left, until it returns false. At each place the longest word counts, and
// a word inside one that was found does not. The time is linear in text and
// logarithmic in the number of words.
func (l lexicon) find(ctx context.Context, text string, yield func(occurrence) bool) error {
	var starts [256]bool
	for _, w := range l.words {
		starts[w[0]] = true
	}
	const often = 1 << 14
	end := 0 // of what was found furthest to the right
	for i, looked := 0, 0; i < len(text); i++ {
		if !starts[text[i]] || !boundary(text, i) {
			continue
		}
		if looked++; looked%often == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		if o, ok := l.longestAt(text, i); ok && o.end > end {
			end = o.end
			if !yield(o) {
				return nil
			}
		}
	}
	return nil
}

// longestAt returns the longest word that begins at byte i of text.
func (l lexicon) longestAt(text string, i int) (occurrence, bool) {
	best, found := occurrence{}, false
	lo, hi := 0, len(l.words) // the words that agree with the text so far
	for n := 0; lo < hi; n++ {
		if len(l.words[lo]) == n {
			if boundary(text, i+n) {
				best, found = occurrence{l.index[lo], i, i + n}, true
			}
			for lo < hi && len(l.words[lo]) == n {
				lo++
			}
		}
		if i+n == len(text) {
			break
		}
		c := text[i+n]
		at := func(want byte) int {
			k, _ := slices.BinarySearchFunc(l.words[lo:hi], want, func(w string, b byte) int { return int(w[n]) - int(b) })
			return lo + k
		}
		if hi-lo == 1 {
			if l.words[lo][n] != c {
				break
			}
			continue
		}
		from := at(c)
		to := hi
		if c < 0xff {
			to = at(c + 1)
		}
		lo, hi = from, to
	}
	return best, found
}

// denied reports whether one of the three words before byte i, in the same
// clause, takes back what stands there.
func denied(text string, i int) bool {
	const reach = 96 // bytes
	before := text[max(0, i-reach):i]
	behind := "" // the word after the one that is looked at
	for range 3 {
		before = strings.TrimRightFunc(before, parts)
		start := strings.LastIndexFunc(before, func(r rune) bool { return parts(r) || ends(r) }) + 1
		for start < len(before) && !utf8.RuneStart(before[start]) {
			start++ // past the separator's own bytes
		}
		word := before[start:]
		if word == "" || denies(word) || takesBack(word, behind) {
			return word != ""
		}
		before, behind = before[:start], word
	}
	return false
}

// parts reports whether r parts words of one clause, or only emphasises them.
func parts(r rune) bool { return isSpace(r) || strings.ContainsRune("*_`-‑\"“”", r) }

// ends reports whether r ends a clause.
func ends(r rune) bool { return strings.ContainsRune(".,;:!?()", r) }

func denies(word string) bool {
	const longest = 12 // bytes
	if len(word) > longest {
		return false
	}
	switch word = strings.ToLower(word); word {
	case "not", "no", "never", "non", "neither", "nor", "hardly", "barely", "scarcely", "cannot", "cant", "isnt", "without", "unlike",
		"nicht", "kein", "keine", "pas", "jamais", "nunca", "не", "ni":
		return true
	}
	return strings.HasSuffix(word, "n't") || strings.HasSuffix(word, "n’t")
}

// takesBack reports whether two words that follow each other deny what comes
// behind them.
func takesBack(first, second string) bool {
	for _, phrase := range [...][2]string{{"instead", "of"}, {"rather", "than"}, {"opposite", "of"}, {"far", "from"}, {"anything", "but"}, {"other", "than"}} {
		if strings.EqualFold(first, phrase[0]) && strings.EqualFold(second, phrase[1]) {
			return true
		}
	}
	return false
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
	case a == '_' && !wordRune(aa), a == '_' && aa == '_', b == '_' && !wordRune(bb), b == '_' && bb == '_':
		return true // emphasis, and no part of a name
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
