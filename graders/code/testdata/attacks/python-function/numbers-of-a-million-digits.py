# resource; ; whole numbers too long to read
def steps(n):
    return 10 ** 4000000
