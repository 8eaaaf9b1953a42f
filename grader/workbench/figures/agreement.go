package figures

import (
	"cmp"
	"math"
	"slices"

	"github.com/rftgrader/rftgrader/grader/workbench/stats"
)

// Agreement is how far scores agree with labels of the same rollouts.
type Agreement struct {
	N      int
	Binary bool // whether every label is 0 or 1

	// The confusion of labels and passing scores, where the labels are binary.
	TruePositive, FalsePositive, FalseNegative, TrueNegative int
	Accuracy, Precision, Recall, Kappa, AUC                  float64

	Pearson, Spearman, TauB float64

	// Worst are the indices of the largest disagreements, the worst first: for binary
	// labels by the distance of the score, as a share of its range, from the label, and for
	// others by the distance of the ranks.
	Worst []int
	// Disagree is how many rollouts a binary label contradicts.
	Disagree int
}

// Agree compares scores with labels. A score passes that is at least the threshold; its
// range is from least to greatest. At most so many of the worst are named, and none that
// agrees.
func Agree(scores, labels []float64, threshold, least, greatest float64, worst int) Agreement {
	a := Agreement{N: len(scores), Binary: true}
	for _, l := range labels {
		a.Binary = a.Binary && (l == 0 || l == 1)
	}
	a.Accuracy, a.Precision, a.Recall, a.Kappa, a.AUC = math.NaN(), math.NaN(), math.NaN(), math.NaN(), math.NaN()
	a.Pearson, a.Spearman, a.TauB = stats.Pearson(scores, labels), stats.Spearman(scores, labels), stats.KendallTauB(scores, labels)
	if a.N == 0 {
		return a
	}
	distance := make([]float64, len(scores))
	if a.Binary {
		a.confusion(scores, labels, threshold)
		for i, s := range scores {
			part := 0.0
			if least < greatest {
				part = max(0, min((s-least)/(greatest-least), 1))
			}
			// What passes and should not, or the other way round, is worse than any doubt.
			if Passes(s, threshold) != (labels[i] == 1) {
				distance[i] = 1
			}
			distance[i] += math.Abs(part - labels[i])
		}
	} else {
		ranked, labelled := stats.Ranks(scores), stats.Ranks(labels)
		for i := range scores {
			distance[i] = math.Abs(ranked[i]-labelled[i]) / float64(a.N)
		}
	}
	order := make([]int, 0, len(scores))
	for i, d := range distance {
		if d > 0 {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(distance[j], distance[i]) })
	a.Worst = order[:min(len(order), worst)]
	return a
}

func (a *Agreement) confusion(scores, labels []float64, threshold float64) {
	passed, positive := make([]bool, a.N), make([]bool, a.N)
	for i, s := range scores {
		passed[i], positive[i] = Passes(s, threshold), labels[i] == 1
		switch {
		case passed[i] && positive[i]:
			a.TruePositive++
		case passed[i]:
			a.FalsePositive++
		case positive[i]:
			a.FalseNegative++
		default:
			a.TrueNegative++
		}
	}
	a.Disagree = a.FalsePositive + a.FalseNegative
	share := func(n, of int) float64 {
		if of == 0 {
			return math.NaN()
		}
		return float64(n) / float64(of)
	}
	a.Accuracy = share(a.N-a.Disagree, a.N)
	a.Precision = share(a.TruePositive, a.TruePositive+a.FalsePositive)
	a.Recall = share(a.TruePositive, a.TruePositive+a.FalseNegative)
	a.Kappa = stats.NominalKappa(numbers(passed), numbers(positive))
	a.AUC = stats.AUC(positive, scores)
}

func numbers(bools []bool) []int {
	out := make([]int, len(bools))
	for i, b := range bools {
		if b {
			out[i] = 1
		}
	}
	return out
}
