//go:build !unix

package locallambda

import (
	"errors"
	"os/exec"
	"syscall"
)

// supported refuses to run: without process groups what the function starts
// would survive it.
func supported() error {
	return errors.New("this system has no process groups; use Linux or macOS, or WSL on Windows")
}

func processAttributes() *syscall.SysProcAttr { return nil }

func awaitEnd(cmd *exec.Cmd, ended func()) {
	_ = cmd.Wait() // how it ended is in cmd.ProcessState
	ended()
}

func hasEnded(*exec.Cmd) bool { return false }

func killGroup(cmd *exec.Cmd) { _ = cmd.Process.Kill() }

func terminate(cmd *exec.Cmd) { _ = cmd.Process.Kill() }

func readNow(uintptr, []byte) int { return 0 }

func peakMemoryMB(int) int { return 0 }

func sweep(string) {}
