package calls_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/graders/judge/calls"
	"github.com/rftgrader/rftgrader/graders/judge/converse"
	"github.com/rftgrader/rftgrader/graders/judge/models"
)

// A service stands for Bedrock in virtual time. It keeps the quotas in windows
// that slide: what began, and what was charged, in the last minute.
type service struct {
	rpm, tpm, burndown int
	latency            time.Duration
	// reply answers the n-th request, from 1. Nil is an answer of one text.
	reply func(ctx context.Context, n int, q *converse.Request) (*converse.Answer, error)

	mu        sync.Mutex
	requests  []*converse.Request
	begun     []time.Time
	spent     []charge
	spentSum  int
	reserved  int
	running   int
	widest    int
	throttled int
	charged   converse.Usage
}

type charge struct {
	at     time.Time
	tokens int
}

const inputTokens, outputTokens = 100, 20

func answer(text string) *converse.Answer {
	return &converse.Answer{Text: []string{text}, Stop: converse.StopEndTurn, Usage: converse.Usage{Input: inputTokens, Output: outputTokens}}
}

func throttling() error {
	return &converse.Error{Class: converse.Throttled, Status: 429, Code: "ThrottlingException", Attempts: 1}
}

func (s *service) Converse(ctx context.Context, q *converse.Request) (*converse.Answer, error) {
	if !s.begin(q) {
		return nil, throttling()
	}
	n := len(s.sent())
	a, err := s.serve(ctx, n, q)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.running--
	s.reserved -= inputTokens + q.MaxTokens
	if a != nil {
		s.charged = s.charged.Add(a.Usage)
		tokens := a.Usage.Input + a.Usage.Output*max(s.burndown, 1)
		s.spent, s.spentSum = append(s.spent, charge{time.Now(), tokens}), s.spentSum+tokens
	}
	return a, err
}

func (s *service) serve(ctx context.Context, n int, q *converse.Request) (*converse.Answer, error) {
	if s.latency > 0 {
		select {
		case <-time.After(s.latency):
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	if s.reply != nil {
		return s.reply(ctx, n, q)
	}
	return answer("7"), nil
}

func (s *service) begin(q *converse.Request) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	s.requests = append(s.requests, q)
	for len(s.begun) > 0 && now.Sub(s.begun[0]) >= time.Minute {
		s.begun = s.begun[1:]
	}
	for len(s.spent) > 0 && now.Sub(s.spent[0].at) >= time.Minute {
		s.spentSum -= s.spent[0].tokens
		s.spent = s.spent[1:]
	}
	began, tokens := len(s.begun), s.reserved+s.spentSum+inputTokens+q.MaxTokens
	if s.rpm > 0 && began >= s.rpm || s.tpm > 0 && tokens > s.tpm {
		s.throttled++
		return false
	}
	if s.rpm > 0 {
		s.begun = append(s.begun, now)
	}
	s.reserved += inputTokens + q.MaxTokens
	s.running++
	s.widest = max(s.widest, s.running)
	return true
}

func (s *service) sent() []*converse.Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.requests
}

// ask returns the i-th of many different questions.
func ask(i int) *converse.Request {
	return &converse.Request{Model: "m", MaxTokens: 300, Messages: []converse.Message{{Role: converse.User, Text: fmt.Sprintf("Rate answer %0280d.", i)}}}
}

// newCaller returns a Caller with the defaults but for what change changes.
func newCaller(next converse.Caller, change func(*calls.Settings)) *calls.Caller {
	s := calls.Defaults()
	if change != nil {
		change(&s)
	}
	return calls.New(next, models.Lookup("amazon.nova-lite-v1:0"), s)
}

// all puts n questions at once and returns how they ended.
func all(ctx context.Context, c converse.Caller, n int) ([]*converse.Answer, []error) {
	answers, errs := make([]*converse.Answer, n), make([]error, n)
	var asked sync.WaitGroup
	for i := range n {
		asked.Go(func() { answers[i], errs[i] = c.Converse(ctx, ask(i)) })
	}
	asked.Wait()
	return answers, errs
}

func classes(errs []error) map[converse.Class]int {
	m := map[converse.Class]int{}
	for _, err := range errs {
		m[converse.ClassOf(err)]++
	}
	return m
}

func usage(answers []*converse.Answer, errs []error) (u converse.Usage) {
	for _, a := range answers {
		if a != nil {
			u = u.Add(a.Usage)
		}
	}
	for _, err := range errs {
		if e, ok := err.(*converse.Error); ok {
			u = u.Add(e.Usage)
		}
	}
	return u
}

func failure(t *testing.T, err error) *converse.Error {
	t.Helper()
	var e *converse.Error
	require.ErrorAs(t, err, &e)
	return e
}
