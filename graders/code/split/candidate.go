package split

import (
	"context"
	"encoding/json"
	"time"

	"github.com/rftgrader/rftgrader/graders/code/sandbox"
)

// maxRestarts is how often a candidate whose process has ended is started
// again for the tests that are left.
const maxRestarts = 3

// maxStderr bounds what is kept of a candidate's output.
const maxStderr = 8 << 10

// A candidate is the process of the program under test, started anew when it
// has died.
type candidate struct {
	opener  sandbox.Opener
	program sandbox.Program

	session sandbox.Session
	build   sandbox.Build // of the first start
	started int
	id      int
	last    sandbox.Failure // why the last process ended
	spent   time.Duration   // by the running test, on the clock
	usage   sandbox.Usage
	stderr  []byte
}

// open starts the process; without a session the build has the failure.
func (c *candidate) open(ctx context.Context) error {
	c.started++
	session, build, err := c.opener.Open(ctx, sandbox.Conversant{Program: c.program})
	if err != nil {
		return err
	}
	if c.session = session; session == nil {
		c.last = build.Failure
	}
	if c.started == 1 {
		c.build = build
	}
	return nil
}

// ask asks the candidate and returns its answer; a failure is the end of its
// process.
func (c *candidate) ask(ctx context.Context, a ask) (answer, sandbox.Failure, error) {
	if c.session == nil {
		if c.started > maxRestarts {
			return answer{}, c.last, nil
		}
		if err := c.open(ctx); err != nil {
			return answer{}, "", err
		}
		if c.session == nil {
			c.started = maxRestarts + 1
			return answer{}, c.last, nil
		}
	}
	wall := sandbox.Wall(c.program.Limits.Time)
	if c.spent >= wall {
		return answer{}, c.end(sandbox.TimeLimit), nil
	}
	c.id++
	nonce := newNonce()
	line, err := writeLine(struct {
		ID int `json:"id"`
		ask
		Nonce string `json:"nonce"`
	}{c.id, a, nonce})
	if err != nil {
		return answer{}, "", err
	}
	start, starved := time.Now(), c.starved()
	sent := c.session.Send(line)
	// What is left of the test's time on the clock bounds a call as well.
	cpu := min(c.program.Limits.Time, max((wall-c.spent-time.Second)/2, 50*time.Millisecond))
	got, failure, err := c.session.Receive(ctx, cpu)
	c.spent += time.Since(start) - (c.starved() - starved)
	switch {
	case err != nil:
		return answer{}, "", err
	case failure != "":
		return answer{}, c.end(failure), nil
	case sent != nil:
		return answer{}, c.end(sandbox.RuntimeError), nil
	}
	r, err := readReply(got, c.id, nonce)
	if err != nil {
		return answer{}, c.end(sandbox.RuntimeError), nil
	}
	return answer{Value: r.Value, Error: r.Error, Args: r.Args, Waited: r.Waited}, "", nil
}

// starved is for how long the process stood in line for a processor, where the
// session knows that: it is none of the test's time.
func (c *candidate) starved() time.Duration {
	if s, ok := c.session.(interface{ Starved() time.Duration }); ok {
		return s.Starved()
	}
	return 0
}

// end ends the process and remembers why.
func (c *candidate) end(why sandbox.Failure) sandbox.Failure {
	c.last = why
	c.close()
	return why
}

func (c *candidate) close() {
	if c.session == nil {
		return
	}
	usage, stderr := c.session.Close()
	c.session = nil
	c.usage.CPU += usage.CPU
	c.usage.Wall += usage.Wall
	c.usage.Memory = max(c.usage.Memory, usage.Memory)
	c.stderr = append(c.stderr, stderr...)
	if over := len(c.stderr) - maxStderr; over > 0 {
		c.stderr = c.stderr[over:]
	}
}

// text reads a reply's value as text.
func text(value json.RawMessage) (string, bool) {
	var s string
	err := json.Unmarshal(value, &s)
	return s, err == nil && len(value) > 0 && value[0] == '"'
}
