package stats

import (
	"math"
	"slices"
)

// Repeats says how well several scores of the same answers agree. A figure is NaN
// where it is not defined.
type Repeats struct {
	Answers int // answers with the same number of scores, at least 2
	Scores  int // of each answer

	MeanOfMeans float64
	// WithinSD is the mean of the standard deviations of each answer's scores, with
	// n-1 in the denominator.
	WithinSD float64
	// AllEqual is the share of answers whose scores are all equal.
	AllEqual float64
	// PairsEqual is the share of pairs of scores of one answer that are equal.
	PairsEqual float64
	// MedianIsMean is the share of answers for which the median of the scores is
	// their mean, to 1e-12.
	MedianIsMean float64
	// ICC11, ICC21 and ICC31 are the intraclass correlations of single scores: one way,
	// two way with raters as a sample, two way with raters fixed. Shrout and Fleiss,
	// "Intraclass correlations: uses in assessing rater reliability", Psychological
	// Bulletin 86 (1979).
	ICC11, ICC21, ICC31 float64
	// Alpha is Krippendorff's alpha for interval data.
	Alpha float64
}

// Repeatability compares the scores that the same answers got when they were
// scored several times. Each answer must have the same number of scores, 2 or
// more; otherwise ok is false.
func Repeatability(answers [][]float64) (r Repeats, ok bool) {
	if len(answers) == 0 || len(answers[0]) < 2 {
		return Repeats{}, false
	}
	n, k := float64(len(answers)), float64(len(answers[0]))
	r = Repeats{Answers: len(answers), Scores: len(answers[0])}
	var all, means, sds Moments
	columns := make([]Moments, len(answers[0]))
	var equal, equalPairs, medianIsMean, within float64
	for _, scores := range answers {
		if len(scores) != r.Scores {
			return Repeats{}, false
		}
		var m Moments
		for j, x := range scores {
			m.Add(x)
			all.Add(x)
			columns[j].Add(x)
			for _, y := range scores[:j] {
				if x == y {
					equalPairs++
				}
			}
		}
		if constant(scores) {
			equal++
		}
		if math.Abs(Median(scores)-m.Mean()) < 1e-12 {
			medianIsMean++
		}
		means.Add(m.Mean())
		sds.Add(math.Sqrt(m.m2 / (k - 1)))
		within += m.m2
	}
	r.MeanOfMeans = means.Mean()
	r.WithinSD = sds.Mean()
	r.AllEqual = equal / n
	r.PairsEqual = equalPairs / (n * pairs(k))
	r.MedianIsMean = medianIsMean / n

	var between Moments
	for i := range columns {
		between.Add(columns[i].Mean())
	}
	// The mean squares of rows, of columns, of the rest, and within rows.
	rows := k * means.m2 / (n - 1)
	raters := n * between.m2 / (k - 1)
	rest := (within - n*between.m2) / ((n - 1) * (k - 1))
	inside := within / (n * (k - 1))
	r.ICC11 = ratio(rows-inside, rows+(k-1)*inside)
	r.ICC21 = ratio(rows-rest, rows+(k-1)*rest+k*(raters-rest)/n)
	r.ICC31 = ratio(rows-rest, rows+(k-1)*rest)
	// Observed and expected disagreement are mean squared differences of pairs.
	r.Alpha = 1 - ratio(within/(n*(k-1)), all.m2/(n*k-1))
	return r, true
}

// ratio is NaN where there is none, be it for one answer or for equal scores.
func ratio(a, b float64) float64 {
	if b == 0 || math.IsInf(a, 0) || math.IsInf(b, 0) {
		return math.NaN()
	}
	return a / b
}

// Median returns the middle number, or the mean of the middle two, and NaN where
// there are none.
func Median(xs []float64) float64 {
	return Percentile(slices.Sorted(slices.Values(xs)), 50)
}
