package judgeplan

import (
	"math"
	"time"
)

// A Quota is what a model allows, and how it is called.
type Quota struct {
	RPM, TPM    int     // 0 is unknown, and no limit
	Burndown    float64 // tokens of the quota for one of an answer; below 1 counts as 1
	Concurrency int     // calls at once at most; 0 is no limit
	Latency     time.Duration
}

// A Schedule says how long a demand takes.
type Schedule struct {
	// Reserved is what a call reserves of the tokens per minute at its start (its input
	// and the limit of its answer), and Settled what it costs in the end
	// (input + cache writes + output × burn-down); means over all calls.
	Reserved float64 `json:"reserved_tokens_per_call"`
	Settled  float64 `json:"settled_tokens_per_call"`
	// InFlight is how many calls can run at once: TPM / reserved, or the
	// concurrency; 0 is no limit.
	InFlight int `json:"in_flight"`
	// PerMinute is how many calls can be made in a minute; 0 is no limit.
	PerMinute float64 `json:"calls_per_minute"`
	// Minutes is how long all calls take.
	Minutes float64 `json:"minutes"`
	// Bound is what holds them back: rpm, tpm, concurrency, or latency.
	Bound string `json:"bound"`
}

// Time reckons how long the demand takes, if the calls come at an even pace: the calls
// over the rate that the least of RPM, TPM / settled, and calls in flight /
// latency allows, and the latency of the last call.
func (d Demand) Time(q Quota) Schedule {
	if d.Calls == 0 {
		return Schedule{Bound: "latency"}
	}
	burndown := max(1, q.Burndown)
	s := Schedule{
		Reserved: (d.Input + d.CacheRead + d.CacheWrite + d.Limit) / d.Calls,
		Settled:  (d.Input + d.CacheWrite + d.Output*burndown) / d.Calls,
		Bound:    "latency",
		InFlight: q.Concurrency,
	}
	rate := math.Inf(1)
	limit := func(perMinute float64, by string) {
		if perMinute < rate {
			rate, s.Bound = perMinute, by
		}
	}
	if q.RPM > 0 {
		limit(float64(q.RPM), "rpm")
	}
	if q.TPM > 0 {
		limit(float64(q.TPM)/s.Settled, "tpm")
		if n := int(float64(q.TPM) / s.Reserved); s.InFlight == 0 || n < s.InFlight {
			s.InFlight = n
			// Where not even one call can be reserved none is ever made.
			limit(perMinute(n, q.Latency), "tpm")
		}
	}
	if q.Concurrency > 0 && s.InFlight == q.Concurrency {
		limit(perMinute(q.Concurrency, q.Latency), "concurrency")
	}
	latency := q.Latency.Minutes()
	if math.IsInf(rate, 1) || d.Calls/rate <= latency && s.Bound == "concurrency" && d.Calls <= float64(q.Concurrency) {
		s.Minutes, s.Bound = latency, "latency"
		if !math.IsInf(rate, 1) {
			s.PerMinute = rate
		}
		return s
	}
	s.PerMinute = rate
	s.Minutes = d.Calls/rate + latency
	if s.Bound == "concurrency" {
		// Full waves of calls, one behind the other.
		s.Minutes = math.Ceil(d.Calls/float64(q.Concurrency)) * latency
	}
	return s
}

// perMinute is how many calls of some latency n places can serve in a minute.
func perMinute(n int, latency time.Duration) float64 {
	if latency <= 0 {
		if n == 0 {
			return 0
		}
		return math.Inf(1)
	}
	return float64(n) / latency.Minutes()
}
