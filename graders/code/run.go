package code

import (
	"context"
	"crypto/rand"
	"errors"
	"strings"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/graders/code/sandbox"
	"github.com/rftgrader/rftgrader/graders/code/sandbox/wire"
	"github.com/rftgrader/rftgrader/graders/code/split"
	"github.com/rftgrader/rftgrader/graders/code/suite"
)

// maxTimeouts is how many runs in a row may reach the time limit before those
// that are left count as failed by it too.
const maxTimeouts = 3

// errUndecided says that the tests have to be run as the program that they are.
var errUndecided = errors.New("a value that only the tests themselves can judge")

// run runs code on the tests of a task.
func (g *codeGrader) run(ctx context.Context, t *task, code string) (outcome, error) {
	if err := g.setup(ctx, t); err != nil {
		return outcome{}, err
	}
	whole := compose(t.Suite, code)
	p := sandbox.Program{Language: t.language, Source: whole.source, Limits: t.limits}
	out, err := outcome{}, errUndecided
	if len(t.Cases) > 0 {
		out, err = g.runCases(ctx, t, p)
	}
	if errors.Is(err, errUndecided) {
		out, err = g.runScript(ctx, t, p)
	}
	out.composed = whole
	return out, err
}

// runCases gives the inputs to the executor and compares the outputs here,
// where alone the wanted ones are.
func (g *codeGrader) runCases(ctx context.Context, t *task, p sandbox.Program) (outcome, error) {
	if t.Form != suite.Stdio {
		p.Entry = t.Entry
	}
	inputs := make([]sandbox.Input, len(t.Cases))
	nonces := make([]string, len(t.Cases))
	for i := range t.Cases {
		c := &t.Cases[i]
		if p.Entry == "" {
			inputs[i].Stdin = c.Stdin
			continue
		}
		nonces[i] = rand.Text()
		call := wire.Call{ID: int64(i + 1), Entry: p.Entry, Args: c.Args, Kwargs: c.Kwargs, Nonce: nonces[i]}
		inputs[i].Call = call.Append(nil)
	}
	judge := func(i int, out sandbox.Output) tested {
		if p.Entry == "" {
			return judgeText(&t.Cases[i], out)
		}
		return judgeReply(&t.Cases[i], out, int64(i+1), nonces[i])
	}
	var k *checker
	if t.Checker != nil {
		var err error
		if k, err = g.newChecker(t); err != nil {
			return outcome{}, err
		}
		judge = k.keep
	}
	out, cases, err := g.runEach(ctx, t, p, inputs, judge)
	if err != nil || !out.compiled {
		return out, err
	}
	if k != nil {
		if err := k.judge(ctx, cases); err != nil {
			return outcome{}, err
		}
	}
	return out.gather(t.Suite, cases), nil
}

// undecided marks a case that only the tests as a program can judge.
const undecided sandbox.Failure = "undecided"

// runEach runs the inputs and returns what came of each case.
func (g *codeGrader) runEach(ctx context.Context, t *task, p sandbox.Program, inputs []sandbox.Input, judge func(int, sandbox.Output) tested) (outcome, []tested, error) {
	out := outcome{trusted: true}
	cases := make([]tested, len(inputs))
	timeouts := 0
	again := false
	stop := g.stops()
	var err error
	out.build, err = g.executor.Run(ctx, p, inputs, func(i int, o sandbox.Output) bool {
		if i < 0 || i >= len(cases) {
			return false
		}
		c := judge(i, o)
		c.ran = true
		cases[i] = c
		out.usage.CPU += o.Usage.CPU
		out.usage.Wall += o.Usage.Wall
		out.usage.Memory = max(out.usage.Memory, o.Usage.Memory)
		if c.class == undecided {
			again = true
			return false
		}
		if c.class != sandbox.TimeLimit {
			timeouts = 0
		} else if timeouts++; timeouts >= maxTimeouts {
			for j := i + 1; j < len(cases); j++ {
				cases[j] = tested{ran: true, class: sandbox.TimeLimit, why: "not run, as those before it"}
			}
			return false
		}
		return c.passed || !stop
	})
	switch {
	case err != nil:
		return outcome{}, nil, err
	case again && t.Script != nil:
		return outcome{}, nil, errUndecided
	}
	out.compiled = out.build.Failure == ""
	return out, cases, nil
}

// gather makes tests of cases.
func (o outcome) gather(s *suite.Suite, cases []tested) outcome {
	o.tests = make([]tested, len(s.Tests))
	for i, t := range s.Tests {
		o.tests[i] = tested{ran: true, passed: true}
		for _, c := range t.Cases {
			if !cases[c].passed {
				o.tests[i] = cases[c]
				break
			}
		}
	}
	return o
}

// failed is a case whose run did not end as programs should.
func failed(out sandbox.Output) tested {
	t := tested{class: out.Failure}
	if out.Failure != sandbox.RuntimeError {
		return t
	}
	if out.Exit > 128 {
		t.why = "ended by signal " + itoa(out.Exit-128)
	} else if out.Exit > 0 {
		t.why = "exit status " + itoa(out.Exit)
	}
	if said := complaint(out.Stderr); said != "" {
		t.why = joined(t.why, said)
	}
	return t
}

// unanswered is a call that the program did not answer.
func unanswered(out sandbox.Output) tested {
	t := failed(out)
	if t.class == sandbox.RuntimeError {
		t.why = joined("it ended before it answered", t.why)
	}
	return t
}

func judgeText(c *suite.Case, out sandbox.Output) tested {
	if out.Failure != "" {
		return failed(out)
	}
	v, why := c.JudgeText(out.Stdout)
	if v != suite.Pass {
		return tested{class: wrong, why: why}
	}
	return tested{passed: true}
}

func judgeReply(c *suite.Case, out sandbox.Output, id int64, nonce string) tested {
	reply, err := wire.ReadReply(out.Value, id, nonce)
	switch {
	case out.Failure == sandbox.RuntimeError && err == nil && reply.Exception != nil:
		return tested{class: out.Failure, why: exception(reply.Exception.Type, reply.Exception.Message)}
	case out.Failure != "":
		return unanswered(out)
	}
	if err != nil {
		return tested{class: sandbox.RuntimeError, why: "it wrote no reply to the call: " + err.Error()}
	}
	if x := reply.Exception; x != nil {
		return tested{class: sandbox.RuntimeError, why: exception(x.Type, x.Message)}
	}
	switch v, why := c.JudgeValue(reply.Value); v {
	case suite.Pass:
		return tested{passed: true}
	case suite.Undecided:
		return tested{class: undecided, why: why}
	default:
		return tested{class: wrong, why: why}
	}
}

// runScript runs tests that are a program, beside the candidate and out of its
// reach.
func (g *codeGrader) runScript(ctx context.Context, t *task, p sandbox.Program) (outcome, error) {
	opener, ok := g.executor.Executor.(sandbox.Opener)
	if !ok {
		return outcome{}, grader.Permanentf("the executor %s cannot hold tests that are programs: use the executor jail, or tests of the form function or stdio", g.Options.Executor)
	}
	// A process with tests waits for a place of the candidate's: as many start as
	// can go on.
	select {
	case g.executor.scripts <- struct{}{}:
		defer func() { <-g.executor.scripts }()
	case <-ctx.Done():
		return outcome{}, ctx.Err()
	}
	script := *t.Script
	script.Limits = t.limits
	script.Together = g.Untrusted == UntrustedRun
	report, err := split.Run(ctx, opener, &script, p)
	if err != nil {
		return outcome{}, t.placed(err)
	}
	out := outcome{build: report.Build, compiled: report.Build.Failure == "", trusted: report.Trusted, usage: report.Usage}
	if report.Unsplittable != "" && len(report.Tests) == 0 && out.compiled {
		return outcome{}, &grader.DataError{Where: t.where, Detail: report.Unsplittable,
			Err: errors.New("the tests cannot be kept out of the candidate's process, which could then write its own grade: give them as stdio or function cases, or set untrusted: run")}
	}
	for _, test := range report.Tests {
		out.tests = append(out.tests, tested{ran: true, passed: test.Passed, class: test.Failure, why: briefly(test.Detail)})
	}
	if out.compiled && len(out.tests) < len(t.Tests) {
		return outcome{}, grader.Permanentf("the tester told of %d tests, want %d", len(out.tests), len(t.Tests))
	}
	return out, nil
}

func briefly(detail string) string {
	if detail == "" {
		return ""
	}
	return shown(detail)
}

// placed gives a fault of the tests their place in the rollout.
func (t *task) placed(err error) error {
	var data *grader.DataError
	if !errors.As(err, &data) {
		return err
	}
	at := *data
	if !strings.HasPrefix(at.Where, t.where) {
		at.Where = t.where + at.Where
	}
	return &at
}
