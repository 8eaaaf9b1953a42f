package number

import (
	"math"
	"math/big"
)

// Cmp returns -1, 0 or 1 as v is less than, equal to or greater than w. It is
// exact at any exponent.
func (v Value) Cmp(w Value) int { return signOfSum(v, w.Neg()) }

// Equal reports whether v and w are the same number.
func (v Value) Equal(w Value) bool { return v.Cmp(w) == 0 }

// Within reports whether v and w lie at most distance apart, exactly.
func (v Value) Within(w, distance Value) bool {
	if v.Cmp(w) < 0 {
		v, w = w, v
	}
	return signOfSum(v, w.Neg(), distance.Neg()) <= 0
}

// signOfSum returns the sign of the exact sum. Terms that are too small to
// turn the sign are left out, so that no distance of exponents costs more
// than the digits that were written.
func signOfSum(terms ...Value) int {
	var rest [3]Value
	n := 0
	for _, t := range terms {
		if t.Sign() != 0 {
			rest[n] = t
			n++
		}
	}
	// Largest upper bound first.
	for i := 1; i < n; i++ {
		for j := i; j > 0 && upper(rest[j]) > upper(rest[j-1]); j-- {
			rest[j], rest[j-1] = rest[j-1], rest[j]
		}
	}
	var sum Value
	for _, t := range rest[:n] {
		if sum.Sign() != 0 {
			// What is left is less than three times 10^upper.
			if lo, _ := sum.bounds(); lo > upper(t) {
				return sum.Sign()
			}
		}
		sum = sum.add(t)
	}
	return sum.Sign()
}

func upper(v Value) int64 {
	_, hi := v.bounds()
	return hi
}

// Round returns v rounded to so many significant digits, at least 1. A number
// halfway between two goes to the one farther from 0, as taught in schools.
func (v Value) Round(digits int) Value {
	if v.Sign() == 0 {
		return v
	}
	size := new(big.Int).Abs(v.num)
	den := v.denominator()
	lo, _ := Value{num: size, den: v.den}.bounds()
	least := powerOfTen(int64(digits - 1))
	// lo is the first guess of the decade, and never too high.
	for ; ; lo++ {
		up := int64(digits-1) - lo
		n, d := size, den
		if up >= 0 {
			n = new(big.Int).Mul(n, powerOfTen(up))
		} else {
			d = new(big.Int).Mul(d, powerOfTen(-up))
		}
		whole, part := new(big.Int).QuoRem(n, d, new(big.Int))
		if most := new(big.Int).Mul(least, big.NewInt(10)); whole.Cmp(most) >= 0 {
			continue
		}
		if part.Lsh(part, 1); part.Cmp(d) >= 0 {
			whole.Add(whole, big.NewInt(1))
		}
		if v.Sign() < 0 {
			whole.Neg(whole)
		}
		return Value{num: whole, exp: v.exp - up}
	}
}

// RelativeError returns |v-w| / |w|, at most limit, to the precision of a
// float64. Where w is 0 it is 0 for v = 0 and limit otherwise. The limit is
// finite and at least 1.
func RelativeError(v, w Value, limit float64) float64 {
	switch {
	case v.Equal(w):
		return 0
	case w.Sign() == 0:
		return limit
	case v.Sign() == 0:
		return 1
	}
	vlo, vhi := v.bounds()
	wlo, whi := w.bounds()
	switch {
	case vlo-whi > mostDecades:
		return limit
	case wlo-vhi > 40: // less than a float64 tells from 1
		return 1
	}
	f, _ := v.quo(w).add(FromInt(-1)).expand().Float64()
	return min(math.Abs(f), limit)
}

// mostDecades is more than a float64 holds, upward or downward.
const mostDecades = 400

// Ratio returns |v| / |w|, at most limit, to the precision of a float64. Where
// w is 0 it is limit.
func Ratio(v, w Value, limit float64) float64 {
	switch {
	case w.Sign() == 0:
		return limit
	case v.Sign() == 0:
		return 0
	}
	vlo, vhi := v.bounds()
	wlo, whi := w.bounds()
	switch {
	case vlo-whi > mostDecades:
		return limit
	case wlo-vhi > mostDecades:
		return 0
	}
	f, _ := v.quo(w).expand().Float64()
	return min(math.Abs(f), limit)
}
