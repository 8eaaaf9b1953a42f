package verdict

import (
	"math"
	"strings"
)

// aside is the reason of what is no verdict at all, such as a line of a rubric
// or a count. It never leaves the package.
const aside Reason = "no verdict, but a count or a line of a rubric"

// follow looks at what stands behind a value. It returns nil where the value
// stands, a reason where it does not, and aside where it was no verdict. Behind
// a weak label only what may follow a verdict is accepted.
func (p *prose) follow(i int, strong bool) error {
	t := p.at(i)
	switch t.kind {
	case end, newline:
		return nil
	case gap:
		if strong {
			return nil
		}
		return aside
	case number, badNumber:
		return Several
	case sign:
		return p.followSign(i)
	}
	next := p.at(i + 1)
	_, nextWord := numberWord(next.text)
	numeral := next.kind == number || next.kind == badNumber || next.kind == word && nextWord
	switch t.text {
	case "or":
		return Doubtful
	case "to", "through", "until", "till", "versus", "vs", "and", "&":
		if numeral {
			return Doubtful
		}
		if t.text == "vs" || t.text == "versus" || p.half(i) {
			return Doubtful
		}
	case "times", "ish", "plus", "minus", "x", "squared", "maybe", "perhaps", "possibly", "above", "below", "below,", "ahead", "behind", "short", "down", "off", "deducted", "lost", "tops", "maximum", "max", "minimum", "min":
		return Doubtful
	case "higher", "lower", "more", "less", "fewer", "better", "worse", "greater":
		return Doubtful
	case "at":
		if next.text == "most" || next.text == "least" || next.text == "best" || next.text == "worst" {
			return Doubtful
		}
	case "of":
		return aside
	case "if", "when", "unless", "means", "indicates", "denotes", "represents", "requires", "would", "corresponds", "implies", "equals", "signifies":
		return aside
	case "were", "was", "are":
		return aside
	case "is":
		switch next.text {
		case "appropriate", "warranted", "justified", "fair", "deserved", "suitable", "right", "reasonable", "therefore", "assigned", "given", "awarded", "my", "fitting", "merited":
			if next.text != "given" || p.at(i+2).text != "if" && p.at(i+2).text != "when" && p.at(i+2).text != "to" && p.at(i+2).text != "for" {
				return nil
			}
		}
		return aside
	}
	if countNoun(t.text) {
		return aside
	}
	if p.shared(i) {
		return Several
	}
	if strong {
		return nil
	}
	switch t.text {
	case "because", "since", "as", "for", "due", "given", "which", "and", "but", "with", "based", "considering", "overall", "on", "in", "from", "by", "that", "while", "though", "although", "it", "this", "thanks", "mainly", "primarily", "mostly", "here", "so", "reflecting", "however", "to", "total", "at", "rather", "instead", "after", "despite", "without":
		return nil
	}
	return aside
}

// restated passes over the same value in another form: 7/10 (70%), 7 = 70%. It
// returns the token behind it, or behind the value where nothing restates it.
func (p *prose) restated(r reading) int {
	i := r.next
	paren := p.isSign(i, '(')
	if r.err != nil || !paren && !p.isSign(i, '=') {
		return i
	}
	again, ok := p.value(i+1, liberty{words: true})
	if !ok || again.err != nil || math.Abs(again.value-r.value) > 1e-9*(p.scale.Max-p.scale.Min) {
		return i
	}
	if paren {
		if !p.isSign(again.next, ')') {
			return i
		}
		again.next++
	}
	return again.next
}

// shared reports whether the value holds for one aspect only, and a number for
// another one follows: "8 for accuracy, 6 for style".
func (p *prose) shared(i int) bool {
	joint := false
	for k := i; k < i+7; k++ {
		switch t := p.at(k); t.kind {
		case newline, end, gap:
			return false
		case number, badNumber:
			return joint
		case sign:
			if t.sign == '.' || t.sign == '(' {
				return false
			}
			joint = joint || t.sign == ',' || t.sign == ';' || t.sign == '/' || t.sign == '|'
		case word:
			joint = joint || t.text == "and" || t.text == "but" && k > i
		}
	}
	return false
}

func (p *prose) followSign(i int) error {
	t, next := p.at(i), p.at(i+1)
	_, nextWord := numberWord(next.text)
	numeral := next.kind == number || next.kind == badNumber || next.kind == word && nextWord
	switch t.sign {
	case '.':
		if p.isSign(i+1, '.') {
			return Doubtful
		}
		return p.retracted(i + 1)
	case '…', '?', '+', '>', '≥', '≤', '=', '×', '^', '*', '→', '±', '/', '\\', '%', '°', '$', '€', '£', '#', '~', ':', '≈', '÷', '⁄', '⇒', '&':
		return Doubtful
	case '<':
		if next.kind == word || next.kind == sign && next.sign == '/' {
			return nil
		}
		return Doubtful
	case ',', ';':
		if numeral {
			return Several
		}
		switch next.text {
		case "maybe", "perhaps", "possibly", "or":
			return Doubtful
		}
		return p.retracted(i + 1)
	case '-', '–', '—', '‐', '‑', '‒', '―', '〜', '～':
		switch {
		case numeral, next.kind == sign && (next.sign == '>' || next.sign == '~'):
			return Doubtful
		case !t.space && !next.space && next.kind == word:
			return Doubtful
		}
		return p.retracted(i + 1)
	case '!':
		return p.retracted(i + 1)
	case '(', '[':
		return p.aside(i + 1)
	case '|':
		if numeral {
			return Several
		}
	case ')', ']', '}', '"', '\'', '”', '’', '»':
		// What closes something may be followed by anything but more of the value.
		if n := next; n.kind == sign && !n.space && (n.sign == '/' || n.sign == '-' || n.sign == '–' || n.sign == '+' || n.sign == '?') {
			return Doubtful
		}
	}
	return nil
}

// retracted reports whether a value is taken back by what follows at once.
func (p *prose) retracted(i int) error {
	for p.at(i).kind == newline || p.at(i).kind == sign && p.at(i).sign == '.' {
		i++
	}
	switch p.at(i).text {
	case "reduced", "lowered", "raised", "changed", "revised", "adjusted", "increased", "decreased", "wait", "hmm", "scratch", "no", "actually", "correction", "sorry", "oops", "rather":
		// A number in the next few words takes its place.
		for k := i + 1; k < i+8; k++ {
			switch t := p.at(k); t.kind {
			case number, badNumber:
				return Doubtful
			case word:
				if _, ok := numberWord(t.text); ok {
					return Doubtful
				}
			case end:
				return Doubtful
			}
		}
		if w := p.at(i).text; w == "wait" || w == "hmm" || w == "scratch" || w == "correction" || w == "oops" {
			return Doubtful
		}
	}
	return nil
}

// aside looks at the parenthesis behind a value: a scale, or the value again.
func (p *prose) aside(i int) error {
	t := p.at(i)
	if t.kind == sign && (t.sign == '?' || t.sign == '<' || t.sign == '>') {
		return Doubtful
	}
	switch t.text {
	case "or", "maybe", "perhaps", "possibly", "could", "might", "may", "almost", "nearly":
		return Doubtful
	}
	for k := i; k < i+12; k++ {
		switch t := p.at(k); {
		case t.kind == sign && (t.sign == ')' || t.sign == ']'):
			if n := p.at(k + 1); n.kind == sign && (n.sign == ',' || n.sign == ';' || n.sign == '/') && p.at(k+2).kind == number {
				return Several
			}
			if n := p.at(k + 1); n.text == "to" || n.text == "through" || n.text == "or" || n.kind == sign && dash(n.sign) {
				// 0 (worst) to 10 (best)
				if _, word := numberWord(p.at(k + 2).text); word || p.at(k+2).kind == number {
					return Doubtful
				}
			}
			return nil
		case t.kind == newline, t.kind == end:
			return nil
		case t.kind == word && changes(t.text):
			return Doubtful
		case t.kind == number:
			if top, ok := p.rangeAt(k); ok {
				if top != p.scale.Max {
					return OtherScale
				}
				return nil
			}
			if k == i {
				return Doubtful // another number, or the same in another form
			}
		case t.kind == word && (t.text == "max" || t.text == "maximum") && p.at(k+1).kind == number:
			if p.at(k+1).amount.value != p.scale.Max {
				return OtherScale
			}
		}
	}
	return nil
}

// changes reports whether a word says that a value was made another one.
func changes(s string) bool {
	switch s {
	case "reduced", "lowered", "raised", "changed", "revised", "adjusted", "increased", "decreased", "rounded":
		return true
	}
	return false
}

// rangeAt returns the upper end of a range that begins at token i: 1-5, 1 to 5.
func (p *prose) rangeAt(i int) (top float64, ok bool) {
	if p.at(i).kind != number {
		return 0, false
	}
	j := i + 1
	switch t := p.at(j); {
	case t.kind == sign && strings.ContainsRune("-–—‐‑‒―~…", t.sign), t.kind == word && (t.text == "to" || t.text == "through" || t.text == "and"):
		j++
	case t.kind == sign && t.sign == '.' && p.isSign(j+1, '.'):
		j += 2
		for p.isSign(j, '.') {
			j++
		}
	default:
		return 0, false
	}
	if p.at(j).kind == number {
		return p.at(j).amount.value, true
	}
	if a, ok := numberWord(p.at(j).text); ok {
		return a.value, true
	}
	return 0, false
}

// countNoun reports whether a number before the word counts something.
func countNoun(s string) bool {
	switch s {
	case "criteria", "criterion", "questions", "items", "cases", "tests", "checks", "requirements", "claims", "facts", "sentences", "sentence", "steps", "step", "words", "people", "users", "examples", "example",
		"errors", "error", "mistakes", "mistake", "issues", "issue", "answers", "responses", "tasks", "paragraphs", "lines", "tokens", "characters", "bullet", "bullets", "sources", "references", "citations",
		"reasons", "parts", "aspects", "categories", "dimensions", "sections", "days", "years", "months", "hours", "minutes", "seconds", "percentage", "constraints", "bugs", "typos", "problems", "major", "minor",
		"flaws", "omissions", "inaccuracies", "statements", "ideas", "pages", "instructions", "key", "main", "different", "january", "february", "march", "april", "june", "july", "august", "september", "october", "november", "december", "factual", "grammatical", "spelling", "of", "keywords", "times", "th", "st", "nd", "rd":
		return true
	}
	return false
}
