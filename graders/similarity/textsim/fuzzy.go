package textsim

import (
	"context"
	"slices"
	"strings"
	"unicode"
)

// Ratio is rapidfuzz's fuzz.ratio, as a share of 1: twice the length of the
// longest common subsequence of characters, by the sum of both lengths. Two
// empty texts are equal.
func Ratio(ctx context.Context, a, b string) (float64, error) {
	return ratio(ctx, symbols(a), symbols(b))
}

func ratio(ctx context.Context, a, b []int32) (float64, error) {
	if len(a)+len(b) == 0 {
		return 1, nil
	}
	n, err := commonSubsequence(ctx, a, b)
	return 2 * float64(n) / float64(len(a)+len(b)), err
}

// Partial is rapidfuzz's fuzz.partial_ratio: the greatest ratio of the shorter
// text to a stretch of the longer one that is as long, or shorter at either end.
func Partial(ctx context.Context, a, b string) (float64, error) {
	return partial(ctx, symbols(a), symbols(b))
}

func partial(ctx context.Context, a, b []int32) (float64, error) {
	if len(a) > len(b) {
		a, b = b, a
	}
	switch {
	case len(b) == 0:
		return 1, nil
	case len(a) == 0:
		return 0, nil
	}
	best, err := bestWindow(ctx, a, b)
	if err != nil || best == 1 || len(a) != len(b) {
		return best, err
	}
	other, err := bestWindow(ctx, b, a)
	return max(best, other), err
}

// TokenSort is rapidfuzz's fuzz.token_sort_ratio: the ratio of both texts with
// their words in alphabetical order.
func TokenSort(ctx context.Context, a, b string) (float64, error) {
	return Ratio(ctx, joinSorted(Words(a)), joinSorted(Words(b)))
}

// TokenSet is rapidfuzz's fuzz.token_set_ratio: the greatest ratio between the
// words in common, and these with the other words of either text. It is 1 where
// one text has all the words of the other, which pays for listing many words.
func TokenSet(ctx context.Context, a, b string) (float64, error) {
	return newWordSets(a, b).setRatio(ctx)
}

// WRatio is rapidfuzz's fuzz.WRatio: the greatest of the ratios, weighted by how
// far the texts differ in length. It is 0 where either text is empty.
func WRatio(ctx context.Context, a, b string) (float64, error) {
	const (
		tokenWeight = 0.95
		near        = 1.5 // of the lengths' quotient, below which whole texts are compared
		far         = 8.0
	)
	x, y := symbols(a), symbols(b)
	if len(x) == 0 || len(y) == 0 {
		return 0, nil
	}
	quotient := float64(max(len(x), len(y))) / float64(min(len(x), len(y)))
	best, err := ratio(ctx, x, y)
	if err != nil {
		return 0, err
	}
	sets := newWordSets(a, b)
	if quotient < near {
		set, err := sets.setRatio(ctx)
		if err != nil {
			return 0, err
		}
		sorted, err := sets.sortRatio(ctx)
		return max(best, tokenWeight*max(set, sorted)), err
	}
	weight := 0.9
	if quotient >= far {
		weight = 0.6
	}
	part, err := partial(ctx, x, y)
	if err != nil {
		return 0, err
	}
	tokens, err := sets.partialRatio(ctx)
	return max(best, weight*part, weight*tokenWeight*tokens), err
}

// wordSets are the words of two texts, in alphabetical order, and which of them
// are in both and in one only, each once.
type wordSets struct {
	a, b                 []string
	common, onlyA, onlyB []string
}

func newWordSets(a, b string) wordSets {
	w := wordSets{a: Words(a), b: Words(b)}
	slices.Sort(w.a)
	slices.Sort(w.b)
	x, y := slices.Compact(slices.Clone(w.a)), slices.Compact(slices.Clone(w.b))
	for len(x) > 0 && len(y) > 0 {
		switch c := strings.Compare(x[0], y[0]); {
		case c < 0:
			w.onlyA, x = append(w.onlyA, x[0]), x[1:]
		case c > 0:
			w.onlyB, y = append(w.onlyB, y[0]), y[1:]
		default:
			w.common, x, y = append(w.common, x[0]), x[1:], y[1:]
		}
	}
	w.onlyA, w.onlyB = append(w.onlyA, x...), append(w.onlyB, y...)
	return w
}

func (w wordSets) sortRatio(ctx context.Context) (float64, error) {
	return Ratio(ctx, strings.Join(w.a, " "), strings.Join(w.b, " "))
}

func (w wordSets) setRatio(ctx context.Context) (float64, error) {
	switch {
	case len(w.a) == 0 || len(w.b) == 0:
		return 0, nil
	case len(w.common) > 0 && (len(w.onlyA) == 0 || len(w.onlyB) == 0):
		return 1, nil
	}
	x, y := symbols(strings.Join(w.onlyA, " ")), symbols(strings.Join(w.onlyB, " "))
	n, err := commonSubsequence(ctx, x, y)
	if err != nil {
		return 0, err
	}
	both := len(symbols(strings.Join(w.common, " ")))
	space := min(both, 1)
	withA, withB := both+space+len(x), both+space+len(y)
	similar := func(distance, lengths int) float64 { return 1 - float64(distance)/float64(lengths) }
	best := similar(len(x)+len(y)-2*n, withA+withB)
	if both > 0 {
		best = max(best, similar(space+len(x), both+withA), similar(space+len(y), both+withB))
	}
	return best, nil
}

func (w wordSets) partialRatio(ctx context.Context) (float64, error) {
	if len(w.common) > 0 {
		return 1, nil
	}
	best, err := Partial(ctx, strings.Join(w.a, " "), strings.Join(w.b, " "))
	if err != nil || len(w.a) == len(w.onlyA) && len(w.b) == len(w.onlyB) {
		return best, err
	}
	other, err := Partial(ctx, strings.Join(w.onlyA, " "), strings.Join(w.onlyB, " "))
	return max(best, other), err
}

func joinSorted(words []string) string {
	slices.Sort(words)
	return strings.Join(words, " ")
}

// Process is rapidfuzz's utils.default_process: lower case, a space for each
// character that is no letter, digit or underscore, none at the ends.
func Process(s string) string {
	return strings.TrimFunc(strings.Map(func(r rune) rune {
		if !wordRune(r) {
			return ' '
		}
		return unicode.ToLower(r)
	}, s), isSpace)
}
