package symbolic_test

import (
	"testing"

	"github.com/rftgrader/rftgrader/graders/numeric/number"
	"github.com/rftgrader/rftgrader/graders/symbolic/equal"
	"github.com/rftgrader/rftgrader/graders/symbolic/equal/mathexpr"
)

// FuzzReaders compares the reader of numbers of the kind numeric with the one of
// mathematics: what both read as one number without a unit, they must read as
// the same. To the second, 5 (5) and 10^2^3 are more than a number.
func FuzzReaders(f *testing.F) {
	for _, s := range []string{"5", "-1,234.50", "1.5e-3", "3 1/2", `2\frac12`, `\frac{-3}{4}`, "0.333...", `0.1\overline{6}`, "1/3", "twenty-one", "2 × 10^3",
		`1{,}234`, `1\,234`, ".5", "5.", "+7", "−2", "½", "3½", "1 234 567", "10^{-3}", "1e5", "-½", "--5", "12,34,567", "1_000", "0x1F", "1'000", "３", "2 million",
		`\frac12`, "-3/4", "3.14...", "five hundred and two", "1,234,567.8901", "0.1(6)", "(5)", "$5", "007", "1E+3", "-0", "1.000,50", "negative 5", "0.1212...", "0.33...", ".0000000303..."} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if len(s) > 60 {
			return
		}
		r, err := number.Read(s, number.Format{})
		if err != nil || r.Percent || r.Unit != "" {
			return
		}
		v, ok := r.Value.Rat()
		if !ok || len(v.String()) > 100 {
			return
		}
		n, err := mathexpr.Parse(s, mathexpr.Options{})
		if err != nil || n.Label != "" || n.Note != "" || !oneNumber(n) {
			return
		}
		if r := equal.Decide(v.RatString(), s, equal.Options{}); r.Verdict == equal.Different {
			t.Fatalf("%q is %v to one reader and %v to the other: %s", s, v, n, r.Reason)
		}
	})
}

// oneNumber reports whether a tree is a number as people write one: digits, a
// fraction, a mixed number, or a power of ten with a factor before it.
func oneNumber(n *mathexpr.Node) bool {
	switch n.Op {
	case mathexpr.OpNum:
		return true
	case mathexpr.OpNeg:
		return oneNumber(n.Args[0])
	case mathexpr.OpDiv:
		return n.Args[0].Op == mathexpr.OpNum && n.Args[1].Op == mathexpr.OpNum
	case mathexpr.OpAdd:
		return n.Mixed
	case mathexpr.OpMul:
		return len(n.Args) == 2 && n.Args[0].Op == mathexpr.OpNum && n.Args[1].Op == mathexpr.OpPow && oneNumber(n.Args[1])
	case mathexpr.OpPow:
		e := n.Args[1]
		if e.Op == mathexpr.OpNeg {
			e = e.Args[0]
		}
		return n.Args[0].Op == mathexpr.OpNum && n.Args[0].Num.Val.RatString() == "10" && e.Op == mathexpr.OpNum
	}
	return false
}
