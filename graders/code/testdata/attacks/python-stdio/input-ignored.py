# survivor; survivors; never reads, never ends, holds the pipes in a child
import os, time
if os.fork() == 0:
    time.sleep(600)
print(6)
