package code

import (
	"slices"
	"strings"

	"github.com/rftgrader/rftgrader/graders/code/suite"
)

// A composed is a candidate's program with what is put around its text.
type composed struct {
	source string
	before int    // lines of the candidate's that stand before those that are not
	added  int    // lines that are not the candidate's
	note   string // for people, what they would not expect
}

// line returns the number that a line of the source has in the candidate's text,
// from 1, and 0 for a line that is not the candidate's.
func (c composed) line(n int) int {
	switch {
	case n <= c.before:
		return n
	case n <= c.before+c.added:
		return 0
	}
	return n - c.added
}

// prelude makes the names that LeetCode's judges have at hand known to a program, in
// one line. They become builtins: the program's own names come before them, and no
// test can take one of them for a function of the program. Modules win over
// functions of the same name, as those judges have it.
const prelude = `exec("import builtins as b\nknown = set(vars(b))\nn = {}\nfor m in ('typing', 'string', 're', 'collections', 'heapq', 'bisect', 'copy', 'datetime', 'math', 'random', 'statistics', 'itertools', 'functools', 'operator'): exec('from %s import *' % m, n)\nfor m in ('string', 're', 'datetime', 'collections', 'heapq', 'bisect', 'copy', 'math', 'random', 'statistics', 'itertools', 'functools', 'operator', 'io', 'sys', 'json', 'typing'): n[m] = __import__(m)\nclass ListNode:\n    def __init__(self, val=0, next=None): self.val, self.next = val, next\nclass TreeNode:\n    def __init__(self, val=0, left=None, right=None): self.val, self.left, self.right = val, left, right\nn['ListNode'], n['TreeNode'] = ListNode, TreeNode\nfor k in n:\n    if k not in known and k[:2] != '__': setattr(b, k, n[k])\nn['sys'].setrecursionlimit(50000)", {})
`

// compose returns the program of the code that was found: with the prompt that
// it completes or belongs to, and the imports that its tests promise.
func compose(s *suite.Suite, code string) composed {
	lines := s.Imports
	if s.Prelude {
		lines = prelude + lines
	}
	if s.Prompt == "" {
		return join(lines, code)
	}
	if defines(code, s.Entry) {
		return join(ended(lines)+before(s.Prompt, s.Entry), code)
	}
	c := join(lines, ended(s.Prompt)+strings.TrimPrefix(code, "\n"))
	c.before, c.added = 0, c.added+strings.Count(ended(s.Prompt), "\n")
	if first := strings.TrimLeft(code, "\n"); first != "" && first[0] != ' ' && first[0] != '\t' {
		c.note = "the code does not define the function, so it was read as the end of the prompt's"
	}
	return c
}

func ended(s string) string {
	if s == "" || strings.HasSuffix(s, "\n") {
		return s
	}
	return s + "\n"
}

// join puts lines before a program, but behind what Python wants to stand first.
func join(lines, code string) composed {
	if strings.TrimSpace(lines) == "" {
		return composed{source: code}
	}
	lines = ended(lines)
	at := 0
	for p := 0; p < len(code); {
		end := p + len(code[p:])
		if i := strings.IndexByte(code[p:], '\n'); i >= 0 {
			end = p + i + 1
		}
		if strings.HasPrefix(code[p:end], "from __future__ import") && !strings.Contains(code[p:end], "(") {
			at = end
		}
		p = end
	}
	return composed{source: code[:at] + lines + code[at:], before: strings.Count(code[:at], "\n"), added: strings.Count(lines, "\n")}
}

// before returns the part of a prompt above the function that it begins: whole
// statements, such as imports and helpers. A prompt of Python that does not begin the
// function is all of it.
func before(prompt, entry string) string {
	entry, _, _ = strings.Cut(entry, ".")
	p, statements := 0, true
	for line := range strings.Lines(prompt) {
		bare := strings.TrimPrefix(line, "async ")
		if rest, ok := strings.CutPrefix(bare, "def "); ok && begins(rest, entry, "( ") || strings.HasPrefix(bare, "class "+entry) {
			return strings.TrimRight(undecorated(prompt[:p]), " \t")
		}
		p += len(line)
		statements = statements && declares(line)
	}
	if statements {
		return ended(prompt)
	}
	return ""
}

// declares reports whether a line of Python imports or defines something, or stands
// within what does.
func declares(line string) bool {
	if strings.TrimSpace(line) == "" || strings.TrimLeft(line, " \t#@)]}") != line {
		return true
	}
	word, _, _ := strings.Cut(line, " ")
	return slices.Contains([]string{"import", "from", "class", "def", "async"}, word)
}

// undecorated cuts decorators off the end: they belong to what follows.
func undecorated(s string) string {
	for {
		trimmed := strings.TrimRight(s, " \t\n")
		i := strings.LastIndexByte(trimmed, '\n') + 1
		if !strings.HasPrefix(trimmed[i:], "@") {
			return s
		}
		s = s[:i]
	}
}
