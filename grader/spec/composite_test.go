package spec_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/grader/spec"
)

// rollout has metadata of alternating names and values.
func rollout(fields ...any) *grader.Rollout {
	r := &grader.Rollout{Metadata: map[string]json.RawMessage{}}
	for i := 0; i < len(fields); i += 2 {
		b, err := json.Marshal(fields[i+1])
		if err != nil {
			panic(err)
		}
		r.Metadata[fields[i].(string)] = b
	}
	return r
}

func grade(t *testing.T, text string, r *grader.Rollout) (grader.Result, error) {
	t.Helper()
	return parse(t, text).Grader().Grade(context.Background(), r)
}

func TestOneGrader(t *testing.T) {
	res, err := grade(t, "version: 1\ngraders: {only: {type: constant, score: 0.5, found: x, reason: because}}\n", rollout())
	require.NoError(t, err)
	require.Equal(t, grader.Result{
		Score: 0.5, Found: "x", Reason: "because",
		Metrics: []grader.Metric{grader.Reward("only", 0.5), grader.Measure("only.half", 0.25)},
	}, res)
	require.NoError(t, res.Check())
}

func TestFormulaIsLazy(t *testing.T) {
	const text = `version: 1
graders:
  correct: {type: field, name: correct}
  style: {type: constant, score: 0.5, found: style, reason: plain}
  broken: {type: fails, fault: transient}
score: gate(correct, 0.8*correct + 0.2*style) + if(correct > 1, broken, 0)
`
	t.Run("gate open", func(t *testing.T) {
		res, err := grade(t, text, rollout("correct", 1))
		require.NoError(t, err)
		require.InDelta(t, 0.9, res.Score, 1e-12)
		require.Equal(t, []grader.Metric{grader.Reward("correct", 1), grader.Reward("style", 0.5), grader.Measure("style.half", 0.25)}, res.Metrics)
		require.Equal(t, "correct", res.Found)
		require.Equal(t, "correct: 1; style: 0.5 (plain)", res.Reason)
	})
	t.Run("gate shut", func(t *testing.T) {
		res, err := grade(t, text, rollout("correct", 0))
		require.NoError(t, err)
		require.Zero(t, res.Score)
		require.Equal(t, []grader.Metric{grader.Reward("correct", 0)}, res.Metrics, "no metric of what was not called")
		require.Equal(t, "correct: 0", res.Reason)
	})
	t.Run("needed grader fails", func(t *testing.T) {
		res, err := grade(t, text, rollout("correct", 2))
		require.EqualError(t, err, "broken: as it was told to")
		require.Equal(t, grader.FaultTransient, grader.FaultOf(err))
		require.Zero(t, res)
	})
}

func TestOneCallForEachGrader(t *testing.T) {
	var calls atomic.Int64
	kind := grader.Define("counted", "Counts its calls.", struct{}{}, func(*grader.Env, struct{}) (grader.Grader, error) {
		return grader.Func(func(context.Context, *grader.Rollout) (grader.Result, error) {
			calls.Add(1)
			return grader.Result{Score: 1}, nil
		}), nil
	})
	s, err := spec.Parse("g.yaml", []byte("version: 1\ngraders: {a: {type: counted}}\nscore: a + a*a - if(a, a, a)\n"), []*grader.Kind{kind})
	require.NoError(t, err)
	_, err = s.Grader().Grade(context.Background(), rollout())
	require.NoError(t, err)
	require.EqualValues(t, 1, calls.Load())
}

func TestErrorsKeepTheirFault(t *testing.T) {
	for fault, want := range map[string]grader.Fault{
		"data": grader.FaultData, "transient": grader.FaultTransient, "permanent": grader.FaultPermanent,
		"deadline": grader.FaultDeadline, "plain": grader.FaultPermanent, "nan": grader.FaultPermanent,
	} {
		t.Run(fault, func(t *testing.T) {
			_, err := grade(t, "version: 1\ngraders: {a: {type: constant}, bad: {type: fails, fault: "+fault+"}}\nscore: a*bad\n", rollout())
			require.ErrorContains(t, err, "bad: ")
			require.Equal(t, want, grader.FaultOf(err))
			if fault == "data" {
				require.NotContains(t, err.Error(), "secret")
				require.Contains(t, grader.Explain(err), "secret")
			}
		})
	}
}

func TestContextIsDone(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	for _, text := range []string{"{type: constant}", "{type: rank}"} {
		s := parse(t, "version: 1\ngraders: {a: "+text+"}\n")
		_, err := s.Grader().Grade(ctx, rollout("length", 1))
		require.Equal(t, grader.FaultDeadline, grader.FaultOf(err))
		require.ErrorIs(t, err, context.Canceled)
		if b, ok := s.Grader().(grader.BatchGrader); ok {
			_, errs := b.GradeBatch(ctx, []*grader.Rollout{rollout("length", 1)})
			require.Equal(t, grader.FaultDeadline, grader.FaultOf(errs[0]))
		}
	}
}

func TestRange(t *testing.T) {
	const text = "version: 1\ngraders: {a: {type: field}}\nscore: a\nrange: [0, 1]\n"
	for _, c := range []struct {
		name        string
		score, want float64
		refused     bool
	}{
		{"inside", 0.5, 0.5, false},
		{"lower bound", 0, 0, false},
		{"upper bound", 1, 1, false},
		{"noise above", 1 + 1e-10, 1, false},
		{"noise below", -1e-10, 0, false},
		{"above", 1.001, 0, true},
		{"below", -0.001, 0, true},
		{"just more than noise", 1 + 2e-9, 0, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			res, err := grade(t, text, rollout("score", c.score))
			if c.refused {
				require.Equal(t, grader.FaultPermanent, grader.FaultOf(err))
				require.ErrorContains(t, err, fmt.Sprintf("the formula a gives %v, outside the range 0 to 1: write clamp(a, 0, 1)", c.score))
				return
			}
			require.NoError(t, err)
			require.Equal(t, c.want, res.Score)
		})
	}
	t.Run("noise grows with the bound", func(t *testing.T) {
		res, err := grade(t, strings.ReplaceAll(text, "1]", "1000]"), rollout("score", 1000+1e-7))
		require.NoError(t, err)
		require.Equal(t, 1000.0, res.Score)
	})
}

func TestRoute(t *testing.T) {
	const text = `version: 1
graders:
  math: {type: field, name: m}
  code: {type: field, name: c}
route:
  by: /metadata/task
  math: math
  code: 0.5*code + 0.5*math
  "1": code
  "true": code
  yes: code
`
	for _, c := range []struct {
		name string
		task any
		want float64
	}{
		{"a formula", "code", 0.75}, {"a grader", "math", 1}, {"a number", 1, 0.5}, {"a Boolean", true, 0.5}, {"the text yes", "yes", 0.5},
	} {
		t.Run(c.name, func(t *testing.T) {
			res, err := grade(t, text, rollout("task", c.task, "m", 1, "c", 0.5))
			require.NoError(t, err)
			require.Equal(t, c.want, res.Score)
		})
	}
	t.Run("the only grader of a route gives the reason", func(t *testing.T) {
		res, err := grade(t, strings.ReplaceAll(text, "field, name: m", "constant, reason: because"), rollout("task", "math"))
		require.NoError(t, err)
		require.Equal(t, "because", res.Reason)
	})
	t.Run("no such value", func(t *testing.T) {
		_, err := grade(t, text, rollout("task", "poetry"))
		require.EqualError(t, err, "/metadata/task: the route has no such value: want one of math, code, 1, true, yes, or add it to the spec's route")
		require.Equal(t, grader.FaultData, grader.FaultOf(err))
		require.Contains(t, grader.Explain(err), "poetry")
	})
	t.Run("no such field", func(t *testing.T) {
		_, err := grade(t, text, rollout())
		require.EqualError(t, err, "/metadata/task: the rollout has no such field; the route wants one of math, code, 1, true, yes")
		require.Equal(t, grader.FaultData, grader.FaultOf(err))
	})
	t.Run("not a text", func(t *testing.T) {
		_, err := grade(t, text, rollout("task", []string{"math"}))
		require.ErrorContains(t, err, "the route wants one of math")
		require.Equal(t, grader.FaultData, grader.FaultOf(err))
	})
	t.Run("many values", func(t *testing.T) {
		many := "version: 1\ngraders: {a: {type: constant}}\nroute:\n  by: /id\n"
		for i := range 20 {
			many += fmt.Sprintf("  v%d: a\n", i)
		}
		_, err := grade(t, many, rollout())
		require.ErrorContains(t, err, "v11 and 8 more")
	})
}

func TestBatchIfAndOnlyIf(t *testing.T) {
	for text, want := range map[string]bool{
		"a: {type: constant}":                    false,
		"a: {type: rank}":                        true,
		"a: {type: constant}\n  b: {type: rank}": true,
	} {
		score := "a"
		if strings.Contains(text, "b:") {
			score = "a*b"
		}
		_, ok := parse(t, "version: 1\ngraders:\n  "+text+"\nscore: "+score+"\n").Grader().(grader.BatchGrader)
		require.Equal(t, want, ok, text)
	}
}

// probe builds a spec whose grader "rank" is at hand.
func probe(t *testing.T, text string, more ...*grader.Kind) (grader.BatchGrader, map[string]*ranking) {
	t.Helper()
	rankings := map[string]*ranking{}
	kind := grader.Define("rank", "The share of the batch that a rollout beats.", rankOptions{Field: "length"},
		func(env *grader.Env, o rankOptions) (grader.Grader, error) {
			rankings[env.Name] = &ranking{field: o.Field}
			return rankings[env.Name], nil
		})
	s, err := spec.Parse("g.yaml", []byte(text), append([]*grader.Kind{kind, constant(), field(), fails()}, more...))
	require.NoError(t, err)
	b, ok := s.Grader().(grader.BatchGrader)
	require.True(t, ok)
	return b, rankings
}

func scores(results []grader.Result) []float64 {
	out := make([]float64, len(results))
	for i, r := range results {
		out[i] = r.Score
	}
	return out
}

func TestGradeBatch(t *testing.T) {
	const text = `version: 1
graders:
  correct: {type: field, name: correct}
  short: {type: rank}
score: gate(correct, correct + short)
`
	b, rankings := probe(t, text)
	rs := []*grader.Rollout{
		rollout("correct", 1, "length", 10), rollout("correct", 0), rollout("correct", 1, "length", 30),
		rollout("length", 40), rollout("correct", 1, "length", 20), rollout("correct", 1, "length", "long"),
	}
	results, errs := b.GradeBatch(context.Background(), rs)
	require.Equal(t, []float64{1, 0, 1.5, 0, 1.25, 0}, scores(results), "only those behind an open gate are ranked")
	require.EqualError(t, errs[3], "correct: /metadata/correct: want a number")
	require.EqualError(t, errs[5], "short: /metadata/length: want a number")
	for _, i := range []int{0, 1, 2, 4} {
		require.NoError(t, errs[i])
	}
	require.Equal(t, "correct: 1; short: 0.5 (beats 2 of 4)", results[2].Reason)
	require.EqualValues(t, 1, rankings["short"].calls.Load())

	results, errs = b.GradeBatch(context.Background(), nil)
	require.Empty(t, results)
	require.Empty(t, errs)
}

// TestRoundsWaitForEachOther has rollouts that need the same grader in
// different rounds: it is called once, with all of them.
func TestRoundsWaitForEachOther(t *testing.T) {
	b, rankings := probe(t, `version: 1
graders:
  first: {type: rank, field: a}
  second: {type: rank, field: b}
  easy: {type: field, name: easy}
score: if(easy, second, gate(first, second))
`)
	rs := []*grader.Rollout{
		rollout("easy", 0, "a", 1, "b", 1), rollout("easy", 1, "b", 2), rollout("easy", 0, "a", 2, "b", 3), rollout("easy", 1, "b", 0),
	}
	results, errs := b.GradeBatch(context.Background(), rs)
	for _, err := range errs {
		require.NoError(t, err)
	}
	require.Equal(t, []float64{0, 1. / 3, 2. / 3, 0}, scores(results))
	require.EqualValues(t, 1, rankings["first"].calls.Load())
	require.EqualValues(t, 1, rankings["second"].calls.Load())
}

// TestRoundsThatCross has routes that need two graders in opposite order.
func TestRoundsThatCross(t *testing.T) {
	const text = `version: 1
graders:
  first: {type: rank, field: a}
  second: {type: rank, field: b}
route: {by: /metadata/task, x: first + second, y: second + first}
`
	b, _ := probe(t, text)
	x := func(a, b any) *grader.Rollout { return rollout("task", "x", "a", a, "b", b) }
	y := func(a, b any) *grader.Rollout { return rollout("task", "y", "a", a, "b", b) }
	_, errs := b.GradeBatch(context.Background(), []*grader.Rollout{x(1, 1), y(2, 2), x(3, 3), y(4, 4)})
	require.Equal(t, make([]error, 4), errs)

	t.Run("all of one route fail", func(t *testing.T) {
		results, errs := b.GradeBatch(context.Background(), []*grader.Rollout{x("", 1), y(2, 2), x("", 3), y(4, 4)})
		require.Error(t, errs[0])
		require.Error(t, errs[2])
		require.NoError(t, errs[1])
		require.NoError(t, errs[3])
		require.Equal(t, []float64{0, 0, 0, 1}, scores(results))
	})
}

// TestPermutation gives the same results in the new order.
func TestPermutation(t *testing.T) {
	b, _ := probe(t, "version: 1\ngraders: {c: {type: field, name: c}, r: {type: rank}}\nscore: gate(c, r)\n")
	var rs, reversed []*grader.Rollout
	for i := range 40 {
		rs = append(rs, rollout("c", i%3, "length", i*7%40))
		reversed = append([]*grader.Rollout{rs[i]}, reversed...)
	}
	want, _ := b.GradeBatch(context.Background(), rs)
	got, _ := b.GradeBatch(context.Background(), reversed)
	for i := range want {
		require.Equal(t, want[i], got[len(got)-1-i])
	}
}

func TestGradeBatchKeepsTheOthers(t *testing.T) {
	odd := func(name string, f func(ctx context.Context, rs []*grader.Rollout) ([]grader.Result, []error)) *grader.Kind {
		return grader.Define(name, "Misbehaves together.", struct{}{}, func(*grader.Env, struct{}) (grader.Grader, error) {
			return together(f), nil
		})
	}
	batchKinds := []*grader.Kind{
		odd("batch_panic", func(context.Context, []*grader.Rollout) ([]grader.Result, []error) { panic("secret") }),
		odd("batch_short", func(_ context.Context, rs []*grader.Rollout) ([]grader.Result, []error) {
			return make([]grader.Result, len(rs)-1), make([]error, len(rs))
		}),
		odd("batch_nan", func(_ context.Context, rs []*grader.Rollout) ([]grader.Result, []error) {
			results := make([]grader.Result, len(rs))
			for i := range results {
				results[i].Metrics = []grader.Metric{{Value: 1}}
			}
			return results, make([]error, len(rs))
		}),
	}
	for _, c := range []struct{ name, bad, want string }{
		{"panic", "{type: fails, fault: panic}", "bad: the grader panicked with a value of type string, at github.com/rftgrader/rftgrader/grader/spec_test.failure (kinds_test.go:"},
		{"runtime panic", "{type: index}", "bad: the grader panicked: runtime error: index out of range [3] with length 0, at github.com/rftgrader/rftgrader/grader/spec_test.index.func1.1 (kinds_test.go:"},
		{"goexit", "{type: goexit}", "bad: the grader ended its goroutine"},
		{"not finite", "{type: fails, fault: nan}", "bad: the grader's score is NaN"},
		{"batch panics", "{type: batch_panic}", "bad: the grader panicked with a value of type string, at github.com/rftgrader/rftgrader/grader/spec_test.TestGradeBatchKeepsTheOthers.func2 (composite_test.go:"},
		{"batch of another length", "{type: batch_short}", "bad: the grader gave 0 results and 1 errors for 1 rollouts"},
		{"batch with a bad metric", "{type: batch_nan}", "bad: a metric has no name"},
	} {
		t.Run(c.name, func(t *testing.T) {
			text := "version: 1\ngraders: {rank: {type: rank}, bad: " + c.bad + ", which: {type: field, name: bad}}\nscore: if(which, bad, rank)\nconcurrency: 2\n"
			b, _ := probe(t, text, append(batchKinds, index(), goexit())...)
			results, errs := b.GradeBatch(context.Background(), []*grader.Rollout{
				rollout("bad", 0, "length", 1), rollout("bad", 1), rollout("bad", 0, "length", 2),
			})
			require.Equal(t, []float64{0, 0, 0.5}, scores(results))
			require.NoError(t, errs[0])
			require.NoError(t, errs[2])
			require.ErrorContains(t, errs[1], c.want)
			require.NotContains(t, errs[1].Error(), "secret")
			require.Equal(t, grader.FaultPermanent, grader.FaultOf(errs[1]))
		})
	}
}

type together func(ctx context.Context, rs []*grader.Rollout) ([]grader.Result, []error)

func (f together) GradeBatch(ctx context.Context, rs []*grader.Rollout) ([]grader.Result, []error) {
	return f(ctx, rs)
}

func (f together) Grade(context.Context, *grader.Rollout) (grader.Result, error) {
	return grader.Result{}, errors.New("only together")
}

// TestGradeBatchIsBounded grades ten rollouts of a second each, three at once.
func TestGradeBatchIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var now, most atomic.Int64
		kind := grader.Define("second", "Takes a second.", struct{}{}, func(*grader.Env, struct{}) (grader.Grader, error) {
			return grader.Func(func(context.Context, *grader.Rollout) (grader.Result, error) {
				n := now.Add(1)
				for m := most.Load(); n > m && !most.CompareAndSwap(m, n); m = most.Load() {
				}
				time.Sleep(time.Second)
				now.Add(-1)
				return grader.Result{Score: 1}, nil
			}), nil
		})
		b, _ := probe(t, "version: 1\ngraders: {a: {type: second}, r: {type: rank}}\nscore: a + 0*r\nconcurrency: 3\n", kind)
		rs := make([]*grader.Rollout, 10)
		for i := range rs {
			rs[i] = rollout("length", i)
		}
		start := time.Now()
		_, errs := b.GradeBatch(context.Background(), rs)
		require.Equal(t, make([]error, 10), errs)
		require.EqualValues(t, 3, most.Load())
		require.Equal(t, 4*time.Second, time.Since(start))
	})
}
