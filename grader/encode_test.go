package grader_test

import (
	"encoding/json"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader"
)

func TestAppendResponse(t *testing.T) {
	for _, c := range []struct {
		name   string
		scores []grader.Score
		want   string
	}{
		{"none", nil, `[]`},
		{"a score", []grader.Score{{ID: json.RawMessage(`"123"`), Reward: 0.85}}, `[{"id":"123","aggregate_reward_score":0.85}]`},
		{"metrics", []grader.Score{{ID: json.RawMessage(`"123"`), Reward: 0.85, Metrics: []grader.Metric{
			grader.Reward("accuracy", 0.9), grader.Measure("policy_compliance", 0.8), {Name: "plain", Value: 2},
		}}}, `[{"id":"123","aggregate_reward_score":0.85,"metrics_list":[` +
			`{"name":"accuracy","value":0.9,"type":"Reward"},` +
			`{"name":"policy_compliance","value":0.8,"type":"Metric"},` +
			`{"name":"plain","value":2,"type":"Metric"}]}]`},
		{"an empty list of metrics is left out", []grader.Score{{ID: json.RawMessage(`1`), Metrics: []grader.Metric{}}}, `[{"id":1,"aggregate_reward_score":0}]`},
		{"several, in order", []grader.Score{{ID: json.RawMessage(`"b"`), Reward: 1}, {ID: json.RawMessage(`"a"`), Reward: -1}, {ID: json.RawMessage(`"b"`), Reward: 0.5}},
			`[{"id":"b","aggregate_reward_score":1},{"id":"a","aggregate_reward_score":-1},{"id":"b","aggregate_reward_score":0.5}]`},
		{"no id", []grader.Score{{}, {ID: json.RawMessage{}}, {ID: json.RawMessage(`null`)}},
			`[{"id":null,"aggregate_reward_score":0},{"id":null,"aggregate_reward_score":0},{"id":null,"aggregate_reward_score":0}]`},
		{"ids byte for byte", []grader.Score{{ID: json.RawMessage(`1.0`)}, {ID: json.RawMessage(`12345678901234567890`)}, {ID: json.RawMessage(`"caf\u00e9\/"`)}, {ID: json.RawMessage(`{"a": 1}`)}},
			`[{"id":1.0,"aggregate_reward_score":0},{"id":12345678901234567890,"aggregate_reward_score":0},{"id":"caf\u00e9\/","aggregate_reward_score":0},{"id":{"a": 1},"aggregate_reward_score":0}]`},
		{"negative zero", []grader.Score{{Reward: math.Copysign(0, -1), Metrics: []grader.Metric{grader.Reward("z", math.Copysign(0, -1))}}},
			`[{"id":null,"aggregate_reward_score":0,"metrics_list":[{"name":"z","value":0,"type":"Reward"}]}]`},
		{"names are quoted", []grader.Score{{Metrics: []grader.Metric{grader.Measure("a\"b\\\n<é>\u2028", 1)}}},
			"[{\"id\":null,\"aggregate_reward_score\":0,\"metrics_list\":[{\"name\":\"a\\\"b\\\\\\n<é>\u2028\",\"value\":1,\"type\":\"Metric\"}]}]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := grader.AppendResponse(nil, c.scores)
			require.NoError(t, err)
			require.Equal(t, c.want, string(got))
			require.True(t, json.Valid(got))

			got, err = grader.AppendResponse([]byte("before"), c.scores)
			require.NoError(t, err)
			require.Equal(t, "before"+c.want, string(got))
		})
	}
}

func TestAppendResponseNumbers(t *testing.T) {
	for _, f := range []float64{
		0, 1, -1, 0.1, 0.85, 1.0 / 3, 2.0 / 3, 1e-7, 1e-6, 123456789.125, 1e20, 1e21, 1e22, -1e-300,
		math.Pi, math.MaxFloat64, math.SmallestNonzeroFloat64, math.Nextafter(1, 2), 1 << 53, 1<<53 + 2,
	} {
		b, err := grader.AppendResponse(nil, []grader.Score{{Reward: f, Metrics: []grader.Metric{grader.Reward("m", f)}}})
		require.NoError(t, err)
		var back []struct {
			Reward  float64 `json:"aggregate_reward_score"`
			Metrics []struct{ Value float64 }
		}
		require.NoError(t, json.Unmarshal([]byte(strings.ReplaceAll(string(b), "metrics_list", "Metrics")), &back))
		require.Equal(t, f, back[0].Reward)
		require.Equal(t, f, back[0].Metrics[0].Value)
	}
}

func TestAppendResponseRefuses(t *testing.T) {
	fine := grader.Score{ID: json.RawMessage(`"fine"`), Reward: 1, Metrics: []grader.Metric{grader.Reward("a", 1)}}
	for _, c := range []struct {
		name  string
		bad   grader.Score
		words string
	}{
		{"NaN", grader.Score{Reward: math.NaN()}, "the reward is NaN"},
		{"+Inf", grader.Score{Reward: math.Inf(1)}, "the reward is +Inf"},
		{"-Inf", grader.Score{Reward: math.Inf(-1)}, "the reward is -Inf"},
		{"a metric that is NaN", grader.Score{Metrics: []grader.Metric{grader.Reward("m", math.NaN())}}, `metric "m" is NaN`},
		{"a metric that is infinite", grader.Score{Metrics: []grader.Metric{grader.Measure("ok", 1), grader.Measure("m", math.Inf(-1))}}, `metric "m" is -Inf`},
		{"a metric without a name", grader.Score{Metrics: []grader.Metric{grader.Measure("", 1)}}, "a metric has no name"},
		{"a metric of another type", grader.Score{Metrics: []grader.Metric{{Name: "m", Type: "reward"}}}, `metric "m" has type "reward"`},
		{"a metric with a broken name", grader.Score{Metrics: []grader.Metric{grader.Measure("m\xff", 1)}}, "not valid UTF-8"},
		{"an id that is no JSON", grader.Score{ID: json.RawMessage(`abc`)}, "the id is not valid JSON"},
		{"an id that would add a member", grader.Score{ID: json.RawMessage(`1,"aggregate_reward_score":1`)}, "the id is not valid JSON"},
		{"an id of broken UTF-8", grader.Score{ID: json.RawMessage("\"\xff\"")}, "the id is not valid JSON"},
		{"an id of blanks", grader.Score{ID: json.RawMessage("  ")}, "the id is not valid JSON"},
	} {
		t.Run(c.name, func(t *testing.T) {
			before := []byte("before")
			got, err := grader.AppendResponse(before, []grader.Score{fine, c.bad, fine})
			require.ErrorContains(t, err, "encode score 1: ")
			require.ErrorContains(t, err, c.words)
			require.Equal(t, "before", string(got))
		})
	}
}

func TestAppendMetrics(t *testing.T) {
	got, err := grader.AppendMetrics([]byte("x"), []grader.Metric{grader.Reward("a", 1), grader.Measure("b", 2)})
	require.NoError(t, err)
	require.Equal(t, `x[{"name":"a","value":1,"type":"Reward"},{"name":"b","value":2,"type":"Metric"}]`, string(got))

	got, err = grader.AppendMetrics(nil, nil)
	require.NoError(t, err)
	require.Equal(t, `[]`, string(got))

	got, err = grader.AppendMetrics([]byte("x"), []grader.Metric{grader.Reward("a", 1), grader.Measure("b", math.NaN())})
	require.Error(t, err)
	require.Equal(t, "x", string(got))
}

func TestResultCheck(t *testing.T) {
	require.NoError(t, grader.Result{}.Check())
	require.NoError(t, grader.Result{Score: -3, Metrics: []grader.Metric{grader.Reward("a", 1), {Name: "b"}}}.Check())
	for _, c := range []struct {
		name   string
		result grader.Result
		words  string
	}{
		{"NaN", grader.Result{Score: math.NaN()}, "the grader's score is NaN"},
		{"infinite", grader.Result{Score: math.Inf(1)}, "the grader's score is +Inf"},
		{"a metric that is not finite", grader.Result{Metrics: []grader.Metric{grader.Reward("a", math.Inf(1))}}, `metric "a" is +Inf`},
		{"a metric without a name", grader.Result{Metrics: []grader.Metric{{Value: 1}}}, "no name"},
		{"a metric of another type", grader.Result{Metrics: []grader.Metric{{Name: "a", Type: "metric"}}}, `type "metric"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := c.result.Check()
			require.ErrorContains(t, err, c.words)
			require.Equal(t, grader.FaultPermanent, grader.FaultOf(err))
		})
	}
}
