package datarules_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader/workbench/datarules"
)

// clean returns n records that break no rule.
func clean(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `{"id":"r%d","messages":[{"role":"user","content":"What is %d plus %d?"}],"reference_answer":{"answer":"sum-%d"}}`+"\n", i, i, i, 2*i)
	}
	return b.String()
}

// poor returns n records that are counted, and cheap to read.
func poor(n int) string { return strings.Repeat("{}\n", n) }

// cleanVerl returns n records in the form of SageMaker AI's open-weight training.
func cleanVerl(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `{"data_source":"sums","prompt":[{"role":"user","content":"What is %d plus %d?"}],"ability":"math","reward_model":{"ground_truth":"sum-%d","style":"rule"}}`+"\n", i, i, 2*i)
	}
	return b.String()
}

func check(t testing.TB, name, text string, o datarules.Options) (*datarules.File, []datarules.Finding) {
	t.Helper()
	var all []datarules.Finding
	f := datarules.NewFile(name, false, o, func(one datarules.Finding) { all = append(all, one) })
	require.NoError(t, f.Check(t.Context(), strings.NewReader(text), nil))
	return f, all
}

// record is a record with a messages and what else is given.
func record(messages string, rest ...string) string {
	return `{"messages":` + messages + strings.Join(append([]string{""}, rest...), ",") + "}\n"
}

const (
	ask    = `[{"role":"user","content":"Why?"}]`
	answer = `"reference_answer":"because of it"`
	tool   = `{"type":"function","function":{"name":"f","description":"d","parameters":{"type":"object","properties":{}}}}`
)

// TestRules shows for every rule about records the smallest record that breaks it, among
// a hundred that break none.
func TestRules(t *testing.T) {
	one := func(content string) string { return record(`[{"role":"user","content":`+content+`}]`, answer) }
	tools := func(v string) string { return record(ask, answer, `"tools":`+v) }
	function := func(v string) string { return tools(`[{"type":"function","function":` + v + `}]`) }
	cases := []struct {
		name, rule string
		level      datarules.Level
		target     datarules.Target
		row        string
	}{
		{"array", "F2", "error", "", "[1]\n"},
		{"two objects", "F2", "error", "", `{"a":1} {"b":2}` + "\n"},
		{"cut off", "F2", "error", "", `{"messages":[` + "\n"},
		{"no UTF-8", "F2", "error", "", record("[{\"role\":\"user\",\"content\":\"\xff\"}]", answer)},
		{"blank", "F3", "warning", "", "  \n"},
		{"CR LF", "F4", "warning", "", strings.TrimSpace(record(ask, answer)) + "\r\n"},
		{"name twice", "F4", "warning", "", record(ask, answer, `"x":1,"x":2`)},
		{"name twice inside", "F4", "warning", "", record(ask, answer, `"x":{"y":1,"y":2}`)},
		{"no messages", "R1", "error", "", `{"reference_answer":"because of it"}` + "\n"},
		{"messages empty", "R1", "error", "", record(`[]`, answer)},
		{"messages text", "R1", "error", "", record(`"Why?"`, answer)},
		{"message text", "R2", "error", "", record(`[{"role":"user","content":"Why?"},"x"]`, answer)},
		{"other key", "R2", "error", "", record(`[{"role":"user","content":"Why?","name":"x"}]`, answer)},
		{"no role", "R3", "error", "", record(`[{"role":"user","content":"Why?"},{"content":"x"}]`, answer)},
		{"unknown role", "R3", "error", "", record(`[{"role":"human","content":"x"},{"role":"user","content":"Why?"}]`, answer)},
		{"role number", "R3", "error", "", record(`[{"role":7,"content":"x"},{"role":"user","content":"Why?"}]`, answer)},
		{"role tool", "R3", "warning", "", record(`[{"role":"tool","content":"x"},{"role":"user","content":"Why?"}]`, answer)},
		{"late system", "R4", "error", "", record(`[{"role":"user","content":"Why?"},{"role":"system","content":"x"}]`, answer)},
		{"two systems", "R4", "warning", "", record(`[{"role":"system","content":"x"},{"role":"system","content":"y"},{"role":"user","content":"Why?"}]`, answer)},
		{"no user", "R5", "error", "", record(`[{"role":"system","content":"x"}]`, answer)},
		{"content blank", "R6", "error", "", one(`" \n"`)},
		{"content null", "R6", "error", "", one(`null`)},
		{"content empty list", "R6", "error", "", one(`[]`)},
		{"content part without text", "R6", "error", "", one(`[{"type":"text"}]`)},
		{"content parts", "R6", "warning", "", one(`[{"type":"text","text":"Why?"}]`)},
		{"tool calls alone", "R6", "warning", "", record(`[{"role":"user","content":"Why?"},{"role":"assistant","content":null,"tool_calls":[{}]},{"role":"user","content":"So?"}]`, answer)},
		{"image", "R7", "error", "", one(`[{"type":"image_url","image_url":{"url":"x"}}]`)},
		{"image of Converse", "R7", "error", "", one(`[{"image":{"format":"png"}}]`)},
		{"answer last", "R8", "warning", "", record(`[{"role":"user","content":"Why?"},{"role":"assistant","content":"So."}]`, answer)},
		{"several turns", "R9", "warning", "sagemaker-nova", record(`[{"role":"user","content":"Why?"},{"role":"assistant","content":"So."},{"role":"user","content":"Why so?"}]`, answer)},
		{"reference list", "R10", "error", "", record(ask, `"reference_answer":["a"]`)},
		{"reference number", "R10", "error", "", record(ask, `"reference_answer":4`)},
		{"reference Boolean", "R10", "error", "", record(ask, `"reference_answer":true`)},
		{"reference empty", "R10", "error", "", record(ask, `"reference_answer":""`)},
		{"reference empty object", "R10", "error", "", record(ask, `"reference_answer":{}`)},
		{"no reference", "R11", "warning", "", record(ask)},
		{"reference in metadata", "R11", "warning", "", record(ask, `"metadata":{"reference_answer":"because"}`)},
		{"id number", "R12", "error", "", record(ask, answer, `"id":7`)},
		{"id empty", "R12", "error", "", record(ask, answer, `"id":""`)},
		{"id twice", "R12", "warning", "", record(ask, answer, `"id":"r7"`)},
		{"tools empty", "R13", "error", "", tools(`[]`)},
		{"tools object", "R13", "error", "", tools(`{}`)},
		{"tool type", "R13", "error", "", tools(strings.Replace("["+tool+"]", "function", "web", 1))},
		{"tool without function", "R13", "error", "", tools(`[{"type":"function"}]`)},
		{"tool without name", "R13", "error", "", function(`{"description":"d","parameters":{"type":"object","properties":{}}}`)},
		{"tool without description", "R13", "error", "", function(`{"name":"f","parameters":{"type":"object","properties":{}}}`)},
		{"tool parameters", "R13", "error", "", function(`{"name":"f","description":"d","parameters":{"type":"string","properties":{}}}`)},
		{"tool properties", "R13", "error", "", function(`{"name":"f","description":"d","parameters":{"type":"object","properties":[]}}`)},
		{"tool required", "R13", "error", "", function(`{"name":"f","description":"d","parameters":{"type":"object","properties":{},"required":[1]}}`)},
		{"tool twice", "R13", "error", "", tools("[" + tool + "," + tool + "]")},
		{"some with tools", "R14", "info", "", tools("[" + tool + "]")},
		{"reserved turn", "R15", "warning", "", one(`"Go on. uSER: hi"`)},
		{"reserved mark", "R15", "warning", "", one(`"Look <IMAGE> here"`)},
		{"reserved end", "R15", "warning", "", one(`"Look [EOS]"`)},
		{"metadata", "R16", "warning", "", record(ask, answer, `"metadata":{"a":1}`)},
		{"grader's answer", "R16", "warning", "", record(ask, answer, `"metrics_list":[]`)},
		{"long prompt", "R17", "warning", "", one(`"` + strings.Repeat("word ", 7000) + `"`)},
		{"large record", "R18", "warning", "", record(ask, answer, `"notes":"`+strings.Repeat("x", 300<<10)+`"`)},
		{"large batch", "R18", "warning", "", record(ask, answer, `"notes":"`+strings.Repeat("x", 100<<10)+`"`)},
		{"prompt twice", "R19", "warning", "", record(ask, answer) + record(ask, answer)},
		{"leak", "R20", "warning", "", record(`[{"role":"user","content":"Say because of it."}]`, answer)},
		{"short leak", "R20", "warning", "", record(`[{"role":"user","content":"2+2? (answer: 4)"}]`, `"reference_answer":{"answer":"4"}`)},
		{"mixed references", "R21", "warning", "", record(ask, answer)},
		{"other names", "R21", "warning", "", record(ask, `"reference_answer":{"result":"because"}`)},
		{"verl record", "V2", "error", "", cleanVerl(1)},
		{"messages for verl", "V2", "error", "sagemaker-oss", record(ask, answer)},
		{"verl without data_source", "V1", "error", "sagemaker-oss", strings.Replace(cleanVerl(1), "data_source", "source", 1)},
		{"verl without ability", "V1", "error", "sagemaker-oss", strings.Replace(cleanVerl(1), "ability", "skill", 1)},
		{"verl reward_model", "V1", "error", "sagemaker-oss", strings.Replace(cleanVerl(1), `{"ground_truth":"sum-0","style":"rule"}`, `"x"`, 1)},
		{"verl ground_truth", "V1", "error", "sagemaker-oss", strings.Replace(cleanVerl(1), `"sum-0"`, `0`, 1)},
		{"verl prompt", "R1", "error", "sagemaker-oss", strings.Replace(cleanVerl(1), `"prompt":[`, `"prompt":[],"p":[`, 1)},
	}
	for _, target := range datarules.Targets() {
		text := clean(120)
		if target == datarules.SageMakerOSS {
			text = cleanVerl(120)
		}
		_, found := check(t, "train.jsonl", text, datarules.Options{Target: target})
		require.Empty(t, found)
	}
	seen := map[string]bool{}
	for _, c := range cases {
		seen[c.rule] = true
		t.Run(c.rule+" "+c.name, func(t *testing.T) {
			before := clean(120)
			if c.target == datarules.SageMakerOSS {
				before = cleanVerl(120)
			}
			_, found := check(t, "train.jsonl", before+c.row, datarules.Options{Target: c.target})
			var of []datarules.Finding
			for _, f := range found {
				if f.Rule == c.rule && f.Level == c.level {
					of = append(of, f)
				}
			}
			require.NotEmpty(t, of, "found: %v", found)
			require.NotEmpty(t, of[0].Source)
			require.NotEmpty(t, of[0].Text)
			if c.name != "some with tools" {
				require.GreaterOrEqual(t, of[0].Line, 121)
			}
		})
	}
	for _, r := range datarules.Rules() {
		if !seen[r.ID] && r.ID[0] != 'F' && r.ID != "R22" {
			t.Errorf("no record breaks %s", r.ID)
		}
	}
}

// TestFileRules shows what breaks the rules about files.
func TestFileRules(t *testing.T) {
	has := func(t *testing.T, found []datarules.Finding, rule string, level datarules.Level) {
		t.Helper()
		for _, f := range found {
			if f.Rule == rule && f.Level == level {
				return
			}
		}
		t.Errorf("no %s of %s in %v", level, rule, found)
	}
	whole := []struct {
		name, rule, file, text string
		level                  datarules.Level
		options                datarules.Options
	}{
		{"name", "F1", "train.json", clean(100), "error", datarules.Options{}},
		{"array", "F1", "train.jsonl", "[" + strings.TrimSpace(clean(1)) + "]", "error", datarules.Options{}},
		{"byte-order mark", "F4", "train.jsonl", "\xef\xbb\xbf" + clean(100), "warning", datarules.Options{}},
		{"too few", "F5", "train.jsonl", clean(99), "error", datarules.Options{}},
		{"too few for open weights", "F5", "train.jsonl", clean(99), "error", datarules.Options{Target: datarules.BedrockOpenAI}},
		{"too many", "F5", "train.jsonl", poor(20001), "error", datarules.Options{}},
		{"empty", "F5", "train.jsonl", "", "error", datarules.Options{}},
		{"few on SageMaker", "F8", "train.jsonl", clean(99), "info", datarules.Options{Target: datarules.SageMakerNova}},
		{"fewer than a batch", "F11", "train.jsonl", clean(100), "warning", datarules.Options{Target: datarules.SageMakerNova, GlobalBatch: 128}},
		{"field of the grader", "R16", "train.jsonl", clean(100), "warning", datarules.Options{Fields: []string{"task"}}},
		{"one reference", "R19", "train.jsonl", strings.Repeat(record(ask, answer), 100), "warning", datarules.Options{}},
		{"unbalanced", "R19", "train.jsonl", clean(0) + strings.Repeat(record(ask, `"reference_answer":"yes"`), 98) + strings.Repeat(record(ask, `"reference_answer":"no"`), 2), "warning", datarules.Options{}},
		{"reference required", "R11", "train.jsonl", clean(100) + record(ask), "error", datarules.Options{RequireReference: true}},
	}
	for _, c := range whole {
		t.Run(c.rule+" "+c.name, func(t *testing.T) {
			_, found := check(t, c.file, c.text, c.options)
			has(t, found, c.rule, c.level)
		})
	}
	t.Run("the bounds hold", func(t *testing.T) {
		_, found := check(t, "s3/train.jsonl", clean(100), datarules.Options{})
		require.Empty(t, found)
		_, found = check(t, "s3/train.jsonl", poor(20000), datarules.Options{})
		for _, f := range found {
			require.NotEqual(t, "F5", f.Rule)
		}
	})

	together := func(training, validation, files int) []datarules.Finding {
		var found []datarules.Finding
		report := func(f datarules.Finding) { found = append(found, f) }
		f, _ := check(t, "train.jsonl", poor(training), datarules.Options{})
		v := datarules.NewFile("validation.jsonl", true, datarules.Options{}, report)
		require.NoError(t, v.Check(t.Context(), strings.NewReader(poor(validation)), nil))
		var all []*datarules.File
		for range files {
			all = append(all, v)
		}
		datarules.Together(f, all, report)
		return found
	}
	t.Run("F6", func(t *testing.T) { has(t, together(19950, 100, 1), "F6", "error") })
	t.Run("F7", func(t *testing.T) { has(t, together(100, 100, 1), "F7", "warning") })
	t.Run("F8 few", func(t *testing.T) { has(t, together(100, 99, 1), "F8", "info") })
	t.Run("F8 none", func(t *testing.T) { has(t, together(100, 0, 0), "F8", "info") })
	t.Run("F10", func(t *testing.T) { has(t, together(100, 1, 11), "F10", "error") })
	t.Run("F9", func(t *testing.T) {
		for uri, right := range map[string]bool{
			"s3://bucket/data/train.jsonl":             true,
			"s3://my.bucket-1/a/b_c!/(d)/e'f*.jsonl":   true,
			"s3://bucket/my data/train.jsonl":          false,
			"s3://bucket/a+b.jsonl":                    false,
			"s3://bucket/day=1/train.jsonl":            false,
			"s3://B/train.jsonl":                       false,
			"https://bucket/train.jsonl":               false,
			"s3://bucket/" + strings.Repeat("a", 1024): false,
		} {
			var found []datarules.Finding
			datarules.CheckURI(uri, func(f datarules.Finding) { found = append(found, f) })
			require.Equal(t, right, len(found) == 0, uri)
			if !right {
				has(t, found, "F9", "error")
			}
		}
	})
	t.Run("R22", func(t *testing.T) {
		for _, c := range []struct {
			graded, positive int
			mean             float64
			want             string
		}{
			{100, 99, 0.96, "needless"}, {100, 0, 0, "examples first"}, {100, 4, 0.04, "below 5 %"},
			{100, 50, 0.5, ""}, {100, 5, 0.05, ""}, {100, 95, 0.95, ""}, {0, 0, 0, ""},
		} {
			text := ""
			datarules.Baseline("x", c.graded, c.positive, c.mean, func(f datarules.Finding) { text += f.Text })
			require.Equal(t, c.want == "", text == "", text)
			require.Contains(t, text, c.want)
		}
	})
}

// TestNoFalseAlarm shows what is near a rule and breaks none.
func TestNoFalseAlarm(t *testing.T) {
	for name, row := range map[string]string{
		"roles in capitals":       record(`[{"role":"System","content":"x"},{"role":"USER","content":"Why?"}]`, `"reference_answer":{"answer":"because"}`),
		"a word with user":        record(`[{"role":"user","content":"Superuser: who? ecosystem: what?"}]`, `"reference_answer":{"answer":"because"}`),
		"a number by chance":      record(`[{"role":"user","content":"Add 4 and 0."}]`, `"reference_answer":{"answer":"4"}`),
		"a part of a word":        record(`[{"role":"user","content":"Is prelude a word?"}]`, `"reference_answer":{"answer":"relu"}`),
		"other fields":            record(ask, `"reference_answer":{"answer":"because"}`, `"task":"x","level":3`),
		"the last line is no end": strings.TrimSpace(record(ask, `"reference_answer":{"answer":"because"}`)),
	} {
		t.Run(name, func(t *testing.T) {
			_, found := check(t, "train.jsonl", clean(100)+row, datarules.Options{})
			require.Empty(t, found)
		})
	}
	t.Run("labels that the prompt lists", func(t *testing.T) {
		var b strings.Builder
		for i := range 120 {
			fmt.Fprintf(&b, `{"messages":[{"role":"user","content":"positive, negative or neutral? review %d"}],"reference_answer":"%s"}`+"\n", i, []string{"positive", "negative", "neutral"}[i%3])
		}
		_, found := check(t, "train.jsonl", b.String(), datarules.Options{})
		require.Empty(t, found)
	})
}

func TestStream(t *testing.T) {
	ctx, stop := context.WithCancelCause(t.Context())
	f := datarules.NewFile("train.jsonl", false, datarules.Options{}, func(datarules.Finding) {})
	why := errors.New("enough")
	n := 0
	err := f.Check(ctx, strings.NewReader(clean(200)), func(r datarules.Row) error {
		if n++; n == 10 {
			stop(why)
		}
		require.Equal(t, n, r.Line)
		require.True(t, bytes.HasPrefix(r.Text, fmt.Appendf(nil, `{"id":"r%d",`, n-1)))
		return nil
	})
	require.ErrorIs(t, err, why)
	require.Equal(t, 10, f.Records())
	require.ErrorIs(t, f.Check(t.Context(), strings.NewReader(clean(1)), func(datarules.Row) error { return why }), why)
}

func TestLongLine(t *testing.T) {
	line := strings.Repeat("x", datarules.MaxLine+1)
	_, found := check(t, "train.jsonl", clean(100)+line+"\n"+record(ask, answer), datarules.Options{})
	require.Len(t, found, 2)
	require.Equal(t, 101, found[0].Line)
	require.Equal(t, "F2", found[0].Rule)
	require.Equal(t, 102, found[1].Line)
}

func TestEstimate(t *testing.T) {
	f, _ := check(t, "train.jsonl", clean(1000), datarules.Options{Batch: 10, AnswerTokens: 1000})
	e := f.Estimate()
	require.Equal(t, 1000, e.Records)
	require.GreaterOrEqual(t, e.Event, 40_000+10*len(strings.Split(clean(1), "\n")[0]))
	require.Less(t, e.Event, 42_000)
	require.GreaterOrEqual(t, e.Event, e.UsualEvent)
	require.InDelta(t, 6<<20/4100, e.LargestBatch, 60)
	require.Equal(t, 2*e.PromptTokensP99, e.MaxPromptLength)
	require.InDelta(t, 6, e.PromptTokensMost, 1)
}

// FuzzCheck feeds lines that may hold anything: nothing panics, and every finding has a
// rule of the list and a line of the file.
func FuzzCheck(f *testing.F) {
	for _, s := range []string{clean(2), cleanVerl(1), "[1]\n", "\n\r\n", "{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image\"}]}]}", "\xef\xbb\xbf{}"} {
		f.Add(s)
	}
	known := map[string]bool{}
	for _, r := range datarules.Rules() {
		known[r.ID] = true
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, target := range datarules.Targets() {
			file, found := check(t, "train.jsonl", text, datarules.Options{Target: target})
			for _, one := range found {
				require.True(t, known[one.Rule])
				require.LessOrEqual(t, one.Line, strings.Count(text, "\n")+1)
			}
			file.Estimate()
		}
	})
}

// BenchmarkCheck reads a dataset of 20,000 records.
func BenchmarkCheck(b *testing.B) {
	text := clean(20000)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		check(b, "train.jsonl", text, datarules.Options{})
	}
	runtime.KeepAlive(text)
}
