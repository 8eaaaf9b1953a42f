# comparison; ; numbers of other kinds: complex, fractions, decimals, text, bytes, one in a list
from decimal import Decimal
from fractions import Fraction
count = [0]


def steps(n):
    count[0] += 1
    right = 0
    while n != 1:
        n = 3 * n + 1 if n % 2 else n // 2
        right += 1
    return [complex(right), str(right), [right], str(right).encode(), (right,), {right}, {'value': right}, Decimal(right + 1), Fraction(right + 1)][count[0] % 9]
