package calls_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/graders/judge/calls"
)

type settings struct {
	Calls calls.Settings `json:"calls" doc:"how the model is called"`
}

// kind is a kind whose only option is the settings, as specs reach them.
var kind = grader.Define("asker", "Asker asks.", settings{calls.Defaults()}, func(_ *grader.Env, s settings) (grader.Grader, error) {
	if err := s.Calls.Validate(); err != nil {
		return nil, err
	}
	return nil, nil
})

func TestSettings(t *testing.T) {
	require.NoError(t, grader.Validate(kind))
	require.NoError(t, calls.Defaults().Validate())
	for _, c := range []struct{ name, options, want string }{
		{"time without unit", `{"calls": {"attempt_timeout": "30"}}`, `want a time above zero with its unit, such as 30s, got "30"`},
		{"no time", `{"calls": {"attempt_timeout": "0s"}}`, `want a time above zero`},
		{"tiny time", `{"calls": {"attempt_timeout": "1us"}}`, "attempt_timeout: want at least 1ms, got 1µs"},
		{"concurrency", `{"calls": {"concurrency": 0}}`, "concurrency: want 1 to 4096 calls at once, got 0"},
		{"attempts", `{"calls": {"attempts": 21}}`, "attempts: want 1 to 20, got 21"},
		{"growth", `{"calls": {"grow_max_tokens": 0}}`, "grow_max_tokens: want 1 to 16, got 0"},
		{"cache", `{"calls": {"cache": -1}}`, "cache: want 0 to 1000000 answers, got -1"},
		{"rpm", `{"calls": {"limits": {"rpm": -1}}}`, "limits.rpm: want 0 or more requests per minute, got -1"},
		{"tpm", `{"calls": {"limits": {"tpm": -1}}}`, "limits.tpm: want 0 or more tokens per minute, got -1"},
		{"burn-down", `{"calls": {"limits": {"burndown": 0.5}}}`, "limits.burndown: want 1 to 100, or 0 for the model's own, got 0.5"},
		{"percentile", `{"calls": {"hedge_after": "p100"}}`, `want off, a time such as 5s, or a percentile from p50 to p99, got "p100"`},
		{"hedge", `{"calls": {"hedge_after": "soon"}}`, `got "soon"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := kind.New(nil, []byte(c.options))
			require.ErrorContains(t, err, c.want)
		})
	}
	b, err := kind.Resolve([]byte(`{"calls": {"hedge_after": "p95", "attempt_timeout": "1m30s"}}`))
	require.NoError(t, err)
	require.JSONEq(t, `{"calls": {"limits": {"rpm": 0, "tpm": 0, "burndown": 0}, "concurrency": 64, "attempt_timeout": "1m30s",
		"attempts": 8, "hedge_after": "p95", "grow_max_tokens": 4, "cache": 10000}}`, string(b))
}

func TestHedgeText(t *testing.T) {
	for text, want := range map[string]calls.Hedge{"off": {}, "p50": {Percentile: 50}, "p99": {Percentile: 99}, "1.5s": {After: 1500 * time.Millisecond}} {
		t.Run(text, func(t *testing.T) {
			var h calls.Hedge
			require.NoError(t, h.UnmarshalText([]byte(text)))
			require.Equal(t, want, h)
			require.Equal(t, text, h.String())
		})
	}
	for _, bad := range []string{"", "p", "p49", "p095", "p+95", "-1s", "0s", "5"} {
		require.Error(t, new(calls.Hedge).UnmarshalText([]byte(bad)), bad)
	}
}
