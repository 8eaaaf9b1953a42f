package calls

import (
	"context"
	"errors"
	"time"

	"github.com/rftgrader/rftgrader/graders/judge/converse"
)

// A reply is how one attempt ended.
type reply struct {
	answer *converse.Answer
	fault  *converse.Error
	usage  converse.Usage
	lost   bool // given up, so that its usage is not known
}

// errSlower is why the slower of two attempts is given up.
var errSlower = errors.New("another attempt was quicker")

// attempt makes one attempt, and a second one beside it where the first is slow
// and the settings want that. The ticket is the first one's.
func (k *question) attempt(ctx context.Context, sent *converse.Request, t *ticket) (*converse.Answer, *converse.Error) {
	after, hedged := k.hedge()
	if !hedged {
		r := k.once(ctx, sent, t)
		k.tally(r)
		return r.answer, r.fault
	}
	replies := make(chan reply, 2)
	both, giveUp := context.WithCancelCause(ctx)
	defer giveUp(nil)
	send := func(t *ticket) {
		r := reply{fault: goroutineEnded()}
		defer func() { replies <- r }()
		r = k.once(both, sent, t)
	}
	go send(t)
	timer := time.NewTimer(after)
	defer timer.Stop()
	select {
	case r := <-replies:
		k.tally(r)
		return r.answer, r.fault
	case <-timer.C:
	}
	second, ok := k.c.share.tryAdmit(sent)
	if ok {
		k.c.count(func(t *Totals) { t.Hedged++ })
		go send(second)
	}
	r := <-replies
	k.tally(r)
	if !ok {
		return r.answer, r.fault
	}
	if r.fault == nil {
		giveUp(errSlower)
	}
	other := <-replies
	k.tally(other)
	if r.fault != nil && other.fault == nil {
		r = other
	}
	return r.answer, r.fault
}

// hedge returns after which time a second attempt is made.
func (k *question) hedge() (time.Duration, bool) {
	h := k.c.settings.HedgeAfter
	if h.Percentile > 0 {
		return k.c.share.percentile(h.Percentile)
	}
	return h.After, h.After > 0
}

// tally adds an attempt to the sums.
func (k *question) tally(r reply) {
	k.attempts++
	k.spent = k.spent.Add(r.usage)
	k.c.count(func(t *Totals) {
		t.Attempts++
		t.Usage = t.Usage.Add(r.usage)
		if r.lost {
			t.Abandoned++
		}
		if r.fault != nil && r.fault.Class == converse.Throttled {
			t.Throttled++
		}
	})
}

// once makes one attempt in its own time, and gives the ticket back.
func (k *question) once(ctx context.Context, sent *converse.Request, t *ticket) (r reply) {
	r.fault = goroutineEnded()
	defer func() {
		if p := recover(); p != nil {
			r = reply{fault: panicked(p)}
		}
		k.c.share.settle(t, r.usage, r.fault)
	}()
	timed, cancel := context.WithTimeout(ctx, time.Duration(k.c.settings.AttemptTimeout))
	defer cancel()
	a, err := k.c.next.Converse(timed, sent)
	r.fault = nil
	switch {
	case err != nil:
		e := asError(err)
		r.usage = e.Usage
		if ctx.Err() != nil && e.Class == converse.Timeout {
			// Not the attempt's time is over, but the question's.
			e, r.lost = outOfTime(context.Cause(ctx)), true
		} else if timed.Err() != nil {
			r.lost = true
		}
		r.fault = e
	case a == nil:
		r.fault = &converse.Error{Class: converse.Malformed, Code: "no answer"}
	default:
		r.usage = a.Usage
		if r.fault = verdict(a); r.fault == nil {
			r.answer = a
		}
	}
	return r
}
