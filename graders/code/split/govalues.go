package split

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

// value writes a constant or a variable.
func (s *goStubs) value(name string, v *goValue) error {
	switch {
	case v == nil:
		return unfitf("the solution does not define what the tests use")
	case v.constant:
		return s.constants(v.group)
	case isErrorValue(v):
		s.sentinels = append(s.sentinels, name)
		fmt.Fprintf(&s.out, "\nvar %s error = &rftSentinel{%q}\n", name, name)
		return nil
	}
	if f, ok := v.value.(*ast.FuncLit); ok && v.typ == nil {
		s.functions[name] = name
		return s.call(f.Type, "func "+name, name, `"`+name+`"`, nil)
	}
	if s.tests.wants.assigned[name] {
		return unsplittablef("they change a variable of the solution")
	}
	text, err := s.typeOf(v.typ, v.value)
	if err != nil {
		return err
	}
	s.variables = append(s.variables, name)
	s.functions["="+name] = "rftGet(&" + name + ")"
	fmt.Fprintf(&s.out, "\nvar %s %s\n", name, text)
	return nil
}

// typeOf returns the type of a variable, as far as its declaration shows it.
func (s *goStubs) typeOf(typ, value ast.Expr) (string, error) {
	if typ != nil {
		return s.plain(typ)
	}
	switch v := value.(type) {
	case *ast.ParenExpr:
		return s.typeOf(nil, v.X)
	case *ast.BasicLit:
		switch v.Kind {
		case token.INT:
			return "int", nil
		case token.FLOAT:
			return "float64", nil
		case token.CHAR:
			return "rune", nil
		case token.STRING:
			return "string", nil
		}
	case *ast.CompositeLit:
		if a, ok := v.Type.(*ast.ArrayType); ok {
			if _, ok := a.Len.(*ast.Ellipsis); ok {
				break
			}
		}
		if v.Type != nil {
			return s.plain(v.Type)
		}
	case *ast.UnaryExpr:
		text, err := s.typeOf(nil, v.X)
		switch v.Op {
		case token.AND:
			text = "*" + text
		case token.NOT:
			text = "bool"
		}
		return text, err
	case *ast.BinaryExpr:
		switch v.Op {
		case token.EQL, token.NEQ, token.LSS, token.LEQ, token.GTR, token.GEQ, token.LAND, token.LOR:
			return "bool", nil
		}
		if text, err := s.typeOf(nil, v.X); err == nil && text != "int" {
			return text, nil
		}
		return s.typeOf(nil, v.Y)
	case *ast.Ident:
		if v.Name == "true" || v.Name == "false" {
			return "bool", nil
		}
		if other := s.decls.values[v.Name]; other != nil {
			if s.depth++; s.depth < maxTypeDepth {
				defer func() { s.depth-- }()
				return s.typeOf(other.typ, other.value)
			}
		}
	case *ast.CallExpr:
		return s.typeOfCall(v)
	}
	return "", unfitf("the tests use a variable of the solution whose type is not written")
}

func (s *goStubs) typeOfCall(call *ast.CallExpr) (string, error) {
	switch f := call.Fun.(type) {
	case *ast.ArrayType, *ast.MapType:
		return s.plain(f)
	case *ast.FuncLit:
		if results := fields(f.Type.Results); len(results) == 1 {
			return s.plain(results[0])
		}
	case *ast.Ident:
		switch {
		case (f.Name == "make" || f.Name == "new") && len(call.Args) > 0 && !s.decls.has(f.Name):
			text, err := s.plain(call.Args[0])
			if f.Name == "new" {
				text = "*" + text
			}
			return text, err
		case goBasic[f.Name] || s.decls.types[f.Name] != nil:
			return s.plain(f)
		}
		if d := s.decls.functions[f.Name]; d != nil && d.Type.TypeParams == nil {
			if results := fields(d.Type.Results); len(results) == 1 {
				return s.plain(results[0])
			}
		}
	}
	return "", unfitf("the tests use a variable of the solution whose type is not written")
}

// constants writes a declaration of constants as a whole: what one of them is
// may depend on those above it.
func (s *goStubs) constants(group *ast.GenDecl) error {
	var b strings.Builder
	b.WriteString("\nconst (\n")
	for _, spec := range group.Specs {
		v := spec.(*ast.ValueSpec)
		for i, n := range v.Names {
			if i > 0 {
				b.WriteString(", ")
			}
			name := n.Name
			if name != "_" {
				if err, ok := s.written[name]; ok && err != nil {
					return err
				}
				if types.Universe.Lookup(name) != nil || strings.HasPrefix(name, "rft") || s.tests.decls.has(name) {
					// The others are numbered with it in its place.
					name = "_"
				} else {
					s.written[name] = nil
				}
			}
			b.WriteString(name)
		}
		if v.Type != nil {
			text, err := s.plain(v.Type)
			if err != nil {
				return err
			}
			b.WriteString(" " + text)
		}
		for i, e := range v.Values {
			text, err := s.constant(e)
			if err != nil {
				return err
			}
			b.WriteString([]string{" = ", ", "}[min(i, 1)] + text)
		}
		b.WriteString("\n")
	}
	s.out.WriteString(b.String() + ")\n")
	return nil
}

// isErrorValue says whether a variable is written as an error.
func isErrorValue(v *goValue) bool {
	if id, ok := v.typ.(*ast.Ident); ok && id.Name == "error" {
		return true
	}
	call, ok := v.value.(*ast.CallExpr)
	if !ok || v.typ != nil {
		return false
	}
	switch types.ExprString(call.Fun) {
	case "errors.New", "fmt.Errorf":
		return true
	}
	return false
}
