package split

import (
	"errors"
	"slices"
	"strings"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/graders/code/sandbox"
)

// A ledger is what is known of the tests.
type ledger struct {
	names   []string // that must have passed
	tests   map[string]*Test
	ended   map[string]bool
	order   []string
	current string // the test that runs
	begun   bool   // a test has run
	done    bool   // the tester went to its end
	whole   bool   // the plan has every test, whatever the candidate is
	note    string
}

func newLedger(names []string) *ledger {
	return &ledger{names: names, tests: map[string]*Test{}, ended: map[string]bool{}}
}

func (l *ledger) test(name string) *Test {
	t := l.tests[name]
	if t == nil {
		t = &Test{Name: name, Failure: Missing}
		l.tests[name] = t
		l.order = append(l.order, name)
	}
	return t
}

func (l *ledger) plan(names []string) {
	for _, name := range names {
		l.test(name)
	}
}

func (l *ledger) start(name string) {
	l.current, l.begun = name, true
	l.test(name)
}

// fail marks the running test: the candidate's process ended in it, whatever
// the tester makes of that.
func (l *ledger) fail(failure sandbox.Failure) {
	if l.current == "" {
		return
	}
	t := l.test(l.current)
	t.Passed, t.Failure, t.Detail = false, failure, "the solution's process ended"
}

func (l *ledger) end(name, outcome, detail string) {
	if name != l.current {
		return
	}
	l.current = ""
	l.ended[name] = true
	t := l.test(name)
	if t.Failure != Missing && t.Failure != "" {
		return // it has failed before
	}
	t.Passed, t.Detail = false, detail
	switch outcome {
	case "passed":
		t.Passed, t.Failure = true, ""
	case "failed":
		t.Failure = Wrong
	case "skipped":
		t.Failure = Missing
	default:
		t.Failure = sandbox.RuntimeError
	}
}

// all returns every test as failed for one reason.
func (l *ledger) all(failure sandbox.Failure, detail string) []Test {
	names := l.names
	if len(names) == 0 {
		names = l.order
	}
	if len(names) == 0 {
		names = []string{"all"}
	}
	tests := make([]Test, len(names))
	for i, name := range names {
		tests[i] = Test{Name: name, Failure: failure, Detail: detail}
	}
	return tests
}

// results returns what came of the tests. The failure is why the tester or the
// candidate ended early: it is what became of tests that did not end.
func (l *ledger) results(failure sandbox.Failure) []Test {
	if failure != "" {
		for _, t := range l.tests {
			if t.Failure == Missing && !l.ended[t.Name] {
				t.Failure, t.Detail = failure, "it did not end"
			}
		}
	}
	if len(l.names) == 0 {
		if len(l.order) == 0 || !l.done && l.allPassed() {
			// Nothing ran, or the tester ended before it had said what there is.
			l.test("all").Detail = l.note
		}
		tests := make([]Test, len(l.order))
		for i, name := range l.order {
			tests[i] = *l.tests[name]
		}
		return tests
	}
	tests := make([]Test, len(l.names))
	for i, name := range l.names {
		tests[i] = l.expected(name, failure)
		if !tests[i].Passed && tests[i].Detail == "" {
			tests[i].Detail = l.note
		}
	}
	return tests
}

func (l *ledger) allPassed() bool {
	for _, t := range l.tests {
		if !t.Passed {
			return false
		}
	}
	return true
}

// expected puts together the tests that a name stands for.
func (l *ledger) expected(name string, failure sandbox.Failure) Test {
	found := Test{Name: name, Failure: Missing}
	if failure != "" {
		found.Failure = failure
	}
	for _, ran := range l.order {
		if !standsFor(name, ran) {
			continue
		}
		t := *l.tests[ran]
		t.Name = name
		if !t.Passed {
			return t
		}
		found = t
	}
	return found
}

// absent is the fault of tests that name a test which none of their files
// holds, or hold none.
func (l *ledger) absent() error {
	if !l.whole || !l.done {
		return nil
	}
	if len(l.order) == 0 {
		return grader.Dataf("", "the test files hold no test: give at least one")
	}
	for _, name := range l.names {
		if !slices.ContainsFunc(l.order, func(ran string) bool { return standsFor(name, ran) }) {
			return &grader.DataError{Err: errors.New("a test that must pass is in none of the test files: correct its name"), Detail: name}
		}
	}
	return nil
}

// standsFor says whether an expected name means the test that ran: it is the
// whole name or the last parts of it, with or without parameters in brackets.
func standsFor(name, ran string) bool {
	if endsWith(ran, name) {
		return true
	}
	// A part of a test in Go is as right as the whole.
	if head, _, ok := strings.Cut(name, "/"); ok && head == ran && strings.HasPrefix(ran, "Test") {
		return true
	}
	// Parameters may hold anything, brackets too: they begin at the first bracket
	// behind the last part of the path.
	if at := strings.IndexByte(ran, '['); at > 0 && strings.HasSuffix(ran, "]") {
		return endsWith(ran[:at], name)
	}
	return false
}

func endsWith(ran, name string) bool {
	head, ok := strings.CutSuffix(ran, name)
	return ok && name != "" && (head == "" || strings.HasSuffix(head, ".") || strings.HasSuffix(head, "/") ||
		strings.HasSuffix(head, ":") || strings.HasSuffix(head, " > "))
}
