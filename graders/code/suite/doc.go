/*
Package suite reads tests of programs, in the forms that datasets have them, as
one model: cases of inputs with the outputs that are wanted, or a program that
tests. It runs nothing.

# Forms of its own

A form that says its kind takes no members that it does not know.

	{"kind": "stdio", "cases": [{"in": "1 2\n", "out": "3\n"}], "compare": "tokens"}
	{"kind": "function", "entry": "add", "cases": [{"args": [1, 2], "kwargs": {}, "out": 3}], "compare": "exact"}
	{"kind": "check", "entry": "add", "prompt": "def add(a, b):\n", "test": "def check(candidate):\n    assert candidate(1, 2) == 3\n"}
	{"kind": "asserts", "setup": "import math", "asserts": ["assert add(1, 2) == 3"]}
	{"kind": "unit", "framework": "pytest", "solution_file": "solution.py", "files": {"test_add.py": "..."}, "tests": ["test_add"]}

Each may have "limits" (time_s, memory_mb, output_kb, disk_mb, processes,
compile_s) and "groups" ([{"name", "tests": [0, 1], "weight"}], tests by number
from 0 or by name). A case may have "weight", "group" and "name".

The standard output of a stdio case is compared as [TextMode] says: exact, lines
(the default), tokens, float with "tol" (1e-6 by default), decimals; or by a program:
"checker": {"language", "source", "args", "verdict"}, see [Checker]; cases may then
leave out what they want. Values of
function cases are compared as [wire.Mode] says: exact (the default), float with
"tol", strict, unordered with "deep" or "tol", python. Values are written in
JSON or, where JSON has no word for them, as package wire writes them:
{"$t": [1, 2]} is a tuple.

# Forms of others

These are read as they are, with members that are not needed passed over:

	{"inputs": [...], "outputs": [...], "fn_name": ...}        verl, LiveCodeBench, APPS, TACO
	{"input_output": "{...}"}                                  a row of APPS or TACO
	{"public_test_cases": "[...]", "private_test_cases": ...}  a row of LiveCodeBench; packed tests are refused
	{"type", "fn_name", "test_cases": [{"input", "output"}]}   open-r1
	[{"input": "...", "output": "..."}]                        Codeforces and the like; also in official_tests
	{"test_list": [...], "test_setup_code", "test_imports"}    a row of MBPP; with challenge_test_list
	{"prompt", "test", "entry_point"}                          a row of HumanEval or LeetCodeDataset ("Solution().f")
	["assert f(1) == 2", ...]                                  a list of asserts

Functions among them, in Python, have what LeetCode's judges import, unless a row
says "imports": "none"; a function form of our own has it with "imports": "leetcode".
Text is then compared as decimals. A string that holds JSON counts as what it
holds, wherever an object or a list is wanted.

# Asserts that need not run

An assert that only compares a call with a value that is written out becomes a
case: nothing of the tests has to run, and the comparison is the grader's own.
That holds for == and is, for truth and not, for abs(f(x) - 1.5) < 1e-6 and
math.isclose, and for set, frozenset, sorted, list, tuple, len, round, abs and
bool around the call. Values are then equal as Python's == has it. Where one
assert of a list is of another kind, all of them stay a program.

A check is one test, however it is run; of asserts each is one.
*/
package suite
