package conversestub

import (
	"fmt"
	"net/http"
	"time"

	"github.com/rftgrader/rftgrader/graders/judge/converse"
)

// A Call is one request to the endpoint.
type Call struct {
	Start time.Time
	Model string
	Body  []byte // as it was sent
	Step  string // the scripted answer; "" is none
	// Status is that of the response, 0 where there was none, and Type the error's.
	Status int
	Type   string
	// Usage is what the model used, and Charged what that cost of the quota per minute.
	Usage   converse.Usage
	Charged int
	// Untold says that the response did not tell its usage in a form that can be
	// read, though it was charged.
	Untold bool
	// Abandoned says that the client went away before the answer.
	Abandoned bool

	entered bool
}

// A Ledger sums up all calls.
type Ledger struct {
	Requests  int // all calls
	Answered  int // with status 200
	Throttled int // with status 429
	Refused   int // with another status from 400 to 499
	Failed    int // with a status from 500 on, or closed without an answer
	Abandoned int // by the client before the answer; they are not charged
	// Usage is what was charged in all; Untold is the part of it that no
	// response told.
	Usage, Untold converse.Usage
	// QuotaTokens is what was charged against the quotas per minute.
	QuotaTokens int
	// Peak has the most of any model.
	Peak Peaks
}

// Ledger returns the sums so far. Calls that are under way count in none but Peak.
func (s *Stub) Ledger() Ledger {
	s.mu.Lock()
	defer s.mu.Unlock()
	l := s.ledger
	for _, q := range s.quotas {
		q.mu.Lock()
		l.Peak.Requests = max(l.Peak.Requests, q.peak.Requests)
		l.Peak.Tokens = max(l.Peak.Tokens, q.peak.Tokens)
		l.Peak.Running = max(l.Peak.Running, q.peak.Running)
		q.mu.Unlock()
	}
	return l
}

// over enters a call that has ended, once: before its answer is written, so that
// whoever has an answer finds its call in the ledger.
func (s *Stub) over(c *Call) {
	if c.entered {
		return
	}
	c.entered = true
	s.mu.Lock()
	l := &s.ledger
	l.Requests++
	switch {
	case c.Abandoned:
		l.Abandoned++
	case c.Status == http.StatusOK:
		l.Answered++
	case c.Status == http.StatusTooManyRequests:
		l.Throttled++
	case c.Status >= 400 && c.Status < 500:
		l.Refused++
	default:
		l.Failed++
	}
	l.Usage = l.Usage.Add(c.Usage)
	if c.Untold {
		l.Untold = l.Untold.Add(c.Usage)
	}
	l.QuotaTokens += c.Charged
	s.mu.Unlock()
	if s.config.Observe != nil {
		s.config.Observe(*c)
	}
}

// String writes the ledger on one line.
func (l Ledger) String() string {
	return fmt.Sprintf("%d requests: %d answered, %d throttled, %d refused, %d failed, %d abandoned; tokens: %d in, %d out, %d read from and %d written to the cache",
		l.Requests, l.Answered, l.Throttled, l.Refused, l.Failed, l.Abandoned,
		l.Usage.Input, l.Usage.Output, l.Usage.CacheRead, l.Usage.CacheWrite)
}
