package gold

import (
	"slices"
	"strings"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/grader/spec"
)

// Forms knows how a spec's graders want to be answered.
type Forms struct {
	graders []form
	// Template is what a right answer looks like, with {} in the place of the
	// reference; it is tried first. Empty is none.
	Template string
}

// form is how one grader wants it.
type form struct {
	kind    string
	finders []string
	pointer grader.Pointer
}

// judged are the kinds whose reference is no answer: tests, calls, what a judge reads.
var judged = []string{"code", "judge", "tools"}

// referenceless are kinds that score an answer without a reference.
var referenceless = []string{"format", "length"}

// FormsOf reads the options of a spec's graders.
func FormsOf(s *spec.Spec) Forms {
	var f Forms
	for _, name := range s.Graders() {
		if slices.Contains(referenceless, s.KindOf(name)) {
			continue
		}
		one := form{kind: s.KindOf(name)}
		var options struct {
			Find      []string `json:"find"`
			Reference *string  `json:"reference"`
		}
		// An option of another form is a kind's own: it is none of these.
		if jsonv2.Unmarshal(s.OptionsOf(name), &options) == nil {
			one.finders = options.Find
			if options.Reference != nil {
				if p, err := grader.ParsePointer(*options.Reference); err == nil {
					one.pointer = p
				}
			}
		}
		f.graders = append(f.graders, one)
	}
	return f
}

// Judged names a kind of the spec whose reference is no answer, or "".
func (f Forms) Judged() string {
	for _, g := range f.graders {
		if slices.Contains(judged, g.kind) {
			return g.kind
		}
	}
	return ""
}

// Sure reports whether the forms of all graders are known, since they name finders.
func (f Forms) Sure() bool {
	return !slices.ContainsFunc(f.graders, func(g form) bool { return len(g.finders) == 0 })
}

// maxTexts is how many texts of a list of right answers are tried.
const maxTexts = 4

// Answers returns the reference of a rollout as answers, the likeliest first. There are
// none where no grader's pointer leads to a text.
func (f Forms) Answers(r *grader.Rollout) []string {
	var all []string
	add := func(s string) {
		if strings.TrimSpace(s) != "" && !slices.Contains(all, s) {
			all = append(all, s)
		}
	}
	texts := make([][]string, len(f.graders))
	most := 0
	for i, g := range f.graders {
		texts[i] = referenceTexts(r, g.pointer)
		most = max(most, len(texts[i]))
	}
	for k := range min(most, maxTexts) {
		var pick []string // one text for each grader
		for i := range f.graders {
			t := ""
			if n := len(texts[i]); n > 0 {
				t = texts[i][min(k, n-1)]
			}
			pick = append(pick, t)
		}
		if f.Template != "" {
			for _, t := range pick {
				if t != "" {
					add(strings.ReplaceAll(f.Template, "{}", t))
				}
			}
		}
		f.combine(pick, add)
	}
	return all
}

// combine makes answers that say each grader's text in its n-th form, and then the
// texts alone.
func (f Forms) combine(pick []string, add func(string)) {
	most := 0
	for _, g := range f.graders {
		most = max(most, len(g.finders))
	}
	for n := range most {
		var parts []string
		for i, g := range f.graders {
			if pick[i] == "" || len(g.finders) == 0 {
				continue
			}
			part := wrap(g.finders[min(n, len(g.finders)-1)], pick[i])
			if !slices.Contains(parts, part) {
				parts = append(parts, part)
			}
		}
		add(strings.Join(parts, "\n"))
	}
	for _, t := range pick {
		add(t)
	}
}

// referenceTexts returns what a pointer leads to: a text, several of a list, or JSON.
func referenceTexts(r *grader.Rollout, p grader.Pointer) []string {
	ref, err := r.Lookup(p)
	if err != nil {
		return nil
	}
	if texts, err := ref.Texts(); err == nil {
		return texts
	}
	return []string{string(ref.Raw())}
}

// wrap writes an answer where a finder looks for it.
func wrap(finder, text string) string {
	kind, arg, _ := strings.Cut(finder, ":")
	switch kind {
	case "boxed":
		return `\boxed{` + text + `}`
	case "hashes":
		return "#### " + text
	case "marker":
		return "Final answer: " + text
	case "tag":
		return "<" + arg + ">" + text + "</" + arg + ">"
	case "code":
		fence := "```"
		for strings.Contains(text, fence) {
			fence += "`"
		}
		return fence + "\n" + text + "\n" + fence
	case "json":
		return nested(arg, text)
	case "regex":
		return matching(arg, text)
	}
	return text
}

// nested returns a JSON document that holds a text at a pointer, as JSON itself where
// the text is a document.
func nested(pointer, text string) string {
	value := jsontext.Value(text)
	if k := value.Kind(); !value.IsValid() || k != '{' && k != '[' && k != '0' {
		quoted, err := jsontext.AppendQuote(nil, strings.ToValidUTF8(text, "\uFFFD"))
		if err != nil {
			return text
		}
		value = quoted
	}
	var tokens []string
	for t := range jsontext.Pointer(pointer).Tokens() {
		tokens = append(tokens, t)
	}
	for _, t := range slices.Backward(tokens) {
		object, err := jsonv2.Marshal(map[string]jsontext.Value{t: value})
		if err != nil {
			return text
		}
		value = object
	}
	return string(value)
}
