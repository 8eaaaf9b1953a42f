package equal

import (
	"math/big"
	"strings"
)

// A unit is a factor and the powers of the base units.
type unit struct {
	known  bool
	factor *big.Rat
	dims   dimensions
}

// dimensions are the powers of metre, kilogram, second, ampere, kelvin, mole,
// and of the currencies and temperatures, which do not convert into each other.
type dimensions [19]int8

const (
	dimLength = iota
	dimMass
	dimTime
	dimCurrent
	dimTemperature
	dimAmount
	dimDollar
	dimPound
	dimEuro
	dimOtherMoney
	dimCelsius
	dimFahrenheit
	dimData
	dimMonth
	dimLevel
	dimTurn
	dimLight
	dimPart
	dimYen
)

// parseUnit reads a unit such as "km/h", "m/s^2" or "square feet".
func parseUnit(s string) unit {
	u := unit{factor: big.NewRat(1, 1)}
	if s == "" || len(s) > 80 {
		return u
	}
	sign, power := int8(1), int8(0)
	for part := range strings.FieldsFuncSeq(unitMarks(s), func(r rune) bool { return r == ' ' || r == '*' }) {
		switch strings.ToLower(part) {
		case "/", "per":
			sign = -1
			continue
		case "square", "sq":
			power = 2
			continue
		case "cubic", "cu":
			power = 3
			continue
		case "of", "an", "the", "each":
			continue
		case "a":
			if part == "a" {
				continue
			}
		}
		name, exp, has := strings.Cut(part, "^")
		e := int8(1)
		if has {
			switch exp {
			case "2":
				e = 2
			case "3":
				e = 3
			case "4":
				e = 4
			case "-1":
				e = -1
			case "-2":
				e = -2
			case "-3":
				e = -3
			case "1":
			default:
				return unit{factor: u.factor}
			}
		}
		if power != 0 {
			e, power = power, 0
		}
		f, dims, ok := baseUnit(name)
		if !ok {
			return unit{factor: big.NewRat(1, 1)}
		}
		e *= sign
		for i := range dims {
			u.dims[i] += dims[i] * e
		}
		for range max(e, -e) {
			if e > 0 {
				u.factor = new(big.Rat).Mul(u.factor, f)
			} else {
				u.factor = new(big.Rat).Quo(u.factor, f)
			}
		}
		u.known = true
	}
	return u
}

// unitMarks puts spaces around the strokes of a unit, and makes one word of its
// name.
func unitMarks(s string) string {
	s = strings.ReplaceAll(s, "/", " / ")
	if strings.Contains(s, "light") {
		s = strings.NewReplacer("light year", "lightyear", "light-year", "lightyear").Replace(s)
	}
	return s
}

// baseUnit returns the factor and the dimension of a unit by its name.
func baseUnit(s string) (*big.Rat, dimensions, bool) {
	one := func(i int) (d dimensions) { d[i] = 1; return d }
	r := big.NewRat
	newton := dimensions{dimLength: 1, dimMass: 1, dimTime: -2}
	joule := dimensions{dimLength: 2, dimMass: 1, dimTime: -2}
	watt := dimensions{dimLength: 2, dimMass: 1, dimTime: -3}
	volt := dimensions{dimLength: 2, dimMass: 1, dimTime: -3, dimCurrent: -1}
	ohm := dimensions{dimLength: 2, dimMass: 1, dimTime: -3, dimCurrent: -2}
	pascal := dimensions{dimLength: -1, dimMass: 1, dimTime: -2}
	hertz := dimensions{dimTime: -1}
	coulomb := dimensions{dimTime: 1, dimCurrent: 1}
	litre := dimensions{dimLength: 3}
	farad := dimensions{dimLength: -2, dimMass: -1, dimTime: 4, dimCurrent: 2}
	henry := dimensions{dimLength: 2, dimMass: 1, dimTime: -2, dimCurrent: -2}
	tesla := dimensions{dimMass: 1, dimTime: -2, dimCurrent: -1}
	weber := dimensions{dimLength: 2, dimMass: 1, dimTime: -2, dimCurrent: -1}
	switch s {
	case "m":
		return r(1, 1), one(dimLength), true
	case "g":
		return r(1, 1000), one(dimMass), true
	case "s":
		return r(1, 1), one(dimTime), true
	case "h":
		return r(3600, 1), one(dimTime), true
	case "A":
		return r(1, 1), one(dimCurrent), true
	case "K":
		return r(1, 1), one(dimTemperature), true
	case "F":
		return r(1, 1), farad, true
	case "H":
		return r(1, 1), henry, true
	case "T":
		return r(1, 1), tesla, true
	case "Wb":
		return r(1, 1), weber, true
	case "N":
		return r(1, 1), newton, true
	case "J":
		return r(1, 1), joule, true
	case "W":
		return r(1, 1), watt, true
	case "V":
		return r(1, 1), volt, true
	case "C":
		return r(1, 1), coulomb, true
	case "L", "l":
		return r(1, 1000), litre, true
	case "°C", "°Celsius":
		return r(1, 1), one(dimCelsius), true
	case "°F", "°Fahrenheit":
		return r(1, 1), one(dimFahrenheit), true
	case "Pa":
		return r(1, 1), pascal, true
	case "Hz":
		return r(1, 1), hertz, true
	case "eV":
		return new(big.Rat).Mul(r(1602176634, 1), tenTo(-28)), joule, true
	case "Wh":
		return r(3600, 1), joule, true
	case "kB", "KB":
		return r(8000, 1), one(dimData), true
	case "MB":
		return r(8000000, 1), one(dimData), true
	case "GB":
		return r(8000000000, 1), one(dimData), true
	case "TB":
		return r(8000000000000, 1), one(dimData), true
	case "Kb", "kb":
		return r(1000, 1), one(dimData), true
	case "Mb":
		return r(1000000, 1), one(dimData), true
	case "Gb":
		return r(1000000000, 1), one(dimData), true
	case "kbps":
		return r(1000, 1), dimensions{dimData: 1, dimTime: -1}, true
	case "Mbps":
		return r(1000000, 1), dimensions{dimData: 1, dimTime: -1}, true
	case "Gbps":
		return r(1000000000, 1), dimensions{dimData: 1, dimTime: -1}, true
	case "AU":
		return r(149597870700, 1), one(dimLength), true
	case "M":
		return r(1000, 1), dimensions{dimAmount: 1, dimLength: -3}, true
	case "dB":
		return r(1, 1), one(dimLevel), true
	case "ly":
		return r(9460730472580800, 1), one(dimLength), true
	case "ha":
		return r(10000, 1), dimensions{dimLength: 2}, true
	case "omega", "Omega", `\Omega`:
		return r(1, 1), ohm, true
	}
	// Mm is no mm.
	if f, ok := prefix(s); ok && f.of(s[f.length:]) && s[0] < 'a' {
		if g, dims, ok := baseUnit(s[f.length:]); ok {
			return new(big.Rat).Mul(tenTo(f.power), g), dims, true
		}
	}
	switch strings.ToLower(s) {
	case "meter", "meters", "metre", "metres":
		return r(1, 1), one(dimLength), true
	case "km", "kilometer", "kilometers", "kilometre", "kilometres", "kms":
		return r(1000, 1), one(dimLength), true
	case "cm", "centimeter", "centimeters", "centimetre", "centimetres", "cms":
		return r(1, 100), one(dimLength), true
	case "mm", "millimeter", "millimeters", "millimetre", "millimetres":
		return r(1, 1000), one(dimLength), true
	case "dm", "decimeter", "decimeters":
		return r(1, 10), one(dimLength), true
	case "um", "micrometer", "micrometers", "micron", "microns":
		return r(1, 1000000), one(dimLength), true
	case "nm", "nanometer", "nanometers":
		return r(1, 1000000000), one(dimLength), true
	case "in", "inch", "inches":
		return r(254, 10000), one(dimLength), true
	case "ft", "foot", "feet":
		return r(3048, 10000), one(dimLength), true
	case "yd", "yard", "yards":
		return r(9144, 10000), one(dimLength), true
	case "mi", "mile", "miles":
		return r(1609344, 1000), one(dimLength), true
	case "kg", "kilogram", "kilograms", "kgs", "kilos":
		return r(1, 1), one(dimMass), true
	case "gram", "grams":
		return r(1, 1000), one(dimMass), true
	case "mg", "milligram", "milligrams":
		return r(1, 1000000), one(dimMass), true
	case "ton", "tons", "tonne", "tonnes":
		return r(1000, 1), one(dimMass), true
	case "lb", "lbs":
		return r(45359237, 100000000), one(dimMass), true
	case "oz", "ounce", "ounces":
		return r(45359237, 1600000000), one(dimMass), true
	case "sec", "second", "seconds", "secs":
		return r(1, 1), one(dimTime), true
	case "ms", "millisecond", "milliseconds":
		return r(1, 1000), one(dimTime), true
	case "min", "minute", "minutes", "mins":
		return r(60, 1), one(dimTime), true
	case "hr", "hour", "hours", "hrs":
		return r(3600, 1), one(dimTime), true
	case "day", "days":
		return r(86400, 1), one(dimTime), true
	case "week", "weeks":
		return r(604800, 1), one(dimTime), true
	case "ampere", "amperes", "amp", "amps":
		return r(1, 1), one(dimCurrent), true
	case "kelvin", "kelvins":
		return r(1, 1), one(dimTemperature), true
	case "mol", "mole", "moles":
		return r(1, 1), one(dimAmount), true
	case "farad", "farads":
		return r(1, 1), farad, true
	case "henry", "henries", "henrys":
		return r(1, 1), henry, true
	case "tesla", "teslas":
		return r(1, 1), tesla, true
	case "weber", "webers":
		return r(1, 1), weber, true
	case "atm", "atmosphere", "atmospheres":
		return r(101325, 1), pascal, true
	case "bar", "bars":
		return r(100000, 1), pascal, true
	case "cal", "calorie", "calories":
		return r(4184, 1000), joule, true
	case "kcal", "kilocalorie", "kilocalories":
		return r(4184, 1), joule, true
	case "bit", "bits":
		return r(1, 1), one(dimData), true
	case "byte", "bytes":
		return r(8, 1), one(dimData), true
	case "month", "months":
		return r(1, 1), one(dimMonth), true
	case "year", "years", "yr", "yrs":
		return r(12, 1), one(dimMonth), true
	case "decade", "decades":
		return r(120, 1), one(dimMonth), true
	case "century", "centuries":
		return r(1200, 1), one(dimMonth), true
	case "decibel", "decibels":
		return r(1, 1), one(dimLevel), true
	case "rpm":
		return r(1, 60), dimensions{dimTurn: 1, dimTime: -1}, true
	case "rev", "revs", "revolution", "revolutions":
		return r(1, 1), one(dimTurn), true
	case "lux", "lx":
		return r(1, 1), one(dimLight), true
	case "ppm":
		return r(1, 1000000), one(dimPart), true
	case "ppb":
		return r(1, 1000000000), one(dimPart), true
	case "lightyear", "lightyears":
		return r(9460730472580800, 1), one(dimLength), true
	case "hectare", "hectares":
		return r(10000, 1), dimensions{dimLength: 2}, true
	case "acre", "acres":
		return r(40468564224, 10000000), dimensions{dimLength: 2}, true
	case "gal", "gallon", "gallons":
		return r(3785411784, 1000000000000), litre, true
	case "quart", "quarts", "qt", "qts":
		return r(946352946, 1000000000000), litre, true
	case "pint", "pints":
		return r(473176473, 1000000000000), litre, true
	case "yen", "jpy":
		return r(1, 1), one(dimYen), true
	case "newton", "newtons":
		return r(1, 1), newton, true
	case "joule", "joules":
		return r(1, 1), joule, true
	case "watt", "watts":
		return r(1, 1), watt, true
	case "volt", "volts":
		return r(1, 1), volt, true
	case "ohm", "ohms":
		return r(1, 1), ohm, true
	case "pascal", "pascals":
		return r(1, 1), pascal, true
	case "hertz":
		return r(1, 1), hertz, true
	case "coulomb", "coulombs":
		return r(1, 1), coulomb, true
	case "liter", "liters", "litre", "litres":
		return r(1, 1000), litre, true
	case "ml", "milliliter", "milliliters", "millilitre", "millilitres":
		return r(1, 1000000), litre, true
	case "mph":
		return r(1609344, 3600000), dimensions{dimLength: 1, dimTime: -1}, true
	case "kph", "kmph":
		return r(1000, 3600), dimensions{dimLength: 1, dimTime: -1}, true
	case "$", "dollar", "dollars", "usd", "bucks":
		return r(1, 1), one(dimDollar), true
	case "cent", "cents", "¢":
		return r(1, 100), one(dimDollar), true
	case "pound", "pounds", "gbp":
		return r(1, 1), one(dimPound), true
	case "pence":
		return r(1, 100), one(dimPound), true
	case "euro", "euros", "eur":
		return r(1, 1), one(dimEuro), true
	}
	if f, ok := prefix(s); ok {
		if g, dims, ok := baseUnit(s[f.length:]); ok && f.of(s[f.length:]) {
			return new(big.Rat).Mul(tenTo(f.power), g), dims, true
		}
	}
	if f, ok := longPrefix(s); ok {
		if g, dims, ok := baseUnit(s[f.length:]); ok && f.ofWord(s[f.length:]) {
			return new(big.Rat).Mul(tenTo(f.power), g), dims, true
		}
	}
	return nil, dimensions{}, false
}

// A siPrefix is a letter before the symbol of a unit.
type siPrefix struct{ length, power int }

// prefix reads the prefix of a unit's symbol.
func prefix(s string) (siPrefix, bool) {
	for _, p := range [...]struct {
		name  string
		power int
	}{{"f", -15}, {"p", -12}, {"n", -9}, {"\u00b5", -6}, {"\u03bc", -6}, {"u", -6}, {"m", -3}, {"c", -2}, {"d", -1}, {"h", 2}, {"k", 3}, {"M", 6}, {"G", 9}, {"T", 12}} {
		if strings.HasPrefix(s, p.name) && len(s) > len(p.name) {
			return siPrefix{len(p.name), p.power}, true
		}
	}
	return siPrefix{}, false
}

// of reports whether the symbol is one that takes prefixes.
func (siPrefix) of(symbol string) bool {
	switch symbol {
	case "m", "g", "s", "A", "N", "J", "W", "V", "C", "F", "H", "T", "Wb", "L", "l", "Pa", "Hz", "eV", "Wh", "mol", "K", "omega", "Omega", `\Omega`:
		return true
	}
	return false
}

// longPrefix reads the prefix of a unit that is written out.
func longPrefix(s string) (siPrefix, bool) {
	for _, p := range [...]struct {
		name  string
		power int
	}{{"femto", -15}, {"pico", -12}, {"nano", -9}, {"micro", -6}, {"milli", -3}, {"centi", -2}, {"deci", -1}, {"hecto", 2}, {"kilo", 3}, {"kil", 3}, {"mega", 6}, {"meg", 6}, {"giga", 9}, {"tera", 12}} {
		if strings.HasPrefix(s, p.name) && len(s) > len(p.name) {
			return siPrefix{len(p.name), p.power}, true
		}
	}
	return siPrefix{}, false
}

// ofWord reports whether the name of a unit is one that takes prefixes.
func (siPrefix) ofWord(name string) bool {
	switch strings.TrimSuffix(name, "s") {
	case "meter", "metre", "gram", "second", "amp", "ampere", "newton", "joule", "watt", "volt", "coulomb", "farad", "henry", "henrie", "tesla",
		"liter", "litre", "pascal", "hertz", "mole", "kelvin", "ohm", "byte", "bit", "calorie":
		return true
	}
	return false
}
