package grader_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader"
)

// full returns a rollout in which every field is set.
func full(t *testing.T) *grader.Rollout {
	t.Helper()
	ref, err := grader.NewReference(map[string]any{"a": 1})
	require.NoError(t, err)
	return &grader.Rollout{
		ID: "1",
		Messages: []grader.Message{
			{Role: "system", Content: grader.TextContent("be brief")},
			{Role: "user", Name: "ann", Content: grader.Content{{Type: "text", Text: "ab"}, {Type: "image", Raw: json.RawMessage(`{"u":1}`)}}},
			{Role: "tool", ToolCallID: "c1", Content: grader.TextContent("3")},
			{Role: "assistant", Reasoning: "why", Content: grader.TextContent("the answer"),
				ToolCalls: []grader.ToolCall{{ID: "c2", Type: "function", Name: "f", Arguments: "{}"}}},
		},
		Reference: ref,
		Metadata:  map[string]json.RawMessage{"k": json.RawMessage(`"v"`), "l": json.RawMessage(`2`)},
	}
}

func TestKeyOfEqualContent(t *testing.T) {
	require.Equal(t, full(t).Key(), full(t).Key())
	require.Equal(t, full(t).PromptKey(), full(t).PromptKey())

	t.Run("the id does not matter", func(t *testing.T) {
		r := full(t)
		r.ID = "another"
		require.Equal(t, full(t).Key(), r.Key())
		require.Equal(t, full(t).PromptKey(), r.PromptKey())
	})
	t.Run("nil and empty are the same", func(t *testing.T) {
		a := &grader.Rollout{}
		b := &grader.Rollout{Messages: []grader.Message{}, Metadata: map[string]json.RawMessage{}}
		require.Equal(t, a.Key(), b.Key())
	})
	t.Run("the order of fields does not matter", func(t *testing.T) {
		a := graded(t, `[{"id":"1",`+turns+`,"x":1,"y":2,"reference_answer":"r"}]`)
		b := graded(t, `[{"reference_answer":"r","y":2,"metadata":{"x":1},"id":"2",`+turns+`}]`)
		require.Equal(t, a.Key(), b.Key())
	})
	t.Run("the form of the content does not matter where it says the same", func(t *testing.T) {
		require.Equal(t, graded(t, answered(`"a"`)).Key(), graded(t, answered(`[{"type":"text","text":"\u0061"}]`)).Key())
	})
	t.Run("where the reference was sent does not matter", func(t *testing.T) {
		a := graded(t, `[{`+turns+`,"reference_answer":"r"}]`)
		b := graded(t, `[{`+turns+`,"metadata":{"reference_answer":"r"}}]`)
		require.Equal(t, a.Key(), b.Key())
	})
}

func TestKeyOfChangedContent(t *testing.T) {
	ref := func(v any) grader.Reference {
		r, err := grader.NewReference(v)
		require.NoError(t, err)
		return r
	}
	keys := map[grader.Key]string{full(t).Key(): "the original"}
	prompts := map[grader.Key]string{full(t).PromptKey(): "the original"}
	for _, c := range []struct {
		name   string
		change func(*grader.Rollout)
		prompt bool // whether the prompt changes too
	}{
		{"role", func(r *grader.Rollout) { r.Messages[0].Role = "developer" }, true},
		{"name", func(r *grader.Rollout) { r.Messages[1].Name = "bob" }, true},
		{"content", func(r *grader.Rollout) { r.Messages[1].Content[0].Text = "ac" }, true},
		{"part type", func(r *grader.Rollout) { r.Messages[1].Content[1].Type = "video" }, true},
		{"part JSON", func(r *grader.Rollout) { r.Messages[1].Content[1].Raw = json.RawMessage(`{"u":2}`) }, true},
		{"no parts", func(r *grader.Rollout) { r.Messages[1].Content = nil }, true},
		{"parts in another order", func(r *grader.Rollout) {
			c := r.Messages[1].Content
			c[0], c[1] = c[1], c[0]
		}, true},
		{"tool call id", func(r *grader.Rollout) { r.Messages[2].ToolCallID = "c9" }, true},
		{"a message less", func(r *grader.Rollout) { r.Messages = r.Messages[1:] }, true},
		{"a message more", func(r *grader.Rollout) {
			r.Messages = append([]grader.Message{{Role: "system"}}, r.Messages...)
		}, true},
		{"messages in another order", func(r *grader.Rollout) { r.Messages[0], r.Messages[1] = r.Messages[1], r.Messages[0] }, true},
		{"an answer that is no answer", func(r *grader.Rollout) { r.Messages[3].Role = "user" }, true},

		{"answer", func(r *grader.Rollout) { r.Messages[3].Content = grader.TextContent("another answer") }, false},
		{"reasoning", func(r *grader.Rollout) { r.Messages[3].Reasoning = "why not" }, false},
		{"call id", func(r *grader.Rollout) { r.Messages[3].ToolCalls[0].ID = "c3" }, false},
		{"call type", func(r *grader.Rollout) { r.Messages[3].ToolCalls[0].Type = "custom" }, false},
		{"call name", func(r *grader.Rollout) { r.Messages[3].ToolCalls[0].Name = "g" }, false},
		{"call arguments", func(r *grader.Rollout) { r.Messages[3].ToolCalls[0].Arguments = "{ }" }, false},
		{"no call", func(r *grader.Rollout) { r.Messages[3].ToolCalls = nil }, false},
		{"reference", func(r *grader.Rollout) { r.Reference = ref(map[string]any{"a": 2}) }, false},
		{"no reference", func(r *grader.Rollout) { r.Reference = grader.Reference{} }, false},
		{"a field's value", func(r *grader.Rollout) { r.Metadata["k"] = json.RawMessage(`"w"`) }, false},
		{"a field's name", func(r *grader.Rollout) { delete(r.Metadata, "k"); r.Metadata["m"] = json.RawMessage(`"v"`) }, false},
		{"a field less", func(r *grader.Rollout) { delete(r.Metadata, "k") }, false},
		{"a field more", func(r *grader.Rollout) { r.Metadata["n"] = json.RawMessage(`null`) }, false},
		{"values swapped", func(r *grader.Rollout) { r.Metadata["k"], r.Metadata["l"] = r.Metadata["l"], r.Metadata["k"] }, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := full(t)
			c.change(r)
			require.NotContains(t, keys, r.Key(), "the key is that of %q", keys[r.Key()])
			keys[r.Key()] = c.name
			if c.prompt {
				require.NotContains(t, prompts, r.PromptKey(), "the prompt's key is that of %q", prompts[r.PromptKey()])
				prompts[r.PromptKey()] = c.name
			} else {
				require.Equal(t, "the original", prompts[r.PromptKey()])
			}
		})
	}
}

// TestKeyIsUnambiguous moves text from one field to its neighbour.
func TestKeyIsUnambiguous(t *testing.T) {
	long := strings.Repeat("x", 1000)
	message := func(m grader.Message) *grader.Rollout {
		return &grader.Rollout{Messages: []grader.Message{m, {Role: "assistant"}}}
	}
	parts := func(texts ...string) *grader.Rollout {
		var c grader.Content
		for _, s := range texts {
			c = append(c, grader.Part{Type: "text", Text: s})
		}
		return message(grader.Message{Role: "user", Content: c})
	}
	keys := map[grader.Key]string{}
	for name, r := range map[string]*grader.Rollout{
		"ab, c":                 parts("ab", "c"),
		"a, bc":                 parts("a", "bc"),
		"abc":                   parts("abc"),
		"abc, empty":            parts("abc", ""),
		"empty, abc":            parts("", "abc"),
		"role and name":         message(grader.Message{Role: "us", Name: "er"}),
		"role alone":            message(grader.Message{Role: "user"}),
		"name as reasoning":     message(grader.Message{Role: "us", Reasoning: "er"}),
		"name as call id":       message(grader.Message{Role: "us", ToolCallID: "er"}),
		"call id and type":      message(grader.Message{ToolCalls: []grader.ToolCall{{ID: "a", Type: "b"}}}),
		"call type and name":    message(grader.Message{ToolCalls: []grader.ToolCall{{Type: "a", Name: "b"}}}),
		"call name and text":    message(grader.Message{ToolCalls: []grader.ToolCall{{Name: "a", Arguments: "b"}}}),
		"two calls":             message(grader.Message{ToolCalls: []grader.ToolCall{{Name: "a"}, {Name: "b"}}}),
		"a call, then none":     {Messages: []grader.Message{{ToolCalls: []grader.ToolCall{{}}}, {}}},
		"no call, then one":     {Messages: []grader.Message{{}, {ToolCalls: []grader.ToolCall{{}}}}},
		"text as raw":           message(grader.Message{Content: grader.Content{{Raw: json.RawMessage("abc")}}}),
		"text as type":          message(grader.Message{Content: grader.Content{{Type: "abc"}}}),
		"long, short":           parts(long+"y", "z"),
		"long and short":        parts(long, "yz"),
		"long, a length inside": parts(long + "\x02yz"),
		"field ab":              {Metadata: map[string]json.RawMessage{"ab": json.RawMessage("1")}},
		"field a":               {Metadata: map[string]json.RawMessage{"a": json.RawMessage("b1")}},
		"two fields":            {Metadata: map[string]json.RawMessage{"a": json.RawMessage("1"), "b": json.RawMessage("1")}},
		"one after another":     {Messages: []grader.Message{{Role: "user"}, {Role: "user"}, {Role: "assistant"}}},
		"nothing":               {},
	} {
		require.NotContains(t, keys, r.Key(), "%s has the key of %s", name, keys[r.Key()])
		keys[r.Key()] = name
	}
}

func TestKeyOfAnyLength(t *testing.T) {
	keys := map[grader.Key]bool{}
	for n := range 2100 {
		keys[(&grader.Rollout{Messages: []grader.Message{{Role: "assistant", Content: grader.TextContent(strings.Repeat("x", n))}}}).Key()] = true
	}
	require.Len(t, keys, 2100)
}

func TestContentText(t *testing.T) {
	for _, c := range []struct {
		name    string
		content grader.Content
		want    string
	}{
		{"none", nil, ""},
		{"one", grader.TextContent("a"), "a"},
		{"parts stand on lines of their own", grader.Content{{Type: "text", Text: "1"}, {Type: "text", Text: "2"}}, "1\n2"},
		{"others say nothing", grader.Content{{Type: "image"}, {Type: "text", Text: "2"}, {Type: "x", Raw: json.RawMessage("{}")}}, "2"},
		{"only another", grader.Content{{Type: "image", Raw: json.RawMessage("{}")}}, ""},
	} {
		t.Run(c.name, func(t *testing.T) { require.Equal(t, c.want, c.content.Text()) })
	}
}

func TestResponseAndPrompt(t *testing.T) {
	say := func(role, text string) grader.Message {
		return grader.Message{Role: role, Content: grader.TextContent(text)}
	}
	for i, c := range []struct {
		messages []grader.Message
		response string
		prompt   int
	}{
		{nil, "", 0},
		{[]grader.Message{say("user", "q")}, "", 1},
		{[]grader.Message{say("user", "q"), say("assistant", "a")}, "a", 1},
		{[]grader.Message{say("assistant", "a")}, "a", 0},
		{[]grader.Message{say("assistant", "a"), say("tool", "t")}, "", 2},
		{[]grader.Message{say("assistant", "a"), say("assistant", "b")}, "b", 1},
	} {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			r := &grader.Rollout{Messages: c.messages}
			require.Equal(t, c.response, r.Response())
			require.Len(t, r.Prompt(), c.prompt)
		})
	}
}
