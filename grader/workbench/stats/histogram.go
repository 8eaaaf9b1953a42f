package stats

import "sort"

// A Bin counts the numbers x with From <= x < To. The last bin of a histogram
// also holds x = To.
type Bin struct {
	From, To float64
	Count    int
}

// Histogram counts numbers in the given number of bins (1 or more) of equal
// width from lo to hi. Numbers outside count in the first or the last bin. If
// lo is not below hi there is one bin.
func Histogram(xs []float64, lo, hi float64, bins int) []Bin {
	if !(lo < hi) {
		return []Bin{{From: lo, To: hi, Count: len(xs)}}
	}
	out := make([]Bin, bins)
	from := lo
	for i := range out {
		// In a range of few float64s the edges are rounded, but never back.
		t := float64(i+1) / float64(bins)
		to := min(hi, max(from, lo*(1-t)+hi*t))
		if i == bins-1 {
			to = hi
		}
		out[i] = Bin{From: from, To: to}
		from = to
	}
	for _, x := range xs {
		i := sort.Search(bins-1, func(i int) bool { return x < out[i].To })
		out[i].Count++
	}
	return out
}
