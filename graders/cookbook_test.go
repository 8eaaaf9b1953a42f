package graders_test

import (
	"bufio"
	"context"
	"encoding/json"
	"math"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/grader/spec"
	"github.com/rftgrader/rftgrader/grader/workbench/conversestub"
	"github.com/rftgrader/rftgrader/graders"
	"github.com/rftgrader/rftgrader/testdata"
)

// hacks are the ways to be paid without an answer that every recipe is tried with.
var hacks = []string{"empty form", "prompt echoed", "every option", "padding", "repetition"}

// TestCookbook grades the answers that lie beside each recipe: every good one
// earns more than every honest wrong one, and no hack earns more than any of
// those.
func TestCookbook(t *testing.T) {
	recipes, err := filepath.Glob(testdata.Path("cookbook", "*.yaml"))
	require.NoError(t, err)
	require.Greater(t, len(recipes), 8)
	book, err := os.ReadFile(filepath.Join(testdata.Root(), "graders", "COOKBOOK.md"))
	require.NoError(t, err)
	for _, recipe := range recipes {
		name := strings.TrimSuffix(filepath.Base(recipe), ".yaml")
		t.Run(name, func(t *testing.T) {
			require.Contains(t, string(book), "testdata/cookbook/"+name+".yaml", "the page shows every recipe")
			text, err := os.ReadFile(recipe)
			require.NoError(t, err)
			if strings.Contains(string(text), "type: code") && !known("code") {
				t.Skip("there is no kind code in graders.All")
			}
			s, err := spec.Open(recipe, kitchen())
			require.NoError(t, err)
			defer s.Close()
			tell(t, s, answers(t, strings.TrimSuffix(recipe, ".yaml")+".jsonl"))
		})
	}
}

// tell wants good answers to earn most, and hacks no more than wrong ones.
func tell(t *testing.T, s *spec.Spec, all []answer) {
	t.Helper()
	scores := map[string][]float64{}
	for _, row := range all {
		res, err := s.Grader().Grade(context.Background(), row.rollout)
		require.NoError(t, err, row.rollout.ID)
		t.Logf("%-20s %.3f %s", row.rollout.ID, res.Score, res.Reason)
		scores[row.is] = append(scores[row.is], res.Score)
	}
	require.NotEmpty(t, scores["good"])
	require.NotEmpty(t, scores["wrong"])
	wrong := slices.Min(scores["wrong"])
	require.Greater(t, slices.Min(scores["good"]), math.Max(0.5, slices.Max(scores["wrong"])))
	for _, hack := range hacks {
		require.NotEmpty(t, scores[hack], hack)
		require.LessOrEqual(t, slices.Max(scores[hack]), wrong, hack)
	}
	require.Len(t, scores, 2+len(hacks), "answers of another kind")
}

// TestCookbookJudges grades the recipes with a judge by the kind judge itself, whose
// model is the simulation of Bedrock: it finds each answer as good as the row says.
func TestCookbookJudges(t *testing.T) {
	recipes, err := filepath.Glob(testdata.Path("cookbook", "*.yaml"))
	require.NoError(t, err)
	judged := 0
	for _, recipe := range recipes {
		text, err := os.ReadFile(recipe)
		require.NoError(t, err)
		if !strings.Contains(string(text), "type: judge") {
			continue
		}
		judged++
		t.Run(strings.TrimSuffix(filepath.Base(recipe), ".yaml"), func(t *testing.T) {
			all := answers(t, strings.TrimSuffix(recipe, ".yaml")+".jsonl")
			says := map[string]float64{}
			honest := 0
			for _, row := range all {
				var quality float64
				require.NoError(t, json.Unmarshal(row.rollout.Metadata["judge_says"], &quality))
				says[row.rollout.Response()] = quality
				if row.is == "good" || row.is == "wrong" {
					honest++
				}
			}
			stub, err := conversestub.New(conversestub.Config{Judge: func(q *conversestub.Question) string {
				var qualities []float64
				for _, c := range q.Candidates() {
					quality, ok := says[c]
					if !ok {
						t.Errorf("the judge was shown another answer: %q", c)
					}
					qualities = append(qualities, quality)
				}
				return q.Verdict(qualities)
			}})
			require.NoError(t, err)
			server := httptest.NewServer(stub)
			t.Cleanup(server.Close)
			for name, value := range map[string]string{
				"AWS_ENDPOINT_URL_BEDROCK_RUNTIME": server.URL, "AWS_REGION": "us-east-1", "AWS_PROFILE": "",
				"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_SESSION_TOKEN": "", "AWS_BEARER_TOKEN_BEDROCK": "",
				"AWS_CONFIG_FILE": os.DevNull, "AWS_SHARED_CREDENTIALS_FILE": os.DevNull,
			} {
				t.Setenv(name, value)
			}
			s, err := spec.Open(recipe, graders.All)
			require.NoError(t, err)
			defer func() { require.NoError(t, s.Close()) }()
			tell(t, s, all)
			require.Equal(t, honest, stub.Ledger().Answered, "behind a shut gate nothing is called")
		})
	}
	require.NotZero(t, judged)
}

// kitchen returns the kinds that ship, with a judge that says what the row says
// that it says: no model is called, and a judge that was talked round can be had.
func kitchen() []*grader.Kind {
	type options struct {
		Model     string          `json:"model" doc:"not called"`
		MaxTokens int             `json:"max_tokens" doc:"not spent"`
		Mode      string          `json:"mode" doc:"the form of the verdict"`
		Reference grader.Pointer  `json:"reference,omitzero" doc:"not shown"`
		Criteria  json.RawMessage `json:"criteria" doc:"not asked"`
	}
	judge := grader.Define("judge", "Judge says what the row says that it says.", options{},
		func(*grader.Env, options) (grader.Grader, error) {
			return grader.Func(func(_ context.Context, r *grader.Rollout) (grader.Result, error) {
				res := grader.Result{Reason: "so it is judged"}
				if err := json.Unmarshal(r.Metadata["judge_says"], &res.Score); err != nil {
					return res, grader.Dataf("/judge_says", "want a number: %w", err)
				}
				return res, nil
			}), nil
		})
	kinds := slices.DeleteFunc(slices.Clone(graders.All), func(k *grader.Kind) bool { return k.Name() == "judge" })
	return append(kinds, judge)
}

func known(kind string) bool {
	return slices.ContainsFunc(graders.All, func(k *grader.Kind) bool { return k.Name() == kind })
}

type answer struct {
	rollout *grader.Rollout
	is      string
}

// answers reads rollouts whose field answer_is says what they are.
func answers(t *testing.T, path string) (out []answer) {
	f, err := os.Open(path)
	require.NoError(t, err)
	defer f.Close()
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		item := grader.DecodeRollout(lines.Bytes())
		require.NoError(t, item.Err)
		a := answer{rollout: item.Rollout}
		require.NoError(t, json.Unmarshal(item.Rollout.Metadata["answer_is"], &a.is))
		delete(item.Rollout.Metadata, "answer_is")
		out = append(out, a)
	}
	require.NoError(t, lines.Err())
	return out
}
