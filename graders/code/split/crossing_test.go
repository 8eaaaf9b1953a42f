package split_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/graders/code/split"
)

// lists is a prompt with classes and helpers, as problems of LeetCode come with.
const lists = `from typing import *

class Node:
    def __init__(self, val=0, next=None):
        self.val = val
        self.next = next

def linked(values):
    head = None
    for v in reversed(values):
        head = Node(v, head)
    return head

def held(node):
    out = []
    while node:
        out.append(node.val)
        node = node.next
    return out
`

// TestObjectsOfThePrompt hands objects of classes that the prompt defines to the
// solution, which has the same classes.
func TestObjectsOfThePrompt(t *testing.T) {
	const (
		method   = "class Solution:\n  def f(self, a): return a"
		reverse  = "class Solution:\n  def f(self, head):\n    back = None\n    while head: head.next, back, head = back, head, head.next\n    return back"
		inPlace  = "class Solution:\n  def f(self, head): head.next = Node(9, head.next)"
		together = "class Solution:\n  def f(self, a, b): return any(x is b for x in (a, a.next))"
	)
	for _, c := range []struct{ name, code, test, want string }{
		{"reversed", reverse, "assert held(candidate(linked([1, 2, 3]))) == [3, 2, 1]", "pass"},
		{"not reversed", method, "assert held(candidate(linked([1, 2, 3]))) == [3, 2, 1]", "wrong"},
		{"by name", reverse, "assert held(candidate(head=linked([1, 2]))) == [2, 1]", "pass"},
		{"nothing", reverse, "assert candidate(linked([])) is None", "pass"},
		{"in place", inPlace, "h = linked([1, 2])\n  candidate(h)\n  assert held(h) == [1, 9, 2] and type(h) is Node", "pass"},
		{"in place, wrong", inPlace, "h = linked([1, 2])\n  candidate(h)\n  assert held(h) == [1, 8, 2]", "wrong"},
		{"one object twice", together, "h = linked([1, 2])\n  assert candidate(h, h.next) is True and candidate(h, linked([2])) is False", "pass"},
		{"a list of them", "class Solution:\n  def f(self, all): return [x.val for x in all]", "assert candidate([linked([1]), linked([2])]) == [1, 2]", "pass"},
		{"a ring", "class Solution:\n  def f(self, a): return a.next.next is a", "a = Node(1)\n  a.next = Node(2, a)\n  assert candidate(a)", "pass"},
		{"long", reverse, "assert held(candidate(linked(list(range(1500)))))[0] == 1499", "pass"},
		{"a class of the solution's own", "class Node:\n  def __init__(self, val): self.val = val\n" + reverse, "assert held(candidate(linked([1, 2]))) == [2, 1]", "pass"},
		{"a class that says yes", "class Yes:\n  def __eq__(s, o): return True\nclass Node:\n  val = Yes()\n  next = None\nclass Solution:\n  def f(self, a): return Node()", "assert held(candidate(linked([1]))) == [2]", "runtime"},
		{"a class that is none", "Node = 5\n" + method, "assert held(candidate(linked([1]))) == [1]", "pass"},
		{"a class that takes nothing", "class Node: __slots__ = ()\n" + method, "assert held(candidate(linked([1]))) == [1]", "runtime"},
		{"no eval", "import builtins\nbuiltins.eval = builtins.exec = None\n" + method, "assert held(candidate(linked([1]))) == [1]", "runtime"},
		{"no such method", "class Solution: pass", "assert candidate(linked([1])) is None", "runtime"},
	} {
		t.Run(c.name, func(t *testing.T) {
			code := c.code
			if !strings.Contains(code, "Node =") && !strings.Contains(code, "class Node") {
				code = lists + code
			}
			report, err := split.Run(t.Context(), opener(t), &split.Tests{Kind: split.Check, Entry: "Solution.f", Prompt: lists,
				Test: "def check(candidate):\n  " + c.test + "\n"}, python(code))
			require.NoError(t, err)
			require.Equal(t, c.want, outcomes(report), details(report))
			require.True(t, report.Trusted)
		})
	}
}

// TestValuesOfTheLibrary hands values of Python's library over and back.
func TestValuesOfTheLibrary(t *testing.T) {
	const code = `from datetime import *
from collections import deque
def f(x, n=1): return x + n * timedelta(days=1)
def queue(): return deque([1, [2]], 3)
def span(n): return range(n)
def same(x): return x
class time:
    def __init__(self, n): self.n = n
    def isoformat(self): return "10:00"
def own(n): return time(n)
class Sly(date):
    __module__ = "datetime"
    def __eq__(self, o): return True
    def isoformat(self): return "2020-01-01"
Sly.__name__ = "date"
def sly(): return Sly(2020, 1, 1)
class E(ValueError): pass
class F(E): pass
class G: pass
class H(G):
    def __str__(self): return "an H"
    def __format__(self, form): return format(str(self), form)
def lacks(k):
    "It raises."
    return {}[k]
`
	asserts := []string{
		"assert f(datetime.date(2020, 1, 31)) == datetime.date(2020, 2, 1)",
		"assert f(datetime.datetime(2020, 1, 31, 5, tzinfo=datetime.timezone.utc)).hour == 5",
		"assert f(datetime.timedelta(hours=1), 2) == datetime.timedelta(days=2, hours=1)",
		"assert f(datetime.date(2020, 1, 31)) == datetime.date(2020, 2, 2)",
		"import collections\nassert queue() == collections.deque([1, [2]])",
		"assert span(3) == range(3) and list(span(2)) == [0, 1]",
		"import uuid\nassert same(uuid.UUID(int=7)) == uuid.UUID(int=7)",
		"assert own(5).n == 5",
		"assert sly() == datetime.date(2021, 5, 5)",
		"assert issubclass(H, G) and not issubclass(G, H) and isinstance(H(), G)",
		"try:\n  lacks('k')\n  assert False\nexcept KeyError as e:\n  assert e.args[0] == 'k' and str(e) == \"'k'\"",
		"assert lacks.__doc__ == 'It raises.'",
		"assert f'{H()}' == 'an H' and f'{H()!r}' != '' and f'{H():>6}' == '  an H'",
	}
	report, err := split.Run(t.Context(), opener(t), &split.Tests{Kind: split.Asserts, Setup: "import datetime", Asserts: asserts}, python(code))
	require.NoError(t, err)
	require.Equal(t, "pass pass pass wrong pass pass pass pass wrong pass pass pass pass", outcomes(report), details(report))
	require.True(t, report.Trusted)
}

// TestThreads has tests that call the solution from several threads.
func TestThreads(t *testing.T) {
	const tests = `
import threading
from solution import Count

def test_threads():
    c = Count()
    threads = [threading.Thread(target=lambda: [c.add() for _ in range(20)]) for _ in range(4)]
    for t in threads: t.start()
    for t in threads: t.join()
    assert c.n == 80
`
	report, err := split.Run(t.Context(), opener(t), &split.Tests{Kind: split.Unit, Framework: split.Pytest, SolutionFile: "solution.py",
		Files: map[string]string{"test_solution.py": tests}}, python("class Count:\n  n = 0\n  def add(self): self.n += 1\n"))
	require.NoError(t, err)
	require.Equal(t, "pass", outcomes(report), details(report))
}

// TestErrorsThatAreLookedInto has tests that take members of what the solution raises.
func TestErrorsThatAreLookedInto(t *testing.T) {
	const tests = `
import pytest
from solution import Short, take

def test_members():
    with pytest.raises(Short) as e:
        take(3, 5)
    assert e.value.need == 2
    assert e.value.args == ("need 2", 7)
    assert str(e.value) == "('need 2', 7)"
    assert not hasattr(e.value, "other")

def test_type():
    with pytest.raises(Short) as e:
        take(3, 4)
    assert e.type is Short or issubclass(e.type, Short)
    assert isinstance(e.value, ValueError)

def test_plain():
    with pytest.raises(KeyError) as e:
        take("k", 1)
    assert e.type is KeyError and e.value.args == ("k",)

def test_file():
    with pytest.raises(FileNotFoundError) as e:
        take(None, 1)
    assert e.value.errno == 2
`
	const code = `class Short(ValueError):
    def __init__(self, need):
        super().__init__("need %d" % need, 7)
        self.need = need
def take(have, want):
    if have is None: open("no such file")
    if have == "k": return {}[have]
    raise Short(want - have)
`
	for _, c := range []struct{ name, code, want string }{
		{"right", code, "pass pass pass pass"},
		{"wrong", strings.Replace(code, "self.need = need", "self.need = 3", 1), "wrong pass pass pass"},
		{"says yes", "class Yes:\n    def __eq__(s, o): return True\n" + strings.Replace(code, "self.need = need", "self.need = Yes()", 1), "runtime pass pass pass"},
		{"lacks it", strings.Replace(code, "self.need = need", "pass", 1), "runtime pass pass pass"},
	} {
		t.Run(c.name, func(t *testing.T) {
			report, err := split.Run(t.Context(), opener(t), &split.Tests{Kind: split.Unit, Framework: split.Pytest, SolutionFile: "solution.py",
				Files: map[string]string{"test_solution.py": tests}}, python(c.code))
			require.NoError(t, err)
			require.Equal(t, c.want, outcomes(report), details(report))
			require.True(t, report.Trusted)
		})
	}
}
