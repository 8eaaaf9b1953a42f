# comparison; ; overwrites on a terminal what it wrote before
import math
print("99\r%d\b" % math.gcd(*map(int, input().split())), end="")
