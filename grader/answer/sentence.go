package answer

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// sentence is the state of sentenceEnd.
type sentence struct {
	s       string
	begin   int
	line    int      // where the line that is being read ends
	missing []string // closing marks that are known not to come: none is looked for twice
}

// sentenceEnd returns where the sentence that begins at byte p ends: at a full
// stop, at the end of the line, or where a clause begins that only gives
// reasons. Mathematics, code and bold text are read over as a whole, and
// display mathematics may span lines. Inside bold text that began before p the
// sentence ends with it. keepDot reports that the sentence ends in the dot of
// an abbreviation.
func sentenceEnd(s string, p int, bold bool) (end int, keepDot bool) {
	r := sentence{s: s, begin: p, line: lineEnd(s, p)}
	for i := p; i < len(s); {
		if i > r.line {
			r.line = lineEnd(s, i)
		}
		c, before := s[i], i
		switch {
		case c == '\n':
			return i, false
		case strings.HasPrefix(s[i:], "**"):
			if bold {
				return i, false
			}
			i = r.over(i, "**", "**", r.line)
		case c == '`':
			i = r.over(i, "`", "`", r.line)
		case c == '"' && i == p:
			i = r.over(i, `"`, `"`, r.line)
		case strings.HasPrefix(s[i:], "$$"):
			i = r.over(i, "$$", "$$", len(s))
		case c == '$':
			i = r.overDollars(i)
		case strings.HasPrefix(s[i:], `\[`):
			i = r.over(i, `\[`, `\]`, len(s))
		case strings.HasPrefix(s[i:], `\(`):
			i = r.over(i, `\(`, `\)`, r.line)
		case c == '\\':
			if i++; i < len(s) && s[i] != '\n' {
				i++
			}
		case c == '{':
			i = r.overBraces(i)
		case c == '<' && i+1 < len(s) && (s[i+1] == '/' || s[i+1] == '|'):
			return i, false
		case c == '.':
			ends, abbreviation := r.dotEnds(i)
			if abbreviation {
				i++
			}
			if ends {
				return i, abbreviation
			}
			i++
		case c == '!':
			if r.exclaims(i) {
				return i, false
			}
			i++
		case c == '?':
			return i + 1, false
		case (c == ' ' || c == ',') && i > p && reasonBegins(s[i:]):
			return i, false
		case c < utf8.RuneSelf:
			i++
		default:
			x, n := utf8.DecodeRuneInString(s[i:])
			switch x {
			case '。', '！':
				return i, false
			case '？':
				return i + n, false
			case '“':
				i = r.over(i, "“", "”", r.line)
			case '«':
				i = r.over(i, "«", "»", r.line)
			case '「':
				i = r.over(i, "「", "」", r.line)
			default:
				i += n
			}
		}
		if i > before+2 && r.stoppedInside(i) {
			return i, false
		}
	}
	return len(s), false
}

// stoppedInside reports whether the sentence ended inside the quotation, the
// mathematics or the bold text that ends at byte i.
func (r *sentence) stoppedInside(i int) bool {
	if i+1 >= len(r.s) || r.s[i] != ' ' || !unicode.IsUpper(runeAt(r.s, i+1)) {
		return false
	}
	inside := strings.TrimRight(r.s[max(0, i-8):i], `"”»」*$)]}\`+"`")
	return strings.HasSuffix(inside, ".") || strings.HasSuffix(inside, "!") || strings.HasSuffix(inside, "?")
}

// over returns where the text between two marks ends or, where it is never
// closed before stop, where the opening mark ends.
func (r *sentence) over(i int, open, closing string, stop int) int {
	i += len(open)
	if slices.Contains(r.missing, closing) || i > stop {
		return i
	}
	if n := strings.Index(r.s[i:stop], closing); n >= 0 {
		return i + n + len(closing)
	}
	r.missing = append(r.missing, closing)
	return i
}

// overDollars tells mathematics from money as pandoc's extension
// tex_math_dollars does: no space behind the opening dollar, none before the
// closing one, and no digit behind that.
func (r *sentence) overDollars(i int) int {
	i++
	if i >= r.line || isSpace(runeAt(r.s, i)) || slices.Contains(r.missing, "$") {
		return i
	}
	for j := i + 1; j < r.line; j++ {
		if r.s[j] != '$' || r.s[j-1] == '\\' || r.s[j-1] == ' ' || r.s[j-1] == '\t' {
			continue
		}
		if j+1 == len(r.s) || !isDigit(r.s[j+1]) {
			return j + 1
		}
	}
	r.missing = append(r.missing, "$")
	return i
}

// overBraces reads over a balanced group, which may span lines.
func (r *sentence) overBraces(i int) int {
	if slices.Contains(r.missing, "}") {
		return i + 1
	}
	depth := 0
	for j := i; j < len(r.s); j++ {
		switch r.s[j] {
		case '\\':
			j++
		case '{':
			depth++
		case '}':
			if depth--; depth == 0 {
				return j + 1
			}
		}
	}
	r.missing = append(r.missing, "}")
	return i + 1
}

// dotEnds reports whether the dot at byte i ends the sentence, and whether it
// belongs to an abbreviation.
func (r *sentence) dotEnds(i int) (ends, abbreviation bool) {
	next := runeAt(r.s, i+1)
	if next != 0 && !isSpace(next) && !strings.ContainsRune(`"'”’)]}*_$`+"`", next) {
		return false, false
	}
	begin := i
	for begin > r.begin && i-begin < 12 && (isLetter(r.s[begin-1]) || r.s[begin-1] == '.') {
		begin--
	}
	word := r.s[begin:i]
	if dotted := len(word) >= 3 && word[len(word)-2] == '.'; dotted {
		// "3 p.m. The shop" ends here, and "3 p.m. on Monday" does not.
		after := strings.TrimLeft(r.s[i+1:min(len(r.s), i+9)], " *_")
		return after == "" || after[0] == '\n' || !unicode.IsLower(runeAt(after, 0)), true
	}
	switch strings.ToLower(word) {
	case "mr", "mrs", "ms", "dr", "st", "prof", "vs", "approx":
		return false, true
	}
	return len(word) != 1 || !r.initials(i), false
}

// initials reports whether the letter before the dot at byte i is one of
// several initials, as in J. K. Rowling.
func (r *sentence) initials(i int) bool {
	s := r.s
	first := i+3 < len(s) && s[i+1] == ' ' && isLetter(s[i+2]) && s[i+3] == '.'
	later := i-4 >= r.begin && s[i-2] == ' ' && s[i-3] == '.' && isLetter(s[i-4]) && (i-4 == r.begin || !isLetter(s[i-5]))
	return first || later
}

// exclaims tells an exclamation mark from a factorial.
func (r *sentence) exclaims(i int) bool {
	if i == r.begin {
		return true
	}
	if i-1 == r.begin || !isLetter(r.s[i-2]) {
		return !isLetter(r.s[i-1]) && !isDigit(r.s[i-1]) && r.s[i-1] != ')' && r.s[i-1] != '!' && r.s[i-1] != '}'
	}
	return isLetter(r.s[i-1])
}

// reasonBegins reports whether a clause begins that is no part of an answer.
func reasonBegins(s string) bool {
	clause, comma := strings.CutPrefix(s, ",")
	clause, ok := strings.CutPrefix(clause, " ")
	if !ok {
		return false
	}
	for _, word := range [...]string{"because ", "since "} {
		if strings.HasPrefix(clause, word) {
			return true
		}
	}
	if comma {
		for _, word := range [...]string{"which ", "where ", "so ", "as "} {
			if strings.HasPrefix(clause, word) {
				return true
			}
		}
	}
	return false
}

// peel narrows s[start:end] to the answer in it: it removes the full stop, and
// emphasis, quotation marks, the delimiters of mathematics and a box where they
// stand around the whole.
func peel(s string, start, end int, keepDot bool) (int, int) {
	for range 8 {
		start, end = unwrapEmphasis(s, start, end)
		from, to := start, end
		t := s[start:end]
		if keepDot {
			keepDot = false
		} else {
			t = strings.TrimRight(t, ".,;:。，；：、")
			t = strings.TrimSuffix(t, "です")
		}
		t = trimUnpaired(t)
		end = start + len(t)
		start, end = trim(s, start, end)
		if n, m := delimiters(s[start:end]); n > 0 {
			start, end = start+n, end-m
		}
		start, end = unboxAround(s, start, end)
		if start == from && end == to {
			break
		}
	}
	return trim(s, start, end)
}

// trimUnpaired removes what closes or opens something outside of t.
func trimUnpaired(t string) string {
	if strings.HasSuffix(t, "**") && strings.Count(t, "**")%2 == 1 {
		t = t[:len(t)-2]
	}
	for _, pair := range [...]string{"()", "[]", "{}"} {
		if strings.HasSuffix(t, pair[1:]) && !strings.ContainsAny(t, "([{") {
			t = t[:len(t)-1]
		}
	}
	return t
}

// delimiters returns the lengths of the marks that stand around the whole of
// t and nowhere in it.
func delimiters(t string) (before, after int) {
	for _, d := range [...][2]string{
		{"$$", "$$"}, {"$", "$"}, {`\(`, `\)`}, {`\[`, `\]`},
		{`"`, `"`}, {"“", "”"}, {"'", "'"}, {"‘", "’"}, {"«", "»"}, {"„", "“"}, {"「", "」"},
	} {
		if len(t) <= len(d[0])+len(d[1]) || !strings.HasPrefix(t, d[0]) || !strings.HasSuffix(t, d[1]) {
			continue
		}
		inside := t[len(d[0]) : len(t)-len(d[1])]
		if strings.Contains(inside, d[0]) || strings.Contains(inside, d[1]) {
			return 0, 0
		}
		return len(d[0]), len(d[1])
	}
	return 0, 0
}

// unboxAround returns the content of the box that is the whole of s[start:end].
func unboxAround(s string, start, end int) (int, int) {
	if start == end || boxCommand(s[start:end]) == 0 {
		return start, end
	}
	t := s[start:end]
	boxes := readBoxes(t)
	if len(boxes) == 0 || boxes[0].at != 0 || boxes[0].after != len(t) {
		return start, end
	}
	from, to := unbox(t, boxes, 0)
	return start + from, start + to
}
