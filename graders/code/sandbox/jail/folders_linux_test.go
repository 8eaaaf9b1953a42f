//go:build amd64 || arm64

package jail_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/rftgrader/rftgrader/graders/code/sandbox"
	"github.com/rftgrader/rftgrader/graders/code/sandbox/jail"
)

func TestRemoveTree(t *testing.T) {
	tests := map[string]func(t *testing.T, top string){
		"nothing there": func(t *testing.T, top string) { require.NoError(t, os.Remove(top)) },
		"a file": func(t *testing.T, top string) {
			require.NoError(t, os.Remove(top))
			require.NoError(t, os.WriteFile(top, nil, 0o000))
		},
		"shut folders": func(t *testing.T, top string) {
			require.NoError(t, os.MkdirAll(filepath.Join(top, "a/b/c"), 0o700))
			require.NoError(t, os.WriteFile(filepath.Join(top, "a/b/c/f"), nil, 0o000))
			for _, d := range []string{"a/b/c", "a/b", "a", "."} {
				require.NoError(t, os.Chmod(filepath.Join(top, d), 0))
			}
		},
		"deeper than a path can be": func(t *testing.T, top string) {
			fd, err := unix.Open(top, unix.O_DIRECTORY, 0)
			require.NoError(t, err)
			for range 3000 {
				require.NoError(t, unix.Mkdirat(fd, "deeper", 0o700))
				next, err := unix.Openat(fd, "deeper", unix.O_DIRECTORY, 0)
				require.NoError(t, err)
				require.NoError(t, unix.Close(fd))
				fd = next
			}
			require.NoError(t, unix.Close(fd))
		},
		"many files": func(t *testing.T, top string) {
			for i := range 5000 {
				require.NoError(t, unix.Symlink("/etc", filepath.Join(top, fmt.Sprint(i))))
			}
		},
	}
	for name, fill := range tests {
		t.Run(name, func(t *testing.T) {
			parent := t.TempDir()
			top := filepath.Join(parent, "top")
			require.NoError(t, os.Mkdir(top, 0o700))
			fill(t, top)
			require.NoError(t, jail.RemoveTree(top))
			left, err := os.ReadDir(parent)
			require.NoError(t, err)
			require.Empty(t, left)
		})
	}
	t.Run("a link out of it is not followed", func(t *testing.T) {
		parent := t.TempDir()
		kept := filepath.Join(parent, "kept")
		require.NoError(t, os.MkdirAll(filepath.Join(kept, "in"), 0o700))
		require.NoError(t, os.Mkdir(filepath.Join(parent, "top"), 0o700))
		require.NoError(t, os.Symlink(kept, filepath.Join(parent, "top", "link")))
		require.NoError(t, jail.RemoveTree(filepath.Join(parent, "top")))
		require.DirExists(t, filepath.Join(kept, "in"))
	})
}

func TestDiskUsed(t *testing.T) {
	dir := t.TempDir()
	require.Zero(t, jail.DiskUsed(dir, 1<<20))
	require.NoError(t, os.MkdirAll(filepath.Join(dir, "a/b"), 0o700))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "a/b/f"), make([]byte, 100<<10), 0o600))
	require.GreaterOrEqual(t, jail.DiskUsed(dir, 1<<20), int64(100<<10))
	require.Greater(t, jail.DiskUsed(dir, 50<<10), int64(50<<10))
	sparse, err := os.Create(filepath.Join(dir, "sparse"))
	require.NoError(t, err)
	require.NoError(t, sparse.Truncate(1<<40))
	require.NoError(t, sparse.Close())
	require.Less(t, jail.DiskUsed(dir, 1<<20), int64(1<<20), "what is not written takes no room")
}

func TestDiskLimit(t *testing.T) {
	j := open(t, jail.Options{})
	python := language(t, j, "python")
	limits := sandbox.Limits{Disk: 1 << 20}
	for name, source := range map[string]string{
		"one file":                "open('a', 'wb').write(bytes(4 << 20))",
		"many files":              "for i in range(40): open(str(i), 'wb').write(bytes(100 << 10))",
		"many empty files":        "for i in range(4000): open(str(i), 'wb').close()",
		"deleted, and held":       "import os, time\nfs = []\nfor i in range(40):\n  f = open('x', 'wb'); f.write(bytes(100 << 10)); f.flush(); os.unlink('x'); fs.append(f)\ntime.sleep(4)",
		"hidden in a shut folder": "import os, time\nos.mkdir('d')\nfor i in range(40): open('d/%d' % i, 'wb').write(bytes(100 << 10))\nos.chmod('d', 0)",
	} {
		t.Run(name, func(t *testing.T) {
			build, outs := run(t, j, sandbox.Program{Language: python, Source: source, Limits: limits}, sandbox.Input{}, sandbox.Input{})
			require.Empty(t, build.Failure)
			for _, out := range outs {
				require.Contains(t, []sandbox.Failure{sandbox.DiskLimit, sandbox.RuntimeError}, out.Failure, "%s", out.Stderr)
			}
		})
	}
}

func TestAProgramCannotChangeItself(t *testing.T) {
	for name, without := range map[string][]string{"with all layers": nil, "without Landlock": {"landlock"}} {
		t.Run(name, func(t *testing.T) { cannotChangeItself(t, open(t, jail.Options{Without: without})) })
	}
}

func cannotChangeItself(t *testing.T, j *jail.Jail) {
	for name, source := range map[string]string{
		"c":    "#include <stdio.h>\n#include <string.h>\nint main(int n, char **a) { char p[4096]; strcpy(p, a[0]); strcat(p, \"x\"); FILE *f = fopen(p, \"w\"); if (f) fclose(f); puts(\"ran\"); }",
		"bash": "echo '#' >> \"$0\" 2>/dev/null\necho ran",
	} {
		t.Run(name, func(t *testing.T) {
			build, outs := run(t, j, sandbox.Program{Language: language(t, j, name), Source: source}, sandbox.Input{}, sandbox.Input{})
			require.Empty(t, build.Failure, "%s", build.Log)
			require.Len(t, outs, 2)
			if outs[0].Failure == "" {
				// It was not let: what runs is what was built.
				require.Empty(t, outs[1].Failure)
				require.Equal(t, "ran\n", string(outs[1].Stdout))
				return
			}
			require.Equal(t, sandbox.RuntimeError, outs[0].Failure)
			require.Equal(t, sandbox.RuntimeError, outs[1].Failure)
			require.Empty(t, outs[1].Stdout, "what was changed must not run")
		})
	}
}

func FuzzParseStat(f *testing.F) {
	f.Add([]byte("7 (a b) S 1 7 7 0 -1 4194560 100 0 0 0 3 4 0 0 20 0 1 0 5555 9000000 250 18446744073709551615"))
	f.Add([]byte("7 (evil) 14) S 1 7 7 0 -1 4194560 100 0 0 0 3 4 0 0 20 0 1 0 5555 9000000 250 1"))
	f.Fuzz(func(t *testing.T, line []byte) {
		u, ok := jail.ParseStat(line)
		if ok {
			require.GreaterOrEqual(t, u.Threads, 0)
		}
	})
}

func TestReplyFailure(t *testing.T) {
	for line, want := range map[string]sandbox.Failure{
		`{"id":1,"nonce":"n","value":1}`:                      "",
		`{"id":1,"nonce":"n","value":"\"error\""}`:            "",
		`{"id":1,"nonce":"n","value":{"$x":"long"}}`:          sandbox.OutputLimit,
		`{"id":1,"nonce":"n","error":{"type":"ValueError"}}`:  sandbox.RuntimeError,
		`{"id":1,"nonce":"n","error":{"type":"MemoryError"}}`: sandbox.MemoryLimit,
		`{"id":1,"value":{"error":1}}`:                        "",
		`{"id":1,"error":`:                                    sandbox.RuntimeError,
	} {
		require.Equal(t, want, jail.ReplyFailure([]byte(line)), line)
	}
}

func TestAKeptFolderThatIsGone(t *testing.T) {
	j := open(t, jail.Options{CPUs: 1})
	p := sandbox.Program{Language: language(t, j, "python"), Source: "print(1)"}
	for name, harm := range map[string]func(string) error{
		"removed":      os.RemoveAll,
		"written into": func(dir string) error { return os.WriteFile(filepath.Join(dir, "run", "left"), nil, 0o600) },
		"shut":         func(dir string) error { return os.Chmod(filepath.Join(dir, "run"), 0) },
	} {
		t.Run(name, func(t *testing.T) {
			_, outs := run(t, j, p, sandbox.Input{})
			require.Empty(t, outs[0].Failure)
			kept, err := filepath.Glob(filepath.Join(j.Root(), "p-*"))
			require.NoError(t, err)
			require.Len(t, kept, 1)
			require.NoError(t, harm(kept[0]))
			_, outs = run(t, j, p, sandbox.Input{})
			require.Empty(t, outs[0].Failure)
			require.Equal(t, "1\n", string(outs[0].Stdout))
		})
	}
}
