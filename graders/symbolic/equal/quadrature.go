package equal

import (
	"math"
	"math/cmplx"

	"github.com/rftgrader/rftgrader/graders/symbolic/equal/mathexpr"
)

// maxPieces is how many parts an interval of integration is cut into.
const maxPieces = 112

// gaussRule returns half of the nodes and the weights of the Gauss-Legendre rule
// with 16 points.
// Source: Abramowitz and Stegun, Handbook of Mathematical Functions, table 25.4.
func gaussRule() (x, w [8]float64) {
	return [8]float64{0.0950125098376374, 0.2816035507792589, 0.4580167776572274, 0.6178762444026438, 0.7554044083550030, 0.8656312023878318, 0.9445750230732326, 0.9894009349916499},
		[8]float64{0.1894506104550685, 0.1826034150449236, 0.1691565193950025, 0.1495959888165767, 0.1246289712555339, 0.0951585116824928, 0.0622535239386479, 0.0271524594117541}
}

// quadrature integrates from a to b with a bound of the error: a narrow peak
// between the nodes cannot hide. On a piece with the half-width h the rule is
// wrong by at most 64/15 M r^-30/(1-r^-2) h, where M bounds the absolute value
// in an ellipse around the piece with the parameter r. The disc with the radius
// 2h holds the ellipse with r = 2+sqrt(3); pieces where the bound is too large, or
// the integrand not analytic, are halved. It returns false where that does
// not come to an end.
// Source: Trefethen, Approximation Theory and Approximation Practice, theorem 19.3.
func (s *sampler) quadrature(body *node, name string, a, b float64) (value, bool) {
	type piece struct{ mid, half float64 }
	const perUnit = 4e-17 // 64/15 r^-30/(1-r^-2)
	xs, ws := gaussRule()
	whole := math.Abs(b-a) / 2
	stack := []piece{{(a + b) / 2, (b - a) / 2}}
	sum, total, pieces := value{}, 0.0, 0
	// How large the integral may be, so that no work is spent where it is small.
	// Nothing depends on this guess but the work.
	guess := 0.0
	for _, t := range [...]float64{0.001, 0.17, 0.34, 0.5, 0.66, 0.83, 0.999} {
		s.env = append(s.env, binding{name, value{v: complex(a+(b-a)*t, 0)}})
		if y := s.eval(body); !y.bad() {
			guess = max(guess, cmplx.Abs(y.v)*whole/32)
		}
		s.env = s.env[:len(s.env)-1]
	}
	for len(stack) > 0 && s.steps >= 0 {
		p := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		h := math.Abs(p.half)
		if h <= 1e-14*whole {
			// Too narrow to matter, as long as it is bounded.
			s.crude = true
			x := s.disc(body, name, complex(p.mid, 0), h)
			s.crude = false
			if x.bad() {
				return sum, false
			}
			sum.e += 2 * h * (cmplx.Abs(x.v) + x.e)
			continue
		}
		x := s.disc(body, name, complex(p.mid, 0), 2*h)
		here := h * cmplx.Abs(x.v)
		if x.bad() || perUnit*h*(cmplx.Abs(x.v)+x.e) > 1e-14*max(guess, 10*(total+here)) {
			stack = append(stack, piece{p.mid + p.half/2, p.half / 2}, piece{p.mid - p.half/2, p.half / 2})
			if len(stack) > maxPieces {
				return sum, false
			}
			continue
		}
		if pieces++; pieces > maxPieces {
			return sum, false
		}
		sum.e += perUnit * h * (cmplx.Abs(x.v) + x.e)
		for i, x := range xs {
			for _, sign := range [...]float64{-1, 1} {
				s.env = append(s.env, binding{name, value{v: complex(p.mid+sign*p.half*x, 0)}})
				y := s.eval(body)
				s.env = s.env[:len(s.env)-1]
				if y.bad() {
					return sum, false
				}
				part := mul(y, real1(ws[i]*p.half))
				total += cmplx.Abs(part.v)
				sum = add(sum, part)
			}
		}
	}
	return sum, s.steps >= 0 && sum.e <= 1e-12*total
}

// disc evaluates an expression on a disc around c: all its values there are
// within e of v. It has no value where the expression is not analytic on the
// disc, as far as that can be shown, or not known.
func (s *sampler) disc(n *node, name string, c complex128, r float64) value {
	if n == nil || !s.step() {
		return nan()
	}
	if !contains(n, name) {
		return s.eval(n)
	}
	arg := func(i int) value { return s.disc(n.Args[i], name, c, r) }
	switch n.Op {
	case mathexpr.OpSym:
		return value{c, r}
	case mathexpr.OpNeg:
		x := arg(0)
		return value{-x.v, x.e}
	case mathexpr.OpAdd:
		sum := value{}
		for i := range n.Args {
			sum = add(sum, arg(i))
		}
		return sum
	case mathexpr.OpMul:
		product := value{v: 1}
		for i := range n.Args {
			product = mulDisc(product, arg(i))
		}
		return product
	case mathexpr.OpDiv:
		return divDisc(arg(0), arg(1))
	case mathexpr.OpPow:
		return s.powerDisc(n, name, c, r)
	case mathexpr.OpCall:
		if len(n.Args) == 1 {
			x := arg(0)
			if s.crude && !x.bad() && !rightHalf(x) {
				switch n.Name {
				case "sqrt":
					return value{e: math.Sqrt(cmplx.Abs(x.v) + x.e)}
				case "abs":
					return value{e: cmplx.Abs(x.v) + x.e}
				}
			}
			return callDisc(n.Name, x)
		}
		if n.Name == "root" && len(n.Args) == 2 && !contains(n.Args[1], name) {
			return expDisc(divDisc(logDisc(arg(0)), s.eval(n.Args[1])))
		}
		if n.Name == "log" && len(n.Args) == 2 {
			return divDisc(logDisc(arg(0)), logDisc(arg(1)))
		}
	}
	return nan()
}

func mulDisc(x, y value) value {
	v := mul(x, y)
	v.e += x.e * y.e
	return v
}

func divDisc(x, y value) value {
	a := cmplx.Abs(y.v)
	low := a - y.e
	if low <= 1e-12*a {
		return nan()
	}
	v := x.v / y.v
	return value{v, (x.e+cmplx.Abs(v)*y.e)/low + epsilon*cmplx.Abs(v)}
}

func expDisc(x value) value {
	v := cmplx.Exp(x.v)
	return value{v, cmplx.Abs(v) * (math.Expm1(x.e) + epsilon*(1+cmplx.Abs(x.v)))}
}

// rightHalf reports whether a disc is to the right of 0.
func rightHalf(x value) bool { return real(x.v) > x.e }

// logDisc keeps to the right of 0, where roots and logarithms are analytic.
func logDisc(x value) value {
	if x.bad() || !rightHalf(x) {
		return nan()
	}
	v := cmplx.Log(x.v)
	return value{v, -math.Log1p(-x.e/cmplx.Abs(x.v)) + epsilon*(1+cmplx.Abs(v))}
}

func sqrtDisc(x value) value {
	a := cmplx.Abs(x.v)
	if x.bad() || !rightHalf(x) {
		return nan()
	}
	v := cmplx.Sqrt(x.v)
	return value{v, x.e/math.Sqrt(a) + epsilon*cmplx.Abs(v)}
}

func (s *sampler) powerDisc(n *node, name string, c complex128, r float64) value {
	x := s.disc(n.Args[0], name, c, r)
	if e, ok := s.exact(n.Args[1], nil); ok && e.IsInt() && e.Num().IsInt64() {
		k := e.Num().Int64()
		if k > 4096 || k < -4096 || k == 0 {
			return nan()
		}
		p := value{v: 1}
		for m := max(k, -k); m > 0; m >>= 1 {
			if m&1 == 1 {
				p = mulDisc(p, x)
			}
			x = mulDisc(x, x)
		}
		if k < 0 {
			return divDisc(value{v: 1}, p)
		}
		return p
	}
	b := n.Args[0]
	if y := s.disc(n.Args[1], name, c, r); b.Op == mathexpr.OpConst && b.Name == "e" {
		return expDisc(y)
	} else {
		return expDisc(mulDisc(logDisc(x), y))
	}
}

func callDisc(name string, x value) value {
	if x.bad() {
		return nan()
	}
	one := value{v: 1}
	sine := func(sin bool) value {
		f, g := cmplx.Sin(x.v), cmplx.Cos(x.v)
		if !sin {
			f, g = g, f
		}
		return value{f, cmplx.Abs(f)*(math.Cosh(x.e)-1) + cmplx.Abs(g)*math.Sinh(x.e) + epsilon*(1+cmplx.Abs(x.v))*(1+cmplx.Abs(f))}
	}
	half := func(plus bool) value {
		p, m := expDisc(x), expDisc(value{-x.v, x.e})
		if !plus {
			m.v = -m.v
		}
		return mulDisc(add(p, m), value{v: 0.5})
	}
	switch name {
	case "sqrt":
		return sqrtDisc(x)
	case "ln", "log":
		return logDisc(x)
	case "abs":
		// On the real axis it is x or -x.
		switch {
		case rightHalf(x):
			return x
		case -real(x.v) > x.e:
			return value{-x.v, x.e}
		}
	case "sin":
		return sine(true)
	case "cos":
		return sine(false)
	case "tan":
		return divDisc(sine(true), sine(false))
	case "cot":
		return divDisc(sine(false), sine(true))
	case "sec":
		return divDisc(one, sine(false))
	case "csc":
		return divDisc(one, sine(true))
	case "sinh":
		return half(false)
	case "cosh":
		return half(true)
	case "tanh":
		return divDisc(half(false), half(true))
	case "atan":
		// The slope is 1/(1+x^2), and the cuts are beyond i and -i.
		if math.Abs(imag(x.v))+x.e >= 1 && math.Abs(real(x.v)) <= x.e {
			return nan()
		}
		slope := divDisc(one, add(one, mulDisc(x, x)))
		if slope.bad() {
			return nan()
		}
		return value{cmplx.Atan(x.v), x.e*(cmplx.Abs(slope.v)+slope.e) + 4*epsilon}
	}
	return nan()
}
