package bedrock

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/big"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/bedrockruntime"
	"github.com/aws/aws-sdk-go-v2/service/bedrockruntime/document"
	"github.com/aws/aws-sdk-go-v2/service/bedrockruntime/types"

	"github.com/rftgrader/rftgrader/graders/judge/converse"
)

// input returns the request as the SDK sends it.
func input(q *converse.Request) (*bedrockruntime.ConverseInput, error) {
	in := &bedrockruntime.ConverseInput{
		ModelId:                           aws.String(q.Model),
		Messages:                          messages(q),
		System:                            system(q),
		InferenceConfig:                   inference(q),
		AdditionalModelResponseFieldPaths: q.ResponsePaths,
		RequestMetadata:                   q.Metadata,
	}
	if err := output(in, q); err != nil {
		return nil, err
	}
	if q.Effort != "" {
		if in.OutputConfig == nil {
			in.OutputConfig = &types.OutputConfig{}
		}
		in.OutputConfig.Effort = aws.String(q.Effort)
	}
	if err := fields(in, q); err != nil {
		return nil, err
	}
	if g := q.Guardrail; g != nil {
		in.GuardrailConfig = &types.GuardrailConfiguration{
			GuardrailIdentifier: aws.String(g.ID), GuardrailVersion: aws.String(g.Version), Trace: types.GuardrailTrace(g.Trace),
		}
	}
	if q.ServiceTier != "" {
		in.ServiceTier = &types.ServiceTier{Type: types.ServiceTierType(q.ServiceTier)}
	}
	if q.Performance != "" {
		in.PerformanceConfig = &types.PerformanceConfiguration{Latency: types.PerformanceConfigLatency(q.Performance)}
	}
	return in, nil
}

func messages(q *converse.Request) []types.Message {
	out := make([]types.Message, len(q.Messages))
	for i, m := range q.Messages {
		out[i] = types.Message{
			Role:    types.ConversationRole(m.Role),
			Content: []types.ContentBlock{&types.ContentBlockMemberText{Value: m.Text}},
		}
	}
	return out
}

// system returns the static text, and the cache point behind it. Five minutes
// are what a cache point means that names no time, which every model that
// caches accepts.
func system(q *converse.Request) []types.SystemContentBlock {
	var out []types.SystemContentBlock
	for _, text := range q.System {
		out = append(out, &types.SystemContentBlockMemberText{Value: text})
	}
	if q.Cache != "" && len(out) > 0 {
		point := types.CachePointBlock{Type: types.CachePointTypeDefault}
		if q.Cache != string(types.CacheTTLFiveMinutes) {
			point.Ttl = types.CacheTTL(q.Cache)
		}
		out = append(out, &types.SystemContentBlockMemberCachePoint{Value: point})
	}
	return out
}

func inference(q *converse.Request) *types.InferenceConfiguration {
	if q.MaxTokens == 0 && q.Temperature == nil && q.TopP == nil && len(q.Stop) == 0 {
		return nil
	}
	c := &types.InferenceConfiguration{StopSequences: q.Stop}
	if q.MaxTokens > 0 {
		c.MaxTokens = aws.Int32(int32(min(q.MaxTokens, 1<<31-1)))
	}
	if q.Temperature != nil {
		c.Temperature = aws.Float32(float32(*q.Temperature))
	}
	if q.TopP != nil {
		c.TopP = aws.Float32(float32(*q.TopP))
	}
	return c
}

func output(in *bedrockruntime.ConverseInput, q *converse.Request) error {
	o := q.Output
	switch o.Form {
	case converse.FormText:
		return nil
	case converse.FormSchema:
		var schema bytes.Buffer
		if err := json.Compact(&schema, o.Schema); err != nil {
			return fmt.Errorf("read the schema of the answer: %w", err)
		}
		definition := types.JsonSchemaDefinition{Schema: aws.String(schema.String()), Name: optional(o.Name), Description: optional(o.Description)}
		in.OutputConfig = &types.OutputConfig{TextFormat: &types.OutputFormat{
			Type:      types.OutputFormatTypeJsonSchema,
			Structure: &types.OutputFormatStructureMemberJsonSchema{Value: definition},
		}}
		return nil
	case converse.FormTool, converse.FormAnyTool:
		schema, err := decode(o.Schema)
		if err != nil {
			return fmt.Errorf("read the schema of the answer: %w", err)
		}
		spec := types.ToolSpecification{
			Name:        aws.String(o.Name),
			Description: optional(o.Description),
			InputSchema: &types.ToolInputSchemaMemberJson{Value: document.NewLazyDocument(schema)},
		}
		if o.Strict {
			spec.Strict = aws.Bool(true)
		}
		var choice types.ToolChoice = &types.ToolChoiceMemberTool{Value: types.SpecificToolChoice{Name: aws.String(o.Name)}}
		if o.Form == converse.FormAnyTool {
			choice = &types.ToolChoiceMemberAny{}
		}
		in.ToolConfig = &types.ToolConfiguration{Tools: []types.Tool{&types.ToolMemberToolSpec{Value: spec}}, ToolChoice: choice}
		return nil
	}
	return fmt.Errorf("no form of answers is called %q", o.Form)
}

// fields puts the model's own fields into the request, and the budget for
// reasoning among them.
func fields(in *bedrockruntime.ConverseInput, q *converse.Request) error {
	if len(q.Extra) == 0 && q.Thinking == 0 {
		return nil
	}
	all := map[string]any{}
	if q.Thinking > 0 {
		all["thinking"] = map[string]any{"type": "enabled", "budget_tokens": q.Thinking}
	}
	for name, value := range q.Extra {
		raw, err := json.Marshal(value)
		if err != nil {
			return fmt.Errorf("encode the model's own fields: %w", err)
		}
		if all[name], err = decode(raw); err != nil {
			return fmt.Errorf("encode the model's own fields: %w", err)
		}
	}
	in.AdditionalModelRequestFields = document.NewLazyDocument(all)
	return nil
}

// decode reads JSON into values that the SDK's documents encode as they were:
// they know nothing of json.Number.
func decode(raw json.RawMessage) (any, error) {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return nil, err
	}
	return numbers(v)
}

func numbers(v any) (any, error) {
	var err error
	switch x := v.(type) {
	case map[string]any:
		for k := range x {
			if x[k], err = numbers(x[k]); err != nil {
				return nil, err
			}
		}
	case []any:
		for i := range x {
			if x[i], err = numbers(x[i]); err != nil {
				return nil, err
			}
		}
	case json.Number:
		if n, err := x.Int64(); err == nil {
			return n, nil
		}
		if n, ok := new(big.Int).SetString(x.String(), 10); ok {
			return *n, nil
		}
		f, err := x.Float64()
		if err != nil {
			return nil, fmt.Errorf("a number is too large: %w", err)
		}
		return f, nil
	}
	return v, nil
}

func optional(s string) *string {
	if s == "" {
		return nil
	}
	return aws.String(s)
}
