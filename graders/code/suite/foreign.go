package suite

import (
	"strings"

	"github.com/rftgrader/rftgrader/graders/code/sandbox/wire"
)

// foreign is how other datasets mean their cases to be compared.
func foreign() caseDefaults { return caseDefaults{text: Decimals, value: wire.JSON} }

// parseColumns reads {"inputs": [...], "outputs": [...], "fn_name": ...}, the
// form of verl, LiveCodeBench, APPS and TACO.
func parseColumns(f *fields, hint Hint) (*Suite, error) {
	inputs, err := f.take("inputs").elements()
	if err != nil {
		return nil, err
	}
	outputsNode := f.take("outputs")
	outputs, err := outputsNode.elements()
	if err != nil {
		return nil, err
	}
	entry, err := f.either("fn_name", "func_name").optional()
	switch {
	case err != nil:
		return nil, err
	case len(inputs) != len(outputs):
		return nil, outputsNode.fault("there are %d inputs and %d outputs: want as many of each", len(inputs), len(outputs))
	case len(inputs) == 0:
		return nil, outputsNode.fault("there are no tests: want at least one")
	}
	if entry == "" {
		entry = hint.Entry
	}
	entry = plainCall(entry)
	if err := f.entryFault(entry); err != nil {
		return nil, err
	}
	c := foreign()
	var cases []Case
	for i, in := range inputs {
		if entry == "" {
			made, err := parseScriptCase(in, outputs[i], c)
			if err != nil {
				return nil, err
			}
			cases = append(cases, made)
			continue
		}
		args, err := in.arguments()
		if err != nil {
			return nil, err
		}
		want, err := outputs[i].result()
		if outputs[i].raw.Kind() == '"' && in.raw.Kind() == '[' {
			// Arguments that are values have a text for a value too; some write it in JSON.
			text, fault := outputs[i].text()
			if fault != nil {
				return nil, fault
			}
			want, err = append(want, wire.OfText(text)), nil
		}
		if err != nil {
			return nil, err
		}
		cases = append(cases, callCase(args, nil, want, c))
	}
	if entry == "" {
		return newCases(Stdio, "", cases), nil
	}
	return newCases(Function, entry, cases), nil
}

// arguments reads the arguments of a call: a list of them, or a text in which
// each line is one in JSON.
func (n node) arguments() ([]wire.Value, error) {
	if n.raw.Kind() == '[' {
		v, err := n.value()
		return v.Items, err
	}
	if n.raw.Kind() != '"' {
		return nil, n.fault("want a list of arguments, or a text with an argument in JSON on each line, got %s", n.kind())
	}
	text, err := n.text()
	if err != nil {
		return nil, err
	}
	var args []wire.Value
	for line := range strings.Lines(text) {
		if strings.TrimSpace(line) == "" {
			continue
		}
		v, err := wire.ReadData([]byte(line))
		if err != nil {
			return nil, n.fault("argument %d is not in JSON on a line of its own: %w", len(args), err)
		}
		args = append(args, v)
	}
	return args, nil
}

// result reads what a call gives: a text with JSON in it, or the value itself. A
// list of one may also mean the one, as APPS writes it.
func (n node) result() ([]wire.Value, error) {
	if n.raw.Kind() == '"' {
		text, err := n.text()
		if err != nil {
			return nil, err
		}
		v, err := wire.ReadData([]byte(text))
		if err != nil {
			return nil, n.fault("the output of a function is not JSON (a text wants quotes of its own): %w", err)
		}
		return []wire.Value{v}, nil
	}
	v, err := n.value()
	if err != nil {
		return nil, err
	}
	if v.Kind == wire.List && len(v.Items) == 1 {
		return []wire.Value{v, v.Items[0]}, nil
	}
	return []wire.Value{v}, nil
}

// parseTestCases reads {"type", "fn_name", "test_cases": [{"input", "output"}]},
// the form of open-r1, where each case may say these as well.
func parseTestCases(f *fields, hint Hint) (*Suite, error) {
	list := f.take("test_cases").open()
	c := foreign()
	if err := c.read(f); err != nil {
		return nil, err
	}
	if list.raw.Kind() == '{' {
		n, err := list.fields()
		if err != nil {
			return nil, err
		}
		return parseColumns(n, hint)
	}
	return parseCases(list, hint, c)
}

// parseMBPP reads a row of MBPP: test_list, test_setup_code, test_imports,
// challenge_test_list.
func parseMBPP(f *fields) (*Suite, error) {
	list := f.take("test_list")
	asserts, err := list.texts()
	if err != nil {
		return nil, err
	}
	if more := f.take("challenge_test_list"); !more.missing() {
		hard, err := more.texts()
		if err != nil {
			return nil, err
		}
		asserts = append(asserts, hard...)
	}
	setup, err := f.take("test_setup_code").optional()
	if err != nil {
		return nil, err
	}
	if imports := f.take("test_imports"); !imports.missing() {
		lines, err := imports.texts()
		if err != nil {
			return nil, err
		}
		setup = strings.Join(append(lines, setup), "\n")
	}
	return newAsserts(list, asserts, strings.Trim(setup, "\r\n"), "")
}

// parseHumanEval reads a row of HumanEval: prompt, test, entry_point.
func parseHumanEval(f *fields) (*Suite, error) {
	prompt, err := f.take("prompt").optional()
	if err != nil {
		return nil, err
	}
	test, err := f.take("test").text()
	if err != nil {
		return nil, err
	}
	entry, err := f.take("entry_point").text()
	if err != nil {
		return nil, err
	}
	return newCheck(f.node, prompt, test, entry)
}

// parseInputOutput reads a row of APPS or TACO: a text that holds the columns.
func parseInputOutput(f *fields, hint Hint) (*Suite, error) {
	inner := f.take("input_output").open()
	if inner.raw.Kind() == '[' {
		return parseCases(inner, hint, foreign())
	}
	columns, err := inner.fields()
	if err != nil {
		return nil, err
	}
	if !columns.has("inputs") || !columns.has("outputs") {
		return nil, inner.fault("want inputs and outputs")
	}
	return parseColumns(columns, hint)
}

// parseLiveCodeBench reads a row of LiveCodeBench: public_test_cases,
// private_test_cases, and the function's name in metadata.
func parseLiveCodeBench(f *fields, hint Hint) (*Suite, error) {
	if metadata := f.take("metadata").open(); metadata.raw.Kind() == '{' {
		m, err := metadata.fields()
		if err != nil {
			return nil, err
		}
		name, err := m.take("func_name").optional()
		if err != nil {
			return nil, err
		}
		if name != "" {
			hint.Entry = name
		}
	}
	whole := &Suite{}
	for _, name := range []string{"public_test_cases", "private_test_cases"} {
		n := f.take(name)
		if n.missing() {
			continue
		}
		n = n.open()
		elements, err := n.elements()
		if err != nil {
			return nil, err
		}
		if len(elements) == 0 {
			continue
		}
		s, err := parseCases(n, hint, foreign())
		if err != nil {
			return nil, err
		}
		if len(whole.Cases) > 0 && s.Form != whole.Form {
			return nil, n.fault("some cases are of scripts and some of functions: give each a row of its own")
		}
		cases := append(whole.Cases, s.Cases...)
		whole = newCases(s.Form, s.Entry, cases)
	}
	if len(whole.Cases) == 0 {
		return nil, f.fault("there are no tests: want at least one case")
	}
	return whole, nil
}
