package stats

import (
	"math"
	"math/rand/v2"
	"slices"
)

// An Interval is where a figure lies with the given confidence.
type Interval struct {
	Low, High float64
	// Resamples is how many of the resamples had the figure at all: the smaller it is
	// beside what was asked for, the less the interval says.
	Resamples int
}

// Bootstrap returns the percentile interval of a figure over resamples of n things:
// Efron, "Bootstrap methods: another look at the jackknife", The Annals of Statistics 7
// (1979). Figure gets n indices below n, drawn with replacement, and must not
// keep them. Confidence is a share such as 0.95. Equal seeds give equal
// intervals. Resamples without the figure (NaN) are left out; if
// all are, Low and High are NaN.
func Bootstrap(n, resamples int, confidence float64, seed uint64, figure func(draw []int) float64) Interval {
	if n < 1 || resamples < 1 {
		return Interval{Low: math.NaN(), High: math.NaN()}
	}
	random := rand.New(rand.NewPCG(seed, 0x9e3779b97f4a7c15))
	draw := make([]int, n)
	var figures []float64
	for range resamples {
		for i := range draw {
			draw[i] = random.IntN(n)
		}
		if f := figure(draw); !math.IsNaN(f) {
			figures = append(figures, f)
		}
	}
	slices.Sort(figures)
	tail := 100 * (1 - confidence) / 2
	return Interval{Percentile(figures, tail), Percentile(figures, 100-tail), len(figures)}
}

// Pick returns the things at the drawn indices.
func Pick[T any](things []T, draw []int) []T {
	out := make([]T, len(draw))
	for i, at := range draw {
		out[i] = things[at]
	}
	return out
}
