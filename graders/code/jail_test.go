package code_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/graders/code"
)

// TestRuns grades programs that really run.
func TestRuns(t *testing.T) {
	kind := jailKind(t)
	const iterator = "def evens(n):\n    return (i for i in range(n) if i % 2 == 0)"
	for _, c := range []struct {
		name, language, options, source, tests string
		score                                  float64
		reason                                 string
		metrics                                map[string]float64
	}{
		{"asserts as cases", "python", ``, "def area(r):\n    return math.pi * r * r", `{"test_list": ["assert abs(area(1) - 3.14159) < 1e-4", "assert area(0) == 0"], "test_imports": ["import math"]}`, 1, "passed all of 2 tests", nil},
		{"an iterator that only the tests can judge", "python", ``, iterator, `["assert list(evens(5)) == [0, 2, 4]", "assert sorted(evens(3)) == [0, 2]"]`, 1, "passed all of 2 tests", nil},
		{"an iterator that is wrong", "python", ``, iterator, `["assert list(evens(5)) == [0, 2]"]`, 0, "test 1: wrong answer", nil},
		{"a generator is no list", "python", ``, iterator, `["assert evens(5) == [0, 2, 4]"]`, 0, "test 1: wrong answer", nil},
		{"tests in files", "python", `"score": "share"`, "def add(a, b):\n    return a + b\ndef mul(a, b):\n    return a + b",
			`{"kind": "unit", "framework": "unittest", "solution_file": "solution.py", "tests": ["test_add", "test_mul"], "files": {"test_solution.py": "import unittest\nfrom solution import add, mul\nclass T(unittest.TestCase):\n    def test_add(self): self.assertEqual(add(2, 3), 5)\n    def test_mul(self): self.assertEqual(mul(2, 3), 6)\n"}}`,
			0.5, `test 2 "test_mul": wrong answer`, map[string]float64{"trusted": 1, "passed": 1, "total": 2}},
		{"a compile error", "c", ``, "#include <stdio.h>\nint main(void) {\n  return x;\n}", `[{"output": "1"}]`, 0, "it does not compile, line 3", map[string]float64{"failed_compile": 1}},
		{"a syntax error", "python", ``, "x = 1\ndef f(:\n", `[{"output": "1"}]`, 0, "it does not compile", map[string]float64{"failed_compile": 1}},
		{"keyword arguments", "python", ``, "def join(*words, sep=','):\n    return sep.join(words)", `{"kind": "function", "entry": "join", "cases": [{"args": ["a", "b"], "kwargs": {"sep": "-"}, "out": "a-b"}]}`, 1, "", nil},
		{"a method", "python", ``, "class Solution:\n    def twice(self, n):\n        return 2 * n", `{"fn_name": "twice", "inputs": ["4"], "outputs": ["8"]}`, 1, "", nil},
		{"a language of the spec's own", "upper", `"languages": [{"name": "upper", "file": "main.sh", "run": ["bash", "{source}"], "version": ["bash", "--version"]}]`, "tr a-z A-Z", `[{"input": "ab", "output": "AB"}]`, 1, "", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			k := kind
			if strings.Contains(c.options, "languages") {
				k = code.Kind
			}
			options := `{"language": "` + c.language + `"`
			if c.options != "" {
				options += ", " + c.options
			}
			res, err := build(t, k, options+"}").Grade(t.Context(), rollout(t, block(c.language, c.source), c.tests))
			require.NoError(t, err, grader.Explain(err))
			require.Equal(t, c.score, res.Score, res.Reason)
			require.Contains(t, res.Reason, c.reason)
			require.Equal(t, c.source+"\n", res.Found)
			for name, value := range c.metrics {
				require.Equal(t, value, metrics(res)[name], name)
			}
		})
	}
}

// TestCheckers judges outputs by programs: any divisor of the number is right.
func TestCheckers(t *testing.T) {
	kind := jailKind(t)
	const (
		python = `import sys
n, got = int(open(sys.argv[1]).read()), open(sys.argv[2]).read().split()
print("1" if len(got) == 1 and got[0].isdigit() and n % int(got[0]) == 0 else "0")`
		cpp = `#include <fstream>
int main(int argc, char **argv) { std::ifstream in(argv[1]), out(argv[2]); long long n, d; in >> n; return out >> d && d > 0 && n % d == 0 ? 0 : 1; }`
		expected = `import sys
sys.exit(open(sys.argv[1]).read().split() != open(sys.argv[2]).read().split())`
	)
	for _, c := range []struct {
		name, checker, source string
		score                 float64
	}{
		{"by output, right", `"language": "python", "source": ` + text(python) + `, "verdict": "output"`, "print(1)", 1},
		{"by output, wrong", `"language": "python", "source": ` + text(python) + `, "verdict": "output"`, "print(5)", 0},
		{"by output, no number", `"language": "python", "source": ` + text(python) + `, "verdict": "output"`, "print('1 1')", 0},
		{"by status, right", `"language": "cpp", "source": ` + text(cpp), "print(int(input()) // 2)", 1},
		{"by status, wrong", `"language": "cpp", "source": ` + text(cpp), "print(7)", 0},
		{"with what is wanted", `"language": "python", "source": ` + text(expected) + `, "args": ["{expected}", "{output}"]`, "print(2)", 1},
		{"with what is wanted, wrong", `"language": "python", "source": ` + text(expected) + `, "args": ["{expected}", "{output}"]`, "print(3)", 0},
		{"a program that fails", `"language": "python", "source": ` + text(python) + `, "verdict": "output"`, "print(1)\nraise ValueError", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := build(t, kind, `{"language": "python", "stop_early": false}`)
			res, err := g.Grade(t.Context(), rollout(t, block("python", c.source), `{"kind": "stdio", "cases": [{"in": "6\n", "out": "2"}, {"in": "8\n", "out": "2"}], "checker": {`+c.checker+`}}`))
			require.NoError(t, err, grader.Explain(err))
			require.Equal(t, c.score, res.Score, res.Reason)
		})
	}
	t.Run("a checker that does not compile", func(t *testing.T) {
		g := build(t, kind, `{"language": "python"}`)
		_, err := g.Grade(t.Context(), rollout(t, block("python", "print(1)"), `{"kind": "stdio", "cases": [{"in": "6\n", "out": "2"}], "checker": {"language": "c", "source": "int main(void) {"}}`))
		var data *grader.DataError
		require.ErrorAs(t, err, &data)
		require.Equal(t, "/reference_answer/checker", data.Where)
	})
}

func text(s string) string {
	b, _ := json.Marshal(s)
	return string(b)
}

// TestUntrusted checks that tests which cannot be split are refused, or run and
// marked.
func TestUntrusted(t *testing.T) {
	kind := jailKind(t)
	const tests = `{"kind": "unit", "framework": "c++ assert main", "solution_file": "solution.h", "files": {"test.cpp": "#include \"solution.h\"\n#include <cassert>\nint main() { assert(f() == 1); }\n"}, "tests": ["main"]}`
	r := rollout(t, block("cpp", "int f() { return 1; }"), tests)
	_, err := build(t, kind, `{"language": "cpp"}`).Grade(t.Context(), r)
	var data *grader.DataError
	require.ErrorAs(t, err, &data)
	require.ErrorContains(t, err, "set untrusted: run")
	res, err := build(t, kind, `{"language": "cpp", "untrusted": "run"}`).Grade(t.Context(), r)
	require.NoError(t, err, grader.Explain(err))
	require.Zero(t, metrics(res)["trusted"])
}

func ExampleKind() {
	g, err := code.Kind.New(nil, []byte(`{"language": "python", "usage": false}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer g.(io.Closer).Close()
	item := grader.DecodeRollout([]byte("{" + `
		"id": "1",
		"messages": [
			{"role": "user", "content": "Write median(xs)."},
			{"role": "assistant", "content": "` + "```python\\ndef median(xs):\\n    return sorted(xs)[len(xs) // 2]\\n```" + `"}
		],
		"metadata": {"reference_answer": {"tests": {
			"kind": "function", "entry": "median", "compare": "float",
			"cases": [{"args": [[5, 1, 3]], "out": 3}, {"args": [[1, 2]], "out": 1.5}]
		}}}
	}`))
	res, err := g.Grade(context.Background(), item.Rollout)
	fmt.Println(res.Score, err)
	fmt.Println(res.Reason)
	// Output:
	// 0 <nil>
	// the last code block: passed 1 of 2 tests; test 2: wrong answer: got 2, want 1.5
}

// FuzzGrade grades answers and tests of any kind with an executor that runs
// nothing.
func FuzzGrade(f *testing.F) {
	for _, tests := range []string{cases("1", "true"), `[{"input": "1", "output": "1"}]`, `["assert f(1) == 1"]`, `{"tests": {"kind": "stdio", "cases": [{"out": "1", "group": "a"}]}}`, `{"kind": "unit"}`, `5`} {
		f.Add(block("python", "# 1 2"), tests)
		f.Add("# raises forged time", tests)
	}
	var graders []grader.Grader
	for _, options := range []string{
		`{"language": "python"}`,
		`{"language": "python", "score": "share", "compile_credit": 0.1, "flaky": 1, "code": {"policy": "all", "raw": true}}`,
		`{"language": "python", "score": "groups", "stop_early": false, "code": {"policy": "only", "raw": false}}`,
	} {
		graders = append(graders, build(f, code.New(new(fake).engine()), options))
	}
	f.Fuzz(func(t *testing.T, answer, reference string) {
		if !json.Valid([]byte(reference)) {
			return
		}
		ref, err := grader.NewReference(json.RawMessage(reference))
		if err != nil {
			return
		}
		r := &grader.Rollout{Reference: ref, Messages: []grader.Message{{Role: "assistant", Content: grader.TextContent(answer)}}}
		for _, g := range graders {
			res, err := g.Grade(t.Context(), r)
			if err != nil {
				continue
			}
			require.NoError(t, res.Check())
			require.True(t, res.Score >= 0 && res.Score <= 1, "%v", res.Score)
			require.NotEmpty(t, res.Reason)
		}
	})
}

func BenchmarkGrade(b *testing.B) {
	kind := jailKind(b)
	ten := make([]string, 10)
	for i := range ten {
		ten[i] = fmt.Sprintf(`{"args": [%d], "out": %d}`, i, i*i)
	}
	function := `{"kind": "function", "entry": "f", "cases": [` + strings.Join(ten, ", ") + `]}`
	for i := range ten {
		ten[i] = fmt.Sprintf(`{"in": "%d\n", "out": "%d\n"}`, i, i*i)
	}
	stdio := `{"kind": "stdio", "cases": [` + strings.Join(ten, ", ") + `]}`
	for _, c := range []struct{ name, language, source, tests string }{
		{"Python function", "python", "def f(n):\n    return n * n", function},
		{"Python stdio", "python", "n = int(input())\nprint(n * n)", stdio},
		{"JavaScript function", "javascript", "module.exports = { f: n => n * n };", function},
		{"C stdio", "c", "#include <stdio.h>\nint main(void) { int n; scanf(\"%d\", &n); printf(\"%d\\n\", n * n); }", stdio},
	} {
		b.Run(c.name, func(b *testing.B) {
			g := build(b, kind, `{"language": "`+c.language+`"}`)
			r := rollout(b, block(c.language, c.source), c.tests)
			if res, err := g.Grade(b.Context(), r); err != nil || res.Score != 1 {
				b.Fatal(res.Reason, err)
			}
			b.ResetTimer()
			b.RunParallel(func(p *testing.PB) {
				for p.Next() {
					if _, err := g.Grade(b.Context(), r); err != nil {
						b.Error(err)
					}
				}
			})
			b.ReportMetric(float64(10*b.N)/b.Elapsed().Seconds(), "tests/s")
		})
	}
	b.Run("nothing runs, ten cases", func(b *testing.B) {
		g := build(b, code.New(new(fake).engine()), `{"language": "python"}`)
		r := rollout(b, block("python", "# 0 1 4 9 16 25 36 49 64 81"), function)
		for b.Loop() {
			if res, err := g.Grade(b.Context(), r); err != nil || res.Score != 1 {
				b.Fatal(res.Reason, err)
			}
		}
	})
}
