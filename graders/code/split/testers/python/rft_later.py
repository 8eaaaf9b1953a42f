"""What a call left of its mutable arguments, applied when the statement that
holds the call has ended.

A function that returns nothing works in place, and its arguments change at
once. One that returns a value and also changes its argument must not change
what the same statement compares the value with: "assert f(xs) == sorted(xs)"
would pay whoever empties the list and returns an empty one.
"""

import ast
import os
import sys

import rft_values as values

_HERE = os.path.dirname(os.path.abspath(__file__))
_pending = []  # (old, new)
_sources = {}  # file name -> source, for what is not on disk
_statements = {}  # file name -> sorted [(first line, last line)]


def remember(filename, source):
    _sources[filename] = source


def flush():
    if _pending:
        pairs = _pending[:]
        del _pending[:]
        for old, new in pairs:
            values.copy_back(old, new)


def after_statement(frame, pairs):
    pairs = [(a, b) for a, b in pairs if _differ(a, b)]
    if not pairs:
        return
    while frame is not None and (os.path.dirname(frame.f_code.co_filename) == _HERE or _library(frame)):
        frame = frame.f_back
    if frame is None:
        for old, new in pairs:
            values.copy_back(old, new)
        return
    _pending.extend(pairs)
    first, last = _statement(frame.f_code.co_filename, frame.f_lineno)

    def local(f, event, arg):
        if f is frame and (event == "return" or event == "line" and not first <= f.f_lineno <= last):
            flush()
            sys.settrace(None)
            frame.f_trace = None
            return None
        return local

    sys.settrace(lambda f, event, arg: None)
    frame.f_trace = local


def _differ(a, b):
    try:
        return bool(a != b)
    except BaseException:
        return True


def _library(frame):
    name = frame.f_globals.get("__name__", "")
    return name.partition(".")[0] in ("unittest", "_pytest", "pytest", "pluggy", "functools")


def _statement(filename, line):
    """The lines of the innermost simple statement, or of the head of a compound
    one, that holds a line."""
    ranges = _statements.get(filename)
    if ranges is None:
        ranges = _statements[filename] = _ranges(filename)
    found = (line, line)
    for first, last in ranges:
        if first <= line <= last:
            found = (first, last)
    return found


def source_of(filename):
    """The text of a file of the tests, or None."""
    source = _sources.get(filename)
    if source is None:
        try:
            with open(filename, "rb") as f:
                source = _sources[filename] = f.read()
        except OSError:
            return None
    return source


def _ranges(filename):
    try:
        tree = ast.parse(source_of(filename) or "")
    except (SyntaxError, ValueError, RecursionError):
        return []
    ranges = []
    for node in ast.walk(tree):
        if isinstance(node, ast.stmt):
            body = getattr(node, "body", None)
            last = body[0].lineno - 1 if body else node.end_lineno
            ranges.append((node.lineno, max(node.lineno, last)))
    # Inner statements come last.
    return sorted(ranges, key=lambda r: (r[0], -r[1]))
