package textsim

import (
	"strings"
	"unicode"
)

// Words splits a text at white space, as Python's str.split does.
func Words(s string) []string { return strings.FieldsFunc(s, isSpace) }

// isSpace is Python's str.isspace, which counts four separators of ASCII.
func isSpace(r rune) bool { return unicode.IsSpace(r) || r >= 0x1c && r <= 0x1f }

// wordRune is \w of Python's re.
func wordRune(r rune) bool { return r == '_' || unicode.IsLetter(r) || unicode.Is(unicode.N, r) }

// RougeWords splits a text as rouge-score does: lower case, and all but the
// letters a to z and the digits parts words. With stem, words of more than three
// letters are stemmed.
func RougeWords(s string, stem bool) []string {
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range s {
		if r == 'İ' { // in lower case an i and a combining dot
			b.WriteString("i ")
			continue
		}
		r = unicode.ToLower(r)
		if r < 'a' && (r < '0' || r > '9') || r > 'z' {
			r = ' '
		}
		b.WriteByte(byte(r))
	}
	words := strings.Fields(b.String())
	if stem {
		for i, w := range words {
			if len(w) > 3 {
				words[i] = Stem(w)
			}
		}
	}
	return words
}

// numberer gives each word a number, from 0.
type numberer map[string]int32

func (n numberer) number(words []string) []int32 {
	ids := make([]int32, len(words))
	for i, w := range words {
		id, ok := n[w]
		if !ok {
			id = int32(len(n))
			n[w] = id
		}
		ids[i] = id
	}
	return ids
}

// lookUp numbers words that are known, and gives the others -1.
func (n numberer) lookUp(words []string) []int32 {
	ids := make([]int32, len(words))
	for i, w := range words {
		id, ok := n[w]
		if !ok {
			id = -1
		}
		ids[i] = id
	}
	return ids
}
