package split_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/graders/code/sandbox"
	"github.com/rftgrader/rftgrader/graders/code/split"
)

// TestEscapes has candidates that try to be graded by nobody: whatever they
// are, they get a Report with no test passed, and no error.
func TestEscapes(t *testing.T) {
	asserts := func(list ...string) *split.Tests {
		return &split.Tests{Kind: split.Asserts, Asserts: list, Entry: "f"}
	}
	unit := func(text string) *split.Tests {
		return &split.Tests{Kind: split.Unit, Framework: split.Unittest, SolutionFile: "solution.py", Files: map[string]string{
			"test_it.py": "import unittest, solution\n" + text + "\nclass T(unittest.TestCase):\n  def test_f(self): self.assertEqual(solution.f(1), 2)\n"}, Names: []string{"test_f"}}
	}
	check := func(text string) *split.Tests { return &split.Tests{Kind: split.Check, Entry: "f", Test: text} }
	node := func(text string) *split.Tests {
		return &split.Tests{Kind: split.Unit, Framework: split.NodeAssert, SolutionFile: "solution.js", Names: []string{"all"}, Files: map[string]string{
			"test.js": "const assert = require('assert');\nconst s = require('./solution');\n" + text}}
	}
	for _, c := range []struct {
		name, language string
		tests          *split.Tests
		code           string
	}{
		{"an error where the test is read", "python", check("X = f(1)\ndef check(candidate):\n  assert candidate(1) == 2"), "def f(x): raise ValueError"},
		{"a name that the test takes from values", "python", check("def check(candidate):\n  assert candidate([1]).count(1) == 2"), "def count(): pass\ndef append(): pass\ndef f(x): return x"},
		{"a module of its own", "python", asserts("assert math.isclose(f(1), 2.0)"), "class math:\n  isclose = staticmethod(lambda *a: True)\ndef f(x): return 1.0"},
		{"a judge of its own", "python", asserts("assert isclose(f(1), 2.0)"), "def isclose(*a): return True\ndef f(x): return 1.0"},
		{"a syntax error of its own", "python", unit("X = solution.f(1)"), "def f(x): raise SyntaxError('no')"},
		{"a missing module of its own", "python", unit("X = solution.f(1)"), "def f(x): raise ModuleNotFoundError('no')"},
		{"text that is no program", "python", unit("import ast\nX = ast.literal_eval(solution.f(1))"), "def f(x): return '(('"},
		{"a value that is handed on", "python", asserts("assert f(f(f(1))) == 1"), "def f(x):\n  v = [x]\n  for _ in range(198): v = [v]\n  return v"},
		{"an error that is handed on", "python", asserts("try:\n  f(1)\nexcept Exception as e:\n  assert f(e) == 1"), "def f(x): raise ValueError"},
		{"an iterator that is handed on", "python", asserts("assert f(iter(f(1))) == 1"), "class I:\n  def __iter__(self): return self\n  def __next__(self): raise StopIteration\ndef f(x): return I()"},
		{"a method that is handed on", "python", asserts("assert f(f(1).g) == 1"), "class I:\n  def g(self): pass\ndef f(x): return I()"},
		{"a coroutine that is handed on", "python", asserts("assert f(f) == 1"), "async def f(x): return 2"},
		{"it kills itself", "python", asserts("assert f(1) == 2"), "import os\nos.kill(os.getpid(), 9)"},
		{"it ends itself in a call", "python", asserts("assert f(1) == 2"), "import os\ndef f(x): os.kill(os.getpid(), 9)"},
		{"it closes everything", "python", asserts("assert f(1) == 2"), "import os\nfor i in range(200):\n  try: os.close(i)\n  except OSError: pass\ndef f(x): return 2"},
		{"a gigabyte of text", "python", asserts("assert f(1) == 2"), "while True: print('x' * 10**6)"},
		{"attributes without end", "python", asserts("assert f(1) == 2"), "def __getattr__(n): raise SystemExit\ndef f(x): return __getattr__"},
		{"another module in its place", "python", asserts("assert f(1) == 2"), "import sys\nfor n in list(sys.modules): sys.modules[n] = None\ndef f(x): return 3"},
		{"an object without end", "python", asserts("assert list(f(1)) == [1]"), "class I:\n  def __iter__(self): return self\n  def __next__(self): return self\ndef f(x): return I()"},
		{"classes in the place of functions", "python", unit("solution.f.limit = 3"), "class f:\n  def __new__(c, x): return 3"},
		{"a surrogate", "python", asserts("assert f(f(1)) == 1"), "def f(x): return '\\ud800'"},
		{"keys of all kinds", "python", asserts("assert f(f(1)) == 1"), "def f(x): return {'$x': 1, (1, 2): {'$o': 'x', 'h': -1}, None: float('nan')}"},

		{"the tests' own tools, patched", "python", &split.Tests{Kind: split.Asserts, Entry: "f", Setup: "import random\nrandom.seed(7)\nX = random.random()", Asserts: []string{"assert f(X) == X + 1"}},
			"import builtins\nbuiltins.exec = lambda *a, **k: None\nbuiltins.eval = lambda *a, **k: True\nbuiltins.compile = lambda *a, **k: None\ndef f(x): return None"},
		{"a name that the setup wants", "python", &split.Tests{Kind: split.Asserts, Entry: "f", Setup: "ROOT = Node(1)", Asserts: []string{"assert f(ROOT) == 1"}}, "def f(x): return 1"},
		{"an error in the place of a class", "python", &split.Tests{Kind: split.Asserts, Entry: "f", Setup: "ROOT = Node(1)\nROOT.left.x = 2", Asserts: []string{"assert f(ROOT) == 1"}}, "class Node(Exception): left = None\ndef f(x): return 1"},
		{"a setup that is cut short", "python", &split.Tests{Kind: split.Asserts, Entry: "f", Setup: "WANT = []\nfor i in range(3):\n  f(i)\n  WANT.append(i)", Asserts: []string{"assert f(WANT) == len(WANT) == 0", "assert f(1) is None"}}, "import os\ndef f(x):\n  if x == 0: os._exit(0)\n  return 0 if x == [] else None"},
		{"a fixture's name that is not there", "python", &split.Tests{Kind: split.Unit, Framework: split.Pytest, SolutionFile: "solution.py", Names: []string{"test_f"}, Files: map[string]string{
			"conftest.py": "import pytest\nfrom solution import Stack\n@pytest.fixture\ndef s(): return Stack()\n", "test_it.py": "def test_f(s): assert s.f(1) == 2\n"}}, "def f(x): return 2"},
		{"names that a star takes", "python", &split.Tests{Kind: split.Unit, Framework: split.Unittest, SolutionFile: "solution.py", Names: []string{"test_f"}, Files: map[string]string{
			"test_it.py": "import unittest\nclass T(unittest.TestCase):\n  def test_f(self): self.assertEqual(f(1), 2)\nfrom solution import *\n"}},
			"class unittest: TestCase = object\nclass T:\n  def test_f(self): pass\ndef load_tests(*a): return []\ndef setUpModule(): pass\ndef f(x): return 3"},
		{"a framework of its own", "python", &split.Tests{Kind: split.Unit, Framework: split.Pytest, SolutionFile: "solution.py", Names: []string{"test_f"}, Files: map[string]string{
			"test_it.py": "import pytest\nfrom solution import *\ndef test_f():\n  with pytest.raises(ValueError): f(1)\n"}},
			"class pytest:\n  class raises:\n    def __init__(self, *a): pass\n    def __enter__(self): return self\n    def __exit__(self, *a): return True\npytest_plugins = ['x']\ndef pytest_collection_modifyitems(items): items.clear()\ndef f(x): return 3"},
		{"an object that swallows", "python", asserts("with C() as c:\n  assert c.f(1) == 2"), "class C:\n  def __enter__(self): return self\n  def __exit__(self, *a): return True\n  def f(self, x): return 3\ndef f(x): return 3"},
		{"an object that swallows what it raised", "python", asserts("with C() as c:\n  assert c.f(1) == 2\nassert f(1) == 2"), "class C:\n  def __enter__(self): return self\n  def __exit__(self, *a): return True\n  def f(self, x): raise ValueError\ndef f(x): return 2"},
		{"a coroutine that a function returns", "python", asserts("assert f(1) == 2"), "async def g(x): return x + 1\ndef f(x): return g(x)"},
		{"an asynchronous method", "python", asserts("assert f(1) == 2"), "class Solution:\n  async def f(self, x): return x + 1"},
		{"a coroutine in the place of a value", "python", asserts("assert f(f(1)) == 2"), "async def f(x): return x"},
		{"an object that starts and ends as is wanted", "python", asserts("assert f(1).startswith('x') and f(2).endswith('y')", "assert f(1).isdigit()"), "class str:\n  def startswith(self, x): return True\n  endswith = startswith\n  def isdigit(self): return True\ndef f(x): return str()"},
		{"a difference of its own", "python", asserts("assert abs(f(1) - 2.5) < 1e-6", "assert 'x' in f(2)"), "class f:\n  def __init__(self, x): pass\n  def __sub__(self, other): return 0.0\n  def __contains__(self, x): return True"},
		{"a class by a name of the tests", "python", unit("class U(unittest.TestCase):\n  def test_g(self):\n    self.assertAlmostEqual(solution.f(1), 2.5)\n    self.assertIn('x', solution.f(1))"), "class TestCase:\n  def __sub__(self, other): return 0.0\n  def __contains__(self, x): return True\n  def __round__(self, n=0): return 0\nclass U(TestCase): pass\ndef f(x): return U()"},
		{"a part of an object", "python", asserts("assert list(f(1)[1:]) == [2]"), "class I(dict):\n  def __init__(self): self.x = 3\n  def __getitem__(self, k): return self\ndef f(x): return object.__new__(type('J', (), {'__getitem__': lambda s, k: s, '__iter__': lambda s: iter([3])}))"},
		{"an object that takes what data takes", "python", asserts("xs = f(1)\nxs[0] = iter([1])\nassert len(xs) == 1"), "class I:\n  def __setitem__(self, k, v): pass\n  def __len__(self): return 2\ndef f(x): return I()"},
		{"the class of an error, handed on", "python", asserts("try:\n  f(1)\nexcept Exception as e:\n  assert f(type(e)) == 1"), "class E(Exception): pass\ndef f(x): raise E"},

		{"objects that are walked", "javascript", node("assert.deepStrictEqual([...s.f()], [1]);"), "class A {} module.exports = { f: () => new A() };"},
		{"text that is no program", "javascript", node("JSON.parse(s.f());"), "module.exports = { f: () => '{{' };"},
		{"a syntax error of its own", "javascript", node("s.f();"), "module.exports = { f: () => { throw new SyntaxError('no'); } };"},
		{"an error that is handed on", "javascript", node("try { s.f(); } catch (e) { assert.strictEqual(s.f(e), 1); }"), "module.exports = { f: () => { throw new RangeError('no'); } };"},
		{"a method that is handed on", "javascript", node("assert.strictEqual(s.f(s.f(1).g), 2);"), "class A { g() {} } module.exports = { f: () => new A() };"},
		{"a value that is handed on", "javascript", node("assert.strictEqual(s.f(s.f(s.f(1))), 2);"), "module.exports = { f: (x) => { let v = x; for (let i = 0; i < 199; i++) v = [v]; return v; } };"},
		{"a big integer", "javascript", node("assert.strictEqual(s.f(s.f(1)), 2);"), "module.exports = { f: () => 10n ** 50n };"},
		{"a symbol", "javascript", node("assert.strictEqual(s.f(s.f(1)), 2);"), "module.exports = { f: () => Symbol.iterator };"},
		{"keys of all kinds", "javascript", node("assert.deepStrictEqual(s.f(s.f(1)), 2);"), "module.exports = { f: () => new Map([['$x', { $o: 1 }], [{}, NaN]]) };"},
		{"a module that answers everything", "javascript", node("assert.strictEqual(s.f(1), 2);"), "module.exports = new Proxy({}, { get: (t, k) => { throw new Error(String(k)); }, ownKeys: () => { throw 1; } });"},
		{"names without end", "javascript", node("assert.strictEqual(s.f(1), 2);"), "module.exports = {}; for (let i = 0; i < 1e5; i++) module.exports['k' + i] = i;"},
		{"a class in the place of a function", "javascript", node("s.f.limit = 3; assert.strictEqual(s.f(1), 2);"), "module.exports = { f: class { static set limit(x) { throw new Error('no'); } } };"},
		{"an object that includes everything", "javascript", node("assert.ok(s.f(1).includes('x')); assert.ok(s.f(2).every((x) => x > 1));"), "class A { includes() { return true; } every() { return true; } } module.exports = { f: () => new A() };"},
		{"functions that include everything", "javascript", node("assert.ok(s.f(1).includes('x')); assert.ok(s.f(2).every((x) => x > 1));"), "module.exports = { f: () => ({ includes: () => true, every: () => true }) };"},
		{"a promise in the place of a value", "javascript", node("assert.strictEqual(s.f(s.f(1)), 1);"), "module.exports = { f: async (x) => x };"},
		{"a promise that a function returns", "javascript", node("assert.strictEqual(s.f(1), 2);"), "module.exports = { f: (x) => Promise.resolve(2) };"},
		{"a promise that is no error", "javascript", node("assert.throws(() => s.f(1));"), "module.exports = { f: async (x) => { throw new Error('no'); } };"},
		{"an asynchronous method", "javascript", node("assert.strictEqual(new s.A().f(1), 2);"), "class A { async f(x) { return x + 1; } } module.exports = { A };"},
		{"a class that is handed on", "javascript", node("assert.strictEqual(s.f(s.g), 2);"), "module.exports = { g: class {}, f: (x) => 1 };"},
		{"a key that begins with $", "javascript", node("const o = {}; o[s.f()] = 1; assert.strictEqual(s.f(o), 2);"), "module.exports = { f: () => '$o' };"},
		{"it kills itself", "javascript", node("assert.strictEqual(s.f(1), 2);"), "process.kill(process.pid, 9);"},
		{"a gigabyte of text", "javascript", node("assert.strictEqual(s.f(1), 2);"), "const fs = require('fs'); for (;;) fs.writeSync(1, 'x'.repeat(1e6));"},
	} {
		t.Run(c.language+"/"+c.name, func(t *testing.T) {
			c.tests.Limits = sandbox.Limits{Time: 500 * time.Millisecond}
			for _, allowed := range []bool{false, true} {
				c.tests.Together = allowed
				report, err := split.Run(t.Context(), opener(t), c.tests, sandbox.Program{Language: language(c.language), Source: c.code})
				require.NoError(t, err)
				require.Empty(t, report.Unsplittable)
				require.True(t, report.Trusted)
				require.NotEmpty(t, report.Tests)
				require.Zero(t, report.Passed(), details(report))
			}
		})
	}
}
