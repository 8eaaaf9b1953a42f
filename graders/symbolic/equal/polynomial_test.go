package equal_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/graders/symbolic/equal"
)

// TestSolvedInequalities compares polynomials that are made of their roots with
// the sets in which they are negative, and with sets that one end, one bracket
// or one hidden point sets apart.
func TestSolvedInequalities(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	for range 100 {
		var roots []int
		for count := 2 * (1 + rnd.IntN(2)); len(roots) < count; {
			if r := rnd.IntN(41) - 20; !slices.Contains(roots, r) {
				roots = append(roots, r)
			}
		}
		slices.Sort(roots)
		var product, set strings.Builder
		for i, r := range roots {
			fmt.Fprintf(&product, "(x-(%d))", r)
			switch {
			case i%2 == 1:
				fmt.Fprintf(&set, "%d)", r)
			case i > 0:
				fmt.Fprintf(&set, `\cup(%d,`, r)
			default:
				fmt.Fprintf(&set, "(%d,", r)
			}
		}
		inside := float64(roots[0]) + 0.5*rnd.Float64()
		for _, c := range []struct {
			inequality string
			want       bool
		}{
			{product.String() + "<0", true},
			{"0>2" + product.String(), true},
			{product.String() + "(x^2+1)<0", true},
			{product.String() + `\le0`, false},
			{product.String() + ">0", false},
			{fmt.Sprintf("%s(x-%.9f)^2<0", product.String(), inside), false},
			{fmt.Sprintf("%s(x-777.25)(x-777.5)<0", product.String()), false},
		} {
			r := equal.Decide(set.String(), c.inequality, equal.Options{})
			require.Equal(t, c.want, r.Verdict == equal.Equal, "%s and %s: %s", c.inequality, set.String(), r.Reason)
		}
	}
}
