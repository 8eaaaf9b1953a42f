package gold

import (
	"errors"
	"fmt"
	"slices"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/rftgrader/rftgrader/grader"
)

// Prompt reads a training record as a rollout without an answer: an answer that stands
// at its end is taken off and returned beside it. A record of verl's form (prompt,
// reward_model) counts as one with messages and reference_answer. What the grader could
// not read either is a [*grader.DataError].
func Prompt(record []byte) (r *grader.Rollout, answer *grader.Message, err error) {
	item := grader.DecodeRollout(record)
	if item.Rollout.Messages == nil {
		if text, ok := fromVerl(record); ok {
			item = grader.DecodeRollout(text)
		}
	}
	r = item.Rollout
	n := len(r.Messages)
	if n > 0 && r.Messages[n-1].FromModel() {
		answer = &r.Messages[n-1]
		r.Messages = slices.Clip(r.Messages[:n-1])
		return r, answer, item.Err
	}
	fault, ok := errors.AsType[*grader.DataError](item.Err)
	if ok && n > 0 && fault.Where == fmt.Sprintf("/messages/%d/role", n-1) {
		return r, nil, nil // it has no answer, as it should
	}
	return r, nil, item.Err
}

// fromVerl brings a record of verl's form to that of a rollout.
func fromVerl(record []byte) ([]byte, bool) {
	var members map[string]jsontext.Value
	if jsonv2.Unmarshal(record, &members) != nil || members["prompt"].Kind() != '[' {
		return nil, false
	}
	var model struct {
		Truth jsontext.Value `json:"ground_truth"`
	}
	if jsonv2.Unmarshal(members["reward_model"], &model) == nil && model.Truth != nil {
		members["reference_answer"] = model.Truth
	}
	members["messages"] = members["prompt"]
	delete(members, "prompt")
	text, err := jsonv2.Marshal(members)
	return text, err == nil
}

// Answered returns the rollout with a text as its answer.
func Answered(r *grader.Rollout, text string) *grader.Rollout {
	c := *r
	c.Messages = append(slices.Clip(slices.Clone(r.Messages)), grader.Message{Role: "assistant", Content: grader.TextContent(text)})
	return &c
}
