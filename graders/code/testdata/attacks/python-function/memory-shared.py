# resource; alive survivors; takes shared memory in many children
import mmap, os, time
def steps(n):
    held = []
    for i in range(8):
        m = mmap.mmap(-1, 64 << 20)
        held.append(m)
        if os.fork() == 0:
            m.write(b"x" * (64 << 20))
            time.sleep(600)
    time.sleep(600)
