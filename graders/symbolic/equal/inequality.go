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

// describes decides whether an inequality that is not linear holds in a region
// and nowhere else. Between polynomials that is proved. Otherwise both sides of
// the inequality must be equal at each end of the region, and points are tried
// that depend on the inequality: near the ends, beyond every number that is
// written, and on both sides of 0.
func (d *decision) describes(rel *node, r *region) bool {
	if rel.Op != mathexpr.OpRel || len(rel.Rels) != 1 || !ordering(rel.Rels[0]) || r.symbolic || r.domain != "" {
		return false
	}
	vs := variables(rel)
	if len(vs) != 1 || r.variable != "" && r.variable != vs[0] || isStructure(rel.Args[0]) || isStructure(rel.Args[1]) {
		return false
	}
	f := difference(rel.Args[0], rel.Args[1])
	if q, ok := d.fractionOf(f); ok {
		below := times(mathexpr.Int(1), missing(q.below, nil))
		if same, known := d.solves(q.above, below, rel.Rels[0], vs[0], r); known {
			return same
		}
		if !rough(f) && len(q.below) > 0 {
			return false
		}
	}
	if numeric(f) || counting(f) {
		return false
	}
	return d.probes(f, rel.Rels[0], vs[0], r)
}

// probes tries whether f rel 0 holds in a region and nowhere else.
func (d *decision) probes(f *node, rel mathexpr.Rel, v string, r *region) bool {
	s := sampler{work: d.work, seed: digest(f, 6) | 1}
	at := func(x float64) (float64, bool) {
		s.env = append(s.env[:0], binding{v, value{v: complex(x, 0)}})
		y := s.eval(f)
		return real(y.v), !y.bad()
	}
	random := func(i int) float64 { return float64(mix(s.seed+uint64(i))>>11) / (1 << 53) }
	far := 30.0
	var tries, marks []float64
	f.Any(func(m *node) bool {
		if m.Op == mathexpr.OpNum {
			if x, _ := m.Num.Val.Float64(); math.Abs(x) < 1e9 {
				far = max(far, 3*math.Abs(x))
				marks = append(marks, x, -x)
			}
		}
		return false
	})
	ends := 0
	for _, p := range r.pieces {
		for _, end := range [...]float64{p.l, p.h} {
			if math.IsInf(end, 0) {
				continue
			}
			ends++
			if y, ok := at(end); ok && math.Abs(y) > 1e-9*(1+math.Abs(end)) {
				_, below := at(end - 1e-4)
				_, above := at(end + 1e-4)
				if below == above {
					return false // neither a zero nor an end of the domain
				}
			}
			tries = append(tries, end)
			marks = append(marks, end)
			far = max(far, 3*math.Abs(end))
		}
	}
	if ends == 0 || len(marks) > 2*maxItems {
		return false
	}
	for i, m := range marks {
		for j, size := range [...]float64{1e-4, 1e-2, 0.1, 0.5, 2} {
			u := size * (1 + random(16*i+j))
			tries = append(tries, m-u, m+u)
		}
	}
	for i := range 120 {
		u := 2*random(5000+i) - 1
		tries = append(tries, 12*u, far*(2*random(6000+i)-1))
		if i < 12 {
			tries = append(tries, u*1e3*far, u*1e6*far)
		}
	}
	for _, x := range tries {
		y, ok := at(x)
		if !ok {
			if r.holds(x) && math.Abs(x) < 100 {
				return false // no value, no inequality; far away it overflows
			}
			continue
		}
		zero := math.Abs(y) < 1e-9*(1+math.Abs(x))
		holds := false
		switch rel {
		case mathexpr.RelLt:
			holds = y < 0 && !zero
		case mathexpr.RelLe:
			holds = y < 0 || zero
		case mathexpr.RelGt:
			holds = y > 0 && !zero
		case mathexpr.RelGe:
			holds = y > 0 || zero
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
