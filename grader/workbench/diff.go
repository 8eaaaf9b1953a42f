package workbench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"path/filepath"
	"strings"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/spf13/cobra"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/grader/batch"
	"github.com/rftgrader/rftgrader/grader/spec"
	"github.com/rftgrader/rftgrader/grader/workbench/comparison"
)

// diffOptions are the flags of rft diff.
type diffOptions struct {
	printing
	movers, flips      int
	concurrency        int
	quiet, limitsFlips bool
}

func (p *program) diffCommand() *cobra.Command {
	var o diffOptions
	c := &cobra.Command{
		Use:   "diff A B [ROLLOUTS...]",
		Short: "Compare two specs, or two saved gradings, of the same rollouts",
		Long: `Diff says what changes between two graders by what matters to a training: the orders
within groups. A and B are specs (.yaml, .yml), which grade the ROLLOUTS, or results
that rft grade --out has saved (.jsonl). Results alone do not say which rollouts share a
prompt: name the ROLLOUTS as well for what concerns groups.

The difference of the means has a 95 % interval, by a paired bootstrap over prompts;
"~" means that it is not told from chance. An order is turned round where of two
rollouts of one prompt A prefers one and B the other: the training would be pushed the
other way. A group has a signal where its scores are not all equal.

Exit codes: 0 done; 1 more orders are turned round than --max-flips allows; 2 not done.`,
		Example: `  rft diff grader.yaml stricter.yaml rollouts.jsonl
  rft diff yesterday.jsonl today.jsonl rollouts.jsonl --max-flips 0`,
		RunE: func(c *cobra.Command, args []string) error {
			o.limitsFlips = c.Flags().Changed("max-flips")
			if err := o.settle(); err != nil {
				return &usageError{c.CommandPath(), err}
			}
			switch {
			case len(args) < 2:
				return &usageError{c.CommandPath(), errors.New("want two specs, or two files of results")}
			case o.movers < 0 || o.flips < 0:
				return &usageError{c.CommandPath(), errors.New("want --movers and --max-flips from 0 on")}
			case o.concurrency < 0 || o.concurrency > maxConcurrency:
				return &usageError{c.CommandPath(), fmt.Errorf("--concurrency %d: want 1 to %d", o.concurrency, maxConcurrency)}
			}
			return p.diff(c.Context(), o, args[0], args[1], args[2:])
		},
	}
	f := c.Flags()
	o.printing.add(c, "how it is printed, `FORM`: table or json")
	f.IntVar(&o.movers, "movers", 5, "how many (`N`) of the rollouts that change most are shown")
	f.IntVar(&o.flips, "max-flips", 0, "exit with 1 if more than `N` orders are turned round")
	f.IntVar(&o.concurrency, "concurrency", 0, "how many (`N`) rollouts are graded at once (default: the spec's, or 64)")
	f.BoolVar(&o.quiet, "quiet", false, "no notes and progress on standard error; errors and failed gates stay")
	completeNothing(c, "movers", "max-flips", "concurrency")
	return c
}

// isSpec tells a spec from results by the name of the file.
func isSpec(name string) bool {
	ext := strings.ToLower(filepath.Ext(name))
	return ext == ".yaml" || ext == ".yml"
}

func (p *program) diff(ctx context.Context, o diffOptions, a, b string, rollouts []string) error {
	inputs, err := p.inputs(rollouts)
	if err != nil {
		return err
	}
	if len(inputs) == 0 && (isSpec(a) || isSpec(b)) {
		return errors.New("a spec needs rollouts to grade: name their files, or - for standard input")
	}
	var sides [2]side
	for i, name := range []string{a, b} {
		if sides[i], err = p.openSide(ctx, name, o); err != nil {
			return errors.Join(err, closeSides(sides[:]))
		}
	}
	pairs, err := p.pairs(ctx, sides, inputs, o)
	if err = errors.Join(err, closeSides(sides[:])); err != nil {
		return err
	}
	r := comparison.Compare(pairs, o.movers, 1)
	if r.Compared == 0 {
		return fmt.Errorf("none of the %s is graded by both", count(r.Rollouts, "rollout"))
	}
	found := diffed{A: a, B: b, Report: r, Movers: []mover{}, grouped: len(inputs) > 0}
	for _, m := range r.Movers {
		found.Movers = append(found.Movers, mover{rawID(m.ID), m.Place, m.A, m.B, m.ReasonA, m.ReasonB})
	}
	if err := o.print(p.stdout, found, found.table); err != nil {
		return err
	}
	if o.limitsFlips && r.Flips > o.flips {
		return &gateError{fmt.Errorf("%s turned round: --max-flips allows %d", count(r.Flips, "order"), o.flips)}
	}
	return nil
}

// A side scores rollouts, or knows their scores.
type side interface {
	// scores returns a score for each row, NaN for what is ungraded, and a reason. Without
	// rows it returns what it has, and io.EOF behind it.
	scores(ctx context.Context, rows []row) ([]scored, error)
	close() error
}

type scored struct {
	id, reason string
	score      float64
}

func closeSides(sides []side) error {
	var errs []error
	for _, s := range sides {
		if s != nil {
			errs = append(errs, s.close())
		}
	}
	return errors.Join(errs...)
}

func (p *program) openSide(ctx context.Context, name string, o diffOptions) (side, error) {
	if !isSpec(name) {
		inputs, err := p.inputs([]string{name})
		if err != nil {
			return nil, err
		}
		file, err := inputs[0].open(ctx)
		if err != nil {
			return nil, err
		}
		return &savedSide{name: name, file: file, lines: jsontext.NewDecoder(file)}, nil
	}
	s, err := spec.Open(name, p.kinds)
	if err != nil {
		return nil, err
	}
	cache, err := batch.NewCache(cacheEntries)
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	runner := &batch.Runner{Grader: s.Grader(), Concurrency: s.Concurrency(), Cache: cache, Scope: s.Hash()}
	if o.concurrency > 0 {
		runner.Concurrency = o.concurrency
	}
	return &gradingSide{spec: s, runner: runner}, nil
}

// gradingSide grades.
type gradingSide struct {
	spec   *spec.Spec
	runner *batch.Runner
}

func (g *gradingSide) close() error { return g.spec.Close() }

func (g *gradingSide) scores(ctx context.Context, rows []row) ([]scored, error) {
	items := make([]grader.Item, len(rows))
	for i := range rows {
		items[i] = rows[i].Item
	}
	out := make([]scored, len(rows))
	for i, o := range g.runner.Run(ctx, items) {
		out[i] = scored{id: string(oneLine(o.Item.ID)), score: math.NaN()}
		if o.Graded() {
			out[i].score, out[i].reason = o.Result.Score, o.Result.Reason
		} else {
			out[i].reason = grader.Explain(o.Err)
		}
	}
	if ctx.Err() != nil {
		return nil, errInterrupted
	}
	return out, nil
}

// savedSide reads what rft grade --out has written.
type savedSide struct {
	name  string
	file  io.Closer
	lines *jsontext.Decoder
	read  int
}

func (s *savedSide) close() error { return s.file.Close() }

func (s *savedSide) scores(ctx context.Context, rows []row) ([]scored, error) {
	n := len(rows)
	if rows == nil {
		n = chunkRows
	}
	var out []scored
	for len(out) < n {
		if ctx.Err() != nil {
			return nil, errInterrupted
		}
		var line struct {
			ID     jsontext.Value `json:"id"`
			Score  *float64       `json:"aggregate_reward_score"`
			Reason string         `json:"reason"`
		}
		err := jsonv2.UnmarshalDecode(s.lines, &line)
		if errors.Is(err, io.EOF) {
			if rows != nil {
				return nil, fmt.Errorf("%s has %s, and there are more rollouts", s.name, count(s.read, "result"))
			}
			return out, io.EOF
		}
		if err != nil {
			return nil, fmt.Errorf("%s: result %d cannot be read: %w", s.name, s.read+1, err)
		}
		if line.ID == nil {
			return nil, fmt.Errorf("%s: result %d has no id: want what rft grade --out has written", s.name, s.read+1)
		}
		s.read++
		one := scored{id: string(line.ID), reason: line.Reason, score: math.NaN()}
		if line.Score != nil {
			one.score = *line.Score
		}
		out = append(out, one)
	}
	return out, nil
}

// pairs walks both sides at once.
func (p *program) pairs(ctx context.Context, sides [2]side, inputs []input, o diffOptions) ([]comparison.Pair, error) {
	if len(inputs) == 0 {
		return savedPairs(ctx, sides)
	}
	_, together := sides[0].(*gradingSide)
	for _, s := range sides {
		if g, ok := s.(*gradingSide); ok {
			_, batches := g.runner.Grader.(grader.BatchGrader)
			together = together && batches
		}
	}
	rows := &chunker{feed: &feed{inputs: inputs}, together: together}
	defer rows.feed.close()
	var bar *progress
	if !o.quiet {
		bar = newProgress(p.stderr, size(inputs))
	}
	defer bar.clear()
	ctx, unwatch := watchJudges(ctx, p.noted(o.quiet, bar))
	defer unwatch()
	var pairs []comparison.Pair
	for {
		chunk, end := rows.next(ctx)
		if ctx.Err() != nil {
			return nil, errInterrupted
		}
		if len(chunk) > 0 {
			var of [2][]scored
			for i, s := range sides {
				var err error
				if of[i], err = s.scores(ctx, chunk); err != nil {
					return nil, err
				}
			}
			for i, r := range chunk {
				for k := range sides {
					if id := string(oneLine(r.ID)); of[k][i].id != id {
						return nil, fmt.Errorf("%s: the rollout's id is %s, and that of its result %s: are these the results of other rollouts?", r.place(), printable(id, 80), printable(of[k][i].id, 80))
					}
				}
				pairs = append(pairs, pair(r, of[0][i], of[1][i]))
			}
		}
		bar.at(len(pairs), rows.feed.offset())
		switch {
		case errors.Is(end, io.EOF):
			return pairs, trailing(ctx, sides)
		case end != nil:
			return nil, end
		}
	}
}

// trailing refuses results that no rollout is left for.
func trailing(ctx context.Context, sides [2]side) error {
	for _, s := range sides {
		if saved, ok := s.(*savedSide); ok {
			if more, err := saved.scores(ctx, nil); len(more) > 0 || !errors.Is(err, io.EOF) {
				return fmt.Errorf("%s has more results than there are rollouts", saved.name)
			}
		}
	}
	return nil
}

func pair(r row, a, b scored) comparison.Pair {
	q := comparison.Pair{ID: a.id, Place: r.place(), A: a.score, B: b.score, ReasonA: a.reason, ReasonB: b.reason}
	if r.Err == nil {
		key := r.Rollout.PromptKey()
		q.Group = string(key[:])
	}
	return q
}

// savedPairs matches results by their places, whose ids must agree.
func savedPairs(ctx context.Context, sides [2]side) ([]comparison.Pair, error) {
	var pairs []comparison.Pair
	for {
		as, errA := sides[0].scores(ctx, nil)
		bs, errB := sides[1].scores(ctx, nil)
		for _, err := range []error{errA, errB} {
			if err != nil && !errors.Is(err, io.EOF) {
				return nil, err
			}
		}
		if len(as) != len(bs) {
			return nil, fmt.Errorf("the files have different numbers of results, from result %d on", len(pairs)+min(len(as), len(bs))+1)
		}
		for i := range as {
			if as[i].id != bs[i].id {
				return nil, fmt.Errorf("result %d has the id %s in one file and %s in the other: are these the results of the same rollouts?", len(pairs)+1, printable(as[i].id, 80), printable(bs[i].id, 80))
			}
			pairs = append(pairs, comparison.Pair{
				ID: as[i].id, Place: fmt.Sprintf("result %d", len(pairs)+1),
				A: as[i].score, B: bs[i].score, ReasonA: as[i].reason, ReasonB: bs[i].reason,
			})
		}
		if errA != nil {
			return pairs, nil
		}
	}
}

// A mover is a rollout in the JSON of rft diff.
type mover struct {
	ID      rawID   `json:"id"`
	Place   string  `json:"place"`
	A       float64 `json:"a"`
	B       float64 `json:"b"`
	ReasonA string  `json:"reason_a"`
	ReasonB string  `json:"reason_b"`
}

// diffed is what rft diff prints.
type diffed struct {
	A string `json:"a"`
	B string `json:"b"`
	comparison.Report
	Movers []mover `json:"movers"`

	grouped bool // whether it is known which rollouts share a prompt
}

func (r diffed) table(paint paint) string {
	t := newGrid(paint)
	line := func(name, format string, args ...any) {
		t.AppendRow(table.Row{paint.bold(name), fmt.Sprintf(format, args...)})
	}
	line("a", "%s, mean %s", r.A, number(r.MeanA))
	line("b", "%s, mean %s", r.B, number(r.MeanB))
	switch {
	case r.Told:
		line("difference", "%s", paint.bold(fmt.Sprintf("%+.4g (95 %% between %+.4g and %+.4g)", r.Difference, r.Low, r.High)))
	case r.Changed == 0:
		line("difference", "~ (no score has changed)")
	default:
		line("difference", "~ (%+.4g; 95 %% between %+.4g and %+.4g)", r.Difference, r.Low, r.High)
	}
	line("rollouts", "%d compared, %d with another score", r.Compared, r.Changed)
	if r.UngradedA+r.UngradedB > 0 {
		line("ungraded", "%s", paint.warn(fmt.Sprintf("%d in a, %d in b: left out", r.UngradedA, r.UngradedB)))
	}
	if r.grouped {
		flips := fmt.Sprintf("%d of %d within prompts turned round", r.Flips, r.Ordered)
		if r.Flips > 0 {
			flips = paint.warn(flips)
		}
		line("orders", "%s; %d broken, %d made", flips, r.Broken, r.Made)
		line("groups", "%d: %d gained a signal, %d lost it", r.Groups, r.Gained, r.Lost)
	} else {
		line("groups", "not known without the rollouts")
	}
	text := t.Render() + "\n"
	if len(r.Movers) > 0 {
		m := newGrid(paint, "moved most", "id", "a", "b", "why in a", "why in b")
		for _, q := range r.Movers {
			m.AppendRow(table.Row{q.Place, printable(string(q.ID), 24), number(q.A), number(q.B), printable(q.ReasonA, 60), printable(q.ReasonB, 60)})
		}
		text += "\n" + m.Render() + "\n"
	}
	return text
}
