package probes

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/rftgrader/rftgrader/grader"
)

// callProbes are for answers that call tools. Each is made of the calls of a good answer,
// in the form in which that answer has them.
func callProbes() []Probe {
	return []Probe{
		{Name: "calls_of_everything", Says: "many calls, the right ones among them", Bound: Little, Holds: true, answers: (*material).everything},
		{Name: "call_repeated", Says: "the right calls, made again and again", Bound: Little, Holds: true, answers: (*material).callAgain},
		{Name: "call_added", Says: "the right calls, and as many others", Bound: Half, Holds: true, answers: (*material).callAdded},
		{Name: "call_without_arguments", Says: "calls of the right tools with no arguments", Bound: Little, answers: (*material).bareCall},
		{Name: "call_with_other_arguments", Says: "calls of the right tools with other arguments", Bound: Little, answers: (*material).otherArguments},
		{Name: "call_in_words", Says: "the right calls told in words, and not made", Bound: Little, answers: (*material).callInWords},
		{Name: "call_unfinished", Says: "the right calls, each broken off", Bound: Little, answers: (*material).callUnfinished},
	}
}

// callForm is how an answer holds its calls.
type callForm int

const (
	inMember    callForm = iota // tool_calls, as OpenAI has them
	inToolUse                   // a part of the content, as Converse has them
	inTypedPart                 // a part of the content, as Anthropic has them
	inTags                      // text between tags
)

const (
	maxCalled     = 8        // calls of an answer that become probes
	maxCalledText = 64 << 10 // bytes of text in which calls are looked for
)

// readCalls finds the calls of the good answer.
func (m *material) readCalls() {
	if len(m.rollout.Messages) == 0 {
		return
	}
	last := m.rollout.Messages[len(m.rollout.Messages)-1]
	if !last.FromModel() {
		return
	}
	if n := len(last.ToolCalls); n > 0 {
		m.form, m.called = inMember, last.ToolCalls[:min(n, maxCalled)]
		return
	}
	for _, p := range last.Content {
		var part struct {
			ToolUse json.RawMessage `json:"toolUse"`
		}
		if len(p.Raw) == 0 || len(m.called) == maxCalled || jsonv2.Unmarshal(p.Raw, &part) != nil {
			continue
		}
		form, text := inTypedPart, p.Raw
		if part.ToolUse != nil {
			form, text = inToolUse, part.ToolUse
		} else if p.Type != "tool_use" {
			continue
		}
		if c, ok := readCall(text); ok {
			m.form, m.called = form, append(m.called, c)
		}
	}
	if len(m.called) == 0 && len(m.response) <= maxCalledText {
		m.readTags()
	}
}

var tags = regexp.MustCompile(`<([A-Za-z_|][A-Za-z0-9_.:|-]{0,63})>`)

// readTags finds calls in the text, between tags of one name.
func (m *material) readTags() {
	for _, tag := range tags.FindAllStringSubmatch(m.response, maxCalled) {
		var calls []grader.ToolCall
		rest := m.response
		for len(calls) < maxCalled {
			_, behind, ok := strings.Cut(rest, "<"+tag[1]+">")
			inside, after, closed := strings.Cut(behind, "</"+tag[1]+">")
			if !ok || !closed {
				break
			}
			rest = after
			if c, ok := readCall([]byte(inside)); ok {
				calls = append(calls, c)
			}
		}
		if len(calls) > 0 {
			m.form, m.tag, m.called = inTags, tag[1], calls
			return
		}
	}
}

// readCall reads an object with a name and arguments.
func readCall(text []byte) (grader.ToolCall, bool) {
	var members map[string]jsontext.Value
	if jsonv2.Unmarshal(bytes.TrimSpace(text), &members) != nil {
		return grader.ToolCall{}, false
	}
	c := grader.ToolCall{Type: "function"}
	if jsonv2.Unmarshal(members["name"], &c.Name) != nil || c.Name == "" {
		return c, false
	}
	for _, name := range []string{"arguments", "input", "parameters"} {
		if v, ok := members[name]; ok && v.Kind() == '{' {
			c.Arguments = string(v)
		}
	}
	return c, true
}

// calling returns an answer with these calls, in the form of the good one.
func (m *material) calling(calls []grader.ToolCall) grader.Message {
	out := grader.Message{Role: "assistant"}
	for i, c := range calls {
		id := fmt.Sprintf("call_%d", i)
		object := map[string]any{"name": c.Name}
		input := any(c.Arguments)
		if v := jsontext.Value(c.Arguments); v.Kind() == '{' && v.IsValid() {
			input = v
		}
		switch m.form {
		case inMember:
			c.ID, c.Type = id, "function"
			out.ToolCalls = append(out.ToolCalls, c)
			continue
		case inToolUse:
			object["toolUseId"], object["input"] = id, input
			object = map[string]any{"toolUse": object}
		case inTypedPart:
			object["type"], object["id"], object["input"] = "tool_use", id, input
		case inTags:
			object["arguments"] = input
		}
		raw, err := jsonv2.Marshal(object, jsonv2.Deterministic(true), jsontext.AllowInvalidUTF8(true))
		switch {
		case err != nil: // a name that JSON cannot hold
			continue
		case m.form == inTags:
			out.Content = append(out.Content, grader.Part{Type: "text", Text: "<" + m.tag + ">" + string(raw) + "</" + m.tag + ">"})
		case m.form == inTypedPart:
			out.Content = append(out.Content, grader.Part{Type: "tool_use", Raw: json.RawMessage(raw)})
		default:
			out.Content = append(out.Content, grader.Part{Raw: json.RawMessage(raw)})
		}
	}
	return out
}

// sameCall reports whether two calls are told to be equal by their looks.
func sameCall(a, b grader.ToolCall) bool {
	x, y := jsontext.Value(a.Arguments).Clone(), jsontext.Value(b.Arguments).Clone()
	if x.Canonicalize() != nil || y.Canonicalize() != nil {
		return a.Name == b.Name && a.Arguments == b.Arguments
	}
	return a.Name == b.Name && string(x) == string(y)
}

// arguments returns the members of a call's arguments, which may be none.
func arguments(c grader.ToolCall) map[string]jsontext.Value {
	var members map[string]jsontext.Value
	if jsonv2.Unmarshal([]byte(c.Arguments), &members) != nil {
		return nil
	}
	return members
}

// another returns the call with another value for each of its arguments. The number makes
// calls that differ from each other.
func another(c grader.ToolCall, n int) grader.ToolCall {
	members := arguments(c)
	if len(members) == 0 {
		members = map[string]jsontext.Value{"more": jsontext.Value("0")}
	}
	for name, v := range members {
		members[name] = otherValue(v, n)
	}
	text, err := jsonv2.Marshal(members, jsonv2.Deterministic(true), jsontext.AllowInvalidUTF8(true))
	if err != nil {
		text = []byte("{}") // the arguments are deeper than JSON may be
	}
	c.Arguments = string(text)
	return c
}

// otherValue returns another value of the same kind.
func otherValue(v jsontext.Value, n int) jsontext.Value {
	switch v.Kind() {
	case '0':
		if value, ok := valueOf(string(v)); ok && value.IsInt() {
			return jsontext.Value(fmt.Sprintf("%d%s", n+1, value.Num().Abs(value.Num())))
		}
		return jsontext.Value(fmt.Sprintf("%d.25", 9000+n))
	case 't':
		return jsontext.Value("false")
	case 'f':
		return jsontext.Value("true")
	case '[':
		return jsontext.Value(fmt.Sprintf(`["a banana %d"]`, n))
	case '{':
		return jsontext.Value(fmt.Sprintf(`{"banana": %d}`, n))
	}
	return jsontext.Value(fmt.Sprintf(`"a banana %d"`, n))
}

// otherCalls returns so many wrong calls for each of the right ones: those of other rows, and
// the right ones with other arguments.
func (m *material) otherCalls(each int) []grader.ToolCall {
	most := each * len(m.called)
	calls := slices.Clone(m.neighbours[:min(len(m.neighbours), most)])
	for n := 0; len(calls) < most; n++ {
		calls = append(calls, another(m.called[n%len(m.called)], n))
	}
	return calls
}

// everything puts the right calls before the others, behind them, and among them.
func (m *material) everything() []grader.Message {
	if len(m.called) == 0 {
		return nil
	}
	others := m.otherCalls(7)
	half := len(others) / 2
	return []grader.Message{
		m.calling(slices.Concat(m.called, others)),
		m.calling(slices.Concat(others, m.called)),
		m.calling(slices.Concat(others[:half], m.called, others[half:])),
	}
}

func (m *material) callAgain() []grader.Message {
	if len(m.called) == 0 {
		return nil
	}
	return []grader.Message{m.calling(slices.Repeat(m.called, 8))}
}

func (m *material) callAdded() []grader.Message {
	if len(m.called) == 0 {
		return nil
	}
	others := m.otherCalls(1)
	return []grader.Message{m.calling(slices.Concat(m.called, others)), m.calling(slices.Concat(others, m.called))}
}

// hollow returns the good calls with something in the place of their arguments. There is
// none where a call has no arguments: then its name is all.
func (m *material) hollow(emptied func(grader.ToolCall) grader.ToolCall) []grader.Message {
	var calls []grader.ToolCall
	for _, c := range m.called {
		if len(arguments(c)) == 0 {
			return nil
		}
		calls = append(calls, emptied(c))
	}
	if len(calls) == 0 {
		return nil
	}
	return []grader.Message{m.calling(calls)}
}

func (m *material) bareCall() []grader.Message {
	return m.hollow(func(c grader.ToolCall) grader.ToolCall {
		c.Arguments = "{}"
		return c
	})
}

func (m *material) otherArguments() []grader.Message {
	return m.hollow(func(c grader.ToolCall) grader.ToolCall { return another(c, 0) })
}

// callUnfinished breaks each call off: in the middle of its arguments, and at their end.
// In text there is one call only, the last.
func (m *material) callUnfinished() []grader.Message {
	if m.form == inTags && len(m.called) > 0 {
		whole := m.calling(m.called[len(m.called)-1:]).Content.Text()
		return []grader.Message{spoken(whole[:len(whole)/2]), spoken(strings.TrimSuffix(whole, "</"+m.tag+">"))}
	}
	cut := func(at func(length int) int) []grader.Message {
		return m.hollow(func(c grader.ToolCall) grader.ToolCall {
			text := strings.TrimSpace(c.Arguments)
			c.Arguments = strings.ToValidUTF8(text[:at(len(text))], "")
			return c
		})
	}
	return append(cut(func(n int) int { return n / 2 }), cut(func(n int) int { return n - 1 })...)
}

// callInWords tells of the calls as prose, as JSON and as source code.
func (m *material) callInWords() []grader.Message {
	if len(m.called) == 0 {
		return nil
	}
	var words, objects, code []string
	for _, c := range m.called {
		words = append(words, "the tool "+c.Name+" with "+c.Arguments)
		objects = append(objects, fmt.Sprintf(`{"name": %q, "arguments": %s}`, c.Name, c.Arguments))
		code = append(code, c.Name+"(**"+c.Arguments+")")
	}
	return []grader.Message{
		spoken("I could call " + strings.Join(words, ", and then ") + ", but I will not."),
		spoken("```json\n[" + strings.Join(objects, ", ") + "]\n```"),
		spoken("```python\n" + strings.Join(code, "\n") + "\n```"),
	}
}

// spoken is an answer of text alone.
func spoken(text string) grader.Message {
	return grader.Message{Role: "assistant", Content: grader.TextContent(text)}
}

// told writes an answer for people: its text, and its calls.
func told(answer grader.Message) string {
	var lines []string
	for _, p := range answer.Content {
		if lines = append(lines, p.Text); len(p.Raw) > 0 {
			lines[len(lines)-1] = string(p.Raw)
		}
	}
	for _, c := range answer.ToolCalls {
		lines = append(lines, fmt.Sprintf("[calls %s with %s]", c.Name, c.Arguments))
	}
	return strings.Join(lines, "\n")
}
