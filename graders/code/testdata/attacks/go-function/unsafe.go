// crash; ; writes where it should not
package main

import "unsafe"

func Steps(n int) int {
	p := unsafe.Pointer(&n)
	for i := range 1 << 20 {
		*(*int)(unsafe.Add(p, i*8)) = 0
	}
	return 0
}
