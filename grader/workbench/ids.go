package workbench

import (
	"fmt"
	"hash/maphash"

	"github.com/rftgrader/rftgrader/grader/batch"
)

// ids watches what a person who looks up a result by its id relies on. Of each
// id it keeps a hash of 64 bits: among a million ids the odds that two seem to
// be equal are below one in thirty million.
type ids struct {
	seed     maphash.Seed
	seen     map[uint64]bool // whether the id occurred more than once
	missing  int             // readable rollouts without an id
	repeated int             // ids
	first    rawID           // the one that was the first to occur again
}

func newIDs() ids { return ids{seed: maphash.MakeSeed(), seen: map[uint64]bool{}} }

func (d *ids) add(o *batch.Outcome) {
	raw := o.Item.ID
	if len(raw) == 0 || raw[0] == 'n' {
		if o.Source != batch.FromDecoder {
			d.missing++
		}
		return
	}
	// A text may be spelt in several ways, and is no number.
	text := o.Item.Rollout.ID
	if raw[0] == '"' {
		text = "\"" + text
	}
	key := maphash.String(d.seed, text)
	again, known := d.seen[key]
	if known && !again {
		if d.repeated++; d.repeated == 1 {
			d.first = rawID(oneLine(raw))
		}
	}
	d.seen[key] = known
}

// notes says in words what is worth knowing.
func (s idSummary) notes() []string {
	var notes []string
	if s.Missing > 0 {
		notes = append(notes, count(s.Missing, "rollout")+" without an id")
	}
	if s.Repeated > 0 {
		occur := "occur"
		if s.Repeated == 1 {
			occur = "occurs"
		}
		notes = append(notes, fmt.Sprintf("%s %s more than once (first: %s)", count(s.Repeated, "id"), occur, printable(string(s.FirstRepeated), 80)))
	}
	return notes
}
