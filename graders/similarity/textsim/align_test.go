package textsim

import (
	"context"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// plainDistance fills the whole table of edit distances; without substitutions
// it gives the lengths less twice the longest common subsequence.
func plainDistance(a, b []int32, substitution int) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i, c := range a {
		corner := row[0]
		row[0] = i + 1
		for j, d := range b {
			cost := substitution
			if c == d {
				cost = 0
			}
			corner, row[j+1] = row[j+1], min(corner+cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}

func plainWindow(a, b []int32) float64 {
	best := 0.0
	for i := range b {
		for j := i + 1; j <= len(b); j++ {
			if j-i == len(a) || j-i < len(a) && (i == 0 || j == len(b)) {
				lengths := len(a) + j - i
				best = max(best, 1-float64(plainDistance(a, b[i:j], 2))/float64(lengths))
			}
		}
	}
	return best
}

func randomText(r *rand.Rand, length, letters int) []int32 {
	out := make([]int32, length)
	for i := range out {
		out[i] = int32('a' + r.IntN(letters))
	}
	return out
}

// TestAlignmentsAgreeWithTheTable compares the bit-parallel algorithms with the
// plain ones, on both sides of the edges of their blocks.
func TestAlignmentsAgreeWithTheTable(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	ctx := context.Background()
	for range 1500 {
		letters := 1 + r.IntN(6)
		a := randomText(r, r.IntN(200), letters)
		b := randomText(r, r.IntN(200), letters)
		if r.IntN(3) == 0 { // mostly the same text
			b = append(append([]int32(nil), a[:len(a)/2]...), b[:len(b)/4]...)
			b = append(b, a[len(a)/2:]...)
		}
		n, err := commonSubsequence(ctx, a, b)
		require.NoError(t, err)
		require.Equal(t, len(a)+len(b)-plainDistance(a, b, 2), 2*n, "%v %v", a, b)
		d, err := editDistance(ctx, a, b)
		require.NoError(t, err)
		require.Equal(t, plainDistance(a, b, 1), d, "%v %v", a, b)
	}
	for _, n := range []int{63, 64, 65, 127, 128, 129} {
		a, b := randomText(r, n, 3), randomText(r, n+1, 3)
		d, err := editDistance(ctx, a, b)
		require.NoError(t, err)
		require.Equal(t, plainDistance(a, b, 1), d)
	}
}

func TestWindowsAgreeWithTheTable(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 700 {
		letters := 1 + r.IntN(5)
		a := randomText(r, 1+r.IntN(12), letters)
		b := randomText(r, len(a)+r.IntN(25), letters)
		got, err := bestWindow(context.Background(), a, b)
		require.NoError(t, err)
		require.InDelta(t, plainWindow(a, b), got, 1e-12, "%v %v", a, b)
	}
}

func TestTooLong(t *testing.T) {
	ctx := context.Background()
	long, short := strings.Repeat("ab", 1<<19), strings.Repeat("ba", 1<<12)
	for name, f := range map[string]func() (float64, error){
		"ratio":         func() (float64, error) { return Ratio(ctx, long, short) },
		"token sort":    func() (float64, error) { return TokenSort(ctx, long, short) },
		"token set":     func() (float64, error) { return TokenSet(ctx, long, short) },
		"wratio":        func() (float64, error) { return WRatio(ctx, long, short) },
		"edit distance": func() (float64, error) { return EditSimilarity(ctx, long, short) },
		"partial":       func() (float64, error) { return Partial(ctx, strings.Repeat("ab", 1<<17), short) },
		"partial words": func() (float64, error) { return WRatio(ctx, strings.Repeat("ab", 1<<15), short) },
		"rouge_l": func() (float64, error) {
			o, err := RougeL(ctx, strings.Fields(strings.Repeat("a b ", 1<<19)), strings.Fields(strings.Repeat("b a ", 1<<12)))
			return o.F1(), err
		},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := f()
			require.ErrorIs(t, err, ErrTooLong)
		})
	}
}

func TestAlignmentsEndWithTheirContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := Ratio(ctx, "abc", "bcd")
	require.ErrorIs(t, err, context.Canceled)
	_, err = EditSimilarity(ctx, "abc", "bcd")
	require.ErrorIs(t, err, context.Canceled)
	_, err = Partial(ctx, "abc", "bcd")
	require.ErrorIs(t, err, context.Canceled)
}

func BenchmarkAlign(b *testing.B) {
	r := rand.New(rand.NewPCG(5, 6))
	ctx := context.Background()
	x, y := randomText(r, 46340, 4), randomText(r, 46340, 4)
	b.Run("common subsequence at its bound", func(b *testing.B) {
		for b.Loop() {
			if _, err := commonSubsequence(ctx, x, y); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("edit distance at its bound", func(b *testing.B) {
		for b.Loop() {
			if _, err := editDistance(ctx, x, y); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("windows at their bound", func(b *testing.B) {
		for b.Loop() {
			if _, err := bestWindow(ctx, x[:8192], y[:8192]); err != nil {
				b.Fatal(err)
			}
		}
	})
}
