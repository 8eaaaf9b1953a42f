package workbench

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/rftgrader/rftgrader/graders/judge/converse"
)

const (
	// waitUnsaid is how long a judge may keep a person waiting without a word.
	waitUnsaid = 3 * time.Second
	// waitBetween is the time between two words, and without any trouble the end of it.
	waitBetween = 30 * time.Second
)

// waits tells a person what judges wait for: a model that is throttled is asked again
// for a quarter of an hour, where nothing else ends the asking.
type waits struct {
	note func(format string, args ...any)

	mu     sync.Mutex
	models map[string]*wait
	ended  bool
}

// A wait is the trouble with one model.
type wait struct {
	since, last, said time.Time
	times             int
}

// watchJudges returns a context under which note is told of what keeps judges waiting,
// until the end that it returns is called.
func watchJudges(ctx context.Context, note func(format string, args ...any)) (watched context.Context, end func()) {
	w := &waits{note: note, models: map[string]*wait{}}
	return converse.Watch(ctx, w.saw), func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.ended = true
	}
}

// noted returns what tells a person something that is no part of the output, unless it is
// to be quiet; bar is what stands on the terminal.
func (p *program) noted(quiet bool, bar *progress) func(format string, args ...any) {
	if quiet {
		return func(string, ...any) {}
	}
	return func(format string, args ...any) {
		bar.clear()
		fmt.Fprintf(p.stderr, "rft: "+format+"\n", args...)
	}
}

func (w *waits) saw(r converse.Retry) {
	w.mu.Lock()
	defer w.mu.Unlock()
	now := time.Now()
	m, ok := w.models[r.Model]
	if !ok || now.Sub(m.last) > waitBetween {
		m = &wait{since: now}
		w.models[r.Model] = m
	}
	m.last = now
	m.times++
	// A question that had no answer in its time has kept the person waiting already.
	long := r.Fault.Class == converse.Timeout || now.Sub(m.since) >= waitUnsaid
	if w.ended || !long || !m.said.IsZero() && now.Sub(m.said) < waitBetween {
		return
	}
	m.said = now
	again := "once"
	if m.times > 1 {
		again = fmt.Sprintf("%d times in %v", m.times, max(now.Sub(m.since), time.Second).Round(time.Second))
	}
	w.note("%s: asked again %s, and a question for up to %v more: %v", r.Model, again, max(r.Until.Sub(now), 0).Round(time.Second), r.Fault)
}
