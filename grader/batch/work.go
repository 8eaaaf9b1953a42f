package batch

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/grader/internal/panics"
)

// A job is what one call of the grader answers: one rollout, or one group.
type job struct {
	members []member
	grade   func(context.Context) ([]grader.Result, []error)
	state   jobState
	started time.Time
	lent    bool // whether the place of its worker was lent to another one
	alone   bool // it begins when no other job runs, and none begins while it runs
}

type member struct {
	index int   // of the outcome
	also  []int // outcomes of equal content
	key   grader.Key
}

type jobState uint8

const (
	waiting jobState = iota
	running
	done
)

// work is one run over a batch. What is below mu is shared with the workers;
// once left is set, nobody writes outcomes any more.
type work struct {
	runner *Runner
	jobs   []*job
	width  int           // workers at once, without the lent places
	stall  time.Duration // after which a place is lent; 0 is never
	joined sync.WaitGroup
	idle   chan struct{} // closed when the last worker goes

	mu       sync.Mutex
	outcomes []Outcome
	next     int // the first job that waits
	workers  int
	busy     int // jobs that run
	left     bool
	settled  int // outcomes settled, for Progress
}

// errTime is the cause of the end of the graders' context.
var errTime = errors.New("the time for grading is over")

// mostLent is how many places may be lent. Each lending of a place takes half of
// the time that is left, so there is no use for many more.
func (w *work) mostLent() int { return 3*w.width + 64 }

// cancelGrace is how long graders may take to return after a cancellation.
const cancelGrace = time.Second

func (w *work) run(ctx context.Context) {
	for i := range w.outcomes {
		if s := w.outcomes[i].Source; s == FromDecoder || s == FromCache {
			w.settled++
		}
	}
	w.progress()
	if len(w.jobs) == 0 {
		return
	}

	start := time.Now()
	graders, stop := context.WithCancel(ctx)
	defer stop()
	var leave <-chan time.Time
	if deadline, ok := ctx.Deadline(); ok {
		end, last := w.runner.times(start, deadline)
		var stopTimed context.CancelFunc
		graders, stopTimed = context.WithDeadlineCause(graders, end, errTime)
		defer stopTimed()
		timer := time.NewTimer(time.Until(last))
		defer timer.Stop()
		leave = timer.C
		w.stall = max(time.Until(end)/2, time.Millisecond)
	}

	w.width = w.runner.concurrency()
	if _, ok := w.runner.Grader.(grader.BatchGrader); ok {
		w.width = max(1, w.width/groupWidth)
	}
	w.idle = make(chan struct{})
	w.mu.Lock()
	for range min(w.width, len(w.jobs)) {
		w.hire(graders)
	}
	w.mu.Unlock()

	select {
	case <-w.idle:
	case <-leave:
	case <-ctx.Done():
		// Canceled from outside: graders get a moment to return.
		timer := time.NewTimer(cancelGrace)
		defer timer.Stop()
		select {
		case <-w.idle:
		case <-leave:
		case <-timer.C:
		}
	}
	select {
	case <-w.idle:
		w.joined.Wait()
	default:
	}
	w.leave(graders, start)
}

// hire starts a worker. The caller holds mu.
func (w *work) hire(ctx context.Context) {
	w.workers++
	w.joined.Go(func() { w.worker(ctx) })
}

// dismiss counts a worker that goes. The caller holds mu.
func (w *work) dismiss() {
	if w.workers--; w.workers == 0 {
		close(w.idle)
	}
}

// worker does jobs until none wait. When a job stalls while others wait, the
// worker's place is lent to a new worker, and this one goes when it returns.
func (w *work) worker(ctx context.Context) {
	for {
		w.mu.Lock()
		// One that finds an alone job next while others run goes; the last of
		// those others to return does that job.
		if w.left || w.next == len(w.jobs) || ctx.Err() != nil || w.jobs[w.next].alone && w.busy > 0 {
			w.dismiss()
			w.mu.Unlock()
			return
		}
		j := w.jobs[w.next]
		w.next++
		w.busy++
		j.state, j.started = running, time.Now()
		othersWait := w.othersWait()
		w.mu.Unlock()

		var timer *time.Timer
		if w.stall > 0 && othersWait {
			timer = time.AfterFunc(w.fairShare(ctx), func() {
				w.mu.Lock()
				defer w.mu.Unlock()
				if j.state == running && !w.left && w.workers < w.width+w.mostLent() && w.othersWait() {
					j.lent = true
					w.hire(ctx)
				}
			})
		}
		w.do(ctx, j)
		if timer != nil {
			timer.Stop()
		}
		w.mu.Lock()
		if j.lent && w.workers > 1 {
			w.dismiss()
			w.mu.Unlock()
			return
		}
		w.mu.Unlock()
	}
}

// othersWait reports whether a job waits that may begin while others run. The
// caller holds mu.
func (w *work) othersWait() bool { return w.next < len(w.jobs) && !w.jobs[w.next].alone }

// fairShare is half of the time that is left, and never more than at the start.
func (w *work) fairShare(ctx context.Context) time.Duration {
	share := w.stall
	if end, ok := ctx.Deadline(); ok {
		share = min(share, time.Until(end)/2)
	}
	return max(share, time.Millisecond)
}

// do runs one job and records what came of it, whatever the grader does. When
// the grader ends the goroutine, a new worker takes its place.
func (w *work) do(ctx context.Context, j *job) {
	var results []grader.Result
	var errs []error
	returned := false
	defer func() {
		p := recover()
		switch {
		case p != nil:
			results, errs = failAll(j, grader.Permanentf("the grader %s", panics.Describe(p)))
		case !returned:
			results, errs = failAll(j, grader.Permanentf("the grader %s", panics.Describe(nil)))
			defer func() {
				w.mu.Lock()
				defer w.mu.Unlock()
				if (!j.lent || w.workers == 1) && !w.left && w.next < len(w.jobs) {
					w.hire(ctx)
				}
				w.dismiss()
			}()
		}
		w.record(ctx, j, results, errs)
	}()
	results, errs = j.grade(ctx)
	returned = true
}

func failAll(j *job, err error) ([]grader.Result, []error) {
	errs := make([]error, len(j.members))
	for i := range errs {
		errs[i] = err
	}
	return make([]grader.Result, len(j.members)), errs
}

// record keeps finished results, even those that come after Run has left, and
// writes the outcomes of a run that is still waiting for them.
func (w *work) record(ctx context.Context, j *job, results []grader.Result, errs []error) {
	for i := range j.members {
		if errs[i] == nil {
			errs[i] = results[i].Check()
		}
		if errs[i] == nil {
			w.runner.Cache.put(j.members[i].key, results[i])
		} else if ctx.Err() != nil && grader.FaultOf(errs[i]) == grader.FaultDeadline {
			errs[i] = &grader.DeadlineError{Err: fmt.Errorf("%w: %w", endOf(ctx), errs[i])}
		}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	j.state = done
	w.busy--
	if w.left {
		return
	}
	took := time.Since(j.started)
	for i, m := range j.members {
		o := &w.outcomes[m.index]
		// A group may have known some of its members before.
		o.Source, o.Took, o.Result, o.Err = FromGrader, took, results[i], errs[i]
		if o.Err != nil {
			o.Result = grader.Result{}
		}
		w.settled += 1 + len(m.also)
	}
	w.progress()
}

// endOf says why the graders' context is done.
func endOf(ctx context.Context) error {
	if cause := context.Cause(ctx); cause != nil && !errors.Is(cause, errTime) && !errors.Is(cause, context.DeadlineExceeded) {
		return errInterrupted
	}
	return errTime
}

var errInterrupted = errors.New("grading was interrupted")

func (w *work) progress() {
	if f := w.runner.Progress; f != nil {
		f(w.settled, len(w.outcomes))
	}
}

// leave ends the run: what is not done is ungraded for want of time. Equal
// rollouts get the outcome of the one that was graded.
func (w *work) leave(ctx context.Context, start time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.left = true
	for _, j := range w.jobs {
		if j.state != done {
			what, since := "grading did not begin", start
			if j.state == running {
				what, since = "the grader did not return", j.started
			}
			err := &grader.DeadlineError{Err: fmt.Errorf("%w: %s within %v", endOf(ctx), what, time.Since(since).Round(time.Millisecond))}
			for _, m := range j.members {
				o := &w.outcomes[m.index]
				o.Result, o.Err = grader.Result{}, err
			}
		}
		for _, m := range j.members {
			for _, i := range m.also {
				w.outcomes[i].Result, w.outcomes[i].Err = w.outcomes[m.index].Result, w.outcomes[m.index].Err
			}
		}
	}
}
