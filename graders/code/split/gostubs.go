package split

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// goStubs writes what stands for the solution in the tests' process.
type goStubs struct {
	tests    *goTests
	solution *goFile
	decls    *goDecls // of the solution
	methods  map[string]bool
	scope    map[string]bool // type parameters
	depth    int

	out       strings.Builder
	written   map[string]error
	functions map[string]string // what may be called, by name: an expression
	handles   map[string]string // stand-ins for types without a name, by their text
	kept      []goKept
	faces     []string // interfaces of the solution
	named     []string // types that may stand in an interface
	sentinels []string // variables that hold errors
	variables []string // that the tests read
	imports   []string // of the standard library, for types of it
}

// A goKept is a type whose objects stay with the solution: what it is called in
// each process.
type goKept struct{ away, home string }

func newGoStubs(tests *goTests, solution *goFile) *goStubs {
	s := &goStubs{
		tests: tests, solution: solution, decls: newGoDecls(), methods: map[string]bool{}, scope: map[string]bool{},
		written: map[string]error{}, functions: map[string]string{}, handles: map[string]string{},
	}
	s.decls.add(solution)
	// A type must have the methods of the interfaces it is used as.
	for _, t := range s.decls.types {
		if i, ok := t.Type.(*ast.InterfaceType); ok {
			for _, m := range i.Methods.List {
				for _, n := range m.Names {
					s.methods[n.Name] = true
				}
			}
		}
	}
	for _, name := range []string{"String", "Error", "Unwrap", "Is", "Len", "Less", "Swap"} {
		s.methods[name] = true
	}
	return s
}

// unfit is the error of a solution that has not what the tests use, or has it
// in a form that cannot be called from another process, without their need.
type unfit struct{ reason string }

func (u *unfit) Error() string { return u.reason }

func unfitf(format string, args ...any) error { return &unfit{fmt.Sprintf(format, args...)} }

// stand writes the stand-in of a name of the solution.
func (s *goStubs) stand(name string) error {
	if err, ok := s.written[name]; ok {
		return err
	}
	s.written[name] = nil
	if types.Universe.Lookup(name) != nil || strings.HasPrefix(name, "rft") {
		s.written[name] = unfitf("the solution gives a name of the language another meaning")
		return s.written[name]
	}
	if s.depth++; s.depth > maxTypeDepth {
		return unfitf("a type of the solution is nested too deep")
	}
	scope := s.scope
	s.scope = map[string]bool{}
	defer func() { s.scope = scope; s.depth-- }()
	var err error
	switch f, t := s.decls.functions[name], s.decls.types[name]; {
	case f != nil:
		err = s.function(f, name)
	case t != nil:
		err = s.typ(t)
	default:
		err = s.value(name, s.decls.values[name])
	}
	s.written[name] = err
	return err
}

// function writes a function that calls the solution's.
func (s *goStubs) function(f *ast.FuncDecl, name string) error {
	params, err := s.params(f.Type.TypeParams)
	if err != nil {
		return err
	}
	key := strconv.Quote(name)
	if params == nil {
		s.functions[name] = name
	} else {
		key = "rftKey(" + key + pointers(params) + ")"
		for _, c := range instances(params) {
			s.functions[name+bracketed(c)] = name + bracketed(c)
		}
	}
	return s.call(f.Type, "func "+name+declaration(params), name, key, nil)
}

// call writes a function of a signature. The arguments before the signature's
// own are those given.
func (s *goStubs) call(t *ast.FuncType, head, name, key string, args []string) error {
	var params, results, places []string
	list := fields(t.Params)
	for i, p := range list {
		text, err := s.takes(p, name)
		if err != nil {
			return err
		}
		place := "rftA" + strconv.Itoa(i+1)
		params = append(params, place+" "+text)
		args = append(args, "&"+place)
	}
	for i, r := range fields(t.Results) {
		text, err := s.gives(r, name)
		if err != nil {
			return err
		}
		place := "rftR" + strconv.Itoa(i+1)
		results = append(results, place+" "+text)
		places = append(places, "&"+place)
	}
	fmt.Fprintf(&s.out, "\n%s(%s) (%s) {\n", head, strings.Join(params, ", "), strings.Join(results, ", "))
	if strings.Contains(head, "(rftValue ") {
		s.out.WriteString("\trftSelf := &rftValue\n")
	}
	fmt.Fprintf(&s.out, "\trftCall(%s, []interface{}{%s}%s)\n\treturn\n}\n", key, strings.Join(args, ", "), join(places))
	return nil
}

func join(places []string) string {
	if len(places) == 0 {
		return ""
	}
	return ", " + strings.Join(places, ", ")
}

// fields returns the type of each parameter or result.
func fields(l *ast.FieldList) []ast.Expr {
	var all []ast.Expr
	if l == nil {
		return nil
	}
	for _, f := range l.List {
		for range max(1, len(f.Names)) {
			all = append(all, f.Type)
		}
	}
	return all
}

// typ writes a type of the solution: as data, or as objects that stay with the
// solution where the tests do not look into it.
func (s *goStubs) typ(t *ast.TypeSpec) error {
	name := t.Name.Name
	params, err := s.params(t.TypeParams)
	if err != nil {
		return err
	}
	combinations := instances(params)
	if face, ok := t.Type.(*ast.InterfaceType); ok && face.Methods.NumFields() > 0 {
		return s.face(name, face, params)
	}
	assign := " "
	if t.Assign != token.NoPos {
		assign = " = "
	}
	structure, isStruct := t.Type.(*ast.StructType)
	methods := s.methodsOf(name, structure)
	if assign == " " && params == nil && (isFunc(t.Type) || isChan(t.Type) || s.isForeign(t.Type)) {
		return s.handle(name, methods)
	}
	if isStruct && !s.looksInto(name, structure) && (len(methods) > 0 || s.hasInside(structure)) {
		fmt.Fprintf(&s.out, "\ntype %s%s struct{ rftHandle rftHandle }\n", name, declaration(params))
		for _, c := range combinations {
			s.kept = append(s.kept, goKept{name + bracketed(c), name + bracketed(c)})
		}
	} else {
		text, err := s.plain(t.Type)
		if err != nil {
			return err
		}
		fmt.Fprintf(&s.out, "\ntype %s%s%s%s\n", name, declaration(params), assign, text)
	}
	if assign == " " && params == nil {
		s.named = append(s.named, name)
	}
	for _, m := range methods {
		if err := s.method(name, m, params, combinations); err != nil {
			return err
		}
	}
	return nil
}

// handle writes a type whose values the tests hold and do not look into.
func (s *goStubs) handle(name string, methods []goMethod) error {
	text, err := s.opaque(ast.NewIdent(name))
	if err != nil {
		return err
	}
	fmt.Fprintf(&s.out, "\ntype %s = %s\n", name, text)
	for _, m := range methods {
		if m.pointer {
			continue
		}
		s.functions[name+"."+m.name] = name + "." + m.name
		if err := s.call(m.typ, "func (rftSelf "+text+") "+m.name, m.name, strconv.Quote(name+"."+m.name), []string{"&rftSelf"}); err != nil {
			return err
		}
	}
	return nil
}

// hasInside says whether a struct holds what is no data, or what may hold itself.
func (s *goStubs) hasInside(t *ast.StructType) bool {
	for _, f := range t.Fields.List {
		for _, kind := range []func(ast.Expr) bool{isFunc, isChan, isFace, s.isForeign} {
			if s.is(f.Type, kind) {
				return true
			}
		}
	}
	return false
}

// A goMethod is a method that a type has, of its own or from what it embeds.
type goMethod struct {
	name    string
	pointer bool
	typ     *ast.FuncType
	params  []string // the names that its receiver gives to type parameters
}

// methodsOf returns the methods of a type that the tests may call.
func (s *goStubs) methodsOf(name string, t *ast.StructType) []goMethod {
	var all []goMethod
	have := map[string]bool{}
	own := func(owner string, promoted bool) {
		for _, m := range s.decls.methods[owner] {
			n := m.Name.Name
			if have[n] || !s.tests.selected[n] && !s.methods[n] {
				continue
			}
			have[n] = true
			_, params := receiver(m)
			if promoted && params != nil {
				continue
			}
			_, pointer := m.Recv.List[0].Type.(*ast.StarExpr)
			all = append(all, goMethod{n, pointer, m.Type, params})
		}
	}
	own(name, false)
	if t == nil || s.looksInto(name, t) {
		return all // Go itself promotes what is embedded
	}
	s.promoted(t, func(owner string, spec *ast.TypeSpec) {
		own(owner, true)
		if face, ok := spec.Type.(*ast.InterfaceType); ok {
			list, _ := s.faceMethods(face, 0)
			for _, m := range list {
				if !have[m.name] {
					have[m.name] = true
					all = append(all, goMethod{m.name, true, m.typ, nil})
				}
			}
		}
	})
	return all
}

func (s *goStubs) method(owner string, m goMethod, params []goParam, combinations [][]string) error {
	if len(m.params) != len(params) {
		return unfitf("a method of the solution has another number of type parameters than its type")
	}
	// The receiver may give the parameters other names.
	renamed := slices.Clone(params)
	for i, n := range m.params {
		renamed[i].name = n
		s.scope[n] = true
	}
	star, self := "*", "rftSelf"
	if !m.pointer {
		star, self = "", "rftValue"
	}
	key := strconv.Quote(owner + "." + m.name)
	if params == nil {
		s.functions[owner+"."+m.name] = "(*" + owner + ")." + m.name
	} else {
		key = "rftKey(" + strconv.Quote(owner) + pointers(renamed) + ") + " + strconv.Quote("."+m.name)
		for _, c := range combinations {
			s.functions[owner+bracketed(c)+"."+m.name] = "(*" + owner + bracketed(c) + ")." + m.name
		}
	}
	return s.call(m.typ, "func ("+self+" "+star+owner+arguments(renamed)+") "+m.name, m.name, key, []string{"&rftSelf"})
}

// A goFaceMethod is a method of an interface.
type goFaceMethod struct {
	name string
	typ  *ast.FuncType
}

// faceMethods returns all methods of an interface; not ok where it embeds what
// is not the solution's.
func (s *goStubs) faceMethods(t *ast.InterfaceType, depth int) (all []goFaceMethod, ok bool) {
	if depth > 20 {
		return nil, false
	}
	for _, m := range t.Methods.List {
		if f, ok := m.Type.(*ast.FuncType); ok && len(m.Names) > 0 {
			for _, n := range m.Names {
				all = append(all, goFaceMethod{n.Name, f})
			}
			continue
		}
		id, isName := m.Type.(*ast.Ident)
		if !isName || s.decls.types[id.Name] == nil {
			return nil, false
		}
		inner, isFace := s.decls.types[id.Name].Type.(*ast.InterfaceType)
		if !isFace {
			return nil, false
		}
		more, ok := s.faceMethods(inner, depth+1)
		if !ok {
			return nil, false
		}
		all = append(all, more...)
	}
	seen := map[string]bool{}
	return slices.DeleteFunc(all, func(m goFaceMethod) bool {
		was := seen[m.name]
		seen[m.name] = true
		return was
	}), true
}

// face writes an interface of the solution, and what stands for an object in it
// whose own type the tests do not know.
func (s *goStubs) face(name string, t *ast.InterfaceType, params []goParam) error {
	methods, ok := s.faceMethods(t, 0)
	if !ok || params != nil {
		// A constraint, or an interface that is made of others'.
		if params != nil {
			return unfitf("the solution has a generic interface")
		}
		text, err := s.opaque(ast.NewIdent(name))
		if err == nil {
			fmt.Fprintf(&s.out, "\ntype %s = %s\n", name, text)
		}
		return err
	}
	stub := "rftFace" + name
	s.faces = append(s.faces, name)
	s.kept = append(s.kept, goKept{away: stub})
	var b strings.Builder
	fmt.Fprintf(&s.out, "\ntype %s struct{ rftHandle rftHandle }\n", stub)
	for _, m := range methods {
		var params, results []string
		for _, p := range fields(m.typ.Params) {
			text, err := s.takes(p, m.name)
			if err != nil {
				return err
			}
			params = append(params, text)
		}
		for _, r := range fields(m.typ.Results) {
			text, err := s.gives(r, m.name)
			if err != nil {
				return err
			}
			results = append(results, text)
		}
		fmt.Fprintf(&b, "\t%s(%s) (%s)\n", m.name, strings.Join(params, ", "), strings.Join(results, ", "))
		s.functions[name+"."+m.name] = name + "." + m.name
		if err := s.call(m.typ, "func (rftSelf *"+stub+") "+m.name, m.name, strconv.Quote(name+"."+m.name), []string{"&rftSelf"}); err != nil {
			return err
		}
	}
	fmt.Fprintf(&s.out, "\ntype %s interface {\n%s}\n", name, b.String())
	return nil
}

// looksInto says whether the tests make values of a struct field by field, or
// select one of its fields.
func (s *goStubs) looksInto(name string, t *ast.StructType) bool {
	selects := func(t *ast.StructType) bool {
		for _, f := range t.Fields.List {
			for _, field := range f.Names {
				if s.tests.selected[field.Name] {
					return true
				}
			}
		}
		return false
	}
	if s.tests.composed[name] || selects(t) {
		return true
	}
	looks := false
	s.promoted(t, func(_ string, spec *ast.TypeSpec) {
		if inner, ok := spec.Type.(*ast.StructType); ok {
			looks = looks || selects(inner)
		}
	})
	return looks
}

// identsOf collects the identifiers in a type.
func identsOf(e ast.Expr, into map[string]bool) {
	ast.Inspect(e, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			into[id.Name] = true
		}
		return true
	})
}

// table writes the types whose objects stay with the solution, the interfaces,
// and the types that may stand in one.
func (s *goStubs) table(home bool) string {
	var b strings.Builder
	typeOf := func(t string) string { return "rftreflect.TypeOf((*" + t + ")(nil)).Elem()" }
	b.WriteString("\nvar rftKept = map[rftreflect.Type]bool{\n")
	for _, k := range s.kept {
		name := k.away
		if home {
			name = k.home
		}
		if name != "" {
			fmt.Fprintf(&b, "\t%s: true,\n", typeOf("("+name+")"))
		}
	}
	b.WriteString("}\n\nvar rftFaces = map[rftreflect.Type]rftreflect.Type{\n")
	for _, f := range s.faces {
		stub := typeOf("rftFace" + f)
		if home {
			stub = "nil"
		}
		fmt.Fprintf(&b, "\t%s: %s,\n", typeOf(f), stub)
	}
	b.WriteString("}\n\nvar rftNamed = map[string]rftreflect.Type{\n")
	for _, n := range s.named {
		fmt.Fprintf(&b, "\t%q: %s,\n", n, typeOf(n))
	}
	b.WriteString("}\n\n")
	return b.String()
}

func (s *goStubs) functionTable() string {
	var b strings.Builder
	b.WriteString("\nvar rftFunctions = map[string]interface{}{\n")
	for _, name := range slices.Sorted(maps.Keys(s.functions)) {
		fmt.Fprintf(&b, "\t%q: %s,\n", name, s.functions[name])
	}
	return b.String() + "}\n"
}

// sentinelTable fills the table of the codec before any test runs.
func (s *goStubs) sentinelTable() string {
	var b strings.Builder
	b.WriteString("\nfunc init() {\n")
	for _, name := range s.sentinels {
		fmt.Fprintf(&b, "\trftSentinels[%q] = %s\n", name, name)
	}
	return b.String() + "}\n\n"
}

// variableTable says how the tests' copies of the solution's variables are made
// what they are there.
func (s *goStubs) variableTable() string {
	var b strings.Builder
	b.WriteString("\nvar rftVariables = []func(){\n")
	for _, name := range s.variables {
		fmt.Fprintf(&b, "\tfunc() { rftCall(%q, nil, &%s) },\n", "="+name, name)
	}
	return b.String() + "}\n"
}
