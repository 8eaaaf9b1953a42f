package calls

import "time"

// A window counts what was used of a quota in the last minute. Entries come in
// the order of their times.
type window struct {
	span    time.Duration
	entries []use
	first   int // entries before it are over
	sum     int
}

type use struct {
	at     time.Time
	amount int
}

func (w *window) add(now time.Time, amount int) {
	if amount <= 0 {
		return
	}
	w.entries = append(w.entries, use{now, amount})
	w.sum += amount
}

// used returns what was used in the span before now.
func (w *window) used(now time.Time) int {
	for w.first < len(w.entries) && !w.entries[w.first].at.Add(w.span).After(now) {
		w.sum -= w.entries[w.first].amount
		w.first++
	}
	if w.first > 64 && w.first*2 > len(w.entries) {
		w.entries = append(w.entries[:0], w.entries[w.first:]...)
		w.first = 0
	}
	return w.sum
}

// free returns when so much of the sum will be over that at most room is used,
// if nothing is added, and now if that is so already.
func (w *window) free(now time.Time, room int) time.Time {
	sum := w.used(now)
	for _, e := range w.entries[w.first:] {
		if sum <= room {
			break
		}
		sum -= e.amount
		now = e.at.Add(w.span)
	}
	return now
}

// A gauge follows a measurement: its mean and its mean distance from it, both
// exponentially weighted (as in RFC 6298's estimate of round-trip times).
type gauge struct {
	n         int
	mean, dev float64
}

func (g *gauge) add(x float64) {
	if g.n++; g.n == 1 {
		g.mean = x
		return
	}
	const share = 0.125
	d := x - g.mean
	g.dev += 0.25 * (max(d, -d) - g.dev)
	g.mean += share * d
}

// upper returns what few measurements exceed, and otherwise until there are
// enough of them.
func (g *gauge) upper(otherwise float64) float64 {
	const enough = 8
	if g.n < enough {
		return otherwise
	}
	return g.mean + 2*g.dev
}
