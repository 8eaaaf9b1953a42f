package answer

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// lastNumber finds the last number, with its sign, percent sign and currency.
type lastNumber struct{}

func (lastNumber) find(b Body) result {
	return b.last(func(s string) result {
		n := numerals{s: s}
		n.read()
		if n.end == 0 {
			return miss("no number")
		}
		return hit(s, n.sign(), n.end, "the last number")
	})
}

// numerals reads text from the beginning and keeps the last number.
type numerals struct {
	s          string
	i          int
	start, end int  // of the last number, without its sign; end is 0 before the first
	whole      bool // it is a plain whole number, to which a fraction may be added
	groups     []digits
}

func (n *numerals) read() {
	for n.i < len(n.s) {
		c := n.s[n.i]
		switch {
		case isDigit(c):
			n.number()
		case c == '\\':
			if !n.latexFraction() {
				n.i++
			}
		case c < utf8.RuneSelf:
			n.i++
		default:
			r, size := utf8.DecodeRuneInString(n.s[n.i:])
			if isNumeral(r) {
				n.number()
			} else {
				n.i += size
			}
		}
	}
}

// isVulgar reports whether r is a fraction such as U+00BD.
func isVulgar(r rune) bool {
	return 0xbc <= r && r <= 0xbe || 0x2150 <= r && r <= 0x215e || r == 0x2189
}

func isNumeral(r rune) bool {
	return '0' <= r && r <= '9' || r >= utf8.RuneSelf && (unicode.IsDigit(r) || isVulgar(r))
}

// isAlphabetic reports whether r is a letter of a script that puts spaces
// between words, so that a digit next to it is part of a name.
func isAlphabetic(r rune) bool {
	if r < utf8.RuneSelf {
		return isLetter(byte(r))
	}
	return unicode.In(r, unicode.Latin, unicode.Greek, unicode.Cyrillic)
}

func isSuperscript(r rune) bool {
	return r == '²' || r == '³' || r == '¹' || r == '⁰' || 0x2074 <= r && r <= 0x2079 || r == '⁻' || r == '⁺' || r == 'ⁿ'
}

// digitsEnd returns where the digits that begin at byte i end.
func (n *numerals) digitsEnd(i int) int {
	for i < len(n.s) {
		if c := n.s[i]; c < utf8.RuneSelf {
			if !isDigit(c) {
				break
			}
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(n.s[i:])
		if !unicode.IsDigit(r) {
			break
		}
		i += size
	}
	return i
}

// number reads the number, or what only looks like one, that begins at n.i.
func (n *numerals) number() {
	begin := n.i
	before := runeBefore(n.s, begin)
	if isAlphabetic(before) && !n.behindCommand(begin) || n.raised(begin) {
		n.skipName()
		return
	}
	point := before == '.' && leadsDecimals(n.s, begin-1)
	end := n.group(begin)
	start, ok := n.accept(point)
	if point {
		start--
	}
	whole := ok && len(n.groups) == 1 && !point
	if r := runeAt(n.s, end); isVulgar(r) && (whole || end == begin) {
		end += utf8.RuneLen(r)
		ok, whole = true, false
	}
	if after := n.glued(begin, end); after > end {
		n.i = after // a date, a time or a ratio
		return
	}
	n.i = end
	if !ok {
		return
	}
	if after, fraction := n.fraction(end); fraction {
		if whole && n.mixes(start) {
			start = n.start
		}
		end, whole = after, false
	} else if after := n.exponents(end); after > end {
		end, whole = after, false
	} else if after < 0 {
		n.skipName()
		return
	}
	if after, isName := n.word(end); isName {
		n.i = after
		return
	}
	if after := n.timesPower(end); after > end {
		end, whole = after, false
	}
	n.i = n.suffix(end)
	n.start, n.end, n.whole = start, n.i, whole && n.i == end
}

// behindCommand reports whether a LaTeX command ends before byte i: \approx5.
func (n *numerals) behindCommand(i int) bool {
	const longest = 24
	word := strings.TrimRightFunc(n.s[max(0, i-longest):i], isAlphabetic)
	return strings.HasSuffix(word, `\`)
}

// raised reports whether byte i begins an exponent or an index: x^2, x_{2}.
func (n *numerals) raised(i int) bool {
	if i > 0 && n.s[i-1] == '{' {
		i--
	}
	switch runeBefore(n.s, i) {
	case '^':
		return true
	case '_': // or emphasis
		r := runeBefore(n.s, i-1)
		return unicode.IsLetter(r) || unicode.IsDigit(r) || r == '}' || r == ')'
	}
	return false
}

// leadsDecimals reports whether the point at byte i begins a number: ".5".
func leadsDecimals(s string, i int) bool {
	r := runeBefore(s, i)
	return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '.' && r != ')' && r != ']' && r != '}'
}

// skipName skips the letters and digits that come next.
func (n *numerals) skipName() {
	for n.i < len(n.s) {
		r, size := utf8.DecodeRuneInString(n.s[n.i:])
		if !isAlphabetic(r) && !isNumeral(r) {
			break
		}
		n.i += size
	}
}

// fraction reads "/" and a denominator.
func (n *numerals) fraction(i int) (int, bool) {
	r := runeAt(n.s, i)
	if r != '/' && r != '⁄' {
		return i, false
	}
	i += utf8.RuneLen(r)
	if end := n.digitsEnd(i); end > i {
		if end+1 < len(n.s) && n.s[end] == '.' && isDigit(n.s[end+1]) {
			end = n.digitsEnd(end + 1)
		}
		return end, true
	}
	return i, false
}

// mixes reports whether the last number is a whole one that stands one space
// before byte i: 2 1/2.
func (n *numerals) mixes(i int) bool {
	return n.whole && n.end > 0 && n.end == i-1 && n.s[n.end] == ' '
}

// exponents reads e-3, ^5, ^{5}, **5, a base such as _7, and superscripts. It
// returns -1 where an exponent is no number.
func (n *numerals) exponents(i int) int {
	if i < len(n.s) && (n.s[i] == 'e' || n.s[i] == 'E') {
		if end := n.integer(i + 1); end > i+1 && !isAlphabetic(runeAt(n.s, end)) {
			i = end
		}
	}
	for i < len(n.s) {
		rest := n.s[i:]
		mark := 0
		switch {
		case strings.HasPrefix(rest, `^\circ`) || strings.HasPrefix(rest, `^{\circ}`):
			return i
		case rest[0] == '^' || rest[0] == '_':
			mark = 1
		case strings.HasPrefix(rest, "**") && n.integer(i+2) > i+2:
			mark = 2
		}
		if mark == 0 {
			r, size := utf8.DecodeRuneInString(rest)
			if !isSuperscript(r) {
				break
			}
			i += size
			continue
		}
		end := n.exponent(i + mark)
		if end < 0 {
			if rest[0] == '_' && (len(rest) == 1 || !isLetter(rest[1]) && rest[1] != '{') {
				break // emphasis that ends
			}
			n.i = i + mark
			return -1
		}
		i = end
	}
	return i
}

// exponent reads a whole number, in braces or not, and returns -1 for
// anything else.
func (n *numerals) exponent(i int) int {
	braced := i < len(n.s) && (n.s[i] == '{' || n.s[i] == '(')
	from := i
	if braced {
		from++
	}
	end := n.integer(from)
	if end == from {
		return -1
	}
	if braced {
		if end == len(n.s) || n.s[end] != '}' && n.s[end] != ')' {
			return -1
		}
		end++
	}
	return end
}

// integer reads a whole number with its sign; it returns i where there is none.
func (n *numerals) integer(i int) int {
	from := i
	switch r := runeAt(n.s, i); r {
	case '-', '+', '−':
		from += utf8.RuneLen(r)
	}
	if end := n.digitsEnd(from); end > from {
		return end
	}
	return i
}

// word reads the letters behind a number and reports whether they make it a
// name, such as 3D2 and 0x1F, or an ordinal.
func (n *numerals) word(i int) (int, bool) {
	end := i
	for end < len(n.s) {
		r, size := utf8.DecodeRuneInString(n.s[end:])
		if !isAlphabetic(r) {
			break
		}
		end += size
	}
	if end == i {
		return i, false
	}
	if isNumeral(runeAt(n.s, end)) {
		n.i = end
		n.skipName()
		return n.i, true
	}
	switch strings.ToLower(n.s[i:min(end, i+3)]) {
	case "st", "nd", "rd", "th":
		return end, true
	}
	return i, false
}

// timesPower reads the second half of 1.5 × 10^3.
func (n *numerals) timesPower(i int) int {
	rest := strings.TrimPrefix(n.s[i:], " ")
	for _, times := range [...]string{"×", "*", "x", `\times`, `\cdot`, "·", "⋅"} {
		t, ok := strings.CutPrefix(rest, times)
		if !ok {
			continue
		}
		t = strings.TrimPrefix(t, " ")
		if !strings.HasPrefix(t, "10") || len(t) == 2 || isDigit(t[2]) {
			continue
		}
		ten := len(n.s) - len(t) + 2
		if end := n.exponents(ten); end > ten {
			return end
		}
	}
	return i
}

// suffix reads a percent or currency sign, also behind a space.
func (n *numerals) suffix(i int) int {
	j := i
	if r := runeAt(n.s, j); r == ' ' || r == '\u00a0' || r == '\u2009' || r == '\u202f' {
		j += utf8.RuneLen(r)
	}
	if strings.HasPrefix(n.s[j:], `\%`) {
		return j + 2
	}
	switch r := runeAt(n.s, j); r {
	case '%', '％', '‰', '€', '£', '¥', '₹', '₽', '₩', '¢':
		return j + utf8.RuneLen(r)
	}
	return i
}

// latexFraction reads \frac{1}{2} and its kin, with a whole number before it.
func (n *numerals) latexFraction() bool {
	for _, name := range [...]string{`\frac`, `\dfrac`, `\tfrac`, `\cfrac`} {
		if !strings.HasPrefix(n.s[n.i:], name) {
			continue
		}
		end := n.argument(n.i + len(name))
		if end < 0 {
			return false
		}
		if end = n.argument(end); end < 0 {
			return false
		}
		start := n.i
		if n.whole && n.end > 0 && n.end == start {
			start = n.start
		}
		n.i = n.suffix(end)
		n.start, n.end, n.whole = start, n.i, false
		return true
	}
	return false
}

// argument reads one digit, or a number in braces, and returns -1 for anything
// else.
func (n *numerals) argument(i int) int {
	if i < len(n.s) && isDigit(n.s[i]) {
		return i + 1
	}
	if i >= len(n.s) || n.s[i] != '{' {
		return -1
	}
	for i++; i < len(n.s) && n.s[i] == ' '; {
		i++
	}
	from := i
	if i = n.integer(i); i == from {
		return -1
	}
	for i+1 < len(n.s) && (n.s[i] == '.' || n.s[i] == ',') && isDigit(n.s[i+1]) {
		i = n.digitsEnd(i + 1)
	}
	for i < len(n.s) && n.s[i] == ' ' {
		i++
	}
	if i == len(n.s) || n.s[i] != '}' {
		return -1
	}
	return i + 1
}
