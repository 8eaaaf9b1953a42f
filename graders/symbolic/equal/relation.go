package equal

import (
	"slices"
	"strings"

	"github.com/rftgrader/rftgrader/graders/symbolic/equal/mathexpr"
)

// relations compares equations with equations and with values.
func (d *decision) relations(g, a *node) (Result, bool) {
	gr, ar := isEquation(g), isEquation(a)
	switch {
	case gr && ar:
		return d.equations(g, a), true
	case ar:
		v, why := d.result(a)
		if v == nil {
			return different(why), true
		}
		if v.Op == mathexpr.OpRel && isEquation(v) {
			return different("an equation where a value is wanted"), true
		}
		return d.compare(g, v), true
	case gr:
		return d.referenceEquation(g, a), true
	}
	if g.Op == mathexpr.OpRel && a.Op == mathexpr.OpRel {
		if r, ok := d.otherRelations(g, a); ok {
			return r, true
		}
	}
	return Result{}, false
}

// isEquation reports whether n is a chain of equalities, or says what set a
// variable is in.
func isEquation(n *node) bool {
	if n.Op != mathexpr.OpRel {
		return false
	}
	for _, r := range n.Rels {
		if r != mathexpr.RelEq && r != mathexpr.RelApprox {
			return false
		}
	}
	return true
}

// name reports whether n is what a value can be given to: a variable, a
// function of variables or numbers, a tuple of such, or words.
func name(n *node) bool {
	switch n.Op {
	case mathexpr.OpSym, mathexpr.OpText:
		return true
	case mathexpr.OpApply:
		return true
	case mathexpr.OpTuple, mathexpr.OpMatrix:
		return !slices.ContainsFunc(n.Args, func(a *node) bool { return !name(a) })
	case mathexpr.OpCall:
		// |AB|, the length of a segment; a ratio of segments.
		return n.Name == "abs" && (segment(n.Args[0]) || name(n.Args[0])) || n.Name == "max" || n.Name == "min" || n.Name == "det"
	case mathexpr.OpRatio, mathexpr.OpDiv:
		return !slices.ContainsFunc(n.Args, func(a *node) bool { return !name(a) && !segment(a) })
	case mathexpr.OpDegree, mathexpr.OpUnit:
		return n.Args[0] != nil && name(n.Args[0])
	case mathexpr.OpMul:
		return segment(n) || event(n)
	}
	return false
}

// event reports whether n is the probability of events together, such as
// P(A \cap B), or how many are in such a set.
func event(n *node) bool {
	return len(n.Args) == 2 && n.Args[0].Op == mathexpr.OpSym && (n.Args[0].Name == "P" || n.Args[0].Name == "n") && (n.Args[1].Op == mathexpr.OpInter || n.Args[1].Op == mathexpr.OpUnion) &&
		!slices.ContainsFunc(n.Args[1].Args, func(a *node) bool { return !segment(a) })
}

// segment reports whether n is a product of capitals, such as AB.
func segment(n *node) bool {
	if n.Op == mathexpr.OpSym {
		return n.Name[0] >= 'A' && n.Name[0] <= 'Z'
	}
	return n.Op == mathexpr.OpMul && !slices.ContainsFunc(n.Args, func(a *node) bool { return !segment(a) || a.Op == mathexpr.OpMul })
}

// result returns the value that a chain of equalities comes to. A chain that
// begins with a name shows its work, and its last member counts; one without
// names must be true.
func (d *decision) result(n *node) (*node, string) {
	members := exactPart(n)
	first, last := members[0], members[len(members)-1]
	if len(members) == 1 {
		return first, ""
	}
	if name(first) {
		return last, ""
	}
	if len(members) == 2 && name(last) {
		return first, ""
	}
	if hasVariable(first) && hasVariable(last) || hasVariable(first) && len(members) == 2 {
		return n, ""
	}
	for _, m := range members[:len(members)-1] {
		if name(m) {
			continue
		}
		if r := d.compare(m, last); !r.ok() {
			return nil, "a chain of equalities that contradicts itself"
		}
	}
	if len(members) == 2 && same(first, last) {
		return nil, "an equality that says nothing"
	}
	return last, ""
}

// exactPart drops the members behind "approximately", unless only a name
// stands before it.
func exactPart(n *node) []*node {
	for i, r := range n.Rels {
		if r == mathexpr.RelApprox {
			if i == 0 && name(n.Args[0]) {
				return n.Args
			}
			return n.Args[:i+1]
		}
	}
	return n.Args
}

// referenceEquation compares a value with a reference that is an equation.
func (d *decision) referenceEquation(g, a *node) Result {
	members := exactPart(g)
	first, last := members[0], members[len(members)-1]
	switch {
	case len(members) == 1:
		return d.compare(first, a)
	case name(first) && name(last) && first.Op != mathexpr.OpRatio:
		if r := d.compare(last, a); r.ok() {
			return r
		}
		return d.compare(first, a)
	case name(first):
		r := d.compare(last, a)
		if r.ok() || len(members) > 2 || first.Op == mathexpr.OpSym || first.Op == mathexpr.OpApply {
			return r
		}
	case name(last):
		return d.compare(first, a)
	}
	if !hasVariable(g) {
		if v, _ := d.result(g); v != nil && v != g {
			return d.compare(v, a)
		}
	}
	if isStructure(a) || len(members) != 2 {
		return different("an equation is wanted")
	}
	// The reference solved for a variable that is linear in it.
	for _, v := range variables(g) {
		if v == "" || contains(a, v) {
			continue
		}
		if x, ok := solve(members[0], members[1], v); ok {
			if r := d.expressions(x, a); r.ok() {
				return equalBy("the equation solved for a variable")
			}
		}
	}
	return different("an equation is wanted")
}

// variables returns the variables of an expression, in the order in which they
// first occur.
func variables(n *node) []string {
	var names []string
	n.Any(func(m *node) bool {
		if m.Op == mathexpr.OpSym && !slices.Contains(names, m.Name) {
			names = append(names, m.Name)
		}
		return len(names) > 16
	})
	return names
}

// linear writes n as p*v + q where v is not in p and q.
func linear(n *node, v string) (p, q *node, ok bool) {
	if !contains(n, v) {
		return nil, n, true
	}
	switch n.Op {
	case mathexpr.OpSym:
		return mathexpr.Int(1), nil, true
	case mathexpr.OpNeg:
		p, q, ok = linear(n.Args[0], v)
		return neg(p), neg(q), ok
	case mathexpr.OpAdd:
		var ps, qs []*node
		for _, a := range n.Args {
			p, q, ok := linear(a, v)
			if !ok {
				return nil, nil, false
			}
			if p != nil {
				ps = append(ps, p)
			}
			if q != nil {
				qs = append(qs, q)
			}
		}
		return sumOf(ps), sumOf(qs), true
	case mathexpr.OpMul:
		var rest []*node
		var in *node
		for _, a := range n.Args {
			if !contains(a, v) {
				rest = append(rest, a)
				continue
			}
			if in != nil {
				return nil, nil, false
			}
			in = a
		}
		p, q, ok := linear(in, v)
		if !ok {
			return nil, nil, false
		}
		return times(p, rest), times(q, rest), true
	case mathexpr.OpDiv:
		if contains(n.Args[1], v) {
			return nil, nil, false
		}
		p, q, ok := linear(n.Args[0], v)
		if !ok {
			return nil, nil, false
		}
		return over(p, n.Args[1]), over(q, n.Args[1]), true
	}
	return nil, nil, false
}

func neg(n *node) *node {
	if n == nil {
		return nil
	}
	return mathexpr.Of(mathexpr.OpNeg, n)
}

func over(n, m *node) *node {
	if n == nil {
		return nil
	}
	return mathexpr.Of(mathexpr.OpDiv, n, m)
}

func times(n *node, rest []*node) *node {
	if n == nil || len(rest) == 0 {
		return n
	}
	return mathexpr.Of(mathexpr.OpMul, append([]*node{n}, rest...)...)
}

func sumOf(ns []*node) *node {
	switch len(ns) {
	case 0:
		return nil
	case 1:
		return ns[0]
	}
	return mathexpr.Of(mathexpr.OpAdd, ns...)
}

func difference(l, r *node) *node {
	return mathexpr.Of(mathexpr.OpAdd, l, mathexpr.Of(mathexpr.OpNeg, r))
}

// solve solves l = r for a variable that is linear in it.
func solve(l, r *node, v string) (*node, bool) {
	p, q, ok := linear(difference(l, r), v)
	if !ok || p == nil {
		return nil, false
	}
	if q == nil {
		q = mathexpr.Int(0)
	}
	return mathexpr.Of(mathexpr.OpNeg, mathexpr.Of(mathexpr.OpDiv, q, p)), true
}

// equations compares two equations or chains.
func (d *decision) equations(g, a *node) Result {
	gm, am := exactPart(g), exactPart(a)
	if len(gm) == 1 || len(am) == 1 {
		return d.compare(gm[0], am[0])
	}
	if len(am) > 2 && !name(am[0]) {
		if v, why := d.result(a); v == nil {
			return different(why)
		}
	}
	gv, gn := definition(gm)
	av, an := definition(am)
	if gn != nil && an != nil {
		if r, ok := d.definitions(gn, gv, an, av); ok {
			return r
		}
	}
	gl, gr := gm[0], gm[len(gm)-1]
	al, ar := am[0], am[len(am)-1]
	if len(gm) > 2 && len(gm) == len(am) {
		if r := d.inOrder(gm, am); r.ok() {
			return r
		}
	}
	if isStructure(gl) || isStructure(gr) || isStructure(al) || isStructure(ar) {
		if r := d.inOrder([]*node{gl, gr}, []*node{al, ar}); r.ok() {
			return r
		}
		return d.inOrder([]*node{gl, gr}, []*node{ar, al})
	}
	if gl.Op == mathexpr.OpRatio || al.Op == mathexpr.OpRatio {
		return d.inOrder([]*node{gl, gr}, []*node{al, ar})
	}
	return d.sameEquation(gl, gr, al, ar)
}

// definition returns the name that a chain defines, and its value.
func definition(members []*node) (value, what *node) {
	first, last := members[0], members[len(members)-1]
	switch {
	case name(first):
		return last, first
	case name(last) && len(members) == 2:
		return first, last
	}
	return nil, nil
}

// definitions compares what two chains give to names.
func (d *decision) definitions(gn, gv, an, av *node) (Result, bool) {
	switch {
	case gn.Op == mathexpr.OpApply && an.Op == mathexpr.OpApply && len(gn.Args) == len(an.Args):
		// f(x) = x^2 and f(t) = t^2: the parameter's name is free.
		names := map[string]string{}
		for i, x := range an.Args {
			if y := gn.Args[i]; x.Op == mathexpr.OpSym && y.Op == mathexpr.OpSym && x.Name != y.Name {
				names[x.Name] = y.Name
			} else if !same(x, y) {
				return Result{}, false
			}
		}
		if gn.Name != an.Name && !hasVariable(gv) {
			return Result{}, false
		}
		if len(names) > 0 {
			av = rename(av, names)
		}
		if gn.Name != an.Name && strings.TrimRight(bareName(gn.Name), "'") == strings.TrimRight(bareName(an.Name), "'") && !(bareName(gn.Name) == bareName(an.Name) && d.involution(gn, gv)) {
			return different("a function for its inverse or its derivative"), true
		}
		return d.compare(gv, av), true
	case gn.Op == mathexpr.OpApply && an.Op == mathexpr.OpSym, gn.Op == mathexpr.OpSym && an.Op == mathexpr.OpApply:
		if r := d.compare(gv, av); r.ok() {
			return r, true
		}
	case event(gn) && event(an):
		// The events may stand in any order.
		g, a := gn.Args[1], an.Args[1]
		if same(gn.Args[0], an.Args[0]) && g.Op == a.Op && len(g.Args) == 2 && len(a.Args) == 2 && same(g.Args[0], a.Args[1]) && same(g.Args[1], a.Args[0]) || same(gn, an) {
			return d.compare(gv, av), true
		}
	case gn.Op == mathexpr.OpText || an.Op == mathexpr.OpText:
		return d.compare(gv, av), true
	case gn.Op == mathexpr.OpTuple && an.Op == mathexpr.OpTuple && av.Op == mathexpr.OpTuple && rearranged(gn, an):
		// (x, y) = (1, 2) is (y, x) = (2, 1).
		if len(av.Args) != len(an.Args) {
			return Result{}, false
		}
		c := *av
		c.Args = make([]*node, len(av.Args))
		for i, x := range gn.Args {
			c.Args[i] = av.Args[slices.IndexFunc(an.Args, func(y *node) bool { return same(x, y) })]
		}
		return d.compare(gv, &c), true
	case same(gn, an) || gn.Op == mathexpr.OpTuple && an.Op == mathexpr.OpTuple && len(gn.Args) == len(an.Args):
		if isStructure(gv) || isStructure(av) || gn.Op != mathexpr.OpSym {
			return d.compare(gv, av), true
		}
		if r := d.compare(gv, av); r.ok() || !hasVariable(gv) && !hasVariable(av) {
			return r, true
		}
	case isStructure(gv) && isStructure(av):
		return d.compare(gv, av), true
	}
	return Result{}, false
}

// bareName is the name of a function without the sign of its inverse.
func bareName(s string) string { return strings.TrimSuffix(s, "^-1") }

// involution reports whether a function of one variable is its own inverse.
func (d *decision) involution(f, value *node) bool {
	if len(f.Args) != 1 || f.Args[0].Op != mathexpr.OpSym || isStructure(value) {
		return false
	}
	x := f.Args[0]
	return d.compare(x, substituteOne(value, x.Name, value)).ok()
}

// rearranged reports whether two tuples have the same members, not all in the
// same places.
func rearranged(g, a *node) bool {
	if len(g.Args) != len(a.Args) || same(g, a) {
		return false
	}
	for _, p := range [...][2]*node{{g, a}, {a, g}} {
		for _, x := range p[0].Args {
			if !slices.ContainsFunc(p[1].Args, func(y *node) bool { return same(x, y) }) {
				return false
			}
		}
	}
	return true
}

// rename gives variables other names.
func rename(n *node, names map[string]string) *node {
	if n == nil {
		return nil
	}
	c := *n
	if to, ok := names[n.Name]; ok && n.Op == mathexpr.OpSym {
		c.Name = to
		return &c
	}
	if len(n.Args) > 0 {
		c.Args = make([]*node, len(n.Args))
		for i, a := range n.Args {
			c.Args[i] = rename(a, names)
		}
	}
	return &c
}

// sameEquation decides whether two equations have the same solutions: one is
// the other times a number, or becomes that without its denominators.
func (d *decision) sameEquation(gl, gr, al, ar *node) Result {
	g, a := difference(gl, gr), difference(al, ar)
	gv, av := variables(g), variables(a)
	if len(gv) == 0 && len(av) == 0 {
		return d.inOrder([]*node{gl, gr}, []*node{al, ar})
	}
	for _, v := range gv {
		if !slices.Contains(av, v) {
			return different("an equation in other variables")
		}
	}
	if solved(gl, gr) != solved(al, ar) {
		// Else the equation that is to be solved would be its own solution.
		return different("one of the equations is solved")
	}
	if _, ok := d.ratio(g, a); ok {
		return equalBy("the same equation times a number")
	}
	if d.cleared(g, a) {
		return equalBy("the same equation without its denominators")
	}
	return different("another equation")
}

// solved reports whether an equation gives a variable a value.
func solved(l, r *node) bool {
	return l.Op == mathexpr.OpSym && !hasVariable(r) || r.Op == mathexpr.OpSym && !hasVariable(l)
}

// otherRelations compares inequalities and congruences that are no sets of
// numbers.
func (d *decision) otherRelations(g, a *node) (Result, bool) {
	if len(g.Rels) == len(a.Rels) {
		if slices.Equal(g.Rels, a.Rels) {
			if r := d.inOrder(g.Args, a.Args); r.ok() {
				return r, true
			}
		}
		back := slices.Clone(a.Args)
		slices.Reverse(back)
		turned := make([]mathexpr.Rel, len(a.Rels))
		for i, r := range a.Rels {
			turned[len(turned)-1-i] = turn(r)
		}
		if slices.Equal(g.Rels, turned) && !slices.ContainsFunc(g.Rels, directed) {
			if r := d.inOrder(g.Args, back); r.ok() {
				return r, true
			}
		}
	}
	if len(variables(g)) < 2 || len(g.Rels) != 1 || len(a.Rels) != 1 || !ordering(g.Rels[0]) || !ordering(a.Rels[0]) {
		return Result{}, false
	}
	if isStructure(g.Args[0]) || isStructure(g.Args[1]) || isStructure(a.Args[0]) || isStructure(a.Args[1]) {
		return Result{}, false
	}
	q, ok := d.ratio(difference(g.Args[0], g.Args[1]), difference(a.Args[0], a.Args[1]))
	if ok && (q > 0 && g.Rels[0] == a.Rels[0] || q < 0 && g.Rels[0] == turn(a.Rels[0])) {
		return equalBy("the same inequality times a number"), true
	}
	return different("another inequality"), true
}

func ordering(r mathexpr.Rel) bool {
	return r >= mathexpr.RelLt && r <= mathexpr.RelGe || r == mathexpr.RelNe
}

// turn is the relation read from right to left.
func turn(r mathexpr.Rel) mathexpr.Rel {
	switch r {
	case mathexpr.RelLt:
		return mathexpr.RelGt
	case mathexpr.RelLe:
		return mathexpr.RelGe
	case mathexpr.RelGt:
		return mathexpr.RelLt
	case mathexpr.RelGe:
		return mathexpr.RelLe
	case mathexpr.RelSubset:
		return mathexpr.RelSuperset
	case mathexpr.RelSuperset:
		return mathexpr.RelSubset
	}
	return r
}

// directed reports whether a relation cannot be read from right to left.
func directed(r mathexpr.Rel) bool {
	return r == mathexpr.RelIn || r == mathexpr.RelNotIn || r == mathexpr.RelTo || r == mathexpr.RelDivides
}
