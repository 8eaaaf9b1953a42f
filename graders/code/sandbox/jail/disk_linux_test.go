//go:build amd64 || arm64

package jail_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/rftgrader/rftgrader/graders/code/sandbox/jail"
)

// TestOpenFolder opens what a program can put in a folder's place between two looks.
func TestOpenFolder(t *testing.T) {
	dir := t.TempDir()
	name := func(s string) string { return filepath.Join(dir, s) }
	require.NoError(t, os.Mkdir(name("folder"), 0o000))
	require.NoError(t, os.Mkdir(name("elsewhere"), 0o755))
	require.NoError(t, unix.Mkfifo(name("pipe"), 0o600))
	require.NoError(t, os.WriteFile(name("file"), nil, 0o600))
	require.NoError(t, os.Symlink(name("elsewhere"), name("link")))
	for _, s := range []string{"pipe", "file", "link", "nothing"} {
		_, err := jail.OpenFolder(name(s))
		require.Error(t, err, s)
		jail.Unhide(name(s))
	}
	st, err := os.Stat(name("elsewhere"))
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o755), st.Mode().Perm(), "a link's target is left alone")
	jail.Unhide(name("folder"))
	f, err := jail.OpenFolder(name("folder"))
	require.NoError(t, err)
	require.NoError(t, f.Close())
}
