package figures_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader/workbench/figures"
)

func TestGroups(t *testing.T) {
	scores := []float64{1, 0, 1, 0, 0, 0.5, 1, 1 - 1e-12}
	group := []int32{0, 1, 0, 0, 1, figures.Ungrouped, 2, 0}
	g := figures.OfGroups(scores, group, 1, nil)
	require.Equal(t, 1, g.Least)
	require.Equal(t, 4, g.Most)
	require.InDelta(t, 0.375, g.MeanOfMeans, 1e-9)              // 3/4 and 0
	require.InDelta(t, 0.375, g.Between, 1e-9)                  // of 3/4 and 0
	require.InDelta(t, math.Sqrt(3)/8, g.Within, 1e-9)          // sqrt(3)/4 and 0
	require.Len(t, g.Passes, 3)                                 // 1, 2, 4
	require.InDelta(t, (0.75+0+1)/3, g.Passes[0].PassAtK, 1e-9) // prompts count alike
	require.Equal(t, 3, g.Passes[0].Prompts)
	require.InDelta(t, (1+0)/2., g.Passes[1].PassAtK, 1e-9)
	require.InDelta(t, (1+0)/2., g.Passes[1].BestOfK, 1e-9)
	require.Equal(t, 1, g.Passes[2].Prompts)
	require.Equal(t, 1., g.Passes[2].PassAtK)

	three := figures.OfGroups([]float64{0.2, 0.4, 0.6}, []int32{0, 0, 0}, 0.5, []int{2, 5})
	require.InDelta(t, 2./3, three.Passes[0].PassAtK, 1e-12)
	require.InDelta(t, (0.4+0.6+0.6)/3, three.Passes[0].BestOfK, 1e-12)
	require.Zero(t, three.Passes[1].Prompts)
	require.True(t, math.IsNaN(three.Passes[1].PassAtK))

	none := figures.OfGroups(nil, nil, 1, nil)
	require.Empty(t, none.Passes)
	require.True(t, math.IsNaN(none.Within))
}

func TestGuidance(t *testing.T) {
	nan := math.NaN()
	for _, tc := range []struct {
		name  string
		facts figures.Facts
		want  []string
	}{
		{"nothing to say", figures.Facts{Graded: 100, Mean: 0.5, Max: 1, Positive: 50, Groups: 10, Flat: 3, LengthRank: 0.2}, nil},
		{"nothing graded", figures.Facts{}, nil},
		{"no positives", figures.Facts{Graded: 100, LengthRank: nan, Groups: 5, Flat: 5}, []string{"no-positives", "no-signal"}},
		{"sparse", figures.Facts{Graded: 100, Mean: 0.04, Max: 1, Positive: 4}, []string{"sparse"}},
		{"five in a hundred are enough", figures.Facts{Graded: 100, Mean: 0.05, Max: 1, Positive: 5}, nil},
		{"needless", figures.Facts{Graded: 100, Mean: 0.951, Max: 1, Positive: 100}, []string{"needless"}},
		{"95 % exactly", figures.Facts{Graded: 100, Mean: 0.95, Max: 1, Positive: 100}, nil},
		{"of a range", figures.Facts{Graded: 100, Mean: 9.8, Least: -10, Greatest: 10, Min: -10, Max: 10, Positive: 99}, []string{"needless"}},
		{"without a range", figures.Facts{Graded: 100, Mean: 40, Max: 50, Positive: 100}, nil},
		{"long answers", figures.Facts{Graded: 100, Mean: 0.5, Max: 1, Positive: 50, LengthRank: 0.6}, []string{"length"}},
		{"too few for that", figures.Facts{Graded: 19, Mean: 0.5, Max: 1, Positive: 9, LengthRank: 0.9}, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var rules []string
			for _, a := range figures.Guidance(tc.facts) {
				require.NotEmpty(t, a.Text)
				require.NotEmpty(t, a.Source)
				rules = append(rules, a.Rule)
			}
			require.Equal(t, tc.want, rules)
		})
	}
}

func TestAgreementWithBinaryLabels(t *testing.T) {
	//                  tp   fp   fn   tn  tp
	scores := []float64{1, 0.9, 0.2, 0.1, 0.8}
	labels := []float64{1, 0, 1, 0, 1}
	a := figures.Agree(scores, labels, 0.5, 0, 1, 3)
	require.True(t, a.Binary)
	require.Equal(t, [4]int{2, 1, 1, 1}, [4]int{a.TruePositive, a.FalsePositive, a.FalseNegative, a.TrueNegative})
	require.Equal(t, 2, a.Disagree)
	require.InDelta(t, 0.6, a.Accuracy, 1e-12)
	require.InDelta(t, 2./3, a.Precision, 1e-12)
	require.InDelta(t, 2./3, a.Recall, 1e-12)
	// By hand: observed 3/5, expected (3*3 + 2*2)/25.
	require.InDelta(t, (0.6-0.52)/(1-0.52), a.Kappa, 1e-12)
	// Of 6 pairs, 1 > .9, 1 > .1, .2 > .1 and .8 > .1 stand in order.
	require.InDelta(t, 4./6, a.AUC, 1e-12)
	require.Equal(t, []int{1, 2, 4}, a.Worst)
}

func TestAgreementWithNumbers(t *testing.T) {
	a := figures.Agree([]float64{0.1, 0.2, 0.3, 0.4}, []float64{4, 2, 3, 5}, 1, 0, 1, 2)
	require.False(t, a.Binary)
	require.True(t, math.IsNaN(a.Kappa))
	require.InDelta(t, 0.4, a.Spearman, 1e-12)
	require.InDelta(t, 1./3, a.TauB, 1e-12)
	require.Equal(t, []int{0, 1}, a.Worst)
	same := figures.Agree([]float64{0, 1}, []float64{0, 1}, 1, 0, 1, 2)
	require.Empty(t, same.Worst)
	require.Equal(t, 1., same.Kappa)
}

func TestNoise(t *testing.T) {
	n, ok := figures.OfRepeats([][]float64{{0, 1}, {1, 1}, {0, 0}}, []int32{0, 0, figures.Ungrouped})
	require.True(t, ok)
	require.Equal(t, 3, n.Rollouts)
	require.Equal(t, 2, n.Scores)
	require.InDelta(t, math.Sqrt(0.5)/3, n.Within, 1e-12)
	require.InDelta(t, math.Sqrt(1./6), n.Between, 1e-12) // of 0.5, 1 and 0
	require.InDelta(t, 0.25, n.Group, 1e-12)              // of 0.5 and 1
	require.InDelta(t, 2./3, n.AllEqual, 1e-12)
	require.InDelta(t, math.Sqrt(0.5)/3/0.25, n.Share(), 1e-12)
	_, ok = figures.OfRepeats([][]float64{{1}}, []int32{0})
	require.False(t, ok)
}
