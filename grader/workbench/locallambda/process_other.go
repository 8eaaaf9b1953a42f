//go:build !unix

package locallambda

import (
	"os/exec"
	"syscall"
)

// There are no process groups here: the process is killed, not what it
// started.

func processAttributes() *syscall.SysProcAttr { return nil }

func awaitEnd(cmd *exec.Cmd, ended func()) {
	_ = cmd.Wait() // how it ended is in cmd.ProcessState
	ended()
}

func killGroup(cmd *exec.Cmd) { _ = cmd.Process.Kill() }

func terminate(cmd *exec.Cmd) { _ = cmd.Process.Kill() }

func readNow(uintptr, []byte) int { return 0 }

func peakMemoryMB(int) int { return 0 }

func sweep(string) {}
