package spec

import (
	"context"
	"errors"
	"maps"
	"runtime"
	"slices"
	"sync"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/grader/internal/panics"
)

// A batchComposite is a composite with a part that grades rollouts together.
type batchComposite struct{ *composite }

// errWaits ends the evaluation of a formula that needs a part which grades
// rollouts together.
var errWaits = errors.New("waits for a grader that grades rollouts together")

// A job is a rollout of a batch.
type job struct {
	*trial
	slot   int // what is graded now, or what the job waits for
	result grader.Result
	err    error
}

// GradeBatch grades in rounds: the formula of each rollout runs until it needs
// a part that grades together; then that part gets all rollouts that wait for
// it in one call, and their formulas run on. While a rollout that may yet need
// a part waits for another one, that part is not called, unless all wait for
// each other.
func (c *batchComposite) GradeBatch(ctx context.Context, rs []*grader.Rollout) ([]grader.Result, []error) {
	results, errs := make([]grader.Result, len(rs)), make([]error, len(rs))
	jobs := make([]*job, len(rs))
	var active, waiting []*job
	for i, r := range rs {
		t, err := c.trial(r)
		jobs[i] = &job{trial: t, err: err}
		if err == nil {
			active = append(active, jobs[i])
		}
	}
	for len(active)+len(waiting) > 0 {
		c.atOnce(len(active), func(i int) { active[i].advance(ctx) })
		for _, j := range active {
			if j.err == errWaits {
				waiting = append(waiting, j)
			}
		}
		active, waiting = c.together(ctx, waiting)
	}
	for i, j := range jobs {
		results[i], errs[i] = j.result, j.err
	}
	return results, errs
}

// atOnce calls do for 0..n-1 in goroutines, as many at once as the spec
// allows, and returns when all have ended.
func (c *composite) atOnce(n int, do func(i int)) {
	limit := c.limit
	if limit == 0 {
		limit = 4 * runtime.GOMAXPROCS(0)
	}
	slots := make(chan struct{}, limit)
	var wg sync.WaitGroup
	for i := range n {
		slots <- struct{}{}
		wg.Go(func() {
			defer func() { <-slots }()
			do(i)
		})
	}
	wg.Wait()
}

// advance runs the formula up to its end, an error, or a part that grades
// together. A panic costs this rollout and no other one.
func (j *job) advance(ctx context.Context) {
	ended := false
	defer func() {
		if !ended {
			j.result, j.err = grader.Result{}, died(j.name(j.slot), recover())
		}
	}()
	j.result, j.err = j.run(func(slot int) error {
		j.slot = slot
		p := j.parts[j.scorer.parts[slot]]
		if err := ctx.Err(); err != nil {
			return p.late(err)
		}
		if p.batch != nil {
			return errWaits
		}
		res, err := p.grader.Grade(ctx, j.rollout)
		return j.note(slot, res, err)
	})
	ended = true
}

// together calls the parts that are waited for. It returns the jobs that can
// run on, and those that still wait.
func (c *batchComposite) together(ctx context.Context, waiting []*job) (ready, still []*job) {
	groups := map[int][]*job{} // by the part that they wait for
	for _, j := range waiting {
		p := j.scorer.parts[j.slot]
		groups[p] = append(groups[p], j)
	}
	due := slices.Sorted(maps.Keys(groups))
	due = slices.DeleteFunc(due, func(p int) bool {
		return slices.ContainsFunc(waiting, func(j *job) bool { return j.mayNeed(p) })
	})
	if len(due) == 0 && len(groups) > 0 {
		due = []int{slices.Min(slices.Collect(maps.Keys(groups)))}
	}
	c.atOnce(len(due), func(i int) { c.parts[due[i]].gradeAll(ctx, groups[due[i]]) })
	for _, j := range waiting {
		switch {
		case j.err == errWaits:
			still = append(still, j)
		case j.err == nil:
			ready = append(ready, j)
		}
	}
	return ready, still
}

// mayNeed reports whether a job that waits for one part may need another one
// later.
func (j *job) mayNeed(part int) bool {
	for slot, p := range j.scorer.parts {
		if p == part {
			return slot != j.slot && !j.known[slot]
		}
	}
	return false
}

// gradeAll gives a part all rollouts that wait for it. A panic costs all of
// these and no others.
func (p part) gradeAll(ctx context.Context, jobs []*job) {
	ended := false
	defer func() {
		if !ended {
			err := died(p.name, recover())
			for _, j := range jobs {
				j.err = err
			}
		}
	}()
	rs := make([]*grader.Rollout, len(jobs))
	for i, j := range jobs {
		rs[i] = j.rollout
	}
	fail := ctx.Err()
	var results []grader.Result
	var errs []error
	if fail != nil {
		fail = p.late(fail)
	} else if results, errs = p.batch.GradeBatch(ctx, rs); len(results) != len(rs) || len(errs) != len(rs) {
		fail = grader.Permanentf("%s: the grader gave %d results and %d errors for %d rollouts: this is a fault of the grader", p.name, len(results), len(errs), len(rs))
	}
	for i, j := range jobs {
		if j.err = fail; fail == nil {
			j.err = j.note(j.slot, results[i], errs[i])
		}
	}
	ended = true
}

// died is the error of a part that did not return.
func died(name string, p any) error {
	return grader.Permanentf("%s: the grader %s: this is a fault of the grader", name, panics.Describe(p))
}
