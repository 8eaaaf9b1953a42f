package grader_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader"
)

// secret stands in the data of the tests and must never stand in an error.
const secret = "XSECRETX"

// TestDamageIsolated puts one damaged element between two sound ones.
func TestDamageIsolated(t *testing.T) {
	deep := func(n int) string { return strings.Repeat("[", n) + strings.Repeat("]", n) }
	for _, c := range []struct {
		name, element string
		where         string // of the error
		id            string // as it is sent back
	}{
		{"null", `null`, "", "null"},
		{"a number", `17`, "", "null"},
		{"a string", `"` + secret + `"`, "", "null"},
		{"a Boolean", `true`, "", "null"},
		{"a list", `[1]`, "", "null"},
		{"a list of rollouts", `[{"id":"x",` + turns + `}]`, "", "null"},
		{"an empty object", `{}`, "/messages", "null"},
		{"nothing", ``, "", "null"},

		{"messages is a number", `{"id":"x","messages":5}`, "/messages", `"x"`},
		{"a message is a string", `{"id":"x","messages":["` + secret + `"]}`, "/messages/0", `"x"`},
		{"a message is null", `{"messages":[{"role":"user","content":"q"},null],"id":"x"}`, "/messages/1", `"x"`},
		{"a role is a number", `{"messages":[{"role":1,"content":"a"}],"id":"x"}`, "/messages/0/role", `"x"`},
		{"a role is an object", `{"messages":[{"role":{"a":1},"content":"a"}],"id":"x"}`, "/messages/0/role", `"x"`},
		{"content is a number", `{"messages":[{"role":"assistant","content":4}],"id":"x"}`, "/messages/0/content", `"x"`},
		{"content is a Boolean", `{"messages":[{"role":"assistant","content":true}],"id":"x"}`, "/messages/0/content", `"x"`},
		{"a part is a number", `{"messages":[{"role":"assistant","content":["a",4]}],"id":"x"}`, "/messages/0/content/1", `"x"`},
		{"a part is null", `{"messages":[{"role":"assistant","content":[null]}],"id":"x"}`, "/messages/0/content/0", `"x"`},
		{"a part is empty", `{"messages":[{"role":"assistant","content":["a",{}]}],"id":"x"}`, "/messages/0/content/1/text", `"x"`},
		{"a part has neither text nor type", `{"messages":[{"role":"assistant","content":{"value":"` + secret + `"}}],"id":"x"}`, "/messages/0/content", `"x"`},
		{"the text of a part is a number", `{"messages":[{"role":"assistant","content":[{"text":4}]}],"id":"x"}`, "/messages/0/content/0/text", `"x"`},
		{"the text of a text part is missing", `{"messages":[{"role":"assistant","content":[{"type":"text","x":"y"}]}],"id":"x"}`, "/messages/0/content/0/text", `"x"`},
		{"the type of a part is a number", `{"messages":[{"role":"assistant","content":[{"type":5,"text":"a"}]}],"id":"x"}`, "/messages/0/content/0/type", `"x"`},
		{"a name is a list", `{"messages":[{"role":"assistant","content":"a","name":[]}],"id":"x"}`, "/messages/0/name", `"x"`},
		{"tool_calls is a string", `{"messages":[{"role":"assistant","content":"a","tool_calls":"f"}],"id":"x"}`, "/messages/0/tool_calls", `"x"`},
		{"a tool call is a string", `{"messages":[{"role":"assistant","content":"a","tool_calls":["f"]}],"id":"x"}`, "/messages/0/tool_calls/0", `"x"`},
		{"a function is a string", `{"messages":[{"role":"assistant","content":"a","tool_calls":[{"function":"f"}]}],"id":"x"}`, "/messages/0/tool_calls/0/function", `"x"`},
		{"a tool call id is a number", `{"messages":[{"role":"assistant","content":"a","tool_calls":[{"id":1}]}],"id":"x"}`, "/messages/0/tool_calls/0/id", `"x"`},

		{"two ids", `{"id":"x","id":"y",` + turns + `}`, "/id", `"y"`},
		{"two lists of messages", `{"id":"x",` + turns + `,"messages":[{"role":"assistant","content":"` + secret + `"}]}`, "/messages", `"x"`},
		{"two contents", `{"messages":[{"role":"assistant","content":"a","content":"b"}],"id":"x"}`, "/messages/0/content", `"x"`},
		{"two contents by another spelling", `{"messages":[{"role":"assistant","content":"a","cont\u0065nt":"b"}],"id":"x"}`, "/messages/0/content", `"x"`},
		{"a name twice in the reference", `{"id":"x",` + turns + `,"reference_answer":{"a":1,"a":2}}`, "/reference_answer/a", `"x"`},
		{"a name twice in metadata", `{"id":"x",` + turns + `,"metadata":{"k":1,"k":1}}`, "/metadata/k", `"x"`},
		{"a name twice in a tool", `{"id":"x",` + turns + `,"tools":[{"a":{"b":1,"b":2}}]}`, "/tools/0/a/b", `"x"`},

		{"a missing colon", `{"id":"x","messages" []}`, "/messages", `"x"`},
		{"a missing comma inside", `{"id":"x" "messages":[]}`, "", `"x"`},
		{"two commas inside", `{"id":"x",,` + turns + `}`, "", `"x"`},
		{"a trailing comma inside", `{"id":"x",` + turns + `,}`, "", `"x"`},
		{"a bad literal", `{"id":"x","a":nul,` + turns + `}`, "/a", `"x"`},
		{"NaN", `{"id":"x","a":NaN,` + turns + `}`, "/a", `"x"`},
		{"a bad number", `{"id":"x","a":01,` + turns + `}`, "", `"x"`},
		{"a bad escape in the answer", `{"messages":[{"role":"assistant","content":"` + secret + `\x"}],"id":"x"}`, "/messages/0/content", `"x"`},
		{"a raw line break in the answer", "{\"messages\":[{\"role\":\"assistant\",\"content\":\"" + secret + "\n\"}],\"id\":\"x\"}", "/messages/0/content", `"x"`},
		{"a bad escape in the reference", `{` + turns + `,"reference_answer":{"a":"\u12"},"id":"x"}`, "/reference_answer/a", `"x"`},
		{"an unquoted name", `{id:"y",` + turns + `}`, "", "null"},
		{"a comment", `{/* hi */"id":"x",` + turns + `}`, "", "null"},
		{"a bad part in the answer", `{"messages":[{"role":"assistant","content":["a",{"text":nul}]}],"id":"x"}`, "/messages/0/content/1/text", `"x"`},
		{"a bad member of a part", `{"messages":[{"role":"assistant","content":[{"text":"a","x":01}]}],"id":"x"}`, "/messages/0/content/0", `"x"`},
		{"a bad role", `{"messages":[{"role":"\x","content":"a"}],"id":"x"}`, "/messages/0/role", `"x"`},
		{"bad arguments of a tool call", `{"messages":[{"role":"assistant","content":"a","tool_calls":[{"name":"f","arguments":{"a":}}]}],"id":"x"}`, "*", `"x"`},
		{"a bad number in metadata", `{"metadata":{"a":+1},` + turns + `,"id":"x"}`, "/metadata/a", `"x"`},
		{"a list that ends behind a comma", `{"messages":[{"role":"assistant","content":["a",]}],"id":"x"}`, "*", `"x"`},
		{"parts that are no members", `{5,"b",:1,"c" 2,nul,"id":"x"}`, "", `"x"`},
		{"the id behind the damage", `{"a":nul,` + turns + `,"id":"x"}`, "/a", `"x"`},
		{"task_id behind the damage", `{"a":nul,` + turns + `,"task_id": 7 }`, "/a", `7`},
		{"two ids behind the damage", `{"a":nul,"id":"x","id":"y"}`, "/a", "null"},
		{"a damaged id behind the damage", `{"a":nul,"id":"\x"}`, "/a", "null"},
		{"a nested id is not the rollout's", `{"a":nul,"metadata":{"id":"y"}}`, "/a", "null"},
		{"something behind the object", `{"id":"x",` + turns + `} "` + secret + `"`, "", `"x"`},
		{"a letter behind the object", `{"id":"x",` + turns + `}x`, "", `"x"`},
		{"no comma between rollouts", `{"id":"x",` + turns + `} {"id":"y",` + turns + `}`, "", `"x"`},

		{"lists nested 10,001 deep", `{"id":"x",` + turns + `,"a":` + deep(10_001) + `}`, "*", `"x"`},
		{"lists nested 500,000 deep", `{"id":"x",` + turns + `,"a":` + deep(500_000) + `}`, "*", `"x"`},
		{"objects nested 100,000 deep", `{"id":"x",` + turns + `,"a":` + strings.Repeat(`{"a":`, 100_000) + "1" + strings.Repeat("}", 100_000) + `}`, "*", `"x"`},
		{"messages nested 20,000 deep", `{"id":"x","messages":` + deep(20_000) + `}`, "*", `"x"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			good := `{"id":"good",` + turns + `,"reference_answer":"4"}`
			for _, payload := range []string{
				"[" + good + "," + c.element + "," + good + "]",
				`{"trajectories":[` + good + "," + c.element + "," + good + `],"step":3}`,
			} {
				items, err := grader.Decode([]byte(payload))
				require.NoError(t, err)
				require.Len(t, items, 3)
				for _, i := range []int{0, 2} {
					require.NoError(t, items[i].Err)
					require.Equal(t, `"good"`, string(items[i].ID))
					require.Equal(t, "It is 4.", items[i].Rollout.Response())
					require.Equal(t, `"4"`, string(items[i].Rollout.Reference.Raw()))
				}
				requireDamaged(t, items[1], c.where, c.id)
			}
			requireDamaged(t, grader.DecodeRollout([]byte(c.element)), c.where, c.id)
		})
	}
}

func requireDamaged(t *testing.T, item grader.Item, where, id string) {
	t.Helper()
	var data *grader.DataError
	require.ErrorAs(t, item.Err, &data)
	require.Equal(t, grader.FaultData, grader.FaultOf(item.Err))
	require.NotNil(t, item.Rollout)
	if where != "*" {
		require.Equal(t, where, data.Where, data.Error())
	}
	require.Equal(t, id, string(item.ID))
	require.NotContains(t, item.Err.Error(), secret)
	require.LessOrEqual(t, len(data.Error()), 500)
}

// TestDamagedRolloutKeepsItsPrompt matters to the neutral policy: it looks for
// mates by the prompt.
func TestDamagedRolloutKeepsItsPrompt(t *testing.T) {
	sound := graded(t, `[{"id":"1",`+turns+`}]`)
	for name, fields := range map[string]string{
		"two references": `"reference_answer":1,"metadata":{"reference_answer":2}`,
		"a name twice":   `"a":1,"a":2`,
		"a bad literal":  `"a":nul`,
	} {
		t.Run(name, func(t *testing.T) {
			_, item := refused(t, `[{"id":"2",`+turns+`,`+fields+`}]`)
			require.Equal(t, sound.PromptKey(), item.Rollout.PromptKey())
			require.Equal(t, "It is 4.", item.Rollout.Response())
		})
	}
}

func TestBrokenUnicode(t *testing.T) {
	for _, c := range []struct{ name, quoted, want string }{
		{"a lone high surrogate", `a\ud83db`, "a\uFFFDb"},
		{"a lone low surrogate", `a\ude00b`, "a\uFFFDb"},
		{"surrogates in the wrong order", `\ude00\ud83d`, "\uFFFD\uFFFD"},
		{"a high surrogate before a letter", `\ud83d\u0041`, "\uFFFDA"},
		{"a high surrogate at the end", `a\n\ud83d`, "a\n\uFFFD"},
		{"a stray continuation byte", "a\x80b", "a\uFFFDb"},
		{"a cut character", "a\xe2\x82b", "a\uFFFD\uFFFDb"},
		{"a byte that is never UTF-8", "\xff\\n\xfe", "\uFFFD\n\uFFFD"},
		{"an overlong slash", "\xc0\xaf", "\uFFFD\uFFFD"},
		{"an encoded surrogate", "\xed\xa0\x80", "\uFFFD\uFFFD\uFFFD"},
		{"an encoded U+FFFD is none", "a\xef\xbf\xbdb", "a\uFFFDb"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := graded(t, `[{"id":"1","messages":[{"role":"user","content":"`+c.quoted+`"},{"role":"assistant","name":"`+c.quoted+
				`","reasoning_content":"`+c.quoted+`","content":[{"type":"text","text":"`+c.quoted+`"}],"tool_calls":[{"name":"`+c.quoted+`","arguments":"`+c.quoted+`"}]}],
				"reference_answer":{"answer":"`+c.quoted+`","n":4},"metadata":{"k":"`+c.quoted+`"}}]`)
			m := r.Messages[1]
			require.Equal(t, c.want, r.Response())
			require.Equal(t, c.want, r.Messages[0].Content.Text())
			require.Equal(t, c.want, m.Reasoning)
			require.Equal(t, c.want, m.Name)
			require.Equal(t, grader.ToolCall{Name: c.want, Arguments: c.want}, m.ToolCalls[0])

			// A damaged neighbour costs no member of the reference.
			for pointer, want := range map[string]string{"/answer": c.want, "/n": "4", "metadata:/k": c.want} {
				ref, err := r.Lookup(grader.MustPointer(pointer))
				require.NoError(t, err)
				text, err := ref.Text()
				require.NoError(t, err)
				require.Equal(t, want, text)
			}
			var whole struct {
				Answer string
				N      int
			}
			require.NoError(t, r.Reference.Decode(&struct {
				Answer *string `json:"answer"`
				N      *int    `json:"n"`
			}{&whole.Answer, &whole.N}))
			require.Equal(t, c.want, whole.Answer)
			require.Equal(t, 4, whole.N)
		})
	}
	t.Run("in the id the response stays readable", func(t *testing.T) {
		item := only(t, "[{\"id\":\"a\xffb\","+turns+"}]")
		require.NoError(t, item.Err)
		require.Equal(t, "\"a\uFFFDb\"", string(item.ID))
		require.Equal(t, "a\uFFFDb", item.Rollout.ID)
		response, err := grader.AppendResponse(nil, []grader.Score{{ID: item.ID}})
		require.NoError(t, err)
		require.True(t, json.Valid(response))
	})
	t.Run("a lone surrogate in the id is echoed", func(t *testing.T) {
		item := only(t, `[{"id":"a\ud800b",`+turns+`}]`)
		require.Equal(t, `"a\ud800b"`, string(item.ID))
		require.Equal(t, "a\uFFFDb", item.Rollout.ID)
	})
	t.Run("in names", func(t *testing.T) {
		r := graded(t, "[{\"id\":\"1\","+turns+",\"k\xff\":1,\"\\ud800\":2}]")
		require.Equal(t, "1", string(r.Metadata["k\uFFFD"]))
		require.Equal(t, "2", string(r.Metadata["\uFFFD"]))
	})
}

func TestPayloadRefused(t *testing.T) {
	good := `{"id":"1",` + turns + `}`
	for _, c := range []struct {
		name, payload, text string
	}{
		{"empty", "", "the payload is empty"},
		{"white space", " \n\t", "the payload is empty"},
		{"a byte order mark alone", "\xef\xbb\xbf", "the payload is empty"},
		{"an empty object", "{}", "the payload is an empty object"},
		{"null", "null", "the payload is null"},
		{"a number", "17", "the payload is a number"},
		{"a string", `"` + secret + `"`, "the payload is a string"},
		{"a Boolean", "true", "the payload is a Boolean"},
		{"words", "hello", "invalid character"},
		{"an object without messages", `{"body":"` + secret + `","headers":{}}`, `the payload is an object without messages (it has "body", "headers")`},
		{"an object with many names", `{"a":1,"b":1,"c":1,"d":1,"e":1,"f":1,"g":1,"h":1,"i":1,"j":1}`, "and 2 more"},
		{"trajectories is an object", `{"trajectories":{"id":"1"}}`, `"trajectories" is an object, not an array`},
		{"trajectories is null", `{"trajectories":null}`, `"trajectories" is null, not an array`},
		{"trajectories twice", `{"trajectories":[` + good + `],"trajectories":[` + good + `]}`, "occurs twice"},
		{"cut in an array", "[" + good + `,{"id":"2","messages":[{"role":"user"`, "the JSON ends too early"},
		{"cut behind an element", "[" + good, "the JSON ends too early"},
		{"cut behind a comma", "[" + good + ",", "the JSON ends too early"},
		{"cut in a string", "[" + good + `,{"id":"2` + secret, "the JSON ends too early"},
		{"cut in an escape", "[" + good + `,{"id":"2\`, "the JSON ends too early"},
		{"cut in a bare rollout", `{"id":"1","messages":[{"role":"assistant","content":"a"}`, "the JSON ends too early"},
		{"cut in trajectories", `{"trajectories":[` + good + `]`, "the JSON ends too early"},
		{"JSONL", good + "\n" + good + "\n", "something follows the end of the JSON value"},
		{"two arrays", "[" + good + "][" + good + "]", "something follows the end of the JSON value"},
		{"garbage behind the array", "[" + good + "] " + secret, "something follows the end of the JSON value"},
		{"garbage behind trajectories", `{"trajectories":[` + good + "]}}", "something follows the end of the JSON value"},
		{"a NUL behind the array", "[" + good + "]\x00", "something follows the end of the JSON value"},
		{"brackets that do not match", "[" + good + `,{"id":"2","a":[1}]]`, "invalid character"},
		{"a quote that is not closed", "[" + good + `,{"id":"2","a":"x}]`, "the JSON ends too early"},
		{"a thousand brackets", strings.Repeat("[", 1000), "the JSON ends too early"},
		{"a million brackets", strings.Repeat("[", 1_000_000), "exceeded max depth"},
		{"UTF-16", "\xff\xfe[\x00]\x00", "invalid character"},
		{"gzip", "\x1f\x8b\x08\x00", "invalid character"},
	} {
		t.Run(c.name, func(t *testing.T) {
			items, err := grader.Decode([]byte(c.payload))
			require.Nil(t, items)
			var payload *grader.PayloadError
			require.ErrorAs(t, err, &payload)
			require.ErrorContains(t, err, c.text)
			require.ErrorContains(t, err, "want a JSON array of rollouts")
			require.NotContains(t, err.Error(), secret)
			require.GreaterOrEqual(t, payload.Offset, int64(0))
			require.LessOrEqual(t, payload.Offset, int64(len(c.payload)))
			require.Less(t, len(err.Error()), 500)
			require.NotNil(t, errors.Unwrap(err))
		})
	}
}

func TestPayloadErrorOffset(t *testing.T) {
	for _, c := range []struct {
		payload string
		offset  int64
	}{
		{`[{"id":1}] x`, 11},
		{`[{"id":1}`, 9},
		{`[{"a":[1}]`, 8},
		{``, 0},
	} {
		_, err := grader.Decode([]byte(c.payload))
		var payload *grader.PayloadError
		require.ErrorAs(t, err, &payload, c.payload)
		require.Equal(t, c.offset, payload.Offset, c.payload)
	}
}

func TestTrailingCommaLosesNoRollout(t *testing.T) {
	items, err := grader.Decode([]byte(`[{"id":"1",` + turns + `},]`))
	require.NoError(t, err)
	require.Len(t, items, 2)
	require.NoError(t, items[0].Err)
	require.Error(t, items[1].Err)
}

func TestDuplicateIDsStayInOrder(t *testing.T) {
	var payload bytes.Buffer
	payload.WriteString("[")
	for i := range 100 {
		if i > 0 {
			payload.WriteString(",")
		}
		fmt.Fprintf(&payload, `{"id":"same","messages":[{"role":"assistant","content":"answer %d"}]}`, i)
	}
	payload.WriteString("]")
	items, err := grader.Decode(payload.Bytes())
	require.NoError(t, err)
	require.Len(t, items, 100)
	for i, it := range items {
		require.NoError(t, it.Err)
		require.Equal(t, `"same"`, string(it.ID))
		require.Equal(t, fmt.Sprintf("answer %d", i), it.Rollout.Response())
	}
}

// TestDecodeKeepsNoReferenceToThePayload overwrites the payload: the Lambda
// runtime may reuse its buffer.
func TestDecodeKeepsNoReferenceToThePayload(t *testing.T) {
	rollout := `{"id":"one","task_id":7,"messages":[{"role":"system","name":"n","content":"plain"},
		{"role":"user","reasoning_content":"why","content":[{"text":"part"},"bare",{"type":"image","url":"x"}]},
		{"role":"critic","tool_call_id":"c","content":{"text":"esc\u0061ped"}},
		{"role":"assistant","content":"answer","tool_calls":[{"id":"i","type":"t","function":{"name":"f","arguments":"{}"}},{"arguments":{"a":1}}]}],
		"reference_answer":{"a":["b"]},"big":"` + strings.Repeat("x", 5000) + `","metadata":{"k":{"v":1}}}`
	broken := `{"id":"two","x":1,"x":2,` + turns + `}`
	late := `{"x":nul,"id":"three"}`
	payload := "[" + rollout + "," + broken + "," + late + "]"

	want, err := grader.Decode([]byte(payload))
	require.NoError(t, err)
	require.NoError(t, want[0].Err)

	b := []byte(payload)
	got, err := grader.Decode(b)
	require.NoError(t, err)
	single := []byte(rollout)
	alone := grader.DecodeRollout(single)
	for i := range b {
		b[i] = '#'
	}
	for i := range single {
		single[i] = '#'
	}
	require.Equal(t, want, got)
	require.Equal(t, want[0], alone)
	require.Equal(t, "one", got[0].Rollout.ID)
	require.Equal(t, `"three"`, string(got[2].ID))
}

// TestItemsShareNoMemory changes what one rollout holds and looks at another:
// small copies stand side by side in memory.
func TestItemsShareNoMemory(t *testing.T) {
	payload := []byte(`[{"id":"1",` + turns + `,"k":"v1"},{"id":"2",` + turns + `,"k":"v2"}]`)
	items, err := grader.Decode(payload)
	require.NoError(t, err)
	items[0].ID = append(items[0].ID, "overwritten"...)
	_ = append(items[0].Rollout.Metadata["k"], "overwritten"...)
	require.Equal(t, `"2"`, string(items[1].ID))
	require.Equal(t, `"v1"`, string(items[0].Rollout.Metadata["k"]))
	require.Equal(t, `"v2"`, string(items[1].Rollout.Metadata["k"]))
}

func TestDecodeRolloutIsForOne(t *testing.T) {
	for _, line := range []string{"", "  ", "[]", `[{"id":"1",` + turns + `}]`, `{"trajectories":[]}`, `{"id":"1"`, `{"id":"1",` + turns + `} {}`} {
		item := grader.DecodeRollout([]byte(line))
		require.Error(t, item.Err, line)
		require.NotNil(t, item.Rollout, line)
	}
	item := grader.DecodeRollout([]byte(" {\"id\":\"1\"," + turns + "}\r\n"))
	require.NoError(t, item.Err)
	require.Equal(t, "1", item.Rollout.ID)
}
