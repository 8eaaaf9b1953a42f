package format_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader/gradertest"
	"github.com/rftgrader/rftgrader/graders/format"
)

func TestConformance(t *testing.T) { gradertest.Run(t, format.Kind, "testdata") }

// TestValues grades cases that the suite need not see: it grades large hostile
// answers with the options of each of its own.
func TestValues(t *testing.T) {
	cases, err := gradertest.ReadCases("testdata/values.jsonl", 1)
	require.NoError(t, err)
	require.NotEmpty(t, cases)
	for _, c := range cases {
		t.Run(c.Name, func(t *testing.T) {
			require.NoError(t, c.Err)
			g, err := format.Kind.New(nil, c.Options)
			require.NoError(t, err)
			res, err := g.Grade(context.Background(), c.Rollout)
			require.NoError(t, err)
			require.Equal(t, c.Score, res.Score, res.Reason)
		})
	}
}
