//go:build linux && (amd64 || arm64)

package wasm_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/graders/code/sandbox"
	"github.com/rftgrader/rftgrader/graders/code/sandbox/wasm"
)

// TestPrograms runs what honest programs do, and what they cannot do here.
func TestPrograms(t *testing.T) {
	e := open(t, wasm.Options{})
	const c = "#include <stdio.h>\n#include <stdlib.h>\n"
	for _, tt := range []struct {
		name, language, source, stdin string
		stdout                        string
		failure                       sandbox.Failure
		exit                          int
		stderr                        string // part of it
	}{
		{name: "wide numbers", language: "c", source: c + `int main(void) { __int128 x = 1; for (int i = 0; i < 100; i++) x *= 2; printf("%lld %.3Lf %llu\n", (long long)(x >> 60), 2.5L, 18446744073709551615ULL); }`, stdout: "1099511627776 2.500 18446744073709551615"},
		{name: "status 256 is 0, as on other systems", language: "c", source: c + `int main(void) { puts("end"); exit(256); }`, stdout: "end"},
		{name: "negative status", language: "c", source: `int main(void) { return -1; }`, failure: sandbox.RuntimeError, exit: 255},
		{name: "deep recursion", language: "c", source: c + `static long long f(int n) { volatile int x = n; return n ? f(n - 1) + x : 0; } int main(void) { printf("%lld\n", f(100000)); }`, stdout: "5000050000"},
		{name: "endless recursion", language: "c", source: c + `static long f(long n) { volatile long x = n; return f(n + 1) + x; } int main(void) { printf("%ld\n", f(0)); }`, failure: sandbox.RuntimeError, exit: 134},
		{name: "division by zero", language: "c", source: c + `int main(void) { volatile int z = 0; printf("%d\n", 7 / z); }`, failure: sandbox.RuntimeError, exit: 134, stderr: "integer divide by zero"},
		{name: "a pointer beyond the memory", language: "c", source: `int main(void) { return *(volatile int *)0xfffffff0; }`, failure: sandbox.RuntimeError, exit: 134, stderr: "out of bounds memory access"},
		{name: "clocks and signals that are only emulated", language: "c", source: c + "#include <signal.h>\n#include <time.h>\n" + `int main(void) { signal(SIGINT, SIG_IGN); clock_t t = clock(); srand(time(0)); printf("%d %d\n", t >= 0, time(0) > 1700000000); }`, stdout: "1 1"},
		{name: "the same random numbers", language: "c", source: c + "#include <unistd.h>\n" + `int main(void) { unsigned x[2] = {0}; getentropy(x, sizeof x); printf("%d\n", x[0] != x[1]); }`, stdout: "1"},
		{name: "no file", language: "c", source: c + `int main(void) { puts(fopen("/etc/passwd", "r") || fopen("main.c", "r") ? "read" : "none"); }`, stdout: "none"},
		{name: "no arguments", language: "c", source: c + `int main(int argc, char **argv) { printf("%d %s\n", argc, argv[0]); }`, stdout: "1 main"},

		{name: "every header, with one of the usual names", language: "cpp", source: "#include <bits/stdc++.h>\nusing namespace std;\nint main() { map<string, vector<int>> m; string s; int x; while (cin >> s >> x) m[s].push_back(x); for (auto &[k, v] : m) { sort(v.begin(), v.end()); cout << k; for (int y : v) cout << ' ' << y; cout << '\\n'; } }", stdin: "b 2 a 3 b 1", stdout: "a 3\nb 1 2"},
		{name: "exceptions that are not thrown", language: "cpp", source: "#include <iostream>\n#include <stdexcept>\n#include <vector>\nint main() { std::vector<int> v{1, 2}; try { std::cout << v.at(1) << std::endl; } catch (const std::out_of_range &) { std::cout << \"none\"; } }", stdout: "2"},
		{name: "exceptions that are thrown", language: "cpp", source: "#include <iostream>\n#include <stdexcept>\nint main() { std::cout << \"before\" << std::endl; try { throw std::runtime_error(\"x\"); } catch (...) { std::cout << \"after\"; } }", stdout: "before", failure: sandbox.RuntimeError, exit: 134, stderr: "terminate called after throwing"},

		{name: "goroutines", language: "go", source: "package main\n\nimport (\n\t\"fmt\"\n\t\"sync\"\n)\n\nfunc main() {\n\tvar wg sync.WaitGroup\n\tc := make(chan int, 10)\n\tfor i := range 10 {\n\t\twg.Go(func() { c <- i })\n\t}\n\twg.Wait()\n\tclose(c)\n\tsum := 0\n\tfor i := range c {\n\t\tsum += i\n\t}\n\tfmt.Println(sum)\n}\n", stdout: "45"},
		{name: "deadlock", language: "go", source: "package main\n\nfunc main() { select {} }\n", failure: sandbox.RuntimeError, exit: 2, stderr: "deadlock"},
		{name: "packages that few programs import", language: "go", source: "package main\n\nimport (\n\t\"crypto/sha256\"\n\t\"encoding/hex\"\n\t\"fmt\"\n)\n\nfunc main() { s := sha256.Sum256(nil); fmt.Println(hex.EncodeToString(s[:2])) }\n", stdout: "e3b0"},
		{name: "no file of the host", language: "go", source: "package main\n\nimport (\n\t\"fmt\"\n\t\"net\"\n\t\"os\"\n)\n\nfunc main() {\n\t_, err := os.ReadFile(\"/etc/passwd\")\n\t_, derr := net.Dial(\"tcp\", \"127.0.0.1:9001\")\n\tfmt.Println(err != nil, derr != nil, len(os.Environ()))\n}\n", stdout: "true true 0"},
	} {
		t.Run(tt.language+": "+tt.name, func(t *testing.T) {
			need(t, e, tt.language)
			build, outs := run(t, e, sandbox.Program{Language: language(t, tt.language), Source: tt.source}, stdin(tt.stdin))
			require.Empty(t, build.Failure, "%s", build.Log)
			require.Len(t, outs, 1)
			require.Equal(t, tt.failure, outs[0].Failure, "%s", outs[0].Stderr)
			require.Equal(t, tt.stdout, strings.TrimSpace(string(outs[0].Stdout)))
			require.Equal(t, tt.exit, outs[0].Exit)
			require.Contains(t, string(outs[0].Stderr), tt.stderr)
		})
	}
}

// TestDoNotBuild has programs that must not become a module.
func TestDoNotBuild(t *testing.T) {
	e := open(t, wasm.Options{})
	for _, tt := range []struct{ name, language, source string }{
		{"threads", "cpp", "#include <thread>\nint main() { std::thread t([] {}); t.join(); }\n"},
		{"processes", "c", "#include <unistd.h>\nint main(void) { return fork(); }\n"},
		{"functions that the host does not have", "c", "__attribute__((import_module(\"host\"), import_name(\"exec\"))) int run(void);\nint main(void) { return run(); }\n"},
		{"no main", "c", "int f(void) { return 0; }\n"},
		{"nothing", "go", ""},
		{"another package", "go", "package solution\n\nfunc Main() {}\n"},
		{"a package that is not in the standard library", "go", "package main\n\nimport _ \"example.com/x\"\n\nfunc main() {}\n"},
		{"a package by its path", "go", "package main\n\nimport _ \"./x\"\n\nfunc main() {}\n"},
		{"an option as a package", "go", "package main\n\nimport _ \"-toolexec=id\"\n\nfunc main() {}\n"},
		{"all packages", "go", "package main\n\nimport _ \"...\"\n\nfunc main() {}\n"},
		{"internals", "go", "package main\n\nimport _ \"internal/cpu\"\n\nfunc main() {}\n"},
		{"cgo", "go", "package main\n\nimport \"C\"\n\nfunc main() {}\n"},
		{"functions without a body", "go", "package main\n\nfunc exit(int)\n\nfunc main() { exit(0) }\n"},
		{"the driver", "go", "package main\n\nimport _ \"rft/godriver\"\n\nfunc main() {}\n"},
	} {
		t.Run(tt.language+": "+tt.name, func(t *testing.T) {
			need(t, e, tt.language)
			build, outs := run(t, e, sandbox.Program{Language: language(t, tt.language), Source: tt.source}, stdin(""))
			require.Equal(t, sandbox.CompileError, build.Failure, "%+v", outs)
			require.Empty(t, outs)
			require.NotEmpty(t, build.Log)
		})
	}
}

func TestCalls(t *testing.T) {
	e := open(t, wasm.Options{})
	need(t, e, "go")
	for _, tt := range []struct{ name, source, entry, args, value string }{
		{"a main of its own", "package main\n\nimport \"fmt\"\n\nfunc double(x float64) float64 { return 2 * x }\n\nfunc main() { fmt.Println(double(2)) }\n", "double", "[1.5]", "3.0"},
		{"another package", "package solution\n\nfunc Join(words map[string][]int) int { return len(words[\"a\"]) }\n", "Join", `[{"a":[1,2,3]}]`, "3"},
		{"a method", "package main\n\ntype Solution struct{ n int }\n\nfunc (s *Solution) Next(x int) int { s.n++; return s.n + x }\n", "Next", "[1]", "2"},
		{"a method by its type", "package main\n\ntype Box struct{ n int }\n\nfunc (b Box) Get() []string { return []string{\"x\"} }\n", "Box.Get", "[]", `["x"]`},
		{"a line comment that lies", "package main\n\n//line other.go:90000\nfunc main() {}\n\nfunc f() int { return 1 }\n", "f", "[]", "1"},
		{"output that was opened before main", "package main\n\nimport (\n\t\"bufio\"\n\t\"os\"\n)\n\nvar out = bufio.NewWriter(os.Stdout)\n\nfunc f() int {\n\tout.WriteString(\"{\\\"id\\\":1}\\n\")\n\tout.Flush()\n\treturn 7\n}\n", "f", "[]", "7"},
		{"standard input that is empty", "package main\n\nimport (\n\t\"io\"\n\t\"os\"\n)\n\nfunc f() int {\n\tb, _ := io.ReadAll(os.Stdin)\n\treturn len(b)\n}\n", "f", "[]", "0"},
		{"predeclared names of its own", "package main\n\ntype string = int\n\nfunc f(x string) string { return x }\n", "f", "[5]", "5"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			build, outs := run(t, e, sandbox.Program{Language: language(t, "go"), Source: tt.source, Entry: tt.entry}, call(tt.entry, tt.args))
			require.Empty(t, build.Failure, "%s", build.Log)
			require.Empty(t, outs[0].Failure, "%s", outs[0].Stderr)
			require.JSONEq(t, `{"id":1,"nonce":"n","value":`+tt.value+`}`, string(outs[0].Value))
		})
	}
}

// TestLimits wants what is counted exactly to be exact.
func TestLimits(t *testing.T) {
	e := open(t, wasm.Options{})
	need(t, e, "c", "go")
	limits := sandbox.Limits{Time: 5 * time.Second, Memory: 64 << 20, Output: 1000}
	t.Run("memory", func(t *testing.T) {
		p := sandbox.Program{Language: language(t, "c"), Limits: limits, Source: "#include <stdio.h>\n#include <stdlib.h>\nint main(void) { long n = 0; scanf(\"%ld\", &n); char *volatile p = malloc(n); printf(\"%d\\n\", p != 0); }\n"}
		_, outs := run(t, e, p, stdin("1000"), stdin("30000000"), stdin("100000000"), stdin("1000"))
		require.Empty(t, outs[0].Failure)
		require.Empty(t, outs[1].Failure)
		require.Greater(t, outs[1].Usage.Memory, int64(30000000))
		require.Less(t, outs[0].Usage.Memory, int64(30000000))
		require.Equal(t, sandbox.MemoryLimit, outs[2].Failure)
		require.Empty(t, outs[3].Failure, "the next one has its own")
	})
	t.Run("memory from the start", func(t *testing.T) {
		p := sandbox.Program{Language: language(t, "c"), Limits: limits, Source: "#include <stdio.h>\nstatic char big[100 << 20];\nint main(void) { big[getchar() + 1] = 1; return big[5]; }\n"}
		_, outs := run(t, e, p, stdin(""))
		require.Len(t, outs, 1)
		require.Equal(t, sandbox.MemoryLimit, outs[0].Failure)
	})
	t.Run("a value", func(t *testing.T) {
		p := sandbox.Program{Language: language(t, "go"), Limits: limits, Entry: "f", Source: "package main\n\nimport \"strings\"\n\nfunc f(n int) string { return strings.Repeat(\"x\", n) }\n"}
		_, outs := run(t, e, p, call("f", "[900]"), call("f", "[100000]"), call("f", "[5]"))
		require.Empty(t, outs[0].Failure)
		require.Equal(t, sandbox.OutputLimit, outs[1].Failure)
		require.Empty(t, outs[2].Failure)
	})
	t.Run("time of the compiler", func(t *testing.T) {
		p := sandbox.Program{Language: language(t, "c"), Limits: limits, Source: "#include __FILE__\n#include __FILE__\nint main(void) { return 0; }\n"}
		p.Limits.Compile = 300 * time.Millisecond
		build, _ := run(t, e, p, stdin(""))
		require.Contains(t, []sandbox.Failure{sandbox.TimeLimit, sandbox.CompileError}, build.Failure)
	})
	t.Run("time of translating", func(t *testing.T) {
		p := sandbox.Program{Language: language(t, "go"), Limits: limits, Source: "package main\n\nfunc main() {}\n"}
		p.Limits.Compile = 10 * time.Millisecond
		build, outs := run(t, e, p, stdin(""))
		require.Equal(t, sandbox.TimeLimit, build.Failure)
		require.Empty(t, outs)
	})
}

// TestDriver wants the Go driver to be the jail's: a value must look the same
// whoever runs the program. "go generate" copies it.
func TestDriver(t *testing.T) {
	const theirs = "../jail/godriver"
	files, err := filepath.Glob(filepath.Join(theirs, "*.go"))
	require.NoError(t, err)
	var names []string
	for _, path := range files {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		want, err := os.ReadFile(path)
		require.NoError(t, err)
		got, err := os.ReadFile(filepath.Join("godriver", filepath.Base(path)+".txt"))
		require.NoError(t, err, "run go generate")
		require.Equal(t, string(want), string(got), "%s: run go generate", filepath.Base(path))
		names = append(names, filepath.Base(path)+".txt")
	}
	ours, err := os.ReadDir("godriver")
	require.NoError(t, err)
	require.Len(t, ours, len(names), "run go generate")
}
