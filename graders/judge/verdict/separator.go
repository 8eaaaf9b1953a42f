package verdict

import "strings"

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
		if t.text == "a" && p.isSign(i+1, ':') {
			return i, false // Score A: 7
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
	for range 3 {
		if p.at(i).kind == sign && strings.ContainsRune(`)]"'”»}`, p.at(i).sign) {
			i++
		}
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
