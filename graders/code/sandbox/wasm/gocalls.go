package wasm

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strings"
)

// The names in the generated main, which a program will hardly use itself.
const (
	driverPath  = "rft/godriver"
	servedPath  = "rft/godriver/served"
	driverName  = "rftDriver0"
	ownMainName = "rftOwnMain0"
	goMainFile  = "rft_main.go"
)

// callable returns the files of a program whose entry can be called: its own
// text as package main, its own main renamed, beside a main that serves the
// entry. The error is of a program that cannot be parsed.
func callable(source, entry string, limit int64) (map[string]string, error) {
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, goFile, source, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	owner, _, method := strings.Cut(entry, ".")
	rename := map[*ast.Ident]string{file.Name: "main"}
	var functions, types strings.Builder
	for _, decl := range file.Decls {
		switch d := decl.(type) {
		case *ast.FuncDecl:
			switch name := d.Name.Name; {
			case d.Recv != nil:
			case name == "main":
				rename[d.Name] = ownMainName
			case name == entry && d.Type.TypeParams == nil && name != "init":
				fmt.Fprintf(&functions, "%q: %s, ", name, name)
			}
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				t, ok := spec.(*ast.TypeSpec)
				if ok && t.TypeParams == nil && (t.Name.Name == "Solution" || method && t.Name.Name == owner) {
					fmt.Fprintf(&types, "%q: %s.TypeOf[%s](), ", t.Name.Name, driverName, t.Name.Name)
				}
			}
		}
	}
	main := fmt.Sprintf("package main\n\nimport %[1]s %[2]q\n\nfunc main() {\n\t%[1]s.Main(%[1]s.Program{\n\t\tFunctions: %[1]s.Functions{%[3]s},\n\t\tTypes: %[1]s.Types{%[4]s},\n\t}, %[5]q, %[6]d)\n}\n",
		driverName, driverPath, functions.String(), types.String(), entry, limit)
	return map[string]string{goFile: renamed(source, files, rename), goMainFile: main}, nil
}

// renamed returns the source with identifiers replaced.
func renamed(source string, files *token.FileSet, names map[*ast.Ident]string) string {
	var order []*ast.Ident
	for ident := range names {
		order = append(order, ident)
	}
	slices.SortFunc(order, func(a, b *ast.Ident) int { return cmp.Compare(a.Pos(), b.Pos()) })
	var out strings.Builder
	at := 0
	for _, ident := range order {
		// The offset in the file: a //line comment moves positions.
		start := files.File(ident.Pos()).Offset(ident.Pos())
		out.WriteString(source[at:start])
		out.WriteString(names[ident])
		at = start + len(ident.Name)
	}
	out.WriteString(source[at:])
	return out.String()
}
