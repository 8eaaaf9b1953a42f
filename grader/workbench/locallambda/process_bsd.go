//go:build unix && !linux

package locallambda

import (
	"os/exec"
	"syscall"
)

// processAttributes puts the process in a group of its own.
func processAttributes() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }

// awaitEnd waits for the process and calls ended after its reaping, because
// there is no portable way to wait without it. Its group keeps its number for
// as long as it has members.
func awaitEnd(cmd *exec.Cmd, ended func()) {
	_ = cmd.Wait() // how it ended is in cmd.ProcessState
	ended()
}

// hasEnded is not known here before the process is reaped.
func hasEnded(*exec.Cmd) bool { return false }

// peakMemoryMB is not known here.
func peakMemoryMB(int) int { return 0 }

// sweep does nothing: the variables of other processes cannot be read here.
func sweep(string) {}
