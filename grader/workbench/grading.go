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
	gates     gates
	inputs    []input
	outputs   outputs
	selection *selection    // nil without --where
	label     *rowCondition // nil without --label
	summaryTo io.Writer
	progress  *progress
}

// run grades chunk after chunk, and sums up what was graded, whatever ended it.
func (g *grading) run(ctx context.Context) (err error) {
	defer g.close()
	if ctx, err = g.options.recordings.under(ctx); err != nil {
		return err
	}
	runner, err := g.runner()
	if err != nil {
		return err
	}
	ctx, unwatch := watchJudges(ctx, g.note)
	defer unwatch()
	_, together := runner.Grader.(grader.BatchGrader)
	rows := &chunker{feed: &feed{inputs: g.inputs}, together: together}
	defer rows.feed.close()
	if !g.options.quiet {
		g.progress = newProgress(g.program.stderr, size(g.inputs))
	}

	start := time.Now()
	sum := g.tally()
	ended := g.grade(ctx, runner, rows, sum)
	unwatch()
	g.progress.clear()
	interrupted := errors.Is(ended, errInterrupted)
	if errors.Is(ended, io.EOF) {
		ended = nil
	}
	if sum.rollouts == 0 {
		err := g.outputs.finish(false)
		if selected := g.selection; selected != nil && selected.of > 0 && ended == nil {
			return errors.Join(g.noneSelected(), err)
		}
		return errors.Join(nothing(ended), err)
	}
	s := sum.summary(elapsed(start))
	s.describe(g, ended == nil)
	results := g.gates.results(s, g.spec.Policy().MaxUngraded)
	err = g.outputs.end(s, sum, results)
	if err == nil {
		err = g.outputs.finish(true)
	} else if kept := g.outputs.finish(true); kept != nil && !errors.Is(err, kept) {
		err = fmt.Errorf("%w; %w", err, kept)
	}
	switch {
	case err == nil, errors.Is(ended, err):
	case ended == nil:
		ended = err
	default:
		ended = fmt.Errorf("%w; %w", ended, err)
	}
	s.Complete = ended == nil
	if err := g.print(s); err != nil {
		return errors.Join(ended, err)
	}
	g.warn(s, rows)
	switch {
	case interrupted:
		return fmt.Errorf("%w after %s%s", ended, count(sum.rollouts, "rollout"), g.outputs.kept())
	case ended != nil:
		return fmt.Errorf("%w; the summary is that of the %s before%s", ended, count(sum.rollouts, "rollout"), g.outputs.kept())
	}
	for _, path := range g.outputs.names() {
		g.note("wrote %s to %s", count(sum.rollouts, "result"), path)
	}
	if s.Graded == 0 {
		return fmt.Errorf("none of the %s could be graded; the first, %s: %s", count(s.Rollouts, "rollout"), sum.first.Place, sum.first.Cause)
	}
	if err := s.Labels.check(); err != nil {
		return err
	}
	return g.gates.check(s, g.spec.Policy().MaxUngraded)
}

// runner returns what grades. Nothing is kept where noise is looked for.
func (g *grading) runner() (*batch.Runner, error) {
	runner := &batch.Runner{Grader: g.spec.Grader(), Concurrency: g.spec.Concurrency(), Scope: g.spec.Hash()}
	if g.options.concurrency > 0 {
		runner.Concurrency = g.options.concurrency
	}
	if g.options.repeat > 1 {
		return runner, nil
	}
	var err error
	runner.Cache, err = batch.NewCache(cacheEntries)
	return runner, err
}

func (g *grading) tally() *tally {
	t := newTally(g.spec)
	if g.options.passGiven {
		t.threshold = g.options.pass
	}
	t.ks, t.asked = g.options.ks, g.gates.draws()
	t.selection = g.selection
	if g.label != nil {
		t.labels = &labels{of: g.label}
	}
	if g.options.repeat > 1 {
		t.repeats = &repeats{times: g.options.repeat}
	}
	return t
}

// noneSelected says that --where leaves nothing.
func (g *grading) noneSelected() error {
	s := g.selection
	err := fmt.Errorf("--where: none of the %s is selected", count(s.of, "rollout"))
	if s.unknown > 0 {
		err = fmt.Errorf("%w; of %d it cannot be told, the first %s", err, s.unknown, s.first)
	}
	return err
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
		outcomes := runner.Run(ctx, items)
		again := g.again(ctx, runner, items)
		for i, o := range outcomes {
			if ctx.Err() != nil && !o.Graded() && o.Fault() == grader.FaultDeadline {
				missed = true // and not at fault itself
				continue
			}
			if !g.selection.takes(chunk[i], &o) {
				continue
			}
			sum.add(chunk[i], &o)
			if again != nil && ctx.Err() == nil {
				sum.repeated(&o, again[i])
			}
			if err := g.outputs.write(chunk[i], &o); err != nil {
				return err
			}
		}
		if err := g.outputs.flush(); err != nil {
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

// again grades the items as often as is still to be done, and returns the outcomes
// of each; nil where once is enough.
func (g *grading) again(ctx context.Context, runner *batch.Runner, items []grader.Item) [][]batch.Outcome {
	if g.options.repeat < 2 {
		return nil
	}
	out := make([][]batch.Outcome, len(items))
	for times := range g.options.repeat - 1 {
		for i, o := range runner.Run(anew(ctx, times+1), items) {
			out[i] = append(out[i], o)
		}
	}
	return out
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
	if s.Selected != nil && s.Selected.Unknown > 0 {
		g.note("note: --where cannot be told of %s, which are left out; the first, %s", count(s.Selected.Unknown, "rollout"), printable(*s.Selected.First, 300))
	}
	if l := s.Labels; l != nil && l.Missing > 0 && l.Count > 0 {
		g.note("note: %s without a label that can be read; the first, %s", count(l.Missing, "rollout"), printable(*l.FirstMissing, 300))
	}
	if s.Graded == 0 || s.Complete && len(g.gates.under) > 0 {
		return // what ends the run says it, too
	}
	if most := g.spec.Policy().MaxUngraded; crowded(s.Ungraded.Total, s.Rollouts, most) {
		g.note("warning: %s of the rollouts are ungraded: a batch of a training job would fail, since max_ungraded is %v", percent(s.Ungraded.Total, s.Rollouts), most)
	}
}

// close ends what is left of the run. Calls after the first do nothing.
func (g *grading) close() {
	g.outputs.abandon()
	if err := g.spec.Close(); err != nil {
		g.note("closing the spec: %v", err)
	}
}
