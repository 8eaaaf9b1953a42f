package verdict

// verb reads "I rate it 7", "I'd give this a 7/10", "it deserves an 8".
func (p *labels) verb(i int) bool {
	own, passive := false, false
	switch p.t[i].text {
	case "rate", "give", "assign", "award", "score", "grade", "gave", "giving", "assigning", "awarding", "rating", "scoring", "say", "assigned", "awarded", "rated", "scored", "graded", "settle", "settled", "go":
		own = p.firstPerson(i)
		passive = !own && p.passive(i)
	case "deserves", "deserve", "receives", "earns", "gets", "merits", "warrants", "scores", "rates":
		own = p.subject(i)
	default:
		return false
	}
	if !own && !passive {
		return false
	}
	j := i + 1
	article := false
	for n := 0; n < 12; n++ {
		t := p.at(j)
		if t.kind == sign && (t.sign == '"' || t.sign == '“' || t.sign == '~' || t.sign == '≈' || t.sign == ':') {
			if t.sign == ':' || t.sign == '"' || t.sign == '“' {
				j++
				continue
			}
			break
		}
		if t.kind != word {
			break
		}
		if _, ok := numberWord(t.text); ok && article && p.lineEnds(j+1) {
			break
		}
		if _, is := p.about(j); is {
			break
		}
		if _, ok := numberWord(t.text); ok && t.text != "one" {
			break
		}
		switch t.text {
		case "a", "an":
			article = true
		case "it", "this", "that", "the", "response", "answer", "as", "at", "output", "summary", "candidate", "candidate's", "essay", "text", "model's", "model", "assistant's", "assistant", "solid", "strong", "one", "submission", "translation", "story", "overall", "final", "total", "only", "just", "generous", "full", "with", "on", "code", "solution", "reply", "ai's", "ai", "student", "student's", "to", "therefore", "above", "firm", "clear", "decent":
		default:
			return false
		}
		j++
	}
	r, ok := p.value(j, free)
	if !ok {
		return false
	}
	if t := p.at(j); t.kind == word && !article {
		if _, is := numberWord(t.text); is && !p.lineEnds(r.next) {
			return false
		}
	}
	start := i
	for start > 0 && i-start < 8 && p.t[start-1].kind == word {
		start--
	}
	if p.reported(i) {
		return true
	}
	final := false
	switch p.t[start].text {
	case "overall", "finally":
		final = true
	case "in":
		final = p.at(start+1).text == "conclusion" || p.at(start+1).text == "total"
	}
	if p.isSign(start-1, ',') {
		switch p.at(start - 2).text {
		case "overall", "finally", "conclusion", "total", "all":
			final = true
		}
	}
	p.add(i, r, final, false)
	return true
}

// firstPerson reports whether the subject of a verb is the judge.
func (p *labels) firstPerson(i int) bool {
	for n := 0; n < 8; n++ {
		i--
		t := p.at(i)
		if t.kind == sign && t.sign == ',' {
			continue
		}
		if t.kind != word {
			return false
		}
		switch t.text {
		case "i", "i'd", "i'll", "i've", "i'm", "we", "we'd", "we'll":
			return true
		case "would", "will", "must", "have", "to", "can", "should", "shall", "therefore", "thus", "only", "hence", "am", "do", "personally", "confidently", "had", "now", "rate", "and", "so", "decided", "inclined", "feel", "comfortable", "overall", "then", "ultimately":
			continue
		}
		return false
	}
	return false
}

// passive reports whether the verb is one of "is rated 7".
func (p *labels) passive(i int) bool {
	switch p.t[i].text {
	case "rated", "scored", "graded", "assigned", "awarded":
	default:
		return false
	}
	switch p.at(i - 1).text {
	case "is", "be":
		return p.subject(i - 1)
	}
	return false
}

// subject reports whether what is judged is the subject of a verb.
func (p *labels) subject(i int) bool {
	for n := 0; n < 8; n++ {
		i--
		t := p.at(i)
		if t.kind == sign && t.sign == ',' {
			continue
		}
		if t.kind != word {
			return false
		}
		switch t.text {
		case "it", "response", "answer", "candidate", "output", "summary", "essay", "assistant", "model", "submission", "translation", "solution", "reply", "story":
			return true
		case "therefore", "thus", "only", "hence", "clearly", "easily", "overall", "should", "would", "will", "this", "that", "still", "just", "so":
			continue
		}
		return false
	}
	return false
}

// onScale reads "On a scale of 1 to 10, 7".
func (p *labels) onScale() {
	for i, t := range p.t {
		if t.kind != word || t.text != "scale" {
			continue
		}
		for j := i + 1; j < i+4; j++ {
			top, ok := p.rangeAt(j)
			if !ok {
				continue
			}
			for j++; j < i+8 && !(p.at(j).kind == number && p.at(j).amount.value == top); j++ {
			}
			j++
			if !p.isSign(j, ',') && !p.isSign(j, ':') {
				break
			}
			j++
			for n := 0; n < 5; n++ {
				switch p.at(j).text {
				case "this", "is", "it", "it's", "a", "an", "that", "that's", "the", "response", "answer":
					j++
					continue
				}
				break
			}
			if r, ok := p.value(j, free); ok && !p.reported(i) {
				p.add(i, r, false, false)
			}
			break
		}
	}
}
