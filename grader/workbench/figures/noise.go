package figures

import (
	"math"

	"github.com/rftgrader/rftgrader/grader/workbench/stats"
)

// Noise compares how much a rollout's scores differ when it is graded again with how
// much the scores of different rollouts differ.
type Noise struct {
	Rollouts, Scores int // rollouts, and scores of each
	// Within is the mean of the standard deviations (n-1) of a rollout's scores.
	Within float64
	// Between is the standard deviation of the rollouts' mean scores, and Group the mean of
	// these inside the groups with two or more rollouts.
	Between, Group float64
	AllEqual       float64 // the share of rollouts whose scores are all equal
	ICC            float64 // ICC(1,1), see [stats.Repeats]
}

// Share returns the noise as a share of the spread that a training learns from: that
// inside groups, or, where there are no groups, of all rollouts.
func (n Noise) Share() float64 {
	spread := n.Group
	if math.IsNaN(spread) {
		spread = n.Between
	}
	if spread == 0 {
		return math.NaN()
	}
	return n.Within / spread
}

// OfRepeats describes scores of the same rollouts, which must have two or more each
// and all the same number; group is as for [OfGroups].
func OfRepeats(scores [][]float64, group []int32) (Noise, bool) {
	r, ok := stats.Repeatability(scores)
	if !ok {
		return Noise{}, false
	}
	means := make([]float64, len(scores))
	var all stats.Moments
	for i, xs := range scores {
		var m stats.Moments
		for _, x := range xs {
			m.Add(x)
		}
		means[i] = m.Mean()
		all.Add(m.Mean())
	}
	return Noise{
		Rollouts: r.Answers, Scores: r.Scores,
		Within: r.WithinSD, Between: all.SD(), Group: OfGroups(means, group, 0, []int{1}).Within,
		AllEqual: r.AllEqual, ICC: r.ICC11,
	}, true
}
