package stats_test

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader/workbench/stats"
)

func TestDiscordances(t *testing.T) {
	for _, c := range []struct {
		name   string
		xs, ys []float64
		want   stats.Discordance
	}{
		{"none", nil, nil, stats.Discordance{}},
		{"one", []float64{1}, []float64{2}, stats.Discordance{}},
		{"the same", []float64{1, 2, 3}, []float64{1, 2, 3}, stats.Discordance{Ordered: 3}},
		{"turned round", []float64{1, 2, 3}, []float64{3, 2, 1}, stats.Discordance{Ordered: 3, Turned: 3}},
		{"order broken", []float64{1, 2}, []float64{5, 5}, stats.Discordance{Ordered: 1, Broken: 1}},
		{"order made", []float64{1, 1}, []float64{5, 6}, stats.Discordance{Made: 1}},
		{"equal in both", []float64{1, 1}, []float64{5, 5}, stats.Discordance{}},
		{"one of three", []float64{0, 1, 1}, []float64{1, 0, 1}, stats.Discordance{Ordered: 2, Turned: 1, Broken: 1, Made: 1}},
	} {
		t.Run(c.name, func(t *testing.T) {
			require.Equal(t, c.want, stats.Discordances(c.xs, c.ys))
		})
	}
}

// TestDiscordancesByPairs compares with counting pair by pair.
func TestDiscordancesByPairs(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		n := random.IntN(30)
		xs, ys := make([]float64, n), make([]float64, n)
		for i := range xs {
			xs[i], ys[i] = float64(random.IntN(4)), float64(random.IntN(4))
		}
		var want stats.Discordance
		for i := range xs {
			for j := range i {
				x, y := xs[i]-xs[j], ys[i]-ys[j]
				switch {
				case x != 0:
					want.Ordered++
					if x*y < 0 {
						want.Turned++
					} else if y == 0 {
						want.Broken++
					}
				case y != 0:
					want.Made++
				}
			}
		}
		require.Equal(t, want, stats.Discordances(xs, ys))
	}
}
