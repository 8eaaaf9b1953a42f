package equal

import (
	"math"
	"math/big"
	"strings"

	"github.com/rftgrader/rftgrader/graders/symbolic/equal/mathexpr"
)

// families compares values with a letter that stands for any whole number, as
// unions of arithmetic progressions: 2k+1 and 2n-1 are the odd numbers, and
// pi/2 + k pi is two progressions with the period 2 pi.
func (r *Reference) families(d *decision, g, a *node, text string) Result {
	if restricted(r.text) || restricted(text) {
		return Result{}
	}
	v, gDomain := freeParameter(r.text)
	w, aDomain := freeParameter(text)
	if gDomain == "" {
		v = parameter(g)
	}
	if aDomain == "" {
		w = parameter(a)
	}
	if v == "" || w == "" || gDomain != "" && gDomain != "Z" || aDomain != "" && aDomain != "Z" || gDomain == "" && parameter(a) == "" || aDomain == "" && parameter(g) == "" {
		return Result{}
	}
	gs, x, ok := d.progressions(g, v)
	if !ok {
		return Result{}
	}
	as, y, ok := d.progressions(a, w)
	if !ok || x != "" && y != "" && x != y {
		return Result{}
	}
	if d.sameProgressions(gs, as) {
		return equalBy("the same family of values")
	}
	return Result{}
}

// restricted reports whether a text may say more of a letter than that it is a
// whole number.
func restricted(s string) bool {
	s = strings.NewReplacer(`\left`, "", `\leftarrow`, "", `\neg`, "").Replace(s)
	for _, w := range [...]string{`\ne`, "≠", "<", ">", `\ge`, `\le`, "≥", "≤", "ositive", "egative", "atural", "nonzero", "non-", "even", "odd", "except", `\setminus`, "Z^", "Z}^", "Z_", "Z}_", "mod", "ℤ^"} {
		if strings.Contains(s, w) {
			return true
		}
	}
	return false
}

// A progression is first + step times any whole number.
type progression struct{ first, step *node }

// progressions returns the members of a family, and the name of what has these
// values.
func (d *decision) progressions(n *node, v string) (out []progression, name string, ok bool) {
	if n.Op == mathexpr.OpBuilder {
		if n.Args[0].Op != mathexpr.OpSym {
			n = n.Args[0]
		} else if n = n.Args[1]; !isEquation(n) {
			return nil, "", false
		}
	}
	for _, m := range items(n) {
		if m.Op == mathexpr.OpRel && len(m.Rels) == 1 && m.Rels[0] == mathexpr.RelIn && m.Args[0].Op == mathexpr.OpSym && m.Args[0].Name == v {
			continue
		}
		if isEquation(m) {
			if len(m.Args) != 2 || m.Args[0].Op != mathexpr.OpSym || m.Args[0].Name == v || name != "" && name != m.Args[0].Name {
				return nil, "", false
			}
			name, m = m.Args[0].Name, m.Args[1]
		}
		for _, m := range expandPM(m) {
			if isStructure(m) || m.Any(func(x *node) bool {
				return x.Op == mathexpr.OpUnit || x.Op == mathexpr.OpText || x.Op == mathexpr.OpSym && x.Name != v
			}) {
				return nil, "", false
			}
			p, q, ok := linear(m, v)
			if !ok || p == nil {
				return nil, "", false
			}
			if q == nil {
				q = mathexpr.Int(0)
			}
			out = append(out, progression{q, p})
		}
	}
	return out, name, len(out) > 0 && len(out) <= 12
}

// sameProgressions brings all progressions to one period and compares what is
// left as sets.
func (d *decision) sameProgressions(gs, as []progression) bool {
	unit := gs[0].step
	all := append(append([]progression{}, gs...), as...)
	ratios := make([]*big.Rat, len(all))
	period := big.NewRat(1, 1)
	for i, p := range all {
		q, ok := d.simpleRatio(p.step, unit)
		if !ok {
			return false
		}
		ratios[i] = q
		// The least common multiple of a/b and c/d in lowest terms is
		// lcm(a, c) / gcd(b, d).
		num := new(big.Int).Mul(period.Num(), q.Num())
		num.Quo(num, new(big.Int).GCD(nil, nil, period.Num(), q.Num()))
		period = new(big.Rat).SetFrac(num, new(big.Int).GCD(nil, nil, period.Denom(), q.Denom()))
	}
	whole := mathexpr.Of(mathexpr.OpMul, ratNode(period), unit)
	const most = 24
	residues := func(ps []progression, ratios []*big.Rat) ([]*node, bool) {
		var out []*node
		for i, p := range ps {
			times := new(big.Rat).Quo(period, ratios[i])
			if !times.IsInt() || !times.Num().IsInt64() || times.Num().Int64()+int64(len(out)) > most {
				return nil, false
			}
			for k := range times.Num().Int64() {
				out = append(out, mathexpr.Of(mathexpr.OpAdd, p.first, mathexpr.Of(mathexpr.OpMul, mathexpr.Int(k), p.step)))
			}
		}
		return out, true
	}
	xs, ok1 := residues(gs, ratios[:len(gs)])
	ys, ok2 := residues(as, ratios[len(gs):])
	return ok1 && ok2 && d.covers(xs, ys, whole) && d.covers(ys, xs, whole)
}

// covers reports whether each of xs is one of ys up to multiples of the period.
func (d *decision) covers(xs, ys []*node, period *node) bool {
	for _, x := range xs {
		found := false
		for _, y := range ys {
			if found = d.multiple(difference(x, y), period); found {
				break
			}
		}
		if !found {
			return false
		}
	}
	return true
}

// multiple reports whether n is a whole number of periods.
func (d *decision) multiple(n, period *node) bool {
	q := d.number(mathexpr.Of(mathexpr.OpDiv, n, period))
	k := math.Round(q)
	if math.IsNaN(q) || math.Abs(q) > 1e6 || math.Abs(q-k) > 1e-6 {
		return false
	}
	return d.exactly().expressions(n, mathexpr.Of(mathexpr.OpMul, mathexpr.Int(int64(k)), period)).ok()
}

// simpleRatio returns the absolute value of x/y where it is a fraction with a
// small denominator.
func (d *decision) simpleRatio(x, y *node) (*big.Rat, bool) {
	q := d.number(mathexpr.Of(mathexpr.OpDiv, x, y))
	if math.IsNaN(q) || q == 0 || math.Abs(q) > 1e3 {
		return nil, false
	}
	for b := int64(1); b <= 24; b++ {
		a := math.Round(q * float64(b))
		if math.Abs(q*float64(b)-a) > 1e-9 || a == 0 {
			continue
		}
		if !d.exactly().expressions(mathexpr.Of(mathexpr.OpMul, mathexpr.Int(b), x), mathexpr.Of(mathexpr.OpMul, mathexpr.Int(int64(a)), y)).ok() {
			return nil, false
		}
		return new(big.Rat).Abs(big.NewRat(int64(a), b)), true
	}
	return nil, false
}
