package mathexpr

import (
	"math/big"
	"strconv"
	"strings"
)

// number reads a number with its thousands separators, decimal places,
// repeating digits and exponent.
func (l *lexer) number() error {
	start := l.at
	whole, grouped := l.whole()
	digits := whole
	places, decimal := 0, false
	if l.opt.DecimalComma && !grouped && l.at+1 < len(l.src) && l.src[l.at] == ',' && isDigit(l.src[l.at+1]) ||
		l.at+1 < len(l.src) && l.src[l.at] == '.' && isDigit(l.src[l.at+1]) ||
		l.at < len(l.src) && l.src[l.at] == '.' && repeats(l.src[l.at+1:]) {
		l.at++
		n := 0
		for l.at+n < len(l.src) && isDigit(l.src[l.at+n]) {
			n++
		}
		digits += l.src[l.at : l.at+n]
		places, decimal = n, true
		l.at += n
	}
	if len(digits) > MaxDigits {
		return ErrTooLong
	}
	base := whole
	if decimal || l.at-start != len(whole) {
		base = ""
	}
	num := &Number{Places: places, Decimal: decimal, Grouped: grouped}
	v, ok := decimalValue(digits, places)
	if !ok {
		return errSyntax
	}
	num.Val = v
	num.Digits = len(strings.TrimLeft(digits, "0"))
	if decimal {
		l.repeating(num, digits, places)
	}
	l.exponent(num)
	l.emit(tNum, whole)
	last := &l.out[len(l.out)-1]
	last.num, last.base = num, base
	return nil
}

// repeats reports whether repeating digits follow the decimal point.
func repeats(s string) bool {
	for _, cmd := range [...]string{`\overline{`, `\bar{`, `\dot{`, `(`} {
		if r, ok := strings.CutPrefix(s, cmd); ok {
			return r != "" && isDigit(r[0])
		}
	}
	return false
}

// decimalValue returns the value of digits of which the last stand behind the
// decimal point.
func decimalValue(digits string, places int) (*big.Rat, bool) {
	if digits == "" {
		digits = "0"
	}
	if len(digits) < 18 {
		n, err := strconv.ParseInt(digits, 10, 64)
		if err != nil {
			return nil, false
		}
		if places == 0 {
			return new(big.Rat).SetInt64(n), true
		}
		d := int64(1)
		for range places {
			d *= 10
		}
		return big.NewRat(n, d), true
	}
	n, ok := new(big.Int).SetString(digits, 10)
	if !ok {
		return nil, false
	}
	return new(big.Rat).SetFrac(n, pow10(places)), true
}

func pow10(n int) *big.Int { return new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(n)), nil) }

// whole reads the digits before the decimal point. Thousands may be separated
// by commas, or by the spaces that LaTeX has for it.
func (l *lexer) whole() (digits string, grouped bool) {
	n := 0
	for l.at+n < len(l.src) && isDigit(l.src[l.at+n]) {
		n++
	}
	digits = l.src[l.at : l.at+n]
	l.at += n
	if n == 0 || n > 3 || digits[0] == '0' {
		return digits, false
	}
	var b strings.Builder
	style := ""
	for {
		sep, length := l.separator()
		if sep == "" || style != "" && sep != style {
			break
		}
		r := l.src[l.at+length:]
		if len(r) < 3 || !isDigit(r[0]) || !isDigit(r[1]) || !isDigit(r[2]) || len(r) > 3 && isDigit(r[3]) {
			break
		}
		if sep == "," && (l.opt.SplitThousands || l.lists > 0) {
			break
		}
		if style == "" {
			b.WriteString(digits)
		}
		style = sep
		b.WriteString(r[:3])
		l.at += length + 3
	}
	if style == "" {
		return digits, false
	}
	return b.String(), style == ","
}

// separator returns what kind of separator of thousands stands at the cursor.
func (l *lexer) separator() (string, int) {
	r := l.rest()
	switch {
	case strings.HasPrefix(r, "{,}"):
		return "{,}", 3
	case strings.HasPrefix(r, `,\!`):
		n := 3
		for n < len(r) && r[n] == ' ' {
			n++
		}
		return `,\!`, n
	case strings.HasPrefix(r, `\,`), strings.HasPrefix(r, `\;`), strings.HasPrefix(r, `\:`):
		return `\,`, 2
	case strings.HasPrefix(r, `{\,}`):
		return `\,`, 4
	case strings.HasPrefix(r, `\ `), strings.HasPrefix(r, `\!`):
		return r[:2], 2
	case strings.HasPrefix(r, `, \!`):
		return `,\!`, 4
	case strings.HasPrefix(r, ","):
		return ",", 1
	case strings.HasPrefix(r, " "):
		return " ", 1
	case strings.HasPrefix(r, "'") && !l.quote:
		return "'", 1
	}
	return "", 0
}

// repeating reads the sign that digits repeat: a line or dots over them,
// brackets around them, or three dots behind them.
func (l *lexer) repeating(num *Number, digits string, places int) {
	r := l.rest()
	for _, cmd := range [...]string{`\overline{`, `\bar{`, `\dot{`, `\overline `, `(`} {
		if !strings.HasPrefix(r, cmd) {
			continue
		}
		n := len(cmd)
		for n < len(r) && isDigit(r[n]) {
			n++
		}
		if n == len(cmd) || n-len(cmd) > 64 {
			return
		}
		block := r[len(cmd):n]
		if last := cmd[len(cmd)-1]; last == '{' || last == '(' {
			closing := byte('}')
			if last == '(' {
				closing = ')'
			}
			if n >= len(r) || r[n] != closing {
				return
			}
			n++
		}
		l.at += n
		num.repeat(digits, places, block)
		return
	}
	dots := 0
	switch {
	case strings.HasPrefix(r, "..."):
		dots = 3
	case strings.HasPrefix(r, `\ldots`), strings.HasPrefix(r, `\cdots`):
		dots = 6
	case strings.HasPrefix(r, `\dots`):
		dots = 5
	default:
		return
	}
	frac := digits[len(digits)-places:]
	for n := 1; n <= len(frac)/2 && n <= 64; n++ {
		block := frac[len(frac)-n:]
		times := 0
		for strings.HasSuffix(frac[:len(frac)-times*n], block) {
			times++
		}
		if times >= 2 && times*n >= 3 {
			l.at += dots
			keep := places - times*n
			num.repeat(digits[:len(digits)-times*n], keep, block)
			return
		}
	}
	l.at += dots
}

// repeat sets the value of digits behind which a block repeats for ever.
func (num *Number) repeat(digits string, places int, block string) {
	base, ok1 := decimalValue(digits, places)
	b, ok2 := new(big.Int).SetString(block, 10)
	if !ok1 || !ok2 {
		return
	}
	nines := new(big.Int).Sub(pow10(len(block)), big.NewInt(1))
	tail := new(big.Rat).SetFrac(b, nines.Mul(nines, pow10(places)))
	num.Val, num.Repeats = tail.Add(tail, base), true
}

// exponent reads the exponent of 6.02e23. Without a sign or digits behind it,
// e is a number of its own.
func (l *lexer) exponent(num *Number) {
	r := l.rest()
	if len(r) < 2 || r[0]|0x20 != 'e' {
		return
	}
	n := 1
	if r[n] == '+' || r[n] == '-' {
		n++
	}
	first := n
	for n < len(r) && isDigit(r[n]) {
		n++
	}
	if n == first || n-first > 4 || n < len(r) && isLetter(r[n]) {
		return
	}
	if first > 1 && r[0] == 'e' && r[1] == '+' && !num.Decimal {
		return // 2e+3 is a sum
	}
	e, err := strconv.Atoi(r[first:n])
	if err != nil || e > MaxDigits {
		return
	}
	l.at += n
	p := new(big.Rat).SetInt(pow10(e))
	if r[1] == '-' {
		p.Inv(p)
		num.Places += e
	} else {
		num.Places -= e
	}
	num.Decimal = true
	num.Val.Mul(num.Val, p)
}
