//go:build amd64 || arm64

package jail_test

import (
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/graders/code/sandbox"
	"github.com/rftgrader/rftgrader/graders/code/sandbox/jail"
)

// small mounts a file system of some MiB, or none at all.
func small(t *testing.T, mebibytes, inodes int) string {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("only root can mount a small scratch folder")
	}
	dir := scratch(t)
	size := "size=" + strconv.Itoa(mebibytes) + "m,nr_inodes=" + strconv.Itoa(inodes) + ",mode=755"
	if err := unix.Mount("tmpfs", dir, "tmpfs", 0, size); err != nil {
		t.Skipf("no small scratch folder can be mounted here: %v", err)
	}
	t.Cleanup(func() { require.NoError(t, unix.Unmount(dir, unix.MNT_DETACH)) })
	return dir
}

// TestAScratchFolderOfNoUse is a lasting fault that says which folder it is and how
// another is named.
func TestAScratchFolderOfNoUse(t *testing.T) {
	for name, make := range map[string]func(t *testing.T) string{
		"missing": func(t *testing.T) string { return filepath.Join(scratch(t), "nowhere") },
		"a file": func(t *testing.T) string {
			path := filepath.Join(scratch(t), "file")
			require.NoError(t, os.WriteFile(path, nil, 0o600))
			return path
		},
		"read-only": func(t *testing.T) string {
			dir := small(t, 1, 100)
			require.NoError(t, unix.Mount("", dir, "", unix.MS_REMOUNT|unix.MS_RDONLY, ""))
			return dir
		},
		"full": func(t *testing.T) string { return small(t, 1, 8) },
	} {
		t.Run(name, func(t *testing.T) {
			dir := make(t)
			_, err := jail.New(t.Context(), jail.Options{Scratch: dir})
			var lasting *grader.PermanentError
			require.ErrorAs(t, err, &lasting)
			require.ErrorContains(t, err, dir+": ")
			require.ErrorContains(t, err, "TMPDIR")
		})
	}
}

// TestGoWithoutRoom has a scratch folder in which Go's archives cannot be: they leave
// nothing there, and programs in other languages run.
func TestGoWithoutRoom(t *testing.T) {
	dir := small(t, 6, 2000)
	j := open(t, jail.Options{Scratch: dir})
	python, golang := language(t, j, "python"), language(t, j, "go")
	program := sandbox.Program{Language: golang, Source: "package main\nimport (\"encoding/json\"; \"os\")\nfunc main() { json.NewEncoder(os.Stdout).Encode(7) }"}
	var first error
	for range 2 {
		_, err := j.Run(t.Context(), program, []sandbox.Input{{}}, discard)
		require.ErrorIs(t, err, unix.ENOSPC)
		require.Equal(t, grader.FaultPermanent, grader.FaultOf(err), "there will never be room: %v", err)
		require.ErrorContains(t, err, "TMPDIR")
		require.NotContains(t, err.Error(), "rft-jail-", "the fault of many programs is one")
		if first != nil {
			require.Equal(t, first.Error(), err.Error())
		}
		first = err
		var fs unix.Statfs_t
		require.NoError(t, unix.Statfs(dir, &fs))
		require.Greater(t, int64(fs.Bavail)*fs.Bsize, int64(4<<20), "there is room as before")
		build, outs := run(t, j, sandbox.Program{Language: python, Source: "open('f', 'w').write('x' * 1000000)\nprint(7)"}, sandbox.Input{})
		require.Empty(t, build.Failure, "%s", build.Log)
		require.Empty(t, outs[0].Failure, "%s", outs[0].Stderr)
	}
}
