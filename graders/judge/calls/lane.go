package calls

import (
	"container/heap"
	"context"
	"errors"
	"math"
	"sync"
	"time"

	"github.com/rftgrader/rftgrader/graders/judge/converse"
)

const (
	// Quotas count by the minute, on a clock and at a place that are not ours:
	// what we sent at even distances may arrive closer together.
	requestSpan = time.Minute + 500*time.Millisecond
	tokenSpan   = time.Minute + 250*time.Millisecond
)

// A lane is the way to one model: it lets calls begin, in the order in which
// their questions came, as far as the quotas, the concurrency and the breaker
// allow.
//
// Of the tokens per minute, Bedrock reserves input and MaxTokens when a call
// begins and charges input, without what was read from the prompt cache, and
// output times the burn-down when it ends. So does the lane, but reserves what
// it expects to be charged where that is more.
type lane struct {
	rpm, tpm  int // 0 is unknown
	burndown  float64
	unbounded int // tokens that are reserved for an answer without MaxTokens
	pace      pace
	breaker   breaker

	mu       sync.Mutex
	arrivals uint64
	queue    queue
	running  int
	requests window
	tokens   window
	reserved int // tokens of the calls that run
	perByte  gauge
	output   gauge
	times    latencies
	wake     *time.Timer
	stopped  bool
}

func newLane(concurrency, rpm, tpm int, burndown float64, unbounded int) *lane {
	return &lane{
		rpm: rpm, tpm: tpm, burndown: burndown, unbounded: unbounded, pace: newPace(concurrency),
		requests: window{span: requestSpan}, tokens: window{span: tokenSpan},
	}
}

// A ticket lets one call run. It is given back with lane.settle.
type ticket struct {
	reserved int
	start    time.Time
	bytes    int
}

// arrive returns a question's place in the order.
func (l *lane) arrive() uint64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.arrivals++
	return l.arrivals
}

// admit waits until a call may begin. The error's class is that of an open
// breaker, or where time is over, or too short for the quickest answer, Deadline
// or Throttled.
func (l *lane) admit(ctx context.Context, arrival uint64, q *converse.Request) (*ticket, *converse.Error) {
	end, ok := ctx.Deadline()
	if !ok {
		end = time.Now().Add(patience)
	}
	w := &waiter{arrival: arrival, end: end, ready: make(chan struct{})}
	l.mu.Lock()
	if l.stopped || ctx.Err() != nil {
		err := l.late(context.Cause(ctx))
		l.mu.Unlock()
		return nil, err
	}
	w.bytes, w.maxTokens = size(q), q.MaxTokens
	heap.Push(&l.queue, w)
	l.pump()
	l.mu.Unlock()
	select {
	case <-w.ready:
		return w.ticket, w.err
	case <-ctx.Done():
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	select {
	case <-w.ready:
		// The last moment brought a ticket, which is of no use any more.
		if w.ticket != nil {
			l.release(w.ticket, 0)
			l.pump()
		}
	default:
		heap.Remove(&l.queue, w.index)
		l.pump()
	}
	return nil, l.late(context.Cause(ctx))
}

// lateNow is late for callers that do not hold mu.
func (l *lane) lateNow(cause error) *converse.Error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.late(cause)
}

// late says why a call was not answered in time: because the service throttles,
// if nothing has come through since it did. The caller holds mu.
func (l *lane) late(cause error) *converse.Error {
	e := outOfTime(cause)
	if l.pace.falls > 0 && !errors.Is(cause, context.Canceled) {
		e.Class, e.Remedy = converse.Throttled, throttledRemedy
	}
	return e
}

// tryAdmit lets a call begin if it need not wait and nobody does.
func (l *lane) tryAdmit(q *converse.Request) (*ticket, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	bytes := size(q)
	need := l.need(bytes, q.MaxTokens)
	now := time.Now()
	if l.stopped || len(l.queue) > 0 || l.breaker.state(now) != closed || l.when(now, need).After(now) || l.running >= l.pace.width() {
		return nil, false
	}
	return l.begin(now, need, bytes), true
}

// need returns how many tokens of the quota a call may need.
func (l *lane) need(bytes, maxTokens int) int {
	if l.tpm == 0 {
		return 0
	}
	most := float64(maxTokens)
	if maxTokens == 0 {
		most = float64(l.unbounded)
	}
	input := math.Ceil(float64(bytes) * l.perByte.upper(1.0/3))
	charged := min(l.output.upper(most), most) * l.burndown
	return min(int(input+max(most, charged)), l.tpm)
}

// size returns the bytes of a request that become tokens.
func size(q *converse.Request) int {
	n := len(q.Output.Schema) + len(q.Output.Description)
	for _, s := range q.System {
		n += len(s)
	}
	for _, m := range q.Messages {
		n += len(m.Text)
	}
	return n
}

// pump begins the calls that may begin, refuses those that cannot, and sees to
// it that it is called again when time alone lets the next one begin. The
// caller holds mu.
func (l *lane) pump() {
	now := time.Now()
	for len(l.queue) > 0 {
		w := l.queue[0]
		state := l.breaker.state(now)
		if state == open {
			l.answer(w, nil, l.breaker.refusal())
			continue
		}
		if w.end.Sub(now) < l.times.quickest() {
			l.answer(w, nil, l.late(nil))
			continue
		}
		width := l.pace.width()
		if state == halfOpen {
			width = 1
		}
		if l.running >= width {
			return // a call's end pumps
		}
		need := l.need(w.bytes, w.maxTokens) // by what is known now
		if at := l.when(now, need); at.After(now) {
			l.later(at.Sub(now))
			return
		}
		l.answer(w, l.begin(now, need, w.bytes), nil)
	}
}

// when returns the earliest time at which the pace and the quotas may let a
// call begin.
func (l *lane) when(now time.Time, need int) time.Time {
	at := now
	if l.pace.hold.After(at) {
		at = l.pace.hold
	}
	if l.rpm > 0 {
		if t := l.requests.free(now, l.rpm-1); t.After(at) {
			at = t
		}
	}
	if l.tpm > 0 {
		if room := l.tpm - need - l.reserved; room < 0 {
			// Only the end of a call can make room, and it pumps.
			return latest(at, now.Add(tokenSpan))
		} else if t := l.tokens.free(now, room); t.After(at) {
			at = t
		}
	}
	return at
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func (l *lane) begin(now time.Time, need, bytes int) *ticket {
	l.running++
	l.reserved += need
	if l.rpm > 0 {
		l.requests.add(now, 1)
	}
	return &ticket{reserved: need, start: now, bytes: bytes}
}

func (l *lane) answer(w *waiter, t *ticket, err *converse.Error) {
	heap.Remove(&l.queue, w.index)
	w.ticket, w.err = t, err
	close(w.ready)
}

// later sees to it that pump is called after a time. The caller holds mu.
func (l *lane) later(d time.Duration) {
	if l.wake != nil {
		l.wake.Stop()
	}
	l.wake = time.AfterFunc(d, func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.pump()
	})
}

// release gives a ticket back, with the tokens that were charged.
func (l *lane) release(t *ticket, charged int) {
	l.running--
	l.reserved -= t.reserved
	if l.tpm > 0 {
		l.tokens.add(time.Now(), charged)
	}
}

// settle ends a call. The fault is nil for an answer that can be read.
func (l *lane) settle(t *ticket, usage converse.Usage, fault *converse.Error) {
	var class converse.Class
	if fault != nil {
		class = fault.Class
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	answered := usage != converse.Usage{}
	charged := usage.Input + usage.CacheWrite + int(math.Ceil(float64(usage.Output)*l.burndown))
	if !answered && fault != nil && (fault.Status == 0 || fault.Status == 200) {
		charged = t.reserved // it may have been charged, and nobody says so
	}
	l.release(t, charged)
	if answered {
		if t.bytes > 0 {
			l.perByte.add(float64(usage.Input+usage.CacheRead+usage.CacheWrite) / float64(t.bytes))
		}
		l.output.add(float64(usage.Output))
	}
	switch class {
	case "":
		l.times.add(now.Sub(t.start))
		l.pace.succeeded()
		l.breaker.close()
	case converse.Throttled:
		l.pace.throttled(now, t.start, fault.RetryAfter)
		// The breaker stays half open: nothing is known yet.
	case converse.Quota, converse.Denied, converse.NotFound:
		l.breaker.trip(now, fault)
	default:
		if answered || fault.Status == 400 {
			l.breaker.close()
		}
	}
	l.pump()
}

// percentile returns a percentile of the latest latencies, if there are enough.
func (l *lane) percentile(p int) (time.Duration, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.times.percentile(p)
}

// stop refuses what waits.
func (l *lane) stop() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.stopped = true
	if l.wake != nil {
		l.wake.Stop()
	}
	for len(l.queue) > 0 {
		l.answer(l.queue[0], nil, outOfTime(context.Canceled))
	}
}

// A waiter is a call that waits for its ticket.
type waiter struct {
	arrival   uint64
	end       time.Time
	bytes     int
	maxTokens int
	index     int
	ready     chan struct{} // closed when ticket or err is set
	ticket    *ticket
	err       *converse.Error
}

// queue is a heap of waiters by arrival.
type queue []*waiter

func (q queue) Len() int           { return len(q) }
func (q queue) Less(i, j int) bool { return q[i].arrival < q[j].arrival }
func (q queue) Swap(i, j int) {
	q[i], q[j] = q[j], q[i]
	q[i].index, q[j].index = i, j
}

func (q *queue) Push(x any) {
	w := x.(*waiter)
	w.index = len(*q)
	*q = append(*q, w)
}

func (q *queue) Pop() any {
	old := *q
	w := old[len(old)-1]
	old[len(old)-1] = nil
	*q = old[:len(old)-1]
	return w
}
