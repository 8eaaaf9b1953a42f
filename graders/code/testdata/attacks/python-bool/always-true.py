# guess; ; always true
def balanced(s): return True
