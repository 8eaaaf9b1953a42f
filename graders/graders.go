// Package graders lists the kinds of grader that ship with rftgrader. Each is a
// package of its own below this one, with its options and its help text.
//
// A program that knows more kinds says so in its main:
//
//	workbench.Main(append(graders.All, citation.Kind)...)
package graders

import (
	"slices"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/graders/code"
	"github.com/rftgrader/rftgrader/graders/exact"
	"github.com/rftgrader/rftgrader/graders/format"
	jsonanswer "github.com/rftgrader/rftgrader/graders/json"
	"github.com/rftgrader/rftgrader/graders/judge"
	"github.com/rftgrader/rftgrader/graders/length"
	"github.com/rftgrader/rftgrader/graders/numeric"
	"github.com/rftgrader/rftgrader/graders/similarity"
	"github.com/rftgrader/rftgrader/graders/symbolic"
	"github.com/rftgrader/rftgrader/graders/tools"
)

// All are the kinds that ship, in the order of their names. It must not be
// changed: append to it, which copies, where a program knows more.
var All = []*grader.Kind{
	code.Kind,
	exact.Kind,
	format.Kind,
	jsonanswer.Kind,
	judge.Kind,
	length.Kind,
	numeric.Kind,
	similarity.Kind,
	symbolic.Kind,
	tools.Kind,
}

// With returns All and the given kinds, in the place of those that have their
// names.
func With(kinds ...*grader.Kind) []*grader.Kind {
	all := slices.Clone(All)
	for _, k := range kinds {
		if i := slices.IndexFunc(all, func(other *grader.Kind) bool { return other.Name() == k.Name() }); i >= 0 {
			all[i] = k
		} else {
			all = append(all, k)
		}
	}
	return all
}
