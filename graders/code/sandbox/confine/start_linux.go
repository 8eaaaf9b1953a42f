//go:build linux && (amd64 || arm64)

package confine

import (
	"errors"
	"math"
	"os"
	"runtime"
	"sync"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// maxFiles is how many descriptors a process can be given.
const maxFiles = 24

// Start starts a process. The error is a [*StartError] that unwraps to the
// errno of the step that failed, or os.ErrClosed after Close.
//
// The caller must call Wait.
func (c *Confinement) Start(spec Spec) (*Process, error) {
	c.closing.RLock()
	defer c.closing.RUnlock()
	if c.closed {
		return nil, &StartError{Step: "confinement", Err: os.ErrClosed}
	}
	if len(spec.Files) > maxFiles {
		return nil, &StartError{Step: "descriptors", Err: unix.EMFILE}
	}
	ruleset := -1
	switch {
	case c.fence == nil:
	case spec.Ruleset != nil:
		ruleset = int(spec.Ruleset.Fd())
	default:
		var err error
		if ruleset, err = c.fence.ruleset(spec.Read, spec.Write); err != nil {
			return nil, err
		}
		defer unix.Close(ruleset)
	}
	born := ticksNow()
	m := marker(0)
	if c.layers.marker {
		m = c.markers.marker()
	}
	// A file that was just written is busy while any other child, which has
	// been forked and has not executed yet, holds its descriptor.
	const tries = 8
	for try := 1; ; try++ {
		s := c.script(spec, ruleset, m)
		pid, err := s.start()
		if err != nil {
			return nil, err
		}
		// The descriptors are in the child: files may be closed from here on.
		runtime.KeepAlive(spec)
		if err = s.failure(); err == nil {
			return newProcess(pid, c.layers, m, born), nil
		}
		reapChild(pid)
		if !errors.Is(err, unix.ETXTBSY) || try == tries {
			return nil, err
		}
		time.Sleep(time.Millisecond << try / 2)
	}
}

// script writes down what the child of a spec does.
func (c *Confinement) script(spec Spec, ruleset int, m marker) *script {
	s := newScript()
	s.forks = spec.Forks
	s.do("group", unix.SYS_SETPGID, 0, 0)
	if c.spaces != nil {
		c.spaces.enter(s)
	}
	c.limit(s, spec.Limits, m)

	// Descriptors: those that stand where others go are moved out of the way first.
	n := max(len(spec.Files), 3)
	for i := range n {
		fd := c.null.Fd()
		if i < len(spec.Files) && spec.Files[i] != nil {
			fd = spec.Files[i].Fd()
		}
		slot := s.slot()
		s.slots[slot] = fd
		if int(fd) < n {
			move := s.do("descriptors", unix.SYS_FCNTL, fd, unix.F_DUPFD_CLOEXEC, uintptr(n))
			move.out = slot
		}
	}
	for i := range n {
		s.do("descriptors", unix.SYS_DUP3, 0, uintptr(i), 0).in = i
	}

	dir := spec.Dir
	if dir == "" {
		dir = "/"
	}
	args := spec.Args
	if len(args) == 0 {
		args = []string{spec.Path}
	}
	s.do("umask", unix.SYS_UMASK, 0o022)
	s.becomeUser(c.layers, c.user)
	s.do("folder", unix.SYS_CHDIR, s.text(dir))
	s.restrict(c.layers, ruleset, c.filter, c.secFlags)
	s.maxFile = uintptr(min(c.hard[unix.RLIMIT_NOFILE], 1<<16))
	s.do("descriptors", unix.SYS_CLOSE_RANGE, uintptr(n), uintptr(^uint32(0)), 0).kind = closeFrom
	s.do("execute", unix.SYS_EXECVE, s.text(spec.Path), s.texts(args), s.texts(spec.Env))
	return s
}

// limit appends the calls that set limits; soft and hard are the same but for
// processor time, whose end a program may hear of, and the stack.
func (c *Confinement) limit(s *script, l Limits, m marker) {
	set := func(resource int, soft, hard uint64) {
		hard = min(hard, c.hard[resource])
		v := &unix.Rlimit{Cur: min(soft, hard), Max: hard}
		s.do("limits", unix.SYS_PRLIMIT64, 0, uintptr(resource), s.address(unsafe.Pointer(v)), 0)
	}
	bound := func(resource int, value int64) {
		if value > 0 {
			set(resource, uint64(value), uint64(value))
		}
	}
	for _, r := range []int{unix.RLIMIT_CORE, unix.RLIMIT_MEMLOCK, unix.RLIMIT_RTPRIO, unix.RLIMIT_NICE, unix.RLIMIT_MSGQUEUE} {
		set(r, 0, 0)
	}
	if m != 0 {
		set(unix.RLIMIT_LOCKS, m.locks(), m.locks())
		set(unix.RLIMIT_RTTIME, m.rtTime(), m.rtTime())
	}
	if l.CPU > 0 {
		seconds := uint64((l.CPU + time.Second - 1) / time.Second)
		set(unix.RLIMIT_CPU, seconds, seconds+1)
	}
	bound(unix.RLIMIT_DATA, l.Data)
	bound(unix.RLIMIT_AS, l.AddressSpace)
	if l.Stack > 0 {
		// Many programs lift the limit of their own stack first thing, and fail where they
		// may not. The memory that a stack takes is watched like any other.
		set(unix.RLIMIT_STACK, uint64(l.Stack), math.MaxUint64)
	}
	bound(unix.RLIMIT_FSIZE, l.FileSize)
	bound(unix.RLIMIT_NOFILE, int64(l.Files))
	if l.Processes > 0 {
		bound(unix.RLIMIT_NPROC, int64(c.tasks.of(c.user.UID)+l.Processes+spareTasks))
	}
}

// spareTasks is added to the limit of processes, which all of the user's share:
// other programs of the user come and go, and so do other runs. The reports of
// Group.Usage are exact.
const spareTasks = 128

// A taskCount remembers for a second how many threads a user has.
type taskCount struct {
	mu sync.Mutex
	at time.Time
	n  int
}

func (t *taskCount) of(uid int) int {
	t.mu.Lock()
	defer t.mu.Unlock()
	if now := time.Now(); t.at.IsZero() || now.Sub(t.at) > time.Second {
		t.n, t.at = countTasks(uid), now
	}
	return t.n
}

func countTasks(uid int) int {
	n := 0
	for p := range allProcs() {
		if owner(p.pid) == uid {
			n += p.threads
		}
	}
	return n
}
