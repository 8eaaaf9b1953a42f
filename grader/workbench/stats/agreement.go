package stats

import (
	"cmp"
	"maps"
	"math"
	"slices"
)

// Weights say how much a disagreement counts in a weighted kappa.
type Weights int

const (
	// Unweighted counts every disagreement alike: Cohen's kappa.
	Unweighted Weights = iota
	// Linear counts a disagreement by its distance.
	Linear
	// Quadratic counts a disagreement by the square of its distance.
	Quadratic
)

// Kappa returns the agreement of two raters beyond chance, 1 at best and 0 where
// it is what chance gives: Cohen, "A coefficient of agreement for nominal scales",
// Educational and Psychological Measurement 20 (1960), and "Weighted kappa",
// Psychological Bulletin 70 (1968). The distance of two ratings is the difference
// of their numbers, so that a rating which nobody gave changes nothing. It is NaN
// where there are no ratings, where both raters gave one and the same rating
// throughout, and where the sides differ in length.
func Kappa(a, b []float64, w Weights) float64 {
	return kappa(a, b, func(x, y float64) float64 {
		switch w {
		case Linear:
			return math.Abs(x - y)
		case Quadratic:
			return (x - y) * (x - y)
		}
		if x == y {
			return 0
		}
		return 1
	})
}

// NominalKappa returns Cohen's kappa of ratings that are names; see [Kappa].
func NominalKappa[L cmp.Ordered](a, b []L) float64 {
	return kappa(a, b, func(x, y L) float64 {
		if x == y {
			return 0
		}
		return 1
	})
}

func kappa[L cmp.Ordered](a, b []L, distance func(x, y L) float64) float64 {
	if len(a) != len(b) || len(a) == 0 {
		return math.NaN()
	}
	observed := 0.0
	inA, inB := map[L]float64{}, map[L]float64{}
	for i := range a {
		observed += distance(a[i], b[i])
		inA[a[i]]++
		inB[b[i]]++
	}
	// Sums over maps are taken in order: the last digit must not hang on chance.
	expected := 0.0
	for _, x := range slices.Sorted(maps.Keys(inA)) {
		for _, y := range slices.Sorted(maps.Keys(inB)) {
			expected += inA[x] * inB[y] * distance(x, y)
		}
	}
	if expected == 0 {
		return math.NaN()
	}
	return 1 - observed*float64(len(a))/expected
}

// FleissKappa returns the agreement beyond chance of the same number of raters
// (2 or more) on each subject: Fleiss, "Measuring nominal scale agreement among
// many raters", Psychological Bulletin 76 (1971). It is NaN where subjects have
// different numbers of ratings, and where all ratings are the same.
func FleissKappa[L cmp.Ordered](subjects [][]L) float64 {
	if len(subjects) == 0 || len(subjects[0]) < 2 {
		return math.NaN()
	}
	raters := float64(len(subjects[0]))
	totals := map[L]float64{}
	agreed := 0.0
	for _, ratings := range subjects {
		if float64(len(ratings)) != raters {
			return math.NaN()
		}
		counts := map[L]float64{}
		for _, r := range ratings {
			counts[r]++
			totals[r]++
		}
		for _, n := range counts {
			agreed += n * (n - 1) // whole numbers: their order is of no matter
		}
	}
	n := float64(len(subjects))
	agreed /= n * raters * (raters - 1)
	chance := 0.0
	for _, r := range slices.Sorted(maps.Keys(totals)) {
		share := totals[r] / (n * raters)
		chance += share * share
	}
	if chance == 1 {
		return math.NaN()
	}
	return (agreed - chance) / (1 - chance)
}

// Accuracy returns the share of pairs that are equal, and NaN where there are
// none or the sides differ in length.
func Accuracy[L comparable](a, b []L) float64 {
	if len(a) != len(b) || len(a) == 0 {
		return math.NaN()
	}
	n := 0
	for i := range a {
		if a[i] == b[i] {
			n++
		}
	}
	return float64(n) / float64(len(a))
}

// A Confusion counts how often one rater gave From where the other gave To.
type Confusion[L cmp.Ordered] struct {
	From, To L
	Count    int
}

// Confusions returns the counts of the pairs that occur, in the order of From and
// then of To. Sides that differ in length have none.
func Confusions[L cmp.Ordered](from, to []L) []Confusion[L] {
	if len(from) != len(to) {
		return nil
	}
	type pair struct{ from, to L }
	counts := map[pair]int{}
	for i := range from {
		counts[pair{from[i], to[i]}]++
	}
	var out []Confusion[L]
	for p, n := range counts {
		out = append(out, Confusion[L]{p.from, p.to, n})
	}
	slices.SortFunc(out, func(a, b Confusion[L]) int {
		return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To))
	})
	return out
}

// Majority returns the rating that more than half of the raters gave, if there
// is one.
func Majority[L cmp.Ordered](ratings []L) (L, bool) {
	counts := map[L]int{}
	for _, r := range ratings {
		counts[r]++
		if 2*counts[r] > len(ratings) {
			return r, true
		}
	}
	var none L
	return none, false
}
