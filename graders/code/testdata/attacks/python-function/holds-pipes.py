# survivor; survivors; a child keeps all descriptors open after the parent ended
import os, time
if os.fork() == 0:
    time.sleep(600)
    os._exit(0)
os._exit(0)
