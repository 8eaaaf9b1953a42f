# forged-result; survivors; each call is answered by several processes, with another number each
import os
def steps(n):
    for more in range(6):
        if os.fork() == 0:
            return more
    return 7
