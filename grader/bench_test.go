package grader_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader"
)

// event is a payload as a Bedrock job sends it: a prompt of some 500 bytes,
// an answer of some 4.5 KB with line breaks, quotes and LaTeX, a reference
// object and a few fields of the training row.
func event(rollouts int) []byte {
	type message struct {
		Role    string `json:"role"`
		Content string `json:"content"`
	}
	type rollout struct {
		ID       string         `json:"id"`
		Messages []message      `json:"messages"`
		Metadata map[string]any `json:"metadata"`
	}
	batch := make([]rollout, rollouts)
	for i := range batch {
		var prompt, answer strings.Builder
		for prompt.Len() < 430 {
			fmt.Fprintf(&prompt, "A baker sells %d loaves on each of %d days, and her sister eats one. ", i%90+10, prompt.Len()%9+2)
		}
		prompt.WriteString("How many loaves are left? Put the answer in a box.")
		for step := 1; answer.Len() < 4300; step++ {
			fmt.Fprintf(&answer, "Step %d: from the text we know that \"each day\" counts %d loaves,\nso the sum grows to \\(%d \\times %d = %d\\), and we carry on with what is left over.\n\n",
				step, i%90+10, step, i%90+10, step*(i%90+10))
		}
		fmt.Fprintf(&answer, "The answer is \\boxed{%d}.", i*7)
		batch[i] = rollout{
			ID: fmt.Sprintf("rollout-%06d", i),
			Messages: []message{
				{"system", "You are a careful mathematician."},
				{"user", prompt.String()},
				{"assistant", answer.String()},
			},
			Metadata: map[string]any{
				"reference_answer": map[string]any{"final_answer": fmt.Sprint(i * 7), "steps": []int{i, i + 1}},
				"task_id":          fmt.Sprintf("bakery/%d", i),
				"difficulty_level": i % 5,
				"data_source":      "bakery",
			},
		}
	}
	b, err := json.Marshal(batch)
	if err != nil {
		panic(err)
	}
	return b
}

func TestEventIsRealistic(t *testing.T) {
	payload := event(1000)
	require.InDelta(t, 5_000_000, len(payload), 500_000)
	items, err := grader.Decode(payload)
	require.NoError(t, err)
	require.Len(t, items, 1000)
	for i, it := range items {
		require.NoError(t, it.Err)
		require.Equal(t, fmt.Sprintf("rollout-%06d", i), it.Rollout.ID)
		require.Contains(t, it.Rollout.Response(), fmt.Sprintf("\\boxed{%d}", i*7))
	}
	plain, err := decodePlainly(payload)
	require.NoError(t, err)
	require.Len(t, plain, 1000)
	all, err := decodeAllFields(payload)
	require.NoError(t, err)
	require.Equal(t, plain, all)
	for i, p := range plain {
		require.Equal(t, items[i].Rollout.Response(), p.Messages[2].Content)
		require.Equal(t, string(items[i].ID), string(p.ID))
		require.JSONEq(t, string(items[i].Rollout.Reference.Raw()), string(p.Metadata["reference_answer"]))
	}
}

// plainRollout is what a person would write for encoding/json. It holds the
// same information for the event above, but knows one envelope, one place of
// the reference and no damage.
type plainRollout struct {
	ID       json.RawMessage `json:"id"`
	Messages []struct {
		Role      string `json:"role"`
		Content   any    `json:"content"`
		Reasoning string `json:"reasoning_content"`
	} `json:"messages"`
	ReferenceAnswer json.RawMessage            `json:"reference_answer"`
	Metadata        map[string]json.RawMessage `json:"metadata"`
}

func decodePlainly(payload []byte) ([]plainRollout, error) {
	var batch []plainRollout
	err := json.Unmarshal(payload, &batch)
	return batch, err
}

// decodeAllFields keeps the other top-level fields of a row too, as Decode
// does; encoding/json then has to read each rollout twice.
func decodeAllFields(payload []byte) ([]plainRollout, error) {
	var rows []map[string]json.RawMessage
	if err := json.Unmarshal(payload, &rows); err != nil {
		return nil, err
	}
	batch := make([]plainRollout, len(rows))
	for i, row := range rows {
		p := &batch[i]
		p.ID, p.ReferenceAnswer = row["id"], row["reference_answer"]
		if err := json.Unmarshal(row["messages"], &p.Messages); err != nil {
			return nil, err
		}
		if err := json.Unmarshal(row["metadata"], &p.Metadata); err != nil {
			return nil, err
		}
		for name, value := range row {
			switch name {
			case "id", "messages", "reference_answer", "metadata":
			default:
				p.Metadata[name] = value
			}
		}
	}
	return batch, nil
}

func BenchmarkDecode(b *testing.B) {
	payload := event(1000)
	b.Run("rftgrader", func(b *testing.B) {
		b.SetBytes(int64(len(payload)))
		b.ReportAllocs()
		for b.Loop() {
			items, err := grader.Decode(payload)
			if err != nil || len(items) != 1000 {
				b.Fatal(len(items), err)
			}
		}
	})
	b.Run("encoding_json", func(b *testing.B) {
		b.SetBytes(int64(len(payload)))
		b.ReportAllocs()
		for b.Loop() {
			batch, err := decodePlainly(payload)
			if err != nil || len(batch) != 1000 {
				b.Fatal(len(batch), err)
			}
		}
	})
	b.Run("encoding_json_all_fields", func(b *testing.B) {
		b.SetBytes(int64(len(payload)))
		b.ReportAllocs()
		for b.Loop() {
			batch, err := decodeAllFields(payload)
			if err != nil || len(batch) != 1000 {
				b.Fatal(len(batch), err)
			}
		}
	})
}

// BenchmarkDecodeHostile shows by the rate at 64 KB and at 1 MB that the time
// grows with the size and not faster.
func BenchmarkDecodeHostile(b *testing.B) {
	fill := func(n int, unit string) string { return strings.Repeat(unit, n/len(unit)) }
	for _, c := range []struct {
		name    string
		payload func(n int) string
	}{
		{"backslashes", func(n int) string { return answered(`"` + fill(n, `\\`) + `"`) }},
		{"quotes", func(n int) string { return answered(`"` + fill(n, `\"`) + `"`) }},
		{"lone surrogates", func(n int) string { return answered(`"` + fill(n, `\ud800`) + `"`) }},
		{"bytes that are no UTF-8", func(n int) string { return answered(`"` + fill(n, "\xff") + `"`) }},
		{"parts", func(n int) string { return answered(`["a"` + fill(n, `,"a"`) + `]`) }},
		{"nesting", func(n int) string { return `[` + fill(n/2, "[") + fill(n/2, "]") + `]` }},
		{"brackets that do not close", func(n int) string { return fill(n, `[{"a":`) }},
		{"elements", func(n int) string { return `[1` + fill(n, `,1`) + `]` }},
		{"members", func(n int) string {
			var s strings.Builder
			s.WriteString(`[{"id":"1"`)
			for i := 0; s.Len() < n; i++ {
				fmt.Fprintf(&s, `,"%d":%d`, i, i)
			}
			return s.String() + `}]`
		}},
		{"damaged members", func(n int) string {
			var s strings.Builder
			s.WriteString(`[{"id":nul`)
			for i := 0; s.Len() < n; i++ {
				fmt.Fprintf(&s, `,"%d":%d`, i, i)
			}
			return s.String() + `}]`
		}},
	} {
		for _, n := range []int{64 << 10, 1 << 20} {
			b.Run(fmt.Sprintf("%s/%dKB", c.name, n>>10), func(b *testing.B) {
				payload := []byte(c.payload(n))
				b.SetBytes(int64(len(payload)))
				for b.Loop() {
					_, _ = grader.Decode(payload)
				}
			})
		}
	}
}

func BenchmarkKey(b *testing.B) {
	items, err := grader.Decode(event(1))
	require.NoError(b, err)
	r := items[0].Rollout
	b.Run("Key", func(b *testing.B) {
		b.SetBytes(int64(len(r.Response())))
		b.ReportAllocs()
		for b.Loop() {
			_ = r.Key()
		}
	})
	b.Run("PromptKey", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			_ = r.PromptKey()
		}
	})
}

func BenchmarkAppendResponse(b *testing.B) {
	scores := make([]grader.Score, 1000)
	for i := range scores {
		scores[i] = grader.Score{
			ID:      json.RawMessage(fmt.Sprintf(`"rollout-%06d"`, i)),
			Reward:  float64(i) / 1000,
			Metrics: []grader.Metric{grader.Reward("correct", 1), grader.Reward("format", float64(i)/7), grader.Measure("correct.answer_found", 1)},
		}
	}
	first, err := grader.AppendResponse(nil, scores)
	require.NoError(b, err)
	b.SetBytes(int64(len(first)))
	b.ReportAllocs()
	dst := make([]byte, 0, len(first))
	for b.Loop() {
		if dst, err = grader.AppendResponse(dst[:0], scores); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkFormula(b *testing.B) {
	const source = "gate(correct, clamp(0.8 + 0.1*format + 0.1*mean(tone, min(style, 1)), 0, 1))"
	b.Run("Parse", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := grader.ParseFormula(source); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("Eval", func(b *testing.B) {
		f, err := grader.ParseFormula(source)
		require.NoError(b, err)
		b.ReportAllocs()
		for b.Loop() {
			if v, err := f.Eval(func(string) (float64, error) { return 0.5, nil }); err != nil || v == 0 {
				b.Fatal(v, err)
			}
		}
	})
}
