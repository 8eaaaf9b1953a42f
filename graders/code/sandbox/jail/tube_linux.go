//go:build amd64 || arm64

package jail

import (
	"golang.org/x/sys/unix"

	"github.com/rftgrader/rftgrader/graders/code/sandbox/confine"
)

// A tube is a pipe as bare descriptors, -1 where they are closed: our end, which does
// not wait, and that of a program.
type tube struct{ near, far int }

// open makes the pipe; in says that the program reads it.
func (t *tube) open(user *confine.User, in bool) error {
	var fds [2]int
	if err := unix.Pipe2(fds[:], unix.O_CLOEXEC); err != nil {
		return unavailable("make a pipe", err)
	}
	if user != nil {
		// A program that opens /dev/stdin asks the owner of the pipe's only inode.
		_ = unix.Fchown(fds[0], user.UID, user.GID)
	}
	*t = tube{near: fds[0], far: fds[1]}
	if in {
		*t = tube{near: fds[1], far: fds[0]}
	}
	_, err := unix.FcntlInt(uintptr(t.near), unix.F_SETFL, unix.O_NONBLOCK)
	return err
}

func (t *tube) closeFar() {
	if t.far >= 0 {
		unix.Close(t.far)
		t.far = -1
	}
}

func (t *tube) closeNear() {
	if t.near >= 0 {
		unix.Close(t.near)
		t.near = -1
	}
}
