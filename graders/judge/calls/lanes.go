package calls

import (
	"sync"

	"github.com/rftgrader/rftgrader/graders/judge/converse"
	"github.com/rftgrader/rftgrader/graders/judge/models"
)

// Lanes are the ways to several models. Callers of one model that are made with the same
// Lanes and have the same limits keep to them together, and slow down together where the
// service throttles. Each has its own concurrency. The zero value is ready.
//
// Limits that differ are taken for parts of a quota that somebody has divided.
type Lanes struct {
	mu    sync.Mutex
	lanes map[laneKey]*lane
}

type laneKey struct {
	model, region string
	limits        Limits
}

// New is [New] for the model of that id, in that region; "" is the environment's.
func (ls *Lanes) New(next converse.Caller, id, region string, model models.Model, s Settings) *Caller {
	key := laneKey{id, region, s.Limits}
	ls.mu.Lock()
	defer ls.mu.Unlock()
	l, ok := ls.lanes[key]
	if !ok {
		if ls.lanes == nil {
			ls.lanes = map[laneKey]*lane{}
		}
		l = newLane(s.Limits.RPM, s.Limits.TPM)
		ls.lanes[key] = l
	}
	return newCaller(next, model, s, l)
}
