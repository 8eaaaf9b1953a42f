// Command rft is the team's workbench.
package main

import (
	"example.com/citation/citation"
	"github.com/rftgrader/rftgrader/grader/workbench"
	"github.com/rftgrader/rftgrader/graders"
)

func main() { workbench.Main(append(graders.All, citation.Kind)...) }
