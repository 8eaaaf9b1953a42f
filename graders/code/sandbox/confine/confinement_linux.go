//go:build linux && (amd64 || arm64)

package confine

import (
	"fmt"
	"os"
	"slices"
	"sync"
	"unsafe"

	"github.com/rftgrader/rftgrader/graders/code/sandbox"
	"golang.org/x/sys/unix"
)

// A Confinement starts processes under one policy. It may be used by many
// goroutines at once.
type Confinement struct {
	policy      Policy
	protections []sandbox.Protection
	layers      layers
	abi         int     // of Landlock
	fence       *fence  // nil without Landlock
	filter      program // nil without seccomp
	rest        program // of a keeper: what its children load
	spaces      *spaces // nil without namespaces
	secFlags    uintptr
	user        User
	switched    bool // to user
	null        *os.File
	markers     *markerSource
	hard        [16]uint64 // this process's hard limits
	tasks       *taskCount

	closing sync.RWMutex
	closed  bool
}

// layers says which layers are in force.
type layers struct {
	user, noNewPrivs, seccomp, landlock, net, scope, namespaces, marker bool
	root                                                                bool // this process is root
}

// leaveOut takes layers away, and those that are nothing without them.
func (l *layers) leaveOut(names []string) {
	for name, holds := range map[string]*bool{
		LayerUser: &l.user, LayerNoNewPrivs: &l.noNewPrivs, LayerSeccomp: &l.seccomp, LayerLandlock: &l.landlock,
		LayerNet: &l.net, LayerScope: &l.scope, LayerNamespaces: &l.namespaces, LayerMarker: &l.marker,
	} {
		*holds = *holds && !slices.Contains(names, name)
	}
	l.net, l.scope = l.net && l.landlock, l.scope && l.landlock
}

// Compile tries the layers in child processes and prepares what the policy
// asks for. It takes a few milliseconds. A layer that does not hold here is no
// error; the protections tell.
func Compile(p Policy) (*Confinement, error) {
	if err := p.check(); err != nil {
		return nil, err
	}
	probed := probe(p)
	c := &Confinement{
		policy: p, protections: probed.protections, layers: probed.layers, abi: probed.abi, secFlags: probed.secFlags, spaces: probed.spaces,
		user: User{os.Getuid(), os.Getgid()}, markers: newMarkerSource(), tasks: &taskCount{},
	}
	if c.layers.user {
		c.user, c.switched = probed.user, true
	}
	for i := range c.hard {
		var l unix.Rlimit
		if err := unix.Getrlimit(i, &l); err != nil {
			l.Max = unix.RLIM_INFINITY
		}
		c.hard[i] = l.Max
	}
	err := c.prepare()
	if err == nil {
		if err = probed.together(); err != nil {
			err = fmt.Errorf("compile a confinement: each layer holds alone, but not all together: %w: leave one out", err)
		}
	}
	if err != nil {
		_ = c.Close()
		return nil, err
	}
	return c, nil
}

// With returns a confinement of another policy with the layers that c has,
// except those that p leaves out. Nothing is tried again, which makes it quicker
// than Compile. The user is that of c, and so are the markers: a Sweep of one
// confinement ends the processes of both.
func (c *Confinement) With(p Policy) (*Confinement, error) {
	if err := p.check(); err != nil {
		return nil, err
	}
	c.closing.RLock()
	defer c.closing.RUnlock()
	if c.closed {
		return nil, fmt.Errorf("compile a confinement: %w", os.ErrClosed)
	}
	n := &Confinement{
		policy: p, protections: slices.Clone(c.protections), layers: c.layers, abi: c.abi, secFlags: c.secFlags,
		user: c.user, switched: c.switched, markers: c.markers, hard: c.hard, tasks: c.tasks,
	}
	n.layers.leaveOut(p.Without)
	for i, q := range n.protections {
		left := slices.Contains(p.Without, q.Name) || (q.Name == LayerNet || q.Name == LayerScope) && slices.Contains(p.Without, LayerLandlock)
		if left && q.Active {
			n.protections[i].Active, n.protections[i].Detail = false, errLeftOut.Error()
		}
	}
	var err error
	if c.spaces != nil && n.layers.namespaces {
		n.spaces, err = c.spaces.clone()
	}
	if err == nil {
		err = n.prepare()
	}
	if err != nil {
		_ = n.Close()
		return nil, err
	}
	return n, nil
}

// prepare makes what starts use from the policy and the layers.
func (c *Confinement) prepare() (err error) {
	if c.null, err = os.OpenFile(os.DevNull, os.O_RDWR, 0); err != nil {
		return fmt.Errorf("compile a confinement: %w", err)
	}
	if c.layers.landlock {
		if c.fence, err = newFence(c.policy, c.abi, c.layers.net, c.layers.scope); err != nil {
			return fmt.Errorf("compile a confinement: %w", err)
		}
	}
	switch {
	case !c.layers.seccomp:
	case c.policy.Keeper:
		c.filter, c.rest = assemble(reaching(), lastNumber), assemble(staying(false), lastNumber)
	default:
		c.filter = assemble(rules(c.layers.scope), lastNumber)
	}
	return nil
}

// check refuses the names of layers that there are none of.
func (p Policy) check() error {
	for _, name := range p.Without {
		if !slices.Contains(layerNames(), name) {
			return fmt.Errorf("compile a confinement: there is no layer %q to leave out: the layers are %q", name, layerNames())
		}
	}
	return nil
}

func layerNames() []string {
	return []string{LayerLimits, LayerNoNewPrivs, LayerUser, LayerSeccomp, LayerLandlock, LayerNet, LayerScope, LayerNamespaces, LayerMarker, LayerDumpable, LayerSubreaper}
}

// Protections returns what was tried, with what holds. What Harden gives is
// tried anew.
func (c *Confinement) Protections() []sandbox.Protection {
	p := &prober{policy: c.policy, layers: c.layers, user: c.user, protections: slices.Clone(c.protections)}
	p.hardened()
	return p.protections
}

// User returns whom the processes run as. Their folders must belong to it.
func (c *Confinement) User() User { return c.user }

// Filter returns the seccomp filter for a process that confines itself: all of
// it, or what the filter of a [Policy.Keeper] leaves to its children. It is empty where
// seccomp does not hold. The process can signal itself alone then, and must lead a group
// of its own, which it cannot leave any more.
func (c *Confinement) Filter() Filter {
	switch {
	case c.filter == nil:
		return Filter{}
	case c.rest != nil:
		return c.rest.filter()
	}
	return assemble(rules(false), lastNumber).filter()
}

// Ruleset returns the Landlock ruleset of the policy and the given folders, to
// read and execute and to write as well, for [Spec.Ruleset] or a process that confines
// itself; nil where Landlock does not hold. It holds what the landlock layers of
// the confinement hold, signals included. The caller closes it.
func (c *Confinement) Ruleset(read, write []string) (*os.File, error) {
	c.closing.RLock()
	defer c.closing.RUnlock()
	switch {
	case c.closed:
		return nil, &StartError{Step: "landlock ruleset", Err: os.ErrClosed}
	case c.fence == nil:
		return nil, nil
	}
	fd, err := c.fence.ruleset(read, write)
	if err != nil {
		return nil, err
	}
	return os.NewFile(uintptr(fd), "landlock ruleset"), nil
}

// Close frees the descriptors of the confinement. Processes go on.
func (c *Confinement) Close() error {
	c.closing.Lock()
	defer c.closing.Unlock()
	if c.closed {
		return nil
	}
	c.closed = true
	if c.fence != nil {
		c.fence.close()
	}
	if c.spaces != nil {
		c.spaces.close()
	}
	if c.null == nil {
		return nil
	}
	return c.null.Close()
}

// restrict appends the calls that take rights away, in the order that each
// needs. The ruleset is a descriptor of this process, or -1. They come after a
// change of user, which clears the parent-death signal.
func (s *script) restrict(l layers, ruleset int, filter program, flags uintptr) {
	s.do("parent-death signal", unix.SYS_PRCTL, unix.PR_SET_PDEATHSIG, uintptr(unix.SIGKILL))
	if l.noNewPrivs {
		s.do("no_new_privs", unix.SYS_PRCTL, unix.PR_SET_NO_NEW_PRIVS, 1)
	}
	if ruleset >= 0 {
		s.do("landlock", unix.SYS_LANDLOCK_RESTRICT_SELF, uintptr(ruleset), 0)
	}
	if filter != nil {
		s.seccomp(filter, flags)
	}
}

// seccomp appends the calls that load a copy of the filter.
func (s *script) seccomp(filter program, flags uintptr) {
	s.filter = slices.Clone(filter)
	s.do("process id", unix.SYS_GETPID).kind = fillPID
	prog := &unix.SockFprog{Len: uint16(len(s.filter)), Filter: unsafe.SliceData(s.filter)}
	s.do("seccomp", unix.SYS_SECCOMP, unix.SECCOMP_SET_MODE_FILTER, flags, s.address(unsafe.Pointer(prog)))
}

// capabilityHeader and capabilityData are the arguments of capset, version 3
// (linux/capability.h).
type capabilityHeader struct {
	version uint32
	pid     int32
}

type capabilityData [2]struct{ effective, permitted, inheritable uint32 }

const capabilityVersion3 = 0x20080522

// becomeUser appends the calls that change the user, or take root's
// capabilities where there is no other user. With no_new_privs, executing a
// program as root does not give them back.
func (s *script) becomeUser(l layers, u User) {
	switch {
	case l.user:
		s.do("groups", unix.SYS_SETGROUPS, 0, 0)
		s.do("group", unix.SYS_SETRESGID, uintptr(u.GID), uintptr(u.GID), uintptr(u.GID))
		s.do("user", unix.SYS_SETRESUID, uintptr(u.UID), uintptr(u.UID), uintptr(u.UID))
	case l.root:
		s.dropCapabilities()
	}
}

func (s *script) dropCapabilities() {
	head := s.address(unsafe.Pointer(&capabilityHeader{version: capabilityVersion3}))
	s.do("ambient capabilities", unix.SYS_PRCTL, unix.PR_CAP_AMBIENT, unix.PR_CAP_AMBIENT_CLEAR_ALL).may = true
	s.do("capabilities", unix.SYS_CAPSET, head, s.address(unsafe.Pointer(new(capabilityData))))
}
