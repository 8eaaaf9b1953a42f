package workbench

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/rftgrader/rftgrader/grader/internal/nearest"
	"github.com/rftgrader/rftgrader/grader/workbench/calibration"
)

// calibrateOptions are the flags of rft judge calibrate.
type calibrateOptions struct {
	printing
	spec, labels, id, swapped, text, tie, combine string
	human, judge, gates                           []string
	positive                                      string
	repeat, resamples                             int
	seed                                          uint64
	quiet                                         bool
	recordings                                    recordings
}

func (p *program) judgeCalibrateCommand() *cobra.Command {
	var o calibrateOptions
	c := &cobra.Command{
		Use:   "calibrate --human POINTER FILE...",
		Short: "Compare a judge's scores with people's, and with themselves",
		Long: `Calibrate compares the scores of a judge with the labels of people. Both are found in
the lines of JSONL files by JSON pointers. Scores that were saved are found by --judge,
which is /aggregate_reward_score unless told otherwise: what rft grade --out writes. With
--spec the files are rollouts, and the scores are the rewards that the spec gives them.

A pointer that leads to a list has a label of each rater, or the judge's score of each
time; the same goes for --human or --judge given several times. Of several people's
labels --combine makes one: the majority of words and of up to three different numbers,
and else the mean. Of several scores the mean counts, and their repeatability is told:
--spec with --repeat asks the judge so many times.

Labels that are words or whole numbers, and few, are categories: accuracy, Cohen's kappa,
weighted kappa (by distance) and the confusion. Numbers are correlated: Pearson,
Spearman, Kendall's tau-b. AUC is the area under the ROC curve, where labels are one of
two, or with --positive. Each has a 95 % interval (percentile bootstrap).

--swapped leads to the verdict on the same pair in the other order, for the position
bias: both verdicts say by place which answer was better, as 1 or 2, A or B, first or
second; 0, C or tie is neither. Without --swapped it is that of the judge's own metrics,
which modes pairwise and group have. --text leads to the text that was judged, for the
correlation of scores with its length; with --spec it is the answer.

Exit codes: 0 done; 1 a gate of --fail-under failed; 2 not done.`,
		Example: `  rft judge calibrate --human /human_score --spec grader.yaml --repeat 3 rollouts.jsonl
  rft judge calibrate --human /label --labels labels.jsonl results.jsonl
  rft judge calibrate --human /majority --judge /verdict --tie 0 --fail-under cohen_kappa=0.4 pairs.jsonl`,
		RunE: func(c *cobra.Command, args []string) error { return p.calibrate(c, o, args) },
	}
	f := c.Flags()
	f.StringArrayVar(&o.human, "human", nil, "where people's labels are, a JSON `POINTER`; may be repeated")
	f.StringArrayVar(&o.judge, "judge", nil, "where the judge's saved scores are, a JSON `POINTER`; may be repeated")
	f.StringVar(&o.spec, "spec", "", "grade the files, which are rollouts, with this spec: a `FILE`")
	f.StringVar(&o.labels, "labels", "", "people's labels stand in this `FILE` of JSONL, and belong to the lines with the same id")
	f.StringVar(&o.id, "id", "/id", "where the id is that --labels goes by, a JSON `POINTER`")
	f.StringVar(&o.swapped, "swapped", "", "where the judge's verdict in the other order is, a JSON `POINTER`")
	f.StringVar(&o.text, "text", "", "where the judged text is, a JSON `POINTER`")
	f.StringVar(&o.tie, "tie", "", "the `LABEL` that means neither: accuracy without it is told, too")
	f.StringVar(&o.combine, "combine", "auto", "how the labels of several people become one, `HOW`: auto, majority or mean")
	f.StringVar(&o.positive, "positive", "", "labels above this `NUMBER` are positive, for the AUC")
	f.IntVar(&o.repeat, "repeat", 1, "with --spec, how many times (`N`) the judge is asked")
	f.IntVar(&o.resamples, "bootstrap", 1000, "how many resamples (`N`) the intervals are made of; 0 for none")
	f.Uint64Var(&o.seed, "seed", 1, "the seed (`N`) of the resampling")
	o.printing.add(c, "how the figures are printed, `FORM`: table or json")
	f.StringArrayVar(&o.gates, "fail-under", nil, "exit with 1 if this figure is below a number, `FIGURE=NUMBER`, such as kappa_quadratic=0.6; may be repeated")
	f.BoolVar(&o.quiet, "quiet", false, "no notes and progress on standard error")
	o.recordings.flags(c)
	completeWords(c, "combine", "auto", string(calibration.Majority), string(calibration.Mean))
	completeNothing(c, "human", "judge", "id", "swapped", "text", "tie", "positive", "repeat", "bootstrap", "seed", "fail-under")
	return c
}

func (p *program) calibrate(c *cobra.Command, o calibrateOptions, args []string) error {
	gates, reckoning, err := o.check(args)
	if err != nil {
		return &usageError{c.CommandPath(), err}
	}
	ctx, err := o.recordings.under(c.Context())
	if err != nil {
		return err
	}
	cases, err := p.cases(ctx, o, args)
	if err != nil {
		return err
	}
	r := calibration.New(cases, reckoning)
	if err := empty(r, o); err != nil {
		return err
	}
	if err := o.print(p.stdout, r, func(paint paint) string { return calibrationTable(r, paint) }, nilIsNull()); err != nil {
		return err
	}
	return checkFigures(gates, r)
}

// empty says what is missing where nothing can be told.
func empty(r *calibration.Report, o calibrateOptions) error {
	switch {
	case r.Rows == 0:
		return errors.New("there are no rows in the input")
	case r.Repeats != nil, r.Position != nil, r.Length != nil, r.Compared > 0, len(r.RaterPairs) > 0:
		return nil
	case r.WithoutHuman == r.Rows && len(o.human) > 0:
		return fmt.Errorf("none of the %s has a label of people at %s", count(r.Rows, "row"), strings.Join(o.human, ", "))
	case len(o.human) == 0:
		return errors.New("there is nothing to compare: --human leads to people's labels, and a judge that was asked once does not agree with itself")
	}
	return fmt.Errorf("none of the %s has both a label of people and a score of the judge: %d without a label, %d without a majority of labels, %d without a score",
		count(r.Rows, "row"), r.WithoutHuman, r.WithoutMajority, r.WithoutJudge)
}

// figureGate is a figure that must not be below a number.
type figureGate struct {
	figure string
	least  float64
}

func (o *calibrateOptions) check(args []string) ([]figureGate, calibration.Options, error) {
	reckoning := calibration.Options{Resamples: o.resamples, Seed: o.seed, Tie: o.tie}
	fail := func(format string, args ...any) ([]figureGate, calibration.Options, error) {
		return nil, reckoning, fmt.Errorf(format, args...)
	}
	switch {
	case len(args) == 0:
		return fail("no files: name them, or - for standard input")
	case o.combine != "auto" && o.combine != string(calibration.Majority) && o.combine != string(calibration.Mean):
		return fail("--combine %q: want auto, majority or mean", o.combine)
	case o.spec != "" && len(o.judge) > 0:
		return fail("--spec and --judge: the scores are those of the spec, or saved ones")
	case o.spec == "" && (o.repeat != 1 || o.recordings != recordings{}):
		return fail("--repeat, --record and --replay want a judge to ask: give a spec with --spec")
	case o.repeat < 1 || o.repeat > 100:
		return fail("--repeat %d: want 1 to 100", o.repeat)
	case o.resamples < 0 || o.resamples > 1_000_000:
		return fail("--bootstrap %d: want 0 to 1000000", o.resamples)
	}
	if err := o.settle(); err != nil {
		return fail("%w", err)
	}
	if o.combine != "auto" {
		reckoning.Combine = calibration.Combine(o.combine)
	}
	if o.spec == "" && len(o.judge) == 0 {
		o.judge = []string{"/aggregate_reward_score"}
	}
	for _, list := range [][]string{o.human, o.judge, {o.id, o.swapped, o.text}} {
		for _, pointer := range list {
			if pointer != "" && !strings.HasPrefix(pointer, "/") {
				return fail("%q is no JSON pointer: want one such as /label", pointer)
			}
		}
	}
	if o.positive != "" {
		x, err := strconv.ParseFloat(o.positive, 64)
		if err != nil {
			return fail("--positive %q: want a number", o.positive)
		}
		reckoning.Positive = &x
	}
	if err := o.recordings.check(); err != nil {
		return fail("%w", err)
	}
	var gates []figureGate
	for _, text := range o.gates {
		name, least, ok := strings.Cut(text, "=")
		x, err := strconv.ParseFloat(least, 64)
		known := slices.Sorted(maps.Keys((&calibration.Report{}).Figures()))
		switch {
		case !ok || err != nil || x != x:
			return fail("--fail-under %s: want FIGURE=NUMBER", text)
		case !slices.Contains(known, name):
			return fail("--fail-under %s: there is no figure %q%s", text, name, nearest.Hint(name, known))
		}
		gates = append(gates, figureGate{name, x})
	}
	return gates, reckoning, nil
}

func checkFigures(gates []figureGate, r *calibration.Report) error {
	var errs []error
	figures := r.Figures()
	for _, g := range gates {
		switch x := figures[g.figure]; {
		case x == nil:
			errs = append(errs, fmt.Errorf("%s is not defined for these rows", g.figure))
		case *x < g.least:
			errs = append(errs, fmt.Errorf("%s is %s, below %s", g.figure, number(*x), number(g.least)))
		}
	}
	if len(errs) > 0 {
		return &gateError{fmt.Errorf("--fail-under: %w", errors.Join(errs...))}
	}
	return nil
}

// cases reads what people and the judge said.
func (p *program) cases(ctx context.Context, o calibrateOptions, args []string) ([]calibration.Case, error) {
	if o.spec != "" {
		return p.gradedCases(ctx, o, args)
	}
	inputs, err := p.inputs(args)
	if err != nil {
		return nil, err
	}
	labels, err := p.labelsByID(ctx, o)
	if err != nil {
		return nil, err
	}
	var cases []calibration.Case
	for _, in := range inputs {
		err := eachLine(ctx, in, func(line []byte) error {
			labelled := line
			if o.labels != "" {
				labelled = labels[idAt(line, o.id)]
			}
			c := calibration.Case{Human: labelsAt(labelled, o.human), Judge: labelsAt(line, o.judge), Bias: biasIn(line), Length: -1}
			if swapped := labelsAt(line, []string{o.swapped}); o.swapped != "" && len(swapped) > 0 {
				c.Swapped = &swapped[0]
			}
			if text, ok := textAt(line, o.text); ok && o.text != "" {
				c.Length = len([]rune(text))
			}
			cases = append(cases, c)
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return cases, nil
}

// labelsByID reads the lines of --labels by their ids.
func (p *program) labelsByID(ctx context.Context, o calibrateOptions) (map[string][]byte, error) {
	if o.labels == "" {
		return nil, nil
	}
	inputs, err := p.inputs([]string{o.labels})
	if err != nil {
		return nil, err
	}
	lines := map[string][]byte{}
	err = eachLine(ctx, inputs[0], func(line []byte) error {
		id := idAt(line, o.id)
		switch _, twice := lines[id]; {
		case id == "":
			return fmt.Errorf("there is no id at %s", o.id)
		case twice:
			return errors.New("the id occurs twice")
		}
		lines[id] = slices.Clone(line)
		return nil
	})
	return lines, err
}
