// Command lambda is the bootstrap of the Lambda function that a reinforcement
// fine-tuning job names as its lambdaGrader, with the kinds that ship.
//
// To build one with kinds of your own, copy this file:
//
//	func main() { lambdagrader.Main(append(graders.All, citation.Kind)...) }
package main

import (
	"github.com/rftgrader/rftgrader/grader/lambdagrader"
	"github.com/rftgrader/rftgrader/graders"
)

func main() { lambdagrader.Main(graders.All...) }
