//go:build amd64 || arm64

package jail

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/sys/unix"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/graders/code/sandbox"
)

// framing is what a reply may be longer than its value.
const framing = 8 << 10

// A conversation is a live program that answers lines.
type conversation struct {
	jail    *Jail
	process *process
	pipes   *plumbing
	in      *inlet
	lines   *lineReader
	printed *collector
	greets  bool // the driver says first whether the text is a program
	said    string
	limits  sandbox.Limits
	bound   bound
	ended   bool
	sent    time.Time     // when the call that is being answered began
	starved time.Duration // what the program had starved then
	calls   time.Duration // processor time up to the last call's end

	several atomic.Bool // more than one line was sent at once
	blurred atomic.Bool // too much was printed, and it is not known by which call
}

// converse starts a program that answers lines on the descriptors 3 and 4, and
// sends it so many lines.
func (j *Jail) converse(ctx context.Context, e *execution, text []byte, lines int) (*conversation, error) {
	for try := 1; ; try++ {
		c := &conversation{jail: j, pipes: &plumbing{user: j.user}, limits: e.limits, greets: e.status}
		c.several.Store(lines > 1)
		err := c.open(ctx, e, text, lines)
		if err == nil {
			return c, nil
		}
		c.pipes.close()
		if !errors.Is(err, errNotBegun) || try == startTries {
			return nil, err
		}
	}
}

func (c *conversation) open(ctx context.Context, e *execution, text []byte, lines int) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	c.pipes.give(c.jail.null)
	printed, err := c.pipes.fromChild()
	if err != nil {
		return err
	}
	// Standard error is the same pipe: both are for people only.
	c.pipes.again()
	if c.in, err = c.pipes.toChild(); err != nil {
		return err
	}
	out, err := c.pipes.fromChild()
	if err != nil {
		return err
	}
	args := e.args
	var rings *pipeEnd
	if e.job != nil && lines > 0 {
		if rings, err = c.pipes.fromChild(); err != nil {
			return err
		}
		args = append(slices.Clip(args), strconv.Itoa(len(c.pipes.child)-1))
	}
	command := &command{path: e.path, args: args, env: e.env, dir: e.dir, reach: e.reach, pipes: c.pipes, inlet: c.in, input: text, job: e.job, bell: rings != nil}
	command.bound, command.limits = bounds(e.limits, e.headroom)
	command.bound.folder, command.bound.trusted = e.dir, e.trusted
	if e.watchDir != "" {
		command.bound.folder = e.watchDir
	}
	// Each call has time of its own, which the kernel cannot count.
	command.limits.CPU = 0
	c.bound = command.bound
	if c.process, err = c.jail.start(ctx, command); err != nil {
		return err
	}
	c.sent = c.process.started
	c.printed = collect(printed, e.limits.Output, true, c.over)
	c.lines = &lineReader{limit: int(e.limits.Output) + framing}
	if rings == nil {
		c.lines.r = out.waiting()
	} else {
		c.lines.bell = &bell{r: rings.waiting(), lines: out, woken: c.sent}
	}
	if len(command.rest) > 0 {
		// Who does not read it does not answer either.
		_ = c.write(command.rest, e.limits.Time)
	}
	return nil
}

// over ends a program that printed too much since it was sent something. That may be
// what several calls have printed.
func (c *conversation) over() {
	if c.several.Load() {
		c.blurred.Store(true)
		c.process.kill()
		return
	}
	c.process.fail(sandbox.OutputLimit)
}

// begin gives the call that the program answers next time anew. One that was sent with
// others began when the program was heard of last.
func (c *conversation) begin(cpu time.Duration) {
	now := time.Now()
	if c.lines.bell != nil {
		now = c.lines.bell.woken
	}
	c.beginAt(now, cpu)
}

func (c *conversation) beginAt(sent time.Time, cpu time.Duration) {
	c.sent, c.starved = sent, c.process.watched.starved.Total()
	c.process.rearm(cpu)
}

// send gives the program so many lines, each with a newline, and time anew.
func (c *conversation) send(text []byte, lines int, cpu time.Duration) error {
	now := time.Now()
	if c.lines.bell != nil {
		c.lines.bell.woken = now
	}
	c.beginAt(now, cpu)
	c.printed.reset()
	c.several.Store(lines > 1)
	return c.write(text, cpu)
}

func (c *conversation) write(text []byte, cpu time.Duration) error {
	w := c.in.waiting()
	for {
		until := c.until(cpu)
		_ = w.SetWriteDeadline(until)
		n, err := w.Write(text)
		text = text[n:]
		if !errors.Is(err, os.ErrDeadlineExceeded) || !c.until(cpu).After(until) {
			return err
		}
	}
}

// until is when the time on the clock of the call that is being answered ends. It
// moves while the program starves.
func (c *conversation) until(cpu time.Duration) time.Time {
	return c.sent.Add(sandbox.Wall(cpu) + c.process.watched.starved.Total() - c.starved)
}

// heard is for how long a line is waited for that may have come in time and was not
// read, because this program starved.
const heard = 2 * time.Millisecond

// next reads the next line.
func (c *conversation) next(cpu time.Duration) ([]byte, error) {
	for {
		until := c.until(cpu)
		line, err := c.lines.next(until)
		if !errors.Is(err, os.ErrDeadlineExceeded) {
			return line, err
		}
		if !c.until(cpu).After(until) {
			return c.lines.next(time.Now().Add(heard))
		}
	}
}

// receive returns the next line, or why there is none; then the conversation
// is over. Whoever ends ctx has to kill the program.
func (c *conversation) receive(ctx context.Context, cpu time.Duration) ([]byte, sandbox.Failure, error) {
	var line []byte
	err := c.greet(cpu)
	if err == nil {
		line, err = c.next(cpu)
	}
	if err == nil {
		return line, "", nil
	}
	switch {
	case ctx.Err() != nil:
		c.finish()
		return nil, "", ctx.Err()
	case errors.Is(err, os.ErrDeadlineExceeded):
		c.process.fail(sandbox.TimeLimit)
	case errors.Is(err, errLineTooLong):
		c.process.fail(sandbox.OutputLimit)
	}
	stderr := c.finish()
	if c.process.refused != nil && !c.died() {
		return nil, "", unavailable("run a program", c.process.refused)
	}
	if why, refused := strings.CutPrefix(c.said, "R"); refused {
		return nil, "", grader.Permanentf("run a program: the interpreter could not confine itself: %s", why)
	}
	return nil, c.judge(stderr), nil
}

// greet reads what the driver says before the program has a word: L, it is a
// program; S, it is none; R and why, it could not be confined.
func (c *conversation) greet(cpu time.Duration) error {
	if !c.greets || c.said == "L" {
		return nil
	}
	if c.said == "" {
		line, err := c.next(cpu)
		if err != nil {
			return err
		}
		c.said = string(bytes.ToValidUTF8(line, nil))
	}
	if c.said != "L" {
		// It ends by itself when it has said why, on standard error.
		_, err := c.next(cpu)
		return cmp.Or(err, errEnded)
	}
	return nil
}

// judge says why a program that should have answered has ended.
func (c *conversation) judge(stderr []byte) sandbox.Failure {
	p := c.process
	if f := p.failure(); f != "" {
		return f
	}
	switch {
	case p.memory > c.bound.memory, outOfMemory(stderr):
		return sandbox.MemoryLimit
	case p.signal == unix.SIGXCPU:
		return sandbox.TimeLimit
	case p.signal == unix.SIGXFSZ:
		return sandbox.DiskLimit
	}
	return sandbox.RuntimeError
}

// call returns what came of the call that the program answers next. Over says
// that the program has ended with it.
func (c *conversation) call(ctx context.Context, cpu time.Duration) (out sandbox.Output, over bool, err error) {
	reply, failure, err := c.receive(ctx, cpu)
	if err != nil {
		return out, true, err
	}
	wall := time.Since(c.sent)
	if failure != "" {
		out = sandbox.Output{Failure: failure, Exit: c.process.status, Stderr: c.finish()}
		out.Usage = c.process.usage()
		out.Usage.CPU = max(out.Usage.CPU-c.calls, 0)
		out.Usage.Wall = wall
		return out, true, nil
	}
	if c.lines.bell != nil {
		// When the reply came is known by the bell alone.
		wall = max(c.lines.bell.woken.Sub(c.sent), 0)
	}
	out.Value, out.Failure, out.Stderr = reply, replyFailure(reply), c.printed.now()
	out.Usage = c.measure(wall)
	return out, false, nil
}

// measured is from which time on the clock a call's processor time is asked for;
// the kernel counts in steps of 10 ms.
const measured = 10 * time.Millisecond

func (c *conversation) measure(wall time.Duration) sandbox.Usage {
	u := sandbox.Usage{Wall: wall, CPU: wall}
	switch {
	case wall >= measured:
		total := c.process.measure().CPU
		u.CPU = max(total-c.calls, 0)
		c.calls = max(total, c.calls)
	case c.process.peak.Load() == 0:
		c.process.glance()
	}
	u.Memory = c.process.peak.Load()
	return u
}

// replyFailure tells a reply with an error, or without a value that could be
// written, from others. It is written by the candidate: whoever compares reads it again.
func replyFailure(line []byte) sandbox.Failure {
	if bytes.HasSuffix(line, []byte(`"value":{"$x":"long"}}`)) {
		return sandbox.OutputLimit
	}
	if !bytes.Contains(line, []byte(`"error"`)) {
		return ""
	}
	var r struct {
		Error *struct {
			Type string `json:"type"`
		} `json:"error"`
	}
	switch err := json.Unmarshal(line, &r); {
	case err != nil:
		return sandbox.RuntimeError
	case r.Error == nil:
		return ""
	case r.Error.Type == "MemoryError" || r.Error.Type == "OutOfMemoryError":
		return sandbox.MemoryLimit
	}
	return sandbox.RuntimeError
}

// loading waits for what the driver says of the program: see greet.
func (c *conversation) loading() string {
	_ = c.greet(c.limits.Time)
	return c.said
}

// died says that the warm interpreter died under the program, which is no
// fault of it.
func (c *conversation) died() bool { return errors.Is(c.process.refused, errZygoteDied) }

// finish ends the program and everything that came of it, and returns the end
// of what it printed.
func (c *conversation) finish() []byte {
	if !c.ended {
		c.ended = true
		c.process.kill()
		c.process.gone()
		c.jail.watcher.remove(c.process.watched)
		c.printed.finish()
	}
	return c.printed.finish()
}

// close ends the program and frees what it took.
func (c *conversation) close() {
	c.finish()
	c.pipes.close()
}
