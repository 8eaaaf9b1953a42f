"""Writes and reads values as package wire has them, in the process of the program
that made them.

Nothing of a program is asked what it is worth: its values are read by the methods of
the builtin types, by names that were bound before it was loaded.
"""
# Names are copied so that a program which replaces a builtin changes its own
# world and not, by accident, the honest half of this one.
from builtins import (
    BaseException, Exception, MemoryError, OverflowError, RecursionError, bool,
    bytearray, bytes, complex, dict, float, frozenset, getattr, hasattr, id, int,
    issubclass, len, list, map, max, memoryview, object, set, str, tuple, type)
import binascii
import sys
from json.encoder import encode_basestring_ascii as quote

DEPTH = 200
to_base64, from_base64 = binascii.b2a_base64, binascii.a2b_base64
set_digits = getattr(sys, "set_int_max_str_digits", lambda n: None)
get_digits = getattr(sys, "get_int_max_str_digits", lambda: 0)
get_recursion, set_recursion = sys.getrecursionlimit, sys.setrecursionlimit
complex_real, complex_imag = complex.real.__get__, complex.imag.__get__
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
            put('{"$b":"' + to_base64(raw, newline=False).decode("ascii") + '"}')
        elif issubclass(t, complex):
            self.spend(40)
            put('{"$c":[' + float_text(complex_real(v)) + "," + float_text(complex_imag(v)) + "]}")
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
        # A module that the program has not loaded cannot be that of its value.
        decimal, fractions, numpy = map(sys.modules.get, ("decimal", "fractions", "numpy"))
        if decimal is not None and issubclass(t, decimal.Decimal):
            return self.number(decimal.Decimal.__str__(v), "Decimal", put)
        if fractions is not None and issubclass(t, fractions.Fraction):
            top, bottom = fractions.Fraction.numerator.__get__(v), fractions.Fraction.denominator.__get__(v)
            return self.number("%d/%d" % (top, bottom), "Fraction", put)
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
        return from_base64(m)
    if k == "$c":
        return complex(read_value(m[0], handles), read_value(m[1], handles))
    if k == "$n":
        if v.get("k") == "Fraction":
            from fractions import Fraction
            return Fraction(m)
        from decimal import Decimal
        return Decimal(m)
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
