package batch

import (
	"math"

	"github.com/rftgrader/rftgrader/grader"
)

// A Summary counts what became of a batch. The figures of the reward are over
// the graded rollouts only, each one counted, duplicates included.
type Summary struct {
	Rollouts   int
	Graded     int
	Ungraded   map[grader.Fault]int
	Kept       int // answered from the cache
	Duplicates int // answered by an equal rollout of the batch

	Mean, SD, Min, Max float64 // of the rewards; SD is of the population; 0 when none is graded
	AtMin, AtMax       int     // rewards equal to Min and to Max

	Groups     int // prompts with at least two graded rollouts
	FlatGroups int // those whose rewards are all equal: no gradient comes of them
}

// Summarize counts the outcomes of a batch.
func Summarize(outcomes []Outcome) Summary {
	s := Summary{Rollouts: len(outcomes), Ungraded: map[grader.Fault]int{}}
	type group struct {
		first float64
		n     int
		flat  bool
	}
	groups := map[grader.Key]*group{}
	var m2 float64 // the sum of squared distances, by Welford's method
	for i := range outcomes {
		o := &outcomes[i]
		switch o.Source {
		case FromCache:
			s.Kept++
		case FromDuplicate:
			s.Duplicates++
		}
		if !o.Graded() {
			s.Ungraded[o.Fault()]++
			continue
		}
		x := o.Result.Score
		s.Graded++
		delta := x - s.Mean
		s.Mean += delta / float64(s.Graded)
		m2 += delta * (x - s.Mean)
		s.extremes(x)
		if key, ok := o.group(); ok {
			g := groups[key]
			if g == nil {
				g = &group{first: x, flat: true}
				groups[key] = g
			}
			g.n++
			g.flat = g.flat && x == g.first
		}
	}
	if s.Graded > 0 {
		s.SD = math.Sqrt(m2 / float64(s.Graded))
	}
	for _, g := range groups {
		if g.n > 1 {
			s.Groups++
			if g.flat {
				s.FlatGroups++
			}
		}
	}
	return s
}

func (s *Summary) extremes(x float64) {
	switch {
	case s.Graded == 1:
		s.Min, s.Max, s.AtMin, s.AtMax = x, x, 1, 1
		return
	case x < s.Min:
		s.Min, s.AtMin = x, 0
	case x > s.Max:
		s.Max, s.AtMax = x, 0
	}
	if x == s.Min {
		s.AtMin++
	}
	if x == s.Max {
		s.AtMax++
	}
}

// Missing returns the number of ungraded rollouts.
func (s Summary) Missing() int { return s.Rollouts - s.Graded }
