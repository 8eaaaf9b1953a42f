package symbolic

import (
	"slices"
	"strings"
)

// preferred returns the value that a clause behind an answer holds to be as good
// as it or better: "though 6 is more likely", "but it might just as well be 6".
// What a clause only mentions to turn it down is none.
func preferred(w []string) string {
	if len(w) == 0 || turnsDown(w) {
		return ""
	}
	contrasts := slices.ContainsFunc(w, func(s string) bool {
		return among(s, "though", "although", "but", "yet", "while", "whereas", "however", "only", "just", "then", "guess", "hunch")
	})
	for i, s := range w {
		switch {
		case plainValue(s) != "" && rated(w[i+1:], contrasts || i == 0):
			return plainValue(s)
		case among(s, "might", "could", "may") && (i == 0 || among(w[i-1], "it", "answer", "value", "result", "that", "but", "sure", "or")):
			j := skip(w, i+1, "just", "as", "very", "also", "equally", "even", "well", "be", "instead")
			if j < len(w) && w[j-1] == "be" && len(w)-j <= 3 && !slices.Contains(w, "if") {
				return plainValue(w[j])
			}
		case among(s, "likelier", "likely", "probably") && i+1 < len(w) && (contrasts || i <= 1):
			if j := skip(w, i+1, "it", "it's", "is", "be", "answer", "the"); j < len(w) && len(w)-j <= 2 && (s != "likely" || i > 0 && among(w[i-1], "more", "most")) {
				return plainValue(w[j])
			}
		}
	}
	if rest := skip(w, 0, "but", "and", "so"); rest+2 < len(w) && w[rest] == "if" && among(w[rest+1], "not", "wrong") || len(w) > 3 && w[0] == "failing" {
		return plainValue(w[len(w)-1])
	}
	if len(w) > 3 && w[0] == "or" && w[1] == "is" && w[2] == "it" {
		return plainValue(w[3])
	}
	return ""
}

// rated reports whether words behind a value call it the likelier or the better.
func rated(w []string, contrasts bool) bool {
	i := skip(w, 0, "actually", "also", "probably", "perhaps", "maybe")
	if i == len(w) || !among(w[i], "is", "are", "seems", "looks", "appears", "sounds", "feels", "would", "might", "may", "could") {
		return false
	}
	if contrasts && w[len(w)-1] == "likely" && i+3 == len(w)-1 && among(w[i+1], "just", "at") && among(w[i+2], "as", "least") || contrasts && i+2 == len(w)-1 && w[len(w)-1] == "likely" && among(w[i+1], "as", "equally") {
		return true // "but 7 is just as likely"
	}
	i = skip(w, i+1, "be", "to", "the", "a", "far", "much", "even", "slightly", "somewhat", "also", "by")
	if i == len(w) || !among(w[i], "more", "most", "likelier", "likeliest", "better", "best") {
		return false
	}
	for i < len(w) && among(w[i], "more", "most", "likelier", "likeliest", "better", "best", "likely", "probable", "plausible", "convincing", "reasonable", "sensible", "right", "correct") {
		i++
	}
	return i == len(w) && contrasts || i < len(w) && among(w[i], "answer", "value", "choice", "option", "guess", "candidate", "bet", "solution")
}

// turnsDown reports whether a clause says that a value in it is not the answer, or
// that it would be one elsewhere.
func turnsDown(w []string) bool {
	for i, s := range w {
		if s == "not" && (i == 0 || w[i-1] != "if") && (i+1 == len(w) || !among(w[i+1], "sure", "certain")) {
			return true
		}
	}
	return slices.ContainsFunc(w, func(s string) bool {
		return strings.HasSuffix(s, "n't") || among(s, "no", "fails", "fail", "failed", "wrong", "incorrect", "incorrectly", "mistakenly", "impossible", "never", "think", "thinks", "thought", "expect", "expected",
			"first", "intuitively", "naively", "naive", "tempting", "unless", "were", "cannot", "rejected", "discard", "excluded", "extraneous", "ignores", "forgets")
	})
}
