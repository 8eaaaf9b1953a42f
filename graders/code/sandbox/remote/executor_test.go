package remote_test

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/graders/code/sandbox"
	"github.com/rftgrader/rftgrader/graders/code/sandbox/remote"
)

func TestRunCarriesEverything(t *testing.T) {
	var got sandbox.Program
	var given []sandbox.Input
	build := sandbox.Build{Log: []byte("warning: \xff"), Usage: sandbox.Usage{CPU: time.Second, Wall: 2 * time.Second, Memory: 7}}
	outputs := []sandbox.Output{
		{Stdout: []byte("plain\n\"text\" \u00fc"), Stderr: []byte("noise"), Usage: sandbox.Usage{CPU: 1, Wall: 2, Memory: 3}},
		{Failure: sandbox.RuntimeError, Stdout: []byte{0, 1, 0xff, 0xfe}, Exit: 139},
		{Value: []byte(`{"id":1,"value":[1,2]}`)},
	}
	s := &standIn{handle: remote.Handler(played{run: func(_ context.Context, p sandbox.Program, inputs []sandbox.Input, take func(int, sandbox.Output) bool) (sandbox.Build, error) {
		got, given = p, inputs
		for i, out := range outputs {
			require.True(t, take(i, out))
		}
		return build, nil
	}}, remote.HandlerOptions{})}
	e := connect(t, s, remote.Options{Limits: sandbox.Limits{Time: 7 * time.Second}})
	program := sandbox.Program{Language: python, Source: "print('\xff')", Entry: "f", Limits: sandbox.Limits{Memory: 9 << 20}}
	inputs := []sandbox.Input{{Stdin: []byte("1 2\n")}, {Stdin: []byte("\x00\xff")}, {Call: []byte(`{"id":1}`)}}
	taken, b, err := collect(t, e, program, inputs)
	require.NoError(t, err)
	require.Equal(t, outputs, taken)
	require.Equal(t, build, b)
	require.Equal(t, inputs, given)
	want := program
	want.Limits = program.Limits.Or(sandbox.Limits{Time: 7 * time.Second}).Or(sandbox.DefaultLimits())
	require.Equal(t, want, got)
	require.Equal(t, 1, s.count())
	require.NotEmpty(t, python.Limits, "the caller's language is not changed")
}

func TestBuildFailure(t *testing.T) {
	s := &standIn{handle: remote.Handler(played{run: func(context.Context, sandbox.Program, []sandbox.Input, func(int, sandbox.Output) bool) (sandbox.Build, error) {
		return sandbox.Build{Failure: sandbox.CompileError, Log: []byte(strings.Repeat("e", 100<<10))}, nil
	}}, remote.HandlerOptions{})}
	outputs, b, err := collect(t, connect(t, s, remote.Options{}), sandbox.Program{Language: python}, stdin("a"))
	require.NoError(t, err)
	require.Empty(t, outputs)
	require.Equal(t, sandbox.CompileError, b.Failure)
	require.Len(t, b.Log, 32<<10)
}

func TestInputsInSeveralRequests(t *testing.T) {
	s := &standIn{handle: remote.Handler(played{}, remote.HandlerOptions{})}
	e := connect(t, s, remote.Options{Payload: 512 << 10, Limits: sandbox.Limits{Output: 150 << 10}})
	var inputs []sandbox.Input
	for i := range 12 {
		inputs = append(inputs, stdin(strings.Repeat(string(rune('a'+i)), 100<<10))...)
	}
	outputs, _, err := collect(t, e, sandbox.Program{Language: python}, inputs)
	require.NoError(t, err)
	require.Len(t, outputs, 12)
	for i, out := range outputs {
		require.Equal(t, strings.ToUpper(string(inputs[i].Stdin)), string(out.Stdout))
	}
	require.GreaterOrEqual(t, s.count(), 3)
	for _, payload := range s.payloads {
		require.LessOrEqual(t, len(payload), 512<<10)
	}
}

func TestOutputsInSeveralAnswers(t *testing.T) {
	sizes := []string{"100000", "1", "200000", "200000", "200000", "0", "150000"}
	s := &standIn{handle: remote.Handler(played{}, remote.HandlerOptions{})}
	e := connect(t, s, remote.Options{Payload: 600 << 10, Limits: sandbox.Limits{Output: 200_000}})
	outputs, _, err := collect(t, e, sandbox.Program{Language: python, Source: "fill"}, stdin(sizes...))
	require.NoError(t, err)
	require.Len(t, outputs, len(sizes))
	require.Len(t, outputs[4].Stdout, 200_000)
	require.Greater(t, s.count(), 1)
}

// TestAsksAfterATimeLimit lets the caller say whether it wants the rest, before
// more time is spent.
func TestAsksAfterATimeLimit(t *testing.T) {
	for _, goesOn := range []bool{true, false} {
		s := &standIn{handle: remote.Handler(played{}, remote.HandlerOptions{})}
		var taken []string
		_, err := connect(t, s, remote.Options{}).Run(t.Context(), sandbox.Program{Language: python}, stdin("a", "loop", "b"), func(_ int, out sandbox.Output) bool {
			taken = append(taken, string(out.Stdout))
			return goesOn || out.Failure == ""
		})
		require.NoError(t, err)
		if goesOn {
			require.Equal(t, []string{"A", "", "B"}, taken)
			require.Equal(t, 2, s.count())
		} else {
			require.Equal(t, []string{"A", ""}, taken)
			require.Equal(t, 1, s.count())
		}
	}
}

func TestWhatDoesNotFit(t *testing.T) {
	s := &standIn{handle: remote.Handler(played{}, remote.HandlerOptions{})}
	e := connect(t, s, remote.Options{Payload: 512 << 10, Limits: sandbox.Limits{Output: 100 << 10}})
	big := strings.Repeat("x", 600<<10)
	for name, c := range map[string]struct {
		program sandbox.Program
		inputs  []sandbox.Input
		says    string
	}{
		"an input":         {sandbox.Program{Language: python}, stdin("a", big), "input 1"},
		"a program":        {sandbox.Program{Language: python, Source: big}, nil, "the program does not fit"},
		"an output":        {sandbox.Program{Language: python, Limits: sandbox.Limits{Output: 400 << 10}}, nil, "lower the limit of output"},
		"no language":      {sandbox.Program{}, nil, "no language"},
		"a negative limit": {sandbox.Program{Language: python, Limits: sandbox.Limits{Time: -1}}, nil, "below zero"},
		"an entry of junk": {sandbox.Program{Language: python, Entry: "\xff"}, nil, "not UTF-8"},
	} {
		t.Run(name, func(t *testing.T) {
			_, _, err := collect(t, e, c.program, c.inputs)
			require.Equal(t, grader.FaultPermanent, grader.FaultOf(err))
			require.ErrorContains(t, err, c.says)
			require.NotContains(t, err.Error(), "xxxx")
		})
	}
	require.Zero(t, s.count())
}

// TestExpectsNothing sees that a request holds nothing but the program and its
// inputs.
func TestExpectsNothing(t *testing.T) {
	s := &standIn{handle: remote.Handler(played{}, remote.HandlerOptions{})}
	_, _, err := collect(t, connect(t, s, remote.Options{}), sandbox.Program{Language: python}, stdin("a"))
	require.NoError(t, err)
	var sent map[string]json.RawMessage
	require.NoError(t, json.Unmarshal(s.payloads[0], &sent))
	var members []string
	for member := range sent {
		members = append(members, member)
	}
	require.ElementsMatch(t, []string{"version", "op", "id", "program", "inputs", "time_ms", "most"}, members)
}

func TestTenant(t *testing.T) {
	s := &standIn{handle: remote.Handler(played{}, remote.HandlerOptions{})}
	e := connect(t, s, remote.Options{Tenant: true})
	for range 2 {
		_, _, err := collect(t, e, sandbox.Program{Language: python}, stdin("loop", "b"))
		require.NoError(t, err)
	}
	var tenants []string
	for _, h := range s.headers {
		tenants = append(tenants, h.Get("X-Amz-Tenant-Id"))
	}
	require.Len(t, tenants, 4)
	require.Regexp(t, "^[0-9a-f]{32}$", tenants[0])
	require.Equal(t, tenants[0], tenants[1], "one program has one environment")
	require.NotEqual(t, tenants[1], tenants[2], "two programs have two")
	require.Equal(t, tenants[2], tenants[3])
}

func TestAddress(t *testing.T) {
	const arn = "arn:aws:lambda:eu-west-1:123456789012:function:runner"
	for _, c := range []struct{ function, qualifier, uri string }{
		{"runner", "", "/2015-03-31/functions/runner/invocations"},
		{arn, "", "/2015-03-31/functions/arn%3Aaws%3Alambda%3Aeu-west-1%3A123456789012%3Afunction%3Arunner/invocations"},
		{"runner", "$LATEST", "/2015-03-31/functions/runner/invocations?Qualifier=%24LATEST"},
		{"runner:$LATEST", "", "/2015-03-31/functions/runner%3A%24LATEST/invocations"},
	} {
		s := &standIn{handle: remote.Handler(played{}, remote.HandlerOptions{})}
		_, _, err := collect(t, connect(t, s, remote.Options{Function: c.function, Qualifier: c.qualifier}), sandbox.Program{Language: python}, stdin("a"))
		require.NoError(t, err, "the signature holds as well")
		require.Equal(t, c.uri, s.uris[0])
	}
}

func TestReport(t *testing.T) {
	s := &standIn{handle: remote.Handler(played{}, remote.HandlerOptions{})}
	s.before = func(n int, w http.ResponseWriter, _ []byte) bool {
		if n == 0 {
			w.WriteHeader(http.StatusForbidden)
		}
		return n == 0
	}
	e := connect(t, s, remote.Options{Tenant: true})
	r := e.Report()
	require.Equal(t, []string{"function"}, r.Missing([]string{"function"}), "a function that does not answer protects nothing")
	require.Contains(t, r.Protections[0].Detail, "403")
	require.Empty(t, r.Toolchains)
	for range 3 {
		r = e.Report()
		require.Equal(t, "remote", r.Executor)
		require.Equal(t, map[string]string{"python": "Python 3.11.2"}, r.Toolchains)
		require.Equal(t, []string{"landlock"}, r.Missing([]string{"function", "tenant", "seccomp", "landlock"}))
	}
	require.Equal(t, 2, s.count(), "an answer is kept")
}

func TestClosed(t *testing.T) {
	s := &standIn{handle: remote.Handler(played{}, remote.HandlerOptions{})}
	e := connect(t, s, remote.Options{})
	require.NoError(t, e.Close())
	_, _, err := collect(t, e, sandbox.Program{Language: python}, nil)
	require.ErrorContains(t, err, "closed")
}

func TestConcurrencyIsBounded(t *testing.T) {
	inside, let := make(chan struct{}, 10), make(chan struct{})
	s := &standIn{handle: remote.Handler(played{}, remote.HandlerOptions{})}
	s.before = func(int, http.ResponseWriter, []byte) bool {
		inside <- struct{}{}
		<-let
		return false
	}
	e := connect(t, s, remote.Options{Concurrency: 2})
	done := make(chan error, 3)
	for range 2 {
		go func() {
			_, err := e.Run(t.Context(), sandbox.Program{Language: python}, stdin("a"), func(int, sandbox.Output) bool { return true })
			done <- err
		}()
	}
	<-inside
	<-inside
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	_, err := e.Run(ctx, sandbox.Program{Language: python}, stdin("a"), func(int, sandbox.Output) bool { return true })
	require.ErrorIs(t, err, context.DeadlineExceeded)
	require.Equal(t, 2, s.count(), "a third one waits for its place")
	close(let)
	for range 2 {
		require.NoError(t, <-done)
	}
}
