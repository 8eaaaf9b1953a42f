package answer

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// digits are the digits between two separators of a number.
type digits struct {
	separator  rune // before them; 0 for the first, ' ' for all kinds of spaces
	start, end int
}

// group reads digits with the separators between them into n.groups, and
// returns where they end.
func (n *numerals) group(i int) int {
	n.groups = n.groups[:0]
	separator := rune(0)
	for {
		end := n.digitsEnd(i)
		n.groups = append(n.groups, digits{separator, i, end})
		next := end
		separator, next = n.separator(end)
		if separator == 0 {
			return end
		}
		i = next
	}
}

// separator reads a separator that digits follow. Those that may also be
// something else must be followed by exactly three.
func (n *numerals) separator(i int) (rune, int) {
	if i >= len(n.s) {
		return 0, i
	}
	r, size := utf8.DecodeRuneInString(n.s[i:])
	three := true
	switch r {
	case '.', ',':
		three = false
	case '\'', '’', '_':
	case '\u00a0', '\u2009', '\u202f':
		r = ' '
	case '{':
		if !strings.HasPrefix(n.s[i:], "{,}") {
			return 0, i
		}
		r, size = ',', 3
	case '\\':
		if !strings.HasPrefix(n.s[i:], `\,`) {
			return 0, i
		}
		r, size = ' ', 2
	default:
		return 0, i
	}
	i += size
	count := 0
	for j := i; j < len(n.s) && count < 4; count++ {
		d, size := utf8.DecodeRuneInString(n.s[j:])
		if !unicode.IsDigit(d) {
			break
		}
		j += size
	}
	if count == 0 || three && count != 3 {
		return 0, i
	}
	return r, i
}

// accept reports whether the groups are one number, and where it begins. Of a
// list such as 1,2,3 the last one is it; a version such as 1.2.3 is none. One
// comma that is no thousands separator is left to the reader: 3,14.
func (n *numerals) accept(point bool) (int, bool) {
	g := n.groups
	if point {
		return g[0].start, len(g) == 1
	}
	if len(g) == 1 || len(g) == 2 && (g[1].separator == '.' || g[1].separator == ',') || grouped(g, n.s) {
		return g[0].start, true
	}
	for i := len(g) - 1; i > 0; i-- {
		if g[i].separator != '.' {
			g = g[i:]
			break
		}
	}
	n.groups = g
	return g[0].start, len(g) <= 2
}

// grouped reports whether the separators group thousands, with or without
// decimals behind them: 1,234,567.89 or 1.234.567,89 or 12,34,567.
func grouped(g []digits, s string) bool {
	sep := g[1].separator
	whole := g
	if last := g[len(g)-1].separator; last != sep && (last == '.' || last == ',') {
		whole = g[:len(g)-1]
	}
	first := utf8.RuneCountInString(s[g[0].start:g[0].end])
	size := func(d digits) int { return utf8.RuneCountInString(s[d.start:d.end]) }
	same := func(want int, g []digits) bool {
		return !slices.ContainsFunc(g, func(d digits) bool { return d.separator != sep || size(d) != want })
	}
	if first > 3 || len(whole) < 2 {
		return false
	}
	middle, last := whole[1:len(whole)-1], whole[len(whole)-1:]
	return same(3, last) && (same(3, middle) || sep == ',' && first <= 2 && same(2, middle))
}

// glued returns where a date, a time or a ratio ends, or end.
func (n *numerals) glued(begin, end int) int {
	if len(n.groups) > 1 || end >= len(n.s) {
		return end
	}
	mark := n.s[end]
	if mark != '-' && mark != '/' && mark != ':' {
		return end
	}
	var sizes [4]int
	sizes[0] = end - begin
	parts, after := 1, end
	for after+1 < len(n.s) && n.s[after] == mark && isDigit(n.s[after+1]) && (mark != '-' || parts < len(sizes)) {
		next := n.digitsEnd(after + 1)
		if parts < len(sizes) {
			sizes[parts] = next - after - 1
			parts++
		}
		after = next
	}
	switch {
	case mark == ':' && parts > 1, mark == '/' && parts > 2:
		return after
	case mark == '-' && parts == 3 && (sizes[0] == 4 && sizes[2] <= 2 || sizes[0] <= 2 && sizes[2] == 4) && sizes[1] <= 2:
		return after
	}
	return end
}
