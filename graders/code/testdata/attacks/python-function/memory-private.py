# resource; alive; takes private memory
def steps(n):
    held = []
    while True:
        held.append(bytearray(b"x" * (16 << 20)))
