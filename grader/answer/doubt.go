package answer

import (
	"strings"
	"unicode"
)

// meaning is what a sentence with "the answer" does.
type meaning int

const (
	nothing meaning = iota // it only mentions the answer
	gives                  // it gives the answer
	judges                 // it says that the answer is right
	denies                 // it says that what follows is not the answer
)

// meaningOf reads the sentence around the noun at byte i, whose link ends at
// byte p.
func meaningOf(s string, i, p int) meaning {
	behind := behindLink(s, p)
	if behind == nothing {
		return nothing
	}
	switch before := beforeNoun(s, i); {
	case before != gives:
		return before
	case behind == denies:
		return gives // "the answer is wrong" may be one
	}
	return behind
}

// beforeNoun reads the words before the noun at byte i: whether they deny the
// answer, or make it a condition.
func beforeNoun(s string, i int) meaning {
	const window = 200
	before := s[max(0, i-window):i]
	before = before[strings.LastIndexAny(before, "\n;")+1:]
	for _, stop := range [...]string{". ", "! ", "? ", "。", "！", "？", ".\t"} {
		if n := strings.LastIndex(before, stop); n >= 0 {
			before = before[n+len(stop):]
		}
	}
	for _, word := range [...]string{"如果", "假如", "若", "もし"} {
		if strings.Contains(before, word) {
			return nothing
		}
	}
	for _, word := range [...]string{"不认为", "不是", "并非", "怀疑"} {
		if strings.Contains(before, word) {
			return denies
		}
	}
	words := strings.FieldsFunc(strings.ToLower(strings.ReplaceAll(before, "’", "'")), func(r rune) bool {
		return !unicode.IsLetter(r) && r != '\'' && r != ','
	})
	for len(words) > 0 && determiner(words[len(words)-1]) {
		words = words[:len(words)-1]
	}
	if calculated(before) || len(words) > 0 && calculatesWith(words[len(words)-1]) {
		return nothing
	}
	// What is said "that the answer is" belongs to the whole sentence; else a
	// comma and a word that concludes begin anew.
	whole := len(words) > 0 && words[len(words)-1] == "that"
	found := gives
	for k := len(words) - 1; k >= 0; k-- {
		word := strings.TrimRight(words[k], ",")
		if !whole && (word != words[k] || word == "" || concludes(word)) {
			break
		}
		word = strings.Trim(word, ",'")
		earlier := ""
		if k > 0 {
			earlier = words[k-1]
		}
		switch {
		case word == "doubt" && (earlier == "no" || earlier == "without" || earlier == "a"):
		case deniesWord(word):
			return denies
		case conditional(word):
			found = nothing
		}
	}
	return found
}

// calculated reports whether an operator stands before "the answer": what is
// given is not the answer but a value made of it.
func calculated(before string) bool {
	for range 4 {
		before = strings.TrimRight(before, " \t")
		word := strings.TrimRightFunc(before, unicode.IsLetter)
		if word == before || !determiner(strings.ToLower(before[len(word):])) {
			break
		}
		before = word
	}
	operand := strings.TrimRight(before, " \t*_-")
	switch r := runeBefore(before, len(before)); {
	case r != 0 && strings.ContainsRune("+×·−÷^√/", r):
		return true
	case r == '-' && strings.HasSuffix(operand, "final"):
		return false
	case r == '-' && operand != "" && strings.HasSuffix(before, operand+"-") && unicode.IsLetter(runeBefore(operand, len(operand))):
		return true // non-answer
	}
	return len(operand) < len(before) && isNumeral(runeBefore(operand, len(operand)))
}

// calculatesWith reports whether a word before "the answer" makes another
// value of it.
func calculatesWith(word string) bool {
	switch word {
	case "of", "than", "minus", "plus", "times", "twice", "half", "double", "triple", "from", "by", "except", "without", "between", "negative", "opposite":
		return true
	}
	return false
}

func determiner(word string) bool {
	switch word {
	case "the", "a", "an", "my", "our", "your", "their", "his", "her", "its", "this", "final", "correct", "right", "best", "die", "la", "finale":
		return true
	}
	return false
}

func concludes(word string) bool {
	switch word {
	case "so", "therefore", "thus", "hence", "then", "and", "but", "consequently", "also", "donc", "entonces":
		return true
	}
	return false
}

func conditional(word string) bool {
	switch word {
	case "if", "whether", "unless", "suppose", "supposing", "assume", "assuming", "imagine", "wenn", "falls", "ob", "si", "если":
		return true
	}
	return false
}

func deniesWord(word string) bool {
	switch word {
	case "not", "never", "cannot", "doubt", "doubts", "doubtful", "unlikely", "wrong", "wrongly", "incorrect", "incorrectly", "false", "falsely",
		"untrue", "impossible", "hardly", "deny", "denies", "reject", "mistake", "mistaken", "mistakenly", "nor", "neither", "nobody", "dont",
		"nicht", "kein", "pas", "не":
		return true
	}
	return strings.HasSuffix(word, "n't")
}

// elsewhere reports whether what stands between the noun and its link says
// that another question was answered.
func elsewhere(gap string) bool {
	for word := range strings.FieldsFuncSeq(gap, func(r rune) bool { return !unicode.IsLetter(r) }) {
		switch strings.ToLower(word) {
		case "different", "another", "other", "wrong", "previous", "similar", "related", "earlier":
			return true
		}
	}
	return false
}

// behindLink reads the words behind a link: whether they give an answer, say
// what kind of answer it is, or judge one.
func behindLink(s string, p int) meaning {
	const window = 120
	rest := strings.TrimLeft(s[p:min(len(s), p+window)], " \t")
	if n := strings.IndexByte(rest, '\n'); n >= 0 {
		rest = rest[:n]
	}
	word, after := nextWord(rest)
	for range 3 {
		switch word {
		case "also", "indeed", "still", "already", "quite", "very", "now", "both", "probably", "actually":
			word, after = nextWord(strings.TrimLeft(after, " "))
			continue
		}
		break
	}
	switch word {
	case "expected", "required", "supposed", "clear", "obvious", "reasonable", "helpful", "useful", "consistent", "based", "verified", "confirmed",
		"obtained", "derived", "written", "expressed", "displayed", "presented", "stated", "provided", "shown", "sensible", "plausible", "unclear",
		"unknown", "important", "needed", "wanted", "checked", "explained":
		_, list, _ := strings.Cut(rest, ":")
		if holdsNumber(list) {
			return gives
		}
		return nothing
	case "in", "given", "rounded", "simplified", "found", "calculated", "computed", "as":
		sentence, _, _ := strings.Cut(rest, ". ")
		if !holdsNumber(sentence) || strings.Contains(sentence, "decimal") || strings.Contains(sentence, "significant") || strings.Contains(sentence, "place") {
			return nothing
		}
	case "correct", "right", "valid", "accurate", "fine", "okay", "ok":
		if endsClause(after) {
			return judges
		}
	case "wrong", "incorrect", "invalid", "mistaken":
		if endsClause(after) {
			return denies
		}
	}
	return gives
}

// nextWord returns the word of ASCII letters that s begins with, in lower case.
func nextWord(s string) (word, after string) {
	n := 0
	for n < len(s) && isLetter(s[n]) {
		n++
	}
	return strings.ToLower(s[:n]), s[n:]
}

// endsClause reports whether no more of an answer follows.
func endsClause(s string) bool {
	rest := strings.TrimLeft(s, " *_")
	if rest == "" || strings.IndexByte(".,;!?)]}<", rest[0]) >= 0 {
		return true
	}
	word, after := nextWord(rest)
	switch word {
	case "because", "since", "as", "given":
		return true
	case "and", "when", "if", "so", "here", "for", "with":
		return !holdsNumber(after)
	}
	return false
}
