package models

import (
	"slices"
	"strings"

	"github.com/rftgrader/rftgrader/graders/judge/converse"
)

const (
	thinkingClaude = "claude"
	effortOutput   = "output"
	effortNova     = "nova"
	effortOpenAI   = "openai"
)

// Supports reports whether answers can be asked for in a form.
func (m Model) Supports(f converse.Form) bool {
	return f == converse.FormText || slices.Contains(m.Forms, f)
}

// Form returns the form in which a wanted form is asked for: the wanted one
// where the model supports it, else the best one behind it in the order schema,
// tool, any_tool, text. A budget for reasoning excludes forced tools.
func (m Model) Form(want converse.Form, thinking bool) converse.Form {
	order := []converse.Form{converse.FormSchema, converse.FormTool, converse.FormAnyTool}
	if want == converse.FormAuto {
		order = m.Forms
	} else {
		i := slices.Index(order, want)
		if i < 0 {
			return converse.FormText
		}
		order = order[i:]
	}
	for _, f := range order {
		if m.Supports(f) && !(thinking && f != converse.FormSchema) {
			return f
		}
	}
	return converse.FormText
}

// Fit returns the request as the model supports it; q stays as it is.
//
// The answer's form is [Model.Form] of the wanted one; as text, Output.Spelled
// becomes the end of the system text. Fields that the model refuses are left
// out, reasoning's budget is added to MaxTokens, which is the answer's own, and
// a system text that the model cannot take goes before the first message.
func (m Model) Fit(q *converse.Request) *converse.Request {
	c := q.Clone()
	thinking := c.Thinking > 0 && m.Thinking == thinkingClaude
	if !thinking {
		c.Thinking = 0
	}
	c.Output.Form = m.Form(q.Output.Form, thinking)
	switch c.Output.Form {
	case converse.FormText:
		if c.Output.Spelled != "" {
			c.System = append(c.System, c.Output.Spelled)
		}
		c.Output = converse.Output{}
	case converse.FormSchema:
		c.Output.Strict = false
	default:
		c.Output.Strict = c.Output.Strict && m.Strict
		if m.NoHyphen {
			c.Output.Name = strings.ReplaceAll(c.Output.Name, "-", "_")
		}
	}
	c.Output.Spelled = ""
	m.fitSampling(c, thinking)
	m.fitEffort(c)
	if thinking && c.MaxTokens > 0 {
		c.MaxTokens += c.Thinking
	}
	if m.MaxOutput > 0 {
		c.MaxTokens = min(c.MaxTokens, m.MaxOutput)
	}
	if m.NoStop {
		c.Stop = nil
	}
	switch {
	case m.CacheMin == 0:
		c.Cache = ""
	case c.Cache == "1h" && !m.CacheHour:
		c.Cache = "5m"
	}
	if last := len(c.Messages) - 1; last > 0 && !m.Prefill && c.Messages[last].Role == converse.Assistant {
		c.Messages = c.Messages[:last]
	}
	if m.NoSystem && len(c.System) > 0 {
		text := strings.Join(c.System, "\n\n")
		c.System, c.Cache = nil, ""
		if len(c.Messages) > 0 && c.Messages[0].Role == converse.User {
			c.Messages[0].Text = text + "\n\n" + c.Messages[0].Text
		} else {
			c.Messages = slices.Insert(c.Messages, 0, converse.Message{Role: converse.User, Text: text})
		}
	}
	return c
}

func (m Model) fitSampling(c *converse.Request, thinking bool) {
	if !m.Temperature || thinking {
		c.Temperature = nil
	}
	if !m.TopP || thinking || m.OneSampling && c.Temperature != nil {
		c.TopP = nil
	}
}

// fitEffort puts effort where the model looks for it. Nova 2 refuses sampling
// fields and MaxTokens beside high effort (its guide on extended thinking).
func (m Model) fitEffort(c *converse.Request) {
	if c.Effort == "" || m.Effort == effortOutput {
		return
	}
	effort := c.Effort
	c.Effort = ""
	switch m.Effort {
	case effortNova:
		extra(c, "reasoningConfig", map[string]any{"type": "enabled", "maxReasoningEffort": effort})
		if effort == "high" {
			c.Temperature, c.TopP, c.MaxTokens = nil, nil, 0
		}
	case effortOpenAI:
		extra(c, "reasoning_effort", effort)
	}
}

// extra adds a field of the model's own, where the request has none of the name.
func extra(c *converse.Request, name string, value any) {
	if c.Extra == nil {
		c.Extra = map[string]any{}
	}
	if _, ok := c.Extra[name]; !ok {
		c.Extra[name] = value
	}
}

// EstimateTokens returns about how many tokens a text has: a third of its bytes,
// which is more than most texts have (English has about a quarter).
func EstimateTokens(texts ...string) int {
	n := 0
	for _, t := range texts {
		n += len(t)
	}
	return (n + 2) / 3
}

// InputTokens returns about how many tokens of input a request has.
func InputTokens(q *converse.Request) int {
	texts := slices.Clone(q.System)
	for _, msg := range q.Messages {
		texts = append(texts, msg.Text)
	}
	return EstimateTokens(append(texts, q.Output.Description, string(q.Output.Schema))...)
}
