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

// slow returns a reply whose n-th attempt takes the n-th time and fails where
// that is negative.
func slow(times ...time.Duration) func(context.Context, int, *converse.Request) (*converse.Answer, error) {
	return func(ctx context.Context, n int, _ *converse.Request) (*converse.Answer, error) {
		d := times[min(n, len(times))-1]
		select {
		case <-time.After(max(d, -d)):
			if d < 0 {
				return nil, &converse.Error{Class: converse.Filtered, Status: 200, Usage: converse.Usage{Input: inputTokens}}
			}
			return answer("7"), nil
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

func TestHedge(t *testing.T) {
	const after = 5 * time.Second
	one := converse.Usage{Input: inputTokens, Output: outputTokens}
	for _, c := range []struct {
		name     string
		times    []time.Duration
		took     time.Duration
		attempts int
		lost     int
		usage    converse.Usage
		class    converse.Class
	}{
		{"quick enough", []time.Duration{4 * time.Second}, 4 * time.Second, 1, 0, one, ""},
		{"the second is quicker", []time.Duration{30 * time.Second, time.Second}, 6 * time.Second, 2, 1, one, ""},
		{"the first is quicker all the same", []time.Duration{7 * time.Second, 20 * time.Second}, 7 * time.Second, 2, 1, one, ""},
		{"both at once are both paid", []time.Duration{7 * time.Second, 2 * time.Second}, 7 * time.Second, 2, 0, one.Add(one), ""},
		{"the first fails", []time.Duration{-6 * time.Second, 3 * time.Second}, 8 * time.Second, 2, 0, one.Add(converse.Usage{Input: inputTokens}), ""},
		{"the second fails", []time.Duration{8 * time.Second, -time.Second}, 8 * time.Second, 2, 0, one.Add(converse.Usage{Input: inputTokens}), ""},
		{"both fail", []time.Duration{-8 * time.Second, -time.Second}, 8 * time.Second, 2, 0, converse.Usage{Input: 2 * inputTokens}, converse.Filtered},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := &service{reply: slow(c.times...)}
				caller := newCaller(s, func(settings *calls.Settings) { settings.HedgeAfter = calls.Hedge{After: after} })
				start := time.Now()
				a, err := caller.Converse(t.Context(), ask(0))
				require.Equal(t, c.took, time.Since(start))
				require.Equal(t, c.class, converse.ClassOf(err))
				require.Len(t, s.sent(), c.attempts)
				totals := caller.Totals()
				require.Equal(t, c.attempts, totals.Attempts)
				require.Equal(t, c.attempts-1, totals.Hedged)
				if c.name == "both at once are both paid" {
					// Which of the two is heard first is chance; the other may
					// have been given up by then.
					require.Equal(t, c.usage.Input, totals.Usage.Input+totals.Abandoned*inputTokens)
				} else {
					require.Equal(t, c.lost, totals.Abandoned)
					require.Equal(t, c.usage, totals.Usage)
				}
				require.Equal(t, totals.Usage, usage([]*converse.Answer{a}, []error{err}))
				require.NoError(t, caller.Close())
			})
		})
	}
}

// TestHedgeByPercentile has nothing to go by at first.
func TestHedgeByPercentile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &service{reply: func(ctx context.Context, n int, q *converse.Request) (*converse.Answer, error) {
			d := time.Duration(n) * 100 * time.Millisecond
			if n == 1 || n == 25 {
				d = time.Minute
			}
			return slow(d)(ctx, 1, q)
		}}
		c := newCaller(s, func(settings *calls.Settings) {
			settings.HedgeAfter, settings.AttemptTimeout = calls.Hedge{Percentile: 75}, calls.Duration(2*time.Minute)
		})
		for i := range 24 {
			_, err := c.Converse(t.Context(), ask(i))
			require.NoError(t, err)
		}
		// From the 20th answer on there is a percentile, and each answer is slower.
		before := c.Totals().Hedged
		start := time.Now()
		_, err := c.Converse(t.Context(), ask(100))
		require.NoError(t, err)
		require.Less(t, time.Since(start), 10*time.Second)
		require.Equal(t, before+1, c.Totals().Hedged)
		require.NoError(t, c.Close())
	})
}

// TestHedgeKeepsToTheQuota: a second attempt is made only where nobody has to
// wait for it.
func TestHedgeKeepsToTheQuota(t *testing.T) {
	for name, change := range map[string]func(*calls.Settings){
		"concurrency": func(s *calls.Settings) { s.Concurrency = 1 },
		"requests":    func(s *calls.Settings) { s.Limits.RPM = 1 },
		"tokens":      func(s *calls.Settings) { s.Limits.TPM = 500 },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := &service{reply: slow(8 * time.Second)}
				c := newCaller(s, func(settings *calls.Settings) {
					settings.HedgeAfter = calls.Hedge{After: time.Second}
					change(settings)
				})
				_, err := c.Converse(t.Context(), ask(0))
				require.NoError(t, err)
				require.Len(t, s.sent(), 1)
				require.NoError(t, c.Close())
			})
		})
	}
}
