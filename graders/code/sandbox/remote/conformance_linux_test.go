package remote_test

import (
	"net/http/httptest"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/grader/workbench/locallambda"
	"github.com/rftgrader/rftgrader/graders/code/sandbox"
	"github.com/rftgrader/rftgrader/graders/code/sandbox/jail"
	"github.com/rftgrader/rftgrader/graders/code/sandbox/remote"
	"github.com/rftgrader/rftgrader/graders/code/sandbox/sandboxtest"
)

func pythonOfJail() *sandbox.Language { return jail.Find(jail.Languages(), "python") }

// TestConformance tries the executor with a jail behind it, in this process.
func TestConformance(t *testing.T) {
	if testing.Short() {
		t.Skip("it runs programs for half a minute")
	}
	scratch := t.TempDir()
	j, err := jail.New(t.Context(), jail.Options{Languages: []*sandbox.Language{pythonOfJail()}, Scratch: scratch})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, j.Close()) })
	e := connect(t, &standIn{handle: remote.Handler(j, remote.HandlerOptions{})}, remote.Options{Concurrency: 20})
	sandboxtest.Run(t, e, pythonOfJail())
}

// lambda runs the function of the tests as Lambda would.
func lambda(t *testing.T, timeout time.Duration, env map[string]string) *remote.Executor {
	t.Helper()
	bootstrap := filepath.Join(t.TempDir(), "bootstrap")
	out, err := exec.Command("go", "build", "-o", bootstrap, "./testdata/executor").CombinedOutput()
	require.NoError(t, err, "%s", out)
	f, err := locallambda.Start(t.Context(), locallambda.Config{
		Bootstrap: bootstrap, Name: "runner", Timeout: timeout, InitTimeout: time.Minute, Concurrency: 2, Env: env, Log: t.Output(),
	})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, f.Close()) })
	server := httptest.NewServer(f)
	t.Cleanup(server.Close)
	setKeys(t)
	e, err := remote.New(remote.Options{Function: "runner", Endpoint: server.URL, Concurrency: 2})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, e.Close()) })
	return e
}

func TestOnLambda(t *testing.T) {
	e := lambda(t, time.Minute, nil)
	r, err := e.Ask(t.Context())
	require.NoError(t, err)
	require.Contains(t, r.Toolchains["python"], "Python 3")
	require.Empty(t, r.Missing([]string{"function"}))
	const sum = "print(sum(map(int, input().split())))"
	outputs, _, err := collect(t, e, sandbox.Program{Language: pythonOfJail(), Source: sum}, stdin("1 2 3", "4 5", "x"))
	require.NoError(t, err)
	require.Len(t, outputs, 3)
	require.Equal(t, "6\n", string(outputs[0].Stdout))
	require.Equal(t, "9\n", string(outputs[1].Stdout))
	require.Equal(t, sandbox.RuntimeError, outputs[2].Failure)
}

func TestOnLambdaThatMisbehaves(t *testing.T) {
	for how, says := range map[string]string{
		"exit":  "Runtime.ExitError",
		"hang":  "Sandbox.Timedout",
		"forge": "another request",
		"fail":  "an error of its own",
	} {
		t.Run(how, func(t *testing.T) {
			e := lambda(t, 2*time.Second, map[string]string{"MISBEHAVE": how})
			outputs, _, err := collect(t, e, sandbox.Program{Language: pythonOfJail(), Source: "print(6)"}, stdin(""))
			require.Empty(t, outputs)
			require.Equal(t, grader.FaultPermanent, grader.FaultOf(err))
			require.ErrorContains(t, err, says)
			require.NotContains(t, err.Error(), "hostile")
		})
	}
}
