package tools

import (
	"fmt"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/grader/answer"
	"github.com/rftgrader/rftgrader/graders/internal/jsonvalue"
)

// maxCalls bounds the calls that are compared.
const maxCalls = 100

// A call names a tool and holds its arguments, a JSON object.
type call struct {
	name      string
	arguments map[string]any
	fault     string // why it cannot be read
}

// called returns the calls of the last message; of too many of them, only so
// many that it can be seen.
func (g *tools) called(r *grader.Rollout) []call {
	if n := len(r.Messages); n == 0 || !r.Messages[n-1].FromModel() {
		return nil
	}
	last := r.Messages[len(r.Messages)-1]
	var calls []call
	for _, c := range last.ToolCalls[:min(len(last.ToolCalls), maxCalls+1)] {
		calls = append(calls, parseCall(c.Name, c.Arguments))
	}
	if len(calls) > 0 {
		return calls
	}
	for _, p := range last.Content {
		if len(p.Raw) == 0 || len(calls) > maxCalls {
			continue
		}
		if v, err := jsonvalue.Parse(string(p.Raw)); err == nil {
			if m, ok := v.(map[string]any); ok && (p.Type == "tool_use" || m["toolUse"] != nil) {
				calls = append(calls, read(m))
			}
		} else if p.Type == "tool_use" || p.Type == "" && strings.Contains(string(p.Raw), `"toolUse"`) {
			calls = append(calls, call{fault: err.Error()})
		}
	}
	if len(calls) > 0 || g.Tag == "" {
		return calls
	}
	return inText(answer.Strip(r.Response()).Text(), g.Tag)
}

// inText reads the calls between tags. One that is never closed was cut off,
// and is a call that cannot be read.
func inText(s, tag string) []call {
	opening, closing := "<"+tag+">", "</"+tag+">"
	var calls []call
	for len(calls) <= maxCalls {
		_, behind, ok := strings.Cut(s, opening)
		if !ok {
			break
		}
		inside, rest, closed := strings.Cut(behind, closing)
		if !closed {
			calls = append(calls, call{fault: "its tag is never closed"})
			break
		}
		s = rest
		v, err := jsonvalue.Parse(inside)
		switch m, ok := v.(map[string]any); {
		case err != nil:
			calls = append(calls, call{fault: err.Error()})
		case !ok:
			calls = append(calls, call{fault: "it is no JSON object"})
		default:
			calls = append(calls, read(m))
		}
	}
	return calls
}

// parseCall reads arguments that are text. No text is no arguments.
func parseCall(name, arguments string) call {
	c := call{name: name, arguments: map[string]any{}}
	if strings.TrimSpace(arguments) == "" {
		return c
	}
	v, err := jsonvalue.Parse(arguments)
	if err != nil {
		c.fault = "its arguments: " + err.Error()
		return c
	}
	if m, ok := v.(map[string]any); ok {
		c.arguments = m
	} else {
		c.fault = "its arguments are no JSON object"
	}
	return c
}

// read reads a call in any of the forms that are known.
func read(m map[string]any) call {
	for _, member := range []string{"function", "toolUse"} {
		if inner, ok := m[member].(map[string]any); ok {
			m = inner
			break
		}
	}
	name, ok := m["name"].(string)
	if !ok || name == "" {
		return call{fault: "it has no name"}
	}
	for _, member := range []string{"arguments", "input", "parameters"} {
		switch a := m[member].(type) {
		case nil:
		case string:
			return parseCall(name, a)
		case map[string]any:
			return call{name: name, arguments: a}
		default:
			return call{name: name, fault: "its arguments are no JSON object"}
		}
	}
	return call{name: name, arguments: map[string]any{}}
}

// wanted returns the calls of the reference.
func (g *tools) wanted(r *grader.Rollout) ([]call, error) {
	ref, err := r.Lookup(g.Reference)
	if err != nil {
		return nil, err
	}
	text := string(ref.Raw())
	if s, err := ref.Text(); err == nil && jsontext.Value(text).Kind() == '"' {
		text = s
	}
	const remedy = `want a list of calls such as [{"name": "...", "arguments": {...}}]; the option reference says where it is`
	v, err := jsonvalue.Parse(text)
	if err != nil {
		return nil, grader.Dataf(ref.Where(), "the reference cannot be read: %w: %s", err, remedy)
	}
	if m, ok := v.(map[string]any); ok {
		if inner, ok := m["tool_calls"].([]any); ok {
			v = inner
		} else {
			v = []any{m}
		}
	}
	list, ok := v.([]any)
	if !ok || len(list) > maxCalls {
		return nil, grader.Dataf(ref.Where(), "the reference is no list of at most %d calls: %s", maxCalls, remedy)
	}
	calls := make([]call, len(list))
	for i, e := range list {
		m, ok := e.(map[string]any)
		if !ok {
			return nil, grader.Dataf(fmt.Sprintf("%s/%d", ref.Where(), i), "the call is no object: %s", remedy)
		}
		if calls[i] = read(m); calls[i].fault != "" {
			return nil, grader.Dataf(fmt.Sprintf("%s/%d", ref.Where(), i), "the call cannot be read: %s: %s", calls[i].fault, remedy)
		}
	}
	return calls, nil
}
