package jail

import (
	"go/ast"
	"slices"
	"strings"
)

// maxInstances bounds for how many combinations of types a generic function is made.
const maxInstances = 64

// goKinds are the types that values of tests may have, as the driver names them, and
// the predeclared types that stand for them in constraints.
var goKinds = [...]struct{ driver, predeclared string }{{"Int", "int"}, {"Float", "float64"}, {"Text", "string"}, {"Any", ""}}

// instances returns the lists of types that a generic function may be made for, none
// where its constraints are not understood.
func instances(file *ast.File, params *ast.FieldList) []string {
	c := goConstraints{types: map[string]ast.Expr{}}
	for _, decl := range file.Decls {
		if decl, ok := decl.(*ast.GenDecl); ok {
			for _, spec := range decl.Specs {
				if spec, ok := spec.(*ast.TypeSpec); ok && spec.TypeParams == nil {
					c.types[spec.Name.Name] = spec.Type
				}
			}
		}
	}
	var names []string
	var bounds []ast.Expr
	for _, field := range params.List {
		for _, name := range field.Names {
			names, bounds = append(names, name.Name), append(bounds, field.Type)
		}
	}
	lists := [][]string{{}}
	for _, bound := range bounds {
		kinds := []string{""} // a list, whose type is known with that of its elements
		if _, ok := listOf(bound, names); !ok {
			if kinds = c.kinds(bound, 0); len(kinds) == 0 {
				return nil
			}
		}
		var longer [][]string
		for _, list := range lists {
			for _, kind := range kinds {
				longer = append(longer, append(slices.Clone(list), kind))
			}
		}
		if lists = longer; len(lists) > maxInstances {
			return nil
		}
	}
	var out []string
	for _, list := range lists {
		for i, bound := range bounds {
			if elem, ok := listOf(bound, names); ok {
				list[i] = "[]" + list[slices.Index(names, elem)]
			}
		}
		out = append(out, strings.Join(list, ", "))
	}
	return out
}

// listOf returns E of the constraint ~[]E or []E, where E is a type parameter that is
// no list itself.
func listOf(e ast.Expr, names []string) (string, bool) {
	if u, ok := e.(*ast.UnaryExpr); ok {
		e = u.X
	}
	if a, ok := e.(*ast.ArrayType); ok && a.Len == nil {
		if id, ok := a.Elt.(*ast.Ident); ok && slices.Contains(names, id.Name) {
			return id.Name, true
		}
	}
	return "", false
}

// goConstraints reads constraints among the types of a file.
type goConstraints struct{ types map[string]ast.Expr }

// kinds returns the types that meet a constraint.
func (c goConstraints) kinds(e ast.Expr, depth int) []string {
	if depth > 20 {
		return nil
	}
	switch e := e.(type) {
	case *ast.ParenExpr:
		return c.kinds(e.X, depth+1)
	case *ast.UnaryExpr:
		return c.kinds(e.X, depth+1)
	case *ast.BinaryExpr:
		return among(append(c.kinds(e.X, depth+1), c.kinds(e.Y, depth+1)...))
	case *ast.SelectorExpr:
		if id, ok := e.X.(*ast.Ident); ok && id.Name == "cmp" && e.Sel.Name == "Ordered" {
			return ordered()
		}
	case *ast.InterfaceType:
		met := among(append(ordered(), driverKind("")))
		for _, m := range e.Methods.List {
			if len(m.Names) > 0 {
				return nil
			}
			more := c.kinds(m.Type, depth+1)
			met = slices.DeleteFunc(met, func(kind string) bool { return !slices.Contains(more, kind) })
		}
		return met
	case *ast.Ident:
		if own, ok := c.types[e.Name]; ok {
			if _, ok := own.(*ast.InterfaceType); !ok {
				return nil
			}
			return c.kinds(own, depth+1)
		}
		switch e.Name {
		case "any":
			return among(append(ordered(), driverKind("")))
		case "comparable":
			return ordered()
		}
		for _, kind := range goKinds {
			if kind.predeclared == e.Name {
				return []string{driverKind(e.Name)}
			}
		}
	}
	return nil
}

func ordered() []string {
	return []string{driverKind("int"), driverKind("float64"), driverKind("string")}
}

func driverKind(predeclared string) string {
	for _, kind := range goKinds {
		if kind.predeclared == predeclared {
			return goDriverName + "." + kind.driver
		}
	}
	return ""
}

// among returns the kinds in their own order, each once.
func among(kinds []string) []string {
	var out []string
	for _, kind := range goKinds {
		if name := goDriverName + "." + kind.driver; slices.Contains(kinds, name) {
			out = append(out, name)
		}
	}
	return out
}
