package equal

import (
	"hash/fnv"
	"math/big"
	"math/bits"

	"github.com/rftgrader/rftgrader/graders/symbolic/equal/mathexpr"
)

// prime is the Mersenne prime of 61 bits. What differs modulo a prime is
// different. What agrees modulo this one, which anyone knows, may still have
// been made to agree: equality is taken from elsewhere.
const prime = 1<<61 - 1

// residues is the arithmetic modulo a prime below 2^62. Variables, pi and e
// stand for elements that depend on the seed. Two polynomials of degree d that
// differ agree at a point chosen at random with probability at most d/p
// (Schwartz and Zippel).
type residues struct {
	*work
	p, seed uint64
}

func (w residues) mul(a, b uint64) uint64 {
	if w.p == prime {
		return mulmod(a, b)
	}
	hi, lo := bits.Mul64(a, b)
	return bits.Rem64(hi, lo, w.p)
}

func (w residues) add(a, b uint64) uint64 {
	if a += b; a >= w.p {
		a -= w.p
	}
	return a
}

func (w residues) neg(a uint64) uint64 {
	if a == 0 {
		return 0
	}
	return w.p - a
}

func (w residues) pow(a, e uint64) uint64 {
	r := uint64(1)
	for ; e > 0; e >>= 1 {
		if e&1 == 1 {
			r = w.mul(r, a)
		}
		a = w.mul(a, a)
	}
	return r
}

func (w residues) inv(a uint64) uint64 { return w.pow(a, w.p-2) }

// element is what stands for a name.
func (w residues) element(name string, salt byte) uint64 {
	return mix(point(name, salt)^w.seed)%(w.p-1) + 1
}

func mulmod(a, b uint64) uint64 {
	hi, lo := bits.Mul64(a, b)
	// 2^61 is 1 in the field.
	r := lo&prime + (lo>>61 | hi<<3)
	if r >= prime {
		r -= prime
	}
	if r >= prime {
		r -= prime
	}
	return r
}

func addmod(a, b uint64) uint64 {
	r := a + b
	if r >= prime {
		r -= prime
	}
	return r
}

// point is the element of the field that stands for a variable.
func point(name string, salt byte) uint64 {
	h := fnv.New64a()
	h.Write([]byte{salt})
	h.Write([]byte(name))
	x := h.Sum64()
	return mix(x)%(prime-2) + 1
}

// mix spreads every bit over all: the hash of short names is far from random.
func mix(x uint64) uint64 {
	x ^= x >> 32
	x *= 0xd6e8feb86659fd93
	x ^= x >> 32
	x *= 0xd6e8feb86659fd93
	return x ^ x>>32
}

// digest is a number that depends on all of an expression.
func digest(n *node, h uint64) uint64 {
	if n == nil {
		return mix(h + 1)
	}
	h = mix(h ^ uint64(n.Op)<<32 ^ uint64(len(n.Args)))
	for i := range len(n.Name) {
		h = (h ^ uint64(n.Name[i])) * 0x100000001b3
	}
	if n.Num != nil {
		for _, b := range n.Num.Val.Num().Bits() {
			h = mix(h ^ uint64(b))
		}
		for _, b := range n.Num.Val.Denom().Bits() {
			h = mix(h + uint64(b))
		}
	}
	for _, a := range n.Args {
		h = digest(a, h)
	}
	return h
}

// primeFrom returns the first prime of 61 bits from a number on that the seed
// gives.
func primeFrom(seed uint64) uint64 {
	c := mix(seed)>>4 | 1<<60 | 1
	for !new(big.Int).SetUint64(c).ProbablyPrime(0) {
		c += 2
	}
	return c
}

// residuesAgree compares two expressions modulo three primes that depend on both
// of them.
func (d *decision) residuesAgree(g, a *node, seed uint64) (same, known bool) {
	for i := range uint64(3) {
		s := mix(seed + i)
		w := residues{d.work, primeFrom(s), mix(s + 1)}
		x, ok := w.field(g, nil)
		if !ok {
			return false, false
		}
		y, ok := w.field(a, nil)
		if !ok {
			return false, false
		}
		if x != y {
			return false, true
		}
	}
	return true, true
}

func (w residues) rat(r *big.Rat) (uint64, bool) {
	num, den := w.int(r.Num()), uint64(1)
	if !r.IsInt() {
		if den = w.int(r.Denom()); den == 0 {
			return 0, false
		}
		return w.mul(num, w.inv(den)), true
	}
	return num, true
}

func (w residues) int(n *big.Int) uint64 {
	if n.IsInt64() {
		v := n.Int64()
		if v >= 0 {
			return uint64(v) % w.p
		}
		return w.neg(uint64(-v) % w.p)
	}
	m := new(big.Int).Mod(n, new(big.Int).SetUint64(w.p))
	return m.Uint64()
}

// field evaluates an expression that is a rational function of its variables,
// of pi and of e, at a point of the prime field.
func (w residues) field(n *node, env *bound) (uint64, bool) {
	if n == nil || !w.step() {
		return 0, false
	}
	switch n.Op {
	case mathexpr.OpNum, mathexpr.OpBase:
		return w.rat(n.Num.Val)
	case mathexpr.OpSym:
		if v, ok := env.lookup(n.Name); ok {
			return w.int(big.NewInt(v)), true
		}
		return w.element(n.Name, 1), true
	case mathexpr.OpConst:
		if v, ok := env.lookup(n.Name); ok {
			return w.int(big.NewInt(v)), true
		}
		if n.Name == "pi" || n.Name == "e" {
			return w.element(n.Name, 2), true
		}
		return 0, false
	case mathexpr.OpNeg:
		v, ok := w.field(n.Args[0], env)
		return w.neg(v), ok
	case mathexpr.OpPercent:
		v, ok := w.field(n.Args[0], env)
		return w.mul(v, w.inv(100)), ok
	case mathexpr.OpAdd, mathexpr.OpMul:
		r := uint64(0)
		if n.Op == mathexpr.OpMul {
			r = 1
		}
		for _, a := range n.Args {
			v, ok := w.field(a, env)
			if !ok {
				return 0, false
			}
			if n.Op == mathexpr.OpAdd {
				r = w.add(r, v)
			} else {
				r = w.mul(r, v)
			}
		}
		return r, true
	case mathexpr.OpDiv:
		a, ok1 := w.field(n.Args[0], env)
		if !ok1 {
			return 0, false
		}
		b, ok2 := w.field(n.Args[1], env)
		if !ok2 || b == 0 {
			return 0, false
		}
		return w.mul(a, w.inv(b)), true
	case mathexpr.OpPow:
		return w.fieldPower(n, env)
	case mathexpr.OpCall:
		return w.fieldCall(n, env)
	case mathexpr.OpSum, mathexpr.OpProd:
		name, from, to, ok := w.limits(n, env)
		if !ok {
			return 0, false
		}
		r := uint64(0)
		if n.Op == mathexpr.OpProd {
			r = 1
		}
		for k := from; k <= to; k++ {
			v, ok := w.field(n.Args[0], &bound{name, k, env})
			if !ok {
				return 0, false
			}
			if n.Op == mathexpr.OpProd {
				r = w.mul(r, v)
			} else {
				r = w.add(r, v)
			}
		}
		return r, true
	}
	return 0, false
}

func (w residues) fieldPower(n *node, env *bound) (uint64, bool) {
	if n.Args[0].Op == mathexpr.OpConst && n.Args[0].Name == "e" {
		if n.Args[1].Op != mathexpr.OpNum {
			return 0, false
		}
	}
	e, ok := w.exact(n.Args[1], env)
	if !ok || !e.IsInt() {
		return 0, false
	}
	a, ok := w.field(n.Args[0], env)
	if !ok || a == 0 && e.Sign() <= 0 {
		return 0, false
	}
	if a == 0 {
		return 0, true
	}
	k := new(big.Int).Mod(e.Num(), new(big.Int).SetUint64(w.p-1))
	return w.pow(a, k.Uint64()), true
}

func (w residues) fieldCall(n *node, env *bound) (uint64, bool) {
	switch n.Name {
	case "fact", "binom", "perm":
	default:
		if v, ok := w.exact(n, env); ok {
			return w.rat(v)
		}
		return 0, false
	}
	a, ok := w.exact(n.Args[0], env)
	if !ok {
		return 0, false
	}
	top, ok := small(a, 1<<40)
	if !ok {
		return 0, false
	}
	count := top
	if n.Name != "fact" {
		b, ok := w.exact(n.Args[1], env)
		if !ok {
			return 0, false
		}
		k, ok := small(b, 1<<40)
		if !ok || k > top {
			return 0, ok
		}
		if count = k; n.Name == "binom" {
			count = min(k, top-k)
		}
	}
	if count > 20*maxLoop || !w.pay(int(count)/8) {
		return 0, false
	}
	num, den := uint64(1), uint64(1)
	for i := range uint64(count) {
		num = w.mul(num, (uint64(top)-i)%w.p)
		if n.Name == "binom" {
			den = w.mul(den, i+1)
		}
	}
	return w.mul(num, w.inv(den)), true
}
