package equal

import (
	"math/big"

	"github.com/rftgrader/rftgrader/graders/symbolic/equal/mathexpr"
)

// Budgets of one decision. They are far above what right answers need, and
// small enough that no input takes longer than a few milliseconds.
const (
	maxSteps     = 15_000  // nodes evaluated, in all
	maxBits      = 1 << 14 // bits of an exact number
	maxFactorial = 600     // n of n! and of binomial coefficients, exactly
	maxLoop      = 1000    // terms of a sum or a product
	maxItems     = 64      // elements of a list or a set
	maxExponent  = 1 << 20 // exponent in the evaluation with floating point
)

type node = mathexpr.Node

// work is what one decision may still spend.
type work struct{ steps int }

// step pays for a step. It returns false when nothing is left.
func (w *work) step() bool {
	w.steps--
	return w.steps >= 0
}

func (w *work) pay(n int) bool {
	w.steps -= n
	return w.steps >= 0
}

// bound is the value of a variable that a sum runs over.
type bound struct {
	name  string
	value int64
	up    *bound
}

func (b *bound) lookup(name string) (int64, bool) {
	for ; b != nil; b = b.up {
		if b.name == name {
			return b.value, true
		}
	}
	return 0, false
}

func ratBits(r *big.Rat) int { return r.Num().BitLen() + r.Denom().BitLen() }
