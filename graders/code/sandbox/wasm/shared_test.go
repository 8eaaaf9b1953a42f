//go:build linux && (amd64 || arm64)

package wasm_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/graders/code/internal/cage"
	"github.com/rftgrader/rftgrader/graders/code/sandbox"
	"github.com/rftgrader/rftgrader/graders/code/sandbox/wasm"
	"github.com/rftgrader/rftgrader/testdata"
)

// A shared is a line of the larger sets.
type shared struct {
	ID, Language, Code, Expected string
	Tests                        struct {
		Kind, Entry, Compare string
		Tol                  float64
		Limits               struct {
			Time   float64 `json:"time_s"`
			Memory int64   `json:"memory_mb"`
			Output int64   `json:"output_kb"`
		}
		Cases []struct {
			In   string          `json:"in"`
			Args json.RawMessage `json:"args"`
			Out  json.RawMessage `json:"out"`
		}
	}
}

// readShared returns the lines that this executor can run.
func readShared(t *testing.T, name string) []shared {
	t.Helper()
	f, err := os.Open(testdata.Shared(t, "cases", "code", name))
	require.NoError(t, err)
	defer f.Close()
	var all []shared
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<24)
	for lines.Scan() {
		var s shared
		require.NoError(t, json.Unmarshal(lines.Bytes(), &s))
		language := slices.Contains([]string{"c", "cpp", "go"}, s.Language)
		if strings.Contains(s.Code, "std::thread") && s.Expected == "pass" {
			continue // Modules have no threads.
		}
		if language && (s.Tests.Kind == "stdio" || s.Tests.Kind == "function" && s.Language == "go") {
			all = append(all, s)
		}
	}
	require.NoError(t, lines.Err())
	return all
}

// passes runs the cases and compares as simply as the sets allow.
func (s shared) passes(t *testing.T, e sandbox.Executor) bool {
	t.Helper()
	need(t, e, s.Language)
	p := sandbox.Program{Language: language(t, s.Language), Source: s.Code, Entry: s.Tests.Entry}
	l := s.Tests.Limits
	p.Limits = sandbox.Limits{Time: time.Duration(l.Time * float64(time.Second)), Memory: l.Memory << 20, Output: l.Output << 10}
	var inputs []sandbox.Input
	for _, c := range s.Tests.Cases {
		if s.Tests.Kind == "stdio" {
			inputs = append(inputs, stdin(c.In))
		} else {
			inputs = append(inputs, call(s.Tests.Entry, string(c.Args)))
		}
	}
	build, outs := run(t, e, p, inputs...)
	if build.Failure != "" || len(outs) != len(inputs) {
		t.Logf("build: %s %s", build.Failure, build.Log)
		return false
	}
	for i, out := range outs {
		want := s.Tests.Cases[i].Out
		if out.Failure != "" {
			t.Logf("case %d: %s", i, out.Failure)
			return false
		}
		if s.Tests.Kind == "stdio" && !s.sameText(t, string(out.Stdout), want) || s.Tests.Kind == "function" && !sameValue(t, out.Value, want) {
			return false
		}
	}
	return true
}

func (s shared) sameText(t *testing.T, got string, want json.RawMessage) bool {
	t.Helper()
	var text string
	require.NoError(t, json.Unmarshal(want, &text))
	return slices.EqualFunc(strings.Fields(got), strings.Fields(text), func(a, b string) bool {
		x, xerr := strconv.ParseFloat(a, 64)
		y, yerr := strconv.ParseFloat(b, 64)
		return a == b || s.Tests.Compare == "float" && xerr == nil && yerr == nil && math.Abs(x-y) <= s.Tests.Tol*max(1, math.Abs(y))
	})
}

func sameValue(t *testing.T, reply []byte, want json.RawMessage) bool {
	t.Helper()
	var r struct {
		Value json.RawMessage `json:"value"`
	}
	require.NoError(t, json.Unmarshal(reply, &r))
	var x, y bytes.Buffer
	require.NoError(t, json.Compact(&x, r.Value))
	require.NoError(t, json.Compact(&y, want))
	return x.String() == y.String()
}

func TestHonest(t *testing.T) {
	cases := readShared(t, "honest.jsonl")
	e := open(t, wasm.Options{})
	for _, s := range cases {
		t.Run(s.ID, func(t *testing.T) {
			require.Equal(t, s.Expected == "pass", s.passes(t, e), "%s", s.Code)
		})
	}
}

// TestAttacks runs hostile programs. The cage looks for the harm.
func TestAttacks(t *testing.T) {
	cases := readShared(t, "attacks.jsonl")
	if !cage.Enter(t, withHelper(t)) {
		return
	}
	e := open(t, wasm.Options{})
	for _, s := range cases {
		t.Run(s.ID, func(t *testing.T) {
			require.False(t, s.passes(t, e), "%s", s.Code)
		})
	}
}

// TestHostile runs programs that look for a way out of a module, or at what
// the compiler can read.
func TestHostile(t *testing.T) {
	if !cage.Enter(t, withHelper(t)) {
		return
	}
	e := open(t, wasm.Options{Languages: []string{"c", "cpp"}})
	for name, tt := range map[string]struct{ language, source string }{
		"the environment of the compiler":  {"c", "#include <stdio.h>\nconst char *s =\n#include \"/proc/self/environ\"\n;\nint main(void) { puts(s); }\n"},
		"the environment of its parent":    {"c", "#include <stdio.h>\n__asm__(\".section .data.s,\\\"\\\",@\\n.globl s\\ns: .incbin \\\"/proc/1/environ\\\"\\n.size s, 100\\n\");\nextern char s[];\nint main(void) { fwrite(s, 1, 100, stdout); }\n"},
		"a file with a secret":             {"c", "#include \"/tmp/rh_secret.txt\"\nint main(void) { return 0; }\n"},
		"a header that never ends":         {"c", "#include \"/dev/zero\"\nint main(void) { return 0; }\n"},
		"includes without end":             {"c", "#include \"main.c\"\n#include \"main.c\"\n"},
		"macros without end":               {"c", "#define A B B B B B B B B\n#define B C C C C C C C C\n#define C D D D D D D D D\n#define D E E E E E E E E\n#define E F F F F F F F F\n#define F G G G G G G G G\n#define G H H H H H H H H\n#define H 1+1+1+1+1+1+1+1+\nint x = A 0;\nint main(void) { return x; }\n"},
		"templates without end":            {"cpp", "template <int N> struct A { typedef typename A<N + 1>::T T; typedef typename A<N + 2>::T U; };\nint main() { A<0>::T x; }\n"},
		"a table that grows":               {"c", "int main(void) { __asm__ volatile(\"ref.null func\\n i32.const 0x7fffffff\\n table.grow __indirect_function_table\\n drop\"); return 0; }\n"},
		"a gigabyte of data":               {"c", "char big[1 << 30] = {1};\nint main(void) { return big[5]; }\n"},
		"functions by the ten thousand":    {"c", manyFunctions(10000)},
		"descriptors that are not open":    {"c", "#include <stdio.h>\n#include <unistd.h>\nint main(void) { char b[100]; int n = 0; for (int i = 3; i < 5000; i++) { n += read(i, b, 100) > 0; n += write(i, \"forged\", 6) > 0; close(i); } return n; }\n"},
		"standard descriptors that closed": {"c", "#include <unistd.h>\nint main(void) { for (int i = 0; i < 100; i++) close(i); write(1, \"x\", 1); return 0; }\n"},
	} {
		t.Run(name, func(t *testing.T) {
			need(t, e, tt.language)
			p := sandbox.Program{Language: language(t, tt.language), Source: tt.source, Limits: sandbox.Limits{Time: time.Second, Compile: 3 * time.Second}}
			build, outs := run(t, e, p, stdin(""))
			require.NotContains(t, string(build.Log), cage.Secret)
			for _, out := range outs {
				require.NotContains(t, string(out.Stdout)+string(out.Stderr), cage.Secret)
				require.Empty(t, out.Stdout)
			}
			// The next program is not harmed.
			_, outs = run(t, e, sandbox.Program{Language: language(t, "c"), Source: "#include <stdio.h>\nint main(void) { puts(\"fine\"); }\n"}, stdin(""))
			require.Equal(t, "fine\n", string(outs[0].Stdout))
		})
	}
	require.Zero(t, cage.Hits(t))
}

func manyFunctions(n int) string {
	var b strings.Builder
	for i := range n {
		s := strconv.Itoa(i)
		b.WriteString("__attribute__((noinline, used)) int f" + s + "(int x) { for (int i = 0; i < x; i++) x ^= x * " + s + " + i; return x; }\n")
	}
	b.WriteString("int main(void) { return 0; }\n")
	return b.String()
}
