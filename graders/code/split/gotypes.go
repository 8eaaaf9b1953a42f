package split

import (
	"fmt"
	"go/ast"
	"go/token"
	"path"
	"slices"
	"strconv"
	"strings"
)

// goPlainTypes are types of the standard library whose values are data.
var goPlainTypes = map[string]bool{
	"time.Duration": true, "time.Month": true, "time.Weekday": true, "time.Time": true,
	"math/big.Int": true, "math/big.Rat": true, "math/big.Float": true, "sort.IntSlice": true, "sort.StringSlice": true, "sort.Float64Slice": true,
}

// source returns the text of an expression of the solution.
func (s *goStubs) source(e ast.Expr) string {
	if id, ok := e.(*ast.Ident); ok {
		return id.Name
	}
	return s.solution.source(e)
}

// imported returns the package and name of a selector of the solution.
func (s *goStubs) imported(t *ast.SelectorExpr) (from, name string) {
	id, ok := t.X.(*ast.Ident)
	if !ok {
		return "", ""
	}
	for _, i := range s.solution.file.Imports {
		if n, p := importName(i); n == id.Name {
			return p, t.Sel.Name
		}
	}
	return "", ""
}

// takes returns the text of a parameter's or field's type. The name is that of
// the function or field.
func (s *goStubs) takes(e ast.Expr, name string) (string, error) {
	if inner, ok := e.(*ast.Ellipsis); ok {
		text, err := s.takes(inner.Elt, name)
		return "..." + text, err
	}
	w := s.tests.wants
	switch {
	case s.is(e, isFunc) && w.functions[name]:
		return "", unsplittablef("they hand functions to the solution")
	case s.is(e, isChan) && w.channels:
		return "", unsplittablef("they use channels")
	case s.is(e, isFace) && len(w.owners) > 0:
		return "", unsplittablef("they may hand objects of their own to the solution")
	case s.is(e, s.isForeign) && w.objects:
		return "", unsplittablef("they hand objects to the solution that cannot be copied to another process")
	}
	return s.plain(e)
}

// gives returns the text of a result's type.
func (s *goStubs) gives(e ast.Expr, name string) (string, error) {
	w := s.tests.wants
	switch {
	case s.is(e, isFunc) && w.results[name]:
		return "", unsplittablef("they call functions that the solution returns")
	case s.is(e, isChan) && (w.channels || w.results[name]):
		return "", unsplittablef("they use channels")
	case s.is(e, s.isForeign) && w.objects:
		return "", unsplittablef("they use objects of the solution that cannot be copied to another process")
	}
	return s.plain(e)
}

func isFunc(e ast.Expr) bool { _, ok := e.(*ast.FuncType); return ok }
func isChan(e ast.Expr) bool { _, ok := e.(*ast.ChanType); return ok }
func isFace(e ast.Expr) bool {
	t, ok := e.(*ast.InterfaceType)
	return ok && t.Methods.NumFields() > 0
}

// isForeign finds types of other packages that are no data.
func (s *goStubs) isForeign(e ast.Expr) bool {
	t, ok := e.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	from, name := s.imported(t)
	if from == "iter" {
		return false
	}
	return !goPlainTypes[from+"."+name]
}

// is looks for a kind of type in a type: through its own names, lists, maps and
// pointers.
func (s *goStubs) is(e ast.Expr, kind func(ast.Expr) bool) bool {
	budget := 100
	return s.within(e, kind, &budget)
}

func (s *goStubs) within(e ast.Expr, kind func(ast.Expr) bool, budget *int) bool {
	if *budget--; *budget < 0 || e == nil {
		return false
	}
	if kind(e) {
		return true
	}
	switch t := e.(type) {
	case *ast.Ident:
		if spec, ok := s.decls.types[t.Name]; ok && !s.scope[t.Name] {
			return s.within(spec.Type, kind, budget)
		}
	case *ast.ParenExpr:
		return s.within(t.X, kind, budget)
	case *ast.StarExpr:
		if _, ok := t.X.(*ast.Ident); !ok {
			return s.within(t.X, kind, budget)
		}
		spec, ok := s.decls.types[t.X.(*ast.Ident).Name]
		if ok {
			if _, isStruct := spec.Type.(*ast.StructType); !isStruct {
				return s.within(spec.Type, kind, budget)
			}
		}
	case *ast.ArrayType:
		return s.within(t.Elt, kind, budget)
	case *ast.MapType:
		return s.within(t.Key, kind, budget) || s.within(t.Value, kind, budget)
	case *ast.SelectorExpr:
		// iter.Seq is a function.
		if from, _ := s.imported(t); from == "iter" {
			return kind(&ast.FuncType{})
		}
	case *ast.IndexExpr:
		return s.within(t.X, kind, budget)
	case *ast.IndexListExpr:
		return s.within(t.X, kind, budget)
	}
	return false
}

// plain returns the text of a type in the tests' process, and writes the types
// that it names. Values of a type that is no data stay with the solution: the
// tests have a handle, and do not compile where they want more of it.
func (s *goStubs) plain(e ast.Expr) (string, error) {
	if s.depth++; s.depth > maxTypeDepth {
		return "", unfitf("a type of the solution is nested too deep")
	}
	defer func() { s.depth-- }()
	switch t := e.(type) {
	case *ast.ParenExpr:
		return s.plain(t.X)
	case *ast.Ident:
		switch {
		case s.scope[t.Name]:
			return t.Name, nil
		case s.decls.has(t.Name):
			return t.Name, s.stand(t.Name)
		case s.tests.decls.has(t.Name), goBasic[t.Name], t.Name == "error", t.Name == "any":
			return t.Name, nil
		}
		return "", unfitf("the solution names a type that is not there")
	case *ast.ArrayType:
		inner, err := s.plain(t.Elt)
		if err != nil {
			return "", err
		}
		if t.Len == nil {
			return "[]" + inner, nil
		}
		length, err := s.constant(t.Len)
		return "[" + length + "]" + inner, err
	case *ast.MapType:
		key, err := s.plain(t.Key)
		if err != nil {
			return "", err
		}
		value, err := s.plain(t.Value)
		return "map[" + key + "]" + value, err
	case *ast.StarExpr:
		inner, err := s.plain(t.X)
		return "*" + inner, err
	case *ast.Ellipsis:
		inner, err := s.plain(t.Elt)
		return "..." + inner, err
	case *ast.InterfaceType:
		if t.Methods.NumFields() == 0 {
			return "interface{}", nil
		}
	case *ast.StructType:
		return s.structure(t)
	case *ast.SelectorExpr:
		if from, name := s.imported(t); goPlainTypes[from+"."+name] {
			return s.foreign(from) + "." + name, nil
		}
	case *ast.IndexExpr:
		return s.instance(t.X, []ast.Expr{t.Index}, e)
	case *ast.IndexListExpr:
		return s.instance(t.X, t.Indices, e)
	}
	return s.opaque(e)
}

// maxTypeDepth bounds how deep types are nested, through names or not.
const maxTypeDepth = 200

// foreign returns the name that a package of the standard library has in the
// tests' process, which imports it.
func (s *goStubs) foreign(from string) string {
	if !slices.Contains(s.imports, from) {
		s.imports = append(s.imports, from)
	}
	return "rft" + path.Base(from)
}

// instance returns a generic type of the solution with its arguments.
func (s *goStubs) instance(x ast.Expr, arguments []ast.Expr, whole ast.Expr) (string, error) {
	id, ok := x.(*ast.Ident)
	if !ok || s.decls.types[id.Name] == nil {
		return s.opaque(whole)
	}
	if err := s.stand(id.Name); err != nil {
		return "", err
	}
	parts := make([]string, len(arguments))
	for i, a := range arguments {
		text, err := s.plain(a)
		if err != nil {
			return "", err
		}
		parts[i] = text
	}
	return id.Name + bracketed(parts), nil
}

// opaque writes a stand-in for values of a type that has no name or no data.
func (s *goStubs) opaque(e ast.Expr) (string, error) {
	text := s.source(e)
	if name, ok := s.handles[text]; ok {
		return "*" + name, nil
	}
	bound := false
	ast.Inspect(e, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && s.scope[id.Name] {
			bound = true
		}
		return !bound
	})
	if bound {
		return "", unfitf("a generic function or type of the solution uses functions or channels of its parameters")
	}
	name := "rftOpaque" + strconv.Itoa(len(s.handles)+1)
	s.handles[text] = name
	fmt.Fprintf(&s.out, "\ntype %s struct{ rftHandle rftHandle }\n", name)
	s.kept = append(s.kept, goKept{away: name, home: text})
	return "*" + name, nil
}

func (s *goStubs) structure(t *ast.StructType) (string, error) {
	var b strings.Builder
	b.WriteString("struct {\n")
	for _, f := range t.Fields.List {
		if len(f.Names) == 0 {
			text, err := s.embedded(f.Type)
			if err != nil {
				return "", err
			}
			b.WriteString("\t" + text + "\n")
			continue
		}
		for _, name := range f.Names {
			if s.is(f.Type, isFunc) && s.tests.wants.called[name.Name] {
				return "", unsplittablef("they call a function that a field of the solution holds")
			}
			text, err := s.takes(f.Type, name.Name)
			if err != nil {
				return "", err
			}
			b.WriteString("\t" + name.Name + " " + text + "\n")
		}
	}
	return b.String() + "}", nil
}

// embedded returns the field that stands for an embedded type.
func (s *goStubs) embedded(e ast.Expr) (string, error) {
	base := e
	if p, ok := e.(*ast.StarExpr); ok {
		base = p.X
	}
	if id, ok := base.(*ast.Ident); ok && s.decls.types[id.Name] != nil {
		return s.plain(e)
	}
	name := nameOf(base)
	text, err := s.plain(e)
	if err != nil || name == "" {
		return "", err
	}
	return name + " " + text, nil
}

// promoted calls f for each type of the solution that a struct embeds, at any
// depth.
func (s *goStubs) promoted(t *ast.StructType, f func(name string, spec *ast.TypeSpec)) {
	seen := map[string]bool{}
	var walk func(t *ast.StructType)
	walk = func(t *ast.StructType) {
		for _, field := range t.Fields.List {
			if len(field.Names) > 0 {
				continue
			}
			base := field.Type
			if p, ok := base.(*ast.StarExpr); ok {
				base = p.X
			}
			id, ok := base.(*ast.Ident)
			if !ok || seen[id.Name] || s.decls.types[id.Name] == nil {
				continue
			}
			seen[id.Name] = true
			spec := s.decls.types[id.Name]
			f(id.Name, spec)
			if inner, ok := spec.Type.(*ast.StructType); ok {
				walk(inner)
			}
		}
	}
	walk(t)
}

// constant returns the text of a constant expression: names are those of
// constants and types of the solution, of the language, and of packages with
// nothing but numbers.
func (s *goStubs) constant(e ast.Expr) (string, error) {
	if s.depth++; s.depth > maxTypeDepth {
		return "", unfitf("a constant of the solution is nested too deep")
	}
	defer func() { s.depth-- }()
	switch e := e.(type) {
	case *ast.BasicLit:
		return e.Value, nil
	case *ast.ParenExpr:
		text, err := s.constant(e.X)
		return "(" + text + ")", err
	case *ast.UnaryExpr:
		text, err := s.constant(e.X)
		return e.Op.String() + text, err
	case *ast.BinaryExpr:
		x, err := s.constant(e.X)
		if err != nil {
			return "", err
		}
		y, err := s.constant(e.Y)
		return x + " " + e.Op.String() + " " + y, err
	case *ast.Ident:
		if s.decls.has(e.Name) {
			return e.Name, s.stand(e.Name)
		}
		switch {
		case goBasic[e.Name], e.Name == "true", e.Name == "false", e.Name == "iota", e.Name == "len", s.tests.decls.has(e.Name):
			return e.Name, nil
		}
	case *ast.CallExpr:
		if len(e.Args) == 1 {
			f, err := s.constant(e.Fun)
			if err != nil {
				return "", err
			}
			x, err := s.constant(e.Args[0])
			return f + "(" + x + ")", err
		}
	case *ast.SelectorExpr:
		switch from, name := s.imported(e); from {
		case "math", "time":
			if token.IsExported(name) {
				return s.foreign(from) + "." + name, nil
			}
		}
	}
	return "", unfitf("a constant of the solution is no expression of constants")
}
