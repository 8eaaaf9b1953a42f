package jsonanswer

import (
	_ "embed"
	"encoding/json"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/grader/answer"
	"github.com/rftgrader/rftgrader/graders/internal/jsonvalue"
)

// Options are the options of the kind json.
type Options struct {
	Find      answer.Finders            `json:"find" doc:"where the JSON is looked for: json: for anywhere, whole for an answer of nothing else, code, tag:NAME"`
	Schema    json.RawMessage           `json:"schema" doc:"JSON Schema that the answer must be valid against, or the name of a file beside the spec"`
	Check     Check                     `json:"check" enum:"reference,schema" doc:"what is scored: the fields of the reference, or validity against the schema alone"`
	Reference grader.Pointer            `json:"reference,omitzero" doc:"which part of the reference answer to compare with: a JSON pointer; by default the whole"`
	Fields    map[string]jsonvalue.Rule `json:"fields" doc:"how fields are compared, and their weights, by JSON pointer; * stands for every member or element"`
	Extra     jsonvalue.Extra           `json:"extra" enum:"count,allow,forbid" doc:"members that the reference has not: wrong fields, passed over, or a score of 0"`
	Partial   bool                      `json:"partial" doc:"whether there is credit for some of the fields"`
}

// Check is what is scored.
type Check string

const (
	CheckReference Check = "reference"
	CheckSchema    Check = "schema"
)

//go:embed doc.go
var source string

// Kind is the kind json.
var Kind = grader.Define("json", grader.PackageDoc(source), Options{
	Find:      answer.MustParse("json:"),
	Check:     CheckReference,
	Reference: grader.MustPointer(""),
	Extra:     jsonvalue.ExtraCount,
	Partial:   true,
}, build)

func build(env *grader.Env, o Options) (grader.Grader, error) {
	g := &jsonAnswer{find: o.Find, check: o.Check, reference: o.Reference, partial: o.Partial}
	if o.Find.IsZero() {
		return nil, grader.Optionf("/find", "want at least one finder, such as json:")
	}
	var err error
	if g.schema, err = compileSchema(env, o.Schema); err != nil {
		return nil, &grader.OptionError{Pointer: "/schema", Err: err}
	}
	if g.fields, err = jsonvalue.NewComparer(o.Fields, o.Extra, "/fields"); err != nil {
		return nil, err
	}
	if o.Check == CheckSchema {
		switch {
		case g.schema == nil:
			return nil, grader.Optionf("/schema", "check: schema needs a schema")
		case len(o.Fields) > 0:
			return nil, grader.Optionf("/fields", "means nothing to check: schema, which reads no reference")
		case o.Extra != jsonvalue.ExtraCount:
			return nil, grader.Optionf("/extra", "means nothing to check: schema; write additionalProperties into the schema")
		case !o.Partial:
			return nil, grader.Optionf("/partial", "means nothing to check: schema, which is all or nothing")
		}
	}
	return g, nil
}
