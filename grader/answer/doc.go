// Package answer finds the final answer in what a model wrote.
//
// A response is stripped of its reasoning (see [Strip]), and finders look for
// the answer in what is left, in the order in which a spec names them: the
// first hit wins. A finder looks for the last place of its kind, since models
// try, correct themselves and then conclude.
//
// The text is hostile: it was written by a model that is rewarded for what is
// found. So whatever is cut off, broken or ambiguous is no answer, and neither
// an earlier place nor another finder stands in for it: in "\boxed{3} ...
// \boxed{4" the answer was cut off, and 3 was not it. An answer is no answer
// either if a place that a later finder of the list looks at is cut off behind
// it. What stands in an HTML comment, or between ~~ or in <del>, <s> or <strike>,
// is no answer to boxed, hashes, tag, marker, last_number and last_line. Only text
// on one side of a thought is read. All finders take linear time.
//
// # Finders
//
// boxed is the content of the last \boxed{} or \fbox{}, with balanced braces;
// \{ and \} do not count. Without braces one number, letter or command counts:
// \boxed 5. Empty boxes are passed over. Of a box inside a box the outer one
// counts, unless it holds nothing but the inner one. A last box that is never
// closed is no answer, and so is one whose value is changed by what touches it: a
// sign, an operator, a digit, a power, another box or group, a root, fraction or
// \cancel around it. "x = " before it and a unit, \% or \text{} behind it are fine.
// "The answer is" at the beginning of its content is removed, if one answer is all
// that follows. A doubled backslash, and one that became a backspace or
// a form feed on its way, are read as one.
//
// hashes is what follows the last #### on its line, as in GSM8K, or the next
// line that holds text where nothing follows. Five hashes are something else.
// A last #### without anything behind or below it is no answer. A #### at the
// beginning of a line may begin a heading if more text comes below it. What
// holds a digit or a number word is an answer, and what begins with a word such
// as Step, Solution, Note or Summary or ends in a colon is a heading and passed
// over. Up to four other words are an answer ("#### Positive") unless there are
// several such lines. Where a line may be either ("#### 19. Add", "#### Note 19"),
// it is passed over, but what stands before it is no answer. A heading that
// announces the answer ("#### Final Answer") counts as a marker does. Emphasis
// around the answer is removed.
//
// tag:NAME is the content of the last <NAME>...</NAME>, in any case, without
// attributes. Empty elements are passed over. A last tag that is never closed
// is no answer. "The answer is" at the beginning is removed as from a box.
//
// marker is what follows the last "the answer is", "Final answer:", "ANSWER ="
// and the like, or a heading that says so; also "the final result is", "the
// answer to ... is", "the answer comes out to", at the beginning of a line "Answer
// → 5", "Answer - 5", "Final answer 5" and the table row "| Answer | 5 |"; and in
// German, French, Spanish, Russian, Chinese and Japanese. The answer runs to the
// end of the sentence or the line, or stands on the next line that holds text.
// Decimals, abbreviations, initials, mathematics, quotations and bold text do
// not end a sentence early; a clause with "because" or "since", or with
// "which", "where", "so" or "as" behind a comma, ends it. What stands around
// the whole answer is removed: emphasis, quotation marks, backticks, $...$,
// \(...\), \[...\], a box. What stands around a part of it stays: **5** apples.
// Words before the only bold text, which holds the only number, are removed too,
// unless they bound or deny it: "She makes **$18** per day".
//
// "The answer is not 5" gives "not 5". A wrong, previous or first answer is no
// marker; nor is a condition ("if the answer is 5"), a value made of the answer
// ("half of the answer is 5") or the answer to another question; nor is what says
// of the answer that it is rounded, in dollars, reasonable, helpful and the like.
// "The answer is correct" counts only where no other answer is given. A last marker
// with nothing behind it is no answer, nor is one that is denied or doubted ("I
// don't think the answer is 5"). There is no answer either where what was cut off
// behind it changes it or offers another one ("**Answer: 5** or 6", "**5**,000"),
// where the next sentence begins with words such as "Or", "Maybe" and "No," or is
// another number, and where any later one begins with "Wait", "Hmm", "Actually",
// "Correction", "Oops" or "Sorry".
//
// last_number is the last number, with its sign, percent sign and currency:
// -1,234.5 $18 50 % 3/4 2 1/2 \frac{3}{4} 1.5e-3 1.5 × 10^3 2^10 42_7 ½. A sign
// between two operands is none: 5-3 gives 3. Names (H2O, x_1, 0x12), ordinals,
// exponents, versions, dates, times and ratios are passed over. Of 1,2,3 the 3
// is found; with one comma that is no thousands separator both sides are, and
// who reads it decides: 3,14. This is a guess, and belongs at the end of a list.
//
// last_line is the last line that holds text, without emphasis around it.
//
// code is the content of the last fenced code block that holds text. Fences are
// those of CommonMark, of any indentation, which is removed if every line has
// it; one that names a language may stand behind text. A block that is never
// closed runs to the end. CRLF becomes LF. Blank lines around the code are
// removed; the first line keeps its indentation.
//
// json:/POINTER is the value at a JSON pointer (RFC 6901) in the last JSON
// object or list that stands anywhere in the text: a string decoded, a number
// as written, an object or a list in compact JSON. json: is the whole value. A
// pointer that begins with a name looks at objects only, so that a citation
// such as [1] does no harm. If the last object is broken or cut off, holds a
// name twice, or has nothing, null or an empty string at the pointer, there is
// no answer. Where there is nothing at the pointer, finders behind this one in the
// list are tried. {} and [] count only on lines of their own.
//
// regex:PATTERN is the last match of a regular expression of the RE2 syntax:
// its first group if it has one, else the whole. Blank matches are passed over.
// Where the matches are too many for the length of the text, only its end is
// searched, from the beginning of a line on. A pattern that compiles to more than
// 400 instructions is refused: counted repetitions in each other multiply.
//
// whole is the whole text behind the reasoning.
//
// White space around an answer is removed always, and so are zero-width spaces
// and byte-order marks.
package answer
