// poison; tmp apart; overwrites its own program, so that the second run would be another
package main

import (
	"fmt"
	"os"
)

func main() {
	exe, _ := os.Executable()
	os.Remove(exe)
	os.WriteFile(exe, []byte("#!/bin/sh\nread a b; while [ $b != 0 ]; do c=$((a % b)); a=$b; b=$c; done; echo $a\n"), 0o755)
	fmt.Println(6)
}
