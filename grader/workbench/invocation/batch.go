package invocation

import (
	"encoding/json"
	"fmt"

	jsonv2 "github.com/go-json-experiment/json"

	"github.com/rftgrader/rftgrader/grader"
)

// Payload joins the texts of rollouts to the array that a trainer sends.
func Payload(texts [][]byte) []byte {
	out := []byte{'['}
	for i, text := range texts {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(out, text...)
	}
	return append(out, ']')
}

// A Score is what the function answered for one rollout.
type Score struct {
	ID      json.RawMessage `json:"id"`
	Reward  *float64        `json:"aggregate_reward_score"`
	Metrics []Metric        `json:"metrics_list"`
	// Line is the answer as it came.
	Line json.RawMessage `json:"-"`
}

// A Metric is a part of a reward or a measurement.
type Metric struct {
	Name  string            `json:"name"`
	Value float64           `json:"value"`
	Type  grader.MetricType `json:"type"`
}

// Scores reads an answer, which must have one score for each of the rollouts
// that were sent.
func Scores(payload []byte, sent int) ([]Score, error) {
	var lines []json.RawMessage
	if err := jsonv2.Unmarshal(payload, &lines); err != nil {
		return nil, fmt.Errorf("the answer is no array of scores: %w", err)
	}
	if len(lines) != sent {
		return nil, fmt.Errorf("the answer has %d scores for %d rollouts", len(lines), sent)
	}
	scores := make([]Score, len(lines))
	for i, line := range lines {
		if err := jsonv2.Unmarshal(line, &scores[i]); err != nil {
			return nil, fmt.Errorf("score %d: %w", i+1, err)
		}
		if scores[i].Reward == nil {
			return nil, fmt.Errorf("score %d has no aggregate_reward_score", i+1)
		}
		scores[i].Line = line
	}
	return scores, nil
}

// Same reports whether two scores are the same reward: the id, the score and the
// parts of it. Measurements, such as times, may differ.
func Same(a, b Score) bool {
	if string(a.ID) != string(b.ID) || *a.Reward != *b.Reward {
		return false
	}
	parts := func(s Score) map[string]float64 {
		out := map[string]float64{}
		for _, m := range s.Metrics {
			if m.Type == grader.MetricReward {
				out[m.Name] = m.Value
			}
		}
		return out
	}
	pa, pb := parts(a), parts(b)
	if len(pa) != len(pb) {
		return false
	}
	for name, v := range pa {
		if w, ok := pb[name]; !ok || v != w {
			return false
		}
	}
	return true
}
