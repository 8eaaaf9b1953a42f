package batch_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/grader/batch"
)

// rollout makes an item whose answer tells the test grader what to do.
func rollout(id, prompt, answer string) grader.Item {
	messages := []map[string]string{{"role": "user", "content": prompt}, {"role": "assistant", "content": answer}}
	if prompt == "" {
		messages = messages[1:]
	}
	quoted, err := json.Marshal(map[string]any{"id": id, "messages": messages})
	if err != nil {
		panic(err)
	}
	return grader.DecodeRollout(quoted)
}

// actor grades as the answer says: "score 0.5", "panic", "hang" until the
// context ends, "deaf" until release is closed, "exit", "transient", ...
type actor struct {
	calls   atomic.Int64
	release chan struct{}
}

func newActor() *actor { return &actor{release: make(chan struct{})} }

func (a *actor) Grade(ctx context.Context, r *grader.Rollout) (grader.Result, error) {
	a.calls.Add(1)
	verb, arg, _ := strings.Cut(r.Response(), " ")
	switch verb {
	case "score":
		var score float64
		if _, err := fmt.Sscan(arg, &score); err != nil {
			return grader.Result{}, grader.Permanentf("the test has a bad answer")
		}
		return grader.Result{Score: score, Reason: "as told"}, nil
	case "sleep":
		d, err := time.ParseDuration(arg)
		if err != nil {
			return grader.Result{}, err
		}
		select {
		case <-time.After(d):
			return grader.Result{Score: 1}, nil
		case <-ctx.Done():
			return grader.Result{}, ctx.Err()
		}
	case "panic":
		var nothing []int
		_ = nothing[len(arg)]
	case "panic-text":
		panic("the answer was " + arg)
	case "exit":
		runtime.Goexit()
	case "hang":
		<-ctx.Done()
		return grader.Result{}, fmt.Errorf("asking: %w", ctx.Err())
	case "deaf":
		<-a.release
		return grader.Result{Score: 1, Reason: "late"}, nil
	case "nan":
		return grader.Result{Score: nan()}, nil
	case "data":
		return grader.Result{}, grader.Dataf("/reference_answer", "no number")
	case "transient":
		return grader.Result{}, grader.Transientf("throttled")
	case "permanent":
		return grader.Result{}, grader.Permanentf("access denied")
	case "untyped":
		return grader.Result{}, errors.New("something broke")
	}
	return grader.Result{}, nil
}

func nan() float64 { var zero float64; return zero / zero }

// rowdy is a batch of good rollouts with every way to misbehave among them.
func rowdy() (items []grader.Item, want []grader.Fault) {
	add := func(answer string, fault grader.Fault) {
		items = append(items, rollout(fmt.Sprintf("r%d", len(items)), "one prompt", answer))
		want = append(want, fault)
	}
	for i := range 30 {
		add(fmt.Sprintf("score 0.%02d", i), "")
	}
	add("panic", grader.FaultPermanent)
	add("exit", grader.FaultPermanent)
	add("hang", grader.FaultDeadline)
	add("deaf", grader.FaultDeadline)
	add("nan", grader.FaultPermanent)
	add("transient", grader.FaultTransient)
	add("permanent", grader.FaultPermanent)
	add("untyped", grader.FaultPermanent)
	add("data", grader.FaultData)
	items = append(items, grader.DecodeRollout([]byte(`{"id":"r39","messages":7}`)))
	want = append(want, grader.FaultData)
	for i := range 30 {
		add(fmt.Sprintf("score 1.%02d", i), "")
	}
	return items, want
}

func TestRowdyBatchIsAnsweredInTimeAndWhole(t *testing.T) {
	for _, concurrency := range []int{1, 2, 64} {
		for _, reserve := range []time.Duration{0, 100 * time.Millisecond, 2 * time.Second} {
			for _, left := range []time.Duration{time.Second, 3 * time.Second, time.Minute} {
				t.Run(fmt.Sprintf("concurrency %d, reserve %v, %v left", concurrency, reserve, left), func(t *testing.T) {
					synctest.Test(t, func(t *testing.T) {
						a := newActor()
						// synctest fails the test if a goroutine is left at its end.
						defer close(a.release)
						items, want := rowdy()
						runner := batch.Runner{Grader: a, Concurrency: concurrency, Reserve: reserve}
						ctx, cancel := context.WithTimeout(t.Context(), left)
						defer cancel()
						deadline, _ := ctx.Deadline()

						outcomes := runner.Run(ctx, items)

						kept := reserve
						if kept == 0 {
							kept = min(max(left/10, 250*time.Millisecond), 5*time.Second)
						}
						kept = min(kept, left/2)
						require.True(t, time.Now().Before(deadline.Add(-kept)), "answered %v before the deadline", time.Until(deadline))
						require.Len(t, outcomes, len(items))
						for i, o := range outcomes {
							require.Equal(t, want[i], o.Fault(), "outcome %d: %v", i, o.Err)
							require.Equal(t, items[i].ID, o.Item.ID)
							if o.Graded() {
								require.InDelta(t, float64(i%40)/100, o.Result.Score-float64(i/40), 1e-9)
							}
						}
					})
				})
			}
		}
	}
}

func TestRowdyBatchUnderEveryPolicy(t *testing.T) {
	actions := map[string]grader.Action{"fail": grader.Fail(), "neutral": grader.Neutral(), "number": grader.Impute(-0.5)}
	for name, action := range actions {
		for _, fault := range grader.Faults() {
			t.Run(name+" for "+string(fault), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					a := newActor()
					defer close(a.release)
					items, want := rowdy()
					policy := grader.Policy{MaxUngraded: 1, OnError: map[grader.Fault]grader.Action{}}
					for _, f := range grader.Faults() {
						policy.OnError[f] = grader.Impute(0.25)
					}
					policy.OnError[fault] = action
					ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
					defer cancel()
					runner := batch.Runner{Grader: a}
					scores, err := batch.Settle(runner.Run(ctx, items), policy)

					// The malformed rollout has no prompt, so it has no mates to be neutral with.
					if action.IsFail() || action.IsNeutral() && fault == grader.FaultData {
						var failure *batch.Failure
						require.ErrorAs(t, err, &failure)
						require.Equal(t, fault, failure.Fault)
						require.Nil(t, scores)
						return
					}
					require.NoError(t, err)
					require.Len(t, scores, len(items))
					for i, s := range scores {
						require.Equal(t, items[i].ID, s.ID)
						switch {
						case want[i] == "":
							require.Empty(t, s.Metrics)
						case want[i] != fault:
							require.Equal(t, 0.25, s.Reward)
						case action.IsNeutral():
							require.InDelta(t, (29*0.01/2+1+29*0.01/2)/2, s.Reward, 1e-12)
						default:
							require.Equal(t, -0.5, s.Reward)
						}
						if want[i] != "" {
							require.Equal(t, []grader.Metric{{Name: "ungraded", Value: 1, Type: grader.MetricMeasure}}, s.Metrics)
						}
					}
				})
			})
		}
	}
}

func TestDeafGradersLendTheirPlace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := newActor()
		defer close(a.release)
		items := []grader.Item{rollout("deaf", "p", "deaf")}
		for i := range 20 {
			items = append(items, rollout(fmt.Sprint(i), "p", fmt.Sprintf("score %d", i)))
		}
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		runner := batch.Runner{Grader: a, Concurrency: 1}
		outcomes := runner.Run(ctx, items)
		require.Equal(t, grader.FaultDeadline, outcomes[0].Fault())
		require.ErrorContains(t, outcomes[0].Err, "did not return")
		for _, o := range outcomes[1:] {
			require.NoError(t, o.Err)
		}
	})
}

func TestNothingIsBegunWhenTimeIsOver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := newActor()
		var items []grader.Item
		for i := range 100 {
			items = append(items, rollout(fmt.Sprint(i), fmt.Sprintf("prompt %d", i), "sleep 400ms"))
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		runner := batch.Runner{Grader: a, Concurrency: 2}
		outcomes := runner.Run(ctx, items)
		require.NoError(t, outcomes[0].Err)
		require.Equal(t, grader.FaultDeadline, outcomes[99].Fault())
		require.ErrorContains(t, outcomes[99].Err, "did not begin")
		require.Less(t, a.calls.Load(), int64(50))
	})
}

func TestCancelReturnsSoon(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := newActor()
		defer close(a.release)
		ctx, cancel := context.WithCancel(t.Context())
		start := time.Now()
		time.AfterFunc(time.Second, cancel)
		runner := batch.Runner{Grader: a}
		outcomes := runner.Run(ctx, []grader.Item{rollout("a", "p", "hang"), rollout("b", "p", "score 1"), rollout("c", "p", "deaf")})
		require.LessOrEqual(t, time.Since(start), 3*time.Second)
		require.ErrorContains(t, outcomes[0].Err, "interrupted")
		require.NoError(t, outcomes[1].Err)
		require.Equal(t, grader.FaultDeadline, outcomes[2].Fault())
	})
}

func TestEqualRolloutsAreGradedOnce(t *testing.T) {
	a := newActor()
	items := []grader.Item{
		rollout("x", "p", "score 0.5"), rollout("y", "p", "score 0.5"), rollout("x", "p", "score 0.5"),
		rollout("x", "q", "score 0.5"), rollout("z", "p", "data"), rollout("z", "p", "data"),
	}
	runner := batch.Runner{Grader: a}
	outcomes := runner.Run(t.Context(), items)
	require.EqualValues(t, 3, a.calls.Load())
	for i, o := range outcomes[:4] {
		require.NoError(t, o.Err)
		require.Equal(t, 0.5, o.Result.Score, "outcome %d", i)
	}
	require.Equal(t, batch.FromDuplicate, outcomes[1].Source)
	require.Equal(t, batch.FromDuplicate, outcomes[2].Source)
	require.Equal(t, batch.FromGrader, outcomes[3].Source)
	require.Equal(t, grader.FaultData, outcomes[5].Fault())
}

func TestRetryGradesOnlyWhatIsMissing(t *testing.T) {
	cache, err := batch.NewCache(100)
	require.NoError(t, err)
	flaky := &struct {
		*actor
		down atomic.Bool
	}{actor: newActor()}
	flaky.down.Store(true)
	g := grader.Func(func(ctx context.Context, r *grader.Rollout) (grader.Result, error) {
		if strings.HasSuffix(r.Response(), "7") && flaky.down.Load() {
			flaky.calls.Add(1)
			return grader.Result{}, grader.Transientf("throttled")
		}
		return flaky.Grade(ctx, r)
	})
	var items []grader.Item
	for i := range 20 {
		items = append(items, rollout(fmt.Sprint(i), "p", fmt.Sprintf("score %d", i)))
	}
	runner := batch.Runner{Grader: g, Cache: cache, Scope: "spec 1"}
	outcomes := runner.Run(t.Context(), items)
	_, err = batch.Settle(outcomes, grader.DefaultPolicy())
	require.ErrorContains(t, err, "throttled")
	require.EqualValues(t, 20, flaky.calls.Load())

	flaky.down.Store(false)
	outcomes = runner.Run(t.Context(), items)
	require.EqualValues(t, 22, flaky.calls.Load(), "only the two throttled ones are asked again")
	scores, err := batch.Settle(outcomes, grader.DefaultPolicy())
	require.NoError(t, err)
	for i, s := range scores {
		require.Equal(t, float64(i), s.Reward)
	}
	require.Equal(t, 18, batch.Summarize(outcomes).Kept)

	other := batch.Runner{Grader: g, Cache: cache, Scope: "spec 2"}
	other.Run(t.Context(), items)
	require.EqualValues(t, 42, flaky.calls.Load(), "another spec shares nothing")
}

func TestLateResultsAreKeptForTheRetry(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cache, err := batch.NewCache(10)
		require.NoError(t, err)
		a := newActor()
		runner := batch.Runner{Grader: a, Cache: cache}
		items := []grader.Item{rollout("a", "p", "deaf")}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		require.Equal(t, grader.FaultDeadline, runner.Run(ctx, items)[0].Fault())
		close(a.release)
		synctest.Wait()
		outcome := runner.Run(t.Context(), items)[0]
		require.NoError(t, outcome.Err)
		require.Equal(t, batch.FromCache, outcome.Source)
		require.EqualValues(t, 1, a.calls.Load())
	})
}

func TestCacheIsBounded(t *testing.T) {
	cache, err := batch.NewCache(8)
	require.NoError(t, err)
	runner := batch.Runner{Grader: newActor(), Cache: cache}
	for i := range 50 {
		runner.Run(t.Context(), []grader.Item{rollout("a", "p", fmt.Sprintf("score %d", i))})
	}
	require.Equal(t, 8, cache.Len())
	_, err = batch.NewCache(0)
	require.Error(t, err)
}

func TestPanicsSayWhereAndQuoteNothing(t *testing.T) {
	runner := batch.Runner{Grader: newActor()}
	outcomes := runner.Run(t.Context(), []grader.Item{rollout("a", "p", "panic"), rollout("b", "p", "panic-text SECRET")})
	require.ErrorContains(t, outcomes[0].Err, "index out of range")
	require.ErrorContains(t, outcomes[0].Err, "batch_test.go:")
	require.ErrorContains(t, outcomes[1].Err, "a value of type string")
	require.NotContains(t, outcomes[1].Err.Error(), "SECRET")
}

func TestConcurrencyIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var now, most int
		var mu sync.Mutex
		g := grader.Func(func(ctx context.Context, r *grader.Rollout) (grader.Result, error) {
			mu.Lock()
			now++
			most = max(most, now)
			mu.Unlock()
			time.Sleep(time.Second)
			mu.Lock()
			now--
			mu.Unlock()
			return grader.Result{Score: 1}, nil
		})
		var items []grader.Item
		for i := range 64 {
			items = append(items, rollout(fmt.Sprint(i), "p", fmt.Sprint(i)))
		}
		runner := batch.Runner{Grader: g, Concurrency: 5}
		start := time.Now()
		runner.Run(t.Context(), items)
		require.Equal(t, 5, most)
		require.Equal(t, 13*time.Second, time.Since(start))

		most = 0
		whole := batch.Runner{Grader: g}
		start = time.Now()
		whole.Run(t.Context(), items)
		require.Equal(t, 64, most, "the usual batch waits all together")
		require.Equal(t, time.Second, time.Since(start))
	})
}

func TestProgressCountsEveryRollout(t *testing.T) {
	var seen []int
	runner := batch.Runner{Grader: newActor(), Progress: func(done, total int) {
		require.Equal(t, 4, total)
		seen = append(seen, done)
	}}
	runner.Run(t.Context(), []grader.Item{
		rollout("a", "p", "score 1"), rollout("b", "p", "score 1"), rollout("c", "p", "score 2"),
		grader.DecodeRollout([]byte(`5`)),
	})
	require.Equal(t, 1, seen[0])
	require.Equal(t, 4, seen[len(seen)-1])
	require.IsNonDecreasing(t, seen)
}

func TestEmptyBatch(t *testing.T) {
	runner := batch.Runner{Grader: newActor()}
	require.Empty(t, runner.Run(t.Context(), nil))
	scores, err := batch.Settle(nil, grader.DefaultPolicy())
	require.NoError(t, err)
	require.Empty(t, scores)
}

func TestManyDeafGradersCostOnlyThemselves(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := newActor()
		defer close(a.release)
		var items []grader.Item
		for i := range 20 {
			items = append(items, rollout(fmt.Sprint("deaf", i), fmt.Sprint("prompt ", i), "deaf"))
		}
		for i := range 80 {
			items = append(items, rollout(fmt.Sprint(i), "p", fmt.Sprintf("score %d", i)))
		}
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		defer cancel()
		runner := batch.Runner{Grader: a, Concurrency: 4}
		for i, o := range runner.Run(ctx, items) {
			require.Equal(t, i >= 20, o.Graded(), "outcome %d: %v", i, o.Err)
		}
	})
}

func TestAGraderThatEndsItsGoroutineLeavesNoSecondHeir(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		defer close(release)
		var now, most atomic.Int64
		g := grader.Func(func(ctx context.Context, r *grader.Rollout) (grader.Result, error) {
			most.Store(max(most.Load(), now.Add(1)))
			defer now.Add(-1)
			if r.Response() == "late exit" {
				time.Sleep(12 * time.Second) // beyond its share, so its place is lent
				runtime.Goexit()
			}
			time.Sleep(200 * time.Millisecond)
			return grader.Result{Score: 1}, nil
		})
		items := []grader.Item{rollout("x", "p", "late exit")}
		for i := range 30 {
			items = append(items, rollout(fmt.Sprint(i), "p", fmt.Sprint(i)))
		}
		ctx, cancel := context.WithTimeout(t.Context(), 21*time.Second)
		defer cancel()
		runner := batch.Runner{Grader: g, Concurrency: 1, Reserve: time.Second}
		outcomes := runner.Run(ctx, items)
		require.EqualValues(t, 2, most.Load(), "one stalled and one in its place, and no third after the exit")
		require.Equal(t, grader.FaultPermanent, outcomes[0].Fault())
	})
}
