// Package calibration says how far a judge can be trusted: how well its scores agree
// with people's labels, with each other when it judges again, and with the place and
// the length of what it is shown.
package calibration

import (
	"encoding/json"
	"math"
	"slices"
	"strconv"

	"github.com/rftgrader/rftgrader/grader/workbench/stats"
)

// A Case is one answer, or one pair of answers, with what people and the judge said.
type Case struct {
	// Human holds the labels of people, one for each rater.
	Human []Label
	// Judge holds the judge's scores of the same answer, one for each time.
	Judge []Label
	// Swapped is the judge's verdict on a pair in the other order, if it was asked.
	Swapped *Label
	// Bias is the position bias that the judge's own metrics tell, if they do.
	Bias *float64
	// Length is that of the judged text in characters, or -1 where it is not known.
	Length int
}

// A Label is a number or a word.
type Label struct {
	Number float64
	Text   string
	Word   bool
}

// ParseLabel reads a number, a string or a Boolean, which counts as 1 or 0. A null is
// no label; neither is an object.
func ParseLabel(raw json.RawMessage) (Label, bool) {
	var v any
	if err := json.Unmarshal(raw, &v); err != nil {
		return Label{}, false
	}
	switch v := v.(type) {
	case float64:
		return Label{Number: v}, true
	case bool:
		if v {
			return Label{Number: 1}, true
		}
		return Label{}, true
	case string:
		return Label{Text: v, Word: true}, true
	}
	return Label{}, false
}

// String returns the label as it was written, or as short as that.
func (l Label) String() string {
	if l.Word {
		return l.Text
	}
	return strconv.FormatFloat(l.Number, 'g', -1, 64)
}

// Options say how figures are reckoned.
type Options struct {
	// Resamples is how many resamples of the bootstrap the intervals are made of; 0
	// makes none. Seed is that of the resampling.
	Resamples int
	Seed      uint64
	// Positive is the number above which a person's label counts as positive, for
	// the area under the curve. nil takes the greater of two labels, where there are
	// two.
	Positive *float64
	// Tie is the label that means neither, or "".
	Tie string
	// Combine is how the labels of several people become one.
	Combine Combine
}

// Combine is how the labels of several people become one.
type Combine string

const (
	// Auto takes the majority of words, and of numbers where there are three
	// different ones or fewer, and else the mean.
	Auto Combine = ""
	// Majority takes the label of more than half of the people.
	Majority Combine = "majority"
	// Mean takes the mean of the numbers.
	Mean Combine = "mean"
)

// Confidence is that of the intervals.
const Confidence = 0.95

// maxCategories is how many different labels there may be at most for figures of
// agreement: more are a scale.
const maxCategories = 20

// New makes the report on some cases.
func New(cases []Case, o Options) *Report {
	r := &Report{Rows: len(cases), Confusion: []Confusion{}, RaterPairs: []RaterPair{}}
	people, all := map[Label]bool{}, []Label(nil)
	for _, c := range cases {
		for _, l := range c.Human {
			people[l] = true
		}
		all = append(all, c.Human...)
	}
	r.raters(cases, categories(all))
	r.repeats(cases)
	r.position(cases)
	if o.Combine == Auto {
		o.Combine = Mean
		if len(people) <= 3 || slices.ContainsFunc(all, func(l Label) bool { return l.Word }) {
			o.Combine = Majority
		}
	}
	human, judge := r.compared(cases, o.Combine)
	r.Compared = len(human)
	r.agreement(human, judge, o)
	r.correlation(human, judge, o)
	r.length(cases, o.Combine)
	return r
}

// categories reports whether all labels are words or whole numbers, and few.
func categories(labels []Label) bool {
	seen := map[Label]bool{}
	for _, l := range labels {
		seen[l] = true
		if !l.Word && l.Number != math.Trunc(l.Number) || len(seen) > maxCategories {
			return false
		}
	}
	return true
}

// compared returns what people and the judge said of the answers of which both
// said something.
func (r *Report) compared(cases []Case, combine Combine) (human, judge []Label) {
	for _, c := range cases {
		h, okH := one(c.Human, combine)
		j, okJ := one(c.Judge, Mean)
		if len(c.Human) > 0 && !okH {
			r.WithoutMajority++
		}
		switch {
		case len(c.Human) == 0:
			r.WithoutHuman++
		case len(c.Judge) == 0 || !okJ:
			r.WithoutJudge++
		case okH:
			human, judge = append(human, h), append(judge, j)
		}
	}
	return human, judge
}

// one makes one label of several.
func one(labels []Label, combine Combine) (Label, bool) {
	switch {
	case len(labels) == 0:
		return Label{}, false
	case len(labels) == 1:
		return labels[0], true
	case combine == Majority || slices.ContainsFunc(labels, func(l Label) bool { return l.Word }):
		texts := texts(labels)
		m, ok := stats.Majority(texts)
		if !ok {
			return Label{}, false
		}
		return labels[slices.Index(texts, m)], true
	}
	var m stats.Moments
	for _, l := range labels {
		m.Add(l.Number)
	}
	return Label{Number: m.Mean()}, true
}

// numbers returns the numbers of both sides, if all are numbers.
func numbers(a, b []Label) (xs, ys []float64, ok bool) {
	for i := range a {
		if a[i].Word || b[i].Word {
			return nil, nil, false
		}
		xs, ys = append(xs, a[i].Number), append(ys, b[i].Number)
	}
	return xs, ys, len(a) > 0
}

func texts(labels []Label) []string {
	out := make([]string, len(labels))
	for i, l := range labels {
		out[i] = l.String()
	}
	return out
}

// agreement is for labels that both sides share.
func (r *Report) agreement(human, judge []Label, o Options) {
	if len(human) == 0 || !categories(slices.Concat(human, judge)) {
		return
	}
	h, j := texts(human), texts(judge)
	r.Accuracy = figureOf(len(h), o, func(draw []int) float64 { return stats.Accuracy(stats.Pick(h, draw), stats.Pick(j, draw)) })
	r.CohenKappa = figureOf(len(h), o, func(draw []int) float64 { return stats.NominalKappa(stats.Pick(h, draw), stats.Pick(j, draw)) })
	if xs, ys, ok := numbers(human, judge); ok {
		weighted := func(w stats.Weights) *Figure {
			return figureOf(len(xs), o, func(draw []int) float64 { return stats.Kappa(stats.Pick(xs, draw), stats.Pick(ys, draw), w) })
		}
		r.KappaLinear, r.KappaQuadratic = weighted(stats.Linear), weighted(stats.Quadratic)
	}
	for _, c := range stats.Confusions(h, j) {
		r.Confusion = append(r.Confusion, Confusion{c.From, c.To, c.Count})
	}
	if o.Tie == "" {
		return
	}
	var clearH, clearJ []string
	for i := range h {
		if h[i] != o.Tie && j[i] != o.Tie {
			clearH, clearJ = append(clearH, h[i]), append(clearJ, j[i])
		}
	}
	r.WithoutTies = &Agreement{N: len(clearH), Accuracy: number(stats.Accuracy(clearH, clearJ))}
}

func (r *Report) correlation(human, judge []Label, o Options) {
	xs, ys, ok := numbers(human, judge)
	if !ok {
		return
	}
	figure := func(f func(xs, ys []float64) float64) *Figure {
		return figureOf(len(xs), o, func(draw []int) float64 { return f(stats.Pick(xs, draw), stats.Pick(ys, draw)) })
	}
	r.Pearson, r.Spearman, r.KendallTauB = figure(stats.Pearson), figure(stats.Spearman), figure(stats.KendallTauB)
	threshold, ok := threshold(xs, o)
	if !ok {
		return
	}
	positive := make([]bool, len(xs))
	for i, x := range xs {
		if positive[i] = x > threshold; positive[i] {
			r.Positives++
		}
	}
	r.AUC = figureOf(len(xs), o, func(draw []int) float64 { return stats.AUC(stats.Pick(positive, draw), stats.Pick(ys, draw)) })
}

// threshold is the number above which a label is positive.
func threshold(human []float64, o Options) (float64, bool) {
	if o.Positive != nil {
		return *o.Positive, true
	}
	distinct := slices.Compact(slices.Sorted(slices.Values(human)))
	if len(distinct) != 2 {
		return 0, false
	}
	return distinct[0], true
}

// raters compares people with each other.
func (r *Report) raters(cases []Case, nominal bool) {
	n := 0
	for _, c := range cases {
		n = max(n, len(c.Human))
	}
	if n < 2 || !nominal {
		return
	}
	var all [][]string
	for _, c := range cases {
		if len(c.Human) == n {
			all = append(all, texts(c.Human))
		}
	}
	r.FleissKappa = number(stats.FleissKappa(all))
	for a := range n {
		for b := a + 1; b < n; b++ {
			var as, bs []string
			for _, labels := range all {
				as, bs = append(as, labels[a]), append(bs, labels[b])
			}
			r.RaterPairs = append(r.RaterPairs, RaterPair{a + 1, b + 1, number(stats.NominalKappa(as, bs))})
		}
	}
}

// repeats compares the judge with itself, over the answers that have as many scores
// as any.
func (r *Report) repeats(cases []Case) {
	n := 0
	for _, c := range cases {
		n = max(n, len(c.Judge))
	}
	var scores [][]float64
	for _, c := range cases {
		xs, _, ok := numbers(c.Judge, c.Judge)
		if len(c.Judge) == n && ok {
			scores = append(scores, xs)
		}
	}
	s, ok := stats.Repeatability(scores)
	if !ok {
		return
	}
	r.Repeats = &Repeats{
		N: s.Answers, Scores: s.Scores,
		MeanOfMeans: number(s.MeanOfMeans), WithinSD: number(s.WithinSD),
		AllEqual: number(s.AllEqual), PairsEqual: number(s.PairsEqual), MedianIsMean: number(s.MedianIsMean),
		ICC11: number(s.ICC11), ICC21: number(s.ICC21), ICC31: number(s.ICC31), Alpha: number(s.Alpha),
	}
}

// position compares both orders of a pair.
func (r *Report) position(cases []Case) {
	var forward, swapped []stats.Side
	for _, c := range cases {
		if c.Swapped == nil {
			continue
		}
		side := stats.Unread
		if len(c.Judge) > 0 {
			side = sideOf(c.Judge[0])
		}
		forward, swapped = append(forward, side), append(swapped, sideOf(*c.Swapped))
	}
	var told stats.Moments
	for _, c := range cases {
		if c.Bias != nil {
			told.Add(*c.Bias)
		}
	}
	if len(forward) == 0 && told.N() > 0 {
		r.Position = &Position{N: told.N(), Bias: number(told.Mean())}
	}
	if len(forward) == 0 {
		return
	}
	p := stats.PositionBias(forward, swapped)
	r.Position = &Position{
		N: p.Pairs, Readable: p.Readable, First: p.First, Ties: p.Ties, Both: p.Both, Agree: p.Agree,
		FirstShare: number(p.FirstShare), Agreement: number(p.Agreement), Bias: number(p.Bias),
	}
}

// sideOf reads which of two answers was chosen: 1, A or first; 2, B or second; 0, tie.
func sideOf(l Label) stats.Side {
	switch l.String() {
	case "1", "A", "a", "first":
		return stats.First
	case "2", "B", "b", "second":
		return stats.Second
	case "0", "tie", "C", "c":
		return stats.Tie
	}
	return stats.Unread
}

// length correlates scores and labels with the length of the text.
func (r *Report) length(cases []Case, combine Combine) {
	var judged, judgeScores, labelled, humanScores []float64
	for _, c := range cases {
		if c.Length < 0 {
			continue
		}
		if j, ok := one(c.Judge, Mean); ok && !j.Word {
			judged, judgeScores = append(judged, float64(c.Length)), append(judgeScores, j.Number)
		}
		if h, ok := one(c.Human, combine); ok && !h.Word {
			labelled, humanScores = append(labelled, float64(c.Length)), append(humanScores, h.Number)
		}
	}
	if len(judged) == 0 {
		return
	}
	r.Length = &Length{
		N:     len(judged),
		Judge: Correlations{number(stats.Pearson(judged, judgeScores)), number(stats.Spearman(judged, judgeScores))},
		Human: Correlations{number(stats.Pearson(labelled, humanScores)), number(stats.Spearman(labelled, humanScores))},
	}
}

// figureOf makes a figure with its interval. It is nil where the figure is not
// defined.
func figureOf(n int, o Options, f func(draw []int) float64) *Figure {
	all := make([]int, n)
	for i := range all {
		all[i] = i
	}
	x := number(f(all))
	if x == nil {
		return nil
	}
	figure := &Figure{Value: *x}
	if o.Resamples > 0 {
		i := stats.Bootstrap(n, o.Resamples, Confidence, o.Seed, f)
		if low, high := number(i.Low), number(i.High); low != nil && high != nil {
			figure.Interval = &[2]float64{*low, *high}
		}
	}
	return figure
}

// number is nil for what is no finite number.
func number(x float64) *float64 {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return nil
	}
	return &x
}
