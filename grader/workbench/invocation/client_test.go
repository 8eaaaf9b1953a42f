package invocation_test

import (
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader/workbench/invocation"
)

func TestPinned(t *testing.T) {
	for function, want := range map[string]bool{
		"arn:aws:lambda:us-east-1:123456789012:function:rftgrader:7":       true,
		"arn:aws:lambda:us-east-1:123456789012:function:rftgrader":         false,
		"arn:aws:lambda:us-east-1:123456789012:function:rftgrader:live":    false,
		"arn:aws:lambda:us-east-1:123456789012:function:rftgrader:$LATEST": false,
		"rftgrader:12": true,
		"rftgrader":    false,
	} {
		t.Run(function, func(t *testing.T) {
			require.Equal(t, want, invocation.Target{Function: function}.Pinned())
		})
	}
}

func client(t *testing.T, handler http.HandlerFunc) *invocation.Client {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	c, err := invocation.New(t.Context(), invocation.Target{Function: "grader:7", Endpoint: server.URL, Parallel: 2})
	require.NoError(t, err)
	return c
}

func TestCall(t *testing.T) {
	for name, report := range map[string]string{
		"text": "REPORT RequestId: x\tDuration: 2.00 ms\tInit Duration: 41.50 ms\t",
		"JSON": `{"type":"platform.report","record":{"metrics":{"initDurationMs": 41.5}}}`,
	} {
		t.Run("cold, report as "+name, func(t *testing.T) {
			c := client(t, func(w http.ResponseWriter, r *http.Request) {
				if r.Method != http.MethodPost || r.URL.EscapedPath() != "/2015-03-31/functions/grader%3A7/invocations" {
					t.Errorf("%s %s", r.Method, r.URL.EscapedPath())
				}
				w.Header().Set("X-Amz-Executed-Version", "7")
				w.Header().Set("X-Amz-Log-Result", base64.StdEncoding.EncodeToString([]byte(report)))
				_, _ = w.Write([]byte("[]"))
			})
			reply, err := c.Call(t.Context(), []byte("[]"))
			require.NoError(t, err)
			require.Equal(t, "7", reply.Version)
			require.Equal(t, 41500*time.Microsecond, reply.Init)
			require.Positive(t, reply.Latency)
		})
	}
}

func TestAFunctionThatFailedIsNotAskedAgain(t *testing.T) {
	var calls atomic.Int32
	c := client(t, func(w http.ResponseWriter, _ *http.Request) {
		calls.Add(1)
		w.Header().Set("X-Amz-Function-Error", "Unhandled")
		_, _ = w.Write([]byte(`{"errorMessage":"no score for this batch"}`))
	})
	_, err := c.Call(t.Context(), []byte("[]"))
	var failed *invocation.FunctionError
	require.ErrorAs(t, err, &failed)
	require.ErrorContains(t, err, "no score for this batch")
	require.EqualValues(t, 1, calls.Load())
}

func TestAThrottledCallIsMadeAgain(t *testing.T) {
	var calls atomic.Int32
	c := client(t, func(w http.ResponseWriter, _ *http.Request) {
		if calls.Add(1) < 3 {
			w.Header().Set("X-Amzn-ErrorType", "TooManyRequestsException")
			w.WriteHeader(http.StatusTooManyRequests)
			_, _ = w.Write([]byte(`{"message":"Rate Exceeded."}`))
			return
		}
		_, _ = w.Write([]byte("[]"))
	})
	_, err := c.Call(t.Context(), []byte("[]"))
	require.NoError(t, err)
	require.EqualValues(t, 3, calls.Load())
}

func TestTooLargeAPayloadIsNotSent(t *testing.T) {
	c := client(t, func(http.ResponseWriter, *http.Request) { t.Error("it was sent") })
	_, err := c.Call(t.Context(), make([]byte, invocation.MaxPayload+1))
	require.ErrorContains(t, err, "take smaller batches")
}

func TestBadTargets(t *testing.T) {
	for name, c := range map[string]struct {
		target invocation.Target
		want   string
	}{
		"nothing":         {invocation.Target{}, "no function"},
		"no ARN":          {invocation.Target{Function: "arn:aws"}, "is no ARN"},
		"ARN of a bucket": {invocation.Target{Function: "arn:aws:s3:::b"}, "no ARN of a Lambda function"},
		"two regions":     {invocation.Target{Function: "arn:aws:lambda:us-east-1:123456789012:function:f:1", Region: "eu-west-1"}, "in us-east-1, and not in eu-west-1"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := invocation.New(t.Context(), c.target)
			require.ErrorContains(t, err, c.want)
		})
	}
}

func TestScores(t *testing.T) {
	const one = `{"id":"a","aggregate_reward_score":0.5,"metrics_list":[{"name":"x","value":0.5,"type":"Reward"},{"name":"ms","value":3,"type":"Metric"}]}`
	scores, err := invocation.Scores([]byte("["+one+"]"), 1)
	require.NoError(t, err)
	require.InDelta(t, 0.5, *scores[0].Reward, 0)

	other := func(from, to string) invocation.Score {
		t.Helper()
		s, err := invocation.Scores([]byte("["+strings.Replace(one, from, to, 1)+"]"), 1)
		require.NoError(t, err)
		return s[0]
	}
	require.True(t, invocation.Same(scores[0], other(`"value":3`, `"value":4`)), "a measurement may differ")
	require.False(t, invocation.Same(scores[0], other(`:0.5,"met`, `:0.4,"met`)))
	require.False(t, invocation.Same(scores[0], other(`"value":0.5`, `"value":0.4`)))
	require.False(t, invocation.Same(scores[0], other(`"id":"a"`, `"id":"b"`)))
	require.False(t, invocation.Same(scores[0], other(`"name":"x"`, `"name":"y"`)))

	for name, c := range map[string]struct{ answer, want string }{
		"null":       {`[{"id":"a","aggregate_reward_score":null}]`, "score 1 has no aggregate_reward_score"},
		"no array":   {`{"score":1}`, "no array"},
		"too many":   {"[" + one + "," + one + "]", "2 scores for 1 rollouts"},
		"text":       {`[{"id":"a","aggregate_reward_score":"1"}]`, "score 1"},
		"half of it": {`[{"id":"a"`, "no array"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := invocation.Scores([]byte(c.answer), 1)
			require.ErrorContains(t, err, c.want)
		})
	}
}
