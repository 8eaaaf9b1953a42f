package symbolic

import (
	_ "embed"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/grader/answer"
	"github.com/rftgrader/rftgrader/graders/symbolic/equal"
)

// Options are the options of the kind symbolic.
type Options struct {
	Find            answer.Finders `json:"find" doc:"where the answer is looked for; the first finder that finds something counts"`
	Reference       grader.Pointer `json:"reference,omitzero" doc:"which part of the reference answer holds the value: a JSON pointer such as /final_answer"`
	Tolerance       Tolerance      `json:"tolerance" doc:"how far a number may be from the reference; by default the precision that the reference is written with"`
	Percent         Percent        `json:"percent" enum:"either,hundredth,drop" doc:"whether 50% equals 0.5 and 50, only 0.5, or only 50"`
	Units           Units          `json:"units" enum:"convert,require,ignore" doc:"whether units are converted and may be left out, must be there, or are dropped"`
	Order           Order          `json:"order" enum:"auto,keep,ignore" doc:"whether the order of values counts in brackets only, in lists without brackets too, or nowhere"`
	Choices         bool           `json:"choices" doc:"whether a reference of one capital letter, A to J, is the choice of a question"`
	AllowLastNumber bool           `json:"allow_last_number" doc:"whether the last number or formula of a text counts where no finder finds an answer"`
	StrictForm      bool           `json:"strict_form" doc:"whether fractions must be in lowest terms and no arithmetic left to do"`
	Undecided       float64        `json:"undecided" doc:"the score, from 0 to 1, of an answer that can be shown to be neither equal nor different"`
}

// Tolerance says how far a number may be from the reference; one of the two is
// enough. The zero value stands for the precision that the reference is
// written with.
type Tolerance struct {
	Abs float64 `json:"abs" doc:"largest distance from the reference, 0 or more"`
	Rel float64 `json:"rel" doc:"largest distance as a share of the reference, from 0 to below 1"`
}

// Percent is what a percent sign means.
type Percent string

const (
	PercentEither    Percent = "either"    // 50% equals 0.5 and 50
	PercentHundredth Percent = "hundredth" // 50% equals 0.5 only
	PercentDrop      Percent = "drop"      // 50% equals 50 only
)

// Units is what units mean.
type Units string

const (
	UnitsConvert Units = "convert" // 5 m equals 500 cm, and 5
	UnitsRequire Units = "require" // 5 m equals 500 cm, and not 5
	UnitsIgnore  Units = "ignore"  // 5 m equals 5 s
)

// Order says where the order of values counts.
type Order string

const (
	OrderAuto   Order = "auto"   // in brackets: (1,2), not in lists or braces
	OrderKeep   Order = "keep"   // in lists without brackets too
	OrderIgnore Order = "ignore" // nowhere
)

//go:embed doc.go
var source string

// Kind is the kind symbolic.
var Kind = grader.Define("symbolic", grader.PackageDoc(source), Options{
	Find:            answer.MustParse("tag:answer", "boxed", "hashes", "marker", "whole"),
	Percent:         PercentEither,
	Units:           UnitsConvert,
	Order:           OrderAuto,
	Choices:         true,
	AllowLastNumber: true,
}, build)

func build(_ *grader.Env, o Options) (grader.Grader, error) {
	t := o.Tolerance
	switch {
	case o.Find.IsZero():
		return nil, grader.Optionf("/find", "want at least one finder, such as boxed")
	case t.Abs < 0:
		return nil, grader.Optionf("/tolerance/abs", "want 0 or more, got %v", t.Abs)
	case t.Rel < 0 || t.Rel >= 1:
		return nil, grader.Optionf("/tolerance/rel", "want 0 or more and less than 1, at which 0 would be right for every reference, got %v", t.Rel)
	case o.Undecided < 0 || o.Undecided > 1:
		return nil, grader.Optionf("/undecided", "want a score from 0 to 1, got %v", o.Undecided)
	}
	return &symbolic{
		find:      o.Find,
		reference: o.Reference,
		last:      o.AllowLastNumber,
		undecided: o.Undecided,
		opt: equal.Options{
			Abs:       t.Abs,
			Rel:       t.Rel,
			Percent:   map[Percent]equal.Percent{PercentEither: equal.PercentEither, PercentHundredth: equal.PercentHundredth, PercentDrop: equal.PercentDrop}[o.Percent],
			Units:     map[Units]equal.Units{UnitsConvert: equal.UnitsConvert, UnitsRequire: equal.UnitsRequire, UnitsIgnore: equal.UnitsIgnore}[o.Units],
			Order:     map[Order]equal.Order{OrderAuto: equal.OrderAuto, OrderKeep: equal.OrderKeep, OrderIgnore: equal.OrderIgnore}[o.Order],
			NoChoices: !o.Choices,
			Reduced:   o.StrictForm,
		},
	}, nil
}
