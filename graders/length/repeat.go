package length

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/rftgrader/rftgrader/graders/internal/compared"
)

// repeated returns which share of a text's n-grams, of words in lower case or of
// characters, is not the first of its kind, and how many n-grams there are.
func repeated(text string, unit Unit, n int) (share float64, total int) {
	units := numbered(text, unit)
	total = max(0, len(units)-n+1)
	if total == 0 {
		return 0, 0
	}
	// The n-grams are numbered by those of half the length, and so on; two that
	// overlap make one of any length.
	size, kinds := 1, 0
	for size*2 <= n {
		units, _ = paired(units, size)
		size *= 2
	}
	_, kinds = paired(units, n-size)
	return 1 - float64(kinds)/float64(total), total
}

// paired gives each pair of numbers at that distance a number, and returns how
// many kinds of pairs there are.
func paired(units []int32, distance int) ([]int32, int) {
	known := make(map[uint64]int32)
	out := units[:len(units)-distance]
	for i := range out {
		pair := uint64(uint32(units[i]))<<32 | uint64(uint32(units[i+distance]))
		id, ok := known[pair]
		if !ok {
			id = int32(len(known))
			known[pair] = id
		}
		out[i] = id // what stands before is not looked at again
	}
	return out, len(known)
}

// numbered gives equal words, or characters, equal numbers.
func numbered(text string, unit Unit) (units []int32) {
	text = seen(text)
	if unit == UnitCharacters {
		for _, r := range strings.TrimFunc(text, unicode.IsSpace) {
			units = append(units, r)
		}
		return units
	}
	known := map[string]int32{}
	eachWord(text, func(w string) {
		w = strings.ToLower(strings.TrimFunc(w, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }))
		id, ok := known[w]
		if !ok {
			id = int32(len(known))
			known[w] = id
		}
		units = append(units, id)
	})
	return units
}

// seen returns a text in one width and without what cannot be seen, which would
// make different words of equal ones.
func seen(text string) string {
	return norm.NFKC.String(strings.Map(func(r rune) rune {
		if compared.Invisible(r) {
			return -1
		}
		return r
	}, text))
}
