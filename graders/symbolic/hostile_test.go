package symbolic_test

import (
	"context"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/graders/symbolic"
)

const megabyte = 1 << 20

// A hostile case is an answer that is meant to take the grader down.
type hostileCase struct{ name, reference, response string }

// nested returns n times an opening, the middle, and n times a closing.
func nested(n int, opening, middle, closing string) string {
	return boxed(strings.Repeat(opening, n) + middle + strings.Repeat(closing, n))
}

func boxed(s string) string { return `\boxed{` + s + "}" }

func hostileCases() []hostileCase {
	many := func(n int, s string) string { return strings.Repeat(s, n) }
	matrix := `\begin{pmatrix}1&2\\3&4\end{pmatrix}`
	return []hostileCase{
		{"a megabyte of boxes", "1", many(megabyte/7, `\boxed{`)},
		{"a megabyte of brackets", "1", many(megabyte/3, `([{`)},
		{"a megabyte of digits", "1", many(megabyte, `9`)},
		{"a megabyte of tags", "1", many(megabyte/8, `<answer>`)},
		{"a megabyte of backslashes", "1", many(megabyte, `\`)},
		{"a megabyte of fractions", "1", nested(megabyte/9, `\frac{1}{`, "1", "")},
		{"a megabyte of formulas", "1", many(megabyte/6, `\(x\) `)},
		{"a megabyte of markers", "1", many(megabyte/14, "the answer is ")},
		{"a megabyte of asterisks", "1", many(megabyte/3, "** ")},
		{"a megabyte of filled boxes", "1", many(megabyte/9, `\boxed{1}`)},
		{"a megabyte of boxes with words between", "1", many(megabyte/14, `\boxed{1} and `)},
		{"3000 fractions", "1", nested(3000, `\frac{1}{`, "1", "}")},
		{"390 fractions", "1", nested(390, `\frac{1}{`, "1", "}")},
		{"3000 brackets", "1", nested(3000, "(", "1", ")")},
		{"15000 brackets", "1", nested(15000, "(", "1", ")")},
		{"sums in brackets", "1", nested(900, "(1+", "1", ")")},
		{"a tower", "1", nested(800, "9^{", "9", "}")},
		{"a tower without braces", "1", nested(800, "9^", "9", "")},
		{"a large power", "1", boxed("10^{10^{10}}")},
		{"a large binomial", "1", boxed(`\binom{1000000000}{500000000}`)},
		{"a large factorial", "1", boxed(`1000000000!`)},
		{"factorials", "1", boxed(many(1000, "600!+") + "1")},
		{"binomials", "1", boxed(many(500, `\binom{600}{300}+`) + "1")},
		{"30000 digits", "1", boxed(many(30000, "9"))},
		{"4000 digits", "1", boxed(many(4000, "9"))},
		{"sums of large numbers", "1", boxed(many(7, many(4000, "9")+"+") + "1")},
		{"sums in sums", "1", boxed(many(50, `\sum_{k=1}^{900}`) + "k")},
		{"sums of powers", "x", boxed(many(50, `\sum_{k=1}^{900}`) + "x^k")},
		{"integrals in integrals", "x", nested(20, `\int_0^1 `, "x", " dx")},
		{"integrals in brackets", "x", nested(400, `\int (`, "x dx", ")")},
		{"derivatives", "x", boxed(many(100, `\frac{d}{dx} `) + `\sin x`)},
		{"lists to match", many(100, `\sin x+`) + "1" + many(60, `,\sin x`), boxed(many(100, `\sin x+`) + "2" + many(60, `,\sin x+1`))},
		{"constants to match", many(60, `\sin 1,`) + "1", boxed(many(60, `\cos(\pi/2-1),`) + "1")},
		{"signs", "1", boxed(many(1300, `\pm 1`))},
		{"wide characters", "1", boxed(many(3000, "²⅓√"))},
		{"bars", "1", boxed(many(4000, "|"))},
		{"roots in roots", "1", nested(300, `\sqrt{`, "2", "}")},
		{"sines of roots", "1", nested(200, `\sin(\sqrt{2}+`, "1", ")")},
		{"a large power of a sum", "x^{1000000}", boxed("(x+1)^{1000000}")},
		{"matrices", matrix, boxed(many(200, matrix))},
		{"matrices of variables", matrix, boxed(many(100, `\begin{pmatrix}x&2\\3&x\end{pmatrix}`))},
		{"remainders", "1", boxed(`10^{4000} ` + many(200, `\mod 3^{1000}`))},
		{"divisors", "1", boxed(`\gcd(` + many(300, "2^{4000},") + "1)")},
		{"unions", "(0,1)", boxed(many(500, `(0,1)\cup`) + "(0,1)")},
		{"differences", "(0,1)", boxed("(0,1)" + many(500, `\setminus\{0.5\}`))},
		{"retractions", "1", boxed("1") + many(2000, "wait. ")},
		{"corrections by letters", "1", boxed("1") + "Let me recount. " + many(2000, "so x = y; ")},
		{"words behind an answer", "1", boxed("1") + many(4000, "so ") + "6"},
		{"commas", "1", boxed(many(2000, "1,"))},
		{"subscripts", "1", nested(900, "_{x", "x", "}")},
		{"functions", "1", nested(900, "f(", "1", ")")},
		{"functions never closed", "1", nested(900, "f(", "1", "")},
		{"letters before lists", "1", nested(900, "W(x,", "1", "]")},
		{"letters before lists never closed", "1", nested(900, "W(x,", "1", "")},
	}
}

// TestHostile checks that no answer takes more than 50 MB, all allocations
// together. What each takes in time stands in BenchmarkHostile.
func TestHostile(t *testing.T) {
	g, err := symbolic.Kind.New(nil, nil)
	require.NoError(t, err)
	for _, c := range hostileCases() {
		t.Run(c.name, func(t *testing.T) {
			r := rollout(t, c.reference, c.response)
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			res, err := g.Grade(context.Background(), r)
			runtime.ReadMemStats(&after)
			require.NoError(t, err)
			require.NotEmpty(t, res.Reason)
			require.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(50*megabyte))
		})
	}
}

func BenchmarkHostile(b *testing.B) {
	g, err := symbolic.Kind.New(nil, nil)
	require.NoError(b, err)
	for _, c := range hostileCases() {
		r := rollout(b, c.reference, c.response)
		b.Run(c.name, func(b *testing.B) { benchmark(b, g, r) })
	}
}

func benchmark(b *testing.B, g grader.Grader, r *grader.Rollout) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := g.Grade(context.Background(), r); err != nil {
			b.Fatal(err)
		}
	}
}
