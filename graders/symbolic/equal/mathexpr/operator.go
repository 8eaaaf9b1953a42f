package mathexpr

// cmd reads a command with a place in the grammar.
func (p *parser) cmd(t *token) *Node {
	if !p.enter() {
		return nil
	}
	defer p.leave()
	switch t.text {
	case "pi":
		if p.peek().op("_") {
			return p.apply(Sym("pi"))
		}
		return &Node{Op: OpConst, Name: "pi"}
	case "infty":
		return &Node{Op: OpConst, Name: "inf"}
	case "emptyset":
		return &Node{Op: OpDomain, Name: "empty"}
	case "frac":
		return p.fraction()
	case "binom":
		return p.two("binom")
	case "perm":
		return p.two("perm")
	case "cbrt":
		n := p.arg()
		if n == nil {
			return nil
		}
		return call("root", n, Int(3))
	case "sqrt", "surd":
		return p.root(t.text == "surd")
	case "sum", "prod":
		return p.series(t.text)
	case "int", "iint", "oint":
		return p.integral()
	case "lim":
		return p.limit()
	case "partial", "nabla":
		return Sym(t.text)
	}
	return nil
}

func (p *parser) two(name string) *Node {
	a := p.arg()
	if a == nil {
		return nil
	}
	if a.Op == OpTuple && len(a.Args) == 2 && p.at(-1).is(tClose, ")") {
		return call(name, a.Args...)
	}
	b := p.arg()
	if b == nil {
		return nil
	}
	return call(name, a, b)
}

// fraction reads \frac. With d over dx it is a derivative.
func (p *parser) fraction() *Node {
	if n, ok := p.derivative(); ok {
		return n
	}
	if p.peek().is(tOpen, "(") { // frac(1,2) or \frac(1)(2)
		t := p.take()
		a := p.group(t)
		if a == nil {
			return nil
		}
		if a.Op == OpTuple && len(a.Args) == 2 {
			return op(OpDiv, a.Args...)
		}
		b := p.arg()
		if b == nil {
			return nil
		}
		return op(OpDiv, a, b)
	}
	a := p.arg()
	if a == nil {
		return nil
	}
	p.accept(tOp, "/") // \frac{1}/{2} is damaged, and clear
	b := p.arg()
	if b == nil {
		return nil
	}
	return op(OpDiv, a, b)
}

// derivative reads \frac{d}{dx} with what it is applied to.
func (p *parser) derivative() (n *Node, ok bool) {
	start := p.i
	order := 1
	name := ""
	if p.i+1 < len(p.toks) && p.toks[p.i+1].is(tCmd, "partial") {
		name = "partial"
	}
	isD := func(t *token) bool { return t.kind == tLetter && t.text == "d" || t.is(tCmd, "partial") }
	ok = p.accept(tOpen, "{") && isD(p.take())
	if ok && p.peek().op("^") {
		p.i++
		t := p.take()
		if t.is(tOpen, "{") {
			t = p.take()
			ok = p.accept(tClose, "}")
		}
		ok = ok && t.kind == tNum && len(t.text) == 1
		if ok {
			order = int(t.text[0] - '0')
		}
	}
	ok = ok && p.accept(tClose, "}") && p.accept(tOpen, "{") && isD(p.take())
	v := p.take()
	ok = ok && v.kind == tLetter
	if ok && p.peek().op("^") {
		p.take()
		if p.take().is(tOpen, "{") {
			p.take()
			p.take()
		}
	}
	if !ok || !p.accept(tClose, "}") || order < 1 || order > 3 {
		p.i = start
		return nil, false
	}
	body := p.juxt()
	if body == nil {
		return nil, true
	}
	return &Node{Op: OpDeriv, Name: name, Args: []*Node{body, Sym(v.text)}, Count: order}, true
}

// root reads \sqrt with its index. TeX takes one digit, as \sqrt52 is \sqrt{5}2;
// in plain text, sqrt 52 and √52, a whole number counts.
func (p *parser) root(plain bool) *Node {
	var index *Node
	if t := p.peek(); t.is(tOpen, "[") {
		p.i++
		if index = p.group(t); index == nil {
			return nil
		}
	}
	var n *Node
	if t := p.peek(); t.kind == tNum && plain {
		p.i++
		n = &Node{Op: OpNum, Num: t.num}
	} else {
		n = p.arg()
	}
	if n == nil {
		return nil
	}
	if index != nil && !index.IsInt(2) {
		return call("root", n, index)
	}
	return call("sqrt", n)
}

// bounds reads what stands below and above a sum, a product or an integral.
func (p *parser) bounds() (below, above []token, ok bool) {
	for range 2 {
		t := p.peek()
		if !t.op("_") && !t.op("^") {
			break
		}
		p.i++
		var part []token
		if p.peek().is(tOpen, "{") {
			p.i++
			start := p.i
			if !p.skipTo("}") {
				return nil, nil, false
			}
			part = p.toks[start : p.i-1]
		} else {
			start := p.i
			if t := p.take(); t.op("-") || t.op("+") {
				p.take()
			}
			part = p.toks[start:p.i]
		}
		if t.op("_") {
			below = part
		} else {
			above = part
		}
	}
	return below, above, true
}

// skipTo moves behind the bracket that closes the one before the cursor.
func (p *parser) skipTo(closing string) bool {
	for depth := 1; p.i < len(p.toks); {
		switch t := p.take(); t.kind {
		case tOpen:
			depth++
		case tClose:
			if depth--; depth == 0 {
				return t.text == closing
			}
		}
	}
	return false
}

// part reads some of the tokens as an expression of its own.
func (p *parser) part(toks []token) *Node {
	if len(toks) == 0 {
		return nil
	}
	q := &parser{toks: toks, depth: p.depth}
	n := q.list()
	p.deep = p.deep || q.deep
	if q.peek().kind != tEnd {
		return nil
	}
	return n
}

// series reads a sum or a product over a variable.
func (p *parser) series(which string) *Node {
	below, above, ok := p.bounds()
	if !ok {
		return nil
	}
	var v, from, to *Node
	if len(below) > 0 {
		b := p.part(below)
		if b == nil {
			return nil
		}
		if b.Op == OpRel && len(b.Rels) == 1 && b.Rels[0] == RelEq && (b.Args[0].Op == OpSym || b.Args[0].Op == OpConst) {
			v, from = Sym(b.Args[0].Name), b.Args[1]
		} else {
			v = b
		}
	}
	if len(above) > 0 {
		if to = p.part(above); to == nil {
			return nil
		}
	}
	body := p.seriesBody()
	if body == nil {
		return nil
	}
	o := OpSum
	if which == "prod" {
		o = OpProd
	}
	return op(o, body, v, from, to)
}

func (p *parser) seriesBody() *Node {
	if !p.enter() {
		return nil
	}
	defer p.leave()
	return p.product()
}

// limit reads \lim with its variable and point.
func (p *parser) limit() *Node {
	below, _, ok := p.bounds()
	if !ok || len(below) == 0 {
		return nil
	}
	side := ""
	if n := len(below); n > 2 {
		switch {
		case below[n-2].op("^") && (below[n-1].op("+") || below[n-1].op("-")):
			side, below = below[n-1].text, below[:n-2]
		case n > 4 && below[n-1].is(tClose, "}") && below[n-3].is(tOpen, "{") && below[n-4].op("^"):
			side, below = below[n-2].text, below[:n-4]
		}
	}
	b := p.part(below)
	if b == nil || b.Op != OpRel || b.Rels[0] != RelTo || b.Args[0].Op != OpSym {
		return nil
	}
	body := p.seriesBody()
	if body == nil {
		return nil
	}
	return &Node{Op: OpLimit, Name: side, Args: []*Node{body, b.Args[0], b.Args[1]}}
}

// integral reads an integral up to its differential.
func (p *parser) integral() *Node {
	below, above, ok := p.bounds()
	if !ok {
		return nil
	}
	var from, to *Node
	if len(below) > 0 {
		if from = p.part(below); from == nil {
			return nil
		}
	}
	if len(above) > 0 {
		if to = p.part(above); to == nil {
			return nil
		}
	}
	at, depth := p.findDifferential()
	if at < 0 {
		body := p.product()
		if body == nil {
			return nil
		}
		return op(OpIntegral, body, nil, from, to)
	}
	v := Sym(p.toks[at+1].text)
	if depth == 0 {
		body := Int(1)
		if at > p.i {
			if body = p.part(p.toks[p.i:at]); body == nil {
				return nil
			}
		}
		p.i = at + 2
		return op(OpIntegral, body, v, from, to)
	}
	// The differential stands in a bracket or a numerator: there it is a factor of one.
	toks := make([]token, 0, len(p.toks))
	toks = append(toks, p.toks[:at]...)
	one := Int(1)
	toks = append(toks, token{kind: tOpen, text: "("}, token{kind: tNum, text: "1", num: one.Num}, token{kind: tClose, text: ")"})
	p.toks = append(toks, p.toks[at+2:]...)
	p.partner = nil
	body := p.product()
	if body == nil {
		return nil
	}
	return op(OpIntegral, body, v, from, to)
}

// findDifferential returns where the d of the differential stands, and how
// many brackets are around it.
func (p *parser) findDifferential() (at, depth int) {
	inner := 0
	for i := p.i; i+1 < len(p.toks); i++ {
		t := p.toks[i]
		switch {
		case t.kind == tOpen:
			depth++
		case t.kind == tClose:
			if depth--; depth < 0 {
				return -1, 0
			}
		case t.is(tCmd, "int"):
			inner++
		case t.op("=") && depth == 0 || t.kind == tComma && depth == 0:
			return -1, 0
		case t.is(tLetter, "d") && p.toks[i+1].kind == tLetter && !p.toks[i+1].space || t.is(tLetter, "d") && p.toks[i+1].kind == tLetter && p.toks[i+1].text != "d":
			if inner == 0 {
				return i, depth
			}
			inner--
		}
	}
	return -1, 0
}

// differential reads dy/dx in one piece; elsewhere d is a variable.
func (p *parser) differential(t *token) *Node {
	if t.text != "d" || p.peek().kind != tLetter || p.peek().space {
		return nil
	}
	if p.i >= 2 && p.toks[p.i-2].is(tOpen, "{") && p.at(1).is(tClose, "}") {
		return Sym("d" + p.take().text)
	}
	return nil
}
