// Package number reads numbers as people and models write them, and compares
// them exactly.
//
// [Read] takes a text that is one number, with what may stand around it: a
// sign, a currency, a unit, a percent sign, one leading name, LaTeX and
// Markdown. Whatever says more than one number is refused: lists, ranges,
// alternatives, chains of equalities, expressions, bounds, denials. The rule
// throughout is that no digits are run together that stood apart, and that no
// reading is guessed where two would do.
//
// What is decided where people differ:
//
//   - Digits are grouped in threes by commas, spaces, apostrophes, underscores
//     or LaTeX spaces, or the Indian way by commas (12,34,567); all marks of a
//     number are of one kind, and the first group is not 0. Anything else with
//     such marks is a list. With [Format.DecimalComma] the point groups.
//   - 1 1/2 and 1\frac{1}{2} are one and a half; the fraction must be proper.
//   - A digit written three times before dots goes on for ever, and so do several
//     that are written twice: 0.333... is a third, 0.1212... is 4/33. Other dots
//     are dropped behind decimals and refused behind whole numbers. 0.1(6) and
//     0.1\overline{6} are a sixth.
//   - (5) is 5. A dash before a number is its sign, and a list's bullet must be
//     gone before.
//   - Powers are read of 10 only, and products with them only: 2 × 10^3.
//   - Million (of the short scale), milliard, dozen, lakh, 万 and their like
//     belong to the number, and so does a k right behind the digits; K, M and B
//     only beside a currency, but there also m and mm. Plural ordinals divide it
//     (5 twelfths, 5 millionths), and so do ‰, per mille, ppm, ppb and basis
//     points. What may mean two things is refused: quarters, score, gross,
//     grand, bps, and the words for thousand and million of other languages.
//   - English words: whole numbers below 10^15, "point" with digits, halves to
//     millionths, "and a half".
//   - White space that breaks lines, and tabs, group no digits. A mark over,
//     through or around a digit is refused, except bars over decimals.
//   - A number may be said again in parentheses: 18 (eighteen).
//   - The name before a number may be a sum or a quotient of names (x/y = 5), but
//     no function, bound or denial, and not end in minus, double or the like.
//   - Words of other scripts are units only where they are known: counters and
//     units of Chinese, Japanese and Korean, and Russian words that are neither
//     numbers nor "or" and "not". Words of mixed scripts are refused.
//   - Two letters or fewer behind a number must be a known unit or small word,
//     and words without a vowel too: 5cm is a length, 2xy is not a number.
//   - A time of day, a ratio, a date, a version, another base: refused.
//
// A [Value] keeps a power of ten apart and never expands it, so that 10^(10^10)
// costs nothing. All of it is linear in the text, up to [MaxBytes], and bounded
// in the digits, up to [MaxDigits].
package number
