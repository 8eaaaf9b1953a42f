// Command rft is the workbench for graders, with the kinds that ship.
//
// To build one with kinds of your own, copy this file:
//
//	func main() { workbench.Main(append(graders.All, citation.Kind)...) }
package main

import (
	"github.com/rftgrader/rftgrader/grader/workbench"
	"github.com/rftgrader/rftgrader/graders"
)

func main() { workbench.Main(graders.All...) }
