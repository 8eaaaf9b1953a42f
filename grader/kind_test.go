package grader_test

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader"
)

type bounds struct {
	Low  float64 `json:"low" doc:"the least"`
	High float64 `json:"high" doc:"the greatest"`
}

type shared struct {
	Case string `json:"case" doc:"what case is worth" enum:"keep,fold"`
}

type options struct {
	Mode      string            `json:"mode" doc:"how it compares" enum:"equal,contains"`
	Labels    []string          `json:"labels" doc:"the labels" enum:"red,green,blue"`
	Limit     int               `json:"limit" doc:"how many"`
	Small     uint8             `json:"small" doc:"a small number"`
	Weight    float64           `json:"weight" doc:"what it weighs"`
	Strict    bool              `json:"strict" doc:"whether it is strict"`
	Names     map[string]string `json:"names" doc:"other names"`
	Range     bounds            `json:"range" doc:"where it lies"`
	Partial   *bounds           `json:"partial" doc:"partial credit"`
	Steps     []bounds          `json:"steps" doc:"the steps"`
	Reference grader.Pointer    `json:"reference" doc:"where the reference is"`
	Otherwise grader.Action     `json:"otherwise" doc:"what else"`
	shared
}

func defaults() options {
	return options{
		Mode: "equal", Labels: []string{"red"}, Limit: 3, Weight: 0.5,
		Names: map[string]string{"k": "v"}, Range: bounds{0, 1}, Otherwise: grader.Neutral(),
		shared: shared{Case: "keep"},
	}
}

// keeper is a grader that shows the options it was built with.
type keeper struct{ o *options }

func (keeper) Grade(context.Context, *grader.Rollout) (grader.Result, error) {
	return grader.Result{}, nil
}

func sample() *grader.Kind {
	return grader.Define("sample", "Sample keeps its options. It grades nothing.", defaults(),
		func(_ *grader.Env, o options) (grader.Grader, error) { return keeper{&o}, nil })
}

func built(t *testing.T, k *grader.Kind, json string) *options {
	t.Helper()
	g, err := k.New(nil, []byte(json))
	require.NoError(t, err)
	return g.(keeper).o
}

func TestDefineFillsDefaults(t *testing.T) {
	k := sample()
	require.Equal(t, "sample", k.Name())
	require.Equal(t, "Sample keeps its options. It grades nothing.", k.Doc())
	require.Equal(t, "Sample keeps its options", k.Synopsis())
	require.NoError(t, grader.Validate(k))

	for _, none := range []string{"", "{}"} {
		o := built(t, k, none)
		require.Equal(t, "equal", o.Mode)
		require.Equal(t, []string{"red"}, o.Labels)
		require.Equal(t, bounds{0, 1}, o.Range)
		require.Nil(t, o.Partial)
		require.True(t, o.Reference.IsZero(), "a pointer that was not given is not the pointer to the whole")
		require.Equal(t, grader.Neutral(), o.Otherwise)
		require.Equal(t, "keep", o.Case)
	}
	t.Run("what is set is set and the rest stays", func(t *testing.T) {
		o := built(t, k, `{"limit":9,"labels":["green","blue"],"range":{"high":2},"names":{"x":"y"},"partial":{"low":1},"reference":"/a","case":"fold","otherwise":0.5}`)
		require.Equal(t, 9, o.Limit)
		require.Equal(t, []string{"green", "blue"}, o.Labels)
		require.Equal(t, bounds{0, 2}, o.Range)
		require.Equal(t, &bounds{1, 0}, o.Partial)
		require.Equal(t, "/a", o.Reference.String())
		require.Equal(t, "fold", o.Case)
		require.Equal(t, grader.Impute(0.5), o.Otherwise)
		require.Equal(t, 0.5, o.Weight)
		require.Equal(t, map[string]string{"k": "v", "x": "y"}, o.Names)
	})
	t.Run("a pointer may be null", func(t *testing.T) {
		o := built(t, k, `{"partial":null,"reference":null}`)
		require.Nil(t, o.Partial)
		require.True(t, o.Reference.IsZero())
	})
}

func TestDefaultsAreNeverShared(t *testing.T) {
	given := defaults()
	given.Partial = &bounds{1, 2}
	given.Steps = []bounds{{3, 4}}
	k := grader.Define("sample", "Doc.", given, func(_ *grader.Env, o options) (grader.Grader, error) { return keeper{&o}, nil })
	spoil := func(o *options) {
		o.Labels[0] = "spoiled"
		o.Names["k"] = "spoiled"
		o.Partial.Low = -1
		o.Steps[0].Low = -1
	}
	want := built(t, k, "")
	for range 2 {
		spoil(built(t, k, ""))
		spoil(built(t, k, `{"names":{"x":"y"},"partial":{"high":9}}`))
		o := k.Defaults().(options)
		spoil(&o)
		require.Equal(t, want, built(t, k, ""))
	}
	require.Equal(t, "red", given.Labels[0])
	require.Equal(t, "v", given.Names["k"])
}

func TestOptionFaults(t *testing.T) {
	for _, c := range []struct {
		name, options, pointer, text string
	}{
		{"an unknown option", `{"limt":1}`, "/limt", `limt: no such option; did you mean "limit"? (there are mode, labels, limit, small, weight, strict, names, range, partial, steps, reference, otherwise, case)`},
		{"another case", `{"Limit":1}`, "/Limit", `Limit: no such option; did you mean "limit"?`},
		{"an unknown option of a mapping", `{"range":{"hihg":1}}`, "/range/hihg", `range.hihg: no such option; did you mean "high"? (there are low, high)`},
		{"an unknown option behind a pointer", `{"partial":{"x":1}}`, "/partial/x", `partial.x: no such option (there are low, high)`},
		{"an unknown option in a list", `{"steps":[{"low":1},{"lo":1}]}`, "/steps/1/lo", `steps.1.lo: no such option; did you mean "low"?`},
		{"a string for a whole number", `{"limit":"x"}`, "/limit", `limit: want a whole number, got "x"`},
		{"a number in quotes", `{"limit":"3"}`, "/limit", `limit: want a whole number, got "3"`},
		{"a fraction for a whole number", `{"limit":1.5}`, "/limit", `limit: want a whole number, got 1.5`},
		{"a negative for a whole number of 0 or more", `{"small":-1}`, "/small", `small: want a whole number of 0 or more, got -1`},
		{"a number out of range", `{"small":300}`, "/small", `small: want a whole number of 0 or more in the range of uint8, got 300`},
		{"a float out of range", `{"weight":1e999}`, "/weight", `weight: want a number in the range of float64, got 1e999`},
		{"a string for a number", `{"weight":"heavy"}`, "/weight", `weight: want a number, got "heavy"`},
		{"a list for a number", `{"weight":[1]}`, "/weight", `weight: want a number, got a list`},
		{"a string for a Boolean", `{"strict":"yes"}`, "/strict", `strict: want true or false, got "yes"`},
		{"a number for a string", `{"mode":1}`, "/mode", `mode: want a string, got 1`},
		{"a Boolean for a string", `{"mode":false}`, "/mode", `mode: want a string, got false`},
		{"a string for a list", `{"labels":"red"}`, "/labels", `labels: want a list, got "red"`},
		{"a number in a list", `{"labels":["red",0.1]}`, "/labels/1", `labels.1: want a string, got 0.1`},
		{"a list for a mapping", `{"range":[0,1]}`, "/range", `range: want a mapping, got a list`},
		{"a number for a mapping", `{"names":7}`, "/names", `names: want a mapping, got 7`},
		{"a list for a pointer to a mapping", `{"partial":[]}`, "/partial", `partial: want a mapping, got a list`},
		{"no pointer", `{"reference":"answer"}`, "/reference", `reference: want a JSON pointer such as "/final_answer", "" for the whole reference, or "metadata:/field", got "answer"`},
		{"a number for a pointer", `{"reference":1}`, "/reference", `reference: want a JSON pointer such as "/final_answer", got a number`},
		{"no action", `{"otherwise":"zero"}`, "/otherwise", `otherwise: want fail, neutral or a number, got "zero"`},
		{"outside the enum", `{"mode":"equals"}`, "/mode", `mode: want one of equal, contains, got "equals"; did you mean "equal"?`},
		{"an empty string outside the enum", `{"mode":""}`, "/mode", `mode: want one of equal, contains, got ""`},
		{"outside the enum of a list", `{"labels":["red","gren"]}`, "/labels/1", `labels.1: want one of red, green, blue, got "gren"; did you mean "green"?`},
		{"outside the enum of an embedded option", `{"case":"lower"}`, "/case", `case: want one of keep, fold, got "lower"`},
		{"null for a number", `{"limit":null}`, "/limit", `limit: want a whole number, got null`},
		{"null for a string", `{"mode":null}`, "/mode", `mode: want a string, got null`},
		{"null for a list", `{"labels":null}`, "/labels", `labels: want a list, got null`},
		{"null for a mapping", `{"range":null}`, "/range", `range: want a mapping, got null`},
		{"null in a list", `{"labels":[null]}`, "/labels/0", `labels.0: want a string, got null`},
		{"null for an action", `{"otherwise":null}`, "/otherwise", `otherwise: want fail, neutral or a number, got null`},
		{"null for all", `null`, "", `want a mapping, got null`},
		{"a list for all", `[]`, "", `want a mapping, got a list`},
		{"an option twice", `{"limit":1,"limit":2}`, "/limit", `limit: occurs twice`},
		{"a long string", `{"limit":"` + strings.Repeat("x", 500) + `"}`, "/limit", `limit: want a whole number, got "` + strings.Repeat("x", 59) + `...`},
		{"broken JSON", `{"limit":`, "", `the JSON ends too early`},
	} {
		t.Run(c.name, func(t *testing.T) {
			k := sample()
			g, err := k.New(nil, []byte(c.options))
			require.Nil(t, g)
			var fault *grader.OptionError
			require.ErrorAs(t, err, &fault)
			if c.name != "broken JSON" {
				require.Equal(t, c.pointer, fault.Pointer)
			}
			require.ErrorContains(t, err, c.text)
			require.Equal(t, strings.Contains(c.text, "no such option"), fault.Name)

			_, again := k.Resolve([]byte(c.options))
			require.EqualError(t, again, err.Error())
		})
	}
}

func TestResolve(t *testing.T) {
	k := sample()
	const rest = `"small":0,"weight":0.5,"strict":false,"names":{"k":"v"},"range":{"low":0,"high":1},"partial":null,"steps":[],"reference":null,"otherwise":"neutral","case":"keep"}`
	for options, want := range map[string]string{
		"":                                   `{"mode":"equal","labels":["red"],"limit":3,` + rest,
		"{}":                                 `{"mode":"equal","labels":["red"],"limit":3,` + rest,
		` { "limit" : 4, "mode":"contains"}`: `{"mode":"contains","labels":["red"],"limit":4,` + rest,
	} {
		got, err := k.Resolve([]byte(options))
		require.NoError(t, err)
		require.Equal(t, want, string(got))
		again, err := k.Resolve(got)
		require.NoError(t, err, "what is resolved can be resolved again")
		require.Equal(t, want, string(again))
	}
}

func TestKindOptions(t *testing.T) {
	got := map[string]grader.Option{}
	var names []string
	for _, o := range sample().Options() {
		got[o.Name] = o
		names = append(names, o.Name)
	}
	require.Equal(t, []string{"mode", "labels", "limit", "small", "weight", "strict", "names", "range", "range.low", "range.high",
		"partial", "partial.low", "partial.high", "steps", "reference", "otherwise", "case"}, names)
	for _, want := range []grader.Option{
		{Name: "mode", Type: "string", Default: `"equal"`, Doc: "how it compares", Values: []string{"equal", "contains"}},
		{Name: "labels", Type: "list", Default: `["red"]`, Doc: "the labels", Values: []string{"red", "green", "blue"}},
		{Name: "limit", Type: "whole number", Default: "3", Doc: "how many"},
		{Name: "small", Type: "whole number", Default: "0", Doc: "a small number"},
		{Name: "weight", Type: "number", Default: "0.5", Doc: "what it weighs"},
		{Name: "strict", Type: "true or false", Default: "false", Doc: "whether it is strict"},
		{Name: "names", Type: "mapping", Default: `{"k":"v"}`, Doc: "other names"},
		{Name: "range", Type: "mapping", Doc: "where it lies"},
		{Name: "range.high", Type: "number", Default: "1", Doc: "the greatest"},
		{Name: "partial", Type: "mapping", Doc: "partial credit"},
		{Name: "partial.low", Type: "number", Default: "0", Doc: "the least"},
		{Name: "steps", Type: "list", Doc: "the steps"},
		{Name: "reference", Type: "string", Doc: "where the reference is"},
		{Name: "case", Type: "string", Default: `"keep"`, Doc: "what case is worth", Values: []string{"keep", "fold"}},
	} {
		require.Equal(t, want, got[want.Name])
	}

	type tree struct {
		Leaf  string `json:"leaf" doc:"a leaf"`
		Child *tree  `json:"child" doc:"a tree below"`
	}
	k := grader.Define("tree", "Doc.", tree{Child: &tree{Leaf: "x"}}, func(*grader.Env, tree) (grader.Grader, error) { return nil, nil })
	require.Len(t, k.Options(), 2, "a type that holds itself ends")
	require.NoError(t, grader.Validate(k))
}

func TestNew(t *testing.T) {
	define := func(build func(*grader.Env, options) (grader.Grader, error)) *grader.Kind {
		return grader.Define("sample", "Doc.", defaults(), build)
	}
	t.Run("the environment is passed on", func(t *testing.T) {
		env := &grader.Env{Name: "tone"}
		_, err := define(func(got *grader.Env, _ options) (grader.Grader, error) {
			require.Same(t, env, got)
			return keeper{}, nil
		}).New(env, nil)
		require.NoError(t, err)
	})
	t.Run("no environment is an empty one", func(t *testing.T) {
		_, err := define(func(got *grader.Env, _ options) (grader.Grader, error) {
			require.NotNil(t, got)
			got.Logger().Error("dropped")
			_, err := got.ReadFile("rubric.yaml")
			require.ErrorContains(t, err, "read rubric.yaml: a spec without a folder has no files beside it")
			return keeper{}, nil
		}).New(nil, nil)
		require.NoError(t, err)
	})
	t.Run("a failure to build is returned as it is", func(t *testing.T) {
		failure := grader.Optionf("/limit", "want at most 2, got 3")
		g, err := define(func(*grader.Env, options) (grader.Grader, error) { return keeper{}, failure }).New(nil, nil)
		require.Same(t, failure, err)
		require.Nil(t, g)
	})
	t.Run("nothing built is a failure", func(t *testing.T) {
		_, err := define(func(*grader.Env, options) (grader.Grader, error) { return nil, nil }).New(nil, nil)
		require.ErrorContains(t, err, `kind "sample" built no grader and gave no error`)
	})
}

func TestEnv(t *testing.T) {
	var log strings.Builder
	env := &grader.Env{
		Log:   slog.New(slog.NewTextHandler(&log, nil)),
		Files: func(name string) ([]byte, error) { return []byte("content of " + name), nil },
	}
	env.Logger().Info("built")
	require.Contains(t, log.String(), "msg=built")
	b, err := env.ReadFile("a.txt")
	require.NoError(t, err)
	require.Equal(t, "content of a.txt", string(b))
}

func TestSynopsis(t *testing.T) {
	for doc, want := range map[string]string{
		"Numeric compares numbers.":                        "Numeric compares numbers",
		"Numeric compares\n  numbers. It is exact.":        "Numeric compares numbers",
		"\nNumeric compares numbers\n\nMore. Text.":        "Numeric compares numbers",
		"Numeric compares numbers, e.g.\n\nother numbers.": "Numeric compares numbers, e.g",
		"": "",
	} {
		k := grader.Define("x", doc, struct{}{}, func(*grader.Env, struct{}) (grader.Grader, error) { return nil, nil })
		require.Equal(t, want, k.Synopsis())
	}
}

// undocumented is a kind whose build never runs.
func undocumented[C any](name, doc string, c C) *grader.Kind {
	return grader.Define(name, doc, c, func(*grader.Env, C) (grader.Grader, error) { return nil, errors.New("never") })
}

// lossy is a type that is not read as it is written.
type lossy struct{ n int }

func (lossy) MarshalJSON() ([]byte, error)  { return []byte(`1`), nil }
func (*lossy) UnmarshalJSON(b []byte) error { return nil }

func TestValidate(t *testing.T) {
	type fine struct {
		A string `json:"a" doc:"an option"`
	}
	type noDoc struct {
		A string `json:"a"`
	}
	type noTag struct {
		Answer string `doc:"an option"`
	}
	type inner struct {
		Deep string `doc:"an option"`
	}
	type noTagInside struct {
		Inner *inner `json:"inner" doc:"a mapping"`
	}
	type hidden struct {
		A      string `json:"a" doc:"an option"`
		secret string
	}
	type dropped struct {
		A string `json:"-"`
	}
	type unencodable struct {
		F func() `json:"f" doc:"a function"`
	}
	type duration struct {
		D time.Duration `json:"d" doc:"a duration"`
	}
	type badEnum struct {
		A string `json:"a" doc:"an option" enum:"x,y"`
	}
	type custom struct {
		A lossy            `json:"a" doc:"an option"`
		B []lossy          `json:"b" doc:"an option"`
		C map[string]lossy `json:"c" doc:"an option"`
		D *lossy           `json:"d" doc:"an option"`
		E [1]lossy         `json:"e" doc:"an option"`
	}
	type untyped struct {
		A any `json:"a" doc:"an option"`
	}
	type twice struct {
		A string `json:"case" doc:"an option"`
		shared
	}
	type empties struct {
		L []string       `json:"l" doc:"a list"`
		M map[string]int `json:"m" doc:"a mapping"`
		P grader.Pointer `json:"p" doc:"a pointer"`
		Q *fine          `json:"q" doc:"a mapping"`
		R []fine         `json:"r" doc:"a list"`
	}
	for _, c := range []struct {
		name  string
		kinds []*grader.Kind
		words []string
	}{
		{"nil", []*grader.Kind{nil}, []string{"kind 0 of the list is nil"}},
		{"half-built", []*grader.Kind{{}}, []string{"has no build function"}},
		{"no build function", []*grader.Kind{grader.Define[fine]("x", "Doc.", fine{}, nil)}, []string{`kind "x": has no build function`}},
		{"no name", []*grader.Kind{undocumented("", "Doc.", fine{})}, []string{"want a name of lower-case letters"}},
		{"a name in capitals", []*grader.Kind{undocumented("Exact", "Doc.", fine{})}, []string{`kind "Exact": want a name`}},
		{"a name with a hyphen", []*grader.Kind{undocumented("exact-match", "Doc.", fine{})}, []string{"want a name"}},
		{"a name that begins with a digit", []*grader.Kind{undocumented("2x", "Doc.", fine{})}, []string{"want a name"}},
		{"a name that begins with _", []*grader.Kind{undocumented("_x", "Doc.", fine{})}, []string{"want a name"}},
		{"a name with a line break", []*grader.Kind{undocumented("x\n", "Doc.", fine{})}, []string{"want a name"}},
		{"no doc", []*grader.Kind{undocumented("x", " \n", fine{})}, []string{`kind "x": has no doc`}},
		{"two of a name", []*grader.Kind{undocumented("x", "Doc.", fine{}), undocumented("x", "Doc.", fine{})}, []string{`kind "x": two kinds have this name`}},
		{"options that are no struct", []*grader.Kind{undocumented("x", "Doc.", 7)}, []string{"want a struct of options, got int"}},
		{"options that are a pointer", []*grader.Kind{undocumented("x", "Doc.", &fine{})}, []string{"want a struct of options, got *"}},
		{"an option without doc", []*grader.Kind{undocumented("x", "Doc.", noDoc{})}, []string{`option "a" has no doc tag`}},
		{"an option without json tag", []*grader.Kind{undocumented("x", "Doc.", noTag{})}, []string{"the option field Answer has no json tag"}},
		{"a nested option without json tag", []*grader.Kind{undocumented("x", "Doc.", noTagInside{})}, []string{"the option field Deep has no json tag"}},
		{"two options of a name", []*grader.Kind{undocumented("x", "Doc.", twice{shared: shared{"keep"}})}, []string{`two options have the name "case"`}},
		{"a default that is hidden", []*grader.Kind{undocumented("x", "Doc.", hidden{secret: "s"})}, []string{"its defaults change when they are copied"}},
		{"a default that is dropped", []*grader.Kind{undocumented("x", "Doc.", dropped{A: "s"})}, []string{"its defaults change when they are copied"}},
		{"a default that is read otherwise", []*grader.Kind{undocumented("x", "Doc.", custom{A: lossy{5}})}, []string{"its defaults change when they are copied"}},
		{"a list that is read otherwise", []*grader.Kind{undocumented("x", "Doc.", custom{B: []lossy{{5}}})}, []string{"its defaults change when they are copied"}},
		{"a mapping that is read otherwise", []*grader.Kind{undocumented("x", "Doc.", custom{C: map[string]lossy{"k": {5}}})}, []string{"its defaults change when they are copied"}},
		{"a pointer that is read otherwise", []*grader.Kind{undocumented("x", "Doc.", custom{D: &lossy{5}})}, []string{"its defaults change when they are copied"}},
		{"an array that is read otherwise", []*grader.Kind{undocumented("x", "Doc.", custom{E: [1]lossy{{5}}})}, []string{"its defaults change when they are copied"}},
		{"a default of another type", []*grader.Kind{undocumented("x", "Doc.", untyped{A: 1})}, []string{"its defaults change when they are copied"}},
		{"a default that cannot be copied", []*grader.Kind{undocumented("x", "Doc.", unencodable{F: func() {}})}, []string{"its defaults are refused"}},
		{"a type that cannot be copied", []*grader.Kind{undocumented("x", "Doc.", duration{})}, []string{"its defaults are refused"}},
		{"a default outside its enum", []*grader.Kind{undocumented("x", "Doc.", badEnum{})}, []string{"its defaults are refused", "want one of x, y"}},
		{"all faults at once", []*grader.Kind{undocumented("X", "", noDoc{}), nil}, []string{"want a name", "has no doc\n", "has no doc tag", "kind 1 of the list is nil"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := grader.Validate(c.kinds...)
			for _, w := range c.words {
				require.ErrorContains(t, err, w)
			}
		})
	}
	for name, kinds := range map[string][]*grader.Kind{
		"none":               nil,
		"one":                {undocumented("x", "Doc.", fine{A: "b"})},
		"two":                {undocumented("x_1", "Doc.", fine{}), undocumented("y", "Doc.", fine{})},
		"no options":         {undocumented("x", "Doc.", struct{}{})},
		"empty defaults":     {undocumented("x", "Doc.", empties{})},
		"defaults of a kind": {undocumented("x", "Doc.", empties{L: []string{"a"}, M: map[string]int{"a": 1}, P: grader.MustPointer(""), Q: &fine{"q"}, R: []fine{{"r"}}})},
		"untyped":            {undocumented("x", "Doc.", untyped{A: map[string]any{"k": []any{1.5, "s", nil}}})},
		"custom":             {undocumented("x", "Doc.", custom{B: []lossy{{}}, C: map[string]lossy{"k": {}}, D: &lossy{}})},
		"hidden but unused":  {undocumented("x", "Doc.", hidden{A: "a"})},
	} {
		t.Run("accepts "+name, func(t *testing.T) { require.NoError(t, grader.Validate(kinds...)) })
	}
}

func TestHalfBuiltKindsStillShowTheirOptions(t *testing.T) {
	require.Empty(t, undocumented("x", "Doc.", 7).Options())
	type unencodable struct {
		F func() `json:"f" doc:"a function"`
	}
	k := undocumented("x", "Doc.", unencodable{F: func() {}})
	require.Equal(t, []grader.Option{{Name: "f", Type: "value", Doc: "a function"}}, k.Options())
	require.NotNil(t, k.Defaults().(unencodable).F)
}

func TestEnumBehindAPointer(t *testing.T) {
	type maybe struct {
		Mode *string `json:"mode" doc:"a mode" enum:"x,y"`
	}
	k := undocumented("k", "Doc.", maybe{})
	require.NoError(t, grader.Validate(k))
	_, err := k.Resolve([]byte(`{"mode":"z"}`))
	require.ErrorContains(t, err, `mode: want one of x, y, got "z"`)
	_, err = k.Resolve([]byte(`{"mode":"y"}`))
	require.NoError(t, err)
}

func TestFunc(t *testing.T) {
	var g grader.Grader = grader.Func(func(_ context.Context, r *grader.Rollout) (grader.Result, error) {
		return grader.Result{Score: float64(len(r.Response()))}, nil
	})
	result, err := g.Grade(t.Context(), &grader.Rollout{Messages: []grader.Message{{Role: "assistant", Content: grader.TextContent("four")}}})
	require.NoError(t, err)
	require.Equal(t, 4.0, result.Score)
}

func TestOptionErrorIsUnwrapped(t *testing.T) {
	cause := errors.New("cause")
	require.ErrorIs(t, grader.Optionf("/a", "x: %w", cause), cause)
	require.Equal(t, "a.0.b", strings.Split((&grader.OptionError{Pointer: "/a/0/b", Err: cause}).Error(), ":")[0])
}
