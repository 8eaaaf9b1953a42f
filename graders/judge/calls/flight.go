package calls

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/rftgrader/rftgrader/graders/judge/converse"
)

// patience is how long a question without a deadline is asked: as long as a
// function may run.
const patience = 15 * time.Minute

// A flight is the one call for all equal questions of a time. It belongs to
// none of them: it ends when the last one leaves.
type flight struct {
	key    string
	cancel context.CancelFunc
	end    time.Time
	done   chan struct{} // closed when answer and err are set

	answer *converse.Answer
	err    *converse.Error

	// What follows is under Caller.mu.
	waiting int
	paid    bool            // one of the questions has been given the usage
	last    *converse.Error // of the attempts up to now
}

// board joins the flight of a key, or starts one.
func (c *Caller) board(ctx context.Context, key string, q *converse.Request) (*flight, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return nil, &converse.Error{Class: converse.Permanent, Code: "closed"}
	}
	if f, ok := c.flights[key]; ok {
		f.waiting++
		return f, nil
	}
	f := &flight{key: key, done: make(chan struct{}), waiting: 1, end: endOf(ctx)}
	flying, cancel := context.WithDeadline(context.WithoutCancel(ctx), f.end)
	f.cancel = cancel
	c.flights[key] = f
	c.running.Go(func() { c.fly(flying, f, q) })
	return f, nil
}

// endOf returns when asking ends: before the deadline, which there always is, so
// that who asked has the time to say how it ended.
func endOf(ctx context.Context) time.Time {
	deadline, _ := ctx.Deadline()
	left := time.Until(deadline)
	reserve := min(max(left/50, 5*time.Millisecond), 250*time.Millisecond, left/2)
	return deadline.Add(-reserve)
}

func (c *Caller) fly(ctx context.Context, f *flight, q *converse.Request) {
	err := goroutineEnded()
	var a *converse.Answer
	defer func() {
		if r := recover(); r != nil {
			a, err = nil, panicked(r)
		}
		f.cancel()
		c.mu.Lock()
		defer c.mu.Unlock()
		if err == nil {
			c.keep(f.key, a)
		}
		if c.flights[f.key] == f {
			delete(c.flights, f.key)
		}
		f.answer, f.err = a, err
		close(f.done)
	}()
	a, err = c.ask(ctx, q, func(e *converse.Error) {
		c.mu.Lock()
		defer c.mu.Unlock()
		f.last = e
	})
}

func goroutineEnded() *converse.Error {
	return &converse.Error{Class: converse.Permanent, Code: "the call ended its goroutine"}
}

func panicked(r any) *converse.Error {
	// The value of a panic may hold anything, so only its type is told.
	return &converse.Error{Class: converse.Permanent, Code: fmt.Sprintf("panic of a %T", r)}
}

// A bill is what a question has to pay for flights whose answer it did not get.
type bill struct {
	usage    converse.Usage
	attempts int
}

// on adds the bill to what a question is answered.
func (b bill) on(a *converse.Answer, err error) (*converse.Answer, error) {
	if b == (bill{}) {
		return a, err
	}
	if e, ok := err.(*converse.Error); ok {
		c := *e
		c.Usage, c.Attempts = c.Usage.Add(b.usage), c.Attempts+b.attempts
		return nil, &c
	}
	c := *a
	c.Usage, c.Attempts = c.Usage.Add(b.usage), c.Attempts+b.attempts
	return &c, nil
}

// await waits for a flight's answer. Without answer and error, the flight had
// less time than this question has, and the question may board another one.
func (c *Caller) await(ctx context.Context, f *flight, owed *bill) (*converse.Answer, error) {
	select {
	case <-f.done:
		return c.land(ctx, f, owed)
	case <-ctx.Done():
	}
	c.mu.Lock()
	f.waiting--
	alone := f.waiting == 0
	if alone && c.flights[f.key] == f {
		// Nobody joins what ends.
		delete(c.flights, f.key)
	}
	last := f.last
	c.mu.Unlock()
	if !alone {
		return nil, timeUp(context.Cause(ctx), last)
	}
	f.cancel()
	<-f.done
	return c.land(ctx, f, owed)
}

// land gives a flight's end to one of its questions. The first one pays.
func (c *Caller) land(ctx context.Context, f *flight, owed *bill) (*converse.Answer, error) {
	c.mu.Lock()
	pays := !f.paid
	f.paid = true
	again := f.err != nil && timely(f.err.Class) && ctx.Err() == nil && !time.Now().Before(f.end) && endOf(ctx).After(f.end.Add(time.Second))
	if !pays && !again {
		c.totals.Shared++
	}
	c.mu.Unlock()
	switch {
	case again:
		if pays {
			owed.usage, owed.attempts = owed.usage.Add(f.err.Usage), owed.attempts+f.err.Attempts
		}
		return nil, nil
	case f.err == nil && pays:
		return f.answer, nil
	case f.err == nil:
		return shared(f.answer), nil
	case pays:
		return nil, f.err
	}
	e := *f.err
	e.Usage, e.Attempts = converse.Usage{}, 0
	return nil, &e
}

// timely reports whether more time may mend a class.
func timely(class converse.Class) bool {
	switch class {
	case converse.Throttled, converse.Transient, converse.Timeout, converse.Deadline:
		return true
	}
	return false
}

// timeUp says how a question ended whose time is over: by what has failed up to
// then, if that passes, and by time otherwise.
func timeUp(cause error, last *converse.Error) *converse.Error {
	if last == nil || !timely(last.Class) {
		return outOfTime(cause)
	}
	e := *last
	e.Usage, e.Attempts = converse.Usage{}, 0
	return &e
}

func outOfTime(cause error) *converse.Error {
	if cause == nil {
		cause = context.DeadlineExceeded
	}
	e := &converse.Error{
		Class: converse.Deadline, Code: "no time left", Err: cause,
		Remedy: "give the function more time, send smaller batches, or raise the model's quota",
	}
	if errors.Is(cause, context.Canceled) {
		e.Code, e.Remedy = "canceled", ""
	}
	return e
}
