# resource; tmp alive; writes files that are deleted and still open
import os
def steps(n):
    held = []
    while True:
        try:
            f = open("f%d" % len(held), "wb", buffering=0)
            os.remove(f.name)
            held.append(f)
            for _ in range(4):
                f.write(b"x" * (1 << 20))
        except OSError:
            pass
