package judge

import (
	"time"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/graders/judge/converse"
)

// A tally is what verdicts took: the calls that were charged, failed, cut and
// repeated ones included.
type tally struct {
	usage    converse.Usage
	attempts int
	latency  time.Duration // of the slowest answer
	cost     float64       // US dollars
	priced   bool          // whether a price was given
}

func (t *tally) add(o tally) {
	t.usage = t.usage.Add(o.usage)
	t.attempts += o.attempts
	t.latency = max(t.latency, o.latency)
	t.cost += o.cost
	t.priced = t.priced || o.priced
}

// charge counts what one call took.
func (t *tally) charge(p *panelist, u converse.Usage, attempts int, latency time.Duration) {
	one := tally{usage: u, attempts: attempts, latency: latency}
	if p.price != nil {
		one.cost, one.priced = p.price.Cost(u), true
	}
	t.add(one)
}

// metrics gives one of n equal shares, so that sums over rollouts are what was
// charged.
func (t *tally) metrics(n int) []grader.Metric {
	share := func(v float64) float64 { return v / float64(n) }
	out := []grader.Metric{
		grader.Measure("tokens_in", share(float64(t.usage.Input+t.usage.CacheWrite))),
		grader.Measure("tokens_out", share(float64(t.usage.Output))),
		grader.Measure("tokens_cached", share(float64(t.usage.CacheRead))),
	}
	if t.priced {
		out = append(out, grader.Measure("cost_usd", share(t.cost)))
	}
	return append(out,
		grader.Measure("latency_seconds", t.latency.Seconds()),
		grader.Measure("attempts", share(float64(t.attempts))))
}
