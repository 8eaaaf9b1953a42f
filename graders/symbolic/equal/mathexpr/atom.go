package mathexpr

import (
	"math/big"
	"strconv"
	"strings"
)

// juxt reads factors without a sign between them.
func (p *parser) juxt() *Node {
	n := p.power()
	if n == nil {
		return nil
	}
	var factors []*Node
	for {
		t := p.peek()
		last := n
		if factors != nil {
			last = factors[len(factors)-1]
		}
		if w := p.suffix(n, last, factors); w != nil {
			n, factors = w, nil
			continue
		}
		if !p.starts(t) {
			break
		}
		if t.kind == tNum && last.Op == OpNum && !last.Paren {
			m := p.mixedSlash(last)
			if m == nil {
				break
			}
			if factors != nil {
				factors[len(factors)-1] = m
			} else {
				n = m
			}
			continue
		}
		f := p.power()
		if f == nil {
			return nil
		}
		m := mixed(last, f, t)
		if m == nil && t.is(tOpen, "(") && last.Paren && last.Op == OpApply && last.Name == "∘" {
			m = compose(last, f)
		}
		if m != nil {
			if factors != nil {
				factors[len(factors)-1] = m
			} else {
				n = m
			}
			continue
		}
		if factors == nil {
			factors = []*Node{n}
		}
		factors = append(factors, f)
		n = &Node{Op: OpMul, Args: factors}
	}
	return n
}

// starts reports whether a token begins a factor.
func (p *parser) starts(t *token) bool {
	switch t.kind {
	case tNum, tLetter, tFunc, tDomain, tVector, tBegin, tCurrency:
		return true
	case tOpen:
		if t.text == "[" {
			// In [0,1[ it closes.
			next := p.at(1)
			return next.kind != tEnd && next.kind != tClose && next.kind != tComma && !next.op("∪") && !next.op("∩")
		}
		if w := p.at(1); t.text == "(" && (w.kind == tWord && len(w.text) > 1 || w.kind == tLetter && p.at(2).op("∈")) {
			return false // a remark in brackets
		}
		return true
	case tBar:
		return p.bars == 0 && !p.noBar
	case tCmd:
		switch t.text {
		case "choose", "over", "pmod", "end", "forall", "exists":
			return false
		}
		return true
	}
	return false
}

// mixed returns the sum that a whole number and a fraction make: 3\frac12.
func mixed(whole, frac *Node, t *token) *Node {
	if whole.Op != OpNum || whole.Num.Decimal || whole.Paren || whole.Num.Repeats || !t.is(tCmd, "frac") {
		return nil
	}
	if (frac.Op == OpPercent || frac.Op == OpDegree) && frac.Args[0].Op == OpDiv {
		if m := mixed(whole, frac.Args[0], t); m != nil {
			return op(frac.Op, m)
		}
		return nil
	}
	if frac.Op != OpDiv || frac.Args[0].Op != OpNum || frac.Args[1].Op != OpNum {
		return nil
	}
	a, b := frac.Args[0].Num, frac.Args[1].Num
	if a.Decimal || b.Decimal {
		return nil
	}
	return &Node{Op: OpAdd, Args: []*Node{whole, frac}, Mixed: true, Paren: true}
}

// mixedSlash reads the fraction of a mixed number in plain text: 3 1/2.
func (p *parser) mixedSlash(whole *Node) *Node {
	a, slash, b := p.peek(), p.at(1), p.at(2)
	if whole.Num.Decimal || !slash.op("/") || b.kind != tNum || a.num.Decimal || b.num.Decimal || b.num.Val.Sign() == 0 {
		return nil
	}
	p.i += 3
	f := op(OpDiv, &Node{Op: OpNum, Num: a.num}, &Node{Op: OpNum, Num: b.num})
	return &Node{Op: OpAdd, Args: []*Node{whole, f}, Mixed: true, Paren: true}
}

// power reads an atom with what is attached to it.
func (p *parser) power() *Node {
	n := p.atom()
	for n != nil {
		t := p.peek()
		switch {
		case t.op("^"):
			p.i++
			if n = p.exponent(n); n == nil {
				return nil
			}
		case t.op("_"):
			p.i++
			sub := p.subscript()
			if sub == "" && n.Op != OpSym {
				return nil
			}
			n = p.attach(n, sub)
		case t.op("!"):
			p.i++
			name := "fact"
			if p.peek().op("!") && !p.peek().space {
				p.i++
				name = "dfact"
			}
			n = call(name, n)
		case t.kind == tPrime:
			p.i++
			if n.Op == OpNum && !(p.peek().kind == tPrime) {
				n = &Node{Op: OpUnit, Name: "'", Args: []*Node{n}}
				continue
			}
			if n.Op != OpSym {
				continue
			}
			n = p.apply(Sym(n.Name + "'"))
		case t.kind == tPercent:
			p.i++
			n = op(OpPercent, n)
		case t.kind == tDegree:
			p.i++
			n = op(OpDegree, n)
		default:
			return n
		}
	}
	return nil
}

// exponent reads what stands behind ^.
func (p *parser) exponent(base *Node) *Node {
	if !p.enter() {
		return nil
	}
	defer p.leave()
	t := p.peek()
	if t.kind == tDegree || t.is(tOpen, "{") && p.at(1).kind == tDegree && p.at(2).is(tClose, "}") {
		p.i++
		if t.kind != tDegree {
			p.i += 2
		}
		return op(OpDegree, base)
	}
	if t.kind == tPrime {
		p.i++
		if base.Op == OpSym {
			return Sym(base.Name + "'")
		}
		return base
	}
	if t.is(tOpen, "{") {
		switch w := p.at(1); {
		case w.kind == tPrime && base.Op == OpSym:
			name := base.Name
			p.i++
			for p.peek().kind == tPrime {
				p.i++
				name += "'"
			}
			if !p.accept(tClose, "}") {
				return nil
			}
			return p.apply(Sym(name))
		case (w.kind == tWord || w.kind == tLetter) && p.at(2).is(tClose, "}") && ordinalSuffix(w.text):
			p.i += 3
			return base
		case w.kind == tLetter && w.text == "t" && p.at(2).is(tLetter, "h") && p.at(3).is(tClose, "}"):
			p.i += 4
			return base
		}
	}
	if t.kind == tWord && ordinalSuffix(t.text) {
		p.i++
		return base
	}
	if t.op("*") {
		p.i++
		return call("conj", base)
	}
	if t.op("-") || t.op("+") {
		p.i++
	}
	e := p.atom()
	if e == nil {
		return nil
	}
	switch {
	case p.peek().op("^"):
		p.i++
		if e = p.exponent(e); e == nil {
			return nil
		}
	case p.peek().op("!"):
		p.i++
		e = call("fact", e)
	}
	if t.op("-") {
		e = op(OpNeg, e)
	}
	if base.Op == OpSym && isFunctionName(base.Name) && p.peek().is(tOpen, "(") && isMinusOne(e) {
		return p.apply(Sym(base.Name + "^-1"))
	}
	if base.Op == OpMatrix && e.Op == OpSym && (e.Name == "T" || e.Name == "t" || e.Name == `\top`) {
		return call("transpose", base)
	}
	if base.Op == OpSym && p.peek().op("_") {
		p.i++
		sub := p.subscript()
		base = p.attach(base, sub)
	}
	return op(OpPow, base, e)
}

func ordinalSuffix(s string) bool { return s == "th" || s == "st" || s == "nd" || s == "rd" }

func isMinusOne(n *Node) bool { return n.Op == OpNeg && n.Args[0].IsInt(1) }

// subscript reads what stands behind _ as a name.
func (p *parser) subscript() string {
	if p.peek().kind == tClose || p.peek().kind == tEnd {
		return ""
	}
	t := p.take()
	if t.kind != tOpen {
		return tokenName(t)
	}
	var b strings.Builder
	for depth := 1; p.peek().kind != tEnd; {
		t := p.take()
		switch t.kind {
		case tOpen:
			depth++
		case tClose:
			depth--
		}
		if depth == 0 {
			return b.String()
		}
		b.WriteString(tokenName(t))
	}
	return ""
}

func tokenName(t *token) string {
	switch t.kind {
	case tComma:
		return ","
	case tOp, tNum, tLetter, tWord, tCmd, tFunc, tOpen, tClose, tDomain, tVector:
		return t.text
	}
	return ""
}

// attach gives a node its subscript: a variable's name, or a number's base.
func (p *parser) attach(n *Node, sub string) *Node {
	switch n.Op {
	case OpSym:
		return p.apply(Sym(n.Name + "_" + sub))
	case OpNum:
		if b := inBase(n, sub, p.toks[:p.i]); b != nil {
			return b
		}
	case OpMul:
		// The digits of a base above ten may be letters, which were read as
		// factors; the subscript came to the last one.
	}
	return &Node{Op: OpSym, Name: nodeName(n) + "_" + sub}
}

func nodeName(n *Node) string {
	switch n.Op {
	case OpSym, OpText, OpConst, OpBase:
		return n.Name
	case OpNum:
		return n.Num.Val.RatString()
	}
	return "?"
}

// inBase reads the digits of n, the last number token, in another base.
func inBase(n *Node, sub string, toks []token) *Node {
	digits := ""
	for i := len(toks) - 1; i >= 0; i-- {
		if toks[i].kind == tNum && toks[i].num == n.Num {
			digits = toks[i].base
			break
		}
	}
	if v, _, ok := numberWord(strings.ToLower(sub)); ok {
		sub = strconv.FormatInt(v, 10)
	}
	base := 0
	for _, c := range []byte(sub) {
		if !isDigit(c) || base > 36 {
			return nil
		}
		base = base*10 + int(c-'0')
	}
	if base < 2 || base > 36 || digits == "" {
		return nil
	}
	v, ok := new(big.Int).SetString(digits, base)
	if !ok {
		return nil
	}
	return &Node{Op: OpBase, Name: digits, Count: base, Num: &Number{Val: new(big.Rat).SetInt(v)}}
}

// atom reads the smallest whole expression.
func (p *parser) atom() *Node {
	t := p.take()
	switch t.kind {
	case tNum:
		return &Node{Op: OpNum, Num: t.num}
	case tLetter:
		return p.letter(t)
	case tWord:
		return p.wordAtom(t)
	case tFunc:
		return p.function(t.text)
	case tCmd:
		return p.cmd(t)
	case tOpen:
		return p.group(t)
	case tClose:
		if t.text == "]" {
			return p.reversed()
		}
		return nil
	case tBar:
		return p.bar()
	case tDomain:
		n := &Node{Op: OpDomain, Name: t.text}
		if p.peek().op("^") && (p.at(1).op("+") || p.at(1).op("-") || p.at(1).op("*")) {
			n.Name += p.at(1).text
			p.i += 2
		}
		return n
	case tVector:
		return &Node{Op: OpVector, Name: t.text}
	case tBegin:
		return p.environment(t.text)
	case tCurrency:
		v := p.unary()
		if v == nil {
			return nil
		}
		if v.Op == OpUnit {
			return v
		}
		return &Node{Op: OpUnit, Name: t.text, Args: []*Node{v}}
	case tDots:
		return Sym("...")
	}
	return nil
}

func (p *parser) letter(t *token) *Node {
	switch t.text {
	case "e", "i":
		if p.peek().op("_") {
			break
		}
		return &Node{Op: OpConst, Name: t.text}
	}
	if d := p.differential(t); d != nil {
		return d
	}
	return p.apply(Sym(t.text))
}

// arg reads the argument of a command: a group in braces, or one token, of a
// number its first digit.
func (p *parser) arg() *Node {
	if !p.enter() {
		return nil
	}
	defer p.leave()
	t := p.peek()
	switch {
	case t.is(tOpen, "{"):
		p.i++
		return p.group(t)
	case t.kind == tNum && len(t.text) > 1 && len(t.base) == len(t.text):
		first, rest := *t, *t
		first.text, rest.text = t.text[:1], t.text[1:]
		first.base, rest.base = first.text, rest.text
		v, _ := decimalValue(first.text, 0)
		w, _ := decimalValue(rest.text, 0)
		first.num, rest.num = &Number{Val: v, Digits: 1}, &Number{Val: w, Digits: len(rest.text)}
		rest.space = false
		p.toks[p.i] = rest
		return &Node{Op: OpNum, Num: first.num}
	case t.op("-"):
		p.i++
		n := p.arg()
		if n == nil {
			return nil
		}
		return op(OpNeg, n)
	}
	return p.atom()
}
