package calls

import (
	"context"
	"sync"

	lru "github.com/hashicorp/golang-lru/v2"

	"github.com/rftgrader/rftgrader/graders/judge/converse"
	"github.com/rftgrader/rftgrader/graders/judge/models"
)

// A Caller puts questions to one model in one region and does not lose them.
// It is made with [New].
type Caller struct {
	next     converse.Caller
	settings Settings
	share    *share
	kept     *lru.Cache[string, *converse.Answer] // nil keeps nothing

	mu      sync.Mutex
	model   models.Model          // with what was learned of it
	broken  map[converse.Form]int // answers in a row that could not be had in a form
	flights map[string]*flight
	closed  bool
	totals  Totals
	running sync.WaitGroup
}

var _ converse.Caller = (*Caller)(nil)

// New returns a Caller over one that asks once. The settings must be valid.
func New(next converse.Caller, model models.Model, s Settings) *Caller {
	return newCaller(next, model, s, newLane(s.Limits.RPM, s.Limits.TPM))
}

func newCaller(next converse.Caller, model models.Model, s Settings, l *lane) *Caller {
	burndown := s.Limits.Burndown
	if burndown == 0 {
		burndown = max(model.Burndown, 1)
	}
	unbounded := model.MaxOutput
	if unbounded == 0 {
		unbounded = 8192
	}
	c := &Caller{
		next: next, settings: s, model: model, flights: map[string]*flight{}, broken: map[converse.Form]int{},
		share: l.join(s.Concurrency, burndown, unbounded),
	}
	if s.Cache > 0 {
		// New fails for a size below 1 only.
		c.kept, _ = lru.New[string, *converse.Answer](s.Cache)
	}
	return c
}

// Totals are sums over a Caller's life.
type Totals struct {
	Calls     int // questions put to Converse
	Shared    int // of these, answered by another question's call or a kept answer
	Attempts  int // requests sent
	Throttled int // of these, throttled
	Hedged    int // of these, sent because another one was slow
	Abandoned int // of these, given up before their answer, so that what they cost is not known
	Usage     converse.Usage
}

// Totals returns the sums up to now.
func (c *Caller) Totals() Totals {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.totals
}

// Model returns what is known of the model by now.
func (c *Caller) Model() models.Model {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.model
}

// Converse answers a question, or says why it cannot. It returns before the
// deadline of ctx, or soon after ctx is done; without a deadline it is as
// patient as a function may run.
func (c *Caller) Converse(ctx context.Context, q *converse.Request) (*converse.Answer, error) {
	c.count(func(t *Totals) { t.Calls++ })
	if _, ok := ctx.Deadline(); !ok {
		// Flights end, and who has more time boards another one: patience must end too.
		patient, cancel := context.WithTimeout(ctx, patience)
		defer cancel()
		ctx = patient
	}
	key := q.Key()
	var owed bill
	for {
		if err := ctx.Err(); err != nil {
			return owed.on(nil, outOfTime(context.Cause(ctx)))
		}
		if a, ok := c.keptAnswer(key); ok {
			c.count(func(t *Totals) { t.Shared++ })
			return owed.on(a, nil)
		}
		f, err := c.board(ctx, key, q)
		if err != nil {
			return owed.on(nil, err)
		}
		a, err := c.await(ctx, f, &owed)
		if a != nil || err != nil {
			return owed.on(a, err)
		}
	}
}

// Forget drops the answer that is kept for a question, so that the next one
// like it asks anew.
func (c *Caller) Forget(q *converse.Request) {
	if c.kept != nil {
		c.kept.Remove(q.Key())
	}
}

// Close ends what still runs and waits for it. A closed Caller asks no more.
func (c *Caller) Close() error {
	c.mu.Lock()
	c.closed = true
	for _, f := range c.flights {
		f.cancel()
	}
	c.mu.Unlock()
	c.running.Wait()
	c.share.stop()
	return nil
}

func (c *Caller) count(add func(*Totals)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	add(&c.totals)
}

// largestKept bounds the text of an answer that is kept.
const largestKept = 64 << 10

func (c *Caller) keep(key string, a *converse.Answer) {
	if c.kept == nil {
		return
	}
	size := 0
	for _, t := range a.Text {
		size += len(t)
	}
	for _, u := range a.Tools {
		size += len(u.Input)
	}
	if size <= largestKept {
		c.kept.Add(key, a)
	}
}

func (c *Caller) keptAnswer(key string) (*converse.Answer, bool) {
	if c.kept == nil {
		return nil, false
	}
	a, ok := c.kept.Get(key)
	if !ok {
		return nil, false
	}
	return shared(a), true
}

// shared returns an answer that another question has paid for.
func shared(a *converse.Answer) *converse.Answer {
	s := *a
	s.Usage, s.Attempts, s.Shared = converse.Usage{}, 0, true
	return &s
}
