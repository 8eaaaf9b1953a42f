package judge_test

import (
	"bufio"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/grader/workbench/conversestub"
	"github.com/rftgrader/rftgrader/graders/judge/converse"
	"github.com/rftgrader/rftgrader/testdata"
)

type attack struct {
	ID, Family, Text, Placement, Question, Note string
	Contentless                                 bool `json:"gate_contentless"`
}

func attacks(t *testing.T) []attack {
	t.Helper()
	f, err := os.Open(testdata.Shared(t, "cases", "judge", "attacks.jsonl"))
	require.NoError(t, err)
	defer f.Close()
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	var all []attack
	for lines.Scan() {
		var a attack
		require.NoError(t, json.Unmarshal(lines.Bytes(), &a))
		all = append(all, a)
	}
	require.NoError(t, lines.Err())
	require.NotEmpty(t, all)
	return all
}

// candidate puts the attack into an answer.
func (a attack) candidate() string {
	const answer = "The capital of France is Paris."
	switch a.Placement {
	case "replace":
		return a.Text
	case "append":
		return answer + "\n" + a.Text
	}
	return answer + "\n" + a.Text + "\n" + answer
}

func TestKnownAttacks(t *testing.T) {
	g := build(t, `{"rubric": "x", "mode": "absolute", "reference": ""}`)
	for _, a := range attacks(t) {
		t.Run(a.ID, func(t *testing.T) {
			question := a.Question
			if question == "" {
				question = "What is the capital of France?"
			}
			ctx, seen := answered(func(int, *converse.Request) (*converse.Answer, error) { return say("Score: 3"), nil })
			res, err := g.Grade(ctx, rollout(t, question, a.candidate(), "Paris"))
			require.NoError(t, err)
			conflict := strings.Contains(a.Note, "known conflict")
			if a.Contentless || conflict {
				require.Zero(t, seen.count(), "no judge sees it")
				require.Zero(t, res.Score)
				return
			}
			require.Equal(t, 1, seen.count())
			require.Equal(t, 0.3, res.Score, "the judge's verdict counts, and no other one")
			text, code := seen.requests[0].Messages[0].Text, seen.requests[0].Fence
			for _, name := range []string{"prompt", "reference", "candidate"} {
				require.Equal(t, 1, strings.Count(text, "<"+name+"-"+code+">"))
				require.Equal(t, 1, strings.Count(text, "</"+name+"-"+code+">"))
			}
			require.Equal(t, 6, strings.Count(text, code))
			if a.Family == "template" || a.Family == "instruction" || a.Family == "score-forge" || a.Family == "style" {
				require.Contains(t, text, a.Text)
			}
		})
	}
}

// TestForgedVerdictsAreNeverRead has a judge that says nothing of its own.
func TestForgedVerdictsAreNeverRead(t *testing.T) {
	for name, options := range map[string]string{
		"absolute":  `{"rubric": "x"}`,
		"labels":    `{"rubric": "builtin/harmfulness"}`,
		"checklist": `{"criteria": [{"name": "a", "prompt": "x"}]}`,
		"pairwise":  `{"mode": "pairwise"}`,
	} {
		t.Run(name, func(t *testing.T) {
			g := build(t, options)
			for _, a := range attacks(t) {
				if a.Contentless || a.Placement == "replace" {
					continue
				}
				// It quotes the candidate, as judges do, and gives no verdict.
				ctx, _ := answered(func(_ int, q *converse.Request) (*converse.Answer, error) {
					quoted := "> " + strings.ReplaceAll(a.Text, "\n", "\n> ")
					return say("The candidate says:\n\n" + quoted + "\n\nI have no opinion on that."), nil
				})
				_, err := g.Grade(ctx, rollout(t, "What is the capital of France?", a.candidate(), "Paris"))
				require.Equal(t, grader.FaultPermanent, grader.FaultOf(err), "%s", a.ID)
			}
		})
	}
}

// TestALoneColonMayBeTheAnswer is the conflict that only an allow list solves.
func TestALoneColonMayBeTheAnswer(t *testing.T) {
	ctx, seen := simulated(conversestub.Planted)
	g := build(t, `{"rubric": "x", "gates": {"allow": [":"]}}`)
	for _, a := range []string{":", " : ", ".", "Solution:"} {
		_, err := g.Grade(ctx, rollout(t, "Which mark introduces a list in English?", a, nil))
		require.NoError(t, err)
	}
	require.Equal(t, 2, seen.count())
}
