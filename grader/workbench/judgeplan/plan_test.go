package judgeplan_test

import (
	"context"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader/workbench/judgeplan"
	"github.com/rftgrader/rftgrader/graders/judge/converse"
	"github.com/rftgrader/rftgrader/graders/judge/models"
)

const haiku = "us.anthropic.claude-haiku-4-5-20251001-v1:0"

func question(text string, sample int) *converse.Request {
	return &converse.Request{
		Model: haiku, System: []string{strings.Repeat("rule ", 60)}, MaxTokens: 300, Sample: sample,
		Messages: []converse.Message{{Role: converse.User, Text: text}},
		Output:   converse.Output{Form: converse.FormAuto, Schema: []byte(`{"type":"object","properties":{"score":{"type":"integer","enum":[0,1,2]}},"additionalProperties":false}`)},
	}
}

func ask(t *testing.T, p *judgeplan.Planner, q *converse.Request) *converse.Answer {
	t.Helper()
	a, err := p.Wrap(nil).Converse(t.Context(), q)
	require.NoError(t, err)
	return a
}

func TestPlannerCountsWhatIsAsked(t *testing.T) {
	var p judgeplan.Planner
	first := ask(t, &p, question("quality=1", 0))
	require.JSONEq(t, `{"score":2}`, first.JoinedText())
	require.False(t, first.Shared)
	require.True(t, ask(t, &p, question("quality=1", 0)).Shared)
	ask(t, &p, question("quality=1", 1))
	ask(t, &p, question("quality=0.5", 0))
	d := p.Demand()
	require.Len(t, d, 1)
	require.Equal(t, haiku, d[0].Model)
	require.EqualValues(t, 3, d[0].Calls)
	require.EqualValues(t, 1, d[0].Shared)
	require.EqualValues(t, 900, d[0].Limit)
	require.EqualValues(t, 3*first.Usage.Output, d[0].Output)
	require.Equal(t, models.InputTokens(models.Lookup(haiku).Fit(question("quality=1", 0))), first.Usage.Input)

	half := d[0].Scale(0.5)
	require.EqualValues(t, 1.5, half.Calls)
	require.EqualValues(t, d[0].Input/2, half.Input)
}

func TestSamplesOfThePlanReplaceThoseOfTheSpec(t *testing.T) {
	p := judgeplan.Planner{Samples: 5, AnswerTokens: 1000}
	ask(t, &p, question("x", 0))
	ask(t, &p, question("x", 1))
	ask(t, &p, question("x", 2))
	d := p.Demand()[0]
	require.EqualValues(t, 5, d.Calls)
	require.EqualValues(t, 5*300, d.Output, "an answer is never longer than its limit")
}

func TestCachedPrefixes(t *testing.T) {
	var p judgeplan.Planner
	for i := range 3 {
		q := question(fmt.Sprint(i), 0)
		q.System, q.Cache = []string{strings.Repeat("rule ", 5000)}, "5m"
		ask(t, &p, q)
	}
	d := p.Demand()[0]
	static := float64(models.EstimateTokens(strings.Repeat("rule ", 5000)))
	require.Equal(t, static, d.CacheWrite, "written once")
	require.Equal(t, 2*static, d.CacheRead)
	require.Less(t, d.Input, 300.)
	price := models.Price{In: 1, Out: 5, CacheRead: 0.1, CacheWrite: 1.25}
	require.InDelta(t, (d.Input+5*d.Output+0.1*d.CacheRead+1.25*d.CacheWrite)/1e6, d.Cost(price), 1e-12)
	price.CacheWrite = 0
	require.InDelta(t, (d.Input+5*d.Output+0.1*d.CacheRead+d.CacheWrite)/1e6, d.Cost(price), 1e-12)
}

func TestPlannerEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := new(judgeplan.Planner).Converse(ctx, question("x", 0))
	require.Equal(t, converse.Deadline, converse.ClassOf(err))
}

func TestTime(t *testing.T) {
	// 2,000 tokens in and 150 out, of which the service reserves 4,000.
	calls := func(n float64) judgeplan.Demand {
		return judgeplan.Demand{Calls: n, Input: 2000 * n, Output: 150 * n, Limit: 4000 * n}
	}
	for _, tc := range []struct {
		name     string
		demand   judgeplan.Demand
		quota    judgeplan.Quota
		minutes  float64
		bound    string
		inFlight int
	}{
		{"nothing", judgeplan.Demand{}, judgeplan.Quota{RPM: 1}, 0, "latency", 0},
		{"no quota", calls(64), judgeplan.Quota{Latency: 6 * time.Second}, 0.1, "latency", 0},
		{"requests", calls(4096), judgeplan.Quota{RPM: 500}, 8.192, "rpm", 0},
		{"tokens with burn-down", calls(12_288), judgeplan.Quota{TPM: 2_000_000, Burndown: 5}, 12_288 * 2750 / 2e6, "tpm", 333},
		{"tokens in flight", calls(1000), judgeplan.Quota{TPM: 60_000, Latency: time.Minute}, 1000./10 + 1, "tpm", 10},
		{"one wave", calls(64), judgeplan.Quota{Concurrency: 64, Latency: 3 * time.Second}, 0.05, "latency", 64},
		{"two waves", calls(65), judgeplan.Quota{Concurrency: 64, Latency: 3 * time.Second}, 0.1, "concurrency", 64},
		{"not even one call", calls(1), judgeplan.Quota{TPM: 5000, Latency: time.Second}, math.Inf(1), "tpm", 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s := tc.demand.Time(tc.quota)
			if math.IsInf(tc.minutes, 1) {
				require.Equal(t, tc.minutes, s.Minutes)
			} else {
				require.InDelta(t, tc.minutes, s.Minutes, 1e-9)
			}
			require.Equal(t, tc.bound, s.Bound)
			require.Equal(t, tc.inFlight, s.InFlight)
		})
	}
}

func ExampleDemand_Time() {
	step := judgeplan.Demand{Calls: 12_288, Input: 12_288 * 2000, Output: 12_288 * 150, Limit: 12_288 * 300}
	s := step.Time(judgeplan.Quota{TPM: 2_000_000, Burndown: 5})
	fmt.Printf("%.0f calls a minute, %.0f minutes, bound by %s\n", s.PerMinute, s.Minutes, s.Bound)
	// Output: 727 calls a minute, 17 minutes, bound by tpm
}
