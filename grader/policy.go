package grader

import (
	"fmt"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"
)

// A Policy says what happens to the rollouts of a batch that were not graded.
type Policy struct {
	// OnError is the action for each fault class; a class that is not there
	// has the action of DefaultPolicy.
	OnError map[Fault]Action
	// MaxUngraded is the share of a batch, 0..1, above which the batch fails
	// whatever OnError says.
	MaxUngraded float64
}

// DefaultPolicy fails the batch for faults that a retry may mend, is neutral
// about those that it cannot, and fails when more than a quarter is ungraded.
func DefaultPolicy() Policy {
	return Policy{
		OnError: map[Fault]Action{
			FaultTransient: Fail(),
			FaultDeadline:  Fail(),
			FaultData:      Neutral(),
			FaultPermanent: Neutral(),
		},
		MaxUngraded: 0.25,
	}
}

// Action returns the action for a fault class.
func (p Policy) Action(f Fault) Action {
	if a, ok := p.OnError[f]; ok {
		return a
	}
	return DefaultPolicy().OnError[f]
}

// An Action is what happens to a rollout that was not graded. The zero value
// is Fail.
type Action struct {
	mode  actionMode
	value float64
}

type actionMode uint8

const (
	modeFail actionMode = iota
	modeNeutral
	modeNumber
)

// Fail fails the whole batch, so that the trainer retries it.
func Fail() Action { return Action{} }

// Neutral imputes the mean score of the graded rollouts of the same prompt in
// the batch, and fails the batch where there are none. Under group-relative
// advantages such a score has advantage 0 and leaves the group's mean alone.
func Neutral() Action { return Action{mode: modeNeutral} }

// Impute gives every such rollout the same number, which must be finite.
func Impute(value float64) Action { return Action{mode: modeNumber, value: value} }

// IsFail reports whether the action fails the batch.
func (a Action) IsFail() bool { return a.mode == modeFail }

// IsNeutral reports whether the action imputes the group's mean.
func (a Action) IsNeutral() bool { return a.mode == modeNeutral }

// Number returns the number that is imputed, if that is the action.
func (a Action) Number() (float64, bool) { return a.value, a.mode == modeNumber }

// String returns the form that specs use.
func (a Action) String() string {
	switch a.mode {
	case modeNeutral:
		return "neutral"
	case modeNumber:
		return strconv.FormatFloat(a.value, 'g', -1, 64)
	}
	return "fail"
}

// MarshalJSON writes the form that specs use.
func (a Action) MarshalJSON() ([]byte, error) {
	if v, ok := a.Number(); ok {
		if !finite(v) {
			return nil, fmt.Errorf("the imputed number is %v: it must be finite", v)
		}
		return appendNumber(nil, v), nil
	}
	return jsontext.AppendQuote(nil, a.String())
}

// UnmarshalJSON reads "fail", "neutral" or a finite number.
func (a *Action) UnmarshalJSON(b []byte) error {
	switch v := jsontext.Value(b); v.Kind() {
	case '0':
		f, err := strconv.ParseFloat(string(b), 64)
		if err != nil || !finite(f) {
			return fmt.Errorf("want a finite number, got %s", clip(string(b)))
		}
		*a = Impute(f)
		return nil
	case '"':
		switch s := idText(v); s {
		case "fail":
			*a = Fail()
			return nil
		case "neutral":
			*a = Neutral()
			return nil
		}
	}
	return fmt.Errorf("want fail, neutral or a number, got %s", clip(string(b)))
}
