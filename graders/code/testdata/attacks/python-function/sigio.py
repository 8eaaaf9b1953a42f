# host-harm; alive; has the kernel signal the parent when a pipe is read
import fcntl, os
r, w = os.pipe()
for owner in (os.getppid(), -os.getppid()):
    try:
        fcntl.fcntl(r, 10, 9)  # F_SETSIG: SIGKILL
        fcntl.fcntl(r, fcntl.F_SETOWN, owner)
        fcntl.fcntl(r, fcntl.F_SETFL, os.O_ASYNC)
        os.write(w, b"x")
    except OSError:
        pass

def steps(n):
    return 0
