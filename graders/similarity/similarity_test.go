package similarity_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/graders/similarity"
	"github.com/rftgrader/rftgrader/testdata"
)

func build(t testing.TB, options string) grader.Grader {
	t.Helper()
	g, err := similarity.Kind.New(&grader.Env{Name: "alike"}, []byte(options))
	require.NoError(t, err)
	return g
}

func rollout(t testing.TB, answer string, reference any) *grader.Rollout {
	t.Helper()
	ref, err := grader.NewReference(reference)
	require.NoError(t, err)
	return &grader.Rollout{Reference: ref, Messages: []grader.Message{
		{Role: "user", Content: grader.TextContent("What happened?")},
		{Role: "assistant", Content: grader.TextContent(answer)},
	}}
}

// TestReferenceValues grades the rows of the reference file with the kind, each
// value with the options that it stands for. The exceptions are those of the
// doc, where the packages give a number for what is a fault of the data: an empty
// reference, and for rouge one without a letter or digit of ASCII.
func TestReferenceValues(t *testing.T) {
	text, err := os.ReadFile(testdata.Shared(t, "data", "textsim_reference.jsonl"))
	require.NoError(t, err)
	options := map[string]string{
		"rapidfuzz_ratio":                  `{}`,
		"rapidfuzz_partial":                `{"scorer": "partial"}`,
		"rapidfuzz_token_sort":             `{"scorer": "token_sort"}`,
		"rapidfuzz_WRatio":                 `{"scorer": "wratio"}`,
		"rapidfuzz_WRatio_default_process": `{"scorer": "wratio", "process": "default"}`,
		"nltk_sentence_bleu":               `{"metric": "bleu"}`,
		"nltk_sentence_bleu_smooth1":       `{"metric": "bleu", "smoothing": "epsilon"}`,
		"nltk_sentence_gleu":               `{"metric": "gleu"}`,
		"rouge_l_f":                        `{"metric": "rouge_l"}`,
	}
	for n := range 5 {
		options[fmt.Sprintf("rouge_%d_f", n+1)] = fmt.Sprintf(`{"metric": "rouge_%d"}`, n+1)
	}
	graders := map[string]grader.Grader{}
	for name, o := range options {
		graders[name] = build(t, o)
	}
	compared, excepted := 0, 0
	for line := range strings.Lines(string(text)) {
		var row struct {
			ID, Reference, Input string
			Scores               map[string]float64
		}
		require.NoError(t, json.Unmarshal([]byte(line), &row))
		for name, want := range row.Scores {
			require.Contains(t, graders, name)
			res, err := graders[name].Grade(context.Background(), rollout(t, row.Input, row.Reference))
			wordless := strings.HasPrefix(name, "rouge") && !strings.ContainsFunc(row.Reference, func(r rune) bool { return r < 0x80 })
			if row.Reference == "" || wordless {
				require.Equal(t, grader.FaultData, grader.FaultOf(err), "%s %s", row.ID, name)
				excepted++
				continue
			}
			require.NoError(t, err)
			require.InDelta(t, want, res.Score, 1e-6, "%s %s", row.ID, name)
			compared++
		}
	}
	require.Equal(t, 350, compared+excepted)
	require.Equal(t, 2*14+6, excepted)
}

func TestScores(t *testing.T) {
	for _, c := range []struct {
		name, options, answer string
		reference             any
		score                 float64
	}{
		{"the best of a list", `{"reference": ""}`, "dawn", []string{"dusk", "dawn"}, 1},
		{"white space around does not count where it is found", ``, "  dawn\n", "dawn", 1},
		{"white space counts in the answer as it is", `{"text": "answer"}`, " dawn", "dawn", 8.0 / 9},
		{"the line behind reasoning is no part of the answer", `{"text": "answer"}`, "<think>x</think>\n\ndawn", "dawn", 1},
		{"reasoning counts in the response", `{"text": "response"}`, "<think>x</think>dawn", "dawn", 2.0 * 4 / 24},
		{"wratio at a quotient of 8 is far", `{"scorer": "wratio"}`, "ab", "xxxxxxxxxxxxxxab", 0.6},
		{"wratio below a quotient of 8 is near", `{"scorer": "wratio"}`, "ab", "xxxxxxxxxxxxxab", 0.9},
		{"order 2", `{"metric": "bleu", "order": 2}`, "at dawn", "at dawn", 1},
		{"gleu of order 1", `{"metric": "gleu", "order": 1}`, "a b", "b c", 0.5},
		{"rouge recall", `{"metric": "rouge_1", "measure": "recall"}`, "a b c d", "a b", 1},
		{"rouge precision", `{"metric": "rouge_1", "measure": "precision"}`, "a b c d", "a b", 0.5},
		{"rouge without stems", `{"metric": "rouge_1"}`, "ships", "ship", 0},
		{"rouge with stems", `{"metric": "rouge_1", "stem": true}`, "ships", "ship", 1},
		{"token_f1 counts words as often as they are there", `{"metric": "token_f1"}`, "red red red red", "red green", 1.0 / 3},
		{"a set in JSON among others", `{"metric": "set_f1", "reference": ""}`, `["Red", 3]`, []any{"red", 3}, 1},
		{"a set by lines", `{"metric": "exact_set"}`, "1. \"Red\"\n2) **green**.\n\n", "green, RED", 1},
		{"a set with another separator", `{"metric": "exact_set", "separator": "|"}`, "a, b | c", "c|a, b", 1},
		{"numbers keep their sign and point", `{"metric": "exact_set"}`, "5, 314", "-5, 3.14", 0},
		{"set recall", `{"metric": "set_f1", "measure": "recall"}`, "a, b, c, d", "a, b", 1},
		{"words of an edit", `{"metric": "edit_distance", "unit": "words"}`, "a b c", "a x c", 1 - 1.0/3},
		{"text of one's own", `{"expect": "yes"}`, "yes", nil, 1},
		{"text with the reference in it", `{"expect": "{{/n}} apples"}`, "5 apples", map[string]any{"n": 5}, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			res, err := build(t, c.options).Grade(context.Background(), rollout(t, c.answer, c.reference))
			require.NoError(t, err)
			require.InDelta(t, c.score, res.Score, 1e-12, "%s", res.Reason)
			require.NotEmpty(t, res.Reason)
		})
	}
}

// TestTooLong checks that what is too long to be compared scores 0 and says so.
func TestTooLong(t *testing.T) {
	for _, options := range []string{`{"scorer": "ratio"}`, `{"scorer": "partial"}`, `{"metric": "edit_distance"}`} {
		res, err := build(t, options).Grade(context.Background(), rollout(t, strings.Repeat("ab", 1<<19), strings.Repeat("ba", 1<<12)))
		require.NoError(t, err)
		require.Zero(t, res.Score)
		require.Contains(t, res.Reason, "too long to be compared")
	}
}

func TestOptionFaults(t *testing.T) {
	for _, c := range []struct{ name, options, pointer string }{
		{"an unknown metric", `{"metric": "rouge_6"}`, "/metric"},
		{"an unknown scorer", `{"scorer": "best"}`, "/scorer"},
		{"a scorer without fuzzy", `{"metric": "bleu", "scorer": "partial"}`, "/scorer"},
		{"a process without fuzzy", `{"metric": "bleu", "process": "default"}`, "/process"},
		{"recall of what has none", `{"measure": "recall"}`, "/measure"},
		{"stems of what has none", `{"metric": "gleu", "stem": true}`, "/stem"},
		{"smoothing of what is not smoothed", `{"metric": "gleu", "smoothing": "epsilon"}`, "/smoothing"},
		{"a unit of what has none", `{"unit": "words"}`, "/unit"},
		{"no n-grams", `{"metric": "bleu", "order": 0}`, "/order"},
		{"long n-grams", `{"metric": "bleu", "order": 9}`, "/order"},
		{"no separator", `{"metric": "exact_set", "separator": ""}`, "/separator"},
		{"no finder", `{"find": null}`, "/find"},
		{"an unknown text", `{"text": "all"}`, "/text"},
		{"no pointer into tools", `{"text": "tools:name"}`, "/text"},
		{"two references", `{"reference": "/a", "expect": "b"}`, "/expect"},
		{"an expected text of nothing", `{"expect": " "}`, "/expect"},
		{"an open brace", `{"expect": "{{/a"}`, "/expect"},
		{"no pointer between braces", `{"expect": "{{name}}"}`, "/expect"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := similarity.Kind.New(nil, []byte(c.options))
			var option *grader.OptionError
			require.ErrorAs(t, err, &option)
			require.Equal(t, c.pointer, option.Pointer)
		})
	}
}

func TestKind(t *testing.T) {
	require.NoError(t, grader.Validate(similarity.Kind))
	require.Equal(t, "Similarity measures how alike the answer and a reference text are, from 0 to 1", similarity.Kind.Synopsis())
}

func ExampleKind() {
	g, err := similarity.Kind.New(nil, []byte(`{"metric": "rouge_l", "reference": "/summary"}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	item := grader.DecodeRollout([]byte(`{
		"id": "1",
		"messages": [
			{"role": "user", "content": "Sum it up."},
			{"role": "assistant", "content": "The ship left at noon."}
		],
		"metadata": {"reference_answer": {"summary": "The ship left the harbour at dawn."}}
	}`))
	res, err := g.Grade(context.Background(), item.Rollout)
	fmt.Printf("%.3f %v\n", res.Score, err)
	fmt.Println(res.Reason)
	// Output:
	// 0.667 <nil>
	// whole: the whole text, line 1: "The ship left at noon." is alike by 0.6667 (rouge_l) to "The ship left the harbour at dawn."
}

// everything has one grader for each way to measure.
func everything(t testing.TB) map[string]grader.Grader {
	graders := map[string]grader.Grader{}
	for _, scorer := range []string{"ratio", "partial", "token_sort", "token_set", "wratio"} {
		graders["fuzzy, "+scorer] = build(t, `{"scorer": "`+scorer+`"}`)
	}
	for _, metric := range []string{"bleu", "gleu", "meteor", "rouge_1", "rouge_5", "rouge_l", "token_f1", "exact_set", "set_f1", "edit_distance"} {
		graders[metric] = build(t, `{"metric": "`+metric+`"}`)
	}
	graders["processed"] = build(t, `{"scorer": "wratio", "process": "default"}`)
	graders["stems"] = build(t, `{"metric": "rouge_2", "stem": true}`)
	graders["words"] = build(t, `{"metric": "edit_distance", "unit": "words", "text": "response"}`)
	return graders
}

func FuzzGrade(f *testing.F) {
	for _, s := range []string{"The ship left at dawn", "a, b; c", "[\"a\", 1, null]", "<think>x</think>日本 語", "ies ed ing yyyy ational alli logi", "\xff\x00 !?"} {
		f.Add(s, "The ship left the harbour")
		f.Add(s, s)
	}
	graders := everything(f)
	f.Fuzz(func(t *testing.T, answer, reference string) {
		reference = strings.ToValidUTF8(reference, "?")
		for name, g := range graders {
			res, err := g.Grade(context.Background(), rollout(t, answer, reference))
			if err != nil {
				require.Equal(t, grader.FaultData, grader.FaultOf(err), name)
				continue
			}
			require.NoError(t, res.Check())
			require.True(t, res.Score >= 0 && res.Score <= 1, "%s %v", name, res.Score)
		}
	})
}

func BenchmarkGrade(b *testing.B) {
	summary := strings.Repeat("The committee met on Tuesday and agreed on the plan for the harbour. ", 12)
	other := strings.Repeat("On Tuesday the committee agreed on a plan for the old harbour, at last. ", 12)
	for name, g := range everything(b) {
		for _, c := range []struct {
			name string
			r    *grader.Rollout
		}{
			{"typical", rollout(b, other, summary)},
			{"1 MB of words", rollout(b, strings.Repeat("a b ", 1<<18), "the ship left the harbour at dawn")},
			{"1 MB of one word", rollout(b, strings.Repeat("y", 1<<20), "the ship left the harbour at dawn")},
		} {
			b.Run(name+"/"+c.name, func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if _, err := g.Grade(context.Background(), c.r); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
