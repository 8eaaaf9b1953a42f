package invocationlog_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/grader/workbench/invocationlog"
)

// logged is a line of a log.
func logged(operation, input, output string) []byte {
	return fmt.Appendf(nil, `{"schemaType":"ModelInvocationLog","schemaVersion":"1.0","timestamp":"2026-05-02T09:00:00Z","requestId":"r1","operation":%q,"modelId":"amazon.nova-pro-v1:0","input":{"inputBodyJson":%s},"output":{"outputBodyJson":%s}}`, operation, input, output)
}

const (
	asked     = `{"messages":[{"role":"user","content":[{"text":"2+2?"}]}]}`
	answered  = `{"output":{"message":{"role":"assistant","content":[{"text":"4"}]}},"stopReason":"end_turn"}`
	noAnswer  = `null`
	plainRow  = `{"id":"r1","messages":[{"role":"user","content":"2+2?"}]}`
	answerRow = `{"id":"r1","messages":[{"role":"user","content":"2+2?"}],"reference_answer":"4"}`
)

func TestRequests(t *testing.T) {
	for _, c := range []struct{ name, operation, input, want string }{
		{"Converse", "Converse", asked, plainRow},
		{"system prompts and several turns", "ConverseStream",
			`{"system":[{"text":"Be brief."},{"cachePoint":{"type":"default"}},{"text":"Be kind."}],"messages":[{"role":"user","content":[{"text":"Hi"},{"guardContent":{"text":{"text":"there"}}}]},{"role":"assistant","content":[{"reasoningContent":{"reasoningText":{"text":"hm"}}},{"text":"Hello"}]},{"role":"user","content":[{"text":"2+2?"}]}],"inferenceConfig":{"maxTokens":5}}`,
			`{"id":"r1","messages":[{"role":"system","content":"Be brief.\nBe kind."},{"role":"user","content":"Hi\nthere"},{"role":"assistant","content":"Hello"},{"role":"user","content":"2+2?"}]}`},
		{"tools of Converse", "Converse",
			`{"messages":[{"role":"user","content":[{"text":"2+2?"}]}],"toolConfig":{"tools":[{"toolSpec":{"name":"add","description":"Adds.","inputSchema":{"json":{"type":"object","properties":{}}}}},{"cachePoint":{"type":"default"}}]}}`,
			`{"id":"r1","messages":[{"role":"user","content":"2+2?"}],"tools":[{"type":"function","function":{"name":"add","description":"Adds.","parameters":{"type":"object","properties":{}}}}]}`},
		{"Anthropic", "InvokeModel",
			`{"anthropic_version":"bedrock-2023-05-31","max_tokens":9,"system":"Be brief.","messages":[{"role":"user","content":[{"type":"text","text":"2+2?"}]}],"tools":[{"name":"add","input_schema":{"type":"object"}}]}`,
			`{"id":"r1","messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"2+2?"}],"tools":[{"type":"function","function":{"name":"add","parameters":{"type":"object"}}}]}`},
		{"OpenAI", "InvokeModel",
			`{"messages":[{"role":"developer","content":"Be brief."},{"role":"user","content":"2+2?"}],"tools":[{"type":"function","function":{"name":"add","parameters":{"type":"object"}}}]}`,
			`{"id":"r1","messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"2+2?"}],"tools":[{"type":"function","function":{"name":"add","parameters":{"type":"object"}}}]}`},
		{"a prompt", "InvokeModelWithResponseStream", `{"prompt":"2+2?","max_gen_len":9}`, plainRow},
		{"Titan", "InvokeModel", `{"inputText":"2+2?"}`, plainRow},
		{"the answer begun", "Converse", `{"messages":[{"role":"user","content":[{"text":"2+2?"}]},{"role":"assistant","content":[{"text":"It is "}]}]}`, plainRow},
	} {
		t.Run(c.name, func(t *testing.T) {
			row, err := invocationlog.Convert(logged(c.operation, c.input, noAnswer), invocationlog.Options{})
			require.NoError(t, err)
			require.JSONEq(t, c.want, string(row))
		})
	}
}

func TestAnswers(t *testing.T) {
	for _, c := range []struct{ name, output string }{
		{"Converse", answered},
		{"Converse with reasoning", `{"output":{"message":{"role":"assistant","content":[{"reasoningContent":{"reasoningText":{"text":"hm"}}},{"text":"4"}]}},"stopReason":"end_turn"}`},
		{"Anthropic", `{"content":[{"type":"thinking","thinking":"hm"},{"type":"text","text":"4"}],"stop_reason":"end_turn"}`},
		{"OpenAI", `{"choices":[{"index":0,"message":{"role":"assistant","content":"4"},"finish_reason":"stop"}]}`},
		{"Llama", `{"generation":"4","stop_reason":"stop"}`},
		{"Mistral", `{"outputs":[{"text":"4","stop_reason":"stop"}]}`},
		{"Titan", `{"results":[{"outputText":"4","completionReason":"FINISH"}]}`},
		{"before messages", `{"completion":"4","stop_reason":"stop_sequence"}`},
		{"a stream of Anthropic", `[{"type":"message_start","message":{"content":[]}},{"type":"content_block_delta","delta":{"type":"text_delta","text":"4"}},{"type":"message_delta","delta":{"stop_reason":"end_turn"}}]`},
		{"a stream of Nova", `[{"messageStart":{"role":"assistant"}},{"contentBlockDelta":{"delta":{"text":"4"},"contentBlockIndex":0}},{"messageStop":{"stopReason":"end_turn"}}]`},
		{"a stream of OpenAI", `[{"choices":[{"delta":{"content":"4"},"finish_reason":null}]},{"choices":[{"delta":{},"finish_reason":"stop"}]}]`},
		{"a stream of Llama", `[{"generation":"4","stop_reason":null},{"generation":"","stop_reason":"stop"}]`},
		{"a stream of Mistral", `[{"outputs":[{"text":"4","stop_reason":null}]}]`},
		{"a stream of Titan", `[{"outputText":"4","completionReason":"FINISH"}]`},
	} {
		t.Run(c.name, func(t *testing.T) {
			row, err := invocationlog.Convert(logged("Converse", asked, c.output), invocationlog.Options{Answer: invocationlog.AsReference})
			require.NoError(t, err)
			require.JSONEq(t, answerRow, string(row))
		})
	}
	t.Run("begun in the request", func(t *testing.T) {
		begun := `{"messages":[{"role":"user","content":[{"text":"2+2?"}]},{"role":"assistant","content":[{"text":"It is "}]}]}`
		row, err := invocationlog.Convert(logged("Converse", begun, answered), invocationlog.Options{Answer: invocationlog.AsReference})
		require.NoError(t, err)
		require.JSONEq(t, `{"id":"r1","messages":[{"role":"user","content":"2+2?"}],"reference_answer":"It is 4"}`, string(row))
	})
	t.Run("kept, it is a rollout", func(t *testing.T) {
		row, err := invocationlog.Convert(logged("Converse", asked, answered), invocationlog.Options{Answer: invocationlog.Keep})
		require.NoError(t, err)
		item := grader.DecodeRollout(row)
		require.NoError(t, item.Err)
		require.Equal(t, "4", item.Rollout.Response())
	})
}

func TestUnfit(t *testing.T) {
	with := func(parts string) string { return `{"messages":[{"role":"user","content":[` + parts + `]}]}` }
	for _, c := range []struct{ name, line, reason string }{
		{"no JSON", `{"schemaType":`, "not valid JSON"},
		{"another log", `{"eventSource":"bedrock"}`, "not a log of a model invocation (schemaType ModelInvocationLog)"},
		{"a failed call", `{"schemaType":"ModelInvocationLog","operation":"Converse","errorCode":"ThrottlingException","input":{"inputBodyJson":` + asked + `}}`, "the call failed: ThrottlingException"},
		{"a strange code", `{"schemaType":"ModelInvocationLog","operation":"Converse","errorCode":"secret text","input":{}}`, "the call failed: unknown error"},
		{"a request elsewhere", `{"schemaType":"ModelInvocationLog","operation":"Converse","input":{"inputBodyS3Path":"s3://secret/x.json.gz"}}`, "the request is stored elsewhere (inputBodyS3Path): put it into the log as inputBodyJson"},
		{"no request", `{"schemaType":"ModelInvocationLog","operation":"Converse","input":{}}`, "the log holds no request"},
		{"an answer elsewhere", `{"schemaType":"ModelInvocationLog","operation":"Converse","input":{"inputBodyJson":` + asked + `},"output":{"outputBodyS3Path":"s3://secret/x.json.gz"}}`, "the answer is stored elsewhere (outputBodyS3Path): put it into the log as outputBodyJson"},
		{"no answer", string(logged("Converse", asked, noAnswer)), "the log holds no answer"},
		{"another operation", string(logged("StartAsyncInvoke", asked, answered)), "an operation that is no conversation"},
		{"a picture", string(logged("Converse", with(`{"text":"secret"},{"image":{"format":"png","source":{"bytes":""}}}`), answered)), "a turn that is not text: image"},
		{"a document", string(logged("Converse", with(`{"document":{"name":"secret"}}`), answered)), "a turn that is not text: document"},
		{"a picture of OpenAI", string(logged("InvokeModel", with(`{"type":"image_url","image_url":{"url":"https://secret"}}`), answered)), "a turn that is not text: image"},
		{"a tool's result", string(logged("Converse", with(`{"toolResult":{"toolUseId":"1","content":[{"text":"secret"}]}}`), answered)), "a turn of a tool"},
		{"a tool's turn", string(logged("InvokeModel", `{"messages":[{"role":"user","content":"secret"},{"role":"tool","content":"4"}]}`, answered)), "a turn of a tool"},
		{"an unknown part", string(logged("Converse", with(`{"secret":{}}`), answered)), "a turn of an unknown form"},
		{"an unknown role", string(logged("InvokeModel", `{"messages":[{"role":"secret","content":"x"}]}`, answered)), "a role that is not system, user or assistant"},
		{"no text", string(logged("Converse", with(`{"text":" "}`), answered)), "a turn without text"},
		{"no user", string(logged("Converse", `{"messages":[{"role":"assistant","content":[{"text":"secret"}]}]}`, answered)), "no turn of a user"},
		{"embeddings", `{"schemaType":"ModelInvocationLog","operation":"InvokeModel","modelId":"amazon.titan-embed-text-v2:0","input":{"inputBodyJson":{"inputText":"secret"}}}`, "a request of an unknown form"},
		{"a request that is text", string(logged("InvokeModel", `"secret"`, answered)), "a request of an unknown form"},
		{"an unknown answer", string(logged("Converse", asked, `{"secret":1}`)), "an answer of an unknown form"},
		{"a call of a tool", string(logged("Converse", asked, `{"output":{"message":{"role":"assistant","content":[{"toolUse":{"name":"add"}}]}},"stopReason":"tool_use"}`)), "a turn of a tool"},
		{"an empty answer", string(logged("Converse", asked, `[]`)), "an answer without text"},
		{"an answer that was cut", string(logged("Converse", asked, `{"output":{"message":{"role":"assistant","content":[{"text":"secret"}]}},"stopReason":"max_tokens"}`)), "the answer was cut at its limit of tokens"},
		{"an answer that was stopped", string(logged("Converse", asked, `{"output":{"message":{"role":"assistant","content":[{"text":"secret"}]}},"stopReason":"guardrail_intervened"}`)), "a guardrail stopped the answer"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := invocationlog.Convert([]byte(c.line), invocationlog.Options{Answer: invocationlog.AsReference})
			var unfit *invocationlog.Unfit
			require.ErrorAs(t, err, &unfit)
			require.Equal(t, c.reason, unfit.Reason)
			require.False(t, unfit.Filtered)
		})
	}
}

func TestFilters(t *testing.T) {
	line := []byte(`{"schemaType":"ModelInvocationLog","requestId":"r1","operation":"Converse","modelId":"us.amazon.nova-pro-v1:0","input":{"inputBodyJson":` + asked + `},"requestMetadata":{"task":"math","team":"a"}}`)
	for _, c := range []struct {
		name    string
		options invocationlog.Options
		reason  string
	}{
		{"all", invocationlog.Options{}, ""},
		{"the model", invocationlog.Options{Models: []string{"claude", "nova-pro"}}, ""},
		{"another model", invocationlog.Options{Models: []string{"claude"}}, "another model"},
		{"the metadata", invocationlog.Options{Metadata: map[string]string{"task": "math", "team": "a"}}, ""},
		{"other metadata", invocationlog.Options{Metadata: map[string]string{"task": "math", "team": "b"}}, "other request metadata"},
		{"missing metadata", invocationlog.Options{Metadata: map[string]string{"none": ""}}, "other request metadata"},
	} {
		t.Run(c.name, func(t *testing.T) {
			row, err := invocationlog.Convert(line, c.options)
			if c.reason == "" {
				require.NoError(t, err)
				require.JSONEq(t, `{"id":"r1","messages":[{"role":"user","content":"2+2?"}],"request_metadata":{"task":"math","team":"a"}}`, string(row))
				return
			}
			require.Equal(t, &invocationlog.Unfit{Reason: c.reason, Filtered: true}, err)
		})
	}
}

// Whatever a log holds, a record is one that trainers and graders can read.
func FuzzConvert(f *testing.F) {
	f.Add(logged("Converse", asked, answered))
	f.Add(logged("InvokeModel", `{"prompt":"\ud800"}`, `[{"generation":"4"}]`))
	f.Add(logged("InvokeModel", "{\"messages\":[{\"role\":\"user\",\"content\":\"\xff\"}],\"tools\":[{\"name\":\"a\",\"input_schema\":{\"a\":1,\"a\":2}}]}", answered))
	f.Fuzz(func(t *testing.T, line []byte) {
		for _, answer := range []invocationlog.Answer{invocationlog.Drop, invocationlog.AsReference, invocationlog.Keep} {
			row, err := invocationlog.Convert(line, invocationlog.Options{Answer: answer})
			if err != nil {
				require.IsType(t, &invocationlog.Unfit{}, err)
				continue
			}
			require.True(t, json.Valid(row))
			require.NotContains(t, string(row), "\n")
			item := grader.DecodeRollout(row)
			require.NotEmpty(t, item.Rollout.Messages)
			if answer == invocationlog.Keep {
				require.NoError(t, item.Err)
			}
		}
	})
}

func ExampleConvert() {
	line := `{"schemaType":"ModelInvocationLog","requestId":"r1","operation":"Converse","modelId":"amazon.nova-lite-v1:0",
	"input":{"inputBodyJson":{"messages":[{"role":"user","content":[{"text":"2+2?"}]}]}},
	"output":{"outputBodyJson":{"output":{"message":{"role":"assistant","content":[{"text":"4"}]}},"stopReason":"end_turn"}}}`
	row, err := invocationlog.Convert([]byte(line), invocationlog.Options{Answer: invocationlog.AsReference})
	fmt.Println(string(row), err)
	// Output: {"id":"r1","messages":[{"role":"user","content":"2+2?"}],"reference_answer":"4"} <nil>
}
