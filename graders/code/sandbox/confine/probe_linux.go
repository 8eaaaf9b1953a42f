//go:build linux && (amd64 || arm64)

package confine

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"unsafe"

	"github.com/rftgrader/rftgrader/graders/code/sandbox"
	"golang.org/x/sys/unix"
)

// Probe tries what this machine gives to processes of the policy, without
// keeping anything. It takes a few milliseconds.
func Probe(p Policy) ([]sandbox.Protection, error) {
	c, err := Compile(p)
	if err != nil {
		return nil, err
	}
	defer c.Close()
	return c.Protections(), nil
}

// A prober tries one layer after the other, each in a child of its own.
type prober struct {
	policy      Policy
	protections []sandbox.Protection
	layers      layers
	user        User
	abi         int
	secFlags    uintptr
	spaces      *spaces
}

var errLeftOut = errors.New("left out by the policy")

// try records a layer: held says whether it holds, or the error why not.
func (p *prober) try(name, stops string, held func() (detail string, err error)) bool {
	detail, err := "", errLeftOut
	if !slices.Contains(p.policy.Without, name) {
		detail, err = held()
	}
	if err != nil {
		detail = err.Error()
	}
	p.protections = append(p.protections, sandbox.Protection{Name: name, Active: err == nil, Detail: detail, Stops: stops})
	return err == nil
}

func (p *prober) script() *script {
	s := newScript()
	s.becomeUser(p.layers, p.user)
	if p.layers.noNewPrivs {
		s.do("no_new_privs", unix.SYS_PRCTL, unix.PR_SET_NO_NEW_PRIVS, 1)
	}
	return s
}

func probe(policy Policy) *prober {
	p := &prober{policy: policy, user: DefaultUser()}
	if policy.User != nil {
		p.user = *policy.User
	}
	p.layers.root = os.Geteuid() == 0
	p.try(LayerLimits, "memory, disk and fork bombs, endless loops", p.limits)
	p.layers.noNewPrivs = p.try(LayerNoNewPrivs, "privileges by way of set-user-id programs", p.noNewPrivs)
	p.layers.user = p.try(LayerUser, "reading files and signalling processes of this user", p.otherUser)
	p.layers.seccomp = p.try(LayerSeccomp, "network and the Lambda Runtime API, tracing, signals to others, leaving the process group, kernel interfaces", p.seccomp)
	p.layers.landlock = p.try(LayerLandlock, "reading secrets and other runs' files, writing outside the own folder", p.landlock)
	p.layers.net = p.try(LayerNet, "TCP connections, the Lambda Runtime API", p.landlockNet)
	p.layers.scope = p.try(LayerScope, "signals to the grader, abstract sockets", p.landlockScope)
	if !p.layers.seccomp {
		// Nothing is weaker for want of them where the filter holds.
		p.layers.namespaces = p.try(LayerNamespaces, "network and the Lambda Runtime API, System V IPC (where seccomp does not hold)", p.namespaces)
	}
	p.layers.marker = p.try(LayerMarker, "daemons that leave the process group and wake up in the next batch", p.marker)
	return p
}

// together tries all layers in one child, as Start uses them.
func (p *prober) together() error {
	s := newScript()
	ruleset := -1
	if p.layers.landlock {
		f, err := newFence(Policy{Device: []string{os.DevNull}}, p.abi, p.layers.net, p.layers.scope)
		if err != nil {
			return err
		}
		defer f.close()
		if ruleset, err = f.ruleset(nil, nil); err != nil {
			return err
		}
		defer unix.Close(ruleset)
	}
	var filter program
	if p.layers.seccomp {
		filter = assemble(rules(p.layers.scope), lastNumber)
	}
	if p.spaces != nil {
		p.spaces.enter(s)
	}
	s.becomeUser(p.layers, p.user)
	s.restrict(p.layers, ruleset, filter, p.secFlags)
	return s.try()
}

// expect is an error unless a call ended with one of the errnos.
func (s *script) expect(what string, slot int, want ...unix.Errno) error {
	got := unix.Errno(s.errs[slot])
	if slices.Contains(want, got) {
		return nil
	}
	if got == 0 {
		return fmt.Errorf("%s was not refused", what)
	}
	return fmt.Errorf("%s was answered %w", what, got)
}

func (p *prober) limits() (string, error) {
	s := newScript()
	s.do("limits", unix.SYS_PRLIMIT64, 0, unix.RLIMIT_NOFILE, s.address(unsafe.Pointer(&unix.Rlimit{})), 0)
	open := s.open("/")
	if err := s.try(); err != nil {
		return "", err
	}
	return "", s.expect("a descriptor above the limit", open, unix.EMFILE)
}

// open asks for a folder or file to be opened.
func (s *script) open(path string) (slot int) {
	return s.ask(unix.SYS_OPENAT, ^uintptr(99), s.text(path), unix.O_RDONLY|unix.O_CLOEXEC|unix.O_NONBLOCK)
}

func (p *prober) noNewPrivs() (string, error) {
	s := newScript()
	s.do("no_new_privs", unix.SYS_PRCTL, unix.PR_SET_NO_NEW_PRIVS, 1)
	got := s.ask(unix.SYS_PRCTL, unix.PR_GET_NO_NEW_PRIVS)
	if err := s.try(); err != nil {
		return "", err
	}
	if s.slots[got] != 1 {
		return "", errors.New("no_new_privs did not stay")
	}
	return "", nil
}

func (p *prober) otherUser() (string, error) {
	if !p.layers.root {
		return "", errors.New("only root can start processes of another user")
	}
	if p.user.UID == 0 || p.user.GID == 0 {
		return "", errors.New("the policy names root as the other user")
	}
	s := newScript()
	s.becomeUser(layers{user: true}, p.user)
	uid := s.ask(unix.SYS_GETUID)
	signal := s.ask(unix.SYS_KILL, uintptr(os.Getpid()), 0)
	if err := s.try(); err != nil {
		return "", err
	}
	if int(s.slots[uid]) != p.user.UID {
		return "", errors.New("the user did not change")
	}
	return fmt.Sprintf("user %d", p.user.UID), s.expect("a signal to this process", signal, unix.EPERM)
}

func (p *prober) seccomp() (string, error) {
	filter := assemble(rules(false), lastNumber)
	// Without the flag, kernels before 5.16 slow the program down to mitigate
	// speculation, against which a process of its own is protection enough.
	p.secFlags = unix.SECCOMP_FILTER_FLAG_SPEC_ALLOW
	for {
		s := p.script()
		s.seccomp(filter, p.secFlags)
		socket := s.ask(unix.SYS_SOCKET, unix.AF_INET, unix.SOCK_STREAM, 0)
		signal := s.ask(unix.SYS_KILL, uintptr(os.Getpid()), 0)
		err := s.try()
		if errors.Is(err, unix.EINVAL) && p.secFlags != 0 {
			p.secFlags = 0
			continue
		}
		if err == nil {
			err = errors.Join(s.expect("a socket", socket, unix.EPERM), s.expect("a signal to this process", signal, unix.EPERM))
		}
		return fmt.Sprintf("%d instructions", len(filter)), err
	}
}

// fenced is a child behind a ruleset that allows /dev/null alone.
func (p *prober) fenced(net, scope bool, ask func(*script)) (*script, error) {
	f, err := newFence(Policy{Device: []string{os.DevNull}}, p.abi, net, scope)
	if err != nil {
		return nil, err
	}
	defer f.close()
	ruleset, err := f.ruleset(nil, nil)
	if err != nil {
		return nil, err
	}
	defer unix.Close(ruleset)
	s := p.script()
	s.do("landlock", unix.SYS_LANDLOCK_RESTRICT_SELF, uintptr(ruleset), 0)
	ask(s)
	return s, s.try()
}

func (p *prober) landlock() (string, error) {
	if p.abi = landlockABI(); p.abi == 0 {
		return "", errors.New("the kernel has no Landlock, or it is switched off (Linux 5.13, lsm=landlock)")
	}
	var root, null int
	s, err := p.fenced(false, false, func(s *script) { root, null = s.open("/"), s.open(os.DevNull) })
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("version %d", p.abi), errors.Join(s.expect("opening /", root, unix.EACCES), s.expect("opening "+os.DevNull, null, 0))
}

func (p *prober) needs(abi int) error {
	switch {
	case !p.layers.landlock:
		return errors.New("needs landlock")
	case p.abi < abi:
		return fmt.Errorf("needs Landlock version %d, this is %d", abi, p.abi)
	}
	return nil
}

func (p *prober) landlockNet() (string, error) {
	if err := p.needs(4); err != nil {
		return "", err
	}
	var connect int
	s, err := p.fenced(true, false, func(s *script) { connect = s.connect() })
	if err != nil {
		return "", err
	}
	return "", s.expect("a connection to 127.0.0.1", connect, unix.EACCES)
}

// connect asks for a TCP connection to port 1 of 127.0.0.1.
func (s *script) connect() (slot int) {
	fd := s.ask(unix.SYS_SOCKET, unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	addr := &unix.RawSockaddrInet4{Family: unix.AF_INET, Port: 1 << 8, Addr: [4]byte{127, 0, 0, 1}}
	slot = s.ask(unix.SYS_CONNECT, 0, s.address(unsafe.Pointer(addr)), unix.SizeofSockaddrInet4)
	s.calls[len(s.calls)-1].in = fd
	return slot
}

func (p *prober) landlockScope() (string, error) {
	if err := p.needs(6); err != nil {
		return "", err
	}
	var signal int
	s, err := p.fenced(false, true, func(s *script) { signal = s.ask(unix.SYS_KILL, uintptr(os.Getpid()), 0) })
	if err != nil {
		return "", err
	}
	return "", s.expect("a signal to this process", signal, unix.EPERM)
}

func (p *prober) namespaces() (string, error) {
	sp, err := newSpaces(p.layers.root)
	if err != nil {
		return "", err
	}
	s := newScript()
	sp.enter(s)
	s.becomeUser(p.layers, p.user)
	connect := s.connect()
	if err = s.try(); err == nil {
		err = s.expect("a connection to 127.0.0.1", connect, unix.ENETUNREACH)
	}
	if err != nil {
		sp.close()
		return "", err
	}
	p.spaces = sp
	return "network, IPC", nil
}

func (p *prober) marker() (string, error) {
	s := newScript()
	m := newMarkerSource().marker()
	var locks, rt unix.Rlimit
	s.do("limits", unix.SYS_PRLIMIT64, 0, unix.RLIMIT_LOCKS, s.address(unsafe.Pointer(&unix.Rlimit{Cur: m.locks(), Max: m.locks()})), 0)
	s.do("limits", unix.SYS_PRLIMIT64, 0, unix.RLIMIT_RTTIME, s.address(unsafe.Pointer(&unix.Rlimit{Cur: m.rtTime(), Max: m.rtTime()})), 0)
	s.do("limits", unix.SYS_PRLIMIT64, 0, unix.RLIMIT_LOCKS, 0, s.address(unsafe.Pointer(&locks)))
	s.do("limits", unix.SYS_PRLIMIT64, 0, unix.RLIMIT_RTTIME, 0, s.address(unsafe.Pointer(&rt)))
	if err := s.try(); err != nil {
		return "", err
	}
	if readMarker(locks.Max, rt.Max) != m {
		return "", errors.New("this process has limits of its own on locks or real-time processing")
	}
	return "", nil
}

// hardened reports what Harden does, as it is now.
func (p *prober) hardened() {
	p.try(LayerDumpable, "reading the grader's memory, environment and descriptors", func() (string, error) {
		s := p.script()
		if !p.layers.user && p.layers.root {
			s.calls = nil
			s.dropCapabilities()
		}
		// Unlike memory, which the child shares, this asks for permission to look
		// into another process.
		link := s.ask(unix.SYS_READLINKAT, ^uintptr(99), s.text(fmt.Sprintf("/proc/%d/cwd", os.Getpid())), s.address(unsafe.Pointer(new([64]byte))), 64)
		if err := s.try(); err != nil {
			return "", err
		}
		if on, _, _ := unix.RawSyscall(unix.SYS_PRCTL, unix.PR_GET_DUMPABLE, 0, 0); on == 1 {
			return "", errors.New("Harden was not called")
		}
		return "", s.expect("looking into this process", link, unix.EACCES, unix.EPERM, unix.ENOENT)
	})
	p.try(LayerSubreaper, "orphans that nobody waits for", func() (string, error) {
		on := new(int32)
		if err := unix.Prctl(unix.PR_GET_CHILD_SUBREAPER, uintptr(unsafe.Pointer(on)), 0, 0, 0); err != nil {
			return "", err
		}
		if *on == 0 {
			return "", errors.New("Harden was not called")
		}
		return "", nil
	})
}
