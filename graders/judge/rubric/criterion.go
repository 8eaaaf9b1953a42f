package rubric

import (
	"fmt"
	"strings"

	"github.com/rftgrader/rftgrader/grader"
)

// A Criterion is one item of a checklist.
type Criterion struct {
	Name   string   `json:"name" yaml:"name" doc:"the name of the criterion in metrics"`
	Prompt string   `json:"prompt" yaml:"prompt" doc:"what the judge is asked, as a statement about a good answer"`
	Kind   Form     `json:"kind" yaml:"kind" enum:",boolean,scale,labels" doc:"how it is answered: boolean by default, scale with min and max, labels with labels"`
	Weight *float64 `json:"weight,omitzero" yaml:"weight" doc:"what meeting it is worth, 1 by default; below 0 for what a good answer does not do"`

	Min    float64 `json:"min" yaml:"min" doc:"the worst verdict of a scale"`
	Max    float64 `json:"max" yaml:"max" doc:"the best verdict of a scale"`
	Labels Labels  `json:"labels,omitzero" yaml:"labels" doc:"the labels, each with its score from 0 to 1"`

	Required      bool `json:"required" yaml:"required" doc:"the whole score is 0 unless the criterion is met (more than 0 on a scale or by a label)"`
	Invert        bool `json:"invert" yaml:"invert" doc:"the criterion is met where the judge says no, or the worst"`
	NotApplicable bool `json:"not_applicable" yaml:"not_applicable" doc:"the judge may say that it does not apply; it is left out then"`
}

// Form is how a criterion is answered.
type Form string

const (
	Boolean Form = "boolean"
	OnScale Form = "scale"
	ByLabel Form = "labels"
)

// Resolved returns how the criterion is answered where Kind does not say it.
func (c Criterion) Resolved() Form {
	switch {
	case c.Kind != "":
		return c.Kind
	case c.Labels != nil:
		return ByLabel
	case c.Min != 0 || c.Max != 0:
		return OnScale
	}
	return Boolean
}

// Scale returns the scale of a criterion that is answered on one.
func (c Criterion) Scale() Scale { return Scale{Min: c.Min, Max: c.Max} }

// Worth returns the weight.
func (c Criterion) Worth() float64 {
	if c.Weight == nil {
		return 1
	}
	return *c.Weight
}

// MostCriteria bounds a checklist.
const MostCriteria = 100

// Check reports what is wrong with the criteria of a checklist, as an
// [*grader.OptionError] with a pointer relative to the list.
func Check(list []Criterion) error {
	if len(list) == 0 {
		return grader.Optionf("", "want at least one criterion")
	}
	if len(list) > MostCriteria {
		return grader.Optionf("", "want at most %d criteria, got %d", MostCriteria, len(list))
	}
	seen, positive := map[string]bool{}, false
	for i, c := range list {
		place := func(member, format string, args ...any) error {
			return grader.Optionf(fmt.Sprintf("/%d%s", i, member), format, args...)
		}
		switch {
		case !isName(c.Name):
			return place("/name", "want a name of letters, digits and underscores, at most 40, got %q", c.Name)
		case seen[strings.ToLower(c.Name)]:
			return place("/name", "two criteria have the name %q", c.Name)
		case strings.TrimSpace(c.Prompt) == "":
			return place("/prompt", "want what the judge is asked")
		case c.Weight != nil && (!finite(*c.Weight) || *c.Weight == 0):
			return place("/weight", "want a number other than 0: leave out a criterion that counts for nothing")
		case c.Required && c.Worth() < 0:
			return place("/required", "a criterion of negative weight cannot be required: set invert and a positive weight")
		}
		seen[strings.ToLower(c.Name)] = true
		positive = positive || c.Worth() > 0
		form := c.Resolved()
		switch {
		case form != ByLabel && c.Labels != nil:
			return place("/labels", "labels are for criteria of kind labels, and this is %s", form)
		case form != OnScale && (c.Min != 0 || c.Max != 0):
			return place("/kind", "min and max are for criteria of kind scale, and this is %s", form)
		}
		var err error
		member := ""
		switch form {
		case ByLabel:
			member, err = "/labels", c.Labels.Check()
		case OnScale:
			err = c.Scale().Check()
		case Boolean:
		default:
			return place("/kind", "want boolean, scale or labels, got %q", form)
		}
		if err != nil {
			return at(fmt.Sprintf("/%d%s", i, member), err)
		}
	}
	if !positive {
		return grader.Optionf("", "want a criterion of positive weight: without one no answer is better than an empty one")
	}
	return nil
}

func isName(s string) bool {
	for i := range len(s) {
		c := s[i]
		if c != '_' && !(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9') {
			return false
		}
	}
	return s != "" && len(s) <= 40
}
