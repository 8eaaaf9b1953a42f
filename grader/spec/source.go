package spec

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

const (
	maxSpecBytes = 1 << 20
	maxDepth     = 64 // of lists and mappings inside each other
)

// A place is where something begins in the text of a spec.
type place struct {
	line, col int // from 1; columns count characters
}

func (p place) less(q place) bool { return p.line < q.line || p.line == q.line && p.col < q.col }

// A source is the text of a spec, with its lines.
type source struct {
	name   string
	text   string
	starts []int // byte offsets of the lines
}

// newSource drops a byte order mark and makes CRLF a line feed, as YAML does.
func newSource(name string, text []byte) *source {
	t := strings.TrimPrefix(string(text), "\ufeff")
	if strings.Contains(t, "\r\n") {
		t = strings.ReplaceAll(t, "\r\n", "\n")
	}
	s := &source{name: name, text: t, starts: []int{0}}
	for i := range len(t) {
		if t[i] == '\n' {
			s.starts = append(s.starts, i+1)
		}
	}
	return s
}

// line returns a line, counted from 1, without its line feed.
func (s *source) line(n int) string {
	if n < 1 || n > len(s.starts) {
		return ""
	}
	rest := s.text[s.starts[n-1]:]
	if i := strings.IndexByte(rest, '\n'); i >= 0 {
		rest = rest[:i]
	}
	return rest
}

// offset returns the byte offset of p, or of the end of its line.
func (s *source) offset(p place) int {
	if p.line < 1 || p.line > len(s.starts) {
		return len(s.text)
	}
	line := s.line(p.line)
	col := 1
	for i := range line {
		if col == p.col {
			return s.starts[p.line-1] + i
		}
		col++
	}
	return s.starts[p.line-1] + len(line)
}

// place returns the place of a byte offset.
func (s *source) place(offset int) place {
	w := walker{s: s}
	return w.place(offset)
}

// A walker finds the places of rising byte offsets in one pass over the text.
type walker struct {
	s    *source
	line int // counted from 0
	at   int // the offset that was reached in that line
	col  int // characters of the line before at
}

func (w *walker) place(offset int) place {
	offset = min(offset, len(w.s.text))
	for w.line+1 < len(w.s.starts) && w.s.starts[w.line+1] <= offset {
		w.line++
		w.at, w.col = w.s.starts[w.line], 0
	}
	w.col += utf8.RuneCountInString(w.s.text[w.at:max(w.at, offset)])
	w.at = max(w.at, offset)
	return place{w.line + 1, w.col + 1}
}

// check refuses what no reader should guess about: other encodings and control
// characters.
func (s *source) check() (place, error) {
	if strings.HasPrefix(s.text, "\xff\xfe") || strings.HasPrefix(s.text, "\xfe\xff") {
		return place{1, 1}, fmt.Errorf("the text is UTF-16: save it as UTF-8")
	}
	for i, c := range s.text {
		switch {
		case c == utf8.RuneError:
			if _, n := utf8.DecodeRuneInString(s.text[i:]); n == 1 {
				return s.place(i), fmt.Errorf("the text is not valid UTF-8: save it as UTF-8")
			}
		case c == '\r':
			return s.place(i), fmt.Errorf("a carriage return without a line feed: end lines with LF or CRLF")
		case c < ' ' && c != '\t' && c != '\n', c >= 0x7f && c < 0xa0:
			return s.place(i), fmt.Errorf(`control character %U: remove it, or write it as \u%04x in double quotes`, c, c)
		}
	}
	return place{}, nil
}
