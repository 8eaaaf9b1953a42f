package verdict

import (
	"math"
	"math/big"
	"strconv"
	"strings"
)

// A Scale is the range that a judge was asked to keep to.
type Scale struct {
	Min, Max float64 // finite, Min below Max
	// Tolerance is how far outside a number may be, in units of the scale, and
	// still count as the limit that it is beyond. 0 or more.
	Tolerance float64
}

// within returns v where it is inside the scale. The literal decides where the
// value is a limit: 1.00000000000000000001 is more than 1.
func (s Scale) within(v float64, literal string) (float64, error) {
	switch {
	case math.IsNaN(v):
		return 0, Unusable
	case v < s.Min:
		if s.Min-v <= s.Tolerance {
			return s.Min + 0, nil
		}
		return 0, OutOfRange
	case v > s.Max:
		if v-s.Max <= s.Tolerance {
			return s.Max + 0, nil
		}
		return 0, OutOfRange
	case s.Tolerance == 0 && literal != "" && (v == s.Max && beyond(literal, s.Max) > 0 || v == s.Min && beyond(literal, s.Min) < 0):
		return 0, OutOfRange
	case v == 0:
		return 0, nil // never -0
	}
	return v, nil
}

// beyond compares a number as it is written with a limit as it is written. Both
// are the same float64.
func beyond(literal string, limit float64) int {
	plain := strconv.FormatFloat(limit, 'g', -1, 64)
	if literal == plain || len(literal) > 1000 {
		return 0
	}
	if limit == 0 {
		mantissa, _, _ := strings.Cut(strings.ToLower(literal), "e")
		switch {
		case !strings.ContainsAny(mantissa, "123456789"):
			return 0
		case literal[0] == '-':
			return -1
		}
		return 1
	}
	// The exponents are small where the values are equal and not 0, but for
	// literals of many zeros, which are as long.
	if _, exponent, ok := strings.Cut(strings.ToLower(literal), "e"); ok && len(strings.TrimLeft(exponent, "+-0")) > 4 {
		return 0
	}
	a, ok := new(big.Rat).SetString(literal)
	b, also := new(big.Rat).SetString(plain)
	if !ok || !also {
		return 0
	}
	return a.Cmp(b)
}

// fraction returns n of m on the scale.
func (s Scale) fraction(n, m amount) (float64, error) {
	switch {
	case n.value < 0 || m.value <= 0 || n.value > m.value || n.literal[0] == '-':
		return 0, OutOfRange
	case m.value == s.Max:
		return s.within(n.value, n.literal)
	case s.Min != 0:
		return 0, OtherScale
	case math.IsInf(m.value, 0):
		return 0, OutOfRange
	}
	return s.within(n.value/m.value*s.Max, "")
}

// percent returns p percent of the scale.
func (s Scale) percent(p amount) (float64, error) {
	switch {
	case s.Min != 0:
		return 0, OtherScale
	case p.value < 0 || p.value > 100 || p.value == 100 && beyond(p.literal, 100) > 0 || p.value == 0 && beyond(p.literal, 0) < 0:
		return 0, OutOfRange
	case p.value == 100:
		return s.within(s.Max, "")
	}
	return s.within(p.value*s.Max/100, "")
}

// An amount is a number and how it was written, in ASCII with a point.
type amount struct {
	value   float64
	literal string
}

func amountOf(literal string) amount {
	literal = strings.TrimPrefix(literal, "+")
	v, err := strconv.ParseFloat(literal, 64)
	if err != nil && !math.IsInf(v, 0) {
		v = math.NaN()
	}
	return amount{v, literal}
}
