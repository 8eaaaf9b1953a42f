package length

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestCount(t *testing.T) {
	for _, c := range []struct {
		text                                 string
		words, characters, sentences, tokens float64
	}{
		{"", 0, 0, 0, 0},
		{"  \n ", 0, 0, 0, 1},
		{"word", 1, 4, 1, 1},
		{" don't  stop - now ", 3, 17, 1, 6},
		{"Is it 3.14? Yes.", 4, 16, 2, 8},
		{"He said \"No.\" Then he left.", 6, 27, 2, 10},
		{"Mr. J. Smith et al. came, e.g. at 5 p.m. today.", 11, 47, 1, 22},
		{"1. First\n2. Second\n\nEnd", 5, 23, 3, 9},
		{"Choose:\n- red\n- green", 3, 21, 3, 8},
		{"日本語です。はい！", 7, 9, 2, 9},
		{"привет мир", 2, 10, 1, 5},
		{"Wait... what?! Really", 3, 21, 3, 6},
		{"\xff\xfe ok", 1, 5, 1, 2},
		{"\u3164 \u3164. \u2800", 0, 6, 0, 4},
		{"a" + strings.Repeat(" ", 33) + "b\t c", 3, 38, 1, 5},
	} {
		t.Run(c.text, func(t *testing.T) {
			require.Equal(t, c.words, count(c.text, UnitWords), "words")
			require.Equal(t, c.characters, count(c.text, UnitCharacters), "characters")
			require.Equal(t, c.sentences, count(c.text, UnitSentences), "sentences")
			require.Equal(t, c.tokens, count(c.text, UnitTokens), "tokens")
		})
	}
}

// TestRepeated compares with the definition: n-grams in a set.
func TestRepeated(t *testing.T) {
	for _, text := range []string{
		"a b c a b c a", "the cat, the CAT and the \"cat\"", strings.Repeat("to be or not to be ", 20), "one", "",
		strings.Repeat("abc ", 3) + "x y z " + strings.Repeat("abc ", 3),
	} {
		var words []string
		eachWord(text, func(w string) { words = append(words, strings.ToLower(strings.Trim(w, ",\""))) })
		for n := 1; n <= 9; n++ {
			kinds := map[string]bool{}
			want := max(0, len(words)-n+1)
			for i := range want {
				kinds[strings.Join(words[i:i+n], " ")] = true
			}
			share, total := repeated(text, UnitWords, n)
			require.Equal(t, want, total)
			if total > 0 {
				require.InDelta(t, 1-float64(len(kinds))/float64(total), share, 1e-12, "%q %d", text, n)
			}
		}
	}
	for _, disguised := range []string{"cat cat cat cat", "cat ca\u200bt c\u00adat \u2060cat", "cat ｃａｔ CAT cat\ufe0f"} {
		share, _ := repeated(disguised, UnitWords, 1)
		require.InDelta(t, 0.75, share, 1e-12, "%q", disguised)
	}
	share, total := repeated("ababab", UnitCharacters, 2)
	require.Equal(t, 5, total)
	require.InDelta(t, 1-2.0/5, share, 1e-12)
}
