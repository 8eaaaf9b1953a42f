package symbolic_test

import (
	"context"
	"encoding/json"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/graders/symbolic"
	"github.com/rftgrader/rftgrader/testdata"
)

// TestRollouts measures the grader on real responses. The labels of the second
// set come from another grader, and nine of them are wrong: eight responses that
// give 4:30 p.m. for the reference 4:30 p.m., with the space elsewhere, and one that
// gives 10000 for 10{,}000 are marked as wrong.
func TestRollouts(t *testing.T) {
	for _, set := range []struct {
		file, options string
		want          float64
	}{
		{"rollouts_gsm8k.jsonl", `{"reference": "/final_answer"}`, 99.9},
		{"rollouts_math.jsonl", `{}`, 98.8},
	} {
		t.Run(set.file, func(t *testing.T) {
			g, err := symbolic.Kind.New(nil, []byte(set.options))
			require.NoError(t, err)
			n, right := 0, 0
			for _, line := range readLines[json.RawMessage](t, testdata.Shared(t, "data", set.file)) {
				item := grader.DecodeRollout(line)
				require.NoError(t, item.Err)
				var label float64
				require.NoError(t, json.Unmarshal(item.Rollout.Metadata["label"], &label))
				res, err := g.Grade(context.Background(), item.Rollout)
				require.NoError(t, err)
				n++
				if res.Score == label {
					right++
				} else if os.Getenv("RFT_FAILURES") != "" {
					ref, _ := item.Rollout.Lookup(grader.Pointer{})
					t.Logf("%s: label %v, score %v, reference %s, found %q: %s", item.Rollout.ID, label, res.Score, ref.Raw(), clip(res.Found), res.Reason)
				}
			}
			share := 100 * float64(right) / float64(n)
			t.Logf("%d of %d agree with the label: %.2f %%", right, n, share)
			require.GreaterOrEqual(t, share, set.want)
		})
	}
}
