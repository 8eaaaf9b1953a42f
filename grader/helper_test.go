package grader_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader"
)

func TestRunHelper(t *testing.T) {
	var got []string
	plain := grader.Define("plain", "Plain has no helper.", struct{}{}, func(*grader.Env, struct{}) (grader.Grader, error) { return nil, nil })
	kinds := []*grader.Kind{plain, grader.Define("boxed", "Boxed has one.", struct{}{}, func(*grader.Env, struct{}) (grader.Grader, error) { return nil, nil }).
		WithHelper(func(args []string) int { got = args; return 7 })}
	for _, test := range []struct {
		name     string
		args     []string
		wantExit int
		wantOK   bool
	}{
		{"no arguments", nil, 0, false},
		{"a command of the program", []string{"grade", "boxed"}, 0, false},
		{"the helper of a kind", []string{grader.HelperArgument, "boxed", "a", "b"}, 7, true},
		{"a kind without a helper", []string{grader.HelperArgument, "plain"}, 2, true},
		{"a kind that is not there", []string{grader.HelperArgument, "other"}, 2, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			exit, ok := grader.RunHelper(kinds, test.args)
			require.Equal(t, test.wantExit, exit)
			require.Equal(t, test.wantOK, ok)
		})
	}
	require.Equal(t, []string{"a", "b"}, got, "the helper gets its own arguments")
	require.Equal(t, "boxed", kinds[1].Name())
}
