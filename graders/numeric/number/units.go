package number

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// A unit is a few words, not a text: more words than these beside a number
// are an argument, and an argument is no answer.
const (
	mostWords        = 12
	mostWordsSpelled = 6 // "One of them is ..." begins sentences
)

// wordOf returns a word in lower case, and a command with its backslash.
func (p *parser) wordOf(t token) string {
	w := string(p.src[t.start:t.end])
	if w[0] != '\\' {
		return plainWord(strings.ToLower(w))
	}
	switch strings.TrimLeft(w, `\`) {
	case "mu":
		return "μ"
	case "Omega", "ohm":
		return "Ω"
	}
	return w
}

// plainWord drops accents and differences of look, so that a word is known
// however it is written.
func plainWord(w string) string {
	for i := range len(w) {
		if w[i] >= 0x80 {
			w = norm.NFKD.String(w)
			w = strings.Map(func(r rune) rune {
				if isMark(r) {
					return -1
				}
				return r
			}, w)
			return norm.NFC.String(w)
		}
	}
	return w
}

// tail reads what stands behind the number.
func (p *parser) tail(r *Reading, currency string, spelled bool) error {
	u := unitText{}
	u.add(currency)
	words, most := 0, mostWords
	if spelled {
		most = mostWordsSpelled
	}
	for ; p.at < len(p.tokens); p.at++ {
		t := p.tokens[p.at]
		switch t.kind {
		case kPerMille:
			return ErrExpression
		case kPercent:
			if r.Percent || words > 0 {
				return ErrExpression
			}
			r.Percent = true
		case kCurrency:
			c := currencyOf(string(p.src[t.start:t.end]))
			if currency != "" && currency != c || words > 0 || r.Percent {
				return ErrExpression
			}
			if currency == "" {
				u.add(c)
			}
			currency = c
		case kDegree:
			u.add("°")
		case kOpen:
			p.depth++
		case kClose:
			if p.depth--; p.depth < 0 {
				return ErrExpression
			}
		case kComma:
			if p.src[t.start] == ':' && p.is(1, kNumber) {
				return ErrTime
			}
			u.done = words > 0 || currency != "" || r.Percent
		case kStop:
		case kWord:
			if words++; words > most {
				return ErrWords
			}
			if err := p.unitWord(t, r, &u, &currency, words == 1); err != nil {
				return err
			}
		case kSlash:
			switch {
			case currency == "₹" && p.is(1, kMinus) && p.at+2 == len(p.tokens):
				p.at++ // Rs. 60/-
				continue
			case !p.is(1, kWord) && !(p.is(1, kOpen) && p.is(2, kWord)):
				return ErrExpression
			}
			u.add("/")
		case kTimes:
			if words == 0 || !p.is(1, kWord) {
				return ErrExpression
			}
			u.add("·")
		case kMinus:
			next, ok := p.peek(1)
			if t.apart || !ok || next.kind != kWord || next.apart {
				return p.dash()
			}
			u.add("-")
		case kPower, kRaised:
			e, err := p.unitPower(words)
			if err != nil {
				return err
			}
			u.add("^" + e)
		case kNumber:
			e, ok := p.unitDigit(t)
			if !ok {
				return ErrMany
			}
			u.add("^" + e)
		case kFrac, kAbout:
			return ErrMany
		default:
			return ErrExpression
		}
	}
	if p.depth != 0 {
		return ErrExpression
	}
	r.Unit = u.String()
	return nil
}

// dash says what a dash behind a number means.
func (p *parser) dash() error {
	if p.is(1, kNumber) || p.is(1, kFrac) {
		return ErrMany
	}
	return ErrExpression
}

func (p *parser) unitWord(t token, r *Reading, u *unitText, currency *string, first bool) error {
	w := p.wordOf(t)
	before := p.tokens[max(p.at-1, 0)]
	attached := !t.apart && p.at > 0 && before.kind == kNumber
	if first && attached && !t.inText && ordinal(w) {
		return nil // 5th
	}
	if first && attached && fractionEnding(w) && p.at > 1 && p.tokens[p.at-2].kind == kSlash {
		return nil // 4/5ths
	}
	if width := p.percentWord(); width > 0 {
		if !first || r.Percent {
			return ErrExpression
		}
		r.Percent = true
		p.at += width - 1
		return nil
	}
	if first {
		if err := p.multiplies(w, *currency != ""); err != nil {
			return err
		}
	}
	if err := p.refused(t, w); err != nil {
		return err
	}
	if err := p.unitSpelling(t, w, attached); err != nil {
		return err
	}
	spelling := string(p.src[t.start:t.end])
	if spelling[0] == '\\' {
		spelling = w
	}
	if u.power(w) {
		return nil
	}
	if strings.ContainsFunc(spelling, func(r rune) bool { return r >= 0x80 }) {
		w = norm.NFC.String(strings.ToLower(spelling))
	}
	unit := unitName(spelling, w)
	if unit == *currency {
		return nil // $5 dollars
	}
	u.add(unit)
	return nil
}

// ordinal reports whether a word makes an ordinal of the number before it.
func ordinal(w string) bool {
	switch w {
	case "st", "nd", "rd", "th":
		return true
	}
	return false
}

// fractionEnding reports whether a word ends the denominator of a fraction.
func fractionEnding(w string) bool { return w == "ths" || w == "rds" || w == "nds" }

// percentWord returns how many of the next words say percent.
func (p *parser) percentWord() int {
	w, next := p.word(0), p.word(1)
	switch w {
	case "percent", "percents", "pct", "percentage", "prozent", "procent", "процент", "процента", "процентов":
		if next == "point" || next == "points" {
			return 2
		}
		return 1
	case "per":
		switch next {
		case "cent", "cents", "cento":
			return 2
		}
		if p.is(1, kMinus) && p.word(2) == "cent" {
			return 3
		}
	case "pour", "por":
		switch next {
		case "cent", "ciento", "cento":
			return 2
		}
	}
	return 0
}

// unitSpelling refuses what is more likely a variable than a unit: 5x, 2ab.
func (p *parser) unitSpelling(t token, w string, attached bool) error {
	if w[0] == '\\' {
		return ErrExpression
	}
	letters, plain := 0, true
	for _, c := range w {
		letters++
		plain = plain && c < 0x80
	}
	switch {
	case !plain:
		return foreign(w)
	case letters == 1:
		return p.oneLetter(t, w)
	case t.inText || shortUnit(w):
		return nil
	case letters == 2, attached && letters < 4, !strings.ContainsAny(w, "aeiouy"):
		return ErrExpression
	}
	return nil
}

func (p *parser) oneLetter(t token, w string) error {
	switch p.src[t.start] {
	case 'm', 'g', 's', 'h', 'l', 'L', 'N', 'J', 'W', 'V', 'A', 'C', 'F', 'K':
		return nil
	}
	if next, ok := p.peek(1); w == "a" && t.apart && ok && next.kind == kWord && next.apart {
		return nil // an article
	}
	if t.inText && (w == "t" || w == "d") { // tonnes and days
		return nil
	}
	return ErrExpression
}

// unitPower reads ^2, ^{-1} or ² behind a unit and returns the exponent.
func (p *parser) unitPower(words int) (string, error) {
	before := p.tokens[max(p.at-1, 0)]
	if words == 0 || before.kind != kWord {
		return "", ErrExpression
	}
	if t := p.tokens[p.at]; t.kind == kRaised {
		return t.value.String(), nil
	}
	e, err := p.exponentOfTen(1)
	p.at-- // tail moves on by one
	if err != nil {
		return "", ErrExpression
	}
	return strconv.FormatInt(e, 10), nil
}

// unitDigit reads the exponent of m2 and cm3.
func (p *parser) unitDigit(t token) (exponent string, ok bool) {
	before := p.tokens[p.at-1]
	if t.apart || !t.whole || before.kind != kWord || t.end != t.start+1 || p.src[t.start] != '2' && p.src[t.start] != '3' {
		return "", false
	}
	switch p.wordOf(before) {
	case "m", "cm", "mm", "dm", "km", "ft", "in", "yd":
		return string(p.src[t.start]), true
	}
	return "", false
}

// refused returns why the next word, behind a number, makes it no plain
// number, or nil.
func (p *parser) refused(t token, w string) error {
	if n := ordinalOf(w); n != 0 && n < 100 && p.counted() {
		return nil
	}
	if roman(string(p.src[t.start:t.end])) && p.word(1) == "" && !shortUnit(w) {
		return ErrMany
	}
	switch w {
	case "and":
		switch p.word(1) {
		case "above", "up", "more", "over", "beyond", "under", "counting", "rising", "higher", "lower", "upwards":
			return ErrDoubt
		}
	case "binary", "octal", "hex", "hexadecimal":
		if p.word(1) == "" {
			return ErrBase
		}
	case "sec":
		// A second, where nothing stands behind it of which it could be the secant.
		next, ok := p.peek(1)
		angle := next.kind == kOpen || next.kind == kNumber || next.kind == kFrac || next.kind == kDegree
		if w := p.word(1); w != "a" && (utf8.RuneCountInString(w) == 1 || strings.HasPrefix(w, `\`)) {
			angle = true
		}
		if ok && angle {
			return ErrExpression
		}
		return nil
	}
	if ordinalOf(w) != 0 {
		return ErrMany
	}
	return refused(w)
}

// refused is the part of it that any word of the text, also a name, is held to.
func refused(w string) error {
	if denies(w) {
		return ErrDoubt
	}
	switch w {
	case "or", "either", "between", "versus", "vs", "oder", "ou", "lub", "eller", "или", "либо":
		return ErrMany
	case "too", "ish", "something", "excluding", "least", "most", "minimum", "maximum", "below", "upto", "if", "unless", "except":
		return ErrDoubt
	case "am", "pm", "o", "oclock":
		return ErrTime
	case "plus", "minus", "divided", "multiplied", "squared", "cubed", "doubled", "tripled", "quadrupled", "halved", "twice", "thrice", "reciprocal",
		"power", "root", "factorial", "mod", "modulo", "choose", "exponent",
		"pi", "lim", "gcd", "lcm", "infinity", "infinite", "inf", "nan",
		"ab", "abc", "bc", "xy", "xyz", "yz":
		return ErrExpression
	}
	if function(w) {
		return ErrExpression
	}
	if isNumberWord(w) {
		return ErrMany
	}
	return nil
}

// function reports whether a word is a function of what stands behind it.
func function(w string) bool {
	switch w {
	case "sqrt", "log", "ln", "exp", "sin", "cos", "tan", "cot", "csc", "arcsin", "arccos", "arctan", "abs":
		return true
	}
	return false
}

// denies reports whether a word takes a number back.
func denies(w string) bool {
	switch w {
	case "not", "no", "nor", "never", "none", "isn", "wasn", "aren", "don", "doesn", "cannot", "neither",
		"couldn", "wouldn", "shouldn", "didn", "haven", "hasn", "hadn", "mustn", "weren", "ain",
		"isnt", "aint", "dont", "doesnt", "didnt", "wasnt", "arent", "cant", "wont", "couldnt", "wouldnt", "shouldnt", "nope", "nah",
		"unlikely", "doubtful", "doubt", "guess", "guessing", "alternatively", "otherwise", "however", "rather",
		"nicht", "kein", "keine", "nein", "pas", "не", "нет", "но",
		"wrong", "incorrect", "false", "unknown", "maybe", "perhaps", "possibly", "probably", "wait", "actually", "but", "though", "although", "instead":
		return true
	}
	return false
}
