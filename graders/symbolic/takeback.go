package symbolic

import (
	"strings"
	"unicode"

	"github.com/rftgrader/rftgrader/grader/answer"
)

// rivals returns other values that the text behind an answer gives for it: "but
// wait, it's 4", "Or 19", "Correction: 4". A response that states two values has
// answered only if both are right.
func rivals(behind string) []string {
	const most = 8 << 10 // bytes that are read
	behind = behind[:min(len(behind), most)]
	var out []string
	first := true
	for clause := range clauses(behind) {
		w := strings.Fields(plainWords(clause))
		if len(w) == 0 {
			continue
		}
		if v := retracted(clause, w, first); v != "" {
			out = append(out, v)
		}
		if first = false; len(out) == 4 {
			break
		}
	}
	return out
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

// retracted returns the value that a clause puts in the place of the answer
// before it, or "". Words of correction must begin the clause, so that "wait" in
// a story says nothing.
func retracted(clause string, words []string, first bool) string {
	corrects := false
	for len(words) > 0 {
		switch words[0] {
		case "wait", "actually", "no", "correction", "oops", "sorry", "hmm", "scratch", "nope", "rather", "instead", "alternatively", "apologies":
			corrects = true
		case "but", "oh", "and", "well", "hold", "on", "however", "so", "then", "that", "or", "maybe", "perhaps", "possibly", "i", "mean", "meant":
		default:
			words = words[:0]
			continue
		}
		if corrects || words[0] == "or" {
			break
		}
		words = words[1:]
	}
	if len(words) == 0 {
		return ""
	}
	if words[0] == "or" && !corrects {
		// "Or 19": nothing else may stand in it, since "or equivalently", "or in
		// other words" say the same again.
		rest := afterWord(clause, "or")
		if v := statedValue(rest); v != "" && len(strings.Fields(plainWords(rest))) <= 3 {
			return v
		}
		return ""
	}
	rest := afterWord(clause, words[0])
	if v := statedValue(rest); v != "" {
		return v
	}
	// "it's 4", "the answer should be 4", "that is 4".
	lower := strings.ToLower(strings.ReplaceAll(rest, "’", "'"))
	for _, link := range [...]string{"it's ", "it is ", "that's ", "that is ", "this is ", "answer is ", "result is ", "value is ", "total is ", "should be ", "must be ", "should have been ",
		"make that ", "make it ", "i meant ", "i mean ", "is actually ", "it was ", "answer to ", "answer: ", "think it's ", "be "} {
		if i := strings.Index(lower, link); i >= 0 {
			if v := statedValue(rest[min(len(rest), i+len(link)):]); v != "" {
				return v
			}
		}
	}
	return ""
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
	for _, w := range [...]string{"it's ", "it is ", "just ", "exactly ", "actually ", "really ", "not that, ", "the answer is ", "x = ", "="} {
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
	head := strings.TrimLeft(s, "-−$ ")
	if head == "" || head[0] < '0' || head[0] > '9' {
		return ""
	}
	line, after, _ := strings.Cut(s, " ")
	if strings.HasPrefix(after, "%") || strings.HasPrefix(after, `\%`) {
		line += "%"
	}
	if f := answer.MustParse("last_number").Find(strings.TrimRight(line, ".,;:!?*)")); f.OK {
		return f.Text
	}
	return ""
}

// asked reports whether a sentence that ends behind an answer is a question.
func asked(behind string) bool {
	behind = strings.TrimLeft(behind, " $*_`)}]\\")
	return strings.HasPrefix(behind, "?") || strings.HasPrefix(behind, "？")
}
