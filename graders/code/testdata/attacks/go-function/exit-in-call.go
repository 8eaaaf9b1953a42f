// early-exit; ; ends with status 0 in a call, in a goroutine and behind a recover
package main

import "os"

func Steps(n int) int {
	if n > 2 {
		go os.Exit(0)
		select {}
	}
	return n - 1
}
