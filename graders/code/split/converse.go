package split

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/graders/code/sandbox"
)

// A conversation stands between a tester and a candidate.
type conversation struct {
	tests     *Tests
	plan      *plan
	candidate *candidate // nil where the tests hold the candidate
	tester    tester
	ledger    *ledger
	nonce     string
	forged    bool   // the candidate may speak in the tester's name
	loaded    string // why the candidate's program could not be loaded
	reason    string // why the tests cannot be split
}

// A tester is how the process with the tests is talked to.
type tester interface {
	// send gives the tester a line; receive returns its next one, or why there is none.
	send(ctx context.Context, line []byte) error
	receive(ctx context.Context) ([]byte, sandbox.Failure, error)
}

// converse runs the tests by a plan. The candidate is started when the tests
// first ask it something: until then nobody may look at how they start.
func converse(ctx context.Context, opener sandbox.Opener, tests *Tests, p *plan) (report Report, err error) {
	c := &conversation{tests: tests, plan: p, ledger: newLedger(tests.Names), nonce: newNonce(), forged: p.shared == always}
	if p.candidate.Language != nil {
		c.candidate = &candidate{opener: opener, program: p.candidate}
		defer func() {
			c.candidate.close()
			report.Usage, report.Stderr = c.candidate.usage, c.candidate.stderr
		}()
	}
	session, build, err := opener.Open(ctx, p.tester)
	if err != nil {
		return report, err
	}
	if session == nil {
		return c.unbuilt(build), nil
	}
	defer func() {
		usage, stderr := session.Close()
		if c.candidate == nil {
			report.Usage, report.Stderr = usage, stderr
		}
	}()
	if p.stepwise {
		c.tester = &stepper{session: session}
	} else {
		c.tester = liner{session}
	}
	failure, err := c.run(ctx)
	if err != nil {
		return report, err
	}
	if c.candidate != nil && c.candidate.started == 0 && c.reason == "" {
		// Tests that ask nothing are still those of a program.
		if err := c.candidate.open(ctx); err != nil {
			return report, err
		}
	}
	if absent := c.ledger.absent(); failure == "" && c.reason == "" && !c.forged && absent != nil {
		return Report{}, absent
	}
	return c.report(failure), nil
}

// unbuilt is the report on tests that do not compile.
func (c *conversation) unbuilt(build sandbox.Build) Report {
	if c.candidate == nil {
		return Report{Build: build, Tests: c.ledger.all(build.Failure, "the solution does not build with the tests")}
	}
	// The tests compile with every solution that has what they use.
	build.Failure = sandbox.CompileError
	return Report{Build: build, Trusted: c.plan.trusted, Tests: c.ledger.all(build.Failure, "the tests do not compile with what the solution defines")}
}

// report is what came of the conversation. The failure is why the tester ended
// early.
func (c *conversation) report(failure sandbox.Failure) Report {
	if c.reason != "" {
		return Report{Unsplittable: c.reason}
	}
	r := Report{Trusted: c.plan.trusted}
	if c.candidate != nil {
		r.Build = c.candidate.build
	}
	switch {
	case r.Build.Failure != "":
		r.Tests = c.ledger.all(r.Build.Failure, "the solution was not built")
		return r
	case c.loaded != "":
		r.Tests = c.ledger.all(sandbox.RuntimeError, c.loaded)
		return r
	}
	if failure == "" && c.candidate != nil && !c.ledger.begun {
		failure = c.candidate.last
	}
	r.Tests = c.ledger.results(failure)
	return r
}

// run relays until the tester is done; the failure is why it ended early.
func (c *conversation) run(ctx context.Context) (sandbox.Failure, error) {
	config := c.plan.config
	config["nonce"] = c.nonce
	line, err := writeLine(config)
	if err != nil {
		return "", err
	}
	if err := c.tester.send(ctx, line); err != nil {
		return "", grader.Transientf("the process with the tests could not be reached: %w", err)
	}
	for {
		line, failure, err := c.tester.receive(ctx)
		if err != nil || failure != "" {
			return failure, err
		}
		var m message
		if json.Unmarshal(line, &m) != nil || m.Nonce != c.nonce {
			return sandbox.RuntimeError, nil
		}
		done, err := c.take(ctx, m)
		if err != nil || done {
			return "", err
		}
	}
}

// take acts on one message of the tester.
func (c *conversation) take(ctx context.Context, m message) (done bool, err error) {
	switch {
	case m.Ask != nil:
		return c.relay(ctx, *m.Ask)
	case m.Start != nil:
		c.ledger.start(*m.Start)
		if c.candidate != nil {
			c.candidate.spent = 0
		}
	case m.End != nil:
		c.ledger.end(*m.End, m.Outcome, m.Detail)
	case m.Plan != nil:
		c.ledger.plan(m.Plan)
		c.ledger.whole = m.Whole
	case m.Begun:
		c.forged = c.plan.shared != never
	case m.Note != "":
		c.ledger.note = m.Note
	case m.Done:
		c.ledger.done = true
		return true, nil
	case c.forged && (m.Unsplittable != "" || m.Missing != "" || m.Broken != ""):
		// A fault of the tests is known before the candidate has a word.
		c.ledger.note = m.Unsplittable + m.Missing + m.Broken
		return true, nil
	case m.Unsplittable != "":
		c.reason = m.Unsplittable
		return true, nil
	case m.Unloaded != "":
		c.loaded = m.Unloaded
		return true, nil
	case m.Missing != "":
		return true, grader.Permanentf("%s is not installed for the user that runs the tests: install it", m.Missing)
	case m.Broken != "":
		return true, &grader.DataError{Err: errors.New("the tests are at fault: they do not run with any solution"), Detail: m.Broken}
	}
	return false, nil
}

// relay asks the candidate what the tester wants to know; there is no more to do
// where it cannot be built.
func (c *conversation) relay(ctx context.Context, a ask) (done bool, err error) {
	if c.candidate == nil {
		return true, grader.Permanentf("the tests asked for a candidate that they hold themselves")
	}
	got, failure, err := c.candidate.ask(ctx, a)
	if err != nil {
		return true, err
	}
	if c.candidate.build.Failure != "" {
		return true, nil
	}
	if failure != "" {
		c.ledger.fail(failure)
		got = answer{Dead: failure}
	}
	line, err := writeLine(got)
	if err != nil {
		return true, err
	}
	// A tester that has gone is seen when its next line is awaited.
	_ = c.tester.send(ctx, line)
	return false, nil
}

// A liner talks in lines.
type liner struct{ session sandbox.Session }

func (l liner) send(_ context.Context, line []byte) error { return l.session.Send(line) }

func (l liner) receive(ctx context.Context) ([]byte, sandbox.Failure, error) {
	return l.session.Receive(ctx, 0)
}

// A stepper talks to a program behind a driver: each call of its function RftStep
// takes a line and returns the program's next one.
type stepper struct {
	session sandbox.Session
	id      int
	nonce   string
}

func (s *stepper) send(_ context.Context, line []byte) error {
	s.id++
	s.nonce = newNonce()
	request, err := writeLine(map[string]any{"id": s.id, "op": "call", "entry": stepName, "args": []string{string(line)}, "nonce": s.nonce})
	if err != nil {
		return err
	}
	return s.session.Send(request)
}

func (s *stepper) receive(ctx context.Context) ([]byte, sandbox.Failure, error) {
	if s.nonce == "" {
		// The last line asked for nothing: an empty one gets the next.
		if err := s.send(ctx, nil); err != nil {
			return nil, sandbox.RuntimeError, nil
		}
	}
	line, failure, err := s.session.Receive(ctx, 0)
	if err != nil || failure != "" {
		return nil, failure, err
	}
	r, err := readReply(line, s.id, s.nonce)
	s.nonce = ""
	said, ok := text(r.Value)
	if err != nil || !ok {
		return nil, sandbox.RuntimeError, nil
	}
	return []byte(said), "", nil
}

// testerLimits returns the limits of a tester: what the candidate may use, and
// never less than frameworks and runtimes need.
func testerLimits(l sandbox.Limits) sandbox.Limits {
	d := sandbox.DefaultLimits()
	l.Time = max(l.Time, 10*time.Second)
	l.Memory = max(l.Memory, d.Memory)
	l.Output = max(l.Output, d.Output)
	l.Disk = max(l.Disk, d.Disk)
	l.Processes = max(l.Processes, d.Processes)
	l.Compile = max(l.Compile, d.Compile)
	return l
}
