# timeout; survivors; lifts its own limits and leaves its time to children that are young
import os, resource, time
def steps(n):
    for what in (resource.RLIMIT_CPU, resource.RLIMIT_DATA, resource.RLIMIT_NPROC):
        try:
            resource.setrlimit(what, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        except (OSError, ValueError):
            pass
    while True:
        end = time.process_time() + 0.05
        while time.process_time() < end:
            pass
        try:
            if os.fork():
                os._exit(0)
        except OSError:
            pass
