package symbolic

import (
	"strings"
	"unicode"

	"github.com/rftgrader/rftgrader/grader/answer"
)

// rivals returns other values that the text behind an answer gives for it: "but
// wait, it's 4", "Or 19", "The correct answer is 4". A response that states two
// values has answered only if both are right. Letters are those that the answer, the text found, is the value of.
func rivals(found, behind, letters string) []string {
	// Of a long text the beginning and the end are read, so that no padding between
	// hides what is said last.
	const most = 6 << 10 // bytes
	if len(behind) > most {
		behind = behind[:most/2] + "\n" + behind[len(behind)-most/2:]
	}
	var out []string
	lastDigit := strings.LastIndexAny(behind, "0123456789")
	var strong []string
	corrects, checks, later, at := false, false, 0, 0
	before := ""
	for clause := range clauses(behind) {
		if clause == before && clause != "" {
			at += len(clause) + 1
			continue // said already
		}
		before = clause
		rest := behind[min(len(behind), at+len(clause)):]
		first := at == 0 || behind[at-1] == '\n'
		at += len(clause) + 1
		w := tokens(clause)
		if len(w) == 0 {
			continue
		}
		if strong == nil {
			strong = strongLinks()
		}
		last := lastDigit < at
		v, again := rival(clause, corrects, strong)
		if again {
			later = 4 // clauses in which a correction may come to its answer
		} else if later--; v == "" && later > 0 {
			if rest, ok := behindWords(clause, "answer is"); ok {
				v = statedValue(rest)
			}
		}
		if v == "" {
			v = preferred(w)
		}
		if v == "" {
			v = concluded(clause, w, letters, later > 0, last)
		}
		if c := strings.Trim(v, "() "); len(c) == 1 && c[0] >= 'A' && c[0] <= 'J' && !sameSort(found, c) {
			v = "" // the letter that stands for the answer among the choices
		}
		checks = checks || checking(w)
		if v == "" && !numbering(clause, rest, first) {
			if v = restated(w, letters, checks, later > 0, last); v != "" && (!sameSort(found, v) || turnedDown(rest)) {
				v = ""
			}
		}
		if v != "" {
			if out = append(out, v); len(out) == 4 {
				break
			}
		}
		corrects = again
	}
	return out
}

// numbering reports whether a clause that begins a line is the number of a step.
func numbering(clause, rest string, first bool) bool {
	c := strings.Trim(clause, " *#")
	return first && len(c) <= 2 && strings.Trim(c, "0123456789") == "" && strings.HasPrefix(rest, ".") && len(rest) > 1 && rest[1] != '\n'
}

// turnedDown reports whether a text begins with a question mark and says no to what
// stands before it.
func turnedDown(rest string) bool {
	if !strings.HasPrefix(rest, "?") {
		return false
	}
	w := tokens(rest[:min(len(rest), 40)])
	return len(w) > 0 && among(w[0], "no", "nope", "not", "but", "never")
}

// clauses yields the sentences of a text. A point between digits ends none.
func clauses(s string) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		from := 0
		for i := 0; i <= len(s); i++ {
			if i < len(s) {
				c := s[i]
				ends := c == '\n' || (c == '.' || c == '!' || c == '?' || c == ';') && (i+1 == len(s) || s[i+1] == ' ' || s[i+1] == '\n' || s[i+1] == '$')
				if !ends {
					continue
				}
			}
			if !yield(s[from:i]) {
				return
			}
			from = i + 1
		}
	}
}

// rival returns the value that a clause puts in the place of the answer before
// it, or "", and whether it begins a correction that the next clause goes on with.
// Words of correction must begin the clause: "wait" in a story says nothing.
func rival(clause string, corrects bool, strong []string) (value string, again bool) {
	words := strings.Fields(plainWords(clause))
	if len(words) == 0 {
		return "", corrects
	}
	at := 0
	for at < len(words) && at < 6 && lead(words[at]) {
		at++
	}
	if at < len(words) && words[at] == "or" {
		// "Or 19", "or maybe 19": nothing else may stand in it, since "or
		// equivalently" and "or in other words" say the same again.
		rest := afterWord(clause, "or")
		for _, w := range [...]string{"maybe", "possibly", "perhaps", "even", "it's"} {
			if r, ok := strings.CutPrefix(strings.TrimLeft(rest, " ,"), w); ok {
				rest = r
			}
		}
		short := rest
		if i := strings.IndexAny(short, ",)"); i > 0 {
			short = short[:i]
		}
		short, _, _ = strings.Cut(short, " if ")
		if v := statedValue(short); v != "" && len(strings.Fields(plainWords(short))) <= 3 {
			return v, false
		}
		return "", false
	}
	begins := at < len(words) && correcting(words[at:])
	if begins {
		rest := afterWord(clause, words[at])
		if words[at] == "no" && rest != "" && strings.IndexByte(",.:!*—-", rest[0]) < 0 {
			return "", false // "no more steps"
		}
		for _, w := range [...]string{"wait", "no", "on", "that"} {
			if r := strings.TrimLeft(rest, " ,"); len(r) > len(w) && strings.EqualFold(r[:len(w)], w) {
				rest = r[len(w):]
			}
		}
		if v := statedValue(rest); v != "" && !described(rest) {
			return v, false
		}
		if i := strings.LastIndexByte(clause, ':'); i >= 0 {
			// "I retract this: 6", "changed my mind: D".
			if v := statedValue(clause[i+1:]); v != "" {
				return v, false
			}
		}
	}
	lower := strings.ToLower(strings.ReplaceAll(clause, "’", "'"))
	if len(lower) != len(clause) {
		clause = lower
	}
	if corrects && len(words) <= 2 {
		// "I retract that. 6."
		if v := statedValue(clause); v != "" {
			return v, false
		}
	}
	links := strong[:len(strong):len(strong)]
	if corrects || begins {
		links = append(links, "answer is ", "it's ", "it is ", "that's ", "that is ", "this is ", "is actually ", "it was ", "i meant ", "i mean ", "make that ", "make it ", "be ", "been ", "get ", "thought, ")
	}
	for _, link := range links {
		if i := strings.Index(lower, link); i >= 0 {
			if v := statedValue(clause[i+len(link):]); v != "" {
				return v, false
			}
		}
	}
	return "", begins
}

// described reports whether a text says of the value that it begins with what it
// is like, as in "19 is odd", which puts it in no one's place.
func described(s string) bool {
	w := strings.Fields(plainWords(s))
	return len(w) > 2 && (w[1] == "is" || w[1] == "does" || w[1] == "has" || w[1] == "would" || w[1] == "isn't" || w[1] == "doesn't") &&
		!among(w[2], "right", "correct", "it", "the", "my", "what", "better", "true")
}

// lead reports whether a word may stand before one of correction.
func lead(w string) bool {
	switch w {
	case "but", "oh", "and", "well", "however", "so", "then", "um", "uh", "ah":
		return true
	}
	return false
}

// correcting reports whether words begin a correction.
func correcting(w []string) bool {
	if i := skip(w, 0, "let", "me", "let's", "us", "i'll", "i", "should", "need", "to", "must"); i > 0 && i < len(w) && strings.HasPrefix(w[i], "re") && among(w[i][2:], "check", "count", "compute", "do", "calculate", "consider", "think", "evaluate", "visit", "view", "examine", "read", "tract") {
		return true
	}
	switch w[0] {
	case "wait", "actually", "no", "correction", "oops", "sorry", "hmm", "scratch", "nope", "rather", "instead", "alternatively", "apologies", "edit", "update", "erratum":
		return true
	}
	for _, head := range [...]string{"hold on", "on second thought", "i made a mistake", "i made an error", "that's wrong", "that is wrong", "this is wrong", "i was wrong", "let me correct", "my mistake", "i retract", "i take that back", "my bad", "strike that", "looking at it again", "looking again", "on a second look", "after another look", "after a second look", "thinking about it again", "on closer inspection", "on reflection", "upon reflection",
		"that's not right", "that is not right", "that's incorrect", "that is incorrect", "this is incorrect",
		"i changed my mind", "changed my mind", "ignore the above", "ignore that", "disregard", "forget that", "forget the above", "i forgot", "we forgot", "i missed", "we missed", "i overlooked", "i miscounted", "i misread",
		"that was without", "this was without", "the answer above is wrong", "the answer above is incorrect", "the above is wrong", "the above is incorrect"} {
		if strings.HasPrefix(strings.Join(w[:min(len(w), 5)], " ")+" ", head+" ") {
			return true
		}
	}
	return false
}

// strongLinks are words that give the answer wherever they stand.
func strongLinks() []string {
	var out []string
	for _, noun := range [...]string{"answer", "value", "result", "solution", "choice", "option", "count", "total", "probability"} {
		for _, kind := range [...]string{"correct ", "real ", "actual ", "right ", "true ", "corrected ", "final ", "exact "} {
			out = append(out, kind+noun+" is ", kind+noun+" should be ", kind+noun+": ")
		}
	}
	return append(out, "answer should be ", "answer is actually ", "it should be ", "should have been ", "answer must be ")
}

// afterWord returns what of a clause stands behind the first such word.
func afterWord(clause, word string) string {
	lower := strings.ToLower(clause)
	if len(lower) != len(clause) {
		return ""
	}
	if i := strings.Index(lower, word); i >= 0 {
		return clause[i+len(word):]
	}
	return ""
}

// statedValue returns the number or the formula that a text begins with.
func statedValue(s string) string {
	s = strings.TrimLeftFunc(s, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(",:*—–_", r) })
	for _, w := range [...]string{"it's ", "it is ", "just ", "exactly ", "actually ", "really ", "not that, ", "the answer is ", "x = "} {
		if len(s) >= len(w) && strings.EqualFold(s[:len(w)], w) {
			s = strings.TrimLeft(s[len(w):], " ")
		}
	}
	for _, d := range [...][2]string{{"$$", "$$"}, {"$", "$"}, {`\(`, `\)`}, {`\[`, `\]`}, {"**", "**"}} {
		if in, ok := strings.CutPrefix(s, d[0]); ok {
			if in, _, ok = strings.Cut(in, d[1]); ok && strings.TrimSpace(in) != "" {
				return in
			}
		}
	}
	if in, ok := strings.CutPrefix(s, `\boxed`); ok {
		v, _ := balanced(in)
		return v
	}
	if word, after, _ := strings.Cut(strings.TrimRight(s, ".!* "), " "); after == "" || strings.HasPrefix(after, "is ") {
		if l := strings.Trim(word, "()*"); len(l) == 1 && l[0] >= 'A' && l[0] <= 'J' || numberWord(l) {
			return l
		}
	}
	head := strings.TrimLeft(s, "-−$ ")
	if head == "" || head[0] < '0' || head[0] > '9' {
		return ""
	}
	line, after, _ := strings.Cut(s, " ")
	line = strings.TrimRight(line, ".,;:!?*)")
	if strings.Trim(line, "0123456789.,/%-−$\\") != "" || after != "" && strings.ContainsRune("=+*/×·^-−<>", rune(after[0])) {
		return "" // the beginning of a calculation
	}
	if strings.HasPrefix(after, "%") || strings.HasPrefix(after, `\%`) {
		line += "%"
	}
	if f := answer.MustParse("last_number").Find(line); f.OK {
		return f.Text
	}
	return ""
}

func numberWord(w string) bool {
	switch strings.ToLower(w) {
	case "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve":
		return true
	}
	return false
}

// asked reports whether a sentence that ends behind an answer is a question.
func asked(behind string) bool {
	behind = strings.TrimLeft(behind, " $*_`)}]\\")
	return strings.HasPrefix(behind, "?") || strings.HasPrefix(behind, "？")
}
