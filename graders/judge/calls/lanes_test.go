package calls_test

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/graders/judge/calls"
	"github.com/rftgrader/rftgrader/graders/judge/converse"
	"github.com/rftgrader/rftgrader/graders/judge/models"
)

// together makes Callers of one model, one for each of the settings, over services of
// their own that lead to one.
func together(lanes *calls.Lanes, settings []calls.Settings, services ...converse.Caller) []*calls.Caller {
	var callers []*calls.Caller
	for i, s := range settings {
		callers = append(callers, lanes.New(services[i%len(services)], "m", "", models.Lookup("amazon.nova-lite-v1:0"), s))
	}
	return callers
}

// allOf puts n questions to each of the Callers at once.
func allOf(ctx context.Context, callers []*calls.Caller, n int) (errs []error) {
	var asked sync.WaitGroup
	var mu sync.Mutex
	for _, c := range callers {
		asked.Go(func() {
			_, these := all(ctx, c, n)
			mu.Lock()
			defer mu.Unlock()
			errs = append(errs, these...)
		})
	}
	asked.Wait()
	return errs
}

// TestLanesKeepAQuotaTogether has two Callers of a model that know its quota: together
// they run into no throttling, and waste nothing of it.
func TestLanesKeepAQuotaTogether(t *testing.T) {
	for name, s := range map[string]*service{
		"requests": {rpm: 500, latency: 2 * time.Second},
		"tokens":   {tpm: 100_000, burndown: 5, latency: 2 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				settings := calls.Defaults()
				settings.Limits = calls.Limits{RPM: s.rpm, TPM: s.tpm, Burndown: float64(s.burndown)}
				callers := together(&calls.Lanes{}, []calls.Settings{settings, settings}, s)
				ctx, cancel := context.WithTimeout(t.Context(), 15*time.Minute)
				defer cancel()
				start := time.Now()
				errs := allOf(ctx, callers, 532)
				require.Equal(t, map[converse.Class]int{"": 1064}, classes(errs))
				require.Zero(t, s.throttled, "the quota was exceeded")
				require.LessOrEqual(t, time.Since(start), 2*time.Minute+20*time.Second)
				for _, c := range callers {
					require.NoError(t, c.Close())
				}
			})
		})
	}
}

// TestLanesOfDifferentLimits has two parts of a quota, each of which is kept to.
func TestLanesOfDifferentLimits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &service{rpm: 500, latency: time.Second}
		some, others := calls.Defaults(), calls.Defaults()
		some.Limits.RPM, others.Limits.RPM = 300, 200
		callers := together(&calls.Lanes{}, []calls.Settings{some, others}, s)
		ctx, cancel := context.WithTimeout(t.Context(), 15*time.Minute)
		defer cancel()
		start := time.Now()
		require.Equal(t, map[converse.Class]int{"": 800}, classes(allOf(ctx, callers, 400)))
		require.Zero(t, s.throttled)
		require.LessOrEqual(t, time.Since(start), time.Minute+10*time.Second)
		for _, c := range callers {
			require.NoError(t, c.Close())
		}
	})
}

// TestLanesHaveTheirOwnConcurrency shows that a Caller has no more calls at once than its
// own settings say, and that one which may have few does not hold up the other.
func TestLanesHaveTheirOwnConcurrency(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		narrow, wide := &service{latency: time.Second}, &service{latency: time.Second}
		few, many := calls.Defaults(), calls.Defaults()
		few.Concurrency, many.Concurrency = 1, 20
		callers := together(&calls.Lanes{}, []calls.Settings{few, many}, narrow, wide)
		start := time.Now()
		var asked sync.WaitGroup
		asked.Go(func() {
			_, errs := all(t.Context(), callers[0], 10)
			require.Equal(t, map[converse.Class]int{"": 10}, classes(errs))
			require.Equal(t, 10*time.Second, time.Since(start))
		})
		asked.Go(func() {
			_, errs := all(t.Context(), callers[1], 40)
			require.Equal(t, map[converse.Class]int{"": 40}, classes(errs))
			require.Equal(t, 2*time.Second, time.Since(start))
		})
		asked.Wait()
		require.Equal(t, 1, narrow.widest)
		require.Equal(t, 20, wide.widest)

		// One that is closed leaves the other as it was.
		require.NoError(t, callers[1].Close())
		require.NoError(t, callers[1].Close())
		_, err := callers[0].Converse(t.Context(), ask(100))
		require.NoError(t, err)
		_, err = callers[1].Converse(t.Context(), ask(100))
		require.Error(t, err)
		require.NoError(t, callers[0].Close())
	})
}

// TestLanesSlowDownTogether throttles one Caller, and looks at the other.
func TestLanesSlowDownTogether(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		throttled := &service{reply: func(context.Context, int, *converse.Request) (*converse.Answer, error) { return nil, throttling() }}
		fine := &service{latency: time.Second}
		callers := together(&calls.Lanes{}, []calls.Settings{calls.Defaults(), calls.Defaults()}, throttled, fine)
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		_, err := callers[0].Converse(ctx, ask(0))
		require.Equal(t, converse.Throttled, converse.ClassOf(err))
		_, errs := all(t.Context(), callers[1], 100)
		require.Equal(t, map[converse.Class]int{"": 100}, classes(errs))
		require.Less(t, fine.widest, 64)
		for _, c := range callers {
			require.NoError(t, c.Close())
		}
	})
}
