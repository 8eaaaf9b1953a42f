package lambdagrader

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"sync"
	"time"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/grader/batch"
	"github.com/rftgrader/rftgrader/grader/spec"
)

// MaxResponseBytes is the most that a synchronous invocation may answer with.
const MaxResponseBytes = 6 << 20

// A Handler answers the trainer's invocations: it implements aws-lambda-go's
// lambda.Handler on raw bytes. It is safe for concurrent invocations.
type Handler struct {
	spec    *spec.Spec
	runner  batch.Runner
	log     *slog.Logger
	metrics *metricWriter
	journal *journal // nil without

	// grading is held shared while a batch is graded, and whole while it is swept.
	grading sync.RWMutex
}

// Config is what a Handler needs besides its spec. The zero value works.
type Config struct {
	// Log gets a line for each batch and each ungraded rollout; nil drops them.
	Log *slog.Logger
	// Metrics gets embedded-metric-format lines; nil drops them.
	Metrics io.Writer
	// Function is the dimension FunctionName of the metrics.
	Function string
	// Journal is the folder of the journal that a spec with a grader.Sweeper keeps,
	// for rollouts that end the process; "" keeps none. See the package comment.
	Journal string
	// Environment tells the environment of this process from others that share
	// the folder. Programs that are graded do not know it.
	Environment string
	// CacheEntries is how many finished results are kept for retries;
	// 0 means batch.DefaultCacheEntries.
	CacheEntries int
}

// NewHandler returns a handler that grades with s, which stays the caller's to
// close.
func NewHandler(s *spec.Spec, cfg Config) (*Handler, error) {
	entries := cfg.CacheEntries
	if entries == 0 {
		entries = batch.DefaultCacheEntries
	}
	cache, err := batch.NewCache(entries)
	if err != nil {
		return nil, err
	}
	log := cfg.Log
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	metrics := cfg.Metrics
	if metrics == nil {
		metrics = io.Discard
	}
	h := &Handler{
		spec: s,
		runner: batch.Runner{
			Grader:      s.Grader(),
			Concurrency: s.Concurrency(),
			Reserve:     s.Reserve(),
			Cache:       cache,
			Scope:       s.Hash(),
		},
		log:     log,
		metrics: &metricWriter{w: metrics, function: cfg.Function, spec: s.ShortHash(), level: metricLevel(os.Getenv)},
	}
	if cfg.Journal != "" && s.Sweeps() {
		h.keepJournal(cfg.Journal, cfg.Environment)
	}
	return h, nil
}

// keepJournal begins the journal. Without one every rollout can be graded all
// the same, so that a folder which cannot be used is no error.
func (h *Handler) keepJournal(folder, environment string) {
	j, err := openJournal(folder, environment, h.spec.Hash(), h.log)
	if err != nil {
		h.log.Warn("no journal is kept: a rollout that ends the process will be graded again as all others", "cause", err.Error())
		return
	}
	h.journal = j
	h.runner.Grader = watch(h.runner.Grader, j)
	h.runner.Last = func(r *grader.Rollout) bool {
		suspect, convict := j.verdict(r.Key())
		return suspect && !convict
	}
}

// Invoke grades one payload and returns the response. Its error is a
// [*grader.PayloadError] or a [*batch.Failure] as a rule, and makes the trainer
// send the batch again.
//
// With a spec that has a [grader.Sweeper] use [Handler.Serve], which locks the
// way of the answer; Invoke grades and sweeps just the same.
func (h *Handler) Invoke(ctx context.Context, payload []byte) ([]byte, error) {
	items, err := grader.Decode(payload)
	if err != nil {
		return nil, err
	}
	return h.answer(ctx, items, len(payload))
}

// answer grades the items of a payload of the given size and makes the
// response. What it logs of the batch begins with attrs.
func (h *Handler) answer(ctx context.Context, items []grader.Item, size int, attrs ...slog.Attr) ([]byte, error) {
	start := time.Now()
	outcomes := h.grade(ctx, items)
	if h.spec.Sweeps() {
		attrs = append(attrs, h.sweep(ctx)...)
	}
	summary := batch.Summarize(outcomes)
	scores, failure := batch.Settle(outcomes, h.spec.Policy())
	var response []byte
	dropped := false
	if failure == nil {
		response, dropped, failure = encode(scores)
	}

	h.logUngraded(ctx, outcomes)
	h.logBatch(ctx, summary, start, failure == nil, dropped, attrs)
	h.metrics.write(ctx, measurements{
		outcomes: outcomes,
		summary:  summary,
		took:     time.Since(start),
		request:  size,
		response: len(response),
		failed:   failure != nil,
	})
	if failure != nil {
		return nil, failure
	}
	return response, nil
}

// encode makes the response, without the measurements if it would be too
// large with them.
func encode(scores []grader.Score) (response []byte, dropped bool, err error) {
	response, err = grader.AppendResponse(nil, scores)
	if err != nil || len(response) <= MaxResponseBytes {
		return response, false, err
	}
	full := len(response)
	for i := range scores {
		var kept []grader.Metric
		for _, m := range scores[i].Metrics {
			if m.Type == grader.MetricReward || m.Name == batch.UngradedMetric {
				kept = append(kept, m)
			}
		}
		scores[i].Metrics = kept
	}
	response, err = grader.AppendResponse(response[:0], scores)
	if err != nil || len(response) <= MaxResponseBytes {
		return response, true, err
	}
	return nil, true, &ResponseSizeError{Rollouts: len(scores), Bytes: full, WithoutMeasures: len(response)}
}

// A ResponseSizeError says that the response for a batch is larger than Lambda
// allows, even without the measurements beside the rewards.
type ResponseSizeError struct {
	Rollouts               int
	Bytes, WithoutMeasures int
}

func (e *ResponseSizeError) Error() string {
	return fmt.Sprintf("the response for %d rollouts has %d bytes, %d without the metrics of type %q; Lambda allows %d: send smaller batches",
		e.Rollouts, e.Bytes, e.WithoutMeasures, grader.MetricMeasure, MaxResponseBytes)
}
