package answer

import (
	"strings"
	"unicode"
)

// readHeading says what the text behind #### is where more text comes below.
// What holds a number is an answer unless it begins as only headings do.
func readHeading(text string) hashKind {
	text = strings.TrimLeft(text, "*_ ")
	if rest := strings.TrimLeft(text, "0123456789"); rest != text {
		numbered := len(rest) > 1 && (rest[0] == '.' || rest[0] == ')') && rest[1] == ' '
		if numbered && unicode.IsLetter(runeAt(strings.TrimLeft(rest[1:], " *_"), 0)) {
			return doubtfulLine
		}
		return anAnswer
	}
	if !unicode.IsLetter(runeAt(text, 0)) {
		return anAnswer
	}
	const longest = 200
	if len(text) > longest {
		return doubtfulLine
	}
	words := strings.FieldsFunc(text, func(r rune) bool { return unicode.IsSpace(r) || r == '*' || r == '_' })
	first := strings.ToLower(strings.Trim(words[0], ":.,()"))
	number := holdsNumber(text)
	switch {
	case countedHeading(first) && len(words) > 1 && number:
		return aHeading // Step 1
	case headingWord(first) || countedHeading(first):
		if number {
			return doubtfulLine
		}
		return aHeading
	case number && len(words) > 8:
		return doubtfulLine
	case number:
		return anAnswer
	case strings.HasSuffix(strings.TrimRight(text, "*_ "), ":"):
		return aHeading
	case len(words) > 4 || len(words) > 1 && strings.HasSuffix(first, "ing"):
		return doubtfulLine
	}
	return aTitle
}

// countedHeading reports whether word begins headings with a number behind it.
func countedHeading(word string) bool {
	switch word {
	case "step", "part", "case", "question", "problem", "example", "method", "option", "day", "week", "month", "phase",
		"stage", "section", "equation", "scenario", "approach", "task", "chapter", "exercise", "schritt", "étape", "paso", "шаг":
		return true
	}
	return strings.HasPrefix(word, "步骤") || strings.HasPrefix(word, "第")
}

// headingWord reports whether word begins headings.
func headingWord(word string) bool {
	switch word {
	case "steps", "solution", "solutions", "explanation", "explanations", "summary", "given", "givens", "analysis", "conclusion",
		"conclusions", "verification", "verify", "note", "notes", "calculation", "calculations", "check", "background", "overview",
		"introduction", "discussion", "details", "key", "reasoning", "proof", "hint", "remark", "remarks", "understanding",
		"understand", "calculate", "find", "determine", "compute", "identify", "solve", "define", "let", "breakdown", "interpretation",
		"context", "justification", "rationale", "references", "reference", "sources", "input", "output", "instructions",
		"assumptions", "formula", "data", "information", "what", "how", "why", "where", "to", "setup", "lösung", "erklärung", "hinweis",
		"解", "解答", "分析", "总结", "說明", "说明", "解释", "解析", "解説", "решение":
		return true
	}
	return false
}

// holdsNumber reports whether a digit or an English number word stands in text.
func holdsNumber(text string) bool {
	if strings.ContainsFunc(text, func(r rune) bool { return unicode.IsNumber(r) }) {
		return true
	}
	for word := range strings.FieldsFuncSeq(text, func(r rune) bool { return !unicode.IsLetter(r) }) {
		switch strings.ToLower(word) {
		case "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen",
			"fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty", "thirty", "forty", "fifty", "sixty",
			"seventy", "eighty", "ninety", "hundred", "thousand", "million", "billion", "dozen", "half", "none":
			return true
		}
	}
	return false
}
