/*
Package mathexpr reads mathematics as people and models write it: LaTeX, Unicode and
plain text, mixed and damaged.

It makes a tree of [Node] values and judges nothing. What is ambiguous is read in the
way that is usual in answers to problems; [Options] select other ways. Some rules:

  - Letters side by side are a product, unless they are a word: three or more
    capitals, four letters with a vowel, a known word or unit.
  - f, g and h before a bracket are functions, other letters are factors, unless the
    bracket holds a list or a definition such as W(n) = 1 begins there.
  - 3\frac12 is a mixed number. a/2b is a/(2b), but 1/2x is (1/2)x.
  - A function without brackets takes the factors up to the next function or sign.
  - 1,234 is one number with a comma for thousands; "1, 234" and 1,23 are lists.
  - A square bracket without partner, as in ]0,1[, is an open end of an interval.
  - Words before a colon or an equals sign are a label; words behind a value are a
    unit, or a remark if they begin with "for", "where", "because" and the like.

Reading takes time linear in the text. The limits are [MaxBytes], [MaxTokens],
[MaxDepth] and [MaxDigits].
*/
package mathexpr
