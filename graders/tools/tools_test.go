package tools_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/graders/tools"
)

func build(t testing.TB, options string) grader.Grader {
	t.Helper()
	g, err := tools.Kind.New(&grader.Env{Name: "calls"}, []byte(options))
	require.NoError(t, err)
	return g
}

// rollout returns a rollout with calls of the form "name {arguments}".
func rollout(t testing.TB, reference string, calls ...string) *grader.Rollout {
	t.Helper()
	m := grader.Message{Role: "assistant"}
	for _, c := range calls {
		name, arguments, _ := strings.Cut(c, " ")
		m.ToolCalls = append(m.ToolCalls, grader.ToolCall{Type: "function", Name: name, Arguments: arguments})
	}
	r := &grader.Rollout{Messages: []grader.Message{{Role: "user", Content: grader.TextContent("Do it.")}, m}}
	var err error
	r.Reference, err = grader.NewReference(json.RawMessage(reference))
	require.NoError(t, err)
	return r
}

func TestKind(t *testing.T) { require.NoError(t, grader.Validate(tools.Kind)) }

func TestScores(t *testing.T) {
	const (
		abc  = `[{"name": "a"}, {"name": "b"}, {"name": "c"}]`
		same = `[{"name": "a", "arguments": {"x": 1, "y": 1}}, {"name": "a", "arguments": {"x": 2, "y": 2}}]`
	)
	for _, c := range []struct {
		name, options, reference string
		calls                    []string
		score                    float64
		reason                   string
	}{
		{"right", `{}`, abc, []string{"a", "b {}", "c  "}, 1, "all calls are right"},
		{"one is missing", `{}`, abc, []string{"a", "c"}, 2. / 3, `call 2 of "b" is missing`},
		{"one too many", `{}`, abc, []string{"a", "b", "x", "c"}, 0.75, "1 of 4 calls are not in the reference"},
		{"one too many is allowed", `{"extra": "allow", "partial": false}`, abc, []string{"a", "b", "x", "c"}, 1, "1 of 4 calls are not in the reference"},
		{"one too many is forbidden", `{"extra": "forbid"}`, abc, []string{"a", "b", "x", "c"}, 0, "1 of 4 calls are not in the reference"},
		{"another is forbidden", `{"extra": "forbid"}`, abc, []string{"a", "b", "x"}, 0, `call 3 of "c" is missing; 1 of 3 calls are not in the reference`},
		{"the same twice", `{}`, `[{"name": "a"}]`, []string{"a", "a"}, 0.5, "1 of 2 calls are not in the reference"},
		{"in another order", `{}`, abc, []string{"c", "b", "a"}, 1. / 3, `call 2 of "b" is missing; call 3 of "c" is missing; 2 of 3 calls are not in the reference`},
		{"in any order", `{"order": "any"}`, abc, []string{"c", "b", "a"}, 1, "all calls are right"},
		{"the best pairs in order", `{}`, same, []string{`a {"x": 2, "y": 2}`}, 0.5, `call 1 of "a" is missing`},
		{"the best pairs in any order", `{"order": "any"}`, same, []string{`a {"x": 2, "y": 1}`, `a {"x": 1, "y": 1}`}, 0.75, `call 2 of "a": /y is 1, not 2`},
		{"names count with their case", `{}`, `[{"name": "a"}]`, []string{"A"}, 0, `call 1 of "a" is missing; 1 of 1 calls are not in the reference`},
		{"some arguments", `{}`, `[{"name": "a", "arguments": {"x": 1, "y": 2}}]`, []string{`a {"x": 1, "y": 3}`}, 0.5, `call 1 of "a": /y is 3, not 2`},
		{"an argument too many", `{}`, `[{"name": "a", "arguments": {"x": 1}}]`, []string{`a {"x": 1, "y": 3}`}, 0.5, `call 1 of "a": /y is not in the reference`},
		{"an argument too many is allowed", `{"extra_arguments": "allow"}`, `[{"name": "a", "arguments": {"x": 1}}]`, []string{`a {"x": 1, "y": 3}`}, 1, "all calls are right"},
		{"an argument too many is forbidden", `{"extra_arguments": "forbid"}`, `[{"name": "a", "arguments": {"x": 1}}]`, []string{`a {"x": 1, "y": 3}`}, 0, `call 1 of "a": /y is not in the reference`},
		{"an argument twice", `{}`, `[{"name": "a", "arguments": {"x": 1}}]`, []string{`a {"x": 1, "x": 1}`}, 0, `call 1 of "a": its arguments: a name occurs twice in an object`},
		{"arguments that are a list", `{}`, `[{"name": "a", "arguments": {"x": 1}}]`, []string{`a [1]`}, 0, `call 1 of "a": its arguments are no JSON object`},
		{"broken arguments where none are wanted", `{}`, `[{"name": "a"}]`, []string{`a {`}, 0, `call 1 of "a": its arguments: the JSON ends too early`},
		{"credit for the name", `{"name_credit": 0.4}`, `[{"name": "a", "arguments": {"x": 1, "y": 2}}]`, []string{`a {"x": 1, "y": 3}`}, 0.7, `call 1 of "a": /y is 3, not 2`},
		{"credit for the name alone", `{"name_credit": 0.4}`, `[{"name": "a", "arguments": {"x": 1, "y": 2}}]`, []string{`a {`}, 0.4, `call 1 of "a": its arguments: the JSON ends too early`},
		{"no credit for the name of a call with a forbidden argument", `{"name_credit": 0.4, "extra_arguments": "forbid"}`, `[{"name": "a", "arguments": {"x": 1}}]`, []string{`a {"x": 1, "y": 3}`}, 0, `call 1 of "a": /y is not in the reference`},
		{"all or nothing", `{"partial": false}`, `[{"name": "a", "arguments": {"x": 1, "y": 2}}]`, []string{`a {"x": 1, "y": 3}`}, 0, `call 1 of "a": /y is 3, not 2`},
	} {
		t.Run(c.name, func(t *testing.T) {
			res, err := build(t, c.options).Grade(context.Background(), rollout(t, c.reference, c.calls...))
			require.NoError(t, err)
			require.Equal(t, c.reason, res.Reason)
			require.InDelta(t, c.score, res.Score, 1e-12)
		})
	}
}

// TestForms checks every form of a call, in the message and in the reference.
func TestForms(t *testing.T) {
	g := build(t, `{"tag": "tool_call", "partial": false}`)
	arguments := `{\"city\": \"Rome\"}`
	for name, message := range map[string]string{
		"OpenAI":                 `{"role": "assistant", "content": null, "tool_calls": [{"id": "1", "type": "function", "function": {"name": "weather", "arguments": "` + arguments + `"}}]}`,
		"OpenAI, arguments open": `{"role": "assistant", "content": null, "tool_calls": [{"function": {"name": "weather", "arguments": {"city": "Rome"}}}]}`,
		"Converse":               `{"role": "assistant", "content": [{"text": "so"}, {"toolUse": {"toolUseId": "1", "name": "weather", "input": {"city": "Rome"}}}]}`,
		"Anthropic":              `{"role": "assistant", "content": [{"type": "text", "text": "so"}, {"type": "tool_use", "id": "1", "name": "weather", "input": {"city": "Rome"}}]}`,
		"text":                   `{"role": "assistant", "content": "so <tool_call>{\"name\": \"weather\", \"arguments\": {\"city\": \"Rome\"}}</tool_call>"}`,
	} {
		for _, reference := range []string{
			`{"name": "weather", "arguments": {"city": "Rome"}}`,
			`[{"name": "weather", "parameters": {"city": "Rome"}}]`,
			`[{"type": "function", "function": {"name": "weather", "arguments": "` + arguments + `"}}]`,
			`{"tool_calls": [{"toolUse": {"name": "weather", "input": {"city": "Rome"}}}]}`,
			`"[{\"name\": \"weather\", \"arguments\": {\"city\": \"Rome\"}}]"`,
		} {
			item := grader.DecodeRollout([]byte(`{"id": "1", "messages": [{"role": "user", "content": "?"}, ` + message + `], "reference_answer": ` + reference + `}`))
			require.NoError(t, item.Err)
			res, err := g.Grade(context.Background(), item.Rollout)
			require.NoError(t, err)
			require.Equal(t, 1.0, res.Score, "%s %s: %s", name, reference, res.Reason)
			require.Equal(t, "weather", res.Found)
		}
	}
}

func TestText(t *testing.T) {
	g := build(t, `{"tag": "tool_call", "extra": "forbid"}`)
	right := `<tool_call>{"name": "a"}</tool_call>`
	for _, c := range []struct {
		name, text string
		score      float64
	}{
		{"right", right, 1},
		{"in the reasoning", "<think>" + right + "</think>It is so.", 0},
		{"behind the reasoning", "<think>hm</think>" + right, 1},
		{"never closed", right + "<tool_call>", 0},
		{"broken", right + "<tool_call>{</tool_call>", 0},
		{"no object", right + "<tool_call>[]</tool_call>", 0},
		{"no name", right + "<tool_call>{}</tool_call>", 0},
		{"arguments that are a number", `<tool_call>{"name": "a", "arguments": 5}</tool_call>`, 0},
		{"no call", "a", 0},
		{"too many", strings.Repeat(right, 101), 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := rollout(t, `{"name": "a"}`)
			r.Messages[1].Content = grader.TextContent(c.text)
			res, err := g.Grade(context.Background(), r)
			require.NoError(t, err)
			require.Equal(t, c.score, res.Score, res.Reason)
		})
	}
}

// TestNoCallWanted checks that not to call is paid where something is said.
func TestNoCallWanted(t *testing.T) {
	g := build(t, `{"tag": "tool_call"}`)
	for text, want := range map[string]float64{
		"It is 5.": 1, "<think>hm</think>No.": 1, "∅": 1, "": 0, " \n": 0, "...": 0, "\u200b": 0, "\u3164": 0, "**": 0,
		"<think>hm</think>": 0, "No. <tool_call></tool_call>": 0,
	} {
		r := rollout(t, `[]`)
		r.Messages[1].Content = grader.TextContent(text)
		res, err := g.Grade(context.Background(), r)
		require.NoError(t, err)
		require.Equal(t, want, res.Score, "%q: %s", text, res.Reason)
	}
}

func TestMetrics(t *testing.T) {
	res, err := build(t, `{}`).Grade(context.Background(), rollout(t, `[{"name": "a"}, {"name": "b"}]`, "a {", "x"))
	require.NoError(t, err)
	require.Equal(t, []grader.Metric{grader.Measure("answer_found", 1), grader.Measure("calls", 2), grader.Measure("names", 0.5)}, res.Metrics)
}

func TestOptionFaults(t *testing.T) {
	for _, c := range []struct{ name, options, pointer string }{
		{"a tag in brackets", `{"tag": "<tool_call>"}`, "/tag"},
		{"all for the name", `{"name_credit": 1}`, "/name_credit"},
		{"less than nothing for the name", `{"name_credit": -0.1}`, "/name_credit"},
		{"rules for nothing", `{"arguments": "ignore", "fields": {"/a": {}}}`, "/fields"},
		{"extra arguments of nothing", `{"arguments": "ignore", "extra_arguments": "allow"}`, "/extra_arguments"},
		{"a name beside nothing", `{"arguments": "ignore", "name_credit": 0.5}`, "/name_credit"},
		{"an unknown order", `{"order": "sorted"}`, "/order"},
		{"an unknown comparison", `{"fields": {"/a": {"compare": "like"}}}`, "/fields/~1a/compare"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := tools.Kind.New(nil, []byte(c.options))
			var option *grader.OptionError
			require.ErrorAs(t, err, &option)
			require.Equal(t, c.pointer, option.Pointer)
		})
	}
}

func ExampleKind() {
	g, err := tools.Kind.New(nil, []byte(`{"order": "any", "fields": {"/city": {"compare": "text"}}}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	reference, err := grader.NewReference(json.RawMessage(`[{"name": "weather", "arguments": {"city": "Rome"}}, {"name": "time", "arguments": {"zone": "CET"}}]`))
	if err != nil {
		fmt.Println(err)
		return
	}
	res, err := g.Grade(context.Background(), &grader.Rollout{Reference: reference, Messages: []grader.Message{{
		Role: "assistant",
		ToolCalls: []grader.ToolCall{
			{Name: "time", Arguments: `{"zone": "UTC"}`},
			{Name: "weather", Arguments: `{"city": "rome"}`},
		},
	}}})
	fmt.Printf("%.2f %v: %s\n", res.Score, err, res.Reason)
	// Output:
	// 0.50 <nil>: call 2 of "time": /zone is "UTC", not "CET"
}

// FuzzGrade grades arguments and calls in the text.
func FuzzGrade(f *testing.F) {
	for _, s := range []string{`{"city": "Rome"}`, `{`, `<t>{"name": "a", "arguments": {"x": 1e400}}</t>`, `<t><t></t>`, "\xff", `<t>{"name":"a","arguments":"{\"x\":1}"}</t><t>{"name":"b"}</t>`} {
		f.Add(s)
	}
	const reference = `[{"name": "a", "arguments": {"x": 1, "y": ["z"]}}, {"name": "b"}]`
	graders := []grader.Grader{build(f, `{"tag": "t"}`), build(f, `{"tag": "t", "order": "any", "extra": "allow", "name_credit": 0.5}`)}
	f.Fuzz(func(t *testing.T, s string) {
		asText := rollout(t, reference)
		asText.Messages[1].Content = grader.TextContent(s)
		for _, r := range []*grader.Rollout{asText, rollout(t, reference, "a "+s, "b "+s, s)} {
			for _, g := range graders {
				res, err := g.Grade(context.Background(), r)
				require.NoError(t, err)
				require.NoError(t, res.Check())
				require.True(t, res.Score >= 0 && res.Score <= 1, "%v", res.Score)
				require.NotEmpty(t, res.Reason)
			}
		}
	})
}

func BenchmarkGrade(b *testing.B) {
	const reference = `[{"name": "a", "arguments": {"x": 1, "y": ["z"]}}, {"name": "b"}]`
	many := make([]string, 100)
	for i := range many {
		many[i] = `a {"x": [` + strings.Repeat("1,", 5000) + `1]}`
	}
	text := rollout(b, reference)
	text.Messages[1].Content = grader.TextContent(strings.Repeat("<t>", 1<<20/3))
	for name, r := range map[string]*grader.Rollout{
		"typical":                      rollout(b, reference, `a {"x": 1, "y": ["z"]}`, "b"),
		"1 MB of calls":                rollout(b, reference, many...),
		"1 MB of arguments":            rollout(b, reference, `a {"x": [`+strings.Repeat("1,", 1<<19)+`1]}`),
		"1 MB of opening tags":         text,
		"1 MB of brackets":             rollout(b, reference, "a "+strings.Repeat("[", 1<<20)),
		"100 calls and a hundred more": rollout(b, "["+strings.Repeat(`{"name":"a","arguments":{"x":1}},`, 99)+`{"name":"a"}]`, many[:100]...),
	} {
		for _, options := range []string{`{"tag": "t"}`, `{"tag": "t", "order": "any"}`} {
			g := build(b, options)
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
