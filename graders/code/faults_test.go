//go:build linux

package code_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/rftgrader/rftgrader/grader"
	grading "github.com/rftgrader/rftgrader/grader/batch"
	"github.com/rftgrader/rftgrader/graders/code"
	"github.com/rftgrader/rftgrader/graders/code/internal/cage"
)

// faulty builds a grader of its own: what the tests below do to it must not
// reach the jail of the others. It skips the test where no program can be run.
func faulty(t *testing.T, options string) grader.Grader {
	t.Helper()
	g, err := code.New(code.Jail()).New(&grader.Env{Name: "tests"}, []byte(options))
	var permanent *grader.PermanentError
	if errors.As(err, &permanent) {
		t.Skipf("no program can be run here: %v", err)
	}
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, g.(io.Closer).Close()) })
	return g
}

// numbered makes n items of Python programs that all are right and differ, so
// that none stands for another. Each is a script of two runs that takes a while.
func numbered(t *testing.T, n int, seconds float64) []grader.Item {
	t.Helper()
	items := make([]grader.Item, n)
	for i := range items {
		source := fmt.Sprintf("import time\ntime.sleep(%v)\nprint(int(input()) + %d)", seconds, i)
		tests := fmt.Sprintf(`{"kind": "stdio", "cases": [{"in": "1\n", "out": "%d\n"}, {"in": "5\n", "out": "%d\n"}]}`, 1+i, 5+i)
		r := program(t, "python", source, json.RawMessage(tests))
		r.ID = strconv.Itoa(i)
		items[i] = grader.Item{Rollout: r}
	}
	return items
}

// The batches below hold right programs only: any graded outcome other than a
// full score is an invented reward.
func sortOut(t *testing.T, items []grader.Item, outcomes []grading.Outcome) (graded int, faults map[grader.Fault]int) {
	t.Helper()
	require.Len(t, outcomes, len(items), "no rollout is lost")
	faults = map[grader.Fault]int{}
	for i, o := range outcomes {
		require.Equal(t, items[i].Rollout.ID, o.Item.Rollout.ID)
		if o.Graded() {
			graded++
			require.InDelta(t, 1, o.Result.Score, 0, "%s: %s", o.Item.Rollout.ID, o.Result.Reason)
			continue
		}
		faults[o.Fault()]++
	}
	return graded, faults
}

func TestFaultDeadlineInABatch(t *testing.T) {
	g := faulty(t, `{"language": "python"}`)
	items := numbered(t, 60, 0.2)
	ctx, cancel := context.WithTimeout(t.Context(), 4*time.Second)
	defer cancel()
	runner := &grading.Runner{Grader: g, Reserve: time.Second}
	outcomes := runner.Run(ctx, items)
	require.NoError(t, ctx.Err(), "the answer comes before the deadline")
	done, faults := sortOut(t, items, outcomes)
	t.Logf("%d graded, %v", done, faults)
	require.Equal(t, map[grader.Fault]int{grader.FaultDeadline: len(items) - done}, faults)
	require.NotZero(t, faults[grader.FaultDeadline])

	again := numbered(t, 4, 0)
	done, _ = sortOut(t, again, (&grading.Runner{Grader: g}).Run(t.Context(), again))
	require.Equal(t, len(again), done, "the next batch is unharmed")
}

func TestFaultWarmInterpretersKilled(t *testing.T) {
	g := faulty(t, `{"language": "python"}`)
	items := numbered(t, 30, 0.05)
	stop := make(chan struct{})
	killed := make(chan int)
	go func() {
		n := 0
		defer func() { killed <- n }()
		for {
			select {
			case <-stop:
				return
			case <-time.After(60 * time.Millisecond):
			}
			for _, pid := range warmInterpreters() {
				if syscall.Kill(pid, syscall.SIGKILL) == nil {
					n++
				}
			}
		}
	}()
	outcomes := (&grading.Runner{Grader: g}).Run(t.Context(), items)
	close(stop)
	n := <-killed
	done, faults := sortOut(t, items, outcomes)
	t.Logf("%d interpreters killed: %d graded, %v", n, done, faults)
	if n == 0 {
		t.Skip("there are no warm interpreters where seccomp does not hold")
	}
	delete(faults, grader.FaultTransient)
	require.Empty(t, faults, "a process that died is a passing fault")

	again := numbered(t, 4, 0)
	done, _ = sortOut(t, again, (&grading.Runner{Grader: g}).Run(t.Context(), again))
	require.Equal(t, len(again), done, "the next batch is unharmed")
}

// warmInterpreters are the children of this process that are warm interpreters.
func warmInterpreters() []int {
	var pids []int
	files, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, file := range files {
		stat, err := os.ReadFile(file)
		if err != nil {
			continue
		}
		fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
		command, _ := os.ReadFile(filepath.Join(filepath.Dir(file), "cmdline"))
		if len(fields) < 2 || fields[1] != strconv.Itoa(os.Getpid()) || !bytes.Contains(command, []byte("\x00zygote\x00")) {
			continue
		}
		pid, err := strconv.Atoi(filepath.Base(filepath.Dir(file)))
		if err == nil {
			pids = append(pids, pid)
		}
	}
	return pids
}

func TestFaultCompilerHangs(t *testing.T) {
	const hanging = `{"language": "sleepy", "limits": {"compile": 0.1}, "languages": [
		{"name": "sleepy", "file": "main.txt", "compile": ["sleep", "1000"], "run": ["{binary}"], "version": ["bash", "--version"]}]}`
	g := faulty(t, hanging)
	started := time.Now()
	result, err := g.Grade(t.Context(), program(t, "sleepy", "anything", json.RawMessage(`{"kind": "stdio", "cases": [{"in": "", "out": "1\n"}]}`)))
	require.NoError(t, err, "what a program does to its compiler is the program's fault")
	require.Less(t, time.Since(started), 30*time.Second)
	require.Zero(t, result.Score)
	require.InDelta(t, 1, metrics(result)["failed_time"], 0)
	require.Zero(t, metrics(result)["compiled"])
	require.Contains(t, result.Reason, "time limit")
}

// TestFaultScratchFull fills the file system that the scratch folder is on, which is
// done in a cage: the machine's own is left alone.
func TestFaultScratchFull(t *testing.T) {
	if !cage.Enter(t, cage.Options{Seconds: 120}) {
		return
	}
	const small = "/dev/shm" // 64 MB in a cage
	t.Setenv("TMPDIR", small)
	g := faulty(t, `{"language": "metadata:/language"}`)
	items := numbered(t, 6, 0)
	c := ownTasks(t)["c-stdio"]
	r := program(t, c.Language, c.Honest, c.Tests)
	r.ID = "c"
	items = append(items, grader.Item{Rollout: r})

	ballast := filepath.Join(small, "ballast")
	f, err := os.Create(ballast)
	require.NoError(t, err)
	_, err = io.Copy(f, zeros{})
	require.ErrorIs(t, err, syscall.ENOSPC)
	require.NoError(t, f.Close())
	done, faults := sortOut(t, items, (&grading.Runner{Grader: g}).Run(t.Context(), items))
	t.Logf("full: %d graded, %v", done, faults)
	require.Equal(t, map[grader.Fault]int{grader.FaultTransient: len(items) - done}, faults)
	require.NotEmpty(t, faults)

	require.NoError(t, os.Remove(ballast))
	done, _ = sortOut(t, items, (&grading.Runner{Grader: g}).Run(t.Context(), items))
	require.Equal(t, len(items), done, "all is well when there is room again")
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

// TestFaultForkFails leaves the user of the test no room for another process, in
// a cage, where that user has no other programs.
func TestFaultForkFails(t *testing.T) {
	if !cage.Enter(t, cage.Options{Seconds: 120}) {
		return
	}
	g := faulty(t, `{"language": "metadata:/language"}`)
	tasks := ownTasks(t)
	var items []grader.Item
	for i := range 8 {
		name := []string{"c-stdio", "bash-stdio"}[i%2]
		r := program(t, tasks[name].Language, tasks[name].Honest+"\n", tasks[name].Tests)
		r.ID = strconv.Itoa(i)
		items = append(items, grader.Item{Rollout: r})
	}
	done, _ := sortOut(t, items, (&grading.Runner{Grader: g}).Run(t.Context(), items))
	require.Equal(t, len(items), done)

	restore := leaveNoRoom(t)
	done, faults := sortOut(t, items, (&grading.Runner{Grader: g, Concurrency: 1}).Run(t.Context(), items))
	restore()
	t.Logf("no room: %d graded, %v", done, faults)
	require.Equal(t, map[grader.Fault]int{grader.FaultTransient: len(items)}, faults)

	done, _ = sortOut(t, items, (&grading.Runner{Grader: g}).Run(t.Context(), items))
	require.Equal(t, len(items), done, "all is well when there is room again")
}

// leaveNoRoom makes every fork of this process fail.
func leaveNoRoom(t *testing.T) (restore func()) {
	t.Helper()
	// The runtime ends a program that gets no thread: it is given some to keep.
	var wg sync.WaitGroup
	for range 32 {
		wg.Go(func() {
			pause := syscall.NsecToTimespec(int64(50 * time.Millisecond))
			_ = syscall.Nanosleep(&pause, nil)
		})
	}
	wg.Wait()
	var before unix.Rlimit
	require.NoError(t, unix.Getrlimit(unix.RLIMIT_NPROC, &before))
	require.NoError(t, unix.Setrlimit(unix.RLIMIT_NPROC, &unix.Rlimit{Cur: 1, Max: before.Max}))
	return func() { require.NoError(t, unix.Setrlimit(unix.RLIMIT_NPROC, &before)) }
}
