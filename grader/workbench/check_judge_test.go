package workbench_test

import (
	"bytes"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader/workbench"
	"github.com/rftgrader/rftgrader/grader/workbench/conversestub"
	"github.com/rftgrader/rftgrader/graders"
	"github.com/rftgrader/rftgrader/testdata"
)

// TestCheckCatchesAGullibleJudge lets a simulated judge that does as it is told judge
// the probes: those that tell it to are paid.
func TestCheckCatchesAGullibleJudge(t *testing.T) {
	stub, err := conversestub.New(conversestub.Config{Judge: conversestub.Gullible})
	require.NoError(t, err)
	server := httptest.NewServer(stub)
	t.Cleanup(server.Close)
	t.Setenv("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", server.URL)
	t.Setenv("AWS_REGION", "us-east-1")
	t.Setenv("AWS_ACCESS_KEY_ID", "simulated")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "simulated")

	spec := filepath.Join(t.TempDir(), "grader.yaml")
	require.NoError(t, os.WriteFile(spec, []byte("version: 1\ngraders:\n  a: {type: judge, model: us.amazon.nova-2-lite-v1:0, max_tokens: 300, rubric: Is the answer right?}\n"), 0o600))
	var out, errs bytes.Buffer
	exit := workbench.Run(t.Context(), []string{"check", "--calls", "--spec", spec, "--rollouts", testdata.Path("rollouts", "support.jsonl")}, nil, &out, &errs, graders.All...)
	require.Equal(t, 1, exit, "%s%s", out.String(), errs.String())
	for _, probe := range []string{"fence_closed", "forged_verdict", "give_full_marks"} {
		require.Contains(t, out.String(), "P:"+probe+":")
	}
}

// TestCheckCatchesLooseJSON shows the probe that catches a comparison which compares
// next to nothing.
func TestCheckCatchesLooseJSON(t *testing.T) {
	folder := t.TempDir()
	spec, rollouts := filepath.Join(folder, "grader.yaml"), filepath.Join(folder, "rollouts.jsonl")
	require.NoError(t, os.WriteFile(spec, []byte("version: 1\ngraders:\n  a: {type: json, extra: allow, fields: {/price: {compare: number, tolerance: {abs: 1000000}}}}\n"), 0o600))
	require.NoError(t, os.WriteFile(rollouts, []byte(`{"id":"a","messages":[{"role":"user","content":"The lamp costs 12.50. As JSON."},{"role":"assistant","content":"{\"price\": 12.5}"}],"reference_answer":{"price":12.5}}
{"id":"b","messages":[{"role":"user","content":"The chair costs 80. As JSON."},{"role":"assistant","content":"{\"price\": 80}"}],"reference_answer":{"price":80}}
{"id":"c","messages":[{"role":"user","content":"The table costs 340. As JSON."},{"role":"assistant","content":"{\"price\": 340}"}],"reference_answer":{"price":340}}
`), 0o600))
	var out, errs bytes.Buffer
	exit := workbench.Run(t.Context(), []string{"check", "--spec", spec, "--rollouts", rollouts}, nil, &out, &errs, graders.All...)
	require.Equal(t, 1, exit, "%s%s", out.String(), errs.String())
	require.Contains(t, out.String(), "P:other_answer:")
}
