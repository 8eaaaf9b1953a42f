/*
Package equal decides whether an answer equals a reference, as mathematics.

There is no computer algebra in it: nothing is simplified, and so nothing can run
away. Both sides are read (package mathexpr), brought to comparable shapes, and
their expressions are compared on a ladder. Each rung either knows the verdict or
leaves it to the next.

# The ladder for two expressions

Before it, operators whose value is known exactly are replaced: traces, derivatives of
elementary functions, integrals of polynomials, limits by substitution, by l'Hopital's rule, of rational functions and of their powers to e, geometric series and
some classics. z is complex where it has bars or a conjugate and x is not there.

 1. The same tree. Layout is gone after reading.
 2. Exact rational numbers, up to a budget of bits: sums, products, powers, exact
    roots, factorials, binomial coefficients, greatest common divisors, finite sums.
    Here a number with a decimal point may count with the precision it was
    written with.
 3. The field of 2^61-1 elements. A rational function of its variables, of pi and
    of e is evaluated at a point that depends on both sides. Where the values differ
    the functions do. That they agree proves nothing by itself: by the lemma of
    Schwartz and Zippel chance does it with probability d/2^61 at degree d, but a
    prime that is known can be aimed at. Numbers too large to be written out are
    compared by their logarithms and modulo three primes derived from both sides.
 4. Samples. Both sides are evaluated with complex numbers in double precision, each
    value with a bound of its error, at nine points and, for variables, at more: all
    combinations of signs, very small values, values beyond every number that is
    written; whole and half numbers for floors and ceilings, and whole numbers for n
    and for variables in factorials and bounds. Without the imaginary unit, variables
    are real: a root of a negative number is no value there, and an answer without a
    value where the reference has one has another domain. Odd roots of negative
    numbers are the real ones.
 5. 200 bits. What agrees in double precision is computed again with errors that are
    bounded: \sqrt{10^{40}+1} is not 10^{20}, and \sin x + 10^{-15} is not \sin x. Sums
    over an index, integrals, limits, undefined functions and complex values are left
    to double precision, but for sums and products of at most 64 terms. Integrals are
    cut into pieces until complex disc arithmetic bounds the error of Gauss's rule, so
    that no peak can hide between its nodes; where it does not, they go by parts.
 6. Parts. What has no value, such as f(x), an infinite sum or an indefinite
    integral, gets one that depends on its parts only, whatever its bound variables
    are called, at points that depend on both sides. So equal parts are equal, and different ones are undecided.

# Shapes

Lists and sets are matched in any order by augmenting paths, tuples in order.
Intervals, inequalities, unions and set-builders become one canonical form: disjoint
intervals in order. An inequality between polynomials, or their quotients, is
compared with a set by proof: Sturm's theorem isolates the roots, and the signs
between them and at them decide. Other inequalities are tried at points that depend
on them. Two equations are the same if a(x)g(p) = g(x)a(p) for a point p, which the
ladder decides, before or after denominators without common zeros are cleared.
Antiderivatives are compared the same way, by f(x)-f(p).
Families with a letter for any whole number are unions of arithmetic progressions,
which are brought to one period and compared by their remainders. Definitions are compared by their values, with parameters renamed. Matrices
are computed entry by entry. Quantities are a factor and powers of base units.
What is ambiguous (1,234 may be two numbers, 0,5 may be one) is read the other way
only when the first reading is not equal.

# Budgets

A decision pays for each node that it evaluates and stops after 15,000: then it is
undecided. Recursion goes no deeper than the tree, whose depth the reader limits.
*/
package equal
