package answer

import "strings"

// code finds the content of the last fenced code block.
type code struct{}

func (code) find(b Body) result { return b.last(lastFence) }

// A fence is what opens a code block.
type fence struct {
	mark   byte   // "`" or "~"
	length int    // how many of them
	indent string // the white space before it
	at     int    // where it stands
	start  int    // where the line below it begins
}

func lastFence(s string) result {
	var last result
	found, blocks := false, 0
	for p := 0; p < len(s); {
		f, ok := fenceAt(s, p)
		if !ok {
			p = lineEnd(s, p) + 1
			continue
		}
		end, next := f.close(s)
		if !blank(s[f.start:end]) {
			last, found = f.content(s, end), true
			blocks++
		}
		p = next
	}
	if !found {
		return miss("no fenced code block with text in it")
	}
	last.why = "the last code block" + ofMany(blocks)
	return last
}

// fencedBlock returns the content of the block that f opens.
func fencedBlock(s string, f fence) result {
	end, _ := f.close(s)
	if blank(s[f.start:end]) {
		return damaged(f.at, "the code block is empty")
	}
	return f.content(s, end)
}

// fenceAt reads the fence on the line that begins at byte p, as CommonMark
// wants it but for the indentation, which may be of any depth. A fence that
// names a language also counts behind text: "Here it is: ```python".
func fenceAt(s string, p int) (fence, bool) {
	end := lineEnd(s, p)
	line := strings.TrimRight(s[p:end], " \t\r")
	f := fence{start: min(end+1, len(s))}
	text := strings.TrimLeft(strings.TrimPrefix(line, "\ufeff"), " \t")
	f.indent = strings.TrimPrefix(line[:len(line)-len(text)], "\ufeff")
	if text == "" {
		return f, false
	}
	f.mark, f.at = text[0], p+len(line)-len(text)
	if f.mark != '`' && f.mark != '~' {
		return f.behindText(line, p)
	}
	info := strings.TrimLeft(text, text[:1])
	f.length = len(text) - len(info)
	if f.length < 3 {
		return f.behindText(line, p)
	}
	return f, f.mark != '`' || strings.IndexByte(info, '`') < 0
}

func (f fence) behindText(line string, p int) (fence, bool) {
	n := strings.Index(line, "```")
	if n < 0 {
		return f, false
	}
	info := strings.TrimLeft(line[n:], "`")
	if info == "" || strings.ContainsAny(info, " \t`") {
		return f, false
	}
	f.mark, f.length, f.indent, f.at = '`', len(line)-n-len(info), "", p+n
	return f, true
}

// close returns where the content ends and where the text goes on. A block
// that is never closed runs to the end.
func (f fence) close(s string) (end, next int) {
	for p := f.start; p < len(s); {
		stop := lineEnd(s, p)
		line := strings.Trim(s[p:stop], " \t\r")
		if len(line) >= f.length && strings.Trim(line, string(rune(f.mark))) == "" {
			return p, min(stop+1, len(s))
		}
		p = stop + 1
	}
	return len(s), len(s)
}

// content returns the text without the blank lines around it. The indentation
// of the fence is removed if every line has it; that of the first line is part
// of the code and stays.
func (f fence) content(s string, end int) result {
	start := f.start
	for {
		stop := lineEnd(s, start)
		if !blank(s[start:stop]) {
			break
		}
		start = stop + 1
	}
	end = start + len(strings.TrimRightFunc(s[start:end], isSpace))
	r := result{ok: true, start: start, end: end}
	text := s[start:end]
	plain := strings.ReplaceAll(text, "\r\n", "\n")
	if f.indent != "" {
		plain = dedent(plain, f.indent)
	}
	if plain != text {
		r.text, r.decoded = plain, true
	}
	return r
}

// dedent removes indent from every line, or from none.
func dedent(s, indent string) string {
	for line := range strings.SplitSeq(s, "\n") {
		if !blank(line) && !strings.HasPrefix(line, indent) {
			return s
		}
	}
	var w strings.Builder
	w.Grow(len(s))
	for line := range strings.Lines(s) {
		if t, ok := strings.CutPrefix(line, indent); ok {
			line = t
		} else {
			line = strings.TrimLeft(line, " \t")
		}
		w.WriteString(line)
	}
	return w.String()
}
