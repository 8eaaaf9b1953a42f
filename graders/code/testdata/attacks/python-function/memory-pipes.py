# resource; alive; fills pipes and pairs of sockets with data that nobody reads
import fcntl, os, socket
def steps(n):
    held = []
    while True:
        r, w = os.pipe()
        os.set_blocking(w, False)
        try:
            fcntl.fcntl(w, 1031, 1 << 20)
        except OSError:
            pass
        held.append((r, w))
        try:
            while True:
                os.write(w, b"x" * 65536)
        except OSError:
            pass
        a, b = socket.socketpair()
        a.setblocking(False)
        held.append((a, b))
        try:
            while True:
                a.send(b"x" * 65536)
        except OSError:
            pass
