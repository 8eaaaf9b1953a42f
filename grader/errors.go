package grader

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

// A Fault says whose fault it is that a rollout was not graded.
type Fault string

const (
	// FaultData is a fault of the rollout or its reference: no retry can help.
	FaultData Fault = "data"
	// FaultTransient is a fault of the grading that passes: a retry may help.
	FaultTransient Fault = "transient"
	// FaultPermanent is a fault of the grading that lasts until a person acts.
	FaultPermanent Fault = "permanent"
	// FaultDeadline means that time ran out before the rollout was graded.
	FaultDeadline Fault = "deadline"
)

// Faults lists every fault class in a fixed order.
func Faults() []Fault {
	return []Fault{FaultData, FaultTransient, FaultPermanent, FaultDeadline}
}

// A DataError is a fault of the data: a rollout that cannot be read, a missing
// reference, a reference that this grader cannot read.
type DataError struct {
	// Where is a JSON pointer into the rollout, such as /messages/2/content or
	// /reference_answer/tests. It is empty for the rollout as a whole. Error
	// shows of it what looks like names of fields.
	Where string
	// Err says what is wrong and what to do. It never quotes the data.
	Err error
	// Detail may quote the data. It is for people and never reaches a log.
	Detail string
}

func (e *DataError) Error() string {
	text := textOf(e.Err, "the rollout cannot be graded")
	if e.Where == "" {
		return text
	}
	return place(e.Where) + ": " + text
}

func (e *DataError) Unwrap() error { return e.Err }

// A TransientError is a fault of the grading that passes, such as a throttled
// judge or a lost connection. A grader that can retry inside its context does
// so before it returns one.
type TransientError struct{ Err error }

func (e *TransientError) Error() string { return textOf(e.Err, "the grading failed for now") }
func (e *TransientError) Unwrap() error { return e.Err }

// A PermanentError is a fault of the grading that lasts: access denied, an
// unknown model, a missing sandbox, a panic.
type PermanentError struct{ Err error }

func (e *PermanentError) Error() string { return textOf(e.Err, "the grading failed") }
func (e *PermanentError) Unwrap() error { return e.Err }

// A DeadlineError says that time ran out before the rollout was graded.
type DeadlineError struct{ Err error }

func (e *DeadlineError) Error() string { return textOf(e.Err, "time ran out") }
func (e *DeadlineError) Unwrap() error { return e.Err }

// textOf keeps an error without a cause printable: it is reported all the same.
func textOf(err error, otherwise string) string {
	if err == nil {
		return otherwise
	}
	return err.Error()
}

// Dataf returns a [*DataError] at the given JSON pointer into the rollout. The
// text must not quote the data; see [DataError.Detail].
func Dataf(where, format string, args ...any) *DataError {
	return &DataError{Where: where, Err: fmt.Errorf(format, args...)}
}

// Transientf returns a [*TransientError] with a text as of [fmt.Errorf].
func Transientf(format string, args ...any) *TransientError {
	return &TransientError{Err: fmt.Errorf(format, args...)}
}

// Permanentf returns a [*PermanentError] with a text as of [fmt.Errorf].
func Permanentf(format string, args ...any) *PermanentError {
	return &PermanentError{Err: fmt.Errorf(format, args...)}
}

// FaultOf returns the fault class of a grading error, and "" for nil. The
// outermost typed error decides. A context's end counts as a deadline;
// any other error counts as permanent, so that a grader which forgot to
// classify its error is noticed and never retried for nothing.
func FaultOf(err error) Fault {
	for e := range chain(err) {
		switch e.(type) {
		case *DataError:
			return FaultData
		case *TransientError:
			return FaultTransient
		case *PermanentError:
			return FaultPermanent
		case *DeadlineError:
			return FaultDeadline
		}
	}
	switch {
	case err == nil:
		return ""
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return FaultDeadline
	}
	return FaultPermanent
}

// chain yields err and what it wraps, outermost first.
func chain(err error) func(func(error) bool) {
	var walk func(err error, yield func(error) bool) bool
	walk = func(err error, yield func(error) bool) bool {
		if err == nil {
			return true
		}
		if !yield(err) {
			return false
		}
		switch u := err.(type) {
		case interface{ Unwrap() error }:
			return walk(u.Unwrap(), yield)
		case interface{ Unwrap() []error }:
			for _, e := range u.Unwrap() {
				if !walk(e, yield) {
					return false
				}
			}
		}
		return true
	}
	return func(yield func(error) bool) { walk(err, yield) }
}

// Explain returns the text of err with the details that may quote the data.
// It is for a person at a terminal who asked; never log it.
func Explain(err error) string {
	if err == nil {
		return ""
	}
	var details []string
	for e := range chain(err) {
		if d, ok := e.(*DataError); ok && d.Detail != "" {
			details = append(details, d.Detail)
		}
	}
	if len(details) == 0 {
		return err.Error()
	}
	return err.Error() + " (" + strings.Join(details, "; ") + ")"
}
