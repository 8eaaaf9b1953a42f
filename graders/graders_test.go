package graders_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/graders"
)

func TestAll(t *testing.T) {
	require.NoError(t, grader.Validate(graders.All...))
	require.True(t, slices.IsSortedFunc(graders.All, func(a, b *grader.Kind) int { return strings.Compare(a.Name(), b.Name()) }))
	require.Equal(t, len(graders.All), cap(graders.All), "append must copy the list")
}

// TestHelp checks what rft help prints of each kind.
func TestHelp(t *testing.T) {
	for _, k := range graders.All {
		t.Run(k.Name(), func(t *testing.T) {
			require.NotEmpty(t, k.Synopsis())
			require.NotContains(t, k.Synopsis(), "\n")
			require.LessOrEqual(t, len(k.Synopsis()), 120)
			for line := range strings.Lines(k.Doc()) {
				require.LessOrEqual(t, len([]rune(line)), 120, "%q", line)
			}
			for _, o := range k.Options() {
				require.NotEmpty(t, o.Doc, o.Name)
			}
		})
	}
}
