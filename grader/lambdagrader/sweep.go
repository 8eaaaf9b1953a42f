package lambdagrader

import (
	"context"
	"log/slog"
	"time"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/grader/batch"
)

// sweepTime bounds the sweep after a batch. It comes out of the reserve before
// the deadline, half of which is left for the answer.
const sweepTime = 2 * time.Second

func (h *Handler) grade(ctx context.Context, items []grader.Item) []batch.Outcome {
	h.grading.RLock()
	defer h.grading.RUnlock()
	if h.journal != nil {
		defer h.journal.rest()
	}
	return h.runner.Run(ctx, items)
}

// sweep ends what the programs of the batch have left, and returns what the log
// says of it. While another batch is graded there is no sweep: the last one
// to be done sweeps for all.
func (h *Handler) sweep(ctx context.Context) []slog.Attr {
	if !h.grading.TryLock() {
		return nil
	}
	defer h.grading.Unlock()
	limit := sweepTime
	if deadline, ok := ctx.Deadline(); ok {
		limit = min(limit, time.Until(deadline)/2)
	}
	// The batch's context may be canceled by now: what its programs left must go.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), limit)
	defer cancel()
	killed, err := h.spec.Sweep(ctx)
	if err != nil {
		h.log.LogAttrs(ctx, slog.LevelError, "programs may have survived their batch",
			slog.String("requestId", requestID(ctx)),
			slog.String("spec", h.spec.ShortHash()),
			slog.String("cause", err.Error()))
	}
	return []slog.Attr{slog.Int("swept", killed)}
}
