package grader

import (
	"bytes"
	"encoding/json"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

func (d *decoder) messages(r *Rollout) bool {
	r.Messages = nil
	if d.dec.PeekKind() != '[' {
		return d.refuse("a list of messages")
	}
	r.Messages = make([]Message, 0, 4)
	return d.elements(func() bool {
		r.Messages = append(r.Messages, Message{})
		if d.dec.PeekKind() != '{' {
			return d.refuse("a message object")
		}
		return d.message(&r.Messages[len(r.Messages)-1])
	})
}

func (d *decoder) message(m *Message) bool {
	return d.members(func(name []byte) bool {
		switch string(name) {
		case "role":
			return d.role(&m.Role)
		case "content":
			return d.content(&m.Content)
		case "reasoning_content":
			return d.reasoning(&m.Reasoning)
		case "name":
			return d.text(&m.Name, "a name")
		case "tool_call_id":
			return d.text(&m.ToolCallID, "a tool call id")
		case "tool_calls":
			return d.toolCalls(&m.ToolCalls)
		}
		return d.skip()
	})
}

func (d *decoder) role(to *string) bool {
	if d.dec.PeekKind() != '"' {
		return d.text(to, "a role")
	}
	v, ok := d.value()
	if !ok {
		return false
	}
	switch string(v) {
	case `"system"`:
		*to = "system"
	case `"user"`:
		*to = "user"
	case `"assistant"`:
		*to = "assistant"
	default:
		*to = strings.ToLower(strings.TrimSpace(unquoted(v)))
	}
	return true
}

func (d *decoder) content(c *Content) bool {
	*c = nil
	switch d.dec.PeekKind() {
	case 'n':
		return d.skip()
	case '"', '{':
		p, ok := d.part()
		*c = Content{p}
		return ok
	case '[':
		*c = make(Content, 0, 2)
		return d.elements(func() bool {
			p, ok := d.part()
			*c = append(*c, p)
			return ok
		})
	}
	return d.refuse("a string, a list of parts, an object with text, or null")
}

// part reads one part: a bare string, {"text": "..."} with or without a type,
// or a part of another type, which is kept as it is and says nothing.
func (d *decoder) part() (Part, bool) {
	switch d.dec.PeekKind() {
	case '"':
		v, ok := d.value()
		if !ok {
			return Part{}, false
		}
		return Part{Type: "text", Text: unquoted(v)}, true
	case '{':
	default:
		return Part{}, d.refuse("a text part")
	}
	var kind, text jsontext.Value // alias the payload
	members, block := 0, false
	start := int(d.dec.InputOffset())
	ok := d.members(func(name []byte) (ok bool) {
		members++
		switch string(name) {
		case "type":
			kind, ok = d.value()
		case "text":
			text, ok = d.value()
		default:
			block = block || isConverseBlock(string(name))
			ok = d.skip()
		}
		return ok
	})
	if !ok {
		return Part{}, false
	}
	p := Part{}
	switch kind.Kind() {
	case '"':
		if p.Type = "text"; string(kind) != `"text"` {
			p.Type = unquoted(kind)
		}
	case 'n', jsontext.KindInvalid:
	default:
		d.fail(string(d.dec.StackPointer())+"/type", "want a string, got %s", describe(kind))
	}
	isText := p.Type == "" || strings.HasSuffix(p.Type, "text") && !strings.Contains(p.Type, "reasoning")
	switch {
	case isText && text.Kind() == '"':
		return Part{Type: "text", Text: unquoted(text)}, true
	case isText && text.Kind() == 'n':
		return Part{Type: "text"}, true
	case p.Type == "text" || p.Type == "" && (text != nil || members == 0):
		d.fail(string(d.dec.StackPointer())+"/text", "want a string, got %s", describe(text))
	case p.Type == "" && !block:
		d.fail(string(d.dec.StackPointer()), "a content part has neither text nor a type")
	}
	raw := d.raw[start:d.dec.InputOffset()]
	p.Raw = json.RawMessage(d.copy(raw[bytes.IndexByte(raw, '{'):]))
	return p, true
}

// isConverseBlock reports whether a part without a type is one of the blocks
// of Bedrock's Converse API, whose one member names its kind.
func isConverseBlock(name string) bool {
	switch name {
	case "toolUse", "toolResult", "reasoningContent", "image", "document", "video", "cachePoint", "guardContent", "citationsContent":
		return true
	}
	return false
}

// reasoning keeps what is text and passes over the rest: a chain of thought is
// no part of the answer, so its form is nobody's fault.
func (d *decoder) reasoning(to *string) bool {
	if d.dec.PeekKind() == '"' {
		return d.text(to, "a string")
	}
	return d.skip()
}

func (d *decoder) toolCalls(calls *[]ToolCall) bool {
	switch d.dec.PeekKind() {
	case 'n':
		return d.skip()
	case '[':
		return d.elements(func() bool {
			if d.dec.PeekKind() != '{' {
				return d.refuse("a tool call object")
			}
			*calls = append(*calls, ToolCall{})
			return d.toolCall(&(*calls)[len(*calls)-1])
		})
	}
	return d.refuse("a list of tool calls")
}

func (d *decoder) toolCall(c *ToolCall) bool {
	return d.members(func(name []byte) bool {
		switch string(name) {
		case "id":
			return d.text(&c.ID, "a tool call id")
		case "type":
			return d.text(&c.Type, "a type")
		case "function":
			switch d.dec.PeekKind() {
			case '{':
				return d.members(func(name []byte) bool { return d.called(c, name) })
			case 'n':
				return d.skip()
			}
			return d.refuse("a function object")
		}
		return d.called(c, name)
	})
}

// called reads a member that says what is called and with what.
func (d *decoder) called(c *ToolCall, name []byte) bool {
	switch string(name) {
	case "name":
		return d.text(&c.Name, "a function name")
	case "arguments":
		return d.arguments(c)
	}
	return d.skip()
}

// arguments keeps a string's text or any other value's JSON.
func (d *decoder) arguments(c *ToolCall) bool {
	v, ok := d.value()
	switch {
	case !ok:
		return false
	case v.Kind() == '"':
		c.Arguments = unquoted(v)
	case v.Kind() != 'n':
		c.Arguments = string(v)
	}
	return true
}
