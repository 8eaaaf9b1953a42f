// equality-override; ; other types in the place of int and float64, whose zero values compare
package span

type number[T any] interface{ ~int | ~float64 }

func Clamp(x, low, high any) any { return any(3) }

func Mean[T number[T]](xs []T) (m T) { return m }
