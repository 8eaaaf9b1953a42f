package lambdagrader_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/grader/lambdagrader"
)

// checkEmbedded checks a record against CloudWatch's specification of the
// embedded metric format and returns its values by metric.
func checkEmbedded(t *testing.T, line string) map[string][]float64 {
	t.Helper()
	var record map[string]any
	require.NoError(t, json.Unmarshal([]byte(line), &record))
	require.Contains(t, record, "level")
	_, err := time.Parse(time.RFC3339Nano, record["timestamp"].(string))
	require.NoError(t, err)
	aws := record["_aws"].(map[string]any)
	require.InDelta(t, time.Now().UnixMilli(), aws["Timestamp"], 60_000)
	directives := aws["CloudWatchMetrics"].([]any)
	require.Len(t, directives, 1)
	directive := directives[0].(map[string]any)
	require.Equal(t, lambdagrader.Namespace, directive["Namespace"])
	for _, set := range directive["Dimensions"].([]any) {
		require.LessOrEqual(t, len(set.([]any)), 30)
		for _, dimension := range set.([]any) {
			require.IsType(t, "", record[dimension.(string)], "each dimension is a string at the root")
		}
	}
	units := lambdagrader.MetricNames()
	definitions := directive["Metrics"].([]any)
	require.NotEmpty(t, definitions)
	require.LessOrEqual(t, len(definitions), 100)
	values := map[string][]float64{}
	for _, d := range definitions {
		name := d.(map[string]any)["Name"].(string)
		require.Equal(t, units[name], d.(map[string]any)["Unit"])
		switch v := record[name].(type) {
		case float64:
			values[name] = []float64{v}
		case []any:
			require.LessOrEqual(t, len(v), 100, "%s: CloudWatch takes at most 100 values", name)
			for _, x := range v {
				values[name] = append(values[name], x.(float64))
			}
		default:
			t.Fatalf("%s is %T at the root", name, v)
		}
	}
	return values
}

func TestEmbeddedMetrics(t *testing.T) {
	var metrics safeBuffer
	h := newHandler(t, plainSpec, length, lambdagrader.Config{Metrics: &metrics, Function: "my-grader"})
	var answers []string
	for i := range 250 {
		answers = append(answers, strings.Repeat("é", i%7)+fmt.Sprint(i))
	}
	answers[249] = "secret reference"
	p := payload(t, answers...)
	response, err := h.Invoke(invoked(t.Context()), p)
	require.NoError(t, err)

	all := map[string][]float64{}
	lines := slices.Collect(strings.Lines(metrics.b.String()))
	require.Len(t, lines, 3, "250 values need three records")
	for _, line := range lines {
		require.Contains(t, line, `"FunctionName":"my-grader"`)
		require.Contains(t, line, `"requestId":"request-1"`)
		for name, v := range checkEmbedded(t, line) {
			all[name] = append(all[name], v...)
		}
	}
	require.Equal(t, []float64{250}, all["Rollouts"])
	require.Len(t, all["Reward"], 249)
	require.Len(t, all["AnswerLength"], 250)
	require.Equal(t, 1.0, all["AnswerLength"][0])
	require.Equal(t, 2.0, all["AnswerLength"][1], "characters, not bytes")
	require.Equal(t, []float64{1}, all["Ungraded"])
	require.Equal(t, []float64{1}, all["UngradedData"])
	require.Equal(t, []float64{0}, all["FailedBatches"])
	require.Equal(t, []float64{float64(len(p))}, all["RequestBytes"])
	require.Equal(t, []float64{float64(len(response))}, all["ResponseBytes"])
	require.Equal(t, []float64{1}, all["Groups"])
	for name := range lambdagrader.MetricNames() {
		if !strings.HasPrefix(name, "Judge") {
			require.Contains(t, all, name, "every metric that is documented is written")
		}
	}
	for name, v := range all {
		require.Contains(t, lambdagrader.MetricNames(), name)
		for _, x := range v {
			require.False(t, math.IsNaN(x) || math.IsInf(x, 0), name)
		}
	}
}

func TestMetricsOfModelsThatWereAsked(t *testing.T) {
	var metrics safeBuffer
	h := newHandler(t, plainSpec, func(context.Context, *grader.Rollout) (grader.Result, error) {
		return grader.Result{Score: 0.5, Metrics: []grader.Metric{
			grader.Measure("attempts", 2), grader.Measure("tokens_in", 1000), grader.Measure("tokens_out", 50), grader.Measure("tokens_cached", 600),
			grader.Measure("cost_usd", 0.001), grader.Measure("latency_seconds", 1.5), grader.Reward("tone", 0.5),
		}}, nil
	}, lambdagrader.Config{Metrics: &metrics, Function: "my-grader"})
	p := payload(t, "one", "two", "one")
	for range 2 { // the second batch is answered from what was kept, and asks nobody
		_, err := h.Invoke(invoked(t.Context()), p)
		require.NoError(t, err)
	}
	lines := slices.Collect(strings.Lines(metrics.b.String()))
	require.Len(t, lines, 2)
	first, second := checkEmbedded(t, lines[0]), checkEmbedded(t, lines[1])
	require.Equal(t, []float64{4}, first["JudgeCalls"], "equal rollouts ask once")
	require.Equal(t, []float64{2000}, first["JudgeTokensIn"])
	require.Equal(t, []float64{100}, first["JudgeTokensOut"])
	require.Equal(t, []float64{1200}, first["JudgeTokensCached"])
	require.Equal(t, []float64{0.002}, first["JudgeCost"])
	require.Equal(t, []float64{1.5, 1.5}, first["JudgeSeconds"])
	for name := range lambdagrader.MetricNames() {
		if strings.HasPrefix(name, "Judge") {
			require.Contains(t, first, name)
			require.NotContains(t, second, name)
		}
	}
}

func TestMetricsOfAFailedBatch(t *testing.T) {
	var metrics safeBuffer
	h := newHandler(t, plainSpec, length, lambdagrader.Config{Metrics: &metrics})
	_, err := h.Invoke(t.Context(), payload(t, "throttle"))
	require.Error(t, err)
	values := checkEmbedded(t, metrics.b.String())
	require.Equal(t, []float64{1}, values["FailedBatches"])
	require.Equal(t, []float64{1}, values["UngradedTransient"])
	require.NotContains(t, values, "Reward")
	require.NotContains(t, values, "RewardSpread")
}

func TestMetricsCarryTheConfiguredLevel(t *testing.T) {
	t.Setenv("AWS_LAMBDA_LOG_LEVEL", "WARN")
	var metrics safeBuffer
	h := newHandler(t, plainSpec, length, lambdagrader.Config{Metrics: &metrics})
	_, err := h.Invoke(t.Context(), payload(t, "x"))
	require.NoError(t, err)
	require.Contains(t, metrics.b.String(), `"level":"WARN"`, "Lambda drops lines below the configured level")
}
