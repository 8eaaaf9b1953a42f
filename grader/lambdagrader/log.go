package lambdagrader

import (
	"context"
	"io"
	"log/slog"
	"math"
	"time"

	"github.com/aws/aws-lambda-go/lambdacontext"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/grader/batch"
)

// NewLogger returns a logger that writes JSON lines as Lambda's log service
// reads them, with timestamp, level and message, at level and above.
func NewLogger(w io.Writer, level slog.Level) *slog.Logger {
	return slog.New(slog.NewJSONHandler(w, &slog.HandlerOptions{Level: level, ReplaceAttr: lambdacontext.ReplaceAttr}))
}

// logLevel reads AWS_LAMBDA_LOG_LEVEL, which Lambda sets when a level is
// configured for the function.
func logLevel(getenv func(string) string) slog.Level {
	switch getenv("AWS_LAMBDA_LOG_LEVEL") {
	case "TRACE", "DEBUG":
		return slog.LevelDebug
	case "WARN":
		return slog.LevelWarn
	case "ERROR", "FATAL":
		return slog.LevelError
	}
	return slog.LevelInfo
}

func requestID(ctx context.Context) string {
	if lc, ok := lambdacontext.FromContext(ctx); ok {
		return lc.AwsRequestID
	}
	return ""
}

// maxLoggedID bounds what of an id is logged, in bytes: an id is the sender's text.
const maxLoggedID = 200

func clipID(id string) string {
	if len(id) > maxLoggedID {
		return id[:maxLoggedID] + "..."
	}
	return id
}

// maxUngradedLines is how many ungraded rollouts of a batch have a line of their
// own: a payload of a million broken ones must not fill the log.
const maxUngradedLines = 100

func (h *Handler) logUngraded(ctx context.Context, outcomes []batch.Outcome) {
	if !h.log.Enabled(ctx, slog.LevelWarn) {
		return
	}
	lines := 0
	for i := range outcomes {
		o := &outcomes[i]
		if o.Graded() {
			continue
		}
		if lines++; lines > maxUngradedLines {
			continue
		}
		h.log.LogAttrs(ctx, slog.LevelWarn, "rollout not graded",
			slog.String("requestId", requestID(ctx)),
			slog.String("spec", h.spec.ShortHash()),
			slog.Int("index", i),
			slog.String("id", clipID(o.Item.Rollout.ID)),
			slog.String("fault", string(o.Fault())),
			slog.String("cause", o.Err.Error()),
		)
	}
	if lines > maxUngradedLines {
		h.log.LogAttrs(ctx, slog.LevelWarn, "more rollouts not graded",
			slog.String("requestId", requestID(ctx)),
			slog.String("spec", h.spec.ShortHash()),
			slog.Int("more", lines-maxUngradedLines))
	}
}

func (h *Handler) logBatch(ctx context.Context, s batch.Summary, start time.Time, scored, dropped bool, more []slog.Attr) {
	level := slog.LevelInfo
	if !scored {
		level = slog.LevelError
	}
	attrs := []slog.Attr{
		slog.String("requestId", requestID(ctx)),
		slog.String("spec", h.spec.ShortHash()),
		slog.Bool("scored", scored),
		slog.Int("rollouts", s.Rollouts),
		slog.Int("graded", s.Graded),
		slog.Int("kept", s.Kept),
		slog.Int("duplicates", s.Duplicates),
		slog.Float64("milliseconds", milliseconds(time.Since(start))),
		slog.Int("groups", s.Groups),
		slog.Int("flatGroups", s.FlatGroups),
	}
	if s.Graded > 0 {
		attrs = append(attrs,
			slog.Float64("rewardMean", s.Mean), slog.Float64("rewardSD", s.SD),
			slog.Float64("rewardMin", s.Min), slog.Float64("rewardMax", s.Max))
	}
	if s.Missing() > 0 {
		var counts []any
		for _, fault := range grader.Faults() {
			if n := s.Ungraded[fault]; n > 0 {
				counts = append(counts, slog.Int(string(fault), n))
			}
		}
		attrs = append(attrs, slog.Group("ungraded", counts...))
	}
	if dropped {
		attrs = append(attrs, slog.Bool("metricsDropped", true))
	}
	h.log.LogAttrs(ctx, level, "batch graded", append(attrs, more...)...)
}

// milliseconds rounds to microseconds.
func milliseconds(d time.Duration) float64 { return math.Round(float64(d.Microseconds())) / 1000 }
