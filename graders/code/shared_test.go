package code_test

import (
	"bufio"
	"encoding/json"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/testdata"
)

// TestHonest grades the honest solutions of the shared catalogue: every right
// one passes and every wrong one fails.
func TestHonest(t *testing.T) {
	f, err := os.Open(testdata.Shared(t, "cases", "code", "honest.jsonl"))
	require.NoError(t, err)
	defer f.Close()
	g := build(t, jailKind(t), `{"language": "metadata:/language"}`)
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 4<<20)
	n := 0
	for lines.Scan() {
		var c struct {
			ID, Language, Code, Expected string
			Tests                        json.RawMessage
		}
		require.NoError(t, json.Unmarshal(lines.Bytes(), &c))
		n++
		t.Run(c.ID, func(t *testing.T) {
			t.Parallel()
			ref, err := grader.NewReference(map[string]json.RawMessage{"tests": c.Tests})
			require.NoError(t, err)
			language, err := json.Marshal(c.Language)
			require.NoError(t, err)
			r := &grader.Rollout{Reference: ref, Metadata: map[string]json.RawMessage{"language": language}, Messages: []grader.Message{
				{Role: "assistant", Content: grader.TextContent("```" + c.Language + "\n" + c.Code + "\n```")},
			}}
			res, err := g.Grade(t.Context(), r)
			require.NoError(t, err)
			require.Equal(t, c.Expected == "pass", res.Score == 1, res.Reason)
		})
	}
	require.NoError(t, lines.Err())
	require.NotZero(t, n)
}
