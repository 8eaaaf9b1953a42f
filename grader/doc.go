// Package grader is the vocabulary of rftgrader: what a rollout is, what a
// grader owes, whose fault a failure is, and how both travel between a
// reinforcement fine-tuning (RFT) job and the Lambda function that it names as
// its lambdaGrader.
//
// A rollout is a prompt together with the answer that a model wrote to it. A
// grader reads a rollout and returns a score, the reward that the model is
// trained on. The trainer sends rollouts in batches and believes every score
// at once, so three rules stand above all others: never invent a reward, never
// lose a rollout, never let the graded text write its own grade.
//
// # The way of a rollout
//
// A rollout passes each room once, downward, and nothing comes back up:
//
//	payload
//	  -> grader.Decode         the wire format of every known caller
//	  -> batch                 concurrency, deadline, duplicates, finished work
//	  -> spec                  the formula over the graders of a spec
//	  -> graders/<kind>        one package for each kind of grader
//	  -> answer                finding the final answer in the text
//	  -> Result                a score, or an error that says whose fault it is
//	  -> batch.Policy          what happens to the ungraded
//	  -> grader.AppendResponse finite numbers only
//
// # The rooms
//
//	grader               this package: vocabulary and wire codec
//	grader/answer        finding the final answer in what a model wrote
//	grader/batch         grading many rollouts at once
//	grader/spec          reading, checking and building a grader spec
//	grader/lambdagrader  Main and Handler of the Lambda function
//	grader/gradertest    the conformance suite for any grader
//	grader/workbench     Main of the command rft
//	graders              All: the kinds that ship
//	graders/<kind>       one package, one Kind
//
// Imports point from the programs down to this package, which imports the
// standard library and the v2 JSON module only. There is no registry, no init
// function and no global state: a Kind is a value, and a program is
// Main(kinds...).
//
// # Whose fault is it
//
// What is wrong with the answer belongs in the [Result]: a wrong answer is a
// zero Score and a nil error. What is wrong with the grading belongs in the
// error, and its type says whose fault it is: [*DataError], [*TransientError],
// [*PermanentError], [*DeadlineError]. An error of another type counts as
// permanent. No float exists for an ungraded rollout until the policy of the
// batch has spoken.
package grader
