package cage

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
	"unsafe"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/rftgrader/rftgrader/testdata"
)

const (
	stageVariable   = "RFT_CAGE_STAGE"
	optionsVariable = "RFT_CAGE_OPTIONS"
	user            = 61001
	stage           = "/var/tmp"
	reportFD        = 3
	sharedInside    = stage + "/shared"
	goCacheInside   = stage + "/gocache"
)

// Harm is what a stay in the cage did to the marks.
type Harm struct {
	Exit      int
	Hits      int  // requests at the listener in the place of the Runtime API
	Canary    bool // still holds its text
	Survivors int  // processes alive after the test's own
	Left      []string
}

type inside struct {
	Options
	Args  []string
	Binds []string
	// Shared is where the larger data sets are, or empty. They are shown elsewhere:
	// programs that look through /tmp for answers must not find the catalogue there.
	Shared string
	// GoCache is the build cache that the test finds, or empty.
	GoCache string
	Env     []string
	Dir     string
}

// Main is called by TestMain of every package that uses cages. It does not
// return in the process that builds one.
func Main(m *testing.M) int {
	if os.Getenv(stageVariable) == "build" {
		return build()
	}
	return m.Run()
}

// Inside reports whether the test runs in a cage.
func Inside() bool { return os.Getenv(stageVariable) == "inside" }

// Enter returns true inside the cage. Outside it runs the test inside, and
// returns false; where no cage can be built it skips the test and says why.
func Enter(t *testing.T, o Options) bool {
	t.Helper()
	if Inside() {
		return true
	}
	harm, out := run(t, o)
	if testing.Verbose() || harm.Exit != 0 {
		t.Logf("inside the cage:\n%s", out)
	}
	require.Zero(t, harm.Exit, "the test failed in the cage")
	require.Zero(t, harm.Hits, "requests at the Runtime API")
	require.True(t, harm.Canary, "the canary was changed")
	require.Zero(t, harm.Survivors, "processes that survived the test")
	require.Empty(t, harm.Left, "files left in /tmp")
	return false
}

// Hits returns the number of requests at the Runtime API so far. It is called
// inside.
func Hits(t testing.TB) int {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(stage, "hits"))
	if errors.Is(err, os.ErrNotExist) {
		return 0
	}
	require.NoError(t, err)
	return bytes.Count(b, []byte("\n"))
}

func run(t *testing.T, o Options) (Harm, []byte) {
	t.Helper()
	if o.Seconds == 0 {
		o.Seconds = 300
	}
	if deadline, ok := t.Deadline(); ok {
		o.Seconds = min(o.Seconds, max(1, int(time.Until(deadline).Seconds())-5))
	}
	if os.Getuid() != 0 && contains(o.Mask, "namespaces") {
		t.Skip("a cage that root did not build needs a second namespace to take the test's capabilities, and cannot mask namespaces")
	}
	self, err := os.Executable()
	require.NoError(t, err)
	dir, err := os.Getwd()
	require.NoError(t, err)
	in := inside{Options: o, Dir: dir, Args: []string{"-test.run=^" + strings.ReplaceAll(t.Name(), "/", "$/^") + "$", "-test.v", "-test.timeout=" + strconv.Itoa(o.Seconds) + "s"}}
	in.Binds = append(in.Binds, testdata.Root())
	if o.Shown != "" {
		in.Binds = append(in.Binds, o.Shown)
		in.Env = append(in.Env, ShownVariable+"="+o.Shown)
	}
	for _, name := range []string{"PATH", "GOROOT"} {
		if v, ok := os.LookupEnv(name); ok {
			in.Env = append(in.Env, name+"="+v)
		}
	}
	if in.Shared = sharedFolder(); in.Shared != "" {
		in.Env = append(in.Env, testdata.SharedVariable+"="+sharedInside)
	}
	if in.GoCache = goCache(); in.GoCache != "" {
		in.Env = append(in.Env, goCacheVariable+"="+goCacheInside)
	}
	options, err := json.Marshal(in)
	require.NoError(t, err)

	r, w, err := os.Pipe()
	require.NoError(t, err)
	defer r.Close()
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), stageVariable+"=build", optionsVariable+"="+string(options))
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	cmd.ExtraFiles = []*os.File{w}
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags: syscall.CLONE_NEWPID | syscall.CLONE_NEWNS | syscall.CLONE_NEWNET | syscall.CLONE_NEWIPC,
		Pdeathsig:  syscall.SIGKILL,
	}
	if os.Getuid() != 0 {
		cmd.SysProcAttr.Cloneflags |= syscall.CLONE_NEWUSER
		cmd.SysProcAttr.UidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}}
		cmd.SysProcAttr.GidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}}
	}
	err = cmd.Start()
	_ = w.Close()
	if err != nil {
		t.Skipf("no cage can be built here, and hostile programs run in one only: %v", err)
	}
	report, readErr := io.ReadAll(r)
	waitErr := cmd.Wait()
	var harm Harm
	if err := json.Unmarshal(report, &harm); err != nil {
		if bytes.Contains(out.Bytes(), []byte(cannot)) {
			t.Skipf("no cage can be built here, and hostile programs run in one only:\n%s", out.Bytes())
		}
		t.Fatalf("the cage gave no report: %v, %v, %v\n%s", err, readErr, waitErr, out.Bytes())
	}
	return harm, out.Bytes()
}

// sharedFolder is where the larger data sets are, or empty.
func sharedFolder() string {
	folder := os.Getenv(testdata.SharedVariable)
	if folder == "" {
		folder = filepath.Join(testdata.Root(), "..", "shared")
	} else if !filepath.IsAbs(folder) {
		folder = filepath.Join(testdata.Root(), folder)
	}
	if _, err := os.Stat(folder); err != nil {
		return ""
	}
	return filepath.Clean(folder)
}

const cannot = "cage: cannot "

// build is the first process of the cage: it makes the place, runs the test in
// it, and reports what was harmed.
func build() int {
	var in inside
	if err := json.Unmarshal([]byte(os.Getenv(optionsVariable)), &in); err != nil {
		fmt.Fprintln(os.Stderr, "cage: read the options:", err)
		return 2
	}
	if err := furnish(in); err != nil {
		fmt.Fprintln(os.Stderr, cannot+err.Error())
		return 2
	}
	listener, err := listen()
	if err != nil {
		fmt.Fprintln(os.Stderr, cannot+"listen in place of the Runtime API:", err)
		return 2
	}
	defer listener.Close()

	before := names("/tmp")
	harm := Harm{Exit: stay(in)}
	harm.Survivors = survivors()
	harm.Hits = int(hits.Load())
	text, _ := os.ReadFile(Canary)
	harm.Canary = string(text) == CanaryText
	for _, name := range names("/tmp") {
		if !contains(before, name) {
			harm.Left = append(harm.Left, name)
		}
	}
	if err := json.NewEncoder(os.NewFile(reportFD, "report")).Encode(harm); err != nil {
		fmt.Fprintln(os.Stderr, "cage: report:", err)
		return 2
	}
	return 0
}

func contains(list []string, s string) bool {
	for _, e := range list {
		if e == s {
			return true
		}
	}
	return false
}

func names(dir string) []string {
	entries, _ := os.ReadDir(dir)
	list := make([]string, len(entries))
	for i, e := range entries {
		list[i] = e.Name()
	}
	return list
}

// furnish mounts a /proc, a /tmp and a /dev/shm of its own, shows the folders
// that the test reads at their places, read-only, and sets the marks.
func furnish(in inside) error {
	mount := func(source, target, kind string, flags uintptr, data string) error {
		if err := unix.Mount(source, target, kind, flags, data); err != nil {
			return fmt.Errorf("mount %s: %w", target, err)
		}
		return nil
	}
	self, err := os.ReadFile("/proc/self/exe")
	if err != nil {
		return fmt.Errorf("read the test binary: %w", err)
	}
	if err := errors.Join(
		mount("", "/", "", unix.MS_PRIVATE|unix.MS_REC, ""),
		mount("tmpfs", stage, "tmpfs", 0, "size=1g,mode=755"),
	); err != nil {
		return err
	}
	for i, dir := range in.Binds {
		held := filepath.Join(stage, "bind"+strconv.Itoa(i))
		if err := errors.Join(os.Mkdir(held, 0o755), mount(dir, held, "", unix.MS_BIND|unix.MS_REC, "")); err != nil {
			return err
		}
	}
	if in.Shared != "" {
		if err := errors.Join(os.Mkdir(sharedInside, 0o755), mount(in.Shared, sharedInside, "", unix.MS_BIND|unix.MS_REC, "")); err != nil {
			return err
		}
	}
	if in.GoCache != "" {
		if err := showGoCache(in.GoCache, goCacheInside); err != nil {
			return fmt.Errorf("show the build cache: %w", err)
		}
	}
	if err := mount("tmpfs", "/tmp", "tmpfs", 0, "size=3g,mode=1777"); err != nil {
		return err
	}
	// Whoever may write in these leaves nothing there for the machine or for other cages.
	for _, dir := range []string{"/dev/shm", "/run/lock", "/dev/mqueue"} {
		_ = mount("tmpfs", dir, "tmpfs", 0, "size=64m,mode=1777")
	}
	if err := mount("proc", "/proc", "proc", unix.MS_NOSUID|unix.MS_NODEV|unix.MS_NOEXEC, ""); err != nil {
		return err
	}
	for i, dir := range in.Binds {
		if err := errors.Join(os.MkdirAll(dir, 0o755), mount(filepath.Join(stage, "bind"+strconv.Itoa(i)), dir, "", unix.MS_BIND|unix.MS_REC, "")); err != nil {
			return err
		}
	}
	binary := filepath.Join(stage, "test")
	if err := errors.Join(os.WriteFile(binary, self, 0o755), os.Chmod(binary, 0o755),
		os.WriteFile(Canary, []byte(CanaryText), 0o666), os.Chmod(Canary, 0o666),
		os.WriteFile(SecretFile, []byte("AWS_SECRET="+Secret+"\n"), 0o644)); err != nil {
		return fmt.Errorf("set the marks: %w", err)
	}
	return up("lo")
}

// up brings a network interface up.
func up(name string) error {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return fmt.Errorf("bring %s up: %w", name, err)
	}
	defer unix.Close(fd)
	request, err := unix.NewIfreq(name)
	if err != nil {
		return fmt.Errorf("bring %s up: %w", name, err)
	}
	request.SetUint16(unix.IFF_UP | unix.IFF_RUNNING)
	if err := unix.IoctlIfreq(fd, unix.SIOCSIFFLAGS, request); err != nil {
		return fmt.Errorf("bring %s up: %w", name, err)
	}
	return nil
}

var hits atomic.Int64

func listen() (net.Listener, error) {
	l, err := net.Listen("tcp", RuntimeAPI)
	if err != nil {
		return nil, err
	}
	log, err := os.OpenFile(filepath.Join(stage, "hits"), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o644)
	if err != nil {
		return nil, errors.Join(err, l.Close())
	}
	server := &http.Server{ReadHeaderTimeout: time.Minute, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		hits.Add(1)
		fmt.Fprintln(log, r.Method, r.URL.Path)
		_, _ = io.WriteString(w, "{}")
	})}
	go func() { _ = server.Serve(l) }()
	return l, nil
}

// stay runs the test and returns its exit code. It reaps what comes to it as
// the first process of its namespace.
func stay(in inside) int {
	// Signals that kill the group of the test must not end the report.
	signal.Ignore(syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP)
	cmd := exec.Command(filepath.Join(stage, "test"), in.Args...)
	cmd.Dir = in.Dir
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	cmd.Env = append([]string{stageVariable + "=inside", "HOME=/tmp", "TMPDIR=/tmp",
		"AWS_ACCESS_KEY_ID=" + Secret, "AWS_SECRET_ACCESS_KEY=" + Secret, "AWS_SESSION_TOKEN=" + Secret, "RH_SECRET=" + Secret,
		"AWS_LAMBDA_RUNTIME_API=" + RuntimeAPI}, in.Env...)
	attr := &syscall.SysProcAttr{Setpgid: true}
	switch {
	case in.Root:
	case !mapped(user):
		// A cage that was built without root knows one user only: another user
		// namespace takes its capabilities.
		attr.Cloneflags = syscall.CLONE_NEWUSER
		attr.UidMappings = []syscall.SysProcIDMap{{ContainerID: user, HostID: 0, Size: 1}}
		attr.GidMappings = []syscall.SysProcIDMap{{ContainerID: user, HostID: 0, Size: 1}}
	default:
		attr.Credential = &syscall.Credential{Uid: user, Gid: user}
	}
	cmd.SysProcAttr = attr
	started := make(chan error)
	go func() {
		// The masks are put on a thread that ends with this goroutine: the test
		// inherits them, the cage keeps its own freedom.
		runtime.LockOSThread()
		err := mask(in.Mask)
		if err == nil {
			err = cmd.Start()
		}
		started <- err
		if err == nil {
			select {} // the thread is the parent of a death signal
		}
	}()
	if err := <-started; err != nil {
		fmt.Fprintln(os.Stderr, cannot+"start the test:", err)
		return 2
	}
	timer := time.AfterFunc(time.Duration(in.Seconds)*time.Second, func() { _ = cmd.Process.Kill() })
	defer timer.Stop()
	if err := cmd.Wait(); err != nil {
		fmt.Fprintln(os.Stderr, "cage: the test:", err)
		return max(1, cmd.ProcessState.ExitCode())
	}
	return 0
}

// mapped reports whether the user namespace knows a user.
func mapped(uid int) bool {
	b, err := os.ReadFile("/proc/self/uid_map")
	if err != nil {
		return false
	}
	for line := range strings.Lines(string(b)) {
		var first, outside, n int
		if _, err := fmt.Sscan(line, &first, &outside, &n); err == nil && uid >= first && uid < first+n {
			return true
		}
	}
	return false
}

// survivors counts the processes that are alive beside the first one.
func survivors() int {
	alive := 0
	for _, name := range names("/proc") {
		pid, err := strconv.Atoi(name)
		if err != nil || pid == os.Getpid() {
			continue
		}
		b, err := os.ReadFile("/proc/" + name + "/stat")
		if i := bytes.LastIndexByte(b, ')'); err == nil && i > 0 && i+2 < len(b) && b[i+2] != 'Z' && b[i+2] != 'X' {
			alive++
		}
	}
	return alive
}

// mask makes the kernel seem to lack what is named, for this thread and what it
// starts, as older kernels and guarded ones answer.
func mask(what []string) error {
	if len(what) == 0 {
		return nil
	}
	var program []unix.SockFilter
	add := func(code uint16, jt, jf uint8, k uint32) {
		program = append(program, unix.SockFilter{Code: code, Jt: jt, Jf: jf, K: k})
	}
	const load, equal, anyBit, ret = unix.BPF_LD | unix.BPF_W | unix.BPF_ABS, unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, unix.BPF_JMP | unix.BPF_JSET | unix.BPF_K, unix.BPF_RET | unix.BPF_K
	const allow, errno = 0x7fff0000, 0x00050000
	refuse := func(nr uintptr, e syscall.Errno) {
		add(equal, 0, 1, uint32(nr))
		add(ret, 0, 0, errno|uint32(e))
	}
	add(load, 0, 0, 0)
	for _, name := range what {
		switch name {
		case "landlock":
			refuse(unix.SYS_LANDLOCK_CREATE_RULESET, unix.ENOSYS)
			refuse(unix.SYS_LANDLOCK_RESTRICT_SELF, unix.ENOSYS)
		case "seccomp":
			refuse(unix.SYS_SECCOMP, unix.EPERM)
			// prctl(PR_SET_SECCOMP)
			add(equal, 0, 3, unix.SYS_PRCTL)
			add(load, 0, 0, 16)
			add(equal, 0, 1, unix.PR_SET_SECCOMP)
			add(ret, 0, 0, errno|uint32(unix.EPERM))
			add(load, 0, 0, 0)
		case "namespaces":
			const flags = unix.CLONE_NEWUSER | unix.CLONE_NEWNET | unix.CLONE_NEWPID | unix.CLONE_NEWNS | unix.CLONE_NEWIPC
			refuse(unix.SYS_UNSHARE, unix.EPERM)
			refuse(unix.SYS_CLONE3, unix.ENOSYS)
			add(equal, 0, 3, unix.SYS_CLONE)
			add(load, 0, 0, 16)
			add(anyBit, 0, 1, flags)
			add(ret, 0, 0, errno|uint32(unix.EPERM))
			add(load, 0, 0, 0)
		default:
			return fmt.Errorf("no mask has the name %q", name)
		}
	}
	add(ret, 0, 0, allow)
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return fmt.Errorf("mask %v: %w", what, err)
	}
	prog := unix.SockFprog{Len: uint16(len(program)), Filter: &program[0]}
	if _, _, e := unix.Syscall(unix.SYS_SECCOMP, unix.SECCOMP_SET_MODE_FILTER, 0, uintptr(unsafe.Pointer(&prog))); e != 0 {
		return fmt.Errorf("mask %v: %w", what, e)
	}
	return nil
}
