# survivor; survivors canary; leaves session and group, twice, and writes later
import os, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.chdir("/")
        for fd in range(0, 64):
            try:
                os.close(fd)
            except OSError:
                pass
        for _ in range(600):
            time.sleep(0.1)
            try:
                open("/tmp/rh_canary", "w").write("a daemon was here")
            except OSError:
                pass
    os._exit(0)

def steps(n):
    return 0
