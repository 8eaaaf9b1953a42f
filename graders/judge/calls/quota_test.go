package calls_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/graders/judge/calls"
	"github.com/rftgrader/rftgrader/graders/judge/converse"
)

// withinQuota puts n questions to a service with quotas that the Caller knows,
// and checks that the service never had to throttle and that it took no more
// than a tenth longer than it must.
func withinQuota(t *testing.T, n int, s *service, ideal time.Duration, change func(*calls.Settings)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		c := newCaller(s, func(settings *calls.Settings) {
			settings.Limits = calls.Limits{RPM: s.rpm, TPM: s.tpm, Burndown: float64(s.burndown)}
			if change != nil {
				change(settings)
			}
		})
		start := time.Now()
		ctx, cancel := context.WithTimeout(t.Context(), 15*time.Minute)
		defer cancel()
		answers, errs := all(ctx, c, n)
		took := time.Since(start)
		require.Equal(t, map[converse.Class]int{"": n}, classes(errs))
		require.Equal(t, n, len(s.sent()))
		require.Zero(t, s.throttled, "the quota was exceeded")
		require.Equal(t, s.charged, usage(answers, errs))
		t.Logf("%d questions in %v, ideal %v", n, took, ideal)
		require.LessOrEqual(t, took, ideal+ideal/10)
		require.NoError(t, c.Close())
	})
}

func TestRequestsPerMinute(t *testing.T) {
	// 1,064 requests are 2 full minutes and 64 requests of a third.
	withinQuota(t, 1064, &service{rpm: 500, latency: 2 * time.Second}, 2*time.Minute+2*time.Second, nil)
}

func TestTokensPerMinute(t *testing.T) {
	// A call is charged 100 + 20*5 = 200 tokens when it ends, and 400 must be
	// free when it begins: 499 calls a minute. 1,900 calls are 3 full minutes
	// and the 14 s that 403 calls take, 64 at once.
	withinQuota(t, 1900, &service{tpm: 100_000, burndown: 5, latency: 2 * time.Second}, 3*time.Minute+14*time.Second, nil)
}

func TestBothQuotas(t *testing.T) {
	withinQuota(t, 1000, &service{rpm: 200, tpm: 60_000, burndown: 5, latency: time.Second}, 4*time.Minute+2*time.Second, nil)
}

// TestTinyQuota has a quota that one call fills.
func TestTinyQuota(t *testing.T) {
	withinQuota(t, 5, &service{rpm: 1}, 4*time.Minute, nil)
	withinQuota(t, 5, &service{tpm: 420, burndown: 1}, 4*time.Minute, nil)
}

// TestQuotaIsSmallerThanACall: the lane lets a call through alone, and what the
// service says is what counts.
func TestQuotaIsSmallerThanACall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &service{tpm: 300}
		c := newCaller(s, func(settings *calls.Settings) { settings.Limits.TPM = 300 })
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		_, err := c.Converse(ctx, ask(0))
		e := failure(t, err)
		require.Equal(t, converse.Throttled, e.Class)
		require.ErrorContains(t, e, "lower concurrency or max_tokens")
		require.NoError(t, c.Close())
	})
}

func TestConcurrency(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &service{latency: time.Second}
		c := newCaller(s, func(settings *calls.Settings) { settings.Concurrency = 16 })
		start := time.Now()
		_, errs := all(t.Context(), c, 160)
		require.Equal(t, map[converse.Class]int{"": 160}, classes(errs))
		require.Equal(t, 16, s.widest)
		require.Equal(t, 10*time.Second, time.Since(start))
		require.NoError(t, c.Close())
	})
}

// TestOrder: first come, first served, and a question that failed keeps its place.
func TestOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		failed := false
		s := &service{latency: time.Second}
		s.reply = func(_ context.Context, n int, q *converse.Request) (*converse.Answer, error) {
			if q.Key() == ask(2).Key() && !failed {
				failed = true
				return nil, &converse.Error{Class: converse.Transient, Status: 500}
			}
			return answer("7"), nil
		}
		c := newCaller(s, func(settings *calls.Settings) { settings.Concurrency = 1 })
		ended := make(chan int, 6)
		for i := range 6 {
			go func() {
				_, err := c.Converse(t.Context(), ask(i))
				if err != nil {
					t.Error(err)
				}
				ended <- i
			}()
			synctest.Wait() // it has its place
		}
		var order []int
		for range 6 {
			order = append(order, <-ended)
		}
		// While 2 waits for a moment, 3 runs.
		require.Equal(t, []int{0, 1, 3, 2, 4, 5}, order)
		require.NoError(t, c.Close())
	})
}
