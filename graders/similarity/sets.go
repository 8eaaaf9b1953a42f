package similarity

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/rftgrader/rftgrader/graders/internal/compared"
	"github.com/rftgrader/rftgrader/graders/similarity/textsim"
)

// compareSets compares the elements of the answer with those of the reference.
func (g *similarity) compareSets(text string, refs []string) likeness {
	want := refs
	if len(refs) == 1 {
		want = g.elements(refs[0])
	}
	want, got := distinct(want), distinct(g.elements(text))
	o := textsim.Bag(got, want)
	l := likeness{g.measured(o), &o, strings.Join(want, ", ")}
	if g.Metric == ExactSet {
		l.score = 0
		if o.Precision == 1 && o.Recall == 1 {
			l.score = 1
		}
	}
	return l
}

// elements returns those of a list in JSON, or those of a text between separators.
func (g *similarity) elements(text string) []string {
	if trimmed := strings.TrimSpace(text); strings.HasPrefix(trimmed, "[") && strings.HasSuffix(trimmed, "]") {
		var list []json.RawMessage
		if json.Unmarshal([]byte(trimmed), &list) == nil {
			elements := make([]string, len(list))
			for i, e := range list {
				if json.Unmarshal(e, &elements[i]) != nil {
					elements[i] = string(e)
				}
			}
			return elements
		}
	}
	return strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(g.Separator, r) })
}

// distinct brings elements to one form, and returns each once, in order.
func distinct(elements []string) []string {
	var out []string
	for _, e := range elements {
		if e = bare(e); e != "" {
			out = append(out, e)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// bare is an element in lower case without the mark of a list, quotation marks,
// emphasis and the point of a sentence around it, and with single spaces.
func bare(e string) string {
	e = strings.Join(strings.Fields(e), " ")
	if mark, rest, ok := strings.Cut(e, " "); ok && listMark(mark) {
		e = rest
	}
	e = strings.Trim(e, "\"'`*_“”‘’ ")
	e = strings.TrimRight(e, ".")
	e = strings.Trim(e, "\"'`*_“”‘’ ")
	if compared.Blank(e) {
		return ""
	}
	return strings.ToLower(e)
}

// listMark reports whether s is what stands before an element of a list: -, *,
// •, 1. or 1).
func listMark(s string) bool {
	switch s {
	case "-", "*", "+", "•", "–":
		return true
	}
	digits := strings.TrimRight(s, ".)")
	return len(digits) == len(s)-1 && digits != "" && len(digits) <= 3 && strings.Trim(digits, "0123456789") == ""
}
