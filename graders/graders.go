// Package graders lists the kinds of grader that ship with rftgrader. Each is a
// package of its own below this one, with its options and its help text.
//
// A program that knows more kinds says so in its main:
//
//	workbench.Main(append(graders.All, citation.Kind)...)
package graders

import (
	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/graders/exact"
	"github.com/rftgrader/rftgrader/graders/judge"
	"github.com/rftgrader/rftgrader/graders/numeric"
	"github.com/rftgrader/rftgrader/graders/symbolic"
)

// All are the kinds that ship, in the order of their names. It must not be
// changed: append to it, which copies, where a program knows more.
var All = []*grader.Kind{
	exact.Kind,
	judge.Kind,
	numeric.Kind,
	symbolic.Kind,
}
