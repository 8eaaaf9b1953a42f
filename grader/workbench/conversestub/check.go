package conversestub

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// A fault is an answer that is no message of a model.
type fault struct {
	status  int
	kind    string // of X-Amzn-ErrorType; "" for none
	message string
	more    map[string]any // other members of the body
}

func invalid(format string, args ...any) *fault {
	return &fault{status: 400, kind: "ValidationException", message: fmt.Sprintf(format, args...)}
}

// modelFault is what the service reports of the model behind it.
func modelFault(format string, args ...any) *fault {
	return invalid("The model returned the following errors: "+format, args...)
}

var toolName = regexp.MustCompile(`^[a-zA-Z0-9_-]{1,64}$`)

// check refuses what the service or its model would.
func check(id string, m Model, q *request) *fault {
	if bare(id) && !m.OnDemand {
		return invalid("Invocation of model ID %s with on-demand throughput isn’t supported. Retry your request with the ID or ARN of an inference profile that contains this model.", id)
	}
	for _, part := range []func(string, Model, *request) *fault{checkMessages, checkInference, checkThinking, checkTools, checkFormat} {
		if f := part(id, m, q); f != nil {
			return f
		}
	}
	if n := q.input(); m.Window > 0 && n > m.Window {
		return invalid("Input is too long for requested model.")
	}
	return nil
}

func checkMessages(_ string, m Model, q *request) *fault {
	if len(q.Messages) == 0 {
		return invalid("The messages field is required. Add a message to the messages field and try again.")
	}
	if q.Messages[0].Role != "user" {
		return invalid("A conversation must start with a user message. Try again with a conversation that starts with a user message.")
	}
	if q.Messages[len(q.Messages)-1].Role == "assistant" && !m.Prefill {
		return modelFault("This model does not support assistant message prefill. The conversation must end with a user message.")
	}
	for i, s := range q.Messages {
		if i > 0 && s.Role == q.Messages[i-1].Role {
			return invalid("A conversation must alternate between user and assistant roles. Make sure the conversation alternates between user and assistant roles and try again.")
		}
		if len(s.Content) == 0 {
			return invalid("The content field in the Message object at messages.%d is empty. Add a ContentBlock object to the content field and try again.", i)
		}
		for j, b := range s.Content {
			if b.Text != nil && strings.TrimSpace(*b.Text) == "" {
				return invalid("The text field in the ContentBlock object at messages.%d.content.%d is blank. Add text to the text field, and try again.", i, j)
			}
		}
	}
	return nil
}

func checkInference(_ string, m Model, q *request) *fault {
	if n, ok := q.maxTokens(); ok {
		if n < 1 {
			return invalid("Value '%d' at 'inferenceConfig.maxTokens' failed to satisfy constraint: Member must have value greater than or equal to 1", n)
		}
		if n > m.MaxOutput {
			return invalid("The maximum tokens you requested exceeds the model limit of %d. Try again with a maximum tokens value that is lower than %d.", m.MaxOutput, m.MaxOutput)
		}
	}
	if q.Config == nil {
		return nil
	}
	for _, field := range []struct {
		name string
		v    *float64
	}{{"temperature", q.Config.Temperature}, {"topP", q.Config.TopP}} {
		if field.v != nil && (*field.v < 0 || *field.v > 1) {
			return invalid("Value at 'inferenceConfig.%s' failed to satisfy constraint: Member must have value between 0 and 1", field.name)
		}
	}
	temperature, topP := q.Config.Temperature != nil, q.Config.TopP != nil
	switch {
	case m.Sampling == NoSampling && temperature:
		return modelFault("temperature is deprecated for this model.")
	case m.Sampling == NoSampling && topP:
		return modelFault("top_p is deprecated for this model.")
	case m.Sampling == OneSampling && temperature && topP:
		return modelFault("`temperature` and `top_p` cannot both be specified for this model. Please use only one.")
	}
	return nil
}

func checkThinking(_ string, _ Model, q *request) *fault {
	budget, on := q.thinking()
	if !on {
		return nil
	}
	if budget < 1024 {
		return modelFault("thinking.enabled.budget_tokens: Input should be greater than or equal to 1024")
	}
	if n, ok := q.maxTokens(); ok && n <= budget {
		return modelFault("`max_tokens` must be greater than `thinking.budget_tokens`. Please consult our documentation at https://docs.claude.com/en/docs/build-with-claude/extended-thinking#max-tokens-and-context-window-size")
	}
	if q.Config != nil && q.Config.Temperature != nil && *q.Config.Temperature != 1 {
		return modelFault("`temperature` may only be set to 1 when thinking is enabled.")
	}
	if q.ToolConfig != nil && q.ToolConfig.Choice != nil && q.ToolConfig.Choice.Auto == nil {
		return modelFault("Thinking may not be enabled when tool_choice forces tool use.")
	}
	return nil
}

func checkTools(id string, m Model, q *request) *fault {
	if q.ToolConfig == nil {
		return nil
	}
	var names []string
	for i, t := range q.ToolConfig.Tools {
		if t.Spec == nil {
			continue
		}
		if !toolName.MatchString(t.Spec.Name) {
			return invalid("Value '%s' at 'toolConfig.tools.%d.member.toolSpec.name' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_-]+", t.Spec.Name, i)
		}
		if strings.Contains(id, "nova") && strings.Contains(t.Spec.Name, "-") {
			return &fault{status: 424, kind: "ModelErrorException", message: toolSequence,
				more: map[string]any{"originalStatusCode": 400, "resourceName": id}}
		}
		names = append(names, t.Spec.Name)
		if t.Spec.Strict {
			if f := checkSchema(fmt.Sprintf("tools.%d.custom.input_schema", i), t.Spec.Schema.JSON); f != nil {
				return f
			}
		}
	}
	if len(names) == 0 {
		return invalid("The toolConfig.tools field is empty. Add a tool and try again.")
	}
	c := q.ToolConfig.Choice
	switch {
	case c == nil, c.Auto != nil:
	case c.Tool != nil && m.Tools != oneTool:
		return invalid("This model doesn't support the toolConfig.toolChoice.tool field. Remove toolConfig.toolChoice.tool and try again.")
	case c.Any != nil && m.Tools == noTool:
		return invalid("This model doesn't support the toolConfig.toolChoice.any field. Remove toolConfig.toolChoice.any and try again.")
	case c.Tool != nil && !slices.Contains(names, c.Tool.Name):
		return invalid("The toolConfig.toolChoice.tool field names a tool that is not in toolConfig.tools: %s", c.Tool.Name)
	}
	return nil
}

const toolSequence = "The model returned the following errors: Model produced invalid sequence as part of ToolUse. Please refer to the model tool use troubleshooting guide."

func checkFormat(_ string, m Model, q *request) *fault {
	schema, ok := q.schemaText()
	if !ok {
		return nil
	}
	if !m.Schema {
		return invalid("This model doesn't support the outputConfig.textFormat field. Remove outputConfig.textFormat and try again.")
	}
	return checkSchema("output_config.format.schema", json.RawMessage(schema))
}

// unsupported are the key words of JSON Schema that no structured output takes.
var unsupported = map[string]string{
	"minimum": "number", "maximum": "number", "exclusiveMinimum": "number", "exclusiveMaximum": "number", "multipleOf": "number",
	"minLength": "string", "maxLength": "string",
	"maxItems": "array", "uniqueItems": "array",
}

// checkSchema refuses what structured output cannot hold a model to.
func checkSchema(place string, text json.RawMessage) *fault {
	var root any
	if err := json.Unmarshal(text, &root); err != nil {
		return modelFault("%s: the schema is not valid JSON", place)
	}
	var visit func(v any, inside int) *fault
	visit = func(v any, inside int) *fault {
		if inside > 100 {
			return modelFault("%s: the schema is nested too deeply", place)
		}
		switch v := v.(type) {
		case []any:
			for _, e := range v {
				if f := visit(e, inside+1); f != nil {
					return f
				}
			}
		case map[string]any:
			if f := checkNode(place, v); f != nil {
				return f
			}
			for _, name := range slices.Sorted(maps.Keys(v)) {
				if name == "enum" || name == "const" || name == "default" {
					continue
				}
				// Members of properties are named by the caller, not by JSON Schema.
				if inner, ok := v[name].(map[string]any); ok && (name == "properties" || name == "$defs") {
					for _, p := range slices.Sorted(maps.Keys(inner)) {
						if f := visit(inner[p], inside+1); f != nil {
							return f
						}
					}
					continue
				}
				if f := visit(v[name], inside+1); f != nil {
					return f
				}
			}
		}
		return nil
	}
	if f := visit(root, 0); f != nil {
		return f
	}
	if object, ok := root.(map[string]any); ok && recursive(object) {
		return modelFault("%s: recursive schemas are not supported", place)
	}
	return nil
}

// recursive reports whether a definition of the schema leads back to itself.
func recursive(root map[string]any) bool {
	defs, _ := root["$defs"].(map[string]any)
	const underWay, done = 1, 2
	state := map[string]int{}
	var walk func(v any) bool
	walk = func(v any) bool {
		switch v := v.(type) {
		case []any:
			return slices.ContainsFunc(v, walk)
		case map[string]any:
			if ref, ok := v["$ref"].(string); ok {
				name := strings.TrimPrefix(ref, "#/$defs/")
				if ref == "#" || state[name] == underWay {
					return true
				}
				if state[name] == 0 {
					state[name] = underWay
					if walk(defs[name]) {
						return true
					}
					state[name] = done
				}
			}
			for name, inner := range v {
				if name != "$defs" && walk(inner) {
					return true
				}
			}
		}
		return false
	}
	for name := range defs {
		if walk(map[string]any{"$ref": "#/$defs/" + name}) {
			return true
		}
	}
	return walk(root)
}

func checkNode(place string, v map[string]any) *fault {
	byType := map[string][]string{}
	for name, kind := range unsupported {
		if _, ok := v[name]; ok {
			byType[kind] = append(byType[kind], name)
		}
	}
	if n, ok := v["minItems"].(float64); ok && n > 1 {
		return modelFault("%s: For 'array' type, 'minItems' values other than 0 or 1 are not supported", place)
	}
	if kinds := slices.Sorted(maps.Keys(byType)); len(kinds) > 0 {
		kind := kinds[0]
		names := byType[kind]
		slices.Sort(names)
		if said, ok := v["type"].(string); ok && kind == "number" {
			kind = said
		}
		return modelFault("%s: For '%s' type, properties %s are not supported", place, kind, strings.Join(names, ", "))
	}
	if v["type"] == "object" && v["additionalProperties"] != false {
		return modelFault("%s: For 'object' type, 'additionalProperties' must be explicitly set to false", place)
	}
	return nil
}
