/*
Package exact gives the kind exact.

Exact compares the text of the answer with the reference, or with any of several
references. The score is 1 where they match and 0 where they do not and where
there is no answer.

The reference is a text or a number or, with a pointer that says where it
stands (reference: "" for the whole), a list of texts of which any one will do.

# Where the answer is looked for

Option find lists the places, and the first that holds something counts. By
default they are the last \boxed{}, the text after the last ####, <answer> tags,
words such as "the answer is", and else the whole text.

Option text takes another text than what find finds: answer is all behind the
reasoning and response the whole response, both as the model wrote them, white
space included; tools:/POINTER is a part of the tool calls of the last message,
such as tools:/0/function/name or tools:/0/function/arguments/city.

Option expect is a text of your own in the place of the reference: "yes", or
"{{/first}} {{metadata:/last}}" with parts of the row in it.

# What counts as the same text

Answers, references and labels are brought to one form, in this order. By
default only what cannot be seen and what only says how the text looks is
changed: composed characters, white space, markup around the whole.

	wrapping     strip (default): drops what encloses the whole: \text{} \textbf{} \mathrm{} \mbox{}
	             \boxed{} and the like, $...$ $$...$$ \(...\) \[...\], **...**, `...`; one inside
	             another up to eight deep; keep
	unicode      nfc (default): composed characters; nfkc: also full-width forms, ligatures,
	             superscripts (x² becomes x2); none
	case         keep (default); fold: upper and lower case are the same
	punctuation  keep (default)
	             ends: drops . , ; : ! at the end, ¡ at the beginning, and quotation marks,
	             brackets, * and _ that enclose the whole; an exclamation mark behind a number
	             or a single letter stays, because it is a factorial, and a question mark,
	             because it takes the answer back
	             remove: drops punctuation everywhere; # % & @ and symbols such as + and $ stay,
	             and so do a mark between two digits (3.14, 10:30) and a hyphen or point before
	             a digit (-5, .5)
	articles     keep (default); remove: drops the English words a, an and the
	whitespace   collapse (default): one space for each run of white space, none at the ends;
	             trim: none at the ends; remove: none at all; keep: as found

An answer of which nothing is left matches nothing.

# How they match

	equal     (default) the answer is the reference.
	contains  the answer contains the reference, on word boundaries. A word ends where a letter
	          or digit meets another character, except inside numbers (3.14), hyphened words
	          (non-toxic), words with apostrophes (isn't), names with underscores (cat_food)
	          and names such as C++ and C#. Characters of scripts written without spaces are
	          words of their own.
	one_of    the answer is the reference, and one of the labels. One name may stand before it:
	          answer, final answer, label, class, category, classification, sentiment, prediction,
	          verdict, result, output, choice, option, rating, topic, intent or type, with a colon.

	substring     the answer contains the reference anywhere, also inside a word.
	substring_of  the reference contains the answer anywhere, also inside a word.

substring takes many references one after the other, and pays an answer that
lists everything; substring_of pays a single letter. For whole words there is
contains.

Without labels, contains pays an answer that names every option, and one that
says "not" before the right one. Give it all labels that the task knows: then an
answer that contains two of them scores 0, also where the second one stands in
other letters (GREEN, full width, with invisible characters inside), and so does
one without any, and one that denies the label in the three words before it:
not, no, never, isn't, rather than, instead of. A label inside a longer one
("positive" in "very positive") does not count as a second.

# Faults of the data

These are no score but a fault of the data: a reference that is missing or
empty, of which the options leave nothing, or which is none of the labels.

# Metrics

	answer_found  1 where a place of find held an answer
*/
package exact
