// Package panics describes what a grader did instead of returning.
package panics

import (
	"fmt"
	"path"
	"runtime"
	"strings"
)

// Describe says how a grader ended and where. It is called in the deferred
// function that recovered p, the value of the panic, or nil for
// [runtime.Goexit]. The value of a panic may quote the rollout, so only the
// run-time's own texts are repeated.
func Describe(p any) string {
	switch e := p.(type) {
	case nil:
		return "ended its goroutine (runtime.Goexit) instead of returning"
	case runtime.Error:
		return "panicked: " + e.Error() + place()
	}
	return fmt.Sprintf("panicked with a value of type %T%s", p, place())
}

// place is the first function below the panic that is not the runtime's.
func place() string {
	pcs := make([]uintptr, 64)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(1, pcs)])
	for panicked := false; ; {
		f, more := frames.Next()
		switch {
		case f.Function == "runtime.gopanic" || f.Function == "runtime.sigpanic":
			panicked = true
		case panicked && !strings.HasPrefix(f.Function, "runtime."):
			return fmt.Sprintf(", at %s (%s:%d)", f.Function, path.Base(f.File), f.Line)
		}
		if !more {
			return ""
		}
	}
}
