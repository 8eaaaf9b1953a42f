package tools

import "math"

// pairInOrder pairs rows with columns so that the sum of their values is the
// highest and no pairs cross. It returns the column of each row, or -1. A value
// of 0 is no pair.
func pairInOrder(value [][]float64, columns int) []int {
	rows := len(value)
	best := make([][]float64, rows+1) // of the rows and columns from here on
	for i := range best {
		best[i] = make([]float64, columns+1)
	}
	for i := rows - 1; i >= 0; i-- {
		for j := columns - 1; j >= 0; j-- {
			best[i][j] = max(best[i+1][j], best[i][j+1], value[i][j]+best[i+1][j+1])
		}
	}
	pairs := make([]int, rows)
	for i, j := 0, 0; i < rows; {
		switch {
		case j == columns:
			pairs[i] = -1
			i++
		case value[i][j] > 0 && best[i][j] == value[i][j]+best[i+1][j+1]:
			pairs[i] = j
			i, j = i+1, j+1
		case best[i][j] == best[i][j+1]:
			j++
		default:
			pairs[i] = -1
			i++
		}
	}
	return pairs
}

// pairAnyhow pairs rows with columns so that the sum of their values is the
// highest: the Hungarian method of H. W. Kuhn (1955) with the potentials of J.
// Munkres (1957), in time of the order of rows * rows * columns.
func pairAnyhow(value [][]float64, columns int) []int {
	rows := len(value)
	size := max(rows, columns)
	cost := func(row, column int) float64 {
		if row < rows && column < columns {
			return -value[row][column]
		}
		return 0
	}
	// Index 0 of rows and columns stands for none.
	rowPotential, columnPotential := make([]float64, size+1), make([]float64, size+1)
	rowOf, from := make([]int, size+1), make([]int, size+1)
	for row := 1; row <= size; row++ {
		rowOf[0] = row
		column := 0
		least := make([]float64, size+1)
		for i := range least {
			least[i] = math.Inf(1)
		}
		used := make([]bool, size+1)
		for rowOf[column] != 0 {
			used[column] = true
			delta, next := math.Inf(1), 0
			for j := 1; j <= size; j++ {
				if used[j] {
					continue
				}
				reduced := cost(rowOf[column]-1, j-1) - rowPotential[rowOf[column]] - columnPotential[j]
				if reduced < least[j] {
					least[j], from[j] = reduced, column
				}
				if least[j] < delta {
					delta, next = least[j], j
				}
			}
			for j := range size + 1 {
				if used[j] {
					rowPotential[rowOf[j]] += delta
					columnPotential[j] -= delta
				} else {
					least[j] -= delta
				}
			}
			column = next
		}
		for column != 0 {
			rowOf[column] = rowOf[from[column]]
			column = from[column]
		}
	}
	pairs := make([]int, rows)
	for i := range pairs {
		pairs[i] = -1
	}
	for column := 1; column <= columns; column++ {
		if row := rowOf[column] - 1; row < rows && value[row][column-1] > 0 {
			pairs[row] = column - 1
		}
	}
	return pairs
}
