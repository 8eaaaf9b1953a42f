package equal

import (
	"math/big"
	"strings"

	"github.com/rftgrader/rftgrader/graders/symbolic/equal/mathexpr"
)

// hours reads "10 a.m." as a time of day.
func hours(n *node) *node {
	if n.Op != mathexpr.OpUnit || n.Args[0] == nil || n.Args[0].Op != mathexpr.OpNum {
		return n
	}
	switch strings.ToLower(strings.NewReplacer(".", "", " ", "").Replace(n.Name)) {
	case "am":
		return &node{Op: mathexpr.OpTime, Name: "am", Args: []*node{n.Args[0], mathexpr.Int(0)}}
	case "pm":
		return &node{Op: mathexpr.OpTime, Name: "pm", Args: []*node{n.Args[0], mathexpr.Int(0)}}
	}
	return n
}

// congruent compares two residue classes.
func (d *decision) congruent(g, a *node) Result {
	m, ok1 := d.exact(g.Args[1], nil)
	k, ok2 := d.exact(a.Args[1], nil)
	x, ok3 := d.exact(g.Args[0], nil)
	y, ok4 := d.exact(a.Args[0], nil)
	if !ok1 || !ok2 || !ok3 || !ok4 || m.Sign() == 0 {
		return d.inOrder(g.Args, a.Args)
	}
	if m.Cmp(k) != 0 {
		return different("another modulus")
	}
	q := new(big.Rat).Sub(x, y)
	if q.Quo(q, m).IsInt() {
		return equalBy("the same residue class")
	}
	return different("another residue class")
}

// afternoon turns a time of the afternoon into one of 24 hours.
func afternoon(n *node) []*node {
	if n.Args[0].Op != mathexpr.OpNum {
		return n.Args
	}
	noon := n.Args[0].IsInt(12)
	out := append([]*node{}, n.Args...)
	switch {
	case n.Name == "pm" && !noon:
		out[0] = mathexpr.Of(mathexpr.OpAdd, n.Args[0], mathexpr.Int(12))
	case n.Name == "am" && noon:
		out[0] = mathexpr.Int(0)
	}
	return out
}

func (d *decision) times(g, a *node) Result {
	if g.Op != a.Op && len(g.Args) == len(a.Args) {
		// One side does not say which half of the day it means.
		if r := d.inOrder(afternoon(g), afternoon(a)); r.ok() {
			return r
		}
	}
	if len(g.Args) != len(a.Args) || g.Op != mathexpr.OpTime && g.Op != mathexpr.OpRatio || a.Op != mathexpr.OpTime && a.Op != mathexpr.OpRatio {
		return different("a time and another value")
	}
	if g.Op == mathexpr.OpTime && a.Op == mathexpr.OpTime && g.Name != a.Name {
		return different("another half of the day")
	}
	return d.inOrder(g.Args, a.Args)
}

// ratios compares a:b with a:b, with a fraction, and times of a clock.
func (d *decision) ratios(g, a *node) Result {
	if g.Op != mathexpr.OpRatio || a.Op != mathexpr.OpRatio {
		ratio, other := g, a
		if a.Op == mathexpr.OpRatio {
			ratio, other = a, g
		}
		if len(ratio.Args) != 2 || isStructure(other) {
			return different("a ratio and another value")
		}
		q := mathexpr.Of(mathexpr.OpDiv, ratio.Args...)
		if g.Op == mathexpr.OpRatio {
			return d.expressions(q, a)
		}
		return d.expressions(g, q)
	}
	if len(g.Args) != len(a.Args) {
		return different("a ratio of another number of parts")
	}
	if g.Name == "clock" && a.Name == "clock" {
		return d.inOrder(g.Args, a.Args)
	}
	for i := 1; i < len(g.Args); i++ {
		l := mathexpr.Of(mathexpr.OpMul, g.Args[0], a.Args[i])
		r := mathexpr.Of(mathexpr.OpMul, g.Args[i], a.Args[0])
		if res := d.expressions(l, r); !res.ok() {
			return res
		}
	}
	return equalBy("the same ratio")
}

// bases compares numbers in a base. Where only one side names its base, the
// digits may be the same, or the value.
func (d *decision) bases(g, a *node) Result {
	if g.Op == mathexpr.OpBase && a.Op == mathexpr.OpBase {
		if g.Num.Val.Cmp(a.Num.Val) == 0 {
			return equalBy("the same number")
		}
		return different("another number")
	}
	b, other := g, a
	if a.Op == mathexpr.OpBase {
		b, other = a, g
	}
	if v, ok := d.exact(other, nil); ok && v.IsInt() && v.Num().String() == strings.TrimLeft(b.Name, "0") {
		return equalBy("the same digits; one side leaves out the base")
	}
	return d.expressions(g, a)
}
