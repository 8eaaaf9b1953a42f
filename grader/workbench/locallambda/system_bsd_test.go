//go:build unix && !linux

package locallambda_test

import (
	"errors"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func requireSweep(t testing.TB) {
	t.Skip("processes that left their group are found on Linux only")
}

func awaitExit(t testing.TB, pid int) {
	t.Helper()
	require.Eventually(t, func() bool { return errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) }, time.Minute, 10*time.Millisecond)
}
