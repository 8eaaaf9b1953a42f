package workbench

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/grader/batch"
	"github.com/rftgrader/rftgrader/grader/spec"
	"github.com/rftgrader/rftgrader/grader/workbench/calibration"
	"github.com/rftgrader/rftgrader/grader/workbench/stats"
	"github.com/rftgrader/rftgrader/graders/judge/converse"
)

// readRollouts reads all rollouts of some files into memory.
func (p *program) readRollouts(ctx context.Context, names []string) ([]row, error) {
	inputs, err := p.inputs(names)
	if err != nil {
		return nil, err
	}
	rows := &feed{inputs: inputs}
	defer rows.close()
	var all []row
	for {
		r, err := rows.next(ctx)
		switch {
		case ctx.Err() != nil:
			return nil, errInterrupted
		case errors.Is(err, io.EOF):
			if len(all) == 0 {
				return nil, errors.New("there are no rollouts in the input")
			}
			return all, nil
		case err != nil:
			return nil, err
		}
		all = append(all, r)
	}
}

// gradeAll grades rollouts at once, each of them anew.
func gradeAll(ctx context.Context, s *spec.Spec, items []grader.Item) ([]batch.Outcome, error) {
	runner := &batch.Runner{Grader: s.Grader(), Concurrency: s.Concurrency()}
	outcomes := runner.Run(ctx, items)
	if ctx.Err() != nil {
		return nil, errInterrupted
	}
	return outcomes, nil
}

func itemsOf(rows []row) []grader.Item {
	items := make([]grader.Item, len(rows))
	for i := range rows {
		items[i] = rows[i].Item
	}
	return items
}

// anew makes judges take their questions for others than those of the run before,
// so that no answer is kept from it.
func anew(ctx context.Context, run int) context.Context {
	const apart = 1 << 20 // more samples than any spec asks for
	return converse.Intercept(ctx, func(next converse.Caller) converse.Caller {
		return converse.CallerFunc(func(ctx context.Context, q *converse.Request) (*converse.Answer, error) {
			other := q.Clone()
			other.Sample += run * apart
			return next.Converse(ctx, other)
		})
	})
}

// gradedCases grades the rollouts with the spec, as often as it is told.
func (p *program) gradedCases(ctx context.Context, o calibrateOptions, args []string) (cases []calibration.Case, err error) {
	rows, err := p.readRollouts(ctx, args)
	if err != nil {
		return nil, err
	}
	labels, err := p.labelsByID(ctx, o)
	if err != nil {
		return nil, err
	}
	s, err := spec.Open(o.spec, p.kinds)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	cases = make([]calibration.Case, len(rows))
	for i, r := range rows {
		line, err := lineOf(r)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", r.place(), err)
		}
		labelled := line
		if o.labels != "" {
			labelled = labels[idAt(line, o.id)]
		}
		cases[i] = calibration.Case{Human: labelsAt(labelled, o.human), Length: len([]rune(r.Rollout.Response()))}
		if text, ok := textAt(line, o.text); ok && o.text != "" {
			cases[i].Length = len([]rune(text))
		}
	}
	ctx, unwatch := watchJudges(ctx, p.noted(o.quiet, nil))
	defer unwatch()
	ungraded := 0
	bias := make([]stats.Moments, len(rows))
	for run := range o.repeat {
		outcomes, err := gradeAll(anew(ctx, run), s, itemsOf(rows))
		if err != nil {
			return nil, err
		}
		for i, out := range outcomes {
			if !out.Graded() {
				if ungraded++; ungraded == 1 && !o.quiet {
					fmt.Fprintf(p.stderr, "rft: the first that is ungraded, %s: %v\n", rows[i].place(), out.Err)
				}
				continue
			}
			cases[i].Judge = append(cases[i].Judge, calibration.Label{Number: out.Result.Score})
			for _, m := range out.Result.Metrics {
				if isBias(m.Name) {
					bias[i].Add(m.Value)
				}
			}
		}
	}
	for i := range cases {
		cases[i].Bias = meanOf(&bias[i])
	}
	if ungraded > 0 && !o.quiet {
		fmt.Fprintf(p.stderr, "rft: %s of %d are missing\n", count(ungraded, "score"), o.repeat*len(rows))
	}
	return cases, nil
}

// lineOf makes one JSON object of a rollout's id, reference answer and other fields,
// to which pointers lead.
func lineOf(r row) ([]byte, error) {
	if r.Rollout == nil {
		return nil, nil
	}
	fields := maps.Clone(r.Rollout.Metadata)
	if fields == nil {
		fields = map[string]json.RawMessage{}
	}
	inner, err := json.Marshal(r.Rollout.Metadata)
	if err != nil {
		return nil, err
	}
	fields["metadata"] = inner
	if id := r.ID; len(id) > 0 {
		fields["id"] = id
	}
	if raw := r.Rollout.Reference.Raw(); raw != nil {
		fields["reference_answer"] = raw
	}
	return json.Marshal(fields)
}
