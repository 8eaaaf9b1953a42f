package graders_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/graders"
	"github.com/rftgrader/rftgrader/graders/exact"
)

func TestWith(t *testing.T) {
	before := slices.Clone(graders.All)
	kind := func(name string) *grader.Kind {
		return grader.Define(name, "A kind of the test.", struct{}{}, func(*grader.Env, struct{}) (grader.Grader, error) { return nil, nil })
	}
	own, other := kind("citation"), kind("exact")
	all := graders.With(own, other)
	require.Len(t, all, len(graders.All)+1)
	require.Same(t, own, all[len(all)-1], "a new name comes last")
	require.Same(t, other, all[slices.Index(graders.All, exact.Kind)], "a known name is replaced")
	require.Equal(t, before, graders.All)
	require.NoError(t, grader.Validate(all...))
}
