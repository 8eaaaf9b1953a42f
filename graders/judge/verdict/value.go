package verdict

import "strings"

// A prose is a text in tokens, with the scale that its numbers are read on.
type prose struct {
	t     []token
	scale Scale
}

// A reading is a value of a verdict, or the reason why it is none.
type reading struct {
	value float64
	err   error
	next  int  // the token behind it
	bare  bool // a number without a denominator or a percent sign
}

// liberty says what may belong to a value beside its number.
type liberty struct {
	words  bool // zero to ten
	about  bool // ~7, about 7, 7 ± 1
	wrap   bool // (7) [7] "7"
	points bool // 7 points
}

// free is the liberty of prose.
var free = liberty{words: true, about: true, wrap: true, points: true}

func (p *prose) at(i int) token {
	if i < 0 {
		return token{kind: newline}
	}
	if i >= len(p.t) {
		return p.t[len(p.t)-1]
	}
	return p.t[i]
}

func (p *prose) isSign(i int, r rune) bool   { t := p.at(i); return t.kind == sign && t.sign == r }
func (p *prose) isWord(i int, s string) bool { t := p.at(i); return t.kind == word && t.text == s }

func numberWord(s string) (amount, bool) {
	for i, w := range [...]string{"zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"} {
		if s == w {
			return amount{float64(i), "w"}, true
		}
	}
	return amount{}, false
}

// amountAt reads the number at token i.
func (p *prose) amountAt(i int, words bool) (amount, error, bool) {
	switch t := p.at(i); t.kind {
	case number:
		return t.amount, nil, true
	case badNumber:
		return amount{}, Unusable, true
	case word:
		if a, ok := numberWord(t.text); ok && words && !p.isSign(i+1, '-') {
			if p.goesOn(i + 1) {
				return amount{}, Unusable, true
			}
			return a, nil, true
		}
	}
	return amount{}, nil, false
}

// goesOn reports whether the words at token i belong to the number in words
// before them: seven point five, seven and a half, seven hundred.
func (p *prose) goesOn(i int) bool {
	switch p.at(i).text {
	case "hundred", "thousand", "million", "billion", "dozen", "half", "halves", "third", "thirds", "quarter", "quarters", "tenth", "tenths", "and":
		return p.at(i).text != "and" || p.half(i)
	case "point", "dot", "comma":
		_, isWord := numberWord(p.at(i + 1).text)
		return isWord || p.at(i+1).kind == number
	}
	return false
}

// half reports whether "and a half" or the like is at token i.
func (p *prose) half(i int) bool {
	if p.at(i).text != "and" {
		return false
	}
	for i++; i > 0; i++ {
		switch p.at(i).text {
		case "a", "one", "three":
			continue
		case "half", "quarter", "quarters", "third", "thirds":
			return true
		}
		return false
	}
	return false
}

// value reads the value at token i. It is not ok where none begins there.
func (p *prose) value(i int, l liberty) (r reading, ok bool) {
	open := 0
	for l.wrap && open < 3 && p.at(i).kind == sign && strings.ContainsRune(`([{"'“‘«`, p.at(i).sign) {
		open++
		i++
	}
	if l.about {
		i, _ = p.about(i)
	}
	n, err, ok := p.amountAt(i, l.words)
	if !ok {
		return r, false
	}
	if err != nil {
		return reading{err: err, next: i + 1}, true
	}
	i = p.closers(i+1, &open)
	if l.about {
		i = p.plusMinus(i)
	}
	if l.points {
		i = p.points(i)
	}
	if m, next, percent, err, is := p.denominator(i, l.words); is {
		r.next = p.closers(next, &open)
		if l.points {
			r.next = p.points(r.next)
		}
		switch {
		case err != nil:
			r.err = err
		case percent:
			r.value, r.err = p.scale.percent(n)
		default:
			r.value, r.err = p.scale.fraction(n, m)
		}
		return r, true
	}
	r.next, r.bare = i, true
	literal := n.literal
	if literal == "w" {
		literal = ""
	}
	r.value, r.err = p.scale.within(n.value, literal)
	return r, true
}

// about passes over what says that a number is not exact.
func (p *prose) about(i int) (int, bool) {
	switch t := p.at(i); t.kind {
	case sign:
		if strings.ContainsRune("~≈≃∼", t.sign) {
			return i + 1, true
		}
	case word:
		switch t.text {
		case "about", "approximately", "approx", "around", "roughly", "circa":
			if p.isSign(i+1, '.') {
				i++
			}
			return i + 1, true
		}
	}
	return i, false
}

func (p *prose) closers(i int, open *int) int {
	for *open > 0 && p.at(i).kind == sign && strings.ContainsRune(`)]}"'”’»“‘`, p.at(i).sign) {
		*open--
		i++
	}
	return i
}

// plusMinus passes over the spread of a number.
func (p *prose) plusMinus(i int) int {
	j := i
	switch {
	case p.isSign(i, '±'):
		j = i + 1
	case p.isSign(i, '+') && p.isSign(i+1, '/') && p.isSign(i+2, '-'):
		j = i + 3
	case p.isSign(i, '+') && p.isSign(i+1, '/') && p.at(i+2).kind == number && p.at(i + 2).amount.literal[0] == '-':
		return i + 3
	case p.isSign(i, '+') && p.isSign(i+1, '-'):
		j = i + 2
	}
	if j > i && p.at(j).kind == number {
		return j + 1
	}
	return i
}

func (p *prose) points(i int) int {
	switch t := p.at(i); t.kind {
	case word:
		switch t.text {
		case "point", "points", "pts", "pt", "stars", "star", "marks":
			return i + 1
		}
	case sign:
		for p.at(i).kind == sign && strings.ContainsRune("⭐★☆🌟", p.at(i).sign) {
			i++
		}
	}
	return i
}

// denominator reads /m, "out of m", "of m" where m is the maximum, and a
// percent sign.
func (p *prose) denominator(i int, words bool) (m amount, next int, percent bool, err error, ok bool) {
	paren := 0
	if p.isSign(i, '(') && (p.isWord(i+1, "out") || p.isSign(i+1, '/') || p.isWord(i+1, "of")) {
		i++
		paren = 1
	}
	switch {
	case p.isSign(i, '%'):
		return m, i + 1, true, nil, true
	case p.isWord(i, "percent"):
		return m, i + 1, true, nil, true
	case p.isWord(i, "per") && p.isWord(i+1, "cent"):
		return m, i + 2, true, nil, true
	case p.isSign(i, '/'):
		i++
		words = false
	case p.isWord(i, "out") && p.isWord(i+1, "of"), p.isWord(i, "of"):
		plain := p.isWord(i, "of")
		for i++; p.at(i).kind == word; i++ {
			switch p.at(i).text {
			case "of", "a", "the", "possible", "maximum", "max", "total", "potential":
				continue
			}
			break
		}
		if plain && (p.at(i).kind != number || p.at(i).amount.value != p.scale.Max) {
			return m, i, false, nil, false
		}
	default:
		return m, i, false, nil, false
	}
	m, err, ok = p.amountAt(i, words)
	if !ok {
		return m, i, false, Unusable, true
	}
	i++
	if paren == 1 {
		i = p.points(i)
		if p.isSign(i, ')') {
			i++
		}
	}
	if p.isSign(i, '/') {
		err = Unusable
	}
	return m, i, false, err, true
}

// whole reads a text that is one value as a whole, of folded text.
func (s Scale) whole(text string, l liberty) (float64, error, bool) {
	if len(text) > 400 {
		return 0, nil, false
	}
	if !l.wrap && strings.ContainsAny(text, "*`#_\n") {
		return 0, nil, false
	}
	p := &prose{tokens(text), s}
	i := 0
	for p.at(i).kind == newline {
		i++
	}
	r, ok := p.value(i, l)
	if !ok {
		return 0, nil, false
	}
	i = r.next
	if (p.isSign(i, '.') || p.isSign(i, '!') || p.isSign(i, '。')) && !p.at(i).space {
		i++
	}
	for p.at(i).kind == newline {
		i++
	}
	if p.at(i).kind != end {
		return 0, nil, false
	}
	return r.value, r.err, true
}
