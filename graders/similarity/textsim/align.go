package textsim

import (
	"context"
	"errors"
	"math/bits"
)

// ErrTooLong says that two texts are too long to be aligned.
var ErrTooLong = errors.New("the texts are too long to be compared")

const (
	// MaxPairs bounds the product of the lengths of two texts whose longest
	// common subsequence or edit distance is computed: 46,340 by 46,340. At 64
	// pairs a step this is some 0.1 to 0.5 seconds.
	MaxPairs = 1 << 31
	// MaxWindowPairs bounds the product of the lengths of two texts of which one
	// is compared with all windows of the other: 8,192 by 8,192, or 64 by a
	// million. At one pair a step this is some 0.1 to 0.3 seconds.
	MaxWindowPairs = 1 << 26
)

// symbols turns a text into its characters. What is no UTF-8 becomes U+FFFD.
func symbols(s string) []int32 {
	out := make([]int32, 0, len(s))
	for _, r := range s {
		out = append(out, r)
	}
	return out
}

// trimCommon removes what both texts begin and end with, and returns how much.
func trimCommon(a, b []int32) (inA, inB []int32, removed int) {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	a, b = a[n:], b[n:]
	m := 0
	for m < len(a) && m < len(b) && a[len(a)-1-m] == b[len(b)-1-m] {
		m++
	}
	return a[:len(a)-m], b[:len(b)-m], n + m
}

// A pattern numbers the symbols of a text, so that each block of 64 of them
// can be held in one mask for each symbol.
type pattern struct {
	ids   []int32 // of the text, from 1
	known map[int32]int32
	masks []uint64
}

func newPattern(text []int32) *pattern {
	p := &pattern{ids: make([]int32, len(text)), known: make(map[int32]int32)}
	for i, c := range text {
		id, ok := p.known[c]
		if !ok {
			id = int32(len(p.known) + 1)
			p.known[c] = id
		}
		p.ids[i] = id
	}
	p.masks = make([]uint64, len(p.known)+1)
	return p
}

// read numbers another text; 0 is for symbols that the pattern does not have.
func (p *pattern) read(text []int32) []int32 {
	out := make([]int32, len(text))
	for i, c := range text {
		out[i] = p.known[c]
	}
	return out
}

// load fills the masks for a block, and clear empties them again.
func (p *pattern) load(block []int32) {
	for i, id := range block {
		p.masks[id] |= 1 << i
	}
}

func (p *pattern) clear(block []int32) {
	for _, id := range block {
		p.masks[id] = 0
	}
}

const blockSize = 64

// commonSubsequence returns the length of the longest common subsequence. It
// computes 64 rows of the table of lengths at once, in the bits of a word (H.
// Hyyrö, "Bit-parallel LCS-length computation revisited", 2004), one block of
// rows after the other.
func commonSubsequence(ctx context.Context, a, b []int32) (int, error) {
	if len(a) > len(b) {
		a, b = b, a
	}
	a, b, length := trimCommon(a, b)
	if len(a) == 0 {
		return length, nil
	}
	p := newPattern(a)
	text := make([]int32, 0, len(b))
	for _, c := range b {
		if id := p.known[c]; id != 0 { // the others are in no common subsequence
			text = append(text, id)
		}
	}
	if uint64(len(a))*uint64(len(text)) > MaxPairs {
		return 0, ErrTooLong
	}
	carries := make([]uint64, (len(text)+63)/64) // between two blocks, a bit for each column
	for start := 0; start < len(a); start += blockSize {
		if err := ctx.Err(); err != nil {
			return 0, err
		}
		block := p.ids[start:min(start+blockSize, len(a))]
		p.load(block)
		row := ^uint64(0)
		for w := range carries {
			in, out := carries[w], uint64(0)
			columns := text[w*64 : min(w*64+64, len(text))]
			for k, c := range columns {
				m := p.masks[c]
				sum, carry := bits.Add64(row, row&m, in>>k&1)
				row = sum | row&^m
				out |= carry << k
			}
			carries[w] = out
		}
		p.clear(block)
		length += bits.OnesCount64(^row & (^uint64(0) >> (blockSize - len(block))))
	}
	return length, nil
}

// editDistance returns the least number of insertions, deletions and
// substitutions that make b of a, with the bit vectors of G. Myers ("A fast
// bit-vector algorithm for approximate string matching", 1999), one block of 64
// rows after the other.
func editDistance(ctx context.Context, a, b []int32) (int, error) {
	if len(a) > len(b) {
		a, b = b, a
	}
	a, b, _ = trimCommon(a, b)
	if len(a) == 0 {
		return len(b), nil
	}
	if uint64(len(a))*uint64(len(b)) > MaxPairs {
		return 0, ErrTooLong
	}
	p := newPattern(a)
	text := p.read(b)
	// Between two blocks: how the distance changes from column to column.
	steps := make([]int8, len(text))
	for i := range steps {
		steps[i] = 1
	}
	for start := 0; start < len(a); start += blockSize {
		if err := ctx.Err(); err != nil {
			return 0, err
		}
		block := p.ids[start:min(start+blockSize, len(a))]
		p.load(block)
		last := uint(len(block) - 1)
		up, down := ^uint64(0), uint64(0) // steps of +1 and of -1 from row to row
		for j, c := range text {
			eq := p.masks[c]
			into := uint64(steps[j]+1) >> 1 // 1 for +1
			from := uint64(steps[j]) >> 63  // 1 for -1
			x := eq | down
			eq |= from
			d := (((eq & up) + up) ^ up) | eq
			right := down | ^(d | up)
			left := up & d
			steps[j] = int8(right>>last&1) - int8(left>>last&1)
			right = right<<1 | into
			left = left<<1 | from
			up = left | ^(x | right)
			down = right & x
		}
		p.clear(block)
	}
	distance := len(a)
	for _, s := range steps {
		distance += int(s)
	}
	return distance, nil
}
