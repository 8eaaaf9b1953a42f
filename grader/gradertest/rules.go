package gradertest

import (
	"context"
	"errors"
	"fmt"
	"math"
	"reflect"
	"strings"
	"sync"
	"time"

	"github.com/rftgrader/rftgrader/grader"
)

// A violation is a rule of the contract that a grader broke on a case.
type violation struct {
	rule string // as the comment on grader.Grader has it
	what string
}

func (v violation) String() string { return "rule violated: " + v.rule + "\n\t" + v.what }

const (
	ruleFault         = "what is wrong with the answer belongs in the Result; what is wrong with the grading belongs in the error"
	ruleTypedError    = "an error says whose fault it is: *grader.DataError, *grader.TransientError or *grader.PermanentError"
	ruleQuote         = "an error never quotes the prompt, the answer or the reference, because errors reach logs"
	ruleFinite        = "the Score and each Metric are finite, named, and of a type that the trainer accepts"
	ruleReason        = "a zero Score has a Reason, so that a person can see why"
	ruleDeterminism   = "the Result depends on what the rollout says, not on its ID nor on what was graded before"
	ruleShared        = "the rollout is shared: Grade does not change it"
	ruleConcurrency   = "Grade may be called concurrently"
	ruleContext       = "Grade must return soon after ctx is done"
	rulePanic         = "a grader does not panic, whatever the rollout holds"
	ruleScore         = "a right answer earns the full marks and a wrong one earns 0"
	ruleData          = "a fault of the data is a *grader.DataError, never a score"
	ruleHostile       = "a rollout that says nothing earns nothing: an empty answer is no right answer"
	ruleBuildOptions  = "a Kind builds from its own options"
	ruleBatchLength   = "GradeBatch returns one Result and one error for each rollout, in order"
	ruleBatchPermuted = "GradeBatch gives the same results, in the new order, when the rollouts are permuted"
)

// graded is one call of a grader, with what it did besides returning.
type graded struct {
	result   grader.Result
	err      error
	panicked any
}

func grade(ctx context.Context, g grader.Grader, r *grader.Rollout) (out graded) {
	defer func() { out.panicked = recover() }()
	out.result, out.err = g.Grade(ctx, r)
	return out
}

// same compares two calls; NaN equals NaN, which another rule refuses.
func (g graded) same(h graded) bool {
	if (g.err == nil) != (h.err == nil) || (g.panicked == nil) != (h.panicked == nil) {
		return false
	}
	if g.err != nil {
		return g.err.Error() == h.err.Error()
	}
	if math.IsNaN(g.result.Score) && math.IsNaN(h.result.Score) {
		return true
	}
	return reflect.DeepEqual(g.result, h.result)
}

func (g graded) String() string {
	switch {
	case g.panicked != nil:
		return fmt.Sprintf("a panic: %v", g.panicked)
	case g.err != nil:
		return fmt.Sprintf("the error %q", grader.Explain(g.err))
	}
	return fmt.Sprintf("score %v, found %.80q, reason %.200q, metrics %v", g.result.Score, g.result.Found, g.result.Reason, g.result.Metrics)
}

// checkCall checks the rules that hold for every single call.
func checkCall(out graded, r *grader.Rollout) (vs []violation) {
	add := func(rule, format string, args ...any) { vs = append(vs, violation{rule, fmt.Sprintf(format, args...)}) }
	if out.panicked != nil {
		add(rulePanic, "got %v", out)
		return vs
	}
	if out.err != nil {
		if !typed(out.err) {
			add(ruleTypedError, "got a %T: %v; wrap it in one of the types", out.err, out.err)
		}
		if q := quoted(out.err.Error(), r); q != "" {
			add(ruleQuote, "the error %q quotes %q; put such text into DataError.Detail", out.err, q)
		}
		return vs
	}
	if err := out.result.Check(); err != nil {
		add(ruleFinite, "%v", err)
	}
	if out.result.Score == 0 && strings.TrimSpace(out.result.Reason) == "" {
		add(ruleReason, "got %v", out)
	}
	return vs
}

// typed reports whether the author of an error said whose fault it is.
func typed(err error) bool {
	if grader.FaultOf(err) != grader.FaultPermanent {
		return true
	}
	var permanent *grader.PermanentError
	return errors.As(err, &permanent)
}

// minQuote is the least length of a text that counts as quoted: shorter ones
// stand in error texts by chance.
const minQuote = 12

// quoted returns what of the rollout's own text stands in an error's text.
func quoted(text string, r *grader.Rollout) string {
	sources := []string{r.Response(), string(r.Reference.Raw())}
	if s, err := r.Reference.Text(); err == nil {
		sources = append(sources, s)
	}
	for _, m := range r.Prompt() {
		sources = append(sources, m.Content.Text())
	}
	for _, s := range sources {
		s = strings.TrimSpace(s)
		if len(s) >= minQuote && strings.Contains(text, s[:min(len(s), 40)]) {
			return s[:min(len(s), 40)]
		}
	}
	return ""
}

// checkCase checks one case on a fresh grader.
func checkCase(build func() (grader.Grader, error), r *grader.Rollout) (first graded, vs []violation) {
	add := func(rule, format string, args ...any) { vs = append(vs, violation{rule, fmt.Sprintf(format, args...)}) }
	g, err := build()
	if err != nil {
		add(ruleBuildOptions, "%v", err)
		return graded{err: err}, vs
	}
	ctx := context.Background()
	before := r.Key()
	first = grade(ctx, g, r)
	vs = append(vs, checkCall(first, r)...)
	if first.panicked != nil {
		return first, vs
	}
	if again := grade(ctx, g, r); !first.same(again) {
		add(ruleDeterminism, "the same rollout again: %v, then %v", first, again)
	}
	renamed := *r
	renamed.ID = "another id"
	if other := grade(ctx, g, &renamed); !first.same(other) {
		add(ruleDeterminism, "with another ID: %v, then %v", first, other)
	}
	if r.Key() != before {
		add(ruleShared, "the rollout's content changed")
	}
	if fresh, err := build(); err == nil {
		if other := grade(ctx, fresh, r); !first.same(other) {
			add(ruleDeterminism, "a fresh grader: %v, then %v", first, other)
		}
	}
	return first, vs
}

// checkConcurrency grades every case from several goroutines at once. Run the
// tests with -race to see more than different results.
func checkConcurrency(g grader.Grader, rollouts []*grader.Rollout, want []graded) (vs []violation) {
	const goroutines = 8
	got := make([][]graded, goroutines)
	var wg sync.WaitGroup
	for i := range goroutines {
		wg.Go(func() {
			for _, r := range rollouts {
				got[i] = append(got[i], grade(context.Background(), g, r))
			}
		})
	}
	wg.Wait()
	for i := range got {
		for j := range rollouts {
			if !want[j].same(got[i][j]) {
				return []violation{{ruleConcurrency, fmt.Sprintf("rollout %q alone: %v; among others: %v", rollouts[j].ID, want[j], got[i][j])}}
			}
		}
	}
	return nil
}

// contextPatience is how long after its context's end a grader may return.
const contextPatience = 5 * time.Second

// checkContext calls the grader with a context that is already done: it may
// answer from what it has or say that time is over, but it must return.
func checkContext(g grader.Grader, r *grader.Rollout, want graded) (vs []violation) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	done := make(chan graded, 1)
	go func() { done <- grade(ctx, g, r) }()
	timer := time.NewTimer(contextPatience)
	defer timer.Stop()
	select {
	case out := <-done:
		if out.panicked != nil {
			return []violation{{rulePanic, fmt.Sprintf("with a context that is done: %v", out)}}
		}
		if out.err == nil && !want.same(out) {
			return []violation{{ruleFault, fmt.Sprintf("with a context that is done the grader gave another result, %v instead of %v: return an error when grading could not be done", out, want)}}
		}
	case <-timer.C:
		return []violation{{ruleContext, fmt.Sprintf("Grade did not return within %v of a context that was done", contextPatience)}}
	}
	return nil
}

// checkBatch compares GradeBatch over a group with itself in another order.
func checkBatch(bg grader.BatchGrader, rs []*grader.Rollout) (vs []violation) {
	ctx := context.Background()
	results, errs := bg.GradeBatch(ctx, rs)
	if len(results) != len(rs) || len(errs) != len(rs) {
		return []violation{{ruleBatchLength, fmt.Sprintf("%d rollouts, %d results, %d errors", len(rs), len(results), len(errs))}}
	}
	n := len(rs)
	turned := make([]*grader.Rollout, n)
	for i, r := range rs {
		turned[n-1-i] = r
	}
	results2, errs2 := bg.GradeBatch(ctx, turned)
	if len(results2) != n || len(errs2) != n {
		return []violation{{ruleBatchLength, fmt.Sprintf("%d rollouts, %d results, %d errors", n, len(results2), len(errs2))}}
	}
	for i := range rs {
		a, b := graded{result: results[i], err: errs[i]}, graded{result: results2[n-1-i], err: errs2[n-1-i]}
		vs = append(vs, checkCall(a, rs[i])...)
		if !a.same(b) {
			vs = append(vs, violation{ruleBatchPermuted, fmt.Sprintf("rollout %q: %v, in reverse order %v", rs[i].ID, a, b)})
		}
	}
	return vs
}
