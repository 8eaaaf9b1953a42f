# comparison; ; returns all answers at once, by generator, list and set
def steps(n):
    return list(range(300)) if n % 2 else set(range(300))
