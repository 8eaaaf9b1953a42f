//go:build amd64 || arm64

package jail_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/rftgrader/rftgrader/graders/code/sandbox"
	"github.com/rftgrader/rftgrader/graders/code/sandbox/jail"
)

// TestAbandonedFolders are those of processes that were killed.
func TestAbandonedFolders(t *testing.T) {
	dir := scratch(t)
	folder := func(name string, lock, old bool) string {
		path := filepath.Join(dir, name)
		require.NoError(t, os.MkdirAll(filepath.Join(path, "shared", "drivers"), 0o755))
		if lock {
			require.NoError(t, os.WriteFile(filepath.Join(path, "lock"), nil, 0o600))
		}
		if old {
			require.NoError(t, os.Chtimes(path, time.Now(), time.Now().Add(-time.Hour)))
		}
		return path
	}
	dead, never := folder("rft-jail-dead", true, false), folder("rft-jail-never-locked", false, true)
	fresh, other := folder("rft-jail-fresh", false, false), folder("somebody-elses", true, true)
	held := folder("rft-jail-held", true, true)
	lock, err := os.Open(filepath.Join(held, "lock"))
	require.NoError(t, err)
	defer lock.Close()
	require.NoError(t, unix.Flock(int(lock.Fd()), unix.LOCK_EX))
	first := open(t, jail.Options{Scratch: dir, Languages: []*sandbox.Language{}})
	require.NoDirExists(t, dead)
	require.NoDirExists(t, never)
	open(t, jail.Options{Scratch: dir, Languages: []*sandbox.Language{}})
	for _, path := range []string{fresh, other, held, first.Root()} {
		require.DirExists(t, path)
	}
}

// TestHarmIsMended does to the folders of a jail what a program of the same user
// can do. Programs of another user cannot.
func TestHarmIsMended(t *testing.T) {
	if os.Geteuid() == 0 {
		again(t, "TestHarmIsMended")
		return
	}
	for name, without := range map[string][]string{"with Landlock": nil, "without Landlock": {"landlock"}} {
		t.Run(name, func(t *testing.T) {
			j := open(t, jail.Options{Without: without})
			python, javascript := language(t, j, "python"), jail.Find(jail.Languages(), "javascript")
			languages := []*sandbox.Language{python}
			if j.Toolchain(t.Context(), javascript) == nil {
				languages = append(languages, javascript)
			}
			source := map[string]string{"python": "print(input())", "javascript": "console.log(require('fs').readFileSync(0, 'utf8').trim())"}
			for harm, do := range map[string]func(root string) error{
				"nothing":      func(string) error { return nil },
				"shut root":    func(root string) error { return os.Chmod(root, 0) },
				"shut drivers": func(root string) error { return os.Chmod(filepath.Join(root, "shared/drivers"), 0) },
				"shut driver":  func(root string) error { return os.Chmod(filepath.Join(root, "shared/drivers/python.py"), 0) },
				"shut shared":  func(root string) error { return os.Chmod(filepath.Join(root, "shared"), 0) },
				"junk": func(root string) error {
					return os.WriteFile(filepath.Join(root, "shared/drivers/javascript.cjs"), []byte("junk"), 0)
				},
				"no drivers": func(root string) error { return os.RemoveAll(filepath.Join(root, "shared/drivers")) },
				"a new driver": func(root string) error {
					return os.WriteFile(filepath.Join(root, "shared/drivers/json.py"), []byte("1/0"), 0o644)
				},
				"root is moved": func(root string) error { return os.Rename(root, root+"-moved") },
				"root is a link": func(root string) error {
					return os.Symlink("/", root)
				},
			} {
				if without == nil && !strings.HasPrefix(harm, "shut") {
					continue // what Landlock does not let it do
				}
				if harm == "root is a link" {
					require.NoError(t, os.Rename(j.Root(), j.Root()+"-gone"))
				}
				require.NoError(t, do(j.Root()), harm)
				for _, pid := range j.Zygotes() {
					require.NoError(t, unix.Kill(pid, unix.SIGKILL))
				}
				for _, l := range languages {
					build, outs := run(t, j, sandbox.Program{Language: l, Source: source[l.Name]}, sandbox.Input{Stdin: []byte("7\n")})
					require.Empty(t, build.Failure, "%s: %s", harm, build.Log)
					require.Empty(t, outs[0].Failure, "%s: %s", harm, outs[0].Stderr)
					require.Equal(t, "7\n", string(outs[0].Stdout), harm)
				}
				require.NoError(t, os.RemoveAll(j.Root()+"-moved"))
				require.NoError(t, os.RemoveAll(j.Root()+"-gone"))
			}
		})
	}
}

// TestHarmToGoIsMended has archives that programs are linked with.
func TestHarmToGoIsMended(t *testing.T) {
	if os.Geteuid() == 0 {
		again(t, "TestHarmToGoIsMended")
		return
	}
	j := open(t, jail.Options{Without: []string{"landlock"}})
	l := language(t, j, "go")
	for range 2 {
		build, outs := run(t, j, sandbox.Program{Language: l, Source: "package main\n\nimport \"os\"\n\nfunc main() { os.Stdout.WriteString(\"7\") }\n"}, sandbox.Input{})
		require.Empty(t, build.Failure, "%s", build.Log)
		require.Equal(t, "7", string(outs[0].Stdout))
		archives, err := filepath.Glob(filepath.Join(j.Root(), "shared/go/*.a"))
		require.NoError(t, err)
		require.NotEmpty(t, archives)
		for _, a := range archives {
			require.NoError(t, os.WriteFile(a, []byte("junk"), 0o644))
		}
	}
}

// TestCallsThatPrint sends several calls at once: which of them has printed too
// much must be told all the same.
func TestCallsThatPrint(t *testing.T) {
	j := open(t, jail.Options{})
	const source = "n = 0\ndef f(k):\n  global n\n  n += 1\n  print('x' * (k << 10))\n  return n\n"
	calls := func(sizes ...int) (inputs []sandbox.Input) {
		for i, k := range sizes {
			inputs = append(inputs, sandbox.Input{Call: fmt.Appendf(nil, `{"id":%d,"args":[%d]}`, i, k)})
		}
		return inputs
	}
	p := sandbox.Program{Language: language(t, j, "python"), Source: source, Entry: "f", Limits: sandbox.Limits{Output: 100 << 10}}
	t.Run("each below the limit", func(t *testing.T) {
		_, outs := run(t, j, p, calls(60, 60, 60, 60, 60, 60)...)
		for i, out := range outs {
			require.Empty(t, out.Failure, "call %d", i)
		}
	})
	t.Run("one above the limit", func(t *testing.T) {
		_, outs := run(t, j, p, calls(60, 60, 200, 60, 60)...)
		require.Len(t, outs, 5)
		for i, out := range outs {
			if i == 2 {
				require.Equal(t, sandbox.OutputLimit, out.Failure)
			} else {
				require.Empty(t, out.Failure, "call %d", i)
			}
		}
	})
	t.Run("the noise of a call is with it", func(t *testing.T) {
		_, outs := run(t, j, sandbox.Program{Language: p.Language, Source: "def f(k):\n  print('noise', k)\n  return k", Entry: "f"}, calls(1, 2, 3)...)
		for i, out := range outs {
			require.Contains(t, string(out.Stderr), fmt.Sprint("noise ", i+1))
		}
	})
	t.Run("more than a pipe takes", func(t *testing.T) {
		text := strings.Repeat("y", 20<<10)
		var inputs []sandbox.Input
		for i := range 20 {
			inputs = append(inputs, sandbox.Input{Call: fmt.Appendf(nil, `{"id":%d,"args":["%s"]}`, i, text)})
		}
		long := "#" + strings.Repeat("z", 300<<10) + "\ndef f(t): return len(t)\n"
		_, outs := run(t, j, sandbox.Program{Language: p.Language, Source: long, Entry: "f"}, inputs...)
		require.Len(t, outs, 20)
		for i, out := range outs {
			require.Equal(t, fmt.Sprintf(`{"id":%d,"nonce":null,"value":20480}`, i), string(out.Value))
		}
	})
	t.Run("each has its time", func(t *testing.T) {
		limits := sandbox.Limits{Time: 300 * time.Millisecond}
		_, outs := run(t, j, sandbox.Program{Language: p.Language, Source: "def f(k):\n  while k == 3: pass\n  return k", Entry: "f", Limits: limits}, calls(1, 2, 3, 4, 5)...)
		for i, out := range outs {
			want := sandbox.Failure("")
			if i == 2 {
				want = sandbox.TimeLimit
			}
			require.Equal(t, want, out.Failure, "call %d", i)
		}
	})
}

// TestToolchainsAreAskedWhenTheyAreNeeded has a tool that notes that it was run.
func TestToolchainsAreAskedWhenTheyAreNeeded(t *testing.T) {
	bash := jail.Find(jail.Languages(), "bash")
	broken := &sandbox.Language{Name: "broken", File: "main.txt", Run: []string{"false", "{source}"}, Version: []string{"false", "--version"}}
	languages := []*sandbox.Language{bash, broken}
	j := open(t, jail.Options{Languages: languages, Require: []string{"bash"}})
	toolchains := j.Report().Toolchains
	require.Contains(t, toolchains["bash"], "bash, version")
	require.True(t, filepath.IsAbs(toolchains["broken"]), "it was not run: %q", toolchains["broken"])
	_, err := j.Run(context.Background(), sandbox.Program{Language: broken, Source: "x"}, []sandbox.Input{{}}, discard)
	require.ErrorContains(t, err, "broken")
	require.NotContains(t, j.Report().Toolchains, "broken")
	all := open(t, jail.Options{Languages: languages})
	require.NotContains(t, all.Report().Toolchains, "broken")
	require.Contains(t, all.Report().Toolchains, "bash")
}

// TestACopyOfAnInterpreterIsNoHarm opens a tester where Landlock is not there: the
// interpreter that it runs in is among what programs share, and what runs next
// must find everything as it was.
func TestACopyOfAnInterpreterIsNoHarm(t *testing.T) {
	if os.Geteuid() == 0 {
		again(t, "TestACopyOfAnInterpreterIsNoHarm")
		return
	}
	var log bytes.Buffer
	j := open(t, jail.Options{Without: []string{"landlock"}, Log: slog.New(slog.NewTextHandler(&log, nil))})
	javascript := language(t, j, "javascript")
	before := sharedInode(t, j)
	for range 2 {
		s, _, err := j.Open(t.Context(), sandbox.Conversant{
			Program: sandbox.Program{Language: javascript}, Files: map[string]string{"t.js": "console.log(1)"}, Command: []string{"node", "{dir}/t.js"},
		})
		require.NoError(t, err)
		build, outs := run(t, j, sandbox.Program{Language: javascript, Source: "console.log(7)"}, sandbox.Input{})
		require.Empty(t, build.Failure, "%s", build.Log)
		require.Equal(t, "7\n", string(outs[0].Stdout), "%s", outs[0].Stderr)
		s.Close()
	}
	require.NotContains(t, log.String(), "written anew")
	require.Equal(t, before, sharedInode(t, j), "the drivers are those of the start")
}

// sharedInode tells the drivers that were written from those that were written anew.
func sharedInode(t *testing.T, j *jail.Jail) uint64 {
	t.Helper()
	var st unix.Stat_t
	require.NoError(t, unix.Stat(filepath.Join(j.Root(), "shared/drivers/javascript.cjs"), &st))
	return st.Ino
}
