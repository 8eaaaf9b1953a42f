package textsim_test

import (
	"bufio"
	"context"
	"encoding/json"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/graders/similarity/textsim"
	"github.com/rftgrader/rftgrader/testdata"
)

// measures are the measures under the names that the reference values have.
func measures(t *testing.T) map[string]func(answer, reference string) float64 {
	must := func(v float64, err error) float64 {
		require.NoError(t, err)
		return v
	}
	ctx := context.Background()
	rouge := func(n int) func(string, string) float64 {
		return func(a, r string) float64 {
			return textsim.RougeN(textsim.RougeWords(a, false), textsim.RougeWords(r, false), n).F1()
		}
	}
	bleu := func(s textsim.Smoothing) func(string, string) float64 {
		return func(a, r string) float64 {
			return textsim.BLEU(textsim.Words(a), [][]string{textsim.Words(r)}, 4, s)
		}
	}
	return map[string]func(string, string) float64{
		"rapidfuzz_ratio":      func(a, r string) float64 { return must(textsim.Ratio(ctx, r, a)) },
		"rapidfuzz_partial":    func(a, r string) float64 { return must(textsim.Partial(ctx, r, a)) },
		"rapidfuzz_token_sort": func(a, r string) float64 { return must(textsim.TokenSort(ctx, r, a)) },
		"rapidfuzz_WRatio":     func(a, r string) float64 { return must(textsim.WRatio(ctx, r, a)) },
		"rapidfuzz_WRatio_default_process": func(a, r string) float64 {
			return must(textsim.WRatio(ctx, textsim.Process(r), textsim.Process(a)))
		},
		"nltk_sentence_bleu":         bleu(textsim.NoSmoothing),
		"nltk_sentence_bleu_smooth1": bleu(textsim.Epsilon),
		"nltk_sentence_gleu": func(a, r string) float64 {
			return textsim.GLEU(textsim.Words(a), [][]string{textsim.Words(r)}, 4)
		},
		"rouge_1_f": rouge(1), "rouge_2_f": rouge(2), "rouge_3_f": rouge(3), "rouge_4_f": rouge(4), "rouge_5_f": rouge(5),
		"rouge_l_f": func(a, r string) float64 {
			o, err := textsim.RougeL(ctx, textsim.RougeWords(a, false), textsim.RougeWords(r, false))
			return must(o.F1(), err)
		},
	}
}

// TestReferenceValues compares every value of the reference file. There are no
// exceptions among the measures; the kind itself never compares with an empty
// reference, which is a fault of the data.
func TestReferenceValues(t *testing.T) {
	f, err := os.Open(testdata.Shared(t, "data", "textsim_reference.jsonl"))
	require.NoError(t, err)
	defer f.Close()
	all := measures(t)
	compared := 0
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var row struct {
			ID, Reference, Input string
			Scores               map[string]float64
		}
		require.NoError(t, json.Unmarshal(lines.Bytes(), &row))
		for name, want := range row.Scores {
			require.Contains(t, all, name, "a measure that nobody computes")
			got := all[name](row.Input, row.Reference)
			require.InDelta(t, want, got, 1e-9, "%s %s", row.ID, name)
			compared++
		}
	}
	require.GreaterOrEqual(t, compared, 350)
}
