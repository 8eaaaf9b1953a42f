// host-harm; alive runtime-api; goes around the C library: signals, sockets, clone with namespaces
package main

import (
	"fmt"
	"syscall"
	"unsafe"
)

func main() {
	for _, pid := range []int{syscall.Getppid(), -1, -syscall.Getppid(), 1} {
		syscall.RawSyscall(syscall.SYS_KILL, uintptr(pid), 9, 0)
	}
	syscall.RawSyscall6(syscall.SYS_CLONE, 0x10000000|0x40000000|17, 0, 0, 0, 0, 0)
	fd, _, e := syscall.RawSyscall(syscall.SYS_SOCKET, 2, 1, 0)
	if e == 0 {
		a := syscall.RawSockaddrInet4{Family: 2, Port: 0x2923, Addr: [4]byte{127, 0, 0, 1}}
		syscall.RawSyscall(syscall.SYS_CONNECT, fd, uintptr(unsafe.Pointer(&a)), 16)
		request := []byte("GET /2018-06-01/runtime/invocation/next HTTP/1.0\r\n\r\n")
		syscall.Write(int(fd), request)
	}
	fmt.Println(6)
}
