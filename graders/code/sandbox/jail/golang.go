package jail

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
	"strings"
)

// The import path of the driver, and the name that the generated file gives it.
const (
	goDriverPath = "rft/godriver"
	goDriverName = "rftDriver0"
	goMainName   = "rftCandidateMain0"
)

// A goSource is a candidate's Go text, read.
type goSource struct {
	text    []byte // with its own main renamed where a driver's stands beside it
	imports []string
	driver  []byte // the generated file; empty for a script
}

// readGo parses a program. For an entry it also writes the main that serves it.
func readGo(text, entry string, limit int64) (*goSource, error) {
	if entry != "" {
		text = framedGo(text)
	}
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "main.go", text, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	s := &goSource{text: []byte(text)}
	for _, i := range file.Imports {
		path, err := strconv.Unquote(i.Path.Value)
		if err != nil || !standardPath(path) {
			return nil, fmt.Errorf("%s: package %s is not in the standard library", fset.Position(i.Pos()), i.Path.Value)
		}
		if path != "unsafe" && !slices.Contains(s.imports, path) {
			s.imports = append(s.imports, path)
		}
	}
	if entry == "" {
		return s, nil
	}
	d := declared(file)
	s.text = splice(s.text, fset, d.idents)
	s.driver = d.main(entry, limit)
	return s, nil
}

// framedGo gives functions that stand alone the package that they are to be in. No
// line moves.
func framedGo(text string) string {
	if _, err := parser.ParseFile(token.NewFileSet(), "main.go", text, parser.PackageClauseOnly); err == nil {
		return text
	}
	framed := "package main;" + strings.TrimPrefix(text, "\ufeff")
	if _, err := parser.ParseFile(token.NewFileSet(), "main.go", framed, parser.SkipObjectResolution); err != nil {
		return text // what is wrong with it is something else
	}
	return framed
}

// standardPath says whether a path may be of the standard library: those have
// no dot in their first element, and their internals cannot be imported.
func standardPath(path string) bool {
	if path == "" || path == "C" || strings.HasPrefix(path, "cmd/") || strings.HasPrefix(path, "rft/") {
		return false
	}
	for i, element := range strings.Split(path, "/") {
		if element == "" || element == "." || element == ".." || element == "internal" || element == "vendor" || i == 0 && strings.Contains(element, ".") {
			return false
		}
	}
	for _, c := range path {
		if !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '/' || c == '_' || c == '-') {
			return false
		}
	}
	return true
}

// A goNames is what a file declares at its top.
type goNames struct {
	functions, types, values []string
	idents                   map[*ast.Ident]string // those to rename
	generic                  map[string][]string   // the types that generic functions are made for
}

func declared(file *ast.File) *goNames {
	d := &goNames{idents: map[*ast.Ident]string{file.Name: "main"}, generic: map[string][]string{}}
	for _, decl := range file.Decls {
		switch decl := decl.(type) {
		case *ast.FuncDecl:
			if decl.Recv == nil && decl.Type.TypeParams != nil {
				d.generic[decl.Name.Name] = instances(file, decl.Type.TypeParams)
			}
			if decl.Recv != nil || decl.Type.TypeParams != nil {
				continue
			}
			switch name := decl.Name.Name; name {
			case "main":
				d.idents[decl.Name] = goMainName
			case "init", "_":
			default:
				d.functions = append(d.functions, name)
			}
		case *ast.GenDecl:
			d.general(decl)
		}
	}
	return d
}

func (d *goNames) general(decl *ast.GenDecl) {
	for _, spec := range decl.Specs {
		switch spec := spec.(type) {
		case *ast.TypeSpec:
			if spec.TypeParams == nil && spec.Name.Name != "_" && !isConstraint(spec.Type) {
				d.types = append(d.types, spec.Name.Name)
			}
		case *ast.ValueSpec:
			for _, name := range spec.Names {
				if decl.Tok == token.VAR && name.Name != "_" {
					d.values = append(d.values, name.Name)
				}
			}
		}
	}
}

// isConstraint finds interfaces with a union, which are no types of values.
func isConstraint(t ast.Expr) bool {
	i, ok := t.(*ast.InterfaceType)
	if !ok {
		return false
	}
	for _, m := range i.Methods.List {
		if len(m.Names) == 0 {
			return true
		}
	}
	return false
}

func splice(text []byte, fset *token.FileSet, idents map[*ast.Ident]string) []byte {
	order := make([]*ast.Ident, 0, len(idents))
	for i := range idents {
		order = append(order, i)
	}
	slices.SortFunc(order, func(a, b *ast.Ident) int { return int(a.Pos() - b.Pos()) })
	var out bytes.Buffer
	at := 0
	for _, i := range order {
		start := fset.Position(i.Pos()).Offset
		if f := fset.File(i.Pos()); f != nil {
			start = f.Offset(i.Pos()) // a //line comment moves positions, not offsets
		}
		out.Write(text[at:start])
		out.WriteString(idents[i])
		at = start + len(i.Name)
	}
	out.Write(text[at:])
	return out.Bytes()
}

// main writes the file that serves the entry. It uses no predeclared name.
func (d *goNames) main(entry string, limit int64) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "package main\n\nimport %s %q\n\nfunc main() {\n\t%s.Main(%s.Program{\n", goDriverName, goDriverPath, goDriverName, goDriverName)
	all := entry == "*"
	owner, _, method := strings.Cut(entry, ".")
	fmt.Fprintf(&b, "\t\tFunctions: %s.Functions{", goDriverName)
	for _, name := range d.functions {
		if all || name == entry {
			fmt.Fprintf(&b, "%q: %s, ", name, name)
		}
	}
	if made := d.generic[entry]; len(made) > 0 {
		fmt.Fprintf(&b, "%q: %s.Instances{", entry, goDriverName)
		for _, types := range made {
			fmt.Fprintf(&b, "%s[%s], ", entry, types)
		}
		b.WriteString("}, ")
	}
	fmt.Fprintf(&b, "},\n\t\tTypes: %s.Types{", goDriverName)
	for _, name := range d.types {
		if all || method && name == owner || name == "Solution" {
			fmt.Fprintf(&b, "%q: %s.TypeOf[%s](), ", name, goDriverName, name)
		}
	}
	fmt.Fprintf(&b, "},\n\t\tValues: %s.Values{", goDriverName)
	for _, name := range d.values {
		if all {
			fmt.Fprintf(&b, "%q: &%s, ", name, name)
		}
	}
	fmt.Fprintf(&b, "},\n\t}, %q, %d)\n}\n", entry, limit)
	return b.Bytes()
}
