package wire

import (
	"math"
	"math/big"
	"strconv"
	"strings"
)

// maxExactDigits bounds the exact numbers (Decimal, Fraction) that are
// compared by value; larger ones are compared as they are written.
const maxExactDigits = 400

// appendNumberKey appends text that is the same for equal numbers and no
// others: an integer's digits, or the shortest digits of a float.
func (v Value) appendNumberKey(b []byte) []byte {
	switch v.Kind {
	case Bool:
		return append(b, '0'+byte(v.Float))
	case Int:
		return appendIntKey(b, v.Text)
	case Float:
		return appendFloatKey(b, v.Float)
	case Complex:
		if v.Items[1].Float == 0 {
			return appendFloatKey(b, v.Items[0].Float)
		}
		b = append(appendFloatKey(append(b, 'c'), v.Items[0].Float), ',')
		return appendFloatKey(b, v.Items[1].Float)
	}
	r, ok := v.rational()
	if !ok {
		return append(append(append(append(b, 'x'), v.Name...), ' '), v.Text...)
	}
	if r.IsInt() {
		return appendIntKey(b, r.Num().String())
	}
	if f, exact := r.Float64(); exact {
		return appendFloatKey(b, f)
	}
	return append(append(b, 'r'), r.String()...)
}

func appendFloatKey(b []byte, f float64) []byte {
	switch {
	case math.Trunc(f) == f && math.Abs(f) < 1<<53:
		return strconv.AppendInt(b, int64(f), 10) // -0 as 0
	}
	return strconv.AppendFloat(b, f, 'g', -1, 64) // and NaN
}

// appendIntKey appends the digits of an integer, or the shortest digits of the
// float that is exactly the same.
func appendIntKey(b []byte, digits string) []byte {
	const fewest, most = 16, 310 // digits of 1<<53 and of the largest float, with a sign
	if len(digits) < fewest || len(digits) > most {
		return append(b, digits...)
	}
	f, err := strconv.ParseFloat(digits, 64)
	if err != nil {
		return append(b, digits...)
	}
	if i, _ := big.NewFloat(f).Int(nil); i.String() != digits {
		return append(b, digits...)
	}
	return appendFloatKey(b, f)
}

// rational reads an Exact number.
func (v Value) rational() (*big.Rat, bool) {
	s := v.Text
	if v.Kind != Exact || len(s) > maxExactDigits {
		return nil, false
	}
	mantissa, exponent, scientific := cutAny(s, "eE")
	if scientific {
		if n, err := strconv.Atoi(exponent); err != nil || n < -maxExactDigits || n > maxExactDigits {
			return nil, false
		}
	}
	for _, c := range []byte(mantissa) {
		if (c < '0' || c > '9') && c != '.' && c != '-' && c != '+' && c != '/' {
			return nil, false
		}
	}
	return new(big.Rat).SetString(s)
}

func cutAny(s, chars string) (before, after string, found bool) {
	if i := strings.IndexAny(s, chars); i >= 0 {
		return s[:i], s[i+1:], true
	}
	return s, "", false
}

// float returns the number that v is, rounded; ok is false where v is no real
// number, or none that a float holds.
func (v Value) float() (f float64, ok bool) {
	switch v.Kind {
	case Float:
		return v.Float, true
	case Int:
		f, err := strconv.ParseFloat(v.Text, 64)
		return f, err == nil
	case Exact:
		if r, ok := v.rational(); ok {
			f, _ := r.Float64()
			return f, !math.IsInf(f, 0)
		}
	case Complex:
		return v.Items[0].Float, v.Items[1].Float == 0
	}
	return 0, false
}

func nan(v Value) bool { return v.Kind == Float && math.IsNaN(v.Float) }

// sameNumber reports whether two numbers are equal, exactly, whatever their
// kinds. NaN equals NaN.
func sameNumber(a, b Value) bool {
	switch {
	case a.Kind == Int && b.Kind == Int:
		return a.Text == b.Text
	case a.Kind == Float && b.Kind == Float:
		return a.Float == b.Float || nan(a) && nan(b)
	}
	// An integer of more digits than any float has is none.
	const most = 320
	if a.Kind == Int && len(a.Text) > most && b.Kind == Float || b.Kind == Int && len(b.Text) > most && a.Kind == Float {
		return false
	}
	var x, y [64]byte
	return string(a.appendNumberKey(x[:0])) == string(b.appendNumberKey(y[:0]))
}
