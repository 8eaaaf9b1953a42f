package models

import (
	"slices"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/graders/judge/converse"
)

// Overrides are what a spec knows better than the table.
type Overrides struct {
	Like        string          `json:"like,omitzero" doc:"the id of the model whose row of the table counts, for profiles whose ids do not name one"`
	Forms       []converse.Form `json:"forms,omitzero" doc:"the forms of answers beside text that the model supports, best first: schema, tool, any_tool; an empty list for text only"`
	Strict      *bool           `json:"strict,omitzero" doc:"whether tools may be strict"`
	Temperature *bool           `json:"temperature,omitzero" doc:"whether temperature is accepted"`
	TopP        *bool           `json:"top_p,omitzero" doc:"whether top_p is accepted"`
	System      *bool           `json:"system,omitzero" doc:"whether a system text is accepted"`
	Thinking    *bool           `json:"thinking,omitzero" doc:"whether a budget for reasoning is accepted"`
	CacheMin    *int            `json:"cache_min,omitzero" doc:"the least tokens of a prefix that the prompt cache keeps; 0 for no prompt cache"`
}

// Validate checks the overrides. Pointers are relative to them.
func (o Overrides) Validate() error {
	for _, f := range o.Forms {
		if !slices.Contains([]converse.Form{converse.FormSchema, converse.FormTool, converse.FormAnyTool}, f) {
			return grader.Optionf("/forms", "want schema, tool or any_tool, got %q", string(f))
		}
	}
	if o.Like != "" && Lookup(o.Like).Match == "" {
		return grader.Optionf("/like", "want the id of a model in the table, such as amazon.nova-lite-v1:0, got %q", o.Like)
	}
	if o.CacheMin != nil && *o.CacheMin < 0 {
		return grader.Optionf("/cache_min", "want 0 or more tokens, got %d", *o.CacheMin)
	}
	return nil
}

// With returns the model as the overrides say it.
func (m Model) With(o Overrides) Model {
	if o.Like != "" {
		m = Lookup(o.Like)
	}
	if o.Forms != nil {
		m.Forms = slices.Clone(o.Forms)
	}
	set(&m.Strict, o.Strict)
	set(&m.Temperature, o.Temperature)
	set(&m.TopP, o.TopP)
	set(&m.CacheMin, o.CacheMin)
	if o.System != nil {
		m.NoSystem = !*o.System
	}
	if o.Thinking != nil {
		if m.Thinking = ""; *o.Thinking {
			m.Thinking = thinkingClaude
		}
	}
	return m
}

func set[T any](to *T, from *T) {
	if from != nil {
		*to = *from
	}
}
