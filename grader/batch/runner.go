package batch

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/rftgrader/rftgrader/grader"
)

// DefaultConcurrency is how many rollouts are graded at once: enough for a
// trainer's usual batch of 64 to wait for a remote judge all together.
const DefaultConcurrency = 64

const (
	minReserve = 250 * time.Millisecond
	maxReserve = 5 * time.Second
	// groupWidth is how many rollouts a group is taken to hold when groups,
	// which grade their members concurrently, share the concurrency.
	groupWidth = 8
)

// A Runner grades batches. Its fields are not changed once it runs. It is safe
// for concurrent use.
type Runner struct {
	// Grader grades. A [grader.BatchGrader] gets the rollouts of each prompt
	// together; a panic then costs its group.
	Grader grader.Grader
	// Concurrency is how many rollouts are graded at once; 0 means
	// DefaultConcurrency. While graders stall, more are graded in their
	// places, up to four times as many and 64.
	Concurrency int
	// Reserve is the time kept free before the context's deadline for what
	// comes after grading. 0 means a tenth of the time left, but at least
	// 250 ms, at most 5 s and never more than half of the time left.
	Reserve time.Duration
	// Cache keeps finished results; nil keeps nothing.
	Cache *Cache
	// Scope is what decides the results besides the content: the spec's hash.
	Scope string
	// Last, if set, says which rollouts are graded after all others have
	// returned, one job at a time: a rollout, or the group that has it. It is asked
	// once for each rollout that is to be graded, before grading begins.
	Last func(*grader.Rollout) bool
	// Progress, if set, is called after each rollout with the number of
	// rollouts done and in all. Calls come one at a time.
	Progress func(done, total int)
}

// Run grades the items and returns one outcome for each, in order. It returns
// before the context's deadline less the reserve, or soon after the context is
// done. Items that could not be decoded keep their error.
func (r *Runner) Run(ctx context.Context, items []grader.Item) []Outcome {
	w := &work{runner: r, outcomes: make([]Outcome, len(items))}
	for i, item := range items {
		w.outcomes[i] = Outcome{Item: item, Source: FromGrader}
	}
	if bg, ok := r.Grader.(grader.BatchGrader); ok {
		w.groups(bg)
	} else {
		w.singles()
	}
	w.putLast()
	w.run(ctx)
	return w.outcomes
}

func (r *Runner) concurrency() int {
	if r.Concurrency > 0 {
		return r.Concurrency
	}
	return DefaultConcurrency
}

// times returns when the graders' context ends and when Run leaves behind
// those that have not returned. Both come before the deadline less the reserve.
func (r *Runner) times(now, deadline time.Time) (end, leave time.Time) {
	left := deadline.Sub(now)
	reserve := r.Reserve
	if reserve <= 0 {
		reserve = min(max(left/10, minReserve), maxReserve)
	}
	reserve = max(0, min(reserve, left/2))
	answer := deadline.Add(-reserve)
	grace := min(answer.Sub(now)/20, 250*time.Millisecond)
	return answer.Add(-2 * grace), answer.Add(-grace)
}

// singles makes one job of each content that is not known yet.
func (w *work) singles() {
	jobs := map[grader.Key]*job{}
	for i := range w.outcomes {
		o := &w.outcomes[i]
		if w.undecodable(o) {
			continue
		}
		key := scoped(w.runner.Scope, o.Item.Rollout.Key())
		if j, ok := jobs[key]; ok {
			o.Source = FromDuplicate
			j.members[0].also = append(j.members[0].also, i)
			continue
		}
		if w.kept(o, key) {
			continue
		}
		j := &job{members: []member{{index: i, key: key}}}
		rollout := o.Item.Rollout
		j.grade = func(ctx context.Context) ([]grader.Result, []error) {
			result, err := w.runner.Grader.Grade(ctx, rollout)
			return []grader.Result{result}, []error{err}
		}
		jobs[key] = j
		w.jobs = append(w.jobs, j)
	}
}

// groups makes one job of each prompt. What a grader says of a rollout depends
// on its group here, so a result is known only for the same group.
func (w *work) groups(bg grader.BatchGrader) {
	byPrompt := map[grader.Key]*job{}
	for i := range w.outcomes {
		o := &w.outcomes[i]
		if w.undecodable(o) {
			continue
		}
		prompt, has := o.group()
		j, ok := byPrompt[prompt]
		if !ok || !has {
			j = &job{}
			if has {
				byPrompt[prompt] = j
			}
			w.jobs = append(w.jobs, j)
		}
		j.members = append(j.members, member{index: i, key: o.Item.Rollout.Key()})
	}
	w.jobs = slices.DeleteFunc(w.jobs, func(j *job) bool {
		group := make([]grader.Key, len(j.members))
		for i, m := range j.members {
			group[i] = m.key
		}
		slices.SortFunc(group, func(a, b grader.Key) int { return bytes.Compare(a[:], b[:]) })
		whole := scoped(w.runner.Scope, group...)
		known := true
		rollouts := make([]*grader.Rollout, len(j.members))
		for i := range j.members {
			m := &j.members[i]
			m.key = scoped(w.runner.Scope, whole, m.key)
			rollouts[i] = w.outcomes[m.index].Item.Rollout
			_, ok := w.runner.Cache.get(m.key)
			known = known && ok
		}
		if known {
			// A result may leave the cache between the two looks.
			left := slices.ContainsFunc(j.members, func(m member) bool { return !w.kept(&w.outcomes[m.index], m.key) })
			if !left {
				return true
			}
			for _, m := range j.members {
				o := &w.outcomes[m.index]
				o.Result, o.Source = grader.Result{}, FromGrader
			}
		}
		j.grade = func(ctx context.Context) ([]grader.Result, []error) {
			results, errs := bg.GradeBatch(ctx, rollouts)
			if len(results) != len(rollouts) || len(errs) != len(rollouts) {
				err := grader.Permanentf("the grader answered a group of %d rollouts with %d results and %d errors", len(rollouts), len(results), len(errs))
				return make([]grader.Result, len(rollouts)), slices.Repeat([]error{err}, len(rollouts))
			}
			return results, errs
		}
		return false
	})
}

// putLast moves the jobs that the runner wants last behind the others.
func (w *work) putLast() {
	if w.runner.Last == nil {
		return
	}
	for _, j := range w.jobs {
		j.alone = slices.ContainsFunc(j.members, func(m member) bool {
			return w.runner.Last(w.outcomes[m.index].Item.Rollout)
		})
	}
	slices.SortStableFunc(w.jobs, func(a, b *job) int {
		switch {
		case a.alone == b.alone:
			return 0
		case a.alone:
			return 1
		}
		return -1
	})
}

func (w *work) undecodable(o *Outcome) bool {
	switch {
	case o.Item.Err != nil:
		o.Err = o.Item.Err
	case o.Item.Rollout == nil:
		o.Err = &grader.DataError{Err: fmt.Errorf("no rollout was read")}
	default:
		return false
	}
	o.Source = FromDecoder
	return true
}

func (w *work) kept(o *Outcome, key grader.Key) bool {
	result, ok := w.runner.Cache.get(key)
	if ok {
		o.Result, o.Source = result, FromCache
	}
	return ok
}
