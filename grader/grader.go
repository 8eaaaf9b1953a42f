package grader

import "context"

// A Grader scores one rollout.
//
// These rules bind every implementation; package gradertest checks them.
//
//   - Grade may be called concurrently and must return soon after ctx is done.
//   - What is wrong with the answer belongs in the Result; what is wrong with
//     the grading belongs in the error. A wrong answer is a zero Score and a
//     nil error.
//   - The Score and each Metric are finite.
//   - The Result depends on what the rollout says, not on its ID nor on what
//     was graded before: equal rollouts of a batch are graded once, and a
//     retried batch is answered from what was already graded.
//   - The rollout is shared: Grade does not change it.
//   - An error never quotes the prompt, the answer or the reference, because
//     errors reach logs; [DataError.Detail] is the place for such text.
type Grader interface {
	Grade(ctx context.Context, r *Rollout) (Result, error)
}

// Func makes a function a [Grader].
type Func func(ctx context.Context, r *Rollout) (Result, error)

// Grade calls f.
func (f Func) Grade(ctx context.Context, r *Rollout) (Result, error) { return f(ctx, r) }

// A BatchGrader also grades rollouts together (rankings, tournaments).
//
// GradeBatch is called with the rollouts of one group: those of a batch that
// have the same prompt, as [Rollout.PromptKey] tells, duplicates included. It
// returns one Result and one error for each rollout, in order, and gives the
// same results, in the new order, when the rollouts are permuted. A group of
// one is possible. The rules of Grade hold for it too.
type BatchGrader interface {
	Grader
	GradeBatch(ctx context.Context, rs []*Rollout) ([]Result, []error)
}
