package jail

import (
	"time"

	"github.com/rftgrader/rftgrader/graders/code/sandbox"
)

// Least returns the limits below which no program of a language runs, as its
// runtime does not even start: memory and time, 0 where anything will do. A
// program that asks for less gets these. The runtimes were measured to start with
// half as much (Node 20: 4 MiB and 40 ms, OpenJDK 17: 2 MiB and 100 ms). Nothing is
// known of languages that are not built in.
func Least(l *sandbox.Language) sandbox.Limits {
	if l == nil {
		return sandbox.Limits{}
	}
	return least(builtinOf(Languages(), l))
}

func least(own *sandbox.Language) sandbox.Limits {
	if own == nil {
		return sandbox.Limits{}
	}
	switch own.Driver {
	case DriverJavaScript:
		return sandbox.Limits{Memory: 8 * mebibyte, Time: 80 * time.Millisecond}
	case DriverJava:
		return sandbox.Limits{Memory: 4 * mebibyte, Time: 200 * time.Millisecond}
	}
	return sandbox.Limits{Memory: mebibyte, Time: 10 * time.Millisecond}
}

// allowed are the limits of a program, which are never below what its language needs.
func allowed(l *sandbox.Language, limits sandbox.Limits) sandbox.Limits {
	if l == nil {
		return limits
	}
	return allowedFor(builtinOf(Languages(), l), limits)
}

// allowedFor takes the language of the table.
func allowedFor(own *sandbox.Language, limits sandbox.Limits) sandbox.Limits {
	least := least(own)
	limits.Memory = max(limits.Memory, least.Memory)
	limits.Time = max(limits.Time, least.Time)
	return limits
}
