# timeout; survivors; blocks every signal and uses its time
import signal
signal.pthread_sigmask(signal.SIG_BLOCK, range(1, signal.NSIG))
def steps(n):
    while True:
        pass
