package workbench

import (
	"context"

	"github.com/rftgrader/rftgrader/grader"
)

// A chunk is what is in memory at once: enough rollouts that the graders are
// never idle, and few enough that their number in the files does not matter.
const (
	chunkRows  = 512
	chunkBytes = 32 << 20
	// maxGroup is how many times those limits a chunk may grow to keep the
	// rollouts of one prompt together.
	maxGroup = 16
)

// A chunker cuts a feed into chunks.
type chunker struct {
	feed     *feed
	together bool // rollouts of one prompt that stand together stay together
	ahead    *row // the first row of the next chunk, where it was read already
	err      error

	seen  map[grader.Key]int // prompts, and the chunk that each was in last
	split map[grader.Key]bool
	cuts  int
}

// next returns the next chunk, and with it or after it the error that ends the
// feed: io.EOF where all is well.
func (c *chunker) next(ctx context.Context) ([]row, error) {
	var rows []row
	bytes := 0
	var last grader.Key
	for c.err == nil {
		r, err := c.take(ctx)
		if err != nil {
			c.err = err
			break
		}
		key, grouped := c.prompt(r)
		full := len(rows) >= chunkRows || bytes >= chunkBytes
		tooFull := len(rows) >= maxGroup*chunkRows || bytes >= maxGroup*chunkBytes
		// A row that cannot be read is no end of its neighbours' group.
		stays := c.together && (!grouped || key == last)
		if len(rows) > 0 && full && (!stays || tooFull) {
			c.ahead = &r
			break
		}
		rows = append(rows, r)
		bytes += r.Bytes
		if grouped {
			last = key
			c.remember(key)
		}
	}
	c.cuts++
	return rows, c.err
}

func (c *chunker) take(ctx context.Context) (row, error) {
	if r := c.ahead; r != nil {
		c.ahead = nil
		return *r, nil
	}
	return c.feed.next(ctx)
}

// prompt returns the key of the prompt, where that matters and can be told.
func (c *chunker) prompt(r row) (grader.Key, bool) {
	if !c.together || r.Err != nil {
		return grader.Key{}, false
	}
	return r.Rollout.PromptKey(), true
}

// remember notes the prompts whose rollouts were cut apart.
func (c *chunker) remember(key grader.Key) {
	if c.seen == nil {
		c.seen, c.split = map[grader.Key]int{}, map[grader.Key]bool{}
	}
	if at, ok := c.seen[key]; ok && at != c.cuts {
		c.split[key] = true
	}
	c.seen[key] = c.cuts
}
