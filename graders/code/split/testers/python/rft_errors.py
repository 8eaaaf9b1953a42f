"""Errors of the candidate, as the tests see them: of a class with the same name, and
with the same parents where these are Python's own or the tests name them."""

import ast
import builtins

_SIGNALS = {"StopIteration", "StopAsyncIteration", "GeneratorExit", "KeyboardInterrupt"}


def _key(message):
    """What a KeyError was raised with, where its text is that of plain data."""
    try:
        return ast.literal_eval(message) if len(message) < 1000 else message
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return message


def raised(candidate, error, signals):
    """Returns what an error of the candidate is in the tests. Signals says that the
    end of an iterator is one."""
    candidate.channel.asked += 1
    kind, bases, message = error.get("type"), error.get("bases") or [], error.get("message")
    if type(kind) is not str or type(bases) is not list or type(message) is not str:
        candidate.malformed("the candidate's side sent an error that is none")
    base = Exception
    for name in [kind] + bases[:50]:
        found = getattr(builtins, name, None) if type(name) is str else None
        if isinstance(found, type) and issubclass(found, BaseException):
            if (issubclass(found, Exception) or found is SystemExit) and (signals or name not in _SIGNALS):
                base = found
            else:
                base = RuntimeError
            break
    known = [candidate.classes[n] for n in bases[:50] if type(n) is str and n in candidate.classes and issubclass(candidate.classes[n], Exception)]
    if kind in candidate.classes and issubclass(candidate.classes[kind], Exception) and candidate.classes[kind] not in known:
        known.insert(0, candidate.classes[kind])
    args = (message,)
    if base is KeyError:
        args = (_key(message),)
    if base is SystemExit and message.lstrip("-").isdigit() and len(message) < 10:
        args = (int(message),)
    h = error.get("h")
    if type(h) is int:
        # The tests look into errors: this one has the members that the candidate's has.
        held = candidate.attribute(h, "args")
        if type(held) is tuple:
            args = held
        generation = candidate.channel.generation

        def look(e, name):
            if name.startswith("_") or generation != candidate.channel.generation:
                raise AttributeError(name)
            return candidate.attribute(h, name)
        members = {"__str__": lambda e: message, "__getattr__": look}
    else:
        members = {"__str__": lambda e: message}
    if kind == base.__name__ and not known and (base is not KeyError or len(args) == 1 and repr(args[0]) == message) \
            and base not in (UnicodeDecodeError, UnicodeEncodeError, UnicodeTranslateError):
        made = base
    else:
        if issubclass(base, UnicodeError):
            base = ValueError
        parents = tuple(known) + (() if any(issubclass(k, base) for k in known) else (base,))
        try:
            made = type(kind[:200], parents, members)
        except TypeError:
            made = type(kind[:200], (base,), members)
    if made is not base:
        candidate.error_types.append(made)
    try:
        e = made(*args)
    except Exception:
        e = RuntimeError(message)
    e._rft_raised = True
    return e
