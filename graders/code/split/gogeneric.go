package split

import (
	"go/ast"
	"go/token"
	"slices"
	"strings"
)

// goBasic are the names of the basic types.
var goBasic = map[string]bool{
	"bool": true, "string": true, "int": true, "int8": true, "int16": true, "int32": true, "int64": true,
	"uint": true, "uint8": true, "uint16": true, "uint32": true, "uint64": true, "uintptr": true,
	"float32": true, "float64": true, "complex64": true, "complex128": true, "byte": true, "rune": true,
}

// maxInstances bounds for how many combinations of types a generic function or
// type of the solution is made.
const maxInstances = 64

// A goParam is a type parameter. Which types it will have is seen only when the
// tests call: the solution's side has those that the tests may mean ready.
type goParam struct {
	name string
	away string   // its constraint in the tests' process
	home []string // the types it may have
	list string   // the parameter of whose type it is a list, for ~[]E
}

// params reads type parameters, and brings their names into scope.
func (s *goStubs) params(l *ast.FieldList) ([]goParam, error) {
	var all []goParam
	if l == nil {
		return nil, nil
	}
	for _, f := range l.List {
		for _, n := range f.Names {
			s.scope[n.Name] = true
			all = append(all, goParam{name: n.Name})
		}
	}
	i := 0
	for _, f := range l.List {
		for range f.Names {
			if err := s.constrain(&all[i], f.Type); err != nil {
				return nil, err
			}
			i++
		}
	}
	return all, nil
}

func (s *goStubs) constrain(p *goParam, e ast.Expr) error {
	if elem, ok := listOf(e); ok {
		if id, ok := elem.(*ast.Ident); ok && s.scope[id.Name] {
			p.away, p.list = "~[]"+id.Name, id.Name
			return nil
		}
	}
	p.away = "comparable"
	switch text := s.source(e); text {
	case "any", "interface{}":
		p.away, p.home = "any", s.everything()
	case "comparable":
		p.home = s.comparables()
	default:
		p.home = s.terms(e, 0)
	}
	if len(p.home) == 0 {
		return unfitf("the solution's type parameters have constraints that the tests' types do not meet")
	}
	return nil
}

// listOf returns E of ~[]E or []E, also as interface{ ~[]E }.
func listOf(e ast.Expr) (ast.Expr, bool) {
	if i, ok := e.(*ast.InterfaceType); ok && i.Methods.NumFields() == 1 && len(i.Methods.List[0].Names) == 0 {
		e = i.Methods.List[0].Type
	}
	if u, ok := e.(*ast.UnaryExpr); ok && u.Op == token.TILDE {
		e = u.X
	}
	if a, ok := e.(*ast.ArrayType); ok && a.Len == nil {
		return a.Elt, true
	}
	return nil, false
}

// everything returns the types that the tests may mean by any.
func (s *goStubs) everything() []string {
	return append(s.comparables(), "[]int", "[]string", "[]float64", "map[string]int")
}

func (s *goStubs) comparables() []string {
	all := []string{"int", "string", "float64", "bool"}
	for name := range s.tests.wants.basics {
		all = append(all, canonical(name))
	}
	slices.Sort(all[4:])
	all = append(all, "int32", "uint8", "int64")
	return append(unique(all), s.structs()...)
}

// structs returns the solution's and the tests' own types, by name, that can be
// compared whatever else they are.
func (s *goStubs) structs() []string {
	var names []string
	for _, d := range []*goDecls{s.decls, s.tests.decls} {
		for name, t := range d.types {
			if t.TypeParams == nil && s.tests.names[name] && s.comparable(t.Type, 0) {
				names = append(names, name)
			}
		}
	}
	slices.Sort(names)
	return names
}

func (s *goStubs) comparable(e ast.Expr, depth int) bool {
	switch t := e.(type) {
	case *ast.Ident:
		if goBasic[t.Name] {
			return true
		}
		for _, d := range []*goDecls{s.decls, s.tests.decls} {
			if spec, ok := d.types[t.Name]; ok && spec.TypeParams == nil && depth < 10 {
				return s.comparable(spec.Type, depth+1)
			}
		}
	case *ast.StructType:
		for _, f := range t.Fields.List {
			if !s.comparable(f.Type, depth+1) {
				return false
			}
		}
		return depth < 10
	}
	return false
}

// terms returns the basic types that a constraint lets through.
func (s *goStubs) terms(e ast.Expr, depth int) []string {
	if depth > 20 {
		return nil
	}
	switch t := e.(type) {
	case *ast.ParenExpr:
		return s.terms(t.X, depth+1)
	case *ast.UnaryExpr:
		return s.terms(t.X, depth+1)
	case *ast.BinaryExpr:
		return unique(append(s.terms(t.X, depth+1), s.terms(t.Y, depth+1)...))
	case *ast.Ident:
		if goBasic[t.Name] && !s.decls.has(t.Name) {
			return []string{canonical(t.Name)}
		}
		if spec, ok := s.decls.types[t.Name]; ok && spec.TypeParams == nil {
			return s.terms(spec.Type, depth+1)
		}
	case *ast.SelectorExpr:
		if from, name := s.imported(t); from == "cmp" && name == "Ordered" {
			return []string{"int", "string", "float64", "int64", "int32", "uint8", "float32", "uint", "uint64", "int8", "int16", "uint16", "uint32"}
		}
	case *ast.InterfaceType:
		var meet []string
		for i, m := range t.Methods.List {
			if len(m.Names) > 0 {
				return nil
			}
			more := s.terms(m.Type, depth+1)
			if id, ok := m.Type.(*ast.Ident); ok && id.Name == "comparable" {
				more = s.comparables()
			}
			if i == 0 {
				meet = more
				continue
			}
			meet = slices.DeleteFunc(meet, func(x string) bool { return !slices.Contains(more, x) })
		}
		return meet
	}
	return nil
}

func canonical(name string) string {
	switch name {
	case "byte":
		return "uint8"
	case "rune":
		return "int32"
	}
	return name
}

func unique(all []string) []string {
	var once []string
	for _, x := range all {
		if !slices.Contains(once, x) {
			once = append(once, x)
		}
	}
	return once
}

// instances returns the combinations of types that parameters may have.
func instances(params []goParam) [][]string {
	free := 0
	for _, p := range params {
		if p.list == "" {
			free++
		}
	}
	each := maxInstances
	for n := maxInstances; free > 1 && n > 1; n-- {
		total := 1
		for range free {
			total = min(total*n, maxInstances+1)
		}
		if each = n; total <= maxInstances {
			break
		}
	}
	combinations := [][]string{make([]string, len(params))}
	for i, p := range params {
		if p.list != "" {
			continue
		}
		var next [][]string
		for _, c := range combinations {
			for _, t := range p.home[:min(each, len(p.home))] {
				d := slices.Clone(c)
				d[i] = t
				next = append(next, d)
			}
		}
		combinations = next
	}
	for _, c := range combinations {
		for i, p := range params {
			for k, q := range params {
				if p.list == q.name && q.list == "" {
					c[i] = "[]" + c[k]
				}
			}
		}
	}
	return slices.DeleteFunc(combinations, func(c []string) bool { return slices.Contains(c, "") })
}

// declaration returns "[T any, K comparable]", or nothing.
func declaration(params []goParam) string {
	var parts []string
	for _, p := range params {
		parts = append(parts, p.name+" "+p.away)
	}
	return bracketed(parts)
}

// arguments returns "[T, K]", or nothing.
func arguments(params []goParam) string {
	var parts []string
	for _, p := range params {
		parts = append(parts, p.name)
	}
	return bracketed(parts)
}

func bracketed(parts []string) string {
	if len(parts) == 0 {
		return ""
	}
	return "[" + strings.Join(parts, ",") + "]"
}

// pointers returns ", (*T)(nil)" for each parameter.
func pointers(params []goParam) string {
	var b strings.Builder
	for _, p := range params {
		b.WriteString(", (*" + p.name + ")(nil)")
	}
	return b.String()
}
