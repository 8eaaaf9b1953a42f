# timeout; ; one regular expression that does not return
import re
def steps(n):
    return re.match(r"(a+)+$", "a" * 64 + "!")
