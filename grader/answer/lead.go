package answer

import (
	"strings"
	"unicode"
)

// leadingMarker returns what stands behind a marker such as "Final Answer:"
// that begins at from. Nothing but marks, a number that counts headings, and
// words like "the final" may stand before it.
func leadingMarker(s string, from, to int) (int, bool) {
	line := s[from:to]
	counted := strings.TrimLeft(strings.TrimLeft(line, "*_ "), "0123456789")
	first := 0
	if strings.HasPrefix(counted, ". ") || strings.HasPrefix(counted, ") ") {
		first = len(line) - len(counted)
	}
	for i := first; i < min(len(line), gapLimit); i++ {
		if isDigit(line[i]) || line[i] == '\n' {
			break
		}
		n, ok := matchNoun(line, i)
		if !ok || !isHeadingStart(line, i) {
			continue
		}
		if m, what := readMarker(line, i, n); what == gives {
			p, _ := skipClosers(line, m.from, false)
			return from + p, true
		}
	}
	return 0, false
}

// behindLead narrows s[start:end], which somebody marked as the answer, to what
// stands behind "the answer is" in it, if that is all there is.
func behindLead(s string, start, end int) (int, int) {
	start, end = trim(s, start, end)
	from := start
	if strings.HasPrefix(s[start:end], `\text{`) {
		from += len(`\text{`)
	}
	if from < end && isDigit(s[from]) {
		return start, end
	}
	p, ok := leadingMarker(s, from, end)
	if !ok || p >= end {
		return start, end
	}
	t := s[p:end]
	r := behindMarker(t, mark{})
	if !r.ok || strings.Trim(t[r.end:], " \t\r\n.*_$)}]`\"") != "" || strings.Contains(t[r.start:r.end], "\n") {
		return start, end
	}
	return p + r.start, p + r.end
}

// boldAmongWords narrows s[start:end] to where its only bold text begins, if
// that holds the only number and harmless words lead to it: "She makes **$18**
// per day". What follows the bold text stays.
func boldAmongWords(s string, start, end int) (int, int) {
	t := s[start:end]
	n := strings.Index(t, "**")
	if n <= 0 || n > gapLimit || strings.Count(t, "**") != 2 {
		return start, end
	}
	bold, behind, _ := strings.Cut(t[n+2:], "**")
	if !holdsNumber(bold) || holdsNumber(t[:n]) || holdsNumber(behind) {
		return start, end
	}
	for word := range strings.FieldsFuncSeq(t[:n], func(r rune) bool { return unicode.IsSpace(r) || r == ',' }) {
		if strings.ContainsFunc(word, func(r rune) bool { return !isAlphabetic(r) && r != '\'' }) || changesWord(strings.ToLower(word)) {
			return start, end
		}
	}
	return start + n, end
}

// changesWord reports whether a word before a number makes it another one, a
// bound, or no answer.
func changesWord(word string) bool {
	switch word {
	case "not", "no", "never", "neither", "nor", "or", "and", "less", "fewer", "more", "over", "under", "above", "below", "than", "minus",
		"negative", "plus", "except", "excluding", "but", "least", "most", "nearly", "almost", "about", "around", "approximately",
		"roughly", "half", "double", "twice", "thrice", "triple", "times", "times'", "without", "between", "from", "up", "either", "maybe",
		"perhaps", "possibly", "if", "square", "root", "cube", "log", "opposite", "inverse", "reciprocal", "wrong", "instead", "lacks",
		"per", "every", "of", "doubt", "unlikely", "might", "may", "could":
		return true
	}
	return strings.HasSuffix(word, "n't")
}
