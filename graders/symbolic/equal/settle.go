package equal

import (
	"math/big"

	"github.com/rftgrader/rftgrader/graders/symbolic/equal/mathexpr"
)

// settle puts values for operators that have one which is known exactly: traces, ranks
// and determinants, derivatives, definite integrals of polynomials, limits that are found by
// putting in the point, limits of rational functions, geometric series and those
// that are multiples of well-known ones. All else stays as it is.
func (d *decision) settle(n *node) *node {
	if n == nil || !n.Any(settles) || !d.step() {
		return n
	}
	c := *n
	c.Args = make([]*node, len(n.Args))
	for i, a := range n.Args {
		c.Args[i] = d.settle(a)
	}
	var v *node
	switch c.Op {
	case mathexpr.OpCall:
		v = d.matrixNumber(&c)
	case mathexpr.OpIntegral:
		v = d.integralOf(&c)
	case mathexpr.OpLimit:
		v = d.limitOf(&c)
	case mathexpr.OpSum:
		v = d.seriesOf(&c)
	case mathexpr.OpDeriv:
		v = d.derivativeOf(&c)
	}
	if v != nil {
		return v
	}
	return &c
}

// settles reports whether settle has something to do at n itself.
func settles(n *node) bool {
	switch n.Op {
	case mathexpr.OpIntegral:
		return n.Args[2] != nil && n.Args[3] != nil
	case mathexpr.OpLimit, mathexpr.OpDeriv:
		return true
	case mathexpr.OpSum:
		return isInfinite(n.Args[3]) > 0
	case mathexpr.OpCall:
		return n.Name == "tr" || n.Name == "det" || n.Name == "rank"
	}
	return false
}

// matrixNumber returns a trace or a determinant, or nil.
func (d *decision) matrixNumber(n *node) *node {
	if len(n.Args) != 1 || n.Name != "tr" && n.Name != "det" && n.Name != "rank" {
		return nil
	}
	if n.Name == "rank" {
		return d.rank(n.Args[0])
	}
	if n.Name == "det" {
		v, ok := d.determinant(n.Args[0])
		if !ok {
			return nil
		}
		return v
	}
	m, ok := d.matrix(n.Args[0], 0)
	if !ok || m.cols == 0 || m.cols != m.rows() {
		return nil
	}
	var terms []*node
	for i := 0; i < len(m.entries); i += m.cols + 1 {
		terms = append(terms, m.entries[i])
	}
	return sumOf(terms)
}

// rank returns the rank of a matrix of rational numbers, by elimination, or nil.
func (d *decision) rank(n *node) *node {
	m, ok := d.matrix(n, 0)
	if !ok || m.cols == 0 || len(m.entries) > 64 {
		return nil
	}
	var rows [][]*big.Rat
	for i := 0; i < len(m.entries); i += m.cols {
		row := make([]*big.Rat, m.cols)
		for j := range row {
			if row[j], ok = d.exact(m.entries[i+j], nil); !ok {
				return nil
			}
		}
		rows = append(rows, row)
	}
	rank := 0
	for c := 0; c < m.cols && rank < len(rows); c++ {
		p := rank
		for p < len(rows) && rows[p][c].Sign() == 0 {
			p++
		}
		if p == len(rows) {
			continue
		}
		rows[rank], rows[p] = rows[p], rows[rank]
		for _, row := range rows[rank+1:] {
			q := new(big.Rat).Quo(row[c], rows[rank][c])
			for j := range row {
				if ratBits(row[j]) > 4096 || !d.step() {
					return nil
				}
				row[j] = new(big.Rat).Sub(row[j], new(big.Rat).Mul(q, rows[rank][j]))
			}
		}
		rank++
	}
	return mathexpr.Int(int64(rank))
}

// integralOf returns the definite integral of a polynomial, or nil.
func (d *decision) integralOf(n *node) *node {
	body, v, from, to := n.Args[0], n.Args[1], n.Args[2], n.Args[3]
	if v == nil || from == nil || to == nil || isInfinite(from) != 0 || isInfinite(to) != 0 {
		return nil
	}
	p, ok := d.coefficientsOf(body, v.Name)
	if !ok {
		return nil
	}
	var terms []*node
	for i, c := range p {
		if c == nil {
			continue
		}
		k := int64(i + 1)
		power := func(x *node) *node { return mathexpr.Of(mathexpr.OpPow, x, mathexpr.Int(k)) }
		terms = append(terms, mathexpr.Of(mathexpr.OpMul, ratNode(big.NewRat(1, k)), c, difference(power(to), power(from))))
	}
	if len(terms) == 0 {
		return mathexpr.Int(0)
	}
	return sumOf(terms)
}

// limitOf returns a limit, or nil: that of a rational function anywhere, and
// that of what is continuous where it is defined, at a point at which it is.
func (d *decision) limitOf(n *node) *node {
	body, v, to := n.Args[0], n.Args[1], n.Args[2]
	if p, q, ok := d.quotientOf(body, v.Name); ok {
		return d.rationalLimit(p, q, to)
	}
	if body.Op == mathexpr.OpPow && isInfinite(to) != 0 {
		return d.powerLimit(body.Args[0], body.Args[1], v.Name, to)
	}
	if isInfinite(to) != 0 || body.Any(func(m *node) bool {
		return binds(m) || m.Op == mathexpr.OpApply || m.Op == mathexpr.OpCall && !continuous(m.Name)
	}) {
		return nil
	}
	return d.continuousLimit(n, body, 4)
}

// quotientOf writes an expression as a quotient of polynomials of a variable.
func (d *decision) quotientOf(n *node, v string) (p, q polynomial, ok bool) {
	f, ok := d.fractionOf(n)
	if !ok {
		return nil, nil, false
	}
	p, ok1 := d.polynomialOf(f.above, v)
	q, ok2 := d.polynomialOf(times(mathexpr.Int(1), missing(f.below, nil)), v)
	return p, q, ok1 && ok2 && len(q) > 0
}

// powerLimit returns the limit at infinity of a power whose base goes to 1, such as
// (1+1/n)^n: e to the limit of exponent times base - 1, if that is finite, since
// ln b is b-1 up to its square. It returns nil for others.
func (d *decision) powerLimit(base, exponent *node, v string, to *node) *node {
	limit := func(n *node) *node {
		if p, q, ok := d.quotientOf(n, v); ok {
			return d.rationalLimit(p, q, to)
		}
		return nil
	}
	if b := limit(base); b == nil || !b.IsInt(1) {
		return nil
	}
	rest := limit(mathexpr.Of(mathexpr.OpMul, exponent, difference(base, mathexpr.Int(1))))
	if rest == nil {
		return nil
	}
	return mathexpr.Of(mathexpr.OpPow, &node{Op: mathexpr.OpConst, Name: "e"}, rest)
}

// continuousLimit puts in the point, and where numerator and denominator are both
// 0 there, takes their derivatives: l'Hopital's rule, whose conditions hold, as
// the functions are differentiable around the point. It returns nil for others.
func (d *decision) continuousLimit(n, body *node, deep int) *node {
	v, to := n.Args[1], n.Args[2]
	at := substituteOne(body, v.Name, to)
	if f, ok := d.fractionOf(body); ok && len(f.below) > 0 && deep > 0 {
		below := times(mathexpr.Int(1), missing(f.below, nil))
		zero := func(x *node) bool {
			return d.exactly().expressions(substituteOne(x, v.Name, to), mathexpr.Int(0)).ok()
		}
		if zero(below) {
			if !zero(f.above) {
				return nil
			}
			p, q := d.derive(f.above, v.Name), d.derive(below, v.Name)
			if p == nil || q == nil || q.IsInt(0) {
				return nil
			}
			return d.continuousLimit(n, mathexpr.Of(mathexpr.OpDiv, p, q), deep-1)
		}
	}
	s := sampler{work: d.work, seed: digest(n, 7) | 1}
	near := sampler{work: d.work, seed: s.seed}
	x := s.eval(at)
	if x.bad() || s.opaque {
		return nil
	}
	// Both sides must be in the domain, except the one that is not asked for.
	for _, side := range [...]float64{1e-6, -1e-6} {
		if n.Name == "+" && side < 0 || n.Name == "-" && side > 0 {
			continue
		}
		h := ratNode(new(big.Rat).SetFloat64(side))
		if near.eval(substituteOne(body, v.Name, mathexpr.Of(mathexpr.OpAdd, to, h))).bad() {
			return nil
		}
	}
	return at
}

// continuous reports whether a function is so wherever it is defined.
func continuous(name string) bool {
	switch name {
	case "sqrt", "root", "abs", "ln", "log", "exp", "sin", "cos", "tan", "sec", "csc", "cot", "asin", "acos", "atan", "sinh", "cosh", "tanh", "max", "min":
		return true
	}
	return false
}

// rationalLimit returns the limit of p/q, or nil where it is not finite.
func (d *decision) rationalLimit(p, q polynomial, to *node) *node {
	if isInfinite(to) != 0 {
		switch {
		case len(p) < len(q):
			return mathexpr.Int(0)
		case len(p) == len(q):
			return ratNode(new(big.Rat).Quo(p[len(p)-1], q[len(q)-1]))
		}
		return nil
	}
	x, ok := d.exact(to, nil)
	if !ok {
		return nil
	}
	if len(p) == 0 {
		return mathexpr.Int(0)
	}
	g, ok := d.gcd(p, q)
	if !ok || len(g) == 0 {
		return nil
	}
	p, _ = p.divide(g)
	q, _ = q.divide(g)
	below := q.at(x)
	if below.Sign() == 0 {
		return nil
	}
	return ratNode(new(big.Rat).Quo(p.at(x), below))
}

// A knownSeries is a sum from a first term on whose value is known.
type knownSeries struct {
	term  string // of k
	first int64
	value string
}

// knownSeries are classics. Source: Abramowitz and Stegun, Handbook of
// Mathematical Functions, chapters 4 and 23.
func allKnownSeries() []knownSeries {
	return []knownSeries{
		{`\frac{1}{k^2}`, 1, `\frac{\pi^2}{6}`},
		{`\frac{1}{k^4}`, 1, `\frac{\pi^4}{90}`},
		{`\frac{1}{k!}`, 0, `e`},
		{`\frac{(-1)^k}{k!}`, 0, `\frac1e`},
		{`\frac{1}{k!}`, 1, `e-1`},
		{`\frac{(-1)^k}{k}`, 1, `-\ln 2`},
		{`\frac{(-1)^k}{2k+1}`, 0, `\frac{\pi}{4}`},
		{`\frac{(-1)^k}{k^2}`, 1, `-\frac{\pi^2}{12}`},
		{`\frac{1}{(2k+1)^2}`, 0, `\frac{\pi^2}{8}`},
		{`\frac{1}{(2k-1)^2}`, 1, `\frac{\pi^2}{8}`},
		{`\frac{1}{k(k+1)}`, 1, `1`},
		{`\frac{1}{k(k+2)}`, 1, `\frac34`},
		{`\frac{1}{k(k+1)(k+2)}`, 1, `\frac14`},
		{`\frac{1}{4k^2-1}`, 1, `\frac12`},
		{`\frac{k}{2^k}`, 1, `2`},
	}
}

// seriesOf returns the value of an infinite sum, or nil.
func (d *decision) seriesOf(n *node) *node {
	body, v, from := n.Args[0], n.Args[1], n.Args[2]
	if v == nil || from == nil || body.Any(binds) {
		return nil
	}
	if names := variables(body); len(names) != 1 || names[0] != v.Name {
		return nil
	}
	first, ok := d.exact(from, nil)
	if !ok || !first.IsInt() || !first.Num().IsInt64() {
		return nil
	}
	// All is compared as functions of a whole number.
	k := mathexpr.Sym("n")
	body = substituteOne(body, v.Name, k)
	term := func(i int64) (*big.Rat, bool) { return d.exact(substituteOne(body, "n", mathexpr.Int(i)), nil) }
	start := first.Num().Int64()
	a, ok1 := term(start)
	b, ok2 := term(start + 1)
	if !ok1 || !ok2 || a.Sign() == 0 {
		return nil
	}
	q := new(big.Rat).Quo(b, a)
	next := substituteOne(body, "n", mathexpr.Of(mathexpr.OpAdd, k, mathexpr.Int(1)))
	if new(big.Rat).Abs(q).Cmp(big.NewRat(1, 1)) < 0 &&
		d.exactly().expressions(next, mathexpr.Of(mathexpr.OpMul, ratNode(q), body)).ok() {
		return ratNode(a.Quo(new(big.Rat).Set(a), q.Sub(big.NewRat(1, 1), q)))
	}
	for _, s := range allKnownSeries() {
		if s.first != start {
			continue
		}
		t, err := mathexpr.Parse(s.term, mathexpr.Options{})
		if err != nil {
			continue
		}
		t = substituteOne(t, "k", k)
		c, ok := d.exact(substituteOne(t, "n", mathexpr.Int(start)), nil)
		if !ok || c.Sign() == 0 {
			continue
		}
		c = new(big.Rat).Quo(a, c)
		if d.exactly().expressions(body, mathexpr.Of(mathexpr.OpMul, ratNode(c), t)).ok() {
			value, err := mathexpr.Parse(s.value, mathexpr.Options{})
			if err != nil {
				return nil
			}
			return mathexpr.Of(mathexpr.OpMul, ratNode(c), value)
		}
	}
	return nil
}
