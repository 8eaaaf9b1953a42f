package numeric_test

import (
	"bufio"
	"context"
	"encoding/json"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/graders/numeric"
	"github.com/rftgrader/rftgrader/testdata"
)

// TestRealAnswers grades answers that four models wrote to the questions of
// GSM8K, and compares the scores with the labels that came with them.
func TestRealAnswers(t *testing.T) {
	path := testdata.Shared(t, "data", "rollouts_gsm8k.jsonl")
	for _, c := range []struct{ name, options string }{
		{"the place that the prompt names", `{"find": ["hashes"], "reference": "/final_answer"}`},
		{"the default places", `{"reference": "/final_answer"}`},
		{"with the last number", `{"find": ["hashes", "boxed", "marker", "last_number"], "reference": "/final_answer"}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			g, err := numeric.Kind.New(nil, []byte(c.options))
			require.NoError(t, err)
			f, err := os.Open(path)
			require.NoError(t, err)
			defer f.Close()
			lines := bufio.NewScanner(f)
			lines.Buffer(nil, 1<<20)
			answers, same := 0, 0
			for lines.Scan() {
				item := grader.DecodeRollout(lines.Bytes())
				require.NoError(t, item.Err)
				var label float64
				require.NoError(t, json.Unmarshal(item.Rollout.Metadata["label"], &label))
				res, err := g.Grade(context.Background(), item.Rollout)
				require.NoError(t, err, item.Rollout.ID)
				answers++
				if res.Score == label {
					same++
				} else {
					t.Logf("%s: label %v, score %v: %s", item.Rollout.ID, label, res.Score, res.Reason)
				}
			}
			require.NoError(t, lines.Err())
			require.NotZero(t, answers)
			t.Logf("%d of %d as labelled", same, answers)
			require.GreaterOrEqual(t, float64(same), 0.999*float64(answers))
		})
	}
}
