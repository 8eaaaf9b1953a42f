# guess; ; always false
def balanced(s): return False
