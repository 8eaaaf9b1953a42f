package locallambda

import "time"

// Stats counts what a function has done since its start.
type Stats struct {
	// Invocations is the number of events that were given to an environment
	// or failed to get one. Refused ones are not among them.
	Invocations int
	// Errors is how many of them were function errors, whatever the cause.
	Errors int
	// Timeouts is how many of the errors were time-outs.
	Timeouts int
	// Throttles is the number of invocations that were refused with 429.
	Throttles int
	// ColdStarts is the number of processes that initialised.
	ColdStarts int
	// InitErrors is the number of processes that failed to.
	InitErrors int
	// InitDurations has the time from the start of a process to its first
	// request for an event, oldest first, for the last 1,024 cold starts.
	InitDurations []time.Duration
	// Environments is the number of environments that exist now, and Idle
	// how many of them wait for an event.
	Environments, Idle int
}

const maxInitDurations = 1024

// Stats returns the counts up to now.
func (f *Function) Stats() Stats {
	f.mu.Lock()
	defer f.mu.Unlock()
	s := f.stats
	s.InitDurations = append([]time.Duration(nil), f.stats.InitDurations...)
	for _, e := range f.idle {
		if !e.ended() {
			s.Idle++
		}
	}
	return s
}

func (f *Function) count(change func(*Stats)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	change(&f.stats)
}

func (f *Function) countOutcome(out outcome) {
	f.count(func(s *Stats) {
		s.Invocations++
		if out.failed {
			s.Errors++
		}
		if out.status == "timeout" {
			s.Timeouts++
		}
	})
}

func (f *Function) countColdStart(took time.Duration) {
	f.count(func(s *Stats) {
		s.ColdStarts++
		if len(s.InitDurations) == maxInitDurations {
			s.InitDurations = append(s.InitDurations[:0], s.InitDurations[1:]...)
		}
		s.InitDurations = append(s.InitDurations, took)
	})
}
