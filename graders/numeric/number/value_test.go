package number_test

import (
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/graders/numeric/number"
)

func read(t testing.TB, text string) number.Value {
	t.Helper()
	r, err := number.Read(text, number.Format{})
	require.NoError(t, err, "%q", text)
	return r.Value
}

func TestCmp(t *testing.T) {
	for _, c := range []struct {
		name, a, b string
		want       int
	}{
		{"equal integers", "18", "18.000", 0},
		{"less", "17", "18", -1},
		{"signs", "-18", "18", -1},
		{"both negative", "-18", "-17", -1},
		{"zero and its negative", "0", "-0", 0},
		{"zero and little", "0", "1e-999999999", -1},
		{"a fraction and its decimal", "3/8", "0.375", 0},
		{"unreduced", "4/8", "1/2", 0},
		{"a third is not 0.333", "1/3", "0.333", 1},
		{"a third is 0.(3)", "1/3", "0.(3)", 0},
		{"beyond float64", "1e309", "1e310", -1},
		{"the same beyond float64", "1e309", "10e308", 0},
		{"tiny", "1e-20", "1e-21", 1},
		{"beside a float64's precision", "9007199254740993", "9007199254740992", 1},
		{"huge and one", "1e999999999", "1", 1},
		{"huge twice", "1e999999999", "10^(999999999)", 0},
		{"huge and nearly", "1e999999999", "9.9e999999998", 1},
		{"negative and huge", "-1e999999999", "1", -1},
		{"one and tiny", "1", "1e-999999999", 1},
		{"a huge fraction", "1e999999999/3", "2e999999999/6", 0},
		{"2^64 and its neighbour", "18446744073709551616", "18446744073709551615", 1},
		{"googol and its neighbour", "10^100", "1" + fmt.Sprintf("%0100d", 1), -1},
	} {
		t.Run(c.name, func(t *testing.T) {
			a, b := read(t, c.a), read(t, c.b)
			require.Equal(t, c.want, a.Cmp(b))
			require.Equal(t, -c.want, b.Cmp(a))
			require.Equal(t, c.want == 0, a.Equal(b))
		})
	}
}

func TestWithin(t *testing.T) {
	for _, c := range []struct {
		name, a, b, distance string
		want                 bool
	}{
		{"at the edge, where floats fail", "0.3", "0.2", "0.1", true},
		{"beyond the edge", "0.3000000000000000000001", "0.2", "0.1", false},
		{"the other way", "0.2", "0.3", "0.1", true},
		{"no distance", "5", "5", "0", true},
		{"no distance, different", "5", "5.1", "0", false},
		{"across zero", "-1", "1", "2", true},
		{"fractions", "1/3", "0.333", "1/3000", true},
		{"fractions beyond", "1/3", "0.333", "1/3001", false},
		{"huge", "1e999999999", "1.1e999999999", "1e999999998", true},
		{"huge and one", "1e999999999", "1", "5", false},
		{"huge distance", "1e999999999", "1", "1e999999999", true},
		{"huge distance, one too far", "1e999999999", "-1", "1e999999999", false},
		{"tiny", "1e-999999999", "0", "1e-999999999", true},
		{"tiny beside one", "1e-999999999", "1", "1", true},
		{"tiny beside one, beyond", "-1e-999999999", "1", "1", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			require.Equal(t, c.want, read(t, c.a).Within(read(t, c.b), read(t, c.distance)))
			require.Equal(t, c.want, read(t, c.b).Within(read(t, c.a), read(t, c.distance)))
		})
	}
}

func TestRound(t *testing.T) {
	for _, c := range []struct {
		name, a string
		digits  int
		want    string
	}{
		{"down", "3.14159", 3, "3.14"},
		{"up", "3.14159", 5, "3.1416"},
		{"half away from zero", "2.5", 1, "3"},
		{"half away from zero, negative", "-2.5", 1, "-3"},
		{"half of an even digit", "0.125", 2, "0.13"},
		{"carry", "9.996", 3, "10"},
		{"large", "123456789", 2, "120000000"},
		{"small", "0.00012345", 2, "0.00012"},
		{"a fraction", "2/3", 4, "0.6667"},
		{"a power of ten", "1000", 1, "1000"},
		{"just below a power of ten", "999.4", 3, "999"},
		{"zero", "0", 3, "0"},
		{"more digits than there are", "1.5", 20, "1.5"},
		{"huge", "1.26e999999999", 2, "1.3e999999999"},
		{"tiny", "1.26e-999999999", 2, "1.3e-999999999"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := read(t, c.a).Round(c.digits)
			require.True(t, got.Equal(read(t, c.want)), "%v", got)
		})
	}
}

func TestErrorsAndRatios(t *testing.T) {
	for _, c := range []struct {
		name, a, b string
		err, ratio float64
	}{
		{"equal", "5", "5", 0, 1},
		{"a tenth", "110", "100", 0.1, 1.1},
		{"below", "90", "100", 0.1, 0.9},
		{"the other sign", "-100", "100", 2, 1},
		{"a negative reference", "-110", "-100", 0.1, 1.1},
		{"nothing for something", "0", "100", 1, 0},
		{"something for nothing", "5", "0", 1000, 1000},
		{"far above", "1e999999999", "1", 1000, 1000},
		{"far below", "1e-999999999", "1", 1, 0},
		{"both huge", "1.5e999999999", "1e999999999", 0.5, 1.5},
		{"at the limit", "1001", "1", 1000, 1000},
		{"little above", "1e350", "1", 1000, 1000},
	} {
		t.Run(c.name, func(t *testing.T) {
			require.InDelta(t, c.err, number.RelativeError(read(t, c.a), read(t, c.b), 1000), 1e-12)
			require.InDelta(t, c.ratio, number.Ratio(read(t, c.a), read(t, c.b), 1000), 1e-12)
		})
	}
	require.Zero(t, number.RelativeError(number.Value{}, number.Value{}, 1))
}

func TestFromFloat(t *testing.T) {
	for _, c := range []struct {
		f    float64
		want string
	}{
		{0, "0"}, {math.Copysign(0, -1), "0"}, {0.1, "0.1"}, {-2.5, "-2.5"}, {1e-6, "1e-6"}, {123456, "123456"},
		{math.MaxFloat64, "1.7976931348623157e308"}, {5e-324, "5e-324"}, {1.0 / 3, "0.3333333333333333"},
	} {
		got, err := number.FromFloat(c.f)
		require.NoError(t, err)
		require.True(t, got.Equal(read(t, c.want)), "%v gives %v", c.f, got)
	}
	for _, f := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		_, err := number.FromFloat(f)
		require.Error(t, err)
	}
}

func TestValueString(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"0", "0"}, {"-0", "0"}, {"18", "18"}, {"-2.50", "-2.5"}, {"0.001", "0.001"}, {"1,000,000", "1000000"},
		{"6.02e23", "6.02e+23"}, {"1e-20", "1e-20"}, {"3/4", "3/4"}, {"6/8", "3/4"}, {"-1/3", "-1/3"}, {"0.1/3", "1/30"}, {"100/3", "100/3"},
		{"1e100/3", "(1/3)e100"}, {"10.0", "10"}, {"1e999999999", "1e+999999999"},
		{"1/" + fmt.Sprintf("1%050d", 1), "1/1.0000000000000000000000000000000000000000...e+50"},
	} {
		require.Equal(t, c.want, read(t, c.text).String(), "%q", c.text)
	}
	require.Equal(t, "0", number.Value{}.String())
}

// TestAgainstRationals compares with math/big on numbers small enough for it.
func TestAgainstRationals(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	one := func() (number.Value, *big.Rat) {
		n, d, e := random.Int64N(2001)-1000, random.Int64N(50)+1, random.IntN(21)-10
		v := read(t, fmt.Sprintf("%d/%d", n, d)).Shift(int64(e))
		ten := new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(max(e, -e))), nil))
		r := big.NewRat(n, d)
		if e < 0 {
			r.Quo(r, ten)
		} else {
			r.Mul(r, ten)
		}
		return v, r
	}
	for range 2000 {
		a, x := one()
		b, y := one()
		d, z := one()
		require.Equal(t, x.Cmp(y), a.Cmp(b), "%v %v", x, y)
		distance := new(big.Rat).Sub(x, y)
		distance.Abs(distance)
		require.Equal(t, distance.Cmp(new(big.Rat).Abs(z)) <= 0, a.Within(b, d.Abs()), "%v %v %v", x, y, z)
		product, ok := a.Mul(b).Rat()
		require.True(t, ok)
		require.Zero(t, product.Cmp(new(big.Rat).Mul(x, y)))
		if y.Sign() != 0 {
			want, _ := new(big.Rat).Quo(distance, new(big.Rat).Abs(y)).Float64()
			require.InEpsilon(t, 1+want, 1+number.RelativeError(a, b, math.MaxFloat64), 1e-12)
		}
		digits := random.IntN(6) + 1
		rounded, ok := a.Round(digits).Rat()
		require.True(t, ok)
		require.Zero(t, roundRat(x, digits).Cmp(rounded), "%v to %d digits is %v", x, digits, rounded)
	}
}

// roundRat rounds by trying every scale, the slow and simple way.
func roundRat(x *big.Rat, digits int) *big.Rat {
	if x.Sign() == 0 {
		return x
	}
	size := new(big.Rat).Abs(x)
	limit := new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(digits)), nil))
	scale, ten := big.NewRat(1, 1), big.NewRat(10, 1)
	for new(big.Rat).Mul(size, scale).Cmp(limit) >= 0 {
		scale.Quo(scale, ten)
	}
	for new(big.Rat).Mul(new(big.Rat).Mul(size, scale), ten).Cmp(limit) < 0 {
		scale.Mul(scale, ten)
	}
	size.Mul(size, scale)
	twice := new(big.Int).Lsh(size.Num(), 1)
	twice.Add(twice, size.Denom())
	twice.Quo(twice, new(big.Int).Lsh(size.Denom(), 1))
	r := new(big.Rat).Quo(new(big.Rat).SetInt(twice), scale)
	if x.Sign() < 0 {
		r.Neg(r)
	}
	return r
}

func TestRatIsBounded(t *testing.T) {
	_, ok := read(t, "1e999999999").Rat()
	require.False(t, ok)
	_, ok = read(t, "1e-999999999").Rat()
	require.False(t, ok)
	r, ok := number.Value{}.Rat()
	require.True(t, ok)
	require.Zero(t, r.Sign())
}

func BenchmarkCompare(b *testing.B) {
	for _, c := range []struct{ name, a, b string }{
		{"integers", "18", "18"},
		{"fractions", "3/8", "0.375"},
		{"huge", "1e999999999", "1"},
		{"hugely different", "1e999999999", "1e-999999999"},
	} {
		x, y := read(b, c.a), read(b, c.b)
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				x.Cmp(y)
			}
		})
	}
}
