# comparison; ; the right digits between characters that cannot be seen
import math
print("\u200b" + "\u200d".join(str(math.gcd(*map(int, input().split())))) + "\ufeff")
