package equal_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/graders/symbolic/equal"
)

type verdictCase struct {
	reference, answer string
	want              equal.Verdict
}

func checkVerdicts(t *testing.T, cases []verdictCase) {
	t.Helper()
	for _, c := range cases {
		t.Run(c.reference+" against "+c.answer, func(t *testing.T) {
			r := equal.Decide(c.reference, c.answer, equal.Options{})
			require.Equal(t, c.want, r.Verdict, r.Reason)
		})
	}
}

// TestResidues checks that agreement modulo the prime of the fingerprint is no
// equality: 2 has the order 61 modulo 2^61-1.
func TestResidues(t *testing.T) {
	checkVerdicts(t, []verdictCase{
		{"1", "2^{61000000}", equal.Different},
		{"2^{10000}", "2^{10061}", equal.Different},
		{"2^{1000000}", "2^{1000061}", equal.Different},
		{"2^{1000000}", "4^{500000}", equal.Equal},
		{"3^{100000}", "9^{50000}", equal.Equal},
		{"3^{100000}", `3\cdot 3^{99999}`, equal.Equal},
		{"3^{100000}", "3^{100000}+2^{61}-1", equal.Different},
		{"2^{100000000000000000000}", "2^{100000000000000000061}", equal.Different},
		{"2^{100000000000000000000}", "4^{50000000000000000000}", equal.Equal},
		{"1", `2^{61\cdot 10^{20}}`, equal.Different},
		{"0", "2^{122000000}-1", equal.Different},
		{"3", "3^{2305843009213693951}", equal.Different},
		{"0", "2305843009213693951x", equal.Different},
		{"x", "2305843009213693952x", equal.Different},
		{"x+5", "x+2305843009213693956", equal.Different},
		{"x+5", "x+5+2305843009213693951*10^{-40}", equal.Different},
		{`\frac{x}{2}`, "1152921504606846976x", equal.Different},
		{"x+1", "546898731749929739", equal.Different},
		{"x^2+3", "546898731749929738x+3", equal.Different},
		{`\pi`, `\pi+2305843009213693951\cdot 10^{-40}\pi`, equal.Different},
		{"(x+1)^3", "x^3+3x^2+3x+1", equal.Equal},
		{"x^{2000}x", "x^{2001}", equal.Equal},
		{"x^{2000}x", "x^{2002}", equal.Different},
		{"5", "5+x-x", equal.Equal},
		{`\frac{x^2-1}{x-1}`, "x+1", equal.Equal},
		{`\frac{2\pi}{3}`, `\frac{4\pi}{6}`, equal.Equal},
	})
	r := equal.Decide("x", "x^{2^{61}-1}", equal.Options{})
	require.NotEqual(t, equal.Equal, r.Verdict, r.Reason)
}

// TestSpread checks that the points reach to where two expressions differ, and
// that far points and 200 bits do not part what is equal.
func TestSpread(t *testing.T) {
	checkVerdicts(t, []verdictCase{
		{"|a+b|", "|a|+|b|", equal.Different},
		{"|a+b|", "|-a-b|", equal.Equal},
		{"|ab|", "|a||b|", equal.Equal},
		{`\sqrt{a^2b}`, `a\sqrt b`, equal.Different},
		{`\sqrt{a^2b}`, `|a|\sqrt b`, equal.Equal},
		{`\lceil x\rceil`, `\lfloor x\rfloor+1`, equal.Different},
		{`\lceil x\rceil`, `-\lfloor -x\rfloor`, equal.Equal},
		{`\lfloor 2x\rfloor`, `\lfloor x\rfloor+\lfloor x+\frac12\rfloor`, equal.Equal},
		{`\lfloor x\rfloor+\lfloor -x\rfloor`, "-1", equal.Different},
		{"|x-100|", "100-x", equal.Different},
		{"|x-1000|", "1000-x", equal.Different},
		{"|x-1000|", "|1000-x|", equal.Equal},
		{"|x+100000|", "x+100000", equal.Different},
		{`\max(x,1000)`, "1000", equal.Different},
		{`\max(x,1000)`, `\frac{x+1000+|x-1000|}{2}`, equal.Equal},
		{`\max(a,b)`, `\max(b,a)`, equal.Equal},
		{`\max(a,b)`, "a", equal.Different},
		{`\max(a,b)`, "b", equal.Different},
		{`\min(a,b)`, `a+b-\max(a,b)`, equal.Equal},
		{`\sqrt{(x+50)^2}`, "x+50", equal.Different},
		{`\sqrt{(x+50)^2}`, "|x+50|", equal.Equal},
		{`\sin x+10^{-15}`, `\sin x`, equal.Different},
		{`\sin 2x`, `2\sin x\cos x`, equal.Equal},
		{`\arcsin x`, `\frac{\pi}{2}-\arccos x`, equal.Equal},
		{`\arcsin x+10^{-20}`, `\arcsin x`, equal.Different},
		{`\sinh x`, `\frac{e^x-e^{-x}}{2}`, equal.Equal},
		{`\cosh x+10^{-20}`, `\cosh x`, equal.Different},
		{`\tanh x`, `\frac{e^{2x}-1}{e^{2x}+1}`, equal.Equal},
		{`e^{-x^2\cdot 10^{6}}`, "0", equal.Different},
		{`\sqrt{x^2+1}-x`, `\frac{1}{\sqrt{x^2+1}+x}`, equal.Equal},
		{`\ln(xy)`, `\ln x+\ln y`, equal.Equal},
		{"x^{1/3}y^{1/3}", `\sqrt[3]{xy}`, equal.Equal},
		{`\frac{n(n+1)}{2}`, `\sum_{k=1}^n k`, equal.Equal},
	})
}

// TestWrittenDigits checks that a decimal number stands for a value only if it
// is that value rounded, or cut after six digits or more.
func TestWrittenDigits(t *testing.T) {
	checkVerdicts(t, []verdictCase{
		{"0.9999999", "1", equal.Different},
		{`\sqrt2`, "1.4142135623731", equal.Equal},
		{`\sqrt2`, "1.4142135623732", equal.Different},
		{`\sqrt2`, "1.41421356", equal.Different},
		{"1.41421356", `\sqrt2`, equal.Equal},
		{"1.41421357", `\sqrt2`, equal.Different},
		{`\pi`, "3.14159265358", equal.Equal},
		{`\pi`, "3.14159265359", equal.Equal},
		{`\pi`, "3.14159265360", equal.Different},
		{"3.1415927", `\pi`, equal.Equal},
		{"3.1415928", `\pi`, equal.Different},
		{"0.333333", `\frac13`, equal.Equal},
		{"0.666666", `\frac23`, equal.Equal},
		{"0.666667", `\frac23`, equal.Equal},
		{"0.666668", `\frac23`, equal.Different},
		{"0.333334", `\frac13`, equal.Different},
	})
}
