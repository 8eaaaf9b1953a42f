package stats

import (
	"cmp"
	"math"
	"slices"
)

// Pearson returns the product-moment correlation of pairs of numbers, from -1 to
// 1. It is NaN for fewer than two pairs, where one side does not vary, and where
// the sides differ in length.
func Pearson(xs, ys []float64) float64 {
	if len(xs) != len(ys) || len(xs) < 2 {
		return math.NaN()
	}
	mx, my := mean(xs), mean(ys)
	var sxx, syy, sxy float64
	for i := range xs {
		dx, dy := xs[i]-mx, ys[i]-my
		sxx += dx * dx
		syy += dy * dy
		sxy += dx * dy
	}
	if constant(xs) || constant(ys) || sxx == 0 || syy == 0 {
		return math.NaN()
	}
	return max(-1, min(sxy/math.Sqrt(sxx)/math.Sqrt(syy), 1))
}

// Spearman returns the rank correlation of pairs: the Pearson correlation of
// their ranks, where equal numbers share the mean of theirs. It is NaN where
// Pearson is.
func Spearman(xs, ys []float64) float64 {
	return Pearson(Ranks(xs), Ranks(ys))
}

// Ranks returns the rank of each number, from 1 for the least. Equal numbers
// share the mean of their ranks.
func Ranks(xs []float64) []float64 {
	order := ascending(xs)
	ranks := make([]float64, len(xs))
	for from := 0; from < len(order); {
		to := from + 1
		for to < len(order) && xs[order[to]] == xs[order[from]] {
			to++
		}
		shared := float64(from+1+to) / 2
		for _, i := range order[from:to] {
			ranks[i] = shared
		}
		from = to
	}
	return ranks
}

// KendallTauB returns Kendall's rank correlation with the correction for ties on
// either side (tau-b), from -1 to 1. It is NaN where Pearson is.
//
// The pairs in disorder are counted by merging, as by Knight, "A computer method
// for calculating Kendall's tau with ungrouped data", Journal of the American
// Statistical Association 61 (1966), so that time grows as n log n.
func KendallTauB(xs, ys []float64) float64 {
	n := len(xs)
	if n != len(ys) || n < 2 || constant(xs) || constant(ys) {
		return math.NaN()
	}
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(xs[a], xs[b]), cmp.Compare(ys[a], ys[b]))
	})
	sorted := make([]float64, n)
	var tiedX, tiedBoth float64
	runX, runBoth := 1.0, 1.0
	for k, i := range order {
		sorted[k] = ys[i]
		if k == 0 {
			continue
		}
		before := order[k-1]
		switch {
		case xs[i] != xs[before]:
			tiedX += pairs(runX)
			tiedBoth += pairs(runBoth)
			runX, runBoth = 1, 1
		case ys[i] != ys[before]:
			tiedBoth += pairs(runBoth)
			runX, runBoth = runX+1, 1
		default:
			runX, runBoth = runX+1, runBoth+1
		}
	}
	tiedX += pairs(runX)
	tiedBoth += pairs(runBoth)
	swaps := inversions(sorted, make([]float64, n)) // sorts as it counts
	tiedY, run := 0.0, 1.0
	for k := 1; k < n; k++ {
		if sorted[k] == sorted[k-1] {
			run++
			continue
		}
		tiedY += pairs(run)
		run = 1
	}
	tiedY += pairs(run)
	all := pairs(float64(n))
	excess := all - tiedX - tiedY + tiedBoth - 2*swaps
	return max(-1, min(excess/math.Sqrt(all-tiedX)/math.Sqrt(all-tiedY), 1))
}

// pairs returns how many pairs n things make.
func pairs(n float64) float64 { return n * (n - 1) / 2 }

// inversions sorts xs and returns how many pairs stood in the wrong order.
func inversions(xs, spare []float64) float64 {
	n := len(xs)
	if n < 2 {
		return 0
	}
	mid := n / 2
	left, right := xs[:mid], xs[mid:]
	count := inversions(left, spare[:mid]) + inversions(right, spare[mid:])
	i, j := 0, 0
	for k := range spare {
		if j == len(right) || i < len(left) && left[i] <= right[j] {
			spare[k] = left[i]
			i++
			continue
		}
		count += float64(len(left) - i)
		spare[k] = right[j]
		j++
	}
	copy(xs, spare)
	return count
}

// AUC returns the area under the curve of the receiver operating characteristic:
// the chance that a positive one has the greater score than a negative one, where
// equal scores count one half. It is NaN where there are no positive or no
// negative ones, and where the sides differ in length.
func AUC(positive []bool, scores []float64) float64 {
	if len(positive) != len(scores) {
		return math.NaN()
	}
	var n, sum float64
	for i, rank := range Ranks(scores) {
		if positive[i] {
			n++
			sum += rank
		}
	}
	rest := float64(len(scores)) - n
	if n == 0 || rest == 0 {
		return math.NaN()
	}
	return (sum - n*(n+1)/2) / (n * rest)
}

// ascending returns the indices of xs in the order of their numbers.
func ascending(xs []float64) []int {
	order := make([]int, len(xs))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(xs[a], xs[b]) })
	return order
}

func mean(xs []float64) float64 {
	var m Moments
	for _, x := range xs {
		m.Add(x)
	}
	return m.Mean()
}

func constant(xs []float64) bool {
	for _, x := range xs {
		if x != xs[0] {
			return false
		}
	}
	return true
}
