//go:build amd64 || arm64

package jail_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/graders/code/sandbox"
	"github.com/rftgrader/rftgrader/graders/code/sandbox/jail"
)

func discard(int, sandbox.Output) bool { return true }

func TestUnavailableSaysWhoseFaultItIs(t *testing.T) {
	for err, want := range map[error]grader.Fault{
		unix.EAGAIN: grader.FaultTransient, unix.ENOMEM: grader.FaultTransient, unix.ENOSPC: grader.FaultTransient,
		unix.EDQUOT: grader.FaultTransient, unix.EMFILE: grader.FaultTransient, unix.EIO: grader.FaultTransient,
		unix.ENOENT: grader.FaultPermanent, unix.EACCES: grader.FaultPermanent, unix.EROFS: grader.FaultPermanent, os.ErrClosed: grader.FaultPermanent,
		context.Canceled: grader.FaultDeadline, context.DeadlineExceeded: grader.FaultDeadline,
	} {
		t.Run(err.Error(), func(t *testing.T) {
			got := jail.Unavailable("do it", fmt.Errorf("wrapped: %w", err))
			require.Equal(t, want, grader.FaultOf(got))
			require.ErrorIs(t, got, err)
		})
	}
}

func TestAMissingToolchainIsNamed(t *testing.T) {
	missing := &sandbox.Language{Name: "fantasy", File: "main.f", Run: []string{"no-such-tool-anywhere", "{source}"}, Version: []string{"no-such-tool-anywhere", "--version"}}
	o := jail.Options{Languages: []*sandbox.Language{missing}, Scratch: scratch(t)}
	t.Run("when it is required", func(t *testing.T) {
		o.Require = []string{"fantasy"}
		_, err := jail.New(t.Context(), o)
		require.ErrorContains(t, err, "fantasy")
		require.Equal(t, grader.FaultPermanent, grader.FaultOf(err))
	})
	t.Run("when a program comes", func(t *testing.T) {
		o.Require = nil
		j := open(t, o)
		require.Empty(t, j.Report().Toolchains)
		_, err := j.Run(t.Context(), sandbox.Program{Language: missing, Source: "x"}, []sandbox.Input{{}}, discard)
		require.ErrorContains(t, err, "no-such-tool-anywhere")
		require.Equal(t, grader.FaultPermanent, grader.FaultOf(err))
	})
	t.Run("when the language is not in the table", func(t *testing.T) {
		o.Require = []string{"cobol"}
		_, err := jail.New(t.Context(), o)
		require.ErrorContains(t, err, "cobol")
	})
	left, err := os.ReadDir(o.Scratch)
	require.NoError(t, err)
	require.LessOrEqual(t, len(left), 1, "only the open jail may have a folder")
}

func TestACompilerThatHangsIsTheProgramsTimeLimit(t *testing.T) {
	sleeper := &sandbox.Language{Name: "sleeper", File: "main.txt", Compile: []string{"sleep", "100"}, Run: []string{"{binary}"}, Version: []string{"bash", "--version"}}
	j := open(t, jail.Options{Languages: []*sandbox.Language{sleeper}})
	build, outs := run(t, j, sandbox.Program{Language: sleeper, Source: "x", Limits: sandbox.Limits{Compile: 100 * time.Millisecond}}, sandbox.Input{})
	require.Equal(t, sandbox.TimeLimit, build.Failure)
	require.Empty(t, outs)
}

func TestADeadlineInTheMiddle(t *testing.T) {
	j := open(t, jail.Options{})
	python := language(t, j, "python")
	for name, p := range map[string]sandbox.Program{
		"script":    {Language: python, Source: "import time\ntime.sleep(60)"},
		"functions": {Language: python, Source: "import time\ndef f():\n  time.sleep(60)", Entry: "f"},
	} {
		t.Run(name, func(t *testing.T) {
			p.Limits.Time = time.Minute
			ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
			defer cancel()
			_, err := j.Run(ctx, p, []sandbox.Input{{Call: []byte(`{"id":1,"args":[]}`)}}, discard)
			require.ErrorIs(t, err, context.DeadlineExceeded)
			require.Equal(t, grader.FaultDeadline, grader.FaultOf(err))
		})
	}
	t.Run("while waiting for a place", func(t *testing.T) {
		j := open(t, jail.Options{CPUs: 1})
		s, _, err := j.Open(t.Context(), sandbox.Conversant{Program: sandbox.Program{Language: python, Source: "x = 1", Entry: "*"}})
		require.NoError(t, err)
		defer s.Close()
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		defer cancel()
		_, err = j.Run(ctx, sandbox.Program{Language: python, Source: ""}, nil, discard)
		require.ErrorIs(t, err, context.DeadlineExceeded)
	})
}

// killZygotes kills every warm interpreter, as the kernel does when memory is short.
func killZygotes(t *testing.T, j *jail.Jail) {
	t.Helper()
	pids := j.Zygotes()
	require.NotEmpty(t, pids)
	for _, pid := range pids {
		require.NoError(t, unix.Kill(pid, unix.SIGKILL))
	}
}

func warmed(t *testing.T) (*jail.Jail, *sandbox.Language) {
	t.Helper()
	j := open(t, jail.Options{CPUs: 2})
	l := language(t, j, "python")
	require.NoError(t, j.Warm(t.Context(), "python"))
	if len(j.Zygotes()) == 0 {
		t.Skip("there are no warm interpreters where seccomp does not hold")
	}
	return j, l
}

func TestAWarmInterpreterThatDiesIsReplaced(t *testing.T) {
	j, l := warmed(t)
	p := sandbox.Program{Language: l, Source: "print(input())"}
	for range 3 {
		killZygotes(t, j)
		for range 4 {
			build, outs := run(t, j, p, sandbox.Input{Stdin: []byte("here\n")})
			require.Empty(t, build.Failure)
			require.Equal(t, "here\n", string(outs[0].Stdout))
			require.Empty(t, outs[0].Failure)
		}
	}
}

// started waits until the program has said that it runs, by a file.
func killWhenStarted(t *testing.T, j *jail.Jail, times int) (done chan struct{}) {
	done = make(chan struct{})
	go func() {
		defer close(done)
		seen := map[string]bool{}
		for times > 0 && t.Context().Err() == nil {
			files, _ := filepath.Glob(filepath.Join(j.Root(), "p-*", "run", "started-*"))
			for _, f := range files {
				if seen[f] {
					continue
				}
				seen[f] = true
				times--
				for _, pid := range j.Zygotes() {
					_ = unix.Kill(pid, unix.SIGKILL)
				}
			}
			time.Sleep(2 * time.Millisecond)
		}
	}()
	return done
}

func TestAWarmInterpreterThatDiesInTheMiddle(t *testing.T) {
	const source = "import os, time\nopen('started-%d' % os.getpid(), 'w').close()\ntime.sleep(0.5)\ndef f(x):\n  return x\nprint('through')\n"
	for _, entry := range []string{"", "f"} {
		for times, want := range map[int]grader.Fault{1: "", 2: grader.FaultTransient} {
			t.Run(fmt.Sprintf("%q, %d times", entry, times), func(t *testing.T) {
				j, l := warmed(t)
				done := killWhenStarted(t, j, times)
				ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
				defer cancel()
				taken := 0
				build, err := j.Run(ctx, sandbox.Program{Language: l, Source: source, Entry: entry}, []sandbox.Input{{Call: []byte(`{"id":1,"args":[7]}`)}}, func(_ int, out sandbox.Output) bool {
					taken++
					require.Empty(t, out.Failure, "%s", out.Stderr)
					require.Contains(t, string(out.Stdout)+string(out.Value), map[string]string{"": "through", "f": `"value":7`}[entry])
					return true
				})
				<-done
				require.Equal(t, want, grader.FaultOf(err), "%v", err)
				if want == "" {
					require.Equal(t, 1, taken)
					require.Empty(t, build.Failure)
				} else {
					require.Zero(t, taken)
				}
			})
		}
	}
}

func TestWithoutAWarmInterpreter(t *testing.T) {
	j := open(t, jail.Options{})
	l := language(t, j, "python")
	j.NoZygotes()
	inputs := []sandbox.Input{{Stdin: []byte("1\n"), Call: []byte(`{"id":1,"args":[1]}`)}, {Stdin: []byte("2\n"), Call: []byte(`{"id":2,"args":[2]}`)}}
	t.Run("a script", func(t *testing.T) {
		build, outs := run(t, j, sandbox.Program{Language: l, Source: "print(input() * 2)"}, inputs...)
		require.Empty(t, build.Failure)
		require.Equal(t, "22\n", string(outs[1].Stdout))
		require.Empty(t, outs[1].Failure)
	})
	t.Run("functions", func(t *testing.T) {
		_, outs := run(t, j, sandbox.Program{Language: l, Source: "def f(x):\n  return [x, 0.5]", Entry: "f"}, inputs...)
		require.Contains(t, string(outs[1].Value), `"value":[2,0.5]`)
	})
	t.Run("no program", func(t *testing.T) {
		build, outs := run(t, j, sandbox.Program{Language: l, Source: "def f(:", Entry: "f"}, inputs...)
		require.Equal(t, sandbox.CompileError, build.Failure)
		require.Empty(t, outs)
	})
}

func TestAFullScratchFolder(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root can mount a small scratch folder")
	}
	dir := scratch(t)
	if err := unix.Mount("tmpfs", dir, "tmpfs", 0, "size=4m,mode=755"); err != nil {
		t.Skipf("no small scratch folder can be mounted here: %v", err)
	}
	// Close removes what the jail made first: clean-ups run in reverse.
	t.Cleanup(func() { require.NoError(t, unix.Unmount(dir, 0)) })
	j := open(t, jail.Options{Scratch: dir})
	l := language(t, j, "c")
	require.NoError(t, os.WriteFile(filepath.Join(dir, "filler"), make([]byte, 3<<20), 0o600))
	filler, err := os.OpenFile(filepath.Join(dir, "filler2"), os.O_CREATE|os.O_WRONLY, 0o600)
	require.NoError(t, err)
	for err = nil; err == nil; {
		_, err = filler.Write(make([]byte, 4096))
	}
	require.ErrorIs(t, err, unix.ENOSPC)
	require.NoError(t, filler.Close())
	_, err = j.Run(t.Context(), sandbox.Program{Language: l, Source: "int main(void) { return 0; }" + strings.Repeat(" ", 1<<16)}, []sandbox.Input{{}}, discard)
	require.Equal(t, grader.FaultTransient, grader.FaultOf(err), "%v", err)
	require.NoError(t, os.Remove(filepath.Join(dir, "filler")))
	require.NoError(t, os.Remove(filepath.Join(dir, "filler2")))
	build, outs := run(t, j, sandbox.Program{Language: l, Source: "int main(void) { return 0; }"}, sandbox.Input{})
	require.Empty(t, build.Failure, "%s", build.Log)
	require.Empty(t, outs[0].Failure)
}

const secondTime = "RFT_TEST_AGAIN"

// again runs a test of this binary as a user without privileges who has no other
// process.
func again(t *testing.T, name string) {
	t.Helper()
	require.Empty(t, os.Getenv(secondTime), "still root")
	dir := scratch(t)
	require.NoError(t, os.Chmod(dir, 0o777))
	binary := filepath.Join(dir, "again.test")
	data, err := os.ReadFile("/proc/self/exe")
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(binary, data, 0o755))
	c := exec.Command(binary, "-test.run", "^"+name+"$", "-test.v")
	c.Dir = dir
	c.Env = []string{secondTime + "=1", "TMPDIR=" + dir, "PATH=/usr/bin:/bin", "HOME=" + dir}
	c.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 61077, Gid: 61077}}
	out, err := c.CombinedOutput()
	require.NoError(t, err, "%s", out)
	require.Contains(t, string(out), "--- PASS", "%s", out)
}

func TestForkFails(t *testing.T) {
	if os.Geteuid() == 0 {
		again(t, "TestForkFails")
		return
	}
	if os.Getenv(secondTime) == "" {
		t.Skip("this user has other processes")
	}
	j := open(t, jail.Options{Languages: []*sandbox.Language{jail.Find(jail.Languages(), "bash")}})
	l := language(t, j, "bash")
	var before unix.Rlimit
	require.NoError(t, unix.Getrlimit(unix.RLIMIT_NPROC, &before))
	require.NoError(t, unix.Setrlimit(unix.RLIMIT_NPROC, &unix.Rlimit{Cur: 1, Max: before.Max}))
	_, err := j.Run(t.Context(), sandbox.Program{Language: l, Source: "echo"}, []sandbox.Input{{}}, discard)
	require.Equal(t, grader.FaultTransient, grader.FaultOf(err), "%v", err)
	require.True(t, errors.Is(err, unix.EAGAIN))
	require.NoError(t, unix.Setrlimit(unix.RLIMIT_NPROC, &before))
	_, outs := run(t, j, sandbox.Program{Language: l, Source: "echo back"}, sandbox.Input{})
	require.Equal(t, "back\n", string(outs[0].Stdout))
}

func TestAfterClose(t *testing.T) {
	dir := scratch(t)
	j, err := jail.New(t.Context(), jail.Options{Scratch: dir, Languages: []*sandbox.Language{jail.Find(jail.Languages(), "bash")}})
	require.NoError(t, err)
	require.NoError(t, j.Close())
	require.NoError(t, j.Close())
	left, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Empty(t, left)
	_, err = j.Run(t.Context(), sandbox.Program{Language: jail.Find(jail.Languages(), "bash")}, nil, discard)
	require.Equal(t, grader.FaultPermanent, grader.FaultOf(err))
}
