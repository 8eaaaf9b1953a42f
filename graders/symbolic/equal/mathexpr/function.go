package mathexpr

import "strings"

// isFunctionName reports whether a letter usually names a function.
func isFunctionName(s string) bool {
	s, _, _ = strings.Cut(s, "_")
	switch strings.TrimRight(s, "'") {
	case "f", "g", "h", "F", "G", "H", "f^-1", "g^-1", "h^-1":
		return true
	}
	return false
}

// apply reads the arguments of a variable that is a function's name. A letter
// before a bracket is one if it usually is, if the bracket holds a list, or if
// a definition begins with it, as in W(n) = n.
func (p *parser) apply(n *Node) *Node {
	known := isFunctionName(n.Name)
	braced := known && p.peek().is(tOpen, "{") && p.at(1).is(tOpen, "(")
	if braced {
		// f{(x)} is f(x), if the braces hold nothing else.
		p.pair()
		if p.partner[p.i] == 0 || p.partner[p.i] != p.partner[p.i+1]+1 {
			return n
		}
		p.i++
	}
	if !p.peek().is(tOpen, "(") {
		return n
	}
	first := p.first
	if !known && !p.listAhead() && !p.definitionAhead() {
		return n
	}
	if !p.closed() {
		return n
	}
	p.i++
	if !p.enter() {
		return nil
	}
	defer p.leave()
	// What stands in the bracket is read once: reading it again in another way
	// would double the work with each bracket inside.
	args := p.arguments()
	if args == nil || !p.accept(tClose, ")") || braced && !p.accept(tClose, "}") {
		return nil
	}
	p.first = first
	return &Node{Op: OpApply, Name: n.Name, Args: args}
}

// closed reports whether the bracket at the cursor is closed by its like.
func (p *parser) closed() bool {
	p.pair()
	return p.i < len(p.partner) && p.partner[p.i] > 0 && p.toks[p.partner[p.i]].is(tClose, ")")
}

// pair finds the partners of all brackets.
func (p *parser) pair() {
	if p.partner != nil {
		return
	}
	p.partner = make([]int, len(p.toks))
	var open []int
	for i, t := range p.toks {
		switch t.kind {
		case tOpen:
			open = append(open, i)
		case tClose:
			if len(open) > 0 {
				p.partner[open[len(open)-1]] = i
				open = open[:len(open)-1]
			}
		}
	}
}

// listAhead reports whether the bracket at the cursor holds a comma.
func (p *parser) listAhead() bool {
	depth := 0
	for i := p.i; i < len(p.toks) && i < p.i+64; i++ {
		switch p.toks[i].kind {
		case tOpen:
			depth++
		case tClose:
			depth--
			if depth == 0 {
				return false
			}
		case tComma:
			if depth == 1 {
				return true
			}
		}
	}
	return false
}

// definitionAhead reports whether one number or letter stands in the bracket
// at the cursor and an equals sign or an inequality behind it.
func (p *parser) definitionAhead() bool {
	k := p.at(1).kind
	if k != tNum && k != tLetter || !p.at(2).is(tClose, ")") {
		return false
	}
	r, ok := relOf(p.at(3))
	return ok && r == RelEq
}

func (p *parser) arguments() []*Node {
	var args []*Node
	for {
		n := p.relation()
		if n == nil {
			return nil
		}
		args = append(args, n)
		if p.peek().kind != tComma && p.peek().kind != tSemi {
			return args
		}
		p.i++
	}
}

// function reads a known function with its power, base and argument.
func (p *parser) function(name string) *Node {
	if !p.enter() {
		return nil
	}
	defer p.leave()
	var base, power *Node
	for {
		if p.peek().op("_") && base == nil {
			p.i++
			if base = p.arg(); base == nil {
				return nil
			}
			continue
		}
		if p.peek().op("^") && power == nil {
			p.i++
			if power = p.exponentOnly(); power == nil {
				return nil
			}
			continue
		}
		break
	}
	args := p.functionArgs(name)
	if args == nil {
		return nil
	}
	n := p.makeCall(&name, args, base, power)
	if n != nil && power != nil && !isMinusOne(power) {
		return op(OpPow, n, power)
	}
	return n
}

func (p *parser) exponentOnly() *Node {
	if t := p.peek(); t.op("-") {
		p.i++
		n := p.atom()
		if n == nil {
			return nil
		}
		return op(OpNeg, n)
	}
	if t := p.peek(); t.kind == tNum && !t.space {
		return p.arg()
	}
	return p.atom()
}

func (p *parser) makeCall(name *string, args []*Node, base, power *Node) *Node {
	if power != nil && isMinusOne(power) {
		switch *name {
		case "sin", "cos", "tan", "cot", "sec", "csc", "sinh", "cosh", "tanh":
			return call("a"+*name, args...)
		}
		return op(OpDiv, Int(1), call(*name, args...))
	}
	switch *name {
	case "log":
		if base != nil {
			return call("log", args[0], base)
		}
		if len(args) == 2 {
			return call("log", args[0], args[1])
		}
	case "lg":
		return call("log", args[0], Int(10))
	case "lb":
		return call("log", args[0], Int(2))
	case "cis":
		return op(OpPow, &Node{Op: OpConst, Name: "e"}, op(OpMul, &Node{Op: OpConst, Name: "i"}, args[0]))
	case "exp":
		return op(OpPow, &Node{Op: OpConst, Name: "e"}, args[0])
	case "max", "min", "gcd", "lcm":
	default:
		if len(args) > 1 {
			return &Node{Op: OpApply, Name: *name, Args: args}
		}
	}
	return call(*name, args...)
}

// functionArgs reads the argument of a function: what stands in brackets, or
// the factors that follow up to the next function.
func (p *parser) functionArgs(name string) []*Node {
	t := p.peek()
	if t.kind == tOpen && t.text != "A" && t.text != "F" && t.text != "C" {
		p.i++
		n := p.group(t)
		if n == nil {
			return nil
		}
		if t.text != "{" || n.Op == OpSet {
			if (n.Op == OpTuple || n.Op == OpSet) && !n.Paren && len(n.Args) > 1 {
				return n.Args
			}
		}
		return []*Node{n}
	}
	neg := false
	if t.op("-") {
		p.i++
		neg = true
	}
	var factors []*Node
	for {
		t := p.peek()
		if !p.starts(t) || len(factors) > 0 && (t.kind == tFunc || t.kind == tOpen || t.kind == tBegin || t.kind == tNum ||
			t.kind == tCmd && t.text != "pi" && t.text != "frac") {
			break
		}
		f := p.power()
		if f == nil {
			return nil
		}
		factors = append(factors, f)
	}
	if len(factors) == 0 {
		return nil
	}
	n := factors[0]
	if len(factors) > 1 {
		n = op(OpMul, factors...)
	}
	if neg {
		n = op(OpNeg, n)
	}
	return []*Node{n}
}
