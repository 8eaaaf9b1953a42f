package textsim

import (
	"math"
	"strings"
)

// METEOR is nltk's single_meteor_score without WordNet: words in common are
// matched as they are (in lower case), and then by their stems; synonyms are
// not. With precision p, recall r, m matched words in c unbroken chunks it is
//
//	p*r / (0.9*p + 0.1*r) * (1 - 0.5*(c/m)^3)
//
// An equal text of n words in one chunk therefore has 1 - 0.5/n^3, and a single
// equal word 0.5.
func METEOR(answer, reference []string) float64 {
	const alpha, beta, gamma = 0.9, 3.0, 0.5
	match := make([]int, len(answer)) // where in the reference, from 1
	taken := make([]bool, len(reference))
	lowered := func(words []string) []string {
		out := make([]string, len(words))
		for i, w := range words {
			out[i] = strings.ToLower(w)
		}
		return out
	}
	a, r := lowered(answer), lowered(reference)
	alignWords(a, r, match, taken)
	for i := range a {
		if match[i] == 0 {
			a[i] = Stem(a[i])
		}
	}
	for j := range r {
		if !taken[j] {
			r[j] = Stem(r[j])
		}
	}
	alignWords(a, r, match, taken)

	matched, chunks := 0, 0
	beforeA, beforeR := -2, -2
	for i, j := range match {
		if j == 0 {
			continue
		}
		matched++
		if i != beforeA+1 || j != beforeR+1 {
			chunks++
		}
		beforeA, beforeR = i, j
	}
	if matched == 0 {
		return 0
	}
	precision, recall := float64(matched)/float64(len(answer)), float64(matched)/float64(len(reference))
	mean := precision * recall / (alpha*precision + (1-alpha)*recall)
	return mean * (1 - gamma*math.Pow(float64(chunks)/float64(matched), beta))
}

// alignWords matches each word of the answer that is not matched yet, from the
// last to the first, with the last equal word of the reference that is free.
func alignWords(answer, reference []string, match []int, taken []bool) {
	free := map[string][]int{}
	for j, w := range reference {
		if !taken[j] {
			free[w] = append(free[w], j)
		}
	}
	for i := len(answer) - 1; i >= 0; i-- {
		places := free[answer[i]]
		if match[i] != 0 || len(places) == 0 {
			continue
		}
		j := places[len(places)-1]
		free[answer[i]] = places[:len(places)-1]
		match[i], taken[j] = j+1, true
	}
}
