"""Runs one Python program: as a script, or as functions that are called over
two descriptors in the lines of package wire; or, as a zygote, forks processes
that do so.

The program is hostile and lives in this process. Nothing here is a secret and
nothing here decides: a reply is only ever a value. What the driver uses, it
holds by names of its own, bound before the program is loaded.
"""
# Names are copied so that a program which replaces a builtin changes its own
# world and not, by accident, the honest half of this one.
from builtins import (
    AttributeError, BaseException, ChildProcessError, EOFError, Exception, InterruptedError,
    MemoryError, NameError, OSError, OverflowError, RecursionError, SyntaxError,
    SystemExit, ValueError, bool, bytearray, bytes, callable, compile, complex,
    delattr, dict, exec, float, frozenset, getattr, hasattr, id, int, isinstance,
    issubclass, len, list, map, max, memoryview, min, object, open, range, set,
    setattr, sorted, str, sum, tuple, type, vars, zip)
import atexit
import base64
import binascii
import gc
import json
import linecache
import os
import sys
import types
from decimal import Decimal
from fractions import Fraction
from json.encoder import encode_basestring_ascii as quote

DEPTH = 200
b64encode, b64decode = base64.b64encode, base64.b64decode
scan = json.JSONDecoder().scan_once
ModuleType, FunctionType = types.ModuleType, types.FunctionType
os_read, os_write, os_exit = os.read, os.write, os._exit
set_digits = getattr(sys, "set_int_max_str_digits", lambda n: None)
get_digits = getattr(sys, "get_int_max_str_digits", lambda: 0)
get_recursion, set_recursion = sys.getrecursionlimit, sys.setrecursionlimit
run_atexit = atexit._run_exitfuncs
own_stdout = sys.stdout
complex_real, complex_imag = complex.real.__get__, complex.imag.__get__
fraction_top, fraction_bottom = Fraction.numerator.__get__, Fraction.denominator.__get__
mro_of, name_of = type.__dict__["__mro__"].__get__, type.__dict__["__name__"].__get__


class TooLong(Exception):
    pass


class Writer:
    """Writes values as package wire has them. It reads subclasses of the builtin
    types by the methods of the builtin type, so that a program's own methods are
    not what is asked."""

    def __init__(self, limit, handles=None):
        self.limit, self.handles = limit, handles

    def write(self, value):
        """Returns the text of a value."""
        parts, self.left, self.open = [], self.limit, set()
        digits, depth = get_digits(), get_recursion()
        try:
            set_digits(0)
            set_recursion(max(depth, 5 * DEPTH + 1000))
            self.value(value, parts.append, 0)
            return "".join(parts)
        except TooLong:
            return '{"$x":"long"}'
        except (RecursionError, MemoryError, OverflowError):
            return '{"$x":"deep"}'
        finally:
            set_recursion(depth)
            set_digits(digits)

    def spend(self, size):
        self.left -= size + 1
        if self.left < 0:
            raise TooLong

    def value(self, v, put, depth):
        t = type(v)
        if t is int:
            if v.bit_length() > 4 * self.left:
                raise TooLong
            text = int.__repr__(v)
        elif t is str:
            self.spend(len(v))
            text = quote(v)
        elif v is None:
            text = "null"
        elif v is True:
            text = "true"
        elif v is False:
            text = "false"
        elif t is float:
            text = float_text(v)
        else:
            return self.other(v, t, put, depth)
        self.spend(len(text) if t is not str else 0)
        put(text)

    def other(self, v, t, put, depth):
        if issubclass(t, (list, tuple, dict, set, frozenset)):
            if depth >= DEPTH:
                put('{"$x":"deep"}')
                return
            if id(v) in self.open:
                put('{"$x":"cyclic"}')
                return
            self.open.add(id(v))
            try:
                self.container(v, t, put, depth + 1)
            finally:
                self.open.discard(id(v))
        elif issubclass(t, str):
            self.value(str.__str__(v), put, depth)
        elif issubclass(t, int):
            self.value(int.__index__(v) if t is not bool else v, put, depth)
        elif issubclass(t, float):
            self.value(float.__float__(v), put, depth)
        elif issubclass(t, (bytes, bytearray)):
            raw = memoryview(v).tobytes()
            self.spend(len(raw) * 4 // 3)
            put('{"$b":"' + b64encode(raw).decode("ascii") + '"}')
        elif issubclass(t, complex):
            self.spend(40)
            put('{"$c":[' + float_text(complex_real(v)) + "," + float_text(complex_imag(v)) + "]}")
        elif issubclass(t, Decimal):
            self.number(Decimal.__str__(v), "Decimal", put)
        elif issubclass(t, Fraction):
            self.number("%d/%d" % (fraction_top(v), fraction_bottom(v)), "Fraction", put)
        else:
            self.foreign(v, t, put, depth)

    def number(self, text, kind, put):
        self.spend(len(text) + 20)
        put('{"$n":' + quote(text) + ',"k":"' + kind + '"}')

    def container(self, v, t, put, depth):
        self.spend(2)
        if issubclass(t, list):
            self.members(list.__iter__(v), "[", "]", put, depth)
        elif issubclass(t, tuple):
            self.members(tuple.__iter__(v), '{"$t":[', "]}", put, depth)
        elif issubclass(t, set):
            self.members(set.__iter__(v), '{"$s":[', "]}", put, depth)
        elif issubclass(t, frozenset):
            self.members(frozenset.__iter__(v), '{"$fs":[', "]}", put, depth)
        else:
            items = list(dict.items(v))
            if all_text(items):
                self.fields(items, put, depth)
            else:
                self.pairs(items, put, depth)

    def members(self, members, start, end, put, depth):
        put(start)
        first = True
        for m in members:
            if not first:
                put(",")
            first = False
            self.value(m, put, depth)
        put(end)

    def fields(self, items, put, depth):
        put("{")
        first = True
        for k, m in items:
            if not first:
                put(",")
            first = False
            self.spend(len(k) + 1)
            put(quote(k) + ":")
            self.value(m, put, depth)
        put("}")

    def pairs(self, items, put, depth):
        put('{"$d":[')
        first = True
        for k, m in items:
            put("[" if first else ",[")
            first = False
            self.value(k, put, depth)
            put(",")
            self.value(m, put, depth)
            put("]")
        put("]}")

    def foreign(self, v, t, put, depth):
        numpy = sys.modules.get("numpy")
        if numpy is not None and mro_of(t)[-2:-1] and any_is(mro_of(t), numpy):
            plain = numpy.ndarray.tolist(v) if issubclass(t, numpy.ndarray) else numpy.generic.item(v)
            if type(plain) is not t:
                return self.value(plain, put, depth)
        name = plain_name(t)
        self.spend(len(name) + 20)
        if self.handles is not None:
            put('{"$o":' + quote(name) + ',"h":' + int.__repr__(self.handles.keep(v)) + "}")
        elif hasattr(t, "__next__"):
            put('{"$x":"iterator"}')
        else:
            put('{"$o":' + quote(name) + "}")


def any_is(classes, numpy):
    for c in classes:
        if c is numpy.ndarray or c is numpy.generic:
            return True
    return False


def all_text(items):
    for k, _ in items:
        if type(k) is not str or k[:1] == "$":
            return False
    return True


def float_text(v):
    text = float.__repr__(v)
    if text[-1] in "nf":
        return '{"$f":"' + text + '"}'
    return text if "." in text or "e" in text else text + ".0"


def plain_name(t):
    try:
        return str.__str__(name_of(t))[:100]
    except BaseException:
        return "object"


class Handles:
    """The objects that the other side may ask about, by number."""

    def __init__(self):
        self.objects, self.numbers = {}, {}

    def keep(self, v):
        n = self.numbers.get(id(v))
        if n is None:
            n = len(self.objects) + 1
            self.objects[n], self.numbers[id(v)] = v, n
        return n

    def get(self, n):
        return self.objects[n]


def read_value(v, handles):
    """Makes the values of a decoded line into Python's."""
    if type(v) is list:
        return [read_value(m, handles) for m in v]
    if type(v) is not dict:
        return v
    if len(v) <= 2:
        for k in v:
            if k[:1] == "$":
                return read_special(k, v[k], v, handles)
    return {k: read_value(m, handles) for k, m in v.items()}


def read_special(k, m, v, handles):
    if k == "$f":
        return float(m)
    if k == "$t":
        return tuple([read_value(x, handles) for x in m])
    if k == "$s":
        return {read_value(x, handles) for x in m}
    if k == "$fs":
        return frozenset([read_value(x, handles) for x in m])
    if k == "$d":
        return {read_value(a, handles): read_value(b, handles) for a, b in m}
    if k == "$b":
        return b64decode(m)
    if k == "$c":
        return complex(read_value(m[0], handles), read_value(m[1], handles))
    if k == "$n":
        return Fraction(m) if v.get("k") == "Fraction" else Decimal(m)
    if k == "$u":
        return None
    if k == "$o" and handles is not None and "h" in v:
        return handles.get(v["h"])
    return {a: read_value(b, handles) for a, b in v.items()}


def error_text(e):
    bases = [plain_name(c) for c in mro_of(type(e)) if c is not object][:20]
    try:
        message = str.__str__(str(e))[:2000]
    except BaseException:
        message = ""
    bases = [quote(b) for b in bases]
    return '{"type":' + bases[0] + ',"bases":[' + ",".join(bases) + '],"message":' + quote(message) + "}"


class Job:
    """What to run: a file, or a text of size bytes that comes first on fd."""

    def __init__(self, path, entry="", limit=0, fd=-1, size=0):
        self.path, self.entry, self.fd, self.size = path, entry, fd, size
        self.driver = Driver(entry, limit) if entry else None

    def load(self):
        """Compiles the program; what it raises is a fault of its text."""
        if self.fd >= 0:
            source = read_exactly(self.fd, self.size)
            # There is no file to read for those who show a line of it.
            linecache.cache["main.py"] = (lambda: source.decode("utf-8", "replace"),)
        else:
            with open(self.path, "rb") as f:
                source = f.read()
        return compile(source, "main.py", "exec", 0, True)


def read_exactly(fd, size):
    text = os_read(fd, size) if size else b""
    while len(text) < size:
        more = os_read(fd, size - len(text))
        if not more:
            raise EOFError
        text += more
    return text


def module_for(path, name):
    """Makes the program's module. Functions are called as of one that was imported:
    what stands behind a guard on "__main__" is not theirs."""
    module = ModuleType(name)
    module.__file__ = path
    module.__builtins__ = sys.modules["builtins"]
    # Either name finds the program, and none of them the driver.
    sys.modules["__main__"] = sys.modules[name] = module
    sys.argv[:] = ["main.py"]
    # The folder of the drivers makes room for the program's own.
    sys.path[0] = path[:path.rindex("/")]
    sys.modules.pop("python", None)
    sys.modules.pop("zygote", None)
    return module


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

    def serve(self, job, fd_in, fd_out, loaded):
        """Loads the program and answers until the other side closes."""
        code = job.load()
        loaded()
        module = module_for(job.path, "main")
        self.module, self.names = module, module.__dict__
        failed = None
        try:
            exec(code, self.names)
        except BaseException as e:
            failed = error_text(e)
            e = None
        del code
        pending = b""
        while True:
            end = pending.find(b"\n")
            while end < 0:
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
            write_all(fd_out, reply.encode("ascii"))


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


def run_calls(job, fd_in, fd_out, status):
    driver = job.driver
    try:
        driver.serve(job, fd_in, fd_out, lambda: os_write(status, b"L\n"))
    except (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError) as e:
        if driver.module is None:
            syntax_fault(e, status)
        return 1
    return finish(0)


def rehearse():
    """Does once what every program needs, for those that are forked from here: what
    the interpreter does the first time it does in pages that they then share."""
    text = b"def f(x):\n    return [x, 'x', 1.5]\n"
    line = b'{"id":1,"nonce":"n","args":[[1, "x", 1.5]]}\n'
    (fd_in, calls), (replies, fd_out) = os.pipe(), os.pipe()
    os_write(calls, text + line * 64)
    os.close(calls)
    before = sys.modules["__main__"]
    job = Job("/main.py", "f", 1 << 20, fd_in, len(text))
    job.driver.serve(job, fd_in, fd_out, lambda: None)
    sys.modules["__main__"] = before
    del sys.modules["main"]
    linecache.cache.clear()
    for fd in (fd_in, replies, fd_out):
        os.close(fd)


def start(job, status, fd_in, fd_out):
    """Runs a program in this process, which ends with it. The status descriptor is
    told first, in a line, whether the text is a program; that of calls is their
    output."""
    result = 1
    try:
        if job.entry:
            result = run_calls(job, fd_in, fd_out, status)
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
    if mode == "zygote":
        import zygote
        zygote.serve(int(argv[2]), sys.modules[__name__])
    elif mode == "run":
        start(Job(argv[2]), 3, -1, -1)
    elif mode == "call":
        start(Job(argv[2], argv[3], int(argv[4])), 4, 3, 4)


if __name__ == "__main__":
    # The driver must not be the program's __main__, whose names are its own.
    import python as driver
    driver.main(list(sys.argv))
