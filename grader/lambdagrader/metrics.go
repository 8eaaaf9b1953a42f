package lambdagrader

import (
	"context"
	"io"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	jsonv2 "github.com/go-json-experiment/json"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/grader/batch"
)

// Namespace is the CloudWatch namespace of the metrics.
const Namespace = "rftgrader"

// metricUnits returns every metric with its CloudWatch unit.
func metricUnits() map[string]string {
	return map[string]string{
		"Rollouts":            "Count",
		"Reward":              "None",
		"RewardSpread":        "None",
		"RewardAtMinimum":     "Percent",
		"RewardAtMaximum":     "Percent",
		"Groups":              "Count",
		"FlatGroups":          "Count",
		"FlatGroupShare":      "Percent",
		"Ungraded":            "Count",
		"UngradedData":        "Count",
		"UngradedTransient":   "Count",
		"UngradedPermanent":   "Count",
		"UngradedDeadline":    "Count",
		"FailedBatches":       "Count",
		"CacheHits":           "Count",
		"Duplicates":          "Count",
		"AnswerLength":        "Count",
		"GradingMilliseconds": "Milliseconds",
		"BatchMilliseconds":   "Milliseconds",
		"RequestBytes":        "Bytes",
		"ResponseBytes":       "Bytes",
		"JudgeCalls":          "Count",
		"JudgeTokensIn":       "Count",
		"JudgeTokensOut":      "Count",
		"JudgeTokensCached":   "Count",
		"JudgeCost":           "None",
		"JudgeSeconds":        "Seconds",
	}
}

// judgeSums are the metrics that sum up measurements of graders, by the last part of
// the measurement's name: what a kind that asks a model tells of it.
func judgeSums() map[string]string {
	return map[string]string{
		"attempts":      "JudgeCalls",
		"tokens_in":     "JudgeTokensIn",
		"tokens_out":    "JudgeTokensOut",
		"tokens_cached": "JudgeTokensCached",
		"cost_usd":      "JudgeCost",
	}
}

// MetricNames returns the names of the metrics that a batch writes, with their
// CloudWatch units. Dimensions are FunctionName and SpecHash, and FunctionName
// alone; the request id is a property.
//
//	Rollouts             rollouts in the batch
//	Reward               the rewards, one value for each graded rollout
//	RewardSpread         their standard deviation
//	RewardAtMinimum      share of rewards equal to the batch's least one
//	RewardAtMaximum      share of rewards equal to the batch's greatest one
//	Groups, FlatGroups   prompts with several graded rollouts; those of equal rewards, which carry no gradient
//	FlatGroupShare       FlatGroups as a share of Groups
//	Ungraded             rollouts without a score of their own, and the same by fault:
//	UngradedData, UngradedTransient, UngradedPermanent, UngradedDeadline
//	FailedBatches        1 for a batch that was answered with an error
//	CacheHits            rollouts answered from finished results, as for a retry
//	Duplicates           rollouts answered by an equal one of the batch
//	AnswerLength         characters of each answer
//	GradingMilliseconds  time for each rollout that was graded anew
//	BatchMilliseconds    time for the batch
//	RequestBytes, ResponseBytes
//	JudgeCalls           calls of models that were sent for the batch, with those that failed
//	JudgeTokensIn, JudgeTokensOut, JudgeTokensCached
//	JudgeCost            in USD, where the spec gives prices
//	JudgeSeconds         for each rollout, the time of its slowest call
//
// The last are there for batches whose graders measure attempts, tokens_in,
// tokens_out, tokens_cached, cost_usd and latency_seconds.
func MetricNames() map[string]string { return metricUnits() }

// maxValues is how many values of a metric one record may hold: CloudWatch's limit.
const maxValues = 100

// metricWriter writes embedded-metric-format records, one line each.
type metricWriter struct {
	mu       sync.Mutex
	w        io.Writer
	function string
	spec     string
	level    string
}

// metricLevel is the level that metric records carry. Lambda drops lines below
// the configured level, metrics too, so they carry that level itself.
func metricLevel(getenv func(string) string) string {
	if l := getenv("AWS_LAMBDA_LOG_LEVEL"); l != "" {
		return l
	}
	return "INFO"
}

type measurements struct {
	outcomes          []batch.Outcome
	summary           batch.Summary
	took              time.Duration
	request, response int
	failed            bool
}

// write writes a record, and more of them where a metric has over a hundred
// values. A metric that cannot be written costs no reward, so errors of the
// writer are dropped.
func (m *metricWriter) write(ctx context.Context, b measurements) {
	if m.w == io.Discard {
		return
	}
	single, many := b.values()
	now := time.Now()
	var lines []byte
	for first := true; first || len(many) > 0; first = false {
		record := map[string]any{}
		if first {
			for name, v := range single {
				record[name] = v
			}
		}
		for name, values := range many {
			n := min(len(values), maxValues)
			record[name] = values[:n]
			if many[name] = values[n:]; n == len(values) {
				delete(many, name)
			}
		}
		line, err := jsonv2.Marshal(m.envelope(record, now, requestID(ctx)), jsonv2.Deterministic(true))
		if err != nil {
			return
		}
		lines = append(append(lines, line...), '\n')
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	_, _ = m.w.Write(lines)
}

// values returns the metrics with one value and those with one for each rollout.
func (b measurements) values() (single map[string]float64, many map[string][]float64) {
	s := b.summary
	single = map[string]float64{
		"Rollouts":          float64(s.Rollouts),
		"Groups":            float64(s.Groups),
		"FlatGroups":        float64(s.FlatGroups),
		"Ungraded":          float64(s.Missing()),
		"UngradedData":      float64(s.Ungraded[grader.FaultData]),
		"UngradedTransient": float64(s.Ungraded[grader.FaultTransient]),
		"UngradedPermanent": float64(s.Ungraded[grader.FaultPermanent]),
		"UngradedDeadline":  float64(s.Ungraded[grader.FaultDeadline]),
		"FailedBatches":     0,
		"CacheHits":         float64(s.Kept),
		"Duplicates":        float64(s.Duplicates),
		"BatchMilliseconds": milliseconds(b.took),
		"RequestBytes":      float64(b.request),
	}
	if b.failed {
		single["FailedBatches"] = 1
	} else {
		single["ResponseBytes"] = float64(b.response)
	}
	if s.Graded > 0 {
		single["RewardSpread"] = s.SD
		single["RewardAtMinimum"] = 100 * float64(s.AtMin) / float64(s.Graded)
		single["RewardAtMaximum"] = 100 * float64(s.AtMax) / float64(s.Graded)
	}
	if s.Groups > 0 {
		single["FlatGroupShare"] = 100 * float64(s.FlatGroups) / float64(s.Groups)
	}
	many = map[string][]float64{}
	sums := judgeSums()
	for i := range b.outcomes {
		o := &b.outcomes[i]
		if o.Graded() {
			many["Reward"] = append(many["Reward"], o.Result.Score)
		}
		if o.Source == batch.FromGrader {
			many["GradingMilliseconds"] = append(many["GradingMilliseconds"], milliseconds(o.Took))
			for _, m := range o.Result.Metrics {
				name := m.Name[strings.LastIndexByte(m.Name, '.')+1:]
				if sum, ok := sums[name]; ok && m.Type != grader.MetricReward {
					single[sum] += m.Value
				}
				if name == "latency_seconds" && m.Type != grader.MetricReward {
					many["JudgeSeconds"] = append(many["JudgeSeconds"], m.Value)
				}
			}
		}
		if o.Source != batch.FromDecoder {
			many["AnswerLength"] = append(many["AnswerLength"], float64(utf8.RuneCountInString(o.Item.Rollout.Response())))
		}
	}
	return single, many
}

// envelope adds what CloudWatch needs to read the record.
func (m *metricWriter) envelope(record map[string]any, now time.Time, request string) map[string]any {
	units := metricUnits()
	type definition struct {
		Name string
		Unit string
	}
	var definitions []definition
	for name := range record {
		definitions = append(definitions, definition{name, units[name]})
	}
	slices.SortFunc(definitions, func(a, b definition) int { return strings.Compare(a.Name, b.Name) })
	record["_aws"] = map[string]any{
		"Timestamp": now.UnixMilli(),
		"CloudWatchMetrics": []any{map[string]any{
			"Namespace":  Namespace,
			"Dimensions": [][]string{{"FunctionName", "SpecHash"}, {"FunctionName"}},
			"Metrics":    definitions,
		}},
	}
	record["FunctionName"] = m.function
	record["SpecHash"] = m.spec
	record["requestId"] = request
	record["level"] = m.level
	record["timestamp"] = now.UTC().Format(time.RFC3339Nano)
	return record
}
