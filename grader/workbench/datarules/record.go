package datarules

import (
	"errors"
	"fmt"
	"hash/maphash"
	"slices"
	"strings"
	"unicode/utf8"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// object holds the members of a JSON object.
type object map[string]jsontext.Value

// readObject reads a line. Of a name that occurs twice the last value counts.
func readObject(text []byte) (members object, repeated bool, err error) {
	utf8 := jsontext.AllowInvalidUTF8(true) // which is a finding of its own
	if v := jsontext.Value(text); v.Kind() != '{' {
		got := "what is no JSON"
		if v.IsValid(utf8, jsontext.AllowDuplicateNames(true)) {
			got = kindOf(v)
		}
		return nil, false, fmt.Errorf("want one JSON object, got %s", got)
	}
	if err = jsonv2.Unmarshal(text, &members, utf8); errors.Is(err, jsontext.ErrDuplicateName) {
		repeated = true
		members = nil
		err = jsonv2.Unmarshal(text, &members, utf8, jsontext.AllowDuplicateNames(true))
	}
	if syn, ok := errors.AsType[*jsontext.SyntacticError](err); ok {
		return nil, repeated, fmt.Errorf("not one JSON object: its grammar is broken at byte %d of the line", syn.ByteOffset+1)
	}
	return members, repeated, err
}

// kindOf names the kind of a value without quoting it.
func kindOf(v jsontext.Value) string {
	switch v.Kind() {
	case 'n':
		return "null"
	case 't', 'f':
		return "a Boolean"
	case '"':
		return "a string"
	case '0':
		return "a number"
	case '{':
		return "an object"
	case '[':
		return "a list"
	}
	return "nothing that is JSON"
}

// asText returns the text of a string.
func asText(v jsontext.Value) (string, bool) {
	if v.Kind() != '"' {
		return "", false
	}
	b, err := jsontext.AppendUnquote(nil, v)
	return string(b), err == nil || utf8.Valid(v) || len(b) > 0
}

func asList(v jsontext.Value) ([]jsontext.Value, bool) {
	var list []jsontext.Value
	if v.Kind() != '[' {
		return nil, false
	}
	err := jsonv2.Unmarshal(v, &list, jsontext.AllowInvalidUTF8(true), jsontext.AllowDuplicateNames(true))
	return list, err == nil
}

func asObject(v jsontext.Value) (object, bool) {
	var o object
	if v.Kind() != '{' {
		return nil, false
	}
	err := jsonv2.Unmarshal(v, &o, jsontext.AllowInvalidUTF8(true), jsontext.AllowDuplicateNames(true))
	return o, err == nil
}

// names returns the names of an object in a fixed order.
func (o object) names() []string {
	list := make([]string, 0, len(o))
	for n := range o {
		list = append(list, n)
	}
	slices.Sort(list)
	return list
}

// record checks one record.
func (f *File) record(m object, text []byte) {
	prompt, reference := m["messages"], m["reference_answer"]
	_, hasMessages := m["messages"]
	_, hasPrompt := m["prompt"]
	_, hasModel := m["reward_model"]
	verl := f.options.Target == SageMakerOSS
	switch {
	case verl && hasMessages && !hasPrompt:
		f.find(f.line, "V2", "messages belong to Bedrock's records: sagemaker-oss wants prompt and reward_model")
	case !verl && hasPrompt && hasModel && !hasMessages:
		f.find(f.line, "V2", "prompt and reward_model make this a record of SageMaker AI's open-weight training (sagemaker-oss): %s wants messages and reference_answer", f.options.Target)
	case verl:
		prompt = m["prompt"]
		reference = f.verl(m)
		f.messages("prompt", prompt)
	default:
		f.messages("messages", prompt)
	}
	f.identity(m["id"])
	if inner, _ := asObject(m["metadata"]); !verl && reference == nil && inner["reference_answer"] != nil {
		f.findAt(Warning, f.line, "R11", "reference_answer stands inside metadata: put it at the top level")
		reference = inner["reference_answer"]
	} else if !verl {
		f.reference(reference)
	}
	f.tools(m)
	f.otherFields(m)
	said := promptText(prompt)
	f.sizes(said, text)
	f.repeatedPrompt(prompt)
	f.references.add(f, reference, said)
}

// verl checks what only the records of verl have, and returns the reference.
func (f *File) verl(m object) jsontext.Value {
	for _, name := range []string{"data_source", "ability"} {
		if t, ok := asText(m[name]); !ok || strings.TrimSpace(t) == "" {
			f.find(f.line, "V1", "%s: want a string that is not empty, got %s", name, kindOf(m[name]))
		}
	}
	model, ok := asObject(m["reward_model"])
	if !ok {
		f.find(f.line, "V1", "reward_model: want an object, got %s", kindOf(m["reward_model"]))
		return nil
	}
	for _, name := range []string{"ground_truth", "style"} {
		if _, ok := asText(model[name]); !ok {
			f.find(f.line, "V1", "reward_model.%s: want a string, got %s", name, kindOf(model[name]))
		}
	}
	return model["ground_truth"]
}

// identity checks the id.
func (f *File) identity(id jsontext.Value) {
	if id == nil {
		return
	}
	text, ok := asText(id)
	if !ok || strings.TrimSpace(text) == "" {
		f.find(f.line, "R12", "id: want a string that is not empty, got %s", kindOf(id))
		return
	}
	key := maphash.String(f.seed, text)
	if first, again := f.ids[key]; again {
		f.findAt(Warning, f.line, "R12", "the id is that of line %d", first)
		return
	}
	f.ids[key] = f.line
}

// otherFields checks the names of what is passed on to the grader.
func (f *File) otherFields(m object) {
	for name := range m {
		f.fields[name] = true
	}
	for _, name := range []string{"metadata", "aggregate_reward_score", "metrics_list"} {
		if _, ok := m[name]; !ok {
			continue
		}
		if name == "metadata" {
			if inner, ok := asObject(m[name]); ok {
				for n := range inner {
					f.fields[n] = true
				}
			}
			f.find(f.line, "R16", "the field metadata: Bedrock sends all fields inside one of that name: put its members at the top level")
			continue
		}
		f.find(f.line, "R16", "the field %s has the name of what the grader answers: call it otherwise", name)
	}
}

// repeatedPrompt finds prompts that are equal.
func (f *File) repeatedPrompt(prompt jsontext.Value) {
	if len(prompt) == 0 {
		return
	}
	canonical := prompt.Clone()
	if canonical.Compact() != nil {
		return
	}
	key := maphash.Bytes(f.seed, canonical)
	if first, again := f.prompts[key]; again {
		f.find(f.line, "R19", "the prompt is that of line %d", first)
		return
	}
	f.prompts[key] = f.line
}
