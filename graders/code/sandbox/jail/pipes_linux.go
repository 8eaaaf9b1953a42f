//go:build amd64 || arm64

package jail

import (
	"bytes"
	"errors"
	"io"
	"os"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"github.com/rftgrader/rftgrader/graders/code/sandbox/confine"
)

// stderrKept is how much of the end of standard error is kept, in bytes.
const stderrKept = 64 << 10

// A plumbing is the pipes of one process: what goes to the child, in the order
// of its descriptors, and what stays here. The pipes must not be used after close.
type plumbing struct {
	child []*os.File // some of them more than once
	ours  []*os.File // those of child that are to be closed here
	own   []io.Closer
	user  *confine.User
}

// give gives the child a file of the jail.
func (p *plumbing) give(f *os.File) { p.child = append(p.child, f) }

// again gives the child the descriptor that it was given last under one more number.
func (p *plumbing) again() { p.child = append(p.child, p.child[len(p.child)-1]) }

// toChild makes a pipe that the child reads, and returns our end of it.
func (p *plumbing) toChild() (*inlet, error) {
	r, w, err := p.pipe()
	if err != nil {
		return nil, err
	}
	e := p.add(r, w)
	return &inlet{pipeEnd: e, far: p.child[len(p.child)-1]}, nil
}

// fromChild makes a pipe that the child writes, and returns our end of it.
func (p *plumbing) fromChild() (*pipeEnd, error) {
	r, w, err := p.pipe()
	if err != nil {
		return nil, err
	}
	return p.add(w, r), nil
}

func (p *plumbing) add(child, own int) *pipeEnd {
	f := os.NewFile(uintptr(child), "pipe")
	p.child, p.ours = append(p.child, f), append(p.ours, f)
	// Only our end is non-blocking: programs read what blocks.
	_, _ = unix.FcntlInt(uintptr(own), unix.F_SETFL, unix.O_NONBLOCK)
	e := &pipeEnd{fd: own}
	p.own = append(p.own, e)
	return e
}

func (p *plumbing) pipe() (r, w int, err error) {
	var fds [2]int
	if err := unix.Pipe2(fds[:], unix.O_CLOEXEC); err != nil {
		return 0, 0, unavailable("make a pipe", err)
	}
	if p.user != nil {
		// A program that opens /dev/stdin asks the owner of the pipe's only inode.
		_ = unix.Fchown(fds[0], p.user.UID, p.user.GID)
	}
	return fds[0], fds[1], nil
}

// closeChild closes the child's ends here, after it has them.
func (p *plumbing) closeChild() {
	for _, f := range p.ours {
		_ = f.Close()
	}
	p.child, p.ours = nil, nil
}

func (p *plumbing) close() {
	p.closeChild()
	for _, f := range p.own {
		_ = f.Close()
	}
	p.own = nil
}

// A pipeEnd is our end of a pipe: a bare descriptor, until somebody must wait
// for it.
type pipeEnd struct {
	fd   int
	file *os.File
}

// waiting returns the end as a file whose reads and writes wait.
func (e *pipeEnd) waiting() *os.File {
	if e.file == nil {
		e.file = os.NewFile(uintptr(e.fd), "pipe")
	}
	return e.file
}

// Close may be called again.
func (e *pipeEnd) Close() error {
	if e.file != nil {
		return e.file.Close()
	}
	fd := e.fd
	if e.fd = -1; fd < 0 {
		return nil
	}
	return unix.Close(fd)
}

// get reads what is there, without waiting.
func (e *pipeEnd) get(b []byte) (n int) {
	for {
		n, err := unix.Read(e.fd, b)
		if err != unix.EINTR {
			return max(n, 0)
		}
	}
}

// An inlet is our end of a pipe that the child reads.
type inlet struct {
	*pipeEnd
	far    *os.File // the child's end, while it is here
	filled int      // bytes in it that no child has seen
}

// put writes as much as there is room for, without waiting.
func (e *inlet) put(data []byte) (n int) {
	for {
		n, err := unix.Write(e.fd, data)
		if err != unix.EINTR {
			e.filled += max(n, 0)
			return max(n, 0)
		}
	}
}

// empty takes back what was put into the pipe for a child that did not start.
func (e *inlet) empty() {
	for e.filled > 0 {
		n, err := unix.Read(int(e.far.Fd()), make([]byte, e.filled))
		if err != unix.EINTR {
			e.filled -= max(n, 1)
		}
	}
}

// untouched says whether nobody has read of what was put into the pipe.
func (e *inlet) untouched() bool {
	n, err := unix.IoctlGetInt(int(e.far.Fd()), unix.TIOCINQ)
	return err == nil && n == e.filled
}

// feed writes the rest of the input and closes the pipe. A program that does not
// read it all is no fault. The function that it returns ends that.
func feed(e *inlet, rest []byte) (end func()) {
	if len(rest) == 0 {
		_ = e.Close()
		return func() {}
	}
	w := e.waiting()
	fed := make(chan struct{})
	go func() {
		defer close(fed)
		_, _ = w.Write(rest)
		_ = w.Close()
	}()
	return func() {
		_ = w.SetWriteDeadline(time.Unix(1, 0))
		<-fed
	}
}

// pipeHolds is what a pipe takes without a reader (pipe(7)).
const pipeHolds = 64 << 10

// A collector reads what a program writes until every writer is gone.
type collector struct {
	r     *os.File
	limit int64
	tail  bool   // keep the end instead of the beginning
	over  func() // called when more than limit came
	done  chan struct{}

	mu    sync.Mutex
	raw   syscall.RawConn
	chunk []byte
	total int64 // bytes since the last reset
	data  []byte
}

func collect(end *pipeEnd, limit int64, tail bool, over func()) *collector {
	c := &collector{r: end.waiting(), limit: limit, tail: tail, over: over, done: make(chan struct{}), chunk: make([]byte, 4<<10)}
	raw, err := c.r.SyscallConn()
	if err != nil {
		close(c.done)
		return c
	}
	c.raw = raw
	go c.run()
	return c
}

func (c *collector) run() {
	defer close(c.done)
	ended := false
	for !ended {
		err := c.raw.Read(func(fd uintptr) bool {
			c.mu.Lock()
			defer c.mu.Unlock()
			var some bool
			some, ended = c.drain(int(fd))
			return some || ended
		})
		if err != nil {
			return
		}
	}
}

// drain reads what is there. The caller holds mu.
func (c *collector) drain(fd int) (some, ended bool) {
	for {
		n, err := unix.Read(fd, c.chunk)
		switch {
		case err == unix.EINTR:
			continue
		case err == unix.EAGAIN:
			return some, false
		case err != nil || n <= 0:
			return some, true
		}
		some = true
		c.take(c.chunk[:n])
		if n < len(c.chunk) {
			return some, false
		}
		if n < pipeHolds {
			c.chunk = make([]byte, pipeHolds)
		}
	}
}

func (c *collector) take(b []byte) {
	c.total += int64(len(b))
	if c.total > c.limit {
		c.over()
	}
	if !c.tail {
		room := c.limit - int64(len(c.data))
		c.data = append(c.data, b[:min(int64(len(b)), max(room, 0))]...)
		return
	}
	c.data = append(c.data, b...)
	if len(c.data) > 2*stderrKept {
		c.data = append(c.data[:0], c.data[len(c.data)-stderrKept:]...)
	}
}

// reset forgets what came, and counts anew.
func (c *collector) reset() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.total, c.data = 0, nil
}

// now returns what has come until now, read or not.
func (c *collector) now() []byte {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.raw != nil {
		_ = c.raw.Control(func(fd uintptr) { _, _ = c.drain(int(fd)) })
	}
	return c.kept()
}

func (c *collector) kept() []byte {
	if c.tail && len(c.data) > stderrKept {
		return c.data[len(c.data)-stderrKept:]
	}
	return c.data
}

// finish waits for the end of the pipe, which comes when every process is
// dead, and a second at most: what a process that got away still holds open is
// not waited for.
func (c *collector) finish() []byte {
	timer := time.AfterFunc(time.Second, func() { _ = c.r.SetReadDeadline(time.Unix(1, 0)) })
	<-c.done
	timer.Stop()
	return c.kept()
}

// A lineReader reads lines of a limited length from a pipe.
type lineReader struct {
	r       *os.File
	limit   int
	pending []byte
	scanned int
	bell    *bell // nil: each line is waited for
}

// A bell is how a program tells that there are lines, for several at once: to be
// woken for each costs more than to read them all. It has to ring before it waits for
// something, and soon after a line. One that does not ring has to wait until its time
// is up; lines that it has written by then count.
type bell struct {
	r     *os.File
	lines *pipeEnd
	woken time.Time // when it rang last
	ended bool      // nobody can ring any more
}

var (
	errLineTooLong = errors.New("a line that is longer than the limit")
	errEnded       = errors.New("the program ended")
)

// next returns the next line without its newline. The line is the caller's.
func (l *lineReader) next(deadline time.Time) ([]byte, error) {
	read := l.read
	if l.bell != nil {
		read = l.hear
	}
	for {
		if end := bytes.IndexByte(l.pending[l.scanned:], '\n'); end >= 0 {
			end += l.scanned
			line := append([]byte(nil), l.pending[:end]...)
			l.pending, l.scanned = l.pending[end+1:], 0
			return line, nil
		}
		l.scanned = len(l.pending)
		if len(l.pending) > l.limit {
			return nil, errLineTooLong
		}
		if cap(l.pending)-len(l.pending) < 1<<10 {
			l.pending = append(make([]byte, 0, 2*len(l.pending)+4<<10), l.pending...)
		}
		n, err := read(l.pending[len(l.pending):cap(l.pending)], deadline)
		l.pending = l.pending[:len(l.pending)+n]
		switch {
		case n > 0:
		case errors.Is(err, os.ErrDeadlineExceeded):
			return nil, err
		case err != nil:
			return nil, errEnded
		}
	}
}

// read waits for bytes.
func (l *lineReader) read(b []byte, deadline time.Time) (int, error) {
	if err := l.r.SetReadDeadline(deadline); err != nil {
		return 0, errEnded
	}
	return l.r.Read(b)
}

// hear reads what is there, or waits for the bell. What was written before the
// deadline is read after it too.
func (l *lineReader) hear(b []byte, deadline time.Time) (int, error) {
	k := l.bell
	if n := k.lines.get(b); n > 0 {
		return n, nil
	}
	if k.ended {
		return 0, errEnded
	}
	if err := k.r.SetReadDeadline(deadline); err != nil {
		return 0, errEnded
	}
	var rings [256]byte
	_, err := k.r.Read(rings[:])
	switch {
	case err == nil:
		k.woken = time.Now()
	case errors.Is(err, os.ErrDeadlineExceeded):
		if n := k.lines.get(b); n > 0 {
			return n, nil
		}
		return 0, err
	default:
		k.ended = true
	}
	return k.lines.get(b), nil
}
