package locallambda

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"runtime"
	"sync"
	"time"
)

// settle is how long a little thing that follows at once is waited for: the
// runtime's next request after a response, the end of a process that has
// reported an error, the rest of a response whose process has ended. A caller
// whose answer waited for the next request finds the environment warm when it
// calls again.
const settle = 250 * time.Millisecond

// terminationGrace is the time between SIGTERM and SIGKILL for a process that
// asked for it by registering an extension.
const terminationGrace = 500 * time.Millisecond

// A phase is where an environment is in its life.
type phase uint8

const (
	phaseInit       phase = iota // the process has not yet asked for an event
	phaseInitFailed              // it has reported an error instead
	phaseIdle                    // it waits for an event
	phaseBusy                    // it has an event; no response has begun
	phaseResponding              // its response is being read
	phaseResponded               // its response has been read
	phaseEnded                   // it is dead or condemned
)

func (p phase) String() string {
	return [...]string{"Started", "InitError", "Waiting", "Ready", "Responding", "ResponseSent", "Ended"}[p]
}

// An environment is one process of the bootstrap with its Runtime API and its
// log.
type environment struct {
	cmd      *exec.Cmd
	stream   string // the name of its log stream
	variable string // NAME=VALUE that only its processes have
	api      *endpoint
	logs     *logPipe

	ready      chan struct{} // closed at the first request for an event
	initFailed chan struct{} // closed when the report of an error has been read
	gone       chan struct{} // closed when the process and all that served it have ended

	// exit says how the process ended; it is set before gone is closed.
	exit string

	mu        sync.Mutex
	phase     phase
	current   *invocation // what the process works on
	last      string      // the id of what it works on, or worked on last
	waiting   []chan *invocation
	initError outcome // set before initFailed is closed
	extension bool    // it wants SIGTERM before SIGKILL
	reaped    bool
	peakMB    int
}

// newEnvironment starts a process. Without an environment the outcome says
// why: a function error when the system cannot execute the bootstrap, and no
// answer when this machine has run out of something.
func (f *Function) newEnvironment(v *invocation) (*environment, outcome) {
	listener, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		return nil, outcome{err: fmt.Errorf("open a port for an environment: %w", err)}
	}
	r, w, err := os.Pipe()
	if err != nil {
		listener.Close()
		return nil, outcome{err: fmt.Errorf("open the log of an environment: %w", err)}
	}
	stream := f.takeStream()
	e := &environment{
		stream:     stream,
		variable:   "AWS_LAMBDA_LOG_STREAM_NAME=" + stream,
		logs:       newLogPipe(r, f.log),
		ready:      make(chan struct{}),
		initFailed: make(chan struct{}),
		gone:       make(chan struct{}),
	}
	e.api = newEndpoint(listener, e.routes(), maxErrorCause+64<<10)
	e.logs.attach(&v.tail)
	e.cmd = &exec.Cmd{
		Path: f.config.Bootstrap, Args: []string{f.config.Bootstrap}, Dir: f.config.Dir,
		Env:    f.config.childEnv(listener.Addr().String(), stream),
		Stdout: w, Stderr: w, SysProcAttr: processAttributes(),
	}
	started := make(chan error, 1)
	f.wg.Go(func() { f.supervise(e, w, started) })
	if err := <-started; err != nil {
		<-e.gone
		return nil, v.notStarted(explainStart(f.config.Bootstrap, err))
	}
	return e, outcome{}
}

// supervise starts the process, waits for its end and clears up after it. It
// holds the thread that started the process, because on Linux the process
// dies with that thread.
func (f *Function) supervise(e *environment, w *os.File, started chan<- error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	defer close(e.gone)

	var carriers sync.WaitGroup
	carriers.Go(e.logs.read)
	carriers.Go(func() { _ = e.api.serve() }) // it ends when the endpoint is shut
	err := e.cmd.Start()
	w.Close()
	started <- err
	if err == nil {
		f.count(func(s *Stats) { s.Environments++ })
		awaitEnd(e.cmd, e.bury)
		e.exit = e.cmd.ProcessState.String()
		e.awaitResponse()
		f.count(func(s *Stats) { s.Environments-- })
	}
	e.condemn()
	e.api.shut()
	e.logs.close()
	carriers.Wait()
	e.api.join()
	f.leaveStream(e.stream)
}

// bury kills what the process has left behind.
func (e *environment) bury() {
	e.mu.Lock()
	defer e.mu.Unlock()
	killGroup(e.cmd)
	sweep(e.variable)
	e.reaped = true
}

// awaitResponse lets a response whose process has ended be read to its end.
func (e *environment) awaitResponse() {
	e.mu.Lock()
	v, responding := e.current, e.phase == phaseResponding
	e.mu.Unlock()
	if !responding {
		return
	}
	timer := time.NewTimer(settle)
	defer timer.Stop()
	select {
	case <-v.responded:
	case <-timer.C:
	}
}

// condemn ends the environment for everybody who asks it for something.
func (e *environment) condemn() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.phase = phaseEnded
}

// ended reports whether the environment is of no more use.
func (e *environment) ended() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.phase == phaseEnded
}

// kill ends every process of the environment and returns when it is gone.
func (e *environment) kill() {
	e.condemn()
	e.mu.Lock()
	if !e.reaped {
		killGroup(e.cmd)
	}
	e.mu.Unlock()
	<-e.gone
}

// stop is kill for an idle environment, which gets its SIGTERM first if it
// asked for one.
func (e *environment) stop() {
	e.mu.Lock()
	asked := e.extension && !e.reaped
	if asked {
		terminate(e.cmd)
	}
	e.mu.Unlock()
	if asked {
		timer := time.NewTimer(terminationGrace)
		defer timer.Stop()
		select {
		case <-e.gone:
		case <-timer.C:
		}
	}
	e.kill()
}

// measure notes the peak of resident memory while the process exists.
func (e *environment) measure() {
	e.mu.Lock()
	defer e.mu.Unlock()
	if !e.reaped {
		e.peakMB = max(e.peakMB, peakMemoryMB(e.cmd.Process.Pid))
	}
}

// peak returns the highest peak that was noted, in MB, and 0 for none.
func (e *environment) peak() int {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.peakMB
}

// assign gives the environment an event, if it waits for one. An event must
// not be lost on a process that has died unnoticed.
func (e *environment) assign(v *invocation) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.phase != phaseIdle || e.reaped || hasEnded(e.cmd) {
		return false
	}
	e.phase, e.current, e.last = phaseBusy, v, v.id
	e.handOver()
	return true
}

// handOver gives the current event to the one who has waited longest.
func (e *environment) handOver() {
	if len(e.waiting) > 0 {
		e.waiting[0] <- e.current
		e.waiting = e.waiting[1:]
	}
}

// cut returns the outcome of the invocation. If there is none yet the
// environment is condemned, and no response is accepted any more.
func (e *environment) cut(v *invocation) (outcome, bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	select {
	case <-v.responded:
		return v.outcome, true
	default:
		e.phase = phaseEnded
		return outcome{}, false
	}
}
