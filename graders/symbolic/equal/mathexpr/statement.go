package mathexpr

import (
	"math/big"
	"strings"
)

// statement reads one element of a list: a label, a relation or a value, and
// the words around it.
func (p *parser) statement() *Node {
	if !p.enter() {
		return nil
	}
	defer p.leave()
	if p.peek().is(tCmd, "forall") {
		// "for all x > 0, f(x) = 0": the condition comes first.
		for p.peek().kind != tEnd && p.peek().kind != tComma && p.peek().kind != tClose {
			p.i++
		}
		if p.peek().kind != tComma {
			return nil
		}
		p.i++
	}
	label := p.label()
	for p.peek().kind == tWord && label == "" && fillerWord(strings.ToLower(p.peek().text)) && p.valueFollows() {
		p.i++
		if p.peek().op(":") || p.peek().op("=") {
			p.i++
		}
	}
	var n *Node
	if p.words() {
		n = p.text()
	} else {
		n = p.relation()
	}
	if n == nil {
		return nil
	}
	if note := p.note(); note != "" || label != "" {
		c := *n
		c.Note, c.Label = note, label
		n = &c
	}
	return n
}

// valueFollows reports whether a value stands behind the filler at the cursor.
func (p *parser) valueFollows() bool {
	for i := 1; ; i++ {
		t := p.at(i)
		switch {
		case t.kind == tWord && len(t.text) == 1 && i > 0 && t.text != "a":
			return true
		case t.kind == tWord:
			w := strings.ToLower(t.text)
			if _, _, ok := numberWord(w); ok {
				return true
			}
			if !fillerWord(w) {
				return false
			}
		case t.kind == tEnd || t.kind == tClose || t.kind == tComma:
			return false
		case t.op("=") || t.op(":"):
			// "answer = 5"
		default:
			return true
		}
	}
}

// label takes words and a colon or an equals sign before a value: "Minimum: 1".
func (p *parser) label() string {
	if p.peek().kind != tWord {
		return ""
	}
	i := 0
	var b strings.Builder
	for ; i < 8; i++ {
		t := p.at(i)
		if t.kind != tWord && (i == 0 || t.kind != tNum && t.kind != tLetter && !t.is(tOpen, "(") && !t.is(tClose, ")")) && !t.op("#") {
			break
		}
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(strings.ToLower(t.text))
	}
	t := p.at(i)
	if i == 0 || !t.op(":") && !t.op("=") {
		return ""
	}
	if i == 1 && len(p.peek().text) == 1 {
		return ""
	}
	if next := p.at(i + 1); next.kind == tEnd || next.kind == tClose {
		return ""
	}
	p.i += i + 1
	return b.String()
}

// words reports whether the statement at the cursor is text.
func (p *parser) words() bool {
	t := p.peek()
	if t.kind != tWord {
		return false
	}
	if len(t.text) == 1 {
		n := p.at(1)
		return n.kind == tWord && len(n.text) > 1 && !strings.EqualFold(n.text, "and") && !strings.EqualFold(n.text, "or")
	}
	_, _, ok := numberWord(strings.ToLower(t.text))
	return !ok
}

// text reads words up to the next separator.
func (p *parser) text() *Node {
	var b strings.Builder
	start := p.i
	for {
		t := p.peek()
		if t.kind == tEnd || t.kind == tClose && p.depth > 1 || t.kind == tComma || t.kind == tSemi || t.kind == tAmp || t.kind == tRow || t.kind == tEndEnv ||
			t.kind == tWord && (t.text == "and" || t.text == "or") || t.kind == tOpen && t.text != "(" && t.text != "{" {
			break
		}
		p.i++
		if t.kind == tOpen || t.kind == tClose {
			continue
		}
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(strings.ToLower(tokenName(t)))
		if t.kind == tPrime {
			b.WriteByte('\'')
		}
	}
	if p.i == start {
		return nil
	}
	name := b.String()
	if d := phrase(name); d != "" {
		return &Node{Op: OpDomain, Name: d}
	}
	return &Node{Op: OpText, Name: name}
}

// phrase returns the set that a phrase names.
func phrase(s string) string {
	switch s {
	case "all real numbers", "all reals", "all real", "real numbers", "the real numbers", "the set of all real numbers", "all real number", "reals", "any real number", "all real values":
		return "R"
	case "no solution", "no solutions", "empty set", "the empty set", "no real solution", "no real solutions", "there is no solution", "there are no solutions":
		return "empty"
	case "all integers", "integers", "the integers", "the set of integers":
		return "Z"
	}
	return ""
}

// note takes the words behind a value that say when it holds, or why.
func (p *parser) note() string {
	t := p.peek()
	words := t.kind == tWord && qualifierWord(strings.ToLower(t.text))
	quantor := t.is(tCmd, "forall") || t.is(tCmd, "exists")
	bracket := t.is(tOpen, "(") && (p.at(1).kind == tWord && len(p.at(1).text) > 1 || p.at(1).kind == tLetter && p.at(2).op("∈"))
	if !words && !quantor && !bracket && !(t.kind == tComma && p.qualifierAfterComma()) {
		return ""
	}
	if t.kind == tComma {
		p.i++
	}
	var b strings.Builder
	depth := 0
	because := t.word("because") || t.word("but") || t.word("since") || t.word("as") || t.word("where") || p.peek().word("where")
	for {
		t := p.peek()
		if t.kind == tEnd || t.kind == tSemi || t.kind == tAmp || t.kind == tRow || t.kind == tEndEnv {
			break
		}
		if t.kind == tClose {
			if depth == 0 && p.depth > 1 {
				break
			}
			depth--
		}
		if t.kind == tOpen {
			depth++
		}
		if !because && depth == 0 && (t.kind == tWord && t.text == "and" || t.kind == tComma && (p.at(1).word("and") || p.at(1).kind == tLetter || p.at(1).kind == tNum)) {
			break
		}
		p.i++
		if b.Len() < 400 {
			b.WriteString(strings.ToLower(tokenName(t)))
			b.WriteByte(' ')
		}
	}
	return strings.TrimSpace(b.String())
}

func (p *parser) qualifierAfterComma() bool {
	t := p.at(1)
	return t.kind == tWord && qualifierWord(strings.ToLower(t.text)) || t.is(tCmd, "forall")
}

// wordAtom reads a word as a value: a number, a name of one letter, or text
// that stands where a factor is wanted.
func (p *parser) wordAtom(t *token) *Node {
	lower := strings.ToLower(t.text)
	if _, _, ok := numberWord(lower); ok {
		p.i--
		return p.numberWords()
	}
	if len(t.text) == 1 {
		return p.apply(Sym(t.text))
	}
	if lower == "and" || lower == "or" {
		return nil
	}
	if !t.quote && p.depth <= 2 {
		return nil
	}
	return &Node{Op: OpText, Name: lower}
}

// numberWords reads a number in English words.
func (p *parser) numberWords() *Node {
	var total, part int64
	n, seen := 0, false
	for ; n < 24; n++ {
		t := p.peek()
		if t.op("-") && seen && p.at(1).kind == tWord {
			w := strings.ToLower(p.at(1).text)
			if _, _, ok := numberWord(w); !ok && ordinalFraction(w) == 0 {
				break
			}
			p.i++
			continue
		}
		if t.kind != tWord {
			break
		}
		w := strings.ToLower(t.text)
		if w == "and" && seen {
			_, _, ok := numberWord(strings.ToLower(p.at(1).text))
			if !ok || part%100 != 0 {
				break
			}
			p.i++
			continue
		}
		v, scale, ok := numberWord(w)
		if !ok {
			break
		}
		p.i++
		switch {
		case !scale:
			part += v
		case v == 100 || v == 12:
			part = max(part, 1) * v
		default:
			total += max(part, 1) * v
			part = 0
		}
		if total > 1e15 || part > 1e15 {
			return nil
		}
		seen = true
	}
	value := total + part
	if d := ordinalFraction(strings.ToLower(p.peek().text)); d > 0 && p.peek().kind == tWord {
		p.i++
		return op(OpDiv, Int(value), Int(d))
	}
	return &Node{Op: OpNum, Num: &Number{Val: new(big.Rat).SetInt64(value)}}
}

// suffix reads what words may stand behind a value: a percent sign in letters,
// millions, degrees, a unit. It returns nil where there is none.
func (p *parser) suffix(n, last *Node, factors []*Node) *Node {
	t := p.peek()
	if t.kind == tCurrency {
		if next := p.at(1); next.kind == tNum || next.kind == tOpen {
			return nil
		}
		p.i++
		return &Node{Op: OpUnit, Name: t.text, Args: []*Node{n}}
	}
	if t.kind != tWord {
		return nil
	}
	w := strings.ToLower(t.text)
	switch w {
	case "and", "or":
		return nil
	case "percent", "pct", "percentage", "percents":
		p.i++
		p.accept(tWord, "points")
		return op(OpPercent, n)
	case "degrees", "degree", "deg":
		p.i++
		return op(OpDegree, n)
	}
	if v, scale, ok := numberWord(w); ok && scale && n.Op != OpUnit {
		p.i++
		return op(OpMul, n, Int(v))
	}
	if qualifierWord(w) || n.Op == OpText || w == "to" && p.at(1).kind == tNum {
		return nil
	}
	if n.Op == OpUnit && halfDay(n.Name) != "" {
		return nil
	}
	u := p.unit()
	if u == "" {
		return nil
	}
	return &Node{Op: OpUnit, Name: u, Args: []*Node{n}}
}

// unit takes the words and signs of a unit.
func (p *parser) unit() string {
	var b strings.Builder
	words := 0
	for words < 12 {
		t := p.peek()
		switch {
		case t.kind == tWord:
			w := strings.ToLower(t.text)
			if w == "and" || w == "or" || qualifierWord(w) && words > 0 && w != "of" {
				return b.String()
			}
			if b.Len() > 0 && !strings.HasSuffix(b.String(), "/") && !strings.HasSuffix(b.String(), "*") {
				b.WriteByte(' ')
			}
			b.WriteString(t.text)
			words++
			p.i++
		case t.op("/") && (p.at(1).kind == tWord || p.at(1).kind == tLetter) && words > 0:
			b.WriteByte('/')
			p.i++
			if p.peek().kind == tLetter {
				b.WriteString(p.take().text)
			}
		case t.op("*") && p.at(1).kind == tWord && words > 0:
			b.WriteByte('*')
			p.i++
		case t.op("^") && words > 0:
			p.i++
			e := p.arg()
			if e == nil {
				return ""
			}
			b.WriteByte('^')
			switch {
			case e.Op == OpNum && e.Num.Val.IsInt():
				b.WriteString(e.Num.Val.Num().String())
			case e.Op == OpNeg && e.Args[0].Op == OpNum:
				b.WriteString("-" + e.Args[0].Num.Val.RatString())
			default:
				return ""
			}
		case t.kind == tNum && words > 0 && !t.space && len(t.text) == 1:
			b.WriteString("^" + t.text)
			p.i++
		case t.kind == tDegree && words == 0:
			p.i++
		default:
			return b.String()
		}
	}
	return b.String()
}
