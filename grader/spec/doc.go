// Package spec reads, checks and builds a grader spec: a short YAML or JSON
// text that says which graders score a rollout and how their scores become one
// reward.
//
//	version: 1
//	graders:
//	  correct: {type: numeric, reference: /final_answer}
//	  format:  {type: format, pattern: '(?s)^<think>.+</think>'}
//	score: gate(correct, 0.9 + 0.1*format)
//	range: [0, 1]
//	on_error: {transient: fail, permanent: neutral}
//
// # Members
//
//	version       the number 1
//	graders       a mapping from names to graders: "type" is the kind, the other members are its options
//	score         a formula over the names (see grader.Formula); not needed with one grader
//	route         instead of score: which formula a rollout gets, by what a JSON pointer leads to
//	range         [least, greatest]: a score outside is an error of the grading, never clipped
//	on_error      for the faults transient, permanent, data and deadline: fail, neutral or a number
//	max_ungraded  the share of a batch, 0..1, above which the batch fails whatever on_error says
//	concurrency   how many rollouts are graded at once, 1 to 1000
//	reserve       how long before the deadline grading stops, such as "2s"
//
// A route is a mapping with the member "by", a JSON pointer such as
// /metadata/task, and one member for each value that the pointer may lead to;
// a rollout for which none is written is a [*grader.DataError]. The value is
// compared as it is written in the rollout: 1 and 1.0 are two values.
//
// # Strictness
//
// A reward must not hang on how a reader guesses. Unknown and repeated members,
// wrong types, members without a value, graders that no formula uses, and
// texts that some YAML readers take for a Boolean or a number (yes, 0777) are
// errors. Each names its line and column and what to write instead; see
// [Error]. Of YAML, anchors and aliases, merge keys, tags, complex keys,
// directives and several documents are refused. A spec has at most 1 MiB.
//
// # The grader of a spec
//
// Formulas are evaluated lazily, and a grader is called at most once for a
// rollout: behind a shut gate it is not called, and has no metric. If one of
// the graders grades rollouts together, so does the whole: see [Spec.Grader].
package spec
