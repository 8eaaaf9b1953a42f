//go:build amd64 || arm64

package jail

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"math"
	"net"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sys/unix"

	"github.com/rftgrader/rftgrader/graders/code/sandbox/confine"
)

// A pythonJob is what a forked interpreter does. It reads the text of the program
// before anything else, from the pipe that it reads calls or its input from.
type pythonJob struct {
	path  string
	entry string
	limit int64 // of a value, in bytes
	built *built
}

// file writes the text where an interpreter of its own reads it.
func (j *pythonJob) file(s *scratch) error {
	b := j.built
	if b.filed {
		return nil
	}
	if err := s.write(b.source, []byte(b.text)); err != nil {
		return err
	}
	b.filed = true
	b.seal = sealOf(b.folder.src)
	return nil
}

// Zygotes keeps one warm interpreter for each processor. One that dies is
// started anew; where none can be started programs run in interpreters of
// their own.
type zygotes struct {
	start func(ctx context.Context) (*zygote, error)

	mu      sync.Mutex
	all     []*zygote
	next    int
	max     int
	broken  int // starts that failed one after another
	closed  bool
	started int
}

// maxBroken is after how many failed starts no more are tried.
const maxBroken = 3

// ready returns a zygote, or nil when there are to be none.
func (z *zygotes) ready(ctx context.Context) *zygote {
	z.mu.Lock()
	defer z.mu.Unlock()
	if z.start == nil || z.closed || z.broken >= maxBroken {
		return nil
	}
	z.next = (z.next + 1) % z.max
	if z.next < len(z.all) && z.all[z.next].alive() {
		return z.all[z.next]
	}
	made, err := z.start(ctx)
	if err != nil {
		if ctx.Err() == nil {
			z.broken++
		}
		return nil
	}
	z.broken = 0
	z.started++
	if z.next < len(z.all) {
		z.all[z.next] = made
	} else {
		z.next = len(z.all)
		z.all = append(z.all, made)
	}
	return made
}

// possible says whether there may be zygotes.
func (z *zygotes) possible() bool {
	z.mu.Lock()
	defer z.mu.Unlock()
	return z.start != nil && !z.closed && z.broken < maxBroken
}

func (z *zygotes) close() {
	z.mu.Lock()
	defer z.mu.Unlock()
	z.closed = true
	for _, one := range z.all {
		one.stop()
	}
	z.all = nil
}

// A zygote is a warm interpreter that forks.
type zygote struct {
	process *confine.Process
	conn    *net.UnixConn
	hard    [4]int64 // the most that its children may be granted, as limits has them

	mu      sync.Mutex
	asked   map[uint64]*forked // that no child has taken yet
	running map[int]*forked    // by process id
	next    uint64
	dead    bool
	ended   chan struct{}
}

// A forked is one child of a zygote.
type forked struct {
	*process
	mu      sync.Mutex
	pid     int
	over    bool
	killed  bool
	started chan error
}

// kill kills the group, or remembers to when its number is not known yet.
func (f *forked) killGroup() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.killed = true
	if f.pid > 0 && !f.over {
		confine.Group(f.pid).Kill()
	}
}

func (f *forked) number() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.over {
		return 0
	}
	return f.pid
}

// bindNow makes the loader look for all symbols at once, before any fork.
const bindNow = "LD_BIND_NOW=1"

// zygoteStart bounds the start of an interpreter and of a fork.
const zygoteStart = 10 * time.Second

var (
	errZygoteDied = errors.New("the warm interpreter died")
	// errNotBegun means that the program has had no word. A child may have the pipes
	// that were made for it all the same: they are not used again.
	errNotBegun = errors.New("the warm interpreter died before the program began")
)

// startZygote starts the interpreter and gives it the filter that its children load.
func startZygote(ctx context.Context, c *confine.Confinement, spec confine.Spec) (*zygote, error) {
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_SEQPACKET|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, err
	}
	theirs, ours := os.NewFile(uintptr(fds[0]), "zygote"), os.NewFile(uintptr(fds[1]), "zygote")
	conn, err := net.FileConn(ours)
	ours.Close()
	if err != nil {
		theirs.Close()
		return nil, err
	}
	// The interpreter remembers of what kind its standard files are.
	r, w, err := os.Pipe()
	if err != nil {
		theirs.Close()
		conn.Close()
		return nil, err
	}
	spec.Files = []*os.File{r, w, w, theirs}
	child, err := c.Start(spec)
	// While the other end is open here, nobody hears of an interpreter that dies.
	for _, f := range spec.Files[1:] {
		f.Close()
	}
	r.Close()
	if err != nil {
		conn.Close()
		return nil, err
	}
	z := &zygote{process: child, conn: conn.(*net.UnixConn), hard: hardLimits(), asked: map[uint64]*forked{}, running: map[int]*forked{}, ended: make(chan struct{})}
	if err := z.greet(ctx, c.Filter()); err != nil {
		child.Kill()
		_, _ = child.Wait(context.Background())
		conn.Close()
		return nil, fmt.Errorf("start the warm interpreter: %w", err)
	}
	go z.listen()
	return z, nil
}

func (z *zygote) greet(ctx context.Context, filter confine.Filter) error {
	deadline := time.Now().Add(zygoteStart)
	if d, ok := ctx.Deadline(); ok && d.Before(deadline) {
		deadline = d
	}
	_ = z.conn.SetReadDeadline(deadline)
	buffer := make([]byte, reportSize)
	n, err := z.conn.Read(buffer)
	if err != nil {
		return err
	}
	if r, ok := parseReport(buffer[:n]); !ok || r.what != zygoteReady {
		return errors.New("it does not answer as it should")
	}
	_ = z.conn.SetReadDeadline(time.Time{})
	message := binary.LittleEndian.AppendUint32(nil, uint32(len(filter.Program)))
	message = binary.LittleEndian.AppendUint32(message, uint32(len(filter.PIDs)))
	message = append(message, filter.Program...)
	for _, at := range filter.PIDs {
		message = binary.LittleEndian.AppendUint32(message, uint32(at))
	}
	_, err = z.conn.Write(message)
	return err
}

func (z *zygote) alive() bool {
	z.mu.Lock()
	defer z.mu.Unlock()
	return !z.dead
}

// The flags of a request.
const (
	forkRules = 1 << iota // the last descriptor is a Landlock ruleset
	forkCalls             // the program answers calls
	forkBell              // and rings when it has, on a descriptor of its own
)

// hardLimits are those of this process, in the order of LIMITS in zygote.py.
func hardLimits() (hard [4]int64) {
	for i, resource := range []int{unix.RLIMIT_CPU, unix.RLIMIT_DATA, unix.RLIMIT_FSIZE, unix.RLIMIT_NOFILE} {
		var l unix.Rlimit
		if hard[i] = math.MaxInt64; unix.Getrlimit(resource, &l) == nil {
			hard[i] = int64(min(l.Max, math.MaxInt64))
		}
	}
	return hard
}

// request writes what the zygote is asked: see REQUEST in zygote.py.
func (z *zygote) request(id uint64, c *command) ([]byte, []int) {
	flags := uint32(0)
	fds := make([]int, 0, 8)
	for _, f := range c.pipes.child {
		fds = append(fds, int(f.Fd()))
	}
	if c.rules != nil {
		flags |= forkRules
		fds = append(fds, int(c.rules.Fd()))
	}
	if c.job.entry != "" {
		flags |= forkCalls
		if c.bell {
			flags |= forkBell
		}
	}
	le := binary.LittleEndian
	b := make([]byte, 0, 512)
	b = le.AppendUint64(b, id)
	b = le.AppendUint32(le.AppendUint32(b, flags), uint32(len(fds)))
	b = le.AppendUint64(le.AppendUint64(b, uint64(len(c.job.built.text))), uint64(c.job.limit))
	seconds := int64((c.limits.CPU + time.Second - 1) / time.Second)
	for i, l := range [][2]int64{
		{seconds, seconds + 1}, {c.limits.Data, c.limits.Data}, {c.limits.FileSize, c.limits.FileSize}, {int64(c.limits.Files), int64(c.limits.Files)},
	} {
		if l[0] <= 0 {
			l = [2]int64{math.MaxInt64, math.MaxInt64}
		}
		b = le.AppendUint64(le.AppendUint64(b, limit(l[0], z.hard[i])), limit(l[1], z.hard[i]))
	}
	for _, text := range []string{c.dir, c.job.path, c.job.entry} {
		b = append(append(b, strings.ReplaceAll(text, "\x00", "")...), 0)
	}
	return b, fds
}

// limit is a limit as prlimit takes it, no higher than the hard one.
func limit(value, hard int64) uint64 {
	if value = min(value, hard); value == math.MaxInt64 {
		return unix.RLIM_INFINITY
	}
	return uint64(value)
}

// fork makes p a child of the zygote.
func (z *zygote) fork(p *process, c *command) error {
	f := &forked{process: p, started: make(chan error, 1)}
	usage := groupUsage(f.number, func() confine.Usage {
		pid := f.number()
		if pid == 0 {
			return confine.Usage{}
		}
		return confine.Group(pid).Usage()
	})
	p.watch(c.bound, f.number, usage, f.killGroup)
	z.mu.Lock()
	if z.dead {
		z.mu.Unlock()
		return unix.EAGAIN // another one is started
	}
	z.next++
	id := z.next
	z.asked[id] = f
	z.mu.Unlock()
	text, fds := z.request(id, c)
	_ = z.conn.SetWriteDeadline(time.Now().Add(zygoteStart))
	_, _, err := z.conn.WriteMsgUnix(text, unix.UnixRights(fds...), nil)
	switch {
	case err == nil:
		err = z.begun(f)
	case errors.Is(err, unix.EPIPE), errors.Is(err, unix.ECONNRESET):
		// It has just died, and its end is not known yet: another one is started.
		z.process.Kill()
		err = unix.EAGAIN
	}
	if err != nil {
		z.forget(id)
	}
	if errors.Is(err, errNotBegun) && !c.inlet.untouched() {
		return errZygoteDied
	}
	return err
}

// begun waits for the answer to a fork.
func (z *zygote) begun(f *forked) error {
	timer := time.NewTimer(zygoteStart)
	defer timer.Stop()
	select {
	case err := <-f.started:
		return err
	case <-timer.C:
		z.process.Kill() // it hangs; the next one will not
		return errNotBegun
	}
}

func (z *zygote) forget(id uint64) {
	z.mu.Lock()
	defer z.mu.Unlock()
	delete(z.asked, id)
}

// A report is what the zygote says: see REPORT in zygote.py.
type report struct {
	what   uint32
	id     uint64
	pid    int
	status unix.WaitStatus
	cpu    time.Duration
	memory int64
}

const reportSize = 36

const (
	zygoteReady = iota
	zygoteForked
	zygoteEnded
	zygoteRefused
)

func parseReport(b []byte) (r report, ok bool) {
	if len(b) != reportSize {
		return r, false
	}
	le := binary.LittleEndian
	return report{
		what: le.Uint32(b), id: le.Uint64(b[4:]), pid: int(int32(le.Uint32(b[12:]))), status: unix.WaitStatus(le.Uint32(b[16:])),
		cpu: time.Duration(le.Uint64(b[20:])), memory: int64(le.Uint64(b[28:])),
	}, true
}

// listen hands the zygote's reports on until it is gone.
func (z *zygote) listen() {
	defer close(z.ended)
	buffer := make([]byte, 2*reportSize)
	for {
		n, err := z.conn.Read(buffer)
		if err != nil {
			break
		}
		r, ok := parseReport(buffer[:n])
		if !ok {
			break
		}
		if f := z.told(r); f != nil {
			f.hear(r)
		}
	}
	z.bury()
}

// told returns whom a report is about.
func (z *zygote) told(r report) *forked {
	z.mu.Lock()
	defer z.mu.Unlock()
	if r.what == zygoteEnded {
		f := z.running[r.pid]
		delete(z.running, r.pid)
		return f
	}
	f := z.asked[r.id]
	delete(z.asked, r.id)
	if f != nil && r.what == zygoteForked {
		z.running[r.pid] = f
	}
	return f
}

func (f *forked) hear(r report) {
	switch r.what {
	case zygoteRefused:
		f.started <- fmt.Errorf("fork: %w", unix.EAGAIN)
	case zygoteForked:
		f.mu.Lock()
		f.pid = r.pid
		killed := f.killed
		f.mu.Unlock()
		if killed {
			f.killGroup()
		}
		f.started <- nil
	case zygoteEnded:
		f.mu.Lock()
		f.over = true
		f.mu.Unlock()
		status, signal := r.status.ExitStatus(), unix.Signal(0)
		if r.status.Signaled() {
			signal = r.status.Signal()
			status = 128 + int(signal)
		}
		f.end(status, signal, r.cpu, r.memory)
	}
}

// bury ends what is left of a zygote that died: its children are killed, and
// what waits for them hears that the sandbox failed.
func (z *zygote) bury() {
	z.mu.Lock()
	z.dead = true
	children := slices.Collect(maps.Values(z.running))
	children = slices.AppendSeq(children, maps.Values(z.asked))
	z.asked, z.running = nil, nil
	z.mu.Unlock()
	z.process.Kill()
	for _, f := range children {
		f.killGroup()
	}
	_, _ = z.process.Wait(context.Background())
	z.conn.Close()
	for _, f := range children {
		pid := f.number()
		if pid > 0 {
			confine.Group(pid).End()
		}
		f.mu.Lock()
		f.over = true
		f.mu.Unlock()
		if pid == 0 {
			// It may have forked and said nothing: a child may have read of the pipes.
			f.started <- errNotBegun
			continue
		}
		f.refused = errZygoteDied
		f.end(137, unix.SIGKILL, 0, 0)
	}
}

// stop ends the zygote and waits for its end.
func (z *zygote) stop() {
	z.process.Kill()
	<-z.ended
}
