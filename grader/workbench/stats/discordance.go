package stats

import (
	"cmp"
	"slices"
)

// Discordance counts the pairs of things that two figures put into orders: Turned
// are those that stand the other way round in ys, Broken those that xs orders and
// ys does not, Made those that only ys orders, and Ordered those that xs orders.
type Discordance struct {
	Ordered, Turned, Broken, Made int
}

// Discordances compares the orders of two figures of the same things, in O(n log n).
// The sides must be of one length.
func Discordances(xs, ys []float64) Discordance {
	n := len(xs)
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int {
		return cmp.Or(cmp.Compare(xs[i], xs[j]), cmp.Compare(ys[i], ys[j]))
	})
	sorted := make([]float64, n)
	for i, at := range order {
		sorted[i] = ys[at]
	}
	sameX := ties(order, func(i, j int) bool { return xs[i] == xs[j] })
	sameBoth := ties(order, func(i, j int) bool { return xs[i] == xs[j] && ys[i] == ys[j] })
	turned := int(inversions(sorted, make([]float64, n)))
	slices.SortFunc(order, func(i, j int) int { return cmp.Compare(ys[i], ys[j]) })
	sameY := ties(order, func(i, j int) bool { return ys[i] == ys[j] })
	all := n * (n - 1) / 2
	return Discordance{Ordered: all - sameX, Turned: turned, Broken: sameY - sameBoth, Made: sameX - sameBoth}
}

// ties returns how many pairs are equal in an order in which equal ones stand together.
func ties(order []int, equal func(i, j int) bool) int {
	total, run := 0, 0
	for k := range order {
		if k > 0 && equal(order[k-1], order[k]) {
			run++
		} else {
			run = 0
		}
		total += run
	}
	return total
}
