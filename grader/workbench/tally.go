package workbench

import (
	"slices"
	"time"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/grader/batch"
	"github.com/rftgrader/rftgrader/grader/spec"
	"github.com/rftgrader/rftgrader/grader/workbench/stats"
)

// A tally counts outcomes as they come. Of each rollout it keeps its score, and
// of each prompt a short key; nothing else grows with their number.
type tally struct {
	rollouts int
	ungraded map[grader.Fault]int
	first    map[grader.Fault]firstCause
	reward   stats.Moments
	scores   []float64
	found    int
	equal    int
	metrics  map[metricName]*stats.Moments
	order    []metricName
	groups   stats.Groups[promptKey]

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
	t := &tally{ungraded: map[grader.Fault]int{}, first: map[grader.Fault]firstCause{}, metrics: map[metricName]*stats.Moments{}}
	t.least, t.greatest, t.ranged = s.Range()
	return t
}

func (t *tally) add(at row, o *batch.Outcome) {
	t.rollouts++
	if o.Source == batch.FromDuplicate || o.Source == batch.FromCache {
		t.equal++
	}
	if !o.Graded() {
		fault := o.Fault()
		t.ungraded[fault]++
		if _, ok := t.first[fault]; !ok {
			// The summary may be kept as a log: no text of the data.
			t.first[fault] = firstCause{Class: fault, Place: at.place(), ID: rawID(oneLine(o.Item.ID)), Cause: o.Err.Error()}
		}
		return
	}
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
	// Answers without a prompt are no group.
	if r := o.Item.Rollout; len(r.Prompt()) > 0 {
		key := r.PromptKey()
		t.groups.Add(promptKey(key[:]), score)
	}
}

// histogramBins is how many bins a summary's histogram has.
const histogramBins = 10

// summary makes the figures. The tally's scores are sorted by it.
func (t *tally) summary(took time.Duration) *summary {
	s := &summary{
		Rollouts:          t.rollouts,
		Graded:            t.reward.N(),
		FirstCauses:       []firstCause{},
		Metrics:           []metricSummary{},
		Equal:             t.equal,
		Seconds:           took.Seconds(),
		RolloutsPerSecond: float64(t.rollouts) / took.Seconds(),
	}
	s.Ungraded = ungradedCounts{
		Total:     s.Rollouts - s.Graded,
		Data:      t.ungraded[grader.FaultData],
		Transient: t.ungraded[grader.FaultTransient],
		Permanent: t.ungraded[grader.FaultPermanent],
		Deadline:  t.ungraded[grader.FaultDeadline],
	}
	for _, fault := range grader.Faults() {
		if first, ok := t.first[fault]; ok {
			s.FirstCauses = append(s.FirstCauses, first)
		}
	}
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
	return s
}

func (t *tally) rewards() *rewardSummary {
	slices.Sort(t.scores)
	lo, hi := t.least, t.greatest
	if !t.ranged {
		// Without a range most graders score from 0 to 1.
		lo, hi = min(0, t.reward.Min()), max(1, t.reward.Max())
	}
	p := func(p float64) float64 { return stats.Percentile(t.scores, p) }
	r := &rewardSummary{
		Mean: figure(t.reward.Mean()), SD: figure(t.reward.SD()), Min: t.reward.Min(),
		P10: p(10), P25: p(25), P50: p(50), P75: p(75), P90: p(90),
		Max: t.reward.Max(),
	}
	for _, b := range stats.Histogram(t.scores, lo, hi, histogramBins) {
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
	return g
}
