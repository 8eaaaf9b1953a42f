//go:build linux && (amd64 || arm64)

package confine

import (
	"runtime"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// vfork is clone with the given flags, which hold CLONE_VFORK and CLONE_VM.
func vfork(flags uintptr) (pid, errno uintptr)

// The runtime's own care around a fork: no signal handler runs in the child,
// no stack grows there. The runtime promises to keep the three for programs
// that fork themselves (go.dev/issue/67401).

//go:linkname beforeFork syscall.runtime_BeforeFork
func beforeFork()

//go:linkname afterFork syscall.runtime_AfterFork
func afterFork()

//go:linkname afterForkInChild syscall.runtime_AfterForkInChild
func afterForkInChild()

const noSlot = -1

// A call is one system call of the child.
type call struct {
	step   string // what it is for, in errors
	number uintptr
	args   [6]uintptr
	in     int  // the slot that holds the first argument, or noSlot
	out    int  // the slot that keeps the result, or noSlot
	may    bool // the child goes on when it fails
	kind   callKind
}

type callKind uint8

const (
	// fillPID writes the result into the filter, where the process id stands.
	fillPID callKind = iota + 1
	// closeFrom closes the descriptors one by one where close_range is missing.
	closeFrom
)

// A script is what a child does between vfork and the end of the list, where it
// must have executed a program or exits with status 0.
//
// Everything that it points to is kept in it: the child has addresses only,
// which the garbage collector does not see.
type script struct {
	flags   uintptr
	calls   []call
	slots   [32]uintptr // results of the calls with an out
	errs    [32]uintptr // their errnos
	filter  program
	own     []int // of filter
	forks   bool  // own stays what no process has
	maxFile uintptr
	failed  int // index of the call that failed, or -1
	errno   uintptr
	keep    []unsafe.Pointer
	used    int // slots in use
}

func newScript() *script {
	return &script{flags: unix.CLONE_VFORK | unix.CLONE_VM | uintptr(unix.SIGCHLD), failed: -1, calls: make([]call, 0, 64), keep: make([]unsafe.Pointer, 0, 64)}
}

// address returns the address of what p points to, which lives as long as the script.
func (s *script) address(p unsafe.Pointer) uintptr {
	s.keep = append(s.keep, p)
	return uintptr(p)
}

func (s *script) text(t string) uintptr {
	b := make([]byte, len(t)+1)
	copy(b, t)
	return s.address(unsafe.Pointer(unsafe.SliceData(b)))
}

func (s *script) texts(ts []string) uintptr {
	size := 0
	for _, t := range ts {
		size += len(t) + 1
	}
	all := make([]byte, 0, size+1)
	list := make([]*byte, len(ts)+1)
	for i, t := range ts {
		at := len(all)
		all = append(append(all, t...), 0)
		list[i] = &all[at]
	}
	return s.address(unsafe.Pointer(unsafe.SliceData(list)))
}

// do appends a call that must succeed.
func (s *script) do(step string, number uintptr, args ...uintptr) *call {
	c := call{step: step, number: number, in: noSlot, out: noSlot}
	copy(c.args[:], args)
	s.calls = append(s.calls, c)
	return &s.calls[len(s.calls)-1]
}

// ask appends a call whose outcome the parent looks at.
func (s *script) ask(number uintptr, args ...uintptr) (slot int) {
	c := s.do("probe", number, args...)
	c.may, c.out = true, s.slot()
	return c.out
}

func (s *script) slot() int { s.used++; return s.used - 1 }

// start runs the script in a child. The child's own failure is in the script
// then, and the child is a zombie.
func (s *script) start() (pid int, err error) {
	if !s.forks {
		s.own = s.filter.own()
	}
	n, errno := s.vfork()
	runtime.KeepAlive(s)
	if errno != 0 {
		return 0, &StartError{Step: "fork", Err: syscall.Errno(errno)}
	}
	return int(n), nil
}

// vfork forks and runs the child. The child stays in the frame of run and
// never returns from it; the parent returns at once and sleeps until the
// child has executed or exited.
//
//go:noinline
//go:norace
//go:nocheckptr
func (s *script) vfork() (pid, errno uintptr) {
	pid, errno = s.run()
	afterFork()
	return pid, errno
}

// run is the body of vfork up to where parent and child part. Between
// beforeFork and the child's end nothing may allocate, grow the stack or take a
// lock.
//
//go:noinline
//go:norace
//go:nocheckptr
func (s *script) run() (pid, errno uintptr) {
	var (
		c    *call
		i, j int
		r, a uintptr
		e    syscall.Errno
	)
	beforeFork()
	pid, errno = vfork(s.flags)
	if pid != 0 || errno != 0 {
		return pid, errno
	}

	afterForkInChild()
	for i = 0; i < len(s.calls); i++ {
		c = &s.calls[i]
		a = c.args[0]
		if c.in >= 0 {
			a = s.slots[c.in]
		}
		r, _, e = syscall.RawSyscall6(c.number, a, c.args[1], c.args[2], c.args[3], c.args[4], c.args[5])
		if c.kind == closeFrom && e == syscall.ENOSYS {
			for ; a < s.maxFile; a++ {
				syscall.RawSyscall6(syscall.SYS_CLOSE, a, 0, 0, 0, 0, 0)
			}
			e = 0
		}
		if c.out >= 0 {
			s.slots[c.out] = r
			s.errs[c.out] = uintptr(e)
		}
		if c.kind == fillPID {
			for j = 0; j < len(s.own); j++ {
				s.filter[s.own[j]].K = uint32(r)
			}
		}
		if e != 0 && !c.may {
			s.failed = i
			s.errno = uintptr(e)
			for {
				syscall.RawSyscall6(syscall.SYS_EXIT_GROUP, 127, 0, 0, 0, 0, 0)
			}
		}
	}
	for {
		syscall.RawSyscall6(syscall.SYS_EXIT_GROUP, 0, 0, 0, 0, 0, 0)
	}
}

// failure is the error of the call that ended the child, or nil.
func (s *script) failure() error {
	if s.failed < 0 {
		return nil
	}
	return &StartError{Step: s.calls[s.failed].step, Err: syscall.Errno(s.errno)}
}

// try runs a script that executes nothing, and reaps its child.
func (s *script) try() error {
	pid, err := s.start()
	if err != nil {
		return err
	}
	for {
		if _, err = unix.Wait4(pid, nil, 0, nil); err != unix.EINTR {
			break
		}
	}
	return s.failure()
}
