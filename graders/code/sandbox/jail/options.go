package jail

import (
	"log/slog"

	"github.com/rftgrader/rftgrader/graders/code/sandbox"
)

// Options say what a jail is made of. The zero value is a jail of this
// machine's processors with all languages that are built in.
type Options struct {
	// Languages are those that can be run. Nil: [Languages].
	Languages []*sandbox.Language
	// Require names languages that must be there.
	Require []string
	// Limits are those of a program that does not say its own. Zero fields take
	// the value of [sandbox.DefaultLimits].
	Limits sandbox.Limits
	// Without names layers of protection to leave out (see package confine), to
	// see what the others hold.
	Without []string
	// Scratch is the folder in which the jail makes its own. Empty: [os.TempDir].
	Scratch string
	// CPUs is how many programs run at a time. 0: as many as Go uses processors.
	CPUs int
	// Log is told what the sandbox itself could not do, and nothing of programs.
	// Nil: nobody is.
	Log *slog.Logger
}
