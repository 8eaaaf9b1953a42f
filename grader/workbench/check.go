package workbench

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/rftgrader/rftgrader/grader/batch"
	"github.com/rftgrader/rftgrader/grader/spec"
	"github.com/rftgrader/rftgrader/grader/workbench/datarules"
	"github.com/rftgrader/rftgrader/grader/workbench/gold"
	"github.com/rftgrader/rftgrader/grader/workbench/probes"
)

// checkOptions are the flags of rft check.
type checkOptions struct {
	printing
	spec, target, template     string
	probesOut                  string
	validation, rollouts, uris []string
	rules                      datarules.Options
	full                       float64
	show, probes, concurrency  int
	strict, calls, quiet, list bool
	hasFull                    bool
}

func (p *program) checkCommand() *cobra.Command {
	var o checkOptions
	c := &cobra.Command{
		Use:   "check [DATASET] [--spec FILE]",
		Short: "Check training data and its grader before a job spends a day on them",
		Long: `Check reads training data, line by line, and says what the service that trains on it
would refuse or misread, with line, rule, level and the source of the rule. --list-rules
prints all rules.

With a spec it also asks whether its graders can read every reference (G1), and whether
the reference itself, put as the answer where the spec looks for one, earns full marks
(G2): the upper bound of the spec's range, or 1, or --full. Where a right answer must have
more to it, --answer says what it looks like, with {} in the place of the reference:
--answer '<think>so</think>\boxed{{}}'.

Good rollouts of your own (--rollouts, or records of the data that end with an answer)
are turned into probes: answers that keep the form of a good one and deserve little, such
as every option listed, the prompt echoed, or the right answer denied. Each has a bound;
a probe that is paid more is an error (P:...), and is printed with the rollout that shows
it; --probes-out writes it down, to be looked at with rft grade.

At last it estimates the size of the events that the Lambda function will get, and the
time that it needs, against Lambda's limits of 6 MB and 15 minutes. The size of a batch
is an assumption (--batch).

Graders that call a model cost money: they are asked only with --calls.

Exit codes: 0 nothing wrong; 1 errors, or with --strict warnings; 2 not done.`,
		Example: `  rft check train.jsonl
  rft check train.jsonl --spec grader.yaml --rollouts good.jsonl
  rft check train.jsonl --validation test.jsonl --target sagemaker-nova --strict`,
		RunE: func(c *cobra.Command, args []string) error {
			o.hasFull = c.Flags().Changed("full")
			return p.check(c, o, args)
		},
	}
	f := c.Flags()
	f.StringVar(&o.spec, "spec", "", "the grader spec, a YAML or JSON `FILE`")
	f.StringVar(&o.target, "target", string(datarules.BedrockNova), "the service that trains on the data, `NAME`: "+targetNames(", "))
	f.StringArrayVar(&o.validation, "validation", nil, "validation data of the same job, a `FILE`; may be given again")
	f.StringArrayVar(&o.rollouts, "rollouts", nil, "a `FILE` of rollouts, of which the good ones become probes; may be given again")
	f.StringArrayVar(&o.uris, "s3-uri", nil, "where a file will lie in S3, a `URI` to check; may be given again")
	f.BoolVar(&o.rules.RequireReference, "require-reference", false, "a record without reference_answer is an error")
	f.IntVar(&o.rules.PromptTokens, "max-prompt-tokens", 8192, "the job's maxPromptLength, `N`")
	f.IntVar(&o.rules.AnswerTokens, "max-answer-tokens", 2048, "the job's inferenceMaxTokens, `N`")
	f.IntVar(&o.rules.Batch, "batch", trainerBatch, "how many (`N`) answers are assumed to be sent in one call of the grader")
	f.IntVar(&o.rules.GlobalBatch, "global-batch", 0, "the global_batch_size of a SageMaker recipe, `N`")
	f.StringVar(&o.template, "answer", "", "what a right answer looks like, a `TEXT` with {} for the reference")
	f.Float64Var(&o.full, "full", 1, "what a right answer must earn, a `NUMBER` (default: the upper bound of the range, or 1)")
	f.IntVar(&o.probes, "probes", 20, "how many (`N`) good rollouts become probes; 0 for none")
	f.StringVar(&o.probesOut, "probes-out", "", "write the probes that were paid to this `FILE`, as rollouts that rft grade reads")
	f.BoolVar(&o.calls, "calls", false, "let the reference checks and the probes call the models of judges, which costs money")
	f.IntVar(&o.concurrency, "concurrency", 0, "how many (`N`) rollouts are graded at once (default: the spec's, or 64)")
	f.IntVar(&o.show, "show", 10, "how many (`N`) findings of each rule are shown; 0 for all")
	f.BoolVar(&o.strict, "strict", false, "exit with 1 on warnings, too")
	o.printing.add(c, "how it is printed, `FORM`: table or json")
	f.BoolVar(&o.list, "list-rules", false, "print all rules, and check nothing")
	f.BoolVar(&o.quiet, "quiet", false, "findings only, without the summary and notes")
	completeWords(c, "target", strings.Split(targetNames(","), ",")...)
	completeNothing(c, "max-prompt-tokens", "max-answer-tokens", "batch", "global-batch", "answer", "full", "probes", "concurrency", "show", "s3-uri")
	if err := c.MarkFlagFilename("spec", "yaml", "yml", "json"); err != nil {
		panic("workbench: " + err.Error()) // the flag is not defined: a fault of this package
	}
	return c
}

func targetNames(between string) string {
	var names []string
	for _, t := range datarules.Targets() {
		names = append(names, string(t))
	}
	return strings.Join(names, between)
}

func (p *program) check(c *cobra.Command, o checkOptions, args []string) error {
	misused := func(format string, args ...any) error {
		return &usageError{c.CommandPath(), fmt.Errorf(format, args...)}
	}
	if err := o.settle(); err != nil {
		return misused("%w", err)
	}
	switch r := o.rules; {
	case o.list:
		return o.print(p.stdout, allRules(), rulesText)
	case len(args) > 1:
		return misused("%s takes no argument %q: name validation data with --validation", c.CommandPath(), args[1])
	case len(args) == 0 && len(o.rollouts) == 0 && len(o.uris) == 0:
		return misused("no data: name its file, or - for standard input, or rollouts with --rollouts")
	case !slices.Contains(datarules.Targets(), datarules.Target(o.target)):
		return misused("--target %q: want one of %s", o.target, targetNames(", "))
	case len(args) == 0 && len(o.validation) > 0:
		return misused("--validation without training data: name the training data too")
	case o.spec == "" && len(o.rollouts) > 0:
		return misused("--rollouts without --spec: rollouts need a grader")
	case o.template != "" && !strings.Contains(o.template, "{}"):
		return misused("--answer %q: want {} in the place of the reference", o.template)
	case r.PromptTokens < 1, r.AnswerTokens < 1, r.Batch < 1, r.GlobalBatch < 0:
		return misused("want --max-prompt-tokens, --max-answer-tokens and --batch from 1 on, and --global-batch from 0 on")
	case r.PromptTokens > 1<<30, r.AnswerTokens > 1<<30, r.Batch > 1<<20, r.GlobalBatch > 1<<30:
		return misused("want --max-prompt-tokens, --max-answer-tokens and --global-batch up to %d and --batch up to %d", 1<<30, 1<<20)
	case o.show < 0, o.probes < 0:
		return misused("want --show and --probes from 0 on")
	case o.concurrency < 0 || o.concurrency > maxConcurrency:
		return misused("--concurrency %d: want 1 to %d", o.concurrency, maxConcurrency)
	}
	inputs, err := p.inputs(append(slices.Concat(args, o.validation), o.rollouts...))
	if err != nil {
		return err
	}
	if info, err := os.Stat(o.probesOut); o.probesOut != "" && err == nil {
		for _, in := range inputs {
			if in.info != nil && os.SameFile(info, in.info) {
				return misused("--probes-out %s is one of the files that are read", o.probesOut)
			}
		}
	}
	o.rules.Target = datarules.Target(o.target)
	k := &checking{program: p, options: o, report: newFindings(o.show)}
	k.data, k.rollouts = inputs[:len(inputs)-len(o.rollouts)], inputs[len(inputs)-len(o.rollouts):]
	if o.spec != "" {
		if err := k.openSpec(); err != nil {
			return err
		}
	}
	return k.run(c.Context())
}

// checking is one run of rft check.
type checking struct {
	program        *program
	options        checkOptions
	data, rollouts []input // of the data the first is for training
	report         *findings

	spec   *spec.Spec // nil without --spec
	runner *batch.Runner
	forms  gold.Forms
	marks  float64
	result checkResult

	timed time.Duration // that gradings took, and their number
	count int
	goods []probes.Good
}

// openSpec builds the graders, unless they must not be asked.
func (k *checking) openSpec() error {
	o := k.options
	s, err := spec.Open(o.spec, k.program.kinds)
	if err != nil {
		return err
	}
	k.spec = s
	k.forms = gold.FormsOf(s)
	k.forms.Template = o.template
	k.marks = o.full
	if _, hi, ok := s.Range(); ok && !o.hasFull {
		k.marks = hi
	}
	k.options.rules.Fields = fieldsOf(s)
	k.result.Spec = &checkedSpec{Path: o.spec, Hash: s.Hash(), FullMarks: k.marks}
	for _, name := range s.Graders() {
		if s.KindOf(name) == "judge" && !o.calls {
			k.report.add(datarules.Finding{File: o.spec, Rule: "G3", Level: datarules.Info, Source: checkSource,
				Text: fmt.Sprintf("references and probes were not graded: %s asks a model, which costs money; --calls lets it", name)})
			return nil
		}
	}
	cache, err := batch.NewCache(cacheEntries)
	if err != nil {
		return errors.Join(err, s.Close())
	}
	k.runner = &batch.Runner{Grader: s.Grader(), Concurrency: s.Concurrency(), Cache: cache, Scope: s.Hash()}
	if o.concurrency > 0 {
		k.runner.Concurrency = o.concurrency
	}
	return nil
}

// checkSource is the source of the rules that are this command's own.
const checkSource = "the spec's graders"

// run checks everything, and prints what was found, whatever ended it.
func (k *checking) run(ctx context.Context) (err error) {
	if k.spec != nil {
		defer func() { err = errors.Join(err, k.spec.Close()) }()
	}
	watched, unwatch := watchJudges(ctx, k.program.noted(k.options.quiet, nil))
	ended := k.all(watched)
	unwatch()
	if ctx.Err() != nil {
		ended = errInterrupted
	}
	k.result.Complete = ended == nil
	k.estimateTime()
	if err := k.print(); err != nil {
		return errors.Join(ended, err)
	}
	if ended != nil {
		return ended
	}
	errs, warnings := k.report.levels[datarules.Error], k.report.levels[datarules.Warning]
	switch {
	case errs > 0:
		return &gateError{fmt.Errorf("%s and %s", count(errs, "error"), count(warnings, "warning"))}
	case warnings > 0 && k.options.strict:
		return &gateError{fmt.Errorf("%s, and --strict", count(warnings, "warning"))}
	}
	return nil
}

func (k *checking) all(ctx context.Context) error {
	for _, uri := range k.options.uris {
		datarules.CheckURI(uri, k.report.add)
	}
	var files []*datarules.File
	for i, in := range k.data {
		f, err := k.file(ctx, in, i > 0)
		if err != nil {
			return fmt.Errorf("%s: %w", in.name, err)
		}
		files = append(files, f)
		if i == 0 {
			e := f.Estimate()
			k.result.Estimate = &e
			k.result.Records = f.Records()
			k.sizeFinding(in.name, e)
		} else {
			k.result.Validation += f.Records()
		}
	}
	if len(files) > 0 {
		datarules.Together(files[0], files[1:], k.report.add)
	}
	if k.runner == nil {
		return nil
	}
	if err := k.gradeRollouts(ctx); err != nil {
		return err
	}
	return k.probe(ctx)
}

// file checks one file of data, and its references.
func (k *checking) file(ctx context.Context, in input, evaluation bool) (*datarules.File, error) {
	name := in.name
	if filepath.Ext(name) == "" && in.info == nil {
		name = "" // standard input has no name to find fault with
	}
	f := datarules.NewFile(name, evaluation, k.options.rules, func(one datarules.Finding) {
		one.File = in.name
		k.report.add(one)
	})
	stream, err := in.open(ctx)
	if err != nil {
		return nil, err
	}
	g := &goldChecker{checking: k, file: in.name}
	err = f.Check(ctx, stream, func(r datarules.Row) error {
		if k.runner == nil {
			return nil
		}
		return g.add(ctx, r)
	})
	if err == nil {
		err = g.flush(ctx)
	}
	return f, errors.Join(err, stream.Close())
}

// sizeFinding compares an estimate of events with Lambda's limit.
func (k *checking) sizeFinding(file string, e datarules.Estimate) {
	if e.UsualEvent > datarules.MaxEvent {
		k.report.add(datarules.Finding{File: file, Rule: "L1", Level: datarules.Warning, Source: "AWS Lambda quotas",
			Text: fmt.Sprintf("a batch of %d usual records with the longest answers has %s: Lambda takes 6 MB; batches of up to %d fit", e.Batch, megabytes(e.UsualEvent), e.LargestBatch)})
	}
}

// longestCall is how long a Lambda function may run: 15 minutes (AWS Lambda quotas).
const longestCall = 15 * time.Minute

// estimateTime compares the time that gradings took here with Lambda's limit.
func (k *checking) estimateTime() {
	if k.count == 0 {
		return
	}
	each := k.timed / time.Duration(k.count)
	whole := each * time.Duration(k.options.rules.Batch)
	k.result.Time = &checkedTime{Gradings: k.count, Each: each.Seconds(), Batch: whole.Seconds(), Limit: longestCall.Seconds()}
	if whole > longestCall {
		k.report.add(datarules.Finding{File: k.options.spec, Rule: "L2", Level: datarules.Warning, Source: "AWS Lambda quotas",
			Text: fmt.Sprintf("a batch of %d takes about %s at the rate measured here: a Lambda function is ended after 15 minutes", k.options.rules.Batch, whole.Round(time.Second))})
	}
}

func megabytes(n int) string { return fmt.Sprintf("%.1f MB", float64(n)/(1<<20)) }
