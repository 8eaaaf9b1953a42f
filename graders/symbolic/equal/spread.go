package equal

import (
	"math"
	"math/big"
	"math/cmplx"
	"slices"
	"strings"

	"github.com/rftgrader/rftgrader/graders/symbolic/equal/mathexpr"
)

// points is how many points every comparison tries: positive ones, negative and
// mixed ones, of moderate size.
const points = 9

// A place is a kind of points: the sizes of the variables, and their signs,
// where the bit of a variable is set if it is negative.
type place struct {
	low, high float64
	signs     uint
	step      float64 // if not 0, what the values are multiples of
	falling   bool    // the first variable is the largest
}

// A spread has the points that tell expressions apart which agree around 0:
// all combinations of signs, whole numbers, very small and very large values.
type spread struct {
	names  []string
	places []place
}

// widely returns points that reach beyond every number that is written.
func widely(rough, counts bool, ns ...*node) *spread {
	var w spread
	far := 2000.0
	for _, n := range ns {
		n.Any(func(m *node) bool {
			if m.Op == mathexpr.OpSym && len(w.names) < 16 && !slices.Contains(w.names, m.Name) {
				w.names = append(w.names, m.Name)
			}
			if m.Op == mathexpr.OpNum {
				if f, _ := m.Num.Val.Float64(); math.Abs(f) < 1e12 {
					far = max(far, 2.5*math.Abs(f))
				}
			}
			return false
		})
	}
	slices.Sort(w.names)
	const all = math.MaxUint
	w.places = append(w.places,
		place{low: 1e-3, high: 2e-3}, place{low: 1e-3, high: 3e-3, signs: all},
		place{low: 20, high: 80, signs: 2})
	if !counts {
		w.places = append(w.places, place{low: far, high: 1.5 * far, falling: true})
	}
	if !rough {
		return &w
	}
	pieces := slices.ContainsFunc(ns, piecewise)
	patterns := uint(1) << min(len(w.names), 3)
	for i := range patterns {
		// The fourth variable has the sign of the first, and so on.
		signs := i | i<<3 | i<<6 | i<<9 | i<<12
		w.places = append(w.places, place{low: 0.3, high: 3, signs: signs, falling: i%2 == 1})
		if i >= 4 {
			continue
		}
		if !counts {
			w.places = append(w.places, place{low: far, high: 1.5 * far, signs: signs})
		}
		if pieces {
			w.places = append(w.places,
				place{low: 20, high: 80, signs: signs, falling: i%2 == 0},
				place{low: 1, high: 9, signs: signs, step: 1, falling: i%2 == 1},
				place{low: 1, high: 9, signs: signs, step: 0.5, falling: i%2 == 0})
		}
	}
	return &w
}

// at returns the value of a variable at a point of the spread.
func (w *spread) at(index int, name string, u float64, whole bool) float64 {
	p := w.places[index]
	rank := max(0, slices.Index(w.names, name))
	order := rank
	if p.falling {
		order = len(w.names) - 1 - rank
	}
	// Each variable has its own part of the range, so that they come in order.
	x := p.low + (p.high-p.low)*(float64(order)+0.1+0.8*u)/float64(max(1, len(w.names)))
	switch {
	case whole:
		return math.Ceil(x)
	case p.step != 0:
		x = math.Max(p.low, math.Round(x/p.step)*p.step)
		if p.step < 1 && x == math.Trunc(x) {
			x += p.step
		}
	}
	if p.signs>>(rank%15)&1 == 1 {
		x = -x
	}
	return x
}

// rough reports whether an expression has parts that are not analytic, so that
// agreement around one point says little of other points.
func rough(n *node) bool {
	return n.Any(func(m *node) bool {
		switch m.Op {
		case mathexpr.OpPow:
			b, e := m.Args[0], m.Args[1]
			if b.Op == mathexpr.OpConst && b.Name == "e" || b.Op == mathexpr.OpNum && b.Num.Val.Sign() > 0 {
				return false
			}
			if e.Op == mathexpr.OpNeg {
				e = e.Args[0]
			}
			return e.Op != mathexpr.OpNum || !e.Num.Val.IsInt()
		case mathexpr.OpCall:
			switch m.Name {
			case "sin", "cos", "tan", "cot", "sec", "csc", "sinh", "cosh", "tanh", "coth", "sech", "csch", "atan", "asinh":
				return false
			}
			return true
		}
		return false
	})
}

// piecewise reports whether an expression has parts that go by cases.
func piecewise(n *node) bool {
	return n.Any(func(m *node) bool {
		if m.Op != mathexpr.OpCall {
			return false
		}
		switch m.Name {
		case "sqrt", "root", "ln", "log", "sin", "cos", "tan", "cot", "sec", "csc", "asin", "acos", "atan":
			return false
		}
		return true
	})
}

// numeric reports whether an expression has parts that are evaluated by
// differences or quadrature, or not at all.
func numeric(n *node) bool {
	return n.Any(func(m *node) bool {
		switch m.Op {
		case mathexpr.OpIntegral, mathexpr.OpLimit, mathexpr.OpDeriv, mathexpr.OpApply, mathexpr.OpText, mathexpr.OpVector, mathexpr.OpDomain:
			return true
		}
		return false
	})
}

func counting(n *node) bool {
	return n.Any(func(m *node) bool { return m.Op == mathexpr.OpSum || m.Op == mathexpr.OpProd })
}

// divisors reports whether there is a greatest common divisor or a least common
// multiple, which is that of polynomials where it has variables.
func divisors(n *node) bool {
	return n.Any(func(m *node) bool { return m.Op == mathexpr.OpCall && (m.Name == "gcd" || m.Name == "lcm") })
}

// variable returns the value of a variable at the point.
func (s *sampler) variable(name string) value {
	if v, ok := s.lookup(name); ok {
		return v
	}
	if z, ok := strings.CutPrefix(name, "bar "); ok && s.planar && isPlanar(z) {
		v := s.variable(z)
		return value{cmplx.Conj(v.v), v.e}
	}
	if base, index, ok := strings.Cut(name, "_"); ok && len(s.env) > 0 {
		// The term of a sequence whose index is bound.
		if v, ok := s.lookup(strings.Trim(index, "{}")); ok {
			s.opaque = true
			return s.hashed(base+"_", []value{v})
		}
	}
	h := point(name, byte(16+s.index))
	if s.seed != 0 {
		h = mix(h^s.seed) % prime
	}
	u := float64(h>>8) / float64(prime>>8) // from 0 to 1
	if s.planar && isPlanar(name) {
		angle := 2 * math.Pi * float64(h&0xffff) / 0x10000
		return of(cmplx.Rect(0.2+(1+float64(s.index))*u, angle))
	}
	if s.index >= points {
		return value{v: complex(s.spread.at(s.index-points, name, u, s.integers[name]), 0)}
	}
	if s.integers[name] {
		n := 2 + s.index + int(h%3)*points
		if s.index >= 6 {
			n = 1 + s.index%3
		}
		return value{v: complex(float64(n), 0)}
	}
	var x float64
	switch s.index {
	case 0:
		x = 0.1 + 0.8*u
	case 1:
		x = 1 + 2*u
	case 2:
		x = 2 + 5*u
	case 3:
		x = -1 + 2*u
	case 4:
		x = -5 + 10*u
	case 5:
		x = -0.2 - 3*u
	case 6:
		x = 0.3 + 1.5*u
	case 7:
		x = 4 + 9*u
	default:
		if s.complex {
			return of(complex(0.3+u, 0.2+float64(h&0xffff)/0xffff))
		}
		x = -4 - 3*u
	}
	return value{v: complex(x, 0)}
}

// confirmAt compares two expressions at a rational point, exactly or with 200
// bits.
func (d *decision) confirmAt(g, a *node, s *sampler) (same, known bool) {
	if s.planar || counting(g) || counting(a) || numeric(g) || numeric(a) || divisors(g) || divisors(a) {
		return false, false
	}
	for _, low := range [...]int64{128, 16} {
		values := map[string]*node{}
		set := func(n *node) *node { return substitute(n, values, s, low) }
		x, y := set(g), set(a)
		v, ok1 := d.exact(x, nil)
		w, ok2 := d.exact(y, nil)
		if ok1 && ok2 {
			return v.Cmp(w) == 0, true
		}
		if same, known := d.confirm(x, y); known {
			return same, true
		}
	}
	return false, false
}

// substitute puts numbers for the variables: between low/128 and low/64.
func substitute(n *node, values map[string]*node, s *sampler, low int64) *node {
	if n == nil {
		return nil
	}
	if n.Op == mathexpr.OpSym {
		v, ok := values[n.Name]
		if !ok {
			h := int64(mix(point(n.Name, 128)^s.seed)>>1) % max(low, -low)
			if low < 0 {
				h = -h
			}
			r := big.NewRat(low+h, 128)
			if s.integers[n.Name] {
				r = big.NewRat(2+h%7, 1)
			}
			v = &node{Op: mathexpr.OpNum, Num: &mathexpr.Number{Val: r}}
			values[n.Name] = v
		}
		return v
	}
	if len(n.Args) == 0 {
		return n
	}
	c := *n
	c.Args = make([]*node, len(n.Args))
	for i, a := range n.Args {
		c.Args[i] = substitute(a, values, s, low)
	}
	return &c
}
