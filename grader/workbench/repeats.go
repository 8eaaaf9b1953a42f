package workbench

import (
	"math"

	"github.com/rftgrader/rftgrader/grader/batch"
	"github.com/rftgrader/rftgrader/grader/workbench/figures"
)

// repeats are the scores of rollouts that were graded several times. A nil one has
// none.
type repeats struct {
	times  int
	scores [][]float64
	group  []int32
	wavers int // rollouts that were graded in some of the times only
}

// repeatSummary is what the summary says of --repeat.
type repeatSummary struct {
	Times    int    `json:"times"`
	Rollouts int    `json:"rollouts"` // graded each time
	Wavering int    `json:"sometimes_ungraded"`
	AllEqual figure `json:"all_equal_share"`
	Within   figure `json:"sd_within"`
	Between  figure `json:"sd_between"`
	Group    figure `json:"sd_between_in_groups"`
	Share    figure `json:"noise_share"`
	ICC      figure `json:"icc"`
}

// add takes the first outcome of a rollout, the number of its group, and the others.
func (r *repeats) add(first *batch.Outcome, group int32, others []batch.Outcome) {
	if r == nil {
		return
	}
	graded := 0
	var scores []float64
	take := func(o *batch.Outcome) {
		if o.Graded() {
			graded++
			scores = append(scores, o.Result.Score)
		}
	}
	take(first)
	for i := range others {
		take(&others[i])
	}
	switch graded {
	case r.times:
		r.scores = append(r.scores, scores)
		r.group = append(r.group, group)
	case 0:
	default:
		r.wavers++
	}
}

func (r *repeats) summary() *repeatSummary {
	if r == nil {
		return nil
	}
	nan := figure(math.NaN())
	s := &repeatSummary{Times: r.times, Wavering: r.wavers, AllEqual: nan, Within: nan, Between: nan, Group: nan, Share: nan, ICC: nan}
	if n, ok := figures.OfRepeats(r.scores, r.group); ok {
		s.Rollouts = n.Rollouts
		s.AllEqual, s.Within, s.Between, s.Group = figure(n.AllEqual), figure(n.Within), figure(n.Between), figure(n.Group)
		s.Share, s.ICC = figure(n.Share()), figure(n.ICC)
	}
	return s
}
