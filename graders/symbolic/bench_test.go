package symbolic_test

import (
	"maps"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/graders/symbolic"
	"github.com/rftgrader/rftgrader/graders/symbolic/equal"
)

// BenchmarkCategories measures a comparison for each category of the collected
// cases, the mean over its cases.
func BenchmarkCategories(b *testing.B) {
	byCategory := map[string][]suiteCase{}
	for _, c := range suiteCases(b) {
		if c.Kind == "pair" {
			name := c.Category
			if name == "" {
				name = rowOf(c.Suite)
			}
			byCategory[name] = append(byCategory[name], c)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(byCategory)) {
		cases := byCategory[name]
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				c := cases[i%len(cases)]
				equal.Decide(c.Gold.text(), c.Answer, equal.Options{})
			}
		})
	}
}

func BenchmarkGrade(b *testing.B) {
	g, err := symbolic.Kind.New(nil, nil)
	require.NoError(b, err)
	for _, c := range []struct{ name, reference, response string }{
		{"number", "42", `We multiply and get \boxed{42}.`},
		{"fraction", `\frac{3}{4}`, `Hence the probability is $\boxed{0.75}$.`},
		{"polynomial", "(x+1)^3", `So $f(x)=\boxed{x^3+3x^2+3x+1}$.`},
		{"constant", `\cos 36^\circ`, `\boxed{\frac{1+\sqrt5}{4}}`},
		{"interval", "(0,1)", `\boxed{0 < x < 1}`},
	} {
		r := rollout(b, c.reference, c.response)
		b.Run(c.name, func(b *testing.B) { benchmark(b, g, r) })
	}
}
