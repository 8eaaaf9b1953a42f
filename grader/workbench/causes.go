package workbench

import (
	"cmp"
	"slices"
	"strings"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/grader/batch"
)

const (
	// shownCauses is how many causes of a class the summary shows.
	shownCauses = 5
	// maxCauses is how many causes of a class are told apart, so that causes
	// with a number in them do not fill the memory.
	maxCauses = 1000
	// maxCauseBytes is as much of a cause as is kept.
	maxCauseBytes = 4 << 10
)

// A cause is why some rollouts of a class are ungraded, and the first of them.
type cause struct {
	Class grader.Fault `json:"class"`
	Count int          `json:"count"`
	Place string       `json:"place"`
	ID    rawID        `json:"id"`
	Cause string       `json:"cause"`

	// explained may quote the data: it is for the person who asked, and no log.
	explained string
}

// causes counts the causes of one class, by the text of their errors.
type causes struct {
	of    map[string]*cause
	order []*cause // as they came first
	total int
	more  bool // some were not told apart
}

func (c *causes) add(at row, o *batch.Outcome) *cause {
	c.total++
	text := clip(o.Err.Error(), maxCauseBytes)
	if known, ok := c.of[text]; ok {
		known.Count++
		return known
	}
	first := &cause{
		Class: o.Fault(), Count: 1, Place: at.place(), ID: rawID(oneLine(o.Item.ID)),
		Cause: text, explained: clip(grader.Explain(o.Err), maxCauseBytes),
	}
	if len(c.of) == maxCauses {
		c.more = true
		return first
	}
	if c.of == nil {
		c.of = map[string]*cause{}
	}
	c.of[text] = first
	c.order = append(c.order, first)
	return first
}

// shown returns the most frequent causes, of equal ones those that came first.
func (c *causes) shown() []*cause {
	sorted := slices.Clone(c.order)
	slices.SortStableFunc(sorted, func(a, b *cause) int { return cmp.Compare(b.Count, a.Count) })
	return sorted[:min(shownCauses, len(sorted))]
}

// clip cuts a text that has more than so many bytes.
func clip(s string, most int) string {
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "..."
}
