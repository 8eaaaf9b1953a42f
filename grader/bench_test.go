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
}
