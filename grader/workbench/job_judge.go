package workbench

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/rftgrader/rftgrader/grader/spec"
	"github.com/rftgrader/rftgrader/grader/workbench/job"
	"github.com/rftgrader/rftgrader/grader/workbench/judgeplan"
	"github.com/rftgrader/rftgrader/graders/judge/converse"
)

// A jobPlan is what rft job plan prints: the job's figures, and what the judges of
// a spec will be asked.
type jobPlan struct {
	job.Plan
	Judge *judgePlan `json:"judge,omitempty"` // null without a judge

	spec string // "" where none was given
}

// The time in which Lambda must answer, and what a judge's answer is taken to need.
const (
	lambdaTimeout = 15 * time.Minute
	judgeLatency  = 5 * time.Second
)

// judgeOfJob reckons what a spec's judges will be asked in a job, from rollouts like
// those that they will grade. It returns nil for a spec without judges.
func (p *program) judgeOfJob(ctx context.Context, path string, files []string, of job.Plan) (plan *judgePlan, err error) {
	s, err := spec.Open(path, p.kinds)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	called := calledModels(s)
	if len(called) == 0 {
		return nil, nil
	}
	if len(files) == 0 {
		return nil, errors.New("the spec has a judge: name some rollouts like those that it will grade with --rollouts")
	}
	rows, err := p.readRollouts(ctx, files)
	if err != nil {
		return nil, err
	}
	var planner judgeplan.Planner
	outcomes, err := gradeAll(converse.Intercept(ctx, planner.Wrap), s, itemsOf(rows))
	if err != nil {
		return nil, err
	}
	plan = &judgePlan{Rollouts: of.Responses, Read: len(rows), Batch: of.Batch, TimeoutMinutes: lambdaTimeout.Minutes()}
	var first error
	for i, o := range outcomes {
		if o.Graded() {
			continue
		}
		if plan.Ungraded++; first == nil {
			first = fmt.Errorf("%s: %w", rows[i].place(), o.Err)
		}
	}
	demand := planner.Demand()
	switch {
	case len(demand) == 0 && first != nil:
		return nil, fmt.Errorf("no judge was asked: %d of %s could not be graded, the first %w: name rollouts with answers with --rollouts", plan.Ungraded, count(len(rows), "rollout"), first)
	case len(demand) == 0:
		return nil, fmt.Errorf("no judge was asked: the gates and the formula of the spec keep all of the %s from it", count(len(rows), "rollout"))
	}
	plan.reckon(planOptions{latency: judgeLatency, timeout: timeoutFlag(lambdaTimeout)}, demand, called)
	return plan, nil
}

// judgeLines are what a person is told of the judges.
func (j jobPlan) judgeLines(line func(name, format string, args ...any)) {
	switch {
	case j.spec == "":
		return
	case j.Judge == nil:
		line("judge", "none: %s has no model as judge", j.spec)
		return
	}
	in, out := 0., 0.
	for _, m := range j.Judge.Models {
		in += m.Input + m.CacheRead + m.CacheWrite
		out += m.Output
	}
	line("judge", "about %s calls, %s tokens in and %s out, reckoned from %s", whole(j.Judge.Calls), whole(in), whole(out), count(j.Judge.Read, "rollout"))
	for _, m := range j.Judge.Models {
		if m.CostUSD == nil {
			line("cost", "not known: give the price of %s in the spec", m.Model)
			continue
		}
		line("cost", "USD %s for %s (prices of the %s)", dollars(*m.CostUSD), m.Model, m.Priced)
	}
	fits := "fits into"
	if !j.Judge.Fits {
		fits = "does not fit into"
	}
	line("judging", "%s for the answers of one call of the grader: %s %v", minutesText(j.Judge.BatchMinutes), fits, minutesText(&j.Judge.TimeoutMinutes))
}
