package grader

import "context"

// A Sweeper is a [Grader] that runs programs beside the grading process.
//
// Such programs may outlive the Grade that ran them, and reach for what the
// grading process uses. Whoever calls a Sweeper's Grade therefore locks the way
// on which it answers before the call, where it can be locked, and calls Sweep
// when a batch is graded, before it answers.
//
// Sweep ends every process that came of the grader's programs and returns how
// many it killed. What the grader keeps for the next batch on purpose, such as
// a warm interpreter, is no part of that. Sweep returns soon after ctx is done.
// An error says that something may still be alive. It is also called before
// the first Grade, for what an earlier process has left.
//
// No Grade runs during Sweep but those that the caller has left behind at its
// deadline; they may lose their programs, and return an error.
type Sweeper interface {
	Grader
	Sweep(ctx context.Context) (killed int, err error)
}
