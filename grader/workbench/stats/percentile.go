package stats

import "math"

// Percentile returns the p-th percentile, p in 0..100, of numbers in ascending
// order, and NaN where there are none. Between two numbers it is interpolated:
// this is type 7 of Hyndman and Fan, "Sample quantiles in statistical
// packages", The American Statistician 50 (1996), as NumPy, R and spreadsheets
// have it.
func Percentile(ascending []float64, p float64) float64 {
	if len(ascending) == 0 {
		return math.NaN()
	}
	place := p / 100 * float64(len(ascending)-1)
	below := int(math.Floor(place))
	if below >= len(ascending)-1 {
		return ascending[len(ascending)-1]
	}
	a, b := ascending[below], ascending[below+1]
	if a == b {
		return a
	}
	t := place - float64(below)
	return a*(1-t) + b*t
}
