package converse_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/graders/judge/converse"
)

func question() *converse.Request {
	t := 0.0
	return &converse.Request{
		Model: "amazon.nova-lite-v1:0", System: []string{"Be strict.", "Use the rubric."}, Cache: "5m",
		Messages:  []converse.Message{{Role: converse.User, Text: "<data-7f3a>\n4\n</data-7f3a>"}},
		MaxTokens: 300, Temperature: &t,
		Output: converse.Output{Form: converse.FormTool, Name: "verdict", Schema: json.RawMessage(`{"type":"object","a":1}`), Spelled: "Answer in JSON."},
		Extra:  map[string]any{"x": 1, "y": map[string]any{"z": true}},
		Fence:  "7f3a", Metadata: map[string]string{"job": "a"},
	}
}

func TestKeyLeavesTheFenceOut(t *testing.T) {
	a, b := question(), question()
	b.Fence = "99c0"
	b.Messages[0].Text = "<data-99c0>\n4\n</data-99c0>"
	b.Metadata = map[string]string{"job": "b"}
	b.Output.Schema = json.RawMessage(`{ "a": 1, "type": "object" }`)
	require.Equal(t, a.Key(), b.Key())
	require.Len(t, a.Key(), 64)

	before, err := json.Marshal(a)
	require.NoError(t, err)
	a.Key()
	after, err := json.Marshal(a)
	require.NoError(t, err)
	require.JSONEq(t, string(before), string(after), "the request is not changed")
}

func TestKeyTellsRequestsApart(t *testing.T) {
	one := 1.0
	changes := map[string]func(*converse.Request){
		"model":        func(q *converse.Request) { q.Model = "amazon.nova-pro-v1:0" },
		"region":       func(q *converse.Request) { q.Region = "eu-west-1" },
		"system":       func(q *converse.Request) { q.System[1] = "Use no rubric." },
		"system split": func(q *converse.Request) { q.System = []string{"Be strict.Use the rubric.", ""} },
		"text":         func(q *converse.Request) { q.Messages[0].Text = "<data-7f3a>\n5\n</data-7f3a>" },
		"role":         func(q *converse.Request) { q.Messages[0].Role = converse.Assistant },
		"max tokens":   func(q *converse.Request) { q.MaxTokens++ },
		"temperature":  func(q *converse.Request) { q.Temperature = &one },
		"no sampling":  func(q *converse.Request) { q.Temperature = nil },
		"top p":        func(q *converse.Request) { q.TopP = &one },
		"form":         func(q *converse.Request) { q.Output.Form = converse.FormText },
		"schema":       func(q *converse.Request) { q.Output.Schema = json.RawMessage(`{"type":"object","a":2}`) },
		"digits":       func(q *converse.Request) { q.Output.Schema = json.RawMessage(`{"type":"object","a":1.0}`) },
		"spelled":      func(q *converse.Request) { q.Output.Spelled = "Answer in words." },
		"extra":        func(q *converse.Request) { q.Extra["x"] = 2 },
		"sample":       func(q *converse.Request) { q.Sample = 1 },
		"thinking":     func(q *converse.Request) { q.Thinking = 1024 },
		"guardrail":    func(q *converse.Request) { q.Guardrail = &converse.Guardrail{ID: "g", Version: "1"} },
		// Data that spells the mark of the fence is not the fence.
		"forged mark": func(q *converse.Request) { q.Messages[0].Text = "<data-\xfffence\xff>\n4\n</data-\xfffence\xff>" },
	}
	for name, change := range changes {
		t.Run(name, func(t *testing.T) {
			q := question()
			change(q)
			require.NotEqual(t, question().Key(), q.Key())
		})
	}
}

func TestClone(t *testing.T) {
	q := question()
	c := q.Clone()
	require.Equal(t, q, c)
	c.System[0], c.Messages[0].Text, c.Extra["x"], c.Metadata["job"] = "", "", 7, "c"
	require.Equal(t, question(), q)
}

func TestAsFault(t *testing.T) {
	want := map[converse.Class]grader.Fault{
		converse.Throttled: grader.FaultTransient, converse.Transient: grader.FaultTransient, converse.Timeout: grader.FaultTransient,
		converse.Deadline: grader.FaultDeadline,
	}
	for _, class := range converse.Classes() {
		t.Run(string(class), func(t *testing.T) {
			fault, ok := want[class]
			if !ok {
				fault = grader.FaultPermanent
			}
			err := converse.AsFault(fmt.Errorf("judge: %w", &converse.Error{Class: class}))
			require.Equal(t, fault, grader.FaultOf(err))
			require.Equal(t, class, converse.ClassOf(err))
		})
	}
	plain := errors.New("plain")
	require.Equal(t, plain, converse.AsFault(plain))
	require.NoError(t, converse.AsFault(nil))
	require.Empty(t, converse.ClassOf(plain))
}

func TestErrorText(t *testing.T) {
	for _, c := range []struct {
		name string
		err  converse.Error
		want string
	}{
		{"code and status", converse.Error{Class: converse.Throttled, Status: 429, Code: "ThrottlingException", Message: "secret", Attempts: 3}, "the model's quota per minute is used up (ThrottlingException, HTTP 429) after 3 attempts"},
		{"status", converse.Error{Class: converse.Transient, Status: 502, Err: errors.New("secret")}, "the service failed for now (HTTP 502)"},
		{"stop reason", converse.Error{Class: converse.Filtered, Code: "content_filtered"}, "a content filter kept the answer back (content_filtered)"},
		{"cause", converse.Error{Class: converse.Transient, Err: errors.New("connection refused")}, "the service failed for now (connection refused)"},
		{"remedy", converse.Error{Class: converse.Quota, Remedy: "wait"}, "a quota of the account is used up; wait"},
		{"unknown class", converse.Error{Class: "new"}, "the model gave no answer"},
	} {
		t.Run(c.name, func(t *testing.T) { require.EqualError(t, &c.err, c.want) })
	}
}
