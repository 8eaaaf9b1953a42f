package mathexpr

import (
	"strconv"
	"strings"
)

// maxPrint is how long a printed expression grows.
const maxPrint = 2000

// String writes the tree in prefix form, for tests and reasons. Long ones are
// cut.
func (n *Node) String() string {
	var b strings.Builder
	n.print(&b)
	s := b.String()
	if len(s) > maxPrint {
		s = s[:maxPrint] + "..."
	}
	return s
}

func (n *Node) print(b *strings.Builder) {
	if b.Len() > maxPrint {
		return
	}
	if n == nil {
		b.WriteString("_")
		return
	}
	if n.Label != "" {
		b.WriteString(strconv.Quote(n.Label) + ":")
	}
	switch n.Op {
	case OpNum:
		b.WriteString(n.Num.Val.RatString())
	case OpSym, OpConst:
		b.WriteString(n.Name)
	case OpText:
		b.WriteString(strconv.Quote(n.Name))
	default:
		b.WriteString(opName(n))
		b.WriteByte('(')
		for i, a := range n.Args {
			if i > 0 {
				if n.Op == OpRel {
					b.WriteString(" " + n.Rels[i-1].String() + " ")
				} else {
					b.WriteString(", ")
				}
			}
			a.print(b)
		}
		b.WriteByte(')')
	}
	if n.Note != "" {
		b.WriteString("~" + strconv.Quote(n.Note))
	}
}

func opName(n *Node) string {
	switch n.Op {
	case OpTuple:
		return "tuple" + string(n.Open) + string(n.Close)
	case OpCall, OpApply:
		return n.Name
	case OpMatrix:
		return "matrix" + strconv.Itoa(n.Count)
	case OpUnit, OpDomain, OpVector, OpBase, OpPM, OpTime:
		return n.Op.String() + "[" + n.Name + "]"
	}
	return n.Op.String()
}

// String names the operation.
func (o Op) String() string {
	names := [...]string{"num", "sym", "const", "text", "add", "mul", "div", "neg", "pow", "pm", "call", "apply", "sum", "prod", "integral", "limit",
		"deriv", "rel", "list", "set", "tuple", "union", "inter", "minus", "matrix", "cases", "builder", "unit", "percent", "degree", "ratio", "time",
		"base", "domain", "vector", "or", "and"}
	if int(o) < len(names) {
		return names[o]
	}
	return "op" + strconv.Itoa(int(o))
}

// String writes the relation as a sign.
func (r Rel) String() string {
	signs := [...]string{"=", "!=", "<", "<=", ">", ">=", "≈", "∈", "∉", "⊂", "⊃", "≡", "→", "|"}
	if int(r) < len(signs) {
		return signs[r]
	}
	return "?"
}
