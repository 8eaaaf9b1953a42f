package stats

import "math"

// Moments are the count, mean, spread and extremes of numbers that are added
// one at a time. The zero value is ready for use.
type Moments struct {
	n             int
	sum, lost     float64 // lost is what the rounding of sum left behind
	running, m2   float64 // a mean, and the sum of squared distances from it
	least, utmost float64
}

// Add takes one more number.
//
// The squares are summed by the method of Welford, "Note on a method for
// calculating corrected sums of squares and products", Technometrics 4 (1962),
// which loses no digits to a large mean. The sum is compensated as by Neumaier,
// "Rundungsfehleranalyse einiger Verfahren zur Summation endlicher Summen",
// ZAMM 54 (1974), so that half of ones and half of zeros is exactly one half.
func (m *Moments) Add(x float64) {
	m.n++
	if m.n == 1 {
		m.least, m.utmost = x, x
	}
	m.least, m.utmost = min(m.least, x), max(m.utmost, x)
	delta := x - m.running
	m.running += delta / float64(m.n)
	m.m2 += delta * (x - m.running)
	sum := m.sum + x
	if math.Abs(m.sum) >= math.Abs(x) {
		m.lost += m.sum - sum + x
	} else {
		m.lost += x - sum + m.sum
	}
	m.sum = sum
}

// N returns how many numbers were added. The other figures are 0 where it is 0.
func (m *Moments) N() int { return m.n }

// Mean returns the arithmetic mean. It is not finite where the sum is too large
// for a float64.
func (m *Moments) Mean() float64 {
	if m.n == 0 {
		return 0
	}
	mean := (m.sum + m.lost) / float64(m.n)
	if math.IsInf(mean, 0) || math.IsNaN(mean) {
		return mean
	}
	// Equal numbers have a mean equal to them, whatever the rounding.
	return max(m.least, min(mean, m.utmost))
}

// SD returns the standard deviation of the numbers as a population: the root of
// the mean squared distance from the mean. It is not finite where a square is
// too large for a float64.
func (m *Moments) SD() float64 {
	if m.n == 0 {
		return 0
	}
	return math.Sqrt(m.m2 / float64(m.n))
}

// Min returns the least number.
func (m *Moments) Min() float64 { return m.least }

// Max returns the greatest number.
func (m *Moments) Max() float64 { return m.utmost }
