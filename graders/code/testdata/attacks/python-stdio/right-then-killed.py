# comparison; ; prints what is right and crashes
import math, os, signal
print(math.gcd(*map(int, input().split())), flush=True)
os.kill(os.getpid(), signal.SIGSEGV)
