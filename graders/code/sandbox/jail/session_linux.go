//go:build amd64 || arm64

package jail

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/graders/code/sandbox"
	"github.com/rftgrader/rftgrader/graders/code/sandbox/confine"
)

// Open implements [sandbox.Opener]. A session of a Program takes one of the
// places of Run until it is closed; one of a Command or of a trusted program takes
// none, so that a tester and its candidate never wait for each other.
func (j *Jail) Open(ctx context.Context, p sandbox.Conversant) (sandbox.Session, sandbox.Build, error) {
	if len(p.Command) > 0 {
		s, err := j.openCommand(ctx, p)
		if err != nil {
			return nil, sandbox.Build{}, err
		}
		return s, sandbox.Build{}, nil
	}
	if p.Program.Entry == "" {
		return nil, sandbox.Build{}, grader.Permanentf("open a session: the program has no entry")
	}
	release := func() {}
	if !p.Trusted {
		v, err := j.enter(ctx)
		if err != nil {
			return nil, sandbox.Build{}, err
		}
		release = v.leave
	}
	s, build, err := j.openProgram(ctx, p, release)
	if err != nil || s == nil {
		release()
		return nil, build, err
	}
	if p.Trusted {
		s.folder.hide()
	}
	return s, build, nil
}

func (j *Jail) openProgram(ctx context.Context, p sandbox.Conversant, release func()) (*session, sandbox.Build, error) {
	b, build, err := j.build(ctx, p.Program, 0)
	if err != nil {
		return nil, build, err
	}
	if build.Failure != "" {
		return nil, build, unavailableOrNil("clean up after a program", b.folder.remove())
	}
	e, err := j.calls(ctx, b)
	var c *conversation
	if err == nil {
		e.trusted = p.Trusted
		c, err = j.converse(ctx, e, nil, 0)
	}
	if err != nil {
		_ = b.folder.remove()
		return nil, build, err
	}
	s := &session{conversation: c, folder: b.folder, time: b.limits.Time, release: release}
	if !c.greets {
		return s, build, nil
	}
	stop := context.AfterFunc(ctx, c.process.kill)
	said := c.loading()
	stop()
	switch {
	case ctx.Err() != nil:
		err = ctx.Err()
	case said == "L":
		return s, build, nil
	case strings.HasPrefix(said, "R"):
		err = grader.Permanentf("open a session: the interpreter could not confine itself: %s", said[1:])
	case said == "" && c.process.failure() == "":
		c.finish()
		err = grader.Transientf("open a session: the interpreter ended before it had loaded the program")
	default:
		build.Log = c.finish()
		if build.Failure = c.process.failure(); build.Failure == "" {
			build.Failure = sandbox.CompileError
		}
	}
	s.release = func() {}
	s.Close()
	return nil, build, err
}

func unavailableOrNil(what string, err error) error {
	if err == nil {
		return nil
	}
	return unavailable(what, err)
}

// openCommand starts a trusted program that talks, such as one that holds
// tests, confined like any other.
func (j *Jail) openCommand(ctx context.Context, p sandbox.Conversant) (*session, error) {
	folder, err := j.scratch.folder()
	if err != nil {
		return nil, unavailable("make a scratch folder", err)
	}
	s, err := j.openIn(ctx, folder, p)
	if err != nil {
		_ = folder.remove()
		return nil, err
	}
	return s, nil
}

func (j *Jail) openIn(ctx context.Context, folder *folder, p sandbox.Conversant) (*session, error) {
	for name, text := range p.Files {
		if !filepath.IsLocal(name) {
			return nil, grader.Permanentf("open a session: a file lies outside of its folder")
		}
		if err := j.writeBelow(folder.src, name, text); err != nil {
			return nil, unavailable("write the files of a session", err)
		}
	}
	var own []string
	var headroom sandbox.Limits
	if l := p.Program.Language; l != nil {
		own, headroom = l.Env, l.Limits
	}
	limits := allowed(p.Program.Language, p.Program.Limits.Or(j.limits))
	r := strings.NewReplacer("{in}", "3", "{out}", "4", "{dir}", folder.src, "{memory}", strconv.FormatInt(limits.Memory/mebibyte, 10))
	command := make([]string, len(p.Command))
	for i, a := range p.Command {
		command[i] = r.Replace(a)
	}
	path, err := j.resolve(command[0])
	if err != nil {
		return nil, err
	}
	if l := p.Program.Language; l != nil && l.Driver == DriverJavaScript && !j.active(confine.LayerLandlock) {
		if path, err = j.unreadable(path); err != nil {
			return nil, err
		}
	}
	env := append(j.environment(own, folder.run), "RFT_IN=3", "RFT_OUT=4")
	c, err := j.converse(ctx, &execution{
		path: path, args: command, dir: folder.src, watchDir: folder.run, reach: reach{write: []string{folder.src, folder.run}},
		env: env, limits: limits, headroom: headroom, trusted: true,
	}, nil, 0)
	if err != nil {
		return nil, err
	}
	return &session{conversation: c, folder: folder, time: limits.Time, release: func() {}}, nil
}

func (j *Jail) writeBelow(dir, name, text string) error {
	path := filepath.Join(dir, filepath.FromSlash(name))
	for up := filepath.Dir(path); up != dir; up = filepath.Dir(up) {
		if err := os.MkdirAll(up, 0o755); err != nil {
			return err
		}
		if err := j.scratch.give(up); err != nil {
			return err
		}
	}
	return j.scratch.write(path, []byte(text))
}

// A session implements [sandbox.Session].
type session struct {
	*conversation
	folder  *folder
	time    time.Duration
	release func()
	over    bool
	closed  bool
	usage   sandbox.Usage
	stderr  []byte
}

// Send implements [sandbox.Session].
func (s *session) Send(line []byte) error {
	if s.over {
		return errEnded
	}
	text := make([]byte, 0, len(line)+1)
	return s.send(append(append(text, line...), '\n'), 1, s.time)
}

// Receive implements [sandbox.Session].
func (s *session) Receive(ctx context.Context, cpu time.Duration) ([]byte, sandbox.Failure, error) {
	if s.over {
		return nil, sandbox.RuntimeError, nil
	}
	if cpu <= 0 {
		cpu = s.time
	}
	s.process.watched.cpu.Store(int64(cpu))
	stop := context.AfterFunc(ctx, s.process.kill)
	line, failure, err := s.receive(ctx, cpu)
	stop()
	if err == nil && s.ended && s.died() {
		err = grader.Transientf("run a program: %w", errZygoteDied)
	}
	s.over = failure != "" || err != nil
	return line, failure, err
}

// Starved is for how long the program stood ready to run without a processor.
func (s *session) Starved() time.Duration { return s.process.watched.starved.Total() }

// Close implements [sandbox.Session].
func (s *session) Close() (sandbox.Usage, []byte) {
	if !s.closed {
		s.closed, s.over = true, true
		if s.process.peak.Load() == 0 && !s.ended {
			s.process.measure()
		}
		s.stderr = s.finish()
		s.usage = s.process.usage()
		s.close()
		_ = s.folder.remove()
		s.release()
	}
	return s.usage, s.stderr
}
