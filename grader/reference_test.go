package grader_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader"
)

// referring returns a rollout with a reference (no member when empty) and
// other fields of the row.
func referring(t *testing.T, reference, metadata string) *grader.Rollout {
	t.Helper()
	fields := ""
	if reference != "" {
		fields += `,"reference_answer":` + reference
	}
	if metadata != "" {
		fields += `,"metadata":` + metadata
	}
	return graded(t, `[{"id":"r-1",`+turns+fields+`}]`)
}

// requireData checks an error of the data: its place, its words and that it
// quotes no value.
func requireData(t *testing.T, err error, where string, words ...string) {
	t.Helper()
	var data *grader.DataError
	require.ErrorAs(t, err, &data)
	require.Equal(t, where, data.Where)
	// Names that do not look like fields are for people only.
	for _, w := range words {
		require.Contains(t, grader.Explain(err), w)
	}
	require.NotContains(t, err.Error(), secret)
	require.Less(t, len(err.Error()), 1500)
}

func TestErrorsNameFieldsAndNothingThatMayBeSaid(t *testing.T) {
	r := referring(t, `{"final_answer":1,"What is 2+2?":2,"Paris":3}`, "")
	_, err := r.Lookup(grader.Pointer{})
	require.ErrorContains(t, err, "it has /final_answer and 2 more")
	require.NotContains(t, err.Error(), "2+2")
	require.NotContains(t, err.Error(), "Paris")
	require.Contains(t, grader.Explain(err), "/What is 2+2?, /Paris")

	one := referring(t, `{"What is 2+2?":[]}`, "")
	ref, err := one.Lookup(grader.Pointer{})
	require.NoError(t, err)
	_, err = ref.Text()
	require.ErrorContains(t, err, "/reference_answer/…: want a string or a number, got a list")

	item := grader.DecodeRollout([]byte(`{"id":"a","messages":[{"role":"My Secret","content":"x"}],"reference_answer":{"the secret":1,"the secret":2}}`))
	require.Error(t, item.Err)
	require.NotContains(t, item.Err.Error(), "ecret")
	role := grader.DecodeRollout([]byte(`{"id":"a","messages":[{"role":"My Secret","content":"x"}]}`))
	require.ErrorContains(t, role.Err, `got "…"`)
	_, err = grader.Decode([]byte(`{"some question?":1,"rollouts":[]}`))
	require.ErrorContains(t, err, `it has "…", "rollouts"`)

	deep := &grader.DataError{Where: "/metadata" + strings.Repeat("/0", 500), Err: errors.New("too deep")}
	require.Less(t, len(deep.Error()), 150)
}

func TestLookupWithoutPointer(t *testing.T) {
	for _, c := range []struct{ name, reference, want, where string }{
		{"a string", `"x = 4"`, `"x = 4"`, "/reference_answer"},
		{"an empty string", `""`, `""`, "/reference_answer"},
		{"a number", `4.50`, `4.50`, "/reference_answer"},
		{"an object with one member", `{"solution":"x = 4"}`, `"x = 4"`, "/reference_answer/solution"},
		{"whose member is an object", `{"a":{"b":1,"c":2}}`, `{"b":1,"c":2}`, "/reference_answer/a"},
		{"whose member is a list", `{"a":[1,2]}`, `[1,2]`, "/reference_answer/a"},
		{"whose member is false", `{"a":false}`, `false`, "/reference_answer/a"},
		{"whose name needs escapes", `{"a/b~c":1}`, `1`, "/reference_answer/a~1b~0c"},
		{"a string that holds an object with one member", `" {\"solution\": \"x = 4\"} "`, `"x = 4"`, "/reference_answer/solution"},
		{"a string that holds a list is that string", `"[1,2]"`, `"[1,2]"`, "/reference_answer"},
		{"a string that looks like an object", `"{1,2}"`, `"{1,2}"`, "/reference_answer"},
		{"a string that holds a number", `"4"`, `"4"`, "/reference_answer"},
	} {
		t.Run(c.name, func(t *testing.T) {
			ref, err := referring(t, c.reference, "").Lookup(grader.Pointer{})
			require.NoError(t, err)
			require.Equal(t, c.want, string(ref.Raw()))
			require.Equal(t, c.where, ref.Where())
		})
	}
	for _, c := range []struct {
		name, reference, where string
		words                  []string
	}{
		{"no reference", ``, "/reference_answer", []string{"no reference answer", "metadata", "want a string, a number or an object with one member"}},
		{"null", `null`, "/reference_answer", []string{"no reference answer"}},
		{"two members", `{"a":"` + secret + `","b/c":2}`, "/reference_answer", []string{"got an object", "it has /a, /b~1c", "set the option reference"}},
		{"no members", `{}`, "/reference_answer", []string{"got an object"}},
		{"a list", `["` + secret + `"]`, "/reference_answer", []string{"got a list", "set the option reference"}},
		{"a Boolean", `true`, "/reference_answer", []string{"got a Boolean"}},
		{"one member that is null", `{"a":null}`, "/reference_answer/a", []string{"null"}},
		{"a string that holds two members", `"{\"a\":\"` + secret + `\",\"b\":2}"`, "/reference_answer", []string{"got an object", "it has /a, /b"}},
		{"a string that holds a name twice", `"{\"a\":\"` + secret + `\",\"a\":2}"`, "/reference_answer", []string{"got an object"}},
		{"many members", `{"a":1,"b":1,"c":1,"d":1,"e":1,"f":1,"g":1,"h":1,"i":1,"j":1,"k":1,"l":1,"m":1,"n":1}`, "/reference_answer", []string{"/l and 2 more"}},
		{"a member with a long name", `{"` + strings.Repeat("n", 1<<20) + `":1,"b":2}`, "/reference_answer", []string{"nnn..., /b"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := referring(t, c.reference, "").Lookup(grader.Pointer{})
			requireData(t, err, c.where, c.words...)
		})
	}
}

func TestLookupWithPointer(t *testing.T) {
	const object = `{"a":{"b":[10,20,{"c":"deep"}]},"x/y":1,"m~n":2,"":3,"~1":4,"0":5,"é":6,"null":null,"inner":"{\"k\": [1, \"{\\\"z\\\": 9}\"]}"}`
	const metadata = `{"task":"math","nested":{"list":["p","q"]},"text":"[7,8]","none":null,"a/b":1}`
	for _, c := range []struct{ pointer, want, where string }{
		{"/a/b/0", "10", "/reference_answer/a/b/0"},
		{"/a/b/2/c", `"deep"`, "/reference_answer/a/b/2/c"},
		{"/a", `{"b":[10,20,{"c":"deep"}]}`, "/reference_answer/a"},
		{"/x~1y", "1", "/reference_answer/x~1y"},
		{"/m~0n", "2", "/reference_answer/m~0n"},
		{"/", "3", "/reference_answer/"},
		{"/~01", "4", "/reference_answer/~01"},
		{"/0", "5", "/reference_answer/0"},
		{"/é", "6", "/reference_answer/é"},
		{"", object, "/reference_answer"},
		{"/inner", `"{\"k\": [1, \"{\\\"z\\\": 9}\"]}"`, "/reference_answer/inner"},
		{"/inner/k", `[1, "{\"z\": 9}"]`, "/reference_answer/inner/k"},
		{"/inner/k/0", "1", "/reference_answer/inner/k/0"},
		{"/inner/k/1/z", "9", "/reference_answer/inner/k/1/z"},
		{"metadata:/task", `"math"`, "/metadata/task"},
		{"metadata:/nested/list/1", `"q"`, "/metadata/nested/list/1"},
		{"metadata:/text/1", "8", "/metadata/text/1"},
		{"metadata:/a~1b", "1", "/metadata/a~1b"},
		{"metadata:/reference_answer/x~1y", "1", "/reference_answer/x~1y"},
	} {
		t.Run("finds "+c.pointer, func(t *testing.T) {
			ref, err := referring(t, object, metadata).Lookup(grader.MustPointer(c.pointer))
			require.NoError(t, err)
			require.Equal(t, c.want, string(ref.Raw()))
			require.Equal(t, c.where, ref.Where())
		})
	}
	for _, c := range []struct {
		name, reference, pointer, where string
		words                           []string
	}{
		{"no such member", object, "/b", "/reference_answer/b", []string{"no such member", "it has /a, /x~1y, /m~0n, /,"}},
		{"the one member does not stand in", `{"answer":"` + secret + `"}`, "/final_answer", "/reference_answer/final_answer", []string{"it has /answer"}},
		{"case counts", `{"Answer":1}`, "/answer", "/reference_answer/answer", []string{"it has /Answer"}},
		{"into a string", `"` + secret + `"`, "/a", "/reference_answer/a", []string{"/reference_answer is a string"}},
		{"into a number", `17`, "/a", "/reference_answer/a", []string{"is a number"}},
		{"into a member that is a string", `{"a":"` + secret + `"}`, "/a/b", "/reference_answer/a/b", []string{"/reference_answer/a is a string"}},
		{"behind the list", object, "/a/b/3", "/reference_answer/a/b/3", []string{"the list has 3"}},
		{"a leading zero", object, "/a/b/00", "/reference_answer/a/b/00", []string{"the list has 3"}},
		{"a sign", object, "/a/b/+1", "/reference_answer/a/b/+1", []string{"the list has 3"}},
		{"a negative index", object, "/a/b/-1", "/reference_answer/a/b/-1", []string{"the list has 3"}},
		{"the end of the list", object, "/a/b/-", "/reference_answer/a/b/-", []string{"the list has 3"}},
		{"an index beyond every int", object, "/a/b/99999999999999999999", "/reference_answer/a/b/99999999999999999999", []string{"the list has 3"}},
		{"null", object, "/null", "/reference_answer/null", []string{"null"}},
		{"through null", object, "/null/a", "/reference_answer/null/a", []string{"is null"}},
		{"no reference", "", "/a", "/reference_answer", []string{"no reference answer", `want a value at "/a"`}},
		{"no reference for the whole", "", "", "/reference_answer", []string{"no reference answer"}},
		{"a string that holds a name twice", `"{\"a\":1,\"a\":2}"`, "/a", "/reference_answer", []string{"occurs twice"}},
		{"a string that holds broken JSON", `"{\"a\":` + secret + `"`, "/a", "/reference_answer/a", []string{"is a string"}},
		{"no such field", "", "metadata:/nothing", "/metadata/nothing", []string{"no such field", "it has /a~1b, /nested, /none, /task, /text"}},
		{"no such member of a field", "", "metadata:/nested/x", "/metadata/nested/x", []string{"it has /list"}},
		{"a field that is null", "", "metadata:/none", "/metadata/none", []string{"null"}},
		{"no reference in metadata", "", "metadata:/reference_answer", "/metadata/reference_answer", []string{"no such field"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := referring(t, c.reference, metadata).Lookup(grader.MustPointer(c.pointer))
			requireData(t, err, c.where, c.words...)
		})
	}
}

func TestAt(t *testing.T) {
	r := graded(t, `[{"id":"r-1","task_id":"t","data":{"k":[1,2]},`+turns+`,"reference_answer":{"a":"{\"b\":1}"},"metadata":{"task":"math","deep":{"x/y":true},"none":null}}]`)
	for _, c := range []struct{ pointer, want, where string }{
		{"/id", `"r-1"`, "/id"},
		{"/reference_answer", `{"a":"{\"b\":1}"}`, "/reference_answer"},
		{"/reference_answer/a/b", "1", "/reference_answer/a/b"},
		{"/metadata/task", `"math"`, "/metadata/task"},
		{"/metadata/deep/x~1y", "true", "/metadata/deep/x~1y"},
		{"/metadata/none", "null", "/metadata/none"},
		{"/metadata/data/k/1", "2", "/metadata/data/k/1"}, // a field counts wherever it was sent
		{"/metadata/reference_answer/a/b", "1", "/reference_answer/a/b"},
		{"/task_id", `"t"`, "/task_id"},
		{"/data/k/0", "1", "/data/k/0"},
		{"/task", `"math"`, "/task"},
	} {
		t.Run("finds "+c.pointer, func(t *testing.T) {
			ref, err := r.At(c.pointer)
			require.NoError(t, err)
			require.Equal(t, c.want, string(ref.Raw()))
			require.Equal(t, c.where, ref.Where())
		})
	}
	for _, c := range []struct {
		pointer, where string
		words          []string
	}{
		{"/metadata", "/metadata", []string{"want a field of the metadata"}},
		{"/metadata/x", "/metadata/x", []string{"no such field", "/task"}},
		{"/x", "/x", []string{"no such field"}},
		{"/data/k/7", "/data/k/7", []string{"the list has 2"}},
		{"/task/x", "/task/x", []string{"is a string"}},
		{"/reference_answer/z", "/reference_answer/z", []string{"it has /a"}},
	} {
		t.Run("misses "+c.pointer, func(t *testing.T) {
			_, err := r.At(c.pointer)
			requireData(t, err, c.where, c.words...)
		})
	}
	t.Run("null has no text", func(t *testing.T) {
		ref, err := r.At("/metadata/none")
		require.NoError(t, err)
		_, err = ref.Text()
		requireData(t, err, "/metadata/none", "got null")
	})
	for _, pointer := range []string{"", "id", "/a~2", "metadata:/task"} {
		t.Run(fmt.Sprintf("refuses %q", pointer), func(t *testing.T) {
			_, err := r.At(pointer)
			require.ErrorContains(t, err, "want a JSON pointer such as /metadata/task")
			var data *grader.DataError
			require.NotErrorAs(t, err, &data, "the pointer is the spec's fault, not the data's")
		})
	}
}

func TestParsePointer(t *testing.T) {
	for _, s := range []string{"", "/a", "/", "//", "/a~0b~1c", "metadata:/a", "metadata:/", "/é"} {
		t.Run(fmt.Sprintf("reads %q", s), func(t *testing.T) {
			p, err := grader.ParsePointer(s)
			require.NoError(t, err)
			require.Equal(t, s, p.String())
			require.False(t, p.IsZero())
			require.Equal(t, p, grader.MustPointer(s))

			text, err := p.MarshalText()
			require.NoError(t, err)
			require.Equal(t, s, string(text))
			encoded, err := json.Marshal(p)
			require.NoError(t, err)
			var back grader.Pointer
			require.NoError(t, json.Unmarshal(encoded, &back))
			require.Equal(t, p, back)
		})
	}
	for _, s := range []string{"a", "a/b", "#/a", "/~", "/~2", "/a~", "metadata:", "metadata:a", "metadata", "Metadata:/a", "$.a"} {
		t.Run(fmt.Sprintf("refuses %q", s), func(t *testing.T) {
			p, err := grader.ParsePointer(s)
			require.ErrorContains(t, err, "want a JSON pointer")
			require.ErrorContains(t, err, fmt.Sprintf("got %q", s))
			require.True(t, p.IsZero())
			require.Panics(t, func() { grader.MustPointer(s) })
			require.Error(t, p.UnmarshalText([]byte(s)))
		})
	}
	t.Run("none is not the whole", func(t *testing.T) {
		b, err := json.Marshal(grader.Pointer{})
		require.NoError(t, err)
		require.Equal(t, "null", string(b))
		p := grader.MustPointer("/a")
		require.NoError(t, json.Unmarshal(b, &p))
		require.True(t, p.IsZero())
		require.False(t, grader.MustPointer("").IsZero())
	})
	t.Run("other JSON is refused", func(t *testing.T) {
		for _, s := range []string{"1", "true", "[]", `{"a":1}`} {
			var p grader.Pointer
			require.Error(t, json.Unmarshal([]byte(s), &p), s)
		}
	})
}

func TestReferenceText(t *testing.T) {
	for _, c := range []struct{ name, raw, want string }{
		{"a string", `"a\nb"`, "a\nb"},
		{"an empty string", `""`, ""},
		{"a number as it is written", `1.50e+2`, "1.50e+2"},
		{"a big number", `12345678901234567890`, "12345678901234567890"},
		{"true", `true`, "true"},
		{"false", `false`, "false"},
	} {
		t.Run(c.name, func(t *testing.T) {
			ref := referring(t, c.raw, "").Reference
			got, err := ref.Text()
			require.NoError(t, err)
			require.Equal(t, c.want, got)
			texts, err := ref.Texts()
			require.NoError(t, err)
			require.Equal(t, []string{c.want}, texts)
		})
	}
	for _, c := range []struct{ name, raw, words string }{
		{"an object", `{"a":"` + secret + `"}`, "got an object; it has /a"},
		{"a list", `["` + secret + `"]`, "got a list"},
		{"none", ``, "no reference answer"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := referring(t, c.raw, "").Reference.Text()
			requireData(t, err, "/reference_answer", c.words)
		})
	}
}

func TestReferenceTexts(t *testing.T) {
	got, err := referring(t, `["a",4.0,true]`, "").Reference.Texts()
	require.NoError(t, err)
	require.Equal(t, []string{"a", "4.0", "true"}, got)

	for _, c := range []struct{ name, raw, where, words string }{
		{"an empty list", `[]`, "/reference_answer", "empty"},
		{"a null in the list", `["a",null]`, "/reference_answer/1", "null"},
		{"a list in the list", `["` + secret + `",["x"]]`, "/reference_answer/1", "got a list"},
		{"an object", `{"a":1}`, "/reference_answer", "want a string, a number or a list of them"},
		{"none", ``, "/reference_answer", "no reference answer"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := referring(t, c.raw, "").Reference.Texts()
			requireData(t, err, c.where, c.words)
		})
	}
}

func TestReferenceDecode(t *testing.T) {
	type tests struct {
		Language string   `json:"language"`
		Tests    []string `json:"tests"`
		N        int      `json:"n"`
	}
	for _, c := range []struct{ name, raw string }{
		{"an object", `{"language":"go","tests":["a","b"],"n":2}`},
		{"an object with more members", `{"language":"go","tests":["a","b"],"n":2,"x":{"y":1}}`},
		{"a string that holds it", `" {\"language\":\"go\",\"tests\":[\"a\",\"b\"],\"n\":2}"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got tests
			require.NoError(t, referring(t, c.raw, "").Reference.Decode(&got))
			require.Equal(t, tests{"go", []string{"a", "b"}, 2}, got)
		})
	}
	t.Run("a string is a string first", func(t *testing.T) {
		var got string
		require.NoError(t, referring(t, `"{\"a\":1}"`, "").Reference.Decode(&got))
		require.Equal(t, `{"a":1}`, got)
	})
	for _, c := range []struct{ name, raw, where, words, detail string }{
		{"the wrong type", `{"n":"` + secret + `"}`, "/reference_answer/n", "want a whole number, got a string", ""},
		{"a number of the wrong kind", `{"n":1.25}`, "/reference_answer/n", "want a whole number, got a number", "1.25"},
		{"inside a list", `{"tests":["a",5]}`, "/reference_answer/tests/1", "want a string, got a number", ""},
		{"inside a string", `"{\"tests\":[1]}"`, "/reference_answer/tests/0", "want a string, got a number", ""},
		{"a string that holds nothing of it", `"` + secret + `"`, "/reference_answer", "want a mapping, got a string", ""},
		{"a string that holds a name twice", `"{\"n\":1,\"n\":2}"`, "/reference_answer/n", "occurs twice", ""},
		{"a list", `[1]`, "/reference_answer", "want a mapping, got a list", ""},
		{"none", ``, "/reference_answer", "no reference answer", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got tests
			err := referring(t, c.raw, "").Reference.Decode(&got)
			requireData(t, err, c.where, c.words)
			if c.detail != "" {
				require.Contains(t, grader.Explain(err), c.detail)
			}
		})
	}
}

func TestNewReference(t *testing.T) {
	ref, err := grader.NewReference(map[string]any{"b": 1, "a": []string{"x"}})
	require.NoError(t, err)
	require.Equal(t, `{"a":["x"],"b":1}`, string(ref.Raw()))
	require.Equal(t, "/reference_answer", ref.Where())

	ref, err = grader.NewReference(nil)
	require.NoError(t, err)
	require.True(t, ref.Missing())

	_, err = grader.NewReference(math.NaN())
	require.ErrorContains(t, err, "encode reference")

	require.True(t, grader.Reference{}.Missing())
	require.Equal(t, "/reference_answer", grader.Reference{}.Where())
}
