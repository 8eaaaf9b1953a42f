package equal

import (
	"math"
	"math/big"

	"github.com/rftgrader/rftgrader/graders/symbolic/equal/mathexpr"
)

// misrounded reports whether one side is a decimal number of many digits that
// is neither rounded nor cut from the value of the other: 0.9999999 is no way
// to write 1, and 1.41421357 is none to write the root of 2.
func (d *decision) misrounded(g, a *node) bool {
	if d.opt.Abs > 0 || d.opt.Rel > 0 {
		return false
	}
	for _, p := range [...][2]*node{{g, a}, {a, g}} {
		l, ok := d.decimal(p[0])
		if !ok || l.digits < 6 || l.digits > 14 {
			continue
		}
		if _, both := d.decimal(p[1]); both || hasVariable(p[1]) || isStructure(p[1]) {
			continue
		}
		half := new(big.Rat).Mul(l.unit, big.NewRat(1, 2))
		if y, ok := d.exact(p[1], nil); ok {
			diff := new(big.Rat).Sub(y, l.value)
			if diff.Abs(diff).Cmp(half) <= 0 {
				continue
			}
			cut := diff.Cmp(l.unit) < 0 && new(big.Rat).Abs(l.value).Cmp(new(big.Rat).Abs(y)) < 0
			return !cut
		}
		if p[1].Any(func(n *node) bool { return n.Op == mathexpr.OpText }) {
			continue
		}
		s := sampler{work: d.work, complex: true}
		v := s.eval(p[1])
		if v.bad() || !v.isReal() || s.opaque {
			continue
		}
		f, _ := l.value.Float64()
		unit, _ := l.unit.Float64()
		noise := 4*v.e + 4*epsilon*math.Abs(f)
		diff := math.Abs(real(v.v) - f)
		if diff <= unit/2+noise {
			continue
		}
		return diff > unit+noise || math.Abs(f) > math.Abs(real(v.v))
	}
	return false
}
