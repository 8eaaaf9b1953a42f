package specschema_test

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/google/jsonschema-go/jsonschema"
	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/grader/answer"
	"github.com/rftgrader/rftgrader/grader/spec"
	"github.com/rftgrader/rftgrader/grader/spec/specschema"
	"github.com/rftgrader/rftgrader/graders"
	"github.com/rftgrader/rftgrader/testdata"
)

var update = flag.Bool("update", false, "write the golden files")

type tolerance struct {
	Abs float64 `json:"abs" doc:"the greatest difference"`
	Rel float64 `json:"rel" doc:"the greatest difference, as a share"`
}

type shared struct {
	Seed int64 `json:"seed" doc:"the seed"`
}

type step struct {
	Name string `json:"name" doc:"its name"`
	Then *step  `json:"then,omitzero" doc:"the next step"`
}

type everything struct {
	shared
	Text      string            `json:"text" doc:"a text with <angle> brackets"`
	Mode      string            `json:"mode" doc:"one of three" enum:"fast,slow,none"`
	Modes     []string          `json:"modes" doc:"some of three" enum:"fast,slow,none"`
	Maybe     *string           `json:"maybe,omitzero" doc:"one of two, or nothing" enum:"a,b"`
	Count     int               `json:"count" doc:"how many"`
	Size      uint16            `json:"size" doc:"how large"`
	Share     float64           `json:"share" doc:"how much"`
	On        bool              `json:"on" doc:"whether"`
	Pair      [2]int            `json:"pair" doc:"two numbers"`
	Weights   map[string]int    `json:"weights" doc:"what each is worth"`
	Tolerance tolerance         `json:"tolerance" doc:"how far off"`
	Partial   *tolerance        `json:"partial,omitzero" doc:"partial credit"`
	Steps     []step            `json:"steps" doc:"what is done"`
	Reference grader.Pointer    `json:"reference,omitzero" doc:"the reference"`
	OnError   grader.Action     `json:"on_error" doc:"what an error does"`
	Find      answer.Finders    `json:"find" doc:"where the answer is"`
	Header    map[string]string `json:"header" doc:"more fields"`
	Raw       json.RawMessage   `json:"raw,omitzero" doc:"any JSON"`
	Any       any               `json:"any,omitzero" doc:"anything"`
}

func kinds() []*grader.Kind {
	build := func(*grader.Env, everything) (grader.Grader, error) {
		return grader.Func(func(context.Context, *grader.Rollout) (grader.Result, error) { return grader.Result{}, nil }), nil
	}
	defaults := everything{Mode: "fast", Count: 3, Tolerance: tolerance{Rel: 1e-6}, OnError: grader.Neutral(), Find: answer.MustParse("boxed", "tag:answer")}
	return []*grader.Kind{
		grader.Define("everything", "Has options of every sort. And more.", defaults, build),
		grader.Define("plain", "Has none.", struct{}{}, func(*grader.Env, struct{}) (grader.Grader, error) {
			return grader.Func(func(context.Context, *grader.Rollout) (grader.Result, error) { return grader.Result{}, nil }), nil
		}),
	}
}

func TestGolden(t *testing.T) {
	got, err := specschema.For(kinds())
	require.NoError(t, err)
	path := filepath.Join("testdata", "schema.golden")
	if *update {
		require.NoError(t, os.WriteFile(path, got, 0o644))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err, "run go test -update")
	require.Equal(t, string(want), string(got))
	again, err := specschema.For(kinds())
	require.NoError(t, err)
	require.Equal(t, string(got), string(again))
}

// resolve reads a schema back as any validator would.
func resolve(t testing.TB, kinds []*grader.Kind) *jsonschema.Resolved {
	t.Helper()
	text, err := specschema.For(kinds)
	require.NoError(t, err)
	var s jsonschema.Schema
	require.NoError(t, json.Unmarshal(text, &s))
	resolved, err := s.Resolve(&jsonschema.ResolveOptions{ValidateDefaults: true})
	require.NoError(t, err)
	return resolved
}

func TestKeywordsAreKnown(t *testing.T) {
	text, err := specschema.For(kinds())
	require.NoError(t, err)
	known := []string{"$schema", "$ref", "$defs", "title", "description", "type", "properties", "additionalProperties", "required", "enum", "const",
		"default", "items", "minItems", "maxItems", "uniqueItems", "minimum", "maximum", "minProperties", "maxProperties", "propertyNames", "pattern",
		"allOf", "anyOf", "not", "if", "then"}
	var check func(v any)
	check = func(v any) {
		schema, ok := v.(map[string]any)
		if !ok {
			_, ok := v.(bool)
			require.True(t, ok, "a schema is an object or a Boolean: %v", v)
			return
		}
		for keyword, v := range schema {
			require.Contains(t, known, keyword)
			switch keyword {
			case "properties", "$defs":
				for _, s := range v.(map[string]any) {
					check(s)
				}
			case "allOf", "anyOf":
				for _, s := range v.([]any) {
					check(s)
				}
			case "items", "additionalProperties", "propertyNames", "not", "if", "then":
				check(v)
			}
		}
	}
	var root any
	require.NoError(t, json.Unmarshal(text, &root))
	check(root)
}

// TestAgreesWithParse has specs whose faults are in their form: the schema and
// the reader accept the same ones.
func TestAgreesWithParse(t *testing.T) {
	resolved := resolve(t, kinds())
	const one = "version: 1\ngraders: {a: {type: plain}}\n"
	const two = "version: 1\ngraders: {a: {type: plain}, b: {type: plain}}\n"
	option := func(o string) string { return "version: 1\ngraders: {a: {type: everything, " + o + "}}\n" }
	for _, c := range []struct {
		text  string
		sound bool
	}{
		{one, true},
		{two + "score: a*b\n", true},
		{two + "route: {by: /metadata/task, x: a, y: b}\n", true},
		{one + "range: [0, 1]\non_error: {transient: fail, permanent: neutral, data: 0, deadline: 0.5}\nmax_ungraded: 0.5\nconcurrency: 8\nreserve: 1m30s\n", true},
		{option("text: x, mode: slow, modes: [fast, none], maybe: a, count: -3, size: 7, share: 0.001, on: true"), true},
		{option("pair: [1, 2], weights: {x: 1}, tolerance: {rel: 1}, partial: {abs: 2}, steps: [{name: x, then: {name: y}}]"), true},
		{option("reference: /x/y, find: [boxed, 'tag:x', 'json:', 'regex:a+'], header: {x: y}, raw: [1, {}], any: {x: [null]}, on_error: fail, seed: 7"), true},
		{option("partial: null, maybe: null, reference: 'metadata:/x', find: whole, on_error: 0.5"), true},
		{option("reference: ''"), true},

		{"graders: {a: {type: plain}}\n", false},
		{"version: 2\ngraders: {a: {type: plain}}\n", false},
		{"version: '1'\ngraders: {a: {type: plain}}\n", false},
		{"version: 1\n", false},
		{"[]", false},
		{"version: 1\ngraders: {}\n", false},
		{"version: 1\ngraders: []\n", false},
		{"version: 1\ngraders: {a: plain}\n", false},
		{"version: 1\ngraders: {a: {}}\n", false},
		{"version: 1\ngraders: {a: {type: none}}\n", false},
		{"version: 1\ngraders: {a: {type: plain, more: 1}}\n", false},
		{"version: 1\ngraders: {a-b: {type: plain}}\n", false},
		{"version: 1\ngraders: {gate: {type: plain}}\n", false},
		{one + "grader: 1\n", false},
		{one + "score: [a]\n", false},
		{two, false},
		{two + "score: a*b\nroute: {by: /x, y: a*b}\n", false},
		{two + "route: {x: a, y: b}\n", false},
		{two + "route: {by: x, y: a*b}\n", false},
		{one + "route: {by: /x}\n", false},
		{one + "range: [0]\n", false},
		{one + "range: [0, x]\n", false},
		{one + "range: {}\n", false},
		{one + "on_error: {transient: maybe}\n", false},
		{one + "on_error: {other: fail}\n", false},
		{one + "on_error: {data: true}\n", false},
		{one + "max_ungraded: 2\n", false},
		{one + "max_ungraded: '1'\n", false},
		{one + "concurrency: 0\n", false},
		{one + "concurrency: 1.5\n", false},
		{one + "concurrency: 1001\n", false},
		{one + "reserve: 2\n", false},
		{one + "reserve: '2'\n", false},
		{option("mim: 1"), false},
		{option("text: 1"), false},
		{option("text: null"), false},
		{option("mode: medium"), false},
		{option("modes: [fast, medium]"), false},
		{option("modes: fast"), false},
		{option("maybe: c"), false},
		{option("count: x"), false},
		{option("count: 1.5"), false},
		{option("size: -1"), false},
		{option("share: '1'"), false},
		{option("on: 1"), false},
		{option("pair: [1]"), false},
		{option("weights: {x: y}"), false},
		{option("tolerance: {rell: 1}"), false},
		{option("tolerance: null"), false},
		{option("partial: {abs: x}"), false},
		{option("steps: [{nam: x}]"), false},
		{option("reference: x"), false},
		{option("find: boxd"), false},
		{option("find: []"), false},
		{option("find: [boxed, boxed]"), false},
		{option("find: ['tags:x']"), false},
		{option("on_error: never"), false},
		{option("seed: x"), false},
	} {
		t.Run(c.text, func(t *testing.T) {
			_, parseErr := spec.Parse("grader.yaml", []byte(c.text), kinds())
			var value any
			require.NoError(t, yaml.Unmarshal([]byte(c.text), &value))
			asJSON, err := json.Marshal(value)
			require.NoError(t, err)
			require.NoError(t, json.Unmarshal(asJSON, &value))
			schemaErr := resolved.Validate(value)
			require.Equal(t, c.sound, parseErr == nil, "%v", parseErr)
			require.Equal(t, c.sound, schemaErr == nil, "%v", schemaErr)
		})
	}
}

// TestShippedKinds holds the sample specs against the schema of what ships.
func TestShippedKinds(t *testing.T) {
	resolved := resolve(t, graders.All)
	samples, err := filepath.Glob(testdata.Path("specs", "*.yaml"))
	require.NoError(t, err)
	require.NotEmpty(t, samples)
	for _, path := range samples {
		t.Run(filepath.Base(path), func(t *testing.T) {
			text, err := os.ReadFile(path)
			require.NoError(t, err)
			asJSON, err := yaml.YAMLToJSON(text)
			require.NoError(t, err)
			var value any
			require.NoError(t, json.Unmarshal(asJSON, &value))
			require.NoError(t, resolved.Validate(value))
		})
	}
}

// TestNamesKeptInStep compares lists of the schema with the packages that own them.
func TestNamesKeptInStep(t *testing.T) {
	text, err := specschema.For(kinds())
	require.NoError(t, err)
	var s jsonschema.Schema
	require.NoError(t, json.Unmarshal(text, &s))

	t.Run("functions", func(t *testing.T) {
		_, err := grader.ParseFormula("no_such_function(a)")
		_, list, ok := strings.Cut(err.Error(), "(there are ")
		require.True(t, ok, "%v", err)
		var want []any
		for name := range strings.SplitSeq(strings.TrimSuffix(list, ")"), ", ") {
			want = append(want, name)
		}
		require.ElementsMatch(t, want, s.Properties["graders"].PropertyNames.Not.Enum)
	})
	t.Run("finders", func(t *testing.T) {
		_, err := answer.Parse("zzzzzz")
		_, list, ok := strings.Cut(err.Error(), "(there are ")
		require.True(t, ok, "%v", err)
		find := s.Defs["everything"].Properties["find"].AnyOf[0]
		plain, pattern := find.AnyOf[0].Enum, find.AnyOf[1].Pattern
		var want []any
		for name := range strings.SplitSeq(strings.TrimSuffix(list, ")"), ", ") {
			if kind, _, ok := strings.Cut(name, ":"); ok {
				require.Contains(t, pattern, kind)
				continue
			}
			want = append(want, name)
		}
		require.ElementsMatch(t, want, plain)
	})
	t.Run("faults", func(t *testing.T) {
		for _, f := range grader.Faults() {
			require.NotNil(t, s.Properties["on_error"].Properties[string(f)])
		}
	})
	t.Run("every member", func(t *testing.T) {
		_, err := spec.Parse("g.yaml", []byte("version: 1\ngraders: {a: {type: plain}}\nzzzzzz: 1\n"), kinds())
		for name := range s.Properties {
			require.ErrorContains(t, err, name)
		}
	})
	t.Run("every option has its doc", func(t *testing.T) {
		for _, k := range kinds() {
			for _, o := range k.Options() {
				if path := strings.Split(o.Name, "."); len(path) == 1 {
					require.Equal(t, o.Doc, s.Defs[k.Name()].Properties[o.Name].Description)
				}
			}
		}
	})
}

func TestUnsoundKinds(t *testing.T) {
	_, err := specschema.For([]*grader.Kind{nil})
	require.ErrorContains(t, err, "the kinds of this program")

	typed := grader.Define("typed", "Has an option named type.", struct {
		Type string `json:"type" doc:"hidden by the kind"`
	}{}, func(*grader.Env, struct {
		Type string `json:"type" doc:"hidden by the kind"`
	}) (grader.Grader, error) {
		return nil, nil
	})
	_, err = specschema.For([]*grader.Kind{typed})
	require.ErrorContains(t, err, `kind "typed": no option can have the name "type"`)
}

func ExampleFor() {
	text, err := specschema.For(kinds())
	if err != nil {
		fmt.Println(err)
		return
	}
	var s jsonschema.Schema
	if err := json.Unmarshal(text, &s); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(s.Title)
	fmt.Println(slices.Sorted(func(yield func(string) bool) {
		for name := range s.Defs {
			if !yield(name) {
				return
			}
		}
	}))
	// Output:
	// grader spec
	// [everything plain]
}

func BenchmarkFor(b *testing.B) {
	list := kinds()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := specschema.For(list); err != nil {
			b.Fatal(err)
		}
	}
}
