package spec_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/grader/spec"
)

type broom struct {
	grader.Grader
	killed int
	err    error
}

func (b *broom) Sweep(context.Context) (int, error) { return b.killed, b.err }

type broomOptions struct {
	Killed int    `json:"killed" doc:"What a sweep returns."`
	Fault  string `json:"fault" doc:"The error of a sweep."`
}

func TestSweep(t *testing.T) {
	kinds := []*grader.Kind{
		grader.Define("broom", "Broom sweeps.", broomOptions{}, func(_ *grader.Env, o broomOptions) (grader.Grader, error) {
			b := &broom{Grader: grader.Func(func(context.Context, *grader.Rollout) (grader.Result, error) { return grader.Result{}, nil }), killed: o.Killed}
			if o.Fault != "" {
				b.err = errors.New(o.Fault)
			}
			return b, nil
		}),
		grader.Define("plain", "Plain sweeps nothing.", struct{}{}, func(*grader.Env, struct{}) (grader.Grader, error) {
			return grader.Func(func(context.Context, *grader.Rollout) (grader.Result, error) { return grader.Result{}, nil }), nil
		}),
	}
	for _, c := range []struct {
		name, text string
		sweeps     bool
		killed     int
		fails      []string
	}{
		{"no programs", "graders: {a: {type: plain}}", false, 0, nil},
		{"the only grader", "graders: {a: {type: broom, killed: 3}}", true, 3, nil},
		{"in a formula, behind a gate", "graders: {a: {type: plain}, b: {type: broom, killed: 2}}\nscore: gate(a, b)", true, 2, nil},
		{"in a route", "graders: {a: {type: plain}, b: {type: broom, killed: 2}}\nroute: {by: /metadata/task, math: a, code: b}", true, 2, nil},
		{"several, one of which fails", "graders: {a: {type: broom, killed: 1, fault: no hands}, b: {type: broom, killed: 4}, c: {type: broom, fault: no arms}}\nscore: a + b + c",
			true, 5, []string{"sweep a: no hands", "sweep c: no arms"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, err := spec.Parse("grader.yaml", []byte("version: 1\n"+c.text+"\n"), kinds)
			require.NoError(t, err)
			require.Equal(t, c.sweeps, s.Sweeps())
			killed, err := s.Sweep(t.Context())
			require.Equal(t, c.killed, killed)
			if c.fails == nil {
				require.NoError(t, err)
			}
			for _, text := range c.fails {
				require.ErrorContains(t, err, text)
			}
		})
	}
}
