package probes_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/grader/workbench/probes"
)

// A weather call is the right one of its row.
type weather struct {
	city string
	days int
}

var asked = []weather{{"Oslo", 3}, {"Lima", 7}, {"Rome", 1}}

// The forms in which a message holds a call, as JSON of the whole message.
var callForms = map[string]string{
	"tool_calls": `{"role":"assistant","content":null,"tool_calls":[{"id":"c","type":"function","function":{"name":"get_weather","arguments":"{\"city\":%[1]q,\"days\":%[2]d}"}}]}`,
	"toolUse":    `{"role":"assistant","content":[{"text":"I look."},{"toolUse":{"toolUseId":"c","name":"get_weather","input":{"city":%[1]q,"days":%[2]d}}}]}`,
	"tool_use":   `{"role":"assistant","content":[{"type":"tool_use","id":"c","name":"get_weather","input":{"city":%[1]q,"days":%[2]d}}]}`,
	"tags":       `{"role":"assistant","content":"I look. <b>Now</b>: <call>{\"name\":\"get_weather\",\"arguments\":{\"city\":\"%[1]s\",\"days\":%[2]d}}</call>"}`,
}

// callers are good rollouts, each of which calls a tool in this form.
func callers(t testing.TB, form string) []probes.Good {
	t.Helper()
	var all []probes.Good
	for _, w := range asked {
		message := fmt.Sprintf(callForms[form], w.city, w.days)
		if form == "tool_calls" {
			message = strings.ReplaceAll(message, fmt.Sprintf("%q", w.city), fmt.Sprintf(`\"%s\"`, w.city))
		}
		text := fmt.Sprintf(`{"messages":[{"role":"user","content":"How will the weather be in %s for %d days?"},%s],"reference_answer":[{"name":"get_weather","arguments":{"city":%q,"days":%d}}]}`,
			w.city, w.days, message, w.city, w.days)
		all = append(all, probes.Good{Place: w.city, Rollout: read(t, text)})
	}
	return all
}

func read(t testing.TB, text string) *grader.Rollout {
	t.Helper()
	item := grader.DecodeRollout([]byte(text))
	require.NoError(t, item.Err)
	return item.Rollout
}

// TestCallsSound shows that the kind tools pays no probe of calls in any form.
func TestCallsSound(t *testing.T) {
	for form := range callForms {
		t.Run(form, func(t *testing.T) {
			r, err := probes.Run(t.Context(), build(t, "graders: {a: {type: tools, tag: call}}"), callers(t, form), probes.Options{Full: 1})
			require.NoError(t, err)
			require.Equal(t, len(asked), r.Good)
			require.Empty(t, r.Paid)
			tried := 0
			for _, tally := range r.Tallies {
				if strings.HasPrefix(tally.Probe, "call") {
					tried++
					require.Zero(t, tally.Ungraded)
				}
			}
			require.Equal(t, 7, tried)
		})
	}
}

// TestCallsCheatable shows which probe catches a grader of calls that can be cheated, in
// every form.
func TestCallsCheatable(t *testing.T) {
	for _, c := range []struct {
		name, spec string
		caught     []string
		not        []string
	}{
		{"what else is called does not count", "graders: {a: {type: tools, tag: call, extra: allow}}",
			[]string{"calls_of_everything", "call_repeated", "call_added"}, []string{"call_without_arguments", "call_in_words"}},
		{"names alone", "graders: {a: {type: tools, tag: call, arguments: ignore}}",
			[]string{"call_without_arguments", "call_with_other_arguments"}, []string{"calls_of_everything", "call_in_words"}},
		{"credit for names", "graders: {a: {type: tools, tag: call, name_credit: 0.5}}",
			[]string{"call_without_arguments", "call_with_other_arguments"}, []string{"calls_of_everything"}},
		{"any right call", "graders: {a: {type: tools, tag: call}}\nscore: if(a > 0, 1, 0)",
			[]string{"calls_of_everything", "call_added", "call_repeated"}, []string{"call_in_words"}},
	} {
		for form := range callForms {
			t.Run(c.name+" "+form, func(t *testing.T) {
				r, err := probes.Run(t.Context(), build(t, c.spec), callers(t, form), probes.Options{Full: 1})
				require.NoError(t, err)
				require.Subset(t, paidNames(r), c.caught)
				for _, name := range c.not {
					require.NotContains(t, paidNames(r), name)
				}
				// What was paid is written down as it was graded.
				for _, p := range r.Paid {
					text, err := jsonv2.Marshal(p.JSON())
					require.NoError(t, err)
					again := read(t, string(text))
					require.Equal(t, p.Rollout.Messages[len(p.Rollout.Messages)-1].ToolCalls, again.Messages[len(again.Messages)-1].ToolCalls)
					require.Equal(t, p.Rollout.Response(), again.Response())
					res, err := build(t, c.spec).Grade(t.Context(), again)
					require.NoError(t, err)
					require.Equal(t, p.Score, res.Score)
				}
			})
		}
	}
}

// TestCallsInWords shows the probes that catch graders which look for calls in text, and
// in what was broken off.
func TestCallsInWords(t *testing.T) {
	named := func(r *grader.Rollout) bool {
		last := r.Messages[len(r.Messages)-1]
		all := r.Response()
		for _, c := range last.ToolCalls {
			all += c.Name + c.Arguments
		}
		for _, p := range last.Content {
			all += string(p.Raw)
		}
		var calls []struct{ Arguments struct{ City string } }
		require.NoError(t, json.Unmarshal(r.Reference.Raw(), &calls))
		return strings.Contains(all, "get_weather") && strings.Contains(all, calls[0].Arguments.City)
	}
	g := grader.Func(func(_ context.Context, r *grader.Rollout) (grader.Result, error) {
		if named(r) {
			return grader.Result{Score: 1, Reason: "it says so"}, nil
		}
		return grader.Result{}, nil
	})
	for form := range callForms {
		t.Run(form, func(t *testing.T) {
			r, err := probes.Run(t.Context(), g, callers(t, form), probes.Options{Full: 1})
			require.NoError(t, err)
			require.Subset(t, paidNames(r), []string{"call_in_words", "call_unfinished", "calls_of_everything"})
			for _, p := range r.Paid {
				require.NotEmpty(t, p.Answer)
			}
		})
	}
}

// TestCallsWithoutArguments shows that a call which wants no arguments may have none.
func TestCallsWithoutArguments(t *testing.T) {
	r, err := probes.Run(t.Context(), build(t, "graders: {a: {type: tools}}"), []probes.Good{{Place: "a", Rollout: read(t,
		`{"messages":[{"role":"user","content":"What time is it?"},{"role":"assistant","tool_calls":[{"id":"c","type":"function","function":{"name":"now","arguments":""}}]}],"reference_answer":[{"name":"now"}]}`)}}, probes.Options{Full: 1})
	require.NoError(t, err)
	require.Equal(t, 1, r.Good)
	require.Empty(t, r.Paid)
	for _, tally := range r.Tallies {
		require.NotContains(t, []string{"call_without_arguments", "call_with_other_arguments", "call_unfinished"}, tally.Probe)
	}
}

// FuzzCalls derives probes from hostile calls: nothing panics, and each can be written.
func FuzzCalls(f *testing.F) {
	f.Add("get", `{"a": 1, "b": [true, null, {"c": "d"}]}`, "<t>{\"name\":\"x\"}</t>", `{"toolUse":{"name":"x","input":{}}}`)
	f.Add("\xff", `{"a": 1e999}`, "<a><a></a>", `{"name":"\ud800","input":{"a":-0}}`)
	f.Add("", "{", "", "")
	f.Fuzz(func(t *testing.T, name, arguments, text, part string) {
		message := grader.Message{Role: "assistant", Content: grader.TextContent(text)}
		if name != "" {
			message.ToolCalls = []grader.ToolCall{{Name: name, Arguments: arguments}}
		}
		if json.Valid([]byte(part)) {
			message.Content = append(message.Content, grader.Part{Type: "tool_use", Raw: json.RawMessage(part)})
		}
		pays := grader.Func(func(context.Context, *grader.Rollout) (grader.Result, error) { return grader.Result{Score: 1}, nil })
		all := append(callers(t, "tags"), probes.Good{Rollout: &grader.Rollout{Messages: []grader.Message{message}, Reference: callers(t, "tags")[0].Rollout.Reference}})
		r, err := probes.Run(t.Context(), pays, all, probes.Options{Full: 1, Most: 1})
		require.NoError(t, err)
		for _, p := range r.Paid {
			_, err := jsonv2.Marshal(p.JSON(), jsontext.AllowInvalidUTF8(true), jsontext.AllowDuplicateNames(true))
			require.NoError(t, err)
		}
	})
}
