// Package specschema describes grader specs as a JSON Schema (2020-12), for
// editors: completion, help and red lines while a spec is written.
//
// The schema knows the form of a spec and the options of every kind. What needs
// more than form, such as the names in a formula, package spec alone finds.
package specschema

import (
	"fmt"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/jsonschema-go/jsonschema"

	"github.com/rftgrader/rftgrader/grader"
)

// For returns the JSON Schema of specs that use the given kinds. Equal kinds
// give equal text.
func For(kinds []*grader.Kind) ([]byte, error) {
	if err := grader.Validate(kinds...); err != nil {
		return nil, fmt.Errorf("the kinds of this program: %w", err)
	}
	schema, err := document(kinds)
	if err != nil {
		return nil, err
	}
	// A schema belongs to one tree only; a copy is checked, since checking
	// keeps notes on it.
	if _, err := schema.CloneSchemas().Resolve(&jsonschema.ResolveOptions{ValidateDefaults: true}); err != nil {
		return nil, fmt.Errorf("the schema of these kinds is not sound: %w", err)
	}
	text, err := schema.MarshalJSON()
	if err != nil {
		return nil, fmt.Errorf("encode the schema: %w", err)
	}
	v := jsontext.Value(text)
	if err := v.Format(jsontext.Multiline(true), jsontext.WithIndent("  "), jsontext.EscapeForHTML(false), jsontext.PreserveRawStrings(false)); err != nil {
		return nil, fmt.Errorf("lay out the schema: %w", err)
	}
	return append(v, '\n'), nil
}

// document returns the schema of a whole spec.
func document(kinds []*grader.Kind) (*jsonschema.Schema, error) {
	defs := map[string]*jsonschema.Schema{}
	var names []any
	anyGrader := &jsonschema.Schema{
		Type:       "object",
		Required:   []string{"type"},
		Properties: map[string]*jsonschema.Schema{},
	}
	for _, k := range kinds {
		options, err := kindSchema(k)
		if err != nil {
			return nil, fmt.Errorf("kind %q: %w", k.Name(), err)
		}
		defs[k.Name()] = options
		names = append(names, k.Name())
		anyGrader.AllOf = append(anyGrader.AllOf, &jsonschema.Schema{
			If:   &jsonschema.Schema{Properties: map[string]*jsonschema.Schema{"type": {Const: constant(k.Name())}}, Required: []string{"type"}},
			Then: &jsonschema.Schema{Ref: "#/$defs/" + k.Name()},
		})
	}
	anyGrader.Properties["type"] = &jsonschema.Schema{Description: "the kind of the grader", Enum: names}

	formula := "a formula over the graders' names: + - * /, comparisons, and the functions min, max, mean, clamp, gate and if"
	actions := &jsonschema.Schema{
		Type:                 "object",
		Description:          "what happens to rollouts that were not graded, for each fault: fail the batch, impute the mean of the prompt's graded rollouts (neutral), or impute a number",
		Properties:           map[string]*jsonschema.Schema{},
		AdditionalProperties: never(),
	}
	for _, f := range grader.Faults() {
		name := string(f)
		actions.PropertyOrder = append(actions.PropertyOrder, name)
		actions.Properties[name] = actionSchema()
		actions.Properties[name].Default = quote(grader.DefaultPolicy().Action(f).String())
	}
	properties := map[string]*jsonschema.Schema{
		"version": {Description: "the version of the form of specs", Const: constant(1)},
		"graders": {
			Type: "object", Description: "the graders by name",
			MinProperties: pointer(1), MaxProperties: pointer(200),
			PropertyNames:        &jsonschema.Schema{Pattern: "^[A-Za-z_][A-Za-z0-9_]*$", Not: &jsonschema.Schema{Enum: functions()}},
			AdditionalProperties: anyGrader,
		},
		"score": {Type: "string", Description: formula},
		"route": {
			Type: "object", Description: "which formula a rollout gets, by a value in it",
			Required: []string{"by"}, MinProperties: pointer(2),
			Properties:           map[string]*jsonschema.Schema{"by": {Type: "string", Pattern: "^/", Description: "a JSON pointer into the rollout, such as /metadata/task"}},
			AdditionalProperties: &jsonschema.Schema{Type: "string", Description: formula},
		},
		"range": {
			Type: "array", Description: "the least and the greatest score; one outside is an error of the grading",
			Items: &jsonschema.Schema{Type: "number"}, MinItems: pointer(2), MaxItems: pointer(2),
		},
		"on_error":     actions,
		"max_ungraded": {Type: "number", Description: "the share of a batch above which it fails whatever on_error says", Minimum: pointer(0.0), Maximum: pointer(1.0), Default: number(grader.DefaultPolicy().MaxUngraded)},
		"concurrency":  {Type: "integer", Description: "how many rollouts are graded at once", Minimum: pointer(1.0), Maximum: pointer(1000.0)},
		"reserve":      {Type: "string", Description: "how long before the deadline grading stops, such as 2s", Pattern: durationPattern},
	}
	return &jsonschema.Schema{
		Schema:               "https://json-schema.org/draft/2020-12/schema",
		Title:                "grader spec",
		Description:          "which graders score a rollout, and how their scores become one reward",
		Type:                 "object",
		Required:             []string{"version", "graders"},
		Properties:           properties,
		PropertyOrder:        []string{"version", "graders", "score", "route", "range", "on_error", "max_ungraded", "concurrency", "reserve"},
		AdditionalProperties: never(),
		AllOf: []*jsonschema.Schema{
			{Not: &jsonschema.Schema{Required: []string{"score", "route"}}},
			{
				If:   &jsonschema.Schema{Properties: map[string]*jsonschema.Schema{"graders": {Type: "object", MinProperties: pointer(2)}}},
				Then: &jsonschema.Schema{AnyOf: []*jsonschema.Schema{{Required: []string{"score"}}, {Required: []string{"route"}}}},
			},
		},
		Defs: defs,
	}, nil
}

// functions lists the names that formulas have for themselves.
func functions() []any {
	return []any{"abs", "ceil", "clamp", "exp", "floor", "gate", "if", "log", "max", "mean", "min", "sqrt"}
}

// durationPattern is the form of time.ParseDuration, without a sign.
const durationPattern = `^([0-9]+(\.[0-9]*)?|\.[0-9]+)(ns|us|µs|μs|ms|s|m|h)(([0-9]+(\.[0-9]*)?|\.[0-9]+)(ns|us|µs|μs|ms|s|m|h))*$`

// never is a schema that nothing satisfies.
func never() *jsonschema.Schema { return &jsonschema.Schema{Not: &jsonschema.Schema{}} }

func pointer[T any](v T) *T { return &v }

func constant(v any) *any { return &v }
