package mathexpr

import "math/big"

// Op says what a [Node] is.
type Op uint8

// The operations. The comment says what Args, Name and the other fields hold.
const (
	OpNum      Op = iota // Num
	OpSym                // Name: a variable with its subscript and primes
	OpConst              // Name: pi, e, i, inf
	OpText               // Name: words, folded to lower case
	OpAdd                // Args: the terms
	OpMul                // Args: the factors
	OpDiv                // Args: numerator, denominator
	OpNeg                // Args[0]
	OpPow                // Args: base, exponent
	OpPM                 // Args: left (or none) and right of plus-or-minus; Name is "-" for minus-or-plus
	OpCall               // Name: a function known to the reader; Args
	OpApply              // Name: a function nobody defined, such as f; Args
	OpSum                // Args: body, variable, from, to (nil where not written)
	OpProd               // as OpSum
	OpIntegral           // Args: body, variable (nil where not written), from, to (nil for an indefinite one)
	OpLimit              // Args: body, variable, point; Name: side, "+", "-" or ""
	OpDeriv              // Args: body, variable; Count: order; Name: partial for \partial
	OpRel                // Args: the members of the chain; Rels between them
	OpList               // Args: values with commas between them, without brackets
	OpSet                // Args: values in braces
	OpTuple              // Args: values in brackets; Open and Close are the brackets
	OpUnion              // Args
	OpInter              // Args
	OpMinus              // Args: a set, and one that is taken out of it
	OpMatrix             // Args: entries by rows; Count: columns
	OpCases              // Args: value, condition, value, condition, ...
	OpBuilder            // Args: element, conditions...
	OpUnit               // Args[0]: value; Name: the unit as written
	OpPercent            // Args[0]
	OpDegree             // Args[0]
	OpRatio              // Args: the parts of a:b:c
	OpTime               // Args: hours, minutes[, seconds]; Name: "am", "pm" or ""
	OpBase               // Name: digits; Count: the base; Num: the value
	OpDomain             // Name: R, Z, N, Q, C or empty
	OpVector             // Name: i, j or k: a basis vector
	OpOr                 // Args: statements of which one holds
	OpAnd                // Args: statements that all hold
)

// A Rel is a relation between two members of a chain.
type Rel uint8

// The relations.
const (
	RelEq Rel = iota
	RelNe
	RelLt
	RelLe
	RelGt
	RelGe
	RelApprox
	RelIn
	RelNotIn
	RelSubset
	RelSuperset
	RelEquiv
	RelTo
	RelDivides
)

// A Node is an expression. Nodes are not changed once they are read, and may
// be shared.
type Node struct {
	Op          Op
	Open, Close byte // brackets of an OpTuple: ( ) [ ] <
	Paren       bool // the expression stood in brackets of its own
	Mixed       bool // an OpAdd that was written as a mixed number
	Count       int
	Name        string
	Args        []*Node
	Rels        []Rel
	Num         *Number
	Label       string // the words before the value: "Minimum: 3"
	Note        string // the words behind it: "for all x"
}

// A Number is a number as it was written.
type Number struct {
	Val *big.Rat
	// Places is how many decimal places were written, and 0 for whole numbers.
	Places int
	// Digits is how many significant digits were written.
	Digits int
	// Decimal is set when a decimal point or an exponent was written.
	Decimal bool
	// Repeats is set for repeating decimals, which are exact.
	Repeats bool
	// Grouped is set when a comma separates thousands, which might have been
	// meant to separate two numbers.
	Grouped bool
}

func op(o Op, args ...*Node) *Node { return &Node{Op: o, Args: args} }

func call(name string, args ...*Node) *Node { return &Node{Op: OpCall, Name: name, Args: args} }

// Int returns the node of a whole number.
func Int(n int64) *Node {
	return &Node{Op: OpNum, Num: &Number{Val: new(big.Rat).SetInt64(n)}}
}

// Sym returns the node of a variable.
func Sym(name string) *Node { return &Node{Op: OpSym, Name: name} }

// Of returns a node of an operation over arguments.
func Of(o Op, args ...*Node) *Node { return op(o, args...) }

// Is reports whether n is a call of the named function.
func (n *Node) Is(name string) bool { return n.Op == OpCall && n.Name == name }

// IsInt reports whether n is the whole number v.
func (n *Node) IsInt(v int64) bool {
	return n.Op == OpNum && n.Num.Val.IsInt() && n.Num.Val.Num().IsInt64() && n.Num.Val.Num().Int64() == v
}

// All yields n and every node below it, a parent before its arguments, until
// yield returns false.
func (n *Node) All(yield func(*Node) bool) { n.walk(yield) }

func (n *Node) walk(yield func(*Node) bool) bool {
	if n == nil {
		return true
	}
	if !yield(n) {
		return false
	}
	for _, a := range n.Args {
		if !a.walk(yield) {
			return false
		}
	}
	return true
}

// Any reports whether f holds for n or a node below it.
func (n *Node) Any(f func(*Node) bool) bool {
	found := false
	n.walk(func(m *Node) bool {
		found = f(m)
		return !found
	})
	return found
}
