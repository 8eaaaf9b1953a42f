package invocationlog

import (
	"strings"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// request has the members by which the families of models are asked.
type request struct {
	// Converse, and the messages of Nova, Anthropic and OpenAI.
	Messages []turn         `json:"messages"`
	System   jsontext.Value `json:"system"`
	Tools    []toolForms    `json:"tools"`
	Config   struct {
		Tools []toolForms `json:"tools"`
	} `json:"toolConfig"`
	// One text: Llama, Mistral and others; and Titan.
	Prompt    *string `json:"prompt"`
	InputText *string `json:"inputText"`
}

type turn struct {
	Role      string         `json:"role"`
	Content   jsontext.Value `json:"content"`
	ToolCalls jsontext.Value `json:"tool_calls"`
}

// toolForms is a tool as Converse, OpenAI or Anthropic have it.
type toolForms struct {
	Spec *struct {
		Name        string `json:"name"`
		Description string `json:"description"`
		Schema      struct {
			JSON jsontext.Value `json:"json"`
		} `json:"inputSchema"`
	} `json:"toolSpec"`
	Function *struct {
		Name        string         `json:"name"`
		Description string         `json:"description"`
		Parameters  jsontext.Value `json:"parameters"`
	} `json:"function"`
	Name        string         `json:"name"`
	Description string         `json:"description"`
	InputSchema jsontext.Value `json:"input_schema"`
}

// loosely reads what others have written.
var loosely = jsonv2.JoinOptions(jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))

// prompt returns the record of the request, and the beginning of the answer that
// the request has given.
func prompt(in *invocation) (r record, begun string, err error) {
	var q request
	if jsonv2.Unmarshal(in.Input.Body, &q, loosely) != nil {
		return r, "", unfit("a request of an unknown form")
	}
	switch {
	case len(q.Messages) > 0:
	case q.Prompt != nil:
		r.Messages = []message{{"user", *q.Prompt}}
	case q.InputText != nil && !strings.Contains(in.ModelID, "embed"):
		r.Messages = []message{{"user", *q.InputText}}
	default:
		return r, "", unfit("a request of an unknown form")
	}
	var system []string
	if len(q.System) > 0 && q.System.Kind() != 'n' {
		text, err := contentText(q.System)
		if err != nil {
			return r, "", err
		}
		system = append(system, text)
	}
	for i, t := range q.Messages {
		role := strings.ToLower(t.Role)
		if role == "tool" || len(t.ToolCalls) > 0 && t.ToolCalls.Kind() != 'n' {
			return r, "", unfit("a turn of a tool")
		}
		text, err := contentText(t.Content)
		if err != nil {
			return r, "", err
		}
		switch role {
		case "system", "developer":
			system = append(system, text)
		case "assistant":
			if i == len(q.Messages)-1 {
				begun = text
				continue
			}
			r.Messages = append(r.Messages, message{role, text})
		case "user":
			r.Messages = append(r.Messages, message{role, text})
		default:
			return r, "", unfit("a role that is not system, user or assistant")
		}
	}
	asked := false
	for _, m := range r.Messages {
		if strings.TrimSpace(m.Content) == "" {
			return r, "", unfit("a turn without text")
		}
		asked = asked || m.Role == "user"
	}
	if !asked {
		return r, "", unfit("no turn of a user")
	}
	if text := strings.Join(system, "\n"); strings.TrimSpace(text) != "" {
		r.Messages = append([]message{{"system", text}}, r.Messages...)
	}
	for _, t := range append(q.Config.Tools, q.Tools...) {
		if f, ok := t.function(); ok {
			r.Tools = append(r.Tools, tool{"function", f})
		}
	}
	return r, begun, nil
}

// function returns a tool in the form of training records; cache points are none.
func (t toolForms) function() (function, bool) {
	switch {
	case t.Spec != nil:
		return function{t.Spec.Name, t.Spec.Description, t.Spec.Schema.JSON}, true
	case t.Function != nil:
		return function{t.Function.Name, t.Function.Description, t.Function.Parameters}, true
	case t.Name != "":
		return function{t.Name, t.Description, t.InputSchema}, true
	}
	return function{}, false
}

// contentText returns the text of a text, a part, or a list of parts.
func contentText(content jsontext.Value) (string, error) {
	switch content.Kind() {
	case '"':
		var text string
		if jsonv2.Unmarshal(content, &text, loosely) != nil {
			return "", unfit("a turn of an unknown form")
		}
		return text, nil
	case '[':
		var parts []jsontext.Value
		if jsonv2.Unmarshal(content, &parts, loosely) != nil {
			return "", unfit("a turn of an unknown form")
		}
		var texts []string
		for _, p := range parts {
			text, some, err := partText(p)
			if err != nil {
				return "", err
			}
			if some {
				texts = append(texts, text)
			}
		}
		return strings.Join(texts, "\n"), nil
	case '{':
		text, _, err := partText(content)
		return text, err
	}
	return "", unfit("a turn without text")
}

// partText returns the text of one part, and false for a part that says nothing:
// a cache point, or the reasoning behind an answer.
func partText(part jsontext.Value) (string, bool, error) {
	var p struct {
		Type  string  `json:"type"`
		Text  *string `json:"text"`
		Guard *struct {
			Text struct {
				Text *string `json:"text"`
			} `json:"text"`
		} `json:"guardContent"`
	}
	if jsonv2.Unmarshal(part, &p, loosely) != nil {
		return "", false, unfit("a turn of an unknown form")
	}
	switch {
	case p.Text != nil:
		return *p.Text, true, nil
	case p.Guard != nil && p.Guard.Text.Text != nil:
		return *p.Guard.Text.Text, true, nil
	}
	var names map[string]jsontext.Value
	if jsonv2.Unmarshal(part, &names, loosely) != nil {
		return "", false, unfit("a turn of an unknown form")
	}
	kind := p.Type
	if kind == "" && len(names) == 1 {
		for name := range names {
			kind = name
		}
	}
	switch kind {
	case "cachePoint", "reasoningContent", "thinking", "redacted_thinking":
		return "", false, nil
	case "toolUse", "toolResult", "tool_use", "tool_result":
		return "", false, unfit("a turn of a tool")
	case "image", "image_url", "document", "video", "audio", "input_audio":
		return "", false, unfit("a turn that is not text: %s", strings.TrimSuffix(strings.TrimPrefix(kind, "input_"), "_url"))
	}
	return "", false, unfit("a turn of an unknown form")
}
