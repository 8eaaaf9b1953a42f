# comparison; ; text that no encoding can write, NUL, line ends
def steps(n):
    return "\ud800\x00\n\r\u2028" * 10 + str(n)
