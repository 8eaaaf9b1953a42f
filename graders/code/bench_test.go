//go:build linux

package code_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/rftgrader/rftgrader/graders/code/sandbox/jail"
)

// testsEach is how many tests a candidate has, but for those of manyTests: what
// they take is in the runs, and not in the compiler.
const (
	testsEach = 10
	manyTests = 500
)

// A contest is one kind of candidate, and how else it could be graded. All
// candidates compute n*n+1, and differ in a comment, so that none is found in a
// cache.
type contest struct {
	name, language string
	function       bool
	source         string // for the kind
	plain          string // for a process per test: reads n, prints the answer
	compile, run   []string
	tests          int // 0: testsEach
}

func (c contest) count() int {
	if c.tests > 0 {
		return c.tests
	}
	return testsEach
}

func contests() []contest {
	python := "n = int(input())\nprint(n * n + 1)\n"
	golang := "package main\n\nimport \"fmt\"\n\nfunc main() {\n\tvar n int\n\tfmt.Scan(&n)\n\tfmt.Println(n*n + 1)\n}\n"
	c := "#include <stdio.h>\nint main(void) { long n; if (scanf(\"%ld\", &n) != 1) return 1; printf(\"%ld\\n\", n * n + 1); return 0; }\n"
	java := "import java.util.*;\npublic class Main {\n    public static void main(String[] a) {\n        long n = new Scanner(System.in).nextLong();\n        System.out.println(n * n + 1);\n    }\n}\n"
	node := "const n = Number(require('fs').readFileSync(0, 'utf8'));\nconsole.log(n * n + 1);\n"
	gobuild, gcc := []string{"go", "build", "-o", "{binary}", "{source}"}, []string{"gcc", "-O2", "-o", "{binary}", "{source}"}
	return []contest{
		{"Python function", "python", true, "def f(n):\n    return n * n + 1\n", python, nil, []string{interpreter(), "{source}"}, 0},
		{"Python stdio", "python", false, python, python, nil, []string{interpreter(), "{source}"}, 0},
		{"JavaScript function", "javascript", true, "module.exports = { f: n => n * n + 1 };\n", node, nil, []string{"node", "{source}"}, 0},
		{"JavaScript stdio", "javascript", false, node, node, nil, []string{"node", "{source}"}, 0},
		{"Go function", "go", true, "package main\n\nfunc f(n int) int { return n*n + 1 }\n", golang, gobuild, []string{"{binary}"}, 0},
		{"Go stdio", "go", false, golang, golang, gobuild, []string{"{binary}"}, 0},
		{"C stdio", "c", false, c, c, gcc, []string{"{binary}"}, 0},
		{"C stdio, one test", "c", false, c, c, gcc, []string{"{binary}"}, 1},
		{"C stdio, many tests", "c", false, c, c, gcc, []string{"{binary}"}, manyTests},
		{"Java stdio", "java", false, java, java, []string{"javac", "-d", "{dir}", "{source}"}, []string{"java", "-cp", "{dir}", "Main"}, 0},
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

func (c contest) cases() json.RawMessage {
	var cases []string
	for i := range c.count() {
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

// BenchmarkSideBySide grades the same candidates with a plain process for each test;
// Python's also in the ways of checkers that are in use: in a fork of a warm
// interpreter, whose exit status is believed, and in a fresh interpreter, whose
// word is; and at last with the kind. An operation is one candidate.
//
// Only rates of one run can be compared. The kind's has how many times as fast it
// is as each other way, and the processor time of a candidate, which depends little
// on what else the machine does. What a compiler takes is what "one test" and "many
// tests" do not differ in.
func BenchmarkSideBySide(b *testing.B) {
	for _, c := range contests() {
		others := map[string]float64{}
		name := strings.NewReplacer(" ", "-", ",", "").Replace(c.name)
		way := func(way string, prepare func(b *testing.B) func(text string) bool) {
			b.Run(name+"/"+way, func(b *testing.B) {
				one := prepare(b)
				before := processorTime()
				b.ResetTimer()
				b.SetParallelism(4)
				b.RunParallel(func(p *testing.PB) {
					for p.Next() {
						if !one(c.comment(serial.Add(1))) {
							b.Error("a right candidate was not found right")
							return
						}
					}
				})
				rate := float64(b.N) / b.Elapsed().Seconds()
				b.ReportMetric(rate, "candidates/s")
				b.ReportMetric(rate*float64(c.count()), "tests/s")
				b.ReportMetric((processorTime()-before).Seconds()*1e3/float64(b.N), "cpu-ms/candidate")
				if way == "ours" {
					for other, theirs := range others {
						b.ReportMetric(rate/theirs, "x-"+other)
					}
					return
				}
				others[way] = rate
			})
		}
		way("process-per-test", func(b *testing.B) func(string) bool {
			if _, err := exec.LookPath(c.run[0]); err != nil && c.compile == nil {
				b.Skip(err)
			}
			dir := b.TempDir()
			return func(note string) bool {
				return c.spawn(b, filepath.Join(dir, strconv.FormatInt(serial.Add(1), 10)), c.plain+note)
			}
		})
		if c.language == "python" {
			way("fork-and-exit-status", func(b *testing.B) func(string) bool { return c.forks(b) })
			way("interpreter-per-candidate", func(*testing.B) func(string) bool {
				return func(note string) bool { return c.together(c.source + note) }
			})
		}
		way("ours", func(b *testing.B) func(string) bool {
			g := build(b, jailKind(b), `{"language": "`+c.language+`"}`)
			tests := c.cases()
			result, err := g.Grade(b.Context(), program(b, c.language, c.source, tests))
			require.NoError(b, err)
			require.InDelta(b, 1, result.Score, 0, result.Reason)
			return func(note string) bool {
				result, err := g.Grade(b.Context(), program(b, c.language, c.source+note, tests))
				return err == nil && result.Score == 1
			}
		})
	}
}

// serial makes every candidate another, in all benchmarks.
var serial atomic.Int64

// processorTime is what this process and all its children have used, those that
// live and those that have ended.
func processorTime() (used time.Duration) {
	for _, who := range []int{unix.RUSAGE_SELF, unix.RUSAGE_CHILDREN} {
		var ru unix.Rusage
		if unix.Getrusage(who, &ru) == nil {
			used += time.Duration(ru.Utime.Nano() + ru.Stime.Nano())
		}
	}
	tasks, _ := filepath.Glob("/proc/self/task/*/children")
	for _, task := range tasks {
		children, _ := os.ReadFile(task)
		for pid := range strings.FieldsSeq(string(children)) {
			stat, _ := os.ReadFile("/proc/" + pid + "/stat")
			_, rest, _ := bytes.Cut(stat, []byte(") "))
			if fields := strings.Fields(string(rest)); len(fields) > 14 {
				for _, f := range fields[11:15] { // proc(5): utime, stime, cutime, cstime
					ticks, _ := strconv.ParseInt(f, 10, 64)
					used += time.Duration(ticks) * (time.Second / 100)
				}
			}
		}
	}
	return used
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
	for i := range c.count() {
		cmd := command(c.run)
		cmd.Stdin = strings.NewReader(strconv.Itoa(i) + "\n")
		out, err := cmd.Output()
		if err != nil || strings.TrimSpace(string(out)) != strconv.Itoa(i*i+1) {
			return false
		}
	}
	return true
}

// script is a candidate and its tests as one text.
func (c contest) script(text string) string {
	var script strings.Builder
	if c.function {
		script.WriteString(text)
		for i := range testsEach {
			fmt.Fprintf(&script, "assert f(%d) == %d\n", i, i*i+1)
		}
		return script.String()
	}
	fmt.Fprintf(&script, "import io, sys\nsource = compile(%q, 'candidate', 'exec')\n", text)
	for i := range testsEach {
		fmt.Fprintf(&script, "sys.stdin, out = io.StringIO('%d\\n'), io.StringIO()\nold, sys.stdout = sys.stdout, out\nexec(source, {'__name__': '__main__'})\nsys.stdout = old\nassert out.getvalue().split() == ['%d']\n", i, i*i+1)
	}
	return script.String()
}

// together runs a candidate and its tests in one fresh interpreter and believes
// what it prints.
func (c contest) together(text string) bool {
	cmd := exec.Command(interpreter(), "-")
	cmd.Stdin = strings.NewReader(c.script(text) + "print('passed')\n")
	out, err := cmd.Output()
	return err == nil && strings.TrimSpace(string(out)) == "passed"
}

// forker runs each script that it is sent in a process of multiprocessing, with a
// time limit and without descriptors of its own, and says how that ended.
const forker = `
import json, multiprocessing, os, signal, sys
def run(text):
    signal.setitimer(signal.ITIMER_REAL, 10)
    sys.stdout = sys.stderr = open(os.devnull, "w")
    try:
        exec(text, {"__name__": "candidate"})
    except BaseException:
        os._exit(1)
    os._exit(0)
multiprocessing.set_start_method("fork")
for line in sys.stdin:
    p = multiprocessing.Process(target=run, args=(json.loads(line),))
    p.start()
    p.join(11)
    print(p.exitcode, flush=True)
`

// forks runs candidates with their tests in forks of warm interpreters, one for
// each processor, as the checker of HumanEval does.
func (c contest) forks(b *testing.B) func(note string) bool {
	type harness struct {
		in  io.Writer
		out *bufio.Reader
	}
	n := runtime.GOMAXPROCS(0)
	free := make(chan harness, n)
	for range n {
		cmd := exec.Command(interpreter(), "-c", forker)
		in, err := cmd.StdinPipe()
		require.NoError(b, err)
		out, err := cmd.StdoutPipe()
		require.NoError(b, err)
		require.NoError(b, cmd.Start())
		b.Cleanup(func() {
			in.Close()
			_ = cmd.Wait()
		})
		free <- harness{in, bufio.NewReader(out)}
	}
	return func(note string) bool {
		h := <-free
		defer func() { free <- h }()
		line, err := json.Marshal(c.script(c.source + note))
		if err != nil {
			return false
		}
		if _, err := h.in.Write(append(line, '\n')); err != nil {
			return false
		}
		said, err := h.out.ReadString('\n')
		return err == nil && said == "0\n"
	}
}
