//go:build linux && (amd64 || arm64)

package confine_test

import (
	"fmt"
	"maps"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/rftgrader/rftgrader/graders/code/sandbox"
	"github.com/rftgrader/rftgrader/graders/code/sandbox/confine"
)

// bySeccomp are the attempts that the filter refuses.
func bySeccomp() map[string]syscall.Errno {
	m := map[string]syscall.Errno{"clone3": unix.ENOSYS, "io_uring": unix.ENOSYS, "memfd": unix.ENOSYS, "pidfd": unix.ENOSYS, "future": unix.ENOSYS}
	for _, name := range []string{
		"signal-parent", "signal-all", "signal-group", "queue-signal", "tgkill", "tkill", "limits-of-parent", "affinity-of-parent",
		"trace", "readv", "socket-tcp", "socket-udp", "socket-unix", "socket-netlink", "connect", "pair-dgram", "userns", "clone-userns",
		"mount", "chroot", "setns", "setuid", "setgroups", "setpriority", "bpf", "perf", "userfaultfd", "keyctl", "shmget", "msgget",
		"mq_open", "kcmp", "handle", "tiocsti", "setown", "lease", "pdeathsig", "personality", "vmsplice", "reboot", "swapon",
	} {
		m[name] = unix.EPERM
	}
	return m
}

// byLandlock are the attempts that Landlock refuses.
func byLandlock() map[string]syscall.Errno {
	m := map[string]syscall.Errno{}
	for _, name := range []string{"mem", "environ", "maps", "cmdline", "own-environ", "secret", "list-root", "list-tmp", "write-tmp", "write-shm", "write-usr"} {
		m[name] = unix.EACCES
	}
	return m
}

func TestRefused(t *testing.T) {
	bin := attempt(t)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer listener.Close()
	port := strconv.Itoa(listener.Addr().(*net.TCPAddr).Port)
	secret := filepath.Join(folder(t), "secret")
	require.NoError(t, os.WriteFile(secret, []byte("secret"), 0o644))

	for _, c := range []struct {
		name    string
		without []string
		needs   []string
		want    map[string]syscall.Errno
	}{
		{"everything", nil, []string{"seccomp", "landlock"}, func() map[string]syscall.Errno {
			m := bySeccomp()
			maps.Copy(m, byLandlock())
			return m
		}()},
		{"without Landlock", []string{"landlock"}, []string{"seccomp"}, func() map[string]syscall.Errno {
			m := bySeccomp()
			m["mem"], m["environ"], m["maps"] = unix.EACCES, unix.EACCES, unix.EACCES // not dumpable
			m["secret"] = 0
			return m
		}()},
		{"without seccomp", []string{"seccomp"}, []string{"landlock", "landlock-net", "landlock-scope"}, func() map[string]syscall.Errno {
			m := byLandlock()
			m["signal-parent"], m["tgkill"], m["tkill"], m["trace"], m["connect"] = unix.EPERM, unix.EPERM, unix.EPERM, unix.EPERM, unix.EACCES
			return m
		}()},
		{"without both", []string{"seccomp", "landlock"}, []string{"namespaces"}, map[string]syscall.Errno{
			"connect": unix.ENETUNREACH, "trace": unix.EPERM, "mem": unix.EACCES, "environ": unix.EACCES, "maps": unix.EACCES,
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			con := compile(t, system(filepath.Dir(bin), c.without...))
			need(t, con, c.needs...)
			out, exit := run(t, con, confine.Spec{Path: bin, Args: []string{"attempt", "refused", strconv.Itoa(os.Getpid()), port, secret}})
			require.Zero(t, exit.Status, out)
			got := errnos(t, out)
			for name, want := range c.want {
				if name == "clone-userns" && got[name] == unix.EPERM || got[name] == want {
					continue
				}
				t.Errorf("%s: got %q, want %q", name, got[name], want)
			}
			_ = os.Remove("/tmp/confine-attempt")
			_ = os.Remove("/dev/shm/confine-attempt")
		})
	}
}

func TestAllowed(t *testing.T) {
	bin := attempt(t)
	for _, without := range [][]string{nil, {"landlock"}, {"seccomp"}, {"seccomp", "landlock"}} {
		t.Run(fmt.Sprint("without ", without), func(t *testing.T) {
			c := compile(t, system(filepath.Dir(bin), without...))
			dir := folder(t)
			out, exit := run(t, c, confine.Spec{Path: bin, Args: []string{"attempt", "own"}, Dir: dir, Write: []string{dir}})
			require.Zero(t, exit.Status, out)
			got := errnos(t, out)
			require.Len(t, got, 17)
			for name, errno := range got {
				if name == "setsid" && !active(c, "seccomp") {
					continue // a leader of a group cannot
				}
				require.Zerof(t, errno, "%s: %v", name, errno)
			}
		})
	}
}

func TestLimits(t *testing.T) {
	bin := attempt(t)
	c := compile(t, system(filepath.Dir(bin)))
	dir := folder(t)
	number := func(mode string, l confine.Limits) int {
		out, _ := run(t, c, confine.Spec{Path: bin, Args: []string{"attempt", mode}, Dir: dir, Write: []string{dir}, Limits: l})
		return must(strconv.Atoi(strings.TrimSpace(out)))
	}
	t.Run("memory", func(t *testing.T) {
		n := number("memory", confine.Limits{Data: 64 << 20})
		require.LessOrEqual(t, n, 64)
		require.Greater(t, n, 50)
	})
	t.Run("file size", func(t *testing.T) { require.Equal(t, 1<<20, number("file", confine.Limits{FileSize: 1 << 20})) })
	t.Run("processes", func(t *testing.T) { require.Less(t, number("forks", confine.Limits{Processes: 20}), 400) })
	t.Run("descriptors", func(t *testing.T) {
		out, _ := run(t, c, confine.Spec{Path: "/bin/sh", Args: []string{"sh", "-c", "ulimit -n; ulimit -Hn; ulimit -s; ulimit -Ht"}, Limits: confine.Limits{Files: 50, Stack: 1 << 20, CPU: 1500 * time.Millisecond}})
		require.Equal(t, "50\n50\n1024\n3\n", out)
	})
	t.Run("processor time", func(t *testing.T) {
		if testing.Short() {
			t.Skip("takes a second")
		}
		_, exit := run(t, c, confine.Spec{Path: bin, Args: []string{"attempt", "spin"}, Limits: confine.Limits{CPU: time.Second}})
		require.Equal(t, int(unix.SIGXCPU), exit.Signal)
		// The kernel's two ways of counting differ where the machine is busy.
		require.GreaterOrEqual(t, exit.CPU, 500*time.Millisecond)
	})
}

// TestRuntimes starts what candidates are run with.
func TestRuntimes(t *testing.T) {
	bin := attempt(t)
	c := compile(t, system(filepath.Dir(bin)))
	for _, x := range []struct {
		name string
		args []string
		want string
	}{
		{"python", []string{"/usr/bin/python3", "-I", "-c", "import threading,subprocess,tempfile; t=threading.Thread(target=lambda:print('thread')); t.start(); t.join(); print(subprocess.run(['/bin/echo','child'],capture_output=True,text=True).stdout.strip()); print(tempfile.mkdtemp()[:1])"}, "thread\nchild\n/\n"},
		{"node", []string{"/usr/bin/node", "-e", "console.log(require('fs').readFileSync(0,'utf8')+'node', require('child_process').execSync('echo child').toString().trim())"}, "node child\n"},
		{"java", []string{"/usr/bin/java", "-Xshare:auto", "-XX:TieredStopAtLevel=1", "-version"}, "openjdk"},
		{"gcc", []string{"/bin/sh", "-c", "echo 'int puts(const char*);int main(){puts(\"built\");}' > a.c && gcc -o a a.c && ./a"}, "built\n"},
		{"bash", []string{"/bin/bash", "-c", "for i in 1 2; do echo $i; done | sort -r; cat <(echo sub)"}, "2\n1\nsub\n"},
	} {
		t.Run(x.name, func(t *testing.T) {
			if _, err := os.Stat(x.args[0]); err != nil {
				t.Skip(err)
			}
			dir := folder(t)
			out, exit := run(t, c, confine.Spec{Path: x.args[0], Args: x.args, Dir: dir, Write: []string{dir}, Env: []string{"PATH=/usr/bin:/bin", "TMPDIR=" + dir, "HOME=" + dir}, Limits: confine.Limits{CPU: 10 * time.Second, Files: 256, Processes: 64}})
			require.Zero(t, exit.Status, out)
			require.Contains(t, out, x.want)
		})
	}
}

// TestSelfConfinement loads the exported filter and ruleset from Python, as an
// interpreter that forks does.
func TestSelfConfinement(t *testing.T) {
	if _, err := os.Stat("/usr/bin/python3"); err != nil {
		t.Skip(err)
	}
	const script = `
import ctypes, os, struct, sys
libc = ctypes.CDLL(None, use_errno=True)
raw = bytearray(open(3, 'rb').read())
class Prog(ctypes.Structure): _fields_ = [('len', ctypes.c_ushort), ('filter', ctypes.c_void_p)]
def attempt(name, f):
    try: f(); print(name, 'done')
    except OSError as e: print(name, e.strerror)
pid = os.fork()
if pid == 0:
    os.setpgid(0, 0)
    for at in map(int, sys.argv[1].split(',')): struct.pack_into('=I', raw, at, os.getpid())
    buf = ctypes.create_string_buffer(bytes(raw), len(raw))
    prog = Prog(len(raw) // 8, ctypes.cast(buf, ctypes.c_void_p))
    assert libc.prctl(38, 1, 0, 0, 0) == 0
    assert libc.syscall(446, 4, 0) == 0
    assert libc.prctl(22, 2, ctypes.byref(prog)) == 0
    attempt('zygote', lambda: os.kill(os.getppid(), 0))
    attempt('itself', lambda: os.kill(os.getpid(), 0))
    attempt('socket', lambda: __import__('socket').socket())
    attempt('own folder', lambda: open('f', 'w').close())
    attempt('other folder', lambda: open(sys.argv[2] + '/f', 'w').close())
    sys.stdout.flush(); os._exit(0)
os.waitpid(pid, 0)
`
	own, other := folder(t), folder(t)
	strict := compile(t, confine.System())
	need(t, strict, "seccomp", "landlock", "landlock-scope")
	p := confine.System()
	p.Without = []string{"seccomp"}
	bare := compile(t, p)
	require.Empty(t, bare.Filter().Program)
	keeper, err := strict.With(confine.Policy{Without: []string{"landlock"}, Keeper: true})
	require.NoError(t, err)
	defer keeper.Close()
	require.Less(t, len(keeper.Filter().Program), len(strict.Filter().Program)/3)
	for name, x := range map[string]struct {
		warm   *confine.Confinement
		filter confine.Filter
	}{"the whole filter": {bare, strict.Filter()}, "the rest of it": {keeper, keeper.Filter()}} {
		t.Run(name, func(t *testing.T) {
			rules, err := strict.Ruleset(nil, []string{own})
			require.NoError(t, err)
			defer rules.Close()
			r, w, err := os.Pipe()
			require.NoError(t, err)
			go func() {
				_, _ = w.Write(x.filter.Program)
				w.Close()
			}()
			offsets := strings.Trim(strings.ReplaceAll(fmt.Sprint(x.filter.PIDs), " ", ","), "[]")
			out, exit := run(t, x.warm, confine.Spec{Path: "/usr/bin/python3", Args: []string{"python3", "-I", "-c", script, offsets, other}, Dir: own, Write: []string{own, other}, Files: []*os.File{r, rules}})
			require.Zero(t, exit.Status, out)
			require.Equal(t, "zygote Operation not permitted\nitself done\nsocket Operation not permitted\nown folder done\nother folder Permission denied\n", out)
		})
	}
}

// TestOwnFolders gives processes folders to read alone.
func TestOwnFolders(t *testing.T) {
	c := compile(t, confine.System())
	need(t, c, "landlock")
	shut, open := folder(t), folder(t)
	script := filepath.Join(shut, "script")
	require.NoError(t, os.WriteFile(script, []byte("#!/bin/sh\necho read; (echo x > \"$1/f\") 2>/dev/null && echo written; (rm \"$0\") 2>/dev/null && echo removed; true\n"), 0o755))
	u := c.User()
	require.NoError(t, os.Chown(script, u.UID, u.GID))
	rules, err := c.Ruleset([]string{shut}, []string{open})
	require.NoError(t, err)
	defer rules.Close()
	for range 2 { // a ruleset can be used again
		for _, spec := range []confine.Spec{{Read: []string{shut}, Write: []string{open}}, {Ruleset: rules}} {
			for dir, want := range map[string]string{shut: "read\n", open: "read\nwritten\n"} {
				spec.Path, spec.Args = script, []string{script, dir}
				out, exit := run(t, c, spec)
				require.Zero(t, exit.Status)
				require.Equal(t, want, out)
			}
		}
	}
}

// TestWith makes one confinement of another.
func TestWith(t *testing.T) {
	c := compile(t, confine.System())
	need(t, c, "landlock", "seccomp")
	dir := folder(t)
	p := confine.System()
	p.Write = []string{dir}
	n, err := c.With(p)
	require.NoError(t, err)
	defer n.Close()
	require.Equal(t, c.Protections(), n.Protections())
	require.Equal(t, c.User(), n.User())
	touch := confine.Spec{Path: "/bin/sh", Args: []string{"sh", "-c", "echo > " + dir + "/f"}}
	_, exit := run(t, c, touch)
	require.NotZero(t, exit.Status)
	_, exit = run(t, n, touch)
	require.Zero(t, exit.Status)
	bare, err := c.With(confine.Policy{Without: []string{"landlock"}})
	require.NoError(t, err)
	defer bare.Close()
	for _, q := range bare.Protections() {
		switch q.Name {
		case "landlock", "landlock-net", "landlock-scope":
			require.False(t, q.Active, q.Name)
			require.NotEmpty(t, q.Detail)
		case "seccomp":
			require.True(t, q.Active)
		}
	}
	_, err = c.With(confine.Policy{Without: []string{"magic"}})
	require.ErrorContains(t, err, "magic")
	require.NoError(t, c.Close())
	_, err = c.With(p)
	require.ErrorIs(t, err, os.ErrClosed)
}

// TestNamespacesAreNoWeaknessWhereTheyAreNotNeeded reads the report.
func TestNamespacesAreNoWeaknessWhereTheyAreNotNeeded(t *testing.T) {
	named := func(c *confine.Confinement) bool {
		return slices.ContainsFunc(c.Protections(), func(p sandbox.Protection) bool { return p.Name == confine.LayerNamespaces })
	}
	c := compile(t, confine.System())
	need(t, c, "seccomp")
	require.False(t, named(c))
	require.True(t, named(compile(t, system("", "seccomp"))))
}

// TestRootWithoutUser starts processes as root where no other user is to be had.
func TestRootWithoutUser(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("needs root")
	}
	c := compile(t, confine.Policy{Without: []string{"user", "landlock"}})
	out, _ := run(t, c, confine.Spec{Path: "/bin/sh", Args: []string{"sh", "-c", "id -u; grep -E 'Cap(Prm|Eff|Amb)|NoNewPrivs|Groups' /proc/self/status; cat /proc/$PPID/environ"}})
	require.Contains(t, out, "0\nGroups:")
	for _, set := range []string{"CapPrm", "CapEff", "CapAmb"} {
		require.Contains(t, out, set+":\t0000000000000000\n")
	}
	require.Contains(t, out, "NoNewPrivs:\t1")
	require.Contains(t, out, "Permission denied")
	require.Equal(t, 0, c.User().UID)
}
