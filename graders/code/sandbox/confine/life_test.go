//go:build linux && (amd64 || arm64)

package confine_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/rftgrader/rftgrader/graders/code/sandbox/confine"
)

// zombies are the ended children of this process that nobody has reaped.
func zombies(t testing.TB) []string {
	t.Helper()
	var found []string
	for _, pid := range children(t, os.Getpid()) {
		stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		if err == nil && strings.Contains(string(stat), ") Z ") {
			found = append(found, string(stat))
		}
	}
	return found
}

func children(t testing.TB, parent int) []int {
	t.Helper()
	entries, err := os.ReadDir("/proc")
	require.NoError(t, err)
	var pids []int
	for _, e := range entries {
		pid, err := strconv.Atoi(e.Name())
		if err != nil {
			continue
		}
		stat, err := os.ReadFile("/proc/" + e.Name() + "/stat")
		if err != nil {
			continue
		}
		if f := strings.Fields(string(stat[strings.LastIndexByte(string(stat), ')')+1:])); f[1] == strconv.Itoa(parent) {
			pids = append(pids, pid)
		}
	}
	return pids
}

// survivors are the living processes that run the program.
func survivors(t testing.TB, bin string) []int {
	t.Helper()
	entries, err := os.ReadDir("/proc")
	require.NoError(t, err)
	var pids []int
	for _, e := range entries {
		pid, err := strconv.Atoi(e.Name())
		if err != nil {
			continue
		}
		if line, err := os.ReadFile("/proc/" + e.Name() + "/cmdline"); err == nil && strings.HasPrefix(string(line), bin+"\x00") {
			pids = append(pids, pid)
		}
	}
	return pids
}

func TestNothingIsLeft(t *testing.T) {
	bin := attempt(t)
	for _, without := range [][]string{nil, {"seccomp"}, {"seccomp", "landlock", "namespaces"}} {
		for _, mode := range []string{"daemon", "tamper"} {
			t.Run(fmt.Sprintf("%s without %v", mode, without), func(t *testing.T) {
				c := compile(t, system(filepath.Dir(bin), without...))
				need(t, c, "marker", "subreaper")
				p, err := c.Start(confine.Spec{Path: bin, Args: []string{bin, mode}})
				require.NoError(t, err)
				exit, err := p.Wait(t.Context())
				require.NoError(t, err)
				require.Zero(t, exit.Status)
				require.Zero(t, c.Sweep(), "Wait has left something to sweep")
				require.Empty(t, survivors(t, bin))
				require.Empty(t, zombies(t))
			})
		}
	}
}

// TestSweep leaves processes behind that Wait has not been called for.
func TestSweep(t *testing.T) {
	bin := attempt(t)
	for _, without := range [][]string{nil, {"seccomp"}, {"marker"}} {
		t.Run(fmt.Sprint("without ", without), func(t *testing.T) {
			c := compile(t, system(filepath.Dir(bin), without...))
			start := func(mode string) (*confine.Process, *os.File) {
				r, w, err := os.Pipe()
				require.NoError(t, err)
				p, err := c.Start(confine.Spec{Path: bin, Args: []string{bin, mode}, Files: []*os.File{nil, w}})
				require.NoError(t, err)
				w.Close()
				return p, r
			}
			kept, _ := start("sleep")
			family, said := start("family")
			b := make([]byte, 3)
			_, err := io.ReadFull(said, b)
			require.NoError(t, err)
			other := exec.Command("/bin/sleep", "600")
			if !active(c, "marker") {
				other = nil // without the marker, all children are ours
			} else {
				require.NoError(t, other.Start())
			}
			require.GreaterOrEqual(t, family.Usage().Processes, 6)

			require.GreaterOrEqual(t, c.Sweep(kept.PID()), 6)
			require.Equal(t, []int{kept.PID()}, survivors(t, bin))
			require.Empty(t, zombies(t))
			require.Zero(t, c.Sweep(kept.PID()))
			if other != nil {
				require.NoError(t, other.Process.Signal(syscall.Signal(0)), "a program of others was swept")
				require.NoError(t, other.Process.Kill())
				_ = other.Wait()
			}
			kept.Kill()
			exit, err := kept.Wait(t.Context())
			require.NoError(t, err)
			require.True(t, exit.Killed)
			require.Equal(t, 137, exit.Status)
		})
	}
}

func TestKill(t *testing.T) {
	bin := attempt(t)
	c := compile(t, system(filepath.Dir(bin)))
	r, w, err := os.Pipe()
	require.NoError(t, err)
	defer r.Close()
	ctx, cancel := context.WithCancelCause(t.Context())
	p, err := c.Start(confine.Spec{Path: bin, Args: []string{bin, "family"}, Files: []*os.File{nil, w}})
	w.Close()
	require.NoError(t, err)
	b := make([]byte, 3)
	_, err = io.ReadFull(r, b)
	require.NoError(t, err)
	why := errors.New("time is up")
	cancel(why)
	exit, err := p.Wait(ctx)
	require.ErrorIs(t, err, why)
	require.True(t, exit.Killed)
	require.Empty(t, survivors(t, bin))
	require.Empty(t, zombies(t))
	p.Kill() // of no effect
	same, err := p.Wait(t.Context())
	require.ErrorIs(t, err, why)
	require.Equal(t, exit, same)
}

func TestManyAtOnce(t *testing.T) {
	bin := attempt(t)
	c := compile(t, system(filepath.Dir(bin)))
	before := runtime.NumGoroutine()
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			for range 10 {
				p, err := c.Start(confine.Spec{Path: bin, Args: []string{bin, "fds"}})
				if err != nil {
					t.Error(err)
					return
				}
				if exit, err := p.Wait(t.Context()); err != nil || exit.Status != 0 {
					t.Error(exit, err)
				}
			}
		})
		wg.Go(func() {
			if err := exec.Command("/bin/true").Run(); err != nil {
				t.Error("a program of others:", err)
			}
		})
	}
	wg.Wait()
	require.Empty(t, zombies(t))
	require.Empty(t, survivors(t, bin))
	require.LessOrEqual(t, runtime.NumGoroutine(), before)
}

// TestGroup ends a group whose zombie only its own parent can reap.
func TestGroup(t *testing.T) {
	bin := attempt(t)
	c := compile(t, system(filepath.Dir(bin), "seccomp"))
	r, w, err := os.Pipe()
	require.NoError(t, err)
	defer r.Close()
	p, err := c.Start(confine.Spec{Path: bin, Args: []string{bin, "nursery"}, Files: []*os.File{nil, w}})
	w.Close()
	require.NoError(t, err)
	defer func() {
		p.Kill()
		_, _ = p.Wait(context.Background())
	}()
	var child int
	for range 2 { // in any order: the number, and that the child holds 32 MiB
		var word string
		_, err = fmt.Fscan(r, &word)
		require.NoError(t, err)
		if word != "full" {
			child = must(strconv.Atoi(word))
		}
	}
	require.Equal(t, 1, confine.Group(child).Usage().Processes)
	require.InDelta(t, 33<<20, confine.Group(child).Usage().Resident, 2<<20)
	require.Equal(t, 2, p.Usage().Processes)
	confine.Group(child).End()
	require.Zero(t, confine.Group(child).Usage().Processes)
	require.NoError(t, unix.Kill(child, 0), "the zombie is its parent's")
	require.Equal(t, []int{p.PID()}, survivors(t, bin))
	p.Kill()
	_, err = p.Wait(t.Context())
	require.NoError(t, err)
	require.ErrorIs(t, unix.Kill(child, 0), unix.ESRCH)
	require.Zero(t, confine.Group(0).End())
	confine.Group(1).Kill() // of no effect, or this test is over
}

// TestSweepOfADeadGrader ends what a grader has left that was killed, and
// nothing of one that lives.
func TestSweepOfADeadGrader(t *testing.T) {
	bin := attempt(t)
	c := compile(t, confine.System())
	need(t, c, "marker")
	for name, sweep := range map[string]func() int{
		"Sweep":        func() int { return c.Sweep() },
		"SweepOrphans": c.SweepOrphans,
	} {
		t.Run(name, func(t *testing.T) {
			// Graders that other tests of this machine kill are swept too, and their sweeps
			// are of all orphans: a number that is theirs as well says nothing.
			var early, late int
			for try := 0; try < 5 && (try == 0 || early != 0 || late != 1); try++ {
				early, late = sweepsADeadGrader(t, bin, sweep)
			}
			require.Zero(t, early, "the other grader lives")
			require.Equal(t, 1, late)
		})
	}
}

func sweepsADeadGrader(t *testing.T, bin string, sweep func() int) (early, late int) {
	stranger := exec.Command("/bin/sleep", "600")
	require.NoError(t, stranger.Start())
	defer func() {
		require.NoError(t, stranger.Process.Kill())
		_ = stranger.Wait()
	}()
	cmd := exec.Command(must(os.Executable()), "grader", bin, "nursery")
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	_, err = fmt.Fscan(out, new(int))
	require.NoError(t, err)
	require.Eventually(t, func() bool { return len(survivors(t, bin)) == 2 }, 10*time.Second, 10*time.Millisecond)
	early = sweep()
	require.Len(t, survivors(t, bin), 2)
	require.NoError(t, cmd.Process.Kill())
	_ = cmd.Wait()
	// The program ends with its grader; its child does not.
	require.Eventually(t, func() bool { return len(survivors(t, bin)) <= 1 }, 10*time.Second, 10*time.Millisecond)
	late = sweep()
	require.Empty(t, survivors(t, bin))
	require.NoError(t, stranger.Process.Signal(syscall.Signal(0)))
	require.Empty(t, zombies(t))
	return early, late
}

// TestStolen has something else reap a process.
func TestStolen(t *testing.T) {
	bin := attempt(t)
	c := compile(t, system(filepath.Dir(bin)))
	p, err := c.Start(confine.Spec{Path: bin, Args: []string{bin, "daemon"}})
	require.NoError(t, err)
	_, err = unix.Wait4(p.PID(), nil, 0, nil)
	require.NoError(t, err)
	_, err = p.Wait(t.Context())
	require.ErrorIs(t, err, unix.ECHILD)
	require.Empty(t, survivors(t, bin))
	p.Kill()
}

// TestDeathOfTheGrader kills a process like the grader: what it had started ends with it.
func TestDeathOfTheGrader(t *testing.T) {
	bin := attempt(t)
	cmd := exec.Command(must(os.Executable()), "grader", bin, "sleep")
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	var pid int
	_, err = fmt.Fscan(out, &pid)
	require.NoError(t, err)
	require.NoError(t, unix.Kill(pid, 0))
	require.NoError(t, cmd.Process.Kill())
	_ = cmd.Wait()
	require.Eventually(t, func() bool {
		reaped, err := unix.Wait4(pid, nil, unix.WNOHANG, nil) // it came to us
		return reaped == pid || err == unix.ECHILD
	}, 10*time.Second, 10*time.Millisecond)
	require.Empty(t, survivors(t, bin))
}
