package number

import "slices"

// parser reads tokens as one number with what may stand around it.
type parser struct {
	*lexer
	at      int  // of the next token
	depth   int  // open parentheses
	percent bool // the name before the number says percent
}

// peek returns the kind of the token n places ahead, and false at the end.
func (p *parser) peek(n int) (token, bool) {
	if p.at+n >= len(p.tokens) {
		return token{}, false
	}
	return p.tokens[p.at+n], true
}

func (p *parser) is(n int, k kind) bool {
	t, ok := p.peek(n)
	return ok && t.kind == k
}

// word returns the word n places ahead in lower case, or "".
func (p *parser) word(n int) string {
	t, ok := p.peek(n)
	if !ok || t.kind != kWord {
		return ""
	}
	return p.wordOf(t)
}

func (p *parser) reading() (Reading, error) {
	var r Reading
	if err := p.name(); err != nil {
		return r, err
	}
	p.hedges()
	negative, currency, err := p.lead()
	if err != nil {
		return r, err
	}
	begin := p.at
	v, spelled, err := p.core()
	if err != nil {
		return r, err
	}
	if negative {
		v = v.Neg()
	}
	single := p.at == begin+1 && p.tokens[begin].kind == kNumber && p.tokens[begin].whole && !p.tokens[begin].vulgar
	if v, err = p.scale(v, currency != "", single); err != nil {
		return r, err
	}
	r.Value = v
	err = p.tail(&r, currency, spelled)
	r.Percent = r.Percent || p.percent
	return r, err
}

// name passes over one leading "x =", "total cost ≈" or "Total:".
func (p *parser) name() error {
	end := -1
	for i, t := range p.tokens {
		if t.kind == kEquals || t.kind == kAbout && i > 0 {
			end = i
			break
		}
		if t.kind == kComma && p.src[t.start] == ':' && i+1 < len(p.tokens) && p.tokens[i+1].apart {
			end = i
			break
		}
		if t.kind != kWord && t.kind != kOpen && t.kind != kClose && t.kind != kMinus {
			if i == 0 || p.tokens[0].kind != kWord {
				break
			}
		}
	}
	if end < 0 {
		return p.chained(0)
	}
	const most = 12 // tokens of a name
	if end > most {
		return ErrWords
	}
	for i, t := range p.tokens[:end] {
		switch {
		case t.kind == kNumber || t.kind == kFrac:
			return ErrChain
		case t.kind == kWord:
			if err := p.nameWord(i, end); err != nil {
				return err
			}
		case i == 0:
			return ErrExpression
		default:
			switch t.kind {
			case kOpen, kClose, kPlus, kMinus, kSlash, kCurrency:
			default:
				return ErrExpression
			}
		}
	}
	p.at = end + 1
	return p.chained(p.at)
}

// nameWord refuses a word of a name that says something about the number: not,
// in millions, less than, minus.
func (p *parser) nameWord(i, end int) error {
	t := p.tokens[i]
	w := p.wordOf(t)
	if denies(w) || deniesHan(w) || w == "t" && !t.apart && i > 0 { // can't
		return ErrDoubt
	}
	if refused(w) == ErrMany {
		return ErrMany
	}
	if function(w) || mixedScripts(w) {
		return ErrExpression
	}
	switch w {
	case "percent", "percents", "percentage", "pct", "prozent", "procent":
		p.percent = true
	}
	for i++; i < end; i++ {
		if next := p.tokens[i]; next.kind == kWord && !filler(p.wordOf(next)) {
			return nil
		}
	}
	return lastOfName(w, end == 1)
}

func filler(w string) bool { return w == "of" || w == "to" || w == "the" || w == "is" || w == "be" }

// lastOfName refuses a word that bounds, denies or changes the number where it
// stands right before it. Alone is set for a name of one word.
func lastOfName(w string, alone bool) error {
	switch w {
	case "than", "except", "excluding", "besides", "least", "most", "under", "above", "below", "beyond", "until":
		return ErrDoubt
	case "rejected", "excluded":
		if alone {
			return ErrDoubt
		}
	case "binary", "octal", "hex", "hexadecimal":
		return ErrBase
	case "minus", "plus", "negative", "opposite", "negation", "double", "twice", "triple", "thrice", "squared", "cubed":
		return ErrExpression
	}
	return nil
}

// chained refuses any further sign of equality.
func (p *parser) chained(from int) error {
	for _, t := range p.tokens[from:] {
		if t.kind == kEquals {
			return ErrChain
		}
	}
	return nil
}

// hedges passes over words that leave the number as it is.
func (p *parser) hedges() {
	for {
		switch p.word(0) {
		case "about", "approximately", "approx", "around", "roughly", "circa", "exactly", "precisely", "only", "just":
			if p.at++; p.is(0, kStop) {
				p.at++
			}
			continue
		}
		if !p.is(0, kAbout) {
			return
		}
		p.at++
	}
}

// lead reads a sign, a currency and opening parentheses, in any order.
func (p *parser) lead() (negative bool, currency string, err error) {
	signed := false
	for {
		t, ok := p.peek(0)
		if !ok {
			return false, "", ErrNoNumber
		}
		w := p.word(0)
		switch {
		case t.kind == kMinus, t.kind == kPlus, w == "minus", w == "negative", w == "plus":
			if next, ok := p.peek(1); signed || ok && next.broken {
				return false, "", ErrExpression
			}
			signed = true
			negative = t.kind == kMinus || w == "minus" || w == "negative"
		case t.kind == kCurrency:
			c := currencyOf(string(p.src[t.start:t.end]))
			if currency != "" {
				return false, "", ErrExpression
			}
			currency = c
		case t.kind == kOpen:
			p.depth++
		case t.kind == kWord && p.is(1, kCurrency) && dollarPrefix(w):
			// US$, A$: the sign itself says the currency.
		case t.kind == kWord && currency == "" && leadingCurrency(w) != "":
			currency = leadingCurrency(w)
			if p.is(1, kStop) {
				p.at++ // Rs.
			}
		default:
			return negative, currency, nil
		}
		p.at++
	}
}

// core reads the number itself.
func (p *parser) core() (v Value, spelled bool, err error) {
	t, ok := p.peek(0)
	if !ok {
		return v, false, ErrNoNumber
	}
	switch t.kind {
	case kNumber:
		v, err = p.numeric()
	case kFrac:
		v, err = p.fracCore()
	case kWord:
		if v, err = p.spelled(); err == nil {
			return v, true, nil
		}
	default:
		err = ErrExpression
	}
	return v, false, err
}

// numeric reads a number that begins with digits.
func (p *parser) numeric() (Value, error) {
	first, _ := p.peek(0)
	switch {
	case first.dangles && p.is(1, kWord):
		return Value{}, ErrWords // "1. Find the area": an item of a list
	case first.listed && p.depth > 0:
		return Value{}, ErrMany // (2,251,252): a tuple
	}
	v, err := p.power()
	if err != nil {
		return v, err
	}
	t, ok := p.peek(0)
	if !ok {
		return v, nil
	}
	switch {
	case t.kind == kSlash && p.is(1, kNumber):
		if v, err = p.slash(v, first); err != nil {
			return v, err
		}
	case t.broken:
	case first.whole && t.kind == kNumber && t.vulgar:
		p.at++
		v = v.add(t.value)
	case first.whole && t.kind == kFrac:
		part, err := p.frac()
		if err != nil {
			return v, err
		}
		if !proper(part) {
			return v, ErrExpression
		}
		v = v.add(part)
	case first.whole && !first.vulgar && t.kind == kNumber && t.whole && t.apart && p.is(1, kSlash) && p.is(2, kNumber):
		p.at++
		part, err := p.slash(t.value, t)
		if err != nil {
			return v, err
		}
		if !proper(part) {
			return v, ErrMany
		}
		v = v.add(part)
	case first.whole && p.word(0) == "and":
		if part, ok := p.andPart(); ok {
			v = v.add(part)
		}
	}
	return p.timesTen(v)
}

func (p *parser) fracCore() (Value, error) {
	v, err := p.frac()
	if err != nil {
		return v, err
	}
	return p.timesTen(v)
}

// proper reports whether v can be the second part of a mixed number.
func proper(v Value) bool { return v.Sign() > 0 && v.Cmp(FromInt(1)) < 0 }

// power reads a number, or a power of ten.
func (p *parser) power() (Value, error) {
	t, _ := p.peek(0)
	p.at++
	if !p.is(0, kPower) && !p.is(0, kRaised) {
		return t.value, nil
	}
	if p.is(1, kGroupOpen) && ordinal(p.word(2)) && p.is(3, kGroupClose) {
		p.at += 4 // 5^{th}
		return t.value, nil
	}
	if !t.whole || t.value.Cmp(FromInt(10)) != 0 {
		return Value{}, ErrExpression
	}
	e, err := p.exponentOfTen(0)
	return FromInt(1).Shift(e), err
}

// exponentOfTen reads what stands behind a 10: ^5, ^{-5}, **(5), ⁵, ^(10^10).
func (p *parser) exponentOfTen(nested int) (int64, error) {
	t, _ := p.peek(0)
	p.at++
	if t.kind == kRaised {
		return wholeExponent(t.value)
	}
	var shut []kind
	for {
		if p.is(0, kGroupOpen) {
			shut = append(shut, kGroupClose)
		} else if p.is(0, kOpen) {
			shut = append(shut, kClose)
		} else {
			break
		}
		p.at++
	}
	negative := p.is(0, kMinus)
	if negative || p.is(0, kPlus) {
		p.at++
	}
	n, ok := p.peek(0)
	if !ok || n.kind != kNumber || !n.whole || n.spaced || n.vulgar {
		return 0, ErrExpression
	}
	p.at++
	e, err := wholeExponent(n.value)
	if err != nil {
		return 0, err
	}
	if p.is(0, kPower) || p.is(0, kRaised) {
		if e != 10 || nested > 0 {
			return 0, ErrExpression
		}
		inner, err := p.exponentOfTen(nested + 1)
		if err != nil {
			return 0, err
		}
		if inner < 0 {
			return 0, ErrExpression
		}
		if e, err = wholeExponent(FromInt(1).Shift(inner)); err != nil {
			return 0, err
		}
	}
	for _, k := range slices.Backward(shut) {
		if !p.is(0, k) {
			return 0, ErrExpression
		}
		p.at++
	}
	if negative {
		e = -e
	}
	return e, nil
}

// wholeExponent returns a whole number as an exponent of ten.
func wholeExponent(v Value) (int64, error) {
	if v.Abs().Cmp(FromInt(maxExponent)) > 0 {
		return 0, ErrExponent
	}
	r, ok := v.Rat()
	if !ok || !r.IsInt() {
		return 0, ErrExponent
	}
	return r.Num().Int64(), nil
}

// timesTen reads × 10^3.
func (p *parser) timesTen(v Value) (Value, error) {
	if !p.is(0, kTimes) || !p.is(1, kNumber) {
		return v, nil
	}
	p.at++
	if !p.is(1, kPower) && !p.is(1, kRaised) {
		return v, ErrExpression
	}
	ten, err := p.power()
	if err != nil {
		return v, err
	}
	return v.Mul(ten), nil
}

// slash reads /4 behind a numerator.
func (p *parser) slash(v Value, first token) (Value, error) {
	p.at++
	den, _ := p.peek(0)
	if first.spaced || den.spaced || den.vulgar || first.vulgar || first.dangles {
		return v, ErrMany
	}
	d, err := p.power()
	switch {
	case err != nil:
		return v, err
	case d.Sign() == 0:
		return v, ErrZero
	case p.is(0, kSlash) && p.is(1, kNumber): // a date
		return v, ErrExpression
	}
	return v.quo(d), nil
}

// frac reads \frac with its two arguments.
func (p *parser) frac() (Value, error) {
	p.at++
	n, err := p.argumentValue()
	if err != nil {
		return n, err
	}
	d, err := p.argumentValue()
	switch {
	case err != nil:
		return n, err
	case d.Sign() == 0:
		return n, ErrZero
	}
	return n.quo(d), nil
}

func (p *parser) argumentValue() (Value, error) {
	if t, ok := p.peek(0); ok && t.kind == kNumber {
		p.at++
		return t.value, nil
	}
	if !p.is(0, kGroupOpen) {
		return Value{}, ErrExpression
	}
	p.at++
	negative := p.is(0, kMinus)
	if negative || p.is(0, kPlus) {
		p.at++
	}
	if !p.is(0, kNumber) {
		return Value{}, ErrExpression
	}
	v, err := p.power()
	if err == nil {
		v, err = p.timesTen(v)
	}
	if err != nil {
		return v, err
	}
	if !p.is(0, kGroupClose) {
		return v, ErrExpression
	}
	p.at++
	if negative {
		v = v.Neg()
	}
	return v, nil
}
