# resource; alive; prints without end during a call
def steps(n):
    while True:
        print("x" * 100000)
