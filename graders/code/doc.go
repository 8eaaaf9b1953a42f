/*
Package code gives the kind code.

Code compiles and tests what the model wrote. The score is 1 where all tests
pass, and 0 where one fails, where the code does not compile, and where there is
none. Option score gives credit between.

	graders:
	  tests: {type: code, language: python, tests: /tests}

# How the verdict is kept from the code

The code that is graded is hostile: it wants to be paid. So the outputs that are
wanted never leave the grader's process. A program gets its inputs; what it
prints, or the value that a function returns, comes back as data and is compared
here. An exit, a printed "PASS", an object that is equal to everything are no
answer. Tests that are programs (asserts, check, unit) run in a process of their
own, which asks the candidate's by messages.

Programs run confined, without privilege: see "rft sandbox doctor" for what this
machine gives, and isolation.require for what a spec insists on.

# The code in the answer

The reasoning is removed, and the last fenced block of the language counts;
code.policy names others. Where the tests say which function they call, the last
block that defines it counts, so that an example or tests behind it do no harm; a
helper that stands in another block is not added. Names such as py and python3
count as python. A block that is never closed runs to the end. Blocks without a
language count where none has the right one, then blocks of text that look like
code. Where code.raw allows it, an answer without any block counts whole, if it
looks like code, or from [BEGIN] to [DONE]; amid sentences, lines of code count
that define the function which the tests call.

# Tests

The tests stand in the reference, at the pointer that option tests names, in one
of these forms; see package suite for all of them:

	{"kind": "stdio", "cases": [{"in": "1 2\n", "out": "3\n"}], "compare": "tokens"}
	{"kind": "function", "entry": "add", "cases": [{"args": [1, 2], "out": 3}]}
	{"kind": "check", "entry": "add", "prompt": "...", "test": "def check(candidate): ..."}
	{"kind": "asserts", "asserts": ["assert add(1, 2) == 3"]}
	{"kind": "unit", "framework": "pytest", "solution_file": "solution.py", "files": {...}, "tests": ["test_add"]}

What the languages can be tested by:

	           stdio  function  check, asserts  unit
	python     yes    yes       yes             pytest, unittest
	javascript yes    yes                       node:test, node:assert
	go         yes    yes                       go test
	java       yes    yes
	c, c++     yes                              a main that tests
	rust, bash yes

A script that ends with a status other than 0 has failed, whatever it printed. The
code of function, check and asserts is loaded as a module: what stands behind
__name__ == "__main__" or require.main === module does not run, and a main of Go or
Java neither. A Go function may leave out its package and a Java method its class.
There are no packages but the standard library's, unless they are installed where
programs run; an answer that imports another one fails. Threads and processes may
be had, as far as limits.processes goes, but no shared memory, as in Lambda itself: a
Pool, Queue or Lock of Python's multiprocessing and a ProcessPoolExecutor raise an
OSError, where Process, Pipe and pools of threads work.

A function of Go that returns several values gives a list of them. An error at its
end is none of them: nil says nothing, and any other fails the case, as an exception does
elsewhere; a case cannot want one.

The function of a case is called as such judges call it: what an async function of
JavaScript promises is awaited, and an async function of Python gives a coroutine,
which is no answer. Tests that are programs await it themselves, or not.

A function gives plain data: null, truth, numbers, text, bytes, lists, tuples, sets,
maps. Iterators, ranges, views of a dict, enums and objects equal nothing in the
form function; asserts may wrap them, as in list(f(3)) == [0, 1, 2]. What JSON has
no word for is written {"$t": [1, 2]} for a tuple, {"$s": [1]} for a set,
{"$f": "inf"} (or nan, -inf), {"$b": "aGk="} for bytes in base64,
{"$d": [[1, "a"]]} for a map whose keys are no text, and so is a map with a key
that begins with "$".

A case may have name, weight (above 0; 1 by default) and group; groups can stand
beside the cases as well: [{"name": "small", "tests": [0, 1], "weight": 2}].

Where several outputs are right, a stdio suite has a checker:

	"checker": {"language": "python", "source": "...", "args": ["{input}", "{output}", "{expected}"], "verdict": "exit"}

Its arguments are names of files. With verdict exit (the default) status 0
accepts; with output its first word must also be a number above 0, ok, yes, true
or accepted. It has to accept the output that a case itself wants, where one is given:
it is tried on that once, and a checker that refuses it, fails or never ends is a
fault of the data.

The rows of HumanEval, MBPP, APPS, TACO, LiveCodeBench, LeetCodeDataset and open-r1,
and {"inputs", "outputs", "fn_name"} as verl has it, are read as they are. Functions of
such rows, in Python, know what LeetCode's judges import (typing, collections,
heapq, math and others, with all their names, ListNode and TreeNode) unless the row has "imports": "none";
tests of the form function have that with "imports": "leetcode". Tests may name
limits (time_s, memory_mb, output_kb), which those of the spec bound. The limit of
output grows with the output that is wanted, up to 10 MiB, unless the spec sets it.

Text is compared exact, by lines (trailing white space does not count), by
tokens, as float with a tolerance, or by a checker program. Values are compared
exact (as JSON: a tuple is a list, 2 is 2.0, true is not 1), float, strict (with
their types), unordered or as Python has it.

A check is one test; of asserts each is one. The candidate of a check may repeat
the function of the prompt or give its body alone. A prompt that only imports and
defines, such as the classes of a linked list, stands before it. Imports of an asserts' setup
are there for the candidate too.

Tests that cannot be split from the program are a fault of the data: a main of C or
C++, and tests that capture what the program prints, patch what it uses, hand files,
mocks or functions that change something to it, or compare objects of its classes by
its own operators. With untrusted: run they run in one process with it; then the
program could forge the verdict, and the metric trusted is 0. Nothing that a
program does is a fault of its tests: one that breaks their setup, or lacks a name
that they use, fails them.

# What tests earn

	all       1 if every test passes
	share     the share of tests that pass
	weighted  the same by the weight of the cases
	groups    the share of groups, by weight, of which every test passes

A program that always answers the same passes half of the tests of a yes-or-no
question. Where not all pass, guess: subtract takes off what the best constant
answer would earn:

	score = max(0, (share - g) / (1 - g))

where g is the greatest share that one output earns which more than one test
wants, and 0 where each wants another. If all tests want the same, only passing
all of them earns anything. Asserts of truth and numbers within a tolerance
count as well; tests that run as programs do not.

For example: of four tests that want 3, 3, 7 and 4, a program passes two. The share is
0.5; always answering 3 would pass two as well, so g is 0.5 and the score 0. With
three of four it is (0.75 - 0.5) / (1 - 0.5) = 0.5.

With compile_credit c, a program that compiles earns c + (1-c)*score. In
languages without a compiler that means little: it could be loaded.

After three runs in a row that reach the time limit those that are left count
as failed by it. With score all, and stop_early, the first failure ends a run.

# Metrics

	code_found   1 where the answer held code
	compiled     1 where it compiled
	passed       how many tests passed (with stop_early, before the first that failed)
	total        how many there are
	failed_...   1 for the class of the first failure: failed_compile, failed_answer,
	             failed_runtime, failed_time, failed_memory, failed_output, failed_disk
	trusted      0 where the program could have forged the verdict
	isolation    the share of the executor's protections that are active, 0 to 1
	flaky        1 where a second run differed; only with flaky
	time_s       processor seconds of all tests together; not with usage: false
	memory_mib   the peak of memory in MiB; not with usage: false

# Faults

Tests that are missing or cannot be read are a fault of the data. A toolchain
that is missing, or isolation that is required and not there, is a lasting fault
of the grading, and where the spec names the language the grader does not
start. No program is ever given a score for a fault of the sandbox.
*/
package code
