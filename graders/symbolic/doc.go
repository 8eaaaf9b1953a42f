/*
Package symbolic gives the kind symbolic.

Symbolic compares the mathematical answer of a response with the reference.
The score is 1 where both are equal as mathematics, however they are written,
and 0 where they are not, where there is no answer, and where the answer cannot
be read. The packages below it do the work: equal decides, and equal/mathexpr reads.

# What is read

LaTeX, Unicode and plain text, also damaged (a lost backslash, a tab for \t,
backslashes that were doubled, a brace that is never closed):

	numbers       1,234   1{,}234   1\,234   .5   1.5e-3   3\frac12   ½   0.\overline{3}   0.333...
	              1011_2   twenty-one   3.5 million
	expressions   \frac{a}{b}   2ab^2   \sqrt[3]{x}   \log_2 8   \sin^2 x   n!   \binom{n}{k}
	              |x|   \lfloor x\rfloor   e^{i\pi}
	operators     \sum_{k=1}^n k   \prod   \int_0^1 x\,dx   \lim_{x\to0}   \frac{d}{dx}
	relations     y = 2x+3   x \ge 2   1 < x \le 4   x \ne 0   x \in [0,1)   x \equiv 3 \pmod 7
	collections   1, 2   \{1,2\}   (1,2)   x=1, y=2   \pm 3   (-\infty,2)\cup[3,5]   \{x \mid x>1\}
	              matrices and vectors
	quantities    5\text{ cm}   36 km/h   90^\circ   \$1.50   12.5\%   3:4   4:30 p.m.
	others        choice letters, words, phrases such as "no solution"

Nothing of it is ever executed.

# What is equal

	1/2 = 0.5 = 50%             numbers are compared exactly, never as floating point: 2^1000 is not 2^1000+1
	7.33 for 22/3               a reference with a decimal point counts with the precision it is written with
	5 m = 500 cm                units convert; a unit that only one side has is dropped; 5 apples are not 5 oranges
	y = 2x+3 and 2x-y+3 = 0     equations with the same solutions, up to a factor or solved for a variable
	(0,1), 0<x<1, {x | 0<x<1}   sets of real numbers in any notation
	1, 2 and {2, 1}             the order counts in brackets only
	x = 5 and 5                 a name before a value says nothing; y = 5 is not x = 5
	f(t) = t^2 and f(x) = x^2   bound names are free; f^{-1} and f' are other functions than f
	2k+1 and 2n-1, n \in Z      families of whole numbers have the same members
	(0, \pm 5)                  two points; (\pm 1, \pm 2) is four
	\ln|x|+C for \ln x+C        a larger domain is right, as books and programs differ; a
	                            smaller one, \ln x+C for \ln|x|+C, is not

These are equal to nothing that is right: two answers ("5 or 6"), several boxes
that disagree with the reference as a list, a chain that contradicts itself
(5 = 6), an answer that is taken back ("not B", "5 is wrong"), words that change
a value ("5 squared"), a relation that is turned round (B \subset A for A \subset B,
\vec{QP} for \vec{PQ}), a pair for the one value in it, contraries of a unit.

# Where the answer is looked for

Option find lists the places, and the first that holds something counts. By
default they are <answer> tags, the last \boxed{} (with the boxes before it, where
only a comma or "and" stands between), the text behind ####, words such as "the
answer is", and the whole text. In a sentence the last formula or number counts,
unless the sentence asks for it, denies it ("is not 5", also before a box), bounds it ("less
than 5"), lists it ("one of 3, 4, 5") or the text doubts it ("I am not sure");
allow_last_number: false forbids it, and find: [boxed] wants a box.
A box, a tag, #### or a marker counts for nothing if the text behind it gives another value
that is not right as well: in a correction ("wait, it's 4", "let me recount. ... So x = 4"),
as an alternative ("Or 19"), as likelier ("though 6 is more likely"), as a conclusion
("therefore, x = 6", "so the final count is 19"), or in a statement that says nothing
but what the answer is ("Answer: 6"). Numbers of the story, of a check or of a case that
is turned down are no such values, nor are the values of other letters. A box that is
given as an example of the form, as a mistake, or as what others may say is no answer.
Reasoning in <think> and the like is removed before the search. A response has
one answer: no second place is tried because the first was wrong.

A reference that is a whole solution counts with its last box or with what stands
behind its ####. A list of references needs the option reference: "", and one of
them must be met.

# What cannot be decided

The verdict is equal, different, undecided or unparsed, and the reason says why.
Undecided scores the option undecided, 0 by default, and counts in the metric
undecided; unparsed counts in the metric unparsed, and found in the metric found.
A reference that cannot be read is a fault of the data.

# Tolerance

By default an answer must be exact where the reference is: 6.9999 is not 7, and
3.14 is not \pi. It may be rounded in these cases: the reference has a decimal
point and two significant digits or more, and the answer has more digits or none
(\frac{22}{3} for 7.33); the reference is a fraction that does not end, and the
answer has four digits or more, rightly rounded (7.333 for \frac{22}{3}); the
reference is irrational, and the answer has twelve digits or more. Who writes that
many has computed the value, and what a program prints counts as such; fewer can
be remembered or guessed, and a reference such as \pi asks for the exact value.
Where the reference itself is 3.14159, \pi is right.
Digits must be rounded or cut rightly: 0.9999999 is not 1. With tolerance.abs or
tolerance.rel, that distance counts instead.

# Percent

50\% is 0.5, always. By default (percent: either) the sign may also be left out or
added where it cannot be meant otherwise: 50 for 50\%, and 50\% for 50. A bare
number of at most 1 is a share, so 0.5 is never 0.5\%; one of 10 or more is a
number of percent, so 5000\% is not 50. In between both count: 150\% and 1.5\% for
1.5. References come in both forms, since questions ask "what percent".

# Limits

Of a response without its reasoning the last 128 KiB are searched, for marked
answers only if it is longer. An expression has
at most 32 KiB, 4,096 tokens, 4,096 digits in a number and some
thousand brackets inside each other; a list that is compared has at most 64
values. A decision takes at most 15,000 steps. All limits count work, never time,
so that the same answer always gets the same score.
*/
package symbolic
