package answer

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// marker finds what stands behind the last "the answer is", "Answer:" and the
// like.
type marker struct{}

func (marker) find(b Body) result { return b.last(lastMarker) }

// lastMarker reads backwards, so that most texts are hardly read at all.
func lastMarker(s string) result {
	verdict, judged := mark{}, false // the last "the answer is correct"
	for i := len(s) - 1; i >= 0; i-- {
		n, ok := matchNoun(s, i)
		if !ok {
			continue
		}
		m, what := readMarker(s, i, n)
		switch what {
		case gives:
			return behindMarker(s, m)
		case denies:
			return damaged(i, "the last marker is denied or doubted")
		case judges:
			if !judged {
				verdict, judged = m, true
			}
		}
	}
	if judged { // no other answer was given, so this is it
		return behindMarker(s, verdict)
	}
	return miss(`no "the answer is" or the like`)
}

// A noun is a word for "answer".
type noun struct {
	word     string
	language language
}

type language int

const (
	english language = iota
	german
	french
	spanish
	russian
	eastAsian // written without spaces around words
)

// matchNoun reads the noun that begins at byte i.
func matchNoun(s string, i int) (noun, bool) {
	n := noun{}
	switch s[i] {
	case 'a', 'A':
		n = firstNoun(s[i:], noun{"answer", english}, noun{"antwort", german})
	case 'r', 'R':
		n = firstNoun(s[i:], noun{"result", english}, noun{"réponse", french}, noun{"reponse", french}, noun{"respuesta", spanish})
	case 0xD0:
		n = firstNoun(s[i:], noun{"ответ", russian})
	case 0xE7, 0xE8:
		n = firstNoun(s[i:], noun{"答案", eastAsian}, noun{"答え", eastAsian}, noun{"解答", eastAsian})
	}
	if n.word == "" {
		return n, false
	}
	if r := runeBefore(s, i); n.language != eastAsian && (unicode.IsLetter(r) || unicode.IsDigit(r)) {
		return n, false
	}
	return n, n.word != "result" || endsInWord(s[:i], "final")
}

func firstNoun(s string, nouns ...noun) noun {
	for _, n := range nouns {
		if hasFoldPrefix(s, n.word) {
			return n
		}
	}
	return noun{}
}

// link returns the length of the word that s begins with, if it links the noun
// to an answer; ":" and "=" do in every language.
func (n noun) link(s string) int {
	var words [18]string
	switch n.language {
	case english:
		words = [...]string{
			"is", "are", "equals", "would be", "will be", "should be", "must be", "comes out to be", "comes out to", "comes out as", "comes to",
			"turns out to be", "works out to be", "works out to", "works out as", "ends up being", "amounts to", "becomes",
		}
	case german:
		words = [...]string{0: "ist", 1: "lautet", 17: ""}
	case french:
		words = [...]string{0: "est", 1: "finale est", 2: "correcte est", 17: ""}
	case spanish:
		words = [...]string{0: "es", 1: "final es", 2: "correcta es", 17: ""}
	case russian:
		words = [...]string{0: "—", 1: "–", 2: "это", 17: ""}
	case eastAsian:
		words = [...]string{0: "是", 1: "为", 2: "為", 3: "は", 17: ""}
	}
	for _, w := range words {
		if w == "" || !hasFoldPrefix(s, w) {
			continue
		}
		if r := runeAt(s, len(w)); n.language == eastAsian || !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '\'' {
			return len(w)
		}
	}
	return 0
}

// A mark is a marker that was read.
type mark struct {
	from int  // where what stands behind it begins
	bold bool // from lies inside bold text that began before it
	cell bool // the answer is the next cell of a table
}

// gapLimit bounds, in bytes, what may stand between a noun and its link, and
// before a noun on its line where it is a heading.
const gapLimit = 100

// readMarker reads on from the noun at byte i. It looks at a bounded number of
// bytes.
func readMarker(s string, i int, n noun) (mark, meaning) {
	if n.language != eastAsian && rejected(s, i) {
		return mark{}, nothing
	}
	p := i + len(n.word)
	if n.language != eastAsian && p < len(s) && (s[p] == 's' || s[p] == 'S') {
		p++
	}
	heading := isHeadingStart(s, i)
	if heading {
		if m, ok := headingLink(s, i, p); ok {
			return m, gives
		}
	}
	p = skipMarks(s, p)
	if q := skipMarks(s, skipParenthesis(s, p)); q > p {
		if _, ok := readLink(s, q, n); ok {
			p = q
		}
	}
	if q, ok := readLink(s, p, n); ok {
		return mark{from: q}, meaningOf(s, i, q)
	}
	switch {
	case p == len(s) || s[p] == '\n' || s[p] == '\r':
		if heading {
			return mark{from: p}, gives
		}
	case heading && startsMath(s[p:]):
		return mark{from: p}, gives
	case n.language == english:
		if q, ok := linkBeyondGap(s, p, n); ok && !elsewhere(s[p:q]) {
			return mark{from: q}, meaningOf(s, i, q)
		}
	}
	return mark{}, nothing
}

// headingLink reads what links a noun that begins its line to an answer, and
// may do so there only: "Answer - 5", "Answer → 5", "| Answer | 5 |" and, with
// the word final before it, "Final answer 5".
func headingLink(s string, i, p int) (mark, bool) {
	q := skipMarks(s, p)
	if q > p && q < len(s) && isDigit(s[q]) && endsInWord(s[:i], "final") {
		return mark{from: q}, true
	}
	for _, link := range [...]string{"→", "⇒", "=>", "->", "–", "—", "- ", "|"} {
		if q == len(s) || !strings.HasPrefix(s[q:], link) || link == "- " && s[q-1] != ' ' {
			continue
		}
		from := skipMarks(s, q+len(link))
		if from == len(s) || s[from] == '\n' || s[from] == '\r' || s[from] == '|' {
			return mark{}, false
		}
		if end := lineEnd(s, from); link == "|" && !holdsNumber(s[from:min(end, from+gapLimit)]) && end < len(s) {
			if next := s[end+1 : lineEnd(s, end+1)]; strings.Contains(next, "-") && strings.Trim(next, " \t\r|-:") == "" {
				return mark{}, false // the head of a table
			}
		}
		return mark{from: q + len(link), cell: link == "|"}, true
	}
	return mark{}, false
}

// endsInWord reports whether word, in any case, ends s but for white space.
func endsInWord(s, word string) bool {
	s = strings.TrimRight(s[max(0, len(s)-len(word)-8):], " \t*_")
	n := len(s) - len(word)
	return n >= 0 && strings.EqualFold(s[n:], word) && (n == 0 || !isLetter(s[n-1]))
}

// rejected reports whether the word before the noun says that this is not the
// final answer.
func rejected(s string, i int) bool {
	before := strings.TrimRight(s[max(0, i-32):i], " *_")
	before = strings.TrimSuffix(before, " the")
	for _, word := range [...]string{"check", "checking", "verify", "verifying"} {
		if endsInWord(before, word) {
			return true
		}
	}
	for _, word := range [...]string{"wrong", "incorrect", "previous", "initial", "earlier", "false", "first", "another", "student's", "student’s", "no"} {
		if endsInWord(s[:i], word) {
			return true
		}
	}
	return false
}

// skipMarks skips blanks and emphasis on the line.
func skipMarks(s string, p int) int {
	for stop := min(len(s), p+gapLimit); p < stop && strings.IndexByte(" \t*_`", s[p]) >= 0; {
		p++
	}
	return p
}

func skipParenthesis(s string, p int) int {
	if p < len(s) && s[p] == '(' {
		if n := strings.IndexAny(s[p:min(len(s), p+gapLimit)], ")\n"); n > 0 && s[p+n] == ')' {
			return p + n + 1
		}
	}
	return p
}

// colon reads ":" or "=" in their forms.
func colon(s string, p int) (int, bool) {
	for _, c := range [...]string{":", "：", "=", "＝"} {
		if strings.HasPrefix(s[p:], c) && !strings.HasPrefix(s[p+len(c):], c) {
			return p + len(c), true
		}
	}
	return p, false
}

// readLink reads what links a noun to the answer, with the filler behind it.
func readLink(s string, p int, n noun) (int, bool) {
	q, ok := colon(s, p)
	if !ok {
		q = p + n.link(s[p:])
	}
	if q == p {
		return p, false
	}
	return skipFiller(s, q), true
}

// skipFiller skips words that say nothing: "the answer is therefore: 5".
func skipFiller(s string, p int) int {
	for range 4 {
		q := p
		for q < len(s) && q < p+gapLimit && (s[q] == ' ' || s[q] == '\t' || s[q] == ',') {
			q++
		}
		if c, ok := colon(s, q); ok {
			p = c
			continue
		}
		found := false
		for _, word := range [...]string{"therefore", "thus", "hence", "then", "simply", "just", "indeed", "that", "given by", "as follows", "donc", "somit", "also", "equal to", "found to be", "calculated to be", "going to be", "a total of", "the following"} {
			if after := q + len(word); hasFoldPrefix(s[q:], word) && !unicode.IsLetter(runeAt(s, after)) {
				p, found = after+len(s[after:])-len(strings.TrimLeft(s[after:], " \t,")), true
				break
			}
		}
		if !found {
			break
		}
	}
	return p
}

// linkBeyondGap finds the link of "the answer to this question is".
func linkBeyondGap(s string, p int, n noun) (int, bool) {
	begins := s[p] == ','
	for _, word := range [...]string{"to", "for", "of", "in", "as", "we", "I"} {
		begins = begins || hasFoldPrefix(s[p:], word+" ")
	}
	if !begins {
		return p, false
	}
	for stop := min(len(s), p+gapLimit); p < stop; p++ {
		switch s[p] {
		case '\n', '?', '!', ';':
			return p, false
		case '.':
			if p+1 == len(s) || s[p+1] == ' ' || s[p+1] == '\n' {
				return p, false
			}
		case ':', '=':
			return readLink(s, p, n)
		case ' ':
			if q, ok := readLink(s, p+1, n); ok {
				return q, true
			}
		}
	}
	return p, false
}

// isHeadingStart reports whether nothing but marks, a number and words like
// "the final" stand before byte i on its line.
func isHeadingStart(s string, i int) bool {
	window := s[max(0, i-gapLimit):i]
	n := strings.LastIndexByte(window, '\n')
	if n < 0 && len(window) < i {
		return false
	}
	for word := range strings.FieldsFuncSeq(window[n+1:], func(r rune) bool { return !unicode.IsLetter(r) }) {
		switch strings.ToLower(word) {
		case "the", "my", "so", "final", "correct", "die", "la", "finale", "correcta", "最终", "最終", "正确", "正解", "окончательный":
		default:
			return false
		}
	}
	return true
}

func startsMath(s string) bool {
	return s[0] == '$' || strings.HasPrefix(s, `\[`) || strings.HasPrefix(s, `\(`) || strings.HasPrefix(s, `\boxed`)
}

// behindMarker returns the answer that stands behind a marker: on its line or,
// where nothing does, on the next line that holds text.
func behindMarker(s string, m mark) result {
	m.bold = strings.Count(s[lineStart(s, m.from):m.from], "**")%2 == 1
	p, bold := skipClosers(s, m.from, m.bold)
	why := "behind the last marker"
	if p == len(s) || s[p] == '\n' || s[p] == '\r' {
		why = "below the last marker"
		p, bold = nextText(s, p), false
		if p < len(s) {
			if c, ok := fenceAt(s, p); ok {
				r := fencedBlock(s, c)
				r.why = why
				return r
			}
		}
	}
	p = skipOpeningTag(s, p)
	end, keepDot := sentenceEnd(s, p, bold)
	back := false
	if n := strings.IndexByte(s[p:end], '|'); m.cell && n >= 0 {
		back = strings.Trim(s[p+n:lineEnd(s, p)], " \t\r|") != ""
		end = p + n
	} else {
		back = takenBack(s, p, end)
	}
	start, end := peel(s, p, end, keepDot)
	switch {
	case start == end || s[start:end] == "$":
		return damaged(m.from, "nothing stands behind the last marker")
	case cutOff(s[start:end]):
		return damaged(m.from, "the mathematics behind the last marker never ends")
	case back:
		return damaged(m.from, "what follows the answer behind the last marker changes it or takes it back")
	}
	start, end = boldAmongWords(s, start, end)
	return hit(s, start, end, why)
}

// skipOpeningTag skips tags of HTML that emphasise what follows.
func skipOpeningTag(s string, p int) int {
	for range 4 {
		for _, tag := range [...]string{"<b>", "<strong>", "<i>", "<em>", "<u>", "<code>", "<span>", "<p>", "<br>", "<br/>", "<br />"} {
			if hasFoldPrefix(s[p:], tag) {
				p += len(tag)
			}
		}
	}
	return p
}

// skipClosers skips blanks, and marks that close what the marker stands in:
// the answer of "**Answer:** 5" is not bold.
func skipClosers(s string, p int, bold bool) (int, bool) {
	for p < len(s) {
		switch c := s[p]; {
		case c == ' ' || c == '\t':
			p++
		case strings.HasPrefix(s[p:], "\u00a0") || strings.HasPrefix(s[p:], "\u3000"):
			_, n := utf8.DecodeRuneInString(s[p:])
			p += n
		case bold && strings.HasPrefix(s[p:], "**"):
			p, bold = p+2, false
		case c == '*' || c == '_' || c == '}' || c == ':':
			q := p
			for q < len(s) && s[q] == c {
				q++
			}
			if q < len(s) && !unicode.IsSpace(runeAt(s, q)) && c != '}' && c != ':' {
				return p, bold
			}
			p = q
		default:
			return p, bold
		}
	}
	return p, bold
}

// nextText returns where the next line that holds more than marks begins,
// behind a bullet or a quotation mark.
func nextText(s string, p int) int {
	for p < len(s) {
		end := lineEnd(s, p)
		if strings.Trim(s[p:end], " \t\r*_-=#>") != "" {
			break
		}
		p = min(end+1, len(s))
	}
	for range 4 {
		for p < len(s) && isSpace(runeAt(s, p)) {
			_, n := utf8.DecodeRuneInString(s[p:])
			p += n
		}
		bullet := 0
		for _, b := range [...]string{"- ", "* ", "• ", "> "} {
			if strings.HasPrefix(s[p:], b) {
				bullet = len(b)
			}
		}
		if bullet == 0 {
			break
		}
		p += bullet
	}
	return p
}

// cutOff reports whether an answer opens mathematics or a box that it does not
// close.
func cutOff(t string) bool {
	for _, d := range [...][2]string{{"$$", "$$"}, {`\[`, `\]`}, {`\(`, `\)`}} {
		if rest, ok := strings.CutPrefix(t, d[0]); ok && !strings.Contains(rest, d[1]) {
			return true
		}
	}
	return slices.ContainsFunc(readBoxes(t), func(x box) bool { return x.end < 0 })
}
