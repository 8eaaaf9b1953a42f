package conversestub

import (
	"sync"
	"time"
)

const (
	minute = time.Minute
	day    = 24 * time.Hour
)

// quota counts the calls to one model in windows that slide. A call counts from
// its start until the window has passed, and at least while it runs.
type quota struct {
	rpm, tpm, tpd int // 0 is no limit

	mu      sync.Mutex
	calls   []*reserved // by their starts
	peak    Peaks
	running int
}

// reserved is what one call takes of the quota.
type reserved struct {
	start   time.Time
	tokens  int
	running bool
}

// Peaks are the most that was in use at once.
type Peaks struct {
	Requests int // in any window of a minute
	Tokens   int // reserved and charged, in any window of a minute
	Running  int // calls at the same time
}

// reserve starts a call, or says which limit is in its way.
func (q *quota) reserve(now time.Time, tokens int) (*reserved, *fault) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.forget(now)
	requests, perMinute, perDay := 0, 0, 0
	for _, c := range q.calls {
		perDay += c.tokens
		if c.running || now.Sub(c.start) < minute {
			perMinute += c.tokens
		}
		if now.Sub(c.start) < minute {
			requests++
		}
	}
	switch {
	case q.tpd > 0 && perDay+tokens > q.tpd:
		return nil, throttle("Too many tokens per day, please wait before trying again.")
	case q.rpm > 0 && requests+1 > q.rpm:
		return nil, throttle("Too many requests, please wait before trying again.")
	case q.tpm > 0 && perMinute+tokens > q.tpm:
		return nil, throttle("Too many tokens, please wait before trying again.")
	}
	c := &reserved{start: now, tokens: tokens, running: true}
	q.calls = append(q.calls, c)
	q.running++
	q.peak.Requests = max(q.peak.Requests, requests+1)
	q.peak.Tokens = max(q.peak.Tokens, perMinute+tokens)
	q.peak.Running = max(q.peak.Running, q.running)
	return c, nil
}

// settle ends a call: what was reserved becomes what is charged.
func (q *quota) settle(c *reserved, tokens int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	c.tokens, c.running = tokens, false
	q.running--
}

// forget drops calls that no window holds any more.
func (q *quota) forget(now time.Time) {
	window := minute
	if q.tpd > 0 {
		window = day
	}
	n := 0
	for n < len(q.calls) && !q.calls[n].running && now.Sub(q.calls[n].start) >= window {
		n++
	}
	q.calls = q.calls[n:]
}

func throttle(message string) *fault {
	return &fault{status: 429, kind: "ThrottlingException", message: message}
}

// promptCache knows the prefixes that are kept.
type promptCache struct {
	mu   sync.Mutex
	kept map[string]time.Time // until when
}

// look says how many tokens of a prefix are read and how many are to be written.
func (c *promptCache) look(now time.Time, model, prefix string, tokens int) (read, write int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if until, ok := c.kept[model+"\x00"+prefix]; ok && now.Before(until) {
		return tokens, 0
	}
	return 0, tokens
}

// keep keeps a prefix, anew if it was kept already.
func (c *promptCache) keep(now time.Time, model, prefix, ttl string) {
	life := 5 * time.Minute
	if ttl == "1h" {
		life = time.Hour
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.kept == nil {
		c.kept = map[string]time.Time{}
	}
	c.kept[model+"\x00"+prefix] = now.Add(life)
}
