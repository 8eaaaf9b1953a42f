package main_test

import (
	"bytes"
	"encoding/json"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader/workbench/locallambda"
	"github.com/rftgrader/rftgrader/testdata"
)

// TestATeamsOwnGrader builds the example of a team's own module with its two
// mains, runs its tests, and grades with both.
func TestATeamsOwnGrader(t *testing.T) {
	module := testdata.Path("custom")
	bin := t.TempDir()
	run := func(name string, args ...string) string {
		cmd := exec.Command(name, args...)
		cmd.Dir = module
		cmd.Env = append(os.Environ(), "GOWORK=off")
		out, err := cmd.CombinedOutput()
		require.NoError(t, err, "%s", out)
		return string(out)
	}
	run("go", "vet", "./...")
	run("go", "test", "./...")
	run("go", "build", "-o", filepath.Join(bin, "rft"), "./cmd/rft")
	run("go", "build", "-o", filepath.Join(bin, "bootstrap"), "./cmd/lambda")

	require.Contains(t, run(filepath.Join(bin, "rft"), "kinds"), "citation")
	require.Contains(t, run(filepath.Join(bin, "rft"), "help", "citation"), "how many of the reference's sources")

	results := filepath.Join(bin, "results.jsonl")
	run(filepath.Join(bin, "rft"), "grade", "--spec", "grader.yaml", "--out", results, "rollouts.jsonl")
	local := scores(t, lineArray(t, results))
	require.Equal(t, []float64{1, 0.75, 0.5, 0}, local)

	f, err := locallambda.Start(t.Context(), locallambda.Config{
		Bootstrap: filepath.Join(bin, "bootstrap"),
		Env:       map[string]string{"GRADER_SPEC": filepath.Join(module, "grader.yaml")},
		Timeout:   10 * time.Second,
	})
	require.NoError(t, err)
	defer func() { require.NoError(t, f.Close()) }()
	server := httptest.NewServer(f)
	defer server.Close()
	resp, err := server.Client().Post(server.URL+"/2015-03-31/functions/function/invocations", "application/json",
		bytes.NewReader(lineArray(t, filepath.Join(module, "rollouts.jsonl"))))
	require.NoError(t, err)
	defer func() { require.NoError(t, resp.Body.Close()) }()
	var body bytes.Buffer
	_, err = body.ReadFrom(resp.Body)
	require.NoError(t, err)
	require.Equal(t, local, scores(t, body.Bytes()))
}

// lineArray reads a JSONL file as a JSON array.
func lineArray(t *testing.T, path string) []byte {
	t.Helper()
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	lines := bytes.Split(bytes.TrimSpace(text), []byte("\n"))
	return append(append([]byte("["), bytes.Join(lines, []byte(","))...), ']')
}

func scores(t *testing.T, response []byte) (out []float64) {
	t.Helper()
	var entries []struct {
		Score *float64 `json:"aggregate_reward_score"`
	}
	require.NoError(t, json.Unmarshal(response, &entries), "%s", response)
	for _, e := range entries {
		require.NotNil(t, e.Score)
		out = append(out, *e.Score)
	}
	return out
}
