# comparison; ; the right digits as text, and as bytes
def steps(n):
    count = 0
    while n != 1:
        n = 3 * n + 1 if n % 2 else n // 2
        count += 1
    return str(count)
