package workbench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws/arn"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/bedrock"
	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/spf13/cobra"

	"github.com/rftgrader/rftgrader/grader/workbench/job"
)

func (p *program) jobCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "job",
		Short: "Plan, submit and watch a reinforcement fine-tuning job of Amazon Bedrock",
		Long: `Job plans, submits, watches and stops reinforcement fine-tuning jobs of Amazon Bedrock.
The requests are signed with the credentials that the AWS SDK finds.`,
		Args: atMost(0),
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(p.jobPlanCommand(), p.jobSubmitCommand(), p.jobStatusCommand(), p.jobWatchCommand(), p.jobStopCommand())
	return c
}

// jobFlags are the flags of a definition.
type jobFlags struct {
	job.Definition
	batchSize, epochs, evalInterval, answerTokens, promptTokens, samples int32
	learningRate                                                         float32
	region                                                               string
}

func (f *jobFlags) add(c *cobra.Command) {
	s := c.Flags()
	s.StringVar(&f.Grader, "grader", "", "the `ARN` of the deployed grader, with its version")
	s.StringVar(&f.Role, "role", "", "the `ARN` of the service role")
	s.StringVar(&f.Model, "model", "", "the `ID` of the base model, such as amazon.nova-2-lite-v1:0:256k")
	s.StringVar(&f.Name, "name", "", "the job's `NAME`")
	s.StringVar(&f.CustomModel, "custom-model", "", "the new model's `NAME` (default: the job's)")
	s.StringVar(&f.Data, "data", "", "the training data, `s3://BUCKET/KEY`")
	s.StringVar(&f.Output, "output", "", "where results go, `s3://BUCKET/PREFIX/`")
	s.StringArrayVar(&f.Validation, "validation", nil, "validation data, `s3://BUCKET/KEY`; up to ten times")
	s.StringVar(&f.Key, "kms-key", "", "the `ARN` of the key that the new model is encrypted with")
	s.StringVar(&f.Token, "token", "", "a `TEXT` by which submitting again is the same job")
	s.Int32Var(&f.batchSize, "batch-size", 0, "prompts in a step, 16 to 512 (`N`; default: the service's)")
	s.Int32Var(&f.epochs, "epochs", 0, "1 to 50 (`N`; default: the service's)")
	s.Int32Var(&f.evalInterval, "eval-interval", 0, "steps between evaluations, 1 to 100 (`N`; default: the service's)")
	s.Int32Var(&f.samples, "samples", 0, "answers to each prompt, 2 to 16 (`N`; default: the service's)")
	s.Int32Var(&f.answerTokens, "max-answer-tokens", 0, "how long an answer may be (`N`; default: the service's)")
	s.Int32Var(&f.promptTokens, "max-prompt-tokens", 0, "how long a prompt may be (`N`; default: the service's)")
	s.Float32Var(&f.learningRate, "learning-rate", 0, "1e-7 to 1e-3 (`X`; default: the service's)")
	s.StringVar(&f.ReasoningEffort, "reasoning-effort", "", "`LEVEL`: low, medium or high (default: the service's)")
	completeWords(c, "reasoning-effort", "low", "medium", "high")
	for _, name := range []string{"grader", "role", "model", "name", "custom-model", "data", "output", "validation", "kms-key", "token", "batch-size", "epochs", "eval-interval", "samples", "max-answer-tokens", "max-prompt-tokens", "learning-rate"} {
		completeNothing(c, name)
	}
}

// definition takes the flags that were given.
func (f *jobFlags) definition(c *cobra.Command) job.Definition {
	d := f.Definition
	if d.CustomModel == "" {
		d.CustomModel = d.Name
	}
	number := func(flag string, value int32) *int32 {
		if !c.Flags().Changed(flag) {
			return nil
		}
		return &value
	}
	d.BatchSize, d.Epochs = number("batch-size", f.batchSize), number("epochs", f.epochs)
	d.EvalInterval, d.SamplesPerPrompt = number("eval-interval", f.evalInterval), number("samples", f.samples)
	d.MaxAnswerTokens, d.MaxPromptTokens = number("max-answer-tokens", f.answerTokens), number("max-prompt-tokens", f.promptTokens)
	if c.Flags().Changed("learning-rate") {
		d.LearningRate = &f.learningRate
	}
	return d
}

// refusals makes one error of what keeps a job from being submitted.
func refusals(problems []job.Problem) error {
	var errs []error
	for _, p := range problems {
		if p.Fatal {
			errs = append(errs, fmt.Errorf("--%s", p))
		}
	}
	if len(errs) == 0 {
		return nil
	}
	return fmt.Errorf("nothing was sent:\n%w", errors.Join(errs...))
}

// bedrockClient signs with what the SDK finds.
func bedrockClient(ctx context.Context, region, grader string) (*bedrock.Client, error) {
	if a, err := arn.Parse(grader); err == nil && region == "" {
		region = a.Region
	}
	var load []func(*config.LoadOptions) error
	if region != "" {
		load = append(load, config.WithRegion(region))
	}
	c, err := config.LoadDefaultConfig(ctx, load...)
	if err != nil {
		return nil, fmt.Errorf("read the AWS configuration: %w", err)
	}
	if c.Region == "" {
		return nil, errors.New("no region: give --region or AWS_REGION")
	}
	return bedrock.NewFromConfig(c), nil
}

func (p *program) jobSubmitCommand() *cobra.Command {
	var f jobFlags
	var dry, anyVersion bool
	var openWeight string
	c := &cobra.Command{
		Use:   "submit --grader ARN --role ARN --model ID --name NAME --data S3 --output S3",
		Short: "Submit a job, after checking what the SDK does not",
		Long: `Submit checks every name and range of the request, which the SDK does not, shows the
request, and sends it. The last line of standard output is the job's ARN.

--dry-run prints the request as JSON and sends nothing. --open-weight prints the request
of Bedrock's OpenAI-compatible API, which trains open-weight models, with the id of an
uploaded training file; it is sent with a tool of yours.

Exit codes: 0 submitted, or printed; 2 refused, here or by the service.`,
		Example: `  rft job submit --grader arn:aws:lambda:us-east-1:123456789012:function:rftgrader:7 \
    --role arn:aws:iam::123456789012:role/rft --model amazon.nova-2-lite-v1:0:256k --name sums-1 \
    --data s3://my-data/train.jsonl --output s3://my-data/out/ --epochs 2 --dry-run`,
		Args: atMost(0),
		RunE: func(c *cobra.Command, _ []string) error {
			d := f.definition(c)
			if openWeight != "" {
				return p.printOpenWeight(d, openWeight)
			}
			problems := d.Check()
			if anyVersion {
				problems = withoutVersion(problems)
			}
			if err := refusals(problems); err != nil {
				return err
			}
			body, err := d.JSON(c.Context())
			if err != nil {
				return err
			}
			if dry {
				return p.write(p.stdout, string(body)+"\n")
			}
			if err := p.write(p.stderr, string(body)+"\n"); err != nil {
				return err
			}
			client, err := bedrockClient(c.Context(), f.region, d.Grader)
			if err != nil {
				return err
			}
			out, err := client.CreateModelCustomizationJob(c.Context(), d.Input())
			if err != nil {
				return fmt.Errorf("submit the job: %w", err)
			}
			return p.write(p.stdout, *out.JobArn+"\n")
		},
	}
	f.add(c)
	c.Flags().StringVar(&f.region, "region", "", "the `REGION` (default: the grader's)")
	c.Flags().BoolVar(&dry, "dry-run", false, "print the request and send nothing")
	c.Flags().BoolVar(&anyVersion, "any-version", false, "take a grader's ARN without a version: the reward may change while the job runs")
	c.Flags().StringVar(&openWeight, "open-weight", "", "print the request for an open-weight model, with this `ID` of a training file")
	completeNothing(c, "region", "open-weight")
	return c
}

// withoutVersion takes away the problem that a person has accepted.
func withoutVersion(problems []job.Problem) (out []job.Problem) {
	for _, p := range problems {
		if !strings.Contains(p.Text, "names no version") {
			out = append(out, p)
		}
	}
	return out
}

func (p *program) printOpenWeight(d job.Definition, file string) error {
	var problems []job.Problem
	for _, q := range d.Check() {
		if q.Field == "grader" || q.Field == "model" {
			problems = append(problems, q)
		}
	}
	if err := refusals(problems); err != nil {
		return err
	}
	body, err := d.OpenWeightJSON(file)
	if err != nil {
		return err
	}
	return p.write(p.stdout, string(body)+"\n")
}

func (p *program) write(w io.Writer, text string) error {
	_, err := io.WriteString(w, text)
	return err
}

func (p *program) jobPlanCommand() *cobra.Command {
	var f jobFlags
	var records, validation, batch int
	var specFile string
	var rollouts []string
	var o printing
	c := &cobra.Command{
		Use:   "plan [DATASET]",
		Short: "Say what a job will do, before anything is sent",
		Long: `Plan says how many steps a job takes, how many answers are graded and how often the
grader is called, from the number of records in a dataset (or --records). Where a
number is left to the service, that of AWS's own recipe is taken. The service does not
say how many answers it sends in one call: --batch is an assumption.

With --spec it also says what the spec's judges will be asked and cost, reckoned from the
rollouts of --rollouts, or from the dataset if it holds answers. No model is asked; tokens
are estimates. rft judge plan says more.

Exit codes: 0 done; 2 not done.`,
		Example: `  rft job plan train.jsonl --batch-size 64 --epochs 2 --samples 8
  rft job plan train.jsonl --epochs 2 --spec grader.yaml --rollouts rollouts.jsonl`,
		Args: atMost(1),
		RunE: func(c *cobra.Command, args []string) error {
			if err := o.settle(); err != nil {
				return &usageError{c.CommandPath(), err}
			}
			d := f.definition(c)
			var fatal []job.Problem
			for _, q := range d.Check() {
				if c.Flags().Changed(q.Field) {
					fatal = append(fatal, q)
				}
			}
			if err := refusals(fatal); err != nil {
				return err
			}
			switch {
			case len(args) == 1 && c.Flags().Changed("records"):
				return &usageError{c.CommandPath(), errors.New("want a dataset or --records, and not both")}
			case len(args) == 1:
				var err error
				if records, err = p.countRecords(c.Context(), args[0]); err != nil {
					return err
				}
			case records < 1:
				return &usageError{c.CommandPath(), errors.New("no data: name a dataset, or give --records")}
			}
			if batch < 1 || validation < 0 {
				return &usageError{c.CommandPath(), errors.New("want --batch from 1 on and --validation-records from 0 on")}
			}
			plan := jobPlan{Plan: d.Plan(records, validation, batch), spec: specFile}
			switch {
			case specFile == "" && len(rollouts) > 0:
				return &usageError{c.CommandPath(), errors.New("--rollouts are graded with a spec: give one with --spec")}
			case specFile != "":
				if len(rollouts) == 0 {
					rollouts = args
				}
				var err error
				if plan.Judge, err = p.judgeOfJob(c.Context(), specFile, rollouts, plan.Plan); err != nil {
					return err
				}
			}
			return o.print(p.stdout, plan, plan.table)
		},
	}
	f.add(c)
	c.Flags().IntVar(&records, "records", 0, "how many (`N`) records the training data has")
	c.Flags().IntVar(&validation, "validation-records", 0, "how many (`N`) records the validation data has")
	c.Flags().IntVar(&batch, "batch", trainerBatch, "how many (`N`) answers are assumed to be sent in one call of the grader")
	c.Flags().StringVar(&specFile, "spec", "", "reckon the judges of this grader spec, a YAML or JSON `FILE`")
	c.Flags().StringArrayVar(&rollouts, "rollouts", nil, "a `FILE` of rollouts like those that the judges will grade; may be repeated")
	o.add(c, "how the plan is printed, `FORM`: table or json")
	completeNothing(c, "records", "validation-records", "batch")
	return c
}

// countRecords counts the lines that hold something.
func (p *program) countRecords(ctx context.Context, name string) (int, error) {
	inputs, err := p.inputs([]string{name})
	if err != nil {
		return 0, err
	}
	file, err := inputs[0].open(ctx)
	if err != nil {
		return 0, err
	}
	defer func() { _ = file.Close() }() // it is only read
	n, filled := 0, false
	buf := make([]byte, 256<<10)
	for {
		k, err := file.Read(buf)
		for _, b := range buf[:k] {
			switch b {
			case '\n':
				if filled {
					n++
				}
				filled = false
			case ' ', '\t', '\r':
			default:
				filled = true
			}
		}
		switch {
		case errors.Is(err, io.EOF):
			if filled {
				n++
			}
			if n == 0 {
				return 0, fmt.Errorf("%s holds no records", name)
			}
			return n, nil
		case err != nil:
			return 0, fmt.Errorf("%s: %w", name, err)
		}
	}
}

func (plan jobPlan) table(paint paint) string {
	t := newGrid(paint)
	line := func(name, format string, args ...any) {
		t.AppendRow(table.Row{paint.bold(name), fmt.Sprintf(format, args...)})
	}
	line("records", "%d, %d for validation", plan.Records, plan.ValidationRecords)
	line("steps", "%d, %d in an epoch, %d answers in each", plan.Steps, plan.StepsPerEpoch, plan.PerStep)
	if plan.ValidationRecords > 0 {
		line("evaluations", "%d, of %d answers each", plan.Evaluations, plan.ValidationRecords)
	}
	line("graded", "%d answers, %d of them in training", plan.Responses, plan.TrainingResponses)
	line("calls", "%d of the grader, if %d answers are sent in each", plan.Invocations, plan.Batch)
	plan.judgeLines(line)
	text := t.Render() + "\n"
	for _, n := range plan.Notes {
		text += paint.warn("note: "+n.String()) + "\n"
	}
	return text
}

func (p *program) jobStatusCommand() *cobra.Command {
	var region string
	var o printing
	c := &cobra.Command{
		Use:   "status JOB",
		Short: "Say how a job goes",
		Long:  "Status prints how a job goes. JOB is its name or ARN.\n\nExit codes: 0 done; 2 not done.",
		RunE: func(c *cobra.Command, args []string) error {
			if err := o.settle(); err != nil {
				return &usageError{c.CommandPath(), err}
			}
			client, err := oneJob(c, region, args)
			if err != nil {
				return err
			}
			s, err := job.Get(c.Context(), client, args[0])
			if err != nil {
				return err
			}
			return o.print(p.stdout, s, func(paint paint) string { return statusTable(s, paint) })
		},
	}
	c.Flags().StringVar(&region, "region", "", "the `REGION`, where the ARN does not say it")
	o.add(c, "how it is printed, `FORM`: table or json")
	completeNothing(c, "region")
	return c
}

func oneJob(c *cobra.Command, region string, args []string) (*bedrock.Client, error) {
	if len(args) != 1 {
		return nil, &usageError{c.CommandPath(), errors.New("want one job: its name or ARN")}
	}
	return bedrockClient(c.Context(), region, args[0])
}

func statusTable(s job.Status, paint paint) string {
	t := newGrid(paint)
	line := func(name, value string) {
		if value != "" {
			t.AppendRow(table.Row{paint.bold(name), value})
		}
	}
	line("job", s.Name)
	line("arn", s.ARN)
	line("status", s.Status)
	line("phase", s.Phase)
	line("since", s.Created.UTC().Format(time.RFC3339))
	if !s.Ended.IsZero() {
		line("ended", s.Ended.UTC().Format(time.RFC3339))
	}
	line("model", s.Model)
	line("failure", s.Failure)
	if s.Loss != nil {
		line("loss", number(float64(*s.Loss)))
	}
	return t.Render() + "\n"
}

func (p *program) jobWatchCommand() *cobra.Command {
	var region string
	every := time.Minute
	c := &cobra.Command{
		Use:   "watch JOB",
		Short: "Follow a job until it ends",
		Long: `Watch asks for the job's status until it is final, and tells each change. The last line
of standard output is the new model's ARN. Ctrl-C ends the watching and not the job.

Exit codes: 0 completed; 1 the job failed or was stopped; 2 not watched to its end.`,
		RunE: func(c *cobra.Command, args []string) error {
			if every < time.Second {
				return &usageError{c.CommandPath(), fmt.Errorf("--every %v: want a second or more", every)}
			}
			client, err := oneJob(c, region, args)
			if err != nil {
				return err
			}
			return p.watch(c.Context(), client, args[0], every)
		},
	}
	c.Flags().StringVar(&region, "region", "", "the `REGION`, where the ARN does not say it")
	c.Flags().Var((*timeoutFlag)(&every), "every", "the `TIME` between two questions; a number alone is seconds")
	c.Flags().Lookup("every").DefValue = every.String()
	completeNothing(c, "region", "every")
	return c
}

func (p *program) watch(ctx context.Context, client *bedrock.Client, id string, every time.Duration) error {
	last := ""
	s, err := job.Watch(ctx, client, id, every, func(s job.Status, err error) {
		line := strings.TrimSpace(s.Status + " " + s.Phase)
		if err != nil {
			line = fmt.Sprintf("%v; asking again in %v", err, every)
		}
		if line != last {
			fmt.Fprintf(p.stderr, "rft: %s %s\n", time.Now().UTC().Format(time.RFC3339), line)
			last = line
		}
	})
	switch {
	case ctx.Err() != nil:
		return fmt.Errorf("interrupted: the job goes on; rft job stop %s ends it", id)
	case err != nil:
		return err
	case s.Failure != "":
		return &gateError{fmt.Errorf("the job %s: %s: %s", s.Name, s.Status, s.Failure)}
	case s.Model == "":
		return &gateError{fmt.Errorf("the job %s: %s, and there is no model", s.Name, s.Status)}
	}
	return p.write(p.stdout, s.Model+"\n")
}

func (p *program) jobStopCommand() *cobra.Command {
	var region string
	c := &cobra.Command{
		Use:   "stop JOB",
		Short: "End a job before its end",
		Long:  "Stop asks the service to end a job. JOB is its name or ARN.\n\nExit codes: 0 asked; 2 not done.",
		RunE: func(c *cobra.Command, args []string) error {
			client, err := oneJob(c, region, args)
			if err != nil {
				return err
			}
			if _, err := client.StopModelCustomizationJob(c.Context(), &bedrock.StopModelCustomizationJobInput{JobIdentifier: &args[0]}); err != nil {
				return fmt.Errorf("stop the job %s: %w", args[0], err)
			}
			return p.write(p.stdout, "the job "+args[0]+" is being stopped: rft job watch shows when it has ended\n")
		},
	}
	c.Flags().StringVar(&region, "region", "", "the `REGION`, where the ARN does not say it")
	completeNothing(c, "region")
	return c
}
