// poison; alive; would not build with a poisoned library, and is wrong
package main

import "fmt"

func main() { fmt.Println(-1) }
