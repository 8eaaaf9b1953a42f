# resource; survivors alive; starts threads without end, by the thinnest way
import _thread, time
def steps(n):
    while True:
        try:
            _thread.start_new_thread(time.sleep, (600,))
        except RuntimeError:
            time.sleep(0.001)
