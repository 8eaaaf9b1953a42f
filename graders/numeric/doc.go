/*
Package numeric gives the kind numeric.

Numeric compares the number in the answer with the number in the reference. The
score is 1 where they are equal and 0 where they are not, where there is no
answer, and where the answer is not one plain number. Option partial gives
credit between.

# What counts as a number

Numbers are read as people and models write them:

	18   -7   −7   +3   007   .5   5.   1,000   1 000   1'000   1_000   12,34,567
	1e5   1.5E-3   1.5 × 10^3   1.5x10**3   10^5   10⁵   6.02\times10^{23}
	3/4   ¾   \frac{3}{4}   \frac34   1 1/2   1½   1\frac{1}{2}   0.\overline{3}   0.333...
	50%   50\%   50 percent   $18   18 dollars   €5   5 EUR   Rs. 500   $1.2M   1.2k
	5 cm   5\text{ cm}   60 km/h   25 cm^2   72°   three dozen   3.5 million   5 Mio   5万
	5 twelfths   5 millionths   5‰   5 ppm   5 basis points   18 (eighteen)   → 18   18 ✓
	twenty-one thousand   a hundred and five   three point one four   two thirds   one and a half
	x = 18   Total: $18   about 18   ≈ 18   (18)   **18**   $18$   \(18\)   \boxed{18}
	digits of every script: １８   ١٨   १८

Numbers are compared exactly, never as floating point: 1e-20 is not 1e-21, and
1e999999999 costs as much as 1. Whatever multiplies or divides the number is part
of it: "3 dozen" is 36, "5 twelfths" is 5/12, "5‰" is 0.005, "$5 m" is five
million. Billion and the like are of the short scale.

These are not one plain number and score 0, whatever the reference:

	5 or 6   5, 6   5-6   5 ± 1   5 = 6   3 + 4 = 7   2 × 9   not 5   5, not 6   at least 5
	5x   5π   \sqrt{25}   5!   2^10   1011_2   3:45   3 p.m.   1.2.3   0x1F   NaN   5...
	5 quarters   5 score   5 gross   5 grand   5 bps   5 fifth   5K   5 Tausend   5-ish   5 and up
	minus: 5   It can't be: 5   5 (negative)   5 in percent   5ではない

Two numbers in one answer never count, even where one is the right one. An
answer of more than 16 KiB, a number of more than 4,000 digits or an exponent of
ten beyond 1e15 is not read. At most 12 words may stand beside the number. (5)
is 5, not a debt of 5.

# Where the answer is looked for

Option find lists the places, and the first that holds something counts. By
default they are the last \boxed{}, the text after the last ####, <answer> tags,
words such as "the answer is", and else the whole text, which must then be a
bare number. Where every answer has to stand in one place, name that place
alone. last_number takes any last number for the answer, and rewards a model
that never says which number is its answer.

# Tolerance

By default numbers must be equal. Of several tolerances one is enough:

	abs     |answer - reference| <= abs
	rel     |answer - reference| <= rel * |reference|, and so nothing but 0 for a reference of 0
	digits  both are the same when rounded to so many significant digits (halves away from zero)

# Percent signs and units

A percent sign has one meaning for all rollouts, so that no answer that is wrong
by a factor of 100 passes. With percent: ignore (the default) the sign is
dropped like a unit, and 20% equals 20. With percent: hundredth, 20% is 0.2. With
percent: exact, 20% equals nothing but 20%. Percentage points, a name in front
("percentage: 20"), and pour cent, por ciento and Prozent count as the sign. Per
mille and parts per million are fractions whatever the option says.

With units: ignore (the default) what is said beside the number is dropped. With
units: require it must be the same as in the reference, after common spellings are
brought together: "km per hour" and km/h, dollars and $, apples and apple. Units
are never converted, and 20 cents is 20.

# Faults of the data

A reference that is missing, or that is not one plain number by the same rules,
is a fault of the data and no score. A reference that is a JSON number is read
with a decimal point, whatever option decimal says.

# Metrics

	answer_found    1 where a place of find held an answer
	number_read     1 where that answer was one plain number
	relative_error  |answer - reference| / |reference|, at most 1, and 1 where nothing was read;
	                only with partial
*/
package numeric
