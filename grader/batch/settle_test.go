package batch_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/grader/batch"
)

func scored(id, prompt string, score float64) batch.Outcome {
	return batch.Outcome{Item: rollout(id, prompt, "answer "+id), Result: grader.Result{Score: score, Metrics: []grader.Metric{grader.Reward("part", score)}}}
}

func missed(id, prompt string, err error) batch.Outcome {
	return batch.Outcome{Item: rollout(id, prompt, "answer "+id), Err: err}
}

func TestSettle(t *testing.T) {
	data, transient := grader.Dataf("/reference_answer", "no number"), grader.Transientf("throttled by the judge")
	permanent, deadline := grader.Permanentf("access denied"), &grader.DeadlineError{Err: errors.New("time is over")}
	with := func(max float64, pairs ...any) grader.Policy {
		p := grader.DefaultPolicy()
		p.MaxUngraded = max
		for i := 0; i < len(pairs); i += 2 {
			p.OnError[pairs[i].(grader.Fault)] = pairs[i+1].(grader.Action)
		}
		return p
	}
	for _, c := range []struct {
		name     string
		outcomes []batch.Outcome
		policy   grader.Policy
		want     []float64
		fails    []string // what the failure's text must hold
	}{
		{"all graded", []batch.Outcome{scored("a", "p", 1), scored("b", "p", 0)}, with(0), []float64{1, 0}, nil},
		{"neutral is the mean of the prompt's graded mates, and of theirs only",
			[]batch.Outcome{scored("a", "p", 1), missed("b", "p", data), scored("c", "p", 0.5), scored("d", "q", -7), missed("e", "p", permanent)},
			with(1), []float64{1, 0.75, 0.5, -7, 0.75}, nil},
		{"neutral without a graded mate fails",
			[]batch.Outcome{scored("a", "p", 1), missed("b", "q", data), scored("c", "p", 1), scored("d", "p", 1)},
			with(1), nil, []string{`rollout 1 (id "b")`, "no number", "no rollout of the same prompt", "data 1"}},
		{"a number is the number",
			[]batch.Outcome{missed("a", "p", transient), missed("b", "p", deadline)},
			with(1, grader.FaultTransient, grader.Impute(-1), grader.FaultDeadline, grader.Impute(0.25)), []float64{-1, 0.25}, nil},
		{"transient fails by default, with the remedy",
			[]batch.Outcome{scored("a", "p", 1), missed("b", "p", transient), missed("c", "p", transient), missed("d", "p", deadline), scored("e", "p", 1)},
			with(1), nil, []string{"3 of 5 rollouts ungraded (transient 2, deadline 1)", `rollout 1 (id "b")`, "throttled by the judge", "on_error.transient is fail", "kept for a retry", "transient: neutral"}},
		{"deadline fails by default, with its own remedy",
			[]batch.Outcome{scored("a", "p", 1), missed("b", "p", deadline)},
			with(1), nil, []string{"deadline 1", "time-out"}},
		{"above max_ungraded it fails whatever the policy",
			[]batch.Outcome{scored("a", "p", 1), missed("b", "p", data), missed("c", "p", data), scored("d", "p", 1)},
			with(0.25, grader.FaultData, grader.Impute(0)), nil, []string{"2 of 4 rollouts ungraded (data 2)", "max_ungraded is 0.25", `rollout 1 (id "b")`}},
		{"exactly max_ungraded is accepted",
			[]batch.Outcome{scored("a", "p", 1), missed("b", "p", data), scored("c", "p", 1), scored("d", "p", 1)},
			with(0.25), []float64{1, 1, 1, 1}, nil},
		{"without a prompt there are no mates",
			[]batch.Outcome{scored("a", "", 1), missed("b", "", data), scored("c", "", 1), scored("d", "", 1)},
			with(1), nil, []string{"no rollout of the same prompt"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			scores, err := batch.Settle(c.outcomes, c.policy)
			if c.fails != nil {
				require.Error(t, err)
				require.Nil(t, scores)
				var failure *batch.Failure
				require.ErrorAs(t, err, &failure)
				for _, text := range c.fails {
					require.ErrorContains(t, err, text)
				}
				return
			}
			require.NoError(t, err)
			for i, s := range scores {
				require.InDelta(t, c.want[i], s.Reward, 1e-12)
				require.Equal(t, c.outcomes[i].Item.ID, s.ID)
				if c.outcomes[i].Graded() {
					require.Equal(t, "part", s.Metrics[0].Name)
				} else {
					require.Equal(t, batch.UngradedMetric, s.Metrics[0].Name)
				}
			}
		})
	}
}

func TestMaxUngradedIsExact(t *testing.T) {
	good, bad := scored("a", "p", 1), missed("b", "p", grader.Dataf("", "bad"))
	for total := 1; total <= 100; total++ {
		for n := range total {
			outcomes := append(slices.Repeat([]batch.Outcome{good}, total-n), slices.Repeat([]batch.Outcome{bad}, n)...)
			policy := grader.DefaultPolicy()
			policy.MaxUngraded = float64(n) / float64(total)
			_, err := batch.Settle(outcomes, policy)
			require.NoError(t, err, "%d of %d", n, total)
			if n > 0 {
				policy.MaxUngraded = (float64(n) - 0.5) / float64(total)
				_, err = batch.Settle(outcomes, policy)
				require.Error(t, err, "%d of %d", n, total)
			}
		}
	}
}

func TestSummarize(t *testing.T) {
	outcomes := []batch.Outcome{
		scored("a", "p", 0), scored("b", "p", 1), scored("c", "q", 1), scored("d", "q", 1), scored("e", "r", 0.5),
		missed("f", "r", grader.Dataf("", "bad")), missed("g", "p", grader.Transientf("down")),
	}
	outcomes[3].Source, outcomes[4].Source = batch.FromDuplicate, batch.FromCache
	s := batch.Summarize(outcomes)
	require.Equal(t, 7, s.Rollouts)
	require.Equal(t, 5, s.Graded)
	require.Equal(t, 2, s.Missing())
	require.Equal(t, map[grader.Fault]int{grader.FaultData: 1, grader.FaultTransient: 1}, s.Ungraded)
	require.InDelta(t, 0.7, s.Mean, 1e-12)
	require.InDelta(t, 0.4, s.SD, 1e-12) // sqrt((0.49+3*0.09+0.04)/5)
	require.Equal(t, []float64{0, 1}, []float64{s.Min, s.Max})
	require.Equal(t, []int{1, 3}, []int{s.AtMin, s.AtMax})
	require.Equal(t, []int{2, 1}, []int{s.Groups, s.FlatGroups})
	require.Equal(t, []int{1, 1}, []int{s.Kept, s.Duplicates})
	require.Zero(t, batch.Summarize(nil).SD)
}
