# resource; alive; a value that is larger than any budget
def steps(n):
    return "x" * (200 << 20) if n == 1 else [[0] * 1000] * 100000
