package locallambda_test

import (
	"context"
	"errors"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader/workbench/locallambda"
)

func TestWarmReuse(t *testing.T) {
	f := start(t, locallambda.Config{Concurrency: 1})
	pids := make(map[int]bool)
	for i := range 20 { // one slot: a slot that came back late would be a refusal
		r := invoke(t, f, do.report)
		require.Equal(t, i == 0, r.InitDuration > 0)
		pids[pid(t, r)] = true
	}
	require.Len(t, pids, 1)
	stats := f.Stats()
	require.Equal(t, 20, stats.Invocations)
	require.Equal(t, 1, stats.ColdStarts)
	require.Len(t, stats.InitDurations, 1)
	require.Equal(t, 1, stats.Environments)
	require.Equal(t, 1, stats.Idle)
	require.Zero(t, stats.Errors+stats.Throttles+stats.InitErrors)
}

func TestConcurrentInvocationsHaveProcessesOfTheirOwn(t *testing.T) {
	const n = 5
	f := start(t, locallambda.Config{Concurrency: n})
	for round := range 2 {
		g := newGate(t)
		var all []*background
		for range n {
			all = append(all, inBackground(t, f, map[string]any{"do": "wait", "url": g.url}))
		}
		for range n {
			<-g.arrived
		}
		stats := f.Stats()
		require.Equal(t, n, stats.Environments)
		require.Zero(t, stats.Idle)
		g.open()
		pids := make(map[int]bool)
		for _, b := range all {
			pids[pid(t, b.wait(t))] = true
		}
		require.Len(t, pids, n)
		stats = f.Stats()
		require.Equal(t, n, stats.ColdStarts, "none in round %d", round+1)
		require.Len(t, stats.InitDurations, n)
		require.Equal(t, n, stats.Idle)
	}
}

func TestMostRecentlyUsedEnvironmentIsReused(t *testing.T) {
	f := start(t, locallambda.Config{Concurrency: 2})
	first, second := newGate(t), newGate(t)
	a := inBackground(t, f, map[string]any{"do": "wait", "url": first.url})
	<-first.arrived
	b := inBackground(t, f, map[string]any{"do": "wait", "url": second.url})
	<-second.arrived
	first.open()
	early := pid(t, a.wait(t))
	second.open()
	late := pid(t, b.wait(t))
	require.NotEqual(t, early, late)
	for range 3 {
		require.Equal(t, late, pid(t, invoke(t, f, do.report)))
	}
}

func TestReservedConcurrency(t *testing.T) {
	f := start(t, locallambda.Config{Concurrency: 2})
	g := newGate(t)
	a := inBackground(t, f, map[string]any{"do": "wait", "url": g.url})
	b := inBackground(t, f, map[string]any{"do": "wait", "url": g.url})
	<-g.arrived
	<-g.arrived
	_, err := f.Invoke(context.Background(), nil)
	var refused *locallambda.InvokeError
	require.ErrorAs(t, err, &refused)
	require.Equal(t, 429, refused.Status)
	require.Equal(t, "TooManyRequestsException", refused.Code)
	require.Equal(t, "ReservedFunctionConcurrentInvocationLimitExceeded", refused.Reason)
	require.ErrorContains(t, err, "raise the concurrency, which is 2")
	g.open()
	a.wait(t)
	b.wait(t)
	_, err = f.Invoke(context.Background(), nil)
	require.NoError(t, err)
	stats := f.Stats()
	require.Equal(t, 1, stats.Throttles)
	require.Equal(t, 3, stats.Invocations)
}

func TestTimeout(t *testing.T) {
	log := new(journal)
	f := start(t, locallambda.Config{Timeout: 500 * time.Millisecond, Log: log})
	g := newGate(t)
	first := invoke(t, f, do.report)
	r := invoke(t, f, map[string]any{"do": "wait", "url": g.url})
	got := failed(t, r)
	require.Equal(t, "Sandbox.Timedout", got.Type)
	require.Equal(t, "RequestId: "+r.RequestID+" Error: Task timed out after 0.50 seconds", got.Message)
	require.GreaterOrEqual(t, r.Duration, 500*time.Millisecond)
	require.Regexp(t, `\n\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z `+r.RequestID+` Task timed out after 0\.50 seconds\nEND RequestId: `, string(r.Log))
	require.Regexp(t, `Status: timeout\t\n$`, string(r.Log))
	awaitExit(t, pid(t, first))

	require.NotEqual(t, pid(t, first), pid(t, invoke(t, f, do.report)), "the environment is replaced")
	stats := f.Stats()
	require.Equal(t, 1, stats.Timeouts)
	require.Equal(t, 1, stats.Errors)
	require.Equal(t, 2, stats.ColdStarts)
	require.Equal(t, 1, stats.Environments)
}

func TestTimeoutKillsWhatTheFunctionStarted(t *testing.T) {
	for _, what := range []string{"child", "child in a session"} {
		t.Run(what, func(t *testing.T) {
			if what == "child in a session" {
				requireSweep(t)
			}
			f := start(t, locallambda.Config{Timeout: time.Second})
			g := newGate(t)
			invoke(t, f, do.report) // so that the time is not spent on the start
			g.open()
			b := inBackground(t, f, map[string]any{"do": what, "url": g.url})
			child := childPID(t, <-g.arrived)
			require.Equal(t, "Sandbox.Timedout", failed(t, b.wait(t)).Type)
			awaitExit(t, child)
		})
	}
}

func childPID(t *testing.T, query url.Values) int {
	pid, err := strconv.Atoi(query.Get("pid"))
	require.NoError(t, err)
	return pid
}

func TestCloseLeavesNoProcess(t *testing.T) {
	requireSweep(t)
	f := start(t, locallambda.Config{})
	g := newGate(t)
	left := succeed[struct{ Child int }](t, f, map[string]any{"do": "leave a child"}).Child
	idle := pid(t, invoke(t, f, do.report))
	a := inBackground(t, f, map[string]any{"do": "wait", "url": g.url}) // in the idle one
	<-g.arrived
	b := inBackground(t, f, map[string]any{"do": "child", "url": g.url})
	child := childPID(t, <-g.arrived)
	other := newGate(t)
	c := inBackground(t, f, map[string]any{"do": "wait", "url": other.url})
	<-other.arrived
	other.open()
	late := pid(t, c.wait(t)) // idle at the end

	require.NoError(t, f.Close())
	for _, p := range []int{left, idle, child, late} {
		awaitExit(t, p)
	}
	for _, b := range []*background{a, b} {
		<-b.done
		require.ErrorIs(t, b.err, locallambda.ErrClosed)
	}
	require.Zero(t, f.Stats().Environments)
	require.NoError(t, f.Close(), "again")
	_, err := f.Invoke(context.Background(), nil)
	require.ErrorIs(t, err, locallambda.ErrClosed)
	requireNoGoroutines(t)
}

func TestEndOfContextClosesTheFunction(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	f, err := locallambda.Start(ctx, locallambda.Config{Bootstrap: bootstrap, Timeout: time.Minute})
	require.NoError(t, err)
	g := newGate(t)
	idle := pid(t, invoke(t, f, do.report))
	b := inBackground(t, f, map[string]any{"do": "wait", "url": g.url})
	<-g.arrived
	cancel()
	<-b.done
	require.ErrorIs(t, b.err, locallambda.ErrClosed)
	awaitExit(t, idle)
	require.NoError(t, f.Close())
	requireNoGoroutines(t)
}

func TestCloseDuringInitialising(t *testing.T) {
	log := make(lines, 100)
	f := start(t, locallambda.Config{Env: map[string]string{"INIT": "hang"}, Log: log})
	b := inBackground(t, f, do.report)
	require.Equal(t, "hanging\n", <-log)
	require.NoError(t, f.Close())
	<-b.done
	require.ErrorIs(t, b.err, locallambda.ErrClosed)
}

type lines chan string

func (l lines) Write(b []byte) (int, error) {
	for line := range strings.Lines(string(b)) {
		l <- line
	}
	return len(b), nil
}

func TestCallerThatGoesAway(t *testing.T) {
	f := start(t, locallambda.Config{Concurrency: 1})
	g := newGate(t)
	ctx, cancel := context.WithCancelCause(context.Background())
	payload := event(t, map[string]any{"do": "wait", "url": g.url})
	done := make(chan error)
	go func() {
		_, err := f.Invoke(ctx, payload)
		done <- err
	}()
	<-g.arrived
	gone := errors.New("no longer interested")
	cancel(gone)
	err := <-done
	require.ErrorIs(t, err, gone)
	require.ErrorContains(t, err, "runs on")

	_, err = f.Invoke(context.Background(), nil)
	require.ErrorContains(t, err, "TooManyRequestsException", "the function runs on")
	require.NoError(t, f.Close())
}

func TestProcessThatEndsWhileIdle(t *testing.T) {
	f := start(t, locallambda.Config{})
	for range 3 {
		p := pid(t, invoke(t, f, do.report))
		kill(t, p)
		awaitExit(t, p)
		require.NotEqual(t, p, pid(t, invoke(t, f, do.report)))
	}
	require.Zero(t, f.Stats().Errors, "no invocation saw it")
}

func TestWorkAfterTheResponse(t *testing.T) {
	f := start(t, locallambda.Config{Concurrency: 2})
	g := newGate(t)
	r := invoke(t, f, map[string]any{"do": "work after", "url": g.url})
	require.Equal(t, `"done"`, string(r.Payload), "the answer does not wait for the work")
	<-g.arrived
	require.Zero(t, f.Stats().Idle)
	other := pid(t, invoke(t, f, do.report))
	require.Equal(t, 2, f.Stats().ColdStarts)

	second := newGate(t)
	b := inBackground(t, f, map[string]any{"do": "wait", "url": second.url})
	<-second.arrived
	_, err := f.Invoke(context.Background(), nil)
	require.ErrorContains(t, err, "TooManyRequestsException", "the one still has its slot")
	second.open()
	require.Equal(t, other, pid(t, b.wait(t)))
}

func TestWorkAfterTheResponseEndsAtTheTimeout(t *testing.T) {
	log := make(lines, 100)
	f := start(t, locallambda.Config{Timeout: time.Second, Concurrency: 1, Log: log})
	p := pid(t, invoke(t, f, do.report))
	r := invoke(t, f, map[string]any{"do": "work after", "url": newGate(t).url})
	require.Empty(t, r.FunctionError)
	awaitExit(t, p)
	for line := range log {
		if strings.HasSuffix(line, r.RequestID+" Task timed out after 1.00 seconds\n") {
			break
		}
	}
	require.Zero(t, f.Stats().Timeouts, "the invocation was answered")
}

func TestCloseDuringWorkAfterTheResponse(t *testing.T) {
	f := start(t, locallambda.Config{})
	g := newGate(t)
	p := pid(t, invoke(t, f, do.report))
	invoke(t, f, map[string]any{"do": "work after", "url": g.url})
	<-g.arrived
	require.NoError(t, f.Close())
	awaitExit(t, p)
	requireNoGoroutines(t)
}

func TestProcessThatAskedForSIGTERM(t *testing.T) {
	g := newGate(t)
	f := start(t, locallambda.Config{Env: map[string]string{"SIGTERM_URL": g.url}})
	p := pid(t, invoke(t, f, do.report))
	g.open()
	require.NoError(t, f.Close())
	require.Len(t, g.arrived, 1, "it was told and did what it wanted to do")
	awaitExit(t, p)
}

func TestProcessThatIgnoresSIGTERM(t *testing.T) {
	g := newGate(t) // never opened
	f := start(t, locallambda.Config{Env: map[string]string{"SIGTERM_URL": g.url}})
	p := pid(t, invoke(t, f, do.report))
	require.NoError(t, f.Close())
	awaitExit(t, p)
}

func TestLogsOfParallelEnvironmentsKeepTheirLines(t *testing.T) {
	const n = 4
	log := new(journal)
	f := start(t, locallambda.Config{Concurrency: n, Log: log})
	line := func(i int) string { return strings.Repeat(string(rune('a'+i)), 3000) + "\n" }
	var all []*background
	for i := range n {
		all = append(all, inBackground(t, f, map[string]any{"do": "log", "text": strings.Repeat(line(i), 200)}))
	}
	for i, b := range all {
		r := b.wait(t)
		require.NotContains(t, string(r.Log), line((i + 1) % n)[:10], "a tail is of one invocation")
	}
	counts := make([]int, n)
	for l := range strings.Lines(log.String()) {
		for i := range n {
			if l == line(i) {
				counts[i]++
			}
		}
	}
	require.Equal(t, []int{200, 200, 200, 200}, counts)
}
