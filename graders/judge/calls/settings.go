package calls

import (
	"strconv"
	"strings"
	"time"

	"github.com/rftgrader/rftgrader/grader"
)

// Settings are how a model is called, as a spec says it. Begin with [Defaults].
type Settings struct {
	Limits         Limits   `json:"limits" doc:"the model's quotas in this account, which calls keep to; without them only throttling slows them down"`
	Concurrency    int      `json:"concurrency" doc:"the most calls at once, 1 to 4096; fewer while the service throttles"`
	AttemptTimeout Duration `json:"attempt_timeout" doc:"the most time for one attempt, such as 60s; never more than is left before the deadline"`
	Attempts       int      `json:"attempts" doc:"the most attempts at a question that fails for other reasons than throttling, 1 to 20"`
	HedgeAfter     Hedge    `json:"hedge_after,omitzero" doc:"when a slow call is asked a second time and the first answer counts: a time such as 5s, or a percentile of the latencies seen such as p95; off by default, as both are paid for"`
	GrowMaxTokens  int      `json:"grow_max_tokens" doc:"a cut answer is asked again with twice the tokens, up to this many times max_tokens, 1 to 16; 1 for never"`
	Cache          int      `json:"cache" doc:"the most answers kept for equal questions while the function is warm; 0 for none"`
}

// Limits are quotas of an account for one model in one region.
type Limits struct {
	RPM      int     `json:"rpm" doc:"requests per minute; 0 for unknown"`
	TPM      int     `json:"tpm" doc:"tokens per minute; 0 for unknown"`
	Burndown float64 `json:"burndown" doc:"how many tokens of the quota one token of an answer costs, 1 to 100; 0 takes the model's from the table"`
}

// Defaults returns the settings of a spec that sets none.
func Defaults() Settings {
	return Settings{
		Concurrency:    64,
		AttemptTimeout: Duration(60 * time.Second),
		Attempts:       8,
		GrowMaxTokens:  4,
		Cache:          10_000,
	}
}

// Validate checks the settings. Its errors are [*grader.OptionError] with
// pointers relative to the settings.
func (s Settings) Validate() error {
	switch {
	case s.Limits.RPM < 0:
		return grader.Optionf("/limits/rpm", "want 0 or more requests per minute, got %d", s.Limits.RPM)
	case s.Limits.TPM < 0:
		return grader.Optionf("/limits/tpm", "want 0 or more tokens per minute, got %d", s.Limits.TPM)
	case s.Limits.Burndown != 0 && !(s.Limits.Burndown >= 1 && s.Limits.Burndown <= 100):
		return grader.Optionf("/limits/burndown", "want 1 to 100, or 0 for the model's own, got %v", s.Limits.Burndown)
	case s.Concurrency < 1 || s.Concurrency > 4096:
		return grader.Optionf("/concurrency", "want 1 to 4096 calls at once, got %d", s.Concurrency)
	case s.AttemptTimeout < Duration(time.Millisecond):
		return grader.Optionf("/attempt_timeout", "want at least 1ms, got %v", s.AttemptTimeout)
	case s.Attempts < 1 || s.Attempts > 20:
		return grader.Optionf("/attempts", "want 1 to 20, got %d", s.Attempts)
	case s.GrowMaxTokens < 1 || s.GrowMaxTokens > 16:
		return grader.Optionf("/grow_max_tokens", "want 1 to 16, got %d", s.GrowMaxTokens)
	case s.Cache < 0 || s.Cache > 1_000_000:
		return grader.Optionf("/cache", "want 0 to 1000000 answers, got %d", s.Cache)
	}
	return nil
}

// A Duration is a time span that specs write as 30s or 1m30s.
type Duration time.Duration

// OptionType names the type in help texts.
func (Duration) OptionType() string { return "duration" }

func (d Duration) String() string               { return time.Duration(d).String() }
func (d Duration) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads a time span above zero with its unit.
func (d *Duration) UnmarshalText(b []byte) error {
	v, err := time.ParseDuration(string(b))
	if err != nil || v <= 0 {
		return grader.Optionf("", "want a time above zero with its unit, such as 30s, got %q", b)
	}
	*d = Duration(v)
	return nil
}

// A Hedge says when a call that has no answer yet is made a second time. The
// zero value is never.
type Hedge struct {
	After      time.Duration // a fixed time, or 0
	Percentile int           // of the latest latencies, 50 to 99, or 0
}

// OptionType names the type in help texts.
func (Hedge) OptionType() string { return "duration or percentile" }

// IsZero reports whether no call is made twice.
func (h Hedge) IsZero() bool { return h == Hedge{} }

func (h Hedge) String() string {
	switch {
	case h.Percentile > 0:
		return "p" + strconv.Itoa(h.Percentile)
	case h.After > 0:
		return h.After.String()
	}
	return "off"
}

func (h Hedge) MarshalText() ([]byte, error) { return []byte(h.String()), nil }

// UnmarshalText reads off, a time such as 5s, or a percentile from p50 to p99.
func (h *Hedge) UnmarshalText(b []byte) error {
	s := string(b)
	if s == "off" {
		*h = Hedge{}
		return nil
	}
	if p, ok := strings.CutPrefix(s, "p"); ok {
		if n, err := strconv.Atoi(p); err == nil && n >= 50 && n <= 99 && p == strconv.Itoa(n) {
			*h = Hedge{Percentile: n}
			return nil
		}
	} else if d, err := time.ParseDuration(s); err == nil && d > 0 {
		*h = Hedge{After: d}
		return nil
	}
	return grader.Optionf("", "want off, a time such as 5s, or a percentile from p50 to p99, got %q", s)
}
