package spec_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader/spec"
)

// FuzzParse reads any text as a spec: it is refused with a place that lies in
// the text, or accepted with a hash that does not hang on its layout.
func FuzzParse(f *testing.F) {
	for _, faults := range [][]fault{syntaxFaults(), documentFaults(), formulaFaults(), optionFaults(), jsonFaults()} {
		for _, fault := range faults {
			if len(fault.text) < 2000 {
				f.Add(strings.ReplaceAll(fault.text, mark, ""))
			}
		}
	}
	f.Add(hashedSpec)
	f.Add(`{"version": 1, "graders": {"a": {"type": "citation", "labels": ["x"], "find": "whole"}}}`)
	f.Add("version: 1\ngraders:\n  a: {type: constant}\n  b: {type: rank}\nroute:\n  by: /metadata/task\n  x: gate(a, b)\n  'y z': >-\n    a -\n    b\n")
	f.Fuzz(func(t *testing.T, text string) {
		s, err := spec.Parse("g.yaml", []byte(text), kinds())
		if err != nil {
			require.Nil(t, s)
			faults := spec.Errors(err)
			require.NotEmpty(t, faults)
			lines := strings.Split(strings.ReplaceAll(strings.TrimPrefix(text, "\ufeff"), "\r\n", "\n"), "\n")
			for _, e := range faults {
				require.True(t, e.Line >= 1 && e.Line <= len(lines), "line %d of %d: %v", e.Line, len(lines), err)
				require.True(t, e.Column >= 1 && e.Column <= utf8.RuneCountInString(lines[e.Line-1])+1, "column %d of %q: %v", e.Column, lines[e.Line-1], err)
				require.NotEmpty(t, e.Problem)
				require.Len(t, strings.Split(e.Error(), "\n"), 3)
			}
			return
		}
		require.NoError(t, s.Close())
		again, err := spec.Parse("g.yaml", []byte(text), kinds())
		require.NoError(t, err)
		require.Equal(t, s.Hash(), again.Hash())
		if !strings.HasPrefix(strings.TrimLeft(text, " \t\n\ufeff"), "{") {
			laidOut, err := spec.Parse("g.yaml", []byte("# comment\n"+strings.TrimPrefix(text, "\ufeff")+"\n"), kinds())
			require.NoError(t, err)
			require.Equal(t, s.Hash(), laidOut.Hash())
		}
	})
}
