// Package batch grades many rollouts at once and says what happens to those
// that could not be graded.
//
// A [Runner] takes the items of a payload and returns one [Outcome] for each,
// in order, whatever happens on the way:
//
//   - Grading is concurrent and bounded.
//   - A reserve of the context's deadline is kept: Run returns before the
//     deadline less the reserve, and what is not graded by then is ungraded
//     with a [*grader.DeadlineError].
//   - A panic, and a grader that ends its goroutine, cost their own rollout
//     only. So does a grader that ignores its context: when it has used half
//     of its time while others wait, its place is lent to them, and when time
//     is over it is left behind. (A stack overflow or a fatal error of the Go
//     runtime cannot be contained inside a process.)
//   - Rollouts of equal content are graded once.
//   - Finished results are kept in a bounded [Cache], keyed by the spec's hash
//     and the content, so that a retried batch grades only what is missing.
//
// [Settle] then applies the policy for the ungraded: only here does an ungraded
// rollout get a number, and a batch that must fail becomes a [*Failure], an
// error that names the first cause, the counts and the remedy.
package batch
