package number

import (
	"strconv"
	"strings"
	"unicode"
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
		return strings.ToLower(w)
	}
	switch strings.TrimLeft(w, `\`) {
	case "mu":
		return "μ"
	case "Omega", "ohm":
		return "Ω"
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
			if !p.is(1, kWord) {
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
		case kNumber, kFrac, kAbout:
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
	switch {
	case first && attached && !t.inText && ordinal(w):
		return nil // 5th
	case first && !r.Percent && (w == "percent" || w == "pct" || w == "percentage"):
		r.Percent = true
		return nil
	case first && !r.Percent && w == "per" && (p.word(1) == "cent" || p.word(1) == "cents"):
		r.Percent = true
		p.at++
		return nil
	}
	if err := refused(w); err != nil {
		return err
	}
	if err := p.unitSpelling(t, w, attached); err != nil {
		return err
	}
	spelling := string(p.src[t.start:t.end])
	if spelling[0] == '\\' {
		spelling = w
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
	case "st", "nd", "rd", "th", "ths":
		return true
	}
	return false
}

// unitSpelling refuses what is more likely a variable than a unit: 5x, 2ab.
func (p *parser) unitSpelling(t token, w string, attached bool) error {
	if w[0] == '\\' {
		return ErrExpression
	}
	letters, plain := 0, true
	for _, c := range w {
		letters++
		if c >= 0x80 {
			plain = false
			if unicode.Is(unicode.Greek, c) && c != 'μ' && c != 'ω' && c != 'Ω' {
				return ErrExpression
			}
		}
	}
	if !plain {
		return nil
	}
	switch {
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

// refused returns why a word behind a number makes it no plain number, or nil.
func refused(w string) error {
	if denies(w) {
		return ErrDoubt
	}
	switch w {
	case "or", "either", "between", "versus", "vs":
		return ErrMany
	case "least", "most", "minimum", "maximum", "below", "upto", "if", "unless", "except":
		return ErrDoubt
	case "am", "pm", "o", "oclock":
		return ErrTime
	case "plus", "minus", "divided", "multiplied", "squared", "cubed", "power", "root", "factorial", "mod", "modulo", "choose", "exponent",
		"pi", "sqrt", "log", "ln", "exp", "sin", "cos", "tan", "cot", "sec", "csc", "lim", "gcd", "lcm", "infinity", "infinite", "inf", "nan",
		"ab", "abc", "bc", "xy", "xyz", "yz":
		return ErrExpression
	}
	if isNumberWord(w) {
		return ErrMany
	}
	return nil
}

// denies reports whether a word takes a number back.
func denies(w string) bool {
	switch w {
	case "not", "no", "nor", "never", "none", "isn", "wasn", "aren", "don", "doesn", "cannot", "neither",
		"wrong", "incorrect", "false", "unknown", "maybe", "perhaps", "possibly", "probably", "wait", "actually", "but", "though", "although", "instead":
		return true
	}
	return false
}

// shortUnit knows the units and small words of a few letters that may stand
// beside a number.
func shortUnit(w string) bool {
	switch w {
	case "cm", "mm", "km", "nm", "dm", "ft", "in", "yd", "mi", "kg", "mg", "lb", "oz", "ml", "cl", "dl", "hl",
		"hr", "ms", "ns", "hz", "pa", "ev", "gb", "mb", "kb", "tb", "kw", "mw", "gw", "kj", "mj", "kn", "kv", "mv", "ma", "db", "ha", "sq", "qt", "pt",
		"yr", "mo", "wk", "cc", "us", "rs", "kr", "zl",
		"min", "hrs", "sec", "lbs", "yds", "gal", "mph", "kph", "kmh", "fps", "rpm", "psi", "bar", "atm", "mol", "khz", "mhz", "ghz", "kpa", "mpa",
		"kwh", "mwh", "cal", "kev", "mev", "gev", "rad", "deg", "usd", "eur", "gbp", "jpy", "inr", "cad", "aud", "cny", "rmb", "chf", "pts", "pcs", "yrs", "wks", "cms", "kms", "kgs", "sqm", "bps",
		"of", "an", "at", "by", "on", "as", "up", "he", "it", "we", "my", "so", "is", "to", "be", "me", "per":
		return true
	}
	return false
}

// currencyOf returns one spelling for a currency sign or command.
func currencyOf(sign string) string {
	switch strings.TrimLeft(sign, `\`) {
	case "$", "dollar", "textdollar", "＄", "﹩":
		return "$"
	case "euro", "texteuro":
		return "€"
	case "pounds", "textsterling", "￡":
		return "£"
	case "yen", "textyen", "￥":
		return "¥"
	case "rupee", "₨":
		return "₹"
	case "¢", "￠":
		return "cent"
	}
	return sign
}

// leadingCurrency returns the currency of a word that may stand before the
// number, or "".
func leadingCurrency(w string) string {
	switch w {
	case "usd":
		return "$"
	case "eur":
		return "€"
	case "gbp":
		return "£"
	case "jpy":
		return "¥"
	case "inr", "rs":
		return "₹"
	case "cad", "aud", "nzd", "sgd", "hkd", "cny", "rmb", "chf", "sek", "nok", "dkk", "pln", "krw", "brl", "mxn", "zar":
		return strings.ToUpper(w)
	}
	return ""
}

// dollarPrefix reports whether a word may stand right before a dollar sign.
func dollarPrefix(w string) bool {
	switch w {
	case "us", "usd", "a", "au", "aud", "c", "ca", "cad", "hk", "nz", "s", "r":
		return true
	}
	return false
}

// unitName returns one name for the common spellings of a unit. Case counts in
// short names: mW is no MW.
func unitName(spelling, lower string) string {
	switch lower {
	case "dollar", "dollars", "usd", "buck", "bucks":
		return "$"
	case "euro", "euros", "eur":
		return "€"
	case "gbp":
		return "£"
	case "yen", "jpy":
		return "¥"
	case "rupee", "rupees", "inr", "rs":
		return "₹"
	case "cents":
		return "cent"
	case "degree", "degrees", "deg":
		return "°"
	case "celsius":
		return "C"
	case "fahrenheit":
		return "F"
	case "per":
		return "/"
	case "hour", "hours", "hr", "hrs":
		return "h"
	case "minute", "minutes", "mins":
		return "min"
	case "second", "seconds", "sec", "secs":
		return "s"
	case "meter", "meters", "metre", "metres":
		return "m"
	case "kilometer", "kilometers", "kilometre", "kilometres", "kms":
		return "km"
	case "centimeter", "centimeters", "centimetre", "centimetres", "cms":
		return "cm"
	case "millimeter", "millimeters", "millimetre", "millimetres":
		return "mm"
	case "gram", "grams":
		return "g"
	case "kilogram", "kilograms", "kgs":
		return "kg"
	case "liter", "liters", "litre", "litres", "l":
		return "L"
	case "ml":
		return "mL"
	case "foot", "feet":
		return "ft"
	case "inch", "inches":
		return "in"
	case "lbs":
		return "lb"
	case "ohm", "ohms", "ω":
		return "Ω"
	}
	if len(lower) < 4 {
		return spelling
	}
	if strings.HasSuffix(lower, "s") && !strings.HasSuffix(lower, "ss") {
		return strings.TrimSuffix(lower, "s")
	}
	return lower
}

// unitText joins the parts of a unit as one would write it.
type unitText struct {
	b     []byte
	tight bool // the last part stands without a space behind it
	done  bool // a comma ended the unit; what follows is prose
}

func (u *unitText) add(part string) {
	if part == "" || u.done {
		return
	}
	before, behind := tight(part)
	if len(u.b) > 0 && !u.tight && !before {
		u.b = append(u.b, ' ')
	}
	u.b = append(u.b, part...)
	u.tight = behind
}

// tight reports whether a part stands without a space before and behind it.
func tight(part string) (before, behind bool) {
	switch part[0] {
	case '/', '-':
		return true, true
	case '^':
		return true, false
	}
	return part == "·", part == "·" || part == "°"
}

func (u *unitText) String() string { return string(u.b) }
