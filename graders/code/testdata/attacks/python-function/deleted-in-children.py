# resource; tmp alive survivors; its children write files that are deleted and still open
import os
def steps(n):
    for _ in range(4):
        if os.fork() == 0:
            held = []
            while True:
                f = os.open("f", os.O_CREAT | os.O_RDWR)
                os.unlink("f")
                held.append(f)
                for _ in range(50):
                    os.write(f, b"x" * (1 << 20))
    while True:
        pass
