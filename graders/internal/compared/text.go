package compared

import (
	"encoding/json"
	"fmt"
	"strings"
	"unicode"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/grader/answer"
)

// A Text is the option "text": which text of the model is graded.
//
//	found           what the finders find
//	answer          all that stands behind the reasoning, as it is
//	response        the whole response with its reasoning, as it is
//	tools:/POINTER  what a JSON pointer into the tool calls of the last message
//	                leads to, such as tools:/0/function/name
//
// The zero value is found.
type Text struct{ name string }

// The texts without an argument.
const (
	found    = "found"
	whole    = "answer"
	response = "response"
	tools    = "tools:"
)

// ParseText reads the form that specs use.
func ParseText(s string) (Text, error) {
	switch {
	case s == found, s == whole, s == response:
		return Text{s}, nil
	case strings.HasPrefix(s, tools):
		if !jsontext.Pointer(s[len(tools):]).IsValid() {
			return Text{}, fmt.Errorf(`want a JSON pointer behind the colon, such as "tools:/0/function/name", got %q`, s)
		}
		return Text{s}, nil
	}
	return Text{}, fmt.Errorf("want found, answer, response or tools:/POINTER, got %q", s)
}

// Found is the text that the finders find.
func Found() Text { return Text{found} }

// String returns the form that specs use.
func (t Text) String() string {
	if t.name == "" {
		return found
	}
	return t.name
}

// OptionType says in help texts what the option takes.
func (Text) OptionType() string { return "string: found, answer, response or tools:/POINTER" }

// MarshalJSON writes the form that specs use.
func (t Text) MarshalJSON() ([]byte, error) { return json.Marshal(t.String()) }

// UnmarshalJSON reads the form that specs use.
func (t *Text) UnmarshalJSON(b []byte) error {
	var s string
	if err := json.Unmarshal(b, &s); err != nil {
		return fmt.Errorf("want found, answer, response or tools:/POINTER, got %.60s", b)
	}
	read, err := ParseText(s)
	if err == nil {
		*t = read
	}
	return err
}

// Of returns the text of a rollout. What the finders find is without white space
// around it, and the other texts are as the model wrote them.
func (t Text) Of(r *grader.Rollout, find answer.Finders) answer.Found {
	switch t.String() {
	case found:
		return find.Find(r.Response())
	case whole:
		return Answer(r.Response())
	case response:
		text := r.Response()
		if Blank(text) {
			return answer.Found{Why: "the response is empty"}
		}
		return answer.Found{Text: text, OK: true, End: len(text), Why: "the response"}
	}
	return toolText(r, t.name[len(tools):])
}

// Answer returns all that stands behind the reasoning. White space is kept,
// except where reasoning, or a token that ends a text, was cut off.
func Answer(response string) answer.Found {
	body := answer.Strip(response)
	if why := body.Why(); why != "" {
		return answer.Found{Why: why}
	}
	text := body.Text()
	start, end := body.Offset(0), body.Offset(len(text))
	if start > 0 {
		text = strings.TrimLeftFunc(text, isSpace)
		start = end - len(text)
	}
	if end < len(response) {
		text = strings.TrimRightFunc(text, isSpace)
		end = start + len(text)
	}
	return answer.Found{Text: text, OK: true, Start: start, End: end, Why: "the answer"}
}

// Blank reports whether nothing can be seen of s.
func Blank(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return !isSpace(r) })
}

// isSpace knows white space and the characters without any width.
func isSpace(r rune) bool {
	return unicode.IsSpace(r) || r == '\u200b' || r == '\u2060' || r == '\ufeff'
}

// call is a tool call in the form that chat APIs have.
type call struct {
	ID       string   `json:"id"`
	Type     string   `json:"type"`
	Function function `json:"function"`
}

type function struct {
	Name      string `json:"name"`
	Arguments string `json:"arguments"`
}

func toolText(r *grader.Rollout, pointer string) answer.Found {
	n := len(r.Messages)
	if n == 0 || !r.Messages[n-1].FromModel() || len(r.Messages[n-1].ToolCalls) == 0 {
		return answer.Found{Why: "the last message calls no tool"}
	}
	valid := func(s string) string { return strings.ToValidUTF8(s, "\ufffd") }
	var calls []call
	for _, c := range r.Messages[n-1].ToolCalls {
		calls = append(calls, call{valid(c.ID), valid(c.Type), function{valid(c.Name), valid(c.Arguments)}})
	}
	const nothing = "the tool calls have nothing at that pointer"
	ref, err := grader.NewReference(calls)
	if err != nil {
		return answer.Found{Why: nothing}
	}
	if pointer != "" {
		p, err := grader.ParsePointer(pointer)
		if err != nil {
			return answer.Found{Why: nothing}
		}
		if ref, err = (&grader.Rollout{Reference: ref}).Lookup(p); err != nil {
			return answer.Found{Why: nothing}
		}
	}
	text, err := ref.Text()
	if err != nil {
		compact := jsontext.Value(ref.Raw()).Clone()
		if compact.Compact() != nil {
			return answer.Found{Why: nothing}
		}
		text = string(compact)
	}
	if Blank(text) {
		return answer.Found{Why: "the tool calls have only white space at that pointer"}
	}
	return answer.Found{Text: text, OK: true, Why: "the tool calls"}
}
