package equal_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/graders/symbolic/equal"
	"github.com/rftgrader/rftgrader/graders/symbolic/equal/mathexpr"
)

// TestReflexive checks that whatever can be read equals itself, also where a
// space makes the texts differ.
func TestReflexive(t *testing.T) {
	for _, p := range pairs(t) {
		for _, s := range []string{p.reference, p.answer} {
			if _, err := mathexpr.Parse(s, mathexpr.Options{}); err != nil {
				continue
			}
			r := equal.Decide(s, " $ "+s+" $ ", equal.Options{})
			require.Equal(t, equal.Equal, r.Verdict, "%s: %s", s, r.Reason)
		}
	}
}

// TestSymmetric checks that the sides can be exchanged, but where one of them is
// a rounded number, a choice, or a value without the unit or the domain of the
// other, which are judged by what the reference asks for.
func TestSymmetric(t *testing.T) {
	oneWay := map[string]bool{
		`\ln x^2;;2\ln x`: true, `2\ln x;;\ln x^2`: true, `\ln|x|;;\ln x`: true, `\ln|x|+C;;\ln x+C`: true, `\ln x+C;;\ln|x|+C`: true, `3.14;;3,14`: true, `\sqrt{x}\sqrt{x};;x`: true, `[3,5];;3,5`: true, `\sqrt{x}^2;;x`: true, `\sin(\arcsin x);;x`: true, `A;;a`: true, `85.71;;\frac{600}{7}`: true, `x=1,y=2;;2,1`: true,
	}
	for _, p := range pairs(t) {
		switch p.category {
		case "near", "choices", "hacks", "percent":
			continue
		}
		if oneWay[p.reference+";;"+p.answer] || p.want == "unparsed" || p.want == "undecided" {
			continue
		}
		r := equal.Decide(p.answer, p.reference, equal.Options{})
		require.Equal(t, p.want == "equal", r.Verdict == equal.Equal, "%s against %s, exchanged: %s", p.reference, p.answer, r.Reason)
	}
}

func TestTolerance(t *testing.T) {
	for _, c := range []struct {
		name, reference, answer string
		opt                     equal.Options
		want                    equal.Verdict
	}{
		{"absolute", "10", "10.4", equal.Options{Abs: 0.5}, equal.Equal},
		{"absolute, too far", "10", "10.6", equal.Options{Abs: 0.5}, equal.Different},
		{"relative", "200", "201", equal.Options{Rel: 0.01}, equal.Equal},
		{"relative, a root", `10\sqrt{2}`, "14.1", equal.Options{Rel: 0.01}, equal.Equal},
		{"inside a pair", "(1,2)", "(1.001,2)", equal.Options{Abs: 0.01}, equal.Equal},
		{"written precision does not add", "3.14", "3.142", equal.Options{Abs: 1e-6}, equal.Different},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := equal.Decide(c.reference, c.answer, c.opt)
			require.Equal(t, c.want, r.Verdict, r.Reason)
		})
	}
}

// TestBudget checks that products of matrices, whose entries share their parts,
// do not grow with each factor.
func TestBudget(t *testing.T) {
	m := `\begin{pmatrix}x&1\\1&x\end{pmatrix}`
	long := ""
	for range 60 {
		long += m
	}
	r := equal.Decide(m, long, equal.Options{})
	require.NotEqual(t, equal.Equal, r.Verdict)
}

func FuzzDecide(f *testing.F) {
	for _, p := range pairs(f) {
		f.Add(p.reference, p.answer)
	}
	f.Fuzz(func(t *testing.T, reference, answer string) {
		first := equal.Decide(reference, answer, equal.Options{})
		if first.Reason == "" {
			t.Fatal("no reason")
		}
		if again := equal.Decide(reference, answer, equal.Options{}); again != first {
			t.Fatalf("%v, and then %v", first, again)
		}
		if _, err := mathexpr.Parse(answer, mathexpr.Options{}); err == nil {
			r := equal.Decide(answer, answer+" ", equal.Options{})
			if r.Verdict != equal.Equal {
				t.Fatalf("not equal to itself: %v", r)
			}
		}
	})
}

func BenchmarkDecide(b *testing.B) {
	all := pairs(b)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		p := all[i%len(all)]
		equal.Decide(p.reference, p.answer, equal.Options{})
	}
}
