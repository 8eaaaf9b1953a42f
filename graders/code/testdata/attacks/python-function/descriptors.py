# resource; alive; opens all descriptors it may, then goes on opening
import os
def steps(n):
    held = []
    while True:
        try:
            held.append(os.open("/dev/null", os.O_RDONLY))
        except OSError:
            pass
