package locallambda

import (
	"context"
	"encoding/json"
	"fmt"
)

// An InitError says that a function cannot start: that a process of it did not
// come to ask for an event.
type InitError struct {
	// Type is that of the error that the process reported, or one of the
	// platform such as Runtime.ExitError.
	Type string
	// Message is what the process reported, or how it ended.
	Message string
}

func (e *InitError) Error() string {
	switch {
	case e.Message == "":
		return "the function does not start: " + e.Type
	case e.Type == "":
		return "the function does not start: " + e.Message
	}
	return "the function does not start: " + e.Type + ": " + e.Message
}

// Warm starts an environment and leaves it idle, unless one is idle already. It
// counts as a cold start. Where Config.InitTimeout is not enough the environment
// is started once more, with Config.Timeout, as it would be in an invocation.
//
// The error is an [*InitError] when the function cannot start, an
// [*InvokeError] when all of the reserved concurrency is in use, [ErrClosed],
// or the end of ctx; the environment starts on then.
func (f *Function) Warm(ctx context.Context) error {
	if e := f.takeIdle(); e != nil {
		f.giveBack(e)
		return nil
	}
	if err := f.takeSlot(); err != nil {
		return err
	}
	done := make(chan error, 1)
	if err := f.begin(func() { done <- f.warm() }); err != nil {
		return err
	}
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return fmt.Errorf("waiting for the function to start: %w", context.Cause(ctx))
	}
}

func (f *Function) warm() error {
	defer func() { <-f.slots }()
	v := &invocation{} // the environment is started for none
	e, out := f.initialise(v, f.config.InitTimeout, "init")
	if e == nil && out.status == "timeout" {
		e, out = f.initialise(v, f.config.Timeout, "invoke")
	}
	switch {
	case out.err != nil:
		return out.err
	case e == nil:
		return out.initError()
	}
	e.logs.attach(nil)
	f.giveBack(e)
	return nil
}

func (o outcome) initError() *InitError {
	var reported failure
	if err := json.Unmarshal(o.payload, &reported); err != nil {
		return &InitError{Type: o.errorType, Message: "it reported an error that is no object with errorType and errorMessage"}
	}
	if reported.Type == "" {
		reported.Type = o.errorType
	}
	return &InitError{Type: reported.Type, Message: reported.Message}
}
