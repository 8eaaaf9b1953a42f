package split

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/rftgrader/rftgrader/graders/code/sandbox"
)

func planJavaScript(tests *Tests, program sandbox.Program) (*plan, error) {
	for _, text := range tests.Files {
		if reason := jsKept(text); reason != "" {
			return nil, unsplittablef("%s", reason)
		}
	}
	p := javaScriptPlan(tests, program)
	p.candidate, p.trusted = program, true
	p.candidate.Entry = "*"
	delete(p.tester.Files, "tests/"+path.Clean(tests.SolutionFile))
	// Only the names lie on disk: the text goes to the process that holds it.
	texts := map[string]string{}
	for name, text := range p.tester.Files {
		if inside, ok := strings.CutPrefix(name, "tests/"); ok {
			texts[inside], p.tester.Files[name] = text, ""
		}
	}
	delete(p.tester.Files, "tests/package.json")
	p.config["texts"] = texts
	return p, nil
}

// planJavaScriptTogether puts the solution beside the tests.
func planJavaScriptTogether(tests *Tests, program sandbox.Program) (*plan, error) {
	p := javaScriptPlan(tests, program)
	p.config["together"], p.shared = true, untilBegun
	p.tester.Files["tests/"+path.Clean(tests.SolutionFile)] = program.Source
	return p, nil
}

// jsKept says why tests expect what lines of package wire do not keep apart.
func jsKept(text string) string {
	switch {
	case jsBigInt().MatchString(text):
		return "they use BigInt, which comes back as a number"
	case strings.Contains(text, "new Map"):
		return "they use Map, which comes back as an object where its keys are text"
	case strings.Contains(text, "mock.method(") || strings.Contains(text, "console.log ="):
		return "they replace functions, and the solution has its own in another process"
	}
	return ""
}

func jsBigInt() *regexp.Regexp { return regexp.MustCompile(`\b[0-9]+n\b|\bBigInt\b`) }

// jsImport finds import statements of one line or more that name a module.
func jsImport() *regexp.Regexp {
	return regexp.MustCompile(`(?m)(^[ \t]*|;[ \t]*)import\s*([^;'"()]*?)\s*from\s*['"]([^'"\n]+)['"][ \t]*`)
}

func javaScriptPlan(tests *Tests, program sandbox.Program) *plan {
	files := testerFiles("javascript")
	p := &plan{}
	solution := strings.TrimSuffix(trimJS(path.Clean(tests.SolutionFile)), "/index")
	var names, modules []string
	requires := false
	for name, text := range tests.Files {
		name = path.Clean(name)
		names = append(names, name)
		if !isJS(name) {
			files["tests/"+name] = text
			continue
		}
		module := strings.HasSuffix(name, ".mjs") || strings.HasSuffix(name, ".js") && jsImport().MatchString(text)
		if module {
			modules = append(modules, name)
			text = rewriteImports(text, name, solution, tests.Framework)
		}
		requires = requires || strings.HasSuffix(name, ".js") && !module
		files["tests/"+name] = text
	}
	if _, ok := files["tests/package.json"]; !ok && !requires && slices.ContainsFunc(modules, func(m string) bool { return strings.HasSuffix(m, ".js") }) {
		files["tests/package.json"] = `{"type":"module"}`
	}
	slices.Sort(names)
	p.config = map[string]any{
		"kind": tests.Kind, "framework": tests.Framework, "solution": path.Clean(tests.SolutionFile),
		"files": names, "tests": jsTests(names, path.Clean(tests.SolutionFile)), "modules": modules,
	}
	if modules == nil {
		p.config["modules"] = []string{}
	}
	p.tester = sandbox.Conversant{
		Program: sandbox.Program{Language: program.Language, Limits: testerLimits(program.Limits)},
		Command: []string{"node", "--experimental-vm-modules", "rft_tester.cjs"},
		Files:   files,
	}
	return p
}

func isJS(name string) bool { return trimJS(name) != name }

func trimJS(name string) string {
	for _, ext := range []string{".js", ".cjs", ".mjs"} {
		if rest, ok := strings.CutSuffix(name, ext); ok {
			return rest
		}
	}
	return name
}

// jsTests returns the files that hold tests, by the habit of node's own runner;
// where none is named so, every file but the solution.
func jsTests(names []string, solution string) []string {
	named := func(name string) bool {
		base := trimJS(path.Base(name))
		return base == "test" || strings.HasPrefix(base, "test-") || strings.HasPrefix(base, "test_") ||
			strings.HasSuffix(base, ".test") || strings.HasSuffix(base, "-test") || strings.HasSuffix(base, "_test") || strings.HasSuffix(base, ".spec")
	}
	var all, tests []string
	for _, name := range names {
		if !isJS(name) || name == solution {
			continue
		}
		all = append(all, name)
		if named(name) {
			tests = append(tests, name)
		}
	}
	if len(tests) > 0 {
		return tests
	}
	return all
}

// rewriteImports makes imports of the solution and of the framework take the
// stand-ins, which an ECMAScript module can get no other way.
func rewriteImports(text, file, solution, framework string) string {
	var b strings.Builder
	at := 0
	for _, m := range jsImport().FindAllStringSubmatchIndex(text, -1) {
		clause, module := text[m[4]:m[5]], text[m[6]:m[7]]
		from := ""
		switch {
		case strings.HasPrefix(module, ".") && trimJS(path.Join(path.Dir(file), module)) == solution:
			from = "rft.solution"
		case module == "node:test" && framework == NodeTest:
			from = "rft.node:test"
		default:
			continue
		}
		declarations := importsOf(clause, `globalThis[Symbol.for("`+from+`")]`)
		if strings.HasPrefix(text[m[1]:], ";") {
			declarations = strings.TrimSuffix(declarations, ";")
		}
		b.WriteString(text[at:m[3]])
		b.WriteString(declarations)
		at = m[1]
	}
	return b.String() + text[at:]
}

// importsOf writes the declarations that stand for an import's clause.
func importsOf(clause, object string) string {
	var out []string
	clause = strings.TrimSpace(clause)
	if before, rest, ok := strings.Cut(clause, "{"); ok {
		names, _, _ := strings.Cut(rest, "}")
		var fields []string
		for _, name := range strings.Split(names, ",") {
			parts := strings.Fields(name)
			switch {
			case len(parts) == 1:
				fields = append(fields, parts[0])
			case len(parts) == 3 && parts[1] == "as":
				fields = append(fields, parts[0]+": "+parts[2])
			}
		}
		out = append(out, "const { "+strings.Join(fields, ", ")+" } = "+object+";")
		clause = strings.TrimSuffix(strings.TrimSpace(before), ",")
	}
	clause = strings.TrimSpace(clause)
	if first, rest, ok := strings.Cut(clause, ","); ok {
		out = append(out, importsOf(rest, object))
		clause = strings.TrimSpace(first)
	}
	if name, ok := strings.CutPrefix(clause, "*"); ok {
		name = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(name), "as"))
		out = append(out, "const "+name+" = "+object+";")
	} else if clause != "" {
		out = append(out, "const "+clause+" = "+object+".default ?? "+object+";")
	}
	return strings.Join(out, " ")
}
