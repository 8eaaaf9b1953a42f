# resource; tmp alive; writes one file without end
def steps(n):
    with open("big", "wb") as f:
        while True:
            f.write(b"x" * (1 << 20))
