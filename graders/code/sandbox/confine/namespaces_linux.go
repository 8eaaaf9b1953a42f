//go:build linux && (amd64 || arm64)

package confine

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strconv"
	"time"

	"golang.org/x/sys/unix"
)

// spaces are namespaces that processes enter where no seccomp filter keeps
// them from the network. They are made once: entering costs microseconds,
// making a millisecond.
type spaces struct {
	user, net, ipc int // descriptors; user is -1 for root, who needs none
}

// holders are programs that wait for the end of their standard input.
func holders() []string {
	return []string{"/bin/cat", "/usr/bin/cat", "/bin/sh", "/usr/bin/sh", "/bin/busybox"}
}

// newSpaces makes a network namespace without a working interface and an IPC
// namespace, inside a user namespace unless this process is root. They
// begin with a child of another program: the files of /proc through which a user
// namespace gets its users cannot be opened for a process that shares the
// memory of a hardened one.
func newSpaces(root bool) (*spaces, error) {
	s := newScript()
	s.flags |= unix.CLONE_NEWNET | unix.CLONE_NEWIPC
	if !root {
		s.flags |= unix.CLONE_NEWUSER
	}
	in, out, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer in.Close()
	defer out.Close()
	s.do("group", unix.SYS_SETPGID, 0, 0)
	s.do("parent-death signal", unix.SYS_PRCTL, unix.PR_SET_PDEATHSIG, uintptr(unix.SIGKILL))
	s.do("standard input", unix.SYS_DUP3, in.Fd(), 0, 0)
	env := s.texts(nil)
	for _, path := range holders() {
		s.do("execute", unix.SYS_EXECVE, s.text(path), s.texts([]string{path}), env).may = true
	}
	s.do("execute", unix.SYS_EXIT_GROUP, 126)
	pid, err := s.start()
	if err != nil {
		return nil, err
	}
	defer func() {
		_ = unix.Kill(pid, unix.SIGKILL)
		reapChild(pid)
	}()
	if err := s.failure(); err != nil {
		return nil, err
	}
	dir := "/proc/" + strconv.Itoa(pid) + "/"
	if !root {
		uid, gid := os.Geteuid(), os.Getegid()
		for _, w := range []struct{ file, text string }{
			{"setgroups", "deny"},
			{"gid_map", fmt.Sprintf("%d %d 1\n", gid, gid)},
			{"uid_map", fmt.Sprintf("%d %d 1\n", uid, uid)},
		} {
			if err := patiently(func() error { return os.WriteFile(dir+w.file, []byte(w.text), 0) }); err != nil {
				return nil, &StartError{Step: "user namespace", Err: err}
			}
		}
	}
	sp := &spaces{user: -1, net: -1, ipc: -1}
	open := func(name string) int {
		fd := -1
		e := patiently(func() (e error) {
			fd, e = unix.Open(dir+"ns/"+name, unix.O_RDONLY|unix.O_CLOEXEC, 0)
			return e
		})
		if e != nil {
			err = errors.Join(err, &StartError{Step: name + " namespace", Err: e})
		}
		return fd
	}
	if !root {
		sp.user = open("user")
	}
	sp.net, sp.ipc = open("net"), open("ipc")
	if err != nil {
		sp.close()
		return nil, err
	}
	return sp, nil
}

// enter appends the calls that join the namespaces.
func (sp *spaces) enter(s *script) {
	if sp.user >= 0 {
		s.do("user namespace", unix.SYS_SETNS, uintptr(sp.user), unix.CLONE_NEWUSER)
	}
	s.do("network namespace", unix.SYS_SETNS, uintptr(sp.net), unix.CLONE_NEWNET)
	s.do("IPC namespace", unix.SYS_SETNS, uintptr(sp.ipc), unix.CLONE_NEWIPC)
}

// clone makes descriptors of their own of the same namespaces.
func (sp *spaces) clone() (*spaces, error) {
	n := &spaces{user: -1, net: -1, ipc: -1}
	for _, fd := range []struct {
		from int
		to   *int
	}{{sp.user, &n.user}, {sp.net, &n.net}, {sp.ipc, &n.ipc}} {
		if fd.from < 0 {
			continue
		}
		var err error
		if *fd.to, err = unix.FcntlInt(uintptr(fd.from), unix.F_DUPFD_CLOEXEC, 0); err != nil {
			*fd.to = -1
			n.close()
			return nil, &StartError{Step: "namespaces", Err: err}
		}
	}
	return n, nil
}

func (sp *spaces) close() {
	for _, fd := range []int{sp.user, sp.net, sp.ipc} {
		if fd >= 0 {
			unix.Close(fd)
		}
	}
}

// patiently calls f again while it has no permission, for a moment: a vfork ends
// in the middle of the child's execve, and until that is through the child is
// as closed to this process as this process is.
func patiently(f func() error) error {
	for pause := 100 * time.Microsecond; ; pause *= 2 {
		err := f()
		if !errors.Is(err, fs.ErrPermission) || pause > 500*time.Millisecond {
			return err
		}
		time.Sleep(pause)
	}
}

// reapChild waits for one child to end.
func reapChild(pid int) {
	for {
		if _, err := unix.Wait4(pid, nil, 0, nil); err != unix.EINTR {
			return
		}
	}
}
