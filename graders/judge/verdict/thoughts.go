package verdict

import "strings"

// reasoningNames are the tags around reasoning.
func reasoningName(name string) bool {
	switch strings.ToLower(name) {
	case "think", "thinking", "reasoning", "scratchpad", "analysis":
		return true
	}
	return false
}

// tagLimit bounds, in bytes, what may stand inside a tag.
const tagLimit = 200

// A tag is an opening, closing or empty tag of HTML or XML.
type tag struct {
	name       string
	attributes string
	closing    bool
	empty      bool // <name/>
	start, end int
}

// tagAt reads the tag that begins with the < at s[i].
func tagAt(s string, i int) (tag, bool) {
	t := tag{start: i}
	j := skipBlank(s, i+1, i+8)
	if j < len(s) && s[j] == '/' {
		t.closing = true
		j = skipBlank(s, j+1, j+8)
	}
	name := j
	for j < len(s) && j-name < 40 && (isLetter(s[j]) || j > name && (isDigit(s[j]) || s[j] == '_' || s[j] == '-')) {
		j++
	}
	t.name = s[name:j]
	if t.name == "" || j == len(s) {
		return t, false
	}
	if s[j] != '>' && s[j] != '/' && s[j] != ' ' && s[j] != '\t' && s[j] != '\n' && s[j] != '=' {
		return t, false
	}
	rest := s[j:min(len(s), j+tagLimit)]
	end := strings.IndexAny(rest, "<>")
	if end < 0 || rest[end] == '<' {
		return t, false
	}
	t.attributes = strings.TrimSpace(rest[:end])
	t.attributes, t.empty = strings.CutSuffix(t.attributes, "/")
	t.end = j + end + 1
	return t, true
}

func skipBlank(s string, i, limit int) int {
	for i < len(s) && i < limit && (s[i] == ' ' || s[i] == '\t' || s[i] == '\n') {
		i++
	}
	return i
}

// otherMarks are marks of reasoning that are no tags.
func otherMarks() [4][2]string {
	return [...][2]string{
		{"<|begin_of_thought|>", "<|end_of_thought|>"},
		{"<|start_thinking|>", "<|end_thinking|>"},
		{"[think]", "[/think]"},
		{"◁think▷", "◁/think▷"},
	}
}

// markAt returns the mark of reasoning at s[i]: its name, whether it closes
// and where it ends.
func markAt(s string, i int) (name string, closing, empty bool, end int, ok bool) {
	if s[i] == '<' {
		if t, is := tagAt(s, i); is && reasoningName(t.name) {
			return strings.ToLower(t.name), t.closing, t.empty, t.end, true
		}
	}
	for _, m := range otherMarks() {
		for k, text := range m {
			if len(s)-i >= len(text) && strings.EqualFold(s[i:i+len(text)], text) {
				return m[0], k == 1, false, i + len(text), true
			}
		}
	}
	return "", false, false, 0, false
}

// withoutReasoning removes reasoning. A closing mark without an opening one
// ends reasoning that began before the text, and an opening one without a
// closing one begins reasoning that was never ended.
func withoutReasoning(s string) string {
	if !strings.ContainsAny(s, "<[◁") {
		return s
	}
	var b strings.Builder
	open, from := "", 0
	for i := 0; i < len(s); {
		if c := s[i]; c != '<' && c != '[' && c != "◁"[0] {
			i++
			continue
		}
		name, closing, empty, end, ok := markAt(s, i)
		if !ok {
			i++
			continue
		}
		switch {
		case open != "":
			if closing && name == open {
				open, from = "", end
				b.WriteByte('\n')
			}
		case closing:
			b.Reset()
			from = end
		default:
			b.WriteString(s[from:i])
			from = end
			if !empty {
				open = name
			}
		}
		i = end
	}
	if open == "" {
		b.WriteString(s[from:])
	}
	return b.String()
}

// withoutBlockQuotes blanks out the lines that begin with >.
func withoutBlockQuotes(s string) string {
	if !strings.Contains(s, ">") {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	for line := range strings.Lines(s) {
		if strings.HasPrefix(strings.TrimLeft(line, " \t"), ">") {
			b.WriteByte('\n')
			continue
		}
		b.WriteString(line)
	}
	return b.String()
}

func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }
func isDigit(c byte) bool  { return c >= '0' && c <= '9' }
