package number

import (
	"errors"
	"math"
	"math/big"
	"strconv"
	"strings"
)

// A Value is an exact rational number, kept as a fraction times a power of
// ten that is never expanded: 1e999999999 costs as much as 1. The zero Value
// is 0. A Value does not change once it is made.
type Value struct {
	num *big.Int // nil counts as 0
	den *big.Int // greater than 0; nil counts as 1
	exp int64    // at most maxExponent in size, as read
}

// maxExponent bounds the exponent of ten of a number as it is read. Sums and
// products of a few such exponents stay far inside an int64.
const maxExponent = 1_000_000_000_000_000

// FromInt returns n.
func FromInt(n int64) Value {
	if n == 0 {
		return Value{}
	}
	return Value{num: big.NewInt(n)}
}

// FromFloat returns the shortest decimal number that stands for f: 0.1 gives
// one tenth, not the binary fraction beside it. An f that is not finite is an
// error.
func FromFloat(f float64) (Value, error) {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return Value{}, errors.New("want a finite number")
	}
	mantissa, exponent, _ := strings.Cut(strconv.FormatFloat(f, 'e', -1, 64), "e")
	whole, fraction, _ := strings.Cut(mantissa, ".")
	n, err := strconv.ParseInt(whole+fraction, 10, 64)
	if err != nil {
		return Value{}, err
	}
	e, err := strconv.ParseInt(exponent, 10, 64)
	if err != nil {
		return Value{}, err
	}
	v := FromInt(n)
	if n != 0 {
		v.exp = e - int64(len(fraction))
	}
	return v, nil
}

// Sign returns -1, 0 or 1.
func (v Value) Sign() int {
	if v.num == nil {
		return 0
	}
	return v.num.Sign()
}

// Neg returns -v.
func (v Value) Neg() Value {
	if v.Sign() == 0 {
		return v
	}
	v.num = new(big.Int).Neg(v.num)
	return v
}

// Abs returns the size of v.
func (v Value) Abs() Value {
	if v.Sign() < 0 {
		return v.Neg()
	}
	return v
}

// Mul returns v times w.
func (v Value) Mul(w Value) Value {
	if v.Sign() == 0 || w.Sign() == 0 {
		return Value{}
	}
	return Value{num: new(big.Int).Mul(v.num, w.num), den: mulDen(v.den, w.den), exp: v.exp + w.exp}
}

// Shift returns v times the n-th power of ten.
func (v Value) Shift(n int64) Value {
	if v.Sign() != 0 {
		v.exp += n
	}
	return v
}

// quo returns v divided by w, which is not 0.
func (v Value) quo(w Value) Value {
	inverse := Value{num: w.denominator(), den: new(big.Int).Abs(w.num), exp: -w.exp}
	if w.Sign() < 0 {
		inverse = inverse.Neg()
	}
	return v.Mul(inverse)
}

// add returns the exact sum. Its cost grows with the distance of the two
// exponents, which the caller has bounded.
func (v Value) add(w Value) Value {
	switch {
	case v.Sign() == 0:
		return w
	case w.Sign() == 0:
		return v
	}
	if v.exp < w.exp {
		v, w = w, v
	}
	a := new(big.Int).Mul(v.num, w.denominator())
	if v.exp > w.exp {
		a.Mul(a, powerOfTen(v.exp-w.exp))
	}
	b := new(big.Int).Mul(w.num, v.denominator())
	if a.Add(a, b); a.Sign() == 0 {
		return Value{}
	}
	return Value{num: a, den: mulDen(v.den, w.den), exp: w.exp}
}

func (v Value) denominator() *big.Int {
	if v.den == nil {
		return big.NewInt(1)
	}
	return v.den
}

func mulDen(a, b *big.Int) *big.Int {
	switch {
	case a == nil:
		return b
	case b == nil:
		return a
	}
	return new(big.Int).Mul(a, b)
}

func powerOfTen(n int64) *big.Int {
	if n <= 18 {
		p := int64(1)
		for range n {
			p *= 10
		}
		return big.NewInt(p)
	}
	return new(big.Int).Exp(big.NewInt(10), big.NewInt(n), nil)
}

// bounds returns lo and hi with 10^lo <= |v| < 10^hi, for a v that is not 0.
func (v Value) bounds() (lo, hi int64) {
	lo, hi = decades(v.num)
	if v.den != nil {
		dlo, dhi := decades(v.den)
		lo, hi = lo-dhi, hi-dlo
	}
	return lo + v.exp, hi + v.exp
}

// decades returns lo and hi with 10^lo <= |n| < 10^hi, for an n that is not 0.
// The factors lie on both sides of log10(2) = 0.301029995...
func decades(n *big.Int) (lo, hi int64) {
	bits := int64(n.BitLen())
	return (bits - 1) * 30102 / 100000, bits*30103/100000 + 1
}

// Rat returns v as a big.Rat, and false where its power of ten would not fit
// into MaxDigits digits.
func (v Value) Rat() (*big.Rat, bool) {
	if v.Sign() == 0 {
		return new(big.Rat), true
	}
	if v.exp > MaxDigits || v.exp < -MaxDigits {
		return nil, false
	}
	return v.expand(), true
}

// expand writes out the power of ten, which the caller has bounded.
func (v Value) expand() *big.Rat {
	num, den := v.num, v.denominator()
	if v.exp >= 0 {
		num = new(big.Int).Mul(num, powerOfTen(v.exp))
	} else {
		den = new(big.Int).Mul(den, powerOfTen(-v.exp))
	}
	return new(big.Rat).SetFrac(num, den)
}

// String writes v for people: 18, -2.5, 3/4, 6.02e+23. It shortens numbers of
// many digits and so is no key to compare values by.
func (v Value) String() string {
	if v.Sign() == 0 {
		return "0"
	}
	if v.den == nil || v.den.IsInt64() && v.den.Int64() == 1 {
		return decimal(v.num, v.exp)
	}
	num, den := v.num, v.den
	switch g := new(big.Int).GCD(nil, nil, new(big.Int).Abs(num), den); {
	case v.exp < 0 && v.exp >= -6:
		den = new(big.Int).Mul(den, powerOfTen(-v.exp))
		return Value{num: num, den: den}.String()
	case v.exp > 0 && v.exp <= 6:
		num = new(big.Int).Mul(num, powerOfTen(v.exp))
		return Value{num: num, den: den}.String()
	case g.Cmp(big.NewInt(1)) != 0:
		num, den = new(big.Int).Quo(num, g), new(big.Int).Quo(den, g)
		return Value{num: num, den: den, exp: v.exp}.String()
	}
	s := decimal(num, 0) + "/" + decimal(den, 0)
	if v.exp != 0 {
		s = "(" + s + ")e" + strconv.FormatInt(v.exp, 10)
	}
	return s
}

// decimal writes n times the exp-th power of ten.
func decimal(n *big.Int, exp int64) string {
	const plain, most = 21, 40 // digits
	s := n.String()
	sign := ""
	if s[0] == '-' {
		sign, s = "-", s[1:]
	}
	if cut := strings.TrimRight(s, "0"); exp < 0 || len(s)+int(min(exp, plain)) > plain {
		exp += int64(len(s) - len(cut))
		s = cut
	}
	point := int64(len(s)) + exp
	switch {
	case exp >= 0 && point <= plain:
		return sign + s + strings.Repeat("0", int(exp))
	case exp < 0 && point > 0 && len(s) <= most:
		return sign + s[:point] + "." + s[point:]
	case exp < 0 && point > -6 && point <= 0 && len(s) <= most:
		return sign + "0." + strings.Repeat("0", int(-point)) + s
	}
	digits := s[1:]
	if len(digits) > most {
		digits = digits[:most] + "..."
	}
	if digits != "" {
		digits = "." + digits
	}
	e := strconv.FormatInt(point-1, 10)
	if point > 0 {
		e = "+" + e
	}
	return sign + s[:1] + digits + "e" + e
}
