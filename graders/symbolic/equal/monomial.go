package equal

import (
	"math/big"
	"slices"

	"github.com/rftgrader/rftgrader/graders/symbolic/equal/mathexpr"
)

// A monomial is a rational number times powers of indeterminates.
type monomial struct {
	coef   *big.Rat
	powers map[string]int64
}

// indeterminate reports whether a variable is one of a polynomial rather than
// a whole number that is not given.
func indeterminate(name string) bool {
	return name == "x" || name == "y" || name == "z"
}

// monomials returns the greatest common divisor or the least common multiple
// of products of x, y and z. A factor that is no product, such as x+1 or a
// root, is taken as coprime to the rest.
func (s *sampler) monomials(n *node) (*node, bool) {
	var ms []monomial
	odd := false
	for _, a := range n.Args {
		m := monomial{big.NewRat(1, 1), map[string]int64{}}
		if !s.monomial(a, 1, &m) {
			if n.Name != "gcd" || a.Any(func(x *node) bool { return x.Op == mathexpr.OpSym && !indeterminate(x.Name) }) {
				return nil, false
			}
			odd = true
			m = monomial{big.NewRat(1, 1), map[string]int64{}}
		}
		ms = append(ms, m)
	}
	if odd && slices.ContainsFunc(n.Args[1:], func(a *node) bool { return a.String() == n.Args[0].String() }) {
		return nil, false
	}
	r := ms[0]
	for _, m := range ms[1:] {
		r.coef = ratGCD(r.coef, m.coef, n.Name == "lcm")
		if n.Name == "lcm" && r.coef.Sign() == 0 {
			return mathexpr.Int(0), true
		}
		names := map[string]bool{}
		for k := range r.powers {
			names[k] = true
		}
		for k := range m.powers {
			names[k] = true
		}
		powers := map[string]int64{}
		for k := range names {
			a, b := r.powers[k], m.powers[k]
			if n.Name == "lcm" {
				powers[k] = max(a, b)
			} else {
				powers[k] = min(a, b)
			}
		}
		r.powers = powers
	}
	args := []*node{{Op: mathexpr.OpNum, Num: &mathexpr.Number{Val: new(big.Rat).Abs(r.coef)}}}
	for k, e := range r.powers {
		if e != 0 {
			args = append(args, mathexpr.Of(mathexpr.OpPow, mathexpr.Sym(k), mathexpr.Int(e)))
		}
	}
	slices.SortFunc(args[1:], func(a, b *node) int {
		if a.Args[0].Name < b.Args[0].Name {
			return -1
		}
		return 1
	})
	return mathexpr.Of(mathexpr.OpMul, args...), true
}

func (s *sampler) monomial(n *node, sign int64, m *monomial) bool {
	if v, ok := s.exact(n, nil); ok {
		if v.Sign() == 0 && sign < 0 {
			return false
		}
		if sign > 0 {
			m.coef = new(big.Rat).Mul(m.coef, v)
		} else {
			m.coef = new(big.Rat).Quo(m.coef, v)
		}
		return true
	}
	switch n.Op {
	case mathexpr.OpSym:
		m.powers[n.Name] += sign
		return indeterminate(n.Name)
	case mathexpr.OpConst:
		m.powers[n.Name] += sign
		return n.Name == "pi"
	case mathexpr.OpNeg:
		return s.monomial(n.Args[0], sign, m)
	case mathexpr.OpMul:
		for _, a := range n.Args {
			if !s.monomial(a, sign, m) {
				return false
			}
		}
		return true
	case mathexpr.OpDiv:
		return s.monomial(n.Args[0], sign, m) && s.monomial(n.Args[1], -sign, m)
	case mathexpr.OpPow:
		if e, ok := s.exact(n.Args[1], nil); ok && e.IsInt() && e.Num().IsInt64() && n.Args[0].Op == mathexpr.OpSym {
			m.powers[n.Args[0].Name] += sign * e.Num().Int64()
			return indeterminate(n.Args[0].Name)
		}
	}
	return false
}
