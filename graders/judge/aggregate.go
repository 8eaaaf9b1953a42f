package judge

import (
	"cmp"
	"math"
	"slices"
)

// A vote is one score with what it counts.
type vote struct {
	score  float64
	weight float64
}

// aggregate reduces votes to one score. There is at least one, and weights are
// above 0. The order of the votes does not matter.
func aggregate(votes []vote, how Aggregate, trim float64) float64 {
	votes = slices.Clone(votes)
	slices.SortFunc(votes, func(a, b vote) int { return cmp.Or(cmp.Compare(a.score, b.score), cmp.Compare(a.weight, b.weight)) })
	switch how {
	case Median:
		return median(votes)
	case Majority:
		return majority(votes)
	case Trimmed:
		return trimmed(votes, trim)
	}
	return mean(votes)
}

func mean(votes []vote) float64 {
	sum, weight := 0.0, 0.0
	for _, v := range votes {
		sum += v.score * v.weight
		weight += v.weight
	}
	return sum / weight
}

func total(votes []vote) float64 {
	weight := 0.0
	for _, v := range votes {
		weight += v.weight
	}
	return weight
}

// median is the score at half of the weight, and the mean of two where half of
// the weight ends between them.
func median(votes []vote) float64 {
	half, sum := total(votes)/2, 0.0
	for i, v := range votes {
		sum += v.weight
		switch {
		case i+1 < len(votes) && math.Abs(sum-half) <= 1e-9*half:
			return (v.score + votes[i+1].score) / 2
		case sum > half:
			return v.score
		}
	}
	return votes[len(votes)-1].score
}

// majority is the score with the most weight, and the mean of several with the
// same.
func majority(votes []vote) float64 {
	best, sum, count := 0.0, 0.0, 0
	for i := 0; i < len(votes); {
		weight, j := 0.0, i
		for ; j < len(votes) && votes[j].score == votes[i].score; j++ {
			weight += votes[j].weight
		}
		switch {
		case count > 0 && math.Abs(weight-best) <= 1e-9*best:
			sum, count = sum+votes[i].score, count+1
		case weight > best:
			best, sum, count = weight, votes[i].score, 1
		}
		i = j
	}
	return sum / float64(count)
}

// trimmed is the mean without a share of the weight at either end.
func trimmed(votes []vote, trim float64) float64 {
	all := total(votes)
	low, high := trim*all, (1-trim)*all
	at, kept := 0.0, make([]vote, 0, len(votes))
	for _, v := range votes {
		if w := min(at+v.weight, high) - max(at, low); w > 1e-12*all {
			kept = append(kept, vote{v.score, w})
		}
		at += v.weight
	}
	return mean(kept)
}

// spread is the distance between the highest and the lowest score.
func spread(votes []vote) float64 {
	lo, hi := math.Inf(1), math.Inf(-1)
	for _, v := range votes {
		lo, hi = min(lo, v.score), max(hi, v.score)
	}
	return hi - lo
}
