package batch

import (
	"crypto/sha256"
	"fmt"
	"strings"

	lru "github.com/hashicorp/golang-lru/v2"

	"github.com/rftgrader/rftgrader/grader"
)

// DefaultCacheEntries is how many finished results a cache keeps unless told
// otherwise: some sixty batches of 64, under 20 MB with the texts at their limit.
const DefaultCacheEntries = 4096

// maxKeptText is how much of Found and of Reason is kept, in bytes.
const maxKeptText = 2 << 10

// A Cache keeps finished results, the least recently used going first. It is
// safe for concurrent use.
type Cache struct {
	results *lru.Cache[grader.Key, grader.Result]
}

// NewCache returns a cache of at most the given number of results (1 or more).
func NewCache(entries int) (*Cache, error) {
	results, err := lru.New[grader.Key, grader.Result](entries)
	if err != nil {
		return nil, fmt.Errorf("result cache of %d entries: %w", entries, err)
	}
	return &Cache{results}, nil
}

// Len returns the number of results that are kept.
func (c *Cache) Len() int {
	if c == nil {
		return 0
	}
	return c.results.Len()
}

func (c *Cache) get(k grader.Key) (grader.Result, bool) {
	if c == nil {
		return grader.Result{}, false
	}
	return c.results.Get(k)
}

// put keeps a copy that shares no memory with the payload.
func (c *Cache) put(k grader.Key, r grader.Result) {
	if c == nil {
		return
	}
	r.Found, r.Reason = keptText(r.Found), keptText(r.Reason)
	r.Metrics = append([]grader.Metric(nil), r.Metrics...)
	c.results.Add(k, r)
}

func keptText(s string) string {
	if len(s) > maxKeptText {
		s = strings.ToValidUTF8(s[:maxKeptText], "")
	}
	return strings.Clone(s)
}

// scoped binds a content key to what graded it.
func scoped(scope string, parts ...grader.Key) grader.Key {
	h := sha256.New()
	h.Write([]byte(scope))
	h.Write([]byte{0})
	for _, p := range parts {
		h.Write(p[:])
	}
	return grader.Key(h.Sum(nil))
}
