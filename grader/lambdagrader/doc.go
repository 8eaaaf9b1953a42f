// Package lambdagrader is the Lambda function that a reinforcement
// fine-tuning job names as its lambdaGrader: payload in, scores out.
//
// A program is one line, and a team's own kinds stand beside those that ship:
//
//	func main() { lambdagrader.Main(append(graders.All, citation.Kind)...) }
//
// Main reads the spec once, at start-up: the text or the path in the
// environment variable GRADER_SPEC, or else grader.yaml beside the binary. A
// spec with a fault ends the start with an init error that says where the
// fault is. While the process lives the spec does not change, because a reward
// must not change while a policy trains on it.
//
// [Handler] answers one batch at a time or many at once. It logs one line for
// each batch and one for each ungraded rollout, in JSON with level and
// timestamp, and writes metrics in CloudWatch's embedded metric format; see
// [MetricNames]. Neither ever holds a prompt, an answer or a reference.
//
// # Graders that run programs
//
// A spec with a [grader.Sweeper] runs what nobody trusts beside the function's
// credentials, and beside the Runtime API, which gives the current event to
// whoever asks and takes an answer from whoever sends one. Main does this then:
//
//   - The response is opened before a program runs and stays open while the
//     batch is graded ([Handler.Serve]): Lambda then refuses to give the event and
//     to take an answer. The log's field locked says whether Lambda confirmed
//     that the response was open.
//   - Before the answer, what the programs left is killed; the log's field swept
//     counts it. So nobody is there to ask for the next event.
//   - A journal in the folder for temporary files outlives the process. What was
//     being graded when the process ended is graded last and alone in the next
//     one, and what ends that one too is not graded again: its error is a
//     [*grader.PermanentError] around [ErrEndedProcess].
//
// # Other parts
//
// With the name of a service of one of its kinds in GRADER_ROLE (see
// [RoleVariable]), the same program plays that part in a function of its own,
// without a spec: the kind code runs programs as "executor", for specs whose
// executor is remote. Such a function needs none of the grading function's
// permissions, and no network. Its responses are opened before programs run,
// too. A service that calls itself spent ends its process after the answer, so
// that Lambda starts a fresh one.
//
// # What holds for all
//
// For every spec and part, other processes of the same user are kept from the function's
// environment, memory and descriptors in /proc (PR_SET_DUMPABLE, see prctl(2)).
//
// The lock is tested with the local Lambda and is in the code that AWS publishes
// of its runtime interface emulator. It was not tried on the service: look for
// locked in the first log lines there. With AWS_LAMBDA_MAX_CONCURRENCY above 1
// another invocation's event can be asked for at any time, lock or not: leave it
// at 1 for such specs.
package lambdagrader
