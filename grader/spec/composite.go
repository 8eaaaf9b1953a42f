package spec

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/grader/internal/panics"
)

// A part is one grader of a composite.
type part struct {
	name   string
	grader grader.Grader
	batch  grader.BatchGrader // nil if the grader grades one by one
}

func newPart(name string, g grader.Grader) part {
	p := part{name: name, grader: g}
	p.batch, _ = g.(grader.BatchGrader)
	return p
}

// A composite grades with formulas over its parts.
type composite struct {
	parts  []part
	score  *scorer // nil with routes
	by     string
	routes map[string]*scorer
	values []string // of the routes, in the order of the spec
	bounds *bounds
	limit  int // of goroutines for a batch; 0 for the default
}

// A scorer is a formula whose names are resolved to parts.
type scorer struct {
	formula *grader.Formula
	parts   []int          // in the order of the formula
	slots   map[string]int // from names to indices of parts
}

func newComposite(d *document, parts []part) grader.Grader {
	index := map[string]int{}
	together := false
	for i, p := range parts {
		index[p.name] = i
		together = together || p.batch != nil
	}
	scorerOf := func(s *scoring) *scorer {
		out := &scorer{formula: s.formula, slots: map[string]int{}}
		for i, name := range s.names {
			out.slots[name] = i
			out.parts = append(out.parts, index[name])
		}
		return out
	}
	c := &composite{parts: parts, bounds: d.bounds, limit: d.concurrency}
	if d.score != nil {
		c.score = scorerOf(d.score)
	}
	if d.route != nil {
		c.by, c.values, c.routes = d.route.by, d.route.values, map[string]*scorer{}
		for value, s := range d.route.cases {
			c.routes[value] = scorerOf(s)
		}
	}
	if together {
		return &batchComposite{c}
	}
	return c
}

// Grade grades one rollout.
func (c *composite) Grade(ctx context.Context, r *grader.Rollout) (grader.Result, error) {
	t, err := c.trial(r)
	if err != nil {
		return grader.Result{}, err
	}
	return t.run(func(slot int) error {
		p := c.parts[t.scorer.parts[slot]]
		if err := ctx.Err(); err != nil {
			return p.late(err)
		}
		res, err := p.grade(ctx, r)
		return t.note(slot, res, err)
	})
}

// grade names the part in the error of a panic.
func (p part) grade(ctx context.Context, r *grader.Rollout) (res grader.Result, err error) {
	defer func() {
		if v := recover(); v != nil {
			res, err = grader.Result{}, grader.Permanentf("the grader %s: this is a fault of the grader", panics.Describe(v))
		}
	}()
	return p.grader.Grade(ctx, r)
}

func (p part) late(err error) error {
	return &grader.DeadlineError{Err: fmt.Errorf("%s: not graded: %w", p.name, err)}
}

// A trial is the grading of one rollout.
type trial struct {
	*composite
	rollout *grader.Rollout
	scorer  *scorer
	results []grader.Result // one for each slot of the scorer
	known   []bool          // whether that slot was graded
}

// trial chooses the formula of a rollout.
func (c *composite) trial(r *grader.Rollout) (*trial, error) {
	s := c.score
	if s == nil {
		var err error
		if s, err = c.routed(r); err != nil {
			return nil, err
		}
	}
	n := len(s.parts)
	return &trial{composite: c, rollout: r, scorer: s, results: make([]grader.Result, n), known: make([]bool, n)}, nil
}

func (c *composite) routed(r *grader.Rollout) (*scorer, error) {
	ref, err := r.At(c.by)
	var value string
	if err == nil {
		value, err = ref.Text()
	}
	if err != nil {
		out := &grader.DataError{Err: fmt.Errorf("%w; the route wants one of %s", err, c.known())}
		if d := new(grader.DataError); errors.As(err, &d) {
			out.Where, out.Detail = d.Where, d.Detail
			out.Err = fmt.Errorf("%w; the route wants one of %s", d.Err, c.known())
		}
		return nil, out
	}
	s, ok := c.routes[value]
	if !ok {
		return nil, &grader.DataError{
			Where:  ref.Where(),
			Err:    fmt.Errorf("the route has no such value: want one of %s, or add it to the spec's route", c.known()),
			Detail: clip(value),
		}
	}
	return s, nil
}

// known lists the values of the route.
func (c *composite) known() string {
	const most = 12
	if len(c.values) > most {
		return fmt.Sprintf("%s and %d more", strings.Join(c.values[:most], ", "), len(c.values)-most)
	}
	return strings.Join(c.values, ", ")
}

// note keeps what a part gave for a slot.
func (t *trial) note(slot int, res grader.Result, err error) error {
	if err == nil {
		err = res.Check()
	}
	if err != nil {
		return fmt.Errorf("%s: %w", t.name(slot), err)
	}
	t.results[slot], t.known[slot] = res, true
	return nil
}

func (t *trial) name(slot int) string { return t.parts[t.scorer.parts[slot]].name }

// run evaluates the formula. Grade is called for a slot that is not known yet,
// and must make it known or return an error.
func (t *trial) run(grade func(slot int) error) (grader.Result, error) {
	score, err := t.scorer.formula.Eval(func(name string) (float64, error) {
		slot := t.scorer.slots[name]
		if !t.known[slot] {
			if err := grade(slot); err != nil {
				return 0, err
			}
		}
		return t.results[slot].Score, nil
	})
	if err == nil {
		score, err = t.bound(score)
	}
	if err != nil {
		return grader.Result{}, err
	}
	return t.result(score), nil
}

// hold returns a score inside the bounds. What float noise puts outside is put
// on the bound; false is for what is really outside.
func (b *bounds) hold(score float64) (float64, bool) {
	const noise = 1e-9
	nearest := max(b.lo, min(b.hi, score))
	return nearest, math.Abs(score-nearest) <= noise*max(1, math.Abs(nearest))
}

// bound refuses a score outside the range of the spec.
func (t *trial) bound(score float64) (float64, error) {
	b := t.bounds
	if b == nil {
		return score, nil
	}
	if held, ok := b.hold(score); ok {
		return held, nil
	}
	f := t.scorer.formula.String()
	return 0, grader.Permanentf("the formula %s gives %v, outside the range %v to %v: write clamp(%s, %v, %v), or widen the range",
		f, score, b.lo, b.hi, f, b.lo, b.hi)
}

func (t *trial) result(score float64) grader.Result {
	out := grader.Result{Score: score}
	size := 0
	for slot, ok := range t.known {
		if ok {
			size += 1 + len(t.results[slot].Metrics)
		}
	}
	out.Metrics = make([]grader.Metric, 0, size)
	var reasons []string
	for slot, ok := range t.known {
		if !ok {
			continue
		}
		res, name := t.results[slot], t.name(slot)
		out.Metrics = append(out.Metrics, grader.Reward(name, res.Score))
		for _, m := range res.Metrics {
			out.Metrics = append(out.Metrics, grader.Measure(name+"."+m.Name, m.Value))
		}
		if out.Found == "" {
			out.Found = res.Found
		}
		reason := name + ": " + strconv.FormatFloat(res.Score, 'g', -1, 64)
		if res.Reason != "" {
			reason += " (" + res.Reason + ")"
		}
		reasons = append(reasons, reason)
	}
	out.Reason = strings.Join(reasons, "; ")
	if len(t.known) == 1 {
		out.Reason = t.results[0].Reason
	}
	return out
}
