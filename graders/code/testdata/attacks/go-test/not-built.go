// compile; ; a build constraint leaves the solution out
//go:build ignore || windows

package span

func Clamp(x, low, high int) int { return 0 }

func Mean(xs []float64) float64 { return 0 }
