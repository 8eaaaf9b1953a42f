package split

import (
	"github.com/rftgrader/rftgrader/graders/code/sandbox"
)

// The kinds of tests.
const (
	Check   = "check"   // Python code that defines check(candidate), as HumanEval has it
	Asserts = "asserts" // a list of Python assert statements, as MBPP has it
	Unit    = "unit"    // test files of a framework
)

// The frameworks of Unit tests.
const (
	Pytest     = "pytest"
	Unittest   = "unittest"
	GoTest     = "go test"
	NodeTest   = "node:test"
	NodeAssert = "node:assert"     // a script that ends normally when all is well: one test, "all"
	CMain      = "c++ assert main" // or "c assert main", "c++ main", "c main": a program that ends normally when all is well
	Script     = "script"          // Python files that end without an error when all is well, each a test
)

// Tests are tests that are programs.
type Tests struct {
	Kind string
	// Entry is the function under test (Check, Asserts; optional for Asserts).
	Entry string
	// Prompt is what the candidate was asked to complete (Check). Helpers that it
	// defines are the tests' own.
	Prompt string
	// Test is the code that defines check(candidate).
	Test string
	// Setup is run before the Asserts.
	Setup   string
	Asserts []string

	// Framework and Files (by relative path with slashes) are what Unit tests are
	// made of. SolutionFile is the file that the tests import as the solution.
	Framework    string
	Files        map[string]string
	SolutionFile string
	// Names are the tests that must have run and passed: a test's whole name or the
	// last parts of it ("test_add" for "Sums.test_add"); the cases of a parametrised
	// test count together. Empty: every test that there is, and at least one.
	Names []string

	// Limits bound the candidate: Time is what one test may use in calls of it. The
	// tester has the same, but never less than its framework needs.
	Limits sandbox.Limits
	// Together allows tests that cannot be split to run in one process with the
	// candidate, with a verdict that it could forge.
	Together bool
}

// Why a test has not passed, besides the failures of package sandbox.
const (
	Wrong   sandbox.Failure = "wrong"   // an assertion failed
	Missing sandbox.Failure = "missing" // it never ran to its end, or was skipped
)

// A Test is what came of one test.
type Test struct {
	Name    string
	Passed  bool
	Failure sandbox.Failure // empty if it passed
	// Detail says why it did not pass, in words that may hold what tests and
	// candidate say: for people, never for the wire or a log.
	Detail string
}

// A Report is what came of all tests.
type Report struct {
	// Build is what came of building the candidate; with a Failure no test ran.
	Build sandbox.Build
	// Tests has one element for each of Tests.Names, in order; without names, for
	// each test that the tester found. It is empty where the tests are Unsplittable.
	Tests []Test
	// Trusted says that the candidate could not write the verdict.
	Trusted bool
	// Unsplittable says why the tests cannot be split, and is empty where they can.
	Unsplittable string
	// Usage is what the candidate used.
	Usage sandbox.Usage
	// Stderr is the end of what the candidate printed: hostile text.
	Stderr []byte
}

// Passed returns how many tests passed.
func (r Report) Passed() int {
	n := 0
	for _, t := range r.Tests {
		if t.Passed {
			n++
		}
	}
	return n
}
