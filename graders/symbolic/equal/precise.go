package equal

import (
	"math"
	"math/big"
	"math/bits"

	"github.com/rftgrader/rftgrader/graders/symbolic/equal/mathexpr"
)

// precision is how many bits the confirmation works with.
const precision = 200

// A precise number is real, with a bound of its error: 2^err.
type precise struct {
	v   *big.Float
	err int
}

func newFloat() *big.Float { return new(big.Float).SetPrec(precision) }

func floatOf(f float64) *big.Float { return newFloat().SetFloat64(f) }

// exponentOf returns e with |x| < 2^e, and a very small number for 0.
func exponentOf(x *big.Float) int {
	if x.Sign() == 0 {
		return -1 << 30
	}
	return x.MantExp(nil)
}

// settled adds the rounding of one operation to an error.
func settled(v *big.Float, err int) (precise, bool) {
	if e := exponentOf(v); v.IsInf() || e > 1<<28 || e < -1<<28 && v.Sign() != 0 {
		return precise{}, false
	}
	return precise{v, max(err, exponentOf(v)-precision) + 2}, true
}

// confirm compares two real constants with 200 bits. It returns false in known
// where one of them is not one that it can compute.
func (w *work) confirm(a, b *node) (same, known bool) {
	x, ok := w.precise(a)
	if !ok {
		return false, false
	}
	y, ok := w.precise(b)
	if !ok {
		return false, false
	}
	d := newFloat().Sub(x.v, y.v)
	limit := max(x.err, y.err) + 4
	if limit > max(exponentOf(x.v), exponentOf(y.v))-120 && d.Sign() != 0 && exponentOf(d) <= limit {
		// Too much was cancelled to be sure, unless both are 0 as far as can be seen.
		return exponentOf(x.v) <= limit && exponentOf(y.v) <= limit, exponentOf(x.v) <= limit && exponentOf(y.v) <= limit && limit < -100
	}
	return exponentOf(d) <= limit, true
}

func (w *work) precise(n *node) (precise, bool) {
	if n == nil || !w.pay(12) {
		return precise{}, false
	}
	if v, ok := w.exact(n, nil); ok {
		return settled(newFloat().SetRat(v), -1<<30)
	}
	switch n.Op {
	case mathexpr.OpConst:
		switch n.Name {
		case "pi":
			return settled(piFloat(), -1<<30)
		case "e":
			return expFloat(precise{floatOf(1), -1 << 30})
		}
	case mathexpr.OpNeg:
		x, ok := w.precise(n.Args[0])
		if !ok {
			return x, false
		}
		return precise{newFloat().Neg(x.v), x.err}, true
	case mathexpr.OpDegree:
		x, ok := w.precise(n.Args[0])
		if !ok {
			return x, false
		}
		v := newFloat().Mul(x.v, piFloat())
		return settled(v.Quo(v, floatOf(180)), x.err)
	case mathexpr.OpAdd:
		return w.preciseSum(n)
	case mathexpr.OpMul:
		product := precise{floatOf(1), -1 << 30}
		for _, a := range n.Args {
			x, ok := w.precise(a)
			if !ok {
				return x, false
			}
			if product, ok = mulPrecise(product, x); !ok {
				return product, false
			}
		}
		return product, true
	case mathexpr.OpDiv:
		x, ok := w.precise(n.Args[0])
		if !ok {
			return x, false
		}
		y, ok := w.precise(n.Args[1])
		if !ok {
			return y, false
		}
		return quoPrecise(x, y)
	case mathexpr.OpPow:
		return w.precisePower(n)
	case mathexpr.OpSum, mathexpr.OpProd:
		return w.preciseSeries(n)
	case mathexpr.OpCall:
		return w.preciseCall(n)
	}
	return precise{}, false
}

// preciseSeries writes out sums and products of few terms.
func (w *work) preciseSeries(n *node) (precise, bool) {
	const maxTerms = 64
	v := n.Args[1]
	if v == nil || v.Op != mathexpr.OpSym || n.Args[0].Any(binds) {
		return precise{}, false
	}
	from, ok1 := w.exact(n.Args[2], nil)
	to, ok2 := w.exact(n.Args[3], nil)
	if !ok1 || !ok2 || !from.IsInt() || !to.IsInt() || !from.Num().IsInt64() || !to.Num().IsInt64() {
		return precise{}, false
	}
	lo, hi := from.Num().Int64(), to.Num().Int64()
	if hi < lo || hi > lo+maxTerms {
		return precise{}, false
	}
	all := mathexpr.Of(mathexpr.OpAdd)
	if n.Op == mathexpr.OpProd {
		all = mathexpr.Of(mathexpr.OpMul)
	}
	for k := lo; k <= hi; k++ {
		all.Args = append(all.Args, substituteOne(n.Args[0], v.Name, mathexpr.Int(k)))
	}
	return w.precise(all)
}

// preciseSum adds up terms. Of n terms, each with an error of 2^e at most and
// each addition with one as well, the error is 2n times that.
func (w *work) preciseSum(n *node) (precise, bool) {
	sum, worst := newFloat(), -1<<30
	for _, a := range n.Args {
		x, ok := w.precise(a)
		if !ok {
			return x, false
		}
		sum.Add(sum, x.v)
		worst = max(worst, x.err, exponentOf(x.v)-precision, exponentOf(sum)-precision)
	}
	return settled(sum, worst+bits.Len(uint(len(n.Args)))+1)
}

func mulPrecise(x, y precise) (precise, bool) {
	return settled(newFloat().Mul(x.v, y.v), max(x.err+exponentOf(y.v), y.err+exponentOf(x.v)))
}

func quoPrecise(x, y precise) (precise, bool) {
	if exponentOf(y.v) <= y.err+2 {
		return precise{}, false
	}
	v := newFloat().Quo(x.v, y.v)
	ey := exponentOf(y.v)
	return settled(v, max(x.err-ey+1, y.err+exponentOf(v)-ey+1))
}

func (w *work) precisePower(n *node) (precise, bool) {
	if !w.pay(60) {
		return precise{}, false
	}
	x, ok := w.precise(n.Args[0])
	if !ok {
		return x, false
	}
	if e, ok := w.exact(n.Args[1], nil); ok {
		if e.IsInt() && e.Num().IsInt64() {
			k := e.Num().Int64()
			if k > 1<<40 || k < -1<<40 {
				return precise{}, false
			}
			r, ok := powPrecise(x, max(k, -k))
			if !ok || k >= 0 {
				return r, ok
			}
			return quoPrecise(precise{floatOf(1), -1 << 30}, r)
		}
		if d := e.Denom(); d.IsInt64() && d.Int64() <= 1000 && e.Num().IsInt64() {
			k := e.Num().Int64()
			if k > 1000 || k < -1000 {
				return precise{}, false
			}
			r, ok := rootPrecise(x, d.Int64())
			if !ok {
				return r, false
			}
			if r, ok = powPrecise(r, max(k, -k)); !ok || k >= 0 {
				return r, ok
			}
			return quoPrecise(precise{floatOf(1), -1 << 30}, r)
		}
	}
	y, ok := w.precise(n.Args[1])
	if !ok {
		return y, false
	}
	l, ok := logFloat(x)
	if !ok {
		return l, false
	}
	if l, ok = mulPrecise(l, y); !ok {
		return l, false
	}
	return expFloat(l)
}

func powPrecise(x precise, k int64) (precise, bool) {
	r, ok := precise{floatOf(1), -1 << 30}, true
	for ; k > 0; k >>= 1 {
		if k&1 == 1 {
			if r, ok = mulPrecise(r, x); !ok {
				return r, false
			}
		}
		if k > 1 {
			if x, ok = mulPrecise(x, x); !ok {
				return x, false
			}
		}
	}
	return r, true
}

// rootPrecise takes the real root, if there is one.
func rootPrecise(x precise, k int64) (precise, bool) {
	if k < 2 || k > 1000 {
		return x, k == 1
	}
	if x.v.Sign() == 0 {
		return x, true
	}
	if exponentOf(x.v) <= x.err+2 || x.v.Sign() < 0 && k%2 == 0 {
		return precise{}, false
	}
	lost := x.err - exponentOf(x.v)
	if k == 2 {
		v := newFloat().Sqrt(x.v)
		return settled(v, lost+exponentOf(v))
	}
	neg := x.v.Sign() < 0
	a := precise{newFloat().Abs(x.v), x.err}
	l, ok := logFloat(a)
	if !ok {
		return l, false
	}
	r, ok := expFloat(precise{newFloat().Quo(l.v, floatOf(float64(k))), l.err})
	if ok && neg {
		r.v.Neg(r.v)
	}
	return r, ok
}

func (w *work) preciseCall(n *node) (precise, bool) {
	if len(n.Args) == 0 {
		return precise{}, false
	}
	if n.Name != "sqrt" && n.Name != "abs" && !w.pay(60) {
		return precise{}, false
	}
	x, ok := w.precise(n.Args[0])
	if !ok {
		return x, false
	}
	switch n.Name {
	case "sqrt":
		return rootPrecise(x, 2)
	case "root":
		if k, ok := w.exact(n.Args[1], nil); ok {
			if k, ok := small(k, 1000); ok {
				return rootPrecise(x, k)
			}
		}
	case "abs":
		return precise{newFloat().Abs(x.v), x.err}, true
	case "ln":
		return logFloat(x)
	case "log":
		l, ok := logFloat(x)
		if !ok || len(n.Args) == 1 {
			return l, ok
		}
		b, ok := w.precise(n.Args[1])
		if !ok {
			return b, false
		}
		if b, ok = logFloat(b); !ok {
			return b, false
		}
		return quoPrecise(l, b)
	case "sin":
		s, _, ok := sinCos(x)
		return s, ok
	case "cos":
		_, c, ok := sinCos(x)
		return c, ok
	case "tan", "cot":
		s, c, ok := sinCos(x)
		if !ok {
			return s, false
		}
		if n.Name == "tan" {
			return quoPrecise(s, c)
		}
		return quoPrecise(c, s)
	case "sec", "csc":
		s, c, ok := sinCos(x)
		if !ok {
			return s, false
		}
		if n.Name == "sec" {
			s = c
		}
		return quoPrecise(precise{floatOf(1), -1 << 30}, s)
	case "sinh", "cosh", "tanh", "coth", "sech", "csch":
		return hyperbolic(n.Name, x)
	case "atan":
		return atanFloat(x)
	case "asin", "acos":
		return arcPrecise(n.Name, x)
	case "floor", "ceil":
		return stepPrecise(n.Name, x)
	case "sgn":
		if exponentOf(x.v) > x.err+2 {
			return precise{floatOf(float64(x.v.Sign())), -1 << 30}, true
		}
	case "max", "min":
		for _, b := range n.Args[1:] {
			y, ok := w.precise(b)
			if !ok {
				return y, false
			}
			if c := y.v.Cmp(x.v); c > 0 == (n.Name == "max") && c != 0 {
				x.v = y.v
			}
			x.err = max(x.err, y.err)
		}
		return x, true
	}
	return precise{}, false
}

func addPrecise(x, y precise) (precise, bool) {
	v := newFloat().Add(x.v, y.v)
	return settled(v, max(x.err, y.err, max(exponentOf(x.v), exponentOf(y.v))-precision)+1)
}

func hyperbolic(name string, x precise) (precise, bool) {
	p, ok := expFloat(x)
	if !ok {
		return p, false
	}
	one := precise{floatOf(1), -1 << 30}
	m, ok := quoPrecise(one, p)
	if !ok {
		return m, false
	}
	cosh, ok1 := addPrecise(p, m)
	m.v = newFloat().Neg(m.v)
	sinh, ok2 := addPrecise(p, m)
	if !ok1 || !ok2 {
		return p, false
	}
	half := func(x precise) precise { return precise{newFloat().Quo(x.v, floatOf(2)), x.err} }
	switch name {
	case "sinh":
		return half(sinh), true
	case "cosh":
		return half(cosh), true
	case "tanh":
		return quoPrecise(sinh, cosh)
	case "coth":
		return quoPrecise(cosh, sinh)
	case "sech":
		return quoPrecise(one, half(cosh))
	}
	return quoPrecise(one, half(sinh))
}

// arcPrecise computes arcsin x = arctan x/sqrt(1-x^2) inside of -1 and 1, and
// arccos x = pi/2 - arcsin x.
func arcPrecise(name string, x precise) (precise, bool) {
	sq, ok := mulPrecise(x, x)
	if !ok {
		return sq, false
	}
	sq.v = newFloat().Neg(sq.v)
	rest, ok := addPrecise(precise{floatOf(1), -1 << 30}, sq)
	if !ok {
		return rest, false
	}
	if rest, ok = rootPrecise(rest, 2); !ok || rest.v.Sign() == 0 {
		return rest, false
	}
	t, ok := quoPrecise(x, rest)
	if !ok {
		return t, false
	}
	t, ok = atanFloat(t)
	if !ok || name == "asin" {
		return t, ok
	}
	t.v = newFloat().Neg(t.v)
	half := newFloat().Quo(piFloat(), floatOf(2))
	return addPrecise(precise{half, -precision}, t)
}

// stepPrecise rounds down or up, where the error leaves no doubt how.
func stepPrecise(name string, x precise) (precise, bool) {
	if exponentOf(x.v) > 100 || x.err > -20 {
		return precise{}, false
	}
	i, _ := x.v.Int(nil)
	near := newFloat().Sub(x.v, newFloat().SetInt(i))
	up := newFloat().Sub(newFloat().Abs(near), floatOf(1))
	if exponentOf(near) <= x.err+4 || exponentOf(up) <= x.err+4 {
		return precise{}, false
	}
	if near.Sign() < 0 && name == "floor" {
		i.Sub(i, big.NewInt(1))
	}
	if near.Sign() > 0 && name == "ceil" {
		i.Add(i, big.NewInt(1))
	}
	return settled(newFloat().SetInt(i), -1<<30)
}

// piFloat is pi to more than the precision.
func piFloat() *big.Float {
	v, _ := newFloat().SetString("3.1415926535897932384626433832795028841971693993751058209749445923078164062862")
	return v
}

// expFloat halves the argument until the series converges fast.
func expFloat(x precise) (precise, bool) {
	if exponentOf(x.v) > 24 {
		return precise{}, false
	}
	halvings := max(0, exponentOf(x.v)+16)
	y := newFloat().SetMantExp(x.v, -halvings)
	sum, term := floatOf(1), floatOf(1)
	for i := 1.0; i < 60; i++ {
		term.Mul(term, y).Quo(term, floatOf(i))
		sum.Add(sum, term)
		if exponentOf(term) < -precision-8 {
			break
		}
	}
	for range halvings {
		sum.Mul(sum, sum)
	}
	return settled(sum, max(x.err, -precision+halvings+1)+exponentOf(sum))
}

// logFloat solves exp(y) = x by Newton's method from the logarithm in double
// precision.
func logFloat(x precise) (precise, bool) {
	if x.v.Sign() <= 0 || exponentOf(x.v) <= x.err+2 {
		return precise{}, false
	}
	m := newFloat()
	e := x.v.MantExp(m)
	f, _ := m.Float64()
	y := floatOf(math.Log(f))
	for range 3 {
		ey, ok := expFloat(precise{y, -1 << 30})
		if !ok {
			return ey, false
		}
		// y + 2 (m - e^y) / (m + e^y) has the third order.
		d := newFloat().Sub(m, ey.v)
		d.Quo(d, newFloat().Add(m, ey.v))
		y = newFloat().Add(y, d.Mul(d, floatOf(2)))
	}
	if e != 0 {
		y.Add(y, newFloat().Mul(ln2(), floatOf(float64(e))))
	}
	return settled(y, max(x.err-exponentOf(x.v)+1, -precision+20))
}

// ln2 is the natural logarithm of 2 to more than the precision.
func ln2() *big.Float {
	v, _ := newFloat().SetString("0.69314718055994530941723212145817656807550013436025525412068000949339362196969")
	return v
}

func sinCos(x precise) (sin, cos precise, ok bool) {
	if exponentOf(x.v) > 40 {
		return sin, cos, false
	}
	half := newFloat().Quo(piFloat(), floatOf(2))
	q := newFloat().Quo(x.v, half)
	f, _ := q.Float64()
	k := math.Round(f)
	r := newFloat().Sub(x.v, newFloat().Mul(half, floatOf(k)))
	err := max(x.err, -precision+max(0, exponentOf(x.v))+2)
	sq := newFloat().Mul(r, r)
	series := func(first *big.Float, i float64) *big.Float {
		sum, term := newFloat().Set(first), newFloat().Set(first)
		for ; i < 120 && exponentOf(term) > -precision-8; i += 2 {
			term.Mul(term, sq).Quo(term, floatOf(i*(i+1))).Neg(term)
			sum.Add(sum, term)
		}
		return sum
	}
	s, c := series(r, 2), series(floatOf(1), 1)
	switch ((int64(k) % 4) + 4) % 4 {
	case 1:
		s, c = c, newFloat().Neg(s)
	case 2:
		s, c = newFloat().Neg(s), newFloat().Neg(c)
	case 3:
		s, c = newFloat().Neg(c), s
	}
	return precise{s, err + 3}, precise{c, err + 3}, true
}

// atanFloat halves the angle until the series converges fast.
func atanFloat(x precise) (precise, bool) {
	neg := x.v.Sign() < 0
	v := newFloat().Abs(x.v)
	one := floatOf(1)
	flip := v.Cmp(one) > 0
	if flip {
		v.Quo(one, v)
	}
	const halvings = 6
	for range halvings {
		// tan(a/2) = t / (1 + sqrt(1 + t^2))
		d := newFloat().Mul(v, v)
		d.Add(d, one).Sqrt(d).Add(d, one)
		v = newFloat().Quo(v, d)
	}
	sq := newFloat().Mul(v, v)
	sum, term := newFloat().Set(v), newFloat().Set(v)
	for i := 3.0; i < 200 && exponentOf(term) > -precision-8; i += 2 {
		term.Mul(term, sq).Neg(term)
		sum.Add(sum, newFloat().Quo(term, floatOf(i)))
	}
	sum.SetMantExp(sum, halvings)
	if flip {
		sum.Sub(newFloat().Quo(piFloat(), floatOf(2)), sum)
	}
	if neg {
		sum.Neg(sum)
	}
	return settled(sum, max(x.err, -precision+halvings+2))
}
