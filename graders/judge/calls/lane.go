package calls

import (
	"container/heap"
	"context"
	"errors"
	"math"
	"slices"
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
// allow. Several Callers may have a share in it.
//
// Of the tokens per minute, Bedrock reserves input and MaxTokens when a call
// begins and charges input, without what was read from the prompt cache, and
// output times the burn-down when it ends. So does the lane, but reserves what
// it expects to be charged where that is more.
type lane struct {
	rpm, tpm int // 0 is unknown
	breaker  breaker

	mu       sync.Mutex
	pace     pace
	shares   []*share
	arrivals uint64
	running  int
	requests window
	tokens   window
	reserved int // tokens of the calls that run
	wake     *time.Timer
}

func newLane(rpm, tpm int) *lane {
	return &lane{rpm: rpm, tpm: tpm, requests: window{span: requestSpan}, tokens: window{span: tokenSpan}}
}

// A share is one Caller's part in a lane: how many calls it may have at once, and
// what its questions need.
type share struct {
	lane      *lane
	most      int // calls at once
	burndown  float64
	unbounded int // tokens that are reserved for an answer without MaxTokens

	// What follows is under the lane's mu.
	queue   queue
	running int
	perByte gauge
	output  gauge
	times   latencies
	stopped bool
}

// join gives a share in the lane to who may have so many calls at once.
func (l *lane) join(most int, burndown float64, unbounded int) *share {
	l.mu.Lock()
	defer l.mu.Unlock()
	s := &share{lane: l, most: most, burndown: burndown, unbounded: unbounded}
	l.shares = append(l.shares, s)
	l.pace.widen(most)
	return s
}

// A ticket lets one call run. It is given back with share.settle.
type ticket struct {
	share    *share
	reserved int
	start    time.Time
	bytes    int
}

// arrive returns a question's place in the order.
func (s *share) arrive() uint64 {
	l := s.lane
	l.mu.Lock()
	defer l.mu.Unlock()
	l.arrivals++
	return l.arrivals
}

// admit waits until a call may begin. The error's class is that of an open
// breaker, or where time is over, or too short for the quickest answer, Deadline
// or Throttled.
func (s *share) admit(ctx context.Context, arrival uint64, q *converse.Request) (*ticket, *converse.Error) {
	l := s.lane
	end, _ := ctx.Deadline() // which every flight has
	w := &waiter{share: s, arrival: arrival, end: end, ready: make(chan struct{})}
	l.mu.Lock()
	if s.stopped || ctx.Err() != nil {
		err := l.late(context.Cause(ctx))
		l.mu.Unlock()
		return nil, err
	}
	w.bytes, w.maxTokens = size(q), q.MaxTokens
	heap.Push(&s.queue, w)
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
		heap.Remove(&s.queue, w.index)
		l.pump()
	}
	return nil, l.late(context.Cause(ctx))
}

// lateNow is late for callers that do not hold mu.
func (s *share) lateNow(cause error) *converse.Error {
	l := s.lane
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
func (s *share) tryAdmit(q *converse.Request) (*ticket, bool) {
	l := s.lane
	l.mu.Lock()
	defer l.mu.Unlock()
	bytes := size(q)
	need := s.need(bytes, q.MaxTokens)
	now := time.Now()
	waiting := slices.ContainsFunc(l.shares, func(s *share) bool { return len(s.queue) > 0 })
	if s.stopped || waiting || l.breaker.state(now) != closed || l.when(now, need).After(now) || l.running >= l.pace.width() || s.running >= s.most {
		return nil, false
	}
	return l.begin(s, now, need, bytes), true
}

// need returns how many tokens of the quota a call may need.
func (s *share) need(bytes, maxTokens int) int {
	if s.lane.tpm == 0 {
		return 0
	}
	most := float64(maxTokens)
	if maxTokens == 0 {
		most = float64(s.unbounded)
	}
	input := math.Ceil(float64(bytes) * s.perByte.upper(1.0/3))
	charged := min(s.output.upper(most), most) * s.burndown
	return min(int(input+max(most, charged)), s.lane.tpm)
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
	for {
		w := l.first()
		if w == nil {
			return // a call's end pumps
		}
		state := l.breaker.state(now)
		if state == open {
			l.answer(w, nil, l.breaker.refusal())
			continue
		}
		if w.end.Sub(now) < w.share.times.quickest() {
			l.answer(w, nil, l.late(nil))
			continue
		}
		width := l.pace.width()
		if state == halfOpen {
			width = 1
		}
		if l.running >= width {
			return
		}
		need := w.share.need(w.bytes, w.maxTokens) // by what is known now
		if at := l.when(now, need); at.After(now) {
			l.later(at.Sub(now))
			return
		}
		l.answer(w, l.begin(w.share, now, need, w.bytes), nil)
	}
}

// first returns the first that waits, of the shares that may have another call.
func (l *lane) first() *waiter {
	var first *waiter
	for _, s := range l.shares {
		if s.running < s.most && len(s.queue) > 0 && (first == nil || s.queue[0].arrival < first.arrival) {
			first = s.queue[0]
		}
	}
	return first
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

func (l *lane) begin(s *share, now time.Time, need, bytes int) *ticket {
	l.running++
	s.running++
	l.reserved += need
	if l.rpm > 0 {
		l.requests.add(now, 1)
	}
	return &ticket{share: s, reserved: need, start: now, bytes: bytes}
}

func (l *lane) answer(w *waiter, t *ticket, err *converse.Error) {
	heap.Remove(&w.share.queue, w.index)
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
	t.share.running--
	l.reserved -= t.reserved
	if l.tpm > 0 {
		l.tokens.add(time.Now(), charged)
	}
}

// settle ends a call. The fault is nil for an answer that can be read.
func (s *share) settle(t *ticket, usage converse.Usage, fault *converse.Error) {
	l := s.lane
	var class converse.Class
	if fault != nil {
		class = fault.Class
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	answered := usage != converse.Usage{}
	charged := usage.Input + usage.CacheWrite + int(math.Ceil(float64(usage.Output)*s.burndown))
	if !answered && fault != nil && (fault.Status == 0 || fault.Status == 200) {
		charged = t.reserved // it may have been charged, and nobody says so
	}
	l.release(t, charged)
	if answered {
		if t.bytes > 0 {
			s.perByte.add(float64(usage.Input+usage.CacheRead+usage.CacheWrite) / float64(t.bytes))
		}
		s.output.add(float64(usage.Output))
	}
	switch class {
	case "":
		s.times.add(now.Sub(t.start))
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
func (s *share) percentile(p int) (time.Duration, bool) {
	s.lane.mu.Lock()
	defer s.lane.mu.Unlock()
	return s.times.percentile(p)
}

// stop refuses what waits, and gives the share back.
func (s *share) stop() {
	l := s.lane
	l.mu.Lock()
	defer l.mu.Unlock()
	if s.stopped {
		return
	}
	s.stopped = true
	for len(s.queue) > 0 {
		l.answer(s.queue[0], nil, outOfTime(context.Canceled))
	}
	l.shares = slices.DeleteFunc(l.shares, func(o *share) bool { return o == s })
	l.pace.narrow(s.most)
	if l.wake != nil {
		l.wake.Stop()
	}
	l.pump()
}

// A waiter is a call that waits for its ticket.
type waiter struct {
	share     *share
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
