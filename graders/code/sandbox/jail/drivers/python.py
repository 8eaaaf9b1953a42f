"""Runs one Python program: as a script, or as functions that are called over
two descriptors in the lines of package wire.

The program is hostile and lives in this process. Nothing here is a secret and
nothing here decides: a reply is only ever a value. What the driver uses, it
holds by names of its own, bound before the program is loaded.
"""
# Names are copied so that a program which replaces a builtin changes its own
# world and not, by accident, the honest half of this one.
from builtins import (
    BaseException, EOFError, MemoryError, NameError, OverflowError, RecursionError,
    SyntaxError, SystemExit, ValueError, callable, compile, exec, getattr, hasattr,
    int, isinstance, len, list, memoryview, open, range, setattr, str, type)
import atexit
import json
import os
import sys
import time
import types
from values import Handles, Writer, error_text, get_digits, plain_name, quote, read_value, set_digits

scan = json.JSONDecoder().scan_once
ModuleType = types.ModuleType
os_read, os_write, os_exit = os.read, os.write, os._exit
now = time.monotonic
run_atexit = atexit._run_exitfuncs
own_stdout = sys.stdout


class Job:
    """What to run: a file, or a text of size bytes that comes first on fd."""

    def __init__(self, path, entry="", limit=0, fd=-1, size=0):
        self.path, self.entry, self.fd, self.size = path, entry, fd, size
        self.driver = Driver(entry, limit) if entry else None

    def load(self):
        """Compiles the program; what it raises is a fault of its text."""
        if self.fd >= 0:
            source = os_read(self.fd, self.size) if self.size else b""
            if len(source) < self.size:
                source += read_exactly(self.fd, self.size - len(source))
            if b"random" in source:
                # Every child of a zygote draws other numbers.
                sys.modules["random"].seed()
            if b"inspect" in source or b"traceback" in source:
                # There is no file for those who show a line of it.
                import linecache
                linecache.cache["main.py"] = (lambda: source.decode("utf-8", "replace"),)
        else:
            with open(self.path, "rb") as f:
                source = f.read()
        return compile(source, "main.py", "exec", 0, True)


def read_exactly(fd, size):
    data = b""
    while len(data) < size:
        more = os_read(fd, size - len(data))
        if not more:
            raise EOFError
        data += more
    return data


def new_module(name):
    """Makes a module for a program, and puts the interpreter's own out of its way."""
    module = ModuleType(name)
    module.__builtins__ = sys.modules["builtins"]
    # Either name finds the program, and none of them the driver.
    sys.modules["__main__"] = sys.modules[name] = module
    sys.argv[:] = ["main.py"]
    for own in ("python", "values"):
        sys.modules.pop(own, None)
    return module


def module_for(path, name):
    """Returns the program's module. Functions are called as of one that was imported:
    what stands behind a guard on "__main__" is not theirs."""
    module = ready if ready is not None and name == "main" else new_module(name)
    module.__file__ = path
    # The folder of the drivers makes room for the program's own.
    sys.path[0] = path[:path.rindex("/")]
    return module


ready = None  # the module of a program whose functions are called, in a zygote


class Driver:
    def __init__(self, entry, limit):
        self.entry = entry
        self.handles = Handles() if entry == "*" else None
        self.writer = Writer(limit, self.handles)
        self.module = self.names = None

    def find(self, name):
        """Finds what a name means: a function, Solution.f, or f in class Solution."""
        names = self.names
        if name in names:
            return names[name]
        first, dot, rest = name.partition(".")
        if dot and first in names:
            owner = names[first]
            if isinstance(owner, type):
                owner = self.instance(owner)
            return getattr(owner, rest)
        if "Solution" in names and hasattr(names["Solution"], name):
            return getattr(self.instance(names["Solution"]), name)
        raise NameError("no function of that name")

    def instance(self, cls):
        # Each call gets an object of its own, as such judges do it.
        return cls()

    def defined(self):
        names = {}
        for k, v in list(self.names.items()):
            if type(k) is not str or (k[:2] == "__" and k[-2:] == "__") or type(v) is ModuleType:
                continue
            if isinstance(v, type):
                names[k] = "class"
            elif callable(v):
                names[k] = "function"
            else:
                names[k] = "value"
        return names

    def do(self, m):
        op = m.get("op", "call")
        plain = self.handles is None and not m.get("special")
        args = m.get("args") or []
        kwargs = m.get("kwargs") or {}
        if not plain:
            args = [read_value(a, self.handles) for a in args]
            kwargs = {k: read_value(v, self.handles) for k, v in kwargs.items()}
        if op == "call":
            name = m.get("entry") or self.entry
            if self.handles is not None and m.get("h"):
                value = self.handles.get(m["h"])(*args, **kwargs)
            else:
                value = self.find(name)(*args, **kwargs)
            return value, args
        if self.handles is None:
            raise ValueError("this program only answers calls")
        if op == "await":
            import asyncio
            return asyncio.run(self.handles.get(m["h"])), args
        if op == "names":
            return self.defined(), args
        if op == "new":
            # A plain value stays an object here: "new" always gives a handle.
            return Kept(self.find(m["entry"])(*args, **kwargs)), args
        owner = self.handles.get(m["h"]) if m.get("h") else self.module
        if op == "method":
            return getattr(owner, m["entry"])(*args, **kwargs), args
        if op == "get":
            return getattr(owner, m["entry"]), args
        if op == "set":
            setattr(owner, m["entry"], args[0])
            return None, args
        if op == "isinstance":
            return isinstance(owner, self.find(m["entry"])), args
        raise ValueError("an operation that this driver does not know")

    def answer(self, line):
        m = {}
        try:
            digits = get_digits()
            set_digits(0)
            try:
                m = scan(line.decode("utf-8", "surrogatepass"), 0)[0]
            finally:
                set_digits(digits)
            m["special"] = b'"$' in line
            value, args = self.do(m)
            if type(value) is Kept:
                text = '{"$o":%s,"h":%d}' % (quote(plain_name(type(value.object))), self.handles.keep(value.object))
            else:
                text = self.writer.write(value)
            result = '"value":' + text
            if m.get("echo"):
                result += ',"args":' + self.writer.write(args)
        except BaseException as e:
            result = '"error":' + error_text(e)
            if self.handles is not None and m.get("held"):
                result = result[:-1] + ',"h":%d}' % self.handles.keep(e)
            e = None
        flush()
        return head(m) + result + "}\n"

    def serve(self, job, fd_in, fd_out, status=-1, bell=-1):
        """Loads the program, says so, and answers until the other side closes. Where there
        is a bell nobody listens for a reply: it is rung before this process waits for
        anything, and when the last time was a while ago."""
        code = job.load()
        if status >= 0:
            os_write(status, b"L\n")
        module = module_for(job.path, "main")
        self.module, self.names = module, module.__dict__
        failed = None
        try:
            exec(code, self.names)
        except BaseException as e:
            failed = error_text(e)
            e = None
        del code
        pending, unheard, due = b"", 0, now() + LATE
        while True:
            end = pending.find(b"\n")
            while end < 0:
                if unheard:
                    os_write(bell, b"\n")
                    unheard = 0
                chunk = os_read(fd_in, 1 << 16)
                if not chunk:
                    return
                start = len(pending)
                pending += chunk
                end = pending.find(b"\n", start)
            line, pending = pending[:end], pending[end + 1:]
            if failed is None:
                reply = self.answer(line)
            else:
                m = scan(line.decode("utf-8", "surrogatepass"), 0)[0]
                reply = head(m) + '"error":' + failed + "}\n"
            reply = reply.encode("ascii")
            if bell < 0:
                write_all(fd_out, reply)
                continue
            if unheard + len(reply) <= HOLDS:
                write_all(fd_out, reply)
                unheard += len(reply)
            else:
                # The pipe takes no more before it is read.
                for start in range(0, len(reply), HOLDS):
                    part = reply[start:start + HOLDS]
                    os_write(bell, b"\n")
                    write_all(fd_out, part)
                    unheard = len(part)
            if now() >= due:
                os_write(bell, b"\n")
                unheard, due = 0, now() + LATE


LATE = 0.001       # seconds after which a reply is told of
HOLDS = 1 << 15    # bytes that are written without anybody listening


def head(m):
    """The beginning of a reply repeats what the call said of itself."""
    number, nonce = m.get("id"), m.get("nonce")
    return '{"id":%s,"nonce":%s,' % (
        int.__repr__(number) if type(number) is int else "null",
        quote(nonce) if type(nonce) is str else "null")


def flush():
    """Lets what the program printed come before the reply."""
    try:
        own_stdout.flush()
        if sys.stdout is not own_stdout:
            sys.stdout.flush()
    except BaseException:
        pass


class Kept:
    def __init__(self, v):
        self.object = v


def write_all(fd, data):
    data = memoryview(data)
    while data:
        data = data[os_write(fd, data):]


def syntax_fault(e, status):
    """Says on the status descriptor, before any of the program ran, that its
    text is no program."""
    os_write(status, b"S\n")
    try:
        sys.excepthook(type(e), e, None)
        sys.stderr.flush()
    except BaseException:
        pass


def run_script(job, status):
    """Runs a program as the interpreter would, and returns its exit status."""
    try:
        code = job.load()
    except (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError) as e:
        syntax_fault(e, status)
        return 1
    os_write(status, b"L\n")
    os.close(status)
    module = module_for(job.path, "__main__")
    result = 0
    try:
        exec(code, module.__dict__)
    except SystemExit as e:
        result = exit_status(e.code)
    except BaseException as e:
        result = 1
        try:
            sys.excepthook(type(e), e, e.__traceback__ and e.__traceback__.tb_next)
        except BaseException:
            pass
    return finish(result)


def exit_status(code):
    if code is None:
        return 0
    if isinstance(code, int):
        return int.__index__(code) & 0xFF
    try:
        sys.stderr.write(str(code) + "\n")
    except BaseException:
        pass
    return 1


def finish(result):
    """Does what the interpreter does at its end: joins threads, runs exit
    functions, flushes."""
    try:
        if "threading" in sys.modules:
            sys.modules["threading"]._shutdown()
        run_atexit()
    except BaseException:
        pass
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except BaseException:
            result = result or 120
    return result


def run_calls(job, fd_in, fd_out, status, bell):
    driver = job.driver
    try:
        driver.serve(job, fd_in, fd_out, status, bell)
    except (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError) as e:
        if driver.module is None:
            syntax_fault(e, status)
        return 1
    return finish(0)


warm = None  # the job of a program whose functions are called, in a zygote


def rehearse():
    """Does once what every program needs, for those that are forked from here: what
    the interpreter does the first time it does in pages that they then share."""
    global ready, warm
    source = b"def f(x):\n    return [x, 'x', 1.5]\n"
    line = b'{"id":1,"nonce":"n","args":[[1, "x", 1.5]]}\n'
    job = Job("/main.py", "f", 1 << 20, 0, len(source))
    for _ in range(16):
        ready = new_module("main")
        (fd_in, calls), (replies, fd_out) = os.pipe(), os.pipe()
        os_write(calls, source + line * 8)
        os.close(calls)
        job.fd = fd_in
        job.driver.serve(job, fd_in, fd_out)
        for fd in (fd_in, replies, fd_out):
            os.close(fd)
    ready = new_module("main")
    job.driver.module = job.driver.names = None
    job.fd, warm = 3, job


def run(path, entry, limit, size, bell):
    """Runs, in a child of a zygote, the text of size bytes that comes first on what
    the program reads."""
    job = warm
    if not entry or entry == "*":
        job = Job(path, entry, limit, 3 if entry else 0, size)
    else:
        job.path, job.size, job.driver.entry, job.driver.writer.limit = path, size, entry, limit
    if entry:
        start(job, 4, 3, 4, bell)
    else:
        sys.modules.pop("main", None)
        start(job, 3, -1, -1)


def start(job, status, fd_in, fd_out, bell=-1):
    """Runs a program in this process, which ends with it. The status descriptor is
    told first, in a line, whether the text is a program; that of calls is their
    output."""
    result = 1
    try:
        if job.entry:
            result = run_calls(job, fd_in, fd_out, status, bell)
        else:
            result = run_script(job, status)
    except BaseException as e:
        # The driver itself could not go on.
        try:
            sys.excepthook(type(e), e, e.__traceback__)
            sys.stderr.flush()
        except BaseException:
            pass
    finally:
        os_exit(result)


def main(argv):
    mode = argv[1]
    if mode == "run":
        start(Job(argv[2]), 3, -1, -1)
    elif mode == "call":
        start(Job(argv[2], argv[3], int(argv[4])), 4, 3, 4, int(argv[5]) if len(argv) > 5 else -1)


if __name__ == "__main__":
    # The driver must not be the program's __main__, whose names are its own.
    import python as driver
    driver.main(list(sys.argv))
