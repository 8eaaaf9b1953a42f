package openai

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// A piece of a template is text, or a variable.
type piece struct {
	text string
	path []string // namespace first; empty for text
}

func (p piece) sample() bool { return len(p.path) > 0 && p.path[0] == "sample" }

// source is the variable as it is written in a template.
func (p piece) source() string { return strings.Join(p.path, ".") }

// parseTemplate reads a text with variables such as {{ item.answers[0].text }}.
func parseTemplate(s string) ([]piece, error) {
	var pieces []piece
	for rest := s; ; {
		text, behind, ok := strings.Cut(rest, "{{")
		if text != "" {
			pieces = append(pieces, piece{text: text})
		}
		if !ok {
			return pieces, nil
		}
		name, behind, ok := strings.Cut(behind, "}}")
		if !ok {
			return nil, errors.New("a {{ is never closed")
		}
		path, err := parsePath(strings.TrimSpace(name))
		if err != nil {
			return nil, fmt.Errorf("{{%s}}: %w", name, err)
		}
		pieces = append(pieces, piece{path: path})
		rest = behind
	}
}

// parsePath reads namespace.name[0]['name'].
func parsePath(s string) ([]string, error) {
	const form = "want item or sample with the name of a variable, such as item.answer or sample.output_text"
	var path []string
	for rest := s; rest != ""; {
		switch {
		case rest[0] == '[':
			inside, behind, ok := strings.Cut(rest[1:], "]")
			if !ok || inside == "" {
				return nil, errors.New("a [ is never closed")
			}
			if q := inside[0]; (q == '\'' || q == '"') && len(inside) > 2 && inside[len(inside)-1] == q {
				inside = inside[1 : len(inside)-1]
			} else if _, err := strconv.ParseUint(inside, 10, 31); err != nil {
				return nil, fmt.Errorf("want a number or a quoted name between brackets, got %q", inside)
			}
			path, rest = append(path, inside), behind
		default:
			rest = strings.TrimPrefix(rest, ".")
			n := strings.IndexAny(rest, ".[")
			if n < 0 {
				n = len(rest)
			}
			if n == 0 || strings.ContainsAny(rest[:n], " \t\n|(){}+*/") {
				return nil, errors.New(form)
			}
			path, rest = append(path, rest[:n]), rest[n:]
		}
	}
	if len(path) < 2 || path[0] != "item" && path[0] != "sample" {
		return nil, errors.New(form)
	}
	return path, nil
}

func pointer(tokens []string) string {
	var p jsontext.Pointer
	for _, t := range tokens {
		p = p.AppendToken(t)
	}
	return string(p)
}

// referenceField is the field of a row that the trainer sends as the reference.
const referenceField = "reference_answer"

// itemPointer is where a variable of the row stands: a pointer as graders take it.
func itemPointer(p piece) string {
	if p.path[1] == referenceField {
		return pointer(p.path[2:])
	}
	return "metadata:" + pointer(p.path[1:])
}

// sampleOptions are the options that take what a variable of the sample stands for.
func sampleOptions(p piece) ([]option, error) {
	path := p.path[1:]
	if strings.Join(path[:min(3, len(path))], ".") == "choices.0.message" && len(path) > 3 {
		switch path[3] {
		case "content":
			path = []string{"output_text"}
		case "tool_calls":
			path = append([]string{"output_tools"}, path[4:]...)
		}
	}
	switch {
	case path[0] == "output_text" && len(path) == 1:
		return []option{{"text", word("answer")}}, nil
	case path[0] == "output_json":
		return []option{{"find", []string{"json:" + pointer(path[1:])}}}, nil
	case path[0] == "output_tools":
		return []option{{"text", "tools:" + pointer(path[1:])}}, nil
	}
	return nil, fmt.Errorf("{{%s}}: want sample.output_text, sample.output_json or sample.output_tools", p.source())
}

// compared splits the two templates of a comparison into the options that take
// the model's text and those that take the other one. Swapped is set where the
// model's text is the reference.
func compared(input, reference string) (options []option, swapped bool, err error) {
	in, err := parseTemplate(input)
	if err != nil {
		return nil, false, fmt.Errorf("input: %w", err)
	}
	ref, err := parseTemplate(reference)
	if err != nil {
		return nil, false, fmt.Errorf("reference: %w", err)
	}
	samples := func(pieces []piece) (n int) {
		for _, p := range pieces {
			if p.sample() {
				n++
			}
		}
		return n
	}
	model, other := in, ref
	if samples(in) == 0 {
		model, other, swapped = ref, in, true
	}
	switch {
	case samples(model) == 0:
		return nil, false, errors.New("neither input nor reference is written by the model: want {{sample.output_text}} in one of them")
	case samples(other) > 0:
		return nil, false, errors.New("input and reference are both written by the model: a spec compares its text with the row's")
	case len(model) > 1:
		return nil, false, fmt.Errorf("{{%s}} stands beside other text: a spec takes the model's text alone; move the rest to the other side, or write a kind of your own", firstSample(model).source())
	}
	if options, err = sampleOptions(model[0]); err != nil {
		return nil, false, err
	}
	if len(other) == 1 && len(other[0].path) > 0 {
		return append(options, option{"reference", itemPointer(other[0])}), swapped, nil
	}
	var expect strings.Builder
	for _, p := range other {
		if len(p.path) > 0 {
			expect.WriteString("{{" + itemPointer(p) + "}}")
		} else {
			expect.WriteString(p.text)
		}
	}
	if strings.TrimSpace(expect.String()) == "" {
		return nil, false, errors.New("the text to compare with is empty: every answer, or none, would be paid")
	}
	return append(options, option{"expect", expect.String()}), swapped, nil
}

func firstSample(pieces []piece) piece {
	for _, p := range pieces {
		if p.sample() {
			return p
		}
	}
	return piece{}
}
