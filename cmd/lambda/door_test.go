//go:build linux

package main_test

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader/workbench/locallambda"
)

// logWriter keeps the function's log.
type logWriter struct {
	mu sync.Mutex
	b  strings.Builder
}

func (w *logWriter) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.b.Write(p)
}

func (w *logWriter) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.b.String()
}

// startPrograms runs the function whose answers say what programs do to it. Its
// folder for temporary files is of its own.
func startPrograms(t *testing.T) (f *locallambda.Function, log *logWriter, temp string) {
	t.Helper()
	specText := "version: 1\ngraders: {run: {type: programs}}\non_error: {permanent: neutral}\nmax_ungraded: 1\n"
	temp, log = t.TempDir(), &logWriter{}
	f, err := locallambda.Start(context.Background(), locallambda.Config{
		Bootstrap:   build(t, "lambda/testdata/programs"),
		Env:         map[string]string{"GRADER_SPEC": specText, "TMPDIR": temp},
		Timeout:     time.Minute,
		InitTimeout: time.Minute,
		Concurrency: 1,
		Log:         log,
	})
	require.NoError(t, err)
	t.Cleanup(func() {
		require.NoError(t, f.Close())
		if t.Failed() {
			t.Log(log.String())
		}
	})
	return f, log, temp
}

func gradeAnswers(t *testing.T, f *locallambda.Function, answers ...string) ([]entry, string) {
	t.Helper()
	var rows []map[string]any
	for _, a := range answers {
		rows = append(rows, map[string]any{"id": a, "messages": []map[string]string{
			{"role": "user", "content": "a prompt"}, {"role": "assistant", "content": a},
		}})
	}
	payload, err := json.Marshal(rows)
	require.NoError(t, err)
	r, err := f.Invoke(t.Context(), payload)
	require.NoError(t, err)
	if r.FunctionError != "" {
		return nil, string(r.Payload)
	}
	var entries []entry
	require.NoError(t, json.Unmarshal(r.Payload, &entries))
	require.Len(t, entries, len(answers))
	return entries, ""
}

func metric(t *testing.T, e entry, name string) float64 {
	t.Helper()
	for _, m := range e.Metrics {
		if m.Name == name {
			return m.Value
		}
	}
	require.Fail(t, "no metric", "%s of %s", name, e.ID)
	return 0
}

func TestTheRuntimeAPIIsNoWayIn(t *testing.T) {
	f, log, temp := startPrograms(t)
	mark := filepath.Join(t.TempDir(), "mark")

	for round := range 3 {
		entries, fault := gradeAnswers(t, f, "plain", "steal", "stay "+mark, "dumpable", "plain again")
		require.Empty(t, fault)
		for _, i := range []int{0, 2, 4} {
			require.Equal(t, 1.0, *entries[i].Score)
		}
		if round == 0 { // the later ones are answered from the cache
			for _, request := range []string{"next", "response", "error"} {
				require.Equal(t, 403.0, metric(t, entries[1], "run."+request))
			}
			if os.Getuid() != 0 { // root reads all
				require.Zero(t, metric(t, entries[1], "run.environ"), "the environment of the function")
			}
			require.Zero(t, metric(t, entries[3], "run.dumpable"))
			require.Contains(t, log.String(), `"swept":1`)
			require.Contains(t, log.String(), `"locked":true`)
		}
	}
	require.FileExists(t, mark+".here")
	require.NoFileExists(t, mark+".stolen")
	stats := f.Stats()
	require.Equal(t, []int{3, 0, 1}, []int{stats.Invocations, stats.Errors, stats.ColdStarts})
	left, err := os.ReadDir(temp)
	require.NoError(t, err)
	require.Empty(t, left)
}

func TestAFailedBatchIsAFunctionErrorBehindTheLock(t *testing.T) {
	f, _, _ := startPrograms(t)
	r, err := f.Invoke(t.Context(), []byte("[]"))
	require.NoError(t, err)
	require.Empty(t, r.FunctionError)
	require.Equal(t, "[]", string(r.Payload))
	r, err = f.Invoke(t.Context(), []byte(`[{"id":"a","messages":[{"role":"user","content":"q"}]}]`))
	require.NoError(t, err)
	require.Equal(t, "Unhandled", r.FunctionError)
	require.Contains(t, string(r.Payload), `"errorType":"Failure"`)
	require.Contains(t, string(r.Payload), "1 of 1 rollouts ungraded (data 1)")
	r, err = f.Invoke(t.Context(), []byte(`{"rollouts":[]}`))
	require.NoError(t, err)
	require.Equal(t, "Unhandled", r.FunctionError)
	require.Contains(t, string(r.Payload), "PayloadError")
	_, fault := gradeAnswers(t, f, "plain")
	require.Empty(t, fault)
	require.Equal(t, 1, f.Stats().ColdStarts)
}

func TestARolloutThatEndsTheProcessIsGradedAtMostTwice(t *testing.T) {
	f, log, temp := startPrograms(t)
	answers := []string{"kill one", "plain a", "plain b", "kill two", "plain c"}
	deaths := 0
	for ; ; deaths++ {
		_, fault := gradeAnswers(t, f, answers...)
		if fault == "" {
			break
		}
		require.Contains(t, fault, "Runtime.ExitError")
		require.Contains(t, fault, "signal: killed")
		require.Less(t, deaths, 4, "two for each of the two")
	}
	require.GreaterOrEqual(t, deaths, 3, "one for both at once, or for each, and one for each alone")
	for range 2 {
		entries, fault := gradeAnswers(t, f, answers...)
		require.Empty(t, fault)
		for i, e := range entries {
			require.Equal(t, 1.0, *e.Score, "graded, or the mean of those that are")
			if strings.HasPrefix(answers[i], "kill") {
				require.Equal(t, 1.0, metric(t, e, "ungraded"))
			} else {
				require.Equal(t, 1.0, metric(t, e, "run"))
			}
		}
	}
	require.Equal(t, 6, strings.Count(log.String(), "ended the grading process twice"), "two in each of three batches")
	require.Equal(t, deaths+1, f.Stats().ColdStarts)

	left, err := os.ReadDir(temp)
	require.NoError(t, err)
	require.Len(t, left, 1, "the journal of the living process")
	text, err := os.ReadFile(filepath.Join(temp, left[0].Name()))
	require.NoError(t, err)
	require.NotContains(t, string(text), "kill")
}
