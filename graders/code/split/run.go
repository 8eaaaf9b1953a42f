package split

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/graders/code/sandbox"
)

// Run runs the tests on the candidate, whose Entry it sets itself.
//
// Faults of the candidate are in the Report. An error is a *grader.DataError
// where the tests themselves are at fault (they do not compile, they name no
// framework that there is), a *grader.PermanentError where a tool is missing,
// or what the opener returns.
func Run(ctx context.Context, opener sandbox.Opener, tests *Tests, candidate sandbox.Program) (Report, error) {
	if candidate.Language == nil {
		return Report{}, grader.Permanentf("a candidate without a language cannot be tested: give its language")
	}
	if err := tests.check(candidate.Language.Name); err != nil {
		return Report{}, err
	}
	tests = tests.named()
	candidate.Limits = tests.Limits.Or(candidate.Limits).Or(sandbox.DefaultLimits())
	p, err := planned(tests, candidate)
	var u *unsplittable
	if errors.As(err, &u) {
		return together(ctx, opener, tests, candidate, u.reason)
	}
	if err != nil {
		return unmet(tests, err)
	}
	report, err := converse(ctx, opener, tests, p)
	if err == nil && report.Unsplittable != "" {
		return together(ctx, opener, tests, candidate, report.Unsplittable)
	}
	return report, err
}

// unmet returns the report on a solution that is unfit: what only its own form
// causes is a wrong answer, whatever is allowed of tests that cannot be split.
func unmet(tests *Tests, err error) (Report, error) {
	var u *unfit
	if !errors.As(err, &u) {
		return Report{}, err
	}
	return Report{
		Build:   sandbox.Build{Failure: sandbox.CompileError, Log: []byte(u.reason + "\n")},
		Tests:   newLedger(tests.Names).all(sandbox.CompileError, u.reason),
		Trusted: true,
	}, nil
}

// A plan is how tests are run: who talks to whom.
type plan struct {
	candidate sandbox.Program // with an Entry; its Language is nil where the tests hold the candidate
	tester    sandbox.Conversant
	config    map[string]any // the tester's first line
	stepwise  bool           // the tester is driven by calls of RftStep
	shared    sharing        // whether the candidate may speak in the tester's name
	trusted   bool
}

// sharing is when a tester shares its process with the candidate: what it says
// of the tests is then no fault of theirs.
type sharing int

const (
	never      sharing = iota
	untilBegun         // from the message begun on
	always
)

// unsplittable is the error of a planner whose tests cannot be split.
type unsplittable struct{ reason string }

func (u *unsplittable) Error() string { return "the tests cannot be split: " + u.reason }

func unsplittablef(format string, args ...any) error {
	return &unsplittable{fmt.Sprintf(format, args...)}
}

func planned(tests *Tests, candidate sandbox.Program) (*plan, error) {
	switch candidate.Language.Name {
	case "python":
		return planPython(tests, candidate)
	case "javascript":
		return planJavaScript(tests, candidate)
	case "go":
		return planGo(tests, candidate)
	}
	return nil, unsplittablef("tests with a main of their own in %s share the process with the solution", candidate.Language.Name)
}

// together runs tests that cannot be split in one process with the candidate,
// where that is allowed, and says that it is not to be trusted.
func together(ctx context.Context, opener sandbox.Opener, tests *Tests, candidate sandbox.Program, reason string) (Report, error) {
	if !tests.Together {
		return Report{Unsplittable: reason}, nil
	}
	var report Report
	var p *plan
	var err error
	switch candidate.Language.Name {
	case "python":
		p, err = planPythonTogether(tests, candidate)
	case "javascript":
		p, err = planJavaScriptTogether(tests, candidate)
	case "go":
		p, err = planGoTogether(tests, candidate)
	case "c", "cpp":
		report, err = runMain(ctx, opener, tests, candidate)
	default:
		err = grader.Permanentf("tests of kind %s are not run in %s", tests.Kind, candidate.Language.Name)
	}
	if p != nil && err == nil {
		report, err = converse(ctx, opener, tests, p)
	}
	var u *unsplittable
	switch {
	case errors.As(err, &u):
		return Report{Unsplittable: u.reason}, nil
	case err != nil:
		return unmet(tests, err)
	}
	report.Trusted, report.Unsplittable = false, reason
	return report, err
}

// frameworks says which frameworks a language's tests may have.
func frameworks(language string) []string {
	switch language {
	case "python":
		return []string{Pytest, Unittest, Script}
	case "javascript":
		return []string{NodeTest, NodeAssert}
	case "go":
		return []string{GoTest}
	case "c", "cpp":
		return []string{CMain, "c assert main", "c++ main", "c main"}
	}
	return nil
}

// named returns the tests with the names of those that are no files.
func (t *Tests) named() *Tests {
	if t.Kind == Unit {
		return t
	}
	c := *t
	c.Names = []string{Check}
	if t.Kind == Asserts {
		c.Names = make([]string, len(t.Asserts))
		for i := range c.Names {
			c.Names[i] = fmt.Sprintf("assert %d", i+1)
		}
	}
	return &c
}

// check finds what is wrong with tests before anything runs.
func (t *Tests) check(language string) error {
	switch t.Kind {
	case Check, Asserts:
		if language != "python" {
			return grader.Dataf("", "tests of kind %s are in Python, but the solution is in %s", t.Kind, language)
		}
		if t.Kind == Check && (t.Test == "" || t.Entry == "") {
			return grader.Dataf("", "tests of kind check have no test or no entry: give the code that defines check, and the name of the function")
		}
		if t.Kind == Asserts && len(t.Asserts) == 0 {
			return grader.Dataf("", "the list of asserts is empty: give at least one")
		}
		return nil
	case Unit:
	default:
		return &grader.DataError{Err: errors.New("no such kind of tests: there are check, asserts and unit"), Detail: t.Kind}
	}
	if len(t.Files) == 0 {
		return grader.Dataf("", "tests of kind unit have no files: give at least one")
	}
	if t.SolutionFile == "" {
		return grader.Dataf("", "tests of kind unit have no solution_file: give the file that stands for the solution")
	}
	for name := range t.Files {
		if !local(name) {
			return &grader.DataError{Err: errors.New("a test file lies outside its folder: give relative paths below it"), Detail: name}
		}
	}
	if !local(t.SolutionFile) {
		return &grader.DataError{Err: errors.New("solution_file lies outside its folder: give a relative path below it"), Detail: t.SolutionFile}
	}
	known := frameworks(language)
	for _, f := range known {
		if f == t.Framework {
			return nil
		}
	}
	return &grader.DataError{
		Err:    fmt.Errorf("no such test framework for %s: there are %s", language, strings.Join(known, ", ")),
		Detail: t.Framework,
	}
}
