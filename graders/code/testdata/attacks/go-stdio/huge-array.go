// compile; alive; a program whose data is larger than the disk
package main

var a = [1 << 31]byte{1<<31 - 1: 1}

func main() { println(a[0]) }
