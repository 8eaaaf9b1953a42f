package equal

import (
	"math/big"

	"github.com/rftgrader/rftgrader/graders/symbolic/equal/mathexpr"
)

// A matrix is entries by rows.
type matrix struct {
	cols    int
	entries []*node
}

func (m matrix) rows() int { return len(m.entries) / m.cols }

// matrices compares matrices and vectors across notations.
func (d *decision) matrices(g, a *node) (Result, bool) {
	if !matrixLike(g) && !matrixLike(a) {
		return Result{}, false
	}
	x, ok := d.matrix(g, 0)
	if !ok {
		return Result{}, false
	}
	if a.Op == mathexpr.OpSym && a.Name == "I" && identity(x) {
		return equalBy("the identity matrix"), true
	}
	y, ok := d.matrix(a, 0)
	if !ok {
		if g.Op == mathexpr.OpMatrix && len(g.Args) == 1 {
			return d.compare(g.Args[0], a), true
		}
		if isStructure(a) || matrixLike(a) {
			return Result{}, false
		}
		return different("a matrix is wanted"), true
	}
	return d.sameMatrix(x, y), true
}

func (d *decision) sameMatrix(x, y matrix) Result {
	if len(x.entries) != len(y.entries) {
		return different("a matrix of another size")
	}
	vectors := (x.cols == 1 || x.rows() == 1) && (y.cols == 1 || y.rows() == 1)
	if x.cols != y.cols && !vectors {
		return different("a matrix of another size")
	}
	return d.inOrder(x.entries, y.entries)
}

func identity(m matrix) bool {
	if m.cols != m.rows() {
		return false
	}
	for i, e := range m.entries {
		want := int64(0)
		if i/m.cols == i%m.cols {
			want = 1
		}
		if !e.IsInt(want) {
			return false
		}
	}
	return true
}

// matrixLike reports whether n can be nothing but a matrix or a vector.
func matrixLike(n *node) bool {
	switch n.Op {
	case mathexpr.OpMatrix, mathexpr.OpVector:
		return true
	case mathexpr.OpAdd, mathexpr.OpMul, mathexpr.OpNeg:
		for _, a := range n.Args {
			if matrixLike(a) {
				return true
			}
		}
	case mathexpr.OpDiv, mathexpr.OpPow:
		return matrixLike(n.Args[0])
	case mathexpr.OpCall:
		return n.Name == "transpose"
	}
	return false
}

// vectorLike compares a tuple with a column, as vectors.
func (d *decision) vectorLike(g, a *node) (Result, bool) {
	if !matrixLike(g) && !matrixLike(a) {
		return Result{}, false
	}
	return d.matrices(g, a)
}

const maxEntries = 256

// matrix computes the matrix that n stands for.
func (d *decision) matrix(n *node, depth int) (matrix, bool) {
	if depth > 16 || !d.pay(8) {
		return matrix{}, false
	}
	switch n.Op {
	case mathexpr.OpMatrix:
		if len(n.Args) > maxEntries {
			return matrix{}, false
		}
		return matrix{n.Count, n.Args}, true
	case mathexpr.OpTuple, mathexpr.OpList:
		return d.tupleMatrix(n)
	case mathexpr.OpVector:
		v := matrix{1, []*node{mathexpr.Int(0), mathexpr.Int(0), mathexpr.Int(0)}}
		v.entries[n.Name[0]-'i'] = mathexpr.Int(1)
		return v, true
	case mathexpr.OpNeg:
		m, ok := d.matrix(n.Args[0], depth+1)
		return m.each(neg), ok
	case mathexpr.OpAdd:
		sum, ok := d.matrix(n.Args[0], depth+1)
		for _, a := range n.Args[1:] {
			if !ok {
				return matrix{}, false
			}
			var m matrix
			if m, ok = d.matrix(a, depth+1); ok {
				sum, ok = plus(sum, m)
			}
		}
		return shorten(n, sum), ok
	case mathexpr.OpMul:
		return d.matrixProduct(n, depth)
	case mathexpr.OpDiv:
		m, ok := d.matrix(n.Args[0], depth+1)
		if !ok || matrixLike(n.Args[1]) {
			return matrix{}, false
		}
		return m.each(func(e *node) *node { return mathexpr.Of(mathexpr.OpDiv, e, n.Args[1]) }), true
	case mathexpr.OpPow:
		return d.matrixPower(n, depth)
	case mathexpr.OpCall:
		if n.Name == "transpose" {
			m, ok := d.matrix(n.Args[0], depth+1)
			return m.transpose(), ok
		}
	}
	return matrix{}, false
}

// shorten drops the third coordinate of a vector in i and j only.
func shorten(n *node, m matrix) matrix {
	if len(m.entries) != 3 || m.cols != 1 {
		return m
	}
	basis, third := false, false
	n.Any(func(x *node) bool {
		basis = basis || x.Op == mathexpr.OpVector
		third = third || x.Op == mathexpr.OpVector && x.Name == "k"
		return false
	})
	if basis && !third {
		m.entries = m.entries[:2]
	}
	return m
}

func (m matrix) each(f func(*node) *node) matrix {
	out := matrix{m.cols, make([]*node, len(m.entries))}
	for i, e := range m.entries {
		out.entries[i] = f(e)
	}
	return out
}

func (m matrix) transpose() matrix {
	if m.cols == 0 {
		return m
	}
	out := matrix{m.rows(), make([]*node, 0, len(m.entries))}
	for c := range m.cols {
		for r := range m.rows() {
			out.entries = append(out.entries, m.entries[r*m.cols+c])
		}
	}
	return out
}

// matrixPower computes powers of square matrices, and inverses of those of
// rational numbers.
func (d *decision) matrixPower(n *node, depth int) (matrix, bool) {
	m, ok := d.matrix(n.Args[0], depth+1)
	e, whole := d.exact(n.Args[1], nil)
	if !ok || !whole || !e.IsInt() || m.cols == 0 || m.cols != m.rows() || m.cols > 8 {
		return matrix{}, false
	}
	k, ok := small(new(big.Rat).Abs(e), 32)
	if !ok {
		return matrix{}, false
	}
	if e.Sign() < 0 {
		if m, ok = d.inverse(m); !ok {
			return matrix{}, false
		}
	}
	out := matrix{m.cols, make([]*node, len(m.entries))}
	for i := range out.entries {
		out.entries[i] = mathexpr.Int(0)
		if i%(m.cols+1) == 0 {
			out.entries[i] = mathexpr.Int(1)
		}
	}
	for range k {
		if out, ok = product(out, m); !ok || !d.settled(out) {
			return matrix{}, false
		}
	}
	return out, true
}

// settled puts numbers for entries that are rational. It returns false where
// others grow too large: entries share what they are made of, and left alone, a
// long product would be a tree of exponential size.
func (d *decision) settled(m matrix) bool {
	for i, e := range m.entries {
		if v, ok := d.exact(e, nil); ok {
			m.entries[i] = ratNode(v)
		} else if size(e, maxEntrySize) >= maxEntrySize {
			return false
		}
	}
	return true
}

// inverse inverts a matrix of rational numbers by elimination.
func (d *decision) inverse(m matrix) (matrix, bool) {
	n := m.cols
	rows := make([][]*big.Rat, n)
	for r := range rows {
		rows[r] = make([]*big.Rat, 2*n)
		for c := range n {
			v, ok := d.exact(m.entries[r*n+c], nil)
			if !ok || ratBits(v) > 256 {
				return matrix{}, false
			}
			rows[r][c] = new(big.Rat).Set(v)
			rows[r][n+c] = new(big.Rat)
		}
		rows[r][n+r].SetInt64(1)
	}
	for c := range n {
		pivot := c
		for pivot < n && rows[pivot][c].Sign() == 0 {
			pivot++
		}
		if pivot == n || !d.pay(8*n*n) {
			return matrix{}, false // singular
		}
		rows[c], rows[pivot] = rows[pivot], rows[c]
		scale := new(big.Rat).Inv(rows[c][c])
		for j := range rows[c] {
			rows[c][j].Mul(rows[c][j], scale)
		}
		for r := range n {
			if r == c || rows[r][c].Sign() == 0 {
				continue
			}
			f := new(big.Rat).Set(rows[r][c])
			for j := range rows[r] {
				rows[r][j].Sub(rows[r][j], new(big.Rat).Mul(f, rows[c][j]))
			}
		}
	}
	out := matrix{cols: n}
	for r := range rows {
		for _, v := range rows[r][n:] {
			out.entries = append(out.entries, ratNode(v))
		}
	}
	return out, true
}

func plus(a, b matrix) (matrix, bool) {
	if a.cols != b.cols || len(a.entries) != len(b.entries) {
		return matrix{}, false
	}
	out := matrix{a.cols, make([]*node, len(a.entries))}
	for i := range a.entries {
		out.entries[i] = mathexpr.Of(mathexpr.OpAdd, a.entries[i], b.entries[i])
	}
	return out, true
}

func (d *decision) tupleMatrix(n *node) (matrix, bool) {
	if len(n.Args) > maxEntries {
		return matrix{}, false
	}
	nested := 0
	for _, a := range n.Args {
		if a.Op == mathexpr.OpTuple {
			nested++
		}
	}
	if nested == 0 {
		return matrix{1, n.Args}, n.Op == mathexpr.OpTuple
	}
	if nested != len(n.Args) {
		return matrix{}, false
	}
	m := matrix{cols: len(n.Args[0].Args)}
	for _, a := range n.Args {
		if len(a.Args) != m.cols {
			return matrix{}, false
		}
		m.entries = append(m.entries, a.Args...)
	}
	return m, len(m.entries) <= maxEntries
}

// matrixProduct multiplies numbers and matrices in order.
func (d *decision) matrixProduct(n *node, depth int) (matrix, bool) {
	var scalars []*node
	var m matrix
	for _, a := range n.Args {
		if !matrixLike(a) {
			scalars = append(scalars, a)
			continue
		}
		x, ok := d.matrix(a, depth+1)
		if !ok {
			return matrix{}, false
		}
		if m.cols == 0 {
			m = x
			continue
		}
		if m, ok = product(m, x); !ok {
			return matrix{}, false
		}
		if !d.settled(m) {
			return matrix{}, false
		}
	}
	if m.cols == 0 {
		return m, false
	}
	if len(scalars) > 0 {
		m = m.each(func(e *node) *node { return times(e, scalars) })
	}
	return m, true
}

// maxEntrySize is how many nodes an entry of a product has.
const maxEntrySize = 200

// size counts the nodes of a tree up to a limit.
func size(n *node, limit int) int {
	count := 0
	n.Any(func(*node) bool {
		count++
		return count >= limit
	})
	return count
}

func product(a, b matrix) (matrix, bool) {
	if a.cols != b.rows() || a.rows()*b.cols > maxEntries {
		return matrix{}, false
	}
	out := matrix{cols: b.cols}
	for r := range a.rows() {
		for c := range b.cols {
			var terms []*node
			for k := range a.cols {
				terms = append(terms, mathexpr.Of(mathexpr.OpMul, a.entries[r*a.cols+k], b.entries[k*b.cols+c]))
			}
			out.entries = append(out.entries, sumOf(terms))
		}
	}
	return out, true
}

// determinant expands a determinant of at most four rows.
func (d *decision) determinant(n *node) (*node, bool) {
	m, ok := d.matrix(n, 0)
	if !ok || m.cols != m.rows() || m.cols > 4 || m.cols == 0 {
		return nil, false
	}
	for _, e := range m.entries {
		if size(e, maxEntrySize) >= maxEntrySize {
			return nil, false
		}
	}
	return m.determinant(), true
}

func (m matrix) determinant() *node {
	if m.cols == 1 {
		return m.entries[0]
	}
	var terms []*node
	for c := range m.cols {
		minor := matrix{cols: m.cols - 1}
		for i := m.cols; i < len(m.entries); i++ {
			if i%m.cols != c {
				minor.entries = append(minor.entries, m.entries[i])
			}
		}
		t := mathexpr.Of(mathexpr.OpMul, m.entries[c], minor.determinant())
		if c%2 == 1 {
			t = neg(t)
		}
		terms = append(terms, t)
	}
	return sumOf(terms)
}
