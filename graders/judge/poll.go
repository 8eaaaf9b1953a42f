package judge

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/rftgrader/rftgrader/grader"
)

// A ballot is one model's valid verdict.
type ballot[V any] struct {
	value  V
	weight float64
	by     string
}

// poll asks every model for its samples, and returns the valid verdicts in a
// fixed order. With fewer than must be there, it is the gravest of the faults:
// one that a retry may mend before one that it cannot. No verdict is made up
// for a missing one.
func poll[V any](ctx context.Context, j *judge, ask func(context.Context, *panelist, int) (V, tally, error), same func(a, b V) bool) ([]ballot[V], tally, error) {
	type reply struct {
		value V
		err   error
	}
	replies := make([][]reply, len(j.panel))
	tallies := make([]tally, len(j.panel))
	n := j.samples.N
	var wg sync.WaitGroup
	for i, p := range j.panel {
		wg.Go(func() {
			got := make([]reply, n)
			spent := make([]tally, n)
			one := func(s int) {
				defer caught(&got[s].err)
				got[s].value, spent[s], got[s].err = ask(ctx, p, s)
			}
			from := func(start, end int) {
				var inner sync.WaitGroup
				for s := start + 1; s < end; s++ {
					inner.Go(func() { one(s) })
				}
				one(start)
				inner.Wait()
			}
			asked := n
			if k := j.samples.StopEarly; k > 0 && k < n {
				from(0, k)
				agree := !slices.ContainsFunc(got[:k], func(r reply) bool { return r.err != nil || !same(r.value, got[0].value) })
				if agree {
					asked = k
				} else {
					from(k, n)
				}
			} else {
				from(0, n)
			}
			replies[i] = got[:asked]
			for _, t := range spent {
				tallies[i].add(t)
			}
		})
	}
	wg.Wait()

	var ballots []ballot[V]
	var spent tally
	var errs []error
	valid := 0
	for i, p := range j.panel {
		spent.add(tallies[i])
		ok := 0
		for _, r := range replies[i] {
			if r.err == nil {
				ok++
			} else {
				errs = append(errs, r.err)
			}
		}
		valid += ok
		if ok == len(replies[i]) {
			valid += n - ok // what was not asked for, as all agreed
		}
		for _, r := range replies[i] {
			if r.err == nil {
				ballots = append(ballots, ballot[V]{value: r.value, weight: p.weight / float64(ok), by: p.id})
			}
		}
	}
	all := n * len(j.panel)
	need := cmp.Or(j.samples.MinValid, all/2+1)
	if valid >= need {
		return ballots, spent, nil
	}
	return nil, spent, missing(errs, all, need)
}

// missing is the error of a rollout with too few verdicts.
func missing(errs []error, all, need int) error {
	rank := map[grader.Fault]int{grader.FaultTransient: 0, grader.FaultDeadline: 1, grader.FaultPermanent: 2, grader.FaultData: 3}
	first := slices.MinFunc(errs, func(a, b error) int { return rank[grader.FaultOf(a)] - rank[grader.FaultOf(b)] })
	if all == 1 {
		return first
	}
	return fmt.Errorf("%d of %d verdicts are missing, and %d must be there: %w", len(errs), all, need, first)
}

// together runs every function in a goroutine of its own, but for one, and
// returns when all have ended, with their errors joined.
func together(do ...func() error) error {
	errs := make([]error, len(do))
	var wg sync.WaitGroup
	for i := 1; i < len(do); i++ {
		wg.Go(func() { errs[i] = do[i]() })
	}
	errs[0] = do[0]()
	wg.Wait()
	return errors.Join(errs...)
}
