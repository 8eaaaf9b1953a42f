//go:build amd64 || arm64

package jail_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/graders/code/sandbox"
	"github.com/rftgrader/rftgrader/graders/code/sandbox/jail"
)

// TestCompiledDirectly compiles programs without gcc, and with it: both find the same,
// and gcc compiles those alone that cannot be linked without it.
func TestCompiledDirectly(t *testing.T) {
	direct, plain := open(t, jail.Options{CPUs: 2}), open(t, jail.Options{CPUs: 2})
	language(t, direct, "c")
	language(t, plain, "c")
	if !direct.Direct(t.Context()) {
		t.Skip("gcc does not tell its commands here")
	}
	plain.NotDirect()
	for _, c := range []struct {
		name, source string
		failure      sandbox.Failure
		decided      bool // without gcc
	}{
		{"plain", `int main(void) { puts("ok"); return 0; }`, "", true},
		{"mathematics", "#include <math.h>\nint main(int n, char **a) { printf(\"%.6f\", sin(n) + cbrt(n)); return 0; }", "", true},
		{"mathematics without its header", "double cbrt(double);\nint main(int n, char **a) { printf(\"%.6f\", cbrt(n + 1)); return 0; }", "", false},
		{"a function that is missing", `int other(void); int main(void) { return other(); }`, sandbox.CompileError, false},
		{"two of one name", `__asm__(".globl main\nmain:\n"); int main(void) { return 0; }`, sandbox.CompileError, false},
		{"no instruction", `int main(void) { __asm__("nonsense"); return 0; }`, sandbox.CompileError, false},
		{"no program", `int main(void) { return x; }`, sandbox.CompileError, true},
		{"no header", "#include <nothing.h>\n", sandbox.CompileError, true},
		{"an error of its own", "#error no\n", sandbox.CompileError, true},
		{"a nested function", `int apply(int (*f)(int)) { return f(2); } int main(int n, char **a) { int g(int k) { return k + n; } printf("%d", apply(g)); return 0; }`, "", true},
		{"threads", "#include <pthread.h>\nstatic __thread int n = 3; static void *f(void *p) { n++; return 0; } int main(void) { pthread_t t; pthread_create(&t, 0, f, 0); pthread_join(t, 0); printf(\"%d\", n); return 0; }", "", true},
		{"the order of constructors", `static int n; __attribute__((constructor(300))) static void c(void) { n = n * 10 + 3; } __attribute__((constructor(200))) static void b(void) { n = n * 10 + 2; } __attribute__((constructor)) static void d(void) { n = n * 10 + 4; } int main(void) { printf("%d", n); return 0; }`, "", true},
		{"weak names", `__attribute__((weak)) int other(void); int main(void) { printf("%d", other ? other() : 5); return 0; }`, "", true},
		{"sections", `static int a __attribute__((section("mine"), used)) = 7; extern int __start_mine[], __stop_mine[]; int main(void) { printf("%d %d", (int)(__stop_mine - __start_mine), *__start_mine); return 0; }`, "", true},
		{"much memory", `static char b[1 << 30]; int main(void) { b[1 << 29] = 5; printf("%d", b[1 << 29] + b[3]); return 0; }`, "", true},
		{"libgcc", `int main(int n, char **a) { __int128 x = (__int128)n << 100; printf("%d", (int)(x / 7 % 1000)); return 0; }`, "", true},
		{"its own resolver", `static int one(void) { return 1; } static void *r(void) { return one; } int f(void) __attribute__((ifunc("r"))); int main(void) { printf("%d", f()); return 0; }`, "", true},
		{"variables of the library", `extern char **environ; int main(void) { fprintf(stdout, "%d", environ != 0 && stdin != 0); return 0; }`, "", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			require.Equal(t, c.decided, direct.DirectlyDecided(t.Context(), "#include <stdio.h>\n"+c.source))
			p := sandbox.Program{Language: language(t, direct, "c"), Source: "#include <stdio.h>\n" + c.source}
			for _, inputs := range [][]sandbox.Input{make([]sandbox.Input, 1), make([]sandbox.Input, 3)} {
				build, outs := run(t, direct, p, inputs...)
				want, wants := run(t, plain, p, inputs...)
				require.Equal(t, c.failure, build.Failure, string(build.Log))
				require.Equal(t, c.failure, want.Failure, string(want.Log))
				require.Len(t, outs, len(wants))
				for i := range wants {
					require.Equal(t, string(wants[i].Stdout), string(outs[i].Stdout))
					require.Equal(t, wants[i].Exit, outs[i].Exit)
					require.Empty(t, outs[i].Failure)
				}
			}
		})
	}
}

func TestShellWords(t *testing.T) {
	for line, want := range map[string][]string{
		"":                             nil,
		" cc1 -quiet x.c\n":            {"cc1", "-quiet", "x.c"},
		` a "b c" "d\"e" "f\\g" "\$h"`: {"a", "b c", `d"e`, `f\g`, "$h"},
		` "-plugin-opt=-a" "" b`:       {"-plugin-opt=-a", "", "b"},
		"   two   spaces \\":           {"two", "spaces", `\`},
		` "not closed`:                 {"not closed"},
	} {
		require.Equal(t, want, jail.ShellWords(line), line)
	}
}

func FuzzShellWords(f *testing.F) {
	f.Add(` a "b c" \d`)
	f.Fuzz(func(t *testing.T, line string) {
		total := 0
		for _, word := range jail.ShellWords(line) {
			total += len(word)
		}
		require.LessOrEqual(t, total, len(line))
	})
}
