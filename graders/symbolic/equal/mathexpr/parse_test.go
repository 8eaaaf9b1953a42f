package mathexpr_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/graders/symbolic/equal/mathexpr"
)

func TestParse(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"product of letters", `2ab`, "mul(2, a, b)"},
		{"mixed number", `3\frac12`, "add(3, div(1, 2))"},
		{"fraction without braces", `\frac12`, "div(1, 2)"},
		{"half of a variable", `1/2x`, "mul(div(1, 2), x)"},
		{"product below", `a/2b`, "div(a, mul(2, b))"},
		{"function without brackets", `\sin 2x\cos y`, "mul(sin(mul(2, x)), cos(y))"},
		{"inverse function", `\sin^{-1} a`, "asin(a)"},
		{"power of a function", `\sin^2 x`, "pow(sin(x), 2)"},
		{"sign before a tower", `10^-10^0`, "pow(10, neg(pow(10, 0)))"},
		{"root with an index", `\sqrt[3]{x}`, "root(x, 3)"},
		{"logarithm with a base", `\log_28`, "log(8, 2)"},
		{"function of a letter", `f(x+1)`, "f(add(x, 1))"},
		{"factor before a bracket", `n(n-1)`, "mul(n, add(n, neg(1)))"},
		{"definition", `W(n)=n`, "rel(W(n) = n)"},
		{"thousands", `1,234,567`, "1234567"},
		{"list of numbers", `1,23`, "list(1, 23)"},
		{"repeating decimal", `0.1\overline{6}`, "1/6"},
		{"scientific", `6.02e23`, "602000000000000000000000"},
		{"number words", `one hundred twenty-one`, "121"},
		{"Unicode", `½x²+√3`, "add(mul(div(1, 2), pow(x, 2)), sqrt(3))"},
		{"doubled backslashes", `\\frac{1}{2}`, "div(1, 2)"},
		{"tab for a backslash and t", "\text{yes}", `"yes"`},
		{"half-open interval", `[0,1[`, "tuple[)(0, 1)"},
		{"open interval", `]0,1[`, "tuple()(0, 1)"},
		{"set-builder", `\{x\mid x>1\}`, "builder(x, rel(x > 1))"},
		{"matrix", `\begin{pmatrix}1&2\\3&4\end{pmatrix}`, "matrix2(1, 2, 3, 4)"},
		{"integral", `\int_0^1 x\,dx`, "integral(x, x, 0, 1)"},
		{"sum", `\sum_{k=1}^n k^2`, "sum(pow(k, 2), k, 1, n)"},
		{"limit", `\lim_{x\to0} f(x)`, "limit(f(x), x, 0)"},
		{"derivative", `\frac{d}{dx} x^2`, "deriv(pow(x, 2), x)"},
		{"nested bars", `||x|-1|`, "abs(add(abs(x), neg(1)))"},
		{"unit", `5\text{ cm}^2`, "unit[cm^2](5)"},
		{"money", `\$5`, "unit[$](5)"},
		{"time", `3:45\text{ p.m.}`, "time[pm](3, 45)"},
		{"base", `1011_2`, "base[1011]()"},
		{"base above ten", `FF_{16}`, "base[FF]()"},
		{"label", `\text{Minimum: }1`, `"minimum":1`},
		{"remark", `x^2 \text{ for all } x`, `pow(x, 2)~"for all x"`},
		{"signs", `1\pm\sqrt2`, "pm[](1, sqrt(2))"},
		{"word", `\text{Odd}`, `"odd"`},
		{"alternatives", `x<1\text{ or }x>2`, "or(rel(x < 1), rel(x > 2))"},
		{"decimal comma apart", `(1, 2)`, "tuple()(1, 2)"},
	} {
		t.Run(c.name, func(t *testing.T) {
			n, err := mathexpr.Parse(c.text, mathexpr.Options{})
			require.NoError(t, err)
			require.Equal(t, c.want, n.String())
		})
	}
}

func TestParseErrors(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       error
	}{
		{"too long", strings.Repeat("1+", mathexpr.MaxBytes), mathexpr.ErrTooLong},
		{"too many tokens", strings.Repeat("x+", mathexpr.MaxTokens/2+2), mathexpr.ErrTooLong},
		{"too many digits", strings.Repeat("9", mathexpr.MaxDigits+1), mathexpr.ErrTooLong},
		{"too deep", strings.Repeat("(1+", 1200), mathexpr.ErrTooDeep},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := mathexpr.Parse(c.text, mathexpr.Options{})
			require.ErrorIs(t, err, c.want)
		})
	}
	for _, text := range []string{"", "  ", ")(", "1+", "(1", "=", `\frac{1}`, "4 2", "\xff"} {
		t.Run("unreadable "+text, func(t *testing.T) {
			_, err := mathexpr.Parse(text, mathexpr.Options{})
			require.Error(t, err)
		})
	}
}

func TestReadings(t *testing.T) {
	n, err := mathexpr.Parse("1,234", mathexpr.Options{SplitThousands: true})
	require.NoError(t, err)
	require.Equal(t, "list(1, 234)", n.String())
	n, err = mathexpr.Parse("0,5", mathexpr.Options{DecimalComma: true})
	require.NoError(t, err)
	require.Equal(t, "1/2", n.String())
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{`\frac{1}{2}`, `x^2+1`, `]0,1[`, `\{x\mid x>1\}`, `\begin{pmatrix}1&2\\3&4\end{pmatrix}`, `\int_0^1 x\,dx`, `3:45\text{ p.m.}`, `½x²`, `1,234`, `||x||`, `\sum_{k=1}^n k`, `\text{Minimum: }1`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		n, err := mathexpr.Parse(s, mathexpr.Options{})
		if (n == nil) == (err == nil) {
			t.Fatalf("a tree and an error, or neither: %v, %v", n, err)
		}
		if err != nil {
			return
		}
		again, err := mathexpr.Parse(s, mathexpr.Options{})
		if err != nil || again.String() != n.String() {
			t.Fatalf("read in two ways: %v and %v", n, again)
		}
	})
}

func BenchmarkParse(b *testing.B) {
	for _, s := range []string{`42`, `\frac{3\sqrt{5}}{7}`, `x^4-5x^3+2x-1`, `(-\infty,2)\cup[3,5]`} {
		b.Run(s, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := mathexpr.Parse(s, mathexpr.Options{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
