package probes

import (
	"encoding/json"
	"maps"

	"github.com/rftgrader/rftgrader/grader"
)

// asSent returns a rollout in the form that trainers send.
func asSent(id string, r *grader.Rollout) any {
	metadata := map[string]json.RawMessage{}
	maps.Copy(metadata, r.Metadata)
	if raw := r.Reference.Raw(); len(raw) > 0 {
		metadata["reference_answer"] = raw
	}
	messages := []sentMessage{}
	for _, m := range r.Messages {
		messages = append(messages, sentAs(m))
	}
	return map[string]any{"id": id, "messages": messages, "metadata": metadata}
}

type sentMessage struct {
	Role      string     `json:"role"`
	Content   any        `json:"content"`
	Reasoning string     `json:"reasoning_content,omitempty"`
	Name      string     `json:"name,omitempty"`
	Calls     []sentCall `json:"tool_calls,omitempty"`
	CallID    string     `json:"tool_call_id,omitempty"`
}

type sentCall struct {
	ID       string `json:"id"`
	Type     string `json:"type"`
	Function struct {
		Name      string `json:"name"`
		Arguments string `json:"arguments"`
	} `json:"function"`
}

func sentAs(m grader.Message) sentMessage {
	out := sentMessage{Role: m.Role, Content: m.Content.Text(), Reasoning: m.Reasoning, Name: m.Name, CallID: m.ToolCallID}
	for _, c := range m.ToolCalls {
		call := sentCall{ID: c.ID, Type: c.Type}
		call.Function.Name, call.Function.Arguments = c.Name, c.Arguments
		out.Calls = append(out.Calls, call)
	}
	var parts []any
	plain := true
	for _, p := range m.Content {
		if len(p.Raw) > 0 {
			plain = false
			parts = append(parts, p.Raw)
		} else {
			parts = append(parts, map[string]string{"type": "text", "text": p.Text})
		}
	}
	if !plain {
		out.Content = parts
	}
	return out
}
