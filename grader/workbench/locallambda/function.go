package locallambda

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// maxQueue bounds the Event invocations that wait for an environment.
const maxQueue = 100

// A Function is a running local Lambda function. It is safe for concurrent
// use, and it is an http.Handler of the Invoke API.
type Function struct {
	config  Config
	log     *logSink
	slots   chan struct{}    // one for each invocation that may run
	queue   chan *invocation // of type Event
	closing chan struct{}    // closed at the end
	wg      sync.WaitGroup   // every goroutine but the connections' of a caller's server

	mu     sync.Mutex
	closed bool
	idle   []*environment // the most recently used last
	// streams are the log streams whose process has ended, the last one last.
	streams []string
	stats   Stats
}

// A Response is the answer to an invocation that ran.
type Response struct {
	// RequestID names the invocation in the log.
	RequestID string
	// Payload is what the function returned, or the JSON of its error with
	// the members errorType and errorMessage.
	Payload []byte
	// FunctionError is "Unhandled" when the function failed, timed out or
	// died, and empty otherwise.
	FunctionError string
	// Log is the end of the invocation's log, at most 4 KB, from its START
	// to its REPORT line and with the log of a cold start before them.
	Log []byte
	// Duration is the time from the event to the response.
	Duration time.Duration
	// InitDuration is the time that a cold start took before, and 0 when the
	// environment was warm.
	InitDuration time.Duration
}

// Start checks the config and returns the function, ready to be invoked. No
// process is started before the first invocation, or [Function.Warm].
// Everything ends when ctx is done or Close is called.
func Start(ctx context.Context, config Config) (*Function, error) {
	config, err := config.resolve()
	if err != nil {
		return nil, fmt.Errorf("start local function: %w", err)
	}
	f := &Function{
		config:  config,
		log:     &logSink{w: config.Log},
		slots:   make(chan struct{}, config.Concurrency),
		queue:   make(chan *invocation, maxQueue),
		closing: make(chan struct{}),
	}
	f.wg.Go(f.runQueue)
	f.wg.Go(func() {
		select {
		case <-ctx.Done():
			f.shut()
		case <-f.closing:
		}
	})
	return f, nil
}

// ARN returns the name that the function is told to be invoked by. Its
// account is 123456789012.
func (f *Function) ARN() string {
	return "arn:aws:lambda:" + f.config.region() + ":" + accountID + ":function:" + f.config.Name
}

// Invoke runs the function on a payload, which must be JSON of at most
// 6,291,456 bytes; none counts as {}. That the function failed is in the
// Response. The error is an [*InvokeError] when the invocation was refused,
// [ErrClosed], or the end of ctx; the function runs on then, as on Lambda,
// until it is done or times out.
func (f *Function) Invoke(ctx context.Context, payload []byte) (Response, error) {
	v, err := f.newInvocation(payload, "", "", "", false)
	if err != nil {
		return Response{}, err
	}
	if err := f.admit(v); err != nil {
		return Response{}, err
	}
	return v.wait(ctx)
}

// admit runs the invocation if it is within the reserved concurrency.
func (f *Function) admit(v *invocation) error {
	if err := f.takeSlot(); err != nil {
		return err
	}
	return f.begin(func() { f.run(v) })
}

func (f *Function) takeSlot() error {
	select {
	case f.slots <- struct{}{}:
		return nil
	default:
		f.count(func(s *Stats) { s.Throttles++ })
		return throttled("ReservedFunctionConcurrentInvocationLimitExceeded",
			fmt.Sprintf("call less often or raise the concurrency, which is %d", cap(f.slots)))
	}
}

// begin does work that has a slot.
func (f *Function) begin(work func()) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.closed {
		<-f.slots
		return ErrClosed
	}
	f.wg.Go(work)
	return nil
}

// enqueue accepts an Event invocation.
func (f *Function) enqueue(v *invocation) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.closed {
		return ErrClosed
	}
	select {
	case f.queue <- v:
		return nil
	default:
		f.stats.Throttles++
		return throttled("ConcurrentInvocationLimitExceeded", fmt.Sprintf("%d events wait already; send them more slowly", maxQueue))
	}
}

// runQueue begins Event invocations as slots become free.
func (f *Function) runQueue() {
	for {
		select {
		case v := <-f.queue:
			select {
			case f.slots <- struct{}{}:
				if f.begin(func() { f.run(v) }) != nil {
					f.drop(v)
				}
			case <-f.closing:
				f.drop(v)
			}
		case <-f.closing:
			for {
				select {
				case v := <-f.queue:
					f.drop(v)
				default:
					return
				}
			}
		}
	}
}

// drop says in the log that an accepted event was not run.
func (f *Function) drop(v *invocation) {
	f.log.write([]byte("RequestId: " + v.id + " Error: the function was closed before this event was run\n"))
}

// takeStream returns the name of a log stream. A process that follows one which
// has ended has its stream, as on Lambda, where it is started in the same
// execution environment.
func (f *Function) takeStream() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	n := len(f.streams)
	if n == 0 {
		return newLogStream(time.Now())
	}
	stream := f.streams[n-1]
	f.streams = f.streams[:n-1]
	return stream
}

func (f *Function) leaveStream(stream string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.streams = append(f.streams, stream)
}

// takeIdle returns the environment that was used last, or nil.
func (f *Function) takeIdle() *environment {
	f.mu.Lock()
	defer f.mu.Unlock()
	for n := len(f.idle); n > 0; n-- {
		e := f.idle[n-1]
		f.idle[n-1] = nil
		f.idle = f.idle[:n-1]
		if !e.ended() {
			return e
		}
	}
	return nil
}

// giveBack makes an environment available, or stops it at the end.
func (f *Function) giveBack(e *environment) {
	f.mu.Lock()
	if !f.closed {
		f.idle = append(f.idle, e)
		f.mu.Unlock()
		return
	}
	f.mu.Unlock()
	e.stop()
}

// shut begins the end. Busy environments are killed by those who wait for
// them.
func (f *Function) shut() {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.closed {
		return
	}
	f.closed = true
	for _, e := range f.idle {
		f.wg.Go(e.stop)
	}
	f.idle = nil
	close(f.closing)
}

// Close kills every process of the function and waits until nothing of it is
// left. Invocations that are running end with [ErrClosed]. Processes that
// registered an extension, as those of aws-lambda-go do to get SIGTERM, have
// half a second for it when they are idle. The error is the first that the
// log's writer returned, if any.
func (f *Function) Close() error {
	f.shut()
	f.wg.Wait()
	if err := f.log.failed(); err != nil {
		return fmt.Errorf("write the function's log: %w", err)
	}
	return nil
}
