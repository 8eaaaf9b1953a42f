//go:build amd64 || arm64

package jail

import (
	"bytes"
	"context"
	"errors"
	"path/filepath"
	"time"

	"golang.org/x/sys/unix"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/graders/code/sandbox"
	"github.com/rftgrader/rftgrader/graders/code/sandbox/confine"
)

// What compilers may use: a compiler needs more than the program that it makes.
const (
	compileMemory    = 1 << 30
	compileDisk      = 512 << 20
	compileProcesses = 256
)

// An execution is one run of a program or compiler from beginning to end.
type execution struct {
	path     string
	args     []string
	env      []string
	dir      string
	reach    reach
	stdin    []byte
	limits   sandbox.Limits
	headroom sandbox.Limits // what the runtime takes for itself
	wall     time.Duration  // 0: as the limits have it
	watchDir string         // whose files count; empty: dir
	job      *pythonJob
	trusted  bool // it may hide itself
	// status asks for a pipe on which the driver says whether the text is a program.
	status bool

	loaded byte // what it said: 'L' loaded, 'S' no program
}

// execute runs it. The error is the sandbox's or the context's.
func (j *Jail) execute(ctx context.Context, e *execution) (sandbox.Output, error) {
	for starts, deaths, refusals := 1, 1, 0; ; {
		out, died, err := j.executeOnce(ctx, e)
		switch {
		case err == nil && refusals < refusedTries && neverRan(out):
			refusals++
			if err := pauseRefused(ctx, refusals); err != nil {
				return out, err
			}
		case errors.Is(err, errNotBegun) && starts < startTries:
			starts++
		case !died:
			return out, err
		case deaths == 2:
			return out, grader.Transientf("run a program: %w, twice", errZygoteDied)
		default:
			deaths++
		}
	}
}

func (j *Jail) executeOnce(ctx context.Context, e *execution) (out sandbox.Output, died bool, err error) {
	if err := ctx.Err(); err != nil {
		return out, false, err
	}
	e.loaded = 0
	pipes := &plumbing{user: j.user}
	defer pipes.close()
	stdin, err := pipes.toChild()
	if err != nil {
		return out, false, err
	}
	stdout, err := pipes.fromChild()
	if err != nil {
		return out, false, err
	}
	stderr, err := pipes.fromChild()
	if err != nil {
		return out, false, err
	}
	var status *pipeEnd
	if e.status {
		if status, err = pipes.fromChild(); err != nil {
			return out, false, err
		}
	}
	c := &command{path: e.path, args: e.args, env: e.env, dir: e.dir, reach: e.reach, pipes: pipes, inlet: stdin, input: e.stdin, job: e.job}
	c.bound, c.limits = bounds(e.limits, e.headroom)
	if c.bound.folder = e.watchDir; c.bound.folder == "" {
		c.bound.folder = e.dir
	}
	p, err := j.start(ctx, c)
	if made := filepath.Dir(filepath.Dir(e.path)) == filepath.Dir(e.dir); made && (errors.Is(err, unix.ENOEXEC) || errors.Is(err, unix.ELIBBAD)) {
		// The kernel knows it for no program: its text made the compiler write that.
		return sandbox.Output{Failure: sandbox.RuntimeError, Exit: 126}, false, nil
	}
	if err != nil {
		return out, errors.Is(err, errZygoteDied), err
	}
	over := func() { p.fail(sandbox.OutputLimit) }
	fed := feed(stdin, c.rest)
	printed := collect(stdout, e.limits.Output, false, over)
	complained := collect(stderr, e.limits.Output, true, over)
	wall := e.wall
	if wall == 0 {
		wall = sandbox.Wall(e.limits.Time)
	}
	p.wait(ctx, wall)
	fed()
	j.watcher.remove(p.watched)
	out.Usage = p.usage()
	out.Stdout, out.Stderr = printed.finish(), complained.finish()
	out.Exit = p.status
	if e.status {
		why := e.readStatus(status)
		if why != "" {
			return out, false, grader.Permanentf("run a program: the interpreter could not confine itself: %s", why)
		}
	}
	switch {
	case ctx.Err() != nil:
		return out, false, ctx.Err()
	case p.refused == errZygoteDied && e.status && e.loaded == 0:
		return out, false, errNotBegun
	case p.refused != nil:
		return out, p.refused == errZygoteDied, unavailable("run a program", p.refused)
	}
	out.Failure = judge(p, e.limits.Time, c.bound, out.Stderr)
	if out.Failure == "" && c.bound.disk > 0 && diskUsed(c.bound.folder, c.bound.disk) > c.bound.disk {
		out.Failure = sandbox.DiskLimit
	}
	return out, false, nil
}

// readStatus reads what the driver said before the program had a word.
func (e *execution) readStatus(status *pipeEnd) (refused string) {
	var said [256]byte
	n := status.get(said[:])
	if n == 0 {
		return ""
	}
	if e.loaded = said[0]; e.loaded == 'R' {
		return string(bytes.ToValidUTF8(bytes.TrimSpace(said[1:n]), nil))
	}
	return ""
}

// judge says why a run did not end as programs should.
func judge(p *process, time time.Duration, b bound, stderr []byte) sandbox.Failure {
	if f := p.failure(); f != "" {
		return f
	}
	switch {
	case p.cpu > time || p.signal == unix.SIGXCPU:
		return sandbox.TimeLimit
	case p.memory > b.memory:
		return sandbox.MemoryLimit
	case p.signal == unix.SIGXFSZ:
		return sandbox.DiskLimit
	case p.status != 0 && outOfMemory(stderr):
		return sandbox.MemoryLimit
	case p.status != 0:
		return sandbox.RuntimeError
	}
	return ""
}

// outOfMemory tells by the last words of a runtime that an allocation was
// refused. A program that prints them calls its failure by another name.
func outOfMemory(stderr []byte) bool {
	stderr = stderr[max(0, len(stderr)-8<<10):]
	for _, words := range []string{
		"\nMemoryError", "JavaScript heap out of memory", "Fatal javascript OOM", "std::bad_alloc", "java.lang.OutOfMemoryError",
		"fatal error: runtime: out of memory", "runtime: cannot allocate memory", "memory allocation of", "cannot allocate memory",
	} {
		if bytes.Contains(stderr, []byte(words)) {
			return true
		}
	}
	return false
}

// spareData is writable memory that is only asked for, such as stacks of threads.
// Node hangs at its start where it gets less than 1.3 GiB.
const spareData = 1<<30 + 512<<20

// stackBytes is the limit of the first thread's stack: deep recursion is honest. The C
// library asks for as much for each other thread.
const stackBytes = 256 << 20

// pooled is how many threads find room for such stacks beside each other.
const pooled = 16

// bounds makes limits into what the watcher and the kernel hold a run to. The
// kernel's are wider: they stop what is faster than a look.
func bounds(l, headroom sandbox.Limits) (bound, confine.Limits) {
	b := bound{
		cpu:       l.Time,
		memory:    l.Memory + headroom.Memory,
		processes: l.Processes + headroom.Processes,
		disk:      l.Disk,
	}
	return b, confine.Limits{
		CPU:       l.Time + time.Second,
		Data:      2*b.memory + spareData + int64(min(b.processes, pooled))*stackBytes,
		Stack:     stackBytes,
		FileSize:  l.Disk,
		Files:     256,
		Processes: b.processes,
	}
}
