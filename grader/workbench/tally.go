package workbench

import (
	"slices"
	"time"
	"unicode/utf8"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/grader/batch"
	"github.com/rftgrader/rftgrader/grader/spec"
	"github.com/rftgrader/rftgrader/grader/workbench/figures"
	"github.com/rftgrader/rftgrader/grader/workbench/stats"
)

// A tally counts outcomes as they come. Of each rollout it keeps some numbers and a
// hash of its id, and of each prompt a short key; nothing else grows with their
// number, but for labels and repeats.
type tally struct {
	rollouts int
	ungraded map[grader.Fault]*causes
	first    *cause // of the first ungraded rollout
	ids      ids
	reward   stats.Moments
	scores   []float64
	found    int
	equal    int
	metrics  map[metricName]*stats.Moments
	order    []metricName
	groups   stats.Groups[int32]

	// Of each graded rollout, as scores before they are sorted.
	lengths []int32 // of the answer, in characters
	group   []int32 // the number of its prompt, or figures.Ungrouped
	prompts map[promptKey]int32
	took    []float32 // seconds of those that a grader was asked for

	threshold float64 // from which on a score passes
	ks        []int   // of pass@k; none are the usual ones
	asked     []int   // more, which gates ask for
	selection *selection
	labels    *labels  // nil without
	repeats   *repeats // nil without

	least, greatest float64
	ranged          bool
}

// promptKey is half of the key of a prompt, which is enough to tell a file's
// prompts apart.
type promptKey [16]byte

type metricName struct {
	name string
	kind grader.MetricType
}

func newTally(s *spec.Spec) *tally {
	t := &tally{ungraded: map[grader.Fault]*causes{}, ids: newIDs(), metrics: map[metricName]*stats.Moments{}, prompts: map[promptKey]int32{}}
	for _, fault := range grader.Faults() {
		t.ungraded[fault] = &causes{}
	}
	t.least, t.greatest, t.ranged = s.Range()
	t.threshold = 1
	if t.ranged {
		t.threshold = t.greatest
	}
	return t
}

func (t *tally) add(at row, o *batch.Outcome) {
	t.rollouts++
	if o.Source == batch.FromDuplicate || o.Source == batch.FromCache {
		t.equal++
	}
	t.ids.add(o)
	if !o.Graded() {
		c := t.ungraded[o.Fault()].add(at, o)
		if t.first == nil {
			t.first = c
		}
		return
	}
	t.labels.add(at, o)
	score := o.Result.Score
	t.reward.Add(score)
	t.scores = append(t.scores, score)
	if o.Result.Found != "" {
		t.found++
	}
	for _, m := range o.Result.Metrics {
		name := metricName{m.Name, m.Type}
		if name.kind == "" {
			name.kind = grader.MetricMeasure
		}
		moments, ok := t.metrics[name]
		if !ok {
			moments = &stats.Moments{}
			t.metrics[name] = moments
			t.order = append(t.order, name)
		}
		moments.Add(m.Value)
	}
	number := t.number(o.Item.Rollout)
	if number != figures.Ungrouped {
		t.groups.Add(number, score)
	}
	t.group = append(t.group, number)
	t.lengths = append(t.lengths, int32(answerLength(o.Item.Rollout)))
	if o.Source == batch.FromGrader {
		t.took = append(t.took, float32(o.Took.Seconds()))
	}
}

// repeated takes the other outcomes of the rollout that was added last.
func (t *tally) repeated(first *batch.Outcome, others []batch.Outcome) {
	group := int32(figures.Ungrouped)
	if first.Graded() {
		group = t.group[len(t.group)-1]
	}
	t.repeats.add(first, group, others)
}

// number returns the number of the rollout's prompt. Answers without a prompt have
// none in common.
func (t *tally) number(r *grader.Rollout) int32 {
	if len(r.Prompt()) == 0 {
		return figures.Ungrouped
	}
	whole := r.PromptKey()
	key := promptKey(whole[:])
	n, ok := t.prompts[key]
	if !ok {
		n = int32(len(t.prompts))
		t.prompts[key] = n
	}
	return n
}

// answerLength counts the characters of the answer.
func answerLength(r *grader.Rollout) int { return utf8.RuneCountInString(r.Response()) }

// histogramBins is how many bins a summary's histogram has.
const histogramBins = 10

// summary makes the figures.
func (t *tally) summary(took time.Duration) *summary {
	s := &summary{
		Rollouts:          t.rollouts,
		Graded:            t.reward.N(),
		Causes:            []*cause{},
		IDs:               idSummary{t.ids.missing, t.ids.repeated, t.ids.first},
		Metrics:           []metricSummary{},
		Equal:             t.equal,
		Seconds:           took.Seconds(),
		RolloutsPerSecond: float64(t.rollouts) / took.Seconds(),
	}
	s.Ungraded = ungradedCounts{
		Total:     s.Rollouts - s.Graded,
		Data:      t.ungraded[grader.FaultData].total,
		Transient: t.ungraded[grader.FaultTransient].total,
		Permanent: t.ungraded[grader.FaultPermanent].total,
		Deadline:  t.ungraded[grader.FaultDeadline].total,
	}
	for _, fault := range grader.Faults() {
		s.Causes = append(s.Causes, t.ungraded[fault].shown()...)
	}
	s.allCauses = t.ungraded
	s.Found.Count = t.found
	if s.Graded > 0 {
		share := float64(t.found) / float64(s.Graded)
		s.Found.Share = &share
		s.Reward = t.rewards()
	}
	for _, name := range t.order {
		m := t.metrics[name]
		s.Metrics = append(s.Metrics, metricSummary{name.name, name.kind, m.N(), figure(m.Mean()), m.Min(), m.Max()})
	}
	s.Groups = t.groupSummary()
	s.Length = t.lengthSummary()
	s.Latency = latencySummaryOf(t.took)
	s.Guidance = t.guidance(s)
	s.Selected = t.selection.summary()
	s.Labels = t.labels.summary(t)
	s.Repeat = t.repeats.summary()
	return s
}

func (t *tally) rewards() *rewardSummary {
	sorted := slices.Sorted(slices.Values(t.scores))
	lo, hi := t.least, t.greatest
	if !t.ranged {
		// Without a range most graders score from 0 to 1.
		lo, hi = min(0, t.reward.Min()), max(1, t.reward.Max())
	}
	p := func(p float64) float64 { return stats.Percentile(sorted, p) }
	r := &rewardSummary{
		Mean: figure(t.reward.Mean()), SD: figure(t.reward.SD()), Min: t.reward.Min(),
		P10: p(10), P25: p(25), P50: p(50), P75: p(75), P90: p(90),
		Max: t.reward.Max(),
	}
	for _, b := range stats.Histogram(sorted, lo, hi, histogramBins) {
		r.Histogram = append(r.Histogram, bin{b.From, b.To, b.Count})
	}
	return r
}

func (t *tally) groupSummary() groupSummary {
	c := t.groups.Count()
	g := groupSummary{Prompts: c.Prompts, Groups: c.Groups, Flat: c.Flat}
	share := func(n int) *float64 {
		if c.Groups == 0 {
			return nil
		}
		s := float64(n) / float64(c.Groups)
		return &s
	}
	g.FlatShare = share(c.Flat)
	if t.ranged {
		right, wrong := c.FlatAt[t.greatest], c.FlatAt[t.least]
		g.AllRight, g.AllRightShare = &right, share(right)
		g.AllWrong, g.AllWrongShare = &wrong, share(wrong)
	}
	of := figures.OfGroups(t.scores, t.group, t.threshold, t.ks)
	g.Least, g.Most = of.Least, of.Most
	g.MeanOfMeans, g.Between, g.Within = figure(of.MeanOfMeans), figure(of.Between), figure(of.Within)
	g.Threshold, g.Pass = t.threshold, passSummaries(of.Passes)
	if len(t.asked) > 0 {
		g.asked = passSummaries(figures.OfGroups(t.scores, t.group, t.threshold, t.asked).Passes)
	}
	return g
}

func passSummaries(passes []figures.Pass) []passSummary {
	out := []passSummary{}
	for _, p := range passes {
		out = append(out, passSummary{p.K, p.Prompts, figure(p.PassAtK), figure(p.BestOfK)})
	}
	return out
}

func (t *tally) lengthSummary() *lengthSummary {
	if len(t.lengths) == 0 {
		return nil
	}
	lengths := make([]float64, len(t.lengths))
	var m stats.Moments
	for i, n := range t.lengths {
		lengths[i] = float64(n)
		m.Add(lengths[i])
	}
	return &lengthSummary{
		Mean: figure(m.Mean()), Min: m.Min(), Max: m.Max(),
		Pearson: figure(stats.Pearson(t.scores, lengths)), Spearman: figure(stats.Spearman(t.scores, lengths)),
	}
}

func latencySummaryOf(took []float32) *latencySummary {
	if len(took) == 0 {
		return nil
	}
	sorted := make([]float64, len(took))
	for i, s := range took {
		sorted[i] = float64(s)
	}
	slices.Sort(sorted)
	p := func(p float64) float64 { return stats.Percentile(sorted, p) }
	return &latencySummary{Count: len(took), P50: p(50), P90: p(90), P99: p(99), Max: sorted[len(sorted)-1]}
}

func (t *tally) guidance(s *summary) []adviceSummary {
	out := []adviceSummary{}
	if s.Reward == nil || t.selection != nil { // what is picked out is no sample
		return out
	}
	f := figures.Facts{
		Graded: s.Graded, Mean: float64(s.Reward.Mean), Min: s.Reward.Min, Max: s.Reward.Max,
		Groups: s.Groups.Groups, Flat: s.Groups.Flat, LengthRank: float64(s.Length.Spearman),
	}
	if t.ranged {
		f.Least, f.Greatest = t.least, t.greatest
	}
	for _, score := range t.scores {
		if score > f.Least {
			f.Positive++
		}
	}
	for _, a := range figures.Guidance(f) {
		out = append(out, adviceSummary{a.Rule, a.Text, a.Source})
	}
	return out
}
