package verdict

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// quoteReach bounds, in bytes, how far a quotation is followed.
const quoteReach = 2000

// masked blanks out what does not count in prose: HTML comments, what is
// struck out, and quotations that hold a number or an object. The length stays.
func masked(s string) string {
	if !strings.ContainsAny(s, "\"'“”«»„‘’「」『』‹›") && !strings.Contains(s, "<!--") && !strings.Contains(s, "~~") && !strings.Contains(s, "<del>") && !strings.Contains(s, "<s>") {
		return s
	}
	b := []byte(s)
	blank := func(from, to int) {
		for k := from; k < to; k++ {
			if b[k] != '\n' {
				b[k] = ' '
			}
		}
	}
	comments := true
	for i := 0; i < len(s); {
		rest := s[i:]
		switch {
		case rest[0] == '<' && comments && strings.HasPrefix(rest, "<!--"):
			n := strings.Index(rest, "-->")
			if n < 0 {
				comments = false // nothing closes one from here on
				i++
				continue
			}
			blank(i, i+n+3)
			i += n + 3
			continue
		case rest[0] == '~' && strings.HasPrefix(rest, "~~"):
			line := rest[2:min(len(rest), quoteReach)]
			if n := strings.Index(line, "~~"); n > 0 && !strings.Contains(line[:n], "\n\n") {
				blank(i, i+n+4)
				i += n + 4
				continue
			}
			i += 2
			continue
		case rest[0] == '<':
			if n := struck(rest); n > 0 {
				blank(i, i+n)
				i += n
				continue
			}
		}
		close, size := opens(s, i)
		if size == 0 {
			_, n := utf8.DecodeRuneInString(rest)
			i += n
			continue
		}
		end, ok := closing(s, i+size, close)
		if !ok {
			if close == "'" || close == "’" {
				i += size
				continue
			}
			// What is never closed is quoted to the end of its line.
			end = i + len(firstLine(rest))
		}
		if holdsVerdict(s[i:end]) && !isValueOf(s, i, end) {
			blank(i, end)
			b[i] = quotedMark
		}
		i = end
	}
	return string(b)
}

// struck returns the length of an element that strikes its content out, or 0.
func struck(s string) int {
	for _, name := range [...]string{"del", "s", "strike"} {
		if strings.HasPrefix(s[1:], name+">") {
			if n := strings.Index(s[:min(len(s), quoteReach)], "</"+name+">"); n > 0 {
				return n + len(name) + 3
			}
		}
	}
	return 0
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}

// opens returns what closes the quotation that begins at s[i], and the length
// of the mark that opens it.
func opens(s string, i int) (close string, size int) {
	r, size := utf8.DecodeRuneInString(s[i:])
	switch r {
	case '“', '„', '‟':
		return "”", size
	case '«':
		return "»", size
	case '»':
		return "«", size
	case '‹':
		return "›", size
	case '「':
		return "」", size
	case '『':
		return "』", size
	case '‘':
		return "’", size
	case '"', '\'':
		before, _ := utf8.DecodeLastRuneInString(s[:i])
		after, _ := utf8.DecodeRuneInString(s[i+1:])
		if i > 0 && (unicode.IsLetter(before) || unicode.IsDigit(before)) || i+1 >= len(s) || unicode.IsSpace(after) {
			return "", 0
		}
		return string(r), size
	}
	return "", 0
}

// closing returns where a quotation ends whose text begins at i.
func closing(s string, i int, close string) (end int, ok bool) {
	reach := s[i:min(len(s), i+quoteReach)]
	if n := strings.Index(reach, "\n\n"); n >= 0 {
		reach = reach[:n]
	}
	if close == "'" {
		reach = firstLine(reach)
	}
	for from, tries := 0, 0; from < len(reach) && tries < 20; tries++ {
		n := strings.Index(reach[from:], close)
		if close == "”" {
			// German and careless writers close with another mark.
			if m := strings.IndexAny(reach[from:], "”“\""); m >= 0 {
				n = m
			}
		}
		if n < 0 {
			return 0, false
		}
		at := from + n
		_, size := utf8.DecodeRuneInString(reach[at:])
		after, _ := utf8.DecodeRuneInString(s[i+at+size:])
		if size > 1 && close != "’" || !unicode.IsLetter(after) && !unicode.IsDigit(after) {
			return i + at + size, true
		}
		from = at + size
	}
	return 0, false
}

// holdsVerdict reports whether a quotation holds anything that could be read.
func holdsVerdict(s string) bool {
	if strings.ContainsAny(s, "0123456789"+string(rune(gapMark))) {
		return true
	}
	for _, t := range tokens(s) {
		if t.kind == word {
			if _, ok := numberWord(t.text); ok {
				return true
			}
		}
	}
	return false
}

// isValueOf reports whether quotation marks only surround the value of a label
// or of a tag: Score: "7".
func isValueOf(s string, i, stop int) bool {
	before := strings.TrimRight(s[max(0, i-40):i], " \t*_")
	if before == "" || !strings.ContainsRune(":=>", rune(before[len(before)-1])) {
		return false
	}
	if stop-i > 40 {
		return false
	}
	p := &prose{tokens(s[i:stop]), Scale{Min: -1e308, Max: 1e308}}
	r, ok := p.value(0, free)
	return ok && p.at(r.next).kind == end
}

// A naming is a place where a text names one of several candidates.
type naming struct {
	at    int
	whose string
}

// namings lists where candidates are named: Response A, Assistant 2, the first
// answer.
func namings(t []token) []naming {
	var all []naming
	for i := range t {
		if t[i].kind != word || !candidateWord(t[i].text) {
			continue
		}
		if i > 0 && t[i-1].kind == word {
			if w := ordinal(t[i-1].text); w != "" {
				all = append(all, naming{t[i-1].start, w})
				continue
			}
		}
		j := i + 1
		for j < min(len(t), i+4) && t[j].kind == sign && strings.ContainsRune("#([-\"'", t[j].sign) {
			j++
		}
		if j >= len(t) {
			continue
		}
		switch n := t[j]; {
		case n.kind == number && len(n.amount.literal) == 1:
			if next := t[min(j+1, len(t)-1)]; next.kind == sign && (next.sign == '/' || next.sign == '%') {
				continue
			}
			all = append(all, naming{n.start, n.amount.literal})
		case n.kind == word && len(n.text) == 1 && n.text[0] <= 'h':
			if n.text == "a" && j+1 < len(t) && t[j+1].kind == word && !copula(t[j+1].text) && t[j+1].text != "a" && t[j+1].text != "an" && t[j+1].text != "the" {
				continue // "answer a question"
			}
			all = append(all, naming{n.start, string(n.text[0] - 'a' + '1')})
		case n.kind == word && len(n.text) == 3 && n.text == "one":
			all = append(all, naming{n.start, "1"})
		case n.kind == word && n.text == "two":
			all = append(all, naming{n.start, "2"})
		}
	}
	return all
}

func copula(s string) bool {
	switch s {
	case "is", "was", "has", "gets", "deserves", "receives", "scores", "earns", "score", "rating", "and":
		return true
	}
	return false
}

func candidateWord(s string) bool {
	switch s {
	case "response", "answer", "assistant", "candidate", "model", "output", "completion", "essay", "summary", "solution", "option", "submission", "student", "translation", "text", "system", "reply", "version", "story", "code", "chatbot":
		return true
	}
	return false
}

func ordinal(s string) string {
	switch s {
	case "first", "1st":
		return "1"
	case "second", "2nd":
		return "2"
	case "third", "3rd":
		return "3"
	}
	return ""
}

// whose returns the candidate that was named last before a place.
func whose(all []naming, at int) string {
	lo, hi := 0, len(all)
	for lo < hi {
		if m := (lo + hi) / 2; all[m].at <= at {
			lo = m + 1
		} else {
			hi = m
		}
	}
	if lo == 0 {
		return ""
	}
	return all[lo-1].whose
}
