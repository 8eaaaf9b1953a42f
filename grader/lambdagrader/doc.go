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
package lambdagrader
