# comparison; ; true for 1 and false for 0, right elsewhere
def steps(n):
    count = 0
    while n != 1:
        n = 3 * n + 1 if n % 2 else n // 2
        count += 1
    return bool(count) if count < 2 else count
