"""What crosses by more than its text: values of the standard library, and objects
of the tests' own plain classes.

A date is made anew on the other side, from its text or its numbers. Objects of a
class that the prompt or the setup of the tests defines are made anew from what they
hold, all that hang together at once: a linked list, a tree. There the class is the
candidate's, if it has one of that name, or else made from the text of the tests.
"""

import ast
import datetime

import rft_values as values
from rft_values import Uncrossable

# At most so many objects hang together, and so long is a range.
_MOST = 100000

_TIMES = (datetime.date, datetime.datetime, datetime.time)


def expression(v):
    """Returns the text of an expression that makes a value of the standard library in
    another process, or None."""
    t = type(v)
    if t in _TIMES:
        if t is not datetime.date and v.tzinfo is not None and type(v.tzinfo) is not datetime.timezone:
            return None
        return "__import__('datetime').%s.fromisoformat(%r)" % (t.__name__, v.isoformat())
    if t is datetime.timedelta:
        return "__import__('datetime').timedelta(%d, %d, %d)" % (v.days, v.seconds, v.microseconds)
    if t.__module__ == "uuid" and t.__name__ == "UUID":
        return "__import__('uuid').UUID(%r)" % str(v)
    return None


# Types of the standard library whose values come back as what they are, and their modules.
_MODULES = {"date": "datetime", "datetime": "datetime", "time": "datetime", "timedelta": "datetime", "UUID": "uuid", "deque": "collections", "range": "builtins"}


def rebuilt(candidate, name, h):
    """What an object of the candidate is worth to the tests, as a value of the standard
    library, or None where it is none."""
    def get(entry, of=h):
        return candidate.channel.ask(op="get", h=of, entry=entry).get("value")

    cls = get("__class__")
    if type(cls) is not dict or type(cls.get("h")) is not int or get("__module__", cls["h"]) != _MODULES[name]:
        return None
    try:
        if name == "deque":
            held = candidate.channel.ask(op="method", h=candidate.handle("__builtins__"), entry="list", args=[{"$o": name, "h": h}]).get("value")
            most = get("maxlen")
            if type(held) is not list or not (most is None or type(most) is int):
                return None
            import collections
            return collections.deque(candidate.read(held), most)
        if name == "range":
            found = range(*map(_whole, map(get, ("start", "stop", "step"))))
            return found if not found[_MOST:] else None
        if name == "timedelta":
            return datetime.timedelta(*map(_whole, map(get, ("days", "seconds", "microseconds"))))
        text = candidate.channel.ask(op="method", h=h, entry="__str__" if name == "UUID" else "isoformat", args=[]).get("value")
        if type(text) is not str or len(text) > 100:
            return None
        if name == "UUID":
            import uuid
            return uuid.UUID(text)
        return getattr(datetime, name).fromisoformat(text)
    except (ValueError, OverflowError, MemoryError):
        return None


def _whole(x):
    if type(x) is not int:
        raise ValueError
    return x


_MAKE = """
def make(rows, given, texts):
    space = {}
    for name, text in texts.items():
        if name not in given:
            exec(text, space)
            given[name] = space[name]
    made = [object.__new__(given[name]) for name, _ in rows]
    def read(v):
        kind, v = v
        if kind == "r":
            return made[v]
        if kind == "l":
            return [read(x) for x in v]
        if kind == "t":
            return tuple([read(x) for x in v])
        if kind == "m":
            return {read(k): read(x) for k, x in v}
        return v
    for one, (_, held) in zip(made, rows):
        for name, v in held:
            object.__setattr__(one, name, read(v))
    return made.__getitem__
"""

_TELL = """
def tell(get, count):
    made = [get(i) for i in range(count)]
    index = {id(one): i for i, one in enumerate(made)}
    def told(v, depth=0):
        if id(v) in index:
            return ("r", index[id(v)])
        if depth < 50 and type(v) in (list, tuple):
            return ("l" if type(v) is list else "t", [told(x, depth + 1) for x in v])
        if depth < 50 and type(v) is dict:
            return ("m", [(told(k, depth + 1), told(x, depth + 1)) for k, x in v.items()])
        return ("d", v)
    return [[(name, told(v)) for name, v in vars(one).items()] for one in made]
"""


class Plain:
    """The classes of the tests whose objects cross, and how."""

    def __init__(self, candidate, namespace, names, text):
        self.candidate, self.names = candidate, names
        self.classes = {}  # class -> name
        self.texts = {}
        for node in ast.parse(text).body:
            if isinstance(node, ast.ClassDef):
                cls = namespace.get(node.name)
                if type(cls) is type and cls.__bases__ == (object,) and "__slots__" not in cls.__dict__:
                    self.classes[cls] = node.name
                    self.texts[node.name] = ast.unparse(node)

    def sent(self, v, crossed):
        """The tagged form of an object; crossed has those of the same call, or where
        they are to be had."""
        if id(v) not in crossed:
            self._send(v, crossed)
        found = crossed[id(v)]
        if type(found) is tuple:
            list_, i = found
            found = crossed[id(v)] = self._object(op="method", h=list_, entry="__call__", args=[i])
        return found

    def _object(self, **operation):
        found = self.candidate.channel.ask(**operation).get("value")
        if type(found) is not dict or type(found.get("h")) is not int:
            self.candidate.malformed("the candidate's side did not take an object of the tests")
        return found

    def _send(self, v, crossed):
        order, index = [v], {id(v): 0}

        def told(x, depth=0):
            t = type(x)
            if t in self.classes:
                if id(x) not in index:
                    if len(order) >= _MOST:
                        raise Uncrossable("an argument holds too many objects")
                    index[id(x)] = len(order)
                    order.append(x)
                return ("r", index[id(x)])
            if depth > 50:
                raise Uncrossable("an argument is nested too deep")
            if t is list or t is tuple:
                return ("l" if t is list else "t", [told(y, depth + 1) for y in x])
            if t is dict:
                return ("m", [(told(k, depth + 1), told(y, depth + 1)) for k, y in x.items()])
            return ("d", values.encode(x, self.candidate.handle_of))

        rows = []
        for x in order:
            rows.append((self.classes[type(x)], [(name, told(y)) for name, y in vars(x).items()]))
        used = {name for name, _ in rows}
        given = {name: {"$o": "type", "h": self.candidate.handle(name)} for name in used if self.names.get(name) == "class"}
        make = self.candidate.made("(lambda space: (exec(%r, space), space['make'])[1])({})" % _MAKE)
        made = self._object(op="method", h=make["h"], entry="__call__", args=[rows, given, {n: self.texts[n] for n in used}])
        for i, x in enumerate(order):
            crossed.setdefault(id(x), (made["h"], i))
        crossed.setdefault(None, []).append((made, order))

    def changed(self, crossed):
        """Makes the objects of a call that gave nothing what the call left of them."""
        for made, order in crossed.get(None, ()):
            tell = self.candidate.made("(lambda space: (exec(%r, space), space['tell'])[1])({})" % _TELL)
            left = self.candidate.value(self.candidate.channel.ask(op="method", h=tell["h"], entry="__call__", args=[made, len(order)]))

            def read(v):
                kind, v = v
                if kind == "r":
                    return order[v]
                if kind == "l":
                    return [read(x) for x in v]
                if kind == "t":
                    return tuple([read(x) for x in v])
                if kind == "m":
                    return {read(k): read(x) for k, x in v}
                return v

            try:
                held = [{name: read(v) for name, v in one} for one in left]
                for x, now in zip(order, held, strict=True):
                    vars(x).clear()
                    vars(x).update(now)
            except (TypeError, ValueError, IndexError, RecursionError):
                self.candidate.malformed("the candidate's side did not tell what it left of an object of the tests")
