// resource; alive survivors; a goroutine and a thread for every moment
package main

import (
	"runtime"
	"syscall"
	"time"
)

func Steps(n int) int {
	for {
		go func() {
			runtime.LockOSThread()
			ts := syscall.NsecToTimespec(int64(time.Hour))
			syscall.Nanosleep(&ts, nil)
		}()
	}
}
