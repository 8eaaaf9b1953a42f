package split

import (
	"go/ast"
	"go/token"
	"strings"
)

// goWants are what the text of the tests demands of a solution, whichever it
// is. Only this makes tests unsplittable: what a solution adds of its own
// accord is its own affair.
type goWants struct {
	functions map[string]bool // names of functions, methods and fields that are given functions
	results   map[string]bool // names of functions whose results are called
	called    map[string]bool // names that are called on something
	assigned  map[string]bool // names that are given another value
	channels  bool            // channels are made or read
	objects   bool            // objects of other packages are made: readers, writers, contexts
	owners    map[string]bool // types of the tests that have methods
	imports   map[string]bool // paths of the packages that the tests import
	basics    map[string]bool // names of basic types in the tests
}

func newGoWants() *goWants {
	return &goWants{
		functions: map[string]bool{}, results: map[string]bool{}, called: map[string]bool{}, assigned: map[string]bool{},
		owners: map[string]bool{}, imports: map[string]bool{}, basics: map[string]bool{},
	}
}

// add reads a file of the tests.
func (w *goWants) add(f *goFile) {
	imported := map[string]string{}
	for _, s := range f.file.Imports {
		name, from := importName(s)
		imported[name] = from
		w.imports[from] = true
	}
	own := map[string]bool{}
	for _, d := range f.file.Decls {
		if fn, ok := d.(*ast.FuncDecl); ok {
			if fn.Recv == nil {
				own[fn.Name.Name] = true
			} else if name, _ := receiver(fn); name != "" {
				w.owners[name] = true
			}
		}
	}
	from := map[string][]string{} // variable -> functions whose results it holds
	var called []string
	bind := func(names []ast.Expr, values []ast.Expr) {
		for i, n := range names {
			id, ok := n.(*ast.Ident)
			if !ok || len(values) == 0 {
				continue
			}
			v := values[min(i, len(values)-1)]
			if _, ok := v.(*ast.FuncLit); ok {
				own[id.Name] = true
			}
			if name := calleeOf(v); name != "" {
				from[id.Name] = append(from[id.Name], name)
			}
		}
	}
	ast.Inspect(f.file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			bind(n.Lhs, n.Rhs)
		case *ast.ValueSpec:
			names := make([]ast.Expr, len(n.Names))
			for i, id := range n.Names {
				names[i] = id
			}
			bind(names, n.Values)
		}
		return true
	})
	function := func(e ast.Expr) bool { return isGoFunction(e, own, imported) }
	ast.Inspect(f.file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			for _, a := range n.Args {
				if name := nameOf(n.Fun); name != "" && function(a) {
					w.functions[name] = true
				}
			}
			if name := calleeOf(n.Fun); name != "" {
				w.results[name] = true
			}
			switch fun := n.Fun.(type) {
			case *ast.Ident:
				called = append(called, fun.Name)
			case *ast.SelectorExpr:
				w.called[fun.Sel.Name] = true
			}
		case *ast.KeyValueExpr:
			if id, ok := n.Key.(*ast.Ident); ok && function(n.Value) {
				w.functions[id.Name] = true
			}
		case *ast.CompositeLit:
			for _, e := range n.Elts {
				if id, ok := n.Type.(*ast.Ident); ok && function(e) {
					w.functions[id.Name] = true
				}
			}
		case *ast.AssignStmt:
			for i, l := range n.Lhs {
				if name := nameOf(l); name != "" && n.Tok != token.DEFINE {
					w.assigned[name] = true
					if len(n.Rhs) == len(n.Lhs) && function(n.Rhs[i]) {
						w.functions[name] = true
					}
				}
			}
		case *ast.IncDecStmt:
			if name := nameOf(n.X); name != "" {
				w.assigned[name] = true
			}
		case *ast.UnaryExpr:
			w.channels = w.channels || n.Op == token.ARROW
		case *ast.ChanType:
			w.channels = true
		case *ast.RangeStmt:
			// A function or channel that is walked, or a list: the solution's type says which.
			if name := calleeOf(n.X); name != "" {
				w.results[name] = true
			}
			if id, ok := n.X.(*ast.Ident); ok {
				called = append(called, id.Name)
			}
		case *ast.SelectorExpr:
			if id, ok := n.X.(*ast.Ident); ok && imported[id.Name] != "" {
				w.objects = w.objects || isGoObject(imported[id.Name], n.Sel.Name)
			}
		case *ast.Ident:
			if goBasic[n.Name] {
				w.basics[n.Name] = true
			}
		}
		return true
	})
	for _, name := range called {
		for _, f := range from[name] {
			w.results[f] = true
		}
	}
}

// nameOf returns the last name of an expression that is called or assigned to.
func nameOf(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return e.Sel.Name
	case *ast.IndexExpr:
		return nameOf(e.X)
	case *ast.IndexListExpr:
		return nameOf(e.X)
	case *ast.ParenExpr:
		return nameOf(e.X)
	}
	return ""
}

// calleeOf returns the name of what an expression calls, if it is a call.
func calleeOf(e ast.Expr) string {
	if call, ok := e.(*ast.CallExpr); ok {
		return nameOf(call.Fun)
	}
	return ""
}

// isGoFunction says whether an argument is a function, as far as the text of the
// tests shows it.
func isGoFunction(e ast.Expr, own map[string]bool, imported map[string]string) bool {
	switch e := e.(type) {
	case *ast.FuncLit:
		return true
	case *ast.ParenExpr:
		return isGoFunction(e.X, own, imported)
	case *ast.Ident:
		return own[e.Name]
	case *ast.CompositeLit:
		if a, ok := e.Type.(*ast.ArrayType); ok {
			_, ok := a.Elt.(*ast.FuncType)
			return ok
		}
	case *ast.SelectorExpr:
		id, ok := e.X.(*ast.Ident)
		if !ok {
			return false
		}
		name := e.Sel.Name
		switch imported[id.Name] {
		case "strings", "bytes", "cmp", "slices", "sort", "maps":
			return name != "MinRead"
		case "strconv":
			return name != "IntSize" && !strings.HasPrefix(name, "Err")
		case "unicode":
			return strings.HasPrefix(name, "Is") || strings.HasPrefix(name, "To") || name == "SimpleFold" || name == "In"
		case "math":
			for _, constant := range []string{"MaxI", "MaxU", "MaxF", "MinI", "Smallest", "Ln2", "Log2E", "Ln10", "Log10E", "Sqrt2", "SqrtE", "SqrtP", "Pi", "Phi"} {
				if strings.HasPrefix(name, constant) {
					return false
				}
			}
			return name != "E"
		}
	}
	return false
}

// isGoObject says whether a name of another package makes an object that can
// not be copied to another process.
func isGoObject(from, name string) bool {
	switch from {
	case "testing", "fmt", "errors", "math", "reflect", "sort", "slices", "maps", "cmp", "strconv", "unicode", "unicode/utf8",
		"math/big", "math/cmplx", "math/bits", "time", "runtime", "encoding/json", "encoding/hex", "encoding/base64", "path", "path/filepath":
		return false
	case "strings", "bytes":
		return strings.HasPrefix(name, "New") || name == "Builder" || name == "Reader" || name == "Buffer" || name == "Replacer"
	}
	return true
}
