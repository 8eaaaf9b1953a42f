package figures

import (
	"math"
	"slices"

	"github.com/rftgrader/rftgrader/grader/workbench/stats"
)

// Ungrouped is the group of a rollout that has none.
const Ungrouped = -1

// Groups describes rollouts that are grouped by their prompts.
type Groups struct {
	Least, Most int // rollouts in a group, of all groups
	// MeanOfMeans is the mean of the means of the groups with two or more rollouts,
	// Between the spread of these means, and Within the mean of the spreads inside a
	// group: what advantages are divided by. Spreads are standard deviations of
	// populations.
	MeanOfMeans, Between, Within float64
	Passes                       []Pass
}

// A Pass says what k answers to a prompt come to, as the mean over the prompts with
// k or more rollouts, each of which counts alike.
type Pass struct {
	K       int
	Prompts int
	PassAtK float64 // see [stats.PassAtK]
	BestOfK float64 // see [stats.BestOfK]
}

// slack is by how much a score may fall short of a threshold, being a sum of shares.
const slack = 1e-9

// Passes reports whether a score is at least the threshold, but for what rounding
// may take away.
func Passes(score, threshold float64) bool {
	return score >= threshold-slack*max(1, math.Abs(threshold))
}

// OfGroups describes scores by the number of the group that each belongs to, from 0
// on, or [Ungrouped]. A score passes that is at least the threshold. Without ks they are
// the powers of two up to the largest group, and its size.
func OfGroups(scores []float64, group []int32, threshold float64, ks []int) Groups {
	flat, ends := byGroup(scores, group)
	out := Groups{MeanOfMeans: math.NaN(), Between: math.NaN(), Within: math.NaN()}
	var means, spreads stats.Moments
	begin := 0
	for _, end := range ends {
		members := flat[begin:end]
		begin = end
		if out.Least == 0 || len(members) < out.Least {
			out.Least = len(members)
		}
		out.Most = max(out.Most, len(members))
		slices.Sort(members)
		if len(members) < 2 {
			continue
		}
		var m stats.Moments
		for _, x := range members {
			m.Add(x)
		}
		means.Add(m.Mean())
		spreads.Add(m.SD())
	}
	if means.N() > 0 {
		out.MeanOfMeans, out.Between, out.Within = means.Mean(), means.SD(), spreads.Mean()
	}
	if len(ks) == 0 {
		for k := 1; k <= out.Most; k *= 2 {
			ks = append(ks, k)
		}
		if out.Most > 0 && ks[len(ks)-1] != out.Most {
			ks = append(ks, out.Most)
		}
	}
	for _, k := range ks {
		out.Passes = append(out.Passes, passes(flat, ends, threshold, k))
	}
	return out
}

// byGroup puts the scores of each group side by side, and says where each ends.
func byGroup(scores []float64, group []int32) (flat []float64, ends []int) {
	for _, g := range group {
		if g < 0 {
			continue
		}
		for int(g) >= len(ends) {
			ends = append(ends, 0)
		}
		ends[g]++
	}
	at := make([]int, len(ends))
	total := 0
	for g, n := range ends {
		at[g] = total
		total += n
		ends[g] = total
	}
	flat = make([]float64, total)
	for i, g := range group {
		if g >= 0 {
			flat[at[g]] = scores[i]
			at[g]++
		}
	}
	return flat, ends
}

func passes(flat []float64, ends []int, threshold float64, k int) Pass {
	var pass, best stats.Moments
	begin := 0
	for _, end := range ends {
		members := flat[begin:end] // in ascending order
		begin = end
		if len(members) < k {
			continue
		}
		failing, _ := slices.BinarySearchFunc(members, threshold, func(score, threshold float64) int {
			if Passes(score, threshold) {
				return 1
			}
			return -1
		})
		pass.Add(stats.PassAtK(len(members), len(members)-failing, k))
		best.Add(stats.BestOfK(members, k))
	}
	p := Pass{K: k, Prompts: pass.N(), PassAtK: math.NaN(), BestOfK: math.NaN()}
	if p.Prompts > 0 {
		p.PassAtK, p.BestOfK = pass.Mean(), best.Mean()
	}
	return p
}
