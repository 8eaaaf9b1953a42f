package converse

import (
	"encoding/json"
	"strings"
	"time"
)

// An Answer is what a model said.
type Answer struct {
	// Text holds the text blocks in order, without reasoning blocks.
	Text []string `json:"text,omitempty"`
	// Reasoning says whether there were reasoning blocks.
	Reasoning bool `json:"reasoning,omitempty"`
	// Tools holds the tool calls in order.
	Tools []ToolUse `json:"tools,omitempty"`
	// Stop is the stop reason as the service gave it; unknown ones pass through.
	Stop string `json:"stop"`
	// Form is the form in which the answer was asked for in the end: what was
	// wanted may not have been what the model can do.
	Form  Form  `json:"form,omitempty"`
	Usage Usage `json:"usage"`
	// Latency is how long the answered attempt took.
	Latency time.Duration `json:"latency"`
	// Attempts is how many requests were sent for this answer, failed, cut and
	// hedged ones included.
	Attempts int `json:"attempts,omitempty"`
	// Shared says that the answer was paid for by an equal call: its Usage and
	// Attempts are zero, so that sums over answers are what was charged.
	Shared bool `json:"-"`
}

// JoinedText returns the text blocks as one text.
func (a *Answer) JoinedText() string { return strings.Join(a.Text, "") }

// ToolUse is a call of a tool.
type ToolUse struct {
	Name string `json:"name"`
	// Input is the input as it came: numbers keep their digits, and the whole
	// may be a JSON string that holds JSON.
	Input json.RawMessage `json:"input"`
}

// The stop reasons that the service documents.
const (
	StopEndTurn         = "end_turn"
	StopToolUse         = "tool_use"
	StopMaxTokens       = "max_tokens"
	StopSequence        = "stop_sequence"
	StopGuardrail       = "guardrail_intervened"
	StopFiltered        = "content_filtered"
	StopMalformedOutput = "malformed_model_output"
	StopMalformedTool   = "malformed_tool_use"
	StopContextWindow   = "model_context_window_exceeded"
	// StopRefusal is what a model's own interface gives for a declined answer.
	StopRefusal = "refusal"
)

// Usage counts tokens as the service charged them.
type Usage struct {
	Input      int `json:"input"` // without those read from or written to the cache
	Output     int `json:"output"`
	CacheRead  int `json:"cache_read,omitempty"`
	CacheWrite int `json:"cache_write,omitempty"`
}

// Add returns the sum.
func (u Usage) Add(v Usage) Usage {
	return Usage{u.Input + v.Input, u.Output + v.Output, u.CacheRead + v.CacheRead, u.CacheWrite + v.CacheWrite}
}
