// Package gradertest is the conformance suite for graders: what any
// [grader.Grader] must obey, checked on cases that the grader's author writes.
//
//	func TestConformance(t *testing.T) { gradertest.Run(t, citation.Kind, "testdata") }
//
// The folder holds three files of rollouts in the wire format of the trainer,
// one JSON object on a line:
//
//	full.jsonl       right answers: each scores exactly the full marks, 1
//	zero.jsonl       wrong answers: each scores exactly 0, with a reason
//	malformed.jsonl  faults of the data: each is a *grader.DataError
//
// Beside the rollout's own members a line may have "options", the options that
// the grader is built with for this case, and "note", why the case is there.
// A case of full.jsonl or zero.jsonl may have "score" where another number is
// meant.
//
// On the cases the suite checks every rule of the comment on [grader.Grader]
// and says which one is violated: finite scores, determinism, independence of
// the ID and of what was graded before, concurrency, the context's end, the
// rollout left as it was, errors that say whose fault it is and quote nothing.
// It also grades answers of its own making: empty, huge, binary, hostile.
package gradertest
