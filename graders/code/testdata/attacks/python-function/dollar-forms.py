# forged-result; ; maps that look like the encoding of other values
def steps(n):
    return [{"$f": "nan"}, {"$o": "int", "h": 0}, {"$n": "0", "k": "int"}, {"$u": 0}][n % 4]
