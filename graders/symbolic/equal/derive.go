package equal

import (
	"math/big"
	"slices"
	"strings"

	"github.com/rftgrader/rftgrader/graders/symbolic/equal/mathexpr"
)

// derivativeOf returns the derivative that an operator asks for, or nil.
func (d *decision) derivativeOf(n *node) *node {
	body, v := n.Args[0], n.Args[1]
	if v == nil || n.Count < 1 || n.Count > 8 {
		return nil
	}
	if n.Name != "partial" && slices.ContainsFunc(variables(body), func(w string) bool { return w != v.Name && dependent(w) }) {
		return nil
	}
	for range n.Count {
		if body = d.derive(body, v.Name); body == nil {
			return nil
		}
	}
	return body
}

// dependent reports whether a variable is one that often depends on another, so
// that its derivative is not 0.
func dependent(name string) bool {
	switch name {
	case "x", "y", "z", "u", "v", "w", "r", "s", "theta":
		return true
	}
	return strings.ContainsRune(name, '\'')
}

// derive differentiates what is made of elementary functions; other variables
// are constants. It returns nil for anything else.
func (d *decision) derive(n *node, v string) *node {
	if n == nil || !d.step() {
		return nil
	}
	if !contains(n, v) {
		return mathexpr.Int(0)
	}
	of, num := mathexpr.Of, mathexpr.Int
	switch n.Op {
	case mathexpr.OpSym:
		return num(1)
	case mathexpr.OpNeg:
		return neg(d.derive(n.Args[0], v))
	case mathexpr.OpAdd:
		var terms []*node
		for _, a := range n.Args {
			x := d.derive(a, v)
			if x == nil {
				return nil
			}
			if !x.IsInt(0) {
				terms = append(terms, x)
			}
		}
		return sumOf(terms)
	case mathexpr.OpMul:
		var terms []*node
		for i, a := range n.Args {
			x := d.derive(a, v)
			if x == nil {
				return nil
			}
			if x.IsInt(0) {
				continue
			}
			rest := append(append([]*node{}, n.Args[:i]...), n.Args[i+1:]...)
			terms = append(terms, times(x, rest))
		}
		return sumOf(terms)
	case mathexpr.OpDiv:
		x, y := n.Args[0], n.Args[1]
		dx, dy := d.derive(x, v), d.derive(y, v)
		switch {
		case dx == nil || dy == nil:
			return nil
		case dy.IsInt(0):
			return of(mathexpr.OpDiv, dx, y)
		}
		return of(mathexpr.OpDiv, difference(of(mathexpr.OpMul, dx, y), of(mathexpr.OpMul, x, dy)), of(mathexpr.OpPow, y, num(2)))
	case mathexpr.OpPow:
		b, e := n.Args[0], n.Args[1]
		db, de := d.derive(b, v), d.derive(e, v)
		switch {
		case db == nil || de == nil:
			return nil
		case de.IsInt(0):
			less := difference(e, num(1))
			if k, ok := d.exact(e, nil); ok {
				less = ratNode(new(big.Rat).Sub(k, big.NewRat(1, 1)))
			}
			if less.IsInt(0) {
				return db
			}
			return of(mathexpr.OpMul, e, of(mathexpr.OpPow, b, less), db)
		case b.Op == mathexpr.OpConst && b.Name == "e":
			return of(mathexpr.OpMul, n, de)
		}
		ln := called("ln", b)
		return of(mathexpr.OpMul, n, of(mathexpr.OpAdd, of(mathexpr.OpMul, de, ln), of(mathexpr.OpDiv, of(mathexpr.OpMul, e, db), b)))
	case mathexpr.OpCall:
		if slope := slopeOf(n, v); slope != nil {
			inner := d.derive(n.Args[0], v)
			if inner == nil || inner.IsInt(1) {
				return slopeIf(inner, slope)
			}
			return of(mathexpr.OpMul, slope, inner)
		}
	}
	return nil
}

func slopeIf(inner, slope *node) *node {
	if inner == nil {
		return nil
	}
	return slope
}

func called(name string, x *node) *node {
	n := mathexpr.Of(mathexpr.OpCall, x)
	n.Name = name
	return n
}

// slopeOf returns the derivative of a function by its first argument, or nil.
func slopeOf(n *node, v string) *node {
	of, num, x := mathexpr.Of, mathexpr.Int, n.Args[0]
	square := func(y *node) *node { return of(mathexpr.OpPow, y, num(2)) }
	over1 := func(y *node) *node { return of(mathexpr.OpDiv, num(1), y) }
	if len(n.Args) == 2 && !contains(n.Args[1], v) {
		switch n.Name {
		case "log":
			return over1(of(mathexpr.OpMul, x, called("ln", n.Args[1])))
		case "root":
			return of(mathexpr.OpDiv, n, of(mathexpr.OpMul, n.Args[1], x))
		}
		return nil
	}
	if len(n.Args) != 1 {
		return nil
	}
	switch n.Name {
	case "sqrt":
		return over1(of(mathexpr.OpMul, num(2), n))
	case "ln", "log":
		return over1(x)
	case "abs":
		return of(mathexpr.OpDiv, n, x)
	case "sin":
		return called("cos", x)
	case "cos":
		return neg(called("sin", x))
	case "tan":
		return square(called("sec", x))
	case "cot":
		return neg(square(called("csc", x)))
	case "sec":
		return of(mathexpr.OpMul, n, called("tan", x))
	case "csc":
		return neg(of(mathexpr.OpMul, n, called("cot", x)))
	case "sinh":
		return called("cosh", x)
	case "cosh":
		return called("sinh", x)
	case "tanh":
		return over1(square(called("cosh", x)))
	case "asin":
		return over1(called("sqrt", difference(num(1), square(x))))
	case "acos":
		return neg(over1(called("sqrt", difference(num(1), square(x)))))
	case "atan":
		return over1(of(mathexpr.OpAdd, num(1), square(x)))
	}
	return nil
}

// maxPower bounds the powers of the variable of an integral.
const maxPower = 24

// coefficientsOf writes n as a polynomial in v whose coefficients are
// expressions without v, nil for those that are 0.
func (d *decision) coefficientsOf(n *node, v string) ([]*node, bool) {
	if n == nil || !d.step() {
		return nil, false
	}
	if !contains(n, v) {
		return []*node{n}, !n.Any(binds)
	}
	switch n.Op {
	case mathexpr.OpSym:
		return []*node{nil, mathexpr.Int(1)}, true
	case mathexpr.OpNeg:
		p, ok := d.coefficientsOf(n.Args[0], v)
		for i := range p {
			p[i] = neg(p[i])
		}
		return p, ok
	case mathexpr.OpAdd:
		var sum []*node
		for _, a := range n.Args {
			p, ok := d.coefficientsOf(a, v)
			if !ok {
				return nil, false
			}
			sum = addCoefficients(sum, p)
		}
		return sum, true
	case mathexpr.OpMul:
		product := []*node{mathexpr.Int(1)}
		for _, a := range n.Args {
			p, ok := d.coefficientsOf(a, v)
			if !ok {
				return nil, false
			}
			if product, ok = d.multiplyCoefficients(product, p); !ok {
				return nil, false
			}
		}
		return product, true
	case mathexpr.OpDiv:
		if contains(n.Args[1], v) {
			return nil, false
		}
		p, ok := d.coefficientsOf(n.Args[0], v)
		for i := range p {
			p[i] = over(p[i], n.Args[1])
		}
		return p, ok
	case mathexpr.OpPow:
		e, ok := d.exact(n.Args[1], nil)
		if !ok || !e.IsInt() || !e.Num().IsInt64() || e.Sign() < 0 || e.Num().Int64() > maxPower {
			return nil, false
		}
		p, ok := d.coefficientsOf(n.Args[0], v)
		if !ok {
			return nil, false
		}
		product := []*node{mathexpr.Int(1)}
		for range e.Num().Int64() {
			if product, ok = d.multiplyCoefficients(product, p); !ok {
				return nil, false
			}
		}
		return product, true
	}
	return nil, false
}

func addCoefficients(p, q []*node) []*node {
	if len(p) < len(q) {
		p, q = q, p
	}
	out := append([]*node{}, p...)
	for i, c := range q {
		switch {
		case out[i] == nil:
			out[i] = c
		case c != nil:
			out[i] = mathexpr.Of(mathexpr.OpAdd, out[i], c)
		}
	}
	return out
}

func (d *decision) multiplyCoefficients(p, q []*node) ([]*node, bool) {
	if len(p)+len(q) > maxPower+2 || !d.pay(len(p)*len(q)) {
		return nil, false
	}
	out := make([]*node, len(p)+len(q)-1)
	for i, a := range p {
		for j, b := range q {
			if a == nil || b == nil {
				continue
			}
			c := b
			if !a.IsInt(1) {
				c = mathexpr.Of(mathexpr.OpMul, a, b)
			}
			if out[i+j] != nil {
				c = mathexpr.Of(mathexpr.OpAdd, out[i+j], c)
			}
			out[i+j] = c
		}
	}
	return out, true
}
