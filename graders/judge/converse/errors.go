package converse

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/rftgrader/rftgrader/grader"
)

// A Class says why there is no answer, and so what can be done about it.
type Class string

const (
	Throttled  Class = "throttled"  // too many requests or tokens for now: wait, and ask less at once
	Quota      Class = "quota"      // a quota of the day or of the account is used up: hours, or a person, must help
	Transient  Class = "transient"  // a fault of the service or of the line: ask again
	Timeout    Class = "timeout"    // the model, or the attempt's own time, ran out: ask again
	Deadline   Class = "deadline"   // the caller's time ran out, or would have, before an answer
	Denied     Class = "denied"     // no access: credentials, policy, or a model that was not enabled
	NotFound   Class = "not_found"  // no such model here, or not under this id
	Permanent  Class = "permanent"  // another fault of the request: asking again is no use
	Capability Class = "capability" // the model cannot do what was asked of it in this form
	TooLong    Class = "too_long"   // the request does not fit into the model's context
	Truncated  Class = "truncated"  // the answer was cut at MaxTokens, even after asking with more
	Refused    Class = "refused"    // the model declined to answer
	Filtered   Class = "filtered"   // a content filter or guardrail kept the answer back
	Malformed  Class = "malformed"  // the answer cannot be read: no content, or what the service calls malformed
)

// Classes lists every class in a fixed order.
func Classes() []Class {
	return []Class{Throttled, Quota, Transient, Timeout, Deadline, Denied, NotFound, Permanent, Capability, TooLong, Truncated, Refused, Filtered, Malformed}
}

// An Error says why a request has no answer.
type Error struct {
	Class Class
	// Status is the HTTP status, 0 where no answer came.
	Status int
	// Code is the service's name of the fault, such as ThrottlingException, or
	// a stop reason.
	Code string
	// Message is the service's text. It may quote what was sent, so Error does
	// not show it: it is for a person who asked.
	Message string
	// RetryAfter is how long the service asked to wait; 0 is not said.
	RetryAfter time.Duration
	// Usage is what was charged all the same, over all attempts.
	Usage Usage
	// Attempts is how many requests were sent.
	Attempts int
	// Remedy says what to do, where that is known.
	Remedy string
	// Err is the cause, if there is one. Its text is shown only where Code is empty.
	Err error
}

func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Class.text())
	switch {
	case e.Code != "" && e.Status != 0:
		fmt.Fprintf(&b, " (%s, HTTP %d)", e.Code, e.Status)
	case e.Code != "":
		fmt.Fprintf(&b, " (%s)", e.Code)
	case e.Status != 0:
		fmt.Fprintf(&b, " (HTTP %d)", e.Status)
	case e.Err != nil:
		fmt.Fprintf(&b, " (%v)", e.Err)
	}
	if e.Attempts > 1 {
		fmt.Fprintf(&b, " after %d attempts", e.Attempts)
	}
	if e.Remedy != "" {
		b.WriteString("; ")
		b.WriteString(e.Remedy)
	}
	return b.String()
}

func (e *Error) Unwrap() error { return e.Err }

var classTexts = map[Class]string{
	Throttled:  "the model's quota per minute is used up",
	Quota:      "a quota of the account is used up",
	Transient:  "the service failed for now",
	Timeout:    "the model took too long",
	Deadline:   "time ran out before the model answered",
	Denied:     "access to the model is denied",
	NotFound:   "there is no such model here",
	Permanent:  "the service refused the request",
	Capability: "the model cannot do what the request asks for",
	TooLong:    "the request is too long for the model",
	Truncated:  "the model's answer was cut",
	Refused:    "the model declined to answer",
	Filtered:   "a content filter kept the answer back",
	Malformed:  "the model's answer cannot be read",
}

func (c Class) text() string {
	if t, ok := classTexts[c]; ok {
		return t
	}
	return "the model gave no answer"
}

// Fault returns whose fault a class is: what passes is transient, the end of
// time is the deadline's, and everything else lasts.
func (c Class) Fault() grader.Fault {
	switch c {
	case Throttled, Transient, Timeout:
		return grader.FaultTransient
	case Deadline:
		return grader.FaultDeadline
	}
	return grader.FaultPermanent
}

// ClassOf returns the class of an error that wraps an [*Error], and "" for
// any other.
func ClassOf(err error) Class {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Class
	}
	return ""
}

// AsFault wraps an error that wraps an [*Error] in the house's error for its
// fault: [*grader.TransientError], [*grader.DeadlineError] or
// [*grader.PermanentError]. The class stays readable with [ClassOf]. Other
// errors come back as they are.
func AsFault(err error) error {
	e, ok := errors.AsType[*Error](err)
	if !ok {
		return err
	}
	switch e.Class.Fault() {
	case grader.FaultTransient:
		return &grader.TransientError{Err: err}
	case grader.FaultDeadline:
		return &grader.DeadlineError{Err: err}
	}
	return &grader.PermanentError{Err: err}
}
