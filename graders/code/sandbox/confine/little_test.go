//go:build linux && (amd64 || arm64)

package confine

import (
	"context"
	"io"
	"os"
	"runtime"
	"slices"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/rftgrader/rftgrader/graders/code/sandbox"
)

// onPoorKernel runs f on a thread, and so in children of a thread, on which the
// kernel refuses what the rules say. The thread is gone afterwards.
func onPoorKernel(t *testing.T, rs []rule, f func()) {
	t.Helper()
	p := assemble(rs, lastNumber)
	done := make(chan error)
	go func() {
		runtime.LockOSThread()
		err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
		if err == nil {
			err = loadFilter(p)
		}
		if err == nil {
			f()
		}
		done <- err
	}()
	if err := <-done; err != nil {
		t.Skipf("no filter can be loaded here: %v", err)
	}
}

func loadFilter(p program) error {
	prog := unix.SockFprog{Len: uint16(len(p)), Filter: &p[0]}
	_, _, errno := unix.RawSyscall(unix.SYS_PRCTL, unix.PR_SET_SECCOMP, unix.SECCOMP_MODE_FILTER, uintptr(unsafe.Pointer(&prog)))
	runtime.KeepAlive(p)
	if errno != 0 {
		return errno
	}
	return nil
}

// TestPoorKernel gives what is reported of a plain AWS Lambda: no nested
// filter, no Landlock, no namespaces.
func TestPoorKernel(t *testing.T) {
	poor := slices.Concat(
		rulesFor(refuse, unix.SYS_SECCOMP, unix.SYS_SETNS, unix.SYS_UNSHARE, unix.SYS_PTRACE),
		[]rule{{unix.SYS_CLONE, []test{{0, anyBit, newNamespaces, refuse}}, allow}},
		rulesFor(missing, unix.SYS_LANDLOCK_CREATE_RULESET, unix.SYS_CLOSE_RANGE, unix.SYS_PIDFD_OPEN, unix.SYS_CLONE3),
	)
	r, w, err := os.Pipe()
	require.NoError(t, err)
	defer r.Close()
	var protections []sandbox.Protection
	var exit Exit
	var filter Filter
	onPoorKernel(t, poor, func() {
		var c *Confinement
		if c, err = Compile(System()); err != nil {
			return
		}
		defer c.Close()
		protections, filter = c.Protections(), c.Filter()
		var p *Process
		if p, err = c.Start(Spec{Path: "/bin/sh", Args: []string{"sh", "-c", "ulimit -n; echo done; (sleep 600 &)"}, Files: []*os.File{nil, w, w, w}, Limits: Limits{Files: 30}}); err != nil {
			return
		}
		exit, err = p.Wait(context.Background())
	})
	w.Close()
	require.NoError(t, err)
	require.Zero(t, exit.Status)
	require.Empty(t, filter.Program)
	out, err := io.ReadAll(r)
	require.NoError(t, err)
	require.Equal(t, "30\ndone\n", string(out))
	for _, p := range protections {
		switch p.Name {
		case LayerSeccomp, LayerNamespaces:
			require.False(t, p.Active, p.Name)
			require.Contains(t, p.Detail, unix.EPERM.Error())
		case LayerLandlock, LayerNet, LayerScope:
			require.False(t, p.Active, p.Name)
			require.NotEmpty(t, p.Detail)
		case LayerLimits, LayerNoNewPrivs, LayerMarker:
			require.True(t, p.Active, "%s: %s", p.Name, p.Detail)
		}
	}
}

// TestOldFilterFlags is a kernel that does not know the flag of the filter.
func TestOldFilterFlags(t *testing.T) {
	invalid := answer(unix.SECCOMP_RET_ERRNO) | answer(unix.EINVAL)
	old := []rule{{unix.SYS_SECCOMP, []test{{1, anyBit, unix.SECCOMP_FILTER_FLAG_SPEC_ALLOW, invalid}}, allow}}
	var c *Confinement
	var err error
	onPoorKernel(t, old, func() { c, err = Compile(System()) })
	require.NoError(t, err)
	defer c.Close()
	require.Zero(t, c.secFlags)
	require.True(t, c.layers.seccomp)
}
