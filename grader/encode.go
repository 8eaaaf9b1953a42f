package grader

import (
	"encoding/json"
	"errors"
	"fmt"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// A Score is one entry of the response to the trainer.
type Score struct {
	ID      json.RawMessage // as the request had it; empty counts as null
	Reward  float64         // finite
	Metrics []Metric
}

// AppendResponse appends the response for a batch to dst: a JSON array with
// one entry for each score, in order. It refuses an id that is not JSON, a
// number that is not finite and a metric that the trainer would reject, and
// appends nothing then.
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
	switch {
	case len(s.ID) == 0:
		dst = append(dst, "null"...)
	case utf8.Valid(s.ID) && jsontext.Value(s.ID).IsValid(lenient()...):
		dst = append(dst, s.ID...)
	default:
		return dst, errors.New("the id is not valid JSON: use the id of the item as it was decoded")
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

// AppendMetrics appends metrics as the JSON array that the trainer reads. It
// refuses what AppendResponse refuses, and appends nothing then.
func AppendMetrics(dst []byte, metrics []Metric) ([]byte, error) {
	kept := dst
	dst = append(dst, '[')
	for i, m := range metrics {
		if err := m.check(); err != nil {
			return kept, err
		}
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(dst, `{"name":`...)
		quoted, err := jsontext.AppendQuote(dst, m.Name)
		if err != nil {
			return kept, fmt.Errorf("metric %q: the name is not valid UTF-8", m.Name)
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
