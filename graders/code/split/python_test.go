package split_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/graders/code/sandbox"
	"github.com/rftgrader/rftgrader/graders/code/split"
)

func python(source string) sandbox.Program {
	return sandbox.Program{Language: language("python"), Source: source, Limits: sandbox.Limits{Time: 3 * time.Second}}
}

// outcomes writes a report's tests as one word each: pass, or the failure.
func outcomes(r split.Report) string {
	var words []string
	for _, t := range r.Tests {
		if t.Passed {
			words = append(words, "pass")
		} else {
			words = append(words, string(t.Failure))
		}
	}
	return strings.Join(words, " ")
}

func details(r split.Report) string {
	var lines []string
	for _, t := range r.Tests {
		lines = append(lines, t.Name+": "+t.Detail)
	}
	return r.Unsplittable + "\n" + strings.Join(lines, "\n") + "\n" + string(r.Stderr)
}

func TestAsserts(t *testing.T) {
	for _, c := range []struct {
		name, code string
		setup      string
		asserts    []string
		want       string
	}{
		{"right", "def f(x): return x + 1", "", []string{"assert f(1) == 2", "assert f(2) == 3"}, "pass pass"},
		{"one wrong", "def f(x): return 2", "", []string{"assert f(1) == 2", "assert f(2) == 3"}, "pass wrong"},
		{"raises", "def f(x): raise ValueError('x')", "", []string{"assert f(1) == 2"}, "runtime"},
		{"tuple is no list", "def f(x): return (1, 2)", "", []string{"assert f(1) == [1, 2]", "assert f(1) == (1, 2)"}, "wrong pass"},
		{"values keep their types", "import decimal, fractions\ndef f(x): return x",
			"from decimal import Decimal\nfrom fractions import Fraction",
			[]string{
				"assert f({1, 2}) == {1, 2}", "assert f(frozenset([1])) == frozenset([1])", "assert f(b'ab') == b'ab'",
				"assert f(1.0) == 1 and type(f(1.0)) is float", "assert type(f(10**30)) is int and f(10**30) == 10**30",
				"assert f({1: 'a', (1, 2): None}) == {1: 'a', (1, 2): None}", "assert f({'$o': 1}) == {'$o': 1}",
				"assert f(1+2j) == 1+2j", "assert f(Decimal('1.50')) == Decimal('1.5')", "assert f(Fraction(1, 3)) == Fraction(1, 3)",
				"assert f(float('inf')) == float('inf')", "assert f(float('nan')) != f(float('nan'))", "assert f('\\ud800') == '\\ud800'",
				"assert f(None) is None and f(True) is True",
			}, strings.Repeat("pass ", 14)},
		{"setup and modules", "import math\nfrom math import sqrt\ndef f(x): return sqrt(x)", "import itertools", []string{
			"assert math.isclose(f(2), 1.414213562)", "assert list(itertools.islice([1, 2], 1)) == [1]"}, "pass pass"},
		{"in place", "def f(xs): xs.sort()", "", []string{"xs = [3, 1, 2]\nf(xs)\nassert xs == [1, 2, 3]"}, "pass"},
		{"in place, nested", "def f(g):\n  for r in g: r[0] = 9", "", []string{"g = [[1], [2]]\nr = g[0]\nf(g)\nassert g == [[9], [9]] and r == [9]"}, "pass"},
		{"in place and a value", "def f(xs):\n  while 0 in xs: xs.remove(0)\n  return len(xs)", "", []string{"xs = [0, 1, 0, 2]\nk = f(xs)\nassert xs[:k] == [1, 2]"}, "pass"},
		{"emptied argument", "def f(xs):\n  xs.clear()\n  return []", "", []string{"xs = [3, 1]\nassert f(xs) == sorted(xs)"}, "wrong"},
		{"emptied argument over lines", "def f(xs):\n  xs.clear()\n  return []", "", []string{"xs = [3, 1]\nassert f(\n  xs\n) == sorted(\n xs)"}, "wrong"},
		{"names of Python stay Python's", "def sorted(x): return [1]\ndef isinstance(*a): return True\ndef f(x): return 7\nAssertionError = ValueError", "",
			[]string{"assert sorted([2, 1]) == [1, 2]", "assert isinstance(f(1), str)"}, "pass wrong"},
		{"entry may have a builtin's name", "def f(x): return 1", "", []string{"assert f([]) == 1"}, "pass"},
		{"key functions", "def f(xs, key): return sorted(xs, key=key)", "", []string{
			"assert f([3, 1], lambda x: -x) == [3, 1]", "assert f(['bb', 'a'], len) == ['a', 'bb']",
			"n = 2\nassert f([1, 2, 3], lambda x: x % n) == [2, 1, 3]", "import operator\nassert f([3, 1], operator.neg) == [3, 1]",
			"def by(x):\n  return -x\nassert f([1, 2], by) == [2, 1]",
		}, "pass pass pass pass pass"},
		{"generators", "def f(n):\n  for i in range(n): yield i", "", []string{"assert list(f(3)) == [0, 1, 2]", "assert next(f(2)) == 0", "assert sum(f(4)) == 6"}, "pass pass pass"},
		{"functions returned", "def f(n): return lambda x: x + n", "", []string{"assert f(2)(3) == 5"}, "pass"},
		{"coroutines", "async def f(n): return n + 1", "import asyncio", []string{"assert asyncio.run(f(2)) == 3"}, "pass"},
		{"an object that says yes", "class Y:\n  def __eq__(s, o): return True\n  def __bool__(s): return True\n  def __len__(s): return 2\n  def __contains__(s, x): return True\n  def __sub__(s, o): return 0.0\n  def __hash__(s): return 1\ndef f(x): return Y()", "",
			[]string{"assert f(1) == 2", "assert 2 in f(1)", "assert abs(f(1) - 3) < 1e-9", "assert f(1) in [3, 4]", "assert not f(1) != 3", "assert {f(1): 1}", "assert [f(1)] == [3]", "assert f(1) == f(1)"},
			strings.TrimSpace(strings.Repeat("runtime ", 8))},
		{"an int that says yes", "class Y(int):\n  def __eq__(s, o): return True\ndef f(x): return Y(7)", "", []string{"assert f(1) == 2", "assert f(1) == 7"}, "wrong pass"},
		{"stop iteration", "def f(x): raise StopIteration", "", []string{"assert all(map(lambda c: f(c[0]) == c[1], [(1, 2)]))"}, "runtime"},
		{"system exit", "import sys\ndef f(x): sys.exit(0)", "", []string{"assert f(1) == 2", "assert 1 == 1"}, "runtime pass"},
		{"the process ends", "import os\ndef f(x):\n  if x == 1: os._exit(0)\n  return x", "", []string{"assert f(1) == 2", "assert f(3) == 3"}, "runtime pass"},
		{"swallowed end", "import os\ndef f(x): os._exit(0)", "", []string{"try:\n  f(1)\nexcept BaseException:\n  pass"}, "runtime"},
		{"too slow", "def f(x):\n  while x: pass\n  return 0", "", []string{"assert f(1) == 2", "assert f(0) == 0"}, "time pass"},
		{"deep recursion", "def f(x): return f(x)", "", []string{"assert f(1) == 2", "import sys\ntry:\n  f(1)\nexcept RecursionError:\n  pass"}, "runtime pass"},
		{"does not load", "import nothing_of_that_name\ndef f(x): return 2", "", []string{"assert f(1) == 2"}, "runtime"},
		{"not defined", "def g(x): return 2", "", []string{"assert f(1) == 2"}, "runtime"},
		{"a hostile text", "class E(Exception):\n  def __str__(s): raise SystemExit\ndef f(x): raise E()", "", []string{"assert f(1) == 2"}, "runtime"},
	} {
		t.Run(c.name, func(t *testing.T) {
			report, err := split.Run(t.Context(), opener(t), &split.Tests{Kind: split.Asserts, Entry: "f", Setup: c.setup, Asserts: c.asserts,
				Limits: sandbox.Limits{Time: 500 * time.Millisecond}}, python(c.code))
			require.NoError(t, err)
			require.Equal(t, strings.TrimSpace(c.want), outcomes(report), details(report))
			require.True(t, report.Trusted)
		})
	}
}

const stack = `
class Empty(ValueError): pass
class Stack:
    LIMIT = 3
    def __init__(self, items=()):
        self.items = list(items)
        self.size = len(self.items)
    def push(self, x):
        self.items.append(x)
        self.size = len(self.items)
    def pop(self):
        if not self.items: raise Empty("nothing to pop")
        self.size -= 1
        return self.items.pop()
    def __len__(self): return len(self.items)
    def __contains__(self, x): return x in self.items
    def __iter__(self): return iter(self.items)
    def __getitem__(self, i): return self.items[i]
    def __repr__(self): return "Stack(%r)" % self.items
    @property
    def top(self): return self.items[-1]
    @staticmethod
    def of(*items): return Stack(items)
def merge(a, b): return Stack(list(a) + list(b))
LIMIT = 10
`

const stackTests = `
import unittest
import solution
from solution import Stack, Empty, merge, LIMIT

class T(unittest.TestCase):
    def setUp(self):
        self.s = Stack([1, 2])
    def test_push(self):
        self.s.push(3)
        self.assertEqual(self.s.pop(), 3)
        self.assertEqual(self.s.size, 2)
        self.assertEqual(len(self.s), 2)
        self.assertIn(1, self.s)
        self.assertEqual(list(self.s), [1, 2])
        self.assertEqual(self.s[0], 1)
        self.assertEqual(repr(self.s), "Stack([1, 2])")
        self.assertTrue(self.s)
        self.assertFalse(Stack())
        self.assertEqual(self.s.top, 2)
    def test_empty(self):
        with self.assertRaises(Empty):
            Stack().pop()
        with self.assertRaisesRegex(ValueError, "nothing"):
            Stack().pop()
        try:
            Stack().pop()
        except Empty as e:
            self.assertEqual(str(e), "nothing to pop")
    def test_class(self):
        self.assertIsInstance(Stack.of(1, 2), Stack)
        self.assertEqual(Stack.LIMIT, 3)
        self.assertEqual(LIMIT, 10)
        self.assertEqual(solution.LIMIT, 10)
        self.assertEqual(list(merge(self.s, Stack([3]))), [1, 2, 3])
        self.assertIs(self.s, self.s)
        self.assertEqual(self.s, self.s)
        self.assertIsNotNone(self.s)
    def test_sub(self):
        for i in range(3):
            with self.subTest(i=i):
                self.assertEqual(Stack([i]).pop(), i)
    @unittest.skip("not today")
    def test_skipped(self):
        pass
    @unittest.expectedFailure
    def test_wrong(self):
        self.assertEqual(len(self.s), 5)
`

func TestUnittest(t *testing.T) {
	names := []string{"test_push", "T.test_empty", "test_solution.T.test_class", "test_sub", "test_skipped", "test_wrong", "test_that_is_not"}
	for _, c := range []struct{ name, code, want string }{
		{"right", stack, "pass pass pass pass missing pass missing"},
		{"a part of a subtest is wrong", strings.Replace(stack, "return self.items.pop()", "return self.items.pop() or 7", 1), "pass pass pass wrong missing pass missing"},
		{"skips itself", "import unittest\nraise unittest.SkipTest('x')", "runtime runtime runtime runtime runtime runtime runtime"},
		{"says yes to assertRaises", strings.Replace(stack, "class Empty(ValueError)", "class Empty(Exception)", 1), "pass runtime pass pass missing pass missing"},
		{"lacks a name", strings.Replace(stack, "def merge", "def merged", 1), "missing missing missing missing missing missing missing"},
	} {
		t.Run(c.name, func(t *testing.T) {
			report, err := split.Run(t.Context(), opener(t), &split.Tests{Kind: split.Unit, Framework: split.Unittest, SolutionFile: "solution.py",
				Files: map[string]string{"test_solution.py": stackTests}, Names: names}, python(c.code))
			require.NoError(t, err)
			require.Equal(t, c.want, outcomes(report), details(report))
			require.True(t, report.Trusted)
		})
	}
}

const pytestTests = `
import pytest
from solution import Stack, Empty, add
from helpers import three

@pytest.fixture
def s():
    return Stack([1])

class TestStack:
    def test_pop(self, s):
        assert s.pop() == 1
        with pytest.raises(Empty, match="nothing"):
            s.pop()

@pytest.mark.parametrize("a,b,c", [(1, 2, 3), (2, 2, 4), (0, 0, 0)])
def test_add(a, b, c):
    assert add(a, b) == c

@pytest.mark.skip
def test_skipped():
    pass

@pytest.mark.xfail
def test_expected():
    assert add(1, 1) == 3

def test_approx():
    assert add(0.1, 0.2) == pytest.approx(0.3)
    assert add(three, 0) == 3

@pytest.fixture
def broken():
    raise RuntimeError
def test_broken(broken):
    pass

def test_teardown(tmp_path):
    (tmp_path / "a").write_text("b")
    assert (tmp_path / "a").read_text() == "b"
`

func TestPytest(t *testing.T) {
	names := []string{"TestStack::test_pop", "test_add", "test_skipped", "test_expected", "test_approx", "test_broken", "test_add[1-2-3]", "test_teardown"}
	for _, c := range []struct{ name, code, want string }{
		{"right", stack + "\ndef add(a, b): return a + b", "pass pass missing pass pass runtime pass pass"},
		{"one case is wrong", stack + "\ndef add(a, b): return a + b if a else 1", "pass wrong missing pass pass runtime pass pass"},
		{"leaves", "import pytest\npytest.exit('done', returncode=0)", strings.TrimSpace(strings.Repeat("runtime ", 8))},
		{"ends", stack + "\nimport os\ndef add(a, b): os._exit(0)", "pass runtime missing runtime runtime runtime runtime pass"},
	} {
		t.Run(c.name, func(t *testing.T) {
			report, err := split.Run(t.Context(), opener(t), &split.Tests{Kind: split.Unit, Framework: split.Pytest, SolutionFile: "solution.py",
				Files: map[string]string{"test_solution.py": pytestTests, "helpers.py": "three = 3"}, Names: names}, python(c.code))
			require.NoError(t, err)
			require.Equal(t, c.want, outcomes(report), details(report))
			require.True(t, report.Trusted)
		})
	}
}

func TestPythonCheck(t *testing.T) {
	const prompt = "def helper(x):\n    return x * 2\n\ndef f(x):\n    \"\"\"Twice.\"\"\"\n"
	for _, c := range []struct{ name, code, test, prompt, want string }{
		{"right", "def f(x): return 2 * x", "def check(candidate):\n  assert candidate(2) == 4", "", "pass"},
		{"the prompt's helper is the tests' own", "def helper(x): return 0\ndef f(x): return 0", "def check(candidate):\n  assert candidate(2) == helper(2)", prompt, "wrong"},
		{"no function", "x = 1", "def check(candidate):\n  pass", "", "runtime"},
		{"called by name", "def f(x): return 2 * x", "def check(candidate):\n  assert f(2) == 4", "", "pass"},
	} {
		t.Run(c.name, func(t *testing.T) {
			report, err := split.Run(t.Context(), opener(t), &split.Tests{Kind: split.Check, Entry: "f", Test: c.test, Prompt: c.prompt}, python(c.code))
			require.NoError(t, err)
			require.Equal(t, c.want, outcomes(report), details(report))
		})
	}
}

func TestTestsAtFault(t *testing.T) {
	code := python("def f(x): return 1\ndef oracle(x): return 1")
	for _, c := range []struct {
		name  string
		tests split.Tests
	}{
		{"no kind", split.Tests{}},
		{"no asserts", split.Tests{Kind: split.Asserts}},
		{"an assert does not compile", split.Tests{Kind: split.Asserts, Asserts: []string{"assert ("}}},
		{"the setup fails", split.Tests{Kind: split.Asserts, Setup: "1/0", Asserts: []string{"assert 1"}}},
		{"no check", split.Tests{Kind: split.Check, Entry: "f", Test: "x = 1"}},
		{"check does not compile", split.Tests{Kind: split.Check, Entry: "f", Test: "def check(:"}},
		{"the solution is the oracle", split.Tests{Kind: split.Check, Entry: "f", Test: "def check(candidate):\n  assert candidate(1) == oracle(1)"}},
		{"no files", split.Tests{Kind: split.Unit, Framework: split.Pytest, SolutionFile: "solution.py"}},
		{"no framework", split.Tests{Kind: split.Unit, Framework: "nose", SolutionFile: "solution.py", Files: map[string]string{"a.py": ""}}},
		{"a file outside", split.Tests{Kind: split.Unit, Framework: split.Pytest, SolutionFile: "solution.py", Files: map[string]string{"../a.py": ""}}},
		{"a test file does not compile", split.Tests{Kind: split.Unit, Framework: split.Unittest, SolutionFile: "solution.py", Files: map[string]string{"test_a.py": "def ("}}},
		{"a module that is not there", split.Tests{Kind: split.Unit, Framework: split.Unittest, SolutionFile: "solution.py", Files: map[string]string{"test_a.py": "import no_such_module"}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := split.Run(t.Context(), opener(t), &c.tests, code)
			require.Equal(t, grader.FaultData, grader.FaultOf(err), "%v", err)
		})
	}
}

func TestUnsplittable(t *testing.T) {
	for _, c := range []struct{ name, test string }{
		{"captured output", "from solution import f\ndef test_f(capsys):\n  f(1)\n  assert capsys.readouterr().out == ''"},
		{"an object of the tests", "from solution import f\nclass A: pass\ndef test_f():\n  assert f(A()) == 1"},
		{"a callback that counts", "from solution import f\ndef test_f():\n  calls = []\n  f(lambda: calls.append(1))\n  assert calls == []"},
		{"a derived class", "from solution import C\ndef test_f():\n  class D(C): pass"},
		{"equality by another way", "import unittest\nfrom solution import *\nclass T(unittest.TestCase):\n  def test_f(self): self.assertEqual(C(), C())"},
		{"warnings", "import pytest\nfrom solution import f\ndef test_f():\n  f(1)\n  with pytest.warns(UserWarning):\n    import warnings\n    warnings.warn('x')"},
		{"a folder of the tests", "import tempfile\nfrom solution import f\ndef test_f():\n  with tempfile.TemporaryDirectory() as d:\n    f(d)"},
		{"a file of the tests", "from solution import f\ndef test_f(tmp_path):\n  f(f'{tmp_path}/x')"},
		{"equality of the solution's objects", "from solution import C\ndef test_f():\n  assert C() == C()"},
	} {
		t.Run(c.name, func(t *testing.T) {
			tests := &split.Tests{Kind: split.Unit, Framework: split.Pytest, SolutionFile: "solution.py", Files: map[string]string{"test_solution.py": c.test}}
			code := python("def f(x): return 1\nclass C:\n  def __eq__(s, o): return True\n")
			report, err := split.Run(t.Context(), opener(t), tests, code)
			require.NoError(t, err)
			require.NotEmpty(t, report.Unsplittable)
			require.Empty(t, report.Tests)
			require.False(t, report.Trusted)

			tests.Together = true
			report, err = split.Run(t.Context(), opener(t), tests, code)
			require.NoError(t, err)
			require.NotEmpty(t, report.Unsplittable)
			require.False(t, report.Trusted)
			require.Equal(t, "pass", outcomes(report), details(report))
		})
	}
}
