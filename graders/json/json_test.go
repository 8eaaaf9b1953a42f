package jsonanswer_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader"
	jsonanswer "github.com/rftgrader/rftgrader/graders/json"
)

func build(t testing.TB, options string) grader.Grader {
	t.Helper()
	g, err := jsonanswer.Kind.New(&grader.Env{Name: "extracted"}, []byte(options))
	require.NoError(t, err)
	return g
}

func rollout(t testing.TB, answer, reference string) *grader.Rollout {
	t.Helper()
	r := &grader.Rollout{Messages: []grader.Message{
		{Role: "user", Content: grader.TextContent("Extract the item.")},
		{Role: "assistant", Content: grader.TextContent(answer)},
	}}
	if reference != "" {
		var err error
		r.Reference, err = grader.NewReference(json.RawMessage(reference))
		require.NoError(t, err)
	}
	return r
}

func TestKind(t *testing.T) { require.NoError(t, grader.Validate(jsonanswer.Kind)) }

func TestScores(t *testing.T) {
	const set = `{"fields": {"": {"compare": "set"}}}`
	for _, c := range []struct {
		name, options, answer, reference string
		score                            float64
	}{
		{"the last object counts", `{}`, `{"a": 1} and then {"a": 2}`, `{"a": 1}`, 0},
		{"reasoning does not count", `{}`, `<think>{"a": 1}</think>{"a": 2}`, `{"a": 2}`, 1},
		{"a list", `{}`, `[1, 2]`, `[1, 2]`, 1},
		{"a scalar", `{"find": ["whole"]}`, ` "x" `, `"x"`, 1},
		{"a scalar that is not JSON", `{"find": ["whole"]}`, `x`, `"x"`, 0},
		{"two values", `{"find": ["whole"]}`, `{"a": 1} {"a": 1}`, `{"a": 1}`, 0},
		{"a reference in a string", `{}`, `{"a": 1}`, `"{\"a\": 1}"`, 1},
		{"a part of the reference", `{"reference": "/x"}`, `{"a": 1}`, `{"x": {"a": 1}}`, 1},
		{"an object with one member is whole", `{}`, `{"a": 1}`, `{"a": 1}`, 1},

		{"numbers by value", `{}`, `{"a": 1.0, "b": 100}`, `{"a": 1, "b": 1e2}`, 1},
		{"numbers beyond a float's precision", `{}`, `{"a": 9007199254740993}`, `{"a": 9007199254740992}`, 0},
		{"the same large number", `{}`, `{"a": 123456789012345678901234567890.0}`, `{"a": 123456789012345678901234567890}`, 1},
		{"zeros", `{}`, `{"a": -0.0e5}`, `{"a": 0}`, 1},
		{"signs", `{}`, `{"a": -1}`, `{"a": 1}`, 0},
		{"a number and its text", `{}`, `{"a": "1"}`, `{"a": 1}`, 0},
		{"huge exponents are not read", `{}`, `{"a": 1e999999}`, `{"a": 1}`, 0},
		{"case", `{}`, `{"a": "X"}`, `{"a": "x"}`, 0},
		{"null is a value", `{}`, `{}`, `{"a": null, "b": 1}`, 0},
		{"null", `{}`, `{"a": null}`, `{"a": null}`, 1},
		{"no null", `{}`, `{"a": false}`, `{"a": null}`, 0},
		{"nothing but nulls", `{}`, `{"a": null, "b": null, "c": null}`, `{"a": null, "b": null, "c": 1}`, 0},
		{"nothing where nothing is wanted", `{}`, `{"a": []}`, `{"a": []}`, 1},
		{"booleans", `{}`, `{"a": true}`, `{"a": false}`, 0},
		{"an object for a text", `{}`, `{"a": {}}`, `{"a": "x"}`, 0},
		{"a text for an object", `{}`, `{"a": "x"}`, `{"a": {"b": 1}}`, 0},

		{"half", `{}`, `{"a": 1, "b": 3}`, `{"a": 1, "b": 2}`, 0.5},
		{"weights", `{"fields": {"/a": {"weight": 3}}}`, `{"a": 1, "b": 3}`, `{"a": 1, "b": 2}`, 0.75},
		{"members of members", `{}`, `{"a": {"b": 1, "c": 9}, "d": 1}`, `{"a": {"b": 1, "c": 2}, "d": 1}`, 0.75},
		{"exact is all or nothing", `{"fields": {"/a": {"compare": "exact"}}}`, `{"a": {"b": 1, "c": 9}, "d": 1}`, `{"a": {"b": 1, "c": 2}, "d": 1}`, 0.5},
		{"not partial", `{"partial": false}`, `{"a": 1, "b": 3}`, `{"a": 1, "b": 2}`, 0},
		{"not partial, right", `{"partial": false}`, `{"b": 2, "a": 1}`, `{"a": 1, "b": 2}`, 1},
		{"elements in order", `{}`, `{"a": [1, 2, 4]}`, `{"a": [1, 2, 3]}`, 2. / 3},
		{"elements too many", `{}`, `{"a": [1, 2, 3, 4]}`, `{"a": [1, 2]}`, 0.5},
		{"elements too few", `{}`, `{"a": [1]}`, `{"a": [1, 2]}`, 0.5},

		{"extra counts", `{}`, `{"a": 1, "b": 2}`, `{"a": 1}`, 0.5},
		{"extra is allowed", `{"extra": "allow"}`, `{"a": 1, "b": 2}`, `{"a": 1}`, 1},
		{"extra is forbidden", `{"extra": "forbid"}`, `{"a": 1, "b": 2}`, `{"a": 1}`, 0},
		{"extra inside is forbidden", `{"extra": "forbid"}`, `{"c": 1, "a": {"x": 1, "b": 2}}`, `{"a": {"x": 1}, "c": 1}`, 0},
		{"extra that is ignored", `{"extra": "forbid", "fields": {"/b": {"compare": "ignore"}}}`, `{"a": 1, "b": 2}`, `{"a": 1}`, 1},
		{"ignored and missing", `{"fields": {"/b": {"compare": "ignore"}}}`, `{"a": 1}`, `{"a": 1, "b": 2}`, 1},

		{"within abs", `{"fields": {"/a": {"compare": "number", "tolerance": {"abs": 0.1}}}}`, `{"a": 0.3}`, `{"a": 0.2}`, 1},
		{"beyond abs", `{"fields": {"/a": {"compare": "number", "tolerance": {"abs": 0.1}}}}`, `{"a": 0.30001}`, `{"a": 0.2}`, 0},
		{"within rel", `{"fields": {"/a": {"compare": "number", "tolerance": {"rel": 0.01}}}}`, `{"a": -99}`, `{"a": -100}`, 1},
		{"beyond rel", `{"fields": {"/a": {"compare": "number", "tolerance": {"rel": 0.01}}}}`, `{"a": 98.9}`, `{"a": 100}`, 0},
		{"a number in a text", `{"fields": {"/a": {"compare": "number"}}}`, `{"a": "1.50"}`, `{"a": 1.5}`, 1},
		{"no number", `{"fields": {"/a": {"compare": "number"}}}`, `{"a": "1.5 or 2"}`, `{"a": 1.5}`, 0},
		{"a text", `{"fields": {"/a": {"compare": "text"}}}`, `{"a": " ＮＥＷ  york"}`, `{"a": "New York"}`, 1},
		{"another text", `{"fields": {"/a": {"compare": "text"}}}`, `{"a": "York"}`, `{"a": "New York"}`, 0},
		{"null in the place of a number", `{"fields": {"/a": {"compare": "number"}}}`, `{"a": null, "b": 1}`, `{"a": null, "b": 1}`, 1},
		{"a number in the place of null", `{"fields": {"/a": {"compare": "number"}}}`, `{"a": 0, "b": 1}`, `{"a": null, "b": 1}`, 0.5},
		{"null in the place of a set", `{"fields": {"/a": {"compare": "set"}}}`, `{"a": null, "b": 1}`, `{"a": null, "b": 1}`, 1},
		{"a list in the place of null", `{"fields": {"/a": {"compare": "set"}}}`, `{"a": [], "b": 1}`, `{"a": null, "b": 1}`, 0.5},
		{"a number in the place of a text", `{"fields": {"/a": {"compare": "text"}}}`, `{"a": 5.0}`, `{"a": 5}`, 1},
		{"a text in the place of a number", `{"fields": {"/a": {"compare": "text"}}}`, `{"a": "5"}`, `{"a": 5}`, 0},
		{"a set", set, `[2, 1.0, 2]`, `[1, 2]`, 1},
		{"another set", set, `[2, 3]`, `[1, 2]`, 0},
		{"a set of objects", set, `[{"b": 2, "a": 1}]`, `[{"a": 1, "b": 2.0}]`, 1},
		{"elements that would run together", set, `["a,b"]`, `["a", "b"]`, 0},
		{"overlap", `{"fields": {"": {"compare": "overlap"}}}`, `[2, 3]`, `[1, 2]`, 1. / 3},
		{"all that might be", `{"fields": {"": {"compare": "overlap"}}}`, `[1,2,3,4,5,6,7,8,9,10]`, `[1, 2]`, 0.2},
		{"rules for every element", `{"fields": {"/items/*/price": {"compare": "number", "tolerance": {"abs": 1}}, "/items/*/id": {"compare": "ignore"}}}`,
			`{"items": [{"price": 5}, {"id": "x", "price": 9}]}`, `{"items": [{"price": 6}, {"price": 8}]}`, 1},
		{"a name goes before every", `{"fields": {"/*": {"compare": "ignore"}, "/a": {"compare": "exact"}}}`, `{"a": 1, "b": 1}`, `{"a": 2, "b": 2}`, 0},

		{"a schema that holds", `{"schema": {"type": "object", "required": ["a"]}}`, `{"a": 1}`, `{"a": 1}`, 1},
		{"a schema that breaks", `{"schema": {"type": "object", "properties": {"a": {"type": "integer"}}}}`, `{"a": "1"}`, `{"a": "1"}`, 0},
		{"a whole number is an integer", `{"schema": {"properties": {"a": {"type": "integer"}}}}`, `{"a": 2.0}`, `{"a": 2}`, 1},
		{"formats", `{"schema": {"properties": {"a": {"format": "date"}}}}`, `{"a": "2024-02-31"}`, `{"a": "2024-02-31"}`, 0},
		{"references inside", `{"schema": {"$defs": {"n": {"type": "number"}}, "properties": {"a": {"$ref": "#/$defs/n"}}}}`, `{"a": "1"}`, `{"a": "1"}`, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			res, err := build(t, c.options).Grade(context.Background(), rollout(t, c.answer, c.reference))
			require.NoError(t, err)
			require.InDelta(t, c.score, res.Score, 1e-12, res.Reason)
		})
	}
}

// TestNothingIsCompared checks that a reference of which everything is ignored
// makes no answer right.
func TestNothingIsCompared(t *testing.T) {
	g := build(t, `{"fields": {"/a": {"compare": "ignore"}, "/b/*": {"compare": "ignore"}}}`)
	for reference, fault := range map[string]grader.Fault{
		`{"a": 1}`:              grader.FaultData,
		`{"a": 1, "b": [1, 2]}`: grader.FaultData,
		`{"a": 1, "c": 1}`:      "",
		`{"a": 1, "b": []}`:     "",
	} {
		_, err := g.Grade(context.Background(), rollout(t, `{"x": 1}`, reference))
		require.Equal(t, fault, grader.FaultOf(err), reference)
	}
}

func TestReasons(t *testing.T) {
	const schema = `{"schema": {"type": "object", "required": ["b", "a"], "additionalProperties": false, "properties": {"a": {"type": "integer"}, "b": {}, "c": {"type": "array", "items": {"enum": ["x"]}}}}}`
	for _, c := range []struct{ options, answer, reference, want string }{
		{`{}`, `{"a": 1}`, `{"a": 1}`, "json: the last JSON value, line 1: all fields are right"},
		{`{}`, `{"a": 2, "c": 1}`, `{"a": 1, "b": "x"}`, `json: the last JSON value, line 1: /a is 2, not 1; /b is missing; /c is not in the reference`},
		{`{}`, `{"a": [1,2,3,4,5,6]}`, `{"a": [7,7,7,7,7]}`, `json: the last JSON value, line 1: /a/0 is 1, not 7; /a/1 is 2, not 7; /a/2 is 3, not 7; /a/3 is 4, not 7; and 2 more`},
		{`{"find": ["whole"]}`, `{"a": 1`, `{"a": 1}`, "whole: the whole text, line 1: not one JSON value: the JSON ends too early"},
		{schema, `{"a": 1}`, `{"a": 1}`, `json: the last JSON value, line 1: not valid: the value breaks required: it has no "b"`},
		{schema, `{"a": "1", "b": 1}`, `{"a": 1}`, `json: the last JSON value, line 1: not valid: /a breaks type: it is string, not integer`},
		{schema, `{"a": 1, "b": 1, "z": 1, "y": 2}`, `{"a": 1}`, `json: the last JSON value, line 1: not valid: the value breaks additionalProperties: it has "y", "z"`},
		{schema, `{"a": 1, "b": 1, "c": ["x", "y"]}`, `{"a": 1}`, `json: the last JSON value, line 1: not valid: /c/1 breaks enum`},
	} {
		t.Run(c.answer, func(t *testing.T) {
			res, err := build(t, c.options).Grade(context.Background(), rollout(t, c.answer, c.reference))
			require.NoError(t, err)
			require.Equal(t, c.want, res.Reason)
		})
	}
}

func TestSchemaFile(t *testing.T) {
	env := &grader.Env{Files: func(name string) ([]byte, error) {
		if name != "item.schema.json" {
			return nil, errors.New("no such file")
		}
		return []byte(`{"required": ["a"]}`), nil
	}}
	g, err := jsonanswer.Kind.New(env, []byte(`{"check": "schema", "schema": "item.schema.json"}`))
	require.NoError(t, err)
	for answer, score := range map[string]float64{`{"a": 1}`: 1, `{"b": 1}`: 0} {
		res, err := g.Grade(context.Background(), rollout(t, answer, ""))
		require.NoError(t, err)
		require.Equal(t, score, res.Score)
	}
	_, err = jsonanswer.Kind.New(env, []byte(`{"check": "schema", "schema": "other.json"}`))
	require.ErrorContains(t, err, "no such file")
}

// TestSchemaCycle checks that a schema that cannot be applied is no fault of an
// answer.
func TestSchemaCycle(t *testing.T) {
	g, err := jsonanswer.Kind.New(nil, []byte(`{"check": "schema", "schema": {
		"properties": {"a": {"$ref": "#/$defs/loop"}, "b": {"$ref": "#"}}, "$defs": {"loop": {"$ref": "#/$defs/loop"}}}}`))
	require.NoError(t, err)
	r := &grader.Rollout{Messages: []grader.Message{{Role: "assistant", Content: grader.TextContent(`{"a": 1}`)}}}
	_, err = g.Grade(context.Background(), r)
	require.Equal(t, grader.FaultPermanent, grader.FaultOf(err))
	require.ErrorContains(t, err, "leads back to itself")
	r.Messages[0].Content = grader.TextContent(`{"b": {"b": {"c": 1}}}`)
	res, err := g.Grade(context.Background(), r)
	require.NoError(t, err)
	require.Equal(t, 1.0, res.Score)
}

func TestOptionFaults(t *testing.T) {
	for _, c := range []struct{ name, options, pointer string }{
		{"a schema that is a list", `{"schema": [1]}`, "/schema"},
		{"a schema of no schema", `{"schema": {"type": "text"}}`, "/schema"},
		{"a reference to the network", `{"schema": {"$ref": "https://example.com/a.json"}}`, "/schema"},
		{"a reference to a file", `{"schema": {"$ref": "file:///etc/passwd"}}`, "/schema"},
		{"a reference beside", `{"schema": {"$ref": "other.json"}}`, "/schema"},
		{"a pattern that looks ahead", `{"schema": {"pattern": "a(?=b)"}}`, "/schema"},
		{"a schema that leads back to itself", `{"schema": {"$ref": "#"}}`, "/schema"},
		{"schema alone without a schema", `{"check": "schema"}`, "/schema"},
		{"schema alone with fields", `{"check": "schema", "schema": true, "fields": {"/a": {}}}`, "/fields"},
		{"schema alone with extra", `{"check": "schema", "schema": true, "extra": "allow"}`, "/extra"},
		{"schema alone in parts", `{"check": "schema", "schema": true, "partial": false}`, "/partial"},
		{"a field that is no pointer", `{"fields": {"a": {}}}`, "/fields/a"},
		{"an unknown comparison", `{"fields": {"/a": {"compare": "fuzzy"}}}`, "/fields/~1a/compare"},
		{"no weight", `{"fields": {"/a": {"weight": 0}}}`, "/fields/~1a/weight"},
		{"a weight without measure", `{"fields": {"/a": {"weight": 1e300}}}`, "/fields/~1a/weight"},
		{"a tolerance of texts", `{"fields": {"/a": {"compare": "text", "tolerance": {"abs": 1}}}}`, "/fields/~1a/tolerance"},
		{"a tolerance below 0", `{"fields": {"/a": {"compare": "number", "tolerance": {"abs": -1}}}}`, "/fields/~1a/tolerance/abs"},
		{"a tolerance of all", `{"fields": {"/a": {"compare": "number", "tolerance": {"rel": 1}}}}`, "/fields/~1a/tolerance/rel"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := jsonanswer.Kind.New(nil, []byte(c.options))
			var option *grader.OptionError
			require.ErrorAs(t, err, &option)
			require.Equal(t, c.pointer, option.Pointer, "%v", err)
			require.NotContains(t, err.Error(), "\n")
		})
	}
}

func ExampleKind() {
	g, err := jsonanswer.Kind.New(nil, []byte(`{"fields": {
		"/name": {"compare": "text", "weight": 2},
		"/price": {"compare": "number", "tolerance": {"rel": 0.01}}
	}}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	reference, err := grader.NewReference(map[string]any{"name": "Desk lamp", "price": 12.5})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, answer := range []string{
		`The item is {"name": "desk lamp", "price": 12.49}.`,
		`The item is {"name": "desk lamp", "price": 20}.`,
	} {
		res, err := g.Grade(context.Background(), &grader.Rollout{
			Messages:  []grader.Message{{Role: "assistant", Content: grader.TextContent(answer)}},
			Reference: reference,
		})
		fmt.Printf("%.2f %v: %s\n", res.Score, err, res.Reason)
	}
	// Output:
	// 1.00 <nil>: json: the last JSON value, line 1: all fields are right
	// 0.67 <nil>: json: the last JSON value, line 1: /price is 20, not near 12.5
}

const (
	schemaOptions = `{"schema": {"type": ["object", "array"], "properties": {"a": {"type": "integer", "maximum": 9}, "b": {"uniqueItems": true, "items": {"pattern": "^x+$"}}}}}`
	fieldOptions  = `{"fields": {"/a": {"compare": "number", "tolerance": {"rel": 0.1}}, "/b": {"compare": "overlap"}, "/c": {"compare": "text"}}}`
	reference     = `{"a": 5, "b": ["x", 1], "c": "New York", "d": {"e": [1, 2.5, null]}}`
)

// FuzzGrade checks that any answer is graded, and that the reference itself is
// always right.
func FuzzGrade(f *testing.F) {
	for _, s := range []string{
		reference, `{"a": 1e400, "b": ["x", "x"]}`, `[[[[`, `{"a": "` + "\xff" + `"}`, "```json\n{}\n```", `{"a":1,"a":2}`, `{"\ud800": 1}`, `{"a":-0}`,
	} {
		f.Add(s)
	}
	graders := []grader.Grader{build(f, `{}`), build(f, schemaOptions), build(f, fieldOptions), build(f, `{"find": ["whole"], "extra": "forbid"}`)}
	itself := build(f, `{"find": ["whole"]}`)
	f.Fuzz(func(t *testing.T, answer string) {
		for _, g := range graders {
			res, err := g.Grade(context.Background(), rollout(t, answer, reference))
			require.NoError(t, err)
			require.NoError(t, res.Check())
			require.True(t, res.Score >= 0 && res.Score <= 1, "%v", res.Score)
			require.NotEmpty(t, res.Reason)
		}
		text := strings.TrimSpace(answer)
		if json.Valid([]byte(text)) && strings.HasPrefix(text, "{") {
			r := rollout(t, text, "")
			r.Reference, _ = grader.NewReference(json.RawMessage(text))
			if res, err := itself.Grade(context.Background(), r); err == nil && res.Metrics[0].Value == 1 {
				require.Equal(t, 1.0, res.Score, res.Reason)
			}
		}
	})
}

func BenchmarkGrade(b *testing.B) {
	for options, g := range map[string]grader.Grader{"schema": build(b, schemaOptions), "fields": build(b, fieldOptions)} {
		for name, answer := range map[string]string{
			"typical":                "Here it is:\n```json\n" + reference + "\n```\n",
			"1 MB of opening braces": strings.Repeat(`{"a":`, 1<<20/5),
			"1 MB of objects":        strings.Repeat(`{"a":1}`, 1<<20/7),
			"1 MB of elements":       `{"b":[` + strings.Repeat(`"y",`, 1<<18) + `1]}`,
			"1 MB of huge numbers":   `{"b":[` + strings.Repeat(`1e400,`, 1<<20/6) + `1]}`,
			"1 MB of members":        `{` + members(80_000) + `}`,
			"1 MB of one text":       `{"a":"` + strings.Repeat("x", 1<<20) + `"}`,
		} {
			r := rollout(b, answer, reference)
			b.Run(options+"/"+name, func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if _, err := g.Grade(context.Background(), r); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

func members(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `"m%d":%d,`, i, i)
	}
	b.WriteString(`"a":1`)
	return b.String()
}
