package calls

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/rftgrader/rftgrader/graders/judge/converse"
)

const (
	// A question that fails waits up to these times, doubled with each
	// failure, before it is asked again (full jitter: Brooker, "Exponential
	// backoff and jitter", AWS Architecture Blog, 2015).
	faultBase, faultMost       = 250 * time.Millisecond, 10 * time.Second
	throttleBase, throttleMost = 250 * time.Millisecond, 8 * time.Second
	// leastPause is how near to the end nothing more is tried.
	leastPause = 20 * time.Millisecond
	// mostLessons is how often one question may teach what the model supports.
	mostLessons = 8
	// mostMalformed is how many answers that cannot be read are paid for.
	mostMalformed = 3
	// formPatience is after how many answers in a row that could not be had in
	// a form no more are asked for in it.
	formPatience = 3
)

const throttledRemedy = "raise the model's quota, lower concurrency or max_tokens, or set the limits of the account"

// A question is one request on its way through attempts.
type question struct {
	c       *Caller
	wanted  *converse.Request
	arrival uint64 // its place in the lane, which retries keep
	note    func(*converse.Error)

	grown     int             // by how much MaxTokens is multiplied
	without   []converse.Form // that this question is not asked in any more
	lessons   int
	faults    int // attempts that failed for other reasons than throttling
	modelSays int // of these, faults that the model itself reported
	malformed int // of these, answers that could not be read
	throttles int
	spent     converse.Usage
	attempts  int
}

// ask puts a question until it is answered, cannot be, or time is over. The
// error's Usage and Attempts, like the answer's, are of all attempts.
func (c *Caller) ask(ctx context.Context, q *converse.Request, note func(*converse.Error)) (*converse.Answer, *converse.Error) {
	k := &question{c: c, wanted: q, arrival: c.share.arrive(), note: note, grown: 1}
	a, err := k.run(ctx)
	if err != nil {
		e := *err
		e.Usage, e.Attempts = k.spent, k.attempts
		return nil, &e
	}
	b := *a
	b.Usage, b.Attempts = k.spent, k.attempts
	return &b, nil
}

func (k *question) run(ctx context.Context) (*converse.Answer, *converse.Error) {
	var last *converse.Error
	for {
		sent := k.request()
		t, err := k.c.share.admit(ctx, k.arrival, sent)
		if err != nil {
			if timely(err.Class) && last != nil && timely(last.Class) {
				return nil, last
			}
			return nil, err
		}
		a, fault := k.attempt(ctx, sent, t)
		if fault == nil {
			k.c.heard(sent)
			answered := *a
			answered.Form = sent.Output.Form
			return &answered, nil
		}
		if fault.Class == converse.Deadline {
			if last != nil && timely(last.Class) {
				return nil, last
			}
			return nil, k.c.share.lateNow(context.Cause(ctx))
		}
		last = fault
		k.note(fault)
		wait, again := k.next(sent, fault)
		if !again {
			return nil, fault
		}
		if timely(fault.Class) {
			until, _ := ctx.Deadline()
			told := *fault
			converse.Tell(ctx, converse.Retry{Model: sent.Model, Fault: &told, Until: until})
		}
		if !k.pause(ctx, fault, wait) {
			return nil, fault
		}
	}
}

// request returns the question as it is asked now.
func (k *question) request() *converse.Request {
	q := *k.wanted
	q.MaxTokens *= k.grown
	return k.c.Model().Without(k.without...).Fit(&q)
}

// next decides after a fault whether and after which wait the question is asked
// again. It may change the class of a fault that is final.
func (k *question) next(sent *converse.Request, fault *converse.Error) (wait time.Duration, again bool) {
	switch fault.Class {
	case converse.Throttled:
		k.throttles++
		if fault.Remedy == "" {
			fault.Remedy = throttledRemedy
		}
		return jitter(throttleBase, throttleMost, k.throttles), true
	case converse.Transient, converse.Timeout:
		k.faults++
		if fault.Code == "ModelErrorException" {
			// The model failed, not the service: once more, and no oftener.
			if k.modelSays++; k.modelSays > 1 {
				return 0, false
			}
		}
		return jitter(faultBase, faultMost, k.faults), k.faults < k.c.settings.Attempts
	case converse.Malformed:
		k.faults++
		k.malformed++
		structured := sent.Output.Form != converse.FormText
		if structured && (fault.Code == converse.StopMalformedTool || k.malformed > 1) {
			k.lower(sent)
		}
		return 0, k.faults < k.c.settings.Attempts && k.malformed < mostMalformed
	case converse.Truncated:
		return 0, k.grow(sent)
	case converse.Capability:
		if k.lessons++; k.lessons > mostLessons || sent.Output.Form == converse.FormText {
			return 0, false
		}
		k.lower(sent)
		return 0, true
	case converse.Permanent:
		if fault.Status != 400 {
			return 0, false
		}
		k.lessons++
		if !k.learn(sent, fault.Message) {
			return 0, false
		}
		fault.Class = converse.Capability
		return 0, k.lessons <= mostLessons
	}
	return 0, false
}

// grow asks for more tokens after a cut answer, if it may and the model has more.
func (k *question) grow(sent *converse.Request) bool {
	grown := min(k.grown*2, k.c.settings.GrowMaxTokens)
	if grown <= k.grown || k.wanted.MaxTokens == 0 {
		return false
	}
	was := k.grown
	k.grown = grown
	if k.request().MaxTokens <= sent.MaxTokens {
		k.grown = was
		return false
	}
	return true
}

// lower keeps this question from the form in which it was sent, and all
// questions when that form has failed several times in a row.
func (k *question) lower(sent *converse.Request) {
	form := sent.Output.Form
	if !slices.Contains(k.without, form) {
		k.without = append(k.without, form)
	}
	k.c.mu.Lock()
	defer k.c.mu.Unlock()
	if k.c.broken[form]++; k.c.broken[form] >= formPatience {
		k.c.model = k.c.model.Without(form)
	}
}

// learn takes from a refusal what the model does not support, for this question
// and all that follow. Where another question has learned it since this one
// was sent, it is enough to ask again.
func (k *question) learn(sent *converse.Request, message string) bool {
	if now := k.request(); now.Key() != sent.Key() {
		return true
	}
	k.c.mu.Lock()
	defer k.c.mu.Unlock()
	m, ok := k.c.model.Learn(sent, message)
	if ok {
		k.c.model = m
	}
	return ok
}

// heard is told of each usable answer.
func (c *Caller) heard(sent *converse.Request) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.broken, sent.Output.Form)
}

// pause waits before the next attempt. It reports false where that would come
// too late: when the service asks for more time than there is.
func (k *question) pause(ctx context.Context, fault *converse.Error, wait time.Duration) bool {
	end, _ := ctx.Deadline()
	left := time.Until(end)
	if left < leastPause {
		return false
	}
	wait = min(wait, left/2)
	if fault.RetryAfter > 0 {
		if fault.RetryAfter >= left {
			return false
		}
		wait = max(wait, fault.RetryAfter)
	}
	if wait <= 0 {
		return ctx.Err() == nil
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// jitter returns a random time up to base doubled n-1 times, and up to most.
func jitter(base, most time.Duration, n int) time.Duration {
	top := most
	if n < 20 {
		top = min(base<<max(n-1, 0), most)
	}
	return rand.N(top) + 1
}

// verdict says what is wrong with an answer whose stop reason, or lack of
// content, keeps it from being read; nil is nothing.
func verdict(a *converse.Answer) *converse.Error {
	e := &converse.Error{Status: 200, Code: a.Stop, Usage: a.Usage}
	switch a.Stop {
	case converse.StopMaxTokens:
		e.Class, e.Remedy = converse.Truncated, "raise max_tokens"
	case converse.StopContextWindow:
		e.Class, e.Remedy = converse.TooLong, "shorten what the judge is shown"
	case converse.StopFiltered, converse.StopGuardrail:
		e.Class = converse.Filtered
	case converse.StopRefusal:
		e.Class = converse.Refused
	case converse.StopMalformedOutput, converse.StopMalformedTool:
		e.Class = converse.Malformed
	default:
		// Reasons that are not known yet do not keep an answer from being read.
		if len(a.Tools) > 0 || strings.TrimSpace(a.JoinedText()) != "" {
			return nil
		}
		e.Class, e.Code = converse.Malformed, "no content"
	}
	return e
}

// asError gives a Caller's error the type that all have here.
func asError(err error) *converse.Error {
	if e, ok := errors.AsType[*converse.Error](err); ok {
		c := *e
		return &c
	}
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) {
		return &converse.Error{Class: converse.Timeout, Code: "no answer in time", Err: err}
	}
	return &converse.Error{Class: converse.Permanent, Code: "the caller failed", Err: err}
}
