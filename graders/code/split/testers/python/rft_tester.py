"""The process that holds tests: it calls the candidate, which lives in another
process, and says what passed. It reads its orders from the grader."""

import os
import sys

_HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, _HERE)
sys.dont_write_bytecode = True

import ast
import dis
import importlib
import types

import rft_files
import rft_judged
import rft_later
import rft_proxy
from rft_channel import CandidateGone, Channel, Refused, Unsplittable, line_of

sys.path.remove(_HERE)


def _hide_memory():
    """No process of the same user may read this one's memory or descriptors."""
    try:
        import ctypes
        ctypes.CDLL(None).prctl(4, 0, 0, 0, 0)
    except Exception:
        pass


class Record:
    """What is said of the tests."""

    def __init__(self, channel):
        self.channel = channel

    def plan(self, names, whole=False):
        """Says which tests there are; whole, if the candidate had no word in that."""
        self.channel.say(plan=list(names), whole=whole)

    def start(self, name):
        self.channel.foul = ""
        self.channel.say(start=name)

    def end(self, name, outcome, detail=""):
        rft_later.flush()
        if self.channel.foul:
            outcome, detail = "error", self.channel.foul
        self.channel.say(end=name, outcome=outcome, detail=detail)

    def note(self, detail):
        self.channel.say(note=detail)

    def missing(self, tool):
        self.channel.say(missing=tool)

    def broken(self, detail):
        self.channel.say(broken=detail)

    def blameless(self, e, asked, alone=True):
        """Whether an error is the tests' own: the candidate had no word in it. Alone
        says that what failed takes no name from the candidate either."""
        if self.channel.foul or self.channel.asked != asked or isinstance(e, (CandidateGone, Unsplittable, Refused)):
            return False
        return alone and not isinstance(e, AssertionError) or isinstance(e, (SyntaxError, ModuleNotFoundError))

    def collection(self, where, detail):
        self.channel.say(note=detail[-300:])

    def run(self, name, function):
        """Runs one test and says what came of it."""
        self.start(name)
        try:
            function()
        except AssertionError as e:
            self.end(name, "failed", line_of(e))
        except BaseException as e:
            self.end(name, "error", line_of(e))
        else:
            self.end(name, "passed")


def _compile(source, filename):
    rft_later.remember(filename, source)
    return compile(source, filename, "exec", 0, True)


def _names(code):
    """Every global name that compiled code may look up; what it takes from
    objects is none."""
    found = {i.argval for i in dis.get_instructions(code) if i.opname in ("LOAD_GLOBAL", "LOAD_NAME")}
    for c in code.co_consts:
        if isinstance(c, types.CodeType):
            found |= _names(c)
    return found


def _dotted(sources):
    """The names that the tests take something from: name.something."""
    found = set()
    for source in sources:
        try:
            tree = ast.parse(source)
        except (SyntaxError, ValueError, RecursionError):
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                found.add(node.value.id)
    return found


# Functions that tests often use as if the solution had imported them. They are
# judges, or make what is compared with: the solution's own do not stand for them.
_JUDGES = {"isclose": "math", "Counter": "collections", "defaultdict": "collections", "deque": "collections",
           "OrderedDict": "collections", "namedtuple": "collections", "Decimal": "decimal", "Fraction": "fractions",
           "deepcopy": "copy", "reduce": "functools", "inf": "math", "nan": "math", "isnan": "math", "isinf": "math"}


def _words(sources):
    """Every name in the text of the tests."""
    words = set()
    for source in sources:
        try:
            tree = ast.parse(source)
        except (SyntaxError, ValueError, RecursionError):
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Name):
                words.add(node.id)
            elif isinstance(node, ast.Attribute):
                words.add(node.attr)
            elif isinstance(node, (ast.Await, ast.AsyncFunctionDef)):
                words.add("await")
            elif isinstance(node, (ast.Import, ast.ImportFrom)):
                words.update(n for a in node.names for n in (a.name, a.asname) if n)
    return words


def _fill(namespace, code, candidate, own):
    """Gives code the candidate's names that it uses and that nothing else has.
    The standard library's modules, which a candidate often imports, are the
    real ones: by its own the candidate would be the judge. Returns whether the
    code can run without a name of the candidate."""
    alone = True
    for name in _names(code):
        if name in namespace or name not in own and hasattr(rft_proxy.builtins, name):
            continue
        standard = name in getattr(sys, "stdlib_module_names", ()) and not name.startswith("_") and name not in own
        if standard and (name in candidate.dotted or name not in candidate.names):
            try:
                namespace[name] = importlib.import_module(name)
                continue
            except ImportError:
                pass
        if name in _JUDGES and name not in own:
            namespace[name] = getattr(importlib.import_module(_JUDGES[name]), name)
        elif name in candidate.names:
            alone = False
            namespace[name] = candidate.stand_in(name)
        else:
            alone = alone and name in _stored(code)
            method = candidate.method_of_solution(name)
            if method is not None:
                namespace[name] = method
    return alone


def _stored(code):
    """The names that compiled code gives a meaning itself."""
    return {i.argval for i in dis.get_instructions(code) if i.opname in ("STORE_NAME", "STORE_GLOBAL")}


def run_check(config, candidate, record):
    entry = config["entry"]
    namespace = {"__name__": "tests"}
    if config.get("prompt"):
        # Helpers that the prompt gives are the tests' own, not the candidate's.
        try:
            exec(_compile(config["prompt"], "<prompt>"), namespace)
        except BaseException:
            namespace = {"__name__": "tests"}
        namespace.pop(entry, None)
        _plain(candidate, namespace, config["prompt"], {entry})
    proxy = _tested(candidate, entry)
    if proxy is None:
        record.run("check", lambda: _absent(entry))
        return
    try:
        code = _compile(config["test"], "<check>")
    except (SyntaxError, ValueError) as e:
        record.broken(line_of(e))
        return
    # Tests may also call the function by its name.
    namespace[entry] = proxy
    candidate.names = {}
    _fill(namespace, code, candidate, {entry})
    asked = candidate.channel.asked
    try:
        exec(code, namespace)
    except BaseException as e:
        outside = set().union(*(_names(c) for c in code.co_consts if isinstance(c, types.CodeType) and c.co_name != "check"),
                              (i.argval for i in dis.get_instructions(code) if i.opname in ("LOAD_NAME", "LOAD_GLOBAL")))
        if record.blameless(e, asked, entry not in outside):
            record.broken(line_of(e))
        else:
            record.run("check", lambda: _again(e))
        return
    check = namespace.get("check")
    if not isinstance(check, types.FunctionType):
        record.broken("the test defines no function check")
        return
    if any(n not in namespace and not hasattr(rft_proxy.builtins, n) for n in _names(check.__code__)):
        record.broken("the test calls helpers that only the solution defines: give the prompt that defines them")
        return
    record.run("check", lambda: check(proxy))


def _tested(candidate, entry):
    """What stands for the function under test, or None."""
    owner, _, name = entry.rpartition(".")
    if owner:
        return candidate.method_of(owner, name)
    return candidate.stand_in(entry) if entry in candidate.names else candidate.method_of_solution(entry)


def _plain(candidate, namespace, text, without=()):
    """Has objects cross whose classes the prompt or the setup defines."""
    if "class " in text and hasattr(candidate, "plain"):
        own = {n: v for n, v in namespace.items() if n not in without}
        candidate.plain = rft_proxy._crossing().Plain(candidate, own, candidate.names, text)


def _seed_both(candidate):
    """Tests that seed random numbers mean those of the solution too."""
    import random
    real = random.seed

    def seed(*args):
        real(*args)
        candidate.seed(*args)
    random.seed = seed


def _absent(entry):
    raise NameError("the solution does not define %s" % entry)


def _again(e):
    raise e


def run_asserts(config, candidate, record):
    namespace = {"__name__": "tests"}
    own = {config["entry"]} if config.get("entry") else set()
    failed = None  # why the setup did not come to its end
    if config.get("setup"):
        asked, alone = record.channel.asked, True
        try:
            code = _compile(config["setup"], "<setup>")
            alone = _fill(namespace, code, candidate, own)
            exec(code, namespace)
            _plain(candidate, namespace, config["setup"], own)
        except Unsplittable:
            return
        except BaseException as e:
            if record.blameless(e, asked, alone):
                record.broken(line_of(e))
                return
            failed = e
        for name in own & set(candidate.names):
            namespace[name] = candidate.stand_in(name)
    compiled = []
    for i, text in enumerate(config["asserts"]):
        try:
            compiled.append(_compile(text, "<assert %d>" % (i + 1)))
        except (SyntaxError, ValueError) as e:
            record.broken("assert %d: %s" % (i + 1, line_of(e)))
            return
    record.plan(["assert %d" % (i + 1) for i in range(len(compiled))])
    for i, code in enumerate(compiled):
        def test(code=code):
            if failed is not None:
                raise failed
            _fill(namespace, code, candidate, own)
            exec(code, namespace)
        record.run("assert %d" % (i + 1), test)


def _module_name(path):
    path = path[:-3] if path.endswith(".py") else path
    parts = [p for p in path.split("/") if p not in ("", ".")]
    if parts and parts[-1] == "__init__":
        parts.pop()
    return ".".join(parts)


def _install(config, candidate):
    """Makes the solution's module importable by the tests: by its path, and by
    its bare name, as test runners that add its folder to the path have it."""
    name = _module_name(config["solution"])
    module = rft_proxy.Module(name, candidate, rft_judged.defined(config.get("sources", []), name))
    sys.modules[name] = module
    sys.modules.setdefault(name.rpartition(".")[2], module)
    parent, _, leaf = name.rpartition(".")
    if parent:
        try:
            setattr(importlib.import_module(parent), leaf, module)
        except ImportError:
            pass


def _load(path):
    """Imports one test file."""
    import importlib.util

    name = _module_name(path)
    spec = importlib.util.spec_from_file_location(name, os.path.join(os.getcwd(), path))
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def _test_files(files):
    """The files that hold tests, by the frameworks' own habit; where none is
    named so, every Python file."""
    python = sorted(f for f in files if f.endswith(".py"))
    named = [f for f in python if os.path.basename(f).startswith("test") or f.endswith(("_test.py", "_tests.py"))]
    return named or [f for f in python if os.path.basename(f) not in ("conftest.py", "__init__.py", "setup.py")]


def run_unit(config, candidate, record):
    sys.path.insert(0, _HERE)
    import rft_unit
    sys.path.remove(_HERE)
    os.chdir(os.path.join(_HERE, "tests"))
    sys.path.insert(0, os.getcwd())
    if candidate is not None:
        _install(config, candidate)
    else:
        sys.path.insert(1, os.path.join(os.getcwd(), os.path.dirname(config["solution"])))
    paths = _test_files([f for f in config["files"] if f != config["solution"]])

    for path in config["files"]:
        if path.endswith(".py") and path != config["solution"]:
            rft_later.remember(os.path.abspath(path), rft_files.source(path))
    if config["framework"] == "pytest":
        rft_unit.run_pytest(paths, record)
        return
    if config["framework"] == "script":
        codes = []
        for path in paths:
            try:
                codes.append((path, _compile(rft_files.source(path), os.path.abspath(path))))
            except (SyntaxError, ValueError) as e:
                record.broken(line_of(e))
                return
        record.plan([path for path, _ in codes])
        for path, code in codes:
            record.run(path, lambda: exec(code, {"__name__": "__main__", "__file__": os.path.abspath(path)}))
        return
    modules, whole, before = [], True, record.channel.asked
    for path in paths:
        asked = record.channel.asked
        try:
            modules.append(_load(path))
        except (CandidateGone, Unsplittable):
            return
        except BaseException as e:
            if record.blameless(e, asked, False):
                record.broken(line_of(e))
                return
            whole = False
            record.note(line_of(e))
    rft_unit.run_unittest(modules, record, whole and record.channel.asked == before)


class Together:
    """The names of a solution that lives in this process, because its tests
    cannot be split."""

    def __init__(self, channel, source):
        self.channel, self.dotted = channel, set()
        self.space = {"__name__": "solution"}
        exec(compile(source, "solution.py", "exec", 0, True), self.space)
        self.names = {n: "value" for n in self.space if not n.startswith("__")}

    def stand_in(self, name):
        return self.space[name]

    def method_of_solution(self, name):
        return self.method_of("Solution", name)

    def method_of(self, owner, name):
        cls = self.space.get(owner)
        return getattr(cls(), name) if hasattr(cls, name) and not name.startswith("_") else None


def _ready(config, record):
    """Whether the tests can be read, and their framework is there."""
    if config.get("framework") == "pytest":
        try:
            import pytest
        except ImportError:
            record.missing("pytest")
            return False
    for source in config.get("sources", []):
        try:
            compile(source, "<tests>", "exec", 0, True)
        except (SyntaxError, ValueError) as e:
            record.broken(line_of(e))
            return False
    return True


def main():
    _hide_memory()
    channel = Channel(int(os.environ["RFT_IN"]), int(os.environ["RFT_OUT"]))
    null = os.open(os.devnull, os.O_RDWR)
    for fd in (0, 1, 2):
        os.dup2(null, fd)
    config = channel.config
    record = Record(channel)
    candidate = None
    try:
        rft_files.hold(os.path.join(_HERE, "tests"), config.pop("texts", {}))
        sources = config.get("sources", [])
        if not config.get("together"):
            entry = config["entry"] if config["kind"] == "check" else ""
            named = rft_judged.classes(sources, _module_name(config["solution"]), config["kind"] != "unit")
            candidate = rft_proxy.Candidate(channel, _words(sources), named | ({entry} if "." not in entry and entry[:1].isupper() else set()))
            candidate.dotted = _dotted(sources)
            if rft_judged.judges(sources, _module_name(config["solution"]), config["kind"] != "unit", entry):
                channel.give_up("they compare objects of the solution's classes by the solution's own operators")
            try:
                candidate.load()
            except CandidateGone:
                channel.say(done=True)
                return
            except BaseException as e:
                channel.say(unloaded=line_of(e))
                return
        else:
            if not _ready(config, record):
                return
            # From here on the candidate may say what it likes of the tests.
            channel.say(begun=True)
            if config["kind"] != "unit":
                candidate = Together(channel, config["source"])
        if not config.get("together") and any("random.seed" in source for source in sources):
            _seed_both(candidate)
        {"check": run_check, "asserts": run_asserts, "unit": run_unit}[config["kind"]](config, candidate, record)
    except Unsplittable:
        pass
    except BaseException as e:
        channel.say(note=line_of(e))
        return
    channel.say(done=True)


if __name__ == "__main__":
    try:
        main()
    finally:
        os._exit(0)
