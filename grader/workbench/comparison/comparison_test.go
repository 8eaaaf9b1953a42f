package comparison_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader/workbench/comparison"
)

func TestCompare(t *testing.T) {
	pairs := []comparison.Pair{
		{ID: "a1", Group: "a", A: 1, B: 0}, {ID: "a2", Group: "a", A: 0, B: 1}, {ID: "a3", Group: "a", A: 0, B: 0},
		{ID: "b1", Group: "b", A: 0, B: 0}, {ID: "b2", Group: "b", A: 0, B: 0.5},
		{ID: "c1", Group: "c", A: 0, B: 1}, {ID: "c2", Group: "c", A: 1, B: 1},
		{ID: "d1", Group: "d", A: 1, B: 1},
		{ID: "e1", Group: "d", A: math.NaN(), B: 1}, {ID: "e2", Group: "d", A: 1, B: math.NaN()},
	}
	r := comparison.Compare(pairs, 2, 1)
	require.Equal(t, 10, r.Rollouts)
	require.Equal(t, 8, r.Compared)
	require.Equal(t, 4, r.Changed)
	require.Equal(t, 1, r.UngradedA)
	require.Equal(t, 1, r.UngradedB)
	require.InDelta(t, 3.0/8, r.MeanA, 1e-12)
	require.InDelta(t, 4.5/8, r.MeanB, 1e-12)
	require.Equal(t, 3, r.Groups)
	require.Equal(t, 3, r.Ordered) // a1>a2, a1>a3, c2>c1
	require.Equal(t, 1, r.Flips)   // a1 and a2
	require.Equal(t, 2, r.Broken)  // a1 and a3, c1 and c2
	require.Equal(t, 2, r.Made)    // a2 and a3, b1 and b2
	require.Equal(t, 1, r.Gained)
	require.Equal(t, 1, r.Lost)
	require.Len(t, r.Movers, 2)
	require.Equal(t, "a1", r.Movers[0].ID)
	require.False(t, r.Told)
	require.Equal(t, r, comparison.Compare(pairs, 2, 1))
}

func TestEqualGradingsAreNotTold(t *testing.T) {
	r := comparison.Compare([]comparison.Pair{{Group: "a", A: 1, B: 1}, {Group: "a", A: 0.1, B: 0.1}}, 5, 1)
	require.Zero(t, r.Difference)
	require.False(t, r.Told)
	require.Empty(t, r.Movers)
	require.Zero(t, r.Flips)
}

func TestNothingToCompare(t *testing.T) {
	r := comparison.Compare([]comparison.Pair{{A: math.NaN(), B: 1}}, 5, 1)
	require.Zero(t, r.Compared)
	require.True(t, math.IsNaN(r.Difference))
	require.False(t, r.Told)
}

// TestCoverage simulates gradings with a known difference: 95 % of the intervals
// must hold it, however alike the rollouts of one prompt are.
func TestCoverage(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	const runs, truth = 200, 0.1
	held := 0
	for run := range runs {
		var pairs []comparison.Pair
		for g := range 60 {
			shift := truth + 0.3*random.NormFloat64()
			for range 4 {
				a := random.Float64()
				pairs = append(pairs, comparison.Pair{Group: fmt.Sprint(g), A: a, B: a + shift + 0.05*random.NormFloat64()})
			}
		}
		if r := comparison.Compare(pairs, 0, uint64(run)); r.Low <= truth && truth <= r.High {
			held++
		}
	}
	require.InDelta(t, 0.95, float64(held)/runs, 0.05)
}
