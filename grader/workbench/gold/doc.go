// Package gold checks training records with the grader that will score them: can it
// read every reference, and does the reference itself earn full marks.
//
// A reference is put as the answer in the forms in which the spec's graders look for
// answers: \boxed{} for boxed, a line with #### for hashes, an element for tag:NAME, and
// so on. Where a spec wants more of an answer, such as thoughts in tags, a template of
// the user's own says what a right answer looks like.
package gold
