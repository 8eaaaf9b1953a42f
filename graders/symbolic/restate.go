package symbolic

import (
	"slices"
	"strings"
)

// restated returns the one value of a clause that says nothing but what the answer
// is: "Answer: 6", "6 is also valid", "I change my answer to 6", "so x = 6". Such a
// clause has one value, and its other words are all of a closed set, so that a clause
// with a noun of the story in it ("so the area is 6") never counts. Where no
// word speaks of an answer the clause must conclude, or be the last with a number, and
// checks says that the text tests the answer, where numbers come up once more.
func restated(w []string, letters string, checks, corrects, last bool) string {
	const most = 10
	if len(w) == 0 || len(w) > most {
		return ""
	}
	value, speaks, concludes, named, other := "", false, false, false, false
	for i, s := range w {
		v := plainValue(s)
		if x, _, ok := strings.Cut(s, "="); ok && v != "" && len(x) == 1 && !strings.Contains(letters, x) && !corrects {
			return ""
		}
		switch {
		case v != "" && !(s == "A" && i+1 < len(w) && i == 0 && !among(w[i+1], "is", "seems", "fits", "also", "works")):
			if value != "" {
				return ""
			}
			if value = v; strings.HasSuffix(v, "%") && i+1 < len(w) && among(w[i+1], "right", "correct", "sure", "certain", "true", "confident") {
				return "" // how sure the answer is
			}
		case len(s) == 1 && letter(s[0]) && s != "a" && s != "A" && s != "i" && s != "I":
			if !strings.Contains(letters, s) && !corrects {
				return ""
			}
		case among(s, "answer", "correct", "right", "real", "actual", "true", "final", "valid", "likely", "probably", "possibly", "perhaps", "maybe", "instead", "correction", "bad", "strike",
			"change", "changing", "changed", "replace", "correcting", "corrected", "better", "works", "lean", "leaning", "torn", "could", "might", "may", "guess", "mistake", "oops", "sorry", "wait", "actually", "rather", "solution"):
			speaks = true
		case s == "=":
			named = true
		case among(s, "so", "thus", "hence", "therefore", "consequently", "→", "->", "=>", `\to`, `\rightarrow`, `\rightarrow$`, `\implies`):
			concludes = true
		case among(s, "the", "a", "an", "my", "our", "it", "it's", "its", "is", "that", "that's", "this", "we", "i", "i'm", "am", "be", "would", "should", "must", "one", "to", "with", "and", "or", "but", "then",
			"value", "result", "number", "of", "in", "total", "there", "are", "have", "get", "obtain", "find", "gives", "equals", "x", "too", "I", "I'm", "i'd", "after", "another", "look", "well", "as", "also", "equally", "more", "most", "much", "fits", "towards", "toward", "between",
			"needs", "no", "new", "option", "choice", "make", "however", "yet", "though", "now", "just", "very", "seems", "looks", "goes", "go", "conclude", "choose", "pick", "say", "for"):
			other = true
		default:
			return ""
		}
	}
	switch {
	case value == "":
	case speaks, concludes && !checks, !other && !named && !checks:
		return value
	case last && !checks && (corrects || !other):
		return value
	}
	return ""
}

// sameSort reports whether two texts are both letters of choices, or both not,
// and the first has a number where the second has.
func sameSort(found, value string) bool {
	found = found[:min(len(found), 200)]
	f := strings.Fields(plainWords(found))
	isChoice := len(f) > 0 && len(f[0]) == 1 && f[0][0] >= 'a' && f[0][0] <= 'j'
	if value = strings.Trim(value, "() "); len(value) == 1 && letter(value[0]) {
		return isChoice
	}
	return !isChoice && (strings.ContainsAny(found, "0123456789") || numberWord(strings.TrimSpace(found)))
}

// checking reports whether a clause begins to test an answer.
func checking(w []string) bool {
	return slices.ContainsFunc(w, func(s string) bool {
		for _, stem := range [...]string{"check", "verif", "substitut", "plug", "confirm", "indeed", "test", "suppose", "if", "when", "note", "example", "remark"} {
			if s == stem || len(stem) > 4 && strings.HasPrefix(s, stem) {
				return true
			}
		}
		return false
	})
}
