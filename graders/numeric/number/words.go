package number

// isNumberWord reports whether a word in lower case is a number or a part of
// one.
func isNumberWord(w string) bool {
	if _, ok := below20(w); ok {
		return true
	}
	if _, ok := tens(w); ok {
		return true
	}
	switch w {
	case "half", "halves":
		return true
	}
	if d, plural := denominator(w); d.Sign() != 0 && !halfOrQuarter(w) && (plural || d.Cmp(FromInt(100)) >= 0) {
		return true
	}
	factor, _ := scaleWord(w)
	return factor != 0 || unclearScale(w)
}

func below20(w string) (int64, bool) {
	switch w {
	case "zero":
		return 0, true
	case "one":
		return 1, true
	case "two":
		return 2, true
	case "three":
		return 3, true
	case "four":
		return 4, true
	case "five":
		return 5, true
	case "six":
		return 6, true
	case "seven":
		return 7, true
	case "eight":
		return 8, true
	case "nine":
		return 9, true
	case "ten":
		return 10, true
	case "eleven":
		return 11, true
	case "twelve":
		return 12, true
	case "thirteen":
		return 13, true
	case "fourteen":
		return 14, true
	case "fifteen":
		return 15, true
	case "sixteen":
		return 16, true
	case "seventeen":
		return 17, true
	case "eighteen":
		return 18, true
	case "nineteen":
		return 19, true
	}
	return 0, false
}

func tens(w string) (int64, bool) {
	switch w {
	case "twenty":
		return 20, true
	case "thirty":
		return 30, true
	case "forty", "fourty":
		return 40, true
	case "fifty":
		return 50, true
	case "sixty":
		return 60, true
	case "seventy":
		return 70, true
	case "eighty":
		return 80, true
	case "ninety":
		return 90, true
	}
	return 0, false
}

// bigScale returns the value of a word that ends a group of a spelled number.
func bigScale(w string) int64 {
	switch w {
	case "thousand":
		return 1000
	case "million":
		return 1_000_000
	case "billion":
		return 1_000_000_000
	case "trillion":
		return 1_000_000_000_000
	}
	return 0
}

// hyphened looks past a hyphen between two words that stand together, and
// returns the word behind it with the width of both or, without one, the next word.
func (p *parser) hyphened(n int) (word string, width int) {
	if t, ok := p.peek(n); ok && t.kind == kMinus && !t.apart {
		if next, ok := p.peek(n + 1); ok && next.kind == kWord && !next.apart {
			return p.word(n + 1), 2
		}
		return "", 0
	}
	return p.word(n), 1
}

// spelled reads a number written in English words: twenty-one thousand, a
// hundred and five, three point one four, two thirds, one and a half million.
func (p *parser) spelled() (Value, error) {
	if v, ok := p.spelledHalf(); ok {
		return v, nil
	}
	start := p.at
	if w := p.word(0); (w == "a" || w == "an") && (isScale(p.word(1)) || p.fractionAt(1, 1).Sign() != 0) {
		p.at++
		if d := p.fractionAt(0, 1); d.Sign() != 0 {
			p.at++
			return FromInt(1).quo(d), nil
		}
	}
	n, ok := p.cardinal()
	if !ok {
		if p.at = start; p.anyNumber() {
			return Value{}, ErrWords
		}
		return Value{}, ErrNoNumber
	}
	v := FromInt(n)
	if d, width := p.fractionBehind(n); d.Sign() != 0 {
		p.at += width
		return v.quo(d), nil
	}
	if p.word(0) == "point" {
		return p.spelledDecimals(v)
	}
	if p.word(0) == "and" {
		if part, ok := p.andPart(); ok {
			v = v.add(part)
		}
	}
	return v, nil
}

// anyNumber reports whether a number stands anywhere in the text.
func (p *parser) anyNumber() bool {
	for _, t := range p.tokens {
		if t.kind == kNumber || t.kind == kFrac || t.kind == kWord && isNumberWord(p.wordOf(t)) {
			return true
		}
	}
	return false
}

// isScale reports whether a word makes the number before it greater.
func isScale(w string) bool {
	factor, exp := scaleWord(w)
	return factor != 0 && exp >= 0
}

// spelledHalf reads half, half a million, half a dozen.
func (p *parser) spelledHalf() (Value, bool) {
	if p.word(0) != "half" {
		return Value{}, false
	}
	p.at++
	if p.word(0) == "a" && isScale(p.word(1)) {
		p.at++
	}
	return FromInt(1).quo(FromInt(2)), true
}

// fractionAt returns the denominator n words ahead that fits a numerator.
func (p *parser) fractionAt(n int, numerator int64) Value {
	d, plural := denominator(p.word(n))
	if plural != (numerator != 1) {
		return Value{}
	}
	return d
}

// fractionBehind returns the denominator of "two thirds" or "two-thirds".
func (p *parser) fractionBehind(numerator int64) (d Value, width int) {
	if numerator < 1 || numerator > 19 {
		return Value{}, 0
	}
	w, width := p.hyphened(0)
	d, plural := denominator(w)
	if plural != (numerator != 1) {
		return Value{}, 0
	}
	return d, width
}

// andPart reads "and a half", "and two thirds" behind a whole number.
func (p *parser) andPart() (Value, bool) {
	start := p.at
	p.at++
	numerator := int64(1)
	if w := p.word(0); w != "a" {
		n, ok := below20(w)
		if !ok {
			p.at = start
			return Value{}, false
		}
		numerator = n
	}
	p.at++
	d, width := p.fractionBehind(numerator)
	if d.Sign() == 0 || FromInt(numerator).Cmp(d) >= 0 {
		p.at = start
		return Value{}, false
	}
	p.at += width
	return FromInt(numerator).quo(d), true
}

// spelledDecimals reads "point one four" behind a whole number.
func (p *parser) spelledDecimals(v Value) (Value, error) {
	p.at++
	n := int64(0)
	for {
		d, ok := below20(p.word(0))
		if !ok || d > 9 {
			break
		}
		if n++; n > MaxDigits {
			return v, ErrTooLong
		}
		v = v.add(FromInt(d).Shift(-n))
		p.at++
	}
	if n == 0 {
		return v, ErrWords
	}
	return v, nil
}

// cardinal reads a whole number in words, below 10^15.
func (p *parser) cardinal() (int64, bool) {
	total, scale := int64(0), int64(1_000_000_000_000_000)
	any := false
	for {
		start := p.at
		if any && p.word(0) == "and" {
			p.at++
		}
		n, ok := p.below1000()
		s := bigScale(p.word(0))
		if !ok && (s == 0 || any) {
			p.at = start
			return total, any
		}
		if !ok {
			n = 1 // "thousand" and "a thousand"
		}
		if s == 0 {
			s = 1
		} else {
			p.at++
		}
		if s >= scale || any && (n == 0 || n*s >= scale) {
			p.at = start
			return total, any
		}
		total, scale, any = total+n*s, s, true
		if s == 1 {
			return total, true
		}
	}
}

// below1000 reads one group: five, twenty-one, three hundred and five, eleven
// hundred, a dozen.
func (p *parser) below1000() (int64, bool) {
	n, ok := p.below100()
	switch w := p.word(0); {
	case w == "hundred" && (!ok || n > 0):
		p.at++
		if !ok {
			n = 1
		}
	case w == "dozen" && !ok:
		p.at++
		return 12, true
	default:
		return n, ok
	}
	n *= 100
	start := p.at
	if p.word(0) == "and" {
		p.at++
	}
	rest, ok := p.below100()
	if !ok || rest == 0 {
		p.at = start
		return n, true
	}
	return n + rest, true
}

func (p *parser) below100() (int64, bool) {
	w := p.word(0)
	if n, ok := below20(w); ok {
		p.at++
		return n, true
	}
	n, ok := tens(w)
	if !ok {
		return 0, false
	}
	p.at++
	next, width := p.hyphened(0)
	if one, ok := below20(next); ok && one >= 1 && one <= 9 {
		p.at += width
		n += one
	}
	return n, true
}
