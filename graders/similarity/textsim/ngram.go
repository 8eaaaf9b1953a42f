package textsim

import "math"

// grams goes through the n-grams of an answer and its references for n = 1, 2
// and so on. An n-gram has a number, made of that of its first n-1 words and of
// its last word; n-grams of the answer that no reference has are -1.
type grams struct {
	n      int
	answer []int32
	refs   [][]int32
	size   int // how many numbers there are
	words  [][]int32
	own    []int32 // the words of the answer
}

func newGrams(answer []string, refs [][]string) *grams {
	known := numberer{}
	g := &grams{n: 1}
	for _, r := range refs {
		g.words = append(g.words, known.number(r))
	}
	g.own = known.lookUp(answer)
	g.refs = append(g.refs, g.words...)
	g.answer = g.own
	g.size = len(known)
	return g
}

// next goes on to n-grams that are longer by a word.
func (g *grams) next() {
	g.n++
	numbers := map[uint64]int32{}
	longer := func(shorter, words []int32, add bool) []int32 {
		count := max(0, len(words)-g.n+1)
		out := make([]int32, count)
		for i := range out {
			first, last := shorter[i], words[i+g.n-1]
			if first < 0 || last < 0 {
				out[i] = -1
				continue
			}
			key := uint64(first)<<32 | uint64(last)
			id, ok := numbers[key]
			switch {
			case !ok && !add:
				id = -1
			case !ok:
				id = int32(len(numbers))
				numbers[key] = id
			}
			out[i] = id
		}
		return out
	}
	for i := range g.refs {
		g.refs[i] = longer(g.refs[i], g.words[i], true)
	}
	g.answer = longer(g.answer, g.own, false)
	g.size = len(numbers)
}

func (g *grams) counts(ids []int32) []int32 {
	counts := make([]int32, g.size)
	for _, id := range ids {
		if id >= 0 {
			counts[id]++
		}
	}
	return counts
}

// matches returns for each reference how many n-grams the answer has in common
// with it, each counted at most as often as either has it, and the same for
// all references together, where the one that has it most often counts.
func (g *grams) matches() (each []int, together int) {
	answer := g.counts(g.answer)
	most, ref := make([]int32, g.size), make([]int32, g.size)
	for _, ids := range g.refs {
		n := 0
		for _, id := range ids {
			ref[id]++
			if ref[id] <= answer[id] {
				n++
			}
		}
		for _, id := range ids {
			most[id] = max(most[id], ref[id])
			ref[id] = 0
		}
		each = append(each, n)
	}
	for id, n := range answer {
		together += int(min(n, most[id]))
	}
	return each, together
}

// Smoothing says what BLEU does with an order of n-grams without a match.
type Smoothing string

const (
	// NoSmoothing counts the smallest normal float64: nltk's method 0, its default.
	NoSmoothing Smoothing = "none"
	// Epsilon counts a tenth of an n-gram: nltk's method 1.
	Epsilon Smoothing = "epsilon"
	// AddOne adds one to both counts of each order above 1: nltk's method 2.
	AddOne Smoothing = "add_one"
)

// BLEU is nltk's sentence_bleu with equal weights for n-grams of 1 to order
// words: their clipped precisions' geometric mean, times exp(1 - r/c) where the
// answer of c words is shorter than the nearest reference of r words.
func BLEU(answer []string, refs [][]string, order int, smoothing Smoothing) float64 {
	if len(answer) == 0 || len(refs) == 0 {
		return 0
	}
	g := newGrams(answer, refs)
	sum := 0.0
	for n := 1; n <= order; n++ {
		if n > 1 {
			g.next()
		}
		_, matched := g.matches()
		if n == 1 && matched == 0 {
			return 0
		}
		count, total := float64(matched), float64(max(1, len(answer)-n+1))
		const smallest = 0x1p-1022
		switch {
		case smoothing == AddOne && n > 1:
			count, total = count+1, total+1
		case smoothing == Epsilon && matched == 0:
			count = 0.1
		case matched == 0:
			count, total = smallest, 1
		}
		sum += math.Log(count/total) / float64(order)
	}
	nearest := len(refs[0])
	distance := func(n int) int { return max(n-len(answer), len(answer)-n) }
	for _, r := range refs[1:] {
		if d, least := distance(len(r)), distance(nearest); d < least || d == least && len(r) < nearest {
			nearest = len(r)
		}
	}
	if len(answer) <= nearest {
		sum += 1 - float64(nearest)/float64(len(answer))
	}
	return math.Exp(sum)
}

// GLEU is nltk's sentence_gleu: n-grams of 1 to order words in common with the
// best reference, by the greater of the two counts of n-grams.
func GLEU(answer []string, refs [][]string, order int) float64 {
	if len(refs) == 0 {
		return 0
	}
	g := newGrams(answer, refs)
	matched := make([]int, len(refs))
	for n := 1; n <= order; n++ {
		if n > 1 {
			g.next()
		}
		each, _ := g.matches()
		for i, m := range each {
			matched[i] += m
		}
	}
	total := func(words []string) (sum int) {
		for n := 1; n <= order; n++ {
			sum += max(0, len(words)-n+1)
		}
		return sum
	}
	best := 0.0
	for i, m := range matched {
		if all := max(total(answer), total(refs[i])); all > 0 {
			best = max(best, float64(m)/float64(all))
		}
	}
	return best
}
