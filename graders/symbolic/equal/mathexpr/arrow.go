package mathexpr

import "strings"

// arrow reads two capitals below an arrow as one name: the vector from A to B
// is not the one from B to A, as the product of two letters would be.
func (l *lexer) arrow() bool {
	r := strings.TrimLeft(l.rest(), " ")
	in, _, ok := strings.Cut(r, "}")
	if !ok || len(in) > 8 || !strings.HasPrefix(in, "{") {
		return false
	}
	name := strings.ReplaceAll(in[1:], " ", "")
	if len(name) != 2 || !capital(name[0]) || !capital(name[1]) {
		return false
	}
	l.at = len(l.src) - len(r) + len(in) + 1
	l.emit(tLetter, name+"→")
	return true
}

func capital(c byte) bool { return c >= 'A' && c <= 'Z' }

// crosses reports whether the sign of multiplication just read stands between
// two letters that are marked as vectors.
func (l *lexer) crosses() bool {
	const name = `\times`
	left := strings.TrimRight(strings.TrimSuffix(strings.TrimRight(l.src[:l.at], " "), name), " ")
	right := strings.TrimLeft(l.rest(), " ")
	k := strings.LastIndexByte(left, '\\')
	return k >= 0 && len(left)-k < 24 && vectorCommand(left[k:]) && vectorCommand(right) && l.last().kind == tLetter
}

// vectorCommand reports whether a text begins with a command that marks a vector.
func vectorCommand(s string) bool {
	for _, c := range [...]string{`\vec`, `\mathbf`, `\overrightarrow`, `\boldsymbol`, `\bm`, `\mathbb`, `\textbf`} {
		if rest, ok := strings.CutPrefix(s, c); ok && rest != "" && (rest[0] == '{' || rest[0] == ' ') {
			return true
		}
	}
	return false
}

// composes reports whether the ring just read stands between two functions, and
// is no sign of degrees.
func (l *lexer) composes() bool {
	r := strings.TrimLeft(l.rest(), " ")
	if l.last().kind != tLetter || r == "" || r[0]|0x20 < 'a' || r[0]|0x20 > 'z' {
		return false
	}
	return len(r) == 1 || r[1]|0x20 < 'a' || r[1]|0x20 > 'z'
}

// cross returns the cross product of the last factor of n and r. With the
// factors in a fixed order, those of a product that was turned differ in sign.
func cross(n, r *Node) *Node {
	var rest []*Node
	if n.Op == OpMul && !n.Paren {
		rest, n = n.Args[:len(n.Args)-1], n.Args[len(n.Args)-1]
	}
	minus := n.Op == OpNeg
	if minus {
		n = n.Args[0]
	}
	c := &Node{Op: OpApply, Name: "×", Args: []*Node{n, r}}
	if n.String() > r.String() {
		c.Args[0], c.Args[1] = r, n
		minus = !minus
	}
	if minus {
		c = op(OpNeg, c)
	}
	if rest == nil {
		return c
	}
	return op(OpMul, append(rest[:len(rest):len(rest)], c)...)
}

// compose returns what (f∘g)(x) stands for, f(g(x)); nil where f or g is no name.
func compose(f, x *Node) *Node {
	switch {
	case f.Op == OpSym:
		return &Node{Op: OpApply, Name: f.Name, Args: []*Node{x}}
	case f.Op == OpApply && f.Name == "∘":
		inner := compose(f.Args[1], x)
		if inner == nil {
			return nil
		}
		return compose(f.Args[0], inner)
	}
	return nil
}
