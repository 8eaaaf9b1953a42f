package stats_test

import (
	"math"
	"math/bits"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader/workbench/stats"
)

func TestPassAtK(t *testing.T) {
	for _, tc := range []struct {
		name    string
		n, c, k int
		want    float64
	}{
		{"one draw is the share", 8, 3, 1, 3. / 8},
		{"all draws find the one", 8, 1, 8, 1},
		{"two of four, one passes", 4, 1, 2, 0.5},
		{"five of ten, two pass", 10, 2, 5, 1 - 56./252},
		{"none passes", 10, 0, 5, 0},
		{"all pass", 10, 10, 1, 1},
		{"the numbers of a benchmark", 200, 10, 100, 1 - 0.0007710260627179},
		{"large", 1 << 20, 1, 1 << 19, 0.5},
	} {
		t.Run(tc.name, func(t *testing.T) {
			require.InDelta(t, tc.want, stats.PassAtK(tc.n, tc.c, tc.k), 1e-9)
		})
	}
	for _, bad := range [][3]int{{4, 1, 0}, {4, 1, 5}, {4, 5, 1}, {4, -1, 1}, {0, 0, 1}} {
		require.True(t, math.IsNaN(stats.PassAtK(bad[0], bad[1], bad[2])), "%v", bad)
	}
}

// TestDrawsCountedOneByOne compares with all subsets.
func TestDrawsCountedOneByOne(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	for range 200 {
		n := 1 + random.IntN(9)
		k := 1 + random.IntN(n)
		xs := make([]float64, n)
		passing := 0
		for i := range xs {
			xs[i] = float64(random.IntN(4)) / 3
			if xs[i] == 1 {
				passing++
			}
		}
		slices.Sort(xs)
		var subsets, pass, best float64
		for set := uint(0); set < 1<<n; set++ {
			if bits.OnesCount(set) != k {
				continue
			}
			greatest := 0.0
			for i := range xs {
				if set>>i&1 == 1 {
					greatest = max(greatest, xs[i])
				}
			}
			subsets++
			best += greatest
			if greatest == 1 {
				pass++
			}
		}
		require.InDelta(t, pass/subsets, stats.PassAtK(n, passing, k), 1e-12)
		require.InDelta(t, best/subsets, stats.BestOfK(xs, k), 1e-12)
	}
}

// TestPassAtKIsUnbiased simulates answers that pass with a known chance.
func TestPassAtKIsUnbiased(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 8))
	const chance, n, k, rounds = 0.3, 12, 4, 40000
	var m stats.Moments
	for range rounds {
		c := 0
		for range n {
			if random.Float64() < chance {
				c++
			}
		}
		m.Add(stats.PassAtK(n, c, k))
	}
	require.InDelta(t, 1-math.Pow(1-chance, k), m.Mean(), 4*m.SD()/math.Sqrt(rounds))
}

func TestBestOfKOutsideItsRange(t *testing.T) {
	require.True(t, math.IsNaN(stats.BestOfK(nil, 1)))
	require.True(t, math.IsNaN(stats.BestOfK([]float64{1}, 2)))
	require.True(t, math.IsNaN(stats.BestOfK([]float64{1}, 0)))
	require.Equal(t, 0.3, stats.BestOfK([]float64{0.3, 0.3, 0.3}, 2)) // no rounding of equal numbers
}

// TestBootstrapCoverage draws samples with a known mean: the interval must hold it
// about as often as it says.
func TestBootstrapCoverage(t *testing.T) {
	random := rand.New(rand.NewPCG(9, 10))
	const samples, size, truth = 400, 60, 0.4
	covered := 0
	for s := range samples {
		xs := make([]float64, size)
		for i := range xs {
			if random.Float64() < truth {
				xs[i] = 1
			}
		}
		at := stats.Bootstrap(size, 300, 0.9, uint64(s), func(draw []int) float64 {
			sum := 0.0
			for _, i := range draw {
				sum += xs[i]
			}
			return sum / size
		})
		if at.Low <= truth && truth <= at.High {
			covered++
		}
	}
	// 90 % of 400, give or take four standard errors (6 %) and what the method misses.
	require.InDelta(t, 0.9, float64(covered)/samples, 0.07)
}
