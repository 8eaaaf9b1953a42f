package equal

import (
	"math"
	"math/big"
	"math/cmplx"
	"slices"

	"github.com/rftgrader/rftgrader/graders/symbolic/equal/mathexpr"
)

// A polynomial has rational coefficients, the constant one first and a leading
// one that is not 0. The zero polynomial has none.
type polynomial []*big.Rat

// Bounds of what is computed exactly with polynomials.
const (
	maxDegree      = 12
	maxCoefficient = 1 << 10 // bits
)

func (p polynomial) normal() (polynomial, bool) {
	for len(p) > 0 && p[len(p)-1].Sign() == 0 {
		p = p[:len(p)-1]
	}
	return p, len(p) <= maxDegree+1 && !slices.ContainsFunc(p, func(c *big.Rat) bool { return ratBits(c) > maxCoefficient })
}

// polynomialOf reads an expression as a polynomial of v.
func (d *decision) polynomialOf(n *node, v string) (polynomial, bool) {
	if !d.pay(4) {
		return nil, false
	}
	if !contains(n, v) {
		c, ok := d.exact(n, nil)
		if !ok {
			return nil, false
		}
		return polynomial{c}.normal()
	}
	switch n.Op {
	case mathexpr.OpSym:
		return polynomial{new(big.Rat), big.NewRat(1, 1)}, true
	case mathexpr.OpNeg:
		p, ok := d.polynomialOf(n.Args[0], v)
		return p.times(polynomial{big.NewRat(-1, 1)}), ok
	case mathexpr.OpAdd, mathexpr.OpMul:
		out, ok := d.polynomialOf(n.Args[0], v)
		for _, a := range n.Args[1:] {
			if !ok {
				return nil, false
			}
			var p polynomial
			if p, ok = d.polynomialOf(a, v); !ok || !d.pay(1+len(p)*len(out)) {
				return nil, false
			}
			if n.Op == mathexpr.OpAdd {
				out, ok = out.plus(p).normal()
			} else {
				out, ok = out.times(p).normal()
			}
		}
		return out, ok
	case mathexpr.OpDiv:
		c, ok := d.exact(n.Args[1], nil)
		if !ok || c.Sign() == 0 {
			return nil, false
		}
		p, ok := d.polynomialOf(n.Args[0], v)
		return p.times(polynomial{new(big.Rat).Inv(c)}), ok
	case mathexpr.OpPow:
		e, ok := d.exact(n.Args[1], nil)
		if !ok || !e.IsInt() || e.Sign() <= 0 || e.Num().Cmp(big.NewInt(maxDegree)) > 0 {
			return nil, false
		}
		base, ok := d.polynomialOf(n.Args[0], v)
		out := polynomial{big.NewRat(1, 1)}
		for range e.Num().Int64() {
			if !ok || !d.pay(1+len(base)*len(out)) {
				return nil, false
			}
			out, ok = out.times(base).normal()
		}
		return out, ok
	}
	return nil, false
}

func (p polynomial) plus(q polynomial) polynomial {
	out := make(polynomial, max(len(p), len(q)))
	for i := range out {
		out[i] = new(big.Rat)
		if i < len(p) {
			out[i].Add(out[i], p[i])
		}
		if i < len(q) {
			out[i].Add(out[i], q[i])
		}
	}
	return out
}

func (p polynomial) times(q polynomial) polynomial {
	if len(p) == 0 || len(q) == 0 {
		return nil
	}
	out := make(polynomial, len(p)+len(q)-1)
	for i := range out {
		out[i] = new(big.Rat)
	}
	for i, x := range p {
		for j, y := range q {
			out[i+j].Add(out[i+j], new(big.Rat).Mul(x, y))
		}
	}
	return out
}

// divide returns the quotient and the remainder by q, which is not 0.
func (p polynomial) divide(q polynomial) (quotient, rest polynomial) {
	rest = make(polynomial, len(p))
	for i, c := range p {
		rest[i] = new(big.Rat).Set(c)
	}
	if len(p) < len(q) {
		return nil, rest
	}
	quotient = make(polynomial, len(p)-len(q)+1)
	for k := len(quotient) - 1; k >= 0; k-- {
		c := new(big.Rat).Quo(rest[k+len(q)-1], q[len(q)-1])
		quotient[k] = c
		for i, x := range q {
			rest[k+i].Sub(rest[k+i], new(big.Rat).Mul(c, x))
		}
	}
	rest = rest[:len(q)-1]
	for len(rest) > 0 && rest[len(rest)-1].Sign() == 0 {
		rest = rest[:len(rest)-1]
	}
	return quotient, rest
}

// monic keeps the sign and divides by the size of the leading coefficient, so
// that coefficients stay small.
func (p polynomial) monic() polynomial {
	if len(p) == 0 {
		return p
	}
	c := new(big.Rat).Inv(new(big.Rat).Abs(p[len(p)-1]))
	return p.times(polynomial{c})
}

// gcd returns the greatest common divisor of two polynomials.
func (d *decision) gcd(p, q polynomial) (polynomial, bool) {
	for len(q) > 0 {
		if !d.pay(20 + 12*len(p)*len(q)) {
			return nil, false
		}
		_, r := p.divide(q)
		p, q = q, r.monic()
		if _, ok := q.normal(); !ok {
			return nil, false
		}
	}
	return p, true
}

func (p polynomial) derivative() polynomial {
	var out polynomial
	for i := 1; i < len(p); i++ {
		out = append(out, new(big.Rat).Mul(p[i], big.NewRat(int64(i), 1)))
	}
	return out
}

func (p polynomial) at(x *big.Rat) *big.Rat {
	v := new(big.Rat)
	for i := len(p) - 1; i >= 0; i-- {
		v.Mul(v, x).Add(v, p[i])
	}
	return v
}

// A gap is an interval with ends that are no roots.
type gap struct{ low, high *big.Rat }

// A sturm chain counts the real roots of a polynomial between two points.
type sturm []polynomial

// sturmOf returns the chain of a polynomial whose roots count once each.
func (d *decision) sturmOf(p polynomial) (sturm, bool) {
	if len(p) == 0 {
		return nil, false
	}
	g, ok := d.gcd(p, p.derivative())
	if !ok {
		return nil, false
	}
	p, _ = p.divide(g)
	chain := sturm{p, p.derivative()}
	for len(chain[len(chain)-1]) > 1 {
		a, b := chain[len(chain)-2], chain[len(chain)-1]
		if !d.pay(20 + 12*len(a)*len(b)) {
			return nil, false
		}
		_, r := a.divide(b)
		r = r.monic().times(polynomial{big.NewRat(-1, 1)})
		if len(r) == 0 {
			break
		}
		if _, ok := r.normal(); !ok {
			return nil, false
		}
		chain = append(chain, r)
	}
	return chain, true
}

// changes returns the number of roots above x, up to a constant.
func (c sturm) changes(x *big.Rat) int {
	n, last := 0, 0
	for _, q := range c {
		if s := q.at(x).Sign(); s != 0 {
			if last != 0 && s != last {
				n++
			}
			last = s
		}
	}
	return n
}

// roots isolates the real roots of a polynomial, by Sturm's theorem: in order,
// each inside an interval that has no other.
func (d *decision) roots(p polynomial) ([]gap, bool) {
	chain, ok := d.sturmOf(p)
	if !ok {
		return nil, false
	}
	p = chain[0]
	// All roots are smaller than 1 + the largest quotient of coefficients.
	limit := new(big.Rat)
	for _, c := range p[:len(p)-1] {
		q := new(big.Rat).Quo(c, p[len(p)-1])
		if q.Abs(q).Cmp(limit) > 0 {
			limit = q
		}
	}
	limit.Add(limit, big.NewRat(2, 1))
	var out []gap
	var split func(low, high *big.Rat, atLow, atHigh, depth int) bool
	split = func(low, high *big.Rat, atLow, atHigh, depth int) bool {
		n := atLow - atHigh
		if n == 0 {
			return true
		}
		if n == 1 {
			out = append(out, gap{low, high})
			return true
		}
		if depth > 200 || !d.pay(10+4*len(p)*len(p)) {
			return false
		}
		// A point between that is no root itself.
		for _, share := range [...][2]int64{{1, 2}, {3, 7}, {5, 11}, {7, 13}, {9, 17}, {8, 19}, {10, 23}, {13, 29}, {14, 31}, {16, 37}, {18, 41}, {20, 43}, {22, 47}, {24, 53}, {26, 59}, {28, 61}, {30, 67}} {
			mid := new(big.Rat).Sub(high, low)
			mid.Mul(mid, big.NewRat(share[0], share[1])).Add(mid, low)
			if p.at(mid).Sign() == 0 {
				continue
			}
			c := chain.changes(mid)
			return split(low, mid, atLow, c, depth+1) && split(mid, high, c, atHigh, depth+1)
		}
		return false
	}
	minus := new(big.Rat).Neg(limit)
	ok = split(minus, limit, chain.changes(minus), chain.changes(limit), 0)
	return out, ok
}

// solves decides whether a rational inequality n/m rel 0 of v holds in a region
// and nowhere else. It proves it: the signs between the roots of both, and at
// them, are those that the region wants. Known is false where it could not.
func (d *decision) solves(n, m *node, rel mathexpr.Rel, v string, r *region) (same, known bool) {
	p, ok1 := d.polynomialOf(n, v)
	q, ok2 := d.polynomialOf(m, v)
	if !ok1 || !ok2 || len(p) == 0 || len(q) == 0 {
		return false, false
	}
	all, ok := p.times(q).normal()
	if !ok {
		return false, false
	}
	roots, ok := d.roots(all)
	if !ok {
		return false, false
	}
	// Each end of the region is a root, and lies in the interval of one.
	for _, x := range r.pieces {
		for _, end := range [...]*node{x.lo, x.hi} {
			if end == nil {
				continue
			}
			zero := func(f *node) bool {
				return d.exactly().expressions(substituteOne(f, v, end), mathexpr.Int(0)).ok()
			}
			if !zero(n) && !zero(m) {
				return false, d.steps >= 0
			}
		}
	}
	poles, ok := d.sturmOf(q)
	if !ok {
		return false, false
	}
	sign := func(x *big.Rat) int { return p.at(x).Sign() * q.at(x).Sign() }
	wants := func(sign int) bool {
		switch rel {
		case mathexpr.RelLt:
			return sign < 0
		case mathexpr.RelLe:
			return sign <= 0
		case mathexpr.RelGt:
			return sign > 0
		case mathexpr.RelGe:
			return sign >= 0
		}
		return sign != 0
	}
	before := func(i int) *big.Rat { // a point between two roots
		switch {
		case len(roots) == 0:
			return new(big.Rat)
		case i == 0:
			return roots[0].low
		}
		return roots[i-1].high
	}
	for i := range len(roots) + 1 {
		x := before(i)
		f, _ := x.Float64()
		if wants(sign(x)) != r.holds(f) {
			return false, true
		}
	}
	for _, root := range roots {
		low, _ := root.low.Float64()
		high, _ := root.high.Float64()
		at, found := math.NaN(), 0
		for _, x := range r.pieces {
			for _, end := range [...]float64{x.l, x.h} {
				if end == low || end == high {
					return false, false // too close to tell
				}
				if end > low && end < high && end != at {
					at = end
					found++
				}
			}
		}
		switch {
		case found > 1:
			return false, true
		case found == 0:
			at = low // the region does not change here
		}
		// Where the denominator is 0, nothing holds.
		holds := wants(0)
		if poles.changes(root.low) > poles.changes(root.high) {
			holds = false
		}
		if holds != r.holds(at) {
			return false, true
		}
	}
	return true, true
}

// substituteOne puts an expression for a variable.
func substituteOne(n *node, v string, with *node) *node {
	if n == nil {
		return nil
	}
	if n.Op == mathexpr.OpSym && n.Name == v {
		return with
	}
	if len(n.Args) == 0 {
		return n
	}
	c := *n
	c.Args = make([]*node, len(n.Args))
	for i, a := range n.Args {
		c.Args[i] = substituteOne(a, v, with)
	}
	return &c
}

// apart reports whether two expressions have no common zero. It is shown for
// one variable of m after another, the others being numbers.
func (d *decision) apart(n, m *node) bool {
	s := sampler{work: d.work, seed: digest(n, digest(m, 5)) | 1}
	for _, v := range variables(m) {
		values := map[string]*node{v: mathexpr.Sym(v)}
		if n.Any(binds) || m.Any(binds) {
			return false
		}
		x, y := substitute(n, values, &s, 128), substitute(m, values, &s, 128)
		q, ok := d.polynomialOf(y, v)
		if !ok || len(q) == 0 {
			return false
		}
		if p, ok := d.polynomialOf(x, v); ok {
			if g, ok := d.gcd(q, p); !ok || len(g) != 1 {
				return false
			}
			continue
		}
		if len(q) > 2 {
			return false
		}
		if len(q) == 2 {
			root := new(big.Rat).Quo(q[0], q[1])
			f := s.eval(substituteOne(x, v, ratNode(root.Neg(root))))
			if f.bad() || cmplx.Abs(f.v) <= 16*f.e {
				return false
			}
		}
	}
	return true
}
