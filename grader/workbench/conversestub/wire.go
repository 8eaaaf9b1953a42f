package conversestub

import (
	"encoding/json"
	"strings"
)

// request is the part of a Converse request that the stand-in looks at.
type request struct {
	Messages []message `json:"messages"`
	System   []block   `json:"system"`
	Config   *struct {
		MaxTokens   *int     `json:"maxTokens"`
		Temperature *float64 `json:"temperature"`
		TopP        *float64 `json:"topP"`
		Stop        []string `json:"stopSequences"`
	} `json:"inferenceConfig"`
	ToolConfig *toolConfig `json:"toolConfig"`
	Output     *struct {
		TextFormat *struct {
			Type      string `json:"type"`
			Structure struct {
				JSONSchema struct {
					Schema string `json:"schema"`
				} `json:"jsonSchema"`
			} `json:"structure"`
		} `json:"textFormat"`
	} `json:"outputConfig"`
	Extra map[string]json.RawMessage `json:"additionalModelRequestFields"`
}

type message struct {
	Role    string  `json:"role"`
	Content []block `json:"content"`
}

type block struct {
	Text       *string `json:"text"`
	CachePoint *struct {
		TTL string `json:"ttl"`
	} `json:"cachePoint"`
}

type toolConfig struct {
	Tools []struct {
		Spec *struct {
			Name   string `json:"name"`
			Strict bool   `json:"strict"`
			Schema struct {
				JSON json.RawMessage `json:"json"`
			} `json:"inputSchema"`
		} `json:"toolSpec"`
	} `json:"tools"`
	Choice *struct {
		Auto *struct{} `json:"auto"`
		Any  *struct{} `json:"any"`
		Tool *struct {
			Name string `json:"name"`
		} `json:"tool"`
	} `json:"toolChoice"`
}

func (q *request) maxTokens() (int, bool) {
	if q.Config == nil || q.Config.MaxTokens == nil {
		return 0, false
	}
	return *q.Config.MaxTokens, true
}

// thinking returns the budget of tokens for reasoning, if it is switched on.
func (q *request) thinking() (budget int, on bool) {
	var t struct {
		Type   string `json:"type"`
		Budget int    `json:"budget_tokens"`
	}
	if err := json.Unmarshal(q.Extra["thinking"], &t); err != nil {
		return 0, false
	}
	return t.Budget, t.Type == "enabled"
}

// schemaText returns the schema of the output format, if one is asked for.
func (q *request) schemaText() (string, bool) {
	if q.Output == nil || q.Output.TextFormat == nil || q.Output.TextFormat.Type != "json_schema" {
		return "", false
	}
	return q.Output.TextFormat.Structure.JSONSchema.Schema, true
}

// tool returns the tool that the answer must or may call: the one that is
// forced, or the first one.
func (q *request) tool() (name string, schema json.RawMessage, ok bool) {
	if q.ToolConfig == nil {
		return "", nil, false
	}
	forced := ""
	if c := q.ToolConfig.Choice; c != nil && c.Tool != nil {
		forced = c.Tool.Name
	}
	for _, t := range q.ToolConfig.Tools {
		if t.Spec != nil && (forced == "" || t.Spec.Name == forced) {
			return t.Spec.Name, t.Spec.Schema.JSON, true
		}
	}
	return "", nil, false
}

func textOf(blocks []block) string {
	var texts []string
	for _, b := range blocks {
		if b.Text != nil {
			texts = append(texts, *b.Text)
		}
	}
	return strings.Join(texts, "\n")
}

// spoken returns the text of all messages of a role.
func (q *request) spoken(role string) string {
	var texts []string
	for _, m := range q.Messages {
		if m.Role == role {
			texts = append(texts, textOf(m.Content))
		}
	}
	return strings.Join(texts, "\n")
}

// prefix returns the text before the last cache point, and the point's time to
// live ("" for the default). Tools stand before the system text.
func (q *request) prefix() (text, ttl string, ok bool) {
	var before strings.Builder
	if q.ToolConfig != nil {
		if b, err := json.Marshal(q.ToolConfig); err == nil {
			before.Write(b)
		}
	}
	visit := func(blocks []block) {
		for _, b := range blocks {
			if b.Text != nil {
				before.WriteString(*b.Text)
			}
			if b.CachePoint != nil {
				text, ttl, ok = before.String(), b.CachePoint.TTL, true
			}
		}
	}
	visit(q.System)
	for _, m := range q.Messages {
		before.WriteString(m.Role)
		visit(m.Content)
	}
	return text, ttl, ok
}

// Tokens is how many tokens the stand-in takes a text for: one for every four
// characters, and one for what is left.
func Tokens(text string) int {
	n := 0
	for range text {
		n++
	}
	return (n + 3) / 4
}

// input returns the number of tokens of everything that is sent to the model.
func (q *request) input() int {
	n := Tokens(textOf(q.System))
	for _, m := range q.Messages {
		n += Tokens(textOf(m.Content))
	}
	if schema, ok := q.schemaText(); ok {
		n += Tokens(schema)
	}
	if q.ToolConfig != nil {
		for _, t := range q.ToolConfig.Tools {
			if t.Spec != nil {
				n += Tokens(t.Spec.Name) + Tokens(string(t.Spec.Schema.JSON))
			}
		}
	}
	return n
}

// response is a Converse response.
type response struct {
	Output  output  `json:"output"`
	Stop    string  `json:"stopReason"`
	Usage   usage   `json:"usage"`
	Metrics metrics `json:"metrics"`
}

type output struct {
	Message *said `json:"message,omitempty"`
}

type said struct {
	Role    string `json:"role"`
	Content []any  `json:"content"`
}

type metrics struct {
	LatencyMS int64 `json:"latencyMs"`
}

type usage struct {
	Input      int `json:"inputTokens"`
	Output     int `json:"outputTokens"`
	Total      int `json:"totalTokens"`
	CacheRead  int `json:"cacheReadInputTokens"`
	CacheWrite int `json:"cacheWriteInputTokens"`
}

func textBlock(text string) any { return map[string]any{"text": text} }

func toolBlock(id, name string, input json.RawMessage) any {
	return map[string]any{"toolUse": map[string]any{"toolUseId": id, "name": name, "input": input}}
}
