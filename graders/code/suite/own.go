package suite

import (
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/rftgrader/rftgrader/graders/code/sandbox"
	"github.com/rftgrader/rftgrader/graders/code/sandbox/wire"
	"github.com/rftgrader/rftgrader/graders/code/split"
)

// parseOwn reads the forms that say their kind. A member that is not known is
// refused.
func parseOwn(f *fields, hint Hint) (*Suite, error) {
	kindNode := f.take("kind")
	kind, err := kindNode.text()
	if err != nil {
		return nil, err
	}
	form, err := oneOf(kindNode, kind, Stdio, Function, Check, Asserts, Unit)
	if err != nil {
		return nil, err
	}
	limits, err := parseLimits(f.take("limits"))
	if err != nil {
		return nil, err
	}
	groups := f.take("groups")
	var s *Suite
	var known string
	switch form {
	case Stdio, Function:
		s, known, err = parseOwnCases(f, form, hint)
	case Check:
		s, known, err = parseOwnCheck(f, hint)
	case Asserts:
		s, known, err = parseOwnAsserts(f, hint)
	default:
		s, known, err = parseOwnUnit(f)
	}
	if err != nil {
		return nil, err
	}
	if err := f.done("kind limits groups " + known); err != nil {
		return nil, err
	}
	s.Limits = limits
	if s.Script != nil {
		s.Script.Limits = limits
	}
	return s, s.group(groups)
}

func parseOwnCases(f *fields, form Form, hint Hint) (s *Suite, known string, err error) {
	c := caseDefaults{form: form, entry: hint.Entry, text: Lines, value: wire.JSON, own: true}
	known = "cases compare tol"
	compare := f.take("compare")
	tol := f.take("tol")
	if form == Stdio {
		known += " checker"
		if !compare.missing() {
			if c.text, err = parseMode(compare, ExactText, Lines, Tokens, FloatTokens, Decimals); err != nil {
				return nil, "", err
			}
		}
	} else {
		known += " entry deep imports"
		if !compare.missing() {
			if c.value, err = parseMode(compare, wire.JSON, wire.Near, wire.Strict, wire.Unordered, wire.Python); err != nil {
				return nil, "", err
			}
		}
		if deep := f.take("deep"); !deep.missing() {
			if c.deep, err = deep.boolean(); err != nil {
				return nil, "", err
			}
			if c.value != wire.Unordered {
				return nil, "", deep.fault("lists in any order, however deep, are of compare: unordered")
			}
		}
		if err := takeEntry(f, &c.entry); err != nil {
			return nil, "", err
		}
	}
	near := c.text == FloatTokens && form == Stdio || c.value == wire.Near && form == Function
	if near {
		c.tol = 1e-6
	}
	if !tol.missing() {
		if c.tol, err = tol.number(); err != nil {
			return nil, "", err
		}
		if !near && c.value != wire.Unordered {
			return nil, "", tol.fault("a tolerance is of compare: float (or unordered)")
		}
	}
	checkerNode := f.take("checker")
	if form == Function && !checkerNode.missing() {
		return nil, "", checkerNode.fault("checkers compare text: want tests of the kind stdio")
	}
	checker, err := parseChecker(checkerNode)
	if err != nil {
		return nil, "", err
	}
	c.checked = checker != nil
	cases := f.take("cases")
	if cases.missing() {
		return nil, "", cases.fault("there are no tests: want a list of cases")
	}
	imports := ""
	if n := f.take("imports"); form == Function && !n.missing() {
		if imports, err = parseMode(n, leetcodeImports, noImports); err != nil {
			return nil, "", err
		}
	} else if !n.missing() {
		return nil, "", n.fault("imports are for tests of the kind function")
	}
	if s, err = parseCases(cases, hint, c); err != nil {
		return nil, "", err
	}
	s.Checker, s.Prelude = checker, imports == leetcodeImports
	return s, known, nil
}

func parseMode[T ~string](n node, known ...T) (T, error) {
	s, err := n.text()
	if err != nil {
		return "", err
	}
	return oneOf(n, s, known...)
}

// takeEntry reads the member entry into a name that may have come as a hint.
func takeEntry(f *fields, entry *string) error {
	n := f.take("entry")
	if n.missing() {
		return nil
	}
	var err error
	*entry, err = n.text()
	return err
}

func parseChecker(n node) (*Checker, error) {
	if n.missing() {
		return nil, nil
	}
	f, err := n.fields()
	if err != nil {
		return nil, err
	}
	c := &Checker{Args: []string{"{input}", "{output}", "{expected}"}}
	language, source := f.take("language"), f.take("source")
	if c.Language, err = language.text(); err != nil {
		return nil, err
	}
	if c.Source, err = source.text(); err != nil {
		return nil, err
	}
	if strings.TrimSpace(c.Source) == "" {
		return nil, source.fault("the checker is empty")
	}
	if args := f.take("args"); !args.missing() {
		if c.Args, err = args.texts(); err != nil {
			return nil, err
		}
		if !slices.Contains(c.Args, "{output}") {
			return nil, args.fault("a checker that is not given {output} cannot judge it")
		}
	}
	if verdict := f.take("verdict"); !verdict.missing() {
		v, err := parseMode(verdict, "exit", "output")
		if err != nil {
			return nil, err
		}
		c.ByOutput = v == "output"
	}
	return c, f.done("language source args verdict")
}

func parseOwnCheck(f *fields, hint Hint) (*Suite, string, error) {
	entry := hint.Entry
	if err := takeEntry(f, &entry); err != nil {
		return nil, "", err
	}
	prompt, err := f.take("prompt").optional()
	if err != nil {
		return nil, "", err
	}
	test, err := f.take("test").text()
	if err != nil {
		return nil, "", err
	}
	s, err := newCheck(f.node, prompt, test, entry)
	return s, "entry prompt test", err
}

func parseOwnAsserts(f *fields, hint Hint) (*Suite, string, error) {
	entry := hint.Entry
	if err := takeEntry(f, &entry); err != nil {
		return nil, "", err
	}
	setup, err := f.take("setup").optional()
	if err != nil {
		return nil, "", err
	}
	n := f.take("asserts")
	asserts, err := n.texts()
	if err != nil {
		return nil, "", err
	}
	s, err := newAsserts(n, asserts, setup, entry)
	return s, "entry setup asserts", err
}

func parseOwnUnit(f *fields) (*Suite, string, error) {
	t := &split.Tests{Kind: split.Unit, Files: map[string]string{}}
	var err error
	if t.Framework, err = f.take("framework").text(); err != nil {
		return nil, "", err
	}
	if t.SolutionFile, err = f.take("solution_file").optional(); err != nil {
		return nil, "", err
	}
	filesNode := f.take("files")
	files, err := filesNode.members()
	if err != nil {
		return nil, "", err
	}
	if len(files) == 0 {
		return nil, "", filesNode.fault("there are no tests: want at least one file")
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if !localPath(name) {
			return nil, "", filesNode.fault("a file's name leads out of its folder: want a relative path with slashes")
		}
		if t.Files[name], err = files[name].text(); err != nil {
			return nil, "", err
		}
	}
	if t.SolutionFile != "" && !localPath(t.SolutionFile) {
		return nil, "", f.member("solution_file").fault("the name leads out of its folder: want a relative path with slashes")
	}
	s := &Suite{Form: Unit, Script: t}
	if tests := f.take("tests"); !tests.missing() {
		if t.Names, err = tests.texts(); err != nil {
			return nil, "", err
		}
		for i, name := range t.Names {
			if name == "" || slices.Contains(t.Names[:i], name) {
				return nil, "", tests.fault("test %d has no name, or one that another has", i)
			}
			s.Tests = append(s.Tests, Test{Name: name, Weight: 1})
		}
	}
	return s, "framework files solution_file tests", nil
}

// localPath reports whether a name is a clean relative path below its folder.
func localPath(name string) bool {
	return name != "" && name == path.Clean(name) && name != "." && name != ".." && !path.IsAbs(name) &&
		!strings.HasPrefix(name, "../") && !strings.ContainsAny(name, "\\\x00")
}

// parseLimits reads time_s, compile_s (seconds), memory_mb, disk_mb (MiB),
// output_kb (KiB) and processes.
func parseLimits(n node) (l sandbox.Limits, err error) {
	if n.missing() {
		return l, nil
	}
	f, err := n.fields()
	if err != nil {
		return l, err
	}
	const most = 1 << 30
	read := func(name string) float64 {
		m := f.take(name)
		if err != nil || m.missing() {
			return 0
		}
		var v float64
		if v, err = m.number(); err == nil && (v == 0 || v > most) {
			err = m.fault("want a limit above 0 and at most %d", most)
		}
		return v
	}
	l.Time = seconds(read("time_s"))
	l.Compile = seconds(read("compile_s"))
	l.Memory = int64(read("memory_mb") * (1 << 20))
	l.Disk = int64(read("disk_mb") * (1 << 20))
	l.Output = int64(read("output_kb") * (1 << 10))
	l.Processes = int(read("processes"))
	if err != nil {
		return l, err
	}
	return l, f.done("time_s compile_s memory_mb disk_mb output_kb processes")
}
