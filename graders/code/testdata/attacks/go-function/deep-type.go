// resource; ; a list that holds itself, a map that holds itself, pointers in a ring
package main

type ring struct{ Next *ring }

func Steps(n int) any {
	switch n % 3 {
	case 0:
		l := []any{nil}
		l[0] = l
		return l
	case 1:
		m := map[string]any{}
		m["m"] = m
		return m
	}
	r := &ring{}
	r.Next = r
	return r
}
