# comparison; ; digits of other scripts
import math
print("".join(chr(0xff10 + int(c)) for c in str(math.gcd(*map(int, input().split())))))
