package nearest_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader/internal/nearest"
)

func TestWord(t *testing.T) {
	known := []string{"find", "tolerance", "percent", "units", "rel", "abs"}
	for _, c := range []struct{ word, want string }{
		{"tolerence", "tolerance"},
		{"unit", "units"},
		{"precent", "percent"},
		{"Find", "find"},
		{"relative", ""},
		{"zzz", ""},
		{"", ""},
		{"ab", "abs"},
	} {
		t.Run(c.word, func(t *testing.T) { require.Equal(t, c.want, nearest.Word(c.word, known)) })
	}
	require.Equal(t, `; did you mean "units"?`, nearest.Hint("unitz", known))
	require.Empty(t, nearest.Hint("nothing like it", known))
}
