"""Functions that tests hand to the candidate: a key, a callback.

A function does not cross, but its text does, and the name of one that Python
itself has: the candidate's side makes its own. What the function closes over
must be plain data that nobody can change, or such a function itself.
"""

import ast
import builtins
import sys
import types

import rft_later
from rft_values import Uncrossable

_DATA = (type(None), bool, int, float, complex, str, bytes)


def expression(v, depth=0):
    """Returns the text of an expression that makes v in another process, or None
    where v is no function."""
    if isinstance(v, (types.BuiltinFunctionType, type)) or isinstance(v, types.FunctionType) and _of_library(v):
        return _named(v)
    if isinstance(v, types.FunctionType):
        return _written(v, depth)
    return None


def _of_library(f):
    module = sys.modules.get(f.__module__)
    return f.__module__.partition(".")[0] in getattr(sys, "stdlib_module_names", ()) and getattr(module, f.__name__, None) is f


def _named(v):
    module, name = getattr(v, "__module__", None), getattr(v, "__qualname__", "")
    if type(module) is str and name.isidentifier() and module.partition(".")[0] in getattr(sys, "stdlib_module_names", ("builtins",)):
        if getattr(sys.modules.get(module), name, None) is v:
            return "__import__(%r, fromlist=['x']).%s" % (module, name)
    raise Uncrossable("an argument is a function or class that only the tests have")


def _written(f, depth):
    code = f.__code__
    if depth > 5:
        raise Uncrossable("a function among the arguments closes over too many functions")
    node = _node(code)
    if node is None:
        raise Uncrossable("an argument is a function whose text cannot be found")
    bound = {}
    for name, cell in zip(code.co_freevars, f.__closure__ or ()):
        try:
            bound[name] = cell.cell_contents
        except ValueError:
            raise Uncrossable("a function among the arguments closes over itself") from None
    for name in _globals(code):
        if name in f.__globals__:
            bound[name] = f.__globals__[name]
        elif not hasattr(builtins, name):
            raise Uncrossable("a function among the arguments uses a name that is not defined")
    names = sorted(bound)
    given = ", ".join(_given(bound[n], f, depth) for n in names)
    if isinstance(node, ast.Lambda):
        return "(lambda %s: %s)(%s)" % (", ".join(names), ast.unparse(node), given)
    body = "def make(%s):\n%s\n    return %s" % (
        ", ".join(names), "\n".join("    " + line for line in ast.unparse(node).split("\n")), node.name)
    return "(lambda space: (exec(%r, space), space['make'](%s))[1])({})" % (body, given)


def _given(v, f, depth):
    if v is f:
        raise Uncrossable("a function among the arguments calls itself")
    if type(v) in _DATA:
        if type(v) is float and (v != v or v in (float("inf"), float("-inf"))):
            return "float(%r)" % str(v)
        return repr(v)
    if type(v) is tuple and len(v) < 1000 and all(type(x) in _DATA for x in v):
        return "(%s)" % "".join(_given(x, f, depth) + ", " for x in v)
    if isinstance(v, types.ModuleType) and v.__name__.partition(".")[0] in getattr(sys, "stdlib_module_names", ()):
        return "__import__(%r, fromlist=['x'])" % v.__name__
    text = expression(v, depth + 1)
    if text is None:
        raise Uncrossable("a function among the arguments closes over what may change")
    return text


def _globals(code):
    names = set()
    for c in [code] + [c for c in code.co_consts if isinstance(c, types.CodeType)]:
        names |= set(c.co_names) if c is code else _globals(c)
    return names - _attributes(code)


def _attributes(code):
    import dis
    looked, attributes = set(), set()
    for i in dis.get_instructions(code):
        if i.opname in ("LOAD_ATTR", "LOAD_METHOD", "STORE_ATTR", "DELETE_ATTR", "IMPORT_FROM", "LOAD_SUPER_ATTR"):
            attributes.add(i.argval)
        elif i.opname in ("STORE_GLOBAL", "DELETE_GLOBAL"):
            raise Uncrossable("a function among the arguments changes a global name of the tests")
        elif i.opname == "STORE_DEREF" and i.argval in code.co_freevars:
            raise Uncrossable("a function among the arguments changes a name of the tests")
        elif i.opname in ("LOAD_GLOBAL", "LOAD_NAME", "IMPORT_NAME"):
            looked.add(i.argval)
    return attributes - looked


def _node(code):
    """The part of the tests' text that a function was compiled from."""
    source = rft_later.source_of(code.co_filename)
    if source is None:
        return None
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Lambda) and code.co_name == "<lambda>":
            text = "(%s)" % ast.unparse(node)
        elif isinstance(node, ast.FunctionDef) and node.name == code.co_name and not node.decorator_list:
            text = None
        else:
            continue
        if node.lineno != code.co_firstlineno:
            continue
        defaults = node.args.defaults + [d for d in node.args.kw_defaults if d is not None]
        if not all(isinstance(d, ast.Constant) for d in defaults):
            continue
        if text is None:
            return node
        compiled = next((c for c in _codes(compile(text, "", "eval")) if c.co_name == "<lambda>"), None)
        if compiled is not None and _same(compiled, code):
            return node
    return None


def _codes(code):
    for c in code.co_consts:
        if isinstance(c, types.CodeType):
            yield c


def _same(a, b):
    """Whether two functions on one line are one: what they name, hold and take."""
    free = set(b.co_freevars)
    if set(a.co_names) - free != set(b.co_names) - free and not free:
        return False
    held = lambda c: [x for x in c.co_consts if not isinstance(x, types.CodeType)]
    return a.co_varnames == b.co_varnames and repr(held(a)) == repr(held(b)) and (bool(free) or a.co_code == b.co_code)
