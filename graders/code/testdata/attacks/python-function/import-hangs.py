# timeout; ; never finishes loading
import time
while True:
    time.sleep(60)
