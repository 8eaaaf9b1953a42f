package fence

import "strings"

// A Block is a fenced block of code.
type Block struct {
	// Tag is the first word of what stands behind the fence, in lower case.
	Tag string
	// Code is the content: lines that end with LF.
	Code string
	// Closed reports whether the block has an end.
	Closed bool
	// Heading is the last line of text before the block that is not blank.
	Heading string
}

// Blocks returns the fenced blocks of a text in order, in linear time. A block of
// Markdown stands for those in it.
func Blocks(text string) []Block {
	var blocks []Block
	for _, b := range outer(text) {
		if inner := []Block(nil); b.Tag == "markdown" || b.Tag == "md" {
			if inner = outer(b.Code); len(inner) > 0 {
				blocks = append(blocks, inner...)
				continue
			}
		}
		blocks = append(blocks, b)
	}
	return blocks
}

func outer(text string) []Block {
	text = unixLines(strings.TrimPrefix(text, "\ufeff"))
	var blocks []Block
	heading := ""
	glued := 0
	for p := 0; p < len(text); {
		end := lineEnd(text, p)
		f, ok := opening(text[p:end])
		if !ok {
			if line := strings.TrimSpace(text[p:end]); line != "" {
				heading = line
			}
			p = end + 1
			continue
		}
		b := Block{Tag: f.tag, Heading: heading}
		if f.before != "" {
			b.Heading = f.before
		}
		start := min(end+1, len(text))
		var stop int
		stop, p, b.Closed = f.closing(text, start, glued < maxGlued)
		if b.Closed && stop > 0 && text[stop-1] != '\n' {
			glued++
		}
		b.Code = f.content(text[start:stop])
		blocks = append(blocks, b)
		heading = ""
	}
	return blocks
}

func lineEnd(s string, p int) int {
	if i := strings.IndexByte(s[p:], '\n'); i >= 0 {
		return p + i
	}
	return len(s)
}

// A fence is what opens a block.
type fence struct {
	mark   byte
	length int
	indent string // what stands before it on its line: white space and quotation marks
	tag    string
	before string // the text before it on its line, if there is any
}

// opening reads the fence of a line.
func opening(line string) (fence, bool) {
	line = strings.TrimRight(line, " \t\r")
	p := skipMarks(line)
	f := fence{indent: indentation(line[:p])}
	rest := line[p:]
	if f.run(rest) {
		info := rest[f.length:]
		if f.mark == '`' && strings.IndexByte(info, '`') >= 0 {
			return f, false
		}
		f.tag = tagOf(info)
		return f, true
	}
	// Behind text, only a fence with one word behind it is one.
	at := strings.Index(line, "```")
	if at < 0 {
		return f, false
	}
	f.run(line[at:])
	info := line[at+f.length:]
	if info == "" || strings.ContainsAny(info, " \t`") {
		return f, false
	}
	f.before, f.indent, f.tag = strings.TrimSpace(line[:at]), "", tagOf(info)
	return f, f.tag != ""
}

// run reads the run of marks at the beginning of s.
func (f *fence) run(s string) bool {
	if !strings.HasPrefix(s, "```") && !strings.HasPrefix(s, "~~~") {
		return false
	}
	f.mark = s[0]
	f.length = len(s) - len(strings.TrimLeft(s, s[:1]))
	return true
}

// skipMarks returns where the text of a line begins behind white space, the
// marks of quotations, and one mark of a list item.
func skipMarks(line string) int {
	p := 0
	item := false
	for p < len(line) {
		switch c := line[p]; {
		case c == ' ' || c == '\t' || c == '>':
			p++
		case !item && (c == '-' || c == '*' || c == '+') && p+1 < len(line) && line[p+1] == ' ':
			item = true
			p += 2
		case !item && c >= '0' && c <= '9':
			q := p
			for q < len(line) && q-p < 9 && line[q] >= '0' && line[q] <= '9' {
				q++
			}
			if q+1 >= len(line) || line[q] != '.' && line[q] != ')' || line[q+1] != ' ' {
				return p
			}
			item = true
			p = q + 2
		default:
			return p
		}
	}
	return p
}

// indentation returns what the lines of a block have before them: the marks of
// a list item stand for as many spaces.
func indentation(before string) string {
	return strings.Map(func(r rune) rune {
		if r == ' ' || r == '\t' || r == '>' {
			return r
		}
		return ' '
	}, before)
}

// tagOf returns the first word of what stands behind a fence.
func tagOf(info string) string {
	info = strings.ToLower(strings.TrimSpace(info))
	if inner, ok := strings.CutPrefix(info, "{"); ok {
		inner, _, _ = strings.Cut(inner, "}")
		for word := range strings.FieldsFuncSeq(inner, func(r rune) bool { return r == ' ' || r == ',' || r == '\t' }) {
			if !strings.Contains(word, "=") && !strings.HasPrefix(word, "#") {
				return strings.TrimPrefix(word, ".")
			}
		}
		return ""
	}
	if i := strings.IndexAny(info, " \t,:;({["); i >= 0 {
		info = info[:i]
	}
	if strings.Contains(info, "=") {
		return ""
	}
	info = strings.TrimPrefix(strings.TrimPrefix(info, "language-"), "lang-")
	return strings.TrimPrefix(info, ".")
}

// maxGlued bounds how often the end of a block is looked for in the whole rest
// of the text and then found at the end of a line above.
const maxGlued = 16

// closing returns where the content ends and where the text goes on.
func (f *fence) closing(s string, start int, mayGlue bool) (stop, next int, closed bool) {
	glued := -1 // the end of the first line that ends with the mark
	// Fences within the code, as texts of documentation have them, stand deeper by 4 or
	// more, and in pairs. One alone is the end, out of its place.
	deep, first := 0, -1
	orGlued := func(p int) (stop, next int, closed bool) {
		if deep%2 == 1 && first >= 0 {
			return first, min(lineEnd(s, first)+1, len(s)), true
		}
		if glued >= 0 && mayGlue {
			return glued, min(lineEnd(s, glued)+1, len(s)), true
		}
		return p, p, false
	}
	for p := start; p < len(s); {
		end := lineEnd(s, p)
		line := strings.TrimRight(s[p:end], " \t\r")
		bare := strings.TrimLeft(line, " \t>")
		closes := len(bare) >= f.length && strings.Count(bare, string(rune(f.mark))) == len(bare)
		inner, opens := opening(line)
		opens = opens && inner.before == "" && inner.tag != "" && inner.mark == f.mark && inner.length >= f.length
		switch {
		case !closes && !opens:
		case mayGlue && width(line[:len(line)-len(bare)]) >= width(f.indent)+4 && (closes || deep%2 == 0):
			if deep++; first < 0 && closes {
				first = p
			}
		case closes && deep%2 == 0 || first < 0 && closes:
			return p, min(end+1, len(s)), true
		default:
			return orGlued(p)
		}
		if body := strings.TrimRight(line, string(rune(f.mark))); glued < 0 && len(line)-len(body) == f.length {
			glued = p + len(body)
		}
		p = end + 1
	}
	return orGlued(len(s))
}

// width returns how far white space leads: a tab counts as 4.
func width(space string) int { return len(space) + 3*strings.Count(space, "\t") }

// content returns the lines of a block without the fence's indentation, with a
// newline at the end.
func (f *fence) content(s string) string {
	s = strings.TrimRight(strings.TrimPrefix(strings.TrimSuffix(s, "\n"), "\ufeff"), "\r")
	if f.indent != "" {
		s = dedent(s, f.indent)
	}
	if strings.TrimSpace(s) == "" {
		return ""
	}
	return s + "\n"
}

// dedent removes the indent from every line, or from none. Quotation marks may
// have lost the space behind them.
func dedent(s, indent string) string {
	short := strings.TrimRight(indent, " \t")
	for line := range strings.SplitSeq(s, "\n") {
		if strings.TrimSpace(line) != "" && !strings.HasPrefix(line, indent) && line != short {
			return s
		}
	}
	var b strings.Builder
	b.Grow(len(s))
	first := true
	for line := range strings.SplitSeq(s, "\n") {
		if !first {
			b.WriteByte('\n')
		}
		first = false
		if cut, ok := strings.CutPrefix(line, indent); ok {
			b.WriteString(cut)
		}
	}
	return b.String()
}

// unixLines ends lines by \n alone, however many \r stand before it.
func unixLines(s string) string {
	if !strings.Contains(s, "\r") {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	for line := range strings.Lines(s) {
		text, ended := strings.CutSuffix(line, "\n")
		b.WriteString(strings.TrimRight(text, "\r"))
		if ended {
			b.WriteByte('\n')
		}
	}
	return b.String()
}
