package suite

import "strings"

// A statement is a logical line of Python: joined where brackets, strings or
// backslashes join lines.
type statement struct {
	indent string
	text   string
}

// statements cuts Python into logical lines, without blank ones and comments;
// ok is false where a string or bracket is never closed.
func statements(source string) (out []statement, ok bool) {
	source = strings.ReplaceAll(source, "\r\n", "\n")
	for p := 0; p < len(source); {
		start := p
		for p < len(source) && (source[p] == ' ' || source[p] == '\t' || source[p] == '\f') {
			p++
		}
		indent := source[start:p]
		from := p
		if p, ok = logicalEnd(source, p); !ok {
			return nil, false
		}
		if text := strings.TrimSpace(source[from:p]); text != "" && text[0] != '#' {
			out = append(out, statement{indent, text})
		}
		p++
	}
	return out, true
}

// logicalEnd returns where the logical line that begins at p ends.
func logicalEnd(s string, p int) (int, bool) {
	depth := 0
	for p < len(s) {
		switch c := s[p]; c {
		case '\n':
			if depth <= 0 {
				return p, true
			}
		case '\\':
			p++
		case '#':
			for p+1 < len(s) && s[p+1] != '\n' {
				p++
			}
		case '(', '[', '{':
			depth++
		case ')', ']', '}':
			depth--
		case '"', '\'':
			end := stringEnd(s, p)
			if end < 0 {
				return p, false
			}
			p = end - 1
		}
		p++
	}
	return min(p, len(s)), depth <= 0
}

// stringEnd returns where the string that opens at p ends, or -1.
func stringEnd(s string, p int) int {
	quote := s[p : p+1]
	if triple := strings.Repeat(quote, 3); strings.HasPrefix(s[p:], triple) {
		quote = triple
	}
	for p += len(quote); p < len(s); p++ {
		switch {
		case s[p] == '\\':
			p++
		case strings.HasPrefix(s[p:], quote):
			return p + len(quote)
		case s[p] == '\n' && len(quote) == 1:
			return -1
		}
	}
	return -1
}

// importLine reports whether a statement only imports.
func importLine(text string) bool {
	return strings.HasPrefix(text, "import ") || strings.HasPrefix(text, "from ")
}

// readCheck reads code that defines check(candidate), where that does nothing
// but compare calls of the candidate with values.
func readCheck(source string) ([]asserted, bool) {
	lines, ok := statements(source)
	if !ok {
		return nil, false
	}
	var out []asserted
	var body string // its indentation
	inside, seen := false, false
	for _, line := range lines {
		if line.indent == "" {
			if inside && body == "" {
				return nil, false
			}
			inside = false
			switch {
			case strings.ReplaceAll(line.text, " ", "") == "defcheck(candidate):":
				if seen {
					return nil, false
				}
				inside, seen = true, true
			case importLine(line.text) && !strings.Contains(line.text, ";"), harmless(line.text), callsCheck(line.text):
			default:
				return nil, false
			}
			continue
		}
		if inside && body == "" {
			body = line.indent
		}
		if !inside || line.indent != body {
			return nil, false
		}
		if harmless(line.text) || line.text == "pass" || importLine(line.text) && !strings.Contains(line.text, ";") {
			continue
		}
		a, ok := readAssert(line.text)
		if !ok {
			return nil, false
		}
		if a.entry == "" {
			continue
		}
		if a.entry != "candidate" {
			return nil, false
		}
		out = append(out, a)
	}
	return out, len(out) > 0
}

// harmless reports whether a statement is a value, or gives one a name that no
// test needs.
func harmless(text string) bool {
	r := &pyReader{s: text}
	if _, ok := r.literal(); ok && r.end() {
		return true
	}
	r = &pyReader{s: text}
	if r.name() != "METADATA" || !r.take("=") {
		return false
	}
	_, ok := r.literal()
	return ok && r.end()
}

// callsCheck reports whether a statement is check(NAME).
func callsCheck(text string) bool {
	r := &pyReader{s: text}
	return r.word("check") && r.take("(") && r.name() != "" && r.take(")") && r.end()
}
