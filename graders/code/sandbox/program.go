package sandbox

import "time"

// A Program is what a candidate wrote.
type Program struct {
	Language *Language
	Source   string
	// Entry is the function to call, by the name that the language gives it
	// ("two_sum", "Solution.twoSum"). Empty: the program is a script, which is
	// run once for each input.
	Entry  string
	Limits Limits
}

// Limits bound one run of a script or one call of a function. Zero fields take
// the value of [DefaultLimits].
type Limits struct {
	// Time is processor time of all its processes together. The clock on the
	// wall may take twice that and a second, without the time that the program stood
	// in line for a processor: a machine that is busy must not turn a right answer
	// into a wrong one, and a program that sleeps must end.
	Time time.Duration
	// Memory is resident memory of all its processes together, in bytes.
	Memory int64
	// Output bounds standard output, standard error and a value, in bytes each.
	Output int64
	// Disk bounds the files that it leaves in its folder, in bytes.
	Disk int64
	// Processes bounds its processes and threads.
	Processes int
	// Compile is the processor time of the compiler, as Time is of a run.
	Compile time.Duration
}

// DefaultLimits returns 5 s, 512 MiB, 1 MiB of output, 64 MiB of files, 64
// processes and threads, 30 s to compile.
func DefaultLimits() Limits {
	return Limits{Time: 5 * time.Second, Memory: 512 << 20, Output: 1 << 20, Disk: 64 << 20, Processes: 64, Compile: 30 * time.Second}
}

// Or returns l with its zero fields taken from d.
func (l Limits) Or(d Limits) Limits {
	return Limits{
		Time: or(l.Time, d.Time), Memory: or(l.Memory, d.Memory), Output: or(l.Output, d.Output),
		Disk: or(l.Disk, d.Disk), Processes: or(l.Processes, d.Processes), Compile: or(l.Compile, d.Compile),
	}
}

// Wall returns how long a run or call with the given processor time may take
// on the clock: twice the time and a second.
func Wall(cpu time.Duration) time.Duration { return 2*cpu + time.Second }

func or[T comparable](a, b T) T {
	var zero T
	if a != zero {
		return a
	}
	return b
}

// An Input is given to one run of a script (Stdin) or one call (Call).
type Input struct {
	Stdin []byte
	// Call is a call as package wire writes it.
	Call []byte
}

// An Output is what came of one input.
type Output struct {
	// Failure is why the run or call did not end as programs should; empty where
	// it ended well. A script that ends with a status other than 0 has a
	// [RuntimeError], and its Stdout all the same.
	Failure Failure
	Stdout  []byte
	// Value is the reply to a call, as package wire reads it.
	Value []byte
	// Stderr is the end of what was written to standard error (and, by functions,
	// to standard output): text by a hostile hand, for people at a laptop.
	Stderr []byte
	// Exit is the exit status, or 128 and the number of the signal that ended it.
	Exit  int
	Usage Usage
}

// A Build is what came of compiling (or of loading, where nothing is compiled).
type Build struct {
	// Failure is empty, CompileError, or the limit that the compiler ran into.
	Failure Failure
	// Log is the compiler's output: text that may hold what the compiler read, for
	// people at a laptop, never for the wire.
	Log   []byte
	Usage Usage
}

// Usage is what a run used. Memory is the peak in bytes.
type Usage struct {
	CPU, Wall time.Duration
	Memory    int64
}

// A Failure is a class of failure that is the program's own.
type Failure string

// The failures, in the order in which the first one of a rollout is named.
const (
	CompileError Failure = "compile"
	RuntimeError Failure = "runtime" // an exception, a signal, an exit status, no reply
	TimeLimit    Failure = "time"
	MemoryLimit  Failure = "memory"
	OutputLimit  Failure = "output"
	DiskLimit    Failure = "disk"
)
