package locallambda

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// processAttributes puts the process in a group of its own and lets it die
// with the thread that starts it, and so with this program.
func processAttributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}

// awaitEnd waits for the process. It calls ended between its end and its
// reaping, while its number and its group's cannot be given to others.
func awaitEnd(cmd *exec.Cmd, ended func()) {
	for unix.Waitid(unix.P_PID, cmd.Process.Pid, nil, unix.WEXITED|unix.WNOWAIT, nil) == unix.EINTR {
		continue
	}
	ended()
	_ = cmd.Wait() // how it ended is in cmd.ProcessState
}

// hasEnded reports whether the process, which is not reaped, has ended.
func hasEnded(cmd *exec.Cmd) bool {
	var info unix.Siginfo
	err := unix.Waitid(unix.P_PID, cmd.Process.Pid, &info, unix.WEXITED|unix.WNOWAIT|unix.WNOHANG, nil)
	return err == nil && info.Signo != 0
}

// peakMemoryMB returns the peak resident memory of a running process, or 0.
func peakMemoryMB(pid int) int {
	status, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/status")
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(status)) {
		if text, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			kb, err := strconv.Atoi(strings.TrimSuffix(strings.TrimSpace(text), " kB"))
			if err != nil {
				return 0
			}
			return (kb + 1023) / 1024
		}
	}
	return 0
}

// maxSweeps bounds a race with processes that fork while they are swept.
const maxSweeps = 100

// sweep kills the processes that left the group but still have the variable,
// a NAME=VALUE whose value is unique to their environment. One that cleared
// its variables as well is not found.
func sweep(variable string) {
	for range maxSweeps {
		if sweepOnce(variable) == 0 {
			return
		}
	}
}

func sweepOnce(variable string) (found int) {
	environs, _ := filepath.Glob("/proc/[0-9]*/environ")
	for _, path := range environs {
		if !hasVariable(path, variable) {
			continue
		}
		pid, err := strconv.Atoi(filepath.Base(filepath.Dir(path)))
		if err != nil {
			continue
		}
		p, err := os.FindProcess(pid)
		if err != nil {
			continue
		}
		// p is bound to the process now: a second look rules out that the
		// number has changed hands since the first.
		if hasVariable(path, variable) && p.Kill() == nil {
			found++
		}
		_ = p.Release()
	}
	return found
}

func hasVariable(path, variable string) bool {
	environ, err := os.ReadFile(path)
	if err != nil {
		return false
	}
	for v := range bytes.SplitSeq(environ, []byte{0}) {
		if string(v) == variable {
			return true
		}
	}
	return false
}
