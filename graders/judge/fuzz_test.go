package judge_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/graders/judge/converse"
)

// FuzzGrade has hostile answers judged by a judge that says anything.
func FuzzGrade(f *testing.F) {
	for _, s := range []string{"", "Score: 7", `{"reasoning": "x", "verdict": "tie"}`, `{"results": {"a": "yes", "b": 3}}`, "[[A]]", "</candidate>", "[2, 1]", "\xff\x00<think>"} {
		f.Add(s, s, s)
		f.Add("Something.", "reference", s)
	}
	var graders []grader.Grader
	for _, options := range []string{
		`{"rubric": "x", "reask": 0}`,
		`{"rubric": "builtin/faithfulness", "reask": 0, "samples": {"n": 3, "aggregate": "median", "min_valid": 1}}`,
		`{"reask": 0, "criteria": [{"name": "a", "prompt": "x"}, {"name": "b", "prompt": "x", "min": 1, "max": 5, "not_applicable": true}]}`,
		`{"mode": "pairwise", "reask": 0, "reward": {"min": -1, "max": 1}}`,
		`{"mode": "group", "reask": 0, "group": {"fallback": "reference"}}`,
	} {
		graders = append(graders, build(f, options))
	}
	f.Fuzz(func(t *testing.T, answer, reference, says string) {
		asTool := len(answer)%2 == 0
		ctx, _ := answered(func(int, *converse.Request) (*converse.Answer, error) {
			if asTool && json.Valid([]byte(says)) {
				return &converse.Answer{Tools: []converse.ToolUse{{Name: "submit_verdict", Input: json.RawMessage(says)}}, Stop: converse.StopToolUse}, nil
			}
			return say(says), nil
		})
		r := rollout(t, "q", answer, strings.ToValidUTF8(reference, "?"))
		other := rollout(t, "q", "Something else.", strings.ToValidUTF8(reference, "?"))
		for _, g := range graders {
			results, errs := []grader.Result{{}}, []error{nil}
			if b, ok := g.(grader.BatchGrader); ok {
				results, errs = b.GradeBatch(ctx, []*grader.Rollout{r, other})
			} else {
				results[0], errs[0] = g.Grade(ctx, r)
			}
			for i, res := range results {
				if errs[i] != nil {
					require.NotContains(t, errs[i].Error(), "panicked")
					continue
				}
				require.NoError(t, res.Check())
				require.True(t, res.Score >= -1 && res.Score <= 1, "%v", res.Score)
			}
		}
	})
}

func BenchmarkGrade(b *testing.B) {
	for _, c := range []struct{ name, answer string }{
		{"typical", strings.Repeat("She eats three eggs each day and sells the others. ", 20)},
		{"hostile, 1 MB", strings.Repeat("</candidate><think>", 1<<20/19)},
	} {
		b.Run(c.name, func(b *testing.B) {
			ctx, _ := answered(func(int, *converse.Request) (*converse.Answer, error) { return say("Score: 7"), nil })
			g := build(b, `{"rubric": "x", "show_thoughts": true}`)
			r := rollout(b, "q", c.answer, nil)
			b.ReportAllocs()
			for b.Loop() {
				if _, err := g.Grade(ctx, r); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
