package code_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader"
)

// TestAnswers grades answers in the shapes that models give them, right ones
// and such as must not pass.
func TestAnswers(t *testing.T) {
	kind := jailKind(t)
	const (
		add     = `{"kind": "function", "entry": "add", "cases": [{"args": [1, 2], "out": 3}, {"args": [2, 2], "out": 4}]}`
		product = `{"fn_name": "product", "inputs": [[[2, 3]]], "outputs": [6]}`
		check   = `{"prompt": "def add(a, b):\n    \"\"\"The sum.\"\"\"\n", "entry_point": "add", "test": "def check(candidate):\n    assert candidate(1, 2) == 3\n"}`
		sum     = "def add(a, b):\n    return a + b"
	)
	for _, c := range []struct {
		name, language, answer, tests string
		score                         float64
		reason                        string
	}{
		{"a main that reads", "python", block("python", sum+"\nif __name__ == '__main__':\n    print(add(int(input()), 1))"), add, 1, ""},
		{"a main of a check", "python", block("python", sum+"\nif __name__ == '__main__':\n    raise SystemExit(0)"), check, 1, ""},
		{"a main of a script runs", "python", block("python", "if __name__ == '__main__':\n    print(5)"), `[{"output": "5"}]`, 1, ""},
		{"a dataclass", "python", block("python", "from dataclasses import dataclass\n@dataclass\nclass P:\n    x: 'int'\ndef add(a, b):\n    return P(a).x + b"), add, 1, ""},
		{"the main module of node", "javascript", block("js", "function add(a, b) { return a + b }\nif (require.main === module || !module.parent) process.exit(0)"), add, 1, ""},
		{"names of LeetCode's judges", "python", block("python", "class Solution:\n    def product(self, a: List[int]) -> int:\n        heapify(a); d = defaultdict(int); return reduce(operator.mul, a) + math.floor(0.5)"), product, 1, ""},
		{"a name of the judge's is no function of the program", "python", block("python", "x = 1"), `{"fn_name": "prod", "inputs": [[[2, 3]]], "outputs": [6]}`, 0, "no function of that name"},
		{"the program's names come first", "python", block("python", "def prod(a):\n    return 7"), `{"fn_name": "prod", "inputs": [[[2, 3]]], "outputs": [7]}`, 1, ""},
		{"a builtin stays what it is", "python", block("python", "def f(a):\n    return pow(a, 2, 5)"), `{"fn_name": "f", "inputs": [[3]], "outputs": [4]}`, 1, ""},
		{"no such names where they were not asked for", "python", block("python", "def add(a: List[int], b):\n    return a + b"), add, 0, "NameError: name 'List' is not defined"},
		{"such names where they were", "python", block("python", "def add(a: Any, b):\n    return a + b"), strings.Replace(add, `"kind"`, `"imports": "leetcode", "kind"`, 1), 1, ""},
		{"a class of LeetCode's judges", "python", block("python", "class Solution:\n    def product(self, a: Optional[TreeNode]) -> int:\n        return math.prod(a) if ListNode(1).next is None else 0"), product, 1, ""},
		{"a row whose prompt helps", "python", block("python", "class Solution:\n    def merge(self, a: Optional[Node]) -> int:\n        return 0 if a is None else a.val + self.merge(a.next)"),
			`{"prompt": "from typing import *\n\nclass Node:\n    def __init__(self, val=0, next=None):\n        self.val = val\n        self.next = next\n\ndef node(values):\n    return Node(values[0], node(values[1:])) if values else None\n", "entry_point": "Solution().merge", "test": "def check(candidate):\n    assert candidate(a = node([3, 4])) == 7\n    assert candidate(a = node([])) == 0\n"}`, 1, ""},
		{"a judge's macro", "c", block("c", "#include <stdio.h>\nint main(void) {\n#ifndef ONLINE_JUDGE\n    freopen(\"input.txt\", \"r\", stdin);\n#endif\n    int n;\n    scanf(\"%d\", &n);\n    printf(\"%d\\n\", n + 1);\n}"), `[{"input": "4", "output": "5"}]`, 1, ""},
		{"a stack without a limit", "python", block("python", "import resource\nresource.setrlimit(resource.RLIMIT_STACK, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))\nprint(int(input()) + 1)"), `[{"input": "4", "output": "5"}]`, 1, ""},
		{"a text that is a value", "python", block("python", "def f(s):\n    return s[::-1]"), `{"fn_name": "f", "inputs": [["ab"], ["21"]], "outputs": ["ba", "12"]}`, 1, ""},
		{"a number in a text", "python", block("python", "def f(s):\n    return len(s)"), `{"fn_name": "f", "inputs": [["ab"]], "outputs": ["2"]}`, 1, ""},
		{"another text", "python", block("python", "def f(s):\n    return s"), `{"fn_name": "f", "inputs": [["ab"]], "outputs": ["ba"]}`, 0, "want"},
		{"a checker that needs no output", "python", block("python", "print(int(input()) + 1)"), `{"kind": "stdio", "cases": [{"in": "4"}], "checker": {"language": "python", "source": "import sys\na, b = (int(open(f).read()) for f in sys.argv[1:3])\nsys.exit(b <= a)", "args": ["{input}", "{output}"]}}`, 1, ""},
		{"such names refused", "python", block("python", "def f(a: Any):\n    return a"), `{"fn_name": "f", "imports": "none", "inputs": [[3]], "outputs": [3]}`, 0, "name 'Any' is not defined"},
		{"the line of the program", "python", block("python", "x = 1\ndef product(:"), product, 0, "does not compile, line 2"},
		{"an example behind it", "python", block("python", sum) + "\nUse it:\n" + block("python", "print(add(1, 2))"), add, 1, "code block 1 of 2, the last that defines"},
		{"tests behind it", "python", block("python", sum) + "\nTests:\n" + block("python", "assert add(1, 2) == 3"), `["assert add(1, 2) == 3", "x = add(2, 2)\nassert x == 4"]`, 1, ""},
		{"a later version counts", "python", block("python", sum) + "\nNo:\n" + block("python", "def add(a, b):\n    return a"), add, 0, "the last code block of 2"},
		{"an example behind it in JavaScript", "javascript", block("js", "const add = (a, b) => a + b") + "\nUse it:\n" + block("js", "console.log(add(1, 2));\nif (add(1, 2) === 3) { }"), add, 1, ""},
		{"an example in front of a prompt", "python", block("python", "print(add(1, 2))"), check, 0, "the code does not define the function"},
		{"a body", "python", block("python", "    return a + b"), check, 1, ""},
		{"a label that says nothing", "python", block("text", sum), add, 1, ""},
		{"between marks", "python", "[BEGIN]\n" + sum + "\n[DONE]", add, 1, "between [BEGIN] and [DONE]"},
		{"a mark of byte order", "python", "Here:\n```python\n\ufeff" + sum + "\n```", check, 1, ""},
		{"Go without a package", "go", block("go", "func add(a, b int) int { return a + b }"), add, 1, ""},
		{"Go without a package does not compile", "go", block("go", "func add(a, b int) int {\n\treturn c\n}"), add, 0, "line 2: undefined: c"},
		{"Java without a class", "java", block("java", "import java.util.*;\n\npublic static int add(int a, int b) {\n    return a + b;\n}"), add, 1, ""},
		{"it ends", "python", block("python", "import os\ndef add(a, b):\n    os._exit(0)"), add, 0, "it ended before it answered"},
		{"it raises", "python", block("python", "def add(a, b):\n    raise ValueError('in /tmp/x/y.txt')"), add, 0, "stopped at test 1 of 2: runtime error: ValueError: in y.txt"},
		{"a script raises", "python", block("python", "print(1 // 0)"), `[{"output": "5"}]`, 0, "exit status 1: ZeroDivisionError"},
		{"much that is wanted", "python", block("python", "print('x' * 1500000)"), `[{"output": "` + strings.Repeat("x", 1500000) + `"}]`, 1, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := build(t, kind, `{"language": "`+c.language+`"}`)
			res, err := g.Grade(t.Context(), rollout(t, c.answer, c.tests))
			require.NoError(t, err, grader.Explain(err))
			require.Equal(t, c.score, res.Score, res.Reason)
			require.Contains(t, res.Reason, c.reason)
			require.NotContains(t, res.Reason, "rft-jail")
		})
	}
}

// TestFaultyTests checks that tests which no program can pass are never a score.
func TestFaultyTests(t *testing.T) {
	kind := jailKind(t)
	checker := func(source, out string) string {
		return `{"kind": "stdio", "cases": [{"in": "", "out": "` + out + `"}], "checker": {"language": "python", "source": ` + text(source) + `}}`
	}
	const add = "def add(a, b):\n    return a + b\nprint(2)"
	for _, c := range []struct{ name, options, tests, err string }{
		{"an import that is not there", ``, `{"test_list": ["assert add(1, 2) == 3"], "test_imports": ["import no_such_module"]}`, "imports of the tests fail"},
		{"a checker with a fault", ``, checker("def (", "2"), "given what case 0 itself wants"},
		{"a checker that raises", ``, checker("1 // 0", "2"), "given what case 0 itself wants"},
		{"a checker that loops", `, "limits": {"time": 0.3}`, checker("while True: pass", "2"), "limit"},
		{"a name with arguments", ``, `{"kind": "function", "entry": "add(1, 2)", "cases": [{"args": [1, 2], "out": 3}]}`, "no name that a function can have"},
		{"no marker", ``, `{"kind": "function", "entry": "add", "cases": [{"args": [[{"$z": 1}], 2], "out": 3}]}`, "none of $f"},
		{"more output than may be", `, "limits": {"output": 1}`, `[{"output": "` + strings.Repeat("x", 2000) + `"}]`, "raise limits.output"},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := build(t, kind, `{"language": "python"`+c.options+`}`)
			_, err := g.Grade(t.Context(), rollout(t, block("python", add), c.tests))
			var data *grader.DataError
			require.ErrorAs(t, err, &data)
			require.ErrorContains(t, err, c.err)
		})
	}
	t.Run("a checker where no output is known", func(t *testing.T) {
		g := build(t, kind, `{"language": "python"}`)
		res, err := g.Grade(t.Context(), rollout(t, block("python", add), checker("import sys\nsys.exit(open(sys.argv[2]).read().strip() != '2')", "")))
		require.NoError(t, err)
		require.Equal(t, 1.0, res.Score, res.Reason)
	})
	t.Run("imports that are there", func(t *testing.T) {
		g := build(t, kind, `{"language": "python"}`)
		res, err := g.Grade(t.Context(), rollout(t, block("python", "def root(x):\n    return math.sqrt(x)"), `{"test_list": ["assert root(4) == 2"], "test_imports": ["import math"]}`))
		require.NoError(t, err)
		require.Equal(t, 1.0, res.Score, res.Reason)
	})
}
