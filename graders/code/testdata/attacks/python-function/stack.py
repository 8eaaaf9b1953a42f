# resource; alive; overflows the stack of the interpreter and of the C code below it
import sys, threading
sys.setrecursionlimit(1 << 30)
def steps(n):
    x = []
    for _ in range(10 ** 6):
        x = [x]
    repr(x)
    return steps(n)
