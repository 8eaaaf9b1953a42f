# resource; ; a map whose keys all have one hash and compare slowly
class K(str):
    def __hash__(self): return 1
    def __eq__(self, other):
        for _ in range(100): pass
        return self is other

def steps(n):
    return {K(str(i)): i for i in range(3000)}
