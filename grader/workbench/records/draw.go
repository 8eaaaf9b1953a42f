package records

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"slices"
)

// A Draw takes some of many records at random, those with equal keys together.
// It keeps some fifty bytes for each key. The zero value, with a seed, is ready.
type Draw struct {
	// Seed decides the draw: with the same seed the same records are drawn, and
	// with a record more or less they are nearly the same.
	Seed uint64

	sizes   map[Key]int
	records int
}

// Add tells of a record.
func (d *Draw) Add(k Key) {
	if d.sizes == nil {
		d.sizes = map[Key]int{}
	}
	d.sizes[k]++
	d.records++
}

// Records is how many records there are, and Keys how many different keys.
func (d *Draw) Records() int { return d.records }
func (d *Draw) Keys() int    { return len(d.sizes) }

// A Choice is what was drawn.
type Choice struct {
	keys map[Key]struct{}
	// Records is how many records were drawn.
	Records int
}

// Has reports whether the records with the key were drawn.
func (c *Choice) Has(k Key) bool {
	_, ok := c.keys[k]
	return ok
}

// Take draws most records, or as near below as whole keys come: keys are taken in
// an order that seed and key decide, and one that has too many records is passed
// over. Where more than one record is wanted and each key has more than that,
// nothing is drawn.
func (d *Draw) Take(most int) *Choice {
	type ranked struct {
		rank uint64
		key  Key
	}
	order := make([]ranked, 0, len(d.sizes))
	var seeded [8 + len(Key{})]byte
	binary.BigEndian.PutUint64(seeded[:], d.Seed)
	for k := range d.sizes {
		copy(seeded[8:], k[:])
		sum := sha256.Sum256(seeded[:])
		order = append(order, ranked{binary.BigEndian.Uint64(sum[:]), k})
	}
	slices.SortFunc(order, func(a, b ranked) int {
		return cmp.Or(cmp.Compare(a.rank, b.rank), bytes.Compare(a.key[:], b.key[:]))
	})
	c := &Choice{keys: map[Key]struct{}{}}
	for _, r := range order {
		if c.Records == most {
			break
		}
		if n := d.sizes[r.key]; c.Records+n <= most {
			c.keys[r.key] = struct{}{}
			c.Records += n
		}
	}
	return c
}
