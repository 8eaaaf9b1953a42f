package locallambda_test

import (
	"runtime"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

func kill(t testing.TB, pid int) {
	t.Helper()
	require.NoError(t, syscall.Kill(pid, syscall.SIGKILL))
}

// requireNoGoroutines waits until no goroutine runs code of the package. A
// goroutine that has just been joined may still be on its last instruction.
func requireNoGoroutines(t testing.TB) {
	t.Helper()
	buf := make([]byte, 1<<20)
	var left []string
	for range 10000 {
		left = left[:0]
		for stack := range strings.SplitSeq(string(buf[:runtime.Stack(buf, true)]), "\n\n") {
			if strings.Contains(stack, "/locallambda.(") && !strings.Contains(stack, "/locallambda_test.") {
				left = append(left, stack)
			}
		}
		if len(left) == 0 {
			return
		}
		runtime.Gosched()
	}
	require.Empty(t, left)
}
