# resource; tmp alive; makes empty files without end
def steps(n):
    i = 0
    while True:
        try:
            open("f%d" % i, "w").close()
        except OSError:
            pass
        i += 1
