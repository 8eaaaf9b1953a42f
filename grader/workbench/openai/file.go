package openai

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// A file is a grader as OpenAI's API takes it.
type file struct {
	Type             string         `json:"type"`
	Name             string         `json:"name"`
	Input            jsontext.Value `json:"input"`
	Reference        string         `json:"reference"`
	Operation        string         `json:"operation"`
	EvaluationMetric string         `json:"evaluation_metric"`
	PassThreshold    *float64       `json:"pass_threshold"`
	Model            string         `json:"model"`
	Range            []float64      `json:"range"`
	SamplingParams   *sampling      `json:"sampling_params"`
	Labels           []string       `json:"labels"`
	PassingLabels    []string       `json:"passing_labels"`
	Graders          jsontext.Value `json:"graders"`
	CalculateOutput  string         `json:"calculate_output"`
	Source           string         `json:"source"`
	ImageTag         string         `json:"image_tag"`
}

type sampling struct {
	Temperature         *float64 `json:"temperature"`
	TopP                *float64 `json:"top_p"`
	Seed                *int64   `json:"seed"`
	MaxCompletionTokens int      `json:"max_completions_tokens"`
	MaxTokens           int      `json:"max_completion_tokens"`
	ReasoningEffort     string   `json:"reasoning_effort"`
}

// wrappers are the members of larger objects in which a grader is sent.
func wrappers() []string { return []string{"grader", "reinforcement", "method"} }

// open returns the grader in a file that may hold it in the body of a request.
func open(text []byte) (jsontext.Value, error) {
	value := jsontext.Value(text)
	for range len(wrappers()) + 1 {
		members, err := membersOf(value)
		if err != nil {
			return nil, err
		}
		isGrader := slices.ContainsFunc(members, func(m member) bool {
			return m.name == "type" && string(m.value) != `"reinforcement"`
		})
		i := slices.IndexFunc(members, func(m member) bool { return slices.Contains(wrappers(), m.name) && m.value.Kind() == '{' })
		if isGrader || i < 0 {
			break
		}
		value = members[i].value
	}
	return value, nil
}

// read reads one grader, and refuses members that it does not know: what they
// mean would be lost.
func read(value jsontext.Value) (file, error) {
	var f file
	if err := jsonv2.Unmarshal(value, &f, jsonv2.RejectUnknownMembers(true)); err != nil {
		var fault *jsonv2.SemanticError
		if errors.As(err, &fault) {
			at := strings.ReplaceAll(strings.TrimPrefix(string(fault.JSONPointer), "/"), "/", ".")
			if errors.Is(err, jsonv2.ErrUnknownName) {
				return f, fmt.Errorf("%s: this member of a grader is not known: remove it if it means nothing", at)
			}
			return f, fmt.Errorf("%s: this member has a value of another type than OpenAI's graders have", at)
		}
		return f, fmt.Errorf("not a grader in JSON: %w", err)
	}
	return f, nil
}

type member struct {
	name  string
	value jsontext.Value
}

// membersOf returns the members of an object in their order.
func membersOf(value jsontext.Value) ([]member, error) {
	d := jsontext.NewDecoder(strings.NewReader(string(value)))
	t, err := d.ReadToken()
	if err != nil {
		return nil, fmt.Errorf("not JSON: %w", err)
	}
	if t.Kind() != '{' {
		return nil, errors.New("want a JSON object with the type of a grader")
	}
	var members []member
	for d.PeekKind() == '"' {
		t, err := d.ReadToken()
		if err != nil {
			return nil, fmt.Errorf("not JSON: %w", err)
		}
		name := t.String()
		v, err := d.ReadValue()
		if err != nil {
			return nil, fmt.Errorf("not JSON: %w", err)
		}
		members = append(members, member{name, v.Clone()})
	}
	if _, err := d.ReadToken(); err != nil {
		return nil, fmt.Errorf("not JSON: %w", err)
	}
	return members, nil
}
