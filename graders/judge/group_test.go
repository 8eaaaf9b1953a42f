package judge_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/grader/workbench/conversestub"
	"github.com/rftgrader/rftgrader/graders/judge/converse"
)

func group(t testing.TB, prompt string, answers ...string) []*grader.Rollout {
	t.Helper()
	var rs []*grader.Rollout
	for i, a := range answers {
		r := rollout(t, prompt, a, nil)
		r.ID = fmt.Sprint(i)
		rs = append(rs, r)
	}
	return rs
}

func scoresOf(t testing.TB, results []grader.Result, errs []error) []float64 {
	t.Helper()
	scores := make([]float64, len(results))
	for i, res := range results {
		require.NoError(t, errs[i])
		require.NoError(t, res.Check())
		scores[i] = res.Score
	}
	return scores
}

func TestGroup(t *testing.T) {
	for _, c := range []struct {
		name, options string
		answers       []string
		want          []float64
		ranked        float64
		calls         int
	}{
		{"three", `{"mode": "group"}`, []string{"quality=0.1", "quality=0.9", "quality=0.5"}, []float64{0, 1, 0.5}, 1, 2},
		{"one order", `{"mode": "group", "swap": false}`, []string{"quality=0.1", "quality=0.9"}, []float64{0, 1}, 1, 1},
		{"equally good", `{"mode": "group"}`, []string{"quality=0.5 a", "quality=0.5 b", "quality=0.1"}, []float64{0.75, 0.75, 0}, 1, 2},
		{"duplicates", `{"mode": "group"}`, []string{"quality=0.9", "quality=0.1", "quality=0.9"}, []float64{1, 0, 1}, 1, 2},
		{"all the same", `{"mode": "group"}`, []string{"quality=0.4", "quality=0.4"}, []float64{0.4, 0.4}, 0, 1},
		{"one", `{"mode": "group"}`, []string{"quality=0.4"}, []float64{0.4}, 0, 1},
		{"one, by labels", `{"mode": "group", "rubric": "builtin/relevance"}`, []string{"quality=0.25"}, []float64{0.25}, 0, 1},
		{"too many", `{"mode": "group", "group": {"max": 2}}`, []string{"quality=0.1", "quality=0.9", "quality=0.5"}, []float64{0.1, 0.9, 0.5}, 0, 3},
		{"too few", `{"mode": "group", "group": {"min": 3}}`, []string{"quality=0.1", "quality=0.9"}, []float64{0.1, 0.9}, 0, 2},
		{"one at the gate", `{"mode": "group"}`, []string{"quality=0.1", "", "quality=0.9"}, []float64{0.5, 0, 1}, 1, 2},
		{"another range", `{"mode": "group", "reward": {"min": -1, "max": 1}}`, []string{"quality=0.1", "quality=0.9"}, []float64{-1, 1}, 1, 2},
		{"several samples", `{"mode": "group", "samples": {"n": 3, "aggregate": "median"}}`, []string{"quality=0.1", "quality=0.9"}, []float64{0, 1}, 1, 6},
	} {
		t.Run(c.name, func(t *testing.T) {
			ctx, seen := simulated(conversestub.Planted)
			g := build(t, c.options).(grader.BatchGrader)
			results, errs := g.GradeBatch(ctx, group(t, "q", c.answers...))
			require.InDeltaSlice(t, c.want, scoresOf(t, results, errs), 1e-12)
			for _, res := range results {
				require.NotEmpty(t, res.Reason)
				if metric(t, res, "gated") == 0 {
					require.Equal(t, c.ranked, metric(t, res, "ranked"))
				}
			}
			require.Equal(t, c.calls, seen.count())
		})
	}
}

// TestAJudgeThatPrefersTheFirst shows what a judge is worth that goes by the
// place alone: nothing, and the metrics say so.
func TestAJudgeThatPrefersTheFirst(t *testing.T) {
	for name, c := range map[string]struct {
		judge conversestub.Judge
		bias  float64
	}{"first": {conversestub.AlwaysFirst, 1}, "last": {conversestub.AlwaysSecond, -1}, "best": {conversestub.Planted, 0}} {
		t.Run(name, func(t *testing.T) {
			ctx, _ := simulated(c.judge)
			for n := 2; n <= 9; n++ {
				var answers []string
				for i := range n {
					answers = append(answers, fmt.Sprintf("quality=0.%d", i+1))
				}
				results, errs := build(t, `{"mode": "group"}`).(grader.BatchGrader).GradeBatch(ctx, group(t, "q", answers...))
				scores := scoresOf(t, results, errs)
				for i, res := range results {
					if c.bias != 0 {
						require.Equal(t, 0.5, scores[i], "a tie of %d", n)
					} else {
						require.InDelta(t, float64(i)/float64(n-1), scores[i], 1e-12)
					}
					require.InDelta(t, c.bias, metric(t, res, "position_bias"), 1e-12)
				}
			}
			res, err := build(t, `{"mode": "pairwise"}`).Grade(ctx, rollout(t, "q", "quality=0.9", "quality=0.1"))
			require.NoError(t, err)
			if c.bias != 0 {
				require.Equal(t, 0.5, res.Score)
			} else {
				require.Equal(t, 1.0, res.Score)
			}
			require.Equal(t, c.bias, metric(t, res, "position_bias"))
		})
	}
}

func TestPermutingAGroupChangesNothing(t *testing.T) {
	answers := []string{"quality=0.2", "quality=0.2 too", "quality=0.9", "", "quality=0.4", "quality=0.4", "quality=0.7"}
	// A judge with a bias and its own mind about the answers.
	opinionated := func(q *conversestub.Question) string {
		qualities := make([]float64, len(q.Candidates()))
		for i, c := range q.Candidates() {
			qualities[i] = conversestub.Quality(q, c) - 0.3*float64(i)
		}
		return q.Verdict(qualities)
	}
	rng := rand.New(rand.NewPCG(1, 2))
	for name, options := range map[string]string{"both orders": `{"mode": "group"}`, "one order": `{"mode": "group", "swap": false}`} {
		t.Run(name, func(t *testing.T) {
			ctx, _ := simulated(opinionated)
			g := build(t, options).(grader.BatchGrader)
			rs := group(t, "q", answers...)
			first, errs := g.GradeBatch(ctx, rs)
			want := scoresOf(t, first, errs)
			for range 20 {
				order := rng.Perm(len(rs))
				turned := make([]*grader.Rollout, len(rs))
				for to, from := range order {
					turned[to] = rs[from]
				}
				again, errs := g.GradeBatch(ctx, turned)
				got := scoresOf(t, again, errs)
				for to, from := range order {
					require.Equal(t, want[from], got[to])
					require.Equal(t, first[from], again[to])
				}
			}
		})
	}
}

func TestGroupsOfSeveralPromptsAreApart(t *testing.T) {
	ctx, seen := simulated(conversestub.Planted)
	rs := append(group(t, "first question", "quality=0.1", "quality=0.2"), group(t, "second question", "quality=0.8", "quality=0.9")...)
	results, errs := build(t, `{"mode": "group"}`).(grader.BatchGrader).GradeBatch(ctx, rs)
	require.Equal(t, []float64{0, 1, 0, 1}, scoresOf(t, results, errs))
	require.Equal(t, 4, seen.count())
}

// TestARankingThatCannotBeHad falls back to judging one by one.
func TestARankingThatCannotBeHad(t *testing.T) {
	planted := func(q *converse.Request) *converse.Answer {
		return say(conversestub.Planted(conversestub.QuestionOf(q)))
	}
	for name, ranking := range map[string]string{
		"too short":      `{"reasoning": "x", "verdict": [1]}`,
		"too long":       `{"reasoning": "x", "verdict": [1, 2, 3, 3]}`,
		"a number twice": `{"reasoning": "x", "verdict": [1, 1, 2]}`,
		"another number": `{"reasoning": "x", "verdict": [1, 2, 4]}`,
		"no ranking":     `They are all good.`,
	} {
		t.Run(name, func(t *testing.T) {
			ctx, _ := answered(func(_ int, q *converse.Request) (*converse.Answer, error) {
				if len(conversestub.QuestionOf(q).Candidates()) > 1 {
					return say(ranking), nil
				}
				return planted(q), nil
			})
			results, errs := build(t, `{"mode": "group"}`).(grader.BatchGrader).GradeBatch(ctx, group(t, "q", "quality=0.1", "quality=0.2", "quality=0.9"))
			require.Equal(t, []float64{0.1, 0.2, 0.9}, scoresOf(t, results, errs))
			require.Zero(t, metric(t, results[0], "ranked"))
		})
	}
	t.Run("throttled", func(t *testing.T) {
		ctx, _ := answered(func(int, *converse.Request) (*converse.Answer, error) {
			return nil, &converse.Error{Class: converse.Throttled}
		})
		_, errs := build(t, `{"mode": "group"}`).(grader.BatchGrader).GradeBatch(ctx, group(t, "q", "quality=0.1", "quality=0.9"))
		for _, err := range errs {
			require.Equal(t, grader.FaultTransient, grader.FaultOf(err), "a passing fault is no reason to judge otherwise")
		}
	})
}

func TestTokensOfAGroupAreSharedOut(t *testing.T) {
	ctx, seen := simulated(conversestub.Planted)
	results, errs := build(t, `{"mode": "group", "price": {"in": 1, "out": 10, "cache_read": 0.1}}`).(grader.BatchGrader).
		GradeBatch(ctx, group(t, "q", "quality=0.1", "quality=0.9", "quality=0.9"))
	scoresOf(t, results, errs)
	sum := map[string]float64{}
	for _, res := range results {
		for _, m := range res.Metrics {
			sum[m.Name] += m.Value
		}
	}
	calls := float64(seen.count())
	require.InDelta(t, 100*calls, sum["tokens_in"], 1e-9)
	require.InDelta(t, 10*calls, sum["tokens_out"], 1e-9)
	require.InDelta(t, 50*calls, sum["tokens_cached"], 1e-9)
	require.InDelta(t, calls, sum["attempts"], 1e-9)
	require.InDelta(t, calls*(100*1+10*10+50*0.1)/1e6, sum["cost_usd"], 1e-12)
}
