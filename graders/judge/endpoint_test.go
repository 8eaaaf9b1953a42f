package judge_test

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/grader/batch"
	"github.com/rftgrader/rftgrader/grader/spec"
	"github.com/rftgrader/rftgrader/grader/workbench/conversestub"
	"github.com/rftgrader/rftgrader/graders/judge"
	"github.com/rftgrader/rftgrader/graders/judge/converse"
)

func items(rs ...*grader.Rollout) []grader.Item {
	out := make([]grader.Item, len(rs))
	for i, r := range rs {
		out[i] = grader.Item{Rollout: r}
	}
	return out
}

// tokens sums up what results and errors say was charged.
func tokens(results []batch.Outcome) (in, out, cached float64) {
	for _, o := range results {
		for _, m := range o.Result.Metrics {
			switch m.Name {
			case "tokens_in":
				in += m.Value
			case "tokens_out":
				out += m.Value
			case "tokens_cached":
				cached += m.Value
			}
		}
	}
	return in, out, cached
}

func TestEqualCandidatesCostOneCall(t *testing.T) {
	stub := endpoint(t, conversestub.Config{})
	g := build(t, `{"rubric": "x"}`)
	var rs []*grader.Rollout
	for i := range 16 {
		r := rollout(t, "q", "quality=0.4", nil)
		// The batch cannot know that a judge does not look at this.
		r.Metadata = map[string]json.RawMessage{"row": json.RawMessage(fmt.Sprint(i))}
		rs = append(rs, r)
	}
	outcomes := (&batch.Runner{Grader: g}).Run(context.Background(), items(rs...))
	for _, o := range outcomes {
		require.NoError(t, o.Err)
		require.Equal(t, 0.4, o.Result.Score)
	}
	require.Equal(t, 1, stub.Ledger().Requests)
	in, out, _ := tokens(outcomes)
	require.Equal(t, float64(stub.Ledger().Usage.Input), in, "it is charged once")
	require.Equal(t, float64(stub.Ledger().Usage.Output), out)
}

func TestASecondBatchAsksForWhatIsMissing(t *testing.T) {
	stub := endpoint(t, conversestub.Config{Script: []conversestub.Step{
		{Times: 5},
		{Status: 400, Type: "ValidationException", Message: "something is wrong with this one", Times: 3},
	}})
	g := build(t, `{"rubric": "x"}`)
	var rs []*grader.Rollout
	for i := range 8 {
		rs = append(rs, rollout(t, "q", fmt.Sprintf("quality=0.%d", i), nil))
	}
	// The batch keeps nothing here: the judge itself knows what it was told.
	failed := 0
	for _, o := range (&batch.Runner{Grader: g}).Run(context.Background(), items(rs...)) {
		if o.Err != nil {
			require.Equal(t, grader.FaultPermanent, grader.FaultOf(o.Err), "%v", o.Err)
			failed++
		}
	}
	require.Equal(t, 3, failed)
	before := stub.Ledger().Requests
	for i, o := range (&batch.Runner{Grader: g}).Run(context.Background(), items(rs...)) {
		require.NoError(t, o.Err)
		require.InDelta(t, float64(i)/10, o.Result.Score, 1e-12)
	}
	require.Equal(t, 3, stub.Ledger().Requests-before)
}

// TestJudgesOfASpecShareAQuota has two judges that know of four requests in a minute, and
// less time than a minute.
func TestJudgesOfASpecShareAQuota(t *testing.T) {
	stub := endpoint(t, conversestub.Config{})
	options := `{"type": "judge", "model": "amazon.nova-lite-v1:0", "max_tokens": 100, "limits": {"rpm": 4}, "rubric": `
	s, err := spec.Parse("grader.json", []byte(`{"version": 1, "graders": {"a": `+options+`"one"}, "b": `+options+`"two"}}, "score": "a + b"}`), []*grader.Kind{judge.Kind})
	require.NoError(t, err)
	defer func() { require.NoError(t, s.Close()) }()
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	var rs []*grader.Rollout
	for i := range 4 {
		rs = append(rs, rollout(t, "q", fmt.Sprintf("quality=0.%d", i), nil))
	}
	ungraded := 0
	for _, o := range (&batch.Runner{Grader: s.Grader()}).Run(ctx, items(rs...)) {
		if o.Err != nil {
			require.Equal(t, grader.FaultDeadline, o.Fault(), "%v", o.Err)
			ungraded++
		}
	}
	require.GreaterOrEqual(t, ungraded, 2, "eight questions, of which four may be put")
	require.LessOrEqual(t, stub.Ledger().Requests, 4)
}

// TestUsageIsWhatWasCharged sums over calls that fail, are cut, throttled and
// asked again.
func TestUsageIsWhatWasCharged(t *testing.T) {
	text := "I would rather not say."
	stub := endpoint(t, conversestub.Config{Script: []conversestub.Step{
		{Status: 503, Type: "ServiceUnavailableException", Times: 2},
		{Status: 429, Type: "ThrottlingException", Message: "Too many requests, please wait before trying again.", Times: 2},
		{Text: &text, Times: 2},
		{Stop: "max_tokens", Times: 2},
	}})
	g := build(t, `{"rubric": "x", "concurrency": 2, "samples": {"n": 2}}`)
	var rs []*grader.Rollout
	for i := range 6 {
		rs = append(rs, rollout(t, "q", fmt.Sprintf("quality=0.%d", i), nil))
	}
	outcomes := (&batch.Runner{Grader: g}).Run(context.Background(), items(rs...))
	attempts := 0.0
	for i, o := range outcomes {
		require.NoError(t, o.Err)
		require.InDelta(t, float64(i)/10, o.Result.Score, 1e-12)
		attempts += metric(t, o.Result, "attempts")
	}
	in, out, cached := tokens(outcomes)
	ledger := stub.Ledger()
	require.Equal(t, float64(ledger.Usage.Input+ledger.Usage.CacheWrite), in)
	require.Equal(t, float64(ledger.Usage.Output), out)
	require.Equal(t, float64(ledger.Usage.CacheRead), cached)
	require.Equal(t, float64(ledger.Requests), attempts)
}

// TestEveryFormOverTheWire asks models with and without schemas and tools, in
// every mode, through the SDK.
func TestEveryFormOverTheWire(t *testing.T) {
	for _, model := range []string{
		"us.anthropic.claude-haiku-4-5-20251001-v1:0", "anthropic.claude-3-haiku-20240307-v1:0", "us.amazon.nova-2-lite-v1:0",
		"openai.gpt-oss-120b-1:0", "mistral.mistral-large-2402-v1:0", "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc123",
	} {
		t.Run(model, func(t *testing.T) {
			stub := endpoint(t, conversestub.Config{})
			for _, c := range []struct {
				name, options, answer string
				reference             any
				want                  float64
			}{
				{"absolute", `"rubric": "x"`, "quality=0.7", nil, 0.7},
				{"labels", `"rubric": "builtin/faithfulness"`, "quality=0.75", nil, 0.75},
				{"checklist", `"criteria": [{"name": "a", "prompt": "x"}, {"name": "b", "prompt": "x"}, {"name": "c", "prompt": "x", "min": 1, "max": 5, "not_applicable": true}]`, "a=yes b=no c=1", nil, 2.0 / 3},
				{"own criteria", `"criteria_from": {"reference": ""}`, "c1=yes c2=no", []string{"a", "b"}, 0.5},
				{"reference", `"mode": "reference"`, "Paris it is.", "Paris", 1},
				{"pairwise", `"mode": "pairwise"`, "quality=0.7", "quality=0.2", 1},
			} {
				t.Run(c.name, func(t *testing.T) {
					res, err := build(t, `{"model": "`+model+`", `+c.options+`}`).Grade(t.Context(), rollout(t, "q", c.answer, c.reference))
					require.NoError(t, err)
					require.InDelta(t, c.want, res.Score, 1e-12, "%s", res.Reason)
				})
			}
			t.Run("group", func(t *testing.T) {
				results, errs := build(t, `{"model": "`+model+`", "mode": "group"}`).(grader.BatchGrader).
					GradeBatch(t.Context(), group(t, "q", "quality=0.7", "quality=0.1", "quality=0.4"))
				require.Equal(t, []float64{1, 0, 0.5}, scoresOf(t, results, errs))
				require.Equal(t, 1.0, metric(t, results[0], "ranked"))
			})
			require.NotZero(t, stub.Ledger().Answered)
		})
	}
}

func TestARefusalHasAClassOfItsOwn(t *testing.T) {
	for stop, class := range map[string]converse.Class{
		"refusal": converse.Refused, "content_filtered": converse.Filtered, "guardrail_intervened": converse.Filtered,
	} {
		t.Run(stop, func(t *testing.T) {
			text := "I cannot judge this."
			endpoint(t, conversestub.Config{Script: []conversestub.Step{{Text: &text, Stop: stop, Always: true}}})
			_, err := build(t, `{"rubric": "x"}`).Grade(t.Context(), rollout(t, "q", "Something.", nil))
			require.Equal(t, class, converse.ClassOf(err), "%v", err)
			require.Equal(t, grader.FaultPermanent, grader.FaultOf(err))
		})
	}
}
