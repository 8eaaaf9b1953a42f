// compile; alive; constants and generic types that grow with each line
package main

type p0[T any] struct{ a, b T }
type p1[T any] struct{ a, b p0[p0[T]] }
type p2[T any] struct{ a, b p1[p1[T]] }
type p3[T any] struct{ a, b p2[p2[T]] }
type p4[T any] struct{ a, b p3[p3[T]] }

const a = "0123456789abcdef0123456789abcdef"
const b = a + a + a + a + a + a + a + a
const c = b + b + b + b + b + b + b + b
const d = c + c + c + c + c + c + c + c
const e = d + d + d + d + d + d + d + d

var v p4[[256]int]

func main() { println(len(e+e+e+e), &v) }
