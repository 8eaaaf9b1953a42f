package calls_test

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/graders/judge/calls"
	"github.com/rftgrader/rftgrader/graders/judge/converse"
)

func TestEqualQuestionsCostOneCall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &service{latency: time.Second}
		c := newCaller(s, nil)
		const n = 50
		answers, errs := make([]*converse.Answer, n), make([]error, n)
		var asked sync.WaitGroup
		for i := range n {
			asked.Go(func() {
				q := ask(0)
				q.Fence = fmt.Sprintf("fence-%d", i) // no part of the question
				answers[i], errs[i] = c.Converse(t.Context(), q)
			})
		}
		asked.Wait()
		require.Equal(t, map[converse.Class]int{"": n}, classes(errs))
		require.Len(t, s.sent(), 1)
		require.Equal(t, s.charged, usage(answers, nil), "one of them pays")

		// A kept answer needs no call, and a forgotten one does.
		a, err := c.Converse(t.Context(), ask(0))
		require.NoError(t, err)
		require.True(t, a.Shared)
		require.Equal(t, "7", a.JoinedText())
		require.Zero(t, a.Usage)
		require.Len(t, s.sent(), 1)
		c.Forget(ask(0))
		a, err = c.Converse(t.Context(), ask(0))
		require.NoError(t, err)
		require.False(t, a.Shared)
		require.Len(t, s.sent(), 2)

		other := ask(0)
		other.Sample = 1
		_, err = c.Converse(t.Context(), other)
		require.NoError(t, err)
		require.Len(t, s.sent(), 3, "another sample is another question")
		require.Equal(t, n+3, c.Totals().Calls)
		require.Equal(t, n, c.Totals().Shared)
		require.NoError(t, c.Close())
	})
}

func TestCacheIsBounded(t *testing.T) {
	s := &service{}
	c := newCaller(s, func(settings *calls.Settings) { settings.Cache = 2 })
	for _, i := range []int{0, 1, 2, 0} {
		_, err := c.Converse(t.Context(), ask(i))
		require.NoError(t, err)
	}
	require.Len(t, s.sent(), 4)
	require.NoError(t, c.Close())

	s = &service{}
	c = newCaller(s, func(settings *calls.Settings) { settings.Cache = 0 })
	for range 2 {
		_, err := c.Converse(t.Context(), ask(0))
		require.NoError(t, err)
	}
	require.Len(t, s.sent(), 2)
	require.NoError(t, c.Close())
}

// TestFaultsAreNotKept: the next one like it asks anew, so that a second batch
// after a failed one asks for what is missing, and for no more.
func TestFaultsAreNotKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		down := true
		s := &service{}
		s.reply = func(_ context.Context, _ int, q *converse.Request) (*converse.Answer, error) {
			if down && q.Key() >= "8" { // about half of them
				return nil, &converse.Error{Class: converse.Filtered, Status: 200}
			}
			return answer("7"), nil
		}
		c := newCaller(s, nil)
		_, errs := all(t.Context(), c, 40)
		failed := classes(errs)[converse.Filtered]
		require.Positive(t, failed)
		require.Less(t, failed, 40)
		require.Len(t, s.sent(), 40)
		down = false
		_, errs = all(t.Context(), c, 40)
		require.Equal(t, map[converse.Class]int{"": 40}, classes(errs))
		require.Len(t, s.sent(), 40+failed)
		require.NoError(t, c.Close())
	})
}

// TestOneLeaves: a question that is given up does not take the call from the
// others, and the last one to leave ends it.
func TestOneLeaves(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var ended atomic.Int32
		s := &service{}
		s.reply = func(ctx context.Context, _ int, _ *converse.Request) (*converse.Answer, error) {
			defer ended.Add(1)
			select {
			case <-time.After(10 * time.Second):
				return answer("7"), nil
			case <-ctx.Done():
				return nil, ctx.Err()
			}
		}
		c := newCaller(s, nil)
		first, leaves := context.WithCancel(t.Context())
		errs := make(chan error, 2)
		go func() {
			_, err := c.Converse(first, ask(0))
			errs <- err
		}()
		synctest.Wait()
		go func() {
			a, err := c.Converse(t.Context(), ask(0))
			if err == nil && (a.Shared || a.Usage != s.charged) {
				t.Error("who is left pays")
			}
			errs <- err
		}()
		synctest.Wait()
		leaves()
		e := failure(t, <-errs)
		require.Equal(t, converse.Deadline, e.Class)
		require.ErrorIs(t, e, context.Canceled)
		require.Zero(t, ended.Load(), "the call goes on")
		require.NoError(t, <-errs)
		require.Len(t, s.sent(), 1)

		alone, leaves := context.WithCancel(t.Context())
		go func() {
			_, err := c.Converse(alone, ask(1))
			errs <- err
		}()
		synctest.Wait()
		leaves()
		require.ErrorIs(t, <-errs, context.Canceled)
		require.Equal(t, int32(2), ended.Load(), "the call has ended when its last question returns")
		require.NoError(t, c.Close())
	})
}

// TestMoreTime: a question with more time than the call that it joined has goes
// on when that call's time is over.
func TestMoreTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &service{reply: func(ctx context.Context, n int, _ *converse.Request) (*converse.Answer, error) {
			switch n {
			case 1:
				return nil, &converse.Error{Class: converse.Transient, Status: 200, Usage: converse.Usage{Input: 5}}
			case 2, 3:
				return slow(10*time.Second)(ctx, n, nil)
			}
			return answer("7"), nil
		}}
		c := newCaller(s, nil)
		short, cancel := context.WithTimeout(t.Context(), 6*time.Second)
		defer cancel()
		errs := make(chan error, 1)
		go func() {
			_, err := c.Converse(short, ask(0))
			errs <- err
		}()
		time.Sleep(time.Second)
		long, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		start := time.Now()
		a, err := c.Converse(long, ask(0))
		require.NoError(t, err)
		require.False(t, a.Shared)
		require.Greater(t, time.Since(start), 14*time.Second)
		err = <-errs
		require.Equal(t, converse.Transient, converse.ClassOf(err), "what failed before its time was over")
		require.Equal(t, c.Totals().Usage, usage([]*converse.Answer{a}, []error{err}), "one of them pays for what failed")
		require.Equal(t, c.Totals().Attempts, a.Attempts+failure(t, err).Attempts)
		require.NoError(t, c.Close())
	})
}

func TestCloseEndsWhatRuns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &service{latency: time.Hour}
		c := newCaller(s, func(settings *calls.Settings) {
			settings.Concurrency, settings.AttemptTimeout = 2, calls.Duration(time.Hour)
		})
		var errs []error
		done := make(chan struct{})
		go func() {
			_, errs = all(t.Context(), c, 5)
			close(done)
		}()
		synctest.Wait()
		start := time.Now()
		require.NoError(t, c.Close())
		<-done
		require.Zero(t, time.Since(start))
		require.Equal(t, map[converse.Class]int{converse.Deadline: 5}, classes(errs))
	})
}
