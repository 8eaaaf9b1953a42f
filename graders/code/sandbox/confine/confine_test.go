//go:build linux && (amd64 || arm64)

package confine_test

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/rftgrader/rftgrader/graders/code/sandbox/confine"
)

// again is set when the tests run once more without root.
const again = "CONFINE_TEST_USER"

func TestMain(m *testing.M) {
	if len(os.Args) > 3 && os.Args[1] == "grader" {
		grader(os.Args[2], os.Args[3])
		return
	}
	if err := confine.Harden(); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// grader starts a process, says its id and lives until it is killed.
func grader(program, mode string) {
	p := confine.System()
	p.Execute = append(p.Execute, program)
	c, err := confine.Compile(p)
	if err != nil {
		fmt.Println(err)
		return
	}
	q, err := c.Start(confine.Spec{Path: program, Args: []string{program, mode}})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(q.PID())
	_, _ = q.Wait(context.Background())
}

// TestAsUser runs all tests once more as a user without privileges.
func TestAsUser(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("this is a user without privileges already")
	}
	if os.Getenv(again) != "" {
		t.Fatal("still root")
	}
	const uid = 60998
	dir := t.TempDir()
	for d := dir; d != os.TempDir() && len(d) > 1; d = filepath.Dir(d) {
		require.NoError(t, os.Chmod(d, 0o755))
	}
	self, err := os.Executable()
	require.NoError(t, err)
	text, err := os.ReadFile(self)
	require.NoError(t, err)
	binary := filepath.Join(dir, "confine.test")
	require.NoError(t, os.WriteFile(binary, text, 0o755))
	require.NoError(t, os.CopyFS(filepath.Join(dir, "testdata"), os.DirFS("testdata")))
	scratch := filepath.Join(dir, "tmp")
	require.NoError(t, os.Mkdir(scratch, 0o755))
	require.NoError(t, os.Chown(scratch, uid, uid))
	args := []string{"-test.v", "-test.timeout=120s", "-test.skip=TestAsUser"}
	if testing.Short() {
		args = append(args, "-test.short")
	}
	cmd := exec.CommandContext(t.Context(), binary, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), again+"=1", "TMPDIR="+scratch, "HOME="+scratch)
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uid, Gid: uid}}
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, string(out))
	require.Contains(t, string(out), "--- PASS: TestRefused")
	require.Contains(t, string(out), "--- PASS: TestSweepOfADeadGrader")
	t.Log(string(out))
}

func compile(t testing.TB, p confine.Policy) *confine.Confinement {
	t.Helper()
	c, err := confine.Compile(p)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, c.Close()) })
	return c
}

// folder makes a folder that confined processes can enter, and own.
func folder(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "confine")
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, os.RemoveAll(dir)) })
	require.NoError(t, os.Chmod(dir, 0o755))
	if os.Geteuid() == 0 {
		u := confine.DefaultUser()
		require.NoError(t, os.Chown(dir, u.UID, u.GID))
	}
	return dir
}

// attempt builds the program of testdata.
func attempt(t testing.TB) string {
	t.Helper()
	gcc, err := exec.LookPath("gcc")
	if err != nil {
		t.Skip("no gcc to build the program that tries to escape")
	}
	bin := filepath.Join(folder(t), "attempt")
	out, err := exec.Command(gcc, "-O1", "-static", "-w", "-o", bin, "testdata/attempt.c").CombinedOutput()
	require.NoError(t, err, string(out))
	return bin
}

func system(execute string, without ...string) confine.Policy {
	p := confine.System()
	p.Execute = append(p.Execute, execute)
	p.Without = without
	return p
}

// own gives pipes to the user of the processes.
func own(t testing.TB, c *confine.Confinement, files ...*os.File) {
	t.Helper()
	for _, f := range files {
		require.NoError(t, f.Chown(c.User().UID, c.User().GID))
	}
}

// run starts a program and returns what it printed on both outputs.
func run(t testing.TB, c *confine.Confinement, s confine.Spec) (string, confine.Exit) {
	t.Helper()
	r, w, err := os.Pipe()
	require.NoError(t, err)
	defer r.Close()
	in, inW, err := os.Pipe()
	require.NoError(t, err)
	inW.Close()
	own(t, c, in, w)
	s.Files = append([]*os.File{in, w, w}, s.Files...)
	p, err := c.Start(s)
	w.Close()
	in.Close()
	require.NoError(t, err)
	text := make(chan string, 1)
	go func() {
		out, _ := io.ReadAll(r)
		text <- string(out)
	}()
	exit, err := p.Wait(t.Context())
	require.NoError(t, err)
	return <-text, exit
}

func active(c *confine.Confinement, name string) bool {
	for _, p := range c.Protections() {
		if p.Name == name {
			return p.Active
		}
	}
	return false
}

// need skips a test by name where the kernel does not give a layer.
func need(t *testing.T, c *confine.Confinement, names ...string) {
	t.Helper()
	for _, n := range names {
		if !active(c, n) {
			t.Skipf("the layer %q does not hold here", n)
		}
	}
}

func errnos(t *testing.T, out string) map[string]syscall.Errno {
	t.Helper()
	got := map[string]syscall.Errno{}
	for line := range strings.Lines(out) {
		name, n, ok := strings.Cut(strings.TrimSpace(line), " ")
		e, err := strconv.Atoi(n)
		if !ok || err != nil {
			t.Fatalf("not an attempt: %q", line)
		}
		got[name] = syscall.Errno(e)
	}
	return got
}

func TestDescriptorsAndEnvironment(t *testing.T) {
	bin := attempt(t)
	c := compile(t, system(filepath.Dir(bin)))
	leak, err := os.Open("/")
	require.NoError(t, err)
	defer leak.Close()
	plain, err := unix.Dup(int(leak.Fd())) // without close-on-exec
	require.NoError(t, err)
	defer unix.Close(plain)

	out, _ := run(t, c, confine.Spec{Path: bin, Args: []string{"attempt", "fds"}})
	require.Equal(t, "0 1 2 ", out)
	out, _ = run(t, c, confine.Spec{Path: bin, Args: []string{"attempt", "fds"}, Files: []*os.File{leak, nil, leak}})
	require.Equal(t, "0 1 2 3 4 5 ", out)

	t.Setenv("AWS_SECRET_ACCESS_KEY", "x")
	out, _ = run(t, c, confine.Spec{Path: "/usr/bin/env", Env: []string{"A=1"}})
	require.Equal(t, "A=1\n", out)
	out, _ = run(t, c, confine.Spec{Path: "/usr/bin/env"})
	require.Empty(t, out)
	out, _ = run(t, c, confine.Spec{Path: "/bin/sh", Args: []string{"sh", "-c", "umask; pwd; ulimit -c; echo $0 $1", "zero", "one two"}, Dir: "/usr"})
	require.Equal(t, "0022\n/usr\n0\nzero one two\n", out)
}

// TestDescriptorsCross hands over descriptors whose numbers are others' places.
func TestDescriptorsCross(t *testing.T) {
	c := compile(t, confine.System())
	var files []*os.File
	for i := range 4 {
		r, w, err := os.Pipe()
		require.NoError(t, err)
		_, err = fmt.Fprintf(w, "%d", i)
		require.NoError(t, err)
		w.Close()
		defer r.Close()
		files = append([]*os.File{r}, files...)
	}
	out, exit := run(t, c, confine.Spec{Path: "/bin/sh", Args: []string{"sh", "-c", "cat <&3; cat <&4; cat <&5; cat <&6"}, Files: files})
	require.Equal(t, "3210", out)
	require.Zero(t, exit.Status)

	_, err := c.Start(confine.Spec{Path: "/bin/true", Files: make([]*os.File, 1000)})
	require.ErrorIs(t, err, unix.EMFILE)
}

func TestStandardInputByName(t *testing.T) {
	c := compile(t, confine.System())
	r, w, err := os.Pipe()
	require.NoError(t, err)
	_, err = w.WriteString("by name")
	require.NoError(t, err)
	w.Close()
	or, ow, err := os.Pipe()
	require.NoError(t, err)
	defer or.Close()
	own(t, c, r)
	p, err := c.Start(confine.Spec{Path: "/bin/cat", Args: []string{"cat", "/dev/stdin"}, Files: []*os.File{r, ow, ow}})
	require.NoError(t, err)
	r.Close()
	ow.Close()
	out, err := io.ReadAll(or)
	require.NoError(t, err)
	_, err = p.Wait(t.Context())
	require.NoError(t, err)
	require.Equal(t, "by name", string(out))
}

func TestStartErrors(t *testing.T) {
	c := compile(t, confine.System())
	for _, x := range []struct {
		name string
		spec confine.Spec
		step string
		err  error
	}{
		{"no program", confine.Spec{Path: "/usr/bin/no-such-program"}, "execute", unix.ENOENT},
		{"no folder", confine.Spec{Path: "/bin/true", Dir: "/no/such/folder"}, "folder", unix.ENOENT},
		{"no own folder", confine.Spec{Path: "/bin/true", Write: []string{"/no/such/folder"}}, "", unix.ENOENT},
		{"not executable", confine.Spec{Path: "/etc/passwd"}, "execute", unix.EACCES},
		{"a folder", confine.Spec{Path: "/usr"}, "execute", unix.EACCES},
		{"outside of the policy", confine.Spec{Path: must(os.Executable())}, "execute", unix.EACCES},
	} {
		t.Run(x.name, func(t *testing.T) {
			if x.name == "no own folder" || x.name == "outside of the policy" {
				need(t, c, "landlock")
			}
			_, err := c.Start(x.spec)
			require.ErrorIs(t, err, x.err)
			var se *confine.StartError
			if x.step != "" {
				require.ErrorAs(t, err, &se)
				require.Equal(t, x.step, se.Step)
				require.EqualError(t, err, "start a confined process: "+x.step+": "+x.err.Error())
			}
		})
	}
	require.NoError(t, c.Close())
	require.NoError(t, c.Close())
	_, err := c.Start(confine.Spec{Path: "/bin/true"})
	require.ErrorIs(t, err, os.ErrClosed)
	_, err = confine.Compile(confine.Policy{Without: []string{"secomp"}})
	require.ErrorContains(t, err, `"secomp"`)
	require.Empty(t, zombies(t))
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func TestExit(t *testing.T) {
	c := compile(t, confine.System())
	for _, x := range []struct {
		script         string
		status, signal int
	}{{"exit 0", 0, 0}, {"exit 42", 42, 0}, {"kill -SEGV $$", 139, 11}, {"kill -KILL $$", 137, 9}} {
		t.Run(x.script, func(t *testing.T) {
			_, exit := run(t, c, confine.Spec{Path: "/bin/sh", Args: []string{"sh", "-c", x.script}})
			require.Equal(t, x.status, exit.Status)
			require.Equal(t, x.signal, exit.Signal)
			require.False(t, exit.Killed)
		})
	}
}

func TestProbe(t *testing.T) {
	protections, err := confine.Probe(confine.System())
	require.NoError(t, err)
	by := map[string]bool{}
	for _, p := range protections {
		t.Logf("%-15s %-5v %s", p.Name, p.Active, p.Detail)
		require.NotEmpty(t, p.Stops)
		require.True(t, p.Active || p.Detail != "", "%s: no reason why not", p.Name)
		by[p.Name] = p.Active
	}
	for _, name := range []string{"rlimits", "no_new_privs", "marker", "dumpable", "subreaper"} {
		require.True(t, by[name], name)
	}
	require.Equal(t, os.Geteuid() == 0, by["user"])
	left := []string{"rlimits", "no_new_privs", "user", "seccomp", "landlock", "landlock-net", "landlock-scope", "namespaces", "marker", "dumpable", "subreaper"}
	none, err := confine.Probe(confine.Policy{Without: left})
	require.NoError(t, err)
	require.Len(t, none, len(left))
	for _, p := range none {
		require.False(t, p.Active, p.Name)
	}
}

func BenchmarkStart(b *testing.B) {
	bin := attempt(b)
	small := filepath.Join(filepath.Dir(bin), "small")
	src := small + ".c"
	require.NoError(b, os.WriteFile(src, []byte("int main(){return 0;}"), 0o644))
	out, err := exec.Command("gcc", "-O1", "-static", "-o", small, src).CombinedOutput()
	require.NoError(b, err, string(out))
	spec := confine.Spec{Path: small, Limits: confine.Limits{CPU: time.Second, Data: 1 << 28, Files: 64, Processes: 64}}
	for _, x := range []struct {
		name    string
		without []string
	}{{"all layers", nil}, {"without landlock", []string{"landlock"}}, {"without seccomp", []string{"seccomp"}}, {"limits alone", []string{"landlock", "seccomp", "marker", "namespaces"}}} {
		b.Run(x.name, func(b *testing.B) {
			c := compile(b, system(filepath.Dir(bin), x.without...))
			for b.Loop() {
				p, err := c.Start(spec)
				if err != nil {
					b.Fatal(err)
				}
				if exit, err := p.Wait(b.Context()); err != nil || exit.Status != 0 {
					b.Fatal(exit, err)
				}
			}
		})
	}
	b.Run("os_exec", func(b *testing.B) {
		for b.Loop() {
			if err := exec.Command(small).Run(); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("probe", func(b *testing.B) {
		for b.Loop() {
			if _, err := confine.Probe(confine.System()); err != nil {
				b.Fatal(err)
			}
		}
	})
}
