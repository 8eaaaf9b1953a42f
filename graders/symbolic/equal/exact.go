package equal

import (
	"math/big"

	"github.com/rftgrader/rftgrader/graders/symbolic/equal/mathexpr"
)

// exact returns the value of an expression that is a rational number, as far
// as the budget of bits goes. The result may be shared and is not changed.
func (w *work) exact(n *node, env *bound) (*big.Rat, bool) {
	if n == nil || !w.step() {
		return nil, false
	}
	switch n.Op {
	case mathexpr.OpNum, mathexpr.OpBase:
		return n.Num.Val, true
	case mathexpr.OpSym, mathexpr.OpConst:
		if v, ok := env.lookup(n.Name); ok {
			return new(big.Rat).SetInt64(v), true
		}
		return nil, false
	case mathexpr.OpNeg:
		v, ok := w.exact(n.Args[0], env)
		if !ok {
			return nil, false
		}
		return new(big.Rat).Neg(v), true
	case mathexpr.OpPercent:
		v, ok := w.exact(n.Args[0], env)
		if !ok {
			return nil, false
		}
		return new(big.Rat).Mul(v, big.NewRat(1, 100)), true
	case mathexpr.OpAdd:
		sum := new(big.Rat)
		for _, a := range n.Args {
			v, ok := w.exact(a, env)
			if !ok {
				return nil, false
			}
			if sum.Add(sum, v); ratBits(sum) > maxBits {
				return nil, false
			}
		}
		return sum, true
	case mathexpr.OpMul:
		product := big.NewRat(1, 1)
		for _, a := range n.Args {
			v, ok := w.exact(a, env)
			if !ok {
				return nil, false
			}
			if product.Mul(product, v); ratBits(product) > maxBits {
				return nil, false
			}
		}
		return product, true
	case mathexpr.OpDiv:
		a, ok1 := w.exact(n.Args[0], env)
		if !ok1 {
			return nil, false
		}
		b, ok2 := w.exact(n.Args[1], env)
		if !ok2 || b.Sign() == 0 {
			return nil, false
		}
		return new(big.Rat).Quo(a, b), true
	case mathexpr.OpRatio:
		if len(n.Args) != 2 {
			return nil, false
		}
		return w.exact(mathexpr.Of(mathexpr.OpDiv, n.Args...), env)
	case mathexpr.OpPow:
		return w.exactPower(n, env)
	case mathexpr.OpCall:
		return w.exactCall(n, env)
	case mathexpr.OpSum, mathexpr.OpProd:
		return w.exactSeries(n, env)
	}
	return nil, false
}

func (w *work) exactPower(n *node, env *bound) (*big.Rat, bool) {
	a, ok := w.exact(n.Args[0], env)
	if !ok {
		return nil, false
	}
	e, ok := w.exact(n.Args[1], env)
	if !ok {
		return nil, false
	}
	if !e.IsInt() {
		if d := e.Denom(); d.IsInt64() && d.Int64() <= 64 && e.Num().IsInt64() {
			r, ok := exactRoot(a, int(d.Int64()))
			if !ok {
				return nil, false
			}
			return w.ratPower(r, e.Num())
		}
		return nil, false
	}
	return w.ratPower(a, e.Num())
}

func (w *work) ratPower(a *big.Rat, e *big.Int) (*big.Rat, bool) {
	one := big.NewRat(1, 1)
	switch {
	case e.Sign() == 0:
		if a.Sign() == 0 {
			return nil, false
		}
		return one, true
	case a.Sign() == 0:
		if e.Sign() < 0 {
			return nil, false
		}
		return a, true
	case a.Cmp(one) == 0:
		return one, true
	case a.IsInt() && a.Num().IsInt64() && a.Num().Int64() == -1:
		if e.Bit(0) == 0 {
			return one, true
		}
		return a, true
	}
	if !e.IsInt64() {
		return nil, false
	}
	k := e.Int64()
	if k < -maxBits || k > maxBits || int64(ratBits(a))*max(k, -k) > maxBits {
		return nil, false
	}
	if !w.pay(int(max(k, -k)) / 64) {
		return nil, false
	}
	abs := big.NewInt(max(k, -k))
	num := new(big.Int).Exp(a.Num(), abs, nil)
	den := new(big.Int).Exp(a.Denom(), abs, nil)
	if k < 0 {
		num, den = den, num
	}
	return new(big.Rat).SetFrac(num, den), true
}

// exactRoot returns the n-th root of a, if it is rational. Odd roots of
// negative numbers are the real ones.
func exactRoot(a *big.Rat, n int) (*big.Rat, bool) {
	if n < 2 || ratBits(a) > 4096 {
		return nil, false
	}
	neg := a.Sign() < 0
	if neg && n%2 == 0 {
		return nil, false
	}
	num, ok := intRoot(new(big.Int).Abs(a.Num()), n)
	if !ok {
		return nil, false
	}
	den, ok := intRoot(a.Denom(), n)
	if !ok {
		return nil, false
	}
	if neg {
		num.Neg(num)
	}
	return new(big.Rat).SetFrac(num, den), true
}

func intRoot(a *big.Int, n int) (*big.Int, bool) {
	if a.Sign() == 0 {
		return new(big.Int), true
	}
	var r *big.Int
	if n == 2 {
		r = new(big.Int).Sqrt(a)
	} else {
		// Newton's method from above.
		r = new(big.Int).Lsh(big.NewInt(1), uint(a.BitLen()/n+1))
		k, k1 := big.NewInt(int64(n)), big.NewInt(int64(n-1))
		for range 400 {
			t := new(big.Int).Exp(r, k1, nil)
			t.Quo(a, t)
			t.Add(t, new(big.Int).Mul(r, k1))
			t.Quo(t, k)
			if t.Cmp(r) >= 0 {
				break
			}
			r = t
		}
	}
	return r, new(big.Int).Exp(r, big.NewInt(int64(n)), nil).Cmp(a) == 0
}

func (w *work) exactCall(n *node, env *bound) (*big.Rat, bool) {
	var buf [4]*big.Rat
	args := buf[:0]
	switch n.Name {
	case "sqrt", "root", "abs", "floor", "ceil", "round", "fact", "binom", "perm", "max", "min", "gcd", "lcm", "mod", "sgn", "dfact":
	default:
		return nil, false
	}
	for _, a := range n.Args {
		v, ok := w.exact(a, env)
		if !ok {
			return nil, false
		}
		args = append(args, v)
	}
	switch a := args[0]; n.Name {
	case "sqrt":
		return exactRoot(a, 2)
	case "root":
		if k := args[1]; k.IsInt() && k.Num().IsInt64() && k.Num().Int64() > 1 && k.Num().Int64() <= 64 {
			return exactRoot(a, int(k.Num().Int64()))
		}
	case "abs":
		return new(big.Rat).Abs(a), true
	case "sgn":
		return new(big.Rat).SetInt64(int64(a.Sign())), true
	case "floor":
		return new(big.Rat).SetInt(floorInt(a)), true
	case "round":
		// Halves go away from 0.
		f := floorInt(new(big.Rat).Add(new(big.Rat).Abs(a), big.NewRat(1, 2)))
		return new(big.Rat).SetInt(f.Mul(f, big.NewInt(int64(a.Sign())))), true
	case "ceil":
		f := floorInt(new(big.Rat).Neg(a))
		return new(big.Rat).SetInt(f.Neg(f)), true
	case "fact", "dfact":
		return w.exactFactorial(a, n.Name == "dfact")
	case "binom", "perm":
		return w.exactBinomial(a, args[1], n.Name == "perm")
	case "max", "min":
		for _, v := range args[1:] {
			if c := v.Cmp(a); c > 0 == (n.Name == "max") && c != 0 {
				a = v
			}
		}
		return a, true
	case "gcd", "lcm":
		for _, v := range args[1:] {
			a = ratGCD(a, v, n.Name == "lcm")
		}
		return new(big.Rat).Abs(a), true
	case "mod":
		m := args[1]
		if m.Sign() == 0 {
			return nil, false
		}
		q := new(big.Rat).Quo(a, m)
		q.SetInt(floorInt(q))
		return new(big.Rat).Sub(a, q.Mul(q, m)), true
	}
	return nil, false
}

func floorInt(a *big.Rat) *big.Int {
	q, m := new(big.Int).DivMod(a.Num(), a.Denom(), new(big.Int))
	_ = m
	return q
}

// ratGCD is the largest rational of which both are whole multiples, or the
// smallest that is a whole multiple of both.
func ratGCD(a, b *big.Rat, lcm bool) *big.Rat {
	if lcm && (a.Sign() == 0 || b.Sign() == 0) {
		return new(big.Rat)
	}
	x := new(big.Int).Mul(a.Num(), b.Denom())
	y := new(big.Int).Mul(b.Num(), a.Denom())
	d := new(big.Int).Mul(a.Denom(), b.Denom())
	g := new(big.Int).GCD(nil, nil, x.Abs(x), y.Abs(y))
	if lcm {
		g = x.Mul(x, y).Quo(x, g)
	}
	return new(big.Rat).SetFrac(g, d)
}

// small returns a whole number from 0 to limit.
func small(a *big.Rat, limit int64) (int64, bool) {
	if !a.IsInt() || !a.Num().IsInt64() {
		return 0, false
	}
	n := a.Num().Int64()
	return n, n >= 0 && n <= limit
}

func (w *work) exactFactorial(a *big.Rat, double bool) (*big.Rat, bool) {
	n, ok := small(a, maxFactorial)
	if !ok || !w.pay(int(n)) {
		return nil, false
	}
	if double {
		p := big.NewInt(1)
		for ; n > 1; n -= 2 {
			p.Mul(p, big.NewInt(n))
		}
		return new(big.Rat).SetInt(p), true
	}
	return new(big.Rat).SetInt(new(big.Int).MulRange(1, n)), true
}

func (w *work) exactBinomial(a, b *big.Rat, perm bool) (*big.Rat, bool) {
	k, ok := small(b, maxFactorial)
	if !ok || !a.IsInt() || !a.Num().IsInt64() || !w.pay(int(k)) {
		return nil, false
	}
	n := a.Num().Int64()
	if n < 0 || n > maxFactorial {
		return nil, false
	}
	if perm {
		if k > n {
			return new(big.Rat), true
		}
		return new(big.Rat).SetInt(new(big.Int).MulRange(n-k+1, n)), true
	}
	return new(big.Rat).SetInt(new(big.Int).Binomial(n, k)), true
}

// limits returns the whole numbers that a sum runs from and to.
func (w *work) limits(n *node, env *bound) (name string, from, to int64, ok bool) {
	if n.Args[1] == nil || n.Args[2] == nil || n.Args[3] == nil {
		return "", 0, 0, false
	}
	a, ok1 := w.exact(n.Args[2], env)
	b, ok2 := w.exact(n.Args[3], env)
	if !ok1 || !ok2 || !a.IsInt() || !b.IsInt() || !a.Num().IsInt64() || !b.Num().IsInt64() {
		return "", 0, 0, false
	}
	from, to = a.Num().Int64(), b.Num().Int64()
	if from > 1e9 || to > 1e9 || from < -1e9 || to < -1e9 || to-from > maxLoop {
		return "", 0, 0, false
	}
	return n.Args[1].Name, from, to, true
}

func (w *work) exactSeries(n *node, env *bound) (*big.Rat, bool) {
	name, from, to, ok := w.limits(n, env)
	if !ok {
		return nil, false
	}
	total := new(big.Rat)
	if n.Op == mathexpr.OpProd {
		total.SetInt64(1)
	}
	for k := from; k <= to; k++ {
		v, ok := w.exact(n.Args[0], &bound{name, k, env})
		if !ok || !w.pay(2) {
			return nil, false
		}
		if n.Op == mathexpr.OpProd {
			total.Mul(total, v)
		} else {
			total.Add(total, v)
		}
		if ratBits(total) > maxBits {
			return nil, false
		}
	}
	return total, true
}
