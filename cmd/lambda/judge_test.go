package main_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader/workbench/conversestub"
	"github.com/rftgrader/rftgrader/grader/workbench/locallambda"
)

// judged runs the real bootstrap with a judge against a stand-in for Bedrock,
// and returns a client of its Invoke API.
func judged(t testing.TB, spec string, cfg conversestub.Config) (*conversestub.Stub, func([]byte) *lambda.InvokeOutput) {
	t.Helper()
	stub, err := conversestub.New(cfg)
	require.NoError(t, err)
	bedrock := httptest.NewServer(stub)
	t.Cleanup(bedrock.Close)
	var log bytes.Buffer
	// The function ends before this.
	t.Cleanup(func() {
		require.NotContains(t, log.String(), secret, "the log holds no text of rollouts or of the judge")
		if testing.Verbose() {
			t.Logf("%s", log.String())
		}
	})
	c := client(start(t, release(t, "lambda"), spec, locallambda.Config{
		Timeout: time.Minute, Log: &log,
		Env: map[string]string{
			"AWS_ENDPOINT_URL_BEDROCK_RUNTIME": bedrock.URL,
			"AWS_ACCESS_KEY_ID":                "test",
			"AWS_SECRET_ACCESS_KEY":            "test",
		},
	}))
	return stub, func(payload []byte) *lambda.InvokeOutput { return invoke(t, c, payload) }
}

// secret stands in every prompt and answer, and in the judge's reasons.
const secret = "Zanzibar"

func judgedBatch(n int) []byte {
	var rollouts []map[string]any
	for i := range n {
		rollouts = append(rollouts, map[string]any{
			"id": fmt.Sprintf("r%d", i),
			"messages": []map[string]string{
				{"role": "user", "content": "Where is " + secret + "?"},
				{"role": "assistant", "content": fmt.Sprintf("%s lies off the coast. quality=0.%02d", secret, i)},
			},
		})
	}
	payload, _ := json.Marshal(rollouts) // strings are always encoded
	return payload
}

const judgeSpec = `{"version": 1, "graders": {"tone": {"type": "judge", "model": "anthropic.claude-3-haiku-20240307-v1:0",
	"max_tokens": 300, "mode": "absolute", "scale": {"min": 0, "max": 1}, "rubric": "How good is the answer?"}}}`

func requireScores(t *testing.T, out *lambda.InvokeOutput, n int) {
	t.Helper()
	require.Nil(t, out.FunctionError, "%s", out.Payload)
	var entries []entry
	require.NoError(t, json.Unmarshal(out.Payload, &entries))
	require.Len(t, entries, n)
	for i, e := range entries {
		require.Equal(t, fmt.Sprintf(`"r%d"`, i), string(e.ID))
		require.InDelta(t, float64(i)/100, *e.Score, 1e-9)
	}
	require.NotContains(t, string(out.Payload), secret, "explanations stay off the wire")
	require.NotContains(t, string(out.Payload), "Simulated")
}

// TestJudgesOfABatchAnswerTogether has a judge that answers nobody before all
// 64 ask: a batch takes as long as its slowest verdict.
func TestJudgesOfABatchAnswerTogether(t *testing.T) {
	const n = 64
	var arrived sync.WaitGroup
	arrived.Add(n)
	stub, invoke := judged(t, judgeSpec, conversestub.Config{Judge: func(q *conversestub.Question) string {
		arrived.Done()
		arrived.Wait()
		return conversestub.Planted(q)
	}})
	requireScores(t, invoke(judgedBatch(n)), n)
	require.Equal(t, n, stub.Ledger().Requests)

	// What was judged is kept while the function is warm.
	requireScores(t, invoke(judgedBatch(n)), n)
	require.Equal(t, n, stub.Ledger().Requests)
}

func TestAThrottledJudgeLosesNothing(t *testing.T) {
	stub, invoke := judged(t, judgeSpec, conversestub.Config{Script: []conversestub.Step{{Answer: "throttle-requests", Times: 8}}})
	requireScores(t, invoke(judgedBatch(16)), 16)
	require.Equal(t, 8, stub.Ledger().Throttled)
}

func TestAJudgeWithoutAccessFailsTheBatch(t *testing.T) {
	_, invoke := judged(t, judgeSpec, conversestub.Config{Script: []conversestub.Step{
		{Status: 403, Type: "AccessDeniedException", Message: "User: " + secret + " is not authorized to perform: bedrock:InvokeModel", Always: true},
	}})
	out := invoke(judgedBatch(8))
	require.NotNil(t, out.FunctionError)
	require.Contains(t, string(out.Payload), "access to the model is denied")
	require.NotContains(t, string(out.Payload), secret)
}

// BenchmarkJudgedBatch grades 64 rollouts whose judge takes 2 s, through the
// real bootstrap, warm and with nothing kept.
func BenchmarkJudgedBatch(b *testing.B) {
	spec := filepath.Join(b.TempDir(), "grader.yaml")
	require.NoError(b, os.WriteFile(spec, []byte(judgeSpec), 0o600))
	_, invoke := judged(b, spec, conversestub.Config{Latency: 2 * time.Second})
	round := 0
	for b.Loop() {
		payload := bytes.ReplaceAll(judgedBatch(64), []byte("off the coast"), fmt.Appendf(nil, "off the coast (%d)", round))
		round++
		out := invoke(payload)
		require.Nil(b, out.FunctionError, "%s", out.Payload)
	}
}
