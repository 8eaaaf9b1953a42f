package models_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/graders/judge/converse"
	"github.com/rftgrader/rftgrader/graders/judge/models"
)

func TestLookup(t *testing.T) {
	for id, want := range map[string]string{
		"amazon.nova-lite-v1:0":                                                            "amazon.nova",
		"us.amazon.nova-2-lite-v1:0":                                                       "amazon.nova-2",
		"apac.amazon.nova-pro-v1:0":                                                        "amazon.nova-pro",
		"us.anthropic.claude-haiku-4-5-20251001-v1:0":                                      "anthropic.claude-haiku-4-5",
		"global.anthropic.claude-sonnet-4-5-20250929-v1:0":                                 "anthropic.claude-sonnet-4-5",
		"eu.anthropic.claude-sonnet-4-20250514-v1:0":                                       "anthropic.claude-sonnet-4-2",
		"anthropic.claude-opus-4-20250514-v1:0":                                            "anthropic.claude-opus-4-2",
		"us.anthropic.claude-opus-4-7":                                                     "anthropic.claude-opus",
		"us.anthropic.claude-sonnet-5-20260901-v1:0":                                       "anthropic.claude-sonnet",
		"anthropic.claude-3-5-sonnet-20241022-v2:0":                                        "anthropic.claude-3-5-sonnet",
		"anthropic.claude-3-opus-20240229-v1:0":                                            "anthropic.claude-3",
		"arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.amazon.nova-pro-v1:0": "amazon.nova-pro",
		"arn:aws:bedrock:us-east-1::foundation-model/openai.gpt-oss-120b-1:0":              "openai.gpt-oss",
		"arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc123":      "",
		"example.future-model-v1:0":                                                        "",
		"":                                                                                 "",
		"mistral.mistral-large-2407-v1:0":                                                  "mistral.mistral-large",
		"mistral.mistral-large-3-675b-instruct":                                            "mistral.mistral-large-3",
		"deepseek.v3-v1:0":                                                                 "deepseek.",
		"us.deepseek.r1-v1:0":                                                              "deepseek.r1",
		"us.meta.llama3-3-70b-instruct-v1:0":                                               "meta.llama3-",
		"us.meta.llama4-maverick-17b-instruct-v1:0":                                        "meta.llama",
		"arn:aws-us-gov:bedrock:us-gov-west-1::inference-profile/us-gov.amazon.nova-micro-v1:0": "amazon.nova-micro",
	} {
		t.Run(id, func(t *testing.T) {
			m := models.Lookup(id)
			require.Equal(t, want, m.Match)
			require.GreaterOrEqual(t, m.Burndown, 1.0)
			if want == "" {
				require.Equal(t, []converse.Form{converse.FormTool}, m.Forms)
				require.Nil(t, m.Price)
			} else {
				require.Positive(t, m.Price.In)
				require.Positive(t, m.RPM)
				require.Positive(t, m.TPM)
				require.NoError(t, m.Price.Validate())
			}
		})
	}
}

func TestRegionOf(t *testing.T) {
	require.Equal(t, "us-east-1", models.RegionOf("arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc123"))
	require.Empty(t, models.RegionOf("us.amazon.nova-pro-v1:0"))
	require.Empty(t, models.RegionOf("arn:short"))
}

func TestForm(t *testing.T) {
	const auto, schema, tool, anyTool, text = converse.FormAuto, converse.FormSchema, converse.FormTool, converse.FormAnyTool, converse.FormText
	haiku, nova, mistral, llama := models.Lookup("anthropic.claude-haiku-4-5"), models.Lookup("amazon.nova-lite"), models.Lookup("mistral.mistral-large-2407"), models.Lookup("meta.llama3-1")
	for _, c := range []struct {
		name     string
		model    models.Model
		want     converse.Form
		thinking bool
		form     converse.Form
	}{
		{"auto takes the best", haiku, auto, false, schema},
		{"auto of Nova", nova, auto, false, tool},
		{"auto without forced tools", mistral, auto, false, anyTool},
		{"auto without tools", llama, auto, false, text},
		{"what is supported stays", haiku, tool, false, tool},
		{"schema falls to the tool", nova, schema, false, tool},
		{"schema falls to any tool", mistral, schema, false, anyTool},
		{"schema falls to text", llama, schema, false, text},
		{"tool never rises to schema", llama, tool, false, text},
		{"text stays", haiku, text, false, text},
		{"unknown form is text", haiku, "xml", false, text},
		{"reasoning keeps schema", haiku, auto, true, schema},
		{"reasoning drops tools", haiku, tool, true, text},
	} {
		t.Run(c.name, func(t *testing.T) { require.Equal(t, c.form, c.model.Form(c.want, c.thinking)) })
	}
}

func request(change func(*converse.Request)) *converse.Request {
	half := 0.5
	q := &converse.Request{
		Model: "m", System: []string{"Be strict."}, Cache: "1h", MaxTokens: 300, Temperature: &half, TopP: &half,
		Messages: []converse.Message{{Role: converse.User, Text: "Rate it."}},
		Stop:     []string{"</verdict>"},
		Output:   converse.Output{Form: converse.FormAuto, Name: "submit-score", Strict: true, Schema: json.RawMessage(`{}`), Spelled: "Answer in JSON."},
	}
	if change != nil {
		change(q)
	}
	return q
}

func TestFit(t *testing.T) {
	prefilled := func(q *converse.Request) {
		q.Messages = append(q.Messages, converse.Message{Role: converse.Assistant, Text: "{"})
	}
	for _, c := range []struct {
		name, model string
		change      func(*converse.Request)
		want        func(t *testing.T, f *converse.Request)
	}{
		{"schema with one sampling field", "anthropic.claude-haiku-4-5", nil, func(t *testing.T, f *converse.Request) {
			require.Equal(t, converse.Output{Form: converse.FormSchema, Name: "submit-score", Schema: json.RawMessage(`{}`)}, f.Output)
			require.NotNil(t, f.Temperature)
			require.Nil(t, f.TopP)
			require.Equal(t, "1h", f.Cache)
			require.Equal(t, []string{"Be strict."}, f.System)
		}},
		{"no sampling field", "us.anthropic.claude-opus-4-7", prefilled, func(t *testing.T, f *converse.Request) {
			require.Nil(t, f.Temperature)
			require.Nil(t, f.TopP)
			require.Len(t, f.Messages, 1, "no prefill")
		}},
		{"top_p alone", "anthropic.claude-haiku-4-5", func(q *converse.Request) { q.Temperature = nil }, func(t *testing.T, f *converse.Request) {
			require.NotNil(t, f.TopP)
		}},
		{"Nova's tools have no hyphens", "amazon.nova-lite-v1:0", prefilled, func(t *testing.T, f *converse.Request) {
			require.Equal(t, converse.FormTool, f.Output.Form)
			require.Equal(t, "submit_score", f.Output.Name)
			require.False(t, f.Output.Strict)
			require.Equal(t, "5m", f.Cache)
			require.NotNil(t, f.TopP)
			require.Len(t, f.Messages, 2, "prefill")
		}},
		{"strict tools", "anthropic.claude-haiku-4-5", func(q *converse.Request) { q.Output.Form = converse.FormTool }, func(t *testing.T, f *converse.Request) {
			require.True(t, f.Output.Strict)
			require.Equal(t, "submit-score", f.Output.Name)
		}},
		{"text is spelled", "meta.llama3-1-8b", nil, func(t *testing.T, f *converse.Request) {
			require.Equal(t, []string{"Be strict.", "Answer in JSON."}, f.System)
			require.Zero(t, f.Output)
			require.Empty(t, f.Cache)
		}},
		{"no system text", "amazon.titan-text-express-v1", nil, func(t *testing.T, f *converse.Request) {
			require.Empty(t, f.System)
			require.Equal(t, "Be strict.\n\nAnswer in JSON.\n\nRate it.", f.Messages[0].Text)
		}},
		{"no system text and no message", "amazon.titan-text-express-v1", func(q *converse.Request) { q.Messages = nil }, func(t *testing.T, f *converse.Request) {
			require.Equal(t, []converse.Message{{Role: converse.User, Text: "Be strict.\n\nAnswer in JSON."}}, f.Messages)
		}},
		{"reasoning", "anthropic.claude-haiku-4-5", func(q *converse.Request) { q.Thinking, q.Output.Form = 2048, converse.FormTool }, func(t *testing.T, f *converse.Request) {
			require.Equal(t, 2048, f.Thinking)
			require.Equal(t, 2348, f.MaxTokens)
			require.Nil(t, f.Temperature)
			require.Nil(t, f.TopP)
			require.Equal(t, converse.FormText, f.Output.Form)
		}},
		{"reasoning where there is none", "amazon.nova-lite-v1:0", func(q *converse.Request) { q.Thinking = 2048 }, func(t *testing.T, f *converse.Request) {
			require.Zero(t, f.Thinking)
			require.Equal(t, 300, f.MaxTokens)
		}},
		{"effort of Nova 2", "us.amazon.nova-2-lite-v1:0", func(q *converse.Request) { q.Effort = "low" }, func(t *testing.T, f *converse.Request) {
			require.Empty(t, f.Effort)
			require.Equal(t, map[string]any{"reasoningConfig": map[string]any{"type": "enabled", "maxReasoningEffort": "low"}}, f.Extra)
			require.Equal(t, 300, f.MaxTokens)
		}},
		{"high effort of Nova 2", "us.amazon.nova-2-lite-v1:0", func(q *converse.Request) { q.Effort = "high" }, func(t *testing.T, f *converse.Request) {
			require.Nil(t, f.Temperature)
			require.Zero(t, f.MaxTokens)
		}},
		{"effort of gpt-oss", "openai.gpt-oss-120b-1:0", func(q *converse.Request) { q.Effort = "low" }, func(t *testing.T, f *converse.Request) {
			require.Equal(t, map[string]any{"reasoning_effort": "low"}, f.Extra)
		}},
		{"effort said already", "openai.gpt-oss-120b-1:0", func(q *converse.Request) { q.Effort, q.Extra = "low", map[string]any{"reasoning_effort": "high"} }, func(t *testing.T, f *converse.Request) {
			require.Equal(t, map[string]any{"reasoning_effort": "high"}, f.Extra)
		}},
		{"effort of Claude", "anthropic.claude-opus-4-5", func(q *converse.Request) { q.Effort = "low" }, func(t *testing.T, f *converse.Request) {
			require.Equal(t, "low", f.Effort)
		}},
		{"effort where there is none", "meta.llama3-1-8b", func(q *converse.Request) { q.Effort = "low" }, func(t *testing.T, f *converse.Request) {
			require.Empty(t, f.Effort)
			require.Empty(t, f.Extra)
		}},
		{"more tokens than the model has", "amazon.nova-lite-v1:0", func(q *converse.Request) { q.MaxTokens = 9000 }, func(t *testing.T, f *converse.Request) {
			require.Equal(t, 5000, f.MaxTokens)
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			q := request(c.change)
			before, err := json.Marshal(q)
			require.NoError(t, err)
			f := models.Lookup(c.model).Fit(q)
			require.Empty(t, f.Output.Spelled)
			c.want(t, f)
			after, err := json.Marshal(q)
			require.NoError(t, err)
			require.JSONEq(t, string(before), string(after), "the request stays as it is")
		})
	}
}

// TestLearn shows what each refusal teaches: the field that was refused is not
// sent any more, and only this one.
func TestLearn(t *testing.T) {
	const haiku, nova, mistral = "anthropic.claude-haiku-4-5", "amazon.nova-lite-v1:0", "mistral.mistral-large-2407-v1:0"
	both := func(m *models.Model) { m.OneSampling = false }
	tool := func(q *converse.Request) { q.Output.Form = converse.FormTool }
	for _, c := range []struct {
		name, model, text string
		known             func(*models.Model)
		change            func(*converse.Request)
		want              func(t *testing.T, f *converse.Request) // nil: nothing is learned
	}{
		{"deprecated temperature", haiku, "The model returned the following errors: temperature is deprecated for this model.", nil, nil, func(t *testing.T, f *converse.Request) {
			require.Nil(t, f.Temperature)
		}},
		{"both sampling fields", haiku, "The model returned the following errors: `temperature` and `top_p` cannot both be specified for this model. Please use only one.", both, nil, func(t *testing.T, f *converse.Request) {
			require.NotNil(t, f.Temperature)
			require.Nil(t, f.TopP)
		}},
		{"top_p", nova, "top_p is not supported", nil, nil, func(t *testing.T, f *converse.Request) {
			require.NotNil(t, f.Temperature)
			require.Nil(t, f.TopP)
		}},
		{"schema's key words", haiku, "The model returned the following errors: output_config.format.schema: For 'number' type, properties maximum, minimum are not supported", nil, nil, func(t *testing.T, f *converse.Request) {
			require.Equal(t, converse.FormTool, f.Output.Form)
		}},
		{"no schema", haiku, "This model doesn't support the outputConfig.textFormat field.", nil, nil, func(t *testing.T, f *converse.Request) {
			require.Equal(t, converse.FormTool, f.Output.Form)
		}},
		{"no tool by name", nova, "This model doesn't support the toolConfig.toolChoice.tool field. Remove toolConfig.toolChoice.tool and try again.", nil, nil, func(t *testing.T, f *converse.Request) {
			require.Equal(t, converse.FormAnyTool, f.Output.Form)
		}},
		{"no any tool either", mistral, "This model doesn't support the toolConfig.toolChoice.any field. Remove toolConfig.toolChoice.any and try again.", nil, nil, func(t *testing.T, f *converse.Request) {
			require.Equal(t, converse.FormText, f.Output.Form)
			require.Contains(t, f.System, "Answer in JSON.")
		}},
		{"no tools", nova, "This model doesn't support tool use.", nil, nil, func(t *testing.T, f *converse.Request) {
			require.Equal(t, converse.FormText, f.Output.Form)
		}},
		{"no strict tools", haiku, "tools.0.custom.strict: Extra inputs are not permitted", nil, tool, func(t *testing.T, f *converse.Request) {
			require.Equal(t, converse.FormTool, f.Output.Form)
			require.False(t, f.Output.Strict)
		}},
		{"thinking", haiku, "thinking is not supported on this model", nil, func(q *converse.Request) { q.Thinking = 1024 }, func(t *testing.T, f *converse.Request) {
			require.Zero(t, f.Thinking)
			require.Equal(t, 300, f.MaxTokens)
		}},
		{"thinking of the model's own and a forced tool", haiku, "Thinking may not be enabled when tool_choice forces tool use.", nil, func(q *converse.Request) {
			q.Output.Form, q.Extra = converse.FormTool, map[string]any{"thinking": map[string]any{"type": "enabled"}}
		}, func(t *testing.T, f *converse.Request) {
			require.Equal(t, converse.FormText, f.Output.Form)
		}},
		{"effort", "anthropic.claude-opus-4-5", "output_config.effort is not available", nil, func(q *converse.Request) { q.Effort = "low" }, func(t *testing.T, f *converse.Request) {
			require.Empty(t, f.Effort)
			require.Equal(t, converse.FormSchema, f.Output.Form)
		}},
		{"hour of the cache", haiku, "cache_control ttl 1h is not supported", nil, nil, func(t *testing.T, f *converse.Request) {
			require.Equal(t, "5m", f.Cache)
		}},
		{"cache", nova, "You invoked an unsupported model or your request did not allow prompt caching. See the documentation for cachePoint.", nil, nil, func(t *testing.T, f *converse.Request) {
			require.Empty(t, f.Cache)
		}},
		{"prefill", haiku, "This model does not support assistant message prefill. The conversation must end with a user message.", nil, func(q *converse.Request) {
			q.Messages = append(q.Messages, converse.Message{Role: converse.Assistant, Text: "{"})
		}, func(t *testing.T, f *converse.Request) {
			require.Len(t, f.Messages, 1)
		}},
		{"system", "meta.llama3-1", "This model doesn't support system messages.", nil, nil, func(t *testing.T, f *converse.Request) {
			require.Empty(t, f.System)
			require.Contains(t, f.Messages[0].Text, "Be strict.")
		}},
		{"stop sequences", "meta.llama3-1", "This model doesn't support the stopSequences field.", nil, nil, func(t *testing.T, f *converse.Request) {
			require.Empty(t, f.Stop)
		}},
		{"most tokens", "meta.llama3-1", "The maximum tokens you requested exceeds the model limit of 256. Try again with a maximum tokens value that is lower than 256.", nil, nil, func(t *testing.T, f *converse.Request) {
			require.Equal(t, 256, f.MaxTokens)
		}},
		{"limits that the request keeps", "meta.llama3-1", "The maximum tokens you requested exceeds the model limit of 8192.", nil, nil, nil},
		{"temperature that was not sent", "us.anthropic.claude-opus-4-7", "temperature is deprecated for this model", nil, nil, nil},
		{"another fault", haiku, "messages: text content blocks must be non-empty", nil, nil, nil},
		{"profile needed", haiku, "Invocation of model ID anthropic.claude-haiku-4-5-20251001-v1:0 with on-demand throughput isn’t supported.", nil, nil, nil},
		{"no text", haiku, "", nil, nil, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := models.Lookup(c.model)
			if c.known != nil {
				c.known(&m)
			}
			q := request(c.change)
			learned, ok := m.Learn(m.Fit(q), c.text)
			require.Equal(t, c.want != nil, ok)
			if c.want == nil {
				require.Equal(t, m, learned)
				return
			}
			c.want(t, learned.Fit(q))
			require.NotEqual(t, m.Fit(q).Key(), learned.Fit(q).Key())
			if c.known == nil {
				require.Equal(t, models.Lookup(c.model), m, "the model that learned stays as it is")
			}
		})
	}
}

func TestLower(t *testing.T) {
	m, q := models.Lookup("anthropic.claude-haiku-4-5"), request(nil)
	var forms []converse.Form
	for ok := true; ok; {
		f := m.Fit(q)
		forms = append(forms, f.Output.Form)
		m, ok = m.Lower(f)
	}
	require.Equal(t, []converse.Form{converse.FormSchema, converse.FormTool, converse.FormAnyTool, converse.FormText}, forms)
}

func TestWith(t *testing.T) {
	no, yes, zero := false, true, 0
	m := models.Lookup("arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc123").With(models.Overrides{
		Like: "anthropic.claude-sonnet-4-6", Forms: []converse.Form{converse.FormTool}, Strict: &no, TopP: &no, System: &no, Thinking: &yes, CacheMin: &zero,
	})
	require.Equal(t, "anthropic.claude-sonnet-4-6", m.Match)
	require.Equal(t, []converse.Form{converse.FormTool}, m.Forms)
	require.False(t, m.Strict)
	require.True(t, m.Temperature)
	require.False(t, m.TopP)
	require.True(t, m.NoSystem)
	require.Zero(t, m.CacheMin)
	require.Equal(t, "claude", m.Thinking)
	require.Empty(t, m.With(models.Overrides{Thinking: &no}).Thinking)
	require.Equal(t, m, m.With(models.Overrides{}))
	require.Empty(t, m.With(models.Overrides{Forms: []converse.Form{}}).Forms)

	require.NoError(t, models.Overrides{Like: "amazon.nova-lite-v1:0", Forms: []converse.Form{converse.FormSchema}}.Validate())
	require.ErrorContains(t, models.Overrides{Like: "nova"}.Validate(), `like: want the id of a model in the table, such as amazon.nova-lite-v1:0, got "nova"`)
	require.ErrorContains(t, models.Overrides{Forms: []converse.Form{"json"}}.Validate(), `forms: want schema, tool or any_tool, got "json"`)
	minus := -1
	require.ErrorContains(t, models.Overrides{CacheMin: &minus}.Validate(), "cache_min: want 0 or more tokens, got -1")
}

func TestCost(t *testing.T) {
	u := converse.Usage{Input: 1000, Output: 100, CacheRead: 2000, CacheWrite: 400}
	require.InDelta(t, 0.001+0.0005+0.0002+0.0005, models.Price{In: 1, Out: 5, CacheRead: 0.1, CacheWrite: 1.25}.Cost(u), 1e-12)
	require.InDelta(t, 0.001+0.0005+0.0004, models.Price{In: 1, Out: 5}.Cost(u), 1e-12, "writing costs what input costs")
	require.ErrorContains(t, models.Price{Out: -1}.Validate(), "out: want 0 to 1000000 US dollars for a million tokens, got -1")
}

func TestEstimateTokens(t *testing.T) {
	require.Zero(t, models.EstimateTokens())
	require.Equal(t, 1, models.EstimateTokens("a"))
	require.Equal(t, 4, models.EstimateTokens("12345", "67890"))
	require.Equal(t, models.EstimateTokens("Be strict.", "Rate it.", "{}"), models.InputTokens(request(nil)))
}
