package verdict

import (
	"strings"
)

// labelled reads labelled text: "Score: 7", "I rate it 7", the row of a table.
func (r *reader) labelled() (float64, error) {
	p := &labels{prose: prose{r.t, r.s}, named: r.named}
	p.otherScale = p.statedScale()
	p.tables()
	for i := range p.t {
		if p.t[i].kind != word {
			continue
		}
		switch {
		case p.noun(i):
		case p.verb(i):
		default:
			p.answer(i)
		}
	}
	p.onScale()
	if len(p.all) == 0 {
		return 0, None
	}
	// Where several ways of reading found the same place, the later one in the
	// text is the last.
	ordered := p.all
	for i := 1; i < len(ordered); i++ {
		for j := i; j > 0 && ordered[j].at < ordered[j-1].at && i-j < 64; j-- {
			ordered[j], ordered[j-1] = ordered[j-1], ordered[j]
		}
	}
	return conclusion(ordered)
}

// labels collects the labelled values of a text.
type labels struct {
	prose
	named      []naming
	all        []evidence
	otherScale bool // the text names a scale with another maximum
	explained  bool // "Explanation:" came before
}

// add takes a value at token i, read as r, for a verdict of the label at token
// at. strong says that only what denies it can follow it.
func (p *labels) add(at int, r reading, final, strong bool) {
	e := evidence{at: p.t[at].start, value: r.value, err: r.err, final: final, whose: whose(p.named, p.t[at].start)}
	if err := p.follow(r.next, strong); err != nil {
		if err == aside {
			return
		}
		if e.err == nil || e.err == OutOfRange {
			e.err = err
		}
	}
	if e.err == nil && r.bare && p.otherScale {
		e.err = OtherScale
	}
	p.all = append(p.all, e)
}

// refuse takes a label without a value that can be used.
func (p *labels) refuse(at int, final bool, why Reason) {
	p.all = append(p.all, evidence{at: p.t[at].start, err: why, final: final, whose: whose(p.named, p.t[at].start)})
}

// statedScale reports whether the text names a scale with another maximum.
func (p *labels) statedScale() bool {
	for i, t := range p.t {
		if t.kind != word || t.text != "scale" && t.text != "range" {
			continue
		}
		// "on a scale of 1 to 10", "on a 1-5 scale", "a 10-point scale"
		for j := i + 1; j < i+5; j++ {
			if k := p.at(j).kind; k == end || k == newline {
				break
			}
			if top, ok := p.rangeAt(j); ok {
				if top != p.scale.Max {
					return true
				}
				break
			}
		}
		for j := i - 3; j < i; j++ {
			if top, ok := p.rangeAt(j); ok && j >= 0 && top != p.scale.Max {
				return true
			}
		}
		if p.at(i-1).text == "point" && p.isSign(i-2, '-') && p.at(i-3).kind == number && p.at(i-3).amount.value != p.scale.Max {
			return true
		}
	}
	return false
}

// nounStanding returns how a noun may name a verdict: by itself, at the
// beginning of a line only, or with "final" or "overall" before it only.
func nounStanding(s string) (label, lineOnly, qualifiedOnly, final bool) {
	switch s {
	case "score", "rating", "grade", "mark", "reward":
		return true, false, false, false
	case "overall", "total":
		return true, false, false, true
	case "final":
		return true, true, false, true
	case "finalscore", "overallscore", "totalscore":
		return true, false, false, true
	case "result", "value", "points", "marks", "verdict", "evaluation", "assessment", "judgment", "judgement":
		return true, true, false, false
	case "quality", "impression", "performance", "decision":
		return true, true, true, false
	}
	return false, false, false, false
}

// modifier returns what a word before the noun makes of the label: it may be
// part of it, make it final, or end the label. Any other word names something
// else than the verdict: a criterion, another's score, a limit.
func modifier(s string) (part, final, ends bool) {
	switch s {
	case "final", "overall", "total":
		return true, true, false
	case "my", "the", "its", "this", "that", "our", "a", "an", "judge's", "evaluator's", "grader's", "assistant's", "answer's", "response's", "candidate's", "model's":
		return true, false, false
	case "numeric", "numerical", "assigned", "given", "awarded", "suggested", "recommended", "proposed", "quality", "evaluation", "aggregate", "combined", "weighted", "composite", "judgment", "judge", "response", "answer", "resulting", "corresponding", "appropriate", "fair", "reasonable", "point", "integer", "decimal":
		return true, false, false
	case "is", "are", "of", "with", "get", "gets", "give", "gives", "gave", "giving", "given:", "assign", "assigns", "award", "deserves", "receives", "earns", "merits", "to", "and", "so", "therefore", "thus", "hence", "as", "for", "in", "on", "by", "at", "or", "but", "then", "would", "be", "it", "i", "i'd", "i'll", "we", "here", "here's", "now", "because", "since", "which", "warrants", "case", "conclusion", "summary", "basis", "output", "text", "only", "just", "provide", "assigning", "setting", "set", "say", "was":
		return false, false, true
	}
	return false, false, false
}

// noun reads a label and its value: "Final score (0-10): 7".
func (p *labels) noun(i int) bool {
	label, lineOnly, qualifiedOnly, final := nounStanding(p.t[i].text)
	if !label {
		return false
	}
	// The label may go on: "total score", "overall rating".
	if next := p.at(i + 1); next.kind == word {
		if l, _, _, _ := nounStanding(next.text); l {
			return true
		}
	}
	start := i
	for start > 0 && p.t[start-1].kind == word && i-start < 8 {
		part, isFinal, ends := modifier(p.t[start-1].text)
		if l, _, _, f := nounStanding(p.t[start-1].text); l && !part {
			part, isFinal = true, f
		}
		if ends {
			break
		}
		if !part {
			return true
		}
		final = final || isFinal
		start--
	}
	if i > start && !p.t[i].space && p.isSign(i-1, '-') {
		return true
	}
	// Something joined to the label: "gpt-4 score" has a number before it.
	before := p.at(start - 1)
	if start > 0 && (before.kind == number || before.kind == badNumber) {
		return true
	}
	if before.kind == sign && !p.t[start].space && (before.sign == '-' || before.sign == '/' || before.sign == '<' || before.sign == '$' || before.sign == '@') {
		return true
	}
	if before.kind == sign && before.sign == '_' {
		return true // sub_score
	}
	if qualifiedOnly && !final {
		return true
	}
	atLine := p.lineBegins(start)
	if lineOnly && !atLine && !(final && i > start) {
		return true
	}
	j, ok := p.scope(i + 1)
	if !ok {
		return true
	}
	j, mismatch, ok := p.scaleNote(j)
	if !ok {
		return true
	}
	value, explicit, heading, ok := p.separator(j, final || !lineOnly)
	if !ok {
		return true
	}
	bareFinal := i == start && (p.t[i].text == "overall" || p.t[i].text == "total" || p.t[i].text == "final")
	if !explicit && (lineOnly || bareFinal) {
		// "Overall 8/10" stands for itself; "Overall, 3 of them" does not.
		if !bareFinal || !atLine {
			return true
		}
	}
	if !atLine && p.reported(start) {
		return true
	}
	r, ok := p.value(value, free)
	switch {
	case !ok && heading:
		if explicit && p.at(value).kind == end {
			p.refuse(i, final, Truncated)
		} else if explicit && atLine {
			p.refuse(i, final, Unusable)
		}
		return true
	case !ok:
		if explicit && atLine {
			why := Unusable
			if p.bound(value) {
				why = Doubtful
			}
			p.refuse(i, final, why)
		} else if p.bound(value) {
			p.refuse(i, final, Doubtful)
		}
		return true
	case heading && !p.lineEnds(r.next):
		if explicit {
			p.refuse(i, final, Unusable)
		}
		return true
	}
	if mismatch && r.bare && r.err == nil {
		r.err = OtherScale
	}
	strong := explicit && !bareFinal && !lineOnly || heading
	p.add(i, r, final, strong)
	return true
}

// lineBegins reports whether a label at token i begins a line, a sentence or a
// cell.
func (p *labels) lineBegins(i int) bool {
	for i--; i >= 0; i-- {
		switch t := p.t[i]; t.kind {
		case newline:
			return true
		case sign:
			switch t.sign {
			case '.', '!', '?', ';', '|', ',', ':', '。', '！':
				return true
			case '-', '–', '—', '•', '·', '(', '[', ')', ']', '>', '+', '=', '{', '✅', '⭐', '★', '➡', '→', '👉', '📊', '🏆', '"', '“':
				continue
			}
			if t.sign > 0x2000 {
				continue
			}
			return false
		case number:
			// 1. or 1) numbers a list.
			if p.isSign(i+1, '.') || p.isSign(i+1, ')') {
				continue
			}
			return false
		case gap:
			return true
		default:
			return false
		}
	}
	return true
}

// lineEnds reports whether the line ends at token i, but for a comment in
// parentheses or a full stop.
func (p *labels) lineEnds(i int) bool {
	switch t := p.at(i); t.kind {
	case end, newline, gap:
		return true
	case sign:
		return t.sign == '.' || t.sign == '(' || t.sign == '|' || t.sign == '-' || t.sign == '–' || t.sign == '—' || t.sign == ','
	}
	return false
}

// scope passes over words between the label and its value that do not say
// what else it is the score of: "score for this response".
func (p *labels) scope(i int) (int, bool) {
	for n := 0; n < 12; n++ {
		t := p.at(i)
		if t.kind != word {
			if t.kind == number && n > 0 && candidateWord(p.at(i-1).text) && len(t.amount.literal) == 1 && p.at(i+1).kind == sign {
				i++ // Score for Response 1: 7
				continue
			}
			return i, true
		}
		if len(t.text) == 1 && n > 0 && candidateWord(p.at(i-1).text) {
			i++
			continue
		}
		switch t.text {
		case "for", "of", "that", "the", "this", "response", "answer", "i", "would", "i'd", "i'll", "we", "will", "give", "assign", "award", "it", "to", "here", "candidate's", "candidate", "model", "model's", "assistant's", "assistant", "my", "output", "essay", "submission", "given", "assigned", "provided", "can", "have", "has", "been", "i've", "text", "whole", "entire", "summary", "user's", "ai", "generated", "therefore", "overall", "now", "a":
		case "out", "on", "from", "between", "is", "was", "as", "at", "are", "be", "should", "comes", "came", "equals", "stands", "remains":
			return i, true
		default:
			return i, n == 0
		}
		// "score of 7", "score for it a 7": the value comes at once.
		if next := p.at(i + 1); next.kind == number || next.kind == badNumber {
			switch t.text {
			case "of", "a", "the", "be":
				return i, true
			}
			if !candidateWord(t.text) {
				return i, false
			}
		}
		i++
	}
	return i, false
}

// scaleNote passes over a scale named before the separator: (0-10), [1-5], out
// of 10, from 1 to 10. Another maximum than the scale's is a mismatch.
func (p *labels) scaleNote(i int) (next int, mismatch, ok bool) {
	for range 3 {
		t := p.at(i)
		switch {
		case t.kind == sign && (t.sign == '(' || t.sign == '['):
			j := i + 1
			top, has := 0.0, false
			for n := 0; n < 24; n++ {
				u := p.at(j)
				if u.kind == end || u.kind == newline {
					return i, false, true
				}
				if u.kind == sign && (u.sign == ')' || u.sign == ']') {
					break
				}
				if u.kind == number {
					if r, ok := p.rangeAt(j); ok {
						top, has = r, true
					} else if !has {
						top, has = u.amount.value, p.at(j-1).kind == word || p.isSign(j-1, '/') || p.isSign(j-1, '-')
					}
				}
				j++
			}
			if !p.isSign(j, ')') && !p.isSign(j, ']') {
				return i, false, false
			}
			// A parenthesis without a separator behind it may hold the value.
			after := p.at(j + 1)
			if after.kind != sign && after.kind != newline && after.text != "is" && after.text != "was" {
				return i, mismatch, true
			}
			if p.at(i+1).kind == number && p.isSign(i+2, ')') || p.at(i+1).kind == number && p.isSign(i+2, ']') {
				return i, mismatch, true
			}
			if after.kind == sign && after.sign != ':' && after.sign != '=' && after.sign != '|' && !dash(after.sign) {
				return i, mismatch, true
			}
			if p.at(i+1).kind == word {
				switch p.at(i + 1).text {
				case "out", "scale", "from", "on", "max", "maximum", "weighted", "average", "total", "overall", "final", "points", "numeric", "integer", "of", "int", "float", "number", "between", "as":
				default:
					return i, mismatch, false // Score (clarity): 7
				}
			}
			mismatch = mismatch || has && top != p.scale.Max
			i = j + 1
		case t.kind == word && t.text == "out" && p.isWord(i+1, "of"):
			j := i + 2
			if p.at(j).text == "a" {
				j++
			}
			if p.at(j).kind != number {
				return i, false, false
			}
			mismatch = mismatch || p.at(j).amount.value != p.scale.Max
			i = j + 1
		case t.kind == word && (t.text == "on" || t.text == "from" || t.text == "between"):
			j := i + 1
			for n := 0; n < 5 && p.at(j).kind == word; n++ {
				j++
			}
			top, is := p.rangeAt(j)
			if !is {
				return i, false, false
			}
			mismatch = mismatch || top != p.scale.Max
			for n := 0; n < 6 && !(p.at(j).kind == number && p.at(j).amount.value == top && p.at(j-1).kind != end && n > 0); n++ {
				j++
			}
			i = j + 1
		default:
			return i, mismatch, true
		}
	}
	return i, mismatch, true
}

func dash(r rune) bool { return strings.ContainsRune("-–—‒―", r) }

// separator passes over what stands between a label and its value. It is
// explicit where it is a sign, and a heading where the value stands on another
// line.
func (p *labels) separator(i int, lone bool) (next int, explicit, heading, ok bool) {
	for p.at(i).kind == sign && strings.ContainsRune(`)]"'”»}`, p.at(i).sign) {
		i++
	}
	t := p.at(i)
	switch t.kind {
	case sign:
		switch {
		case t.sign == ':' || t.sign == '=' || t.sign == '|' || t.sign == '→' || t.sign == '⇒' || t.sign == '➡' || t.sign == '：':
			i++
			if t.sign == '=' && p.isSign(i, '>') || t.sign == ':' && p.isSign(i, '=') {
				i++
			}
			if t.sign == '=' && p.isSign(i, '=') {
				i++
			}
			if t.sign == ':' && p.isSign(i, ':') {
				i++
			}
		case dash(t.sign):
			i++
			if p.isSign(i, '>') {
				i++
				break
			}
			if t.sign == '-' && p.isSign(i, '-') {
				i++
			}
			// A sign apart from its number: a minus on some scales.
			if n := p.at(i); n.kind == number && (p.scale.Min < 0 || !n.space) {
				return i - 1, true, false, true
			}
		case t.sign == ',':
			// "Overall, 8/10" and nothing else.
			r, ok := p.value(i+1, free)
			if !ok || r.bare || !p.lineEnds(r.next) {
				return 0, false, false, false
			}
			return i + 1, false, false, true
		case t.sign == '~' || t.sign == '≈' || t.sign == '(' || t.sign == '[' || t.sign == '"' || t.sign == '“':
			return i, false, false, true
		default:
			return 0, false, false, false
		}
		if p.at(i).kind == newline {
			return i + 1, true, true, true
		}
		return i, true, false, true
	case newline:
		if p.at(i+1).kind == sign && p.at(i+1).sign == '|' {
			return 0, false, false, false
		}
		if dashes := p.at(i + 1); dashes.kind == sign && (dash(dashes.sign) || dashes.sign == '=') {
			return 0, false, false, false
		}
		return i + 1, false, true, true
	case word:
		switch t.text {
		case "is", "was", "as", "at", "are", "equals", "remains":
			i++
		case "would", "will", "should", "must":
			if !p.isWord(i+1, "be") {
				return 0, false, false, false
			}
			i += 2
		case "be":
			i++
		case "comes", "came", "stands":
			i++
			if p.isWord(i, "to") || p.isWord(i, "out") || p.isWord(i, "at") {
				i++
			}
			if p.isWord(i, "to") || p.isWord(i, "at") {
				i++
			}
		case "of":
			i++
		default:
			if _, ok := numberWord(t.text); ok {
				return 0, false, false, false
			}
		}
		for n := 0; n < 5; n++ {
			switch p.at(i).text {
			case "therefore", "thus", "then", "hence", "now", "a", "an", "only", "just", "still", "clearly", "currently", "also", "set", "be", "solid", "strong", "the":
				i++
				continue
			}
			if n > 0 || p.isSign(i, ':') || p.isSign(i, ',') {
				if p.isSign(i, ':') || p.isSign(i, ',') && p.at(i+1).text == "therefore" {
					i++
					continue
				}
			}
			break
		}
		return i, false, false, true
	case number, badNumber:
		return i, false, false, true
	}
	return 0, false, false, false
}

// bound reports whether a limit or a choice stands where a value should.
func (p *labels) bound(i int) bool {
	t := p.at(i)
	if t.kind == sign && (t.sign == '>' || t.sign == '<' || t.sign == '≥' || t.sign == '≤') {
		return true
	}
	switch t.text {
	case "between", "above", "below", "over", "under", "at", "more", "less", "up", "not", "somewhere", "either", "maybe", "perhaps", "possibly", "probably", "nearly", "almost", "minus":
		for k := i + 1; k < i+5; k++ {
			if p.at(k).kind == number {
				return true
			}
		}
	}
	return false
}

// reported reports whether the sentence before token i denies what follows,
// makes it depend on something, or says that another said it.
func (p *labels) reported(i int) bool {
	for n := 0; n < 40; n++ {
		i--
		t := p.at(i)
		switch t.kind {
		case newline, end:
			return false
		case sign:
			if (t.sign == '.' || t.sign == '!' || t.sign == '?' || t.sign == ';') && p.at(i+1).space {
				return false
			}
		case gap:
			continue
		case word:
			if strings.HasSuffix(t.text, "n't") || unsure(t.text) {
				return true
			}
		}
	}
	return false
}

func unsure(s string) bool {
	switch s {
	case "not", "never", "cannot", "no", "nor", "neither", "without", "if", "unless", "whether", "could", "might", "may",
		"claims", "claim", "claimed", "claiming", "says", "said", "asks", "asked", "asking", "requests", "requested", "requesting", "demands", "demanded", "instructs", "instructed", "instructing", "instruct", "tells", "told", "telling",
		"wants", "wrote", "writes", "written", "states", "stated", "stating", "insists", "argues", "suggests", "contains", "includes", "included", "attempts", "tries", "trying", "assigns",
		"previous", "previously", "other", "another", "initially", "initial", "first", "originally", "earlier", "expected", "target",
		"max", "maximum", "minimum", "threshold", "passing", "highest", "lowest", "possible", "typically", "usually", "normally", "average", "example", "e", "eg", "such", "would-be",
		"itself", "himself", "themselves", "going", "tempted", "considered", "almost", "nearly", "than", "unlike", "user", "rubric", "guidelines", "ideal", "perfect", "to-get", "achieve", "reach", "injected", "fake":
		return true
	}
	return false
}

// answer reads the form "Explanation: ..., Answer: 7".
func (p *labels) answer(i int) {
	switch p.t[i].text {
	case "explanation":
		if p.isSign(i+1, ':') && p.lineBegins(i) {
			p.explained = true
		}
	case "answer":
		if !p.explained || !p.isSign(i+1, ':') || !p.lineBegins(i) {
			return
		}
		j := i + 2
		if p.at(j).kind == newline {
			j++
		}
		if r, ok := p.value(j, free); ok && (p.lineEnds(r.next) || p.isSign(r.next, '/')) {
			p.add(i, r, false, true)
		} else if ok || p.at(j).kind != end {
			p.refuse(i, false, Unusable)
		}
	}
}
