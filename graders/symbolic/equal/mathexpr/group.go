package mathexpr

// group reads what stands in brackets; the opening one is taken.
func (p *parser) group(t *token) *Node {
	if !p.enter() {
		return nil
	}
	defer p.leave()
	bars, noBar, first := p.bars, p.noBar, p.first
	p.bars, p.noBar = 0, (t.text == "S" || t.text == "{") && p.oddBars()
	n := p.inside(t)
	p.bars, p.noBar, p.first = bars, noBar, first
	return n
}

// oddBars reports whether one of the bars up to the end of the braces has no
// partner: it means "such that", as a colon does.
func (p *parser) oddBars() bool {
	if !p.strokes {
		return false
	}
	p.pair()
	end := len(p.toks)
	if p.i > 0 && p.partner[p.i-1] > 0 {
		end = p.partner[p.i-1]
	}
	bars, other := 0, false
	for _, t := range p.toks[p.i:min(end, p.i+256)] {
		switch {
		case t.kind == tBar:
			bars++
		case t.op("mid") || t.op(":"):
			other = true
		}
	}
	return bars%2 == 1 || other
}

func (p *parser) inside(t *token) *Node {
	if c := p.peek(); c.kind == tClose {
		p.i++
		if t.text == "S" || t.text == "{" && c.text == "S" {
			return &Node{Op: OpDomain, Name: "empty"}
		}
		return nil
	}
	elems := p.elements()
	if elems == nil {
		return nil
	}
	if t.text == "S" || t.text == "{" {
		if b := p.peek(); b.op("mid") || b.kind == tBar || b.op(":") || b.kind == tWord && b.text == "such" {
			return p.builder(elems)
		}
	}
	c := p.take()
	if c.kind != tClose && !(c.kind == tOpen && (c.text == "[" || c.text == "(") && t.text == "[") {
		if c.kind != tEnd || len(elems) != 1 || t.text != "S" && t.text != "{" {
			return nil
		}
		// A system of equations has no closing brace, and a text may be cut.
		return elems[0]
	}
	switch t.text {
	case "F", "C", "A":
		if c.text != t.text || len(elems) != 1 {
			return nil
		}
		return enclosed(t.text, elems[0])
	case "{":
		if c.text != "}" {
			return nil
		}
		if len(elems) == 1 {
			return parenthesised(elems[0])
		}
		return op(OpSet, elems...)
	case "S":
		if c.text != "S" && c.text != "}" {
			return nil
		}
		if len(elems) == 1 && p.grouping() {
			return parenthesised(elems[0])
		}
		return op(OpSet, elems...)
	}
	if c.text == "S" || c.text == "}" || c.text == "F" || c.text == "C" || c.text == "A" {
		return nil
	}
	open, closing := t.text[0], c.text[0]
	if open == '<' {
		open, closing = '(', ')'
	}
	if c.kind == tOpen {
		closing = ')'
	}
	if len(elems) == 1 {
		if open == '[' && closing == ']' && elems[0].Op == OpTuple && elems[0].Open == '[' && elems[0].Close == ']' {
			// [[1,2]] is a matrix of one row.
			return &Node{Op: OpTuple, Open: open, Close: closing, Args: elems}
		}
		return parenthesised(elems[0])
	}
	return &Node{Op: OpTuple, Open: open, Close: closing, Args: elems}
}

// grouping reports whether braces with a backslash stand for brackets: where
// another factor is next to them.
func (p *parser) grouping() bool {
	n := p.peek()
	return n.is(tOpen, "S") || p.depth > 0 && p.closesAfter()
}

// closesAfter reports whether the set that ends here is a factor of a product.
func (p *parser) closesAfter() bool {
	depth := 0
	for i := p.i - 1; i >= 0; i-- {
		switch p.toks[i].kind {
		case tClose:
			depth++
		case tOpen:
			if depth--; depth == 0 {
				return i > 0 && (p.toks[i-1].is(tClose, "S") || p.toks[i-1].is(tCmd, "int"))
			}
		}
	}
	return false
}

func parenthesised(n *Node) *Node {
	if n.Paren {
		return n
	}
	c := *n
	c.Paren = true
	return &c
}

// elements reads what stands between commas or semicolons in brackets.
func (p *parser) elements() []*Node {
	var elems []*Node
	var ends []int // where semicolons end parts that commas divide
	commas := false
	for {
		n := p.statement()
		if n == nil {
			return nil
		}
		elems = append(elems, n)
		t := p.peek()
		switch {
		case t.kind == tComma:
			p.i++
			commas = true
		case t.kind == tSemi:
			p.i++
			ends = append(ends, len(elems))
		default:
			if _, ok := p.separator(); !ok {
				if commas && ends != nil {
					return parts(elems, ends)
				}
				return elems
			}
		}
		if p.peek().kind == tClose {
			return elems
		}
		if _, ok := p.separator(); ok && p.peek().kind == tClose {
			return elems
		}
	}
}

// parts makes tuples of the values between semicolons.
func parts(elems []*Node, ends []int) []*Node {
	var out []*Node
	start := 0
	for _, end := range append(ends, len(elems)) {
		switch end - start {
		case 0:
		case 1:
			out = append(out, elems[start])
		default:
			out = append(out, &Node{Op: OpTuple, Open: '(', Close: ')', Args: elems[start:end:end]})
		}
		start = end
	}
	return out
}

func enclosed(bracket string, n *Node) *Node {
	switch bracket {
	case "F":
		return call("floor", n)
	case "C":
		return call("ceil", n)
	}
	if n.Op == OpMatrix {
		return call("det", n)
	}
	return call("abs", n)
}

// bar reads |x|; the opening bar is taken.
func (p *parser) bar() *Node {
	if !p.enter() {
		return nil
	}
	defer p.leave()
	noBar := p.noBar
	p.noBar = false
	p.bars++
	n := p.statement()
	p.bars--
	p.noBar = noBar
	if n == nil || p.take().kind != tBar {
		return nil
	}
	return enclosed("A", n)
}

// builder reads the conditions of a set; the element is read.
func (p *parser) builder(elems []*Node) *Node {
	p.i++
	p.accept(tWord, "that")
	p.noBar = false
	element := elems[0]
	if len(elems) > 1 {
		element = &Node{Op: OpTuple, Open: '(', Close: ')', Args: elems}
	}
	cond := p.list()
	if cond == nil || p.take().kind != tClose {
		return nil
	}
	args := []*Node{element}
	if cond.Op == OpList {
		args = append(args, cond.Args...)
	} else {
		args = append(args, cond)
	}
	return op(OpBuilder, args...)
}

// reversed reads ]a,b[ and the like; the first bracket is taken.
func (p *parser) reversed() *Node {
	if !p.enter() {
		return nil
	}
	defer p.leave()
	elems := p.elements()
	if len(elems) != 2 {
		return nil
	}
	n := &Node{Op: OpTuple, Open: '(', Close: ']', Args: elems}
	switch t := p.take(); {
	case t.is(tOpen, "["):
		n.Close = ')'
	case t.is(tClose, ")"):
		n.Close = ')'
	case !t.is(tClose, "]"):
		return nil
	}
	return n
}

// environment reads a matrix, cases, or the lines of a display.
func (p *parser) environment(name string) *Node {
	if !p.enter() {
		return nil
	}
	defer p.leave()
	bars, noBar, first := p.bars, p.noBar, p.first
	p.bars, p.noBar = 0, false
	defer func() { p.bars, p.noBar, p.first = bars, noBar, first }()
	var rows [][]*Node
	var row []*Node
	for {
		switch t := p.peek(); t.kind {
		case tEnd:
			return nil
		case tAmp:
			p.i++
			if len(row) == 0 && (name == "aligned" || name == "align" || name == "split") {
				continue
			}
		case tRow:
			p.i++
			if len(row) > 0 {
				rows = append(rows, row)
			}
			row = nil
		case tComma, tSemi:
			p.i++
		case tEndEnv:
			p.i++
			if len(row) > 0 {
				rows = append(rows, row)
			}
			return arrange(name, rows)
		default:
			n := p.statement()
			if n == nil {
				return nil
			}
			row = append(row, n)
		}
	}
}

// arrange makes a node of the rows of an environment.
func arrange(name string, rows [][]*Node) *Node {
	if len(rows) == 0 {
		return nil
	}
	cols := len(rows[0])
	var all []*Node
	for _, r := range rows {
		if len(r) != cols {
			cols = 0
		}
		all = append(all, r...)
	}
	switch name {
	case "cases", "dcases", "rcases":
		if cols == 2 {
			return op(OpCases, all...)
		}
		return op(OpAnd, all...)
	case "aligned", "align", "split", "gathered", "gather", "equation", "displaymath", "math":
		if len(all) == 1 {
			return all[0]
		}
		return op(OpList, all...)
	}
	if cols == 0 {
		return nil
	}
	if name == "array" && cols == 1 && everyRelation(all) {
		return op(OpAnd, all...)
	}
	m := &Node{Op: OpMatrix, Count: cols, Args: all}
	switch name {
	case "vmatrix":
		return call("det", m)
	case "Vmatrix":
		return call("abs", m)
	}
	return m
}

func everyRelation(ns []*Node) bool {
	for _, n := range ns {
		if n.Op != OpRel {
			return false
		}
	}
	return true
}
