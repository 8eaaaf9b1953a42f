# resource; tmp alive; a file of a terabyte that takes no room, then allocates it
import os
def steps(n):
    fd = os.open("sparse", os.O_CREAT | os.O_RDWR)
    for size in (1 << 40, 1 << 34, 1 << 31):
        try:
            os.ftruncate(fd, size)
            os.posix_fallocate(fd, 0, size)
        except OSError:
            pass
    return -1
