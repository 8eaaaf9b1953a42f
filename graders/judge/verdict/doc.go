// Package verdict reads what a judge answered: a number on a scale ([Number]),
// a label ([Label]), one of two candidates ([Choice]), a verdict on each
// criterion of a checklist ([Criteria]), an order of candidates ([Ranking]) or
// a number for each of them ([Scores]). The functions whose names end in Input
// read the JSON of a tool's input or of a schema's answer.
//
// A reading is a verdict, or a [Reason] why there is none. It is never a guess:
// no number is clamped, no scale is inferred, and a missing verdict does not
// become a number.
//
// # What counts
//
// Reasoning in <think>, <thinking>, <reasoning>, <scratchpad>, <analysis> and
// the marks of some models does not. Neither do block quotes, text in quotation
// marks that holds a number, text that is struck out, and HTML comments.
//
// Evidence has a rank, and the higher one wins:
//
//  1. an answer that is one value as a whole;
//  2. a JSON object with a member that names a score, also one level down, in a
//     list of one, encoded twice or printed as a tool call;
//  3. <score>, <rating>, <result>, <answer>;
//  4. [[n]], then [RESULT] n, then \boxed{n};
//  5. labelled text: "Final score: 7/10", "I'd give this a 7", a table's row.
//
// Inside a rank the last one wins, but final, overall and total beat what has
// no such word, and the names of criteria have no say. An object that names a
// score without a value that can be used is an answer without a verdict, and
// nothing else in the text stands in for it.
//
// # Numbers
//
// A number is a decimal one with a sign, a leading or trailing point and an
// exponent, in decimal digits of any script, or one decimal comma with one or
// two digits behind it. n/m and "n out of m" are n where m is the scale's
// maximum, and otherwise n/m of the maximum where the scale begins at 0; so is
// p%. Whatever is outside the scale, by however little, is no verdict, unless
// [Scale.Tolerance] allows for it. Bounds, ranges and alternatives are none
// either; of "~7" and "7 ± 0.5" the point counts.
//
// # What is decided where others differ
//
//   - Nothing is clamped. Within the tolerance a number becomes the limit.
//   - The English words zero to ten are numbers where a number is expected. In
//     prose without a label they are words.
//   - In JSON members that name a score differently (score beside rating) must
//     agree; final_score, overall_score, overall and total go before all others.
//     A total that is the scale's maximum beside another score is doubtful.
//   - A scale named in the text with another maximum than the one that was asked
//     for makes a number without a denominator no verdict.
//   - What a sentence denies, reports of others or makes depend on something
//     ("it would deserve a 9 if") is no verdict.
//   - Of two candidates with a verdict each there is none for the answer.
//   - A sign apart from its number ("Score - 7") separates on a scale without
//     negative numbers, and is doubtful on others.
//
// All of it takes linear time. Longer answers than [MaxBytes] are not read.
package verdict

// MaxBytes is the length up to which an answer is read.
const MaxBytes = 2 << 20
