package grader

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/rftgrader/rftgrader/grader/internal/nearest"
)

// A Formula is the expression that makes one score of the scores of several
// graders. It is evaluated lazily: what the value does not depend on is never
// looked up, so a judge behind a shut gate is never called.
//
// An expression has numbers, names, parentheses, + - * / and ^ (power) with their
// usual precedence, and the comparisons < <= > >= == != , which bind least and
// give 1 or 0. A power binds more than a sign before it and less than one behind
// it, and is read from the right: -2^2 is -4, 2^-1 is 0.5, 2^3^2 is 2^9. The
// functions are
//
//	min(a, b, ...)     the least
//	max(a, b, ...)     the greatest
//	mean(a, b, ...)    the arithmetic mean
//	clamp(x, lo, hi)   x, but at least lo and at most hi
//	abs(x)             x without its sign
//	floor(x)  ceil(x)  the nearest whole number below, above
//	exp(x)             e^x
//	sqrt(x)            the square root; x must be 0 or more
//	log(x)             the natural logarithm; x must be more than 0
//	gate(c, x)         x if c > 0, else 0; x is not evaluated behind a shut gate
//	if(c, a, b)        a if c is not 0, else b; only one of them is evaluated
//
// A product is not a gate: 0*x evaluates x.
type Formula struct {
	source string
	root   node
	names  []string
}

// A FormulaError is a fault in the text of a formula.
type FormulaError struct {
	Offset int // in bytes
	Err    error
}

func (e *FormulaError) Error() string { return e.Err.Error() }
func (e *FormulaError) Unwrap() error { return e.Err }

const (
	maxFormulaBytes = 16 << 10
	maxFormulaDepth = 200
)

// ParseFormula reads an expression. Faults are a [*FormulaError].
func ParseFormula(source string) (*Formula, error) {
	p := &formulaParser{src: source, known: formulaFunctions()}
	if len(source) > maxFormulaBytes {
		return nil, p.failAt(0, "the formula has %d bytes: at most %d are read", len(source), maxFormulaBytes)
	}
	p.next()
	root, err := p.expr()
	if err != nil {
		return nil, err
	}
	if p.tok != tokEnd {
		return nil, p.unexpected("an operator or the end")
	}
	return &Formula{source: source, root: root, names: p.names}, nil
}

// String returns the formula as it was written.
func (f *Formula) String() string { return f.source }

// Names returns the names in the formula, each once, in order of appearance.
func (f *Formula) Names() []string { return slices.Clone(f.names) }

// Eval evaluates f. Lookup gives the value of a name; it may be called more
// than once for a name, and its error ends the evaluation and is returned
// as it is. A value that is not finite, be it looked up, in between or at the
// end, is a [*PermanentError]: a comparison would make a number of it that
// means nothing.
func (f *Formula) Eval(lookup func(name string) (float64, error)) (float64, error) {
	v, err := f.root.eval(lookup)
	if err != nil {
		return 0, err
	}
	return v, nil
}

type node interface {
	eval(lookup func(string) (float64, error)) (float64, error)
}

type number float64

func (n number) eval(func(string) (float64, error)) (float64, error) { return float64(n), nil }

type name string

func (n name) eval(lookup func(string) (float64, error)) (float64, error) {
	v, err := lookup(string(n))
	if err == nil && !finite(v) {
		err = Permanentf("the score of %s is %v: a score must be finite", string(n), v)
	}
	return v, err
}

type negation struct{ x node }

func (n negation) eval(lookup func(string) (float64, error)) (float64, error) {
	v, err := n.x.eval(lookup)
	return -v, err
}

type operation struct {
	op   string
	a, b node
}

func (o operation) eval(lookup func(string) (float64, error)) (float64, error) {
	a, err := o.a.eval(lookup)
	if err != nil {
		return 0, err
	}
	b, err := o.b.eval(lookup)
	if err != nil {
		return 0, err
	}
	switch o.op {
	case "+":
		return bounded(a+b, o.op)
	case "-":
		return bounded(a-b, o.op)
	case "*":
		return bounded(a*b, o.op)
	case "/":
		if b == 0 {
			return 0, Permanentf("the formula divides by zero: guard the division with if()")
		}
		return bounded(a/b, o.op)
	case "^":
		return bounded(math.Pow(a, b), o.op)
	case "<":
		return truth(a < b), nil
	case "<=":
		return truth(a <= b), nil
	case ">":
		return truth(a > b), nil
	case ">=":
		return truth(a >= b), nil
	case "==":
		return truth(a == b), nil
	default: // the parser knows no other than !=
		return truth(a != b), nil
	}
}

// bounded refuses what is too large for a float64, and what has no value.
func bounded(v float64, by string) (float64, error) {
	if !finite(v) {
		return 0, Permanentf("the formula gives %v at %s: a score must be finite", v, by)
	}
	return v, nil
}

func truth(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

type call struct {
	f    function
	args []node
}

func (c call) eval(lookup func(string) (float64, error)) (float64, error) {
	return c.f.eval(c.args, func(n node) (float64, error) { return n.eval(lookup) })
}

type function struct {
	least, most int // numbers of arguments
	eval        func(args []node, value func(node) (float64, error)) (float64, error)
}

const anyNumber = math.MaxInt

// formulaFunctions returns the table of functions by name.
func formulaFunctions() map[string]function {
	return map[string]function{
		"min":   {1, anyNumber, eager("min", slices.Min[[]float64])},
		"max":   {1, anyNumber, eager("max", slices.Max[[]float64])},
		"mean":  {1, anyNumber, eager("mean", mean)},
		"clamp": {3, 3, eager("clamp", func(v []float64) float64 { return max(v[1], min(v[2], v[0])) })},
		"abs":   unary("abs", math.Abs),
		"floor": unary("floor", math.Floor),
		"ceil":  unary("ceil", math.Ceil),
		"exp":   unary("exp", math.Exp),
		"sqrt":  unary("sqrt", math.Sqrt),
		"log":   unary("log", math.Log),
		"gate": {2, 2, func(args []node, value func(node) (float64, error)) (float64, error) {
			if c, err := value(args[0]); err != nil || !(c > 0) {
				return 0, err
			}
			return value(args[1])
		}},
		"if": {3, 3, func(args []node, value func(node) (float64, error)) (float64, error) {
			c, err := value(args[0])
			switch {
			case err != nil:
				return 0, err
			case c != 0:
				return value(args[1])
			}
			return value(args[2])
		}},
	}
}

func mean(v []float64) float64 {
	sum := 0.0
	for _, x := range v {
		sum += x
	}
	return sum / float64(len(v))
}

func unary(name string, f func(float64) float64) function {
	return function{1, 1, eager(name, func(v []float64) float64 { return f(v[0]) })}
}

func eager(name string, f func([]float64) float64) func([]node, func(node) (float64, error)) (float64, error) {
	return func(args []node, value func(node) (float64, error)) (float64, error) {
		values := make([]float64, len(args))
		for i, a := range args {
			var err error
			if values[i], err = value(a); err != nil {
				return 0, err
			}
		}
		return bounded(f(values), name)
	}
}

type tokenKind int

const (
	tokEnd tokenKind = iota
	tokNumber
	tokName
	tokOperator
	tokBad
)

type formulaParser struct {
	src   string
	known map[string]function
	pos   int // behind the current token
	start int // of the current token
	tok   tokenKind
	text  string
	depth int
	names []string
}

func (p *formulaParser) failAt(offset int, format string, args ...any) error {
	return &FormulaError{Offset: offset, Err: fmt.Errorf(format, args...)}
}

func (p *formulaParser) unexpected(want string) error {
	got := "the end"
	if p.tok != tokEnd {
		got = strconv.Quote(p.text)
	}
	return p.failAt(p.start, "want %s, got %s", want, got)
}

func (p *formulaParser) next() {
	for p.pos < len(p.src) && strings.ContainsRune(" \t\r\n", rune(p.src[p.pos])) {
		p.pos++
	}
	p.start = p.pos
	if p.pos == len(p.src) {
		p.tok, p.text = tokEnd, ""
		return
	}
	rest := p.src[p.pos:]
	switch c := rest[0]; {
	case c >= '0' && c <= '9' || c == '.':
		p.tok, p.text = tokNumber, rest[:numberLength(rest)]
	case isNameByte(c) && (c < '0' || c > '9'):
		n := 1
		for n < len(rest) && isNameByte(rest[n]) {
			n++
		}
		p.tok, p.text = tokName, rest[:n]
	default:
		p.tok, p.text = tokBad, ""
		for _, op := range []string{"<=", ">=", "==", "!=", "<", ">", "+", "-", "*", "/", "^", "(", ")", ","} {
			if strings.HasPrefix(rest, op) {
				p.tok, p.text = tokOperator, op
				break
			}
		}
		if p.tok == tokBad {
			_, n := utf8.DecodeRuneInString(rest)
			p.text = rest[:n]
		}
	}
	p.pos += len(p.text)
}

func isNameByte(c byte) bool {
	return c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
}

// numberLength returns the length of the digits, point and exponent at the start of s.
func numberLength(s string) int {
	i := 0
	for i < len(s) && (s[i] >= '0' && s[i] <= '9' || s[i] == '.') {
		i++
	}
	if i < len(s) && (s[i] == 'e' || s[i] == 'E') {
		j := i + 1
		if j < len(s) && (s[j] == '+' || s[j] == '-') {
			j++
		}
		if j < len(s) && s[j] >= '0' && s[j] <= '9' {
			for j < len(s) && s[j] >= '0' && s[j] <= '9' {
				j++
			}
			return j
		}
	}
	return i
}

func (p *formulaParser) operator(ops ...string) (string, bool) {
	if p.tok == tokOperator && slices.Contains(ops, p.text) {
		return p.text, true
	}
	return "", false
}

func (p *formulaParser) enter() error {
	if p.depth++; p.depth > maxFormulaDepth {
		return p.failAt(p.start, "the formula is nested more than %d deep", maxFormulaDepth)
	}
	return nil
}

func (p *formulaParser) expr() (node, error) {
	if err := p.enter(); err != nil {
		return nil, err
	}
	defer func() { p.depth-- }()
	a, err := p.sum()
	if err != nil {
		return nil, err
	}
	op, ok := p.operator("<", "<=", ">", ">=", "==", "!=")
	if !ok {
		return a, nil
	}
	p.next()
	b, err := p.sum()
	if err != nil {
		return nil, err
	}
	if _, again := p.operator("<", "<=", ">", ">=", "==", "!="); again {
		return nil, p.failAt(p.start, "comparisons cannot be chained: use parentheses")
	}
	return operation{op, a, b}, nil
}

func (p *formulaParser) sum() (node, error)     { return p.left(p.product, "+", "-") }
func (p *formulaParser) product() (node, error) { return p.left(p.unary, "*", "/") }

// left reads operands joined by left-associative operators.
func (p *formulaParser) left(operand func() (node, error), ops ...string) (node, error) {
	a, err := operand()
	for err == nil {
		op, ok := p.operator(ops...)
		if !ok {
			return a, nil
		}
		p.next()
		var b node
		if b, err = operand(); err == nil {
			a = operation{op, a, b}
		}
	}
	return nil, err
}

func (p *formulaParser) unary() (node, error) {
	negative := false
	for {
		op, ok := p.operator("-", "+")
		if !ok {
			break
		}
		negative = negative != (op == "-")
		p.next()
	}
	n, err := p.power()
	if err == nil && negative {
		n = negation{n}
	}
	return n, err
}

func (p *formulaParser) power() (node, error) {
	base, err := p.primary()
	if err != nil {
		return nil, err
	}
	op, ok := p.operator("^")
	if !ok {
		return base, nil
	}
	p.next()
	if err := p.enter(); err != nil {
		return nil, err
	}
	defer func() { p.depth-- }()
	exponent, err := p.unary()
	if err != nil {
		return nil, err
	}
	return operation{op, base, exponent}, nil
}

func (p *formulaParser) primary() (node, error) {
	switch {
	case p.tok == tokNumber:
		v, err := strconv.ParseFloat(p.text, 64)
		if err != nil || !finite(v) {
			return nil, p.failAt(p.start, "want a finite number, got %q", p.text)
		}
		p.next()
		return number(v), nil
	case p.tok == tokName:
		text, at := p.text, p.start
		p.next()
		if _, ok := p.operator("("); ok {
			return p.call(text, at)
		}
		if _, ok := p.known[text]; ok {
			return nil, p.failAt(at, "%s is a function: want %s(...)", text, text)
		}
		if !slices.Contains(p.names, text) {
			p.names = append(p.names, text)
		}
		return name(text), nil
	case p.tok == tokOperator && p.text == "(":
		p.next()
		n, err := p.expr()
		if err != nil {
			return nil, err
		}
		return n, p.expect(")")
	}
	return nil, p.unexpected("a number, a grader's name, a function or (")
}

func (p *formulaParser) expect(op string) error {
	if _, ok := p.operator(op); !ok {
		return p.unexpected(op)
	}
	p.next()
	return nil
}

func (p *formulaParser) call(text string, at int) (node, error) {
	f, ok := p.known[text]
	if !ok {
		known := slices.Sorted(maps.Keys(p.known))
		return nil, p.failAt(at, "no function %q%s (there are %s)", text, nearest.Hint(text, known), strings.Join(known, ", "))
	}
	p.next()
	var args []node
	for {
		a, err := p.expr()
		if err != nil {
			return nil, err
		}
		args = append(args, a)
		if _, ok := p.operator(","); !ok {
			break
		}
		p.next()
	}
	if err := p.expect(")"); err != nil {
		return nil, err
	}
	if len(args) < f.least || len(args) > f.most {
		noun := "arguments"
		if f.least == 1 {
			noun = "argument"
		}
		return nil, p.failAt(at, "%s takes %d %s, got %d", text, f.least, noun, len(args))
	}
	return call{f, args}, nil
}

// FormulaOffset returns where in the text of a formula err lies.
func FormulaOffset(err error) (int, bool) {
	var f *FormulaError
	if errors.As(err, &f) {
		return f.Offset, true
	}
	return 0, false
}
