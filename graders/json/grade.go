package jsonanswer

import (
	"context"
	"fmt"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/grader/answer"
	"github.com/rftgrader/rftgrader/graders/internal/jsonvalue"
)

type jsonAnswer struct {
	find      answer.Finders
	schema    *jsonschema.Schema // nil where there is none
	check     Check
	reference grader.Pointer
	fields    *jsonvalue.Comparer
	partial   bool
}

// Grade reads the JSON of the answer, checks it against the schema and compares
// it with the reference.
func (g *jsonAnswer) Grade(_ context.Context, r *grader.Rollout) (grader.Result, error) {
	var want any
	if g.check == CheckReference {
		var err error
		if want, err = g.readReference(r); err != nil {
			return grader.Result{}, err
		}
		if g.fields.Ignores(want) {
			return grader.Result{}, grader.Dataf(r.Reference.Where(), "the option fields ignores all of this reference, so that every answer would be right: compare some of it, or set check: schema")
		}
	}
	found := g.find.Find(r.Response())
	found.Why = strings.Replace(found.Why, "json:: ", "json: ", 1) // the finder's name ends in a colon
	if !found.OK {
		return g.result(found, 0, 0, 0, "no answer: "+found.Why), nil
	}
	got, err := jsonvalue.Parse(unfenced(found.Text))
	if err != nil {
		found.OK = false
		return g.result(found, 0, 0, 0, found.Why+": not one JSON value: "+err.Error()), nil
	}
	if g.schema != nil {
		why, err := invalid(g.schema, got)
		if err != nil {
			return grader.Result{}, grader.Permanentf("option schema: %w", err)
		}
		if why != "" {
			return g.result(found, 0, 0, 0, found.Why+": not valid: "+why), nil
		}
	}
	if g.check == CheckSchema {
		if !jsonvalue.Says(got) {
			return g.result(found, 1, 0, 0, found.Why+": valid, but it says nothing"), nil
		}
		return g.result(found, 1, 0, 1, found.Why+": valid"), nil
	}
	if !jsonvalue.Says(got) && jsonvalue.Says(want) {
		return g.result(found, 1, 0, 0, found.Why+": it says nothing"), nil
	}
	c := g.fields.Compare(want, got)
	score := c.Score
	if !g.partial && !c.Same {
		score = 0
	}
	return g.result(found, 1, c.Score, score, found.Why+": "+c.Why), nil
}

// readReference returns the reference as a value.
func (g *jsonAnswer) readReference(r *grader.Rollout) (any, error) {
	ref, err := r.Lookup(g.reference)
	if err != nil {
		return nil, err
	}
	if text, err := ref.Text(); err == nil && ref.Raw()[0] == '"' {
		if k := jsontext.Value(text).Kind(); k != '{' && k != '[' {
			return text, nil
		}
		if v, err := jsonvalue.Parse(text); err == nil {
			return v, nil
		}
	}
	v, err := jsonvalue.Parse(string(ref.Raw()))
	if err != nil {
		return nil, grader.Dataf(ref.Where(), "the reference cannot be compared: %w", err)
	}
	if s, ok := v.(string); ok && strings.HasPrefix(strings.TrimSpace(s), "{") {
		return nil, &grader.DataError{
			Where:  ref.Where(),
			Err:    fmt.Errorf("the reference is a string that begins like a JSON object and is none: mend it, or point the option reference at another part"),
			Detail: "the reference is " + grader.Excerpt(s),
		}
	}
	return v, nil
}

// unfenced returns the content of a code fence that stands around all of s.
func unfenced(s string) string {
	const fence = "```"
	if inside, ok := strings.CutPrefix(s, fence); ok {
		if inside, ok = strings.CutSuffix(inside, fence); ok {
			if _, content, ok := strings.Cut(inside, "\n"); ok {
				return content
			}
		}
	}
	return s
}

// result returns a Result with the metrics that every result has.
func (g *jsonAnswer) result(found answer.Found, valid, fields, score float64, reason string) grader.Result {
	read := 0.0
	if found.OK {
		read = 1
	}
	metrics := []grader.Metric{grader.Measure("answer_found", read), grader.Measure("valid", valid)}
	if g.check == CheckReference {
		metrics = append(metrics, grader.Measure("fields", fields))
	}
	return grader.Result{Score: score, Metrics: metrics, Found: found.Text, Reason: reason}
}
