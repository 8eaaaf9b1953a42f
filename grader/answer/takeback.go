package answer

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// takenBack reports whether the text behind an answer, s[start:end], changes
// it, offers another one or takes it back. What was cut off the answer is read up
// to the end of its sentence, then how the next sentence begins, and of all
// sentences behind that only words that correct.
func takenBack(s string, start, end int) bool {
	given := s[start:end]
	if end < len(s) && strings.IndexByte(".!?\r\n", s[end]) < 0 && !sentenceRune(runeAt(s, end)) {
		stop, back := cutTail(s, end)
		if back {
			return true
		}
		end = stop
	}
	rest := strings.TrimLeftFunc(s[end:], closesSentence)
	if beginsAnother(rest, given) {
		return true
	}
	for rest != "" {
		switch word, after := nextWord(rest); word {
		case "wait", "hmm", "hm", "oops", "correction", "sorry":
			return true
		case "actually":
			return true
		case "scratch":
			if strings.HasPrefix(after, " that") {
				return true
			}
		}
		n := strings.IndexAny(rest, ".!?\n")
		if n < 0 {
			break
		}
		rest = strings.TrimLeftFunc(rest[n:], closesSentence)
	}
	return false
}

func sentenceRune(r rune) bool { return r == '。' || r == '！' || r == '？' }

// closesSentence reports whether r may stand between two sentences.
func closesSentence(r rune) bool {
	return isSpace(r) || strings.ContainsRune(`.!?*_"'”’)]}$>|\`+"`", r) || sentenceRune(r)
}

// cutTail reads what was cut off an answer, up to the end of the sentence.
func cutTail(s string, i int) (stop int, back bool) {
	reason := s[i] == ' ' || s[i] == ','
	line := lineEnd(s, i)
	for i < line { // what closes the emphasis or the tag that the answer stands in
		n := 0
		switch {
		case s[i] == '*' || s[i] == '_' || s[i] == '`' || s[i] == ')' || s[i] == '}':
			n = 1
		case s[i] == '<':
			n = strings.IndexByte(s[i:line], '>') + 1
		}
		if n == 0 {
			break
		}
		i += n
	}
	if i < line && !reason && touches(s[i:line]) {
		return i, true
	}
	from := i
	for i < line && (s[i] != '.' && s[i] != '!' && s[i] != '?' || i+1 < line && s[i+1] != ' ') {
		i++
	}
	tail := s[from:i]
	because := strings.HasPrefix(strings.TrimLeft(tail, " ,"), "because") || strings.HasPrefix(strings.TrimLeft(tail, " ,"), "since")
	also := false
	for word := range strings.FieldsFuncSeq(tail, func(r rune) bool { return !unicode.IsLetter(r) && r != '\'' && r != '’' }) {
		switch word = strings.ToLower(word); word {
		case "maybe", "perhaps", "possibly", "wait", "actually", "alternatively", "instead", "hmm", "mistake", "vielleicht":
			return i, true
		case "or", "wrong", "incorrect", "rather", "not", "no", "but", "cannot", "unlikely", "doubt", "oder", "ou", "или":
			if !because { // reasons speak of what the answer is not
				return i, true
			}
		case "also":
			also = true
		case "possible", "right", "correct", "valid", "fits", "works", "answer":
			if also || !because {
				return i, true
			}
		}
		if !because && (strings.HasSuffix(word, "n't") || strings.HasSuffix(word, "n’t")) {
			return i, true
		}
	}
	return i, strings.Contains(tail, "或")
}

// touches reports whether what follows emphasis goes on with the number in it.
func touches(s string) bool {
	r := runeAt(s, 0)
	next := runeAt(s, utf8.RuneLen(r))
	switch {
	case isNumeral(r), r == '%', r == '^', isSuperscript(r):
		return true
	case strings.ContainsRune(".,/-+−×·", r) && isNumeral(next):
		return true
	}
	t := strings.TrimLeft(s, " ,;:-–—−/&|+=~")
	if isNumeral(runeAt(t, 0)) || t != "" && (t[0] == '$' || t[0] == '^' || t[0] == '%') {
		return true
	}
	if inside, ok := strings.CutPrefix(t, "("); ok && isNumeral(runeAt(inside, 0)) {
		inside, _, _ = strings.Cut(inside, ")")
		return !strings.Contains(inside, "=")
	}
	word, _ := nextWord(t)
	switch word {
	case "hundred", "thousand", "million", "billion", "trillion", "dozen", "percent", "k", "m", "bn", "and", "plus", "minus", "times",
		"over", "divided", "to", "through", "squared", "cubed", "doubled", "halved", "half", "negative":
		return true
	}
	return holdsNumberWord(word)
}

func holdsNumberWord(word string) bool { return word != "" && holdsNumber(word) }

// beginsAnother reports whether the text behind the answer that was given begins
// with another one, or with words that take it back.
func beginsAnother(rest, given string) bool {
	word, after := nextWord(rest)
	switch word {
	case "or", "maybe", "perhaps", "possibly", "alternatively", "rather", "nope", "oder", "ou":
		return true
	case "no", "not":
		return after == "" || strings.IndexByte(",.!;:", after[0]) >= 0 || word == "not"
	case "but", "however", "though", "although", "otherwise", "yet":
		sentence := rest[:lineEnd(rest, 0)]
		sentence, _, _ = strings.Cut(sentence, ". ")
		return holdsNumber(sentence)
	}
	if strings.HasPrefix(rest, "或") || strings.HasPrefix(rest, "или") {
		return true
	}
	line := rest[:lineEnd(rest, 0)]
	number := strings.ContainsFunc(line, unicode.IsDigit) && !strings.ContainsFunc(line, func(r rune) bool { return unicode.IsLetter(r) || r == '=' })
	return number && figures(line) != figures(given)
}

// figures returns what of s may be part of numbers.
func figures(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsDigit(r) || r == '.' || r == '-' || r == '/' {
			return r
		}
		return -1
	}, s)
	return strings.Trim(s, ".")
}
