package format

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/rftgrader/rftgrader/graders/internal/compared"
)

func says(s string) bool { return compared.Says(s) }

// enough reports whether s holds n words or more. A word is a stretch without
// white space that says something; a character of Chinese or Japanese is one
// of its own.
func enough(s string, n int) bool {
	inWord := false
	for _, r := range s {
		switch {
		case unicode.IsSpace(r):
			inWord = false
			continue
		case !compared.Saying(r):
			continue
		case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana):
			inWord = false
		case inWord:
			continue
		default:
			inWord = true
		}
		if n--; n <= 0 {
			return true
		}
	}
	return false
}

// longestMark bounds, in bytes, what may stand between the brackets of a tag.
const longestMark = 400

// unmarked returns s with a space in the place of each tag, of each other mark
// of reasoning, and of each command of LaTeX that only lays out.
func unmarked(s string) string {
	const begins = "<[◁\\"
	if !strings.ContainsAny(s, begins) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	for {
		i := strings.IndexAny(s, begins)
		if i < 0 {
			b.WriteString(s)
			return b.String()
		}
		b.WriteString(s[:i])
		s = s[i:]
		n := markLength(s)
		if n > 0 {
			b.WriteByte(' ')
		} else {
			n = 1
			b.WriteByte(s[0])
		}
		s = s[n:]
	}
}

// markLength returns the length of the mark that s begins with, or 0.
func markLength(s string) int {
	switch s[0] {
	case '<':
	case '\\':
		return layoutLength(s)
	default:
		for _, mark := range [...]string{"[think]", "[/think]", "◁think▷", "◁/think▷"} {
			if len(s) >= len(mark) && strings.EqualFold(s[:len(mark)], mark) {
				return len(mark)
			}
		}
		return 0
	}
	name := s[1:min(len(s), longestMark)]
	if name != "" && (name[0] == '/' || name[0] == '|') {
		name = name[1:]
	}
	if r, _ := utf8.DecodeRuneInString(name); r != '_' && !unicode.IsLetter(r) {
		return 0
	}
	end := strings.IndexAny(name, "<>")
	if end < 0 || name[end] != '>' {
		return 0
	}
	return strings.IndexByte(s, '>') + 1
}

// layout are the commands of LaTeX that say nothing themselves: boxes, fonts
// and space.
const layout = `boxed fbox framebox mbox hbox text textbf textit textrm texttt emph mathrm mathbf mathit mathsf ` +
	`displaystyle textstyle left right quad qquad hspace vspace phantom hphantom vphantom`

// layoutLength returns the length of the command of layout that s begins with,
// or 0.
func layoutLength(s string) int {
	const longest = 12
	n := 1
	for n < len(s) && n <= longest && (s[n]|0x20 >= 'a' && s[n]|0x20 <= 'z') {
		n++
	}
	if n == 1 || !slices.Contains(strings.Fields(layout), s[1:n]) {
		return 0
	}
	return n
}

// fold returns s without what may hide a text in it: case, width, white space
// and characters that cannot be seen.
func fold(s string) string {
	s = strings.Map(func(r rune) rune {
		if compared.Invisible(r) {
			return -1
		}
		return r
	}, norm.NFKC.String(s))
	return strings.Join(strings.Fields(strings.ToLower(s)), " ")
}
