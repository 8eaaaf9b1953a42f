package suite

import (
	"math"
	"strconv"
	"strings"

	"github.com/rftgrader/rftgrader/graders/code/sandbox/wire"
)

// An asserted is an assert statement that only compares a call with a value.
type asserted struct {
	entry  string // "" for a statement that holds whatever the candidate does
	args   []wire.Value
	kwargs []wire.Value
	values valueCase
}

// readAssert reads a statement of the forms
//
//	assert f(1, x=[2]) == {"a": None}       also is True, is None; the value first
//	assert f(1)                             and not f(1)
//	assert abs(f(1) - 0.5) < 1e-6           and math.isclose(f(1), 0.5, rel_tol=1e-9)
//	assert sorted(f(1)) == [1, 2]           and set, list, tuple, len, round, abs, bool
//
// with or without a message. ok is false for every other statement.
func readAssert(statement string) (a asserted, ok bool) {
	r := &pyReader{s: statement}
	if !r.word("assert") {
		return a, false
	}
	if a, ok = r.condition(); !ok {
		return a, false
	}
	return a, r.end() || r.take(",")
}

// condition reads a condition, which may stand in parentheses.
func (r *pyReader) condition() (a asserted, ok bool) {
	if r.depth++; r.depth > maxPyDepth {
		return a, false
	}
	defer func() { r.depth-- }()
	back := r.p
	if r.take("(") {
		if a, ok = r.condition(); ok && r.take(")") && (r.end() || strings.HasPrefix(r.s[r.p:], ",") || strings.HasPrefix(r.s[r.p:], ")")) {
			return a, true
		}
		r.p = back
	}
	if a, ok = r.closeness(); ok {
		return a, true
	}
	r.p = back
	if r.word("not") {
		a, ok = r.subject()
		a.values.steps = append(a.values.steps, step{op: truth})
		a.wants(wire.Python, wire.OfBool(false))
		return a, ok && r.closes()
	}
	if v, isLiteral := r.literal(); isLiteral {
		if r.take("==") {
			a, ok = r.subject()
			a.wants(wire.Python, v)
			return a, ok && a.entry != "" && r.closes()
		}
		return asserted{}, truthy(v) && r.closes()
	}
	r.p = back
	if a, ok = r.subject(); !ok {
		return a, false
	}
	mode := wire.Python
	switch {
	case r.take("=="):
	case r.word("is"):
		mode = wire.Strict
	default:
		a.values.steps = append(a.values.steps, step{op: truth})
		a.wants(wire.Python, wire.OfBool(true))
		return a, r.closes()
	}
	v, ok := r.literal()
	if mode == wire.Strict && v.Kind != wire.Bool && v.Kind != wire.Null {
		return a, false // identity of what may be made anew
	}
	a.wants(mode, v)
	return a, ok && r.closes()
}

func (a *asserted) wants(mode wire.Mode, v wire.Value) {
	a.values.want = []wire.Value{v}
	a.values.compare = wire.Comparison{Mode: mode}
}

// closes reports whether a condition ends here.
func (r *pyReader) closes() bool {
	return r.end() || r.s[r.p] == ',' || r.s[r.p] == ')'
}

// subject reads the call, with what is done to its value around it.
func (r *pyReader) subject() (a asserted, ok bool) {
	if r.depth++; r.depth > maxPyDepth {
		return a, false
	}
	defer func() { r.depth-- }()
	if r.take("(") {
		a, ok = r.subject()
		return a, ok && r.take(")")
	}
	back := r.p
	switch op := operation(r.name()); op {
	case asSet, asFrozen, asList, asTuple, inOrder, length, absolute, truth, rounded:
		if !r.take("(") {
			break
		}
		if a, ok = r.subject(); !ok {
			break
		}
		s := step{op: op, digits: -1}
		if op == rounded && r.take(",") {
			v, ok := r.literal()
			n, err := strconv.Atoi(v.Text)
			if !ok || v.Kind != wire.Int || err != nil || n < 0 || n > 300 {
				break
			}
			s.digits = n
		}
		a.values.steps = append(a.values.steps, s)
		if r.take(")") {
			return a, true
		}
	default:
		r.p = back
		return r.call()
	}
	return asserted{}, false
}

// call reads f(...) or Solution().f(...) with literal arguments.
func (r *pyReader) call() (a asserted, ok bool) {
	a.entry = r.name()
	if a.entry == "" || builtin(a.entry) || !r.take("(") {
		return a, false
	}
	if r.take(")") {
		if !r.take(".") {
			return a, true
		}
		method := r.name()
		if method == "" || !r.take("(") {
			return a, false
		}
		a.entry += "." + method
	}
	named := false
	for first := true; !r.take(")"); first = false {
		if !first && !r.take(",") {
			return a, false
		}
		if r.take(")") {
			return a, !first
		}
		back := r.p
		if name := r.name(); name != "" && r.take("=") && !strings.HasPrefix(r.s[r.p:], "=") {
			v, ok := r.literal()
			if !ok {
				return a, false
			}
			named = true
			a.kwargs = append(a.kwargs, wire.OfText(name), v)
			continue
		}
		r.p = back
		v, ok := r.literal()
		if !ok || named {
			return a, false
		}
		a.args = append(a.args, v)
	}
	return a, true
}

// builtin reports whether a call of the name is none of the candidate's.
func builtin(name string) bool {
	switch name {
	case "all", "any", "sum", "min", "max", "str", "int", "float", "repr", "type", "isinstance", "dict", "map", "filter",
		"zip", "range", "next", "iter", "reversed", "enumerate", "hash", "id", "eval", "exec", "callable", "hasattr",
		"getattr", "bytes", "complex", "ord", "chr", "pow", "divmod", "print", "open", "input", "lambda", "await", "yield", "not":
		return true
	}
	return false
}

// closeness reads abs(f(1) - 0.5) < 1e-6 and math.isclose(f(1), 0.5).
func (r *pyReader) closeness() (a asserted, ok bool) {
	back := r.p
	if name := r.name(); name == "math" {
		if !r.take(".") || !r.word("isclose") {
			return a, false
		}
	} else if name == "abs" {
		return r.distance()
	} else if name != "isclose" {
		r.p = back
		return a, false
	}
	if !r.take("(") {
		return a, false
	}
	var want wire.Value
	if a, want, ok = r.pair(","); !ok {
		return a, false
	}
	a.wants(wire.Close, want)
	a.values.compare.Rel = 1e-9 // as math.isclose has it
	for r.take(",") {
		if r.take(")") {
			return a, r.closes()
		}
		name := r.name()
		if !r.take("=") {
			return a, false
		}
		v, ok := r.literal()
		if !ok || !realNumber(v) || asFloat(v) < 0 {
			return a, false
		}
		switch name {
		case "rel_tol":
			a.values.compare.Rel = asFloat(v)
		case "abs_tol":
			a.values.compare.Tol = asFloat(v)
		default:
			return a, false
		}
	}
	return a, r.take(")") && r.closes()
}

// distance reads (f(1) - 0.5) < 1e-6 behind abs.
func (r *pyReader) distance() (a asserted, ok bool) {
	if !r.take("(") {
		return a, false
	}
	var want wire.Value
	if a, want, ok = r.pair("-"); !ok || !r.take(")") {
		return a, false
	}
	a.wants(wire.Close, want)
	atMost := r.take("<=")
	if !atMost && !r.take("<") {
		return a, false
	}
	v, ok := r.literal()
	if !ok || !realNumber(v) {
		return a, false
	}
	tol := asFloat(v)
	if !atMost {
		tol = math.Nextafter(tol, math.Inf(-1))
	}
	a.values.compare.Tol = tol
	return a, r.closes()
}

// pair reads the call and a number, in either order, around a separator.
func (r *pyReader) pair(separator string) (a asserted, want wire.Value, ok bool) {
	back := r.p
	if want, ok = r.literal(); ok && realNumber(want) && r.take(separator) {
		a, ok = r.subject()
		return a, want, ok
	}
	r.p = back
	if a, ok = r.subject(); !ok || !r.take(separator) {
		return a, want, false
	}
	want, ok = r.literal()
	return a, want, ok && realNumber(want)
}
