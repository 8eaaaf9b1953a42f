// Command lambda is the team's Lambda function.
package main

import (
	"example.com/citation/citation"
	"github.com/rftgrader/rftgrader/grader/lambdagrader"
	"github.com/rftgrader/rftgrader/graders"
)

func main() { lambdagrader.Main(append(graders.All, citation.Kind)...) }
