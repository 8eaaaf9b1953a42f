/*
Package length gives the kind length.

Length scores how long a text is, or how little of it is repeated. The score is
1 for what is wanted, 0 for what is not, and between them on a ramp. No
reference is read.

Length alone is no quality: put it behind a gate, or take it away from a score
that says more, as in gate(correct, 0.9 + 0.1*brief).

# Modes

range: full marks from min to max (0 for no greatest length). Beside the range
the score falls to 0 over below and above, at once where these are 0:

	d = how far the length is outside the range, w = below or above
	ramp: linear   1 - d/w
	ramp: cosine   (1 + cos(pi * d/w)) / 2

overlong: the soft over-long punishment of DAPO (Q. Yu et al., "DAPO: An
Open-Source LLM Reinforcement Learning System at Scale", 2025, equation 13).
With L the length, Lmax = max and Lcache = cache the penalty is

	0                              where L <= Lmax - Lcache
	((Lmax - Lcache) - L) / Lcache where Lmax - Lcache < L <= Lmax
	-1                             where L > Lmax

The score is 1 + penalty, so that it lies in 0..1 like all scores; the penalty
itself is the metric overlong_penalty. The paper adds the penalty to the
correctness, which is "score: correct + brief - 1" with "range: [-1, 1]". It
has max 20480 and cache 4096, in tokens of the model.

repetition: the share of n-grams that are repeated is 1 less the number of
different n-grams by the number of all. n is the option ngram, and the n-grams
are of words, without case and the punctuation around them, or of characters;
what cannot be seen in them, and their width, makes no difference.
Up to the share allow full marks are paid, from limit on nothing, and between
them a straight line. A text of fewer than n units repeats nothing.

# Which text counts

	text: answer     (default) what stands behind the reasoning
	text: response   the whole response, with the reasoning in it or beside it
	text: reasoning  the reasoning alone: what the trainer sends beside the content
	                 (reasoning_content), else what stands around the answer, without the
	                 marks such as <think>

A rollout without an answer scores 0 whatever text says: an empty one, one of
nothing but reasoning, one whose reasoning never ends, and one without any letter,
digit or symbol beyond ASCII. So does one without reasoning where that is what counts.

# Units

	words       stretches without white space that hold a letter or a digit; a character of
	            Chinese or Japanese is a word of its own
	characters  code points, without white space around the text
	sentences   stretches with a letter or a digit that end at . ! ? … before white space (not
	            behind abbreviations, initials and numbers of items), at 。！？, at an empty
	            line, before an item of a list, and at the end
	tokens      an estimate, without any model's tokeniser: 1 for each 6 Latin letters of a
	            word begun, 3 digits, 2 letters of other alphabets, character of Chinese or
	            Japanese, 4 equal marks, 8 line breaks, and for 16 spaces in a row. It is made for English prose; for
	            code and other languages it is only roughly in proportion.

A greatest number of words or sentences can be kept by leaving out spaces or full
stops; where that matters, count characters or tokens. All take time linear in the text.

# Metrics

	words, characters, sentences or tokens  the length
	overlong_penalty                        from -1 to 0; with mode overlong
	repeated_share                          in the place of the length; with mode repetition
	answer_found                            1 where the text that counts is there
*/
package length
