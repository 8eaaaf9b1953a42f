package exact

import (
	"context"
	"strings"
	"unicode"
)

// revealed knows the labels however they are disguised: in other letters of
// the same look, in capitals, with characters in them that nobody sees. It only
// ever finds a second label, and so takes scores away.
type revealed struct {
	form    form
	lexicon lexicon
}

// reveal drops all differences that leave the labels apart.
func (g *exact) reveal() revealed {
	loose := g.form.with(func(f *form) { f.unicode, f.letters = UnicodeNFKC, CaseFold })
	for range 2 {
		labels := make([]string, len(g.written))
		seen := make(map[string]bool, len(labels))
		for i, l := range g.written {
			labels[i] = loose.of(visible(l))
			seen[labels[i]] = true
		}
		if len(seen) == len(labels) && !seen[""] {
			return revealed{loose, newLexicon(labels)}
		}
		loose.letters = g.form.letters
	}
	return revealed{g.form, g.lexicon}
}

// another returns a label in text other than one, or -1.
func (r revealed) another(ctx context.Context, text string, one int) (int, error) {
	other := -1
	err := r.lexicon.find(ctx, r.form.of(visible(text)), func(o occurrence) bool {
		if o.word != one {
			other = o.word
		}
		return other < 0
	})
	return other, err
}

// visible drops the characters that have no shape at all.
func visible(s string) string {
	if ascii(s) {
		return s
	}
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Cf, r) || r == '\u034f' {
			return -1
		}
		return r
	}, s)
}
