//go:build amd64 || arm64

package jail

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/rftgrader/rftgrader/graders/code/sandbox"
	"github.com/rftgrader/rftgrader/graders/code/sandbox/confine"
)

// watchEvery is how often running groups are looked at. At memory speed a program
// gains some 60 MB in that time.
const watchEvery = 15 * time.Millisecond

// filesEvery is every how many looks the files are counted too.
const filesEvery = 4

// manyProcesses is from how many on they are counted at every look.
const manyProcesses = 8

// A bound is what a group of processes is held to while it runs.
type bound struct {
	cpu       time.Duration
	memory    int64
	processes int
	disk      int64
	folder    string // whose files are counted
	trusted   bool   // it may hide itself from others
}

// A watched is one running group.
type watched struct {
	leader func() int
	usage  func() confine.Usage
	kill   func()
	bound  bound
	// before is what the machine's programs took when this group began.
	before room
	// open: its leader could be looked into. That never begins where an interpreter can
	// be executed and not read, and does not end but by the program's own doing.
	open bool

	cpu    atomic.Int64 // the limit on processor time; see rearm
	armed  atomic.Bool  // the base is to be taken at the next look
	base   time.Duration
	last   atomic.Int64 // processor time at the last look
	peak   atomic.Int64 // resident bytes
	reason atomic.Pointer[sandbox.Failure]
	looks  int

	starved confine.Starved
}

// fail kills the group for a reason. The first reason counts.
func (w *watched) fail(f sandbox.Failure) {
	w.reason.CompareAndSwap(nil, &f)
	w.kill()
}

// failure is why the group was killed, or empty.
func (w *watched) failure() sandbox.Failure {
	if f := w.reason.Load(); f != nil {
		return *f
	}
	return ""
}

// rearm gives the group new processor time from now on.
func (w *watched) rearm(cpu time.Duration) {
	w.cpu.Store(int64(cpu))
	w.armed.Store(true)
}

// look compares what the group uses with its bound.
func (w *watched) look() {
	if w.reason.Load() != nil {
		w.kill() // once more: what was forked meanwhile
		return
	}
	u := w.measure()
	w.starved.Note(time.Now(), u)
	if w.armed.Swap(false) {
		w.base = u.CPU
	}
	w.looks++
	w.open = w.open || opens(w.leader())
	switch {
	case u.CPU-w.base > time.Duration(w.cpu.Load()):
		w.fail(sandbox.TimeLimit)
	case u.Resident > w.bound.memory:
		w.fail(sandbox.MemoryLimit)
	case u.Threads > w.bound.processes:
		w.fail(sandbox.RuntimeError)
	case w.bound.folder != "" && (w.looks%filesEvery == 0 || u.Processes > manyProcesses):
		w.lookBehind(u)
	}
}

func (w *watched) measure() confine.Usage {
	u := w.usage()
	w.last.Store(int64(max(u.CPU, time.Duration(w.last.Load()))))
	w.peak.Store(max(u.Resident, w.peak.Load()))
	return u
}

// glance looks at the memory of the leader alone.
func (w *watched) glance() {
	if u, ok := ownUsage(w.leader()); ok {
		w.peak.Store(max(u.Resident, w.peak.Load()))
	}
}

// A watcher looks at all running groups of a jail from one goroutine, which
// lives while there is a group.
type watcher struct {
	mu      sync.Mutex
	groups  map[*watched]struct{}
	running bool
	closed  chan struct{}
	stopped sync.WaitGroup
}

func newWatcher() *watcher {
	return &watcher{groups: map[*watched]struct{}{}, closed: make(chan struct{})}
}

func (w *watcher) add(g *watched) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.groups[g] = struct{}{}
	if !w.running {
		w.running = true
		w.stopped.Go(w.run)
	}
}

func (w *watcher) remove(g *watched) {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.groups, g)
}

// idleLooks is after how many looks at nothing the goroutine ends.
const idleLooks = 20

func (w *watcher) run() {
	ticker := time.NewTicker(watchEvery)
	defer ticker.Stop()
	var groups []*watched
	idle, closed := 0, w.closed
	for {
		select {
		case <-ticker.C:
		case <-closed:
			closed = nil
		}
		w.mu.Lock()
		groups = groups[:0]
		for g := range w.groups {
			groups = append(groups, g)
		}
		if len(groups) > 0 {
			idle = 0
		} else if idle++; idle > idleLooks || closed == nil {
			w.running = false
			w.mu.Unlock()
			return
		}
		w.mu.Unlock()
		for _, g := range groups {
			g.look()
		}
	}
}

// close returns when the goroutine has ended, which it does when the last group has
// gone.
func (w *watcher) close() {
	close(w.closed)
	w.stopped.Wait()
}
