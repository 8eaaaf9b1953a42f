package calls

import (
	"time"

	"github.com/rftgrader/rftgrader/graders/judge/converse"
)

// A breaker keeps calls back that cannot succeed: after a used-up quota of the
// day, denied access or an unknown model every call fails at once with the same
// class. After some time one call may show whether that has changed.
type breaker struct {
	fault *converse.Error // nil is closed
	until time.Time
}

type breakerState uint8

const (
	closed breakerState = iota
	halfOpen
	open
)

const (
	quotaRest  = 5 * time.Minute
	accessRest = 15 * time.Second
)

func (b *breaker) state(now time.Time) breakerState {
	switch {
	case b.fault == nil:
		return closed
	case now.Before(b.until):
		return open
	}
	return halfOpen
}

func (b *breaker) trip(now time.Time, fault *converse.Error) {
	rest := accessRest
	if fault.Class == converse.Quota {
		rest = quotaRest
	}
	b.fault, b.until = fault, now.Add(rest)
}

func (b *breaker) close() { b.fault = nil }

// refusal returns the fault for a call that was not made.
func (b *breaker) refusal() *converse.Error {
	e := *b.fault
	e.Usage, e.Attempts = converse.Usage{}, 0
	return &e
}
