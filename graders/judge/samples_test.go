package judge_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/grader/workbench/conversestub"
	"github.com/rftgrader/rftgrader/graders/judge/converse"
)

// bySample answers each sample with a score, and with an error where it is
// below 0.
func bySample(scores ...float64) func(int, *converse.Request) (*converse.Answer, error) {
	return func(_ int, q *converse.Request) (*converse.Answer, error) {
		s := scores[q.Sample/6]
		if s < 0 {
			return nil, &converse.Error{Class: converse.Transient}
		}
		return say(fmt.Sprintf("Score: %v", s)), nil
	}
}

func TestSamples(t *testing.T) {
	for _, c := range []struct {
		name, samples string
		scores        []float64
		want, spread  float64
		valid         float64
	}{
		{"mean", `{"n": 3}`, []float64{2, 4, 9}, 0.5, 0.7, 3},
		{"median", `{"n": 3, "aggregate": "median"}`, []float64{9, 2, 4}, 0.4, 0.7, 3},
		{"median of two", `{"n": 2, "aggregate": "median"}`, []float64{9, 2}, 0.55, 0.7, 2},
		{"majority", `{"n": 5, "aggregate": "majority"}`, []float64{9, 2, 4, 2, 8}, 0.2, 0.7, 5},
		{"majority of two", `{"n": 4, "aggregate": "majority"}`, []float64{9, 2, 9, 2}, 0.55, 0.7, 4},
		{"trimmed", `{"n": 5, "aggregate": "trimmed", "trim": 0.2}`, []float64{0, 5, 6, 7, 10}, 0.6, 1, 5},
		{"trimmed by less than one", `{"n": 4, "aggregate": "trimmed", "trim": 0.125}`, []float64{0, 5, 5, 10}, 0.5, 1, 4},
		{"one is missing", `{"n": 3}`, []float64{2, -1, 4}, 0.3, 0.2, 2},
		{"two are missing, one is enough", `{"n": 3, "min_valid": 1}`, []float64{-1, -1, 4}, 0.4, 0, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			ctx, _ := answered(bySample(c.scores...))
			res, err := build(t, `{"rubric": "x", "samples": `+c.samples+`}`).Grade(ctx, rollout(t, "q", "Something.", nil))
			require.NoError(t, err)
			require.InDelta(t, c.want, res.Score, 1e-12)
			require.InDelta(t, c.spread, metric(t, res, "spread"), 1e-12)
			require.Equal(t, c.valid, metric(t, res, "valid_verdicts"))
		})
	}
	t.Run("too many are missing", func(t *testing.T) {
		ctx, _ := answered(bySample(-1, -1, 4))
		_, err := build(t, `{"rubric": "x", "samples": {"n": 3}}`).Grade(ctx, rollout(t, "q", "Something.", nil))
		require.Equal(t, grader.FaultTransient, grader.FaultOf(err))
		require.ErrorContains(t, err, "2 of 3 verdicts are missing, and 2 must be there")
	})
}

func TestSamplesAreDifferentQuestions(t *testing.T) {
	ctx, seen := simulated(conversestub.Planted)
	_, err := build(t, `{"rubric": "x", "samples": {"n": 4}}`).Grade(ctx, rollout(t, "q", "Something.", nil))
	require.NoError(t, err)
	keys := map[string]bool{}
	for _, q := range seen.requests {
		keys[q.Key()] = true
		require.Nil(t, q.Temperature, "repeats at temperature 0 would repeat themselves")
	}
	require.Len(t, keys, 4)
}

func TestStopEarly(t *testing.T) {
	for _, c := range []struct {
		name   string
		scores []float64
		calls  int
		want   float64
	}{
		{"the first two agree", []float64{7, 7, 0, 0, 0}, 2, 0.7},
		{"they do not", []float64{7, 6, 7, 7, 8}, 5, 0.7},
		{"one is missing", []float64{7, -1, 7, 7, 7}, 5, 0.7},
	} {
		t.Run(c.name, func(t *testing.T) {
			ctx, seen := answered(bySample(c.scores...))
			res, err := build(t, `{"rubric": "x", "samples": {"n": 5, "stop_early": 2, "min_valid": 4, "aggregate": "mean"}}`).
				Grade(ctx, rollout(t, "q", "Something.", nil))
			require.NoError(t, err)
			require.InDelta(t, c.want, res.Score, 1e-12)
			require.Equal(t, c.calls, seen.count())
		})
	}
}

func TestJury(t *testing.T) {
	scores := map[string]float64{"a": 2, "b": 4, "c": 9}
	ctx, seen := answered(func(_ int, q *converse.Request) (*converse.Answer, error) {
		if q.Model == "down" {
			return nil, &converse.Error{Class: converse.Denied}
		}
		return say(fmt.Sprintf("Score: %v", scores[q.Model])), nil
	})
	for _, c := range []struct {
		name, options string
		want          float64
	}{
		{"mean", `"models": [{"id": "a"}, {"id": "b"}, {"id": "c"}]`, 0.5},
		{"weights", `"models": [{"id": "a", "weight": 2}, {"id": "c", "weight": 5}]`, 0.7},
		{"median", `"models": [{"id": "a"}, {"id": "b"}, {"id": "c"}], "samples": {"aggregate": "median"}`, 0.4},
		{"a heavy one in the median", `"models": [{"id": "a", "weight": 5}, {"id": "b"}, {"id": "c"}], "samples": {"aggregate": "median"}`, 0.2},
		{"samples of each", `"models": [{"id": "a"}, {"id": "c"}], "samples": {"n": 3}`, 0.55},
		{"one is down", `"models": [{"id": "a"}, {"id": "b"}, {"id": "down"}]`, 0.3},
	} {
		t.Run(c.name, func(t *testing.T) {
			res, err := build(t, `{"rubric": "x", `+c.options+`}`).Grade(ctx, rollout(t, "q", "Something.", nil))
			require.NoError(t, err)
			require.InDelta(t, c.want, res.Score, 1e-12)
		})
	}
	_, err := build(t, `{"rubric": "x", "models": [{"id": "a"}, {"id": "down"}]}`).Grade(ctx, rollout(t, "q", "Something.", nil))
	require.ErrorContains(t, err, "down")
	require.Equal(t, converse.Denied, converse.ClassOf(err))

	seen.requests = nil
	_, err = build(t, `{"rubric": "x", "region": "us-east-1", "max_tokens": 100, "models": [{"id": "a", "region": "eu-west-1", "max_tokens": 200, "temperature": 1}, {"id": "b"}]}`).
		Grade(ctx, rollout(t, "q", "Something.", nil))
	require.NoError(t, err)
	for _, q := range seen.requests {
		if q.Model == "a" {
			require.Equal(t, "eu-west-1", q.Region)
			require.Equal(t, 200, q.MaxTokens)
			require.Equal(t, 1.0, *q.Temperature)
		} else {
			require.Equal(t, "us-east-1", q.Region)
			require.Equal(t, 100, q.MaxTokens)
			require.Zero(t, *q.Temperature)
		}
	}
}
