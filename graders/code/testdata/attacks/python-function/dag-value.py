# resource; alive; a small graph that is an endless tree when written down
def steps(n):
    x = [0]
    for _ in range(64):
        x = [x, x]
    return x
