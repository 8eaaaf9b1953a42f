# survivor; survivors alive; forks and dies in a chain that is never the same process for long
import os, time
if os.fork() == 0:
    for _ in range(20000):
        try:
            if os.fork():
                os._exit(0)
        except OSError:
            time.sleep(0.001)

def steps(n):
    time.sleep(0.1)
    return 0
