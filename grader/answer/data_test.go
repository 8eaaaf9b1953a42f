package answer_test

import (
	"bufio"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/grader/answer"
	"github.com/rftgrader/rftgrader/testdata"
)

// responses reads the generated answers of a file of rollouts.
func responses(t *testing.T, name string) []string {
	t.Helper()
	file, err := os.Open(testdata.Shared(t, "data", name))
	require.NoError(t, err)
	defer file.Close()
	var out []string
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<24)
	for lines.Scan() {
		item := grader.DecodeRollout(lines.Bytes())
		require.NoError(t, item.Err)
		out = append(out, item.Rollout.Response())
	}
	require.NoError(t, lines.Err())
	return out
}

// TestGSM8K looks at real answers to grade-school mathematics.
func TestGSM8K(t *testing.T) {
	all := responses(t, "rollouts_gsm8k.jsonl")
	hits := 0
	for _, text := range all {
		found := answer.MustParse("hashes").Find(text)
		if found.OK {
			hits++
			require.Less(t, len(found.Text), 60, "an answer is no paragraph")
			require.NotContains(t, found.Text, "#")
		}
		require.True(t, answer.MustParse("last_number").Find(text).OK)
		require.False(t, answer.MustParse("boxed", "code", "tag:answer").Find(text).OK)
	}
	// The others were cut off, or repeat themselves until they were.
	require.Equal(t, 5265, hits)
	require.Len(t, all, 5276)
}

// TestMath looks at real answers whose last box is the answer: where there is
// a marker too, both agree.
func TestMath(t *testing.T) {
	all := responses(t, "rollouts_math.jsonl")
	markers, agree := 0, 0
	for _, text := range all {
		box := answer.MustParse("boxed").Find(text)
		require.True(t, box.OK, box.Why)
		require.False(t, answer.MustParse("hashes").Find(text).OK)
		if m := answer.MustParse("marker").Find(text); m.OK {
			markers++
			if m.Text == box.Text {
				agree++
			}
		}
	}
	require.Len(t, all, 800)
	require.Equal(t, 46, markers)
	require.GreaterOrEqual(t, agree, 44)
}
