package workbench

import (
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"github.com/rftgrader/rftgrader/grader/spec"
)

// gradeOptions are the flags of rft grade.
type gradeOptions struct {
	spec, out, format string
	gates             []string
	concurrency       int
	quiet             bool
	recordings        recordings
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
found, and the reason. The file grows as .FILE.partial0 (or another number) beside the
one named, which takes its name at the end. After a crash or a full disk it stays there.

With --record, what a model as judge answers is kept in a folder, and with --replay it
is taken from there: the same rewards, without a model, for tests and CI. A question
that differs from what was recorded is ungraded.

Exit codes: 0 done; 1 a gate failed: the mean reward is below that of --fail-under, or
more rollouts are ungraded than max_ungraded allows; 2 not done, or not wholly, or none
of the rollouts could be graded. Ctrl-C ends the grading early and keeps what was graded.`,
		Example: `  rft grade --spec grader.yaml rollouts.jsonl
  rft grade --spec grader.yaml --out results.jsonl --fail-under 0.4 monday.jsonl tuesday.json
  zcat rollouts.jsonl.gz | rft grade --spec grader.yaml --format json -`,
		RunE: func(c *cobra.Command, args []string) error {
			g, err := p.newGrading(c, o, args)
			if err != nil {
				return err
			}
			return g.run(c.Context())
		},
	}
	f := c.Flags()
	f.StringVar(&o.spec, "spec", "", "the grader spec, a YAML or JSON `FILE`")
	f.StringVar(&o.out, "out", "", "write each rollout's result to this `FILE`; - is standard output, and the summary goes to standard error")
	f.StringVar(&o.format, "format", formatTable, "how the summary is printed, `FORM`: table or json")
	f.StringArrayVar(&o.gates, "fail-under", nil, "exit with 1 if the mean reward is below this `NUMBER` (or mean=NUMBER), or more are ungraded than max_ungraded allows")
	f.IntVar(&o.concurrency, "concurrency", 0, "how many (`N`) rollouts are graded at once (default: the spec's, or 64)")
	f.BoolVar(&o.quiet, "quiet", false, "no notes, warnings and progress on standard error; errors and failed gates stay")
	o.recordings.flags(c)
	completeWords(c, "format", formatTable, formatJSON)
	completeNothing(c, "fail-under", "concurrency")
	if err := c.MarkFlagFilename("spec", "yaml", "yml", "json"); err != nil {
		panic("workbench: " + err.Error()) // the flag is not defined: a fault of this package
	}
	return c
}

const (
	formatTable = "table"
	formatJSON  = "json"
)

// newGrading checks all that can be checked before the first rollout.
func (p *program) newGrading(c *cobra.Command, o gradeOptions, args []string) (*grading, error) {
	misused := func(format string, args ...any) error {
		return &usageError{c.CommandPath(), fmt.Errorf(format, args...)}
	}
	switch {
	case o.spec == "":
		return nil, misused("no spec: give one with --spec")
	case len(args) == 0:
		return nil, misused("no rollouts: name their files, or - for standard input")
	case o.format != formatTable && o.format != formatJSON:
		return nil, misused("--format %q: want table or json", o.format)
	case c.Flags().Changed("concurrency") && o.concurrency < 1, o.concurrency > maxConcurrency:
		return nil, misused("--concurrency %d: want 1 to %d", o.concurrency, maxConcurrency)
	}
	if err := o.recordings.check(); err != nil {
		return nil, misused("%w", err)
	}
	gates, err := parseGates(o.gates)
	if err != nil {
		return nil, misused("%w", err)
	}
	inputs, err := p.inputs(args)
	if err != nil {
		return nil, err
	}
	s, err := spec.Open(o.spec, p.kinds)
	if err != nil {
		return nil, err
	}
	g := &grading{program: p, options: o, spec: s, gates: gates, inputs: inputs, summaryTo: p.stdout}
	if o.out != "" {
		if g.results, err = p.newResults(o, inputs); err != nil {
			g.close()
			return nil, err
		}
	}
	if o.out == standardStream {
		g.summaryTo = p.stderr
	}
	return g, nil
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
	text, err := s.json()
	if g.options.format == formatTable {
		text, err = s.table(paintFor(g.summaryTo), readsUTF8()), nil
	}
	if err != nil {
		return err
	}
	if _, err := io.WriteString(g.summaryTo, text); err != nil {
		return fmt.Errorf("print the summary: %w", err)
	}
	return nil
}

// elapsed is at least a nanosecond, so that rates are finite.
func elapsed(since time.Time) time.Duration { return max(time.Since(since), 1) }
