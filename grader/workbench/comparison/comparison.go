// Package comparison says what changed between two gradings of the same rollouts,
// by what matters to a training that compares the rollouts of one prompt with each
// other: the orders within groups, and the groups that have an order at all. It
// prints nothing.
package comparison

import (
	"cmp"
	"math"
	"slices"

	"github.com/rftgrader/rftgrader/grader/workbench/stats"
)

// A Pair is one rollout with its two scores; NaN is ungraded.
type Pair struct {
	ID, Place string
	Group     string // equal for rollouts of one prompt; "" is a group that is not known
	A, B      float64
	// ReasonA and ReasonB say for people why.
	ReasonA, ReasonB string
}

func (p Pair) graded() bool { return !math.IsNaN(p.A) && !math.IsNaN(p.B) }

// A Report is what changed.
type Report struct {
	Rollouts  int `json:"rollouts"`
	Compared  int `json:"compared"` // graded in both
	Changed   int `json:"changed"`  // another score
	UngradedA int `json:"ungraded_a"`
	UngradedB int `json:"ungraded_b"`

	MeanA      float64 `json:"mean_a"`
	MeanB      float64 `json:"mean_b"`
	Difference float64 `json:"difference"` // MeanB - MeanA
	// Low and High bound the difference with 95 % confidence, by a paired bootstrap over
	// prompts, because rollouts of one prompt are no independent draws.
	Low  float64 `json:"low"`
	High float64 `json:"high"`
	// Told reports whether the interval leaves out 0.
	Told bool `json:"told"`

	Groups int `json:"groups"` // prompts with two or more compared rollouts
	// Orders counts pairs of rollouts of one prompt.
	Ordered int `json:"ordered"`
	Flips   int `json:"flips"`  // turned round
	Broken  int `json:"broken"` // ordered in A, equal in B
	Made    int `json:"made"`   // equal in A, ordered in B
	Gained  int `json:"groups_gained_signal"`
	Lost    int `json:"groups_lost_signal"`

	// Movers are the rollouts whose scores differ most, the largest change first.
	Movers []Pair `json:"-"`
}

const (
	resamples  = 2000
	confidence = 0.95
)

// Compare returns the report of pairs with at most so many movers. Equal input and
// seed give an equal report.
func Compare(pairs []Pair, movers int, seed uint64) Report {
	r := Report{Rollouts: len(pairs)}
	groups := map[string][]int{}
	var clusters [][]int
	single := map[string]int{}
	for i, p := range pairs {
		if math.IsNaN(p.A) {
			r.UngradedA++
		}
		if math.IsNaN(p.B) {
			r.UngradedB++
		}
		if !p.graded() {
			continue
		}
		r.Compared++
		r.MeanA += p.A
		r.MeanB += p.B
		if p.A != p.B {
			r.Changed++
			r.Movers = append(r.Movers, p)
		}
		if p.Group == "" {
			clusters = append(clusters, []int{i})
			continue
		}
		groups[p.Group] = append(groups[p.Group], i)
		if at, ok := single[p.Group]; ok {
			clusters[at] = append(clusters[at], i)
		} else {
			single[p.Group] = len(clusters)
			clusters = append(clusters, []int{i})
		}
	}
	if r.Compared == 0 {
		r.MeanA, r.MeanB, r.Difference, r.Low, r.High = math.NaN(), math.NaN(), math.NaN(), math.NaN(), math.NaN()
		return r
	}
	r.MeanA /= float64(r.Compared)
	r.MeanB /= float64(r.Compared)
	r.Difference = r.MeanB - r.MeanA
	r.interval(pairs, clusters, seed)
	for _, members := range groups {
		r.group(pairs, members)
	}
	slices.SortStableFunc(r.Movers, func(a, b Pair) int {
		return cmp.Compare(math.Abs(b.B-b.A), math.Abs(a.B-a.A))
	})
	r.Movers = r.Movers[:min(len(r.Movers), movers)]
	return r
}

// interval draws whole clusters.
func (r *Report) interval(pairs []Pair, clusters [][]int, seed uint64) {
	if r.Changed == 0 {
		r.Difference, r.Low, r.High = 0, 0, 0
		return
	}
	sums := make([]float64, len(clusters))
	for c, members := range clusters {
		for _, i := range members {
			sums[c] += pairs[i].B - pairs[i].A
		}
	}
	i := stats.Bootstrap(len(clusters), resamples, confidence, seed, func(draw []int) float64 {
		sum, n := 0.0, 0
		for _, c := range draw {
			sum += sums[c]
			n += len(clusters[c])
		}
		return sum / float64(n)
	})
	r.Low, r.High = i.Low, i.High
	r.Told = i.Low > 0 || i.High < 0
}

// group counts the orders of one prompt's rollouts.
func (r *Report) group(pairs []Pair, members []int) {
	if len(members) < 2 {
		return
	}
	r.Groups++
	as, bs := make([]float64, len(members)), make([]float64, len(members))
	for k, i := range members {
		as[k], bs[k] = pairs[i].A, pairs[i].B
	}
	d := stats.Discordances(as, bs)
	r.Ordered += d.Ordered
	r.Flips += d.Turned
	r.Broken += d.Broken
	r.Made += d.Made
	signalA, signalB := slices.Max(as) > slices.Min(as), slices.Max(bs) > slices.Min(bs)
	switch {
	case signalB && !signalA:
		r.Gained++
	case signalA && !signalB:
		r.Lost++
	}
}
