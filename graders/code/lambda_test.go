package code_test

import (
	"fmt"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/graders/code/internal/cage"
)

// functionSpec grades programs that say their language. More options may follow.
func functionSpec(more string) string {
	return `version: 1
graders:
  tests: {type: code, language: "metadata:/language", tests: /tests, usage: false, limits: {time: 1, memory: 128, disk: 8, compile: 10}` + more + `}
range: [0, 1]
on_error: {permanent: neutral}
max_ungraded: 1
`
}

// TestLambda grades hostile programs among honest ones with the real function.
// Each gets what it is worth, and the environment is afterwards as it was.
func TestLambda(t *testing.T) {
	if !cage.Inside() {
		t.Parallel()
	}
	if !enterWithFunction(t, cage.Options{Seconds: 240}) {
		return
	}
	f := startFunction(t, "grader", 1, map[string]string{"GRADER_SPEC": functionSpec("")})
	f.gradesRight(honestEntrants(24, 100))
	own, _, others := f.processes()
	require.NotZero(t, own)
	require.Empty(t, others)
	files := left(t)
	ports := listeners(t)
	require.Len(t, ports, 1, "the Runtime API")

	const rollouts = 64
	hostile := hostileEntrants(ports[0])
	entrants := append(honestEntrants(rollouts-len(hostile), 200), hostile...)
	slices.SortFunc(entrants, func(a, b entrant) int { return strings.Compare(a.source, b.source) }) // mixed
	require.Len(t, entrants, rollouts)
	for _, e := range f.gradesRight(entrants) {
		_, ungraded := e.metric("ungraded")
		require.False(t, ungraded, "%s is not graded", e.ID)
		if strings.HasPrefix(e.ID, "hostile-") {
			t.Logf("%s: %s", e.ID, e.failure())
		}
	}

	// The next batch, and then everything is as before.
	f.gradesRight(honestEntrants(24, 300))
	after, warm, others := f.processes()
	require.Equal(t, own, after)
	require.LessOrEqual(t, warm, mostWarm())
	require.Empty(t, others)
	require.Equal(t, files, left(t))
	require.Equal(t, ports, listeners(t))
	stats := f.Stats()
	require.Equal(t, []int{3, 0, 1}, []int{stats.Invocations, stats.Errors, stats.ColdStarts})

	graded := f.lines("batch graded")
	require.Len(t, graded, 3)
	for _, line := range graded {
		require.Equal(t, true, line["locked"])
		require.Contains(t, line, "swept")
	}
	for _, text := range []string{cage.Secret, "def f", "n * 2", "left-behind", "hostile-"} {
		require.NotContains(t, f.log.String(), text)
	}
}

// bare is what is left of a kernel that gives nothing: programs can signal the
// grader, and reach the Runtime API.
var bare = cage.Options{Mask: []string{"landlock", "seccomp", "namespaces"}, Seconds: 240}

// knocker asks for the event, and sends answers, and returns what it was told.
const knocker = `
import http.client
def f(method, path):
    c = http.client.HTTPConnection("127.0.0.1", PORT, timeout=5)
    c.request(method, "/2018-06-01/runtime/invocation/" + path, body="[]" if method == "POST" else None)
    return c.getresponse().status
`

// TestTheLockHoldsWhereTheKernelDoesNot runs a program that reaches the Runtime
// API, where no sandbox keeps it from that, and is refused by it.
func TestTheLockHoldsWhereTheKernelDoesNot(t *testing.T) {
	if !cage.Inside() {
		t.Parallel()
	}
	if !enterWithFunction(t, bare) {
		return
	}
	f := startFunction(t, "grader", 1, map[string]string{"GRADER_SPEC": functionSpec("")})
	f.gradesRight(honestEntrants(4, 100))
	own, _, _ := f.processes()
	ports := listeners(t)
	require.Len(t, ports, 1, "the Runtime API")
	hostile := hostileEntrants(ports[0])
	named := func(name string) entrant {
		i := slices.IndexFunc(hostile, func(e entrant) bool { return e.id == "hostile-"+name })
		require.GreaterOrEqual(t, i, 0, name)
		e := hostile[i]
		// Nothing keeps it from writing down that it was refused.
		e.source = strings.ReplaceAll(e.source, cage.Canary, os.DevNull)
		return e
	}
	const forbidden, unknown = 403, 400
	var cases []any
	for range 5 {
		cases = append(cases,
			map[string]any{"args": []string{"GET", "next"}, "out": forbidden},
			map[string]any{"args": []string{"POST", "8476a536-e9f4-11e8-9739-2dfe598c3fcd/response"}, "out": unknown})
	}
	knocks := entrant{
		id: "knocker", language: "python", worth: 1, source: strings.ReplaceAll(knocker, "PORT", fmt.Sprint(ports[0])),
		tests: map[string]any{"kind": "function", "entry": "f", "cases": cases},
	}
	f.gradesRight(append(honestEntrants(8, 200), knocks, named("daemon"), named("thief"), named("forger"), named("shell-thief")))
	f.gradesRight(honestEntrants(8, 300))
	after, _, others := f.processes()
	require.Equal(t, own, after)
	require.Empty(t, others)
	for _, line := range f.lines("batch graded") {
		require.Equal(t, true, line["locked"])
	}
	require.NotContains(t, f.log.String(), cage.Secret)
}

// TestARolloutThatKillsTheFunctionIsGradedAtMostTwice runs a program that kills
// the function where no sandbox keeps it from that: the retries of the batch
// end with the scores of the others.
func TestARolloutThatKillsTheFunctionIsGradedAtMostTwice(t *testing.T) {
	if !cage.Inside() {
		t.Parallel()
	}
	if !enterWithFunction(t, bare) {
		return
	}
	f := startFunction(t, "grader", 1, map[string]string{"GRADER_SPEC": functionSpec("")})
	killer := entrant{id: "killer", language: "python", source: parricide, tests: tenTests(true, 1)}
	entrants := append(honestEntrants(4, 100), killer)
	entrants = append(entrants, honestEntrants(4, 200)...)
	deaths := 0
	var entries []scored
	for {
		var fault string
		if entries, fault = f.grade(entrants); fault == "" {
			break
		}
		require.Contains(t, fault, "Runtime.ExitError")
		deaths++
		require.LessOrEqual(t, deaths, 2, "once with the others, once alone")
	}
	require.Equal(t, 2, deaths)
	for i, e := range entries {
		_, ungraded := e.metric("ungraded")
		require.Equal(t, entrants[i].id == "killer", ungraded, e.ID)
		if !ungraded {
			require.Equal(t, entrants[i].worth, *e.Score, e.ID)
		}
	}
	require.Contains(t, f.log.String(), "ended the grading process twice")
	_, _, others := f.processes()
	require.Empty(t, others)
}

// parricide kills whoever runs it.
const parricide = `
import os, signal
os.kill(os.getppid(), signal.SIGKILL)
def f(n):
    return 0
`

// TestRemoteLambda grades with two functions: one grades, and the same program
// in another part runs the programs.
func TestRemoteLambda(t *testing.T) {
	if !cage.Inside() {
		t.Parallel()
	}
	if !enterWithFunction(t, cage.Options{Seconds: 240}) {
		return
	}
	runner := startFunction(t, "runner", 2, map[string]string{"GRADER_ROLE": "executor"})
	server := httptest.NewServer(runner)
	t.Cleanup(server.Close)
	f := startFunction(t, "grader", 1, map[string]string{"GRADER_SPEC": functionSpec(remoteOptions("runner", server.URL)) + "concurrency: 2\n"})
	f.gradesRight(honestEntrants(10, 100))
	port := listeners(t)[0]
	hostile := hostileEntrants(port)
	f.gradesRight(append(honestEntrants(20, 200), hostile...))
	entries := f.gradesRight(honestEntrants(10, 300))
	level, ok := entries[0].metric("tests.isolation")
	require.True(t, ok)
	require.NotZero(t, level)
	require.Zero(t, f.Stats().Errors)
	require.Zero(t, runner.Stats().Errors)
	require.NotContains(t, f.log.String()+runner.log.String(), cage.Secret)
}

func remoteOptions(function, endpoint string) string {
	return fmt.Sprintf(`, executor: remote, remote: {function: %s, endpoint: %q}`, function, endpoint)
}

// TestAProgramThatKillsItsFunctionCostsOnlyItself does it where the kernel gives
// the second function nothing.
func TestAProgramThatKillsItsFunctionCostsOnlyItself(t *testing.T) {
	if !cage.Inside() {
		t.Parallel()
	}
	if !enterWithFunction(t, bare) {
		return
	}
	runner := startFunction(t, "runner", 2, map[string]string{"GRADER_ROLE": "executor"})
	server := httptest.NewServer(runner)
	t.Cleanup(server.Close)
	f := startFunction(t, "grader", 1, map[string]string{"GRADER_SPEC": functionSpec(remoteOptions("runner", server.URL)) + "concurrency: 2\n"})
	killer := entrant{id: "killer", language: "python", source: parricide, tests: tenTests(true, 1)}
	entrants := append(honestEntrants(6, 100), killer)
	entries, fault := f.grade(entrants)
	require.Empty(t, fault)
	for i, e := range entries {
		_, ungraded := e.metric("ungraded")
		require.Equal(t, entrants[i].id == "killer", ungraded, e.ID)
		if !ungraded {
			require.Equal(t, entrants[i].worth, *e.Score, e.ID)
		}
	}
	require.Equal(t, 1, f.Stats().ColdStarts)
	require.Contains(t, f.log.String(), "Runtime.ExitError")
	require.Equal(t, 2, runner.Stats().Errors, "it is tried once more")
	f.gradesRight(honestEntrants(6, 200))
}

// TestRemoteFaultsAtTheStart checks that a spec whose second function cannot be
// used is no start, and that the caller reads why.
func TestRemoteFaultsAtTheStart(t *testing.T) {
	if cage.Inside() {
		return
	}
	t.Parallel()
	if testing.Short() {
		t.Skip("it builds the function")
	}
	out, err := buildFunction()
	require.NoError(t, err, "%s", out)
	other := startFunction(t, "other", 1, map[string]string{"GRADER_ROLE": "cook"})
	server := httptest.NewServer(other)
	t.Cleanup(server.Close)
	for _, c := range []struct {
		name string
		env  map[string]string
		want []string
	}{
		{"no such function", map[string]string{"GRADER_SPEC": functionSpec(remoteOptions("runner", server.URL))},
			[]string{"the grader did not start", "status 404", "look at the function's name, region and qualifier"}},
		{"a function that does not start", map[string]string{"GRADER_SPEC": functionSpec(remoteOptions("other", server.URL))},
			[]string{"the grader did not start", "other", "see its log"}},
		{"no function", map[string]string{"GRADER_SPEC": functionSpec(", executor: remote")},
			[]string{"the grader did not start", "want the name or ARN of the function"}},
		{"no credentials", map[string]string{"GRADER_SPEC": functionSpec(remoteOptions("runner", server.URL)), "AWS_ACCESS_KEY_ID": ""},
			[]string{"the grader did not start", "no credentials: set AWS_ACCESS_KEY_ID"}},
		{"a part that no kind has", map[string]string{"GRADER_ROLE": "cook"},
			[]string{"the grader did not start", `GRADER_ROLE is \"cook\"`, "executor"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := startFunction(t, "grader", 1, c.env)
			_, fault := f.grade(honestEntrants(1, 100))
			for _, text := range c.want {
				require.Contains(t, fault, text)
			}
		})
	}
}
