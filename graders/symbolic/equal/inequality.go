package equal

import (
	"math"
	"slices"

	"github.com/rftgrader/rftgrader/graders/symbolic/equal/mathexpr"
)

// builder reads {x | conditions}.
func (d *decision) builder(n *node) (*region, bool) {
	element, conds := n.Args[0], n.Args[1:]
	v := ""
	all := slices.Clone(conds)
	switch {
	case element.Op == mathexpr.OpSym:
		v = element.Name
	case element.Op == mathexpr.OpRel && element.Args[0].Op == mathexpr.OpSym:
		v = element.Args[0].Name
		all = append(all, element)
	default:
		return nil, false
	}
	r, ok := d.intersection(all)
	if !ok || r.variable != "" && r.variable != v {
		return nil, false
	}
	r.variable = ""
	return r, true
}

// inequality solves a chain of inequalities in one variable.
func (d *decision) inequality(n *node) (*region, bool) {
	v := d.unknown(n)
	if v == "" {
		return nil, false
	}
	out, _ := d.interval(nil, nil, false, false)
	for i, rel := range n.Rels {
		var r *region
		ok := false
		l, right := n.Args[i], n.Args[i+1]
		switch {
		case rel == mathexpr.RelIn && l.Op == mathexpr.OpSym && l.Name == v:
			r, ok = d.region(right, true)
		case rel == mathexpr.RelNotIn && l.Op == mathexpr.OpSym:
			if r, ok = d.region(right, true); ok {
				r = r.complement()
				ok = r != nil
			}
		case ordering(rel):
			r, ok = d.solveInequality(l, right, rel, v)
		}
		if !ok {
			return nil, false
		}
		if out = cut(out, r); out == nil {
			return nil, false
		}
	}
	out.variable = v
	return out, true
}

// unknown returns the variable that an inequality is about: the only one, or
// the one that stands alone.
func (d *decision) unknown(n *node) string {
	vs := variables(n)
	if len(vs) == 1 {
		return vs[0]
	}
	if len(n.Args) == 3 && n.Args[1].Op == mathexpr.OpSym {
		return n.Args[1].Name
	}
	for _, m := range n.Args {
		if m.Op == mathexpr.OpSym && !slices.ContainsFunc(n.Args, func(o *node) bool { return o != m && contains(o, m.Name) }) {
			return m.Name
		}
	}
	return ""
}

// solveInequality solves l rel r where the difference is linear in v, or where
// one side is the absolute value of something linear.
func (d *decision) solveInequality(l, r *node, rel mathexpr.Rel, v string) (*region, bool) {
	if !contains(l, v) {
		l, r, rel = r, l, turn(rel)
	}
	if l.Is("abs") && !contains(r, v) {
		return d.solveAbs(l.Args[0], r, rel, v)
	}
	if l.Op == mathexpr.OpSym {
		return d.half(r, rel)
	}
	p, q, ok := linear(difference(l, r), v)
	if !ok || p == nil {
		return nil, false
	}
	sign := d.number(p)
	if math.IsNaN(sign) || sign == 0 {
		return nil, false
	}
	if sign < 0 {
		rel = turn(rel)
	}
	end := mathexpr.Int(0)
	if q != nil {
		end = mathexpr.Of(mathexpr.OpNeg, mathexpr.Of(mathexpr.OpDiv, q, p))
	}
	return d.half(end, rel)
}

// half is the region of v rel end.
func (d *decision) half(end *node, rel mathexpr.Rel) (*region, bool) {
	if isStructure(end) {
		return nil, false
	}
	switch rel {
	case mathexpr.RelLt, mathexpr.RelLe:
		return d.interval(nil, end, false, rel == mathexpr.RelLe)
	case mathexpr.RelGt, mathexpr.RelGe:
		return d.interval(end, nil, rel == mathexpr.RelGe, false)
	}
	r, ok := d.pointsOf([]*node{end})
	if !ok {
		return nil, false
	}
	r = r.complement()
	return r, r != nil
}

// solveAbs solves |inner| rel r.
func (d *decision) solveAbs(inner, r *node, rel mathexpr.Rel, v string) (*region, bool) {
	minus := mathexpr.Of(mathexpr.OpNeg, r)
	limit := d.number(r)
	if math.IsNaN(limit) && !(inner.Op == mathexpr.OpSym && inner.Name == v) {
		return nil, false
	}
	switch rel {
	case mathexpr.RelLt, mathexpr.RelLe:
		if limit < 0 {
			return &region{}, true
		}
		x, ok1 := d.solveInequality(inner, r, rel, v)
		y, ok2 := d.solveInequality(inner, minus, turn(rel), v)
		if !ok1 || !ok2 {
			return nil, false
		}
		c := cut(x, y)
		return c, c != nil
	case mathexpr.RelGt, mathexpr.RelGe:
		if limit < 0 {
			return d.interval(nil, nil, false, false)
		}
		x, ok1 := d.solveInequality(inner, r, rel, v)
		y, ok2 := d.solveInequality(inner, minus, turn(rel), v)
		if !ok1 || !ok2 {
			return nil, false
		}
		out := &region{pieces: append(slices.Clone(x.pieces), y.pieces...), symbolic: x.symbolic || y.symbolic}
		return out.normal(), true
	}
	return nil, false
}

// describes decides, by trying points, whether an inequality that is not linear
// holds in a region and nowhere else. At each end of the region both sides of
// the inequality must be equal.
func (d *decision) describes(rel *node, r *region) bool {
	if rel.Op != mathexpr.OpRel || len(rel.Rels) != 1 || !ordering(rel.Rels[0]) || r.symbolic || r.domain != "" {
		return false
	}
	vs := variables(rel)
	if len(vs) != 1 || r.variable != "" && r.variable != vs[0] || isStructure(rel.Args[0]) || isStructure(rel.Args[1]) {
		return false
	}
	f := difference(rel.Args[0], rel.Args[1])
	s := sampler{work: d.work}
	at := func(x float64) (float64, bool) {
		s.env = append(s.env[:0], binding{vs[0], value{v: complex(x, 0)}})
		v := s.eval(f)
		return real(v.v), !v.bad()
	}
	tries := []float64{-1e6, -1000, -100.5, 100.5, 1000, 1e6}
	for x := -12.3; x < 12; x += 0.37 {
		tries = append(tries, x)
	}
	ends := 0
	for _, p := range r.pieces {
		for _, end := range [...]float64{p.l, p.h} {
			if math.IsInf(end, 0) {
				continue
			}
			ends++
			if v, ok := at(end); ok && math.Abs(v) > 1e-9*(1+math.Abs(end)) {
				return false
			}
			tries = append(tries, end, end-1e-4, end+1e-4, end-0.05, end+0.05)
		}
	}
	if ends == 0 {
		return false
	}
	for _, x := range tries {
		v, ok := at(x)
		if !ok {
			continue
		}
		zero := math.Abs(v) < 1e-9*(1+math.Abs(x))
		holds := false
		switch rel.Rels[0] {
		case mathexpr.RelLt:
			holds = v < 0 && !zero
		case mathexpr.RelLe:
			holds = v < 0 || zero
		case mathexpr.RelGt:
			holds = v > 0 && !zero
		case mathexpr.RelGe:
			holds = v > 0 || zero
		case mathexpr.RelNe:
			holds = !zero
		}
		if holds != r.holds(x) {
			return false
		}
	}
	return d.steps >= 0
}

// holds reports whether x is in the region.
func (r *region) holds(x float64) bool {
	for _, p := range r.pieces {
		if (x > p.l || x == p.l && p.loShut) && (x < p.h || x == p.h && p.hiShut) {
			return true
		}
	}
	return false
}
