package stats

import "math"

// PassAtK returns the chance that at least one of k answers, drawn without
// replacement from n answers of which c pass, passes: the unbiased estimator
// 1 - C(n-c, k)/C(n, k) of Chen and others, "Evaluating large language models
// trained on code", arXiv:2107.03374 (2021). It is NaN where k is not in 1..n or c
// not in 0..n.
func PassAtK(n, c, k int) float64 {
	if k < 1 || k > n || c < 0 || c > n {
		return math.NaN()
	}
	switch {
	case n-c < k:
		return 1
	case k == 1:
		return float64(c) / float64(n) // without rounding
	}
	none := 1.0
	for i := range k {
		none *= float64(n-c-i) / float64(n-i)
	}
	return 1 - none
}

// BestOfK returns the expected greatest of k numbers that are drawn without
// replacement from numbers in ascending order: for numbers of 0 and 1 it is
// PassAtK. It is NaN where k is not in 1..n.
func BestOfK(ascending []float64, k int) float64 {
	n := len(ascending)
	if k < 1 || k > n {
		return math.NaN()
	}
	// The i-th number from below is the greatest of C(i-1, k-1) of C(n, k) draws.
	weight, best := float64(k)/float64(n), 0.0
	for i := n; i >= k; i-- {
		best += weight * ascending[i-1]
		if i > 1 {
			weight *= float64(i-k) / float64(i-1)
		}
	}
	return max(ascending[k-1], min(best, ascending[n-1]))
}
