package workbench

import (
	"errors"
	"fmt"
	"slices"
	"syscall"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/grader/spec"
)

// A gateError says that all was done and a gate failed.
type gateError struct{ err error }

func (e *gateError) Error() string { return e.err.Error() }
func (e *gateError) Unwrap() error { return e.err }

// A usageError is a fault in how the program was called. The command's help
// says how it is meant.
type usageError struct {
	command string
	err     error
}

func (e *usageError) Error() string { return e.err.Error() }
func (e *usageError) Unwrap() error { return e.err }

// report tells the person what went wrong and returns the exit code.
func (p *program) report(err error) int {
	if err == nil {
		return exitDone
	}
	if errors.Is(err, syscall.EPIPE) {
		return exitPipe
	}
	if faults := spec.Errors(err); len(faults) > 0 {
		fmt.Fprintln(p.stderr, err)
		err = fmt.Errorf("the spec has %s; nothing was done", count(len(faults), "fault"))
		if !slices.ContainsFunc(faults, isOwn) {
			err = errors.New("this machine does not give what the spec needs; nothing was done")
		}
	}
	fmt.Fprintf(p.stderr, "rft: %v\n", err)
	if usage, ok := errors.AsType[*usageError](err); ok {
		fmt.Fprintf(p.stderr, "run %q to see how it is used\n", usage.command+" --help")
	}
	if _, ok := errors.AsType[*gateError](err); ok {
		return exitGate
	}
	return exitFailed
}

// isOwn reports whether a fault is the spec's own, and not one of where it is used.
func isOwn(e *spec.Error) bool {
	_, lasting := errors.AsType[*grader.PermanentError](e)
	return !lasting
}

// count writes a number with its noun: "1 fault", "2 faults".
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
