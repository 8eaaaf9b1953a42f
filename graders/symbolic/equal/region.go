package equal

import (
	"math"
	"slices"

	"github.com/rftgrader/rftgrader/graders/symbolic/equal/mathexpr"
)

// A piece is an interval or, with equal ends, a point.
type piece struct {
	lo, hi         *node // nil for an infinite end
	l, h           float64
	loShut, hiShut bool
}

// A region is a set of real numbers: the union of its pieces. Where an end has
// no number for a value, pieces stay as they were written.
type region struct {
	pieces   []piece
	symbolic bool
	variable string // of which it was said, if it was
	domain   string // Z, N or Q where only such numbers are meant
}

// regions compares sets of real numbers in any notation.
func (d *decision) regions(g, a *node) (Result, bool) {
	if !setLike(g) && !setLike(a) {
		return Result{}, false
	}
	if g.Op == mathexpr.OpText || a.Op == mathexpr.OpText {
		return Result{}, false
	}
	x, ok := d.region(g, true)
	y, other := d.region(a, true)
	if ok != other {
		rel, r := g, y
		if ok {
			rel, r = a, x
		}
		if d.describes(rel, r) {
			return equalBy("the inequality holds in the set and nowhere else"), true
		}
	}
	if !ok {
		return Result{}, false
	}
	if !other {
		if isStructure(a) {
			return Result{}, false
		}
		return different("a set is wanted"), true
	}
	if x.variable != "" && y.variable != "" && x.variable != y.variable {
		return different("said of another variable"), true
	}
	if x.domain != y.domain {
		return different("a set of other numbers"), true
	}
	return d.sameRegion(x, y), true
}

// setLike reports whether n can be nothing but a set of numbers, or a
// condition that describes one.
func setLike(n *node) bool {
	switch n.Op {
	case mathexpr.OpUnion, mathexpr.OpInter, mathexpr.OpMinus, mathexpr.OpBuilder, mathexpr.OpOr:
		return true
	case mathexpr.OpAnd:
		return n.Args[0].Op == mathexpr.OpRel && !isEquation(n.Args[0])
	case mathexpr.OpDomain:
		return true
	case mathexpr.OpRel:
		for _, r := range n.Rels {
			if !ordering(r) && r != mathexpr.RelIn && r != mathexpr.RelNotIn {
				return false
			}
		}
		return true
	case mathexpr.OpTuple:
		return len(n.Args) == 2 && ((n.Open == '[') != (n.Close == ']') || isInfinite(n.Args[0]) != 0 || isInfinite(n.Args[1]) != 0)
	case mathexpr.OpList:
		return len(n.Args) > 1 && !slices.ContainsFunc(n.Args, func(m *node) bool { return m.Op != mathexpr.OpRel || isEquation(m) || !setLike(m) })
	case mathexpr.OpAdd:
		return len(n.Args) == 2 && n.Args[1].Op == mathexpr.OpNeg && (setLike(n.Args[0]) || n.Args[0].Op == mathexpr.OpSet)
	}
	return false
}

// region returns the set that n stands for. With loose, a pair in brackets is
// an interval, and values are points.
func (d *decision) region(n *node, loose bool) (*region, bool) {
	if !d.step() {
		return nil, false
	}
	switch n.Op {
	case mathexpr.OpTuple:
		if len(n.Args) != 2 || isStructure(n.Args[0]) || isStructure(n.Args[1]) {
			return nil, false
		}
		return d.interval(n.Args[0], n.Args[1], n.Open == '[', n.Close == ']')
	case mathexpr.OpSet:
		return d.pointsOf(n.Args)
	case mathexpr.OpDomain:
		switch n.Name {
		case "R":
			return d.interval(nil, nil, false, false)
		case "R+":
			return d.interval(mathexpr.Int(0), nil, false, false)
		case "R-":
			return d.interval(nil, mathexpr.Int(0), false, false)
		case "empty":
			return &region{}, true
		case "Z", "N", "Q":
			r, _ := d.interval(nil, nil, false, false)
			r.domain = n.Name
			return r, true
		}
	case mathexpr.OpUnion, mathexpr.OpOr:
		return d.union(n.Args)
	case mathexpr.OpInter, mathexpr.OpAnd, mathexpr.OpList:
		if n.Op == mathexpr.OpList && !setLike(n) {
			return d.pointsOf(n.Args)
		}
		return d.intersection(n.Args)
	case mathexpr.OpMinus:
		return d.without(n.Args[0], n.Args[1])
	case mathexpr.OpAdd:
		if setLike(n) {
			return d.without(n.Args[0], n.Args[1].Args[0])
		}
	case mathexpr.OpBuilder:
		return d.builder(n)
	case mathexpr.OpRel:
		if isEquation(n) {
			if v, _ := d.result(n); v != nil && v != n {
				return d.region(v, loose)
			}
			return nil, false
		}
		return d.inequality(n)
	case mathexpr.OpPM:
		return d.pointsOf([]*node{n})
	}
	if loose && !isStructure(n) && !hasVariable(n) {
		return d.pointsOf([]*node{n})
	}
	return nil, false
}

func (d *decision) interval(lo, hi *node, loShut, hiShut bool) (*region, bool) {
	p := piece{l: math.Inf(-1), h: math.Inf(1)}
	r := &region{}
	if lo != nil && isInfinite(lo) == 0 {
		p.lo, p.loShut = lo, loShut
		p.l = d.number(lo)
	}
	if hi != nil && isInfinite(hi) == 0 {
		p.hi, p.hiShut = hi, hiShut
		p.h = d.number(hi)
	}
	if isInfinite(lo) > 0 || isInfinite(hi) < 0 {
		return nil, false
	}
	r.symbolic = math.IsNaN(p.l) || math.IsNaN(p.h)
	if !r.symbolic && (p.l > p.h || p.l == p.h && !(p.loShut && p.hiShut)) {
		return r, true // empty
	}
	r.pieces = []piece{p}
	return r, true
}

// number returns the value of a constant, and NaN for anything else.
func (d *decision) number(n *node) float64 {
	if hasVariable(n) || isStructure(n) {
		return math.NaN()
	}
	s := sampler{work: d.work, complex: true}
	v := s.eval(n)
	if v.bad() || !v.isReal() {
		return math.NaN()
	}
	return real(v.v)
}

func (d *decision) pointsOf(ns []*node) (*region, bool) {
	r := &region{}
	if len(ns) > maxItems {
		return nil, false
	}
	for _, n := range ns {
		for _, x := range expandPM(n) {
			if isEquation(x) {
				v, _ := d.result(x)
				if v == nil {
					return nil, false
				}
				x = v
			}
			if isStructure(x) || isInfinite(x) != 0 {
				return nil, false
			}
			f := d.number(x)
			r.symbolic = r.symbolic || math.IsNaN(f)
			r.pieces = append(r.pieces, piece{lo: x, hi: x, l: f, h: f, loShut: true, hiShut: true})
		}
	}
	return r.normal(), true
}

func (d *decision) union(ns []*node) (*region, bool) {
	out := &region{}
	for _, n := range ns {
		r, ok := d.region(n, true)
		if !ok {
			return nil, false
		}
		if out.variable != "" && r.variable != "" && r.variable != out.variable {
			return nil, false
		}
		out.pieces = append(out.pieces, r.pieces...)
		out.symbolic = out.symbolic || r.symbolic
		out.variable = max(out.variable, r.variable)
		out.domain = max(out.domain, r.domain)
	}
	return out.normal(), true
}

func (d *decision) intersection(ns []*node) (*region, bool) {
	out, _ := d.interval(nil, nil, false, false)
	for _, n := range ns {
		r, ok := d.region(n, true)
		if !ok || out.variable != "" && r.variable != "" && r.variable != out.variable {
			return nil, false
		}
		if out = cut(out, r); out == nil {
			return nil, false
		}
	}
	return out, true
}

func (d *decision) without(n, m *node) (*region, bool) {
	r, ok := d.region(n, true)
	if !ok {
		return nil, false
	}
	x, ok := d.region(m, true)
	if !ok {
		return nil, false
	}
	c := x.complement()
	if c == nil {
		return nil, false
	}
	out := cut(r, c)
	return out, out != nil
}

// cut intersects two regions. With ends that are no numbers, only the whole
// line can be intersected.
func cut(a, b *region) *region {
	out := &region{variable: max(a.variable, b.variable), domain: max(a.domain, b.domain), symbolic: a.symbolic || b.symbolic}
	if out.symbolic {
		switch {
		case a.whole():
			out.pieces = b.pieces
		case b.whole():
			out.pieces = a.pieces
		case len(a.pieces) == 1 && len(b.pieces) == 1:
			p, q := a.pieces[0], b.pieces[0]
			switch {
			case p.lo == nil && q.hi == nil:
				out.pieces = []piece{{lo: q.lo, l: q.l, loShut: q.loShut, hi: p.hi, h: p.h, hiShut: p.hiShut}}
			case q.lo == nil && p.hi == nil:
				out.pieces = []piece{{lo: p.lo, l: p.l, loShut: p.loShut, hi: q.hi, h: q.h, hiShut: q.hiShut}}
			default:
				return nil
			}
		default:
			return nil
		}
		return out
	}
	if len(a.pieces)*len(b.pieces) > 4*maxItems*maxItems {
		return nil
	}
	for _, p := range a.pieces {
		for _, q := range b.pieces {
			x := p
			if q.l > x.l || q.l == x.l && !q.loShut {
				x.l, x.lo, x.loShut = q.l, q.lo, q.loShut
			}
			if q.h < x.h || q.h == x.h && !q.hiShut {
				x.h, x.hi, x.hiShut = q.h, q.hi, q.hiShut
			}
			if x.l < x.h || x.l == x.h && x.loShut && x.hiShut {
				out.pieces = append(out.pieces, x)
			}
		}
	}
	return out.normal()
}

func (r *region) whole() bool {
	return len(r.pieces) == 1 && r.pieces[0].lo == nil && r.pieces[0].hi == nil
}

// complement returns the real numbers that are not in r, or nil.
func (r *region) complement() *region {
	if r.symbolic {
		return nil
	}
	out := &region{variable: r.variable}
	last := piece{l: math.Inf(-1)}
	open := true // the part of the line before the next piece is not closed yet
	for _, p := range r.pieces {
		if p.lo == nil {
			open = false
		}
		if open {
			last.hi, last.h, last.hiShut = p.lo, p.l, !p.loShut
			if last.l < last.h || last.l == last.h && last.loShut && last.hiShut {
				out.pieces = append(out.pieces, last)
			}
		}
		if p.hi == nil {
			return out
		}
		last = piece{lo: p.hi, l: p.h, loShut: !p.hiShut}
		open = true
	}
	last.h = math.Inf(1)
	out.pieces = append(out.pieces, last)
	return out
}

// normal sorts the pieces and joins those that touch.
func (r *region) normal() *region {
	if r.symbolic {
		return r
	}
	slices.SortStableFunc(r.pieces, func(p, q piece) int {
		switch {
		case p.l < q.l || p.l == q.l && p.loShut && !q.loShut:
			return -1
		case p.l > q.l || p.l == q.l && q.loShut && !p.loShut:
			return 1
		}
		return 0
	})
	var out []piece
	for _, p := range r.pieces {
		if n := len(out); n > 0 {
			if q := &out[n-1]; p.l < q.h || p.l == q.h && (p.loShut || q.hiShut) {
				if p.h > q.h || p.h == q.h && p.hiShut {
					q.h, q.hi, q.hiShut = p.h, p.hi, p.hiShut
				}
				continue
			}
		}
		out = append(out, p)
	}
	r.pieces = out
	return r
}

func (d *decision) sameRegion(x, y *region) Result {
	if len(x.pieces) != len(y.pieces) {
		return different("a set of other intervals")
	}
	if x.symbolic || y.symbolic {
		return d.match(len(x.pieces), func(i, j int) Result { return d.samePiece(x.pieces[i], y.pieces[j]) })
	}
	for i := range x.pieces {
		if r := d.samePiece(x.pieces[i], y.pieces[i]); !r.ok() {
			return r
		}
	}
	return equalBy("the same set of numbers")
}

func (d *decision) samePiece(p, q piece) Result {
	if (p.lo == nil) != (q.lo == nil) || (p.hi == nil) != (q.hi == nil) {
		return different("an end is infinite on one side only")
	}
	if p.lo != nil && p.loShut != q.loShut || p.hi != nil && p.hiShut != q.hiShut {
		return different("an end belongs to one of the sets only")
	}
	for _, ends := range [...][2]*node{{p.lo, q.lo}, {p.hi, q.hi}} {
		if ends[0] != nil {
			if r := d.expressions(ends[0], ends[1]); !r.ok() {
				return r
			}
		}
	}
	return equalBy("the same interval")
}
