//go:build amd64 || arm64

package jail_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/graders/code/sandbox"
	"github.com/rftgrader/rftgrader/graders/code/sandbox/jail"
)

// take is the beginning of programs that take what no resident size and no folder
// shows. Each waits when it has taken several times its limit.
const take = `#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>
static int lost(void) { /* a file of 8 MiB that no folder shows */
  static char b[1 << 20] = {1};
  int f = open("x", O_CREAT | O_RDWR, 0600);
  unlink("x");
  for (int i = 0; i < 8 && write(f, b, sizeof b) > 0; i++);
  return f;
}
static void spin(void) { for (volatile long i = 0; i < 200000000; i++); pause(); }
`

// TestHidden takes more than the limits in ways that are counted by no folder and no
// resident size.
func TestHidden(t *testing.T) {
	j := open(t, jail.Options{})
	c := language(t, j, "c")
	for name, tt := range map[string]struct {
		main    string
		failure sandbox.Failure
	}{
		"files of children": {`if (fork() == 0) { for (int i = 0; i < 12; i++) lost(); spin(); } pause();`, sandbox.DiskLimit},
		"mapped files":      {`for (int i = 0; i < 12; i++) { int f = lost(); mmap(0, 4096, PROT_READ, MAP_SHARED, f, 0); close(f); } spin();`, sandbox.DiskLimit},
		"out of sight":      {`prctl(PR_SET_DUMPABLE, 0); for (int i = 0; i < 12; i++) lost(); spin();`, sandbox.DiskLimit},
		"page tables": {`long all = 1L << 40, n = 0;
  volatile char *p = mmap(0, all, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  madvise((void *)p, all, MADV_NOHUGEPAGE);
  for (long i = 0; i < all && n < 60000; i += 2 << 20, n++) (void)p[i];
  spin();`, sandbox.MemoryLimit},
		"shared memory": {`for (int i = 0; i < 40; i++) {
    char *p = mmap(0, 8 << 20, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    memset(p, 1, 8 << 20);
    madvise(p, 8 << 20, MADV_DONTNEED);
  }
  spin();`, sandbox.MemoryLimit},
		"sockets": {`static char b[65536];
  for (int k = 0; k < 6; k++) {
    if (fork() == 0) {
      for (int i = 0, p[2]; i < 100 && socketpair(AF_UNIX, SOCK_STREAM, 0, p) == 0; i++)
        for (int e = 0; e < 2; e++) { fcntl(p[e], F_SETFL, O_NONBLOCK); while (write(p[e], b, sizeof b) > 0); }
      pause();
    }
  }
  spin();`, sandbox.MemoryLimit},
	} {
		t.Run(name, func(t *testing.T) {
			build, outs := run(t, j, sandbox.Program{
				Language: c, Source: take + "int main(void) {\n  " + tt.main + "\n  return 0;\n}\n",
				Limits: sandbox.Limits{Time: 4 * time.Second, Memory: 96 << 20, Disk: 32 << 20},
			}, sandbox.Input{})
			require.Empty(t, build.Failure, "%s", build.Log)
			require.Len(t, outs, 1)
			require.Equal(t, tt.failure, outs[0].Failure, "%s", outs[0].Stderr)
		})
	}
}

// TestNoProgram builds what is no program, though the compiler is content.
func TestNoProgram(t *testing.T) {
	j := open(t, jail.Options{})
	for name, tt := range map[string]struct {
		language, source string
		failure          sandbox.Failure
	}{
		"a library":      {"rust", "#![crate_type=\"lib\"]\npub fn main() {}\n", sandbox.CompileError},
		"an interpreter": {"c", "__attribute__((section(\".interp\"), used)) const char name[4] = {65, 65, 65, 65};\nint main(void) { return 0; }\n", sandbox.RuntimeError},
	} {
		t.Run(name, func(t *testing.T) {
			build, outs := run(t, j, sandbox.Program{Language: language(t, j, tt.language), Source: tt.source}, sandbox.Input{})
			if tt.failure == sandbox.CompileError {
				require.Equal(t, tt.failure, build.Failure)
				return
			}
			require.Empty(t, build.Failure)
			require.Equal(t, tt.failure, outs[0].Failure)
		})
	}
}
