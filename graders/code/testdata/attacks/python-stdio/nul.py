# comparison; ; the right digits, then a NUL and more
import math
print(str(math.gcd(*map(int, input().split()))) + "\0garbage")
