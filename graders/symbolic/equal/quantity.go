package equal

import (
	"math"
	"math/big"
	"strings"

	"github.com/rftgrader/rftgrader/graders/symbolic/equal/mathexpr"
)

// A quantity is a value and what stands behind it.
type quantity struct {
	value   *node
	percent bool
	degree  bool
	unit    string
}

// quantityOf splits a value from its unit.
func quantityOf(n *node) (quantity, bool) {
	q := quantity{value: greekUnit(n)}
	for range 4 {
		switch q.value.Op {
		case mathexpr.OpPercent:
			q.percent = true
		case mathexpr.OpDegree:
			q.degree = true
		case mathexpr.OpUnit:
			if q.value.Args[0] == nil {
				return q, false
			}
			if q.unit == "" {
				q.unit = q.value.Name
			}
		default:
			return q, q.percent || q.degree || q.unit != ""
		}
		q.value = q.value.Args[0]
	}
	return q, true
}

// greekUnit joins a unit that is written with a Greek letter: 5 micro s, 2 k Omega.
func greekUnit(n *node) *node {
	letter := func(m *node, name string) bool { return m.Op == mathexpr.OpSym && m.Name == name }
	switch {
	case n.Op == mathexpr.OpUnit && n.Args[0] != nil && n.Args[0].Op == mathexpr.OpMul:
		f := n.Args[0].Args
		if last := len(f) - 1; letter(f[last], "mu") && !hasVariable(f[0]) && parseUnit("u"+n.Name).known {
			c := *n
			c.Name, c.Args = "u"+n.Name, []*node{times(f[0], f[1:last])}
			return &c
		}
	case n.Op == mathexpr.OpMul && len(n.Args) == 2 && n.Args[0].Op == mathexpr.OpUnit && letter(n.Args[1], "Omega"):
		if u := n.Args[0]; u.Args[0] != nil && (u.Name == "k" || u.Name == "M" || u.Name == "m") {
			c := *u
			c.Name += "Omega"
			return &c
		}
	}
	return n
}

// quantities compares values with percent signs, degrees and units.
func (d *decision) quantities(g, a *node) (Result, bool) {
	x, gHas := quantityOf(g)
	y, aHas := quantityOf(a)
	if !gHas && !aHas {
		return Result{}, false
	}
	if !gHas && isEquation(g) || !aHas && isEquation(a) {
		// x = 5 cm: the chain is resolved first.
		return Result{}, false
	}
	if opposed(x.unit, y.unit) {
		return different("the contrary of the unit"), true
	}
	if x.percent || y.percent {
		if u := strings.ToLower(x.unit + y.unit); strings.Contains(u, "mill") || strings.Contains(u, "basis") {
			return different("other parts than hundredths"), true
		}
		return d.percents(x, y), true
	}
	if x.degree && temperature(x.unit) {
		x.degree, x.unit = false, "°"+x.unit
	}
	if y.degree && temperature(y.unit) {
		y.degree, y.unit = false, "°"+y.unit
	}
	if y.unit == "" && !y.degree {
		y = withSymbols(y, x.unit)
	} else if x.unit == "" && !x.degree {
		x = withSymbols(x, y.unit)
	}
	if x.degree && y.degree && x.unit != y.unit && compass(x.unit) && compass(y.unit) {
		return different("another direction"), true
	}
	if x.degree != y.degree {
		if r := d.degrees(x, y); r.ok() {
			return r, true
		}
		if radians(x.unit) || radians(y.unit) {
			return different("degrees and radians"), true
		}
		if u := x.unit + y.unit; u == "'" || turns(u) || parseUnit(u).known {
			return different("degrees and another unit"), true
		}
	}
	if d.opt.Units != UnitsIgnore && otherThings(x.unit, y.unit) {
		return different("a number of other things"), true
	}
	return d.inUnits(x, y), true
}

// compound adds up what is given in two units, as 2 hours 30 minutes, in the
// smaller of them.
func compound(n *node) *node {
	if n.Op != mathexpr.OpUnit || n.Args[0] == nil || n.Args[0].Op != mathexpr.OpMul || len(n.Args[0].Args) != 2 {
		return n
	}
	head, rest := compound(n.Args[0].Args[0]), n.Args[0].Args[1]
	if head.Op != mathexpr.OpUnit || head.Args[0] == nil || head.Args[0].Op != mathexpr.OpNum || rest.Op != mathexpr.OpNum {
		return n
	}
	u, v := parseUnit(head.Name), parseUnit(n.Name)
	if !u.known || !v.known || u.dims != v.dims || u.factor.Cmp(v.factor) <= 0 {
		return n
	}
	whole := new(big.Rat).Mul(head.Args[0].Num.Val, new(big.Rat).Quo(u.factor, v.factor))
	if rest.Num.Val.Sign() < 0 || rest.Num.Val.Cmp(new(big.Rat).Quo(u.factor, v.factor)) >= 0 {
		return n
	}
	num := *rest.Num
	num.Val = whole.Add(whole, num.Val)
	return &node{Op: mathexpr.OpUnit, Name: n.Name, Note: n.Note, Label: n.Label, Args: []*node{{Op: mathexpr.OpNum, Num: &num}}}
}

func temperature(u string) bool { return u == "C" || u == "F" || u == "Celsius" || u == "Fahrenheit" }

func (d *decision) percents(x, y quantity) Result {
	if x.degree || y.degree {
		return different("a percentage and an angle")
	}
	if x.percent && y.percent {
		return d.compare(x.value, y.value)
	}
	if parseUnit(x.unit).known || parseUnit(y.unit).known {
		return different("a percentage and a quantity with a unit")
	}
	drop := func() Result { return d.compare(x.value, y.value) }
	hundredth := func() Result {
		g, a := x.value, y.value
		if x.percent {
			g = mathexpr.Of(mathexpr.OpPercent, g)
		}
		if y.percent {
			a = mathexpr.Of(mathexpr.OpPercent, a)
		}
		if isStructure(x.value) || isStructure(y.value) {
			return different("another kind of value")
		}
		return d.expressions(g, a)
	}
	switch d.opt.Percent {
	case PercentDrop:
		return drop()
	case PercentHundredth:
		return hundredth()
	}
	// A bare number of at most 1 is a share, and one of 10 or more is a number
	// of percent: nothing gets both of them right.
	share, many := false, false
	if bare := d.bare(x, y); !math.IsNaN(bare) {
		share, many = math.Abs(bare) <= 1, math.Abs(bare) >= 10 && y.percent
	}
	if !many {
		if r := hundredth(); r.ok() || share {
			return r
		}
	}
	return drop()
}

// bare returns the number that stands without a percent sign beside one that
// has it, and NaN if it is none.
func (d *decision) bare(x, y quantity) float64 {
	if x.percent {
		return d.number(y.value)
	}
	return d.number(x.value)
}

// compass reports whether u is a point of the compass.
func compass(u string) bool {
	return len(u) == 1 && strings.Contains("NSEW", u)
}

// turns reports whether u is a unit of angles other than degrees and radians.
func turns(u string) bool {
	switch strings.ToLower(u) {
	case "grad", "grads", "gradian", "gradians", "gon", "gons", "turn", "turns":
		return true
	}
	return false
}

func radians(u string) bool {
	u = strings.ToLower(u)
	return u == "rad" || u == "rads" || u == "radian" || u == "radians"
}

// degrees compares an angle in degrees with a number that may be in radians.
func (d *decision) degrees(x, y quantity) Result {
	deg, other := x, y
	if y.degree {
		deg, other = y, x
	}
	if other.unit != "" && !radians(other.unit) {
		return Result{}
	}
	if !other.value.Any(func(n *node) bool { return n.Op == mathexpr.OpConst && n.Name == "pi" }) && other.unit == "" || isStructure(other.value) {
		return Result{}
	}
	return d.expressions(mathexpr.Of(mathexpr.OpDegree, deg.value), other.value)
}

// inUnits compares two quantities after conversion.
func (d *decision) inUnits(x, y quantity) Result {
	u, v := parseUnit(x.unit), parseUnit(y.unit)
	if d.opt.Units == UnitsIgnore {
		return d.compare(x.value, y.value)
	}
	switch {
	case u.known && v.known:
		if u.dims != v.dims {
			return different("a unit of another dimension")
		}
		if u.factor.Cmp(v.factor) == 0 {
			return d.compare(x.value, y.value)
		}
		if isStructure(x.value) || isStructure(y.value) {
			return undecided("lists in different units")
		}
		scale := func(n *node, f *big.Rat) *node {
			return mathexpr.Of(mathexpr.OpMul, n, &node{Op: mathexpr.OpNum, Num: &mathexpr.Number{Val: f}})
		}
		return d.expressions(scale(x.value, u.factor), scale(y.value, v.factor))
	case d.opt.Units == UnitsRequire && u.known:
		return different("the unit is missing")
	}
	return d.compare(x.value, y.value)
}

// withSymbols reads the variables behind a number as a unit, where the other
// side has a unit that is known: 5 m beside 5 metres.
func withSymbols(q quantity, other string) quantity {
	if !parseUnit(other).known {
		return q
	}
	n, below := q.value, ""
	if n.Op == mathexpr.OpDiv {
		if below = symbolUnit(n.Args[1]); below == "" {
			return q
		}
		n, below = n.Args[0], "/"+below
	}
	if n.Op != mathexpr.OpMul {
		return q
	}
	last := len(n.Args) - 1
	u := symbolUnit(n.Args[last])
	if f := n.Args[last]; f.Op == mathexpr.OpDiv && below == "" {
		if u = symbolUnit(f.Args[0]); u != "" {
			below = "/" + symbolUnit(f.Args[1])
		}
	}
	if u == "" || hasVariable(sumOf(n.Args[:1])) || last != 1 {
		return q
	}
	if u += below; !parseUnit(u).known {
		return q
	}
	return quantity{value: n.Args[0], unit: u}
}

func symbolUnit(n *node) string {
	switch {
	case n.Op == mathexpr.OpSym:
		return n.Name
	case n.Op == mathexpr.OpPow && n.Args[0].Op == mathexpr.OpSym && n.Args[1].Op == mathexpr.OpNum:
		return n.Args[0].Name + "^" + n.Args[1].Num.Val.RatString()
	}
	return ""
}
