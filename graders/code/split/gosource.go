package split

import (
	"bytes"
	"cmp"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/rftgrader/rftgrader/grader"
)

// A goFile is one parsed file of Go.
type goFile struct {
	name  string
	text  string
	file  *ast.File
	fset  *token.FileSet
	edits []goEdit
}

// A goEdit replaces a part of a file's text.
type goEdit struct {
	from, to int
	with     string
}

func parseGo(name, text string) (*goFile, error) {
	f := &goFile{name: name, text: text, fset: token.NewFileSet()}
	file, err := parser.ParseFile(f.fset, name, text, parser.SkipObjectResolution)
	f.file = file
	return f, err
}

// offset returns where a position is in the text, whatever a line comment says.
func (f *goFile) offset(p token.Pos) int { return f.fset.File(p).Offset(p) }

// source returns the text of a part of the file.
func (f *goFile) source(n ast.Node) string { return f.text[f.offset(n.Pos()):f.offset(n.End())] }

func (f *goFile) edit(from, to token.Pos, with string) {
	f.edits = append(f.edits, goEdit{f.offset(from), f.offset(to), with})
}

// body returns the declarations of the file behind its imports, edited.
func (f *goFile) body() string {
	start := f.offset(f.file.Name.End())
	for _, d := range f.file.Decls {
		if g, ok := d.(*ast.GenDecl); ok && g.Tok == token.IMPORT {
			start = f.offset(g.End())
		}
	}
	var b strings.Builder
	slices.SortFunc(f.edits, func(a, b goEdit) int { return cmp.Compare(a.from, b.from) })
	for _, e := range f.edits {
		if e.from < start {
			continue
		}
		b.WriteString(f.text[start:e.from])
		b.WriteString(e.with)
		start = e.to
	}
	b.WriteString(f.text[start:])
	// What separates an import from the next declaration may be a semicolon.
	return strings.TrimPrefix(strings.TrimLeft(b.String(), " \t"), ";")
}

// importName returns the name that an import has in its file.
func importName(s *ast.ImportSpec) (name, from string) {
	from, err := strconv.Unquote(s.Path.Value)
	if err != nil {
		return "", ""
	}
	if s.Name != nil {
		return s.Name.Name, from
	}
	base := path.Base(from)
	if len(base) > 1 && base[0] == 'v' && strings.Trim(base[1:], "0123456789") == "" {
		base = path.Base(path.Dir(from))
	}
	return base, from
}

// goImports merges the imports of files, which become one.
type goImports struct{ names map[string]string }

func (g *goImports) add(f *goFile, skip string) error {
	for _, s := range f.file.Imports {
		name, from := importName(s)
		switch {
		case from == skip && skip != "":
			continue
		case from == "C":
			return unsplittablef("they use cgo")
		case g.names[name] != "" && g.names[name] != from:
			return unsplittablef("two files use one name for different packages")
		case name == "_" || name == ".":
			return unsplittablef("they import a package for its effects or all its names")
		case strings.Contains(strings.SplitN(from, "/", 2)[0], "."):
			return &grader.DataError{Err: errors.New("the test files import a package outside the standard library: there is none here"), Detail: from}
		}
		g.names[name] = from
	}
	return nil
}

func (g *goImports) String() string {
	var b strings.Builder
	names := make([]string, 0, len(g.names))
	for name := range g.names {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		b.WriteString("import " + name + " " + strconv.Quote(g.names[name]) + "\n")
	}
	return b.String()
}

// rftImports are what the halves of a split test use, by names of their own.
func rftImports(packages ...string) string {
	var b strings.Builder
	for _, p := range packages {
		b.WriteString("import rft" + path.Base(p) + " " + strconv.Quote(p) + "\n")
	}
	return b.String()
}

// goScope finds which names a file uses from its package: identifiers that are
// neither selected from something, nor keys, nor declared around their use.
// A name that is also declared somewhere inside a function counts as used: a
// stand-in too many does no harm.
func goScope(f *goFile, uses map[string]bool) {
	imported := map[string]bool{}
	for _, s := range f.file.Imports {
		name, _ := importName(s)
		imported[name] = true
	}
	skip := map[*ast.Ident]bool{f.file.Name: true}
	ast.Inspect(f.file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectorExpr:
			skip[n.Sel] = true
		case *ast.ImportSpec:
			return false
		case *ast.Ident:
			if !skip[n] && !imported[n.Name] && n.Name != "_" {
				uses[n.Name] = true
			}
		}
		return true
	})
}

// goDecls collects what files declare for their package.
type goDecls struct {
	functions map[string]*ast.FuncDecl
	methods   map[string][]*ast.FuncDecl // by the receiver's type
	types     map[string]*ast.TypeSpec
	values    map[string]*goValue
	file      map[ast.Node]*goFile
}

// A goValue is a package-level constant or variable.
type goValue struct {
	constant bool
	group    *ast.GenDecl
	typ      ast.Expr
	value    ast.Expr // nil where it is one of several on a line, or implied
}

func newGoDecls() *goDecls {
	return &goDecls{map[string]*ast.FuncDecl{}, map[string][]*ast.FuncDecl{}, map[string]*ast.TypeSpec{}, map[string]*goValue{}, map[ast.Node]*goFile{}}
}

func (d *goDecls) add(f *goFile) {
	for _, decl := range f.file.Decls {
		d.file[decl] = f
		switch decl := decl.(type) {
		case *ast.FuncDecl:
			if decl.Recv == nil {
				d.functions[decl.Name.Name] = decl
			} else if name, _ := receiver(decl); name != "" {
				d.methods[name] = append(d.methods[name], decl)
			}
		case *ast.GenDecl:
			for _, s := range decl.Specs {
				switch s := s.(type) {
				case *ast.TypeSpec:
					d.types[s.Name.Name] = s
					d.file[s] = f
				case *ast.ValueSpec:
					for i, name := range s.Names {
						v := &goValue{constant: decl.Tok == token.CONST, group: decl, typ: s.Type}
						if len(s.Values) == len(s.Names) {
							v.value = s.Values[i]
						}
						d.values[name.Name] = v
					}
				}
			}
		}
	}
}

func (d *goDecls) has(name string) bool {
	_, f := d.functions[name]
	_, t := d.types[name]
	_, v := d.values[name]
	return f || t || v
}

// receiver returns the name of the type that a method belongs to, and the names
// that it gives to the type's parameters.
func receiver(f *ast.FuncDecl) (name string, params []string) {
	if len(f.Recv.List) != 1 {
		return "", nil
	}
	t := f.Recv.List[0].Type
	if p, ok := t.(*ast.StarExpr); ok {
		t = p.X
	}
	var indices []ast.Expr
	switch g := t.(type) {
	case *ast.IndexExpr:
		t, indices = g.X, []ast.Expr{g.Index}
	case *ast.IndexListExpr:
		t, indices = g.X, g.Indices
	}
	for _, i := range indices {
		id, ok := i.(*ast.Ident)
		if !ok || id.Name == "_" {
			return "", nil
		}
		params = append(params, id.Name)
	}
	if id, ok := t.(*ast.Ident); ok {
		return id.Name, params
	}
	return "", nil
}

// modulePath reads the module's path from the text of a go.mod.
func modulePath(text string) string {
	for line := range strings.Lines(text) {
		if rest, ok := strings.CutPrefix(strings.TrimSpace(line), "module "); ok {
			return strings.Trim(strings.TrimSpace(rest), `"`)
		}
	}
	return ""
}

// withPackage is a file's text with another package clause and more imports.
func (f *goFile) withPackage(name, imports string) string {
	var b bytes.Buffer
	at, end := f.offset(f.file.Name.Pos()), f.offset(f.file.Name.End())
	b.WriteString(f.text[:at])
	b.WriteString(name)
	b.WriteString("\n" + imports)
	b.WriteString(f.text[end:])
	return b.String()
}
