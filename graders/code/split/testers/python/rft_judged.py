"""Finds tests that compare objects of the solution's own classes by the
solution's own operators: there the solution would be the judge."""

import ast
import builtins

_METHODS = {"assertEqual", "assertEquals", "assertNotEqual", "assertLess", "assertLessEqual", "assertGreater", "assertGreaterEqual"}
_OPERATORS = (ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE)


def judges(sources, solution, bare, entry=""):
    """Whether the tests compare what they make by calling a class of the
    solution. Only names that the tests take from the solution count, and only
    those that are written as classes are: what the solution says does not. Bare
    tests take names without importing them: every name that they do not define. Where
    the entry is a class, check(candidate) has it by that name."""
    own, leaf = _defined(sources), solution.rpartition(".")[2]
    for source in sources:
        try:
            tree = ast.parse(source)
        except (SyntaxError, ValueError, RecursionError):
            continue
        known = _called(tree) - own if bare or _starred(tree, leaf) else set()
        if entry.rpartition(".")[2][:1].isupper():
            known = known | {"candidate"}
        if _Finder(tree, solution, known).found:
            return True
    return False


def _defined(sources):
    names = set(dir(builtins)) | {"Counter", "OrderedDict", "Decimal", "Fraction"}
    for source in sources:
        try:
            tree = ast.parse(source)
        except (SyntaxError, ValueError, RecursionError):
            continue
        for node in ast.walk(tree):
            if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
                names.add(node.name)
            elif isinstance(node, (ast.Import, ast.ImportFrom)):
                names.update(a.asname or a.name for a in node.names)
            elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                names.add(node.id)
    return names


def classes(sources, solution, bare):
    """The names that the tests take from the solution and write as classes. Nothing
    else of the solution's is asked to judge values of the tests: a function that is
    a class instead is not, nor a class that has a name of the tests' own."""
    leaf = solution.rpartition(".")[2]
    own, found = _defined(sources), set()
    for source in sources:
        try:
            tree = ast.parse(source)
        except (SyntaxError, ValueError, RecursionError):
            continue
        modules, free = set(), bare
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                modules.update(a.asname or a.name.rpartition(".")[2] for a in node.names if a.name.rpartition(".")[2] == leaf)
            elif isinstance(node, ast.ImportFrom) and (node.module or "").rpartition(".")[2] == leaf:
                found.update(a.name for a in node.names)
                free = free or any(a.name == "*" for a in node.names)
            elif isinstance(node, ast.ImportFrom):
                modules.update(a.asname or a.name for a in node.names if a.name == leaf)
        for node in ast.walk(tree):
            if isinstance(node, ast.Name) and free and node.id not in own:
                found.add(node.id)
            elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in modules:
                found.add(node.attr)
    return {n for n in found if n.lstrip("_")[:1].isupper()}


def defined(sources, solution):
    """The names that tests define or import, but for those that they import from
    the solution."""
    leaf = solution.rpartition(".")[2]
    names = set()
    for source in sources:
        try:
            tree = ast.parse(source)
        except (SyntaxError, ValueError, RecursionError):
            continue
        for node in ast.walk(tree):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                names.add(node.name)
            elif isinstance(node, ast.Import) or isinstance(node, ast.ImportFrom) and (node.module or "").rpartition(".")[2] != leaf:
                names.update((a.asname or a.name).partition(".")[0] for a in node.names)
    return names


def _starred(tree, leaf):
    return any(isinstance(n, ast.ImportFrom) and (n.module or "").rpartition(".")[2] == leaf and n.names[0].name == "*" for n in ast.walk(tree))


def _called(tree):
    return {n.func.id for n in ast.walk(tree) if isinstance(n, ast.Call) and isinstance(n.func, ast.Name) and n.func.id[:1].isupper()}


class _Finder:
    def __init__(self, tree, solution, classes):
        leaf = solution.rpartition(".")[2] if solution else ""
        self.classes, self.modules, self.variables = set(classes), set(), set()
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and leaf and (node.module or "").rpartition(".")[2] == leaf:
                self.classes.update(a.asname or a.name for a in node.names if a.name[:1].isupper())
            elif isinstance(node, ast.Import):
                self.modules.update(a.asname or a.name for a in node.names if a.name.rpartition(".")[2] == leaf)
        if self.classes or self.modules:
            for node in ast.walk(tree):
                if isinstance(node, ast.Assign) and self.made(node.value):
                    self.variables.update(filter(None, map(_text, node.targets)))
        self.found = bool(self.classes or self.modules) and any(self.compares(n) for n in ast.walk(tree))

    def made(self, node):
        """Whether an expression makes an object of the solution, as it is written."""
        if isinstance(node, ast.BinOp):
            return self.made(node.left) or self.made(node.right)
        if not isinstance(node, ast.Call):
            return False
        f = node.func
        if isinstance(f, ast.Name):
            return f.id in self.classes
        return isinstance(f, ast.Attribute) and isinstance(f.value, ast.Name) and f.value.id in self.modules and f.attr[:1].isupper()

    def holds(self, node):
        if isinstance(node, ast.BinOp):
            return self.holds(node.left) or self.holds(node.right)
        text = _text(node)
        return self.made(node) or text is not None and text in self.variables

    def compares(self, node):
        if isinstance(node, ast.Compare):
            sides = [node.left] + node.comparators
            if not any(isinstance(o, _OPERATORS) for o in node.ops):
                return False
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _METHODS:
            sides = node.args[:2]
        else:
            return False
        return any(self.made(s) for s in sides) or len(sides) > 1 and all(self.holds(s) for s in sides) and len({_text(s) for s in sides}) > 1


def _text(node):
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        return node.value.id + "." + node.attr
    return None
