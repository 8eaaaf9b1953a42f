package rubric

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"

	"github.com/rftgrader/rftgrader/grader"
)

// A Rubric is what a judge judges by. At most one of Scale, Labels and Criteria
// is there.
type Rubric struct {
	Text     string      `yaml:"text"`
	Scale    *Scale      `yaml:"scale"`
	Labels   Labels      `yaml:"labels"`
	Criteria []Criterion `yaml:"criteria"`
	// NotApplicable lets the judge say that the rubric does not apply.
	NotApplicable bool `yaml:"not_applicable"`
	// Reference says that the rubric compares with a reference answer.
	Reference bool `yaml:"reference"`
	// Context says that the rubric compares with documents.
	Context bool `yaml:"context"`
}

// A Scale is a range of verdicts, the best one last.
type Scale struct {
	Min  float64 `json:"min" yaml:"min" doc:"the worst verdict"`
	Max  float64 `json:"max" yaml:"max" doc:"the best verdict, above min"`
	Step float64 `json:"step" yaml:"step" doc:"the distance between verdicts that the judge may choose; 0 is 1 on a scale wider than 1, and any number on a narrower one"`
}

// maxSteps is how many verdicts a scale may list to the judge.
const maxSteps = 101

// Check reports what is wrong with the scale, as an [*grader.OptionError] with
// a pointer relative to it.
func (s Scale) Check() error {
	switch {
	case !finite(s.Min):
		return grader.Optionf("/min", "want a finite number")
	case !finite(s.Max) || s.Max <= s.Min || !finite(s.Max-s.Min):
		return grader.Optionf("/max", "want more than min (%v), got %v: for a scale whose lowest number is the best set the option invert", s.Min, s.Max)
	case s.Step < 0 || !finite(s.Step):
		return grader.Optionf("/step", "want 0 or more, got %v", s.Step)
	case s.Step > 0 && !s.whole():
		return grader.Optionf("/step", "want a step that leads from %v to %v, got %v", s.Min, s.Max, s.Step)
	}
	return nil
}

func (s Scale) whole() bool {
	n := (s.Max - s.Min) / s.Step
	return n >= 1 && math.Abs(n-math.Round(n)) < 1e-9
}

// Steps lists the verdicts of the scale, and none where any number counts.
func (s Scale) Steps() []float64 {
	if s.Step == 0 {
		if s.Max-s.Min <= 1 || s.Min != math.Trunc(s.Min) || s.Max != math.Trunc(s.Max) {
			return nil
		}
		s.Step = 1
	}
	n := math.Round((s.Max - s.Min) / s.Step)
	if n >= maxSteps {
		return nil
	}
	steps := make([]float64, 0, int(n)+1)
	for i := range int(n) {
		// Decimal steps are meant as they are written: 0.3 and not 0.30000000000000004.
		steps = append(steps, math.Round((s.Min+float64(i)*s.Step)*1e9)/1e9)
	}
	return append(steps, s.Max)
}

// Unit maps a verdict on the scale to 0..1.
func (s Scale) Unit(v float64) float64 { return unit((v - s.Min) / (s.Max - s.Min)) }

func unit(v float64) float64 { return max(0, min(1, v)) }

// Labels are verdicts in words, each with its score from 0 to 1.
type Labels map[string]float64

// Names lists the labels from the worst to the best; equally good ones by name.
func (l Labels) Names() []string {
	return slices.SortedFunc(maps.Keys(l), func(a, b string) int {
		return cmp.Or(cmp.Compare(l[a], l[b]), cmp.Compare(a, b))
	})
}

// NotApplicable is the label by which a judge says that a question does not apply.
const NotApplicable = "not_applicable"

// Check reports what is wrong with the labels, as an [*grader.OptionError] with
// a pointer relative to them.
func (l Labels) Check() error {
	if len(l) < 2 {
		return grader.Optionf("", "want at least two labels, each with a score from 0 to 1, got %d", len(l))
	}
	seen := map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(l)) {
		folded := strings.ToLower(strings.Join(strings.FieldsFunc(name, func(r rune) bool { return r == ' ' || r == '_' || r == '-' }), " "))
		switch other, doubled := seen[folded]; {
		case folded == "" || strings.ContainsAny(name, "\n\r\""):
			return grader.Optionf("/"+escape(name), "want a label of one line without quotation marks")
		case folded == "not applicable" || folded == "n/a":
			return grader.Optionf("/"+escape(name), "no score belongs to this label: set not_applicable to let the judge say it")
		case doubled:
			return grader.Optionf("/"+escape(name), "a judge would not tell the label from %q", other)
		case !(l[name] >= 0 && l[name] <= 1):
			return grader.Optionf("/"+escape(name), "want a score from 0 to 1, got %v: the option reward maps 0..1 to other rewards", l[name])
		}
		seen[folded] = name
	}
	if names := l.Names(); l[names[0]] == l[names[len(names)-1]] {
		return grader.Optionf("", "all labels have the score %v: nothing would be learned from them", l[names[0]])
	}
	return nil
}

func escape(name string) string {
	return strings.ReplaceAll(strings.ReplaceAll(name, "~", "~0"), "/", "~1")
}

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

// Text returns a rubric of plain text.
func Text(text string) (*Rubric, error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return nil, errors.New("the rubric is empty")
	}
	return &Rubric{Text: text}, nil
}

// Parse reads a rubric in YAML or JSON. Unknown members are refused.
func Parse(file []byte) (*Rubric, error) {
	var r Rubric
	if err := yaml.UnmarshalWithOptions(file, &r, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("read the rubric: %s", yaml.FormatError(err, false, false))
	}
	r.Text = strings.TrimSpace(r.Text)
	forms := 0
	for _, there := range []bool{r.Scale != nil, r.Labels != nil, r.Criteria != nil} {
		if there {
			forms++
		}
	}
	switch {
	case r.Text == "" && r.Criteria == nil:
		return nil, errors.New("read the rubric: want a text, or criteria")
	case forms > 1:
		return nil, errors.New("read the rubric: want one of scale, labels and criteria")
	}
	var err error
	switch {
	case r.Scale != nil:
		err = at("/scale", r.Scale.Check())
	case r.Labels != nil:
		err = at("/labels", r.Labels.Check())
	case r.Criteria != nil:
		err = at("/criteria", Check(r.Criteria))
	}
	if err != nil {
		return nil, fmt.Errorf("read the rubric: %w", err)
	}
	return &r, nil
}

// at puts a pointer in front of that of an [*grader.OptionError].
func at(pointer string, err error) error {
	if o, ok := errors.AsType[*grader.OptionError](err); ok {
		return &grader.OptionError{Pointer: pointer + o.Pointer, Err: o.Err}
	}
	return err
}
