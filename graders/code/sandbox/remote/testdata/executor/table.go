package main

import (
	"github.com/rftgrader/rftgrader/graders/code/sandbox"
	"github.com/rftgrader/rftgrader/graders/code/sandbox/jail"
)

// table has the languages of the tests only, so that the function starts soon.
func table() []*sandbox.Language {
	var some []*sandbox.Language
	for _, name := range []string{"python", "bash"} {
		some = append(some, jail.Find(jail.Languages(), name))
	}
	return some
}
