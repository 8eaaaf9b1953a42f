package equal

import (
	"slices"
	"strings"
)

// denied says why an answer that stands beside its value is none: its words
// take the value back, or change it. Words of the reference say nothing.
func (r *Reference) denied(text string) string {
	if t := strings.ReplaceAll(r.text, `\text`, ""); !strings.ContainsAny(t, "0123456789\\") && prose(t) {
		return "" // words are compared as words
	}
	before, excused := "", false
	for w, next := range wordsOf(text) {
		why := ""
		switch w {
		case "not", "never", "wrong", "false", "incorrect", "untrue", "isnt", "arent", "cannot", "except", "anything", "neither", "nor":
			why = "the answer takes itself back"
		case "else":
			why = "the answer names another one"
		case "plus", "minus", "squared", "cubed", "factorial", "doubled", "tripled", "halved", "divided", "multiplied":
			why = "words that change the value"
		case "times", "over":
			if next >= '0' && next <= '9' {
				why = "words that change the value"
			}
		case "since", "because", "where", "for", "when", "as", "provided", "unless", "with":
			// What follows speaks about other values.
			excused = true
		}
		if strings.HasSuffix(w, "n't") {
			why = "the answer takes itself back"
		}
		if why != "" && !(excused && w != "else") && !hasWordIn(r.text, w) {
			if w == "not" && strings.IndexByte("0123456789", next) >= 0 && strings.ContainsAny(text[:max(0, strings.Index(text, "not"))], "0123456789") {
				continue // "5, not 6"
			}
			if before == "whether" || w == "else" && hasWordIn(r.text, "otherwise") {
				continue
			}
			return why
		}
		before = w
	}
	return ""
}

func hasWordIn(text, word string) bool {
	for w := range wordsOf(text) {
		if w == word {
			return true
		}
	}
	return false
}

// wordsOf yields the words of a text in lower case, without the commands of
// LaTeX, and the first byte that is neither space nor bracket behind each.
func wordsOf(s string) func(yield func(string, byte) bool) {
	return func(yield func(string, byte) bool) {
		for i := 0; i < len(s); {
			switch c := s[i]; {
			case c == '\\':
				i++
				for i < len(s) && letter(s[i]) {
					i++
				}
			case letter(c):
				start := i
				for i < len(s) && (letter(s[i]) || s[i] == '\'' && i+1 < len(s) && letter(s[i+1])) {
					i++
				}
				if i-start < 2 {
					continue
				}
				next := byte(0)
				for k := i; k < len(s) && k < i+16; k++ {
					if strings.IndexByte(" {}()$\\,", s[k]) < 0 {
						next = s[k]
						break
					}
				}
				if !yield(strings.ToLower(s[start:i]), next) {
					return
				}
			default:
				i++
			}
		}
	}
}

func letter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

// opposed reports whether two units are words of which one is the contrary of
// the other, such as north and south.
func opposed(x, y string) bool {
	if x == "" || y == "" || x == y {
		return false
	}
	has := func(s, word string) bool {
		for w := range wordsOf(s) {
			if w == word {
				return true
			}
		}
		return false
	}
	for _, p := range [...][2]string{
		{"north", "south"}, {"east", "west"}, {"up", "down"}, {"upward", "downward"}, {"upwards", "downwards"}, {"left", "right"}, {"above", "below"},
		{"gain", "loss"}, {"profit", "loss"}, {"increase", "decrease"}, {"more", "less"}, {"more", "fewer"}, {"bc", "ad"}, {"bce", "ce"},
		{"noon", "midnight"}, {"clockwise", "counterclockwise"}, {"clockwise", "anticlockwise"}, {"forward", "backward"}, {"forwards", "backwards"},
		{"early", "late"}, {"before", "after"}, {"ahead", "behind"}, {"men", "women"}, {"boys", "girls"}, {"odd", "even"}, {"positive", "negative"},
	} {
		if has(x, p[0]) && has(y, p[1]) && !has(y, p[0]) || has(x, p[1]) && has(y, p[0]) && !has(y, p[1]) {
			return true
		}
	}
	return false
}

// otherThings reports whether both of two units are words that name what is
// counted, and name other things: apples and oranges. Words that name anything,
// such as units and ways, name nothing else.
func otherThings(x, y string) bool {
	if x == "" || y == "" || parseUnit(x).known && parseUnit(y).known {
		return false
	}
	for _, p := range [...][2]string{{x, y}, {y, x}} {
		if parseUnit(p[0]).known {
			// A measure, and a number of things, unless the words name a unit too.
			_, ok := namesOf(p[1])
			for w := range wordsOf(p[1]) {
				ok = ok && !parseUnit(w).known
			}
			return ok
		}
	}
	things, ok := namesOf(x)
	if !ok {
		return false
	}
	others, ok := namesOf(y)
	return ok && !slices.ContainsFunc(things, func(w string) bool { return slices.Contains(others, w) })
}

// namesOf returns the words of a unit in the singular. It returns false where
// they may stand for anything.
func namesOf(unit string) ([]string, bool) {
	var out []string
	for w := range wordsOf(unit) {
		switch {
		case strings.HasSuffix(w, "ies") && len(w) > 4:
			w = w[:len(w)-3] + "y"
		case strings.HasSuffix(w, "shes"), strings.HasSuffix(w, "ches"), strings.HasSuffix(w, "sses"), strings.HasSuffix(w, "xes"):
			w = w[:len(w)-2]
		case strings.HasSuffix(w, "s") && !strings.HasSuffix(w, "ss") && len(w) > 3:
			w = w[:len(w)-1]
		}
		switch w {
		case "unit", "way", "time", "item", "object", "thing", "total", "number", "value", "solution", "possibility", "answer", "piece", "element", "case",
			"people", "person", "each", "per", "integer", "point", "place", "digit", "long", "tall", "wide", "high", "deep", "left", "more", "outcome",
			"choice", "option", "permutation", "combination", "arrangement", "sq", "square", "cubic", "and":
			return nil, false
		}
		if len(w) < 3 {
			return nil, false
		}
		out = append(out, w)
	}
	return out, len(out) > 0
}
