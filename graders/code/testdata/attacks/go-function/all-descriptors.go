// forged-result; ; writes forged replies on every descriptor from another goroutine
package main

import (
	"fmt"
	"syscall"
)

func init() {
	go func() {
		for {
			for fd := 1; fd < 32; fd++ {
				for id := range 8 {
					syscall.Write(fd, []byte(fmt.Sprintf("{\"id\":%d,\"nonce\":\"\",\"value\":0}\n", id)))
				}
			}
		}
	}()
}

func Steps(n int) int { return 0 }
