package calls

import (
	"slices"
	"time"
)

// A pace is how many calls may run at once, by what the service's throttling
// says: it falls by half at a throttled call, to one where nothing came through
// since it fell last, and rises again with what comes through, quickly up to
// three quarters of what was last seen to work and slowly above (as TCP does:
// RFC 5681). While it is throttled, nothing begins for a random time that
// doubles from one fall to the next.
type pace struct {
	most      float64
	limit     float64
	threshold float64 // up to which the limit rises quickly
	worked    bool    // something came through since the last fall
	falls     int     // in a row, without anything that came through
	fell      time.Time
	hold      time.Time
}

const holdBase, holdMost = 250 * time.Millisecond, 5 * time.Second

// widen lets so many more calls run at once. What throttling has said stays true of the
// others.
func (p *pace) widen(calls int) {
	n := float64(calls)
	if p.most == 0 {
		p.worked = true
	}
	p.most, p.limit, p.threshold = p.most+n, p.limit+n, p.threshold+n*0.75
}

// narrow takes from what widen gave.
func (p *pace) narrow(calls int) {
	p.most = max(0, p.most-float64(calls))
	p.limit = min(p.limit, p.most)
	p.threshold = min(p.threshold, p.most*0.75)
}

func (p *pace) width() int { return int(p.limit) }

func (p *pace) succeeded() {
	p.worked, p.falls = true, 0
	if p.limit < p.threshold {
		p.limit++
	} else {
		p.limit += 1 / p.limit
	}
	p.limit = min(p.limit, p.most)
}

// throttled is told of a throttled call and when that began. Of calls that ran
// together only the first makes the pace fall.
func (p *pace) throttled(now, began time.Time, retryAfter time.Duration) {
	if retryAfter > 0 {
		p.holdUntil(now.Add(min(retryAfter, time.Minute)))
	}
	if !p.fell.IsZero() && !began.After(p.fell) {
		return
	}
	if p.worked {
		p.threshold = max(1, p.limit*0.75)
		p.limit = max(1, p.limit/2)
	} else {
		p.limit = 1
	}
	p.falls++
	p.worked, p.fell = false, now
	p.holdUntil(now.Add(jitter(holdBase, holdMost, p.falls)))
}

func (p *pace) holdUntil(t time.Time) { p.hold = latest(p.hold, t) }

// latencies keeps the latest times that answers took.
type latencies struct {
	ring [64]time.Duration
	n    int
	min  time.Duration
}

func (l *latencies) add(d time.Duration) {
	l.ring[l.n%len(l.ring)] = d
	l.n++
	l.min = slices.Min(l.seen())
}

func (l *latencies) seen() []time.Duration { return l.ring[:min(l.n, len(l.ring))] }

// quickest returns the shortest of the latest times; 0 is not known.
func (l *latencies) quickest() time.Duration { return l.min }

func (l *latencies) percentile(p int) (time.Duration, bool) {
	const enough = 20
	if l.n < enough {
		return 0, false
	}
	sorted := slices.Clone(l.seen())
	slices.Sort(sorted)
	return sorted[min(len(sorted)*p/100, len(sorted)-1)], true
}
