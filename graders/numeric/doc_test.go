package numeric_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/graders/numeric"
	"github.com/rftgrader/rftgrader/graders/numeric/number"
)

// TestDocExamples reads the examples of the help text: the first block lists
// what is one plain number, the second what is not.
func TestDocExamples(t *testing.T) {
	_, text, ok := strings.Cut(numeric.Kind.Doc(), "# What counts as a number")
	require.True(t, ok)
	text, _, ok = strings.Cut(text, "\n# ")
	require.True(t, ok)
	var blocks [][]string
	inside := false
	for line := range strings.Lines(text) {
		example, ok := strings.CutPrefix(line, "\t")
		if ok && !inside {
			blocks = append(blocks, nil)
		}
		if inside = ok; !ok {
			continue
		}
		example = strings.TrimPrefix(example, "digits of every script: ")
		last := len(blocks) - 1
		for e := range strings.SplitSeq(strings.TrimSpace(example), "   ") {
			blocks[last] = append(blocks[last], strings.TrimSpace(e))
		}
	}
	require.Len(t, blocks, 2)
	require.Greater(t, len(blocks[0]), 50)
	require.Greater(t, len(blocks[1]), 15)
	for _, e := range blocks[0] {
		_, err := number.Read(e, number.Format{})
		require.NoError(t, err, "%q", e)
	}
	for _, e := range blocks[1] {
		r, err := number.Read(e, number.Format{})
		require.Error(t, err, "%q reads as %v", e, r.Value)
	}
}
