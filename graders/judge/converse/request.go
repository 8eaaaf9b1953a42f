package converse

import (
	"encoding/json"
	"maps"
	"slices"
)

// A Request is one question to a model.
type Request struct {
	// Model is a model's id, an inference profile's id, or an ARN.
	Model string `json:"model"`
	// Region is where the model is asked; "" is the environment's region.
	Region string `json:"region,omitempty"`
	// System is the static text before the conversation. With Cache it is the
	// part that the service keeps, so it must be equal byte for byte from
	// request to request: no fence, no data of a rollout.
	System []string `json:"system,omitempty"`
	// Cache puts a cache point behind System: "5m", "1h", or "" for none.
	Cache string `json:"cache,omitempty"`
	// Messages is the conversation; the last message is the user's.
	Messages []Message `json:"messages"`
	// MaxTokens is the most tokens of an answer. 0 leaves it to the service,
	// which then reserves the model's maximum of the quota.
	MaxTokens   int      `json:"max_tokens,omitempty"`
	Temperature *float64 `json:"temperature,omitempty"`
	TopP        *float64 `json:"top_p,omitempty"`
	Stop        []string `json:"stop,omitempty"`
	Output      Output   `json:"output,omitzero"`
	// Effort is how hard the model may try: low, medium, high, or "".
	Effort string `json:"effort,omitempty"`
	// Thinking is the budget of tokens for reasoning; 0 is none.
	Thinking int `json:"thinking,omitempty"`
	// ServiceTier is default, flex, priority, reserved, or "".
	ServiceTier string `json:"service_tier,omitempty"`
	// Performance is standard, optimized, or "".
	Performance string `json:"performance,omitempty"`
	// Extra goes to the model as additionalModelRequestFields.
	Extra map[string]any `json:"extra,omitempty"`
	// ResponsePaths asks for additional fields of the model's own answer.
	ResponsePaths []string          `json:"response_paths,omitempty"`
	Guardrail     *Guardrail        `json:"guardrail,omitempty"`
	Metadata      map[string]string `json:"metadata,omitempty"`
	// Sample tells repeats of one question apart: requests with different
	// samples are different requests. It is not sent.
	Sample int `json:"sample,omitempty"`
	// Fence is the random text that this request's fences around data carry.
	// It is not sent by itself; [Request.Key] leaves its occurrences out.
	Fence string `json:"fence,omitempty"`
}

// Role is who speaks.
type Role string

const (
	User      Role = "user"
	Assistant Role = "assistant"
)

// A Message is one turn of the conversation.
type Message struct {
	Role Role   `json:"role"`
	Text string `json:"text"`
}

// A Form is how an answer is asked for.
type Form string

const (
	FormText    Form = ""         // prose, read by rules
	FormSchema  Form = "schema"   // text that follows a JSON schema
	FormTool    Form = "tool"     // a call of the one tool, forced by its name
	FormAnyTool Form = "any_tool" // a call of a tool, where there is one tool only
	FormAuto    Form = "auto"     // the best of these that the model supports
)

// Output says in which form an answer is wanted.
type Output struct {
	Form Form `json:"form,omitempty"`
	// Name is the tool's or the schema's name: letters, digits and underscores,
	// which every model accepts.
	Name        string `json:"name,omitempty"`
	Description string `json:"description,omitempty"`
	// Schema is the JSON schema of the answer, an object.
	Schema json.RawMessage `json:"schema,omitempty"`
	// Strict asks the service to hold tool calls to the schema.
	Strict bool `json:"strict,omitempty"`
	// Spelled says in words what Schema says: where the answer is asked for as
	// text, it is the last part of the system text. It is as static as System.
	Spelled string `json:"spelled,omitempty"`
}

// A Guardrail is applied by the service to a request and its answer.
type Guardrail struct {
	ID      string `json:"id"`
	Version string `json:"version"`
	Trace   string `json:"trace,omitempty"` // enabled, enabled_full, disabled, or ""
}

// Clone returns a copy that shares nothing that a caller changes: the slices
// and maps are its own, their contents are not.
func (q *Request) Clone() *Request {
	c := *q
	c.System = slices.Clone(q.System)
	c.Messages = slices.Clone(q.Messages)
	c.Stop = slices.Clone(q.Stop)
	c.Extra = maps.Clone(q.Extra)
	c.ResponsePaths = slices.Clone(q.ResponsePaths)
	c.Metadata = maps.Clone(q.Metadata)
	return &c
}
