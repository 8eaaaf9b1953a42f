package equal

import (
	"math"
	"math/big"
	"math/cmplx"
	"slices"
	"strings"

	"github.com/rftgrader/rftgrader/graders/symbolic/equal/mathexpr"
)

// expressions climbs the ladder: exact numbers, the prime field, samples, 200
// bits. Both sides are plain expressions without relations or lists.
func (d *decision) expressions(g, a *node) Result {
	if same(g, a) {
		return equalBy("the same expression")
	}
	g, a = d.settle(g), d.settle(a)
	x, gExact := d.exact(g, nil)
	y, aExact := d.exact(a, nil)
	switch {
	case gExact && aExact:
		if x.Cmp(y) == 0 {
			return equalBy("the same number")
		}
		if d.near(g, a, x, y) {
			return equalBy("the same number to the precision that is written")
		}
		return different("another number")
	case gExact || aExact:
		if r, ok := d.rounded(g, a, x, y, gExact, aExact); ok {
			return r
		}
	}
	if isInfinite(g) != 0 || isInfinite(a) != 0 {
		if isInfinite(g) == isInfinite(a) {
			return equalBy("both infinite")
		}
		return different("one is infinite")
	}
	seed := digest(a, digest(g, 1))
	proven := false
	w := residues{d.work, prime, seed}
	if p, ok := w.field(g, nil); ok {
		if q, ok := w.field(a, nil); ok {
			proven = p == q
			if !proven && d.opt.Abs == 0 && d.opt.Rel == 0 {
				return different("different as polynomials or rational functions")
			}
		}
	}
	return d.sampled(g, a, seed, proven)
}

// same reports whether two trees are the same but for brackets.
func same(a, b *node) bool {
	if a == b {
		return true
	}
	if a == nil || b == nil || a.Op != b.Op || a.Name != b.Name || a.Count != b.Count || a.Open != b.Open || a.Close != b.Close ||
		len(a.Args) != len(b.Args) || len(a.Rels) != len(b.Rels) {
		return false
	}
	if a.Num != nil && a.Num.Val.Cmp(b.Num.Val) != 0 {
		return false
	}
	for i := range a.Rels {
		if a.Rels[i] != b.Rels[i] {
			return false
		}
	}
	for i := range a.Args {
		if !same(a.Args[i], b.Args[i]) {
			return false
		}
	}
	return true
}

// A literal is a decimal number as it was written.
type literal struct {
	value  *big.Rat
	unit   *big.Rat // one in the last place
	digits int
}

// decimal returns the decimal literal that n is, with a sign, a percent sign
// or a power of ten at most around it.
func (d *decision) decimal(n *node) (literal, bool) {
	switch n.Op {
	case mathexpr.OpNum:
		if !n.Num.Decimal || n.Num.Repeats {
			return literal{}, false
		}
		return literal{n.Num.Val, tenTo(-n.Num.Places), n.Num.Digits}, true
	case mathexpr.OpNeg:
		l, ok := d.decimal(n.Args[0])
		if ok {
			l.value = new(big.Rat).Neg(l.value)
		}
		return l, ok
	case mathexpr.OpPercent:
		l, ok := d.decimal(n.Args[0])
		if ok {
			c := big.NewRat(1, 100)
			l.value, l.unit = new(big.Rat).Mul(l.value, c), new(big.Rat).Mul(l.unit, c)
		}
		return l, ok
	case mathexpr.OpMul:
		if len(n.Args) != 2 {
			return literal{}, false
		}
		l, ok := d.decimal(n.Args[0])
		if !ok {
			return l, false
		}
		p := n.Args[1]
		if p.Op != mathexpr.OpPow || !p.Args[0].IsInt(10) {
			return l, false
		}
		v, ok := d.exact(p, nil)
		if ok {
			l.value, l.unit = new(big.Rat).Mul(l.value, v), new(big.Rat).Mul(l.unit, v)
		}
		return l, ok
	}
	return literal{}, false
}

func tenTo(n int) *big.Rat {
	p := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(max(n, -n))), nil)
	r := new(big.Rat).SetInt(p)
	if n < 0 {
		r.Inv(r)
	}
	return r
}

// near decides whether two rational numbers that differ count as the same.
func (d *decision) near(g, a *node, x, y *big.Rat) bool {
	diff := new(big.Rat).Sub(x, y)
	diff.Abs(diff)
	if d.opt.Abs > 0 || d.opt.Rel > 0 {
		f, _ := diff.Float64()
		ref, _ := new(big.Rat).Abs(x).Float64()
		return f <= d.opt.Abs || f <= d.opt.Rel*ref
	}
	lg, gDec := d.decimal(g)
	la, aDec := d.decimal(a)
	switch {
	case gDec && lg.digits >= 2:
		if aDec && la.unit.Cmp(lg.unit) >= 0 {
			// Written no more precisely than the reference: only noise in the
			// last of many digits is forgiven.
			return lg.digits >= 12 && la.digits >= 12 && diff.Cmp(new(big.Rat).Mul(la.unit, big.NewRat(2, 1))) <= 0
		}
		if lg.digits == 2 && (aDec && la.digits < 4 || !aDec && terminates(y)) {
			return false
		}
		return within(diff, x, y, lg.unit, lg.digits)
	case !gDec && aDec && la.digits >= 4 && !x.IsInt() && !terminatesShort(x, la):
		return within(diff, y, x, la.unit, la.digits)
	case aDec && la.digits >= 14 && lg.digits == 0 && !x.IsInt():
		// The noise of floating point.
		return diff.Cmp(new(big.Rat).Mul(new(big.Rat).Abs(x), big.NewRat(1, 1e15))) <= 0
	}
	return false
}

// within reports whether a difference between what was written and the value is
// one of rounding in the last place. A number of many digits may also have been
// cut.
func within(diff, written, v, unit *big.Rat, digits int) bool {
	if digits >= 6 && new(big.Rat).Abs(written).Cmp(new(big.Rat).Abs(v)) < 0 {
		return diff.Cmp(unit) < 0
	}
	return diff.Cmp(new(big.Rat).Mul(unit, big.NewRat(1, 2))) <= 0
}

// terminates reports whether a number has a finite decimal expansion of at
// most six places.
func terminates(r *big.Rat) bool {
	return new(big.Rat).Mul(r, big.NewRat(1e6, 1)).IsInt()
}

// terminatesShort reports whether the number could have been written out with
// hardly more digits than the literal has.
func terminatesShort(r *big.Rat, l literal) bool {
	return new(big.Rat).Mul(r, new(big.Rat).Inv(new(big.Rat).Mul(l.unit, big.NewRat(1, 10)))).IsInt()
}

// rounded compares a decimal literal with a constant that is no rational
// number.
func (d *decision) rounded(g, a *node, x, y *big.Rat, gExact, aExact bool) (Result, bool) {
	lit, other, known := a, g, y
	if gExact {
		lit, other, known = g, a, x
	}
	l, ok := d.decimal(lit)
	if !ok || hasVariable(other) {
		return Result{}, false
	}
	s := sampler{work: d.work, complex: true}
	v := s.eval(other)
	if v.bad() || !v.isReal() {
		return Result{}, false
	}
	f, _ := known.Float64()
	diff := math.Abs(real(v.v) - f)
	unit, _ := l.unit.Float64()
	if d.opt.Abs > 0 || d.opt.Rel > 0 {
		ref := math.Abs(f)
		if !gExact {
			ref = cmplx.Abs(v.v)
		}
		if diff <= d.opt.Abs || diff <= d.opt.Rel*ref {
			return equalBy("within the tolerance"), true
		}
		return different("another number"), true
	}
	limit := unit/2 + 4*v.e + 4*epsilon*math.Abs(f)
	if l.digits >= 6 && math.Abs(f) <= math.Abs(real(v.v)) {
		limit = unit + 4*v.e + 4*epsilon*math.Abs(f)
	}
	switch {
	case diff > limit:
		return different("another number"), true
	case gExact && l.digits >= 2, !gExact && l.digits >= 12:
		return equalBy("the same number to the precision that is written"), true
	}
	if same, known := d.confirm(g, a); known && same {
		return equalBy("equal to 200 bits"), true
	}
	return different("a rounded value of an exact reference"), true
}

func hasVariable(n *node) bool {
	return n.Any(func(m *node) bool {
		return m.Op == mathexpr.OpSym || m.Op == mathexpr.OpApply || m.Op == mathexpr.OpText
	})
}

// hasFree reports whether an expression depends on a variable, or on what only
// has a name; the variables of sums and integrals are their own.
func hasFree(n *node, bound []string) bool {
	if n == nil {
		return false
	}
	switch n.Op {
	case mathexpr.OpSym:
		return !slices.Contains(bound, n.Name)
	case mathexpr.OpApply, mathexpr.OpText:
		return true
	case mathexpr.OpSum, mathexpr.OpProd, mathexpr.OpIntegral, mathexpr.OpLimit:
		if v := n.Args[1]; v != nil && v.Op == mathexpr.OpSym {
			for i, a := range n.Args {
				if i > 1 && hasFree(a, bound) {
					return true
				}
			}
			return hasFree(n.Args[0], append(slices.Clone(bound), v.Name))
		}
	}
	return slices.ContainsFunc(n.Args, func(a *node) bool { return hasFree(a, bound) })
}

// sampled compares two expressions at points. Congruent says that they agree
// modulo a prime.
func (d *decision) sampled(g, a *node, seed uint64, congruent bool) Result {
	variables := hasFree(g, nil) || hasFree(a, nil)
	imaginary := g.Any(isImaginary) || a.Any(isImaginary)
	s := sampler{work: d.work, complex: !variables || imaginary, seed: seed | 1}
	if !variables {
		if r := d.constants(&s, g, a, congruent); !r.ok() || !s.opaque {
			return r
		}
		// What is compared by its parts is so at several points.
		s.opaque, s.complex = false, imaginary
	}
	s.integers = integerVariables(g, a)
	if planar(g, a) {
		s.complex, s.planar = true, true
	}
	last := points
	if !numeric(g) && !numeric(a) {
		s.spread = widely(!congruent && (rough(g) || rough(a)), counting(g) || counting(a), g, a)
		last += len(s.spread.places)
	}
	single := oneVariable(withoutCommonConstant(g, a))
	agree, apart, holes := 0, 0, 0
	for i := 0; i < last && apart == 0; i++ {
		if congruent && i%3 != 1 && i < last-1 {
			continue // few are enough
		}
		s.index = i
		x, y := s.eval(g), s.eval(a)
		switch {
		case x.bad() && y.bad():
		case y.bad() && !s.complex && single && i >= 3 && i < points && !congruent:
			holes++
		case x.bad() || y.bad():
		case agrees(x, y):
			agree++
		case i < points || far(x, y):
			apart++
		}
	}
	if apart == 0 && agree < 3 && !s.complex {
		// Nothing is real anywhere near: the principal values decide.
		s.complex = true
		agree, holes = 0, 0
		for i := 0; i < points && apart == 0; i++ {
			s.index = i
			x, y := s.eval(g), s.eval(a)
			switch {
			case x.bad() || y.bad():
			case agrees(x, y):
				agree++
			default:
				apart++
			}
		}
	}
	switch {
	case d.steps < 0:
		return undecided("too much work to decide")
	case apart > 0 && s.opaque:
		return undecided("different where it could be evaluated, and not all could be")
	case apart > 0:
		return different("different values")
	case agree < 3 && congruent:
		if same, known := d.residuesAgree(g, a, seed); known && same {
			return equalBy("identical as polynomials or rational functions")
		} else if known {
			return different("different as polynomials or rational functions")
		}
		return undecided("too few points at which both have values")
	case agree < 3:
		return undecided("too few points at which both have values")
	case holes > 1:
		return different("defined on a smaller domain")
	}
	if d.opt.Abs == 0 && d.opt.Rel == 0 {
		if same, known := d.confirmAt(g, a, &s); known && !same {
			return different("different within 200 bits")
		}
	}
	if d.steps < 0 {
		return undecided("too much work to decide")
	}
	return equalBy("equal at every sample point")
}

// far reports whether values differ by more than their errors.
func far(x, y value) bool {
	return cmplx.Abs(x.v-y.v) > 8*(x.e+y.e)+1e-13*max(cmplx.Abs(x.v), cmplx.Abs(y.v))
}

func agrees(x, y value) bool {
	diff := cmplx.Abs(x.v - y.v)
	scale := max(cmplx.Abs(x.v), cmplx.Abs(y.v))
	return diff <= 8*(x.e+y.e)+1e-13*scale && diff <= 1e-5*max(scale, 1e-300) || diff == 0 || diff <= 8*(x.e+y.e) && scale < 1e-6
}

// constants compares two expressions without variables.
func (d *decision) constants(s *sampler, g, a *node, congruent bool) Result {
	x, y := s.eval(g), s.eval(a)
	if !x.bad() && !y.bad() && !agrees(x, y) {
		if s.opaque {
			return undecided("different where it could be evaluated, and not all could be")
		}
		diff, scale := cmplx.Abs(x.v-y.v), max(cmplx.Abs(x.v), cmplx.Abs(y.v))
		if d.opt.Abs > 0 && diff <= d.opt.Abs || d.opt.Rel > 0 && diff <= d.opt.Rel*cmplx.Abs(x.v) {
			return equalBy("within the tolerance")
		}
		if diff > 1e-6*scale {
			return different("another number")
		}
	}
	equal, known := d.confirm(g, a)
	if known && !equal {
		return different("different within 200 bits")
	}
	if !known {
		if x, ok := d.size(g); ok {
			if y, ok := d.size(a); ok && exponentOf(newFloat().Sub(x.v, y.v)) > max(x.err, y.err)+4 {
				return different("another number")
			}
		}
	}
	if congruent && (!known || large(g) || large(a)) {
		// These are too large to be written out, and 200 bits are only their
		// first ones.
		switch same, ok := d.residuesAgree(g, a, s.seed); {
		case ok && same:
			return equalBy("the same number, by its size and its residues")
		case ok:
			return different("another number")
		}
		return undecided("a number too large to compare")
	}
	if known {
		return equalBy("equal to 200 bits")
	}
	switch {
	case d.steps < 0:
		return undecided("too much work to decide")
	case x.bad() || y.bad():
		return undecided("a value that cannot be computed")
	case agrees(x, y):
		return equalBy("equal to the precision of floating point")
	}
	return different("another number")
}

// large reports whether a power or a product in n is beyond the exact numbers.
func large(n *node) bool {
	return n.Any(func(m *node) bool {
		switch m.Op {
		case mathexpr.OpPow:
			return m.Args[1].Any(func(e *node) bool { return e.Op == mathexpr.OpNum && e.Num.Val.Num().BitLen() > 6 })
		case mathexpr.OpCall:
			return m.Name == "fact" || m.Name == "binom" || m.Name == "perm"
		case mathexpr.OpNum:
			return m.Num.Val.Num().BitLen() > 60 || m.Num.Val.Denom().BitLen() > 60
		}
		return m.Op == mathexpr.OpSum || m.Op == mathexpr.OpProd
	})
}

// size returns the logarithm of the absolute value of a product of powers.
func (w *work) size(n *node) (precise, bool) {
	if n == nil || !w.pay(60) {
		return precise{}, false
	}
	if v, ok := w.exact(n, nil); ok {
		x, ok := settled(newFloat().SetRat(new(big.Rat).Abs(v)), -1<<30)
		if !ok {
			return x, false
		}
		return logFloat(x)
	}
	switch n.Op {
	case mathexpr.OpNeg:
		return w.size(n.Args[0])
	case mathexpr.OpPow:
		e, ok := w.exact(n.Args[1], nil)
		if !ok {
			return precise{}, false
		}
		x, ok := w.size(n.Args[0])
		if !ok {
			return x, false
		}
		y, ok := settled(newFloat().SetRat(e), -1<<30)
		if !ok {
			return y, false
		}
		return mulPrecise(x, y)
	case mathexpr.OpMul, mathexpr.OpDiv:
		sum := precise{newFloat(), -1 << 30}
		for i, a := range n.Args {
			x, ok := w.size(a)
			if !ok {
				return x, false
			}
			if n.Op == mathexpr.OpDiv && i > 0 {
				x.v = newFloat().Neg(x.v)
			}
			if sum, ok = addPrecise(sum, x); !ok {
				return sum, false
			}
		}
		return sum, true
	}
	if x, ok := w.precise(n); ok {
		x.v = newFloat().Abs(x.v)
		return logFloat(x)
	}
	return precise{}, false
}

// planar reports whether z, and w beside it, stands for a complex number, as it does by custom
// where its absolute value, its conjugate or a part of it is meant. Beside an x
// it is a coordinate.
func planar(ns ...*node) bool {
	parts, coordinate := false, false
	for _, n := range ns {
		n.Any(func(m *node) bool {
			if m.Op == mathexpr.OpCall {
				switch m.Name {
				case "abs", "conj", "Re", "Im", "arg":
					parts = parts || m.Any(func(x *node) bool { return x.Op == mathexpr.OpSym && isPlanar(x.Name) && x.Name[0] == 'z' })
				}
			}
			parts = parts || m.Op == mathexpr.OpSym && strings.HasPrefix(m.Name, "bar z")
			coordinate = coordinate || m.Op == mathexpr.OpSym && m.Name == "x"
			return false
		})
	}
	return parts && !coordinate
}

func isPlanar(name string) bool {
	return name == "z" || name == "w" || len(name) > 1 && (name[0] == 'z' || name[0] == 'w') && name[1] == '_'
}

func isImaginary(n *node) bool { return n.Op == mathexpr.OpConst && n.Name == "i" }

// oneVariable reports whether at most one variable occurs.
func oneVariable(ns ...*node) bool {
	name := ""
	for _, n := range ns {
		if n.Any(func(m *node) bool {
			if m.Op != mathexpr.OpSym {
				return false
			}
			if name == "" {
				name = m.Name
			}
			return m.Name != name
		}) {
			return false
		}
	}
	return true
}

// integerVariables returns the variables that stand for whole numbers: n, and
// any other in a factorial, a binomial coefficient, a bound of a sum, an
// exponent of -1, or beside pi in a trigonometric function.
func integerVariables(ns ...*node) map[string]bool {
	var out map[string]bool
	mark := func(n *node) {
		n.Any(func(m *node) bool {
			if m.Op == mathexpr.OpSym {
				if out == nil {
					out = map[string]bool{}
				}
				out[m.Name] = true
			}
			return false
		})
	}
	for _, n := range ns {
		n.Any(func(m *node) bool {
			switch m.Op {
			case mathexpr.OpSym:
				if m.Name == "n" {
					mark(m)
				}
			case mathexpr.OpSum, mathexpr.OpProd:
				mark(m.Args[2])
				mark(m.Args[3])
			case mathexpr.OpPow:
				if b := m.Args[0]; b.Op == mathexpr.OpNeg && b.Args[0].IsInt(1) {
					mark(m.Args[1])
				}
			case mathexpr.OpCall:
				switch m.Name {
				case "fact", "binom", "perm", "dfact":
					mark(m)
				case "sin", "cos", "tan":
					if x := m.Args[0]; x.Op == mathexpr.OpMul && len(x.Args) == 2 && x.Any(func(c *node) bool { return c.Op == mathexpr.OpConst && c.Name == "pi" }) {
						for _, f := range x.Args {
							if f.Op == mathexpr.OpSym && (f.Name == "n" || f.Name == "k" || f.Name == "m") {
								mark(f)
							}
						}
					}
				}
			}
			return false
		})
	}
	return out
}
