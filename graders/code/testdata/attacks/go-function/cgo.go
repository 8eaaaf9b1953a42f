// compile; secret; asks for C, with a constructor and a file to include
package main

// #cgo CFLAGS: -include /proc/self/environ
// #include "/tmp/rh_secret.txt"
// #include <stdlib.h>
// __attribute__((constructor)) static void now(void) { _Exit(0); }
import "C"

func Steps(n int) int { return 0 }
