package calls_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/graders/judge/calls"
	"github.com/rftgrader/rftgrader/graders/judge/converse"
)

// fails returns a reply that fails with e.
func fails(e converse.Error) func(context.Context, int, *converse.Request) (*converse.Answer, error) {
	return func(context.Context, int, *converse.Request) (*converse.Answer, error) {
		c := e
		return nil, &c
	}
}

// TestThrottledForAWhile: 128 calls against a service that throttles all for
// 20 s, and for another 20 s those beyond 8 at once. None is lost.
func TestThrottledForAWhile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		s := &service{}
		running, mu := 0, sync.Mutex{}
		s.reply = func(ctx context.Context, _ int, _ *converse.Request) (*converse.Answer, error) {
			since := time.Since(start)
			mu.Lock()
			if since < 20*time.Second || since < 40*time.Second && running >= 8 {
				mu.Unlock()
				return nil, throttling()
			}
			running++
			mu.Unlock()
			time.Sleep(time.Second)
			mu.Lock()
			running--
			mu.Unlock()
			return answer("7"), nil
		}
		c := newCaller(s, func(settings *calls.Settings) { settings.Concurrency = 128 })
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
		defer cancel()
		answers, errs := all(ctx, c, 128)
		require.Equal(t, map[converse.Class]int{"": 128}, classes(errs))
		require.Equal(t, s.charged, usage(answers, errs))
		t.Logf("%v, %d requests", time.Since(start), len(s.sent()))
		require.Less(t, time.Since(start), time.Minute)
		require.Less(t, len(s.sent()), 128*5)
		require.NoError(t, c.Close())
	})
}

// TestThrottledForEver: every question is answered before the deadline, as
// throttled, and nothing runs on.
func TestThrottledForEver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &service{latency: 50 * time.Millisecond, reply: fails(converse.Error{Class: converse.Throttled, Status: 429, Code: "ThrottlingException"})}
		c := newCaller(s, nil)
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		start := time.Now()
		_, errs := all(ctx, c, 128)
		require.Less(t, time.Since(start), time.Minute)
		require.Greater(t, time.Since(start), 50*time.Second)
		require.Equal(t, map[converse.Class]int{converse.Throttled: 128}, classes(errs))
		require.Less(t, len(s.sent()), 300, "throttling is not answered with a storm")
		require.Equal(t, len(s.sent()), c.Totals().Throttled+c.Totals().Abandoned)
		// Leaving the bubble fails where a goroutine is left, Close or not.
	})
}

func TestRetryAfter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		s := &service{reply: func(_ context.Context, n int, _ *converse.Request) (*converse.Answer, error) {
			if n == 1 {
				return nil, &converse.Error{Class: converse.Throttled, Status: 429, RetryAfter: 7 * time.Second}
			}
			return answer("7"), nil
		}}
		c := newCaller(s, nil)
		_, err := c.Converse(t.Context(), ask(0))
		require.NoError(t, err)
		require.GreaterOrEqual(t, time.Since(start), 7*time.Second)
		require.Less(t, time.Since(start), 8*time.Second)

		// Longer than there is time: it is said at once.
		s.reply = fails(converse.Error{Class: converse.Throttled, Status: 429, RetryAfter: 30 * time.Second})
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		defer cancel()
		start = time.Now()
		_, err = c.Converse(ctx, ask(1))
		require.Equal(t, converse.Throttled, failure(t, err).Class)
		require.Zero(t, time.Since(start))
		require.NoError(t, c.Close())
	})
}

// TestClasses says for each class how often a question is asked and with which
// class it ends, with the defaults.
func TestClasses(t *testing.T) {
	stop := func(reason string) func(context.Context, int, *converse.Request) (*converse.Answer, error) {
		return func(context.Context, int, *converse.Request) (*converse.Answer, error) {
			a := answer("7")
			a.Stop = reason
			return a, nil
		}
	}
	for _, c := range []struct {
		name     string
		reply    func(context.Context, int, *converse.Request) (*converse.Answer, error)
		attempts int
		class    converse.Class
	}{
		{"service fault", fails(converse.Error{Class: converse.Transient, Status: 500, Code: "InternalServerException"}), 8, converse.Transient},
		{"connection", fails(converse.Error{Class: converse.Transient, Code: "connection lost"}), 8, converse.Transient},
		{"model's time", fails(converse.Error{Class: converse.Timeout, Status: 408}), 8, converse.Timeout},
		{"model fault", fails(converse.Error{Class: converse.Transient, Status: 424, Code: "ModelErrorException"}), 2, converse.Transient},
		{"quota of the day", fails(converse.Error{Class: converse.Quota, Status: 429}), 1, converse.Quota},
		{"denied", fails(converse.Error{Class: converse.Denied, Status: 403}), 1, converse.Denied},
		{"no such model", fails(converse.Error{Class: converse.NotFound, Status: 404}), 1, converse.NotFound},
		{"bad request", fails(converse.Error{Class: converse.Permanent, Status: 400, Code: "ValidationException", Message: "text must not be empty"}), 1, converse.Permanent},
		{"unsendable", fails(converse.Error{Class: converse.Permanent, Code: "unsendable request"}), 1, converse.Permanent},
		{"too long", fails(converse.Error{Class: converse.TooLong, Status: 400}), 1, converse.TooLong},
		{"an error without a class", func(context.Context, int, *converse.Request) (*converse.Answer, error) {
			return nil, errors.New("broken")
		}, 1, converse.Permanent},
		{"no answer and no error", func(context.Context, int, *converse.Request) (*converse.Answer, error) { return nil, nil }, 3, converse.Malformed},
		{"panic", func(context.Context, int, *converse.Request) (*converse.Answer, error) { panic("secret") }, 1, converse.Permanent},
		{"cut", stop(converse.StopMaxTokens), 3, converse.Truncated},
		{"context window", stop(converse.StopContextWindow), 1, converse.TooLong},
		{"filtered", stop(converse.StopFiltered), 1, converse.Filtered},
		{"guardrail", stop(converse.StopGuardrail), 1, converse.Filtered},
		{"refusal", stop(converse.StopRefusal), 1, converse.Refused},
		{"malformed output", stop(converse.StopMalformedOutput), 3, converse.Malformed},
		{"malformed tool", stop(converse.StopMalformedTool), 3, converse.Malformed},
		{"new stop reason", stop("brand_new_reason"), 1, ""},
		{"stop sequence", stop(converse.StopSequence), 1, ""},
		{"nothing said", func(context.Context, int, *converse.Request) (*converse.Answer, error) {
			return &converse.Answer{Stop: converse.StopEndTurn, Text: []string{" \n"}, Usage: converse.Usage{Input: inputTokens, Output: 1}}, nil
		}, 3, converse.Malformed},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := &service{reply: c.reply}
				caller := newCaller(s, nil)
				a, err := caller.Converse(t.Context(), ask(0))
				require.Len(t, s.sent(), c.attempts)
				require.Equal(t, s.charged, usage([]*converse.Answer{a}, []error{err}), "what all attempts were charged")
				if c.class == "" {
					require.NoError(t, err)
					require.Equal(t, c.attempts, a.Attempts)
				} else {
					e := failure(t, err)
					require.Equal(t, c.class, e.Class)
					require.Equal(t, c.attempts, e.Attempts)
					require.NotContains(t, e.Error(), "secret")
				}
				require.NoError(t, caller.Close())
			})
		})
	}
}

// TestPassingFaults: what passes is not lost.
func TestPassingFaults(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &service{reply: func(ctx context.Context, n int, _ *converse.Request) (*converse.Answer, error) {
			switch n {
			case 1:
				return nil, &converse.Error{Class: converse.Transient, Status: 502}
			case 2:
				<-ctx.Done() // hangs
				return nil, ctx.Err()
			case 3:
				return nil, throttling()
			case 4:
				a := answer("")
				a.Stop = converse.StopMaxTokens
				return a, nil
			}
			return answer("7"), nil
		}}
		c := newCaller(s, func(settings *calls.Settings) { settings.AttemptTimeout = calls.Duration(10 * time.Second) })
		start := time.Now()
		a, err := c.Converse(t.Context(), ask(0))
		require.NoError(t, err)
		require.Equal(t, 5, a.Attempts)
		require.Equal(t, converse.Usage{Input: 2 * inputTokens, Output: 2 * outputTokens}, a.Usage)
		require.Greater(t, time.Since(start), 10*time.Second)
		require.Less(t, time.Since(start), 13*time.Second)
		require.Equal(t, 600, s.sent()[4].MaxTokens)
		totals := c.Totals()
		require.Equal(t, calls.Totals{Calls: 1, Attempts: 5, Throttled: 1, Abandoned: 1, Usage: a.Usage}, totals)
		require.NoError(t, c.Close())
	})
}

func TestGrowth(t *testing.T) {
	cut := func(enough int) func(context.Context, int, *converse.Request) (*converse.Answer, error) {
		return func(_ context.Context, _ int, q *converse.Request) (*converse.Answer, error) {
			a := answer("7")
			if q.MaxTokens < enough {
				a.Stop = converse.StopMaxTokens
			}
			return a, nil
		}
	}
	for _, c := range []struct {
		name       string
		most, from int
		enough     int
		sent       []int
		class      converse.Class
	}{
		{"enough at once", 4, 300, 300, []int{300}, ""},
		{"once more", 4, 300, 600, []int{300, 600}, ""},
		{"up to the most", 4, 300, 1200, []int{300, 600, 1200}, ""},
		{"not beyond it", 4, 300, 1201, []int{300, 600, 1200}, converse.Truncated},
		{"a most that is no power of two", 3, 300, 900, []int{300, 600, 900}, ""},
		{"never", 1, 300, 600, []int{300}, converse.Truncated},
		{"up to the model's most", 16, 3000, 6000, []int{3000, 5000}, converse.Truncated},
		{"no limit to grow", 4, 0, 1, []int{0}, converse.Truncated},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := &service{reply: cut(c.enough)}
			caller := newCaller(s, func(settings *calls.Settings) { settings.GrowMaxTokens = c.most })
			q := ask(0)
			q.MaxTokens = c.from
			a, err := caller.Converse(t.Context(), q)
			var sent []int
			for _, q := range s.sent() {
				sent = append(sent, q.MaxTokens)
			}
			require.Equal(t, c.sent, sent)
			require.Equal(t, c.class, converse.ClassOf(err))
			require.Equal(t, s.charged, usage([]*converse.Answer{a}, []error{err}))
			require.Equal(t, c.from, q.MaxTokens, "the question stays as it is")
			require.NoError(t, caller.Close())
		})
	}
}

func TestBreaker(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		class := converse.Denied
		s := &service{latency: time.Second}
		s.reply = func(context.Context, int, *converse.Request) (*converse.Answer, error) {
			if class != "" {
				return nil, &converse.Error{Class: class, Status: 403, Code: "AccessDeniedException", Remedy: "ask for access"}
			}
			return answer("7"), nil
		}
		c := newCaller(s, nil)
		start := time.Now()
		_, errs := all(t.Context(), c, 1000)
		require.Equal(t, map[converse.Class]int{converse.Denied: 1000}, classes(errs))
		require.Len(t, s.sent(), 64, "those that wait are not asked any more")
		require.Equal(t, time.Second, time.Since(start))
		require.ErrorContains(t, errs[999], "access to the model is denied (AccessDeniedException, HTTP 403)")

		_, err := c.Converse(t.Context(), ask(2000))
		require.Equal(t, converse.Denied, converse.ClassOf(err))
		require.Len(t, s.sent(), 64, "nor those that come at once")

		// Later one call shows that nothing has changed, and only one.
		time.Sleep(20 * time.Second)
		_, errs = all(t.Context(), c, 100)
		require.Equal(t, map[converse.Class]int{converse.Denied: 100}, classes(errs))
		require.Len(t, s.sent(), 65)

		// And later that it has.
		class = ""
		time.Sleep(20 * time.Second)
		_, errs = all(t.Context(), c, 100)
		require.Equal(t, map[converse.Class]int{"": 100}, classes(errs))

		// A used-up quota rests longer.
		class = converse.Quota
		_, err = c.Converse(t.Context(), ask(5000))
		require.Equal(t, converse.Quota, converse.ClassOf(err))
		n := len(s.sent())
		time.Sleep(time.Minute)
		_, err = c.Converse(t.Context(), ask(5001))
		require.Equal(t, converse.Quota, converse.ClassOf(err))
		require.Len(t, s.sent(), n)
		require.NoError(t, c.Close())
	})
}

// TestDeadline: what cannot end in time is not begun, and nothing is late.
func TestDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &service{latency: 2 * time.Second}
		c := newCaller(s, func(settings *calls.Settings) { settings.Concurrency = 4 })
		ctx, cancel := context.WithTimeout(t.Context(), 7*time.Second)
		defer cancel()
		start := time.Now()
		answers, errs := all(ctx, c, 20)
		// Three rounds of four; a fourth could not end.
		require.Equal(t, map[converse.Class]int{"": 12, converse.Deadline: 8}, classes(errs))
		require.Len(t, s.sent(), 12)
		require.Equal(t, 6*time.Second, time.Since(start))
		require.Equal(t, s.charged, usage(answers, errs))
		for _, err := range errs {
			if err != nil {
				require.ErrorIs(t, err, context.DeadlineExceeded)
			}
		}

		// A service that hangs is given up before the deadline.
		s.reply = func(ctx context.Context, _ int, _ *converse.Request) (*converse.Answer, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		}
		ctx, cancel = context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		start = time.Now()
		_, err := c.Converse(ctx, ask(100))
		require.Equal(t, converse.Deadline, converse.ClassOf(err))
		require.Less(t, time.Since(start), 10*time.Second)
		require.NoError(t, ctx.Err())
		require.Equal(t, 1, c.Totals().Abandoned)

		// No time at all.
		ctx, cancel = context.WithTimeout(t.Context(), -1)
		defer cancel()
		n := len(s.sent())
		_, err = c.Converse(ctx, ask(101))
		require.Equal(t, converse.Deadline, converse.ClassOf(err))
		require.Len(t, s.sent(), n)
		require.NoError(t, c.Close())
		_, err = c.Converse(t.Context(), ask(102))
		require.ErrorContains(t, err, "closed")
	})
}

// TestWhoWatchesIsTold shows what is told of questions that are put again, and that a
// question without a deadline is given up after a quarter of an hour.
func TestWhoWatchesIsTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		var mu sync.Mutex
		var told []converse.Retry
		ctx := converse.Watch(t.Context(), func(r converse.Retry) {
			mu.Lock()
			defer mu.Unlock()
			told = append(told, r)
		})
		c := newCaller(&service{reply: fails(converse.Error{Class: converse.Throttled, Status: 429, Code: "ThrottlingException"})}, nil)
		_, err := c.Converse(ctx, ask(0))
		require.Equal(t, converse.Throttled, converse.ClassOf(err))
		require.InDelta(t, 15*time.Minute, time.Since(start), float64(10*time.Second))
		require.Greater(t, len(told), 50)
		for _, r := range told {
			require.Equal(t, "m", r.Model)
			require.Equal(t, start.Add(15*time.Minute-250*time.Millisecond), r.Until)
			require.Equal(t, converse.Throttled, r.Fault.Class)
			require.NotEmpty(t, r.Fault.Remedy)
		}
		require.NoError(t, c.Close())

		// Nothing is told of what is not put again.
		told = nil
		c = newCaller(&service{reply: fails(converse.Error{Class: converse.Denied, Status: 403})}, nil)
		_, err = c.Converse(ctx, ask(0))
		require.Error(t, err)
		require.Empty(t, told)
		require.NoError(t, c.Close())
	})
}
