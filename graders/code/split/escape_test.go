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
