package number

import (
	"bytes"
	"math/big"
)

// longestBlock bounds the digits that are looked for as a block that repeats.
const longestBlock = 64

// literal is a number as it stands in the text, without a sign: 1,234.50,
// .5, 1.5e-3, 0.1(6).
type literal struct {
	digits []byte // ASCII
	scale  int    // how many of them stand behind the decimal mark
	period int    // how many of them, the last, repeat for ever
	exp    int64

	point   bool // a decimal mark, an exponent or a period was written
	dangles bool // the decimal mark is the last character: "5."
	spaced  bool // groups are parted by ordinary spaces
	listed  bool // groups are parted by bare commas
}

// literal reads the number that begins at src[i] and returns where it ends.
func (l *lexer) literal(i int) (literal, int, error) {
	var n literal
	n.digits = l.digits[:0]
	i, err := l.groups(&n, i)
	if err != nil {
		return n, i, err
	}
	if i, err = l.fraction(&n, i); err != nil {
		return n, i, err
	}
	if i, err = l.exponent(&n, i); err != nil {
		return n, i, err
	}
	l.digits = n.digits[:0]
	if len(n.digits) > MaxDigits {
		return n, i, ErrTooLong
	}
	return n, i, nil
}

// groups reads the digits before the decimal mark.
func (l *lexer) groups(n *literal, i int) (int, error) {
	first := i
	for i < len(l.src) && isDigit(l.src[i]) {
		n.digits = append(n.digits, byte(l.src[i]))
		i++
	}
	size := i - first
	if size < 1 || size > 3 || n.digits[0] == '0' {
		return i, nil
	}
	sep, _ := l.separator(i)
	if sep == 0 {
		return i, nil
	}
	twos, threes, last := 0, 0, 0
	j := i
	for {
		s, w := l.separator(j)
		if s != sep || w == 0 {
			break
		}
		run := l.digitRun(j + w)
		switch {
		case run == 3:
			threes++
		case run == 2 && sep == ',':
			twos++
		default:
			run = 0
		}
		if run == 0 {
			break
		}
		n.spaced = n.spaced || l.src[j] == ' '
		n.listed = n.listed || l.src[j] == ',' && w == 1
		for _, r := range l.src[j+w : j+w+run] {
			n.digits = append(n.digits, byte(r))
		}
		j, last = j+w+run, run
	}
	// Groups of three, or the Indian way: twos, and three at the end.
	if twos > 0 && (size > 2 || threes != 1 || last != 3) {
		return i, ErrGroups
	}
	if s, w := l.separator(j); s == sep && s != ' ' && l.digitRun(j+w) > 0 {
		return j, ErrGroups
	}
	return j, nil
}

// separator returns the class of the mark at src[i] that may part groups of
// digits, and its width; ' ' stands for spaces of all kinds.
func (l *lexer) separator(i int) (class rune, width int) {
	if i >= len(l.src) {
		return 0, 0
	}
	switch r := l.src[i]; {
	case r == l.f.group():
		if end := l.negativeSpace(i + 1); end > 0 {
			return r, end - i
		}
		return r, 1
	case r == '{' && i+2 < len(l.src) && l.src[i+1] == l.f.group() && l.src[i+2] == '}':
		return l.f.group(), 3
	case r == ' ' || r == thinSpace:
		return ' ', 1
	case r == '\\' && i+1 < len(l.src) && (l.src[i+1] == ',' || l.src[i+1] == ';' || l.src[i+1] == ':' || l.src[i+1] == ' '):
		return ' ', 2
	case r == '\'' || r == '_':
		return r, 1
	case r == '\\' && l.has(i+1, "_"):
		return '_', 2
	}
	return 0, 0
}

// negativeSpace returns the end of a \! at src[i], which typesetters put behind
// the comma that groups digits, with at most one space on either side; else 0.
func (l *lexer) negativeSpace(i int) int {
	if l.has(i, " ") {
		i++
	}
	if !l.has(i, `\!`) {
		return 0
	}
	if i += 2; l.has(i, " ") {
		i++
	}
	return i
}

func (l *lexer) has(i int, s string) bool {
	for k, r := range []byte(s) {
		if i+k >= len(l.src) || l.src[i+k] != rune(r) {
			return false
		}
	}
	return true
}

// digitRun returns how many digits stand at src[i].
func (l *lexer) digitRun(i int) int {
	n := 0
	for i+n < len(l.src) && isDigit(l.src[i+n]) {
		n++
	}
	return n
}

// fraction reads the decimal mark and what follows it.
func (l *lexer) fraction(n *literal, i int) (int, error) {
	if l.has(i, "..") {
		return i, ErrTrailsOff
	}
	mark := l.f.decimal()
	width := 0
	switch {
	case i < len(l.src) && l.src[i] == mark:
		width = 1
	case mark == ',' && l.has(i, "{,}"):
		width = 3
	default:
		return i, nil
	}
	run := l.digitRun(i + width)
	if run == 0 {
		if end, err := l.period(n, i+width); err != nil || end > i+width {
			n.point = true
			return end, err
		}
		if mark == '.' && len(n.digits) > 0 {
			n.point, n.dangles = true, true
			return i + 1, nil
		}
		return i, nil // a comma after the number
	}
	n.point = true
	i += width
	for {
		for _, r := range l.src[i : i+run] {
			n.digits = append(n.digits, byte(r))
		}
		n.scale += run
		i += run
		// Digits behind the mark come in threes, the last group may be short.
		s, w := l.separator(i)
		if next := l.digitRun(i + w); run == 3 && (s == ' ' || s == '_') && next >= 1 && next <= 3 {
			i, run = i+w, next
			continue
		}
		break
	}
	if i < len(l.src) && l.src[i] == mark && l.digitRun(i+1) > 0 {
		return i, ErrGroups
	}
	if end := l.dots(i); end > i {
		n.period = repeated(n.digits[len(n.digits)-n.scale:])
		return end, nil
	}
	return l.period(n, i)
}

// repeated returns the length of the shortest block of digits that stands at the
// end of decimals again and again, and so goes on when dots follow: twice or more
// often, with three digits or more in all. It is 0 where there is none.
func repeated(decimals []byte) int {
	for n := 1; n <= len(decimals)/2 && n <= longestBlock; n++ {
		end := len(decimals) - n
		if bytes.Equal(decimals[end-n:end], decimals[end:]) && (n > 1 || end >= 2 && decimals[end-2] == decimals[end]) {
			return n
		}
	}
	return 0
}

// dots returns the end of an ellipsis at src[i], or i.
func (l *lexer) dots(i int) int {
	if l.has(i, "...") {
		return i + 3
	}
	if name, end := l.command(i); name == "ldots" || name == "dots" || name == "cdots" {
		return end
	}
	return i
}

// period reads repeating decimals: \overline{36}, (36), or digits with a bar
// above each, and returns i where there are none.
func (l *lexer) period(n *literal, i int) (int, error) {
	if i >= len(l.src) {
		return i, nil
	}
	open, shut := i, rune(0)
	switch l.src[i] {
	case '(':
		open, shut = i+1, ')'
	case '\\':
		if name, end := l.command(i); (name == "overline" || name == "bar") && end < len(l.src) && l.src[end] == '{' {
			open, shut = end+1, '}'
		}
	case '\u0304', '\u0305': // the bar over the digit before
		return l.barred(n, i)
	}
	if shut == 0 {
		return i, nil
	}
	run := l.digitRun(open)
	if run == 0 || open+run >= len(l.src) || l.src[open+run] != shut {
		return i, nil
	}
	n.period = run
	n.scale += run
	for _, r := range l.src[open : open+run] {
		n.digits = append(n.digits, byte(r))
	}
	return open + run + 1, nil
}

// barred reads the rest of digits that carry a bar each; the first of them
// has been read already.
func (l *lexer) barred(n *literal, i int) (int, error) {
	if n.scale == 0 {
		return i, ErrExpression
	}
	n.period = 1
	i++
	for i+1 < len(l.src) && isDigit(l.src[i]) && (l.src[i+1] == '\u0304' || l.src[i+1] == '\u0305') {
		n.digits = append(n.digits, byte(l.src[i]))
		n.scale++
		n.period++
		i += 2
	}
	return i, nil
}

// exponent reads e-3.
func (l *lexer) exponent(n *literal, i int) (int, error) {
	if i >= len(l.src) || l.src[i] != 'e' && l.src[i] != 'E' || n.dangles {
		return i, nil
	}
	j := i + 1
	minus := false
	if j < len(l.src) && (l.src[j] == '-' || l.src[j] == '+') {
		minus = l.src[j] == '-'
		j++
	}
	run := l.digitRun(j)
	if run == 0 || j+run < len(l.src) && isLetter(l.src[j+run]) {
		return i, nil
	}
	e, err := smallInt(l.src[j : j+run])
	if err != nil {
		return i, err
	}
	if minus {
		e = -e
	}
	n.exp, n.point = e, true
	return j + run, nil
}

// smallInt reads an exponent.
func smallInt(digits []rune) (int64, error) {
	var e int64
	for _, r := range digits {
		if e = e*10 + int64(r-'0'); e > maxExponent {
			return 0, ErrExponent
		}
	}
	return e, nil
}

// value returns the number.
func (n literal) value() Value {
	if n.period == 0 {
		v := Value{num: integer(n.digits)}
		if v.Sign() == 0 {
			return Value{}
		}
		v.exp = n.exp - int64(n.scale)
		return v
	}
	// a.b(c) is (abc - ab) / (99..9 times the power of ten of b).
	once := n.digits[:len(n.digits)-n.period]
	num := integer(n.digits)
	num.Sub(num, integer(once))
	if num.Sign() == 0 {
		return Value{}
	}
	nines := powerOfTen(int64(n.period))
	nines.Sub(nines, big.NewInt(1))
	return Value{num: num, den: nines, exp: n.exp - int64(n.scale-n.period)}
}

func integer(digits []byte) *big.Int {
	for len(digits) > 0 && digits[0] == '0' {
		digits = digits[1:]
	}
	if len(digits) <= 18 {
		var n int64
		for _, c := range digits {
			n = n*10 + int64(c-'0')
		}
		return big.NewInt(n)
	}
	n, _ := new(big.Int).SetString(string(digits), 10)
	return n
}
