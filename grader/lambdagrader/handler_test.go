package lambdagrader_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"
	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/grader/batch"
	"github.com/rftgrader/rftgrader/grader/lambdagrader"
	"github.com/rftgrader/rftgrader/grader/spec"
)

var _ lambda.Handler = (*lambdagrader.Handler)(nil)

// kindOf makes a kind of one function, named fn.
func kindOf(f grader.Func) *grader.Kind {
	return grader.Define("fn", "Fn calls a function of the test.", struct{}{},
		func(*grader.Env, struct{}) (grader.Grader, error) { return f, nil })
}

const plainSpec = "version: 1\ngraders:\n  main: {type: fn}\n"

func newHandler(t testing.TB, specText string, f grader.Func, cfg lambdagrader.Config) *lambdagrader.Handler {
	t.Helper()
	s, err := spec.Parse("grader.yaml", []byte(specText), []*grader.Kind{kindOf(f)})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	h, err := lambdagrader.NewHandler(s, cfg)
	require.NoError(t, err)
	return h
}

// length scores by the length of the answer.
func length(_ context.Context, r *grader.Rollout) (grader.Result, error) {
	switch answer := r.Response(); {
	case strings.HasPrefix(answer, "throttle"):
		return grader.Result{}, grader.Transientf("throttled")
	case strings.HasPrefix(answer, "secret reference"):
		return grader.Result{}, &grader.DataError{Where: "/reference_answer", Err: errors.New("not a number"), Detail: "it is " + answer}
	default:
		return grader.Result{Score: float64(len(answer)) / 10, Metrics: []grader.Metric{grader.Measure("length", float64(len(answer)))}, Reason: "its length"}, nil
	}
}

func payload(t testing.TB, answers ...string) []byte {
	t.Helper()
	var rows []map[string]any
	for i, a := range answers {
		rows = append(rows, map[string]any{
			"id":       fmt.Sprintf("r%d", i),
			"messages": []map[string]string{{"role": "user", "content": "the secret prompt"}, {"role": "assistant", "content": a}},
			"metadata": map[string]any{"reference_answer": "the secret reference"},
		})
	}
	b, err := json.Marshal(rows)
	require.NoError(t, err)
	return b
}

func TestInvoke(t *testing.T) {
	for _, c := range []struct {
		name, payload, want string
	}{
		{"an array", `[{"id":"a","messages":[{"role":"user","content":"q"},{"role":"assistant","content":"12345"}]}]`,
			`[{"id":"a","aggregate_reward_score":0.5,"metrics_list":[{"name":"main","value":0.5,"type":"Reward"},{"name":"main.length","value":5,"type":"Metric"}]}]`},
		{"a bare object, answered as a list", `{"id":7.0,"messages":[{"role":"assistant","content":"1"}]}`,
			`[{"id":7.0,"aggregate_reward_score":0.1,"metrics_list":[{"name":"main","value":0.1,"type":"Reward"},{"name":"main.length","value":1,"type":"Metric"}]}]`},
		{"an empty batch", `{"trajectories":[]}`, `[]`},
		{"duplicate ids, one by one", `[{"id":"a","messages":[{"role":"assistant","content":"1"}]},{"id":"a","messages":[{"role":"assistant","content":"22"}]}]`,
			`[{"id":"a","aggregate_reward_score":0.1,"metrics_list":[{"name":"main","value":0.1,"type":"Reward"},{"name":"main.length","value":1,"type":"Metric"}]},` +
				`{"id":"a","aggregate_reward_score":0.2,"metrics_list":[{"name":"main","value":0.2,"type":"Reward"},{"name":"main.length","value":2,"type":"Metric"}]}]`},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := newHandler(t, plainSpec, length, lambdagrader.Config{})
			got, err := h.Invoke(t.Context(), []byte(c.payload))
			require.NoError(t, err)
			require.Equal(t, c.want, string(got))
		})
	}
}

func TestOneBadRolloutNeverCostsTheOthers(t *testing.T) {
	h := newHandler(t, plainSpec, length, lambdagrader.Config{})
	got, err := h.Invoke(t.Context(), []byte(`[
		{"id":"a","messages":[{"role":"user","content":"q"},{"role":"assistant","content":"1"}]},
		{"id":"b","messages":[{"role":"user","content":"q"}]},
		{"id":"c","messages":[{"role":"user","content":"q"},{"role":"assistant","content":"333"}]},
		{"id":"d","messages":[{"role":"user","content":"q"},{"role":"assistant","content":"1"}]}]`))
	require.NoError(t, err)
	var entries []struct {
		ID     string  `json:"id"`
		Score  float64 `json:"aggregate_reward_score"`
		Metric []struct {
			Name  string
			Value float64
		} `json:"metrics_list"`
	}
	require.NoError(t, json.Unmarshal(got, &entries))
	require.Len(t, entries, 4)
	require.Equal(t, "b", entries[1].ID, "the id of a rollout without an answer is its own, never \"0\"")
	require.InDelta(t, 0.5/3, entries[1].Score, 1e-12, "the mean of its three mates")
	require.Equal(t, "ungraded", entries[1].Metric[0].Name)
	require.Equal(t, 0.3, entries[2].Score)
}

func TestAnOutageIsNeverAReward(t *testing.T) {
	h := newHandler(t, plainSpec, length, lambdagrader.Config{})
	answers := []string{"1", "22", "throttle", "333"}
	got, err := h.Invoke(t.Context(), payload(t, answers...))
	require.Nil(t, got)
	var failure *batch.Failure
	require.ErrorAs(t, err, &failure)
	require.ErrorContains(t, err, "1 of 4 rollouts ungraded (transient 1)")
	require.ErrorContains(t, err, "throttled")
}

func TestABatchIsGradedTogetherInTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHandler(t, plainSpec, func(ctx context.Context, r *grader.Rollout) (grader.Result, error) {
			time.Sleep(2 * time.Second)
			return grader.Result{Score: 1}, nil
		}, lambdagrader.Config{})
		var answers []string
		for i := range 64 {
			answers = append(answers, fmt.Sprint(i))
		}
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		defer cancel()
		start := time.Now()
		_, err := h.Invoke(ctx, payload(t, answers...))
		require.NoError(t, err)
		require.Equal(t, 2*time.Second, time.Since(start), "64 judgements of 2 s each")
	})
}

func TestARetryGradesOnlyWhatIsMissing(t *testing.T) {
	var calls atomic.Int64
	var up atomic.Bool
	h := newHandler(t, plainSpec, func(ctx context.Context, r *grader.Rollout) (grader.Result, error) {
		calls.Add(1)
		if r.Response() == "22" && !up.Load() {
			return grader.Result{}, grader.Transientf("down")
		}
		return length(ctx, r)
	}, lambdagrader.Config{})
	p := payload(t, "1", "22", "333", "4444")
	_, err := h.Invoke(t.Context(), p)
	require.Error(t, err)
	up.Store(true)
	_, err = h.Invoke(t.Context(), p)
	require.NoError(t, err)
	require.EqualValues(t, 5, calls.Load())
}

func TestManyInvocationsAtOnce(t *testing.T) {
	h := newHandler(t, plainSpec, length, lambdagrader.Config{Log: slog.New(slog.DiscardHandler), Metrics: &safeBuffer{}})
	var wg sync.WaitGroup
	for i := range 8 {
		p := payload(t, "1", "22", strings.Repeat("x", i))
		wg.Go(func() {
			got, err := h.Invoke(context.Background(), p)
			if err != nil || !bytes.Contains(got, []byte(`"id":"r2"`)) {
				t.Errorf("invocation %d: %s %v", i, got, err)
			}
		})
	}
	wg.Wait()
}

func TestAnUnreadablePayloadFailsWhole(t *testing.T) {
	h := newHandler(t, plainSpec, length, lambdagrader.Config{})
	for _, p := range []string{``, `5`, `{"body":"x"}`, `[{"id":"a"`, `{"trajectories":5}`} {
		_, err := h.Invoke(t.Context(), []byte(p))
		var bad *grader.PayloadError
		require.ErrorAs(t, err, &bad, "payload %q", p)
	}
}

func TestTooLargeAResponseDropsMeasuresFirst(t *testing.T) {
	long := strings.Repeat("n", 100)
	metrics := func(n int, kind grader.MetricType) grader.Func {
		return func(context.Context, *grader.Rollout) (grader.Result, error) {
			res := grader.Result{Score: 1, Metrics: []grader.Metric{grader.Reward("kept", 1)}}
			for i := range n {
				res.Metrics = append(res.Metrics, grader.Metric{Name: fmt.Sprint(long, i), Value: 1, Type: kind})
			}
			return res, nil
		}
	}
	answers := make([]string, 64)
	for i := range answers {
		answers[i] = fmt.Sprint(i)
	}
	p := payload(t, answers...)

	small := newHandler(t, plainSpec, metrics(10, grader.MetricMeasure), lambdagrader.Config{})
	got, err := small.Invoke(t.Context(), p)
	require.NoError(t, err)
	require.Contains(t, string(got), long)

	large := newHandler(t, plainSpec, metrics(1000, grader.MetricMeasure), lambdagrader.Config{})
	got, err = large.Invoke(t.Context(), p)
	require.NoError(t, err)
	require.NotContains(t, string(got), long)
	require.Contains(t, string(got), `{"name":"main","value":1,"type":"Reward"}`)

	answers = make([]string, 3000)
	for i := range answers {
		answers[i] = fmt.Sprint(i)
	}
	ids := bytes.ReplaceAll(payload(t, answers...), []byte(`"id":"r`), []byte(`"id":"`+strings.Repeat("long id ", 500)))
	huge := newHandler(t, plainSpec, length, lambdagrader.Config{})
	_, err = huge.Invoke(t.Context(), ids)
	var size *lambdagrader.ResponseSizeError
	require.ErrorAs(t, err, &size)
	require.ErrorContains(t, err, "send smaller batches")
}

// safeBuffer is a buffer for several writers.
type safeBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *safeBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func invoked(ctx context.Context) context.Context {
	return lambdacontext.NewContext(ctx, &lambdacontext.LambdaContext{AwsRequestID: "request-1"})
}

func TestLogsSayWhatHappenedAndNothingThatWasSaid(t *testing.T) {
	var logs, metrics safeBuffer
	h := newHandler(t, plainSpec+"on_error: {transient: neutral}\nmax_ungraded: 1\n", length, lambdagrader.Config{
		Log: lambdagrader.NewLogger(&logs, slog.LevelInfo), Metrics: &metrics, Function: "my-grader",
	})
	_, err := h.Invoke(invoked(t.Context()), payload(t, "the secret answer", "the secret answer", "throttle", "secret reference", "x"))
	require.NoError(t, err)

	var lines []map[string]any
	for line := range strings.Lines(logs.b.String()) {
		var entry map[string]any
		require.NoError(t, json.Unmarshal([]byte(line), &entry))
		require.Contains(t, entry, "level")
		_, err := time.Parse(time.RFC3339Nano, entry["timestamp"].(string))
		require.NoError(t, err)
		require.Equal(t, "request-1", entry["requestId"])
		lines = append(lines, entry)
	}
	require.Len(t, lines, 3, "one for each ungraded rollout and one for the batch")
	require.Equal(t, "r2", lines[0]["id"])
	require.Equal(t, "transient", lines[0]["fault"])
	require.Contains(t, lines[1]["cause"], "/reference_answer: not a number")
	last := lines[2]
	require.Equal(t, 5.0, last["rollouts"])
	require.Equal(t, 3.0, last["graded"])
	require.Equal(t, 1.0, last["duplicates"])
	require.Equal(t, map[string]any{"data": 1.0, "transient": 1.0}, last["ungraded"])
	require.InDelta(t, 3.5/3, last["rewardMean"], 1e-9)
	require.Len(t, last["spec"], 12)

	require.NotContains(t, logs.b.String()+metrics.b.String(), "secret")
}

func TestManyUngradedRolloutsDoNotFillTheLog(t *testing.T) {
	var logs safeBuffer
	h := newHandler(t, plainSpec, length, lambdagrader.Config{Log: lambdagrader.NewLogger(&logs, slog.LevelInfo)})
	_, err := h.Invoke(t.Context(), []byte("["+strings.Repeat("0,", 9999)+"0]"))
	require.Error(t, err)
	require.Equal(t, 102, strings.Count(logs.b.String(), "\n"), "100 rollouts, a line for the rest, and the batch's")
	require.Contains(t, logs.b.String(), `"more":9900`)
}

func TestAFailedBatchIsLoggedOnceAndReturned(t *testing.T) {
	var logs safeBuffer
	h := newHandler(t, plainSpec, length, lambdagrader.Config{Log: lambdagrader.NewLogger(&logs, slog.LevelError)})
	_, err := h.Invoke(t.Context(), payload(t, "1", "throttle"))
	require.Error(t, err)
	require.Equal(t, 1, strings.Count(logs.b.String(), "\n"))
	require.Contains(t, logs.b.String(), `"scored":false`)
	require.NotContains(t, logs.b.String(), "throttled", "the error is returned, not logged too")
}

func (s *safeBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}
