package grader

import (
	"encoding/json"
	"fmt"

	"github.com/go-json-experiment/json/jsontext"
)

// A Score is one entry of the response to the trainer.
type Score struct {
	ID      json.RawMessage // as the request had it; nil counts as null
	Reward  float64         // finite
	Metrics []Metric
}

// AppendResponse appends the response for a batch to dst: a JSON array with
// one entry for each score, in order. It refuses a number that is not finite
// and a metric that the trainer would reject, and appends nothing then.
func AppendResponse(dst []byte, scores []Score) ([]byte, error) {
	kept := dst
	dst = append(dst, '[')
	for i, s := range scores {
		if i > 0 {
			dst = append(dst, ',')
		}
		var err error
		if dst, err = s.append(dst); err != nil {
			return kept, fmt.Errorf("encode score %d: %w", i, err)
		}
	}
	return append(dst, ']'), nil
}

func (s Score) append(dst []byte) ([]byte, error) {
	if !finite(s.Reward) {
		return dst, fmt.Errorf("the reward is %v: a reward must be finite", s.Reward)
	}
	dst = append(dst, `{"id":`...)
	if s.ID == nil {
		dst = append(dst, "null"...)
	} else {
		dst = append(dst, s.ID...)
	}
	dst = append(dst, `,"aggregate_reward_score":`...)
	dst = appendNumber(dst, s.Reward)
	if len(s.Metrics) > 0 {
		dst = append(dst, `,"metrics_list":`...)
		var err error
		if dst, err = AppendMetrics(dst, s.Metrics); err != nil {
			return dst, err
		}
	}
	return append(dst, '}'), nil
}

// AppendMetrics appends metrics as the JSON array that the trainer reads.
func AppendMetrics(dst []byte, metrics []Metric) ([]byte, error) {
	dst = append(dst, '[')
	for i, m := range metrics {
		if err := m.check(); err != nil {
			return dst, err
		}
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(dst, `{"name":`...)
		quoted, err := jsontext.AppendQuote(dst, m.Name)
		if err != nil {
			return dst, fmt.Errorf("metric %q: the name is not valid UTF-8", m.Name)
		}
		dst = append(quoted, `,"value":`...)
		dst = appendNumber(dst, m.Value)
		kind := m.Type
		if kind == "" {
			kind = MetricMeasure
		}
		dst = append(dst, `,"type":"`...)
		dst = append(dst, kind...)
		dst = append(dst, `"}`...)
	}
	return append(dst, ']'), nil
}

// appendNumber writes the shortest form that reads back as f, and 0 for -0.
func appendNumber(dst []byte, f float64) []byte {
	if f == 0 {
		f = 0
	}
	return jsontext.AppendFloat(dst, f, 64)
}
