// Package rubric holds what a judge judges by: a text, and as a rule the form
// of its verdict (a scale, labels, or a list of criteria).
//
// A rubric is one of those that ship ([Builtin]), a file beside the spec
// ([Parse], [Text]), or text in the spec itself. A file in YAML or JSON looks
// like this:
//
//	text: |
//	  How polite is the answer?
//	labels: {rude: 0, plain: 0.5, polite: 1}
//
// In place of labels it may have "scale: {min: 1, max: 5}" or "criteria", a
// list of [Criterion].
package rubric
