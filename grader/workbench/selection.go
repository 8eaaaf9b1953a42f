package workbench

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/grader/batch"
	"github.com/rftgrader/rftgrader/grader/internal/nearest"
	"github.com/rftgrader/rftgrader/grader/spec"
	"github.com/rftgrader/rftgrader/grader/workbench/condition"
)

// A rowCondition is a condition on rollouts: that of --where, or of --label.
type rowCondition struct {
	*condition.Condition
	pointers map[string]grader.Pointer
}

// parseRowCondition reads the value of a flag, and refuses names that no rollout of
// the spec can have.
func parseRowCondition(flag, text string, s *spec.Spec) (*rowCondition, error) {
	c, err := condition.Parse(text)
	if err != nil {
		return nil, conditionFault(flag, text, err)
	}
	out := &rowCondition{c, map[string]grader.Pointer{}}
	for _, r := range c.Refs() {
		if err := out.check(r, s); err != nil {
			return nil, conditionFault(flag, text, &condition.Error{Offset: r.Offset, Err: err})
		}
	}
	return out, nil
}

// conditionFault shows the place of a fault by the text before it.
func conditionFault(flag, text string, err error) error {
	var fault *condition.Error
	if !errors.As(err, &fault) {
		return fmt.Errorf("%s %s: %w", flag, text, err)
	}
	where := "at the beginning"
	if before := strings.TrimSpace(text[:fault.Offset]); before != "" {
		where = fmt.Sprintf("behind %q", printable(before, 200))
	}
	return fmt.Errorf("%s %q, %s: %w", flag, printable(text, 200), where, fault.Err)
}

// The names that every rollout has, as numbers and as texts.
var (
	rowNumbers = []string{"score", "ungraded", "length", "answer_length", "found", "seconds", "id"}
	rowTexts   = []string{"id", "found", "reason", "fault"}
)

func (c *rowCondition) check(r condition.Ref, s *spec.Spec) error {
	if r.Pointer {
		p, err := rowPointer(r.Name)
		if err != nil {
			return err
		}
		c.pointers[r.Name] = p
		return nil
	}
	known := rowNumbers
	if r.Text() {
		known = rowTexts
	}
	for _, name := range known {
		if r.Name == name {
			return nil
		}
	}
	if r.Text() {
		return fmt.Errorf("%s is no text%s (there are %s, and pointers)", r.Name, nearest.Hint(r.Name, known), strings.Join(known, ", "))
	}
	return metricOf(r.Name, known, s)
}

// metricOf reports whether a name can be that of a metric.
func metricOf(name string, known []string, s *spec.Spec) error {
	of, _, _ := strings.Cut(name, ".")
	if s.KindOf(of) != "" {
		return nil
	}
	all := append(append([]string{}, known...), s.Graders()...)
	return fmt.Errorf("there is no %s%s (there are %s)", name, nearest.Hint(name, all), strings.Join(all, ", "))
}

// rowPointer reads a pointer into a rollout: /reference_answer and what is below
// it, or one of the row's other fields, with /metadata before it or without.
func rowPointer(text string) (grader.Pointer, error) {
	const reference, metadata = "/reference_answer", "/metadata"
	switch {
	case text == reference, strings.HasPrefix(text, reference+"/"):
		return grader.ParsePointer(strings.TrimPrefix(text, reference))
	case strings.HasPrefix(text, metadata+"/"):
		text = strings.TrimPrefix(text, metadata)
	}
	p, err := grader.ParsePointer("metadata:" + text)
	if err != nil {
		return p, fmt.Errorf("%s is no JSON pointer: want one such as /metadata/label or /reference_answer/value", text)
	}
	return p, nil
}

// holds asks whether the condition holds for a rollout. An error says that it
// cannot be told.
func (c *rowCondition) holds(o *batch.Outcome) (bool, error) {
	return c.Holds(condition.Values{
		Number: func(r condition.Ref) (float64, error) { return c.number(r, o) },
		Text:   func(r condition.Ref) (string, error) { return c.text(r, o) },
	})
}

func (c *rowCondition) number(r condition.Ref, o *batch.Outcome) (float64, error) {
	if r.Pointer {
		v, err := o.Item.Rollout.Lookup(c.pointers[r.Name])
		if err != nil {
			return 0, err
		}
		return numberIn(r.Name, v)
	}
	if r.Name == "ungraded" {
		return truth(!o.Graded()), nil
	}
	// What graders are called goes before the names that every rollout has.
	if o.Graded() {
		if x, ok := metric(o, r.Name); ok && r.Name != "score" {
			return x, nil
		}
	}
	switch r.Name {
	case "id":
		x, err := strconv.ParseFloat(o.Item.Rollout.ID, 64)
		if err != nil {
			return 0, fmt.Errorf("the id is no number: compare it with a text in quotes")
		}
		return x, nil
	case "length", "answer_length":
		return float64(answerLength(o.Item.Rollout)), nil
	case "seconds":
		return o.Took.Seconds(), nil
	}
	if !o.Graded() {
		return 0, errors.New("the rollout is ungraded")
	}
	switch r.Name {
	case "score":
		return o.Result.Score, nil
	case "found":
		return truth(o.Result.Found != ""), nil
	}
	return 0, fmt.Errorf("the rollout has no metric %s", r.Name)
}

func (c *rowCondition) text(r condition.Ref, o *batch.Outcome) (string, error) {
	if r.Pointer {
		v, err := o.Item.Rollout.Lookup(c.pointers[r.Name])
		if err != nil {
			return "", err
		}
		return v.Text()
	}
	switch r.Name {
	case "id":
		return o.Item.Rollout.ID, nil
	case "fault":
		return string(o.Fault()), nil
	}
	if !o.Graded() {
		return "", errors.New("the rollout is ungraded")
	}
	if r.Name == "found" {
		return o.Result.Found, nil
	}
	return o.Result.Reason, nil
}

func truth(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

func metric(o *batch.Outcome, name string) (float64, bool) {
	for _, m := range o.Result.Metrics {
		if m.Name == name {
			return m.Value, true
		}
	}
	return 0, false
}

// numberIn reads a number or a Boolean, or a text that is a number.
func numberIn(name string, v grader.Reference) (float64, error) {
	raw := jsontext.Value(v.Raw())
	switch raw.Kind() {
	case 't':
		return 1, nil
	case 'f':
		return 0, nil
	case '0', '"':
		text, err := v.Text()
		if err != nil {
			return 0, err
		}
		x, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
		if err != nil {
			return 0, fmt.Errorf("%s is no number: compare it with a text in quotes", name)
		}
		return x, nil
	}
	return 0, fmt.Errorf("%s is no number", name)
}

// A selection is what --where leaves of the rollouts. A nil one leaves all.
type selection struct {
	where   *rowCondition
	of      int // rollouts that were graded
	unknown int // of these, those of which it cannot be told
	first   string
	shown   []shownRow
}

type shownRow struct {
	place, id     string
	score         *float64
	found, reason string
}

// selectSummary is what the summary says of --where.
type selectSummary struct {
	Where   string  `json:"where"`
	Of      int     `json:"of"`
	Unknown int     `json:"unknown"`
	First   *string `json:"first_unknown"`

	shown []shownRow
}

// shownRows is how many of the selected rollouts the table shows.
const shownRows = 20

// takes reports whether the rollout is selected.
func (s *selection) takes(at row, o *batch.Outcome) bool {
	if s == nil {
		return true
	}
	s.of++
	holds, err := s.where.holds(o)
	if err != nil {
		if s.unknown++; s.unknown == 1 {
			s.first = at.place() + ": " + clip(err.Error(), maxCauseBytes)
		}
		return false
	}
	if holds && len(s.shown) < shownRows {
		s.shown = append(s.shown, newShownRow(at, o))
	}
	return holds
}

func newShownRow(at row, o *batch.Outcome) shownRow {
	r := shownRow{place: at.place(), id: printable(string(oneLine(o.Item.ID)), 40)}
	if o.Graded() {
		score := o.Result.Score // the outcome, with its rollout, is not kept
		r.score = &score
		r.found, r.reason = printable(o.Result.Found, 40), printable(o.Result.Reason, 70)
	} else {
		r.reason = printable(string(o.Fault())+": "+grader.Explain(o.Err), 70)
	}
	return r
}

func (s *selection) summary() *selectSummary {
	if s == nil {
		return nil
	}
	out := &selectSummary{Where: s.where.String(), Of: s.of, Unknown: s.unknown, shown: s.shown}
	if s.unknown > 0 {
		out.First = &s.first
	}
	return out
}
