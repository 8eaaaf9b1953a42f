package remote

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"github.com/rftgrader/rftgrader/grader"
)

// A fault is why an attempt failed, and what becomes of it.
type fault struct {
	err     error
	retries int           // how many attempts may follow the first
	after   time.Duration // the least time before the next
	passing bool          // a TransientError in the end, else a PermanentError
}

func (f *fault) Error() string { return f.err.Error() }
func (f *fault) Unwrap() error { return f.err }

// lasting is a fault that no other attempt can mend.
func lasting(err error) *fault { return &fault{err: err} }

// death is one that took an environment, or time: one more attempt shows whether
// the program does it.
func death(err error) *fault { return &fault{err: err, retries: 1} }

// ofService is a fault of the way to the function, where no program has a hand.
func (e *Executor) ofService(err error, after time.Duration) *fault {
	return &fault{err: err, retries: e.options.Retries, after: after, passing: true}
}

// fromWithin is a fault that the function tells of, or a program in its stead.
func (e *Executor) fromWithin(err error) *fault {
	return &fault{err: err, retries: e.options.Retries}
}

// An attempt is one invocation.
type attempt struct {
	start  time.Time
	budget time.Duration // how long the function may take
	ours   bool          // the budget comes of the options, not of the context
}

// margin is what an answer takes to come back.
const margin = 200 * time.Millisecond

func (e *Executor) attempt(ctx context.Context) *attempt {
	a := &attempt{start: time.Now(), budget: e.options.Timeout, ours: true}
	if deadline, ok := ctx.Deadline(); ok && deadline.Sub(a.start) < a.budget {
		a.budget, a.ours = deadline.Sub(a.start), false
	}
	a.budget -= min(margin, a.budget/10)
	return a
}

// persist calls try until it succeeds or there is no sense in it. Errors of try that
// are no faults are final.
func (e *Executor) persist(ctx context.Context, try func(context.Context, *attempt) error) error {
	for n := 0; ; n++ {
		once, cancel := context.WithTimeout(ctx, e.options.Timeout)
		err := try(once, e.attempt(ctx))
		cancel()
		if err == nil {
			return nil
		}
		if ended := ctx.Err(); ended != nil {
			return ended
		}
		f := &fault{}
		if !errors.As(err, &f) {
			return err
		}
		wait := max(backoff(n), f.after)
		deadline, bounded := ctx.Deadline()
		if n >= min(f.retries, e.options.Retries) || bounded && time.Until(deadline) <= wait {
			if f.passing {
				return &grader.TransientError{Err: f.err}
			}
			return &grader.PermanentError{Err: f.err}
		}
		if err := sleep(ctx, wait); err != nil {
			return err
		}
	}
}

// backoff returns a time by chance, from a range that doubles with each attempt
// ("full jitter", of the AWS Architecture Blog's Exponential Backoff And Jitter).
func backoff(n int) time.Duration {
	const base, most = 100 * time.Millisecond, 5 * time.Second
	return rand.N(min(base<<min(n, 10), most))
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
