//go:build linux && (amd64 || arm64)

package jail_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/rftgrader/rftgrader/graders/code/sandbox"
	"github.com/rftgrader/rftgrader/graders/code/sandbox/jail"
)

// A workload is one candidate with its tests, and the plain way to do the same:
// a process for each test.
type workload struct {
	name, language, source, entry string
	plain                         func(dir string) (compile []string, run []string)
}

func workloads() []workload {
	java := "import java.util.*;\npublic class Main {\n  public static void main(String[] a) {\n    Scanner s = new Scanner(System.in);\n    System.out.println(s.nextInt() + s.nextInt());\n  }\n}\n"
	return []workload{
		{"python function", "python", "def add(a, b):\n    return a + b\n", "add", func(dir string) ([]string, []string) {
			return nil, []string{"/usr/bin/python3", "-I", "-S", "-c", "def add(a, b):\n    return a + b\na, b = map(int, input().split())\nprint(add(a, b))"}
		}},
		{"python script", "python", "a, b = map(int, input().split())\nprint(a + b)\n", "", func(dir string) ([]string, []string) {
			return nil, []string{"/usr/bin/python3", "-I", "-S", filepath.Join(dir, "main.py")}
		}},
		{"c script", "c", "#include <stdio.h>\nint main(void) { int a, b; scanf(\"%d %d\", &a, &b); printf(\"%d\\n\", a + b); }\n", "", func(dir string) ([]string, []string) {
			return []string{"gcc", "-O2", "-o", "main", "main.c"}, []string{filepath.Join(dir, "main")}
		}},
		{"cpp script", "cpp", "#include <bits/stdc++.h>\nint main() { int a, b; std::cin >> a >> b; std::cout << a + b << '\\n'; }\n", "", func(dir string) ([]string, []string) {
			return []string{"g++", "-O2", "-o", "main", "main.cpp"}, []string{filepath.Join(dir, "main")}
		}},
		{"javascript function", "javascript", "function add(a, b) { return a + b; }\n", "add", func(dir string) ([]string, []string) {
			return nil, []string{"node", filepath.Join(dir, "main.js")}
		}},
		{"javascript script", "javascript", "const [a, b] = require('fs').readFileSync(0, 'utf8').split(' ').map(Number);\nconsole.log(a + b);\n", "", func(dir string) ([]string, []string) {
			return nil, []string{"node", filepath.Join(dir, "main.js")}
		}},
		{"go function", "go", "package main\n\nfunc add(a, b int) int { return a + b }\n", "add", nil},
		{"go script", "go", "package main\n\nimport \"fmt\"\n\nfunc main() {\n\tvar a, b int\n\tfmt.Scan(&a, &b)\n\tfmt.Println(a + b)\n}\n", "", func(dir string) ([]string, []string) {
			return []string{"go", "build", "-o", "main", "main.go"}, []string{filepath.Join(dir, "main")}
		}},
		{"java script", "java", java, "", func(dir string) ([]string, []string) {
			return []string{"javac", "Main.java"}, []string{"java", "-cp", dir, "Main"}
		}},
	}
}

const testsPerCandidate = 10

// BenchmarkJail and BenchmarkPlain grade the same candidates, ten tests each;
// an operation is one candidate. Compare their tests/s.
func BenchmarkJail(b *testing.B) {
	j := open(b, jail.Options{})
	for _, w := range workloads() {
		b.Run(strings.ReplaceAll(w.name, " ", "-"), func(b *testing.B) {
			l := language(b, j, w.language)
			require.NoError(b, j.Warm(b.Context(), w.language))
			var inputs []sandbox.Input
			for i := range testsPerCandidate {
				inputs = append(inputs, sandbox.Input{Stdin: fmt.Appendf(nil, "%d 2\n", i), Call: fmt.Appendf(nil, `{"id":%d,"op":"call","args":[%d,2],"nonce":"n"}`, i, i)})
			}
			before, own := processorTime(j), ownTime()
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					p := sandbox.Program{Language: l, Source: w.source, Entry: w.entry}
					build, outs := run(b, j, p, inputs...)
					require.Empty(b, build.Failure, "%s", build.Log)
					for i, out := range outs {
						require.Empty(b, out.Failure, "%s", out.Stderr)
						text := string(out.Stdout) + string(out.Value)
						require.Contains(b, text, fmt.Sprint(i+2))
					}
				}
			})
			b.ReportMetric(float64(b.N*testsPerCandidate)/b.Elapsed().Seconds(), "tests/s")
			b.ReportMetric((processorTime(j)-before).Seconds()*1e3/float64(b.N), "cpu-ms/op")
			b.ReportMetric((ownTime()-own).Seconds()*1e3/float64(b.N), "own-cpu-ms/op")
		})
	}
}

// processorTime is what this process, its children and the warm interpreters
// have used until now. Unlike the clock it does not depend on what else runs.
func processorTime(j *jail.Jail) (used time.Duration) {
	var ru unix.Rusage
	if unix.Getrusage(unix.RUSAGE_CHILDREN, &ru) == nil {
		used += time.Duration(ru.Utime.Nano() + ru.Stime.Nano())
	}
	for _, pid := range j.Zygotes() {
		if line, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid)); err == nil {
			u, _ := jail.ParseStat(line)
			used += u.CPU
		}
	}
	return used + ownTime()
}

func ownTime() time.Duration {
	var ru unix.Rusage
	_ = unix.Getrusage(unix.RUSAGE_SELF, &ru)
	return time.Duration(ru.Utime.Nano() + ru.Stime.Nano())
}

func BenchmarkPlain(b *testing.B) {
	for _, w := range workloads() {
		if w.plain == nil {
			continue
		}
		b.Run(strings.ReplaceAll(w.name, " ", "-"), func(b *testing.B) {
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					dir := b.TempDir()
					source := w.source
					if w.entry != "" && w.language == "javascript" {
						source += "const [a, b] = require('fs').readFileSync(0, 'utf8').split(' ').map(Number);\nconsole.log(add(a, b));\n"
					}
					require.NoError(b, os.WriteFile(filepath.Join(dir, jail.Find(jail.Languages(), w.language).File), []byte(source), 0o600))
					compile, command := w.plain(dir)
					if compile != nil {
						c := exec.Command(compile[0], compile[1:]...)
						c.Dir = dir
						require.NoError(b, c.Run())
					}
					for i := range testsPerCandidate {
						c := exec.Command(command[0], command[1:]...)
						c.Stdin = bytes.NewReader(fmt.Appendf(nil, "%d 2\n", i))
						out, err := c.Output()
						require.NoError(b, err)
						require.Contains(b, string(out), fmt.Sprint(i+2))
					}
				}
			})
			b.ReportMetric(float64(b.N*testsPerCandidate)/b.Elapsed().Seconds(), "tests/s")
		})
	}
}
