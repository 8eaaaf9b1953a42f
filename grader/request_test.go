package grader_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader"
)

// turns are the messages of a rollout that nothing is wrong with.
const turns = `"messages":[{"role":"user","content":"What is 2+2?"},{"role":"assistant","content":"It is 4."}]`

// only decodes a payload that holds one rollout.
func only(t *testing.T, payload string) grader.Item {
	t.Helper()
	items, err := grader.Decode([]byte(payload))
	require.NoError(t, err)
	require.Len(t, items, 1)
	require.NotNil(t, items[0].Rollout)
	return items[0]
}

// graded is only, for a rollout that can be graded.
func graded(t *testing.T, payload string) *grader.Rollout {
	t.Helper()
	item := only(t, payload)
	require.NoError(t, item.Err)
	return item.Rollout
}

// refused is only, for a rollout that cannot be graded.
func refused(t *testing.T, payload string) (*grader.DataError, grader.Item) {
	t.Helper()
	item := only(t, payload)
	var data *grader.DataError
	require.ErrorAs(t, item.Err, &data)
	return data, item
}

// answered wraps the JSON of an answer's content in a rollout.
func answered(content string) string {
	return `[{"id":"1","messages":[{"role":"user","content":"q"},{"role":"assistant","content":` + content + `}]}]`
}

func TestRequestTable(t *testing.T) {
	t.Run("envelope", testEnvelope)
	t.Run("id", testID)
	t.Run("messages[]", testMessages)
	t.Run("messages[].role", testRole)
	t.Run("messages[].content", testContent)
	t.Run("messages[].reasoning_content", testReasoning)
	t.Run("messages[].tool_calls, tool_call_id, tools", testTools)
	t.Run("reference_answer", testReferenceAnswer)
	t.Run("other top-level fields", testOtherFields)
}

func testEnvelope(t *testing.T) {
	a, b := `{"id":"a",`+turns+`}`, `{"id":"b",`+turns+`}`
	for _, c := range []struct {
		name, payload string
		want          []string
	}{
		{"an array", "[" + a + "," + b + "]", []string{"a", "b"}},
		{"an array of one", "[" + a + "]", []string{"a"}},
		{"an empty array", "[]", []string{}},
		{"an array with white space", " \r\n\t[ " + a + " ,\n" + b + " ] \n", []string{"a", "b"}},
		{"one bare object", a, []string{"a"}},
		{"one bare object with white space", "\n " + a + "\n", []string{"a"}},
		{"a bare object whose id comes last", `{` + turns + `,"id":"a"}`, []string{"a"}},
		{"a bare object without id", `{` + turns + `}`, []string{""}},
		{"trajectories", `{"trajectories":[` + a + `,` + b + `]}`, []string{"a", "b"}},
		{"trajectories with white space", ` { "trajectories" : [ ` + a + ` , ` + b + ` ] } `, []string{"a", "b"}},
		{"trajectories beside other members", `{"id":"job","step":[1,{"a":2}],"trajectories":[` + a + `],"more":"]}"}`, []string{"a"}},
		{"trajectories with an escaped name", `{"tr\u0061jectories":[` + a + `]}`, []string{"a"}},
		{"no trajectories", `{"trajectories":[]}`, []string{}},
		{"a bare rollout with a field called trajectories", `{"trajectories":[1],` + turns + `,"id":"a"}`, []string{"a"}},
		{"a byte order mark", "\xef\xbb\xbf[" + a + "]", []string{"a"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			items, err := grader.Decode([]byte(c.payload))
			require.NoError(t, err)
			got := []string{}
			for _, it := range items {
				require.NoError(t, it.Err)
				require.Equal(t, "It is 4.", it.Rollout.Response())
				got = append(got, it.Rollout.ID)
			}
			require.Equal(t, c.want, got)
		})
	}
}

func testID(t *testing.T) {
	for _, c := range []struct{ name, fields, raw, text string }{
		{"a string", `"id":"123"`, `"123"`, "123"},
		{"an empty string", `"id":""`, `""`, ""},
		{"a number", `"id":7`, `7`, "7"},
		{"zero is not nothing", `"id":0`, `0`, "0"},
		{"a number with a point", `"id":1.0`, `1.0`, "1.0"},
		{"a number with an exponent", `"id":1E+2`, `1E+2`, "1E+2"},
		{"a number beyond 2^53", `"id":12345678901234567890`, `12345678901234567890`, "12345678901234567890"},
		{"escapes", `"id":"caf\u00e9"`, `"caf\u00e9"`, "café"},
		{"raw UTF-8", `"id":"café"`, `"café"`, "café"},
		{"escaped slashes", `"id":"a\/b"`, `"a\/b"`, "a/b"},
		{"a surrogate pair", `"id":"\ud83d\ude00"`, `"\ud83d\ude00"`, "😀"},
		{"white space inside", `"id":" 1 "`, `" 1 "`, " 1 "},
		{"an object", `"id":{"run": 1,"n":[2]}`, `{"run": 1,"n":[2]}`, `{"run": 1,"n":[2]}`},
		{"a Boolean", `"id":false`, `false`, "false"},
		{"task_id at the top level", `"task_id":"t-1"`, `"t-1"`, "t-1"},
		{"task_id in metadata", `"metadata":{"task_id":42}`, `42`, "42"},
		{"id before task_id", `"task_id":"t-1","id":"i-1"`, `"i-1"`, "i-1"},
		{"task_id where id is null", `"id":null,"task_id":"t-1"`, `"t-1"`, "t-1"},
		{"null", `"id":null`, `null`, ""},
		{"both null", `"id":null,"task_id":null`, `null`, ""},
		{"none", `"x":1`, `null`, ""},
		{"a huge one", `"id":"` + strings.Repeat("x", 1<<20) + `"`, `"` + strings.Repeat("x", 1<<20) + `"`, strings.Repeat("x", 1<<20)},
	} {
		t.Run(c.name, func(t *testing.T) {
			item := only(t, `[{`+c.fields+`,`+turns+`}]`)
			require.NoError(t, item.Err)
			require.True(t, c.raw == string(item.ID), "the id is not echoed byte for byte: %.80q", item.ID)
			require.True(t, c.text == item.Rollout.ID, "the text of the id differs: %.80q", item.Rollout.ID)

			response, err := grader.AppendResponse(nil, []grader.Score{{ID: item.ID, Reward: 1}})
			require.NoError(t, err)
			require.True(t, `[{"id":`+c.raw+`,"aggregate_reward_score":1}]` == string(response))
		})
	}
}

func testMessages(t *testing.T) {
	t.Run("the last turn is the answer", func(t *testing.T) {
		r := graded(t, `[{"id":"1","messages":[
			{"role":"system","content":"S"},{"role":"user","content":"U1"},
			{"role":"assistant","content":"A1"},{"role":"user","content":"U2"},
			{"role":"assistant","content":"A2"}]}]`)
		require.Equal(t, "A2", r.Response())
		require.Len(t, r.Messages, 5)
		require.Equal(t, r.Messages[:4], r.Prompt())
		require.Equal(t, "A1", r.Prompt()[2].Content.Text())
	})
	t.Run("an answer alone", func(t *testing.T) {
		r := graded(t, `[{"id":"1","messages":[{"role":"assistant","content":"A"}]}]`)
		require.Equal(t, "A", r.Response())
		require.Empty(t, r.Prompt())
	})
	t.Run("a name and unknown members", func(t *testing.T) {
		r := graded(t, `[{"id":"1","messages":[{"role":"user","name":"ann","content":"q","weight":1},{"role":"assistant","content":"A","logprobs":{"a":[1]}}]}]`)
		require.Equal(t, "ann", r.Messages[0].Name)
		require.Equal(t, "A", r.Response())
	})
	t.Run("members in any order", func(t *testing.T) {
		r := graded(t, `[{"messages":[{"content":"A","role":"assistant"}],"id":"1"}]`)
		require.Equal(t, "A", r.Response())
	})
}

func testRole(t *testing.T) {
	for _, role := range []string{"system", "developer", "user", "tool", "assistant", "nova_assistant", "bot", "critic"} {
		t.Run(role+" in the prompt", func(t *testing.T) {
			r := graded(t, `[{"id":"1","messages":[{"role":"`+role+`","content":"q"},{"role":"assistant","content":"a"}]}]`)
			require.Equal(t, role, r.Messages[0].Role)
		})
	}
	for _, c := range []struct{ sent, role string }{
		{"assistant", "assistant"},
		{"nova_assistant", "nova_assistant"},
		{"bot", "bot"},
		{"Assistant", "assistant"},
		{" BOT ", "bot"},
		{`assist\u0061nt`, "assistant"},
	} {
		t.Run(c.sent+" answers", func(t *testing.T) {
			r := graded(t, `[{"id":"1","messages":[{"role":"user","content":"q"},{"role":"`+c.sent+`","content":"a"}]}]`)
			require.Equal(t, c.role, r.Messages[1].Role)
			require.True(t, r.Messages[1].FromModel())
			require.Equal(t, "a", r.Response())
		})
	}
	for _, c := range []struct{ name, role string }{
		{"user", `"user"`}, {"tool", `"tool"`}, {"system", `"system"`}, {"developer", `"developer"`}, {"none", `""`}, {"null", `null`},
	} {
		t.Run("no answer from "+c.name, func(t *testing.T) {
			err, item := refused(t, `[{"id":"7","messages":[{"role":"user","content":"q"},{"role":`+c.role+`,"content":"a"}]}]`)
			require.Equal(t, "/messages/1/role", err.Where)
			require.Equal(t, `"7"`, string(item.ID))
			require.Empty(t, item.Rollout.Response())
			require.Len(t, item.Rollout.Prompt(), 2)
		})
	}
}

func testContent(t *testing.T) {
	for _, c := range []struct{ name, content, want string }{
		{"a string", `"4"`, "4"},
		{"an empty string", `""`, ""},
		{"escapes", `"a\n\"b\"\\ \u00e9 \ud83d\ude00 \/"`, "a\n\"b\"\\ é 😀 /"},
		{"every short escape", `"\b\f\n\r\t\"\\\/"`, "\b\f\n\r\t\"\\/"},
		{"raw UTF-8", `"é 😀 日本"`, "é 😀 日本"},
		{"a NUL", `"a\u0000b"`, "a\x00b"},
		{"null", `null`, ""},
		{"typed parts", `[{"type":"text","text":"a"},{"type":"text","text":"b"}]`, "a\nb"},
		{"bare parts", `[{"text":"a"},{"text":"b"}]`, "a\nb"},
		{"strings as parts", `["a","b"]`, "a\nb"},
		{"mixed parts", `["a",{"text":"b"},{"type":"text","text":"c"}]`, "a\nb\nc"},
		{"parts of the Responses API", `[{"type":"output_text","text":"a"},{"type":"input_text","text":"b"}]`, "a\nb"},
		{"an empty list", `[]`, ""},
		{"a part with white space", `[ { "text" : "a" } ]`, "a"},
		{"a part whose text is null", `[{"type":"text","text":null}]`, ""},
		{"a part whose type is null", `[{"type":null,"text":"a"}]`, "a"},
		{"a part with escapes", `[{"typ\u0065":"t\u0065xt","text":"\u0061\n"}]`, "a\n"},
		{"an image beside text", `[{"type":"image_url","image_url":{"url":"x"}},{"type":"text","text":"a"}]`, "a"},
		{"reasoning beside text", `[{"type":"reasoning_text","text":"hm"},{"type":"text","text":"a"}]`, "a"},
		{"a Converse tool use beside text", `[{"toolUse":{"name":"f"}},{"text":"a"}]`, "a"},
		{"an object with text", `{"text":"a"}`, "a"},
		{"an object with type and text", `{"type":"text","text":"a"}`, "a"},
		{"an object with more members", `{"text":"a","annotations":[{"text":"no"}]}`, "a"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := graded(t, answered(c.content))
			require.Equal(t, c.want, r.Response())
		})
	}
	t.Run("other parts keep their JSON", func(t *testing.T) {
		r := graded(t, answered(`[ {"type":"image_url", "image_url":{"url":"x"}} , {"toolUse":{"name":"f"}},"a"]`))
		require.Equal(t, grader.Content{
			{Type: "image_url", Raw: json.RawMessage(`{"type":"image_url", "image_url":{"url":"x"}}`)},
			{Raw: json.RawMessage(`{"toolUse":{"name":"f"}}`)},
			{Type: "text", Text: "a"},
		}, r.Messages[1].Content)
	})
}

func testReasoning(t *testing.T) {
	for _, c := range []struct{ name, json, want string }{
		{"a string", `"first I add"`, "first I add"},
		{"null", `null`, ""},
		{"a list is passed over", `[{"text":"x"}]`, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := graded(t, `[{"id":"1","messages":[{"role":"assistant","reasoning_content":`+c.json+`,"content":"4"}]}]`)
			require.Equal(t, c.want, r.Messages[0].Reasoning)
			require.Equal(t, "4", r.Response())
		})
	}
	t.Run("is no part of the answer", func(t *testing.T) {
		r := graded(t, `[{"id":"1","messages":[{"role":"assistant","reasoning_content":"it is 5","content":null}]}]`)
		require.Empty(t, r.Response())
	})
}

func testTools(t *testing.T) {
	const payload = `[{"id":"1","tools":[{"type":"function","function":{"name":"add"}}],"messages":[
		{"role":"user","content":"add"},
		{"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"add","arguments":"{\"a\": 1}"}}]},
		{"role":"tool","tool_call_id":"c1","name":"add","content":"3"},
		{"role":"assistant","content":null,"tool_calls":[{"id":"c2","type":"function","function":{"name":"sub","arguments":{"b": [2]}}},
			{"id":"c3","name":"mul","arguments":null},{"function":null}]}]}]`
	r := graded(t, payload)
	require.Empty(t, r.Response())
	require.Equal(t, []grader.ToolCall{{ID: "c1", Type: "function", Name: "add", Arguments: `{"a": 1}`}}, r.Messages[1].ToolCalls)
	require.Equal(t, "c1", r.Messages[2].ToolCallID)
	require.Equal(t, "add", r.Messages[2].Name)
	require.Equal(t, []grader.ToolCall{
		{ID: "c2", Type: "function", Name: "sub", Arguments: `{"b": [2]}`},
		{ID: "c3", Name: "mul"},
		{},
	}, r.Messages[3].ToolCalls)
	require.JSONEq(t, `[{"type":"function","function":{"name":"add"}}]`, string(r.Metadata["tools"]))

	t.Run("null", func(t *testing.T) {
		r := graded(t, `[{"id":"1","messages":[{"role":"assistant","content":"a","tool_calls":null,"tool_call_id":null,"name":null}]}]`)
		require.Empty(t, r.Messages[0].ToolCalls)
		require.Empty(t, r.Messages[0].ToolCallID)
	})
}

func testReferenceAnswer(t *testing.T) {
	for _, c := range []struct{ name, value string }{
		{"a string", `"x = 4"`},
		{"an object", `{"solution":"x = 4","steps":[1,2]}`},
		{"a number", `4.50`},
		{"a big number", `12345678901234567890`},
		{"a string that holds JSON", `"{\"solution\": \"x = 4\"}"`},
		{"a list", `["4","four"]`},
		{"a Boolean", `false`},
		{"an empty string", `""`},
		{"an empty object", `{}`},
	} {
		for place, fields := range map[string]string{
			"at the top level":      `"reference_answer":` + c.value,
			"in metadata":           `"metadata":{"reference_answer":` + c.value + `}`,
			"at both places, equal": `"reference_answer":` + c.value + `,"metadata":{"reference_answer":` + c.value + `}`,
			"null at the top level": `"reference_answer":null,"metadata":{"reference_answer":` + c.value + `}`,
			"null in metadata":      `"metadata":{"reference_answer":null},"reference_answer":` + c.value,
			"with metadata null":    `"metadata":null,"reference_answer":` + c.value,
		} {
			t.Run(c.name+" "+place, func(t *testing.T) {
				r := graded(t, `[{"id":"1",`+turns+`,`+fields+`}]`)
				require.Equal(t, c.value, string(r.Reference.Raw()))
				require.False(t, r.Reference.Missing())
				require.Equal(t, "/reference_answer", r.Reference.Where())
				require.NotContains(t, r.Metadata, "reference_answer")
			})
		}
	}

	for _, c := range []struct{ name, top, meta string }{
		{"other white space and order", `{"a":1,"b":[2, 3]}`, `{ "b":[2,3], "a":1 }`},
		{"other escapes", `"\u00e9\/"`, `"é/"`},
		{"the same fraction", `0.50`, `5e-1`},
		{"a whole number with a point", `4.0`, `4`},
	} {
		t.Run("both equal but for "+c.name, func(t *testing.T) {
			r := graded(t, `[{"id":"1",`+turns+`,"reference_answer":`+c.top+`,"metadata":{"reference_answer":`+c.meta+`}}]`)
			require.Equal(t, c.meta, string(r.Reference.Raw()))
		})
	}

	for _, c := range []struct{ name, top, meta string }{
		{"strings", `"secret-a"`, `"secret-b"`},
		{"a string and a number", `"4"`, `4`},
		{"numbers that one float64 stands for", `12345678901234567890`, `12345678901234567891`},
		{"objects", `{"a":1}`, `{"a":1,"b":2}`},
		{"something and nothing in it", `"x"`, `""`},
	} {
		t.Run("both different: "+c.name, func(t *testing.T) {
			err, item := refused(t, `[{"id":"9",`+turns+`,"reference_answer":`+c.top+`,"metadata":{"reference_answer":`+c.meta+`}}]`)
			require.Equal(t, "/reference_answer", err.Where)
			require.True(t, item.Rollout.Reference.Missing())
			require.Equal(t, `"9"`, string(item.ID))
			require.NotContains(t, err.Error(), "secret")
		})
	}

	t.Run("none", func(t *testing.T) {
		for _, fields := range []string{`"x":1`, `"reference_answer":null`, `"metadata":{}`, `"metadata":{"reference_answer":null},"reference_answer":null`} {
			r := graded(t, `[{"id":"1",`+turns+`,`+fields+`}]`)
			require.True(t, r.Reference.Missing(), fields)
			require.Empty(t, r.Reference.Raw(), fields)
		}
	})
}

func testOtherFields(t *testing.T) {
	t.Run("at the top level and inside metadata", func(t *testing.T) {
		r := graded(t, `[{"id":"1","task_id":"t","difficulty_level":3,`+turns+`,"data_source":"s","metadata":{"ground_truth":{"a": 1},"my_key":"sample-001"}}]`)
		got := map[string]string{}
		for k, v := range r.Metadata {
			got[k] = string(v)
		}
		require.Equal(t, map[string]string{
			"task_id": `"t"`, "difficulty_level": "3", "data_source": `"s"`, "ground_truth": `{"a": 1}`, "my_key": `"sample-001"`,
		}, got)
	})
	t.Run("metadata wins over the top level", func(t *testing.T) {
		for _, payload := range []string{
			`[{"id":"1","k":"top",` + turns + `,"metadata":{"k":"meta"}}]`,
			`[{"id":"1","metadata":{"k":"meta"},` + turns + `,"k":"top"}]`,
		} {
			require.Equal(t, `"meta"`, string(graded(t, payload).Metadata["k"]))
		}
	})
	t.Run("null is kept", func(t *testing.T) {
		require.Equal(t, "null", string(graded(t, `[{"id":"1",`+turns+`,"k":null}]`).Metadata["k"]))
	})
	t.Run("metadata that is no object is a field", func(t *testing.T) {
		require.Equal(t, `"m"`, string(graded(t, `[{"id":"1",`+turns+`,"metadata":"m"}]`).Metadata["metadata"]))
	})
	t.Run("escaped names", func(t *testing.T) {
		require.Contains(t, graded(t, `[{"id":"1",`+turns+`,"caf\u00e9":1}]`).Metadata, "café")
	})
	t.Run("none", func(t *testing.T) {
		require.Empty(t, graded(t, `[{"id":"1",`+turns+`}]`).Metadata)
	})
}

// TestSamplesMistakes goes through what AWS's own samples get wrong, as far as
// it concerns the codec.
func TestSamplesMistakes(t *testing.T) {
	t.Run("7 long answers are read whole", func(t *testing.T) {
		for _, n := range []int{300, 4_000, 64 << 10, 1 << 20, 5 << 20} {
			text := "start " + strings.Repeat("word \"x\" é\n", n/11) + " \\boxed{42} end"
			quoted, err := json.Marshal(text)
			require.NoError(t, err)
			got := graded(t, answered(string(quoted))).Response()
			require.True(t, got == text, "an answer of %d bytes came back as %d", len(text), len(got))
		}
	})
	t.Run("8 a rollout without messages has its own id and costs no other", func(t *testing.T) {
		for name, bad := range map[string]string{
			"no messages":      `{"id":"bad"}`,
			"null":             `{"id":"bad","messages":null}`,
			"empty":            `{"id":"bad","messages":[]}`,
			"a string":         `{"id":"bad","messages":"hello"}`,
			"an object":        `{"id":"bad","messages":{"role":"assistant","content":"a"}}`,
			"the wrong member": `{"id":"bad","message":[{"role":"assistant","content":"a"}]}`,
		} {
			t.Run(name, func(t *testing.T) {
				items, err := grader.Decode([]byte(`[{"id":"first",` + turns + `},` + bad + `,{"id":"last",` + turns + `}]`))
				require.NoError(t, err)
				require.Len(t, items, 3)
				require.NoError(t, items[0].Err)
				require.NoError(t, items[2].Err)
				require.Equal(t, "It is 4.", items[0].Rollout.Response())
				require.Equal(t, "It is 4.", items[2].Rollout.Response())

				var data *grader.DataError
				require.ErrorAs(t, items[1].Err, &data)
				require.Equal(t, "/messages", data.Where)
				for i, id := range []string{"first", "bad", "last"} {
					require.Equal(t, fmt.Sprintf("%q", id), string(items[i].ID))
					require.Equal(t, id, items[i].Rollout.ID)
				}
			})
		}
	})
	t.Run("8 an id is never made up", func(t *testing.T) {
		for _, payload := range []string{`[{}]`, `[null]`, `[{"messages":[]}]`, `[17]`, `[{"id":null}]`} {
			_, item := refused(t, payload)
			require.Equal(t, "null", string(item.ID), payload)
			require.Empty(t, item.Rollout.ID, payload)
		}
	})
}
