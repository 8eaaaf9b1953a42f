package suite

import (
	"math"
	"slices"
	"strconv"
	"time"

	"github.com/rftgrader/rftgrader/graders/code/sandbox/wire"
)

func seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }

// parseCases reads a list of cases: {"in", "out"} or {"input", "output"} of a
// script, {"args", "kwargs", "out"} of a function, each with "weight", "group"
// and "name" where it has them.
func parseCases(n node, hint Hint, c caseDefaults) (*Suite, error) {
	elements, err := n.elements()
	if err != nil {
		return nil, err
	}
	if len(elements) == 0 {
		return nil, n.fault("there are no tests: want at least one case")
	}
	if c.entry == "" {
		c.entry = hint.Entry
	}
	s := &Suite{}
	for i, e := range elements {
		f, err := e.fields()
		if err != nil {
			return nil, err
		}
		if err := s.addCase(f, &c, i); err != nil {
			return nil, err
		}
	}
	s.Form, s.Entry = c.form, plainCall(c.entry)
	if s.Form == Function && s.Entry == "" {
		return nil, n.fault("want the name of the function under test: in entry or fn_name of the tests, or in the option entry")
	}
	if s.Form == Stdio {
		s.Entry = ""
		return s, nil
	}
	return s, n.entryFault(s.Entry)
}

// addCase reads one case, which is a test of its own.
func (s *Suite) addCase(f *fields, c *caseDefaults, i int) error {
	if !c.own {
		if err := c.read(f); err != nil {
			return err
		}
	}
	if c.form == "" {
		c.form = Stdio
		if c.entry != "" || f.has("args") {
			c.form = Function
		}
	}
	in, out := f.either("in", "input"), f.either("out", "output")
	if out.raw == nil && !c.checked {
		return f.member("out").fault("want the output that is wanted, in out or output")
	}
	var made Case
	var err error
	if c.form == Function {
		made, err = parseCallCase(f, in, out, *c)
	} else {
		made, err = parseScriptCase(in, out, *c)
	}
	if err != nil {
		return err
	}
	t := Test{Cases: []int{i}, Weight: 1}
	if t.Name, err = f.take("name").optional(); err != nil {
		return err
	}
	if w := f.take("weight"); !w.missing() {
		if t.Weight, err = w.number(); err != nil {
			return err
		}
		if t.Weight == 0 {
			return w.fault("want a weight above 0: leave out a case that does not count")
		}
	}
	if g := f.take("group"); !g.missing() {
		name, err := g.name()
		if err != nil {
			return err
		}
		at := slices.IndexFunc(s.Groups, func(g Group) bool { return g.Name == name })
		if at < 0 {
			at = len(s.Groups)
			s.Groups = append(s.Groups, Group{Name: name, Weight: 1})
		}
		s.Groups[at].Tests = append(s.Groups[at].Tests, i)
	}
	s.Cases, s.Tests = append(s.Cases, made), append(s.Tests, t)
	if c.own {
		return f.done("in out args kwargs weight group name")
	}
	return nil
}

// name reads a string or a whole number as a name.
func (n node) name() (string, error) {
	if n.raw.Kind() == '0' {
		return string(n.raw), nil
	}
	return n.text()
}

// read takes from a case, or from what holds the cases, what other datasets
// write there: the form, and the function that is called. All must say the same.
func (c *caseDefaults) read(f *fields) error {
	kind, name := f.either("type", "testtype"), f.take("fn_name")
	if !kind.missing() {
		text, err := kind.text()
		if err != nil {
			return err
		}
		var form Form
		switch text {
		case "stdin", "stdin_stdout", "stdio":
			form = Stdio
		case "functional", "function_call", "function":
			form = Function
		default:
			return kind.fault("want stdin_stdout or function_call")
		}
		if c.form != "" && c.form != form {
			return kind.fault("some cases are of scripts and some of functions: give each a row of its own")
		}
		c.form = form
	}
	entry, err := name.optional()
	if err != nil || entry == "" {
		return err
	}
	if c.entry != "" && c.entry != entry {
		return name.fault("the cases are of several functions: give each a row of its own")
	}
	c.entry = entry
	return nil
}

// either takes the member that goes by one of two names.
func (f *fields) either(a, b string) node {
	if _, ok := f.left[a]; !ok {
		if _, ok := f.left[b]; ok {
			return f.take(b)
		}
	}
	return f.take(a)
}

func parseScriptCase(in, out node, c caseDefaults) (Case, error) {
	input, err := in.lines()
	if err != nil {
		return Case{}, err
	}
	want, err := out.lines()
	if err != nil {
		return Case{}, err
	}
	return scriptCase(input, want, c), nil
}

// lines reads a text, or a list of its lines; null is no text.
func (n node) lines() (string, error) {
	if n.raw.Kind() != '[' {
		return n.optional()
	}
	elements, err := n.elements()
	if err != nil {
		return "", err
	}
	text := ""
	var b []byte
	for _, e := range elements {
		if e.raw.Kind() == '0' {
			text = string(e.raw)
		} else if text, err = e.text(); err != nil {
			return "", err
		}
		b = append(append(b, text...), '\n')
	}
	return string(b), nil
}

// parseCallCase reads a case of a function. Own cases have args, kwargs and out;
// those of others an input of which each line is an argument in JSON, or a list
// of arguments.
func parseCallCase(f *fields, in, out node, c caseDefaults) (Case, error) {
	if args := f.take("args"); args.raw != nil || c.own {
		return parseArgsCase(f, args, out, c)
	}
	args, err := in.arguments()
	if err != nil {
		return Case{}, err
	}
	want, err := out.result()
	if err != nil {
		return Case{}, err
	}
	return callCase(args, nil, want, c), nil
}

func parseArgsCase(f *fields, args, out node, c caseDefaults) (Case, error) {
	var list, named wire.Value
	var err error
	kwargs := f.take("kwargs")
	if args.missing() && kwargs.missing() {
		return Case{}, f.member("args").fault("want the arguments in args (a list) or kwargs (an object)")
	}
	for _, n := range []node{args, kwargs, out} {
		if err := n.markers(); err != nil {
			return Case{}, err
		}
	}
	if !args.missing() {
		if list, err = args.value(); err != nil {
			return Case{}, err
		}
		if list.Kind != wire.List {
			return Case{}, args.fault("want a list of arguments, got %s", args.kind())
		}
	}
	if !kwargs.missing() {
		if named, err = kwargs.value(); err != nil {
			return Case{}, err
		}
		if named.Kind != wire.Map || !textKeys(named) {
			return Case{}, kwargs.fault("want an object of arguments by name, got %s", kwargs.kind())
		}
	}
	want, err := out.value()
	if err != nil {
		return Case{}, err
	}
	if !want.Data() {
		return Case{}, out.fault("wants a value that is no plain data, which no answer equals")
	}
	return callCase(list.Items, named.Items, []wire.Value{want}, c), nil
}

func textKeys(v wire.Value) bool {
	for i := 0; i < len(v.Items); i += 2 {
		if v.Items[i].Kind != wire.Text {
			return false
		}
	}
	return true
}

// group reads [{"name", "tests", "weight"}], where tests (or cases) are numbers
// of tests, from 0, or their names.
func (s *Suite) group(n node) error {
	if n.missing() {
		return nil
	}
	elements, err := n.elements()
	if err != nil {
		return err
	}
	if len(s.Groups) > 0 {
		return n.fault("the cases name their groups already: give either")
	}
	for i, e := range elements {
		f, err := e.fields()
		if err != nil {
			return err
		}
		g := Group{Weight: 1, Name: strconv.Itoa(i)}
		if name := f.take("name"); !name.missing() {
			if g.Name, err = name.name(); err != nil {
				return err
			}
		}
		if w := f.take("weight"); !w.missing() {
			if g.Weight, err = w.number(); err != nil {
				return err
			}
			if g.Weight == 0 {
				return w.fault("want a weight above 0: leave out a group that does not count")
			}
		}
		members := f.either("tests", "cases")
		tests, err := members.elements()
		if err != nil {
			return err
		}
		if len(tests) == 0 {
			return members.fault("the group is empty")
		}
		for _, t := range tests {
			at, err := s.index(t)
			if err != nil {
				return err
			}
			if slices.Contains(g.Tests, at) {
				return t.fault("the group has this test twice")
			}
			g.Tests = append(g.Tests, at)
		}
		s.Groups = append(s.Groups, g)
		if err := f.done("name tests weight"); err != nil {
			return err
		}
	}
	return nil
}

// index finds a test by its number or its name.
func (s *Suite) index(n node) (int, error) {
	if n.raw.Kind() == '0' {
		f, err := n.number()
		if err != nil || f != math.Trunc(f) || f >= float64(len(s.Tests)) {
			return 0, n.fault("want the number of a test, from 0 to %d", len(s.Tests)-1)
		}
		return int(f), nil
	}
	name, err := n.text()
	if err != nil {
		return 0, err
	}
	if at := slices.IndexFunc(s.Tests, func(t Test) bool { return t.Name == name && name != "" }); at >= 0 {
		return at, nil
	}
	return 0, n.fault("no test has this name")
}
