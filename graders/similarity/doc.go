/*
Package similarity gives the kind similarity.

Similarity measures how alike the answer and a reference text are, from 0 to 1.
Where the reference is a list of texts, the one that is most alike counts; option
reference says where the list is, "" where it is the whole.

Likeness to a text is a weak reward: it pays for copying the question and for
saying little. Where an answer is right or wrong, another kind is better, and
where likeness is paid at all, gate it: gate(correct, similarity).

# Metrics

	fuzzy          rapidfuzz 3.10.1, by characters; option scorer says which ratio
	bleu           nltk 3.9.1 sentence_bleu: precision of n-grams of 1 to order words
	gleu           nltk 3.9.1 sentence_gleu: the lesser of precision and recall of n-grams
	meteor         nltk 3.9.1 meteor_score WITHOUT WordNet: words and their stems are matched,
	               synonyms are not, so that values are at most those of nltk with WordNet
	rouge_1 .. 5   rouge-score 0.1.2: n-grams of 1 to 5 words in common
	rouge_l        rouge-score 0.1.2: the longest common subsequence of words
	token_f1       the F1 of SQuAD 1.1's evaluation script: words in common
	exact_set      1 where both are the same set of elements, else 0
	set_f1         elements in common
	edit_distance  1 - d / n: d insertions, deletions and substitutions, n the length of the
	               longer text (rapidfuzz's Levenshtein.normalized_similarity); unit: words
	               counts words (a word error rate)

The scorers of fuzzy, each as a share of 1 where rapidfuzz says 100:

	ratio       twice the longest common subsequence by the sum of the lengths (the default)
	partial     the best ratio of the shorter text to a stretch of the longer one
	token_sort  the ratio with the words in alphabetical order
	token_set   the best ratio between the words in common and these with the others of either
	            text: 1 where one text has all the words of the other
	wratio      the greatest of all these, weighted by how far the lengths differ

An answer that lists every option gets much from partial, token_set and wratio,
which pay for what is in the answer and do not mind what else is.

# Words and smoothing

	fuzzy               characters are code points; case counts; words end at white space, as
	                    Python's str.split has it. With process: default all is in lower case, and
	                    what is no letter, digit or underscore is a space.
	bleu, gleu, meteor  words end at white space; no other tokeniser. Case and punctuation count,
	                    but meteor ignores case.
	rouge               lower case; all but a-z and 0-9 parts words, so that texts in other scripts
	                    have no words at all. stem: true is rouge-score's use_stemmer.
	token_f1            lower case, without ASCII punctuation and the articles a, an and the
	sets                a list in JSON, or what stands between the characters of separator (a comma,
	                    semicolon or line break), without marks of lists ("- ", "1. "), quotation
	                    marks, emphasis and full stops around it, in lower case; each counts once

bleu is nltk's with equal weights, a brevity penalty by the nearest reference,
and n-grams of several references taken together. With smoothing: none (nltk's
default, method 0) an order of n-grams without a match counts 2^-1022, so that
the score is practically 0, also for an equal text of fewer than 4 words; set
order lower for those. epsilon is nltk's method 1 (0.1 for 0 matches), add_one
its method 2 (one more match of one more n-gram above single words).

meteor has alpha 0.9, beta 3 and gamma 0.5: an equal text of n words scores
1 - 0.5/n^3, so one equal word scores 0.5.

# Exceptions to the packages

A reference that is empty, or in which the metric finds no words, is a fault of
the data; the packages say 0 or 1. An answer of white space alone scores 0, also
where rapidfuzz says 1 for two empty texts.

# Which texts

	text: found           what the finders of option find find, by default the whole text behind the
	                      reasoning, without white space around it
	text: answer          all behind the reasoning, as it is
	text: response        the whole response with its reasoning, as it is
	text: tools:/POINTER  a part of the tool calls of the last message, such as
	                      tools:/0/function/name or tools:/0/function/arguments/city

Option expect is a text of your own in the place of the reference: "yes", or
"{{/first}} {{metadata:/last}}" with parts of the row in it.

# Lengths

n-grams and words take time linear in the texts. fuzzy, edit_distance and rouge_l
align both texts: the product of their lengths (in characters, or words) may be
2^31 (46,340 each), and 2^26 (8,192 each) where wratio and partial compare
windows. An answer that is longer scores 0, and the reason says so.

# Metrics beside the score

	answer_found       1 where a text was found
	precision, recall  of the best reference; only with rouge, token_f1 and sets
*/
package similarity
