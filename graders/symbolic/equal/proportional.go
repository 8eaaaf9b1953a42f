package equal

import (
	"math/big"
	"math/cmplx"
	"slices"

	"github.com/rftgrader/rftgrader/graders/symbolic/equal/mathexpr"
)

// anchors are the sizes, in parts of 128, of the points at which a quotient or a
// difference that is said to be a constant is taken: between one and two, small,
// large, negative.
func anchors() [4]int64 { return [...]int64{128, 16, 900, -300} }

// at puts rational numbers, which depend on the seed, for the free variables of
// an expression. It returns false where variables are bound inside.
func at(s *sampler, low int64, ns ...*node) ([]*node, bool) {
	values := map[string]*node{}
	out := make([]*node, len(ns))
	for i, n := range ns {
		if n.Any(binds) {
			return nil, false
		}
		out[i] = substitute(n, values, s, low)
	}
	return out, true
}

// binds reports whether a node gives a meaning to a variable of its own.
func binds(n *node) bool {
	switch n.Op {
	case mathexpr.OpSum, mathexpr.OpProd, mathexpr.OpIntegral, mathexpr.OpLimit, mathexpr.OpDeriv:
		return true
	}
	return false
}

// ratio returns a number with the sign of a/g, if a/g is one real number other
// than 0 wherever it is defined. With a point p, that is so if a(x)g(p) and
// g(x)a(p) are the same expression of x, which the ladder decides.
func (d *decision) ratio(g, a *node) (float64, bool) {
	s := sampler{work: d.work, seed: digest(a, digest(g, 2)) | 1, integers: integerVariables(g, a)}
	for _, low := range anchors() {
		v, ok := at(&s, low, g, a)
		if !ok {
			return d.sampledRatio(g, a)
		}
		x, y := s.eval(v[0]), s.eval(v[1])
		if x.bad() || y.bad() || !x.isReal() || !y.isReal() || cmplx.Abs(x.v) <= 16*x.e || cmplx.Abs(y.v) <= 16*y.e {
			continue
		}
		left := mathexpr.Of(mathexpr.OpMul, v[0], a)
		right := mathexpr.Of(mathexpr.OpMul, v[1], g)
		if r := d.exactly().expressions(left, right); !r.ok() {
			return 0, false
		}
		return real(y.v) / real(x.v), true
	}
	return 0, false
}

// exactly is a decision without a tolerance: an equation has none.
func (d *decision) exactly() *decision {
	c := *d
	c.opt.Abs, c.opt.Rel = 0, 0
	return &c
}

// sampledRatio is ratio for expressions with sums, integrals and the like, which
// are only sampled: at points that depend on both of them.
func (d *decision) sampledRatio(g, a *node) (float64, bool) {
	g, a = d.settle(g), d.settle(a)
	s := sampler{work: d.work, seed: digest(a, digest(g, 3)) | 1, integers: integerVariables(g, a)}
	s.spread = widely(rough(g) || rough(a), counting(g) || counting(a), g, a)
	first, seen := value{}, 0
	for i := range points + len(s.spread.places) {
		s.index = i
		x, y := s.eval(g), s.eval(a)
		if x.bad() || y.bad() {
			continue
		}
		q := div(y, x)
		if q.bad() || !q.isReal() {
			continue
		}
		if seen == 0 {
			first = q
		} else if !agrees(first, q) {
			return 0, false
		}
		seen++
	}
	return real(first.v), seen >= 5 && d.steps >= 0 && cmplx.Abs(first.v) > 16*first.e
}

// upToConstant compares two antiderivatives with a constant of integration: they
// may differ by a number, and call the constant what they like. A constant is a
// capital on one side at least, and no side has other capitals: a+b+c is a sum.
func (d *decision) upToConstant(g, a *node) Result {
	if g.Op == mathexpr.OpRel && isEquation(g) && name(g.Args[0]) {
		g = g.Args[len(g.Args)-1]
	}
	if a.Op == mathexpr.OpRel && isEquation(a) && name(a.Args[0]) {
		a = a.Args[len(a.Args)-1]
	}
	x, c := withoutConstant(g)
	y, k := withoutConstant(a)
	if x == nil || y == nil || hasName(x, c) || hasName(y, k) || !hasVariable(x) || isStructure(g) || isStructure(a) {
		return Result{}
	}
	capital := func(n string) bool { return n[0] >= 'A' && n[0] <= 'Z' }
	if !capital(c) && !capital(k) || slices.ContainsFunc(append(variables(x), variables(y)...), capital) {
		return Result{}
	}
	s := sampler{work: d.work, seed: digest(a, digest(g, 4)) | 1, integers: integerVariables(x, y)}
	for _, low := range anchors() {
		v, ok := at(&s, low, x, y)
		if !ok {
			return Result{}
		}
		if s.eval(v[0]).bad() || s.eval(v[1]).bad() {
			continue
		}
		left := mathexpr.Of(mathexpr.OpAdd, x, v[1])
		right := mathexpr.Of(mathexpr.OpAdd, y, v[0])
		if r := d.exactly().expressions(left, right); r.ok() {
			return equalBy("equal up to the constant of integration")
		}
		return Result{}
	}
	return Result{}
}

// withoutCommonConstant drops the constant of integration from two sums that
// have the same.
func withoutCommonConstant(g, a *node) (*node, *node) {
	x, c := withoutConstant(g)
	y, k := withoutConstant(a)
	if x == nil || y == nil || c != k {
		return g, a
	}
	return x, y
}

// withoutConstant splits a sum from its constant of integration.
func withoutConstant(n *node) (*node, string) {
	if n.Op != mathexpr.OpAdd {
		return nil, ""
	}
	for i, t := range n.Args {
		if t.Op == mathexpr.OpSym && (t.Name == "C" || t.Name == "K" || t.Name == "c" || t.Name == "k") && i > 0 {
			rest := append(append([]*node{}, n.Args[:i]...), n.Args[i+1:]...)
			return sumOf(rest), t.Name
		}
	}
	return nil, ""
}

// A fraction is an expression as a numerator over the product of denominators
// that differ, each with how often it occurs.
type fraction struct {
	above *node
	below []divisor
}

type divisor struct {
	n     *node
	times int
}

// fractionOf brings sums, products and quotients to one fraction. What is not
// written with them is left alone.
func (d *decision) fractionOf(n *node) (fraction, bool) {
	if !d.pay(2) {
		return fraction{}, false
	}
	switch n.Op {
	case mathexpr.OpNeg:
		f, ok := d.fractionOf(n.Args[0])
		f.above = neg(f.above)
		return f, ok
	case mathexpr.OpAdd:
		var parts []fraction
		var all []divisor
		for _, a := range n.Args {
			f, ok := d.fractionOf(a)
			if !ok {
				return f, false
			}
			parts = append(parts, f)
			all = common(all, f.below)
		}
		if len(all) > 6 || len(parts) > 24 {
			return fraction{}, false
		}
		var terms []*node
		for _, f := range parts {
			terms = append(terms, times(f.above, missing(all, f.below)))
		}
		return fraction{sumOf(terms), all}, true
	case mathexpr.OpMul:
		var above []*node
		var below []divisor
		for _, a := range n.Args {
			f, ok := d.fractionOf(a)
			if !ok {
				return f, false
			}
			above = append(above, f.above)
			for _, x := range f.below {
				below = increase(below, x.n, x.times)
			}
		}
		return fraction{times(above[0], above[1:]), below}, true
	case mathexpr.OpDiv:
		x, ok1 := d.fractionOf(n.Args[0])
		y, ok2 := d.fractionOf(n.Args[1])
		if !ok1 || !ok2 || len(y.below) > 0 {
			return fraction{}, false
		}
		return fraction{x.above, increase(slices.Clone(x.below), y.above, 1)}, true
	}
	return fraction{above: n}, true
}

// common returns the least common multiple of two products.
func common(xs, ys []divisor) []divisor {
	out := slices.Clone(xs)
	for _, y := range ys {
		if i := slices.IndexFunc(out, func(x divisor) bool { return same(x.n, y.n) }); i >= 0 {
			out[i].times = max(out[i].times, y.times)
		} else {
			out = append(out, y)
		}
	}
	return out
}

func increase(xs []divisor, n *node, times int) []divisor {
	if i := slices.IndexFunc(xs, func(x divisor) bool { return same(x.n, n) }); i >= 0 {
		xs[i].times += times
		return xs
	}
	return append(xs, divisor{n, times})
}

// missing returns the factors of all that are not in some.
func missing(all, some []divisor) []*node {
	var out []*node
	for _, x := range all {
		n := x.times
		if i := slices.IndexFunc(some, func(y divisor) bool { return same(x.n, y.n) }); i >= 0 {
			n -= some[i].times
		}
		for range min(max(n, 0), 8) {
			out = append(out, x.n)
		}
	}
	return out
}

// cleared reports whether two equations are the same but for denominators,
// which were multiplied out: then their numerators are proportional, and have no
// zero where a denominator has one. To divide by what may be 0 is something
// else, since it loses solutions.
func (d *decision) cleared(g, a *node) bool {
	x, ok1 := d.fractionOf(g)
	y, ok2 := d.fractionOf(a)
	if !ok1 || !ok2 || len(x.below)+len(y.below) == 0 {
		return false
	}
	for _, m := range append(slices.Clone(x.below), y.below...) {
		if !d.apart(x.above, m.n) {
			return false
		}
	}
	_, ok := d.ratio(x.above, y.above)
	return ok
}

// ratNode returns the node of a rational number.
func ratNode(r *big.Rat) *node {
	return &node{Op: mathexpr.OpNum, Num: &mathexpr.Number{Val: r}}
}
