package stats_test

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader/workbench/stats"
)

func TestMoments(t *testing.T) {
	for _, tc := range []struct {
		name               string
		xs                 []float64
		mean, sd, min, max float64
	}{
		{"none", nil, 0, 0, 0, 0},
		{"one", []float64{-3}, -3, 0, -3, -3},
		{"eight with the spread 2", []float64{2, 4, 4, 4, 5, 5, 7, 9}, 5, 2, 2, 9},
		{"all equal", []float64{0.1, 0.1, 0.1}, 0.1, 0, 0.1, 0.1},
		{"all below zero", []float64{-1, -2, -3}, -2, math.Sqrt(2. / 3), -3, -1},
		{"a small spread about a large mean", []float64{1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16}, 1e9 + 10, math.Sqrt(22.5), 1e9 + 4, 1e9 + 16},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var m stats.Moments
			for _, x := range tc.xs {
				m.Add(x)
			}
			require.Equal(t, len(tc.xs), m.N())
			require.InDelta(t, tc.mean, m.Mean(), 1e-12*max(1, math.Abs(tc.mean)))
			require.InDelta(t, tc.sd, m.SD(), 1e-12)
			require.Equal(t, tc.min, m.Min())
			require.Equal(t, tc.max, m.Max())
		})
	}
}

func TestMeanIsExactWhereItCanBe(t *testing.T) {
	for _, tc := range []struct {
		name string
		xs   []float64
		want float64
	}{
		{"halves", slices.Repeat([]float64{1, 0}, 3000), 0.5},
		{"tenths", []float64{0.1, 0.1, 0.1}, 0.1},
		{"small beside large", []float64{1, 1e100, 1, -1e100}, 0.5},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var m stats.Moments
			for _, x := range tc.xs {
				m.Add(x)
			}
			require.Equal(t, tc.want, m.Mean())
		})
	}
}

func TestPercentile(t *testing.T) {
	// The expected values are those of numpy.percentile, whose default is type 7.
	for _, tc := range []struct {
		name string
		xs   []float64
		p    float64
		want float64
	}{
		{"one number", []float64{3}, 25, 3},
		{"least", []float64{1, 2, 3, 4}, 0, 1},
		{"greatest", []float64{1, 2, 3, 4}, 100, 4},
		{"between the middle two", []float64{1, 2, 3, 4}, 50, 2.5},
		{"a quarter", []float64{1, 2, 3, 4}, 25, 1.75},
		{"three quarters", []float64{1, 2, 3, 4}, 75, 3.25},
		{"the middle one", []float64{1, 2, 10}, 50, 2},
		{"a tenth", []float64{15, 20, 35, 40, 50}, 10, 17},
		{"forty hundredths", []float64{15, 20, 35, 40, 50}, 40, 29},
		{"nine tenths", []float64{15, 20, 35, 40, 50}, 90, 46},
		{"between equal numbers", []float64{0.1, 0.1, 0.1, 0.7}, 33, 0.1},
		{"between numbers whose distance is no float64", []float64{-math.MaxFloat64, math.MaxFloat64}, 50, 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			require.InDelta(t, tc.want, stats.Percentile(tc.xs, tc.p), 1e-12)
		})
	}
	t.Run("no numbers", func(t *testing.T) {
		require.True(t, math.IsNaN(stats.Percentile(nil, 50)))
	})
}

func TestHistogram(t *testing.T) {
	for _, tc := range []struct {
		name   string
		xs     []float64
		lo, hi float64
		bins   int
		want   []int
	}{
		{"no numbers", nil, 0, 1, 3, []int{0, 0, 0}},
		{"both ends", []float64{0, 1}, 0, 1, 10, []int{1, 0, 0, 0, 0, 0, 0, 0, 0, 1}},
		{"each edge opens its bin", []float64{0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1}, 0, 1, 10, []int{1, 1, 1, 1, 1, 1, 1, 1, 1, 2}},
		{"just below an edge", []float64{math.Nextafter(0.3, 0), 0.3}, 0, 1, 10, []int{0, 0, 1, 1, 0, 0, 0, 0, 0, 0}},
		{"below zero", []float64{-1, -0.5, 0, 0.5, 1}, -1, 1, 4, []int{1, 1, 1, 2}},
		{"outside", []float64{-7, 0.5, 7}, 0, 1, 2, []int{1, 2}},
		{"no width", []float64{2, 2}, 2, 2, 10, []int{2}},
		{"the widest", []float64{-math.MaxFloat64, 0, math.MaxFloat64}, -math.MaxFloat64, math.MaxFloat64, 2, []int{1, 2}},
		{"narrower than its numbers are apart", []float64{1, math.Nextafter(1, 2)}, 1, math.Nextafter(1, 2), 4, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			bins := stats.Histogram(tc.xs, tc.lo, tc.hi, tc.bins)
			require.Equal(t, tc.lo, bins[0].From)
			require.Equal(t, tc.hi, bins[len(bins)-1].To)
			total, counts := 0, []int(nil)
			for i, b := range bins {
				total += b.Count
				counts = append(counts, b.Count)
				if i > 0 {
					require.Equal(t, bins[i-1].To, b.From)
				}
			}
			require.Equal(t, len(tc.xs), total, "each number counts once")
			if tc.want != nil {
				require.Equal(t, tc.want, counts)
			}
		})
	}
}

func TestGroups(t *testing.T) {
	var g stats.Groups[string]
	require.Equal(t, stats.GroupCounts{FlatAt: map[float64]int{}}, g.Count())
	for _, s := range []struct {
		key   string
		score float64
	}{
		{"mixed", 0}, {"right", 1}, {"alone", 1}, {"mixed", 0}, {"wrong", 0}, {"right", 1}, {"half", 0.5}, {"mixed", 1}, {"wrong", 0}, {"half", 0.5}, {"right", 1},
	} {
		g.Add(s.key, s.score)
	}
	require.Equal(t, stats.GroupCounts{Prompts: 5, Groups: 4, Flat: 3, FlatAt: map[float64]int{0: 1, 0.5: 1, 1: 1}}, g.Count())
}

// FuzzHistogram looks for a number that counts twice, not at all, or in a bin
// that does not hold it.
func FuzzHistogram(f *testing.F) {
	f.Add(0.3, 0., 1., uint8(10))
	f.Add(-1e308, -math.MaxFloat64, math.MaxFloat64, uint8(7))
	f.Add(5e-324, 0., 1e-323, uint8(3))
	f.Fuzz(func(t *testing.T, x, lo, hi float64, n uint8) {
		for _, v := range []float64{x, lo, hi} {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				return
			}
		}
		bins := stats.Histogram([]float64{x}, lo, hi, int(n%50)+1)
		at := slices.IndexFunc(bins, func(b stats.Bin) bool { return b.Count == 1 })
		require.GreaterOrEqual(t, at, 0)
		require.Equal(t, -1, slices.IndexFunc(bins[at+1:], func(b stats.Bin) bool { return b.Count != 0 }))
		if lo < hi && lo <= x && x <= hi {
			require.LessOrEqual(t, bins[at].From, x)
			require.True(t, x < bins[at].To || at == len(bins)-1, "%v is not below %v", x, bins[at].To)
		}
	})
}

func ExamplePercentile() {
	scores := []float64{1, 0, 0.5, 1, 0}
	slices.Sort(scores)
	fmt.Println(stats.Percentile(scores, 50), stats.Percentile(scores, 75))
	// Output: 0.5 1
}

func BenchmarkMoments(b *testing.B) {
	var m stats.Moments
	for b.Loop() {
		m.Add(0.5)
	}
}
