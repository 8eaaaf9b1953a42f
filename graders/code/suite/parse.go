package suite

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/rftgrader/rftgrader/graders/code/sandbox/wire"
	"github.com/rftgrader/rftgrader/graders/code/split"
)

// A Hint says of tests what they do not say themselves.
type Hint struct {
	// Form is the form that the tests must have; empty: any.
	Form Form
	// Entry is the function under test, where the tests do not name it.
	Entry string
}

// Parse reads the tests that stand at a JSON pointer of a rollout, in any of
// the forms of the package comment. Whatever cannot be read is a
// *grader.DataError with the place and what to do; nothing of it is guessed.
func Parse(raw json.RawMessage, where string, hint Hint) (*Suite, error) {
	n := node{jsontext.Value(raw), where}.open()
	s, err := parse(n, hint)
	if err != nil {
		return nil, err
	}
	if hint.Form != "" && s.Form != hint.Form {
		return nil, n.fault("these are tests of the form %s, and the option form wants %s", s.Form, hint.Form)
	}
	return s, nil
}

func parse(n node, hint Hint) (*Suite, error) {
	switch n.raw.Kind() {
	case '[':
		s, err := parseList(n, hint)
		if err != nil {
			return nil, err
		}
		s.Prelude = s.Form == Function
		return s, nil
	case '{':
		return parseObject(n, hint)
	}
	return nil, n.fault("want tests, which are an object or a list, got %s%s", n.kind(), n.compressed())
}

func parseObject(n node, hint Hint) (*Suite, error) {
	f, err := n.fields()
	if err != nil {
		return nil, err
	}
	if f.has("kind") {
		return parseOwn(f, hint)
	}
	imports, _ := f.take("imports").text()
	s, err := parseForeign(f, hint)
	if err != nil {
		return nil, err
	}
	s.Prelude = s.Form == Function && imports != noImports
	return s, nil
}

// The values of the member imports.
const (
	leetcodeImports = "leetcode"
	noImports       = "none"
)

func parseForeign(f *fields, hint Hint) (*Suite, error) {
	n := f.node
	switch {
	case f.has("inputs") && f.has("outputs"):
		return parseColumns(f, hint)
	case f.has("test_cases"):
		return parseTestCases(f, hint)
	case f.has("test_list"):
		return parseMBPP(f)
	case f.has("test") && f.has("entry_point"):
		return parseHumanEval(f)
	case f.has("input_output"):
		return parseInputOutput(f, hint)
	case f.has("public_test_cases") || f.has("private_test_cases"):
		return parseLiveCodeBench(f, hint)
	case f.has("official_tests"):
		return parse(f.take("official_tests").open(), hint)
	case f.has("base_input"):
		return nil, n.fault("these inputs have no outputs: use the form of the dataset whose rows have test and entry_point")
	}
	return nil, n.fault("no form of tests that is known: want kind, or inputs and outputs, test_cases, test_list, test and entry_point, input_output, public_test_cases, or a list of cases")
}

// parseList reads a list of assert statements, or of cases.
func parseList(n node, hint Hint) (*Suite, error) {
	elements, err := n.elements()
	switch {
	case err != nil:
		return nil, err
	case len(elements) == 0:
		return nil, n.fault("there are no tests: want at least one")
	case elements[0].raw.Kind() != '"' || elements[0].open().raw.Kind() == '{':
		return parseCases(n, hint, foreign())
	}
	asserts, err := n.texts()
	if err != nil {
		return nil, err
	}
	return newAsserts(n, asserts, "", hint.Entry)
}

// newAsserts makes the suite of a list of assert statements.
func newAsserts(n node, asserts []string, setup, entry string) (*Suite, error) {
	entry = plainCall(entry)
	if len(asserts) == 0 {
		return nil, n.fault("there are no tests: want at least one assert statement")
	}
	if err := n.entryFault(entry); err != nil {
		return nil, err
	}
	s := &Suite{Form: Asserts, Entry: entry, Script: &split.Tests{Kind: split.Asserts, Entry: entry, Setup: setup, Asserts: asserts}}
	for i, a := range asserts {
		if strings.TrimSpace(a) == "" {
			return nil, node{at: n.at}.fault("assert statement %d is empty", i)
		}
		s.Tests = append(s.Tests, Test{Weight: 1})
	}
	lines, ok := statements(setup)
	onlyImports := ok
	for _, l := range lines {
		if ok && l.indent == "" && importLine(l.text) && !strings.Contains(l.text, ";") {
			s.Imports += l.text + "\n"
		} else {
			onlyImports = false
		}
	}
	if !onlyImports {
		return s, nil
	}
	var cases []Case
	called := entry
	for _, text := range asserts {
		lines, ok := statements(text)
		if !ok || len(lines) != 1 {
			return s, nil
		}
		a, ok := readAssert(lines[0].text)
		if !ok || a.entry == "" || called != "" && plainEntry(a.entry) != plainEntry(called) {
			return s, nil
		}
		called = a.entry
		cases = append(cases, a.testCase())
	}
	s.Entry, s.Cases = called, cases
	for i := range s.Tests {
		s.Tests[i].Cases = []int{i}
	}
	return s, nil
}

// plainEntry returns the name of a function or of a method without its class.
func plainEntry(entry string) string { return entry[strings.LastIndexByte(entry, '.')+1:] }

func (a asserted) testCase() Case {
	return Case{Args: a.args, Kwargs: a.kwargs, values: &a.values}
}

// newCheck makes the suite of code that defines check(candidate).
func newCheck(n node, prompt, test, entry string) (*Suite, error) {
	entry = plainCall(entry)
	switch {
	case entry == "":
		return nil, n.fault("want the name of the function under test in entry or entry_point")
	case strings.TrimSpace(test) == "":
		return nil, n.fault("there are no tests: want code that defines check(candidate)")
	case !strings.Contains(test, "check"):
		return nil, n.fault("the code does not define check(candidate)")
	}
	if err := n.entryFault(entry); err != nil {
		return nil, err
	}
	s := &Suite{Form: Check, Entry: entry, Prompt: prompt,
		Script: &split.Tests{Kind: split.Check, Entry: entry, Prompt: prompt, Test: test},
		Tests:  []Test{{Name: "check", Weight: 1}}}
	if asserts, ok := readCheck(test); ok {
		for i, a := range asserts {
			s.Cases = append(s.Cases, a.testCase())
			s.Tests[0].Cases = append(s.Tests[0].Cases, i)
		}
	}
	return s, nil
}

// scriptCase makes a case of text in and text out.
func scriptCase(in, out string, c caseDefaults) Case {
	return Case{Stdin: []byte(in), text: &textCase{want: out, compare: c.text, tol: c.tol}}
}

// callCase makes a case of a call.
func callCase(args, kwargs, want []wire.Value, c caseDefaults) Case {
	return Case{Args: args, Kwargs: kwargs, values: &valueCase{want: want, compare: wire.Comparison{Mode: c.value, Tol: c.tol, Deep: c.deep}}}
}

// newCases makes a suite of cases that each are a test.
func newCases(form Form, entry string, cases []Case) *Suite {
	s := &Suite{Form: form, Entry: entry, Cases: cases}
	for i := range cases {
		s.Tests = append(s.Tests, Test{Cases: []int{i}, Weight: 1})
	}
	return s
}

// caseDefaults say how the cases of a suite are compared.
type caseDefaults struct {
	form  Form // "" where each case has to say
	entry string
	text  TextMode
	value wire.Mode
	tol   float64
	deep  bool
	own   bool // a form of ours, in which every member counts
	// checked says that a program judges, which may do without the output that is wanted.
	checked bool
}

func oneOf[T ~string](n node, s string, known ...T) (T, error) {
	if i := slices.Index(known, T(s)); i >= 0 {
		return known[i], nil
	}
	names := make([]string, len(known))
	for i, k := range known {
		names[i] = string(k)
	}
	return "", n.fault("want one of %s", strings.Join(names, ", "))
}
