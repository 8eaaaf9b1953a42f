package calls_test

import (
	"context"
	"os"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader/workbench/conversestub"
	"github.com/rftgrader/rftgrader/graders/judge/bedrock"
	"github.com/rftgrader/rftgrader/graders/judge/calls"
	"github.com/rftgrader/rftgrader/graders/judge/converse"
	"github.com/rftgrader/rftgrader/graders/judge/models"
)

// onStub runs a test in virtual time, with the SDK's client over a stand-in.
func onStub(t *testing.T, config conversestub.Config, model string, settings func(*calls.Settings), test func(*testing.T, *calls.Caller, *conversestub.Stub)) {
	t.Helper()
	for name, value := range map[string]string{
		"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_SESSION_TOKEN": "", "AWS_REGION": "us-east-1", "AWS_PROFILE": "",
		"AWS_CONFIG_FILE": os.DevNull, "AWS_SHARED_CREDENTIALS_FILE": os.DevNull, "AWS_BEARER_TOKEN_BEDROCK": "", "AWS_CA_BUNDLE": "",
	} {
		t.Setenv(name, value)
	}
	synctest.Test(t, func(t *testing.T) {
		stub, err := conversestub.New(config)
		require.NoError(t, err)
		s := calls.Defaults()
		if settings != nil {
			settings(&s)
		}
		c := calls.New(bedrock.Over(stub), models.Lookup(model), s)
		test(t, c, stub)
		require.NoError(t, c.Close())
	})
}

const nova = "amazon.nova-lite-v1:0"

// of puts n questions to a model at once.
func of(ctx context.Context, c converse.Caller, model string, n int) ([]*converse.Answer, []error) {
	return all(ctx, converse.CallerFunc(func(ctx context.Context, q *converse.Request) (*converse.Answer, error) {
		q.Model = model
		return c.Converse(ctx, q)
	}), n)
}

// TestStubOfRequestsPerMinute: 4,096 questions at 500 requests a minute.
func TestStubOfRequestsPerMinute(t *testing.T) {
	config := conversestub.Config{RPM: 500, Latency: 2 * time.Second}
	onStub(t, config, nova, func(s *calls.Settings) { s.Limits.RPM = 500 }, func(t *testing.T, c *calls.Caller, stub *conversestub.Stub) {
		const n = 4096
		ctx, cancel := context.WithTimeout(t.Context(), 15*time.Minute)
		defer cancel()
		start := time.Now()
		answers, errs := of(ctx, c, nova, n)
		took, ledger := time.Since(start), stub.Ledger()
		require.Equal(t, map[converse.Class]int{"": n}, classes(errs), "nothing is lost")
		require.Equal(t, n, ledger.Requests)
		require.Zero(t, ledger.Throttled, "the quota is never exceeded")
		require.Equal(t, 500, ledger.Peak.Requests, "and is used")
		require.Equal(t, ledger.Usage, usage(answers, errs))
		ideal := 8*time.Minute + 2*time.Second // 8 full minutes, and 96 in the ninth
		t.Logf("%v, ideal %v", took, ideal)
		require.LessOrEqual(t, took, ideal+ideal/10)
	})
}

// TestStubOfTokensPerMinute: the model's burn-down comes from the table.
func TestStubOfTokensPerMinute(t *testing.T) {
	const haiku = "us.anthropic.claude-haiku-4-5-20251001-v1:0"
	config := conversestub.Config{TPM: 50_000, Latency: 2 * time.Second}
	onStub(t, config, haiku, func(s *calls.Settings) { s.Limits.TPM = 50_000 }, func(t *testing.T, c *calls.Caller, stub *conversestub.Stub) {
		const n = 800
		start := time.Now()
		answers, errs := of(t.Context(), c, haiku, n)
		took, ledger := time.Since(start), stub.Ledger()
		require.Equal(t, map[converse.Class]int{"": n}, classes(errs))
		require.Equal(t, n, ledger.Requests)
		require.Zero(t, ledger.Throttled)
		require.LessOrEqual(t, ledger.Peak.Tokens, 50_000)
		require.Equal(t, ledger.Usage, usage(answers, errs))
		// Whole minutes by what a call costs in the end, and the rest 64 at once.
		perMinute := 50_000 * n / ledger.QuotaTokens
		minutes, rest := n/perMinute, n%perMinute
		ideal := time.Duration(minutes)*time.Minute + time.Duration((rest+63)/64)*2*time.Second
		t.Logf("%d calls a minute: %v, ideal %v", perMinute, took, ideal)
		require.LessOrEqual(t, took, ideal+ideal/10)
	})
}

// TestStubThatThrottles: 128 calls against an endpoint that throttles for 20 s.
func TestStubThatThrottles(t *testing.T) {
	config := conversestub.Config{Latency: time.Second, Script: []conversestub.Step{{Answer: "throttle-tokens", For: conversestub.Duration(20 * time.Second)}}}
	onStub(t, config, nova, func(s *calls.Settings) { s.Concurrency = 128 }, func(t *testing.T, c *calls.Caller, stub *conversestub.Stub) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		start := time.Now()
		answers, errs := of(ctx, c, nova, 128)
		require.Equal(t, map[converse.Class]int{"": 128}, classes(errs), "none is lost")
		require.Equal(t, stub.Ledger().Usage, usage(answers, errs))
		t.Logf("%v, %d requests", time.Since(start), stub.Ledger().Requests)
	})
}

// TestStubThatAlwaysThrottles: all are answered before the deadline.
func TestStubThatAlwaysThrottles(t *testing.T) {
	config := conversestub.Config{Script: []conversestub.Step{{Answer: "throttle-requests", Always: true}}}
	onStub(t, config, nova, nil, func(t *testing.T, c *calls.Caller, stub *conversestub.Stub) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		_, errs := of(ctx, c, nova, 128)
		require.NoError(t, ctx.Err(), "before the deadline")
		require.Equal(t, map[converse.Class]int{converse.Throttled: 128}, classes(errs))
		require.Less(t, stub.Ledger().Requests, 300)
	})
}

// TestStubUsage: what failed, cut and hedged calls were charged is counted, as
// far as the service told it.
func TestStubUsage(t *testing.T) {
	second := conversestub.Duration(time.Second)
	config := conversestub.Config{Latency: time.Second, Script: []conversestub.Step{
		{Answer: "internal", Times: 5},
		{Answer: "max-tokens", Times: 10},
		{Answer: "malformed-output", Times: 5},
		{Answer: "content-filtered", Times: 5},
		{Answer: "empty-200", Times: 3},
		{Answer: "ok", Delay: 20 * second, Times: 5},
		{Answer: "throttle-tokens", Times: 5},
		{Answer: "truncated-200", Times: 5},
	}}
	settings := func(s *calls.Settings) { s.HedgeAfter, s.Concurrency = calls.Hedge{After: 5 * time.Second}, 128 }
	onStub(t, config, nova, settings, func(t *testing.T, c *calls.Caller, stub *conversestub.Stub) {
		answers, errs := of(t.Context(), c, nova, 100)
		require.Equal(t, map[converse.Class]int{"": 95, converse.Filtered: 5}, classes(errs))
		ledger, totals := stub.Ledger(), c.Totals()
		told := usage(answers, errs)
		require.Equal(t, ledger.Usage, told.Add(ledger.Untold))
		require.Equal(t, totals.Usage, told)
		require.Equal(t, ledger.Requests, totals.Attempts)
		require.Equal(t, ledger.Throttled, totals.Throttled)
		require.Equal(t, ledger.Abandoned, totals.Abandoned)
		require.Equal(t, 5, totals.Hedged)

		// The second batch asks only for what is missing.
		before := ledger.Requests
		_, errs = of(t.Context(), c, nova, 100)
		require.Equal(t, map[converse.Class]int{"": 100}, classes(errs))
		require.Equal(t, before+5, stub.Ledger().Requests)
	})
}
