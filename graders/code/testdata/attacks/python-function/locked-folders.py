# host-harm; tmp alive; folders without permissions, very deep, with names of all bytes
import os
def steps(n):
    top = os.getcwd()
    try:
        os.makedirs("locked/in")
        os.chmod("locked/in", 0)
        os.chmod("locked", 0)
        os.mkdir(b"\xff\n\t name")
        for i in range(400):
            os.mkdir("d" * 200)
            os.chdir("d" * 200)
        os.chdir(top)
        os.chmod(".", 0)
    except OSError:
        pass
    return -1
