package grader

import (
	"fmt"
	"math"
)

// A Result is what a grader says of one rollout.
type Result struct {
	// Score is the reward: finite, in 0..1 unless the grader's doc says otherwise.
	Score float64
	// Metrics are parts of the score, and measurements beside it.
	Metrics []Metric
	// Found is the answer that was extracted. It is for people and never on the wire.
	Found string
	// Reason says why this score. It is for people and never on the wire.
	Reason string
}

// A Metric is a named number that travels beside the score.
type Metric struct {
	Name  string
	Value float64    // finite
	Type  MetricType // the zero value counts as MetricMeasure
}

// MetricType tells the components of a reward from measurements. The two
// values are the only ones that the trainer accepts.
type MetricType string

const (
	// MetricReward marks a component of the aggregate reward.
	MetricReward MetricType = "Reward"
	// MetricMeasure marks something to watch that is no part of the reward.
	MetricMeasure MetricType = "Metric"
)

// Reward returns a metric that is a component of the score.
func Reward(name string, value float64) Metric {
	return Metric{Name: name, Value: value, Type: MetricReward}
}

// Measure returns a metric that is watched beside the score.
func Measure(name string, value float64) Metric {
	return Metric{Name: name, Value: value, Type: MetricMeasure}
}

// Check returns a [*PermanentError] that names the first number of r that
// cannot be a reward or a metric: not finite, without a name, or of a type
// that the trainer rejects.
func (r Result) Check() error {
	if !finite(r.Score) {
		return Permanentf("the grader's score is %v: a score must be finite", r.Score)
	}
	for _, m := range r.Metrics {
		if err := m.check(); err != nil {
			return &PermanentError{Err: err}
		}
	}
	return nil
}

func (m Metric) check() error {
	switch {
	case m.Name == "":
		return fmt.Errorf("a metric has no name")
	case !finite(m.Value):
		return fmt.Errorf("metric %q is %v: a metric must be finite", m.Name, m.Value)
	case m.Type != "" && m.Type != MetricReward && m.Type != MetricMeasure:
		return fmt.Errorf("metric %q has type %q: want %q or %q", m.Name, m.Type, MetricReward, MetricMeasure)
	}
	return nil
}

func finite(f float64) bool { return !math.IsNaN(f) && !math.IsInf(f, 0) }
