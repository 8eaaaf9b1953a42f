package symbolic

import (
	"slices"
	"strings"
)

// concluded returns the value that a clause comes to in place of the answer before
// it: "therefore, x = 6", "so the final count is 19". Letters are those that the
// answer is the value of; corrects says that a correction is under way, and last that
// no number follows.
func concluded(clause string, w []string, letters string, corrects, last bool) string {
	if len(w) == 0 {
		return ""
	}
	for _, final := range [...]string{"answer comes to", "answer becomes", "result becomes", "answer changes to", "answer is therefore", "answer is thus", "answer is then"} {
		if rest, ok := behindWords(clause, final); ok {
			if v := statedValue(rest); v != "" {
				return v
			}
		}
	}
	if rest, ok := behindWords(clause, "answer is"); ok {
		head := tokens(clause[:len(clause)-len(rest)])
		if !slices.ContainsFunc(head, func(s string) bool {
			return !among(s, "so", "thus", "therefore", "hence", "the", "my", "our", "final", "then", "and", "consequently", "in", "conclusion", "answer", "is", "but", "fact", "indeed", "actually", "overall", "finally", "ok", "okay", "well", "now", "however", "yet")
		}) {
			if v := statedValue(rest); v != "" {
				return v
			}
		}
	}
	if turnsDown(w) || slices.Contains(w, "if") {
		return ""
	}
	for _, end := range [...]string{"which is the answer", "which is my answer", "is the final answer", "is my final answer", "is the correct answer"} {
		if i := strings.Index(strings.ToLower(clause), end); i > 0 && i < len(clause) {
			for _, s := range slices.Backward(tokens(clause[:i])) {
				if v := plainValue(s); v != "" {
					return v
				}
			}
		}
	}
	needs := corrects && last || among(w[0], "but", "however") && slices.ContainsFunc(w, func(s string) bool {
		return among(s, "need", "must", "should", "have", "forgot", "missed", "also")
	})
	for i, s := range w {
		ends := i + 1
		switch {
		case among(s, "so", "therefore", "thus", "hence"):
		case needs && among(s, "giving", "gives", "yields", "yielding", "get", "obtain", "becomes", "leaving", "leaves", "makes", "total"):
			ends = skip(w, ends, "a", "is", "of", "us", "total", "the", "answer")
		case corrects && last && i == 0:
			ends = 0
		default:
			continue
		}
		v, named := "", false
		if ends+2 < len(w) && len(w[ends]) == 1 && w[ends+1] == "=" {
			named = corrects || strings.Contains(letters, w[ends])
			if v = plainValue(w[ends+2]); len(w) > ends+3 {
				v = ""
			}
		} else if ends < len(w) && len(w)-ends <= 2 {
			if x, after, ok := strings.Cut(w[ends], "="); ok && len(x) == 1 && len(w) == ends+1 {
				named, v = corrects || strings.Contains(letters, x), plainValue(after)
			} else {
				named, v = needs, plainValue(w[ends])
			}
		}
		if v != "" && named {
			return v
		}
	}
	return ""
}

// unknowns returns the letters that an answer is given as the value of, by the
// words before it. Where there are none, it is x that is asked for as a rule.
func unknowns(before, found string) string {
	if x, _, ok := strings.Cut(found, "="); ok {
		return strings.TrimSpace(x)
	}
	before = strings.TrimRight(before, " ${[(\\*")
	if x, ok := strings.CutSuffix(before, "="); ok {
		x = strings.TrimRight(x, " ")
		if x != "" && (len(x) == 1 || !letter(x[len(x)-2])) && letter(x[len(x)-1]) {
			return x[len(x)-1:]
		}
		return ""
	}
	return "x"
}
