package gate

import (
	"strings"
	"unicode"
)

// opening reports whether each sentence only opens an answer.
func opening(s string) bool {
	some := false
	for _, sentence := range sentences(s) {
		words, colon := wordsOf(sentence)
		if len(words) == 0 {
			continue
		}
		some = true
		phrase := strings.Join(words, " ")
		if heading(phrase) || filler(words) || colon && numbered(words) {
			continue
		}
		return false
	}
	return some
}

// sentences splits a text at the ends of lines and sentences, and behind
// colons.
func sentences(s string) []string {
	var all []string
	from := 0
	for i, r := range s {
		switch r {
		case '\n', '!', '?', '。', '！', '？', '…', ':', '：', ';', '.', '—':
			all = append(all, s[from:i]+string(r))
			from = i + len(string(r))
		}
	}
	return append(all, s[from:])
}

// wordsOf returns the words of a sentence in lower case without punctuation,
// and whether it ends in a colon.
func wordsOf(s string) (words []string, colon bool) {
	s = strings.ReplaceAll(strings.ReplaceAll(strings.ToLower(s), "’", "'"), "'", "")
	colon = strings.HasSuffix(s, ":") || strings.HasSuffix(s, "：")
	return strings.FieldsFunc(s, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsNumber(r) && !unicode.IsMark(r) && !unicode.Is(unicode.Sm, r)
	}), colon
}

// numbered reports whether words only number what would follow: Step 1.
func numbered(words []string) bool {
	if len(words) != 2 {
		return false
	}
	switch words[0] {
	case "step", "part", "section", "paso", "schritt", "étape", "шаг", "passo":
		return strings.Trim(words[1], "0123456789") == ""
	}
	return false
}

// filler reports whether words only say that an answer is about to come: all of
// them are such words, and one of them says what is about to be done.
func filler(words []string) bool {
	if len(words) < 2 || len(words) > 40 {
		return false
	}
	act := false
	for _, w := range words {
		switch w {
		case "think", "solve", "start", "begin", "analyze", "analyse", "break", "work", "approach", "tackle", "consider", "reason", "proceed", "understand", "explain", "answer", "solution", "explanation", "thought", "thinking", "solving", "process", "explore", "dive", "examine", "response", "walk", "figure", "determine", "find", "look", "see", "address", "help", "provide", "thoughts", "steps", "breakdown":
			act = true
		case "let", "lets", "us", "me", "i", "ill", "im", "we", "well", "will", "can", "need", "needs", "have", "must", "should", "shall", "want", "would", "like", "going", "am", "are", "is", "be", "to", "the", "this", "that", "it", "its", "a", "an", "of", "in", "on", "at", "by", "for", "with", "about", "through", "into", "out", "down", "over", "and", "then", "so", "my", "our", "your", "you", "here", "heres", "there", "now", "first", "order", "as", "how",
			"problem", "question", "task", "step", "given", "following", "follows", "below", "carefully", "together", "systematically", "logically", "thoroughly", "closely", "careful", "detailed", "complete", "full", "final", "requested", "clear", "simple", "right", "closer", "deep", "deeper", "take", "get", "go", "okay", "ok", "sure", "certainly", "course", "alright", "great", "happy", "id", "asked", "prompt", "request", "what", "being", "using", "use", "everything", "information", "details", "parts", "smaller", "manageable", "bit", "moment", "more", "each", "time", "one", "do", "up", "way", "key":
		default:
			return false
		}
	}
	return act
}
