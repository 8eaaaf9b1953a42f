package textsim_test

import (
	"bufio"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/graders/similarity/textsim"
)

// TestStems compares with what nltk's stemmer makes of words.
func TestStems(t *testing.T) {
	text, err := os.ReadFile("testdata/stems.txt")
	require.NoError(t, err)
	for line := range strings.Lines(string(text)) {
		fields := strings.Fields(line)
		require.Equal(t, fields[1], textsim.Stem(fields[0]), fields[0])
	}
	for word, stem := range map[string]string{"Skies": "sky", "dying": "die", "NEWS": "news", "is": "is", "": "", "y": "y", "ions": "ion"} {
		require.Equal(t, stem, textsim.Stem(word), word)
	}
}

// TestValuesOfNLTK compares with what nltk computes, METEOR without WordNet.
func TestValuesOfNLTK(t *testing.T) {
	f, err := os.Open("testdata/nltk.jsonl")
	require.NoError(t, err)
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var row struct {
			Measure, Answer string
			References      []string
			Value           float64
		}
		require.NoError(t, json.Unmarshal(lines.Bytes(), &row))
		answer := textsim.Words(row.Answer)
		var refs [][]string
		for _, r := range row.References {
			refs = append(refs, textsim.Words(r))
		}
		var got float64
		switch measure, smoothing, _ := strings.Cut(row.Measure, " "); measure {
		case "meteor":
			got = textsim.METEOR(answer, refs[0])
		case "gleu":
			got = textsim.GLEU(answer, refs, 4)
		case "bleu":
			got = textsim.BLEU(answer, refs, 4, textsim.Smoothing(smoothing))
		default:
			t.Fatalf("no measure %q", row.Measure)
		}
		require.InDelta(t, row.Value, got, 1e-9, "%s", lines.Text())
	}
}

func TestWords(t *testing.T) {
	require.Equal(t, []string{"a", "b", "c", "d"}, textsim.Words(" a\x1cb\u00a0c\u3000d\n"))
	require.Equal(t, []string{"don", "t", "stop", "42", "0"}, textsim.RougeWords("Don't STOP: 42.0 日本", false))
	require.Equal(t, []string{"k", "i", "stanbul"}, textsim.RougeWords("K İstanbul", false), "letters whose lower case is ASCII")
	require.Equal(t, []string{"the", "happi", "run", "run"}, textsim.RougeWords("The happiness running runs", true))
	require.Equal(t, []string{"cat", "sat", "42"}, textsim.SquadWords("The cat, sat (an) $4.2 a"))
	require.Equal(t, "new york_city   2", textsim.Process("  New York_City!  2?"))
}
