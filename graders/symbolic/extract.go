package symbolic

import (
	"strings"

	"github.com/rftgrader/rftgrader/grader/answer"
)

// maxSearch is how many bytes at the end of a response, without its reasoning,
// are searched for the answer.
const maxSearch = 1 << 17

// A candidate is a text that may be the answer.
type candidate struct {
	text  string
	why   string
	prose bool // it may be a sentence around the answer
}

type candidates struct {
	texts  []candidate
	rivals []string // what the text behind gives in place of the answer
	why    string
}

// candidates returns what may be the answer, the best first.
func (s *symbolic) candidates(response string) candidates {
	tooLong := false
	if len(response) > maxSearch {
		b := answer.Strip(response)
		if b.Why() != "" {
			return candidates{why: b.Why()}
		}
		if response = b.Text(); len(response) > maxSearch {
			head := response[:len(response)-maxSearch]
			response = strings.ToValidUTF8(response[len(head):], "")
			if !strings.Contains(response, "boxed") && strings.Contains(head, "boxed") {
				return candidates{why: "the last box is too far from the end"}
			}
			tooLong = true
		}
	}
	response = cutTurns(response)
	f := s.find.Find(response)
	if !f.OK {
		return candidates{why: f.Why}
	}
	why := f.Why
	if f.Finder != "whole" && (asked(response[f.End:]) || strings.HasSuffix(strings.TrimRight(f.Text, " $*\n"), "?")) {
		return candidates{why: "the last value is asked, not given"}
	}
	if f.Finder == "boxed" {
		at := boxStart(response, f.Start)
		if illustrates(response, at, f.End) {
			return candidates{why: "the last box is an example, or an answer of others"}
		}
		if deniedBefore(response[:at]) || deniedAfter(plainWords(response[f.End:min(len(response), f.End+60)])) {
			return candidates{why: "the last box is what the answer is not"}
		}
		if m := answer.MustParse("marker").Find(response[f.End:]); m.OK && m.Finder == "marker" && !wordy(m.Text) && strings.Contains(strings.ToLower(response[f.End:]), "final answer") {
			// An answer that is announced as the final one behind the last box.
			return candidates{texts: []candidate{{text: m.Text, why: m.Why}}}
		}
		return candidates{texts: []candidate{{text: siblings(response, f), why: why}}, rivals: rivals(f.Text, afterBox(response[f.End:]), unknowns(response[:at], f.Text))}
	}
	if f.Finder == "whole" {
		if tooLong {
			return candidates{why: "nothing marks the answer in a text that is too long to be one"}
		}
		return s.free(f.Text, why)
	}
	if f.Finder == "marker" && illustrates(response, f.Start, f.End) {
		return candidates{why: "what is marked is an example, or an answer of others"}
	}
	if i := strings.Index(f.Text, ", not "); i > 0 && strings.IndexByte(`0123456789$-\`, (f.Text + " ")[i+6]) >= 0 {
		f.Text = f.Text[:i] // "6, not 7"
	}
	c := candidates{texts: []candidate{{text: f.Text, why: why, prose: wordy(f.Text)}}}
	_, behind, _ := strings.Cut(response[f.End:], ">") // of a tag
	if f.Finder == "hashes" || f.Finder == "marker" {
		behind = response[f.End:]
	}
	c.rivals = rivals(f.Text, behind, unknowns(response[:f.Start], f.Text))
	if c.texts[0].prose {
		c.texts = append(c.texts, s.inside(f.Text, why)...)
	} else if t, ok := strings.CutSuffix(f.Text, "!"); ok && f.Finder != "boxed" {
		// An exclamation, or a factorial.
		c.texts[0].prose = true
		c.texts = append(c.texts, candidate{text: t, why: why})
	}
	return c
}

// afterBox drops what closes a box.
func afterBox(s string) string {
	return strings.TrimLeft(s, "} $(,")
}

// cutTurns drops what follows the marker of another turn.
func cutTurns(s string) string {
	for _, m := range [...]string{"<|im_start|>", "<|im_end|>", "<|eot_id|>", "<|endoftext|>", "<|start_header_id|>"} {
		if i := strings.Index(s, m); i > 0 {
			s = s[:i]
		}
	}
	return s
}

// free finds candidates in a text in which nothing marks the answer.
func (s *symbolic) free(text, why string) candidates {
	if i := strings.LastIndex(text, "boxed{"); i >= 0 && len(text)-i < 1<<14 {
		// A command that is damaged: only its name and its braces are left.
		if in, ok := balanced(text[i+5:]); ok && strings.TrimSpace(in) != "" {
			return candidates{texts: []candidate{{text: in, why: "a damaged box"}}}
		}
		return candidates{why: "a box that is never closed"}
	}
	var c candidates
	if t := strings.TrimSpace(text); strings.HasSuffix(t, "?") && !strings.ContainsAny(t[:len(t)-1], "?!\n") && !strings.Contains(t, ". ") {
		return candidates{why: "nothing but a question"}
	}
	if len(text) <= 2000 {
		c.texts = append(c.texts, candidate{text: text, why: why, prose: wordy(text)})
	}
	for clause := range clauses(text[:min(len(text), 2000)]) {
		if v := preferred(tokens(clause)); v != "" {
			c.rivals = append(c.rivals, v)
		}
	}
	if len(c.texts) == 0 || c.texts[0].prose {
		c.texts = append(c.texts, s.inside(text, why)...)
	}
	c.why = "nothing in the text is marked as the answer"
	return c
}

// inside returns the last formula or number in a text.
func (s *symbolic) inside(text, why string) []candidate {
	const most = 1 << 14 // bytes of the end that are searched
	if len(text) > most {
		text = text[len(text)-most:]
	}
	var out []candidate
	if b := lastBold(text); b != "" {
		if at := strings.LastIndex(text, b); doubtful(text, at, at+len(b)) {
			return out
		}
		out = append(out, candidate{text: b, why: "in bold; " + why, prose: wordy(b)})
	}
	if !s.last {
		return out
	}
	math, end := lastFormula(text)
	number := answer.MustParse("last_number").Find(text)
	switch at := strings.LastIndex(text, math); {
	case number.OK && number.Start >= end:
		if doubtful(text, number.Start, number.End) {
			return out
		}
	case math != "" && doubtful(text, at, at+len(math)):
		return out
	}
	if number.OK && number.Start >= end && !alternative(text[:number.Start]) && !glued(text, number) {
		out = append(out, candidate{text: number.Text, why: "the last number; " + why})
	} else if math != "" {
		out = append(out, candidate{text: math, why: "the last formula; " + why})
	}
	return out
}

// alternative reports whether what follows a text is one of several answers.
func alternative(before string) bool {
	f := strings.Fields(strings.ToLower(strings.TrimRight(before, " $*([{")))
	return len(f) > 0 && f[len(f)-1] == "or"
}

// glued reports whether a number is a part of a name or of program text.
func glued(text string, f answer.Found) bool {
	if f.Start > 0 {
		if c := text[f.Start-1]; c == '_' || c == '\'' || c == '"' || c|0x20 >= 'a' && c|0x20 <= 'z' {
			return true
		}
	}
	return strings.Contains(text, "__") || strings.Contains(text, "()")
}

// wordy reports whether a text is a sentence rather than a value.
func wordy(s string) bool {
	words, run := 0, 0
	command := false
	for i := 0; i <= len(s); i++ {
		c := byte(' ')
		if i < len(s) {
			c = s[i]
		}
		switch {
		case c|0x20 >= 'a' && c|0x20 <= 'z':
			run++
		case c == '\\':
			command, run = true, 0
			continue
		default:
			if run >= 2 && !command {
				words++
			}
			command, run = false, 0
		}
	}
	return words >= 2 || strings.Contains(strings.TrimSpace(s), "\n")
}

// lastFormula returns the last stretch of delimited mathematics and where it ends.
func lastFormula(s string) (string, int) {
	best, end := "", -1
	for _, d := range [...][2]string{{"$$", "$$"}, {`\[`, `\]`}, {`\(`, `\)`}, {"$", "$"}} {
		j := strings.LastIndex(s, d[1])
		if j <= 0 || j+len(d[1]) <= end {
			continue
		}
		i := strings.LastIndex(s[:j], d[0])
		if i < 0 || strings.TrimSpace(s[i+len(d[0]):j]) == "" {
			continue
		}
		if d[0] == "$" && (strings.Count(s[:j+1], "$")%2 == 1) {
			continue
		}
		best, end = s[i+len(d[0]):j], j+len(d[1])
	}
	return best, end
}

// lastBold returns the text of the last **bold** stretch of the last line that
// has one, if it is short.
func lastBold(s string) string {
	j := strings.LastIndex(s, "**")
	if j < 0 {
		return ""
	}
	i := strings.LastIndex(s[:j], "**")
	if i < 0 || j-i > 80 || strings.Contains(s[i:j], "\n") || strings.HasSuffix(strings.TrimSpace(s[i+2:j]), ":") {
		return ""
	}
	if strings.Contains(strings.TrimSpace(s[j+2:]), "\n") || len(s)-j > 200 {
		return ""
	}
	return strings.Trim(s[i+2:j], " *:")
}

// balanced returns what stands in the braces at the start of s.
func balanced(s string) (string, bool) {
	depth := 0
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '{':
			depth++
		case '}':
			if depth--; depth == 0 {
				return s[1:i], true
			}
		}
	}
	return "", false
}

// A box is a \boxed with its content.
type box struct{ at, end, in, out int }

// siblings returns the content of the last box together with the boxes before
// it that only a comma or a word such as "and" separates from it: the parts of
// one answer.
func siblings(response string, f answer.Found) string {
	const most = 16
	var parts []string
	at := boxStart(response, f.Start)
	for at > 0 && len(parts) < most {
		prev, ok := boxBefore(response, at)
		if !ok {
			break
		}
		parts = append(parts, strings.TrimSpace(response[prev.in:prev.out]))
		at = prev.at
	}
	if len(parts) == 0 {
		return f.Text
	}
	var b strings.Builder
	for i := len(parts) - 1; i >= 0; i-- {
		b.WriteString(parts[i])
		b.WriteString(" , ")
	}
	b.WriteString(f.Text)
	return b.String()
}

// boxStart returns where the command begins whose content begins at start.
func boxStart(s string, start int) int {
	const far = 256 // bytes of spaces and boxes in boxes between both
	near := max(0, start-far)
	i := strings.LastIndex(s[near:start], `boxed`)
	if j := strings.LastIndex(s[near:start], `fbox`); j > i {
		i = j
	}
	if i < 0 {
		return 0
	}
	i += near
	for i > 0 && s[i-1] == '\\' {
		i--
	}
	return i
}

// boxBefore finds a box that ends before at, with nothing but a separator
// between.
func boxBefore(s string, at int) (box, bool) {
	const far = 60
	end := lastBefore(s, at, far, "}")
	if end < 0 {
		return box{}, false
	}
	// \text{ and } between two boxes has a brace of its own.
	for range 2 {
		if i := lastBefore(s, end, 20, `\text{`); i >= 0 && connector(s[i+6:end]) {
			if end = lastBefore(s, i, far, "}"); end < 0 || at-end > far {
				return box{}, false
			}
		}
	}
	if !connector(s[end+1 : at]) {
		return box{}, false
	}
	depth := 0
	for i := end; i >= 0 && end-i < 4000; i-- {
		if i > 0 && s[i-1] == '\\' && !(i > 1 && s[i-2] == '\\') {
			continue
		}
		switch s[i] {
		case '}':
			depth++
		case '{':
			if depth--; depth > 0 {
				continue
			}
			head := strings.TrimRight(s[:i], " ")
			if !strings.HasSuffix(head, "boxed") && !strings.HasSuffix(head, "fbox") {
				return box{}, false
			}
			return box{at: boxStart(s, i), end: end + 1, in: i + 1, out: end}, true
		}
	}
	return box{}, false
}

// lastBefore returns where the last sign before at begins, if that is no
// further away than so many bytes, and -1 otherwise.
func lastBefore(s string, at, far int, sign string) int {
	from := max(0, at-far)
	if i := strings.LastIndex(s[from:at], sign); i >= 0 {
		return from + i
	}
	return -1
}

// connector reports whether a text only separates two parts of an answer.
func connector(s string) bool {
	s = strings.NewReplacer(`\text`, " ", `\quad`, " ", `\qquad`, " ", `\)`, " ", `\(`, " ", `\]`, " ", `\[`, " ", `\,`, " ", `\ `, " ", `\;`, " ",
		"$", " ", "{", " ", "}", " ", ",", " ", ";", " ", "&", " ", "*", " ").Replace(s)
	for w := range strings.FieldsSeq(strings.ReplaceAll(strings.ToLower(s), " =", "=")) {
		if strings.HasSuffix(w, "=") && len(w) == 2 && w[0] >= 'a' && w[0] <= 'z' {
			continue // x = before the next box
		}
		if w != "and" && w != "or" {
			return false
		}
	}
	return true
}

// solution returns the part of a reference that is the value, where the
// reference is a whole solution.
func solution(text string) string {
	if strings.Contains(text, "boxed") {
		if f := answer.MustParse("boxed").Find(text); f.OK {
			return siblings(text, f)
		}
	}
	if strings.Contains(text, "####") {
		if f := answer.MustParse("hashes").Find(text); f.OK {
			return f.Text
		}
	}
	if len(text) > 200 && wordy(text) {
		if f := answer.MustParse("marker").Find(text); f.OK {
			return f.Text
		}
	}
	return text
}
