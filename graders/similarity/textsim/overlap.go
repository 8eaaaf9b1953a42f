package textsim

import (
	"context"
	"strings"
	"unicode"
)

// An Overlap is how much of an answer is in the reference, and the other way
// round.
type Overlap struct {
	Precision float64 // matched units by those of the answer
	Recall    float64 // matched units by those of the reference
}

// F1 is the harmonic mean of precision and recall, and 0 where both are 0.
func (o Overlap) F1() float64 {
	if o.Precision+o.Recall == 0 {
		return 0
	}
	return 2 * o.Precision * o.Recall / (o.Precision + o.Recall)
}

func overlap(matched, answer, reference int) Overlap {
	return Overlap{float64(matched) / float64(max(1, answer)), float64(matched) / float64(max(1, reference))}
}

// RougeN is rouge-score's rougeN: n-grams in common, over words that
// [RougeWords] gives.
func RougeN(answer, reference []string, n int) Overlap {
	g := newGrams(answer, [][]string{reference})
	for g.n < n {
		g.next()
	}
	each, _ := g.matches()
	return overlap(each[0], len(answer)-n+1, len(reference)-n+1)
}

// RougeL is rouge-score's rougeL: the longest common subsequence of words that
// [RougeWords] gives.
func RougeL(ctx context.Context, answer, reference []string) (Overlap, error) {
	if len(answer) == 0 || len(reference) == 0 {
		return Overlap{}, nil
	}
	known := numberer{}
	n, err := commonSubsequence(ctx, known.number(reference), known.number(answer))
	return overlap(n, len(answer), len(reference)), err
}

// Bag is the overlap of two lists without regard to order, each element counted
// as often as it is there.
func Bag(answer, reference []string) Overlap {
	if len(answer) == 0 || len(reference) == 0 {
		return Overlap{}
	}
	return RougeN(answer, reference, 1)
}

// SquadWords are the words of a text as the evaluation script of SQuAD 1.1
// compares them: lower case, without the punctuation of ASCII and without the
// articles a, an and the.
func SquadWords(s string) []string {
	s = strings.Map(func(r rune) rune {
		if r < 0x80 && (unicode.IsPunct(r) || unicode.IsSymbol(r)) {
			return -1
		}
		return unicode.ToLower(r)
	}, s)
	var b strings.Builder
	b.Grow(len(s))
	for s != "" {
		n := strings.IndexFunc(s, func(r rune) bool { return !wordRune(r) })
		if n < 0 {
			n = len(s)
		}
		switch s[:n] {
		case "a", "an", "the":
			b.WriteByte(' ')
		default:
			b.WriteString(s[:n])
		}
		s = s[n:]
		if n = strings.IndexFunc(s, wordRune); n < 0 {
			n = len(s)
		}
		b.WriteString(s[:n])
		s = s[n:]
	}
	return Words(b.String())
}

// EditSimilarity is 1 less the edit distance (insertions, deletions and
// substitutions of characters) by the length of the longer text: rapidfuzz's
// Levenshtein.normalized_similarity. Two empty texts are equal.
func EditSimilarity(ctx context.Context, a, b string) (float64, error) {
	return editSimilarity(ctx, symbols(a), symbols(b))
}

// EditSimilarityOfWords is [EditSimilarity] with words in the place of
// characters. The word error rate is its complement where the reference is the
// longer text.
func EditSimilarityOfWords(ctx context.Context, a, b []string) (float64, error) {
	known := numberer{}
	return editSimilarity(ctx, known.number(a), known.number(b))
}

func editSimilarity(ctx context.Context, a, b []int32) (float64, error) {
	if len(a)+len(b) == 0 {
		return 1, nil
	}
	d, err := editDistance(ctx, a, b)
	return 1 - float64(d)/float64(max(len(a), len(b))), err
}
