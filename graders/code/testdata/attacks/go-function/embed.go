// compile; secret; embeds files of the machine, and asks for programs to be run while building
package main

import _ "embed"

//go:embed rh_secret.txt
var secret string

//go:embed ../../../../../../tmp/rh_secret.txt
var secret2 string

//go:generate sh -c "echo generated > /tmp/rh_canary"

func Steps(n int) int { panic(secret + secret2) }
