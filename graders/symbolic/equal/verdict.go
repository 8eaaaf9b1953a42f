package equal

import "fmt"

// Verdict is what the decider says of an answer.
type Verdict uint8

// The verdicts.
const (
	Undecided Verdict = iota // neither equality nor difference could be shown
	Equal
	Different
	Unparsed // one of the two is not mathematics that the reader knows
)

// String returns the verdict in lower case.
func (v Verdict) String() string {
	switch v {
	case Equal:
		return "equal"
	case Different:
		return "different"
	case Unparsed:
		return "unparsed"
	}
	return "undecided"
}

// A Result is a verdict and the reason for it, for people. The reason quotes
// neither side.
type Result struct {
	Verdict Verdict
	Reason  string
}

func equalBy(reason string) Result { return Result{Equal, reason} }

func different(reason string) Result { return Result{Different, reason} }

func undecided(reason string) Result { return Result{Undecided, reason} }

func (r Result) ok() bool { return r.Verdict == Equal }

// Percent says what a percent sign means.
type Percent uint8

const (
	// PercentEither lets 50% be 0.5 and 50.
	PercentEither Percent = iota
	// PercentHundredth lets 50% be 0.5 only.
	PercentHundredth
	// PercentDrop lets 50% be 50 only.
	PercentDrop
)

// Units says what units mean.
type Units uint8

const (
	// UnitsConvert compares quantities in whatever units they are written;
	// a unit that only one side has is dropped.
	UnitsConvert Units = iota
	// UnitsRequire wants the unit of the reference, or one that converts.
	UnitsRequire
	// UnitsIgnore drops units.
	UnitsIgnore
)

// Order says when the order of values counts.
type Order uint8

const (
	// OrderAuto lets it count in brackets and not in lists or braces.
	OrderAuto Order = iota
	// OrderKeep lets it count in lists too.
	OrderKeep
	// OrderIgnore lets it not count in brackets either.
	OrderIgnore
)

// Options say how a reference and an answer are compared. The zero value has
// the defaults.
type Options struct {
	// Abs and Rel are how far a number may be from the reference; one of them
	// is enough. Both are 0 for the precision that the reference is written with.
	Abs, Rel float64
	Percent  Percent
	Units    Units
	Order    Order
	// NoChoices keeps single capital letters from being choices of a question.
	NoChoices bool
	// Reduced wants fractions in lowest terms and no arithmetic left to do.
	Reduced bool
}

// A Reference is a reference answer that was read once, for many answers.
type Reference struct {
	text  string
	opt   Options
	forms []*form
}

// ReadError says that a reference cannot be read. It quotes nothing of it.
type ReadError struct{ Err error }

func (e *ReadError) Error() string { return fmt.Sprintf("unreadable reference: %v", e.Err) }

func (e *ReadError) Unwrap() error { return e.Err }
