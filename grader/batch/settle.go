package batch

import (
	"fmt"
	"strings"

	"github.com/rftgrader/rftgrader/grader"
)

// UngradedMetric is the name of the metric, with the value 1, that every
// imputed score carries.
const UngradedMetric = "ungraded"

// Settle makes the scores that the trainer gets, in order, one for each outcome.
//
// Graded rollouts keep their score and metrics. An ungraded one gets what the
// policy says for its fault: a number, or the mean of the graded rollouts of
// the same prompt, and the metric "ungraded". Where the policy says fail, where
// a neutral score has no graded mate to be taken from, and where the share of
// ungraded rollouts is above MaxUngraded, the batch has no scores and the error
// is a [*Failure].
func Settle(outcomes []Outcome, policy grader.Policy) ([]grader.Score, error) {
	scores := make([]grader.Score, len(outcomes))
	mates := groupMeans(outcomes)
	f := &Failure{Total: len(outcomes), Counts: map[grader.Fault]int{}}
	for i := range outcomes {
		o := &outcomes[i]
		scores[i].ID = o.Item.ID
		if o.Graded() {
			scores[i].Reward, scores[i].Metrics = o.Result.Score, o.Result.Metrics
			continue
		}
		f.count(i, o)
		reward, why := impute(o, policy, mates)
		if why != "" {
			f.because(i, o, why)
			continue
		}
		scores[i].Reward = reward
		scores[i].Metrics = []grader.Metric{grader.Measure(UngradedMetric, 1)}
	}
	if n := f.ungraded(); n > 0 && tooMany(n, len(outcomes), policy.MaxUngraded) && f.Cause == nil {
		i := f.first
		f.because(i, &outcomes[i], fmt.Sprintf("max_ungraded is %g of the batch", policy.MaxUngraded))
		f.crowd = true
	}
	if f.Cause != nil {
		return nil, f
	}
	return scores, nil
}

// tooMany reports whether n of total is above a share. Shares such as 0.29 have
// no exact float, so the product may be off by its last bits.
func tooMany(n, total int, share float64) bool {
	const noise = 1e-9
	return float64(n) > share*float64(total)*(1+noise)
}

// impute returns the number for an ungraded rollout, or why there is none.
func impute(o *Outcome, policy grader.Policy, mates map[grader.Key]mean) (reward float64, why string) {
	fault := o.Fault()
	action := policy.Action(fault)
	if v, ok := action.Number(); ok {
		return v, ""
	}
	if action.IsFail() {
		return 0, fmt.Sprintf("on_error.%s is fail", fault)
	}
	if key, ok := o.group(); ok {
		if m := mates[key]; m.n > 0 {
			return m.value(), ""
		}
	}
	return 0, fmt.Sprintf("on_error.%s is neutral, but no rollout of the same prompt in the batch was graded", fault)
}

type mean struct {
	sum float64
	n   int
}

func (m mean) value() float64 { return m.sum / float64(m.n) }

// groupMeans returns the means of the graded rollouts of each prompt that also
// has an ungraded one.
func groupMeans(outcomes []Outcome) map[grader.Key]mean {
	means := map[grader.Key]mean{}
	for i := range outcomes {
		if o := &outcomes[i]; !o.Graded() {
			if key, ok := o.group(); ok {
				means[key] = mean{}
			}
		}
	}
	if len(means) == 0 {
		return means
	}
	for i := range outcomes {
		o := &outcomes[i]
		if !o.Graded() {
			continue
		}
		if key, ok := o.group(); ok {
			if m, ok := means[key]; ok {
				means[key] = mean{m.sum + o.Result.Score, m.n + 1}
			}
		}
	}
	return means
}

// A Failure is a batch that gets no scores. Its text names the first cause, the
// counts and the remedy, and quotes no prompt, answer or reference.
type Failure struct {
	Total  int                  // rollouts in the batch
	Counts map[grader.Fault]int // ungraded rollouts by fault
	Index  int                  // of the rollout that decided
	ID     string               // of that rollout, as it was sent: JSON
	Fault  grader.Fault         // of that rollout
	Cause  error                // of that rollout
	Why    string               // what the policy says of it

	first int
	crowd bool
}

func (f *Failure) count(i int, o *Outcome) {
	if f.ungraded() == 0 {
		f.first = i
	}
	f.Counts[o.Fault()]++
}

func (f *Failure) ungraded() int {
	n := 0
	for _, c := range f.Counts {
		n += c
	}
	return n
}

func (f *Failure) because(i int, o *Outcome, why string) {
	if f.Cause != nil {
		return
	}
	f.Index, f.Fault, f.Cause, f.Why = i, o.Fault(), o.Err, why
	f.ID = string(o.Item.ID)
}

// Unwrap returns the cause.
func (f *Failure) Unwrap() error { return f.Cause }

func (f *Failure) Error() string {
	var counts []string
	for _, fault := range grader.Faults() {
		if n := f.Counts[fault]; n > 0 {
			counts = append(counts, fmt.Sprintf("%s %d", fault, n))
		}
	}
	const longest = 80
	id := f.ID
	if len(id) > longest {
		id = strings.ToValidUTF8(id[:longest], "") + "..."
	}
	return fmt.Sprintf("no score for this batch: %d of %d rollouts ungraded (%s); first cause, rollout %d (id %s): %v; %s; %s",
		f.ungraded(), f.Total, strings.Join(counts, ", "), f.Index, id, f.Cause, f.Why, f.remedy())
}

func (f *Failure) remedy() string {
	retry := "the results that are finished are kept for a retry"
	if f.crowd {
		return retry + "; mend the cause, or raise max_ungraded to accept that share"
	}
	switch f.Fault {
	case grader.FaultTransient:
		return retry + "; wait or raise the quota, or set on_error: {transient: neutral} to train on without these rollouts"
	case grader.FaultDeadline:
		return retry + "; raise the function's time-out or memory, send smaller batches, or set on_error: {deadline: neutral}"
	case grader.FaultData:
		return "mend the data (rft grade shows each such rollout), or set on_error: {data: 0} to give it a number of your own"
	}
	return "mend the cause, or set on_error: {permanent: 0} to give such rollouts a number of your own"
}
