package workbench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/grader/batch"
	"github.com/rftgrader/rftgrader/grader/spec"
)

// cacheEntries is how many results are kept to answer for equal rollouts that
// stand further apart than one chunk.
const cacheEntries = 1 << 14

// grading is one run of rft grade.
type grading struct {
	program   *program
	options   gradeOptions
	spec      *spec.Spec
	gates     []gate
	inputs    []input
	results   *results // nil without --out
	summaryTo io.Writer
	progress  *progress
}

// run grades chunk after chunk, and sums up what was graded, whatever ended it.
func (g *grading) run(ctx context.Context) (err error) {
	defer g.close()
	if ctx, err = g.options.recordings.under(ctx); err != nil {
		return err
	}
	cache, err := batch.NewCache(cacheEntries)
	if err != nil {
		return err
	}
	runner := &batch.Runner{
		Grader:      g.spec.Grader(),
		Concurrency: g.spec.Concurrency(),
		Cache:       cache,
		Scope:       g.spec.Hash(),
	}
	if g.options.concurrency > 0 {
		runner.Concurrency = g.options.concurrency
	}
	_, together := runner.Grader.(grader.BatchGrader)
	rows := &chunker{feed: &feed{inputs: g.inputs}, together: together}
	defer rows.feed.close()
	if !g.options.quiet {
		g.progress = newProgress(g.program.stderr, size(g.inputs))
	}

	start := time.Now()
	sum := newTally(g.spec)
	ended := g.grade(ctx, runner, rows, sum)
	g.progress.clear()
	interrupted := errors.Is(ended, errInterrupted)
	if errors.Is(ended, io.EOF) {
		ended = nil
	}
	switch err := g.results.finish(sum.rollouts > 0); {
	case err == nil, errors.Is(ended, err):
	case ended == nil:
		ended = err
	default:
		ended = fmt.Errorf("%w; %w", ended, err)
	}
	if sum.rollouts == 0 {
		return nothing(ended)
	}

	s := sum.summary(elapsed(start))
	s.describe(g, ended == nil)
	if err := g.print(s); err != nil {
		return errors.Join(ended, err)
	}
	g.warn(s, rows)
	switch {
	case interrupted:
		return fmt.Errorf("%w after %s%s", ended, count(sum.rollouts, "rollout"), g.results.kept())
	case ended != nil:
		return fmt.Errorf("%w; the summary is that of the %s before%s", ended, count(sum.rollouts, "rollout"), g.results.kept())
	}
	if path := g.results.name(); path != "" {
		g.note("wrote %s to %s", count(sum.rollouts, "result"), path)
	}
	if s.Graded == 0 {
		return fmt.Errorf("none of the %s could be graded; the first, %s: %s", count(s.Rollouts, "rollout"), sum.first.Place, sum.first.Cause)
	}
	return checkGates(g.gates, s, g.spec.Policy().MaxUngraded)
}

// errInterrupted ends a grading that did not reach the end of its input.
var errInterrupted = errors.New("interrupted")

// grade returns what ended it, io.EOF where all was graded.
func (g *grading) grade(ctx context.Context, runner *batch.Runner, rows *chunker, sum *tally) error {
	for {
		begun := rows.feed.offset()
		chunk, end := rows.next(ctx)
		if ctx.Err() != nil && (len(chunk) > 0 || !errors.Is(end, io.EOF)) {
			return errInterrupted
		}
		items := make([]grader.Item, len(chunk))
		for i := range chunk {
			items[i] = chunk[i].Item
		}
		missed := false
		runner.Progress = g.progress.during(sum.rollouts, begun, rows.feed.offset())
		for i, o := range runner.Run(ctx, items) {
			if ctx.Err() != nil && !o.Graded() && o.Fault() == grader.FaultDeadline {
				missed = true // and not at fault itself
				continue
			}
			sum.add(chunk[i], &o)
			if err := g.results.write(chunk[i], &o); err != nil {
				return err
			}
		}
		if err := g.results.flush(); err != nil {
			return err
		}
		switch {
		case missed:
			return errInterrupted
		case end != nil:
			return end
		}
	}
}

// nothing says why there is no summary.
func nothing(ended error) error {
	switch {
	case errors.Is(ended, errInterrupted):
		return fmt.Errorf("%w before the first rollout was graded", ended)
	case ended != nil:
		return ended
	}
	return errors.New("there are no rollouts in the input")
}

// warn tells of what a person may overlook in the summary.
func (g *grading) warn(s *summary, rows *chunker) {
	for _, n := range s.IDs.notes() {
		g.note("note: %s", n)
	}
	if n := len(rows.split); n > 0 {
		g.note("warning: the rollouts of %s do not stand together, or are too many to be graded together, and were graded in parts: sort the file by prompt", count(n, "prompt"))
	}
	if s.Graded == 0 || s.Complete && len(g.gates) > 0 {
		return // what ends the run says it, too
	}
	if most := g.spec.Policy().MaxUngraded; crowded(s.Ungraded.Total, s.Rollouts, most) {
		g.note("warning: %s of the rollouts are ungraded: a batch of a training job would fail, since max_ungraded is %v", percent(s.Ungraded.Total, s.Rollouts), most)
	}
}

// close ends what is left of the run. Calls after the first do nothing.
func (g *grading) close() {
	g.results.abandon()
	if err := g.spec.Close(); err != nil {
		g.note("closing the spec: %v", err)
	}
}
