// Package gate stands before a judge: it keeps answers from it that have no
// claim to a score, and says why. Such an answer is the model's fault and is
// graded as the worst; nothing is asked of the judge.
//
// Judges have been seen to reward answers without any content: a lone colon,
// "Thought process:", "Solution", in any language ("One Token to Fool
// LLM-as-a-Judge", arXiv:2507.08794). Neither a longer prompt nor a vote cures
// that, and a gate does.
//
// # Contentless answers
//
// An answer is contentless where nothing is left of it once reasoning, markup,
// invisible characters, punctuation and emoji are gone, or where each of its
// sentences only opens an answer ("Sure! Let me think step by step.") and none
// follows.
//
// What may answer a question is content: a number, a letter, a word that is not
// in a short list of openings, a mathematical sign such as ∞, ∅, + or <=. "None",
// "undefined" and "I don't know" are for the judge. A lone : is both an opening
// and, now and then, an answer; it is contentless unless it is allowed by
// [Gates.Allow]. Longer openings in words that the gate does not know reach the
// judge.
package gate
