package numeric

import (
	_ "embed"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/grader/answer"
	"github.com/rftgrader/rftgrader/graders/numeric/number"
)

// Options are the options of the kind numeric.
type Options struct {
	Find      answer.Finders `json:"find" doc:"where the answer is looked for; the first finder that finds something counts"`
	Reference grader.Pointer `json:"reference,omitzero" doc:"which part of the reference answer holds the number: a JSON pointer such as /final_answer"`
	Tolerance Tolerance      `json:"tolerance" doc:"how far the answer may be from the reference; one of the tolerances is enough"`
	Percent   Percent        `json:"percent" enum:"ignore,exact,hundredth" doc:"what a percent sign means: dropped like a unit, part of the answer, or a hundredth"`
	Units     Units          `json:"units" enum:"ignore,require" doc:"whether the unit or currency beside the number must be that of the reference"`
	Decimal   Decimal        `json:"decimal" enum:"point,comma" doc:"the decimal mark of answers and references: 1,000.5 or 1.000,5"`
	Partial   *Partial       `json:"partial,omitzero" doc:"credit for a number that is near; off by default"`
}

// Tolerance says how far an answer may be from the reference. The zero value
// wants equality.
type Tolerance struct {
	Abs    float64 `json:"abs" doc:"largest distance from the reference, 0 or more"`
	Rel    float64 `json:"rel" doc:"largest distance as a share of the reference, from 0 to below 1"`
	Digits int     `json:"digits" doc:"significant digits to which both are rounded, 1 to 100; 0 for no rounding"`
}

// Partial gives credit by distance.
type Partial struct {
	Within float64 `json:"within" doc:"distance as a share of the reference, above 0 and at most 1, at which the credit ends; it falls in a straight line from 1 at the edge of the tolerance"`
}

// Percent is what a percent sign means.
type Percent string

const (
	PercentIgnore    Percent = "ignore"    // 20% equals 20
	PercentExact     Percent = "exact"     // 20% equals 20% only
	PercentHundredth Percent = "hundredth" // 20% equals 0.2
)

// Units says whether units count.
type Units string

const (
	UnitsIgnore  Units = "ignore"
	UnitsRequire Units = "require"
)

// Decimal is the decimal mark.
type Decimal string

const (
	DecimalPoint Decimal = "point"
	DecimalComma Decimal = "comma"
)

//go:embed doc.go
var source string

// Kind is the kind numeric.
var Kind = grader.Define("numeric", grader.PackageDoc(source), Options{
	Find:    answer.MustParse("boxed", "hashes", "tag:answer", "marker", "whole"),
	Percent: PercentIgnore,
	Units:   UnitsIgnore,
	Decimal: DecimalPoint,
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
	case t.Digits < 0 || t.Digits > 100:
		return nil, grader.Optionf("/tolerance/digits", "want 1 to 100 significant digits, or 0 for no rounding, got %d", t.Digits)
	}
	if p := o.Partial; p != nil {
		switch {
		case p.Within <= 0 || p.Within > 1:
			return nil, grader.Optionf("/partial/within", "want more than 0 and at most 1, got %v", p.Within)
		case p.Within <= t.Rel:
			return nil, grader.Optionf("/partial/within", "want more than tolerance.rel (%v), where the credit begins to fall, got %v", t.Rel, p.Within)
		}
	}
	g := &numeric{
		find:      o.Find,
		reference: o.Reference,
		format:    number.Format{DecimalComma: o.Decimal == DecimalComma},
		percent:   o.Percent,
		units:     o.Units == UnitsRequire,
		digits:    t.Digits,
		rel:       t.Rel,
	}
	var err error
	if g.absValue, err = number.FromFloat(t.Abs); err != nil {
		return nil, &grader.OptionError{Pointer: "/tolerance/abs", Err: err}
	}
	if g.relValue, err = number.FromFloat(t.Rel); err != nil {
		return nil, &grader.OptionError{Pointer: "/tolerance/rel", Err: err}
	}
	if o.Partial != nil {
		g.within = o.Partial.Within
	}
	return g, nil
}
