package split

import (
	"errors"
	"go/ast"
	"go/token"
	"go/types"
	"path"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/graders/code/sandbox"
)

// stepName is the function by which a tester in Go is driven.
const stepName = "RftStep"

// goTests are the test files of a package, read.
type goTests struct {
	files   []*goFile // with tests
	support []*goFile // what the solution's package has besides
	imports goImports
	order   []string // test functions, in order
	decls   *goDecls
	home    string // import path of the solution's package

	wants    *goWants
	names    map[string]bool // every identifier of theirs
	selected map[string]bool // names that they select from anything but packages and the framework
	composed map[string]bool // names in the types of literals with elements
}

func readGoTests(tests *Tests) (*goTests, error) {
	g := &goTests{imports: goImports{map[string]string{}}, decls: newGoDecls(), wants: newGoWants(), names: map[string]bool{}, selected: map[string]bool{}, composed: map[string]bool{}}
	g.home = modulePath(tests.Files["go.mod"])
	if dir := path.Dir(path.Clean(tests.SolutionFile)); dir != "." && g.home != "" {
		g.home += "/" + dir
	}
	names := make([]string, 0, len(tests.Files))
	for name := range tests.Files {
		if strings.HasSuffix(name, ".go") && path.Clean(name) != path.Clean(tests.SolutionFile) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, name := range names {
		if path.Dir(path.Clean(name)) != path.Dir(path.Clean(tests.SolutionFile)) {
			return nil, unsplittablef("they are in more than one folder")
		}
		f, err := parseGo(name, tests.Files[name])
		if err != nil {
			return nil, &grader.DataError{Err: errors.New("a test file is no Go: correct it"), Detail: err.Error()}
		}
		if err := g.add(f); err != nil {
			return nil, err
		}
	}
	if len(g.order) == 0 {
		return nil, grader.Dataf("", "the test files hold no test function: give at least one function TestXxx(t *testing.T)")
	}
	for _, name := range tests.Names {
		if !slices.ContainsFunc(g.order, func(ran string) bool { return standsFor(name, ran) }) {
			for _, other := range []string{"Example", "Fuzz", "Benchmark"} {
				if strings.HasPrefix(name, other) {
					return nil, &grader.DataError{Err: errors.New("of Go only functions TestXxx are run as tests: leave examples, benchmarks and fuzz targets out of the names that must pass"), Detail: name}
				}
			}
			return nil, &grader.DataError{Err: errors.New("a test that must pass is in none of the test files: correct its name"), Detail: name}
		}
	}
	return g, nil
}

func (g *goTests) add(f *goFile) error {
	if strings.HasSuffix(f.name, "_test.go") {
		g.files = append(g.files, f)
	} else {
		g.support = append(g.support, f)
	}
	if err := g.imports.add(f, g.home); err != nil {
		return err
	}
	g.decls.add(f)
	g.wants.add(f)
	for _, d := range f.file.Decls {
		fn, ok := d.(*ast.FuncDecl)
		if !ok || fn.Recv != nil {
			continue
		}
		switch {
		case fn.Name.Name == "TestMain" || fn.Name.Name == "init":
			return unsplittablef("they have a function %s", fn.Name.Name)
		case isGoTest(fn) && strings.HasSuffix(f.name, "_test.go"):
			g.order = append(g.order, fn.Name.Name)
		}
	}
	home := ""
	skip := frameworkNames(f)
	for _, s := range f.file.Imports {
		name, from := importName(s)
		if from == g.home && g.home != "" {
			home = name
		} else {
			skip[name] = true
		}
	}
	// Tests do not run side by side here: which one called must be known.
	ast.Inspect(f.file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			f.guard(n.Type, n.Body)
		case *ast.FuncDecl:
			f.guard(n.Type, n.Body)
		case *ast.ExprStmt:
			call, ok := n.X.(*ast.CallExpr)
			if !ok || len(call.Args) != 0 {
				break
			}
			if s, ok := call.Fun.(*ast.SelectorExpr); ok && s.Sel.Name == "Parallel" {
				if id, ok := s.X.(*ast.Ident); ok {
					f.edit(n.Pos(), n.End(), "_ = "+id.Name)
					return false
				}
			}
		case *ast.CompositeLit:
			if len(n.Elts) > 0 && n.Type != nil {
				identsOf(n.Type, g.composed)
			}
		case *ast.Ident:
			g.names[n.Name] = true
		case *ast.SelectorExpr:
			if id, ok := n.X.(*ast.Ident); !ok || !skip[id.Name] {
				g.selected[n.Sel.Name] = true
			}
			if id, ok := n.X.(*ast.Ident); ok && id.Name == home && home != "" {
				f.edit(n.Pos(), n.End(), n.Sel.Name)
			}
		}
		return true
	})
	return nil
}

// frameworkNames returns the names under which test functions know the framework.
func frameworkNames(f *goFile) map[string]bool {
	names := map[string]bool{}
	ast.Inspect(f.file, func(n ast.Node) bool {
		t, ok := n.(*ast.FuncType)
		if !ok {
			return true
		}
		for _, p := range t.Params.List {
			star, ok := p.Type.(*ast.StarExpr)
			if !ok {
				continue
			}
			if s, ok := star.X.(*ast.SelectorExpr); ok && s.Sel.Name == "T" {
				for _, n := range p.Names {
					names[n.Name] = true
				}
			}
		}
		return true
	})
	return names
}

// guard makes a test function, or one of its parts, end with a failure where it
// would end the process: the other tests have not run yet.
func (f *goFile) guard(t *ast.FuncType, body *ast.BlockStmt) {
	if body == nil || t.Params.NumFields() != 1 || t.Results.NumFields() != 0 {
		return
	}
	p := t.Params.List[0]
	star, ok := p.Type.(*ast.StarExpr)
	if !ok {
		return
	}
	if s, ok := star.X.(*ast.SelectorExpr); !ok || s.Sel.Name != "T" {
		return
	}
	name := "nil"
	if len(p.Names) == 1 && p.Names[0].Name != "_" {
		name = p.Names[0].Name
	}
	f.edit(body.Lbrace+1, body.Lbrace+1, " defer rftRecover("+name+");")
}

func isGoTest(f *ast.FuncDecl) bool {
	rest, ok := strings.CutPrefix(f.Name.Name, "Test")
	if !ok || f.Type.Params.NumFields() != 1 || f.Type.Results.NumFields() != 0 {
		return false
	}
	r, _ := utf8.DecodeRuneInString(rest)
	return rest == "" || !unicode.IsLower(r)
}

// uses returns the names that the tests use and do not declare.
func (g *goTests) uses() []string {
	used := map[string]bool{}
	for _, f := range slices.Concat(g.files, g.support) {
		goScope(f, used)
		ast.Inspect(f.file, func(n ast.Node) bool {
			// What is taken from the solution's package by its name.
			if s, ok := n.(*ast.SelectorExpr); ok {
				if id, ok := s.X.(*ast.Ident); ok {
					for _, i := range f.file.Imports {
						if name, from := importName(i); from == g.home && g.home != "" && name == id.Name {
							used[s.Sel.Name] = true
						}
					}
				}
			}
			return true
		})
	}
	var names []string
	for name := range used {
		if !g.decls.has(name) && types.Universe.Lookup(name) == nil {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// runner returns the source that runs the tests and talks to the grader.
func (g *goTests) runner(variables string) string {
	var b strings.Builder
	b.WriteString("\nvar rftTests = []rftTest{\n")
	for _, name := range g.order {
		b.WriteString("\t{\"" + name + "\", " + name + "},\n")
	}
	b.WriteString("}\n")
	b.WriteString("\nvar rftRefresh = " + variables + "\n")
	return testerFiles("go")["runner.txt"] + b.String()
}

const (
	runnerImports = "encoding/json fmt os syscall testing"
	codecImports  = "encoding/base64 encoding/json errors reflect strconv unsafe"
)

func planGo(tests *Tests, program sandbox.Program) (*plan, error) {
	g, err := readGoTests(tests)
	if err != nil {
		return nil, err
	}
	p := &plan{trusted: true, stepwise: true, config: map[string]any{}}
	p.candidate = program
	p.candidate.Entry = "RftCall"
	solution, err := parseGo("solution.go", program.Source)
	if err != nil {
		return nil, unfitf("the solution does not compile: %v", err)
	}
	s := newGoStubs(g, solution)
	for _, name := range g.uses() {
		if s.decls.has(name) {
			if err := s.stand(name); err != nil {
				return nil, err
			}
		}
	}
	files := testerFiles("go")
	var shared strings.Builder
	for _, f := range g.support {
		shared.WriteString(f.body())
		shared.WriteString("\n")
	}
	candidate, err := s.candidateSource(solution, shared.String(), files)
	if err != nil {
		return nil, err
	}
	p.candidate.Source = candidate
	var b strings.Builder
	b.WriteString("package main\n\n" + rftImports(strings.Fields(merged(runnerImports, codecImports+" sync "+strings.Join(s.imports, " ")))...) + g.imports.String())
	for _, f := range g.files {
		b.WriteString("\n" + f.body())
	}
	b.WriteString("\n" + shared.String() + s.out.String() + s.table(false) + s.variableTable() + s.sentinelTable())
	b.WriteString(files["codec.txt"] + files["tester.txt"] + g.runner("rftVariables"))
	p.tester = sandbox.Conversant{Trusted: true, Program: sandbox.Program{Language: program.Language, Source: b.String(), Entry: stepName, Limits: testerLimits(program.Limits)}}
	return p, nil
}

// planGoTogether makes one program of tests and solution.
func planGoTogether(tests *Tests, program sandbox.Program) (*plan, error) {
	g, err := readGoTests(tests)
	if err != nil {
		return nil, err
	}
	solution, err := parseGo("solution.go", program.Source)
	if err != nil {
		return nil, unfitf("the solution does not compile: %v", err)
	}
	if err := g.imports.add(solution, ""); err != nil {
		return nil, unfitf("the solution imports what is not there, or by a name that the tests give to another package")
	}
	var b strings.Builder
	b.WriteString("package main\n\n" + rftImports(strings.Fields(runnerImports)...) + g.imports.String())
	for _, f := range slices.Concat(g.files, g.support, []*goFile{solution}) {
		b.WriteString("\n" + f.body())
	}
	b.WriteString("\n" + g.runner("[]func(){}"))
	p := &plan{stepwise: true, shared: always, config: map[string]any{}}
	p.tester = sandbox.Conversant{Program: sandbox.Program{Language: program.Language, Source: b.String(), Entry: stepName, Limits: testerLimits(program.Limits)}}
	return p, nil
}

func merged(lists ...string) string {
	var all []string
	for _, l := range lists {
		all = append(all, strings.Fields(l)...)
	}
	slices.Sort(all)
	return strings.Join(slices.Compact(all), " ")
}

// candidateSource is the solution with the candidate's half beside it.
func (s *goStubs) candidateSource(solution *goFile, shared string, files map[string]string) (string, error) {
	var extra goImports
	extra.names = map[string]string{}
	for _, f := range s.tests.support {
		if err := extra.add(f, s.tests.home); err != nil {
			return "", err
		}
	}
	for _, i := range solution.file.Imports {
		name, from := importName(i)
		if extra.names[name] == from {
			delete(extra.names, name)
		}
	}
	// Types that only the tests declare are the solution's as well.
	used := map[string]bool{}
	goScope(solution, used)
	for _, f := range s.tests.files {
		for _, d := range f.file.Decls {
			g, ok := d.(*ast.GenDecl)
			if !ok || g.Tok != token.TYPE {
				continue
			}
			for _, spec := range g.Specs {
				t := spec.(*ast.TypeSpec)
				if used[t.Name.Name] && !s.decls.has(t.Name.Name) {
					shared += "\ntype " + f.source(t) + "\n"
				}
			}
		}
	}
	return solution.withPackage("main", rftImports(strings.Fields(merged(codecImports, "fmt"))...)+extra.String()) +
		"\n" + shared + s.functionTable() + s.table(true) + s.sentinelTable() + files["codec.txt"] + files["candidate.txt"], nil
}
