package equal

import (
	"math"
	"math/cmplx"
	"slices"

	"github.com/rftgrader/rftgrader/graders/symbolic/equal/mathexpr"
)

// call evaluates a known function.
func (s *sampler) call(n *node) value {
	switch n.Name {
	case "max", "min", "gcd", "lcm", "binom", "perm", "mod", "log", "root", "pmod":
		return s.several(n)
	}
	if len(n.Args) == 0 {
		return nan()
	}
	x := s.eval(n.Args[0])
	if x.bad() {
		return nan()
	}
	a := cmplx.Abs(x.v)
	r, isReal := real(x.v), x.isReal()
	if isReal {
		x.v = complex(r, 0)
	}
	switch n.Name {
	case "sqrt":
		return s.root(x, 2)
	case "abs":
		return value{complex(a, 0), x.e + epsilon*a}
	case "ln":
		return s.log(x)
	case "sin":
		return smooth(cmplx.Sin(x.v), cmplx.Cos(x.v), x)
	case "cos":
		return smooth(cmplx.Cos(x.v), cmplx.Sin(x.v), x)
	case "tan", "cot", "sec", "csc":
		sin, cos := smooth(cmplx.Sin(x.v), cmplx.Cos(x.v), x), smooth(cmplx.Cos(x.v), cmplx.Sin(x.v), x)
		one := value{v: 1}
		switch n.Name {
		case "tan":
			return div(sin, cos)
		case "cot":
			return div(cos, sin)
		case "sec":
			return div(one, cos)
		}
		return div(one, sin)
	case "sinh", "cosh", "tanh", "coth", "sech", "csch":
		ep, em := smooth(cmplx.Exp(x.v), cmplx.Exp(x.v), x), smooth(cmplx.Exp(-x.v), cmplx.Exp(-x.v), x)
		sh, ch := mul(add(ep, value{-em.v, em.e}), value{v: 0.5}), mul(add(ep, em), value{v: 0.5})
		one := value{v: 1}
		switch n.Name {
		case "sinh":
			return sh
		case "cosh":
			return ch
		case "tanh":
			return div(sh, ch)
		case "coth":
			return div(ch, sh)
		case "sech":
			return div(one, ch)
		}
		return div(one, sh)
	case "asin", "acos":
		if isReal && math.Abs(r) > 1 && math.Abs(r) <= 1+8*x.e {
			r = math.Copysign(1, r)
			x.v = complex(r, 0)
		}
		if !s.complex && (!isReal || math.Abs(r) > 1) {
			return nan()
		}
		d := cmplx.Abs(cmplx.Sqrt(1 - x.v*x.v))
		slack := x.e / math.Max(d, math.Sqrt(x.e)+1e-300)
		if n.Name == "asin" {
			return value{cmplx.Asin(x.v), slack + 4*epsilon}
		}
		return value{cmplx.Acos(x.v), slack + 4*epsilon}
	case "atan":
		return value{cmplx.Atan(x.v), x.e + 4*epsilon}
	case "acot":
		// The branch from 0 to pi.
		if !isReal {
			return nan()
		}
		return value{complex(math.Pi/2-math.Atan(r), 0), x.e + 4*epsilon}
	case "asec", "acsc":
		if x.v == 0 || !s.complex && (!isReal || math.Abs(r) < 1) {
			return nan()
		}
		inv := 1 / x.v
		if n.Name == "asec" {
			return value{cmplx.Acos(inv), 4*x.e + 4*epsilon}
		}
		return value{cmplx.Asin(inv), 4*x.e + 4*epsilon}
	case "asinh":
		return value{cmplx.Asinh(x.v), x.e + 4*epsilon}
	case "acosh":
		if !s.complex && (!isReal || r < 1) {
			return nan()
		}
		return value{cmplx.Acosh(x.v), 8*x.e + 8*epsilon}
	case "atanh":
		if !s.complex && (!isReal || math.Abs(r) >= 1) {
			return nan()
		}
		return value{cmplx.Atanh(x.v), 8*x.e + 8*epsilon}
	case "floor", "ceil":
		if !isReal {
			return nan()
		}
		if near := math.Round(r); math.Abs(r-near) <= 4*x.e {
			return value{v: complex(near, 0)}
		}
		if n.Name == "floor" {
			return value{v: complex(math.Floor(r), 0)}
		}
		return value{v: complex(math.Ceil(r), 0)}
	case "fact", "dfact":
		if !isReal || r < 0 || r > 170 {
			return nan()
		}
		if n.Name == "dfact" {
			v := 1.0
			for k := r; k > 1; k -= 2 {
				v *= k
			}
			return value{complex(v, 0), 200 * epsilon * v}
		}
		v := math.Gamma(r + 1)
		return value{complex(v, 0), (100*epsilon + 6*x.e) * v}
	case "sgn":
		if !isReal {
			return nan()
		}
		if math.Abs(r) <= x.e {
			return value{}
		}
		return value{v: complex(math.Copysign(1, r), 0)}
	case "arg":
		return value{complex(cmplx.Phase(x.v), 0), x.e/math.Max(a, 1e-300) + epsilon}
	case "Re":
		return value{complex(real(x.v), 0), x.e}
	case "Im":
		return value{complex(imag(x.v), 0), x.e}
	case "conj":
		return value{cmplx.Conj(x.v), x.e}
	}
	s.opaque = true
	return s.hashed(n.Name, []value{x})
}

// smooth is a function's value with its derivative for the error.
func smooth(v, slope complex128, x value) value {
	if cmplx.Abs(x.v) > 1e12 {
		return nan()
	}
	return value{v, cmplx.Abs(slope)*x.e + epsilon*(1+cmplx.Abs(v))}
}

func (s *sampler) log(x value) value {
	a := cmplx.Abs(x.v)
	if a <= x.e || a == 0 {
		return nan()
	}
	if x.isReal() && real(x.v) > 0 {
		return value{complex(math.Log(real(x.v)), 0), x.e/a + epsilon*(1+math.Abs(math.Log(a)))}
	}
	if !s.complex {
		return nan()
	}
	return value{cmplx.Log(x.v), x.e/a + epsilon*(4+math.Abs(math.Log(a)))}
}

func (s *sampler) root(x value, k int64) value {
	if k < 1 || k > 1000 {
		return nan()
	}
	a := cmplx.Abs(x.v)
	if a == 0 {
		return value{}
	}
	f := 1 / float64(k)
	if x.isReal() {
		r := real(x.v)
		if r < 0 && math.Abs(r) <= 4*x.e {
			return value{0, math.Pow(4*x.e, f)}
		}
		if r > 0 || k%2 == 1 {
			v := math.Copysign(math.Pow(a, f), r)
			return value{complex(v, 0), math.Abs(v) * (f*x.e/a + 2*epsilon)}
		}
	}
	if !s.complex {
		return nan()
	}
	v := cmplx.Pow(x.v, complex(f, 0))
	if k == 2 {
		v = cmplx.Sqrt(x.v)
	}
	return value{v, cmplx.Abs(v) * (f*x.e/a + 4*epsilon)}
}

// several evaluates functions of more than one argument.
func (s *sampler) several(n *node) value {
	var buf [4]value
	args := buf[:0]
	allReal := true
	for _, a := range n.Args {
		x := s.eval(a)
		if x.bad() {
			return nan()
		}
		allReal = allReal && x.isReal()
		args = append(args, x)
	}
	if len(args) == 0 {
		return nan()
	}
	switch x := args[0]; n.Name {
	case "log":
		if len(args) == 1 {
			return s.log(x)
		}
		return div(s.log(x), s.log(args[1]))
	case "root":
		if len(args) < 2 || !args[1].isReal() {
			return nan()
		}
		k := real(args[1].v)
		if k == math.Trunc(k) && k >= 1 && k <= 1000 {
			return s.root(x, int64(k))
		}
		if k == 0 {
			return nan()
		}
		return s.generalPower(x, div(value{v: 1}, args[1]))
	case "max", "min":
		if !allReal {
			return nan()
		}
		for _, y := range args[1:] {
			if (real(y.v) > real(x.v)) == (n.Name == "max") {
				x = y
			}
		}
		return x
	case "mod":
		if !allReal || len(args) < 2 || real(args[1].v) == 0 {
			return nan()
		}
		m := real(args[1].v)
		q := real(x.v) / m
		f := math.Floor(q)
		if near := math.Round(q); math.Abs(q-near) < 1e-13*math.Max(1, math.Abs(q)) {
			f = near
		}
		return value{complex(real(x.v)-f*m, 0), x.e + math.Abs(f)*args[1].e + epsilon*math.Abs(real(x.v))}
	case "pmod":
		s.opaque = true
		return s.hashed("pmod", args)
	case "binom", "perm":
		return s.binomial(n, args)
	case "gcd", "lcm":
		return s.divisor(n, args)
	}
	return nan()
}

func (s *sampler) binomial(n *node, args []value) value {
	if len(args) < 2 || !args[0].isReal() || !args[1].isReal() {
		return nan()
	}
	top, k := real(args[0].v), real(args[1].v)
	if n.Name == "binom" && k == math.Trunc(k) && k > 0 && top == math.Trunc(top) && top >= k {
		k = math.Min(k, top-k)
	}
	if k != math.Trunc(k) || k < 0 || k > 200 {
		g := func(x float64) float64 { return math.Gamma(x + 1) }
		v := g(top) / g(top-k)
		if n.Name == "binom" {
			v /= g(k)
		}
		return value{complex(v, 0), 1e-12 * math.Abs(v)}
	}
	r := value{v: 1}
	for i := range int(k) {
		r = mul(r, add(args[0], value{v: complex(-float64(i), 0)}))
		if n.Name == "binom" {
			r = mul(r, real1(1/float64(i+1)))
		}
	}
	return r
}

// divisor evaluates a greatest common divisor whose arguments are no numbers.
// In x, y and z it is that of polynomials, as far as they are products; other
// variables stand for whole numbers, of which nothing can be said.
func (s *sampler) divisor(n *node, args []value) value {
	if m, ok := s.monomials(n); ok {
		return s.eval(m)
	}
	s.opaque = true
	// The order of the arguments does not matter.
	sum, product := value{}, value{v: 1}
	for i, x := range args {
		same := false
		for _, y := range args[:i] {
			same = same || cmplx.Abs(x.v-y.v) <= 1e-12*(1+cmplx.Abs(x.v))
		}
		if same {
			continue
		}
		sum, product = add(sum, x), mul(product, x)
	}
	if cmplx.Abs(sum.v-args[0].v) <= 1e-12*(1+cmplx.Abs(sum.v)) {
		return args[0]
	}
	return s.hashed(n.Name, []value{sum, product})
}

// series evaluates a sum or a product with whole numbers for bounds. Others
// are compared by their parts.
func (s *sampler) series(n *node) value {
	body, v, from, to := n.Args[0], n.Args[1], n.Args[2], n.Args[3]
	if v == nil {
		s.opaque = true
		return s.hashed(n.Op.String(), []value{s.eval(body)})
	}
	if from != nil && to != nil {
		a, b := s.eval(from), s.eval(to)
		lo, hi := real(a.v), real(b.v)
		if !a.bad() && !b.bad() && a.isReal() && b.isReal() && lo == math.Trunc(lo) && hi == math.Trunc(hi) && hi-lo < maxLoop && hi >= lo-1 {
			r := value{}
			if n.Op == mathexpr.OpProd {
				r.v = 1
			}
			for k := lo; k <= hi; k++ {
				s.env = append(s.env, binding{v.Name, value{v: complex(k, 0)}})
				x := s.eval(body)
				s.env = s.env[:len(s.env)-1]
				if n.Op == mathexpr.OpProd {
					r = mul(r, x)
				} else {
					r = add(r, x)
				}
				if r.bad() {
					return nan()
				}
			}
			return r
		}
	}
	return s.parts(n.Op.String(), body, v, from, to)
}

// parts gives equal values to operations whose parts are equal, whatever the
// name of the bound variable is.
func (s *sampler) parts(name string, body, v, from, to *node) value {
	s.opaque = true
	var args []value
	for _, b := range []*node{from, to} {
		switch {
		case b == nil:
			args = append(args, value{v: 0.123})
		case isInfinite(b) != 0:
			args = append(args, value{v: complex(1e300*float64(isInfinite(b)), 0)})
		default:
			args = append(args, s.eval(b))
		}
	}
	values := 0
	for _, at := range s.insides(name, from, to) {
		if v != nil {
			s.env = append(s.env, binding{v.Name, value{v: complex(at, 0)}})
		}
		x := s.eval(body)
		if v != nil {
			s.env = s.env[:len(s.env)-1]
		}
		if x.bad() {
			x = value{v: 0.777} // outside of the domain
		} else {
			values++
		}
		args = append(args, x)
	}
	if values < 2 {
		return nan()
	}
	for _, a := range args {
		if a.bad() {
			return nan()
		}
	}
	return s.hashed(name, args)
}

// insides returns where the body of an operation is compared: at whole numbers
// for sums and products, and else at points between its bounds, where it has
// some. They depend on both sides of the comparison, so that no term can be made
// to vanish at all of them.
func (s *sampler) insides(name string, from, to *node) [5]float64 {
	var out [5]float64
	random := func(i int) uint64 { return mix(s.seed ^ uint64(97*i+s.index)) }
	if name == mathexpr.OpSum.String() || name == mathexpr.OpProd.String() {
		first := 1.0
		if from != nil {
			if a := s.eval(from); !a.bad() && a.isReal() && math.Abs(real(a.v)) < 1e6 {
				first = math.Ceil(real(a.v))
			}
		}
		for i := range out {
			out[i] = first + float64(6*i) + float64(random(i)%6)
		}
		return out
	}
	u := func(i int) float64 { return float64(random(i)>>11) / (1 << 53) }
	if from != nil && to != nil && isInfinite(from) == 0 && isInfinite(to) == 0 && name == "integral" {
		a, b := s.eval(from), s.eval(to)
		if !a.bad() && !b.bad() && a.isReal() && b.isReal() && a.v != b.v {
			for i := range out {
				out[i] = real(a.v) + (real(b.v)-real(a.v))*(float64(i)+u(i))/float64(len(out))
			}
			return out
		}
	}
	return [...]float64{0.1 + 0.8*u(0), 1 + 2*u(1), 3 + 6*u(2), -0.5 - 2*u(3), 15 + 20*u(4)}
}

// isInfinite returns 1, -1 or 0.
func isInfinite(n *node) int {
	switch {
	case n == nil:
	case n.Op == mathexpr.OpConst && n.Name == "inf":
		return 1
	case n.Op == mathexpr.OpNeg:
		return -isInfinite(n.Args[0])
	case n.Op == mathexpr.OpPercent || n.Op == mathexpr.OpUnit:
		return isInfinite(n.Args[0])
	}
	return 0
}

// limit evaluates a limit of something that its variable is not in; others are
// compared by their parts.
func (s *sampler) limit(n *node) value {
	body, v, to := n.Args[0], n.Args[1], n.Args[2]
	if !contains(body, v.Name) {
		return s.eval(body)
	}
	return s.parts("limit"+n.Name, body, v, nil, to)
}

func contains(n *node, name string) bool {
	return n.Any(func(m *node) bool {
		return (m.Op == mathexpr.OpSym || m.Op == mathexpr.OpConst) && m.Name == name
	})
}

// derivative compares a derivative that was not carried out by its parts.
func (s *sampler) derivative(n *node) value {
	v := n.Args[1]
	return s.parts("deriv", n.Args[0], v, mathexpr.Int(int64(n.Count)), s.asNode(v))
}

func (s *sampler) asNode(v *node) *node { return mathexpr.Sym(v.Name) }

// integral evaluates a definite integral over a bounded interval numerically.
// Others are compared by their parts.
func (s *sampler) integral(n *node) value {
	body, v, from, to := n.Args[0], n.Args[1], n.Args[2], n.Args[3]
	if v == nil {
		// Without a differential, it is over x, or over the only variable.
		vs := variables(body)
		switch {
		case slices.Contains(vs, "x"):
			v = mathexpr.Sym("x")
		case len(vs) == 1:
			v = mathexpr.Sym(vs[0])
		}
	}
	if from == nil || to == nil || v == nil || isInfinite(from) != 0 || isInfinite(to) != 0 {
		return s.parts("integral", body, v, from, to)
	}
	a, b := s.eval(from), s.eval(to)
	if a.bad() || b.bad() || !a.isReal() || !b.isReal() {
		return nan()
	}
	x, ok := s.quadrature(body, v.Name, real(a.v), real(b.v))
	if !ok {
		return s.parts("integral", body, v, from, to)
	}
	// What the bounds are wrong by counts with the values there.
	for _, bound := range [...]value{a, b} {
		s.env = append(s.env, binding{v.Name, bound})
		y := s.eval(body)
		s.env = s.env[:len(s.env)-1]
		if !y.bad() {
			x.e += bound.e * (cmplx.Abs(y.v) + y.e)
		} else {
			x.e += bound.e
		}
	}
	return x
}
