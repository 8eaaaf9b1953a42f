// equality; ; values that compare oddly: not a number, results that panic
package span

import "math"

func Clamp(x, low, high int) int { panic("testing: ok") }
func Mean(xs []float64) float64  { return math.NaN() }
