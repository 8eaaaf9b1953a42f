//go:build amd64 || arm64

package jail_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/graders/code/sandbox"
	"github.com/rftgrader/rftgrader/graders/code/sandbox/jail"
)

const includes = `#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
`

// servedPrograms do what a program can see or do differently where it was forked by a
// server. Each is run with the inputs 0, 1 and 0, of which the
// first and the last are long.
var servedPrograms = map[string]string{
	"answers":            `int main(void) { int n; scanf("%d", &n); printf("%d\n", n + 1); return 0; }`,
	"begins anew":        `static int runs; int main(void) { printf("%d %d", ++runs, (int)(clock() > CLOCKS_PER_SEC)); return 0; }`,
	"constructor":        `static int n; __attribute__((constructor)) static void before(void) { n++; } int main(void) { printf("%d", n); return 0; }`,
	"no input":           `int main(void) { puts("ok"); return 0; }`,
	"status":             `int main(void) { int n; scanf("%d", &n); fprintf(stderr, "whoops"); return n; }`,
	"abort":              `int main(void) { puts("before"); fflush(stdout); abort(); }`,
	"raise":              `int main(void) { return raise(SIGTERM); }`,
	"segmentation":       `int main(void) { volatile int *p = 0; return *p; }`,
	"stack overflow":     `static int deep(int n) { volatile char b[65536]; b[0] = n; return n ? deep(n - 1) + b[0] : 0; } int main(void) { return deep(1 << 20); }`,
	"deep recursion":     `static int deep(int n) { volatile char b[1024]; b[0] = 0; return n ? deep(n - 1) + b[0] : 7; } int main(void) { printf("%d", deep(30000)); return 0; }`,
	"spins":              `int main(void) { int n; scanf("%d", &n); if (n == 1) for (;;); puts("ok"); return 0; }`,
	"sleeps":             `int main(void) { int n; scanf("%d", &n); if (n == 1) sleep(600); puts("ok"); return 0; }`,
	"stops itself":       `int main(void) { int n; scanf("%d", &n); if (n == 1) raise(SIGSTOP); puts("ok"); return 0; }`,
	"eats":               `int main(void) { int n; scanf("%d", &n); if (n == 1) { memset(malloc(120 << 20), 1, 120 << 20); sleep(600); } puts("ok"); return 0; }`,
	"floods":             `int main(void) { int n; scanf("%d", &n); for (int i = 0; i < (n == 1 ? 1 << 30 : 5); i++) puts("xxxxxxxxxxxxxxxx"); return 0; }`,
	"complains":          `int main(void) { int n; scanf("%d", &n); for (int i = 0; i < (n == 1 ? 1 << 30 : 5); i++) fputs("xxxxxxxxxxxxxxxx", stderr); return 0; }`,
	"prints much":        `int main(void) { for (int i = 0; i < 60000; i++) printf("%d\n", i); return 0; }`,
	"closes its output":  `int main(void) { puts("ok"); fflush(stdout); close(1); close(2); usleep(5000); return 0; }`,
	"leaves a file":      `int main(void) { puts(access("f", F_OK) ? "fresh" : "left"); fclose(fopen("f", "w")); return 0; }`,
	"leaves a file once": `int main(void) { int n; scanf("%d", &n); puts(access("f", F_OK) ? "fresh" : "left"); if (n == 1) fclose(fopen("f", "w")); return 0; }`,
	"fills the disk":     `int main(void) { int n; scanf("%d", &n); if (n == 1) { char b[4096] = {1}; FILE *f = fopen("f", "w"); for (int i = 0; i < 40000; i++) fwrite(b, 1, sizeof b, f); fclose(f); } puts("ok"); return 0; }`,
	"many files":         `int main(void) { int n; scanf("%d", &n); if (n == 1) for (int i = 0; i < 10000; i++) { char b[20]; sprintf(b, "%d", i); close(open(b, O_CREAT | O_WRONLY, 0600)); } puts("ok"); return 0; }`,
	"forks":              `int main(void) { int s; for (int i = 0; i < 3; i++) { if (fork() == 0) _exit(i); wait(&s); printf("%d ", WEXITSTATUS(s)); } return 0; }`,
	"fork raises":        `int main(void) { int s; if (fork() == 0) abort(); wait(&s); printf("%d", WTERMSIG(s)); return 0; }`,
	"leaves a daemon":    `int main(void) { if (fork() == 0) { setsid(); if (fork()) _exit(0); for (;;) pause(); } puts("ok"); return 0; }`,
	"leaves a zombie":    `int main(void) { if (fork() == 0) _exit(0); usleep(20000); puts("ok"); return 0; }`,
	"threads":            `static void *run(void *p) { return p; } int main(void) { pthread_t t; void *r; for (long i = 0; i < 4; i++) { pthread_create(&t, 0, run, (void *)i); pthread_join(t, &r); printf("%ld ", (long)r); } return 0; }`,
	"signals a thread":   `static volatile int hit; static void on(int s) { hit = 1; } static void *run(void *p) { return (void *)(long)pthread_kill(*(pthread_t *)p, SIGUSR1); } int main(void) { void *r; pthread_t self = pthread_self(), t; signal(SIGUSR1, on); pthread_create(&t, 0, run, &self); pthread_join(t, &r); printf("%ld %d", (long)r, hit); return 0; }`,
	"recursive mutex":    `int main(void) { pthread_mutexattr_t a; pthread_mutex_t m; pthread_mutexattr_init(&a); pthread_mutexattr_settype(&a, PTHREAD_MUTEX_ERRORCHECK); pthread_mutexattr_setrobust(&a, PTHREAD_MUTEX_ROBUST); pthread_mutex_init(&m, &a); int x = pthread_mutex_lock(&m), y = pthread_mutex_lock(&m), z = pthread_mutex_unlock(&m); printf("%d %d %d", x, y == EDEADLK, z); return 0; }`,
	"descriptors":        `int main(void) { for (int i = 0; i < 256; i++) if (fcntl(i, F_GETFD) >= 0) printf("%d ", i); return 0; }`,
	"reopens":            `int main(void) { char b[8] = ""; FILE *f = fopen("/dev/stdin", "r"); if (f) fgets(b, 8, f); f = fopen("/dev/stdout", "w"); if (f) fputs(b, f); return !f; }`,
	"numbers":            `int main(void) { printf("%d %d %d", getpid() == (int)syscall(SYS_gettid), getpid() == getppid(), getppid() > 1); return 0; }`,
	"signal state":       `int main(void) { sigset_t s; struct sigaction a; sigprocmask(0, 0, &s); for (int i = 1; i < 65; i++) { sigaction(i, 0, &a); if (sigismember(&s, i) == 1 || a.sa_handler != SIG_DFL) printf("%d ", i); } return 0; }`,
	"limits":             `int main(void) { for (int i = 0; i < 16; i++) { struct rlimit l; if (i != RLIMIT_NPROC && i != RLIMIT_LOCKS && i != RLIMIT_RTTIME && i != RLIMIT_MEMLOCK) { getrlimit(i, &l); printf("%d:%lu %lu ", i, l.rlim_cur, l.rlim_max); } } return 0; }`,
	"environment":        `extern char **environ; int main(int n, char **a) { for (char **e = environ; *e; e++) if (strncmp(*e, "HOME", 4) && strncmp(*e, "TMPDIR", 6)) puts(*e); printf("%d", n); return 0; }`,
	"sets a limit":       `int main(void) { struct rlimit l; getrlimit(RLIMIT_NOFILE, &l); printf("%lu", l.rlim_cur); l.rlim_cur = l.rlim_max = 20; setrlimit(RLIMIT_NOFILE, &l); return 0; }`,
	"death signal":       `int main(void) { int s = 0; prctl(PR_GET_PDEATHSIG, &s); printf("%d %d %d", s, prctl(PR_SET_PDEATHSIG, 0), prctl(PR_SET_PDEATHSIG, SIGTERM)); return 0; }`,
	"waits":              `int main(void) { int s; printf("%d %d", (int)wait(&s), errno == ECHILD); return 0; }`,
	"runs another":       `int main(void) { fflush(stdout); execl("/bin/echo", "echo", "hello", (char *)0); return 1; }`,
	"starts another":     `int main(void) { return system("exec cat"); }`,
	"alarm":              `int main(void) { int n; scanf("%d", &n); if (n == 1) { ualarm(20000, 0); pause(); } puts("ok"); return 0; }`,
	"kills its parent":   `int main(void) { printf("%d %d", kill(getppid(), SIGKILL), errno); return 0; }`,
	"stops its parent":   `int main(void) { printf("%d %d", kill(getppid(), SIGSTOP), errno); return 0; }`,
	"limits its parent":  `int main(void) { struct rlimit l = {20, 20}; printf("%d %d", prlimit(getppid(), RLIMIT_NOFILE, &l, 0), errno); return 0; }`,
	"traces its parent":  `int main(void) { printf("%ld %d", syscall(SYS_ptrace, 16, getppid(), 0, 0), errno); return 0; }`,
	"kills its group":    `int main(void) { signal(SIGTERM, SIG_IGN); printf("%d", kill(0, SIGTERM)); return 0; }`,
	"clock":              `int main(void) { struct timespec t; clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t); printf("%d", t.tv_sec == 0 && t.tv_nsec < 300000000); return 0; }`,
	"lots of input":      `int main(void) { long s = 0; int c; while ((c = getchar()) != EOF) s += c; printf("%ld", s); return 0; }`,
	"exits at once":      `__attribute__((constructor)) static void before(void) { write(1, "ok", 2); _exit(0); } int main(void) { return 1; }`,
	"starts by itself":   `int __libc_start_main(void) { write(1, "ok", 2); _exit(0); } int main(void) { return 1; }`,
}

// servingJail skips the test where no program has a server.
func servingJail(t *testing.T, cpus int) *jail.Jail {
	t.Helper()
	j := open(t, jail.Options{CPUs: cpus})
	language(t, j, "c")
	require.NoError(t, j.Warm(t.Context(), "c"))
	if j.ServedPart() == "" {
		t.Skip("this kernel does not hold what a program forks")
	}
	return j
}

func served(t *testing.T, j *jail.Jail, language, source string, inputs []sandbox.Input) []sandbox.Output {
	t.Helper()
	limits := sandbox.Limits{Time: 300 * time.Millisecond, Memory: 64 << 20, Output: 512 << 10, Disk: 4 << 20, Processes: 16}
	var outs []sandbox.Output
	build, err := j.Run(t.Context(), sandbox.Program{Language: jail.Find(jail.Languages(), language), Source: source, Limits: limits}, inputs, func(_ int, out sandbox.Output) bool {
		outs = append(outs, out)
		return true
	})
	require.NoError(t, err)
	require.Empty(t, build.Failure, string(build.Log))
	require.Len(t, outs, len(inputs))
	return outs
}

// TestServedAsExecuted runs programs by their server, and as those are run that have
// few inputs, with an execution each: what comes out is the same.
func TestServedAsExecuted(t *testing.T) {
	j := servingJail(t, 2)
	long := strings.Repeat("0123456789\n", 30000)
	for name, body := range servedPrograms {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inputs := []sandbox.Input{{Stdin: []byte("0\n" + long)}, {Stdin: []byte("1\n")}, {Stdin: []byte("0\n" + long)}}
			together := served(t, j, "c", includes+body, inputs)
			alone := served(t, j, "c", includes+body, inputs[:2])
			for i, out := range together {
				want := alone[i%2]
				if name == "many files" && i == 1 {
					// Which of two limits it meets first is a matter of the machine.
					for _, f := range []sandbox.Failure{want.Failure, out.Failure} {
						require.Contains(t, []sandbox.Failure{sandbox.DiskLimit, sandbox.TimeLimit}, f)
					}
					continue
				}
				require.Equal(t, want.Failure, out.Failure, "run %d", i)
				require.Equal(t, want.Exit, out.Exit, "run %d", i)
				if want.Failure != sandbox.OutputLimit {
					require.Equal(t, string(want.Stdout), string(out.Stdout), "run %d", i)
					require.Equal(t, string(want.Stderr), string(out.Stderr), "run %d", i)
				}
				require.Less(t, out.Usage.CPU, 3*time.Second)
				require.Positive(t, out.Usage.Memory)
			}
		})
	}
}

// TestServed looks at the parent of each run.
func TestServed(t *testing.T) {
	j := servingJail(t, 1)
	const source = includes + `int main(void) { int n; scanf("%d", &n); if (n == 2) fclose(fopen("f", "w")); printf("%d", getppid()); return 0; }`
	inputs := make([]sandbox.Input, 6)
	for i := range inputs {
		inputs[i].Stdin = []byte(strconv.Itoa(i))
	}
	var parents []string
	for _, out := range served(t, j, "c", source, inputs) {
		parents = append(parents, string(out.Stdout))
	}
	require.NotEqual(t, strconv.Itoa(os.Getpid()), parents[0])
	require.NotEqual(t, parents[2], parents[3], "the server of the folder that was emptied")
	require.Equal(t, []string{parents[0], parents[0], parents[0], parents[3], parents[3], parents[3]}, parents)
	require.Equal(t, strconv.Itoa(os.Getpid()), string(served(t, j, "c", source, inputs[:1])[0].Stdout))
}

// TestServedApart leaves processes that print on all that they can find or open, after
// their run has ended: none of it is in the output of another run.
func TestServedApart(t *testing.T) {
	j := servingJail(t, 1)
	const source = includes + `int main(void) {
		int n; scanf("%d", &n);
		if (fork() == 0) {
			setsid();
			for (int parent = getppid(); getppid() == parent;) ;
			for (;;) for (int i = 0; i < 64; i++) dprintf(i, "late %d\n", n);
		}
		printf("%d\n", n); return 0; }`
	inputs := make([]sandbox.Input, 6)
	for i := range inputs {
		inputs[i].Stdin = []byte(strconv.Itoa(i))
	}
	for i, out := range served(t, j, "c", source, inputs) {
		if out.Failure == sandbox.OutputLimit {
			continue
		}
		first, late, _ := strings.Cut(string(out.Stdout), "\n")
		require.Equal(t, strconv.Itoa(i), first)
		for line := range strings.Lines(late) {
			require.True(t, strings.HasPrefix("late "+strconv.Itoa(i)+"\n", line), line)
		}
	}
}

// TestServable tells the programs that have a server from those of which something
// would run before it.
func TestServable(t *testing.T) {
	j := servingJail(t, 2)
	const end = ` int main(void) { puts("ok"); return 0; }`
	for _, c := range []struct {
		name, language, source string
		want                   bool
	}{
		{"plain", "c", includes + end, true},
		{"constructor", "c", includes + `__attribute__((constructor)) static void f(void) {}` + end, true},
		{"mathematics", "c", includes + "#include <math.h>\n" + `int main(int n, char **a) { printf("%f", sqrt(n) + pow(n, 2.5)); return 0; }`, true},
		{"plain C++", "cpp", "#include <iostream>\n#include <vector>\n#include <map>\nint main() { std::map<int, std::vector<int>> m; m[1].push_back(2); std::cout << m[1][0] << std::endl; }", true},
		{"operator new", "cpp", "#include <cstdlib>\n#include <new>\n#include <iostream>\nvoid *operator new(std::size_t n) { return std::malloc(n); }\nvoid operator delete(void *p) noexcept { std::free(p); }\nint main() { std::cout << *new int(3); }", true},
		{"its own first function", "c", includes + `static void f(void) {} __attribute__((section(".preinit_array"), used)) static void (*const g)(void) = f;` + end, false},
		{"a script", "bash", "echo ok", false},
		{"a resolver", "c", includes + `static void f(void) {} static void *r(void) { return f; } void g(void) __attribute__((ifunc("r")));` + `int main(void) { g(); return 0; }`, false},
		{"its own malloc", "c", includes + `void *malloc(size_t n) { return sbrk(n); } void free(void *p) {}` + end, false},
		{"its own variable of the library", "c", `extern int printf(const char *, ...); char *program_invocation_name; int main(void) { printf("%s", program_invocation_name); return 0; }`, false},
		{"another loader", "c", includes + `__asm__(".section .interp,\"a\"\n.string \"/tmp/loader\"\n.text");` + end, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			require.Equal(t, c.want, j.Serves(t.Context(), sandbox.Program{Language: language(t, j, c.language), Source: c.source}))
		})
	}
}

// TestServedWithoutItsPart runs programs where the part cannot be linked or was changed.
func TestServedWithoutItsPart(t *testing.T) {
	j := servingJail(t, 1)
	inputs := make([]sandbox.Input, 4)
	const source = "#include <stdio.h>\nint main(void) { puts(\"ok\"); return 0; }"
	for _, text := range []string{"no object", ""} {
		require.NoError(t, os.WriteFile(j.ServedPart(), []byte(text), 0o644))
		j.Reseal()
		for _, out := range served(t, j, "c", source, inputs) {
			require.Equal(t, "ok\n", string(out.Stdout))
			require.Empty(t, out.Failure)
		}
	}
}

// hostileServers stand where serve.c is. Each of them is asked for a run on descriptor 3.
var hostileServers = map[string]string{
	"says nothing":     `for (;;) pause();`,
	"spins":            `for (;;);`,
	"ends":             `_exit(0);`,
	"closes":           `for (int i = 0; i < 64; i++) close(i); for (;;) pause();`,
	"says too little":  `send(3, "x", 1, 0); for (;;) pause();`,
	"says nothing new": `long r[4] = {99, 1, 0, 0}; for (;;) if (send(3, r, sizeof r, 0) < 0) _exit(1);`,
	"says too much":    `static char b[1 << 16]; for (;;) if (send(3, b, sizeof b, 0) < 0) _exit(1);`,
	"asks":             `long r[4] = {0x7266742d66726b31, 1, 0, 0}; for (;;) if (send(3, r, 16, 0) < 0) _exit(1);`,
	"all bits":         `for (;;) { hear(); long r[4] = {said, -1, -1, -1}; send(3, r, sizeof r, 0); }`,
	"great figures":    `for (;;) { hear(); long r[4] = {said, 1, -1, -1}; send(3, r, sizeof r, 0); }`,
	"ended and is not": `for (;;) { hear(); long r[4] = {said, 1, 0, 0}; if (fork() == 0) { for (;;) { write(fds[1], "late", 4); usleep(100); } } send(3, r, sizeof r, 0); }`,
	"does not run":     `for (;;) { hear(); long r[4] = {said, 1, 0, 0}; write(fds[1], "mine", 4); send(3, r, sizeof r, 0); }`,
	"floods":           `for (;;) { hear(); for (;;) write(fds[1], "mine", 4); }`,
	"eats":             `hear(); for (;;) memset(malloc(1 << 20), 1, 1 << 20);`,
	"sends files":      `for (;;) { hear(); long r[4] = {said, 1, 0, 0}; m.msg_iov[0] = (struct iovec){r, sizeof r}; sendmsg(3, &m, 0); }`,
}

const hostileStart = includes + `
static long said; static int fds[3]; static char room[256]; static struct iovec v; static struct msghdr m;
static void hear(void) {
	static long in[2]; v = (struct iovec){in, sizeof in};
	for (int i = 0; i < 3; i++) if (fds[i]) close(fds[i]);
	m = (struct msghdr){.msg_iov = &v, .msg_iovlen = 1, .msg_control = room, .msg_controllen = sizeof room};
	if (recvmsg(3, &m, 0) <= 0) _exit(1);
	said = in[1]; memcpy(fds, CMSG_DATA(CMSG_FIRSTHDR(&m)), sizeof fds);
}
static void serve(void) { `

// TestHostileServers has programs take over their servers: their own runs fail, or are
// executed, and the next program is as well as ever.
func TestHostileServers(t *testing.T) {
	j := servingJail(t, 1)
	c := language(t, j, "c")
	honest, err := os.ReadFile(j.ServedPart())
	require.NoError(t, err)
	object := filepath.Join(scratch(t), "serve.o")
	for name, text := range hostileServers {
		t.Run(name, func(t *testing.T) {
			source := hostileStart + text + "}\n__attribute__((section(\".preinit_array\"), used)) static void (*const before)(void) = serve;\n"
			compile := exec.Command("gcc", "-O1", "-w", "-fPIC", "-x", "c", "-c", "-o", object, "-")
			compile.Stdin = strings.NewReader(source)
			said, err := compile.CombinedOutput()
			require.NoError(t, err, string(said))
			hostile, err := os.ReadFile(object)
			require.NoError(t, err)
			put := func(part []byte) {
				require.NoError(t, os.WriteFile(j.ServedPart(), part, 0o644))
				j.Reseal()
			}
			inputs := make([]sandbox.Input, 3)
			const plain = "#include <stdio.h>\nint main(void) { puts(\"ok\"); return 0; }"

			put(hostile)
			require.True(t, j.Serves(t.Context(), sandbox.Program{Language: c, Source: plain}))
			began := time.Now()
			for _, out := range served(t, j, "c", plain, inputs) {
				if out.Failure == "" {
					require.Contains(t, []string{"ok\n", "", "mine"}, strings.ReplaceAll(string(out.Stdout), "late", ""), "what it can say itself")
				}
				require.LessOrEqual(t, len(out.Stdout), 512<<10)
				require.GreaterOrEqual(t, out.Usage.CPU, time.Duration(0))
			}
			require.Less(t, time.Since(began), 30*time.Second)

			put(honest)
			for _, out := range served(t, j, "c", plain, inputs) {
				require.Empty(t, out.Failure)
				require.Equal(t, "ok\n", string(out.Stdout))
			}
		})
	}
}
