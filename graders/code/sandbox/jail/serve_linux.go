//go:build amd64 || arm64

package jail

import (
	"context"
	"encoding/binary"
	"errors"
	"os"
	"time"

	"golang.org/x/sys/unix"

	"github.com/rftgrader/rftgrader/graders/code/sandbox"
	"github.com/rftgrader/rftgrader/graders/code/sandbox/confine"
)

// A server is the process of a program that is run several times: it forks for each
// run, before the program has had a word, so that nothing is executed and linked anew.
// The program holds the part that does so, drivers/serve.c, and what may be a server
// at all says servable. It is used by one goroutine at a time.
type server struct {
	process *process
	control int    // the socket on which runs are asked for, which does not wait
	serial  uint64 // of the last run
	runs    int
	forget  func() bool
}

const (
	// leastServed is from how many runs on a server is quicker.
	leastServed = 3
	// maxServed bounds the runs of one server: its own processor time has a limit.
	maxServed = 1000
	// maxServers is how often a program gets another server because it has left files
	// in its folder.
	maxServers = 2
)

// serveSign begins a request; see serve.c.
const serveSign = 0x7266742d66726b31

// A served is one run of a program by its server.
type served struct {
	serial                uint64
	stdin, stdout, stderr tube
	rest                  []byte // of standard input
	printed, complained   collector
	buffer                []byte
	began                 time.Time
	starved, spent        time.Duration // of the server by then
}

// What a server says of a run.
const (
	serveRefused = iota
	serveEnded
	serveUnclean // something that came of the run is left
)

// A verdict is what a server says of a run.
type verdict struct {
	what, status uint32
	cpu          time.Duration
	memory       int64
}

const verdictSize = 32

// parseVerdict reads struct report of serve.c. Whatever it holds, the figures of a
// run are no more than what it is failed for.
func parseVerdict(b []byte, serial uint64) (v verdict, ok bool) {
	order := binary.NativeEndian
	if len(b) != verdictSize || order.Uint64(b) != serial {
		return v, false
	}
	const most = 1 << 50
	v = verdict{what: order.Uint32(b[8:]), status: order.Uint32(b[12:])}
	v.cpu = time.Duration(min(order.Uint64(b[16:]), most)) * time.Microsecond
	v.memory = int64(min(order.Uint64(b[24:]), most))
	return v, v.what <= serveUnclean
}

// serve runs a program once by its server. It has not been run where done is false:
// the program is executed for each run then, as those are that have no server.
func (j *Jail) serve(ctx context.Context, b *built, stdin []byte) (out sandbox.Output, done bool, err error) {
	if err := ctx.Err(); err != nil {
		return out, false, err
	}
	if b.buffer == nil {
		b.buffer = make([]byte, pipeHolds)
	}
	r := &served{rest: stdin, buffer: b.buffer}
	defer r.close()
	if err := r.open(j.user, b.limits.Output); err != nil {
		return out, false, err
	}
	if s := b.server; s != nil && (s.runs >= maxServed || s.process.failure() != "") {
		j.stopServer(b)
	}
	if b.server == nil {
		err = j.startServer(ctx, b, r)
	} else {
		err = b.server.ask(r)
	}
	if err != nil {
		j.stopServer(b)
		if ctx.Err() != nil {
			return out, false, ctx.Err()
		}
		b.serve = false
		return out, false, nil
	}
	s := b.server
	s.runs++
	p := s.process
	bound, _ := bounds(b.limits, b.language.Limits)
	over := func() { p.fail(sandbox.OutputLimit) }
	r.printed.over, r.complained.over = over, over
	v, ok := s.attend(r, b.limits)
	// What the watcher makes of a run that was near its limits is not to meet the next.
	heavy := v.cpu > b.limits.Time/2 || v.memory > bound.memory/2
	clean := ok && v.what == serveEnded && p.failure() == "" && !heavy
	if !clean {
		j.stopServer(b)
	}
	r.finish(clean)
	if p.failure() != "" {
		j.stopServer(b) // what was left in the pipes was too much
	}
	switch {
	case ctx.Err() != nil:
		return out, false, ctx.Err()
	case p.failure() == "" && (!ok || v.what == serveRefused):
		// A server that ended without a word, or was of no use: perhaps by the hand of
		// the program, which gains nothing by it.
		b.serve = false
		return out, false, nil
	}
	run := &process{watched: p.watched, cpu: v.cpu, memory: v.memory}
	if ok {
		run.status, run.signal = endOf(unix.WaitStatus(v.status))
	} else {
		run.status, run.signal = p.status, p.signal
		out.Usage.CPU = max(time.Duration(p.last.Load())-r.spent, 0)
	}
	out.Usage.CPU, out.Usage.Wall = max(out.Usage.CPU, v.cpu), time.Since(r.began)
	out.Usage.Memory = max(v.memory, p.peak.Load(), leastMemory)
	out.Stdout, out.Stderr, out.Exit = r.printed.kept(), r.complained.kept(), run.status
	out.Failure = judge(run, b.limits.Time, bound, out.Stderr)
	if out.Failure == "" && b.folder.touched() && diskUsed(b.folder.run, bound.disk) > bound.disk {
		out.Failure = sandbox.DiskLimit
	}
	return out, true, nil
}

// endOf reads a status as package confine does.
func endOf(w unix.WaitStatus) (status int, signal unix.Signal) {
	if w.Signaled() {
		return 128 + int(w.Signal()), w.Signal()
	}
	return w.ExitStatus(), 0
}

// startServer starts a server, which finds the first request when it begins.
func (j *Jail) startServer(ctx context.Context, b *built, r *served) error {
	e, err := j.script(b)
	if err != nil {
		return err
	}
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_SEQPACKET|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return err
	}
	s := &server{control: fds[0], forget: func() bool { return true }}
	pipes := &plumbing{ours: []*os.File{os.NewFile(uintptr(fds[1]), "control")}}
	pipes.child = []*os.File{j.null, j.null, j.null, pipes.ours[0]}
	defer pipes.close()
	if err = unix.SetNonblock(s.control, true); err == nil {
		err = s.ask(r)
	}
	if err == nil {
		c := &command{path: e.path, args: e.args, env: e.env, dir: e.dir, reach: e.reach, pipes: pipes, inlet: &inlet{}, serves: true}
		c.bound, c.limits = bounds(e.limits, e.headroom)
		c.bound.folder = e.dir
		c.limits.Processes++
		s.process, err = j.start(ctx, c)
	}
	if err != nil {
		unix.Close(s.control)
		return err
	}
	s.forget = context.AfterFunc(ctx, s.process.kill)
	b.server = s
	return nil
}

// stopServer ends the server of a program with all that came of it.
func (j *Jail) stopServer(b *built) {
	s := b.server
	if s == nil {
		return
	}
	b.server = nil
	s.forget()
	s.process.kill()
	s.process.gone()
	j.watcher.remove(s.process.watched)
	unix.Close(s.control)
}

// ask sends the request for a run, with the files that it gets, which are closed here.
func (s *server) ask(r *served) error {
	s.serial++
	r.serial, r.began = s.serial, time.Now()
	if s.process != nil {
		s.process.peak.Store(0)
		r.starved, r.spent = s.process.starved.Total(), time.Duration(s.process.last.Load())
		s.process.rearm(time.Duration(s.process.watched.cpu.Load()))
	}
	var request [16]byte
	binary.NativeEndian.PutUint64(request[:], serveSign)
	binary.NativeEndian.PutUint64(request[8:], s.serial)
	_, err := unix.SendmsgN(s.control, request[:], unix.UnixRights(r.stdin.far, r.stdout.far, r.stderr.far), nil, unix.MSG_NOSIGNAL)
	if err == nil {
		for _, t := range []*tube{&r.stdin, &r.stdout, &r.stderr} {
			t.closeFar()
		}
	}
	return err
}

// soon is for how long nothing but the end of a run is waited for: what it prints
// meanwhile stays in the pipes.
const soon = time.Millisecond

// attend waits for the end of a run, moves its input and output, and ends the server
// when the time is up.
func (s *server) attend(r *served, limits sandbox.Limits) (v verdict, ok bool) {
	wall, soon := sandbox.Wall(limits.Time), soon
	if len(r.rest) > 0 {
		soon = 0
	}
	for {
		left := time.Until(r.began.Add(wall + s.process.starved.Total() - r.starved))
		if left <= 0 {
			if v, ok, over := s.hear(r); over {
				return v, ok // in time, and only heard of now
			}
			s.process.fail(sandbox.TimeLimit)
			return v, false
		}
		fds := []unix.PollFd{
			{Fd: int32(s.control), Events: unix.POLLIN}, {Fd: int32(r.stdout.near), Events: unix.POLLIN},
			{Fd: int32(r.stderr.near), Events: unix.POLLIN}, {Fd: int32(r.stdin.near), Events: unix.POLLOUT},
		}
		if soon > 0 {
			fds, left = fds[:1], min(left, soon)
		}
		timeout := unix.NsecToTimespec(int64(left))
		n, err := unix.Ppoll(fds, &timeout, nil)
		switch {
		case err == unix.EINTR:
			continue
		case err != nil:
			return v, false
		case n == 0:
			soon = 0
			continue
		case fds[0].Revents != 0:
			if v, ok, over := s.hear(r); over {
				return v, ok
			}
		}
		for i, fd := range fds[1:] {
			switch {
			case fd.Revents == 0:
			case i == 0:
				r.drain(&r.stdout, &r.printed)
			case i == 1:
				r.drain(&r.stderr, &r.complained)
			default:
				r.feed()
			}
		}
	}
}

// hear reads what the server says. It is over when it has said something, or has ended.
func (s *server) hear(r *served) (v verdict, ok, over bool) {
	var b [verdictSize + 1]byte
	n, err := unix.Read(s.control, b[:])
	if err == unix.EINTR || err == unix.EAGAIN {
		return v, false, false
	}
	v, ok = parseVerdict(b[:max(n, 0)], r.serial)
	return v, ok, true
}

// open makes the pipes, and puts as much of the input into the first as it takes.
func (r *served) open(user *confine.User, limit int64) error {
	for _, t := range []*tube{&r.stdin, &r.stdout, &r.stderr} {
		*t = tube{-1, -1} // not open
	}
	r.printed, r.complained = collector{limit: limit}, collector{limit: limit, tail: true}
	for i, t := range []*tube{&r.stdin, &r.stdout, &r.stderr} {
		if err := t.open(user, i == 0); err != nil {
			return err
		}
	}
	r.feed()
	return nil
}

func (r *served) close() {
	for _, t := range []*tube{&r.stdin, &r.stdout, &r.stderr} {
		t.closeFar()
		t.closeNear()
	}
}

// feed writes what the pipe takes of the input. A program that does not read it all
// is no fault.
func (r *served) feed() {
	for len(r.rest) > 0 {
		n, err := unix.Write(r.stdin.near, r.rest)
		switch {
		case err == unix.EINTR:
		case err == unix.EAGAIN:
			return
		case err != nil:
			r.rest = nil
		default:
			r.rest = r.rest[n:]
		}
	}
	r.stdin.closeNear()
}

// drain reads what is there.
func (r *served) drain(t *tube, c *collector) {
	for t.near >= 0 {
		n, err := unix.Read(t.near, r.buffer)
		if n > 0 {
			c.take(r.buffer[:n])
		}
		switch {
		case err == unix.EINTR:
		case err == unix.EAGAIN:
			return
		case err != nil || n == 0:
			t.closeNear()
		case n < len(r.buffer):
			return
		}
	}
}

// finish reads what is left after the end of the run. Where all is dead and who knows
// how, the end of the pipes is waited for, and a second at most, as collector.finish does.
func (r *served) finish(clean bool) {
	until := time.Now().Add(time.Second)
	for {
		r.drain(&r.stdout, &r.printed)
		r.drain(&r.stderr, &r.complained)
		left := time.Until(until)
		if clean || r.stdout.near < 0 && r.stderr.near < 0 || left <= 0 {
			return
		}
		fds := []unix.PollFd{{Fd: int32(r.stdout.near), Events: unix.POLLIN}, {Fd: int32(r.stderr.near), Events: unix.POLLIN}}
		timeout := unix.NsecToTimespec(int64(left))
		if _, err := unix.Ppoll(fds, &timeout, nil); err != nil && !errors.Is(err, unix.EINTR) {
			return
		}
	}
}
