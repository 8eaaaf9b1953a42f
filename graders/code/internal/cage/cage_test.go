//go:build linux

package cage_test

import (
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/rftgrader/rftgrader/graders/code/internal/cage"
)

func TestMain(m *testing.M) { os.Exit(cage.Main(m)) }

func TestInside(t *testing.T) {
	if !cage.Enter(t, cage.Options{}) {
		return
	}
	require.NotZero(t, os.Getuid(), "the test is no root")
	require.Equal(t, cage.Secret, os.Getenv("AWS_SECRET_ACCESS_KEY"))
	text, err := os.ReadFile(cage.Canary)
	require.NoError(t, err)
	require.Equal(t, cage.CanaryText, string(text))
	_, err = os.ReadFile("doc.go")
	require.NoError(t, err, "the test finds its folder")
	require.Zero(t, cage.Hits(t))
	require.Less(t, os.Getpid(), 100, "processes of the machine are not seen")
}

// TestHarm shows that each mark is watched: the harm is done, and a cage in
// the cage's place would fail the test.
func TestHarm(t *testing.T) {
	if !cage.Inside() {
		harm, out := cage.Run(t, cage.Options{})
		t.Logf("%s", out)
		require.Equal(t, 1, harm.Hits)
		require.False(t, harm.Canary)
		require.Equal(t, 1, harm.Survivors)
		require.Equal(t, []string{"left"}, harm.Left)
		require.Zero(t, harm.Exit)
		return
	}
	response, err := http.Get("http://" + cage.RuntimeAPI + "/2018-06-01/runtime/invocation/next")
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	require.Equal(t, 1, cage.Hits(t))
	require.NoError(t, os.WriteFile(cage.Canary, []byte("dead"), 0o666))
	require.NoError(t, os.WriteFile("/tmp/left", nil, 0o666))
	require.NoError(t, exec.Command("sh", "-c", "setsid sleep 1000 >/dev/null 2>&1 &").Run())
}

func TestMasks(t *testing.T) {
	if !cage.Enter(t, cage.Options{Mask: []string{"landlock", "seccomp", "namespaces"}}) {
		return
	}
	_, _, e := unix.Syscall(unix.SYS_LANDLOCK_CREATE_RULESET, 0, 0, 1)
	require.Equal(t, unix.ENOSYS, e)
	_, _, e = unix.Syscall(unix.SYS_SECCOMP, unix.SECCOMP_SET_MODE_FILTER, 0, 0)
	require.Equal(t, unix.EPERM, e)
	require.ErrorIs(t, unix.Prctl(unix.PR_SET_SECCOMP, unix.SECCOMP_MODE_FILTER, 0, 0, 0), unix.EPERM)
	require.NoError(t, unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "other calls are as they were")
	require.ErrorIs(t, unix.Unshare(unix.CLONE_NEWUSER), unix.EPERM)
}

// TestGoCache finds the archives of the standard library in the build cache, and
// may write there, without anything of it outside.
func TestGoCache(t *testing.T) {
	if !cage.Inside() && cage.GoCache() == "" {
		t.Skip("the user who tests has no build cache that others may read")
	}
	const name = "written-in-a-cage"
	if !cage.Enter(t, cage.Options{}) {
		require.NoFileExists(t, filepath.Join(cage.GoCache(), name))
		require.NoFileExists(t, filepath.Join(cage.GoCache(), "00", name))
		return
	}
	dir := os.Getenv("GOCACHE")
	require.NoError(t, os.WriteFile(filepath.Join(dir, name), nil, 0o644))
	if _, err := os.Stat(filepath.Join(dir, "trim.txt")); err != nil {
		t.Skip("this kernel shows no folder under another one")
	}
	require.NoError(t, os.WriteFile(filepath.Join(dir, "00", name), nil, 0o644))
	list := exec.Command("go", "list", "-export", "-f", "{{.Export}}", "fmt")
	list.Env = []string{"PATH=" + os.Getenv("PATH"), "GOCACHE=" + dir, "CGO_ENABLED=0", "GO111MODULE=off", "GOTOOLCHAIN=local", "GOENV=off", "GOPATH=/tmp"}
	archive, err := list.Output()
	require.NoError(t, err)
	var fs unix.Stat_t
	require.NoError(t, unix.Stat(strings.TrimSpace(string(archive)), &fs))
	require.NotEqual(t, os.Getuid(), int(fs.Uid), "it was there before the test came")
}

func TestRoot(t *testing.T) {
	if !cage.Enter(t, cage.Options{Root: true}) {
		return
	}
	require.Zero(t, os.Getuid())
}
