package workbench

import (
	"fmt"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/rftgrader/rftgrader/grader/spec"
)

// gradeOptions are the flags of rft grade.
type gradeOptions struct {
	printing
	spec               string
	outs               []string
	under, when        []string
	where, label, show string
	pass               float64
	passGiven          bool
	ks                 []int
	repeat             int
	concurrency        int
	quiet              bool
	recordings         recordings
}

func (p *program) gradeCommand() *cobra.Command {
	var o gradeOptions
	c := &cobra.Command{
		Use:   "grade --spec FILE ROLLOUTS...",
		Short: "Grade saved rollouts, and summarize their rewards",
		Long: `Grade scores the rollouts of the files, or of standard input for "-", with the
graders of a spec, and prints a summary. What is graded gets exactly the score that the
Lambda function would give it. What cannot be graded gets none: it is counted, with its
causes. on_error and max_ungraded, by which the Lambda function gives such rollouts a
score or fails a batch, change no score here.

A file is a JSON array of rollouts, {"trajectories": [...]}, one rollout, or JSONL with
any of these on each line: what trainers send, and the same with more fields. Files may
be larger than the memory.

With --out, each rollout gives one line of JSON in the order of the input: its id,
aggregate_reward_score (null where it is ungraded), metrics_list, the answer that was
found, and the reason. A name that ends in .csv, .xml or .html gives another form: a
table, a JUnit report of the rollouts and gates, or a report to look at in a browser,
in one file that needs no network. The file grows as .FILE.partial0 (or another number)
beside the one named, which takes its name at the end. After a crash or a full disk it
stays there.

With --record, what a model as judge answers is kept in a folder, and with --replay it
is taken from there: the same rewards, without a model, for tests and CI. A question
that differs from what was recorded is ungraded.

With --format table or json, standard output gets the summary; with jsonl, csv, junit
or html it gets what --out would write in that form, and no summary.

A rollout passes whose reward is at least --pass. pass@k is the chance that one of k
answers to a prompt passes, by the unbiased estimator, and best of k the best reward of
k answers that can be expected: both from the answers that there are, as the mean over
the prompts that have k or more.

--where and --label take conditions: the formulas of specs (rft help formula) over
score, length (of the answer, in characters), found, ungraded, seconds, the names of
graders and metrics, and JSON pointers such as /metadata/task or /reference_answer/value;
id, reason, found, fault and pointers can be compared with texts by ==, != and ~ (has
it in it), and conditions joined by && and ||. With --where all that is shown, written
and gated concerns the rollouts for which the condition holds. --label says what is
right: a pointer to a number, a Boolean or a word such as "correct", or a condition; the
scores are compared with it.

--fail-if takes a condition on the figures of the summary: mean, sd, min, p10 to p90,
max, rollouts, graded, ungraded, found, flat, all_right, all_wrong, pass@K, best@K,
length_correlation, accuracy, kappa, auc, noise and the means of metrics.

Exit codes: 0 done; 1 a gate failed: a figure is below that of --fail-under, or more
rollouts are ungraded than max_ungraded allows with it, or the condition of a --fail-if
holds; 2 not done, or not wholly, or none of the rollouts could be graded. Ctrl-C ends
the grading early and keeps what was graded.`,
		Example: `  rft grade --spec grader.yaml rollouts.jsonl
  rft grade --spec grader.yaml --out results.jsonl --fail-under 0.4 monday.jsonl tuesday.json
  rft grade --spec grader.yaml --out report.html rollouts.jsonl
  rft grade --spec grader.yaml --where 'score < 0.5 && length > 2000' rollouts.jsonl
  rft grade --spec grader.yaml --show math-0017 rollouts.jsonl
  rft grade --spec grader.yaml --label /metadata/label --fail-if 'kappa < 0.9' rollouts.jsonl
  rft grade --spec grader.yaml --repeat 5 sample.jsonl
  zcat rollouts.jsonl.gz | rft grade --spec grader.yaml --format json -`,
		RunE: func(c *cobra.Command, args []string) error {
			g, err := p.newGrading(c, o, args)
			if err != nil {
				return err
			}
			if o.show != "" {
				return g.show(c.Context())
			}
			return g.run(c.Context())
		},
	}
	f := c.Flags()
	f.StringVar(&o.spec, "spec", "", "the grader spec, a YAML or JSON `FILE`")
	f.StringArrayVar(&o.outs, "out", nil, "write each rollout's result to this `FILE`, in the form of its name: .csv, .xml (JUnit), .html (a report), and else JSONL; - is standard output, and the summary goes to standard error; may be repeated")
	o.printing.add(c, "what is printed, `FORM`: the summary as table or json, or the rollouts as jsonl, csv, junit or html", formatJSONL, formatCSV, formatJUnit, formatHTML)
	f.StringVar(&o.show, "show", "", "grade and show one rollout, by its `ID`, with its prompt, answer, reference, parts and reasons")
	f.StringVar(&o.where, "where", "", "only the rollouts for which this `CONDITION` holds, as in 'score < 0.5 && length > 2000'")
	f.StringVar(&o.label, "label", "", "compare the scores with labels: a JSON `POINTER` such as /metadata/label, or a condition")
	f.IntVar(&o.repeat, "repeat", 1, "grade each rollout `N` times, and compare the noise with the spread")
	f.Float64Var(&o.pass, "pass", 0, "a rollout passes whose reward is at least `NUMBER` (default: the greatest of the spec's range, or 1)")
	f.IntSliceVar(&o.ks, "k", nil, "the `K`s of pass@k and best of k, as in 1,4,8 (default: powers of 2, and the size of the largest group)")
	f.StringArrayVar(&o.under, "fail-under", nil, "exit with 1 if the mean reward is below this `NUMBER` (or FIGURE=NUMBER), or more are ungraded than max_ungraded allows")
	f.StringArrayVar(&o.when, "fail-if", nil, "exit with 1 if this `CONDITION` on the summary holds, as in 'ungraded > 0'; may be repeated")
	f.IntVar(&o.concurrency, "concurrency", 0, "how many (`N`) rollouts are graded at once (default: the spec's, or 64)")
	f.BoolVar(&o.quiet, "quiet", false, "no notes, warnings and progress on standard error; errors and failed gates stay")
	o.recordings.flags(c)
	completeNothing(c, "show", "where", "label", "repeat", "pass", "k", "fail-under", "fail-if", "concurrency")
	if err := c.MarkFlagFilename("spec", "yaml", "yml", "json"); err != nil {
		panic("workbench: " + err.Error()) // the flag is not defined: a fault of this package
	}
	return c
}

// maxRepeat is how often a rollout may be graded.
const maxRepeat = 1000

// newGrading checks all that can be checked before the first rollout.
func (p *program) newGrading(c *cobra.Command, o gradeOptions, args []string) (*grading, error) {
	misused := func(format string, args ...any) error {
		return &usageError{c.CommandPath(), fmt.Errorf(format, args...)}
	}
	if err := o.settle(); err != nil {
		return nil, misused("%w", err)
	}
	switch {
	case o.spec == "":
		return nil, misused("no spec: give one with --spec")
	case len(args) == 0:
		return nil, misused("no rollouts: name their files, or - for standard input")
	case c.Flags().Changed("concurrency") && o.concurrency < 1, o.concurrency > maxConcurrency:
		return nil, misused("--concurrency %d: want 1 to %d", o.concurrency, maxConcurrency)
	case o.repeat < 1 || o.repeat > maxRepeat:
		return nil, misused("--repeat %d: want 1 to %d", o.repeat, maxRepeat)
	case !finite(o.pass):
		return nil, misused("--pass: want a finite number")
	case slices.ContainsFunc(o.ks, func(k int) bool { return k < 1 }):
		return nil, misused("--k: want whole numbers from 1 on")
	case slices.Contains(o.outs, ""):
		return nil, misused("--out: want the name of a file")
	case o.show != "" && (isRolloutForm(o.format) || len(o.outs)+len(o.under)+len(o.when) > 0 || o.where != "" || o.label != "" || o.repeat > 1):
		return nil, misused("--show shows one rollout: it goes with --spec, --format table or json, --concurrency and --quiet only")
	}
	if err := o.recordings.check(); err != nil {
		return nil, misused("%w", err)
	}
	o.passGiven = c.Flags().Changed("pass")
	inputs, err := p.inputs(args)
	if err != nil {
		return nil, err
	}
	s, err := spec.Open(o.spec, p.kinds)
	if err != nil {
		return nil, err
	}
	g := &grading{program: p, options: o, spec: s, inputs: inputs, summaryTo: p.stdout}
	if err := g.conditions(misused); err != nil {
		g.close()
		return nil, err
	}
	if err := g.open(); err != nil {
		g.close()
		return nil, err
	}
	return g, nil
}

// conditions reads the flags that name graders.
func (g *grading) conditions(misused func(string, ...any) error) error {
	var err error
	if g.gates, err = parseGates(g.options.under, g.options.when, g.spec); err != nil {
		return misused("%w", err)
	}
	if g.options.where != "" {
		where, err := parseRowCondition("--where", g.options.where, g.spec)
		if err != nil {
			return misused("%w", err)
		}
		g.selection = &selection{where: where}
	}
	if g.options.label != "" {
		if g.label, err = parseRowCondition("--label", g.options.label, g.spec); err != nil {
			return misused("%w", err)
		}
	}
	return nil
}

// maxConcurrency is that of a spec.
const maxConcurrency = 1000

// note tells the person something that is no part of the output.
func (g *grading) note(format string, args ...any) {
	if !g.options.quiet {
		g.progress.clear()
		fmt.Fprintf(g.program.stderr, "rft: "+format+"\n", args...)
	}
}

// print writes the summary.
func (g *grading) print(s *summary) error {
	if g.summaryTo == nil {
		return nil
	}
	return g.options.print(g.summaryTo, s, func(paint paint) string { return s.table(paint, readsUTF8()) })
}

// elapsed is at least a nanosecond, so that rates are finite.
func elapsed(since time.Time) time.Duration { return max(time.Since(since), 1) }
