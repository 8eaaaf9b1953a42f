package workbench

import (
	"slices"
	"time"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/grader/batch"
	"github.com/rftgrader/rftgrader/grader/spec"
	"github.com/rftgrader/rftgrader/grader/workbench/stats"
)

// A tally counts outcomes as they come. Of each rollout it keeps its score and a
// hash of its id, and of each prompt a short key; nothing else grows with their
// number.
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
	t := &tally{ungraded: map[grader.Fault]*causes{}, ids: newIDs(), metrics: map[metricName]*stats.Moments{}}
	for _, fault := range grader.Faults() {
		t.ungraded[fault] = &causes{}
	}
	t.least, t.greatest, t.ranged = s.Range()
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
