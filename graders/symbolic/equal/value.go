package equal

import (
	"math"
	"math/cmplx"

	"github.com/rftgrader/rftgrader/graders/symbolic/equal/mathexpr"
)

// epsilon is the relative error of one operation on complex numbers.
const epsilon = 4 * 2.220446049250313e-16

// A value is a complex number and a bound of its error.
type value struct {
	v complex128
	e float64
}

func (x value) bad() bool {
	return cmplx.IsNaN(x.v) || cmplx.IsInf(x.v) || math.IsNaN(x.e) || math.IsInf(x.e, 0)
}

func nan() value { return value{v: cmplx.NaN()} }

func of(v complex128) value { return value{v, epsilon * cmplx.Abs(v)} }

func real1(f float64) value { return value{complex(f, 0), epsilon * math.Abs(f)} }

// A sampler evaluates expressions at one point.
type sampler struct {
	*work
	index    int             // which point
	complex  bool            // roots and logarithms of negative numbers have values
	planar   bool            // z is a complex number
	integers map[string]bool // variables that stand for whole numbers
	opaque   bool            // something was only compared by its parts
	crude    bool            // a disc needs no analytic function, only a bound
	seed     uint64          // moves the points, so that nobody knows them beforehand
	spread   *spread         // the points beyond the first ones
	env      []binding
}

type binding struct {
	name string
	v    value
}

func (s *sampler) lookup(name string) (value, bool) {
	for i := len(s.env) - 1; i >= 0; i-- {
		if s.env[i].name == name {
			return s.env[i].v, true
		}
	}
	return value{}, false
}

func (s *sampler) eval(n *node) value {
	if n == nil || !s.step() {
		return nan()
	}
	switch n.Op {
	case mathexpr.OpNum, mathexpr.OpBase:
		f, _ := n.Num.Val.Float64()
		return real1(f)
	case mathexpr.OpSym:
		return s.variable(n.Name)
	case mathexpr.OpConst:
		if v, ok := s.lookup(n.Name); ok {
			return v
		}
		switch n.Name {
		case "pi":
			return real1(math.Pi)
		case "e":
			return real1(math.E)
		case "i":
			return value{v: 1i}
		}
		return nan()
	case mathexpr.OpNeg:
		x := s.eval(n.Args[0])
		return value{-x.v, x.e}
	case mathexpr.OpPercent:
		return mul(s.eval(n.Args[0]), real1(0.01))
	case mathexpr.OpDegree:
		return mul(s.eval(n.Args[0]), real1(math.Pi/180))
	case mathexpr.OpAdd:
		sum := value{}
		for _, a := range n.Args {
			sum = add(sum, s.eval(a))
		}
		return sum
	case mathexpr.OpMul:
		product := value{v: 1}
		for _, a := range n.Args {
			product = mul(product, s.eval(a))
		}
		return product
	case mathexpr.OpDiv:
		return div(s.eval(n.Args[0]), s.eval(n.Args[1]))
	case mathexpr.OpRatio:
		if len(n.Args) == 2 {
			return div(s.eval(n.Args[0]), s.eval(n.Args[1]))
		}
	case mathexpr.OpPow:
		return s.power(n)
	case mathexpr.OpCall:
		return s.call(n)
	case mathexpr.OpApply:
		return s.apply(n)
	case mathexpr.OpSum, mathexpr.OpProd:
		return s.series(n)
	case mathexpr.OpIntegral:
		return s.integral(n)
	case mathexpr.OpLimit:
		return s.limit(n)
	case mathexpr.OpDeriv:
		return s.derivative(n)
	case mathexpr.OpUnit:
		if n.Args[0] != nil {
			if u := parseUnit(n.Name); u.known {
				// Inside of an expression a unit is a factor of its own.
				return mul(s.eval(n.Args[0]), s.hashed("unit "+n.Name, nil))
			}
			return s.eval(n.Args[0])
		}
	case mathexpr.OpVector, mathexpr.OpText, mathexpr.OpDomain:
		return s.hashed(n.Op.String()+n.Name, nil)
	}
	return nan()
}

func add(a, b value) value {
	v := a.v + b.v
	return value{v, a.e + b.e + epsilon*cmplx.Abs(v)}
}

func mul(a, b value) value {
	v := a.v * b.v
	if math.IsInf(a.e, 0) || math.IsInf(b.e, 0) {
		return nan()
	}
	return value{v, cmplx.Abs(a.v)*b.e + cmplx.Abs(b.v)*a.e + epsilon*cmplx.Abs(v)}
}

func div(a, b value) value {
	d := cmplx.Abs(b.v)
	if d <= 2*b.e || d == 0 {
		return nan()
	}
	v := a.v / b.v
	return value{v, (a.e+cmplx.Abs(v)*b.e)/d + epsilon*cmplx.Abs(v)}
}

// isReal reports whether x is a real number as far as its error shows.
func (x value) isReal() bool { return math.Abs(imag(x.v)) <= 4*x.e || imag(x.v) == 0 }

// power raises to a power. Odd roots of negative numbers are the real ones, as
// school has it; other powers have their principal values.
func (s *sampler) power(n *node) value {
	a := s.eval(n.Args[0])
	if a.bad() {
		return nan()
	}
	e, ok := s.exact(n.Args[1], nil)
	if ok && e.IsInt() && e.Num().IsInt64() {
		return intPower(a, e.Num().Int64())
	}
	if ok && a.isReal() && real(a.v) < 0 && e.Denom().IsInt64() && e.Denom().Bit(0) == 1 {
		f, _ := e.Float64()
		v := math.Pow(-real(a.v), f)
		if e.Num().Bit(0) == 1 {
			v = -v
		}
		return value{complex(v, 0), math.Abs(v) * (math.Abs(f)*a.e/math.Abs(real(a.v)) + 4*epsilon)}
	}
	b := s.eval(n.Args[1])
	if b.bad() {
		return nan()
	}
	if b.isReal() && real(b.v) == math.Trunc(real(b.v)) && math.Abs(real(b.v)) < maxExponent && b.e <= 64*epsilon*math.Abs(real(b.v)) {
		return intPower(a, int64(real(b.v)))
	}
	return s.generalPower(a, b)
}

func intPower(a value, k int64) value {
	if k > maxExponent || k < -maxExponent {
		return nan()
	}
	if k < 0 {
		return div(value{v: 1}, intPower(a, -k))
	}
	if k == 0 {
		if a.v == 0 {
			return nan()
		}
		return value{v: 1}
	}
	r := value{v: 1}
	for ; k > 0; k >>= 1 {
		if k&1 == 1 {
			r = mul(r, a)
		}
		if k > 1 {
			a = mul(a, a)
		}
	}
	return r
}

func (s *sampler) generalPower(a, b value) value {
	if a.v == 0 {
		if real(b.v) > 0 && b.isReal() {
			return value{}
		}
		return nan()
	}
	if !s.complex && (real(a.v) < 0 || !a.isReal()) {
		return nan()
	}
	if a.isReal() && b.isReal() && real(a.v) > 0 {
		v := math.Pow(real(a.v), real(b.v))
		l := math.Log(real(a.v))
		return value{complex(v, 0), math.Abs(v) * (math.Abs(real(b.v))*a.e/real(a.v) + math.Abs(l)*b.e + epsilon*(1+math.Abs(real(b.v)*l)))}
	}
	l := cmplx.Log(a.v)
	v := cmplx.Exp(b.v * l)
	return value{v, cmplx.Abs(v) * (cmplx.Abs(b.v)*a.e/cmplx.Abs(a.v) + cmplx.Abs(l)*b.e + epsilon*(1+cmplx.Abs(b.v*l)))}
}

// apply evaluates a function that nobody defined: equal arguments give equal
// values, and nothing else is known of it.
func (s *sampler) apply(n *node) value {
	s.opaque = true
	var buf [4]value
	args := buf[:0]
	for _, a := range n.Args {
		x := s.eval(a)
		if x.bad() {
			return nan()
		}
		args = append(args, x)
	}
	return s.hashed(n.Name, args)
}

// hashed returns a number that depends on a name and values, which count to
// some nine digits.
func (s *sampler) hashed(name string, args []value) value {
	h := point(name, 64)
	for _, a := range args {
		h = addmod(mulmod(h, 0x1d872b41f3c5), round(real(a.v)))
		h = addmod(mulmod(h, 0x1d872b41f3c5), round(imag(a.v)))
	}
	h = mulmod(h, h)
	return value{v: complex(0.5+2*float64(h>>8)/float64(prime>>8), 0)}
}

func round(f float64) uint64 {
	if math.Abs(f) < 1e-9 {
		return 0
	}
	m, e := math.Frexp(f)
	return uint64(int64(math.Round(m*(1<<30)))+1<<31)*4099 + uint64(e+2000)
}
