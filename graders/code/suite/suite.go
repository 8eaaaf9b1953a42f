package suite

import (
	"github.com/rftgrader/rftgrader/graders/code/sandbox"
	"github.com/rftgrader/rftgrader/graders/code/sandbox/wire"
	"github.com/rftgrader/rftgrader/graders/code/split"
)

// A Form is a form of tests.
type Form string

const (
	Stdio    Form = "stdio"    // a script's standard output for a standard input
	Function Form = "function" // a function's value for arguments
	Check    Form = "check"    // Python code that defines check(candidate)
	Asserts  Form = "asserts"  // Python assert statements
	Unit     Form = "unit"     // test files of a framework
)

// A Suite is the tests of one task.
type Suite struct {
	Form Form
	// Entry is the function under test; empty for Stdio and Unit, and for Asserts
	// that call several.
	Entry string
	// Cases are inputs with the outputs that are wanted. A Check or Asserts has
	// them where all it says could be read as such: then nothing of it has to run.
	Cases []Case
	// Script is the tests of a Check, Asserts or Unit as a program.
	Script *split.Tests
	// Tests are what earns credit, in order. It is empty for a Unit that does not
	// name its tests.
	Tests []Test
	// Groups are empty where the tests have none.
	Groups []Group
	// Limits are those that the tests ask for; fields that they do not name are 0.
	Limits sandbox.Limits
	// Prompt is the beginning of the program, which the candidate completes or
	// repeats (Check).
	Prompt string
	// Imports are lines that the candidate may rely on (Asserts).
	Imports string
	// Prelude says that a candidate in Python may use what LeetCode's judges have
	// imported before it (Function).
	Prelude bool
	// Checker judges outputs of Stdio in place of a comparison.
	Checker *Checker
}

// A Test earns credit as a whole, when all of its cases pass.
type Test struct {
	Name   string  // empty: its number names it
	Cases  []int   // indexes of Suite.Cases; empty where the Script runs
	Weight float64 // more than 0
}

// A Group of tests counts whole.
type Group struct {
	Name   string
	Tests  []int
	Weight float64 // more than 0
}

// A Case is one input with what is wanted.
type Case struct {
	// Stdin is the input of a script.
	Stdin []byte
	// Args and Kwargs (keys and values by turns) are those of a call.
	Args, Kwargs []wire.Value

	text   *textCase
	values *valueCase
}

// A textCase is what is wanted of a script.
type textCase struct {
	want    string
	compare TextMode
	tol     float64
}

// A valueCase is what is wanted of a call.
type valueCase struct {
	steps   []step
	want    []wire.Value // one of them
	compare wire.Comparison
}

// Wanted returns the standard output that is wanted, for a [Checker].
func (c *Case) Wanted() string {
	if c.text == nil {
		return ""
	}
	return c.text.want
}

// WantedSize returns about how many bytes the output takes that is wanted.
func (c *Case) WantedSize() int {
	if c.values == nil {
		return len(c.Wanted())
	}
	n := 0
	for _, v := range c.values.want {
		n = max(n, size(v))
	}
	return n
}

func size(v wire.Value) int {
	n := len(v.Text) + 8
	for _, item := range v.Items {
		n += size(item)
	}
	return n
}

// A Checker is a program that judges a script's output. It is run with the
// names of files for arguments.
type Checker struct {
	Language string
	Source   string
	// Args are its arguments: {input}, {output} (the candidate's) and {expected}
	// stand for names of files.
	Args []string
	// ByOutput: it accepts with a first word on its standard output that is a
	// number above 0 or one of "ok", "yes", "true", "accepted", and the exit status 0.
	// Otherwise the exit status 0 alone accepts.
	ByOutput bool
}
