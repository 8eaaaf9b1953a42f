# comparison; ; prints what is right and ends with a status that says it failed
import math, sys
print(math.gcd(*map(int, input().split())))
sys.exit(3)
