package grader_test

import (
	"bytes"
	"encoding/json"
	"math"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader"
)

func FuzzDecode(f *testing.F) {
	for _, seed := range []string{
		``, ` `, `[]`, `{}`, `null`, `[null,1,"a",[],{}]`, `[{"id":1.0,` + turns + `}]`, `{` + turns + `}`,
		`{"trajectories":[{"id":"a",` + turns + `},{"id":"a"}]}`, `{"trajectories":[],"trajectories":[]}`,
		`[{"id":"a","id":"b"}]`, `[{"id":"a",` + turns + `,"reference_answer":{"a":1},"metadata":{"reference_answer":{"a":2}}}]`,
		answered(`["a",{"text":"b"},{"type":"image"},null]`), answered(`{"text":"\ud800\n\"\\"}`), answered(`null`),
		`[{"a":nul,"id":"x"},{"id":{"a":"` + "\xff" + `"}}]`, `[{"id":"` + "\xff" + `"},]`, `[{"a":"\"}","b":"\\"},{"c":"]"}]`,
		`[[[[[[`, `[{]}`, `{"a":[1,2}`, `[1 2,3]`, `{"id":"\u0061"}x`, "\xef\xbb\xbf[{}]", `[{"task_id":7,"messages":[{"role":"bot","tool_calls":[{"function":{"arguments":{}}}]}]}]`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, sent []byte) {
		payload := bytes.Clone(sent) // overwritten below
		items, err := grader.Decode(payload)
		require.True(t, bytes.Equal(sent, payload), "Decode changed the payload")
		if err != nil {
			var refused *grader.PayloadError
			require.ErrorAs(t, err, &refused)
			require.Nil(t, items)
		}
		var elements []json.RawMessage
		if trimmed := bytes.TrimLeft(payload, " \t\r\n"); len(trimmed) > 0 && trimmed[0] == '[' && json.Unmarshal(payload, &elements) == nil {
			require.NoError(t, err)
			require.Len(t, items, len(elements))
		}

		keys := make([]grader.Key, len(items))
		scores := make([]grader.Score, len(items))
		for i, it := range items {
			require.NotNil(t, it.Rollout)
			if it.Err != nil {
				require.Equal(t, grader.FaultData, grader.FaultOf(it.Err))
				require.NotEmpty(t, it.Err.Error())
			}
			keys[i] = it.Rollout.Key()
			scores[i] = grader.Score{ID: it.ID, Reward: 0.5}
			if i < len(elements) {
				require.Equal(t, it, grader.DecodeRollout(elements[i]))
				requireSameAnswer(t, elements[i], it)
			}
		}
		response, err := grader.AppendResponse(nil, scores)
		require.NoError(t, err)
		var back []struct{ ID json.RawMessage }
		require.NoError(t, json.Unmarshal(response, &back))
		require.Len(t, back, len(items))

		for i := range payload {
			payload[i] = '#'
		}
		for i, it := range items {
			require.Equal(t, keys[i], it.Rollout.Key(), "the rollout is read from the payload")
			require.Equal(t, string(scores[i].ID), string(it.ID))
		}
	})
}

// requireSameAnswer compares an answer of one string with what encoding/json
// reads in it.
func requireSameAnswer(t *testing.T, element json.RawMessage, it grader.Item) {
	var rollout map[string]json.RawMessage
	var messages []map[string]json.RawMessage
	var content string
	if it.Err != nil || json.Unmarshal(element, &rollout) != nil || json.Unmarshal(rollout["messages"], &messages) != nil {
		return
	}
	raw := messages[len(messages)-1]["content"]
	if len(raw) > 0 && raw[0] == '"' && json.Unmarshal(raw, &content) == nil {
		require.Equal(t, content, it.Rollout.Response())
	}
}

// FuzzText reads any text as the inside of a JSON string.
func FuzzText(f *testing.F) {
	for _, seed := range []string{
		``, `a`, `\n\t\r\b\f\"\\\/`, `\u00e9\u0000\uFFFF`, `\ud83d\ude00`, `\ud83d`, `\ude00\ud83d`, `\ud83d\u0041`, "\xff", "é\xe2\x82", `\`, `\u12`, `\uD83D\n`, `a\\`, `\x`, "\n",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, inside string) {
		var want string
		item := grader.DecodeRollout([]byte(`{"messages":[{"role":"assistant","content":"` + inside + `"}]}`))
		if strings.ContainsRune(strings.NewReplacer(`\\`, "", `\"`, "").Replace(inside), '"') {
			return // the text ends the string itself
		}
		if json.Unmarshal([]byte(`"`+inside+`"`), &want) != nil {
			require.Error(t, item.Err)
			return
		}
		require.NoError(t, item.Err)
		require.Equal(t, want, item.Rollout.Response())
	})
}

func FuzzFormula(f *testing.F) {
	for _, seed := range []string{
		"", "1", "a", "gate(correct, 0.8 + 0.1*format + 0.1*tone)", "min(a,b)-max(1,2)*-3", "if(a<0.5, 1e3, .5/a)", "clamp(mean(a,b,c), 0, 1)",
		"((((a))))", "1<2<3", "a==b", "--+-a", "2^-a^3", "sqrt(abs(a))+log(a)^exp(1)", "1e999", "min()", "é", "0x1", "1/0", "a*1e308*1e308", "(", ")", "a b", "if(1,2", "1..2", "_9!=1",
	} {
		f.Add(seed, 0.5)
	}
	f.Fuzz(func(t *testing.T, source string, value float64) {
		formula, err := grader.ParseFormula(source)
		if err != nil {
			var fault *grader.FormulaError
			require.ErrorAs(t, err, &fault)
			require.GreaterOrEqual(t, fault.Offset, 0)
			require.LessOrEqual(t, fault.Offset, len(source))
			require.NotEmpty(t, err.Error())
			return
		}
		names := map[string]bool{}
		for _, n := range formula.Names() {
			require.False(t, names[n], "the name %q is listed twice", n)
			names[n] = true
		}
		lookup := func(name string) (float64, error) {
			if !names[name] {
				t.Errorf("the name %q is not listed", name)
			}
			return value + float64(len(name)), nil
		}
		v, err := formula.Eval(lookup)
		if err != nil {
			require.Equal(t, grader.FaultPermanent, grader.FaultOf(err))
			require.Zero(t, v)
		} else {
			require.False(t, math.IsNaN(v) || math.IsInf(v, 0))
		}

		require.Equal(t, source, formula.String())
		for _, again := range []string{formula.String(), "(" + source + ")", source + " "} {
			same, parseErr := grader.ParseFormula(again)
			if parseErr != nil {
				require.True(t, len(again) > 16<<10 || strings.Contains(parseErr.Error(), "nested"), parseErr.Error())
				continue
			}
			w, evalErr := same.Eval(lookup)
			require.Equal(t, err == nil, evalErr == nil)
			require.Equal(t, v, w)
		}
	})
}

func FuzzPointer(f *testing.F) {
	const nested = `{"a":{"b":[1,{"c/d":null,"~":"x"}]},"":"","0":"[7]","s":"{\"k\":{\"l\":1}}"}`
	for _, seed := range []string{"", "/", "/a", "/a/b/0", "/a/b/1/c~1d", "/a/b/1/~0", "/0/0", "/s/k/l", "/a/b/-", "/a/b/01", "metadata:/x", "metadata:", "a", "/~", "//"} {
		f.Add(seed, nested)
	}
	f.Add("/a", `"{\"a\":1,\"a\":2}"`)
	f.Add("", `12345678901234567890`)
	f.Fuzz(func(t *testing.T, text, reference string) {
		p, err := grader.ParsePointer(text)
		if err != nil {
			require.True(t, p.IsZero())
			return
		}
		require.Equal(t, text, p.String())
		encoded, err := json.Marshal(p)
		require.NoError(t, err)
		var back grader.Pointer
		require.NoError(t, json.Unmarshal(encoded, &back))
		require.Equal(t, p, back)

		item := grader.DecodeRollout([]byte(`{` + turns + `,"x":` + reference + `,"reference_answer":` + reference + `}`))
		if item.Err != nil {
			return
		}
		for _, pointer := range []grader.Pointer{p, {}} {
			ref, err := item.Rollout.Lookup(pointer)
			if err != nil {
				require.Equal(t, grader.FaultData, grader.FaultOf(err))
				continue
			}
			require.False(t, ref.Missing())
			require.True(t, json.Valid(ref.Raw()))
		}
		requireFound(t, item.Rollout, p, reference)
	})
}

// requireFound follows a pointer through what encoding/json reads. Where that
// leads somewhere without opening a string, Lookup must lead there too.
func requireFound(t *testing.T, r *grader.Rollout, p grader.Pointer, reference string) {
	dec := json.NewDecoder(strings.NewReader(reference))
	dec.UseNumber()
	var v any
	if strings.HasPrefix(p.String(), "metadata:") || dec.Decode(&v) != nil {
		return
	}
	for _, token := range strings.Split(p.String(), "/")[1:] {
		token = strings.NewReplacer("~1", "/", "~0", "~").Replace(token)
		switch at := v.(type) {
		case map[string]any:
			v = at[token]
		case []any:
			i, err := strconv.Atoi(token)
			if err != nil || i < 0 || i >= len(at) || strconv.Itoa(i) != token {
				return
			}
			v = at[i]
		default:
			return
		}
	}
	if v == nil {
		return
	}
	ref, err := r.Lookup(p)
	require.NoError(t, err)
	dec = json.NewDecoder(bytes.NewReader(ref.Raw()))
	dec.UseNumber()
	var got any
	require.NoError(t, dec.Decode(&got))
	require.Equal(t, v, got)
}

func FuzzOptions(f *testing.F) {
	for _, seed := range []string{
		``, `{}`, `null`, `[]`, `{"mode":"equal","limit":3}`, `{"range":{"low":1e3}}`, `{"partial":{"x":[]}}`, `{"labels":["red",null]}`, `{"steps":[{}]}`,
		`{"reference":"/a"}`, `{"otherwise":0.5}`, `{"limit":1,"limit":2}`, `{"small":300}`, `{"names":{"a":"b"}}`, "{\"mode\":\"\xff\"}", `{"a~/b":1}`, `{`,
	} {
		f.Add([]byte(seed))
	}
	k := sample()
	f.Fuzz(func(t *testing.T, options []byte) {
		resolved, err := k.Resolve(options)
		if err != nil {
			var fault *grader.OptionError
			require.ErrorAs(t, err, &fault)
			require.NotEmpty(t, err.Error())
			return
		}
		again, err := k.Resolve(resolved)
		require.NoError(t, err)
		require.Equal(t, string(resolved), string(again))
		_, err = k.New(nil, options)
		require.NoError(t, err)
	})
}
