package verdict

import (
	"strings"
)

// labelled reads labelled text: "Score: 7", "I rate it 7", the row of a table.
func (r *reader) labelled() (float64, error) {
	p := &labels{prose: prose{r.t, r.s}, text: r.prose, named: r.named}
	p.otherScale = p.statedScale()
	p.tables()
	for i := range p.t {
		if p.t[i].kind != word {
			continue
		}
		before := len(p.all)
		if p.noun(i); len(p.all) > before {
			continue
		}
		if !p.verb(i) {
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
	text       string
	named      []naming
	all        []evidence
	otherScale bool // the text names a scale with another maximum
	explained  bool // "Explanation:" came before
}

// add takes a value at token i, read as r, for a verdict of the label at token
// at. strong says that only what denies it can follow it.
func (p *labels) add(at int, r reading, final, strong bool) {
	e := evidence{at: p.t[at].start, value: r.value, err: r.err, final: final, whose: whose(p.named, p.at(r.next-1).start)}
	r.next = p.restated(r)
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
	if e.whose != "" && p.another(r.next, e.whose) {
		e.err = Several
	}
	p.all = append(p.all, e)
}

// another reports whether another candidate and a number stand right behind
// token i: "an 8, and Response B a 6".
func (p *labels) another(i int, whose string) bool {
	for k := i; k < i+8 && p.at(k).kind != end; k++ {
		t := p.at(k)
		if t.kind != word || !candidateWord(t.text) {
			continue
		}
		for _, n := range namings(p.t[k:min(len(p.t), k+3)]) {
			if n.whose == whose {
				continue
			}
			for j := k + 2; j < k+8; j++ {
				if p.at(j).kind == number {
					return true
				}
			}
		}
	}
	return false
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
	case "points", "marks", "verdict", "evaluation", "assessment", "judgment", "judgement":
		return true, true, false, false
	case "quality", "impression", "performance", "decision", "result", "value":
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
	case "numeric", "numerical", "assigned", "given", "awarded", "suggested", "recommended", "proposed", "quality", "evaluation", "aggregate", "combined", "weighted", "composite", "judgment", "judge", "response", "answer", "resulting", "corresponding", "revised", "updated", "corrected", "adjusted", "new", "appropriate", "fair", "reasonable", "point", "integer", "decimal":
		return true, false, false
	case "is", "are", "of", "with", "get", "gets", "give", "gives", "gave", "giving", "given:", "assign", "assigns", "award", "deserves", "receives", "earns", "merits", "to", "and", "so", "therefore", "thus", "hence", "as", "for", "in", "on", "by", "at", "or", "but", "then", "would", "be", "it", "i", "i'd", "i'll", "we", "here", "here's", "now", "because", "since", "which", "warrants", "case", "conclusion", "summary", "basis", "output", "text", "only", "just", "provide", "assigning", "setting", "set", "say", "was":
		return false, false, true
	}
	return false, false, false
}

// noun reads a label and its value: "Final score (0-10): 7".
func (p *labels) noun(i int) {
	label, lineOnly, qualifiedOnly, final := nounStanding(p.t[i].text)
	if !label {
		return
	}
	// The label may go on: "total score", "overall rating".
	if next := p.at(i + 1); next.kind == word {
		if l, _, _, _ := nounStanding(next.text); l {
			return
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
			return
		}
		final = final || isFinal
		start--
	}
	if i > start && !p.t[i].space && p.isSign(i-1, '-') {
		return
	}
	// Something joined to the label: "gpt-4 score" has a number before it.
	before := p.at(start - 1)
	if start > 0 && (before.kind == number || before.kind == badNumber) {
		return
	}
	if before.kind == sign && !p.t[start].space && (before.sign == '-' || before.sign == '/' || before.sign == '<' || before.sign == '$' || before.sign == '@') {
		return
	}
	if before.kind == sign && before.sign == '_' {
		return // sub_score
	}
	if qualifiedOnly && !final {
		return
	}
	atLine := p.lineBegins(start)
	if lineOnly && !atLine && !(final && i > start) {
		return
	}
	j, ok := p.scope(i + 1)
	if !ok {
		return
	}
	j, mismatch, ok := p.scaleNote(j)
	if !ok {
		return
	}
	value, explicit, heading, ok := p.separator(j, final || !lineOnly)
	if !ok {
		return
	}
	bareFinal := i == start && (p.t[i].text == "overall" || p.t[i].text == "total" || p.t[i].text == "final")
	if !explicit && (lineOnly || bareFinal) {
		// "Overall 8/10" stands for itself; "Overall, 3 of them" does not.
		if !bareFinal || !atLine {
			return
		}
	}
	if !atLine && p.reported(start) || p.announced(start) || exemplary(p.text, p.t[start].start) {
		return
	}
	r, ok := p.value(value, free)
	switch {
	case !ok && heading:
		if explicit && p.at(value).kind == end {
			p.refuse(i, final, Truncated)
		} else if explicit && atLine {
			p.refuse(i, final, Unusable)
		}
		return
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
		return
	case heading && !p.lineEnds(r.next):
		if explicit {
			p.refuse(i, final, Unusable)
		}
		return
	}
	if mismatch && r.bare && r.err == nil {
		r.err = OtherScale
	}
	strong := explicit && !bareFinal && !lineOnly || heading
	known := len(p.all)
	p.add(i, r, final, strong)
	if len(p.all) > known && !final && p.all[known].whose == "" {
		p.all[known].whose = p.aspect(start)
	}
}

// aspect returns the word that a label at token i is joined to by a dash or a
// parenthesis: "Accuracy - Score: 9", "accuracy (score: 9)".
func (p *labels) aspect(i int) string {
	t := p.at(i - 1)
	if t.kind != sign || !dash(t.sign) && t.sign != '(' || !t.space {
		return ""
	}
	if p.at(i-2).kind == word && (p.lineBegins(i-2) || p.at(i-3).text == "and") {
		return "aspect=" + p.at(i-2).text
	}
	return ""
}

// lineBegins reports whether a label at token i begins a line, a sentence or a
// cell.
func (p *labels) lineBegins(i int) bool {
	for n := 0; i > 0 && n < 40; n++ {
		i--
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
	return i <= 0
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
			return inverted(p.at(i + 1).text)
		case sign:
			if (t.sign == '.' || t.sign == '!' || t.sign == '?' || t.sign == ';') && p.at(i+1).space {
				return inverted(p.at(i + 1).text)
			}
		case gap:
			continue
		case word:
			if (t.text == "rubric" || t.text == "guidelines") && p.applied(i) {
				continue
			}
			switch t.text {
			case "but", "however", "so", "therefore", "thus", "hence", "yet", "overall":
				return false // another thought
			}
			if strings.HasSuffix(t.text, "n't") || unsure(t.text) {
				return true
			}
		}
	}
	return false
}

// announced reports whether the words right before a label at token i say that
// another wrote it, or what it depends on: "The candidate says: Score: 10",
// "If it had sources, score: 9".
func (p *labels) announced(i int) bool {
	i--
	for p.at(i).kind == newline && i > 0 {
		i--
	}
	for p.at(i).kind == sign && strings.ContainsRune("\"'“‘«", p.at(i).sign) {
		i--
	}
	switch {
	case p.isSign(i, ':'):
		switch p.at(i - 1).text {
		case "says", "said", "saying", "wrote", "writes", "written", "claims", "claimed", "claiming", "states", "stated", "stating", "contains", "contained", "includes", "injects", "injected", "inserts", "inserted", "asserts", "demands", "requests", "line", "instruction", "injection", "sentence", "phrase":
			return true
		}
	case p.isSign(i, ','):
		for n := 0; n < 40; n++ {
			i--
			t := p.at(i)
			stop := t.kind == sign && (t.sign == '.' || t.sign == '!' || t.sign == '?' || t.sign == ';' || t.sign == ':') && p.at(i+1).space
			if stop || t.kind == newline || t.kind == gap || i < 0 {
				return conditional(p.at(i + 1).text)
			}
		}
	}
	return false
}

// inverted reports whether a sentence that begins with the word is a condition
// without an if: "Were it complete, I would give it a 9."
func inverted(s string) bool { return s == "were" || s == "had" }

// applied reports whether the rubric named at token i is what the verdict goes
// by: "Based on the rubric, the response deserves a 7."
func (p *labels) applied(i int) bool {
	for k := i - 1; k >= i-4; k-- {
		switch p.at(k).text {
		case "the", "this", "provided", "scoring", "grading", "evaluation":
			continue
		case "on":
			return p.at(k-1).text == "based"
		case "per", "given", "using", "applying", "under", "following":
			return true
		}
		return false
	}
	return false
}

// conditional reports whether a sentence that begins with the word says what
// would be, and not what is.
func conditional(s string) bool {
	switch s {
	case "if", "unless", "had", "were", "should", "suppose", "supposing", "assuming", "when", "whenever":
		return true
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
