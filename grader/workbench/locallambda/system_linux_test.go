package locallambda_test

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/rftgrader/rftgrader/grader/workbench/locallambda"
)

// requireSweep is for tests of processes that left their group.
func requireSweep(testing.TB) {}

// awaitExit waits until a process, which need not be a child, has ended.
func awaitExit(t testing.TB, pid int) {
	t.Helper()
	fd, err := unix.PidfdOpen(pid, 0)
	if errors.Is(err, unix.ESRCH) {
		return
	}
	require.NoError(t, err)
	defer unix.Close(fd)
	deadline := time.Now().Add(time.Minute)
	for {
		n, err := unix.Poll([]unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}, int(time.Until(deadline).Milliseconds()))
		if errors.Is(err, unix.EINTR) {
			continue
		}
		require.NoError(t, err)
		require.Equal(t, 1, n, "process %d is still there", pid)
		return
	}
}

// TestHolder is no test: it is the program that TestProcessesDieWithTheProgram
// runs and kills.
func TestHolder(t *testing.T) {
	if os.Getenv(holder) == "" {
		t.Skip("it is run by TestProcessesDieWithTheProgram")
	}
	f := start(t, locallambda.Config{})
	fmt.Printf("pid %d\n", pid(t, invoke(t, f, do.report)))
	select {}
}

func TestProcessesDieWithTheProgram(t *testing.T) {
	cmd := exec.Command(os.Args[0], "-test.run=^TestHolder$")
	cmd.Env = append(os.Environ(), holder+"="+bootstrap)
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	var pid int
	_, err = fmt.Fscanf(out, "pid %d\n", &pid)
	require.NoError(t, err)
	require.NoError(t, cmd.Process.Kill())
	_ = cmd.Wait() // it was killed
	awaitExit(t, pid)
}
