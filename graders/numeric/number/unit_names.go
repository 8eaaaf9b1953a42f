package number

import (
	"strings"
)

// shortUnit knows the units and small words of a few letters that may stand
// beside a number.
func shortUnit(w string) bool {
	switch w {
	case "cm", "mm", "km", "nm", "dm", "ft", "in", "yd", "mi", "kg", "mg", "lb", "oz", "ml", "cl", "dl", "hl",
		"hr", "ms", "ns", "hz", "pa", "ev", "gb", "mb", "kb", "tb", "kw", "mw", "gw", "kj", "mj", "kn", "kv", "mv", "ma", "db", "ha", "sq", "qt", "pt",
		"yr", "mo", "wk", "cc", "us", "rs", "kr", "zl",
		"min", "hrs", "sec", "lbs", "yds", "gal", "mph", "kph", "kmh", "fps", "rpm", "psi", "bar", "atm", "mol", "khz", "mhz", "ghz", "kpa", "mpa",
		"kwh", "mwh", "cal", "kev", "mev", "gev", "rad", "deg", "usd", "eur", "gbp", "jpy", "inr", "cad", "aud", "cny", "rmb", "chf", "pts", "pcs", "yrs", "wks", "cms", "kms", "kgs", "sqm",
		"px", "em", "dpi", "ppi", "bpm", "hp", "tsp", "tbsp", "ea", "ly", "ah", "mah", "wh", "lm", "lx", "cd", "sv", "gy", "bq", "um", "ps", "fs", "nf", "pf", "uf", "mf", "mh", "uh",
		"kpc", "mpc", "thz", "gpa", "gn", "pb", "kib", "mib", "gib", "tib", "kbps", "mbps", "gbps", "btu", "kcal", "sqft", "fl", "qts",
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
	case "joule", "joules":
		return "J"
	case "newton", "newtons":
		return "N"
	case "watt", "watts":
		return "W"
	case "volt", "volts":
		return "V"
	case "ampere", "amperes", "amp", "amps":
		return "A"
	case "kelvin", "kelvins":
		return "K"
	case "hertz":
		return "Hz"
	case "pascal", "pascals":
		return "Pa"
	case "kmh", "kph":
		return "km/h"
	case "mi":
		return "mile"
	case "mph":
		return "mile/h"
	}
	if strings.HasSuffix(lower, "bps") {
		return spelling
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
	due   string // the power of the next part: "square" stands before it
	tight bool   // the last part stands without a space behind it
	done  bool   // a comma ended the unit; what follows is prose
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
	if u.due != "" && part[0] != '-' && part[0] != '/' {
		u.b = append(u.b, u.due...)
		u.due = ""
	}
}

// power takes "square" and "cubic" for the exponents of what follows.
func (u *unitText) power(w string) bool {
	switch w {
	case "square", "sq":
		u.due = "^2"
	case "cubic":
		u.due = "^3"
	default:
		return false
	}
	return true
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
