// Package textsim measures how alike two texts are: 0 for not at all, 1 for
// equal. Each measure computes what a widely used Python package computes,
// which its comment names: rapidfuzz 3.10.1, nltk 3.9.1, rouge-score 0.1.2 and
// the evaluation script of SQuAD 1.1.
//
// Measures over n-grams take time linear in the texts. Those that align two
// texts take time in proportion to the product of their lengths, so that
// product is bounded: beyond [MaxPairs] or [MaxWindowPairs] they return
// [ErrTooLong], and never a wrong value.
package textsim
