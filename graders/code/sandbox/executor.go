package sandbox

import (
	"context"
	"io"
	"time"
)

// An Executor runs programs. Its methods may be called by many goroutines at
// once; it runs as many programs at a time as the machine has processors, and
// lets the others wait.
//
// Faults of a program are a [Failure] in the Output or Build and a nil error.
// An error is a fault of the sandbox or of time: a *grader.PermanentError for
// what will not pass (a toolchain that is missing, isolation that is required
// and not there), a *grader.TransientError for what may (no process could be
// started, the scratch folder is full), the context's error when ctx ends.
type Executor interface {
	// Run builds p and gives it the inputs in order. Each output goes to take,
	// in order and from one goroutine; when take returns false the rest is not run.
	// Nothing is taken when the Build has a Failure. Every process that came of the
	// program is dead, and its files are gone, when Run returns.
	Run(ctx context.Context, p Program, inputs []Input, take func(i int, out Output) (more bool)) (Build, error)
	// Report says what holds the programs of this executor.
	Report() Report
	io.Closer
}

// An Opener is an Executor that can also hold a conversation, which tests need
// that decide what to call next by what came back.
type Opener interface {
	Executor
	// Open builds p, which must have an Entry or Commands, and starts it. The
	// Session is nil when the Build has a Failure.
	Open(ctx context.Context, p Conversant) (Session, Build, error)
}

// A Conversant is a program that talks in lines on descriptors of its own.
type Conversant struct {
	// Program is the candidate, run by its language's driver. Its Entry may be
	// "*": the driver answers calls of everything that the program defines.
	Program Program
	// Command, where it is not empty, is run instead of the driver, in a folder that
	// holds Files (by relative path) and nothing else: a trusted program, such as
	// the one that holds the tests, confined as well. "{in}" and "{out}" in the
	// arguments stand for the descriptor numbers it reads lines from and writes
	// lines to; it also finds them in the environment as RFT_IN and RFT_OUT.
	Command []string
	Files   map[string]string
	// Trusted says that the program belongs to a conversation with another one, as a
	// Command always does: its session takes none of the places that programs wait
	// for, so that the two never wait for each other.
	Trusted bool
}

// A Session is a live program. It is used by one goroutine at a time.
type Session interface {
	// Send gives the program one line (without a newline in it).
	Send(line []byte) error
	// Receive returns the program's next line. The failure says why there is none:
	// the program ended (RuntimeError), or ran into a limit since the last Send;
	// then the session is over. The processor time that the program may use is cpu
	// (0: its Limits.Time).
	Receive(ctx context.Context, cpu time.Duration) (line []byte, failure Failure, err error)
	// Close ends the program and everything that came of it, and says what it used.
	// Stderr is the end of what it printed.
	Close() (usage Usage, stderr []byte)
}

// A Report says what an executor's programs are held by.
type Report struct {
	Executor    string       `json:"executor"`
	Protections []Protection `json:"protections"`
	// Toolchains are the versions that the languages' tools reported, by language;
	// a language that is not there cannot be run.
	Toolchains map[string]string `json:"toolchains"`
}

// A Protection is one thing that holds programs.
type Protection struct {
	Name   string `json:"name"`   // as "isolation: require" writes it
	Active bool   `json:"active"` // it was tried here, and it holds
	Detail string `json:"detail"` // why not, or the version
	Stops  string `json:"stops"`  // the attacks that it stops
}

// Missing returns those of the wanted protections that the report does not
// show to be active.
func (r Report) Missing(want []string) []string {
	var missing []string
	for _, name := range want {
		if !r.active(name) {
			missing = append(missing, name)
		}
	}
	return missing
}

func (r Report) active(name string) bool {
	for _, p := range r.Protections {
		if p.Name == name && p.Active {
			return true
		}
	}
	return false
}
