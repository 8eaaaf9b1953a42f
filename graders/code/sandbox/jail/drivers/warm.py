"""Starts a zygote. The drivers are compiled in a process of their own, whose memory
goes with it: what a compiler leaves behind would be copied at every fork."""
import marshal
import os
import sys


def compiled(path):
    """Returns the code of a file."""
    ours, theirs = os.pipe()
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            with open(path, "rb") as f:
                code = compile(f.read(), path, "exec", 0, True)
            with open(theirs, "wb") as out:
                marshal.dump(code, out)
            status = 0
        finally:
            os._exit(status)
    os.close(theirs)
    with open(ours, "rb") as made:
        data = made.read()
    os.waitpid(pid, 0)
    return marshal.loads(data)


def module(name):
    made = type(sys)(name)
    made.__file__ = sys.path[0] + "/" + name + ".py"
    exec(compiled(made.__file__), made.__dict__)
    return made


sys.modules["values"] = module("values")
driver = module("python")
module("zygote").serve(int(sys.argv[2]), driver)
