"""Values as they cross between the tests and the candidate.

What comes back is rebuilt as exact built-in types. Nothing that came from the
candidate is ever evaluated, unpickled or asked for its opinion.
"""

import base64
import importlib
import json
import re
import sys

MAX_DEPTH = 200

# Arguments may be nested deeper than what the candidate may return: what it
# returned and the tests hand on never makes the tests unsplittable.
MAX_GIVEN = 2 * MAX_DEPTH + 50

# Integers of a megabyte of digits would take minutes to read.
if hasattr(sys, "set_int_max_str_digits"):
    sys.set_int_max_str_digits(60000)


class Uncrossable(Exception):
    """A value of the tests cannot be sent to another process."""


class Made:
    """A value that the candidate's side has made for the tests."""

    def __init__(self, tagged):
        self.tagged = tagged


class Malformed(BaseException):
    """The candidate's side sent what is no value. No test may expect it."""


def encode(value, handle_of):
    """Returns value as JSON data. handle_of(value) gives the tagged form of an
    object of the candidate, or None."""
    return _encode(value, handle_of, 0)


def _encode(v, handle_of, depth):
    t = type(v)
    if v is None or t is bool or t is str or t is int:
        return v
    if t is float:
        if v != v:
            return {"$f": "nan"}
        if v in (float("inf"), float("-inf")):
            return {"$f": "inf" if v > 0 else "-inf"}
        return v
    if depth > MAX_GIVEN:
        raise Uncrossable("an argument is nested more than %d deep, or holds itself" % MAX_GIVEN)
    tagged = handle_of(v)
    if tagged is not None:
        return tagged
    d = depth + 1
    if isinstance(v, list) or t is range:
        return [_encode(x, handle_of, d) for x in v]
    if isinstance(v, tuple):
        return {"$t": [_encode(x, handle_of, d) for x in v]}
    if isinstance(v, dict):
        if all(type(k) is str and not k.startswith("$") for k in v):
            return {k: _encode(x, handle_of, d) for k, x in v.items()}
        return {"$d": [[_encode(k, handle_of, d), _encode(x, handle_of, d)] for k, x in v.items()]}
    if isinstance(v, (set, frozenset)):
        return {"$s" if isinstance(v, set) else "$fs": [_encode(x, handle_of, d) for x in v]}
    if isinstance(v, (bytes, bytearray)):
        return {"$b": base64.b64encode(bytes(v)).decode()}
    if t is complex:
        return {"$c": [_encode(v.real, handle_of, d), _encode(v.imag, handle_of, d)]}
    if t.__module__ in ("decimal", "fractions") and t.__name__ in _EXACT:
        return {"$n": str(v), "k": t.__name__}
    if isinstance(v, bool):
        return bool(v)
    if isinstance(v, int):
        return int(v)
    if isinstance(v, float):
        return _encode(float(v), handle_of, depth)
    if isinstance(v, str):
        return str.__str__(v)
    raise Uncrossable("an argument is a %s, which cannot cross to another process" % t.__name__)


def dumps(data):
    return json.dumps(data, separators=(",", ":")).encode()


# Exact types of numbers: their module, and what may be read as one. The
# modules are loaded when the first such number comes.
_EXACT = {
    "Fraction": ("fractions", r"-?[0-9]{1,20000}(/[0-9]{1,20000})?"),
    "Decimal": ("decimal", r"-?([0-9]{1,20000}(\.[0-9]{0,20000})?(E[+-]?[0-9]{1,6})?|Infinity|NaN)"),
}


def decode(data, make_object):
    """Rebuilds a value. make_object(type name, handle or None) stands for what
    is no plain data."""
    try:
        return _decode(data, make_object, 0)
    except (TypeError, ValueError, KeyError, ArithmeticError, RecursionError, AttributeError):
        raise Malformed("the candidate's side sent what is no value") from None


def _decode(v, make_object, depth):
    t = type(v)
    if t is list:
        if depth > MAX_DEPTH + 1:
            raise Malformed("the candidate's side sent a value that is too deep")
        return [_decode(x, make_object, depth + 1) for x in v]
    if t is not dict:
        return v
    if depth > MAX_DEPTH + 1:
        raise Malformed("the candidate's side sent a value that is too deep")
    d = depth + 1
    tag = next((k for k in v if k.startswith("$")), None)
    if tag is None:
        return {k: _decode(x, make_object, d) for k, x in v.items()}
    x = v[tag]
    if tag == "$o":
        h = v.get("h")
        if type(x) is not str or not (h is None or type(h) is int):
            raise Malformed("the candidate's side sent an object without a name")
        return make_object(x, h)
    if tag == "$n":
        module, pattern = _EXACT[v["k"]]
        if not re.fullmatch(pattern, x):
            raise Malformed("the candidate's side sent a number that is none")
        return getattr(importlib.import_module(module), v["k"])(x)
    if len(v) != 1:
        raise Malformed("the candidate's side sent what is no value")
    if tag == "$t":
        return tuple([_decode(e, make_object, d) for e in _list(x)])
    if tag == "$s":
        return set([_decode(e, make_object, d) for e in _list(x)])
    if tag == "$fs":
        return frozenset([_decode(e, make_object, d) for e in _list(x)])
    if tag == "$d":
        return {_decode(k, make_object, d): _decode(e, make_object, d) for k, e in _list(x)}
    if tag == "$b":
        return base64.b64decode(x, validate=True)
    if tag == "$f":
        return {"nan": float("nan"), "inf": float("inf"), "-inf": float("-inf")}[x]
    if tag == "$c":
        a, b = _list(x)
        return complex(_float(_decode(a, make_object, d)), _float(_decode(b, make_object, d)))
    if tag == "$u":
        return None
    if tag == "$x":
        return make_object("unwritable:" + str(x)[:20], None)
    raise Malformed("the candidate's side sent a tag that is none")


def _list(x):
    if type(x) is not list:
        raise Malformed("the candidate's side sent what is no value")
    return x


def _float(x):
    if type(x) not in (int, float):
        raise Malformed("the candidate's side sent what is no number")
    return float(x)


def copy_back(old, new):
    """Makes old, an argument of the tests, what the call left of it, in place."""
    if type(old) is not type(new) and not (isinstance(old, type(new)) and type(new) in (list, dict, set)):
        return
    if isinstance(old, list):
        for i in range(min(len(old), len(new))):
            old[i] = _kept(old[i], new[i])
        if len(new) < len(old):
            del old[len(new):]
        else:
            old.extend(new[len(old):])
    elif isinstance(old, dict):
        items = [(k, _kept(old[k], x) if k in old else x) for k, x in new.items()]
        if [k for k, _ in items] == list(old):
            for k, x in items:
                old[k] = x
        else:
            old.clear()
            old.update(items)
    elif isinstance(old, set) and old != new:
        old.clear()
        old.update(new)
    elif isinstance(old, tuple):
        for a, b in zip(old, new):
            copy_back(a, b)


def _kept(old, new):
    if isinstance(old, (list, dict, set, tuple)) and (type(old) is type(new) or not isinstance(old, tuple) and isinstance(old, type(new))):
        if isinstance(old, tuple):
            if len(old) != len(new) or old != new and not any(mutable(x) for x in old):
                return new
        copy_back(old, new)
        return old
    if type(old) is type(new) and old is not new and type(old) in (int, str, float, bool) and old == new:
        return old
    return new


def mutable(v, depth=0):
    """Whether a call may change v."""
    if isinstance(v, (list, dict, set)):
        return True
    return isinstance(v, tuple) and depth < 10 and any(mutable(x, depth + 1) for x in v)
