//go:build amd64 || arm64

package jail

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/sys/unix"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/graders/code/sandbox"
	"github.com/rftgrader/rftgrader/graders/code/sandbox/confine"
)

// A command is one process to start.
type command struct {
	path string
	args []string
	env  []string
	dir  string
	reach
	pipes  *plumbing
	bound  bound
	limits confine.Limits
	// inlet is the pipe that input is put into before the start, as much as it
	// takes; rest is what it did not take.
	inlet *inlet
	input []byte
	rest  []byte
	// job, where it is not nil, is run by the warm interpreter instead, which reads
	// the text before the input.
	job *pythonJob
	// bell says that the last of the pipes is one to ring on; see bell.
	bell bool
	// serves says that it is a server: what it forks is bounded, not itself.
	serves bool
}

// fill puts text and input into the inlet.
func (c *command) fill(text string) {
	c.inlet.empty()
	c.rest = c.input
	if text != "" {
		c.rest = append([]byte(text), c.input...)
	}
	if len(c.rest) > 0 {
		c.rest = c.rest[c.inlet.put(c.rest):]
	}
}

// A reach is which folders a process may read, and which write as well; rules, where
// it is not nil, is the same as a Landlock ruleset.
type reach struct {
	read, write []string
	rules       *os.File
}

// A process is a running program with all that came of it.
type process struct {
	*watched
	started time.Time
	done    chan struct{} // closed when all of it is dead
	status  int           // valid after done
	signal  unix.Signal
	cpu     time.Duration
	memory  int64
	refused error // the sandbox could not start it after all
}

// startTries is how often a process is tried to be started while the machine
// has no room for one.
const startTries = 6

// start starts a command. The error is of the sandbox.
func (j *Jail) start(ctx context.Context, c *command) (*process, error) {
	pause := 5 * time.Millisecond
	for try := 1; ; try++ {
		p, err := j.startOnce(ctx, c)
		if err == nil {
			// A program's time does not begin with what the sandbox waited for.
			p.started = time.Now()
			c.pipes.closeChild()
			j.watcher.add(p.watched)
			return p, nil
		}
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if !errors.Is(err, unix.EAGAIN) && !errors.Is(err, unix.ENOMEM) || try == startTries {
			return nil, unavailable("start a program", err)
		}
		// Another program may hold all processes until its watcher sees it.
		timer := time.NewTimer(pause)
		select {
		case <-ctx.Done():
			timer.Stop()
			return nil, ctx.Err()
		case <-timer.C:
			pause *= 3
		}
	}
}

func (j *Jail) startOnce(ctx context.Context, c *command) (*process, error) {
	p := &process{done: make(chan struct{})}
	if c.job != nil {
		if z := j.zygotes.ready(ctx); z != nil {
			c.fill(c.job.built.text)
			return p, z.fork(p, c)
		}
		// An interpreter of its own reads a file.
		if err := c.job.file(j.scratch); err != nil {
			return nil, err
		}
	}
	c.fill("")
	child, err := j.confinement.Start(confine.Spec{
		Path: c.path, Args: c.args, Env: c.env, Dir: c.dir, Files: c.pipes.child,
		Read: c.read, Write: c.write, Ruleset: c.rules, Limits: c.limits, Forks: c.serves,
	})
	if err != nil {
		return nil, err
	}
	usage := groupUsage(child.PID, child.Usage)
	if c.serves {
		usage = forkedUsage(child.PID(), usage)
	}
	p.watch(c.bound, child.PID, usage, child.Kill)
	// What can be read can be looked into from its first words on.
	p.open = !j.active(confine.LayerUser) && unix.Access(c.path, unix.R_OK) == nil
	go func() {
		exit, err := child.Wait(context.Background())
		p.refused = err
		p.end(exit.Status, unix.Signal(exit.Signal), exit.CPU, exit.Resident)
	}()
	return p, nil
}

func (p *process) watch(b bound, leader func() int, usage func() confine.Usage, kill func()) {
	p.watched = &watched{leader: leader, usage: usage, kill: kill, bound: b, before: roomTaken(b.folder)}
	p.watched.cpu.Store(int64(b.cpu))
}

// end notes how it ended and tells who waits.
func (p *process) end(status int, signal unix.Signal, cpu time.Duration, memory int64) {
	p.status, p.signal, p.cpu, p.memory = status, signal, cpu, memory
	close(p.done)
}

// wait waits until everything is dead. At the deadline on the clock, which leaves
// out what it starved, the time is up; when ctx ends all is killed.
func (p *process) wait(ctx context.Context, wall time.Duration) {
	timer := time.NewTimer(time.Until(p.started.Add(wall)))
	defer timer.Stop()
	for {
		select {
		case <-p.done:
			return
		case <-ctx.Done():
			p.kill()
		case <-timer.C:
			if left := time.Until(p.started.Add(wall + p.starved.Total())); left > 0 && p.failure() == "" {
				timer.Reset(left)
				continue
			}
			select {
			case <-p.done: // in time, and only heard of now
				return
			default:
				p.fail(sandbox.TimeLimit)
			}
		}
		p.gone()
		return
	}
}

// gone waits for the end of what was killed. A process may be forked while
// its group is being killed by another hand: it is killed again until all are dead.
func (p *process) gone() {
	for {
		timer := time.NewTimer(100 * time.Millisecond)
		select {
		case <-p.done:
			timer.Stop()
			return
		case <-timer.C:
			p.kill()
		}
	}
}

// leastMemory is what a program counts that was too small and too short for
// the kernel's counters, in bytes.
const leastMemory = mebibyte

// usage says what it used, after its end.
func (p *process) usage() sandbox.Usage {
	return sandbox.Usage{
		CPU:    max(p.cpu, time.Duration(p.last.Load())),
		Wall:   time.Since(p.started),
		Memory: max(p.memory, p.peak.Load(), leastMemory),
	}
}

// groupUsage looks at the leader with its descendants, and at every fourth look at
// all processes of the machine, where orphans are found: that costs as much as the
// machine has processes.
func groupUsage(number func() int, all func() confine.Usage) func() confine.Usage {
	var looks atomic.Int64
	return func() confine.Usage {
		if looks.Add(1)%allEvery != 0 {
			if u, ok := treeUsage(number()); ok {
				return u
			}
		}
		return all()
	}
}

// forkedUsage leaves out what a server takes itself, but for its processor time, which
// holds that of the runs that have ended.
func forkedUsage(server int, usage func() confine.Usage) func() confine.Usage {
	return func() confine.Usage {
		u := usage()
		own, _ := ownUsage(server)
		u.Resident = max(u.Resident-own.Resident, 0)
		u.Processes, u.Threads = max(u.Processes-own.Processes, 0), max(u.Threads-own.Threads, 0)
		u.PIDs = slices.DeleteFunc(u.PIDs, func(pid int) bool { return pid == server })
		return u
	}
}

// allEvery is every how many looks all processes are looked at.
const allEvery = 4

// maxTree bounds the processes that are looked at one by one: of more, the list of
// all is read sooner.
const maxTree = 32

// treeUsage adds up what a process and its descendants use now. It fails where that
// cannot be told, or where there are too many.
func treeUsage(root int) (total confine.Usage, ok bool) {
	pids := []int{root}
	for i := 0; i < len(pids); i++ {
		u, found := ownUsage(pids[i])
		if !found {
			if i == 0 {
				// The leader is reaped last: without it there is nobody.
				return total, root > 0 && errors.Is(unix.Kill(root, 0), unix.ESRCH)
			}
			continue // it has ended meanwhile, and its parent has its time
		}
		total.CPU += u.CPU
		total.Resident += u.Resident
		total.Processes += u.Processes
		total.PIDs = append(total.PIDs, pids[i])
		total.Threads += u.Threads
		total.Ready = total.Ready || u.Ready || u.Threads > 1 && confine.ReadyThread(pids[i])
		if pids, ok = appendChildren(pids, pids[i], u.Threads); !ok || len(pids) > maxTree {
			return total, false
		}
	}
	return total, true
}

// appendChildren adds the children of all threads of a process.
func appendChildren(pids []int, pid, threads int) ([]int, bool) {
	task := "/proc/" + strconv.Itoa(pid) + "/task"
	tids := []string{strconv.Itoa(pid)}
	if threads > 1 {
		dir, err := os.Open(task)
		if err != nil {
			return pids, false
		}
		tids, _ = dir.Readdirnames(4096)
		dir.Close()
	}
	for _, tid := range tids {
		children, err := os.ReadFile(task + "/" + tid + "/children")
		if err != nil {
			if unix.Access(task+"/"+tid, unix.F_OK) == nil {
				return pids, false // this kernel has no such lists
			}
			continue // it has ended: threads come and go
		}
		for child := range bytes.FieldsSeq(children) {
			if n, err := strconv.Atoi(string(child)); err == nil {
				pids = append(pids, n)
			}
		}
	}
	return pids, true
}

// unavailable makes an error of the machine into one of the grading: what a
// retry may mend is transient.
func unavailable(what string, err error) error {
	err = cause(err)
	switch {
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return err
	case errors.Is(err, unix.EAGAIN), errors.Is(err, unix.ENOMEM):
		return grader.Transientf("%s: the machine has no room for another process (raise the limit of processes, or give it more memory): %w", what, err)
	case errors.Is(err, unix.EMFILE), errors.Is(err, unix.ENFILE):
		return grader.Transientf("%s: too many open files (raise the limit of descriptors): %w", what, err)
	case errors.Is(err, unix.ENOSPC), errors.Is(err, unix.EDQUOT):
		return grader.Transientf("%s: the scratch folder is full (give it more room): %w", what, err)
	case errors.Is(err, os.ErrClosed):
		return grader.Permanentf("%s: the jail is closed: %w", what, err)
	case errors.Is(err, unix.ENOENT), errors.Is(err, unix.EACCES), errors.Is(err, unix.EPERM), errors.Is(err, unix.EROFS):
		return grader.Permanentf("%s: %w", what, err)
	}
	return grader.Transientf("%s: %w", what, err)
}

// cause leaves out the random names of folders: what fails the same way for many
// programs is one fault, and is told once.
func cause(err error) error {
	var number unix.Errno
	if path := (*fs.PathError)(nil); errors.As(err, &path) && strings.Contains(path.Path, scratchPrefix) && errors.As(err, &number) {
		return fmt.Errorf("%s: %w", path.Op, number)
	}
	return err
}
