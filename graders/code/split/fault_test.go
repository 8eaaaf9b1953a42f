package split_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/graders/code/sandbox"
	"github.com/rftgrader/rftgrader/graders/code/split"
)

// TestFaultyFiles has tests that no solution can pass: that is no grade.
func TestFaultyFiles(t *testing.T) {
	for _, c := range []struct {
		name, framework, file, test string
		names                       []string
	}{
		{"a syntax error", split.Pytest, "test_a.py", "def test_a(:\n", nil},
		{"a syntax error, named", split.Pytest, "test_a.py", "def test_a(:\n", []string{"test_a"}},
		{"no test", split.Pytest, "test_a.py", "x = 1\n", nil},
		{"no module", split.Pytest, "test_a.py", "import no_such_module\nfrom solution import add\ndef test_a(): assert add(1, 2) == 3\n", nil},
		{"no such name", split.Pytest, "test_a.py", "from solution import add\ndef test_a(): assert add(1, 2) == 3\n", []string{"test_b"}},
		{"conftest", split.Pytest, "conftest.py", "import no_such_module\n", nil},
		{"no such name", split.Unittest, "test_a.py", "import unittest\nfrom solution import add\nclass T(unittest.TestCase):\n  def test_a(self): self.assertEqual(add(1, 2), 3)\n", []string{"test_b"}},
		{"no test", split.Unittest, "test_a.py", "x = 1\n", nil},
		{"a syntax error", split.Script, "a.py", "assert (\n", nil},
		{"no such name", split.NodeTest, "a.test.js", "const test = require('node:test'); const { add } = require('./solution.js'); test('a', () => { if (add(1, 2) !== 3) throw new Error(); });\n", []string{"b"}},
		{"a syntax error", split.NodeTest, "a.test.js", "const {\n", nil},
		{"a syntax error in a module", split.NodeTest, "a.test.mjs", "import test from 'node:test'; const {\n", nil},
		{"no such name", split.GoTest, "a_test.go", "package s\n\nimport \"testing\"\n\nfunc TestA(t *testing.T) { Add(1, 2) }\n", []string{"TestB"}},
	} {
		t.Run(c.framework+"/"+c.name, func(t *testing.T) {
			file, lang, code := "solution.py", "python", "def add(a, b): return a + b\n"
			switch c.framework {
			case split.NodeTest:
				file, lang, code = "solution.js", "javascript", "module.exports = { add: (a, b) => a + b };\n"
			case split.GoTest:
				file, lang, code = "solution.go", "go", "package s\n\nfunc Add(a, b int) int { return a + b }\n"
			}
			_, err := split.Run(t.Context(), opener(t), &split.Tests{Kind: split.Unit, Framework: c.framework, SolutionFile: file,
				Files: map[string]string{c.file: c.test}, Names: c.names}, sandbox.Program{Language: language(lang), Source: code})
			var data *grader.DataError
			require.True(t, errors.As(err, &data), "%v", err)
		})
	}
}

// TestReach has tests that mean the surroundings of the solution too.
func TestReach(t *testing.T) {
	for _, c := range []struct{ name, test, code, want string }{
		{"patch", "from unittest.mock import patch\nfrom solution import f\ndef test_a():\n  with patch('solution.time.time', return_value=5): assert f() == 5\n", "import time\ndef f(): return time.time()", "unsplittable"},
		{"setenv", "from solution import f\ndef test_a(monkeypatch):\n  monkeypatch.setenv('APP', 'x')\n  assert f() == 'x'\n", "import os\ndef f(): return os.environ['APP']", "unsplittable"},
		{"a file of the tests", "from solution import f\ndef test_a(): assert f('data.txt') == 'hey'\n", "def f(p): return open(p).read()", "unsplittable"},
		{"a file that a test makes", "from solution import f\ndef test_a(tmp_path):\n  p = tmp_path / 'x'; p.write_text('hey')\n  assert f(str(p)) == 'hey'\n", "def f(p): return open(p).read()", "unsplittable"},
		{"an exception's own member", "import pytest\nfrom solution import f, E\ndef test_a():\n  with pytest.raises(E) as e: f()\n  assert e.value.code == 4\n", "class E(Exception):\n  code = 4\ndef f(): raise E", "pass"},
		{"an exception's words", "import pytest\nfrom solution import f, E\ndef test_a():\n  with pytest.raises(E) as e: f()\n  assert 'no' in str(e.value) and e.value.args\n", "class E(Exception): pass\ndef f(): raise E('no')", "pass"},
		{"random numbers", "import random\nfrom solution import f\ndef test_a():\n  random.seed(1); a = f()\n  random.seed(1); assert f() == a != f()\n", "import random\ndef f(): return random.random()", "pass"},
		{"a file that the tests read", "from solution import f\ndef test_a():\n  assert f(open('data.txt').read()) == 3\n", "def f(s): return len(s)", "pass"},
		{"a fixture", "import pytest\nfrom solution import f\n@pytest.fixture\ndef x(tmp_path): return str(7)\ndef test_a(x): assert f(x) == 1\n", "def f(s): return len(s)", "pass"},
	} {
		t.Run(c.name, func(t *testing.T) {
			report, err := split.Run(t.Context(), opener(t), &split.Tests{Kind: split.Unit, Framework: split.Pytest, SolutionFile: "solution.py",
				Files: map[string]string{"test_a.py": c.test, "data.txt": "hey"}}, sandbox.Program{Language: language("python"), Source: c.code})
			require.NoError(t, err)
			got := outcomes(report)
			if report.Unsplittable != "" {
				got = "unsplittable"
			}
			require.Equal(t, c.want, got, details(report))
		})
	}
	t.Run("objects of the solution's classes", func(t *testing.T) {
		report, err := split.Run(t.Context(), opener(t), &split.Tests{Kind: split.Asserts, Asserts: []string{"assert f(1) == P(1)"}},
			sandbox.Program{Language: language("python"), Source: "class P:\n  def __init__(s, x): s.x = x\n  def __eq__(s, o): return True\ndef f(a): return P(a)"})
		require.NoError(t, err)
		require.NotEmpty(t, report.Unsplittable)
	})
}

func TestForms(t *testing.T) {
	for _, c := range []struct {
		name, language, code string
		tests                *split.Tests
		want                 string
	}{
		{"what is not awaited", "python", "async def add(a, b): return a + b", &split.Tests{Kind: split.Asserts, Asserts: []string{"assert add(1, 2) == 3", "import asyncio\nassert asyncio.run(add(1, 2)) == 3"}}, "wrong pass"},
		{"what is not awaited in check", "python", "async def add(a, b): return a + b", &split.Tests{Kind: split.Check, Entry: "add", Test: "def check(candidate):\n  assert candidate(1, 2) == 3\n"}, "wrong"},
		{"a class Solution", "python", "class Solution:\n  def add(self, a, b): return a + b", &split.Tests{Kind: split.Asserts, Asserts: []string{"assert add(1, 2) == 3", "x = add(1, 2)\nassert x == 4"}}, "pass wrong"},
		{"a class Solution in check", "python", "class Solution:\n  def add(self, a, b): return a + b", &split.Tests{Kind: split.Check, Entry: "add", Test: "def check(candidate):\n  assert candidate(1, 2) == 3\n"}, "pass"},
		{"imports on one line", "javascript", "export function add(a, b) { return a + b }", &split.Tests{Kind: split.Unit, Framework: split.NodeTest, SolutionFile: "s.js",
			Files: map[string]string{"s.test.js": "import test from 'node:test';import assert from 'node:assert';import {add} from './s.js';\ntest('a',()=>assert.equal(add(1,2),3));"}}, "pass"},
		{"a promise that is not awaited", "javascript", "module.exports.add = async (a, b) => a + b;", &split.Tests{Kind: split.Unit, Framework: split.NodeAssert, SolutionFile: "s.js",
			Files: map[string]string{"t.js": "require('assert').strictEqual(require('./s').add(1, 2), 3);"}}, "wrong"},
		{"a promise that is awaited", "javascript", "class A { async f(x) { return x + 1; } } module.exports = { A, add: (a, b) => Promise.resolve(a + b), no: async () => { throw new RangeError('no'); } };", &split.Tests{Kind: split.Unit, Framework: split.NodeAssert, SolutionFile: "s.js",
			Files: map[string]string{"t.js": "const assert = require('assert'), s = require('./s');\n(async () => { assert.strictEqual(await s.add(1, 2), 3); assert.strictEqual(await new s.A().f(1), 2); await assert.rejects(s.no(), RangeError); })();"}}, "pass"},
		{"a class that answers", "javascript", "class Bag { constructor(...xs) { this.xs = xs; } includes(x) { return this.xs.includes(x); } } module.exports = { Bag, cache: () => { const m = {}; return { has: (k) => k in m, set: (k, v) => { m[k] = v; } }; } };", &split.Tests{Kind: split.Unit, Framework: split.NodeAssert, SolutionFile: "s.js",
			Files: map[string]string{"t.js": "const assert = require('assert'), s = require('./s');\nassert.ok(new s.Bag(1, 2).includes(2) && !new s.Bag(1).includes(2));\nconst c = s.cache(); c.set('a', 1); assert.ok(c.has('a') && !c.has('b'));"}}, "pass"},
		{"keys that begin with $", "javascript", "module.exports.keys = (o) => Object.keys(o).map((k) => k + o[k].n);", &split.Tests{Kind: split.Unit, Framework: split.NodeAssert, SolutionFile: "s.js",
			Files: map[string]string{"t.js": "const assert = require('assert'), s = require('./s');\nassert.deepStrictEqual(s.keys({ $gt: { n: 1 }, b: { n: 2 } }), ['$gt1', 'b2']);"}}, "pass"},
		{"coroutines of all kinds", "python", "import asyncio\nclass A:\n  async def f(self, x): return x + 1\nasync def add(a, b): return a + b\ndef later(a): return add(a, 1)\nasync def twice(c): return 2 * await c\nasync def no(): raise KeyError('k')", &split.Tests{Kind: split.Asserts, Setup: "import asyncio", Asserts: []string{
			"assert asyncio.run(A().f(1)) == 2", "assert asyncio.run(later(1)) == 2", "assert asyncio.run(twice(add(1, 2))) == 6",
			"async def main():\n  return await asyncio.gather(add(1, 2), later(3))\nassert asyncio.run(main()) == [3, 4]",
			"try:\n  asyncio.run(no())\n  assert False\nexcept KeyError: pass", "assert asyncio.iscoroutinefunction(add)"}}, "pass pass pass pass pass pass"},
		{"an object that swallows what it says", "python", "class Ignore:\n  def __init__(self, kind): self.kind = kind\n  def __enter__(self): return self\n  def __exit__(self, kind, e, trace): return kind is not None and issubclass(kind, self.kind) and e.args == ('no',)", &split.Tests{Kind: split.Asserts, Asserts: []string{
			"with Ignore(ValueError):\n  raise ValueError('no')", "with Ignore(KeyError):\n  raise ValueError('no')", "with Ignore(AssertionError):\n  assert 0, 'no'"}}, "pass runtime wrong"},
		{"parts of objects", "python", "class Row:\n  def __init__(self, *xs): self.xs = xs\n  def __getitem__(self, i): return self.xs[i]", &split.Tests{Kind: split.Asserts, Asserts: []string{"assert Row(1, 2, 3)[1:] == (2, 3)", "r = Row(1, 2, 3)\nassert r[::-1] == (3, 2, 1) and r[-1] == 3"}}, "pass pass"},
		{"objects that take values", "python", "class Bag:\n  def __init__(self, *xs): self.xs = list(xs)\n  def __contains__(self, x): return x in self.xs\n  def __add__(self, x): return Bag(*self.xs, x)\n  def total(self): return sum(self.xs)\ndef bag(*xs): return Bag(*xs)", &split.Tests{Kind: split.Asserts, Asserts: []string{
			"b = Bag(1, 2)\nassert 2 in b and 3 not in b", "assert (Bag(1) + 2).total() == 3", "assert 5 in bag(5)"}}, "pass pass pass"},
		{"one object", "python", "from enum import Enum\nclass Color(Enum):\n  RED = 1\n  BLUE = 2\nONE = object()\ndef get(): return ONE\ndef color(n): return Color(n)", &split.Tests{Kind: split.Asserts, Asserts: []string{
			"assert color(1) is Color.RED and color(2) == Color.BLUE and Color.RED.name == 'RED'", "assert get() is get()", "assert color(1) is not Color.BLUE", "assert color(1) is Color.BLUE"}}, "pass pass pass wrong"},
		{"a star", "python", "import math\nLIMIT = 3\ndef area(r): return math.pi * r * r\nclass Box: side = 2\n", &split.Tests{Kind: split.Unit, Framework: split.Pytest, SolutionFile: "solution.py",
			Files: map[string]string{"test_a.py": "import math\nfrom solution import *\ndef test_a(): assert area(1) == math.pi and LIMIT == 3 and Box().side == 2\n"}}, "pass"},
		{"a part of a test", "go", "package s\n\nfunc Add(a, b int) int { return a + b }", &split.Tests{Kind: split.Unit, Framework: split.GoTest, SolutionFile: "s.go", Names: []string{"TestA/one"},
			Files: map[string]string{"s_test.go": "package s\n\nimport \"testing\"\n\nfunc TestA(t *testing.T) { t.Run(\"one\", func(t *testing.T) { if Add(1, 2) != 3 { t.Fail() } }) }\n"}}, "pass"},
	} {
		t.Run(c.name, func(t *testing.T) {
			report, err := split.Run(t.Context(), opener(t), c.tests, sandbox.Program{Language: language(c.language), Source: c.code})
			require.NoError(t, err)
			require.Empty(t, report.Unsplittable)
			require.True(t, report.Trusted)
			require.Equal(t, c.want, outcomes(report), details(report))
		})
	}
}
