package verdict_test

import (
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/graders/judge/verdict"
)

func FuzzNumber(f *testing.F) {
	for _, s := range []string{"7", "7/10", "80%", `{"score": 7}`, `{"a": "b "c" d", 'score': '7'}`, "<think>x</think>Score: 7", "[[7]]", `\boxed{7}`, "| Overall | 7 |", "Final score (0-10): **7**/10", "I'd give this a 7", `"{\"score\": 7}"`, "> 7", "<score>7</score>", "grade(score=7)", "On a scale of 1 to 10, 7", "~~Score: 9~~ “8”", "٨", "1e400"} {
		f.Add(s, 0.0, 10.0)
	}
	f.Fuzz(func(t *testing.T, s string, low, high float64) {
		if !(low < high) || math.IsInf(high-low, 0) {
			t.Skip()
		}
		scale := verdict.Scale{Min: low, Max: high}
		for _, read := range []func() (float64, error){
			func() (float64, error) { return verdict.Number(s, scale) },
			func() (float64, error) { return verdict.Input([]byte(s), scale) },
		} {
			v, err := read()
			if err != nil {
				require.Zero(t, v)
				require.NotErrorIs(t, err, nil)
				continue
			}
			require.GreaterOrEqual(t, v, low)
			require.LessOrEqual(t, v, high)
			require.False(t, v == 0 && math.Signbit(v))
		}
	})
}

func FuzzOthers(f *testing.F) {
	for _, s := range []string{`{"verdict": "first"}`, "[[A]]", "A is better.", `{"verdict": [2, 1, 3]}`, "2 > 1 > 3", `{"results": {"clarity": "yes"}}`, "clarity: yes", `[{"id": 1, "met": true}]`, "Label: partly right", "<answer>right</answer>"} {
		f.Add(s)
	}
	items := []verdict.Item{{Name: "clarity"}, {Name: "style", Scale: &verdict.Scale{Min: 1, Max: 5}}, {Name: "tone", Labels: []string{"poor", "good"}, NotApplicable: true}}
	f.Fuzz(func(t *testing.T, s string) {
		if k, err := verdict.Label(s, []string{"wrong", "partly right", "right"}); err == nil {
			require.Contains(t, []int{0, 1, 2}, k)
		}
		if side, err := verdict.Choice(s); err == nil {
			require.NotEmpty(t, side.String())
		}
		if order, err := verdict.Ranking(s, 3); err == nil {
			require.ElementsMatch(t, []int{0, 1, 2}, order)
		}
		if list, err := verdict.Criteria(s, items); err == nil {
			require.Len(t, list, 3)
			if list[1].Err == nil {
				require.True(t, list[1].NotApplicable || list[1].Value >= 1 && list[1].Value <= 5)
			}
			require.False(t, list[0].NotApplicable, "not asked for")
		}
		if scores, err := verdict.Scores(s, 2, verdict.Scale{Max: 1}); err == nil {
			require.Len(t, scores, 2)
		}
		_, _ = verdict.LabelInput([]byte(s), []string{"wrong", "right"})
		_, _ = verdict.ChoiceInput([]byte(s))
		_, _ = verdict.CriteriaInput([]byte(s), items)
		_, _ = verdict.RankingInput([]byte(s), 3)
	})
}

// hostile are texts of a megabyte that cost a careless reader the square of it.
func hostile() map[string]string {
	units := map[string]string{
		"braces": "{", "openings": `{"a":`, "keys": `{"`, "quotes": `"`, "escaped": `\"`, "think": "<think>", "thinkpairs": "<think>a</think>", "tags": "<score>", "digits": "7", "labels": "score: ", "values": "score: 7 ", "fractions": "7/", "brackets": "[", "doubled": "[[", "boxes": `\boxed{`,
		"lists": `[{"a":`, "members": `{"score":7,`, "strings": `{"a":"x`, "closers": `","`, "comments": "{/*", "slashes": `{"a": 7 //`, "htmlcomments": "<!--", "strikes": "~~a", "pipes": "|", "rows": "| a | 7 |\n|---|---|\n", "lines": "\n", "typographic": "“7 ", "single": " '7", "scales": "scale of 1 to 10, ", "verbs": "I give it ", "words": "a is better than b ", "calls": "f(a=", "bare": "{a: ", "commas": ",", "spaces": " ", "openspace": "{ ", "answers": "Answer: right\n", "colons": "verdict:", "quotedlines": " \"7\n", "modifiers": "final ",
		"results": "[RESULT] ", "names": "response a ", "mixed": `{"score": "7` + "\n", "signs": ">", "nbsp": "7\u00a0", "equals": "{a=", "sentences": "not. ", "paren": "score (", "wide": "７", "reals": "1e1",
	}
	texts := map[string]string{}
	for name, unit := range units {
		texts[name] = strings.Repeat(unit, 1<<20/len(unit))
	}
	return texts
}

func BenchmarkHostile(b *testing.B) {
	items := []verdict.Item{{Name: "clarity"}, {Name: "style", Scale: &verdict.Scale{Min: 1, Max: 5}}}
	for name, text := range hostile() {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				_, _ = verdict.Number(text, verdict.Scale{Max: 10})
				_, _ = verdict.Label(text, []string{"right", "wrong"})
				_, _ = verdict.Choice(text)
				_, _ = verdict.Criteria(text, items)
				_, _ = verdict.Ranking(text, 4)
			}
		})
	}
}

func BenchmarkNumber(b *testing.B) {
	for name, text := range map[string]string{
		"json":  `{"reasoning": "The answer names two of the three causes and explains them well; it leaves out the third.", "score": 7}`,
		"prose": "The answer names two of the three causes and explains them well; it leaves out the third.\n\n**Score:** 7/10",
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_, _ = verdict.Number(text, verdict.Scale{Max: 10})
			}
		})
	}
}
