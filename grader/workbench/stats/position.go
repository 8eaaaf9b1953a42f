package stats

import "math"

// A Side is what a judge of two answers chose, by the place where it was shown.
type Side int

const (
	// Unread means that no verdict could be read.
	Unread Side = iota
	// First is the answer that was shown first.
	First
	// Second is the answer that was shown second.
	Second
	// Tie means that neither is better.
	Tie
)

// Positions says how much a judge of two answers goes by their places. Shares
// of nothing are NaN.
type Positions struct {
	Pairs    int // judged in both orders
	Readable int // verdicts that could be read
	First    int // readable verdicts for the answer that was shown first
	Ties     int
	Both     int // pairs with two readable verdicts
	Agree    int // of these, those where both orders chose the same answer, or neither
	Biased   int // of these, those where both orders chose the same place

	// FirstShare is the share of First among the readable verdicts, as published
	// figures have it. Without position bias it is near one half, less half of the ties.
	FirstShare float64
	// Agreement is the share of Agree among Both.
	Agreement float64
	// Bias is (first - second) / (first + second) over the pairs in which the place
	// decided: 1 if always the first, -1 if always the second, and 0
	// where neither is preferred or the place never decided. Shares are of Both.
	Bias float64
}

// PositionBias compares the verdicts on pairs of answers, shown in one order and
// in the other. Sides that differ in length are cut to the shorter.
func PositionBias(forward, swapped []Side) Positions {
	p := Positions{Pairs: min(len(forward), len(swapped))}
	firsts, seconds := 0, 0
	for i := range p.Pairs {
		a, b := forward[i], swapped[i]
		for _, s := range []Side{a, b} {
			if s != Unread {
				p.Readable++
			}
			if s == First {
				p.First++
			}
			if s == Tie {
				p.Ties++
			}
		}
		if a == Unread || b == Unread {
			continue
		}
		p.Both++
		switch {
		case a == Tie && b == Tie, a == First && b == Second, a == Second && b == First:
			p.Agree++
		case a == First && b == First:
			p.Biased++
			firsts++
		case a == Second && b == Second:
			p.Biased++
			seconds++
		}
	}
	p.FirstShare = share(p.First, p.Readable)
	p.Agreement = share(p.Agree, p.Both)
	p.Bias = share(firsts-seconds, p.Both)
	return p
}

func share(n, of int) float64 {
	if of == 0 {
		return math.NaN()
	}
	return float64(n) / float64(of)
}
