package answer

import (
	"strings"
	"unicode"
)

// hashes finds what stands behind the last "####" on its line.
type hashes struct{}

func (hashes) find(b Body) result { return b.last(lastHashes) }

func lastHashes(s string) result {
	_, textEnd := trim(s, 0, len(s))
	why := "no ####"
	for end := textEnd; end > 0; {
		n := strings.LastIndex(s[:end], "####")
		if n < 0 {
			break
		}
		start, stop := lineStart(s, n), min(lineEnd(s, n), textEnd)
		r := hashLine(s, start, stop, textEnd)
		if r.ok {
			return r
		}
		if r.why != "" {
			why = r.why
		}
		end = start
	}
	return miss(why)
}

// hashLine reads the line s[start:stop]. Text ends at textEnd.
func hashLine(s string, start, stop, textEnd int) result {
	const behind = "behind the last ####"
	at, from := hashRun(s, start, stop)
	if at < 0 {
		return result{}
	}
	from, to := trimMarks(s, from, cutClosingRun(s, from, stop))
	if from == to {
		return hashBelow(s, stop, textEnd)
	}
	if !blank(strings.Trim(s[start:at], "*_>")) {
		return hit(s, from, to, behind)
	}
	if m, ok := leadingMarker(s, from, to); ok {
		if m, to = trimMarks(s, m, to); m < to {
			return hit(s, m, to, behind)
		}
		return hashBelow(s, stop, textEnd)
	}
	if stop < textEnd && isHeading(s[from:to]) {
		return miss("#### begins headings only")
	}
	return hit(s, from, to, behind)
}

// cutClosingRun returns where the text ends before the "####" that may close a
// heading.
func cutClosingRun(s string, from, stop int) int {
	t := strings.TrimRight(s[from:stop], " \t\r")
	cut := strings.TrimRight(t, "#")
	if cut == "" || cut[len(cut)-1] == ' ' {
		return from + len(cut)
	}
	return from + len(t)
}

// hashRun finds the last run of exactly four on the line that has text behind
// it, or the first run where none has. The text behind it begins at from.
func hashRun(s string, start, stop int) (at, from int) {
	at = -1
	text := false // there is text behind the place that is looked at
	for i := stop; i > start; {
		if s[i-1] != '#' {
			text = text || s[i-1] != ' ' && s[i-1] != '\t' && s[i-1] != '\r' && s[i-1] != '*' && s[i-1] != '_'
			i--
			continue
		}
		end := i
		for i > start && s[i-1] == '#' {
			i--
		}
		if end-i == 4 {
			if at, from = i, end; text {
				return at, from
			}
		}
	}
	return at, from
}

// hashBelow returns the next line that holds text, where #### ends its line.
func hashBelow(s string, stop, textEnd int) result {
	none := miss("nothing stands behind ####")
	if stop >= textEnd {
		return none
	}
	from, _ := trim(s, stop, textEnd)
	to := min(lineEnd(s, from), textEnd)
	if strings.Contains(s[from:to], "####") {
		return none
	}
	if from, to = trimMarks(s, from, to); from == to {
		return none
	}
	return hit(s, from, to, "the line below the last ####")
}

// trimMarks removes emphasis from either end, paired or not: in "**#### 18**"
// the answer holds one half of it.
func trimMarks(s string, from, to int) (int, int) {
	from, to = trim(s, from, to)
	t := strings.TrimLeft(s[from:to], "*")
	from = to - len(t)
	to = from + len(strings.TrimRight(t, "*"))
	return unwrapEmphasis(s, from, to)
}

// leadingMarker returns what stands behind a marker such as "Final Answer:"
// that begins at from.
func leadingMarker(s string, from, to int) (int, bool) {
	line := s[from:to]
	for i := 0; i < min(len(line), gapLimit); i++ {
		n, ok := matchNoun(line, i)
		if !ok || !isHeadingStart(line, i) {
			continue
		}
		if m, ok := readMarker(line, i, n); ok {
			p, _ := skipClosers(line, m.from, false)
			return from + p, true
		}
	}
	return 0, false
}

// isHeading reports whether text behind #### reads like a heading: it begins
// with a word, or with a number that counts headings.
func isHeading(text string) bool {
	text = strings.TrimLeft(text, "*_ ")
	if rest := strings.TrimLeft(text, "0123456789"); rest != text {
		numbered := len(rest) > 1 && (rest[0] == '.' || rest[0] == ')') && rest[1] == ' '
		return numbered && unicode.IsLetter(runeAt(strings.TrimLeft(rest[1:], " *_"), 0))
	}
	return unicode.IsLetter(runeAt(text, 0))
}
