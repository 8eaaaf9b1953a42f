package batch

import (
	"time"

	"github.com/rftgrader/rftgrader/grader"
)

// A Source says where an outcome comes from.
type Source string

const (
	// FromGrader means that the grader was asked.
	FromGrader Source = "grader"
	// FromDuplicate means that an equal rollout of the batch was graded.
	FromDuplicate Source = "duplicate"
	// FromCache means that the result was kept from an earlier batch.
	FromCache Source = "cache"
	// FromDecoder means that the rollout could not be read, so nobody was asked.
	FromDecoder Source = "decoder"
)

// An Outcome is what became of one item: graded, with a Result, or ungraded,
// with an Err.
type Outcome struct {
	Item   grader.Item
	Result grader.Result // valid when Err is nil
	Err    error         // why the rollout is ungraded; its type says whose fault it is
	Source Source
	Took   time.Duration // that the grader took; 0 when it was not asked
}

// Graded reports whether the outcome has a score.
func (o *Outcome) Graded() bool { return o.Err == nil }

// Fault returns whose fault it is that the rollout is ungraded, or "".
func (o *Outcome) Fault() grader.Fault { return grader.FaultOf(o.Err) }

// group returns the key of the rollout's prompt, if it has one: rollouts that
// say nothing of their prompt have nothing in common.
func (o *Outcome) group() (grader.Key, bool) {
	if o.Item.Rollout == nil || len(o.Item.Rollout.Prompt()) == 0 {
		return grader.Key{}, false
	}
	return o.Item.Rollout.PromptKey(), true
}
