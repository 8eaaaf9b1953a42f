package compared_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/graders/internal/compared"
)

func TestSays(t *testing.T) {
	for s, want := range map[string]bool{
		"": false, " \n\t": false, "...": false, "**__**": false, "^`": false, "\u00b4\u00a8\u00af": false, "\u0301": false,
		"\u200b\u200f\ufeff": false, "\u3164\u115f\u2800": false, "\x00": false, "\ufffd": false, "\ue000": false,
		"a": true, "7": true, "∅": true, "€": true, "🙂": true, "你": true, "... a": true,
	} {
		require.Equal(t, want, compared.Says(s), "%q", s)
	}
}

func TestInvisible(t *testing.T) {
	for r, want := range map[rune]bool{
		'a': false, ' ': false, '\n': false, '\u00a0': false, '\u0301': false, '🙂': false,
		'\x00': true, '\u200b': true, '\u00ad': true, '\u034f': true, '\ufe0f': true, '\u3164': true, '\u2060': true, '\U000e0041': true,
	} {
		require.Equal(t, want, compared.Invisible(r), "%q", r)
	}
}
