package number

import "strings"

// scaleWord returns what a word behind a number multiplies it by, as a factor
// times a power of ten; the factor is 0 where the word multiplies nothing. The
// names of great numbers are those of the short scale, except milliard, which
// only the long one has.
func scaleWord(w string) (factor, exp int64) {
	switch w {
	case "dozen", "dozens", "doz", "dz":
		return 12, 0
	case "tens", "十", "십":
		return 1, 1
	case "hundred", "hundreds", "百", "백":
		return 1, 2
	case "thousand", "thousands", "tsd", "тыс", "千", "천":
		return 1, 3
	case "lakh", "lakhs", "lac", "lacs":
		return 1, 5
	case "mio", "mln", "млн":
		return 1, 6
	case "crore", "crores":
		return 1, 7
	case "milliard", "milliards", "mrd", "bn", "bln", "млрд":
		return 1, 9
	case "trln", "трлн":
		return 1, 12
	case "permille", "permil", "promille", "promil":
		return 1, -3
	case "ppm":
		return 1, -6
	case "ppb":
		return 1, -9
	}
	if exp = illion(strings.TrimSuffix(w, "s")); exp != 0 {
		return 1, exp
	}
	return 0, 0
}

// illion returns the power of ten of a name of the short scale, or 0.
func illion(w string) int64 {
	if !strings.HasSuffix(w, "illion") {
		return 0
	}
	switch w {
	case "million":
		return 6
	case "billion":
		return 9
	case "trillion":
		return 12
	case "quadrillion":
		return 15
	case "quintillion":
		return 18
	case "sextillion":
		return 21
	case "septillion":
		return 24
	case "octillion":
		return 27
	case "nonillion":
		return 30
	case "decillion":
		return 33
	case "undecillion":
		return 36
	case "duodecillion":
		return 39
	case "tredecillion":
		return 42
	case "quattuordecillion":
		return 45
	case "quindecillion":
		return 48
	case "sexdecillion":
		return 51
	case "septendecillion":
		return 54
	case "octodecillion":
		return 57
	case "novemdecillion":
		return 60
	case "vigintillion":
		return 63
	case "centillion":
		return 303
	}
	return 0
}

// unclearScale reports whether a word multiplies the number beside it by what
// this reader does not know, or by what people do not agree on.
func unclearScale(w string) bool {
	switch w {
	case "bps", "bp", "bil", "tril", "ppt", "ppq", "pph", "ppmv", "ppbv", "permyriad", "mn", "tn", "mld", "mil", "mille", "milles", "mila", "thou",
		"hundert", "honderd", "hundra", "ciento", "cientos", "cento", "centos",
		"tys", "ribu", "juta", "trieu", "nghin",
		"dutzend", "douzaine", "douzaines", "docena", "docenas", "dozzina", "dozzine", "duzia", "duzias", "dozijn",
		"مليون", "مليار", "الف", "الاف",
		"लख", "हजर", "करड", "अरब", "दरजन", "स",
		"成", "割":
		return true
	}
	if len(w) > 0 && w[0] < 0x80 {
		return unclearLatin(w)
	}
	for _, stem := range [...]string{"тысяч", "миллион", "миллиард", "биллион", "триллион", "десят", "дюжин", "сотн", "ลาน", "แสน"} {
		if strings.HasPrefix(w, stem) {
			return true
		}
	}
	// Measures of a thousand are units as the kilogram is.
	for _, unit := range [...]string{"千克", "千米", "千瓦", "千卡", "千赫", "千帕", "千伏"} {
		if strings.HasPrefix(w, unit) {
			return false
		}
	}
	return strings.ContainsAny(w, "十百千万萬亿億兆半십백천만억조")
}

func unclearLatin(w string) bool {
	if strings.Contains(w, "illionair") {
		return false
	}
	for _, stem := range [...]string{
		"million", "milliard", "millon", "milion", "miliard", "miljo", "miljard", "milyon", "milyar", "milhao", "milhoes",
		"billion", "billiard", "bilion", "biljo", "biljard", "bilhao", "bilhoes", "trillion", "trilliard",
		"tausend", "duizend", "tusen", "tusind", "tysi", "tisic", "myriad", "googol",
	} {
		if strings.HasPrefix(w, stem) {
			return true
		}
	}
	for _, end := range [...]string{"illion", "illions", "illionth", "illionths", "illiard", "illiards", "illiardth", "illiardths"} {
		if strings.HasSuffix(w, end) {
			return true
		}
	}
	return false
}

// moneyScale returns the power of ten of what multiplies an amount of money:
// $1.2k, $3 M, $2bn; 0 for none.
func moneyScale(w string) int64 {
	switch w {
	case "k", "K":
		return 3
	case "m", "M", "mm", "MM", "mn":
		return 6
	case "b", "B", "bn":
		return 9
	case "t", "T", "tn":
		return 12
	}
	return 0
}

// scale reads what multiplies the number behind which it stands: million,
// dozen, k. Single is set for a number of one token.
func (p *parser) scale(v Value, money, single bool) (Value, error) {
	if t, ok := p.fractionOf(v, single); ok {
		return t, nil
	}
	for range 2 {
		factor, exp := p.scaleAhead()
		if factor == 0 {
			break
		}
		v = v.Mul(FromInt(factor).Shift(exp))
	}
	t, ok := p.peek(0)
	if !ok || t.kind != kWord || p.at == 0 || p.tokens[p.at-1].kind != kNumber {
		return v, nil
	}
	switch w := string(p.src[t.start:t.end]); {
	case money && moneyScale(w) != 0:
		p.at++
		return v.Shift(moneyScale(w)), nil
	case t.apart || t.inText:
	case w == "k":
		p.at++
		return v.Shift(3), nil
	case w != "m" && w != "mm" && moneyScale(w) != 0:
		return v, ErrExpression // kelvin or thousand, mega or million
	}
	return v, nil
}

// scaleAhead reads one scale word, sign or phrase.
func (p *parser) scaleAhead() (factor, exp int64) {
	t, ok := p.peek(0)
	if !ok {
		return 0, 0
	}
	if t.kind == kPerMille {
		p.at++
		return 1, -t.scale
	}
	w := p.word(0)
	switch w {
	case "":
		return 0, 0
	case "per":
		switch p.word(1) {
		case "mille", "mil", "mill":
			p.at += 2
			return 1, -3
		}
		return 0, 0
	case "basis":
		switch p.word(1) {
		case "point", "points":
			p.at += 2
			return 1, -4
		}
		return 0, 0
	}
	if factor, exp = scaleWord(w); factor != 0 {
		p.at++
		return factor, exp
	}
	// In 5万元 and 5만원 the scale and the unit are one word.
	switch p.src[t.start] {
	case '万', '萬', '만':
		exp = 4
	case '亿', '億', '억':
		exp = 8
	default:
		return 0, 0
	}
	if t.end == t.start+1 {
		p.at++
	} else {
		p.tokens[p.at].start++
	}
	return 1, exp
}

// fractionOf reads the parts of a whole behind digits: 5 twelfths, 1 third. It
// leaves quarters and halves alone, which are coins and parts of a game as
// well, and 5 fifth graders, who are five.
func (p *parser) fractionOf(v Value, single bool) (Value, bool) {
	w := p.word(0)
	if !single || w == "" {
		return v, false
	}
	d, plural := denominator(w)
	switch {
	case d.Sign() == 0 || halfOrQuarter(w):
		return v, false
	case plural:
	case v.Abs().Cmp(FromInt(1)) != 0 || p.counted():
		return v, false
	}
	p.at++
	return v.quo(d), true
}

// counted reports whether the ordinal that comes next belongs to a name of
// what is counted: 5 fifth graders.
func (p *parser) counted() bool {
	switch p.word(1) {
	case "", "of", "part", "parts", "a", "an":
		return false
	}
	return true
}

func halfOrQuarter(w string) bool {
	switch w {
	case "half", "halves", "quarter", "quarters":
		return true
	}
	return false
}

// multiplies refuses a word that stands right behind the number and changes
// it, or may do so: 5 gross, 5 grand, 5 quarters.
func (p *parser) multiplies(w string, money bool) error {
	switch w {
	case "quarter", "quarters", "score", "scores", "mia", "mill":
		return ErrMany
	case "gross":
		if !money { // the opposite of net
			return ErrMany
		}
	case "grand":
		if next := p.word(1); money || next == "" || unitName(next, next) == "$" || p.is(1, kCurrency) {
			return ErrMany
		}
	case "kilo", "mega", "giga", "tera", "peta", "exa", "hecto", "deci", "centi", "milli", "micro", "nano", "pico", "femto":
		return ErrExpression
	case "negative", "less", "odd", "excluded", "rejected", "until", "till", "to", "and", "up", "upwards", "onwards":
		if p.word(1) == "" {
			return ErrDoubt
		}
	case "m", "mm", "k", "t":
		if money {
			return ErrExpression
		}
		if next := p.word(1); next != "" && isCurrency(unitName(next, next)) {
			return ErrExpression // 5 m dollars
		}
	}
	return nil
}

func isCurrency(unit string) bool {
	switch unit {
	case "$", "€", "£", "¥", "₹", "pound", "euro", "cad", "aud", "chf", "cny", "rmb", "franc", "peso", "yuan", "won", "rouble", "ruble", "real", "krona", "zloty":
		return true
	}
	return false
}

// ordinalOf returns the number of an ordinal in the singular, from third, or 0.
// Second is left out: it is a time.
func ordinalOf(w string) int64 {
	switch w {
	case "third":
		return 3
	case "fourth":
		return 4
	case "fifth":
		return 5
	case "sixth":
		return 6
	case "seventh":
		return 7
	case "eighth":
		return 8
	case "ninth":
		return 9
	case "tenth":
		return 10
	case "eleventh":
		return 11
	case "twelfth":
		return 12
	case "thirteenth":
		return 13
	case "fourteenth":
		return 14
	case "fifteenth":
		return 15
	case "sixteenth":
		return 16
	case "seventeenth":
		return 17
	case "eighteenth":
		return 18
	case "nineteenth":
		return 19
	case "twentieth":
		return 20
	case "thirtieth":
		return 30
	case "fortieth":
		return 40
	case "fiftieth":
		return 50
	case "sixtieth":
		return 60
	case "seventieth":
		return 70
	case "eightieth":
		return 80
	case "ninetieth":
		return 90
	case "hundredth":
		return 100
	case "thousandth":
		return 1000
	}
	return 0
}

// denominator returns the value of a fraction's second word, or 0.
func denominator(w string) (d Value, plural bool) {
	switch w {
	case "half", "halves":
		return FromInt(2), w == "halves"
	case "quarter", "quarters":
		return FromInt(4), w == "quarters"
	}
	one := strings.TrimSuffix(w, "s")
	if plural = len(one) < len(w); !strings.HasSuffix(one, "th") && !strings.HasSuffix(one, "rd") {
		return Value{}, false
	}
	if n := ordinalOf(one); n != 0 {
		return FromInt(n), plural
	}
	stem, _ := strings.CutSuffix(one, "th")
	if e := illion(stem); e != 0 {
		return FromInt(1).Shift(e), plural
	}
	if stem == "milliard" {
		return FromInt(1).Shift(9), plural
	}
	return Value{}, false
}
