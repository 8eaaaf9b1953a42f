package judge_test

import (
	"context"
	"slices"
	"testing"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/grader/gradertest"
	"github.com/rftgrader/rftgrader/grader/workbench/conversestub"
	"github.com/rftgrader/rftgrader/graders/judge"
)

// TestConformance runs the suite over the kind as it asks a stand-in. What a
// verdict took differs from call to call, and is left out.
func TestConformance(t *testing.T) {
	endpoint(t, conversestub.Config{})
	defaults, ok := judge.Kind.Defaults().(judge.Options)
	require.True(t, ok)
	kind := grader.Define(judge.Kind.Name(), judge.Kind.Doc(), defaults, func(env *grader.Env, o judge.Options) (grader.Grader, error) {
		options, err := jsonv2.Marshal(o)
		if err != nil {
			return nil, err
		}
		g, err := judge.Kind.New(env, options)
		if err != nil {
			return nil, err
		}
		t.Cleanup(func() { require.NoError(t, g.(interface{ Close() error }).Close()) })
		if b, ok := g.(grader.BatchGrader); ok {
			return verdictsOfGroups{verdicts{b}, b}, nil
		}
		return verdicts{g}, nil
	})
	gradertest.Run(t, kind, "testdata")
}

type verdicts struct{ grader.Grader }

func (v verdicts) Grade(ctx context.Context, r *grader.Rollout) (grader.Result, error) {
	res, err := v.Grader.Grade(ctx, r)
	return withoutCosts(res), err
}

type verdictsOfGroups struct {
	verdicts
	batch grader.BatchGrader
}

func (v verdictsOfGroups) GradeBatch(ctx context.Context, rs []*grader.Rollout) ([]grader.Result, []error) {
	results, errs := v.batch.GradeBatch(ctx, rs)
	for i := range results {
		results[i] = withoutCosts(results[i])
	}
	return results, errs
}

func withoutCosts(res grader.Result) grader.Result {
	res.Metrics = slices.DeleteFunc(res.Metrics, func(m grader.Metric) bool {
		return slices.Contains([]string{"tokens_in", "tokens_out", "tokens_cached", "cost_usd", "latency_seconds", "attempts"}, m.Name)
	})
	return res
}
