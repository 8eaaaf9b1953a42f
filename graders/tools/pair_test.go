package tools

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestPairs compares both ways of pairing with trying all pairs.
func TestPairs(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range 400 {
		rows, columns := 1+rng.IntN(4), 1+rng.IntN(4)
		value := make([][]float64, rows)
		for i := range value {
			value[i] = make([]float64, columns)
			for j := range value[i] {
				value[i][j] = float64(rng.IntN(4)) / 4
			}
		}
		require.InDelta(t, best(value, columns, 0, 0, -1, true), sum(t, value, pairInOrder(value, columns), true), 1e-9, "%v", value)
		require.InDelta(t, best(value, columns, 0, 0, -1, false), sum(t, value, pairAnyhow(value, columns), false), 1e-9, "%v", value)
	}
}

// best is the highest sum from a row on; used holds the columns as bits.
func best(value [][]float64, columns, row, used, last int, inOrder bool) float64 {
	if row == len(value) {
		return 0
	}
	most := best(value, columns, row+1, used, last, inOrder)
	for j := range columns {
		if used&(1<<j) != 0 || inOrder && j <= last {
			continue
		}
		most = max(most, value[row][j]+best(value, columns, row+1, used|1<<j, j, inOrder))
	}
	return most
}

func sum(t *testing.T, value [][]float64, pairs []int, inOrder bool) float64 {
	seen, last, total := map[int]bool{}, -1, 0.0
	for i, j := range pairs {
		if j < 0 {
			continue
		}
		require.False(t, seen[j])
		require.True(t, !inOrder || j > last)
		seen[j], last = true, j
		total += value[i][j]
	}
	return total
}
