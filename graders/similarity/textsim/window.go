package textsim

import "context"

// bestWindow returns the greatest ratio of a, the shorter text, to a stretch of
// b: to each stretch as long as a, and to each shorter one at either end of b.
//
// One pass over the table of both texts gives the longest common subsequences
// with all stretches at once: strands run through the table, two of them cross
// at most once, and those that begin inside a stretch and leave it below count
// what is missing (C. E. R. Alves, E. N. Cáceres, S. W. Song, "An all-substrings
// common subsequence algorithm", 2008).
func bestWindow(ctx context.Context, a, b []int32) (float64, error) {
	n, m := len(a), len(b)
	if uint64(n)*uint64(m) > MaxWindowPairs {
		return 0, ErrTooLong
	}
	p := newPattern(a)
	text := p.read(b)
	// strand[j] is which strand leaves the table below column j: one that begins
	// above a column (its number, from 1), or one from the left (0).
	strand := make([]int32, m)
	for j := range strand {
		strand[j] = int32(j + 1)
	}
	for i, c := range p.ids {
		if i%64 == 0 && ctx.Err() != nil {
			return 0, ctx.Err()
		}
		across := int32(0)
		for j, d := range text {
			s := strand[j]
			low, high := min(s, across), max(s, across)
			if d == c {
				low, high = s, across
			}
			strand[j], across = high, low
		}
	}
	ends := make([]int32, m+1) // where a strand leaves, from 1; 0 is nowhere
	for j, s := range strand {
		if s > 0 {
			ends[s] = int32(j + 1)
		}
	}
	// The columns k of the stretch b[i:j], i < k <= j, below which a strand
	// leaves that began at i or before, are as many as the common subsequence.
	best := 0.0
	consider := func(common, length int) {
		best = max(best, 2*float64(common)/float64(n+length))
	}
	common := 0
	for j := 1; j <= n; j++ {
		if strand[j-1] == 0 {
			common++
		}
		consider(common, j)
	}
	for i := 1; i < m; i++ {
		if strand[i-1] <= int32(i-1) {
			common-- // column i is left behind
		}
		end := min(i+n, m)
		if i+n <= m && strand[end-1] <= int32(i-1) {
			common++ // column i+n comes in
		}
		if e := int(ends[i]); e > i && e <= end {
			common++ // strand i now begins before the stretch
		}
		consider(common, end-i)
	}
	return best, nil
}
