package lambdagrader

import (
	"context"
	"errors"

	"github.com/rftgrader/rftgrader/grader"
)

// ErrEndedProcess is in the error of a rollout that is not graded because the
// grading process ended while it was graded, and again when it was graded alone.
var ErrEndedProcess = errors.New("this rollout ended the grading process twice, the second time when it was graded alone: it is not graded again in this environment")

// watch returns the grader with its calls noted in the journal.
func watch(g grader.Grader, j *journal) grader.Grader {
	w := &watched{g, j}
	if bg, ok := g.(grader.BatchGrader); ok {
		return &watchedGroups{w, bg}
	}
	return w
}

type watched struct {
	grader  grader.Grader
	journal *journal
}

func (w *watched) Grade(ctx context.Context, r *grader.Rollout) (grader.Result, error) {
	key := r.Key()
	if _, convict := w.journal.verdict(key); convict {
		return grader.Result{}, &grader.PermanentError{Err: ErrEndedProcess}
	}
	graded := true // as far as a panic tells
	w.journal.begin(key)
	defer func() { w.journal.end(graded, key) }()
	result, err := w.grader.Grade(ctx, r)
	graded = wasGraded(err)
	return result, err
}

// wasGraded reports whether the grader came to look at the rollout.
func wasGraded(err error) bool { return grader.FaultOf(err) != grader.FaultDeadline }

type watchedGroups struct {
	*watched
	groups grader.BatchGrader
}

// GradeBatch grades a group without those of it that are convicted.
func (w *watchedGroups) GradeBatch(ctx context.Context, rs []*grader.Rollout) ([]grader.Result, []error) {
	results, errs := make([]grader.Result, len(rs)), make([]error, len(rs))
	var rest []*grader.Rollout
	var keys []grader.Key
	var places []int
	for i, r := range rs {
		key := r.Key()
		if _, convict := w.journal.verdict(key); convict {
			errs[i] = &grader.PermanentError{Err: ErrEndedProcess}
			continue
		}
		rest, keys, places = append(rest, r), append(keys, key), append(places, i)
	}
	if len(rest) == 0 {
		return results, errs
	}
	graded := true
	w.journal.begin(keys...)
	defer func() { w.journal.end(graded, keys...) }()
	some, someErrs := w.groups.GradeBatch(ctx, rest)
	if len(some) != len(rest) || len(someErrs) != len(rest) {
		return some, someErrs // package batch says what is wrong with it
	}
	for i, place := range places {
		results[place], errs[place] = some[i], someErrs[i]
		graded = graded && wasGraded(someErrs[i])
	}
	return results, errs
}
