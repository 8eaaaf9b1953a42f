# resource; alive; takes memory as a file that has no name, unmapped
import os
def steps(n):
    held = []
    block = b"x" * (1 << 20)
    while True:
        fd = os.memfd_create("m")
        held.append(fd)
        for _ in range(64):
            os.write(fd, block)
