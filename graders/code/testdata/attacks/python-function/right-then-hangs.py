# timeout; ; right but for the last case, which never ends
def steps(n):
    count, start = 0, n
    while n != 1:
        n = 3 * n + 1 if n % 2 else n // 2
        count += 1
    while start == 6171:
        pass
    return count
