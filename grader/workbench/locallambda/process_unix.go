//go:build unix

package locallambda

import (
	"os/exec"
	"syscall"
)

// supported reports that functions can be run here.
func supported() error { return nil }

// killGroup kills every process of the group that the command leads.
func killGroup(cmd *exec.Cmd) { _ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }

// terminate asks the command to end.
func terminate(cmd *exec.Cmd) { _ = cmd.Process.Signal(syscall.SIGTERM) }

// readNow reads what a non-blocking descriptor has.
func readNow(fd uintptr, b []byte) int {
	for {
		n, err := syscall.Read(int(fd), b)
		if err != syscall.EINTR {
			return n
		}
	}
}
