package mathexpr

import (
	"slices"
	"strings"
)

// Parse reads an expression, an equation, a list, a set, an interval, a matrix
// or a quantity, in LaTeX, Unicode or plain text. It takes time linear in the
// text but for numbers of many digits, which are limited.
func Parse(s string, opt Options) (*Node, error) {
	toks, err := lex(s, opt)
	if err != nil {
		return nil, err
	}
	return parseTokens(toks)
}

func parseTokens(toks []token) (*Node, error) {
	p := &parser{toks: toks}
	p.strokes = slices.ContainsFunc(toks, func(t token) bool { return t.kind == tBar || t.op("mid") || t.op(":") })
	for p.peek().kind == tRow || p.peek().kind == tComma {
		p.i++
	}
	if p.peek().kind == tEnd {
		return nil, errEmpty
	}
	n := p.top()
	if n == nil || p.peek().kind != tEnd {
		if p.deep {
			return nil, ErrTooDeep
		}
		return nil, errSyntax
	}
	return n, nil
}

type parser struct {
	toks    []token
	i       int
	depth   int
	bars    int  // vertical bars that are open
	strokes bool // there is one that may mean "such that"
	noBar   bool // a bar is the "such that" of a set
	deep    bool
	partner []int // for each opening bracket, where it is closed
	first   int   // where the member of a relation begins that is being read
	none    token // what stands behind the last one
}

func (p *parser) peek() *token { return p.at(0) }

func (p *parser) at(n int) *token {
	if p.i+n < len(p.toks) && p.i+n >= 0 {
		return &p.toks[p.i+n]
	}
	return &p.none
}

func (p *parser) take() *token {
	t := p.peek()
	if p.i < len(p.toks) {
		p.i++
	}
	return t
}

func (p *parser) accept(k kind, text string) bool {
	if p.peek().is(k, text) {
		p.i++
		return true
	}
	return false
}

// enter guards against nesting that would exhaust the stack.
func (p *parser) enter() bool {
	p.depth++
	if p.depth > MaxDepth {
		p.deep = true
		return false
	}
	return true
}

func (p *parser) leave() { p.depth-- }

// relation reads a chain of expressions with relations between them.
func (p *parser) relation() *Node {
	p.first = p.i
	n := p.setExpr()
	if n == nil {
		return nil
	}
	var rels []Rel
	args := []*Node{n}
	for {
		t := p.peek()
		r, ok := relOf(t)
		if !ok {
			break
		}
		p.i++
		for r2, again := relOf(p.peek()); again && (r2 == RelEq || r == RelEq) && r2 != r; r2, again = relOf(p.peek()) {
			// "= \approx" and the like: the weaker one counts.
			r = max(r, r2)
			p.i++
		}
		p.first = p.i
		if r == RelIn || r == RelNotIn {
			n = p.memberList()
		} else {
			n = p.setExpr()
		}
		if n == nil {
			return nil
		}
		args, rels = append(args, n), append(rels, r)
	}
	if len(rels) == 0 {
		return n
	}
	return &Node{Op: OpRel, Args: args, Rels: rels}
}

// memberList reads what stands behind "is element of": a set, or its elements.
func (p *parser) memberList() *Node {
	n := p.setExpr()
	if n == nil || n.Op != OpNum || p.peek().kind != tComma || p.depth > 0 {
		return n
	}
	elems := []*Node{n}
	for p.peek().kind == tComma {
		p.i++
		if n = p.setExpr(); n == nil {
			return nil
		}
		elems = append(elems, n)
	}
	return op(OpSet, elems...)
}

func relOf(t *token) (Rel, bool) {
	if t.kind != tOp {
		return 0, false
	}
	switch t.text {
	case "=":
		return RelEq, true
	case "!=":
		return RelNe, true
	case "<":
		return RelLt, true
	case "<=":
		return RelLe, true
	case ">":
		return RelGt, true
	case ">=":
		return RelGe, true
	case "≈":
		return RelApprox, true
	case "∈":
		return RelIn, true
	case "∉":
		return RelNotIn, true
	case "⊂":
		return RelSubset, true
	case "⊃":
		return RelSuperset, true
	case "≡":
		return RelEquiv, true
	case "→":
		return RelTo, true
	}
	return 0, false
}

// setExpr reads unions, intersections and differences.
func (p *parser) setExpr() *Node {
	n := p.ratio()
	for n != nil {
		t := p.peek()
		var o Op
		switch {
		case t.op("∪"):
			o = OpUnion
		case t.op("∩"):
			o = OpInter
		case t.op("∖"):
			o = OpMinus
		default:
			return n
		}
		p.i++
		r := p.ratio()
		if r == nil {
			return nil
		}
		if n.Op == o && o != OpMinus {
			n.Args = append(n.Args, r)
		} else {
			n = op(o, n, r)
		}
	}
	return nil
}

// ratio reads a:b:c, and the time of a clock.
func (p *parser) ratio() *Node {
	start := p.i
	n := p.sum()
	if n == nil || !p.colon(n) {
		return n
	}
	parts := []*Node{n}
	for p.colon(n) {
		p.i++
		if n = p.sum(); n == nil {
			return nil
		}
		parts = append(parts, n)
	}
	return p.clock(op(OpRatio, parts...), p.toks[start:p.i])
}

// colon reports whether a part of a ratio follows. In braces a colon means
// "such that".
func (p *parser) colon(n *Node) bool {
	t := p.peek()
	return t.op(":") && !p.noBar || t.word("to") && n.Op == OpNum && p.at(1).kind == tNum
}

// clock makes a time of a ratio that is written as one.
func (p *parser) clock(n *Node, toks []token) *Node {
	half := ""
	last := n.Args[len(n.Args)-1]
	if last.Op == OpUnit {
		half = halfDay(last.Name)
		if half == "" {
			return n
		}
		n.Args[len(n.Args)-1] = last.Args[0]
	}
	if half == "" {
		if half = p.halfDay(); half == "" {
			n.Name = clockDigits(toks)
			return n
		}
	}
	n.Op, n.Name = OpTime, half
	return n
}

// clockDigits returns "clock" where each part behind a colon has two digits.
func clockDigits(toks []token) string {
	for i, t := range toks {
		if t.op(":") && (i+1 >= len(toks) || toks[i+1].kind != tNum || len(toks[i+1].text) != 2) {
			return ""
		}
	}
	return "clock"
}

func halfDay(unit string) string {
	switch strings.ToLower(strings.NewReplacer(".", "", " ", "").Replace(unit)) {
	case "am":
		return "am"
	case "pm":
		return "pm"
	}
	return ""
}

// halfDay takes "a.m." or "p.m.".
func (p *parser) halfDay() string {
	a, b := p.peek(), p.at(1)
	name := func(t *token) string {
		if t.kind == tWord || t.kind == tLetter {
			return strings.ToLower(t.text)
		}
		return ""
	}
	switch {
	case name(a) == "am" || name(a) == "pm":
		p.i++
		return name(a)
	case (name(a) == "a" || name(a) == "p") && name(b) == "m":
		p.i += 2
		return name(a) + "m"
	}
	return ""
}

// sum reads terms.
func (p *parser) sum() *Node {
	if !p.enter() {
		return nil
	}
	defer p.leave()
	var n *Node
	switch t := p.peek(); {
	case t.op("±") || t.op("∓"):
		p.i++
		r := p.product()
		if r == nil {
			return nil
		}
		n = &Node{Op: OpPM, Name: pmName(t), Args: []*Node{r}}
	default:
		if n = p.product(); n == nil {
			return nil
		}
	}
	var terms []*Node
	for {
		t := p.peek()
		minus := t.op("-")
		pm := t.op("±") || t.op("∓")
		if !minus && !pm && !t.op("+") {
			break
		}
		if t.op("+") && (p.at(1).kind == tComma || p.at(1).kind == tEnd) {
			return nil
		}
		if t.op("+") && p.at(1).op("...") {
			break
		}
		p.i++
		r := p.product()
		if r == nil {
			return nil
		}
		if pm {
			if terms != nil {
				n, terms = op(OpAdd, terms...), nil
			}
			n = &Node{Op: OpPM, Name: pmName(t), Args: []*Node{n, r}}
			continue
		}
		if minus {
			r = op(OpNeg, r)
		}
		if terms == nil {
			terms = []*Node{n}
		}
		terms = append(terms, r)
	}
	if terms != nil {
		return op(OpAdd, terms...)
	}
	return n
}

func pmName(t *token) string {
	if t.text == "∓" {
		return "-"
	}
	return ""
}

// product reads factors with signs of multiplication and division between
// them. Factors without a sign bind more tightly: a/2b is a/(2b). Only a
// fraction of two numbers stands for itself: 1/2x is (1/2)x.
func (p *parser) product() *Node {
	n := p.unary()
	for n != nil {
		t := p.peek()
		switch {
		case t.op("*"):
			p.i++
			r := p.unary()
			if r == nil {
				return nil
			}
			n = timesUnit(n, r, func(n, r *Node) *Node {
				if n.Op == OpMul && !n.Paren {
					return &Node{Op: OpMul, Args: append(n.Args[:len(n.Args):len(n.Args)], r)}
				}
				return op(OpMul, n, r)
			})
		case t.op("×") || t.op("∘"):
			p.i++
			r := p.unary()
			if r == nil {
				return nil
			}
			if t.text == "×" {
				n = timesUnit(n, r, cross)
			} else {
				n = &Node{Op: OpApply, Name: "∘", Args: []*Node{n, r}}
			}
		case t.op("/"):
			p.i++
			r := p.unary()
			if r == nil {
				return nil
			}
			if n.Op == OpNum && r.Op == OpMul && !r.Paren && r.Args[0].Op == OpNum && !r.Args[0].Paren {
				q := op(OpDiv, n, r.Args[0])
				n = op(OpMul, append([]*Node{q}, r.Args[1:]...)...)
			} else {
				n = p.divide(n, r)
			}
		case t.op("mod"):
			p.i++
			r := p.unary()
			if r == nil {
				return nil
			}
			n = call("mod", n, r)
		case t.is(tCmd, "choose"):
			p.i++
			r := p.unary()
			if r == nil {
				return nil
			}
			n = call("binom", n, r)
		case t.is(tCmd, "over"):
			p.i++
			r := p.sum()
			if r == nil {
				return nil
			}
			n = op(OpDiv, n, r)
		case t.is(tCmd, "pmod"):
			p.i++
			r := p.arg()
			if r == nil {
				return nil
			}
			n = call("pmod", n, r)
		default:
			return n
		}
	}
	return nil
}

// divide keeps the unit of 3/4 hours outside the fraction.
// timesUnit multiplies, and keeps a unit behind the last factor outside: 5 times
// 10^2 m is a length.
func timesUnit(n, r *Node, mul func(n, r *Node) *Node) *Node {
	if r.Op == OpUnit && !r.Paren && r.Args[0] != nil && n.Op != OpUnit && n.Op != OpPercent && n.Op != OpDegree {
		c := *r
		c.Args = []*Node{mul(n, r.Args[0])}
		return &c
	}
	return mul(n, r)
}

func (p *parser) divide(n, r *Node) *Node {
	switch r.Op {
	case OpUnit, OpPercent, OpDegree:
		if n.Op == OpNum && r.Args[0] != nil && r.Args[0].Op == OpNum {
			c := *r
			c.Args = []*Node{op(OpDiv, n, r.Args[0])}
			return &c
		}
	}
	return op(OpDiv, n, r)
}

func (p *parser) unary() *Node {
	neg := false
	for {
		switch t := p.peek(); {
		case t.op("-"):
			neg = !neg
		case t.op("+"):
		case t.op("±") || t.op("∓"):
			p.i++
			r := p.juxt()
			if r == nil {
				return nil
			}
			n := &Node{Op: OpPM, Name: pmName(t), Args: []*Node{r}}
			if neg {
				return op(OpNeg, n)
			}
			return n
		default:
			n := p.juxt()
			if n == nil {
				return nil
			}
			if neg {
				return p.negate(n)
			}
			return n
		}
		p.i++
	}
}

// negate puts the sign inside units, so that -5 cm is (-5) cm.
func (p *parser) negate(n *Node) *Node {
	switch n.Op {
	case OpUnit, OpPercent, OpDegree:
		if n.Args[0] != nil {
			c := *n
			c.Args = []*Node{op(OpNeg, n.Args[0])}
			return &c
		}
	}
	return op(OpNeg, n)
}
