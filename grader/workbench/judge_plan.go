package workbench

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/spf13/cobra"

	"github.com/rftgrader/rftgrader/grader/spec"
	"github.com/rftgrader/rftgrader/grader/workbench/judgeplan"
	"github.com/rftgrader/rftgrader/graders/judge/converse"
	"github.com/rftgrader/rftgrader/graders/judge/models"
)

// planOptions are the flags of rft judge plan.
type planOptions struct {
	printing
	spec                     string
	rollouts, batch, samples int
	rpm, tpm, answerTokens   int
	burndown                 float64
	latency                  time.Duration
	timeout                  timeoutFlag
	failIfLate, quiet        bool
}

func (p *program) judgePlanCommand() *cobra.Command {
	o := planOptions{timeout: timeoutFlag(15 * time.Minute)}
	c := &cobra.Command{
		Use:   "plan --spec FILE ROLLOUTS...",
		Short: "Reckon calls, tokens, time and cost of a model as judge",
		Long: `Plan grades the rollouts with the spec and simulated verdicts, and counts what the judges
would ask. No model is asked, and nothing is spent. Gates, equal answers, repeats, swapped
orders and formulas count as they will; what follows on cut answers, refusals and faults
does not.

Tokens are estimates. Of input, one for every three bytes, which is more than most texts
have (English has about one for four). Of output, the length of the verdict, and ` + fmt.Sprint(judgeplan.ReasoningTokens) + `
where reasons are wanted, unless --answer-tokens says it.

The time is that of calls at an even pace. Bedrock reserves the input and max_tokens of
a call of the tokens per minute when it starts, and charges input + cache writes + output
x burn-down when it ends. So the calls in a minute are at most the requests per minute,
and the tokens per minute through what a call is charged; and those in flight are at
most the tokens per minute through what a call reserves. Quotas are those of --rpm and
--tpm, or of the spec's limits, or else usual ones, which your account may not have.

Exit codes: 0 done; 1 a batch does not fit, with --fail-if-late; 2 not done.`,
		Example: `  rft judge plan --spec grader.yaml --rpm 500 --tpm 2000000 rollouts.jsonl
  rft judge plan --spec grader.yaml --rollouts 12288 --batch 512 --fail-if-late sample.jsonl`,
		RunE: func(c *cobra.Command, args []string) error {
			if err := o.check(args); err != nil {
				return &usageError{c.CommandPath(), err}
			}
			return p.plan(c.Context(), o, args)
		},
	}
	f := c.Flags()
	f.StringVar(&o.spec, "spec", "", "the grader spec, a YAML or JSON `FILE`")
	f.IntVar(&o.rollouts, "rollouts", 0, "plan for so many (`N`) rollouts like those of the files")
	f.IntVar(&o.batch, "batch", 64, "how many (`N`) rollouts the trainer sends at once")
	f.IntVar(&o.samples, "samples", 0, "as if every question were asked so many (`N`) times, whatever the spec says")
	f.IntVar(&o.rpm, "rpm", 0, "the quota of requests (`N`) per minute of each model")
	f.IntVar(&o.tpm, "tpm", 0, "the quota of tokens (`N`) per minute of each model")
	f.Float64Var(&o.burndown, "burndown", 0, "how many tokens (`X`) of the quota one of an answer costs; by default the model's")
	f.DurationVar(&o.latency, "latency", 5*time.Second, "the `TIME` that an answer is taken to need")
	f.IntVar(&o.answerTokens, "answer-tokens", 0, "the length of an answer in tokens, `N`")
	f.Var(&o.timeout, "timeout", "the `TIME` in which a batch must be graded")
	f.BoolVar(&o.failIfLate, "fail-if-late", false, "exit with 1 if a batch does not fit into the time")
	o.printing.add(c, "how the plan is printed, `FORM`: table or json")
	f.BoolVar(&o.quiet, "quiet", false, "no notes on standard error")
	completeNothing(c, "rollouts", "batch", "samples", "rpm", "tpm", "burndown", "latency", "answer-tokens", "timeout")
	return c
}

func (o *planOptions) check(args []string) error {
	switch {
	case o.spec == "":
		return errors.New("no spec: give one with --spec")
	case len(args) == 0:
		return errors.New("no rollouts: name their files, or - for standard input")
	case o.rollouts < 0, o.samples < 0, o.rpm < 0, o.tpm < 0, o.answerTokens < 0, o.latency < 0:
		return errors.New("--rollouts, --samples, --rpm, --tpm, --answer-tokens and --latency: want 0 or more")
	case o.batch < 1:
		return fmt.Errorf("--batch %d: want 1 or more", o.batch)
	case o.burndown != 0 && !(o.burndown >= 1 && o.burndown <= 100):
		return fmt.Errorf("--burndown %v: want 1 to 100", o.burndown)
	}
	return o.settle()
}

// judgePlan is what rft judge plan prints.
type judgePlan struct {
	Rollouts int         `json:"rollouts"` // that the plan is for
	Read     int         `json:"read"`     // rollouts in the files
	Ungraded int         `json:"ungraded"` // of those that were read
	Batch    int         `json:"batch"`
	Models   []modelPlan `json:"models"`
	Calls    float64     `json:"calls"`
	Minutes  *float64    `json:"minutes"` // of the slowest model; null if it never ends
	CostUSD  *float64    `json:"cost_usd"`
	// BatchMinutes is the time of one batch, and MostRollouts the largest batch
	// that fits; null is any.
	BatchMinutes   *float64 `json:"batch_minutes"`
	TimeoutMinutes float64  `json:"timeout_minutes"`
	Fits           bool     `json:"fits"`
	MostRollouts   *int     `json:"most_rollouts_per_batch"`
}

// modelPlan is the plan of one model.
type modelPlan struct {
	judgeplan.Demand
	Quota    planQuota       `json:"quota"`
	Schedule planTimes       `json:"schedule"`
	Price    *models.Price   `json:"price"`
	Priced   string          `json:"price_from"` // spec, table, or ""
	CostUSD  *float64        `json:"cost_usd"`
	quota    judgeplan.Quota // what the schedule was reckoned with
}

// planQuota says where a quota comes from: flags, spec, usual, or "" for none.
type planQuota struct {
	RPM         int     `json:"rpm"`
	RPMFrom     string  `json:"rpm_from"`
	TPM         int     `json:"tpm"`
	TPMFrom     string  `json:"tpm_from"`
	Burndown    float64 `json:"burndown"`
	Concurrency int     `json:"concurrency"`
}

// planTimes is a schedule as JSON has it: infinity is null.
type planTimes struct {
	Reserved  float64  `json:"reserved_tokens_per_call"`
	Settled   float64  `json:"settled_tokens_per_call"`
	InFlight  int      `json:"in_flight"`
	PerMinute *float64 `json:"calls_per_minute"`
	Minutes   *float64 `json:"minutes"`
	Bound     string   `json:"bound"`
}

func (p *program) plan(ctx context.Context, o planOptions, args []string) (err error) {
	rows, err := p.readRollouts(ctx, args)
	if err != nil {
		return err
	}
	s, err := spec.Open(o.spec, p.kinds)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	planner := &judgeplan.Planner{Samples: o.samples, AnswerTokens: o.answerTokens}
	outcomes, err := gradeAll(converse.Intercept(ctx, planner.Wrap), s, itemsOf(rows))
	if err != nil {
		return err
	}
	plan := &judgePlan{Rollouts: len(rows), Read: len(rows), Batch: o.batch, TimeoutMinutes: time.Duration(o.timeout).Minutes()}
	for i, out := range outcomes {
		if out.Graded() {
			continue
		}
		if plan.Ungraded++; plan.Ungraded == 1 && !o.quiet {
			fmt.Fprintf(p.stderr, "rft: the first that is ungraded, %s: %v\n", rows[i].place(), out.Err)
		}
	}
	if o.rollouts > 0 {
		plan.Rollouts = o.rollouts
	}
	demand := planner.Demand()
	if len(demand) == 0 {
		return fmt.Errorf("no judge was asked: the spec has none, or its gates and formula keep all of the %s from it", count(len(rows), "rollout"))
	}
	plan.reckon(o, demand, calledModels(s))
	if err := o.print(p.stdout, plan, plan.table, nilIsNull()); err != nil {
		return err
	}
	if o.failIfLate && !plan.Fits {
		return &gateError{fmt.Errorf("--fail-if-late: a batch of %d does not fit into %v", o.batch, &o.timeout)}
	}
	return nil
}

// calledModel is what a spec says of how a model is called.
type calledModel struct {
	Limits struct {
		RPM      int     `json:"rpm"`
		TPM      int     `json:"tpm"`
		Burndown float64 `json:"burndown"`
	} `json:"limits"`
	Price       *models.Price `json:"price"`
	Concurrency int           `json:"concurrency"`
}

// calledModels reads the options of the spec's graders that name models. What a
// juror leaves out is as its grader has it.
func calledModels(s *spec.Spec) map[string]calledModel {
	called := map[string]calledModel{}
	for _, name := range s.Graders() {
		var o struct {
			Model  string            `json:"model"`
			Models []json.RawMessage `json:"models"`
			calledModel
		}
		if json.Unmarshal(s.OptionsOf(name), &o) != nil {
			continue // not a judge's options
		}
		if o.Model != "" {
			called[o.Model] = o.calledModel
		}
		for _, text := range o.Models {
			juror := struct {
				ID string `json:"id"`
				calledModel
			}{calledModel: o.calledModel}
			if json.Unmarshal(text, &juror) == nil && juror.ID != "" {
				called[juror.ID] = juror.calledModel
			}
		}
	}
	return called
}

func (plan *judgePlan) reckon(o planOptions, demand []judgeplan.Demand, called map[string]calledModel) {
	factor := float64(plan.Rollouts) / float64(plan.Read)
	perBatch := float64(plan.Batch) / float64(plan.Read)
	minutes, batch, cost, priced := 0.0, 0.0, 0.0, true
	for _, d := range demand {
		m := planModel(o, d, called[d.Model])
		whole := d.Scale(factor)
		m.Demand = whole
		m.Schedule = timesOf(whole.Time(m.quota))
		plan.Calls += whole.Calls
		minutes = max(minutes, whole.Time(m.quota).Minutes)
		batch = max(batch, d.Scale(perBatch).Time(m.quota).Minutes)
		if m.Price == nil {
			priced = false
		} else {
			c := whole.Cost(*m.Price)
			m.CostUSD = &c
			cost += c
		}
		plan.Models = append(plan.Models, m)
	}
	plan.Minutes, plan.BatchMinutes = orNull(minutes), orNull(batch)
	if priced {
		plan.CostUSD = &cost
	}
	usable := usableMinutes(time.Duration(o.timeout))
	plan.Fits = batch <= usable
	plan.MostRollouts = most(func(n int) bool {
		for i, d := range demand {
			if d.Scale(float64(n)/float64(plan.Read)).Time(plan.Models[i].quota).Minutes > usable {
				return false
			}
		}
		return true
	})
}

// planModel finds the quota and the price of a model.
func planModel(o planOptions, d judgeplan.Demand, c calledModel) modelPlan {
	known := models.Lookup(d.Model)
	m := modelPlan{Price: c.Price, Priced: "spec"}
	if m.Price == nil {
		m.Price, m.Priced = known.Price, "table"
	}
	if m.Price == nil {
		m.Priced = ""
	}
	choose := func(flag, said, usual int) (int, string) {
		switch {
		case flag > 0:
			return flag, "flag"
		case said > 0:
			return said, "spec"
		case usual > 0 && o.rpm == 0 && o.tpm == 0 && c.Limits.RPM == 0 && c.Limits.TPM == 0:
			return usual, "usual"
		}
		return 0, ""
	}
	q := planQuota{Burndown: known.Burndown, Concurrency: c.Concurrency}
	q.RPM, q.RPMFrom = choose(o.rpm, c.Limits.RPM, known.RPM)
	q.TPM, q.TPMFrom = choose(o.tpm, c.Limits.TPM, known.TPM)
	if c.Limits.Burndown > 0 {
		q.Burndown = c.Limits.Burndown
	}
	if o.burndown > 0 {
		q.Burndown = o.burndown
	}
	m.Quota = q
	m.quota = judgeplan.Quota{RPM: q.RPM, TPM: q.TPM, Burndown: q.Burndown, Concurrency: q.Concurrency, Latency: o.latency}
	return m
}

// usableMinutes is the time less what grading keeps free at its end: a tenth, at
// most five seconds.
func usableMinutes(timeout time.Duration) float64 {
	return (timeout - min(timeout/10, 5*time.Second)).Minutes()
}

// most returns the greatest number that fits, or nil where more than a million do.
func most(fits func(n int) bool) *int {
	const enough = 1 << 20
	if fits(enough) {
		return nil
	}
	low, high := 0, enough
	for low+1 < high {
		if mid := (low + high) / 2; fits(mid) {
			low = mid
		} else {
			high = mid
		}
	}
	return &low
}

func timesOf(s judgeplan.Schedule) planTimes {
	t := planTimes{Reserved: s.Reserved, Settled: s.Settled, InFlight: s.InFlight, Minutes: orNull(s.Minutes), Bound: s.Bound}
	if s.PerMinute > 0 {
		t.PerMinute = orNull(s.PerMinute)
	}
	return t
}

func orNull(x float64) *float64 {
	if math.IsInf(x, 0) || math.IsNaN(x) {
		return nil
	}
	return &x
}
