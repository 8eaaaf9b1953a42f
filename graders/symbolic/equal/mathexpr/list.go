package mathexpr

import "strings"

// top reads lists with semicolons between them.
func (p *parser) top() *Node {
	n := p.list()
	if n == nil || p.peek().kind != tSemi {
		return n
	}
	groups := []*Node{n}
	for p.peek().kind == tSemi {
		p.i++
		if p.atEnd() {
			break
		}
		n := p.list()
		if n == nil {
			return nil
		}
		groups = append(groups, n)
	}
	if len(groups) == 1 {
		return groups[0]
	}
	for i, g := range groups {
		if g.Op == OpList {
			c := *g
			c.Op, c.Open, c.Close = OpTuple, '(', ')'
			groups[i] = &c
		}
	}
	return op(OpList, groups...)
}

// atEnd reports whether no value follows in this bracket.
func (p *parser) atEnd() bool {
	switch t := p.peek(); t.kind {
	case tEnd, tClose, tAmp, tEndEnv:
		return true
	}
	return false
}

// list reads statements with commas, and words such as "or", between them.
func (p *parser) list() *Node {
	n := p.statement()
	if n == nil {
		return nil
	}
	elems := []*Node{n}
	word, signs := "", ""
	for {
		t := p.peek()
		w, ok := p.separator()
		if !ok {
			break
		}
		if w != "" {
			word = w
		}
		if t.op("∧") || t.op("∨") {
			signs += w
		} else {
			signs += ","
		}
		if p.atEnd() || p.peek().kind == tSemi {
			break
		}
		if n = p.statement(); n == nil {
			return nil
		}
		if len(elems) == 1 && emptyWords(elems[0]) {
			elems = elems[:0] // "Thus, x = 5"
		}
		elems = append(elems, n)
	}
	elems = withoutDomains(elems)
	if len(elems) == 1 {
		return elems[0]
	}
	if word != "" && everyInequality(elems) {
		if word == "and" {
			return op(OpAnd, elems...)
		}
		return op(OpOr, elems...)
	}
	n = op(OpList, elems...)
	if word != "" {
		// The signs of logic, where there are no others.
		switch {
		case signs == strings.Repeat("and", len(elems)-1):
			n.Name = "and"
		case signs == strings.Repeat("or", len(elems)-1):
			n.Name = "or"
		case !strings.Contains(signs, ","):
			n.Name = signs
		}
	}
	return n
}

// withoutDomains drops what only says what numbers a variable stands for, as in
// "k pi, k in Z".
func withoutDomains(ns []*Node) []*Node {
	var out []*Node
	for _, n := range ns {
		if n.Op != OpRel || n.Rels[0] != RelIn || n.Args[0].Op != OpSym || n.Args[1].Op != OpDomain {
			out = append(out, n)
		}
	}
	if len(out) == 0 {
		return ns
	}
	return out
}

// emptyWords reports whether a value is made of words that say nothing.
func emptyWords(n *Node) bool {
	if n.Op != OpText {
		return false
	}
	for w := range strings.FieldsSeq(n.Name) {
		if !fillerWord(w) && !qualifierWord(w) {
			return false
		}
	}
	return true
}

func everyInequality(ns []*Node) bool {
	for _, n := range ns {
		if n.Op != OpRel || n.Rels[0] == RelEq || n.Rels[0] == RelApprox || n.Rels[0] == RelEquiv {
			return false
		}
	}
	return true
}

// separator takes commas and words between two elements of a list.
func (p *parser) separator() (word string, ok bool) {
	for {
		t := p.peek()
		switch {
		case t.kind == tComma:
		case t.kind == tRow && p.depth == 0:
		case t.kind == tWord && (strings.EqualFold(t.text, "and") || strings.EqualFold(t.text, "or")):
			word = strings.ToLower(t.text)
		case t.op("∧"):
			word = "and"
		case t.op("∨"):
			word = "or"
		default:
			return word, ok
		}
		ok = true
		p.i++
	}
}
