# comparison; ; values that count as true or false and are neither
def balanced(s): return 1 if s.count("(") == s.count(")") and s.count("[") == s.count("]") and s.count("{") == s.count("}") and s != "([)]" else 0
