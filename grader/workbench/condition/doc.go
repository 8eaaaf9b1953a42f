// Package condition reads conditions on rollouts and on summaries: the formulas of
// [grader.Formula], with some more. It prints nothing.
//
//   - A name may have dots and an at sign in it (last.words, pass@4); any other one
//     stands in backticks.
//   - A JSON pointer (RFC 6901) stands where a value is wanted: /metadata/task. A
//     pointer with other characters than letters, digits, _ . ~ / - stands in
//     backticks, too.
//   - Conditions are joined by && and ||, or by the words and and or; && binds
//     tighter, and both bind less than comparisons.
//   - A name or a pointer is compared with a text in double or single quotes by ==,
//     != and ~, which asks whether the text is a part of it.
package condition
