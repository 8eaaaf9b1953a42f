# early-exit; ; ends inside the first call
import os
def steps(n):
    os._exit(0)
