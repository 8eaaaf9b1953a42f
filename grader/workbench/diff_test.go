package workbench_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/graders"
	"github.com/rftgrader/rftgrader/testdata"
)

// TestDiffOfRealRollouts counts the orders that turn round between two specs pair
// by pair, from what rft grade says of each, and wants the same of rft diff.
func TestDiffOfRealRollouts(t *testing.T) {
	rollouts := testdata.Shared(t, "data", "rollouts_gsm8k.jsonl")
	folder := t.TempDir()
	specs := map[string]string{
		"last":   "{type: numeric, reference: /final_answer, find: [last_number, hashes]}\n",
		"hashes": "{type: numeric, reference: /final_answer, find: [hashes, last_number]}\n",
		// It rewards what is not even nearly right.
		"wrong": "{type: numeric, reference: /final_answer, find: [hashes], tolerance: {rel: 0.5}}\nscore: 1 - correct\n",
	}
	scores := map[string][]float64{}
	prompts := []string{}
	for _, name := range []string{"last", "hashes", "wrong"} {
		text := "version: 1\ngraders:\n  correct: " + specs[name]
		require.NoError(t, os.WriteFile(filepath.Join(folder, name+".yaml"), []byte(text), 0o600))
		r := run(t.Context(), nil, graders.All, "grade", "--quiet", "--spec", filepath.Join(folder, name+".yaml"), "--out", "-", rollouts)
		require.Zero(t, r.code, r.stderr.String())
		for line := range bytes.Lines(r.stdout.Bytes()) {
			var one struct {
				Score float64 `json:"aggregate_reward_score"`
			}
			require.NoError(t, json.Unmarshal(line, &one))
			scores[name] = append(scores[name], one.Score)
		}
	}
	text, err := os.ReadFile(rollouts)
	require.NoError(t, err)
	for line := range bytes.Lines(text) {
		var one struct {
			Messages []struct{ Role, Content string }
		}
		require.NoError(t, json.Unmarshal(line, &one))
		prompts = append(prompts, one.Messages[0].Content)
	}
	for _, c := range [][2]string{{"last", "hashes"}, {"hashes", "wrong"}} {
		t.Run(c[0]+" against "+c[1], func(t *testing.T) {
			a, b := scores[c[0]], scores[c[1]]
			require.Len(t, a, len(prompts))
			groups := map[string][]int{}
			for i, p := range prompts {
				groups[p] = append(groups[p], i)
			}
			flips, changed := 0, 0
			for _, members := range groups {
				for k, i := range members {
					for _, j := range members[:k] {
						if (a[i]-a[j])*(b[i]-b[j]) < 0 {
							flips++
						}
					}
				}
			}
			for i := range a {
				if a[i] != b[i] {
					changed++
				}
			}
			r := run(t.Context(), nil, graders.All, "diff", "--quiet", "--format", "json",
				filepath.Join(folder, c[0]+".yaml"), filepath.Join(folder, c[1]+".yaml"), rollouts)
			require.Zero(t, r.code, r.stderr.String())
			var got struct{ Flips, Changed, Compared int }
			require.NoError(t, json.Unmarshal(r.stdout.Bytes(), &got))
			require.Equal(t, fmt.Sprint(flips, changed, len(prompts)), fmt.Sprint(got.Flips, got.Changed, got.Compared))
			if c[1] == "wrong" {
				require.Positive(t, flips)
			}
			t.Logf("%d flips, %d changed", flips, changed)
		})
	}
}
