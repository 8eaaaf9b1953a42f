package code_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/graders/code/sandbox/jail"
)

// testsEach is how many tests a candidate has.
const testsEach = 10

// A contest is one kind of candidate, and how else it could be graded. All
// candidates compute n*n+1, and differ in a comment, so that none is found in a
// cache.
type contest struct {
	name, language string
	function       bool
	source         string // for the kind
	plain          string // for a process per test: reads n, prints the answer
	compile, run   []string
}

func contests() []contest {
	python := "n = int(input())\nprint(n * n + 1)\n"
	golang := "package main\n\nimport \"fmt\"\n\nfunc main() {\n\tvar n int\n\tfmt.Scan(&n)\n\tfmt.Println(n*n + 1)\n}\n"
	c := "#include <stdio.h>\nint main(void) { long n; if (scanf(\"%ld\", &n) != 1) return 1; printf(\"%ld\\n\", n * n + 1); return 0; }\n"
	java := "import java.util.*;\npublic class Main {\n    public static void main(String[] a) {\n        long n = new Scanner(System.in).nextLong();\n        System.out.println(n * n + 1);\n    }\n}\n"
	node := "const n = Number(require('fs').readFileSync(0, 'utf8'));\nconsole.log(n * n + 1);\n"
	return []contest{
		{"Python function", "python", true, "def f(n):\n    return n * n + 1\n", python, nil, []string{interpreter(), "{source}"}},
		{"Python stdio", "python", false, python, python, nil, []string{interpreter(), "{source}"}},
		{"JavaScript function", "javascript", true, "module.exports = { f: n => n * n + 1 };\n", node, nil, []string{"node", "{source}"}},
		{"JavaScript stdio", "javascript", false, node, node, nil, []string{"node", "{source}"}},
		{"Go function", "go", true, "package main\n\nfunc f(n int) int { return n*n + 1 }\n", golang, []string{"go", "build", "-o", "{binary}", "{source}"}, []string{"{binary}"}},
		{"Go stdio", "go", false, golang, golang, []string{"go", "build", "-o", "{binary}", "{source}"}, []string{"{binary}"}},
		{"C stdio", "c", false, c, c, []string{"gcc", "-O2", "-o", "{binary}", "{source}"}, []string{"{binary}"}},
		{"Java stdio", "java", false, java, java, []string{"javac", "-d", "{dir}", "{source}"}, []string{"java", "-cp", "{dir}", "Main"}},
	}
}

// interpreter is the system's: the one in PATH may be a script that looks for others.
func interpreter() string {
	const system = "/usr/bin/python3"
	if _, err := os.Stat(system); err != nil {
		return "python3"
	}
	return system
}

func (c contest) comment(n int64) string {
	if c.language == "python" {
		return fmt.Sprintf("# %d\n", n)
	}
	return fmt.Sprintf("// %d\n", n)
}

func (c contest) tests() json.RawMessage {
	var cases []string
	for i := range testsEach {
		if c.function {
			cases = append(cases, fmt.Sprintf(`{"args": [%d], "out": %d}`, i, i*i+1))
		} else {
			cases = append(cases, fmt.Sprintf(`{"in": "%d\n", "out": "%d\n"}`, i, i*i+1))
		}
	}
	form := `{"kind": "stdio", "cases": [`
	if c.function {
		form = `{"kind": "function", "entry": "f", "cases": [`
	}
	return json.RawMessage(form + strings.Join(cases, ", ") + "]}")
}

// BenchmarkSideBySide grades the same candidates, ten tests each, with the kind,
// with a plain process for each test, and in the way that the checker of HumanEval
// has: a fresh interpreter for each candidate, in which candidate and tests run
// together. An operation is one candidate.
func BenchmarkSideBySide(b *testing.B) {
	var serial atomic.Int64
	count := func(b *testing.B, one func(text string) bool, c contest) {
		b.Helper()
		b.RunParallel(func(p *testing.PB) {
			for p.Next() {
				if !one(c.source + c.comment(serial.Add(1))) {
					b.Error("a right candidate was not found right")
					return
				}
			}
		})
		b.ReportMetric(float64(testsEach*b.N)/b.Elapsed().Seconds(), "tests/s")
		b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "candidates/s")
	}
	for _, c := range contests() {
		name := strings.ReplaceAll(c.name, " ", "-")
		b.Run(name+"/ours", func(b *testing.B) {
			g := build(b, jailKind(b), `{"language": "`+c.language+`"}`)
			tests := c.tests()
			warm := program(b, c.language, c.source, tests)
			result, err := g.Grade(b.Context(), warm)
			require.NoError(b, err)
			require.InDelta(b, 1, result.Score, 0, result.Reason)
			b.ResetTimer()
			count(b, func(text string) bool {
				result, err := g.Grade(b.Context(), program(b, c.language, text, tests))
				return err == nil && result.Score == 1
			}, c)
		})
		b.Run(name+"/process-per-test", func(b *testing.B) {
			if _, err := exec.LookPath(c.run[0]); err != nil && c.compile == nil {
				b.Skip(err)
			}
			plain := c
			plain.source = c.plain
			dir := b.TempDir()
			count(b, func(text string) bool {
				return c.spawn(b, filepath.Join(dir, strconv.FormatInt(serial.Add(1), 10)), text)
			}, plain)
		})
		if c.language == "python" {
			b.Run(name+"/interpreter-per-candidate", func(b *testing.B) {
				count(b, c.together, c)
			})
		}
	}
}

// spawn runs a candidate with nothing around it: a process for each test.
func (c contest) spawn(b *testing.B, dir, text string) bool {
	if err := os.Mkdir(dir, 0o700); err != nil {
		return false
	}
	defer os.RemoveAll(dir)
	source := filepath.Join(dir, jail.Find(jail.Languages(), c.language).File)
	if err := os.WriteFile(source, []byte(text), 0o600); err != nil {
		return false
	}
	command := func(args []string) *exec.Cmd {
		full := make([]string, len(args))
		for i, a := range args {
			full[i] = strings.NewReplacer("{source}", source, "{binary}", filepath.Join(dir, "program"), "{dir}", dir).Replace(a)
		}
		return exec.CommandContext(b.Context(), full[0], full[1:]...)
	}
	if c.compile != nil && command(c.compile).Run() != nil {
		return false
	}
	for i := range testsEach {
		cmd := command(c.run)
		cmd.Stdin = strings.NewReader(strconv.Itoa(i) + "\n")
		out, err := cmd.Output()
		if err != nil || strings.TrimSpace(string(out)) != strconv.Itoa(i*i+1) {
			return false
		}
	}
	return true
}

// together runs a candidate and its tests in one fresh interpreter and believes
// what it prints, as the checker of HumanEval believes its child.
func (c contest) together(text string) bool {
	var script bytes.Buffer
	if c.function {
		script.WriteString(text)
		for i := range testsEach {
			fmt.Fprintf(&script, "assert f(%d) == %d\n", i, i*i+1)
		}
	} else {
		fmt.Fprintf(&script, "import io, sys\nsource = compile(%q, 'candidate', 'exec')\n", text)
		for i := range testsEach {
			fmt.Fprintf(&script, "sys.stdin, out = io.StringIO('%d\\n'), io.StringIO()\nold, sys.stdout = sys.stdout, out\nexec(source, {'__name__': '__main__'})\nsys.stdout = old\nassert out.getvalue().split() == ['%d']\n", i, i*i+1)
		}
	}
	script.WriteString("print('passed')\n")
	cmd := exec.Command(interpreter(), "-")
	cmd.Stdin = &script
	out, err := cmd.Output()
	return err == nil && strings.TrimSpace(string(out)) == "passed"
}
