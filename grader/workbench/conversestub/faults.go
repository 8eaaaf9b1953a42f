package conversestub

import (
	"encoding/json"
	"maps"
	"slices"
)

// A canned answer replaces what the stand-in would say.
type canned struct {
	fault *fault  // an error
	raw   *string // the body as it stands, with status 200 unless fault says otherwise
	html  bool
	short bool // the body is cut in its middle, its length being announced whole

	stop    string // the stop reason
	content []any  // the content; nil is the judge's own
	empty   bool   // no content at all
	nothing bool   // no message at all
	change  func(tool string, verdict json.RawMessage) []any
	cut     bool // the judge's own text is cut in its middle
	half    bool // usage in fractions of a token

	hang        bool // until the client goes away
	closeBefore bool // the connection, before the answer
	closeInside bool // the connection, inside the answer
}

func awsFault(status int, kind, message string) canned {
	return canned{fault: &fault{status: status, kind: kind, message: message}}
}

// faults are the scripted answers by name.
func faults() map[string]canned {
	none := ""
	return map[string]canned{
		"ok": {},

		"throttle-requests": awsFault(429, "ThrottlingException", "Too many requests, please wait before trying again."),
		"throttle-tokens":   awsFault(429, "ThrottlingException", "Too many tokens, please wait before trying again."),
		"throttle-daily":    awsFault(429, "ThrottlingException", "Too many tokens per day, please wait before trying again."),
		"model-not-ready":   awsFault(429, "ModelNotReadyException", "Model is not ready for inference. Wait and try your request again."),
		"bare-429":          awsFault(429, "", "slow down"),
		"model-timeout":     awsFault(408, "ModelTimeoutException", "Model has timed out in processing the request. Try your request again."),
		"model-error": {fault: &fault{status: 424, kind: "ModelErrorException", message: "The model returned an error.",
			more: map[string]any{"originalStatusCode": 500}}},
		"tool-sequence": {fault: &fault{status: 424, kind: "ModelErrorException", message: toolSequence,
			more: map[string]any{"originalStatusCode": 400}}},
		"internal":       awsFault(500, "InternalServerException", "The system encountered an unexpected error during processing. Try your request again."),
		"unavailable":    awsFault(503, "ServiceUnavailableException", "Bedrock is unable to process your request."),
		"gateway-html":   {fault: &fault{status: 502}, html: true},
		"validation":     awsFault(400, "ValidationException", "The request was refused by a script of the stand-in."),
		"temperature":    awsFault(400, "ValidationException", "The model returned the following errors: temperature is deprecated for this model."),
		"schema":         awsFault(400, "ValidationException", "The model returned the following errors: output_config.format.schema: For 'number' type, properties maximum, minimum are not supported"),
		"on-demand":      awsFault(400, "ValidationException", "Invocation of model ID anthropic.example with on-demand throughput isn’t supported. Retry your request with the ID or ARN of an inference profile that contains this model."),
		"quota-exceeded": awsFault(400, "ServiceQuotaExceededException", "Your request exceeds the service quota for your account."),
		"access-denied":  awsFault(403, "AccessDeniedException", "User is not authorized to perform: bedrock:InvokeModel on the resource because no identity-based policy allows the bedrock:InvokeModel action"),
		"expired-token":  awsFault(403, "ExpiredTokenException", "The security token included in the request is expired"),
		"not-found":      awsFault(404, "ResourceNotFoundException", "Could not resolve the foundation model from the provided model identifier."),
		"hang":           {hang: true},
		"close-before":   {closeBefore: true},
		"close-inside":   {closeInside: true},
		"empty-200":      {raw: &none},
		"truncated-200":  {short: true},
		"usage-float":    {half: true},
		"no-output":      {nothing: true, stop: "guardrail_intervened"},
		"null-text":      {content: []any{map[string]any{"text": nil}}},
		"unknown-block": {change: func(tool string, v json.RawMessage) []any {
			return []any{map[string]any{"futureBlock": map[string]any{"x": 1}}, textBlock(string(v))}
		}},
		"empty-content": {empty: true},
		"reasoning": {change: func(tool string, v json.RawMessage) []any {
			return []any{reasoningBlock("hmm 3"), textBlock(string(v))}
		}},
		"tool-twice": {change: func(tool string, v json.RawMessage) []any {
			return []any{toolBlock("t1", tool, json.RawMessage(`{"score":0}`)), toolBlock("t2", tool, v)}
		}, stop: "tool_use"},
		"tool-jsonstring":  {change: func(tool string, v json.RawMessage) []any { return []any{toolBlock("t1", tool, stringOf(v))} }, stop: "tool_use"},
		"string-numbers":   {change: func(tool string, v json.RawMessage) []any { return []any{toolBlock("t1", tool, numbersAsStrings(v))} }, stop: "tool_use"},
		"max-tokens":       {cut: true, stop: "max_tokens"},
		"stop-sequence":    {stop: "stop_sequence"},
		"guardrail":        {content: []any{textBlock("Sorry, the model cannot answer this question.")}, stop: "guardrail_intervened"},
		"content-filtered": {empty: true, stop: "content_filtered"},
		"refusal":          {content: []any{textBlock("I can't help with judging this.")}, stop: "refusal"},
		"malformed-tool":   {empty: true, stop: "malformed_tool_use"},
		"malformed-output": {cut: true, stop: "malformed_model_output"},
		"context-window":   {empty: true, stop: "model_context_window_exceeded"},
		"new-stop-reason":  {stop: "brand_new_reason"},
	}
}

// Faults lists the names of the scripted answers.
func Faults() []string { return slices.Sorted(maps.Keys(faults())) }

func reasoningBlock(text string) any {
	return map[string]any{"reasoningContent": map[string]any{"reasoningText": map[string]any{"text": text, "signature": "simulated"}}}
}

// stringOf is the JSON string that holds v.
func stringOf(v json.RawMessage) json.RawMessage { return json.RawMessage(quoted(string(v))) }

// numbersAsStrings puts the numbers of an object's members in quotation marks.
func numbersAsStrings(v json.RawMessage) json.RawMessage {
	out := []byte{'{'}
	err := members(v, func(name string, value json.RawMessage) error {
		if len(out) > 1 {
			out = append(out, ',')
		}
		if c := value[0]; c == '-' || c >= '0' && c <= '9' {
			value = stringOf(value)
		}
		out = append(append(append(out, quoted(name)...), ':'), value...)
		return nil
	})
	if err != nil {
		return v // it is no object
	}
	return append(out, '}')
}
