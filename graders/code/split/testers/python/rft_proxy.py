"""Stand-ins for what the candidate defines.

The candidate never judges: its objects do not compare, and only objects of
classes that the tests themselves name answer for "in" and for sums with values
of the tests. Everything else that an object answers is data.
"""

import builtins
import os
import sys
import types
import weakref

import rft_callable
import rft_errors
import rft_later
import rft_values as values
from rft_channel import CandidateGone, Refused

# What an object is asked without being told what the tests expect; the answer is data.
_OPEN = "len next getitem setitem delitem call int float index reversed neg pos abs invert round enter".split()
# What hands the object the other side of a sum or a search, which may be what the tests expect.
_NAMED = """contains add sub mul matmul truediv floordiv mod pow lshift rshift and or xor
radd rsub rmul rtruediv rfloordiv rmod rpow rand ror rxor iadd isub imul itruediv ifloordiv imod ior iand ixor""".split()
# What tests ask plain data with a yes or no. An object in the place of data does not
# answer it.
_ANSWERS = set("startswith endswith issubset issuperset isdisjoint is_integer isalnum isalpha isascii isdecimal isdigit isidentifier "
               "islower isnumeric isprintable isspace istitle isupper".split())
# Methods of data that leave nothing, or what they were given, where the data is as wanted.
_REMOVE = set("difference symmetric_difference replace strip lstrip rstrip removeprefix removesuffix".split())
_REPEAT = {"intersection", "union"}
# Sums that are a small known number where the data is as wanted: abs(x - 3) < 0.1.
_MEASURE = {"__%s__" % n for n in "sub rsub truediv rtruediv floordiv rfloordiv mod rmod xor rxor".split()}
_FUNCTIONS = {"function", "method", "builtin_function_or_method", "method-wrapper", "type", "builtin", "functools.partial"}

_HERE = os.path.dirname(os.path.abspath(__file__))
# What tests say that make files.
_SCRATCH = {"tmp_path", "tmpdir", "tmp_path_factory", "tempfile"}
# The modules of values that cross, and the types that come back as what they are.
_CROSSING = ("datetime", "uuid")
_REBUILT = frozenset("date datetime time timedelta UUID deque range".split())


def _crossing():
    """The module rft_crossing, which few tests need."""
    found = sys.modules.get("rft_crossing")
    if found is None:
        sys.path.insert(0, _HERE)
        import rft_crossing as found
        sys.path.remove(_HERE)
    return found


class _Class(type):
    """The class of the proxies' classes."""

    def __call__(cls, *args, **kwargs):
        if cls._rft_candidate is None:
            raise TypeError("an object of the candidate cannot be made like this")
        return cls._rft_candidate.operate("new", args, kwargs, entry=cls._rft_name)

    def __subclasscheck__(cls, other):
        # Which classes of its own derive from which is what the candidate defines.
        if type.__subclasscheck__(cls, other) or cls.__dict__.get("_rft_candidate") is None or type(other) is not _Class or other._rft_candidate is None:
            return type.__subclasscheck__(cls, other)
        return cls._rft_name in cls._rft_candidate.ancestors(other._rft_name)

    def __instancecheck__(cls, thing):
        return type.__instancecheck__(cls, thing) or type(type(thing)) is _Class and cls._rft_named and issubclass(type(thing), cls)

    def __getattr__(cls, name):
        if name.startswith("__") or cls.__dict__.get("_rft_candidate") is None:
            raise AttributeError(name)
        return cls._rft_candidate.member(cls._rft_name, name)

    def __setattr__(cls, name, value):
        if name.startswith("_") or cls._rft_candidate is None:
            return type.__setattr__(cls, name, value)
        candidate = cls._rft_candidate
        candidate.operate("set", (value,), {}, h=candidate.handle(cls._rft_name), entry=name)


class Thing(metaclass=_Class):
    """An object of the candidate, known by its handle."""

    _rft_candidate = None
    _rft_name = "object"
    _rft_named = False
    __slots__ = ("_rft_handle", "__weakref__")

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__()
        if not cls.__dict__.get("_rft_made"):
            base = next(c for c in cls.__mro__ if c.__dict__.get("_rft_made"))
            base._rft_candidate.channel.give_up("the tests derive a class from a class of the solution")

    def __getattr__(self, name):
        if name.startswith("__") and name.endswith("__") and name not in ("__name__", "__dict__", "__doc__"):
            raise AttributeError(name)
        if name in ("_pytestfixturefunction", "pytestmark"):
            raise AttributeError(name)
        if name in _ANSWERS and not self._rft_named:
            _refuse(self, "an object of the candidate was asked for %s: its class is not one that the tests name" % name)
        return self._rft_candidate.attribute(self._handle(), name, not self._rft_named)

    def __setattr__(self, name, value):
        self._rft_candidate.operate("set", (value,), {}, h=self._handle(), entry=name)

    def _handle(self):
        h = object.__getattribute__(self, "_rft_handle")
        if h is None:
            raise TypeError("what the solution returned (%s) is no plain data" % self._rft_name)
        if h[0] != self._rft_candidate.channel.generation:
            self._rft_candidate.channel.condemn(CandidateGone("the object went with the candidate's process"))
        return h[1]

    def __eq__(self, other):
        return _same(self, other)

    def __ne__(self, other):
        return not _same(self, other)

    def _judge(self, *others):
        _refuse(self, "an object of the candidate cannot be compared with itself as judge")

    __lt__ = __le__ = __gt__ = __ge__ = __hash__ = _judge

    def __format__(self, form):
        if form and not self._rft_named:
            self._judge()
        return _text(self._method("__format__", form))

    def __bool__(self):
        if self._rft_named:
            for name in ("__bool__", "__len__"):
                try:
                    return bool(_data(self._method(name)))
                except AttributeError:
                    pass
        return True

    def __repr__(self):
        # A framework that explains a failure does not ask the candidate for words.
        if sys._getframe(1).f_globals.get("__name__", "").partition(".")[0] in ("_pytest", "unittest", "reprlib"):
            return "<an object of the solution's %s>" % self._rft_name
        return _text(self._method("__repr__"))

    def __str__(self):
        return _text(self._method("__str__"))

    def _method(self, name, *args, **kwargs):
        return self._rft_candidate.operate("method", args, kwargs, h=self._handle(), entry=name)

    def __exit__(self, kind, e, trace):
        # An object may swallow what the tests raise for it to swallow, where they
        # name its class: a failed assertion and what the candidate raised is not that.
        given = None
        if self._rft_named and kind is type(e) and getattr(builtins, kind.__name__, None) is kind and issubclass(kind, Exception) \
                and not issubclass(kind, AssertionError) and not getattr(e, "_rft_raised", False) and all(type(a) in (str, int) for a in e.args):
            given = e
        if given is None:
            self._method("__exit__", None, None, None)
            return False
        made = self._rft_candidate.made
        error = values.Made(made("__import__('builtins').%s(*%r)" % (kind.__name__, e.args), again=True))
        return bool(_data(self._method("__exit__", kind, error, None)))

    def __iter__(self):
        try:
            return iter(_plain(self._method("__iter__")))
        except AttributeError:
            raise TypeError("the object of the solution's %s cannot be iterated" % self._rft_name) from None


def _same(a, b):
    if isinstance(b, Thing):
        h = object.__getattribute__(a, "_rft_handle")
        if h is not None and h == object.__getattribute__(b, "_rft_handle"):
            return True
    if b is None:
        return False
    a._judge()


def _refuse(thing, why):
    thing._rft_candidate.channel.condemn(Refused(why))


def _data(v):
    if isinstance(v, Thing):
        raise TypeError("the solution answered with no plain data")
    return v


def _text(v):
    if type(v) is not str:
        raise TypeError("the solution's text is a %s" % type(v).__name__)
    return v


def _plain(v):
    if type(v) in (list, tuple, str, dict, set, frozenset, bytes):
        return v
    if isinstance(v, Thing) and object.__getattribute__(v, "_rft_handle") is not None:
        return _Iterator(v)
    raise TypeError("the solution's iterator is a %s" % type(v).__name__)


class _Iterator:
    def __init__(self, thing):
        self.thing = thing

    def __iter__(self):
        return self

    def __next__(self):
        return self.thing._method("__next__")


def _forward(name, open_to_all):
    def special(self, *args):
        if not open_to_all and not self._rft_named:
            _refuse(self, "an object of the candidate was asked for %s: its class is not one that the tests name" % name)
        try:
            v = self._rft_candidate.operate("method", args, {}, h=self._handle(), entry=name, alien=not self._rft_named)
        except AttributeError:
            if name == "__index__" or name.startswith("__i") and name not in ("__int__", "__invert__") or name.startswith("__r"):
                return NotImplemented
            raise TypeError("the object of the solution's %s has no %s" % (self._rft_name, name)) from None
        if name in ("__len__", "__int__", "__index__"):
            if type(v) is not int:
                raise TypeError("%s of the solution's object is no integer" % name)
        elif name == "__contains__":
            v = bool(_data(v))
        elif name in _MEASURE and type(v) in (int, float) and type(args[0]) in (int, float) and self._rft_handle in self._rft_candidate.answers:
            _refuse(self, "an object that stands for a number was asked how far it is from another one")
        return v
    special.__name__ = name
    return special


for _name in _OPEN + _NAMED:
    type.__setattr__(Thing, "__%s__" % _name, _forward("__%s__" % _name, _name in _OPEN))
type.__setattr__(Thing, "_rft_made", True)


class Candidate:
    """What the tests may ask of the candidate."""

    def __init__(self, channel, tested, judges):
        self.channel = channel
        self.judges = judges  # classes whose objects may be handed values of the tests
        self.tested = tested  # names that the text of the tests holds
        self.classes = {}
        self.made_of = {}
        self.stand_ins = {}
        self.waiting = weakref.WeakKeyDictionary()  # coroutine -> the candidate's own
        self.things = weakref.WeakValueDictionary()  # one object, one stand-in
        self.answers = set()  # handles of what functions and methods gave, of classes that may be handed values
        self.error_types = []
        self.names = None
        self.errors = channel.config.get("errors", False)  # whether the tests look into errors
        self.plain = None  # how objects of the tests' own classes cross
        self.crossed = {}  # those of the call at hand

    def load(self):
        """Asks what the candidate defines. Names that would stand in the place
        of Python's own are not taken, but for the one that is tested."""
        reply = self.channel.ask(op="names")
        found = self.value(reply)
        entry = self.channel.config.get("entry", "")
        self.names = {}
        for name, kind in found.items() if type(found) is dict else ():
            if type(name) is str and type(kind) is str and name.isidentifier() and not name.startswith("__"):
                if name == entry or not hasattr(builtins, name):
                    self.names[name] = kind
        return self.names

    def stand_in(self, name):
        """What stands for a name of the candidate's module, or AttributeError."""
        kind = self.names.get(name)
        if kind is None:
            raise AttributeError("the solution has no %s" % name)
        if kind == "class":
            return self.class_of(name, kind)
        if kind == "function":
            found = self.stand_ins.get(name)
            if found is None:
                # What is not awaited is no value, as in one process.
                alone = "." in name or not self.is_coroutine(name)
                found = self.stand_ins[name] = _Function(self, name) if alone else self.coroutine(name)
            return found
        self.channel.asked += 1
        return self.value(self.channel.ask(op="get", entry=name))

    def method_of_solution(self, name):
        """What stands for a method of a class Solution, as some tests expect it, or None."""
        return self.method_of("Solution", name)

    def method_of(self, owner, name):
        if self.names.get(owner) != "class" or name.startswith("_"):
            return None
        found = self.channel.ask(op="get", h=self.handle(owner), entry=name).get("value")
        if type(found) is not dict or found.get("$o") not in _FUNCTIONS:
            return None
        whole = owner + "." + name
        self.names[whole] = "function"
        return self.stand_in(whole)

    def seed(self, *args):
        """Seeds the candidate's random numbers as the tests seed theirs."""
        found = self.made("__import__('random')")
        self.operate("method", args, {}, h=found["h"], entry="seed")

    def class_of(self, name, kind=""):
        cls = self.classes.get(name)
        if cls is None:
            named = name in self.judges
            body = {"_rft_candidate": self, "_rft_name": name, "_rft_named": named, "_rft_made": True}
            if kind == "class" and name in self.tested and self.is_exception(name):
                cls = type(name, (Exception,), {})
            else:
                body["__slots__"] = ()
                cls = _Class(name, (Thing,), body)
            self.classes[name] = cls
        return cls

    def handle(self, name):
        """The handle of what the module has by a name."""
        data = self.channel.ask(op="get", entry=name).get("value")
        if type(data) is not dict or type(data.get("h")) is not int:
            raise AttributeError("the solution has no %s" % name)
        return data["h"]

    def is_exception(self, name):
        return "value" in self.channel.ask(op="get", h=self.handle(name), entry="with_traceback")

    def ancestors(self, name):
        """The names of the classes that a class of the candidate derives from."""
        if name not in self.names:
            return ()
        found = self.channel.ask(op="get", h=self.handle(name), entry="__mro__").get("value")
        line = found.get("$t") if type(found) is dict else None
        names = []
        for cls in line[1:50] if type(line) is list else ():
            if type(cls) is dict and type(cls.get("h")) is int:
                names.append(self.channel.ask(op="get", h=cls["h"], entry="__name__").get("value"))
        return [n for n in names if type(n) is str]

    def is_coroutine(self, name):
        code = self.channel.ask(op="get", h=self.handle(name), entry="__code__").get("value")
        if type(code) is not dict or type(code.get("h")) is not int:
            return False
        # inspect.CO_COROUTINE, without the time that the module takes to load
        flags = self.channel.ask(op="get", h=code["h"], entry="co_flags").get("value")
        return type(flags) is int and bool(flags & 0x80)

    def coroutine(self, name):
        async def stand_in(*args, **kwargs):
            v = self.operate("call", args, kwargs, entry=name)
            return await v if self.waits(v) else v
        stand_in._rft = (self, name)
        return stand_in

    def waits(self, v):
        return type(v) is types.CoroutineType and v in self.waiting

    def waiting_for(self, thing):
        """A coroutine that ends as the candidate's does: what nobody awaits is no
        value, and never runs."""
        async def wait():
            return self.operate("await", (), {}, entry="", h=thing._handle())
        v = wait()
        self.waiting[v] = thing
        return v

    def own_coroutine(self, v):
        """The candidate's coroutine that v stands for, or None."""
        if not self.waits(v) and v.cr_code is _stand_in_code and v.cr_frame is not None and not v.cr_running:
            held = v.cr_frame.f_locals
            if held.get("self") is self:
                args, kwargs, name = held["args"], held["kwargs"], held["name"]
                v.close()
                v = self.operate("call", args, kwargs, entry=name)
                if not self.waits(v):
                    self.channel.condemn(Refused("a coroutine of the solution is none"))
        return self.waiting.get(v)

    def make(self, name, handle):
        if name in _REBUILT and handle is not None:
            v = _crossing().rebuilt(self, name, handle)
            if v is not None:
                return v
        cls = self.class_of(name)
        if not issubclass(cls, Thing):
            cls = self.class_of(name + " object")
        known = (self.channel.generation, handle)
        thing = self.things.get(known) if handle is not None else None
        if type(thing) is not cls:
            thing = object.__new__(cls)
            object.__setattr__(thing, "_rft_handle", None if handle is None else known)
            if handle is not None:
                self.things[known] = thing
        return self.waiting_for(thing) if name == "coroutine" and handle is not None else thing

    def handle_of(self, v):
        if type(v) is values.Made:
            return v.tagged
        if isinstance(v, Thing):
            return {"$o": v._rft_name, "h": v._handle()}
        if isinstance(v, _Function) or type(v) is types.FunctionType and "_rft" in v.__dict__:
            return {"$o": "function", "h": self.handle(v._rft[1])}
        if isinstance(v, _Method):
            return {"$o": "method", "h": v.thing._handle()}
        if isinstance(v, _Iterator):
            return {"$o": v.thing._rft_name, "h": v.thing._handle()}
        if isinstance(v, BaseException) and getattr(v, "_rft_raised", False) is True:
            # The tests may hand on what the candidate raised; whether it raises is its own affair.
            self.channel.condemn(Refused("an error of the candidate cannot be handed back to it"))
        if type(v) is slice and all(type(x) in (int, type(None)) for x in (v.start, v.stop, v.step)):
            return self.made("slice(%r, %r, %r)" % (v.start, v.stop, v.step))
        if type(v) is types.CoroutineType:
            thing = self.own_coroutine(v)
            if thing is not None:
                return {"$o": "coroutine", "h": thing._handle()}
        if isinstance(v, type) and v in self.classes.values():
            return {"$o": "type", "h": self.handle(v.__name__)}
        if v in self.error_types if isinstance(v, type) else False:
            self.channel.condemn(Refused("the class of an error of the candidate cannot be handed back to it"))
        if self.plain is not None and type(v) in self.plain.classes:
            return self.plain.sent(v, self.crossed)
        if type(v).__module__ in _CROSSING:
            text = _crossing().expression(v)
            if text is not None:
                return self.made(text)
        if callable(v):
            text = rft_callable.expression(v)
            if text is not None:
                return self.made(text)
        return None

    def made(self, text, again=False):
        """What the candidate's side makes of an expression: a function, which is
        made once, or a new value again."""
        found = self.made_of.get((self.channel.generation, text))
        if found is None or again:
            python = self.handle("__builtins__")
            found = self.channel.ask(op="method", h=python, entry="eval", args=[text, {}]).get("value")
            if type(found) is not dict or type(found.get("h")) is not int:
                self.malformed("the candidate's side did not take a function")
            found = self.made_of[self.channel.generation, text] = {"$o": "function", "h": found["h"]}
        return found

    def malformed(self, why):
        self.channel.condemn(values.Malformed(why))

    def owner(self):
        """What makes objects: where the call at hand was given one of the tests, that one."""
        given = {}
        for _, order in self.crossed.get(None, ()):
            for v in order:
                sent = self.crossed[id(v)]
                if type(sent) is dict:
                    given[sent["h"]] = v
        return lambda name, h: given[h] if h in given else self.make(name, h)

    def read(self, data, make=None):
        try:
            return values.decode(data, make or self.make)
        except values.Malformed as e:
            self.malformed(str(e))

    def value(self, reply):
        error = reply.get("error")
        if error is not None:
            raise self.exception(error)
        return self.read(reply.get("value"))

    def exception(self, error, signals=False):
        return rft_errors.raised(self, error, signals)

    def operate(self, op, args, kwargs, entry, h=None, alien=False):
        """Alien says that plain data, which the solution did not give, would have
        taken the arguments."""
        self.channel.asked += 1
        echo = op != "set" and any(values.mutable(a) for a in args)
        operation = {"op": op, "entry": entry}
        self.crossed = {}
        for a in args:
            if type(a) is str and a[:1] == "/" and "\0" not in a and self.tested.intersection(_SCRATCH) and self.lies_here(a):
                self.channel.give_up("they make files for the solution, and it has a folder of its own")
        try:
            operation["args"] = [values.encode(a, self.handle_of) for a in args]
            if kwargs:
                operation["kwargs"] = {k: values.encode(a, self.handle_of) for k, a in kwargs.items()}
        except values.Uncrossable as e:
            if alien:
                self.channel.condemn(Refused("an object of the solution stands where its class is not named, and " + str(e)))
            self.channel.give_up(str(e))
        if h is not None:
            operation["h"] = h
        if self.errors:
            operation["held"] = True
        if echo:
            operation["echo"] = True
        reply = self.channel.ask(**operation)
        left = reply.get("args") if echo else None
        if left is not None:
            left = self.read(left, self.owner() if self.crossed else self.make)
            if type(left) is not list or len(left) != len(args):
                self.malformed("the candidate's side sent other arguments than it got")
        error = reply.get("error")
        result = None if error is not None else self.read(reply.get("value"))
        if result is None and self.crossed:
            self.plain.changed(self.crossed)
        if left is not None:
            pairs = [(a, b) for a, b in zip(args, left) if values.mutable(a)]
            if result is None:
                for a, b in pairs:
                    values.copy_back(a, b)
            else:
                rft_later.after_statement(sys._getframe(1), pairs)
        if error is not None:
            raise self.exception(error, signals=op == "method" and entry in ("__next__", "__anext__"))
        return result

    @staticmethod
    def lies_here(path):
        """Whether a path leads into the folder of this process."""
        own = os.path.realpath(os.environ.get("TMPDIR") or "/tmp")
        folder = os.path.dirname(os.path.realpath(path[:4096]))
        return folder.startswith(own + "/") and os.path.isdir(folder)

    def answer(self, v):
        if isinstance(v, Thing) and v._rft_named:
            self.answers.add(object.__getattribute__(v, "_rft_handle"))
        return v

    def attribute(self, h, name, unnamed=False):
        self.channel.asked += 1
        v = self.value(self.channel.ask(op="get", h=h, entry=name))
        if isinstance(v, Thing) and v._rft_name in _FUNCTIONS:
            return _Method(self, h, name, v, unnamed)
        return v

    def member(self, cls, name):
        return self.attribute(self.handle(cls), name)


class _Method:
    """A method of an object of the candidate."""

    def __init__(self, candidate, h, name, thing, unnamed=False):
        self._rft = (candidate, h, name)
        self.thing, self.unnamed = thing, unnamed
        self.__name__ = self.__qualname__ = name

    def __call__(self, *args, **kwargs):
        candidate, h, name = self._rft
        v = candidate.answer(candidate.operate("method", args, kwargs, h=h, entry=name))
        if self.unnamed and args and (name in _REMOVE and _empty(v) or name in _REPEAT and _repeats(v, args[0])):
            candidate.channel.condemn(Refused("an object of the candidate was asked for %s: its class is not one that the tests name" % name))
        return v


def _empty(v):
    return type(v) in (str, bytes, list, tuple, set, frozenset) and not v


def _repeats(v, given):
    plain = (list, tuple, set, frozenset)
    if type(v) not in plain or type(given) not in plain or any(type(x) not in (int, str, float) for x in [*v, *given]):
        return False
    return set(v) == set(given)


class _Function:
    # A function of the candidate.

    def __init__(self, candidate, entry):
        self._rft = (candidate, entry)
        self.__name__ = self.__qualname__ = entry.rpartition(".")[2]

    def __call__(self, *args, **kwargs):
        candidate, entry = self._rft
        return candidate.answer(candidate.operate("call", args, kwargs, entry=entry))

    @property
    def __doc__(self):
        candidate, entry = self._rft
        return candidate.attribute(candidate.handle(entry), "__doc__")

    def __getattr__(self, name):
        if name.startswith("__") or name in ("_pytestfixturefunction", "pytestmark", "_rft"):
            raise AttributeError(name)
        candidate, entry = self._rft
        return candidate.attribute(candidate.handle(entry), name)

    def __setattr__(self, name, value):
        if name in ("_rft", "__name__", "__qualname__"):
            object.__setattr__(self, name, value)
            return
        candidate, entry = self._rft
        candidate.operate("set", (value,), {}, h=candidate.handle(entry), entry=name)


class Module(types.ModuleType):
    """The candidate's module, as the tests import it. Defined are the names that
    the tests give a meaning of their own."""

    def __init__(self, name, candidate, defined):
        super().__init__(name)
        object.__setattr__(self, "_rft_candidate", candidate)
        object.__setattr__(self, "__file__", name.replace(".", "/") + ".py")
        # A star takes what the tests say and do not define: the solution adds no
        # tests and no hooks of a framework, and takes the place of nothing.
        object.__setattr__(self, "__all__", sorted(n for n in candidate.names if not n.startswith("_") and n in candidate.tested and n not in defined))

    def __getattr__(self, name):
        self._rft_candidate.channel.taken += 1
        if name.startswith("__"):
            raise AttributeError(name)
        return self._rft_candidate.stand_in(name)

    def __setattr__(self, name, value):
        if name.startswith("__"):
            object.__setattr__(self, name, value)
            return
        candidate = self._rft_candidate
        candidate.operate("set", (value,), {}, entry=name)
        if isinstance(value, (type(None), int, float, str, bytes, tuple, list, dict, set, frozenset)):
            candidate.names[name] = "value"


_stand_in_code = next(c for c in Candidate.coroutine.__code__.co_consts if isinstance(c, types.CodeType))
