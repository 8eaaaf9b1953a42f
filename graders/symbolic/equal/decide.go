package equal

import (
	"strings"

	"github.com/rftgrader/rftgrader/graders/symbolic/equal/mathexpr"
)

// A form is one way to read a text.
type form struct {
	n *node
}

// Read reads a reference answer. The error is a [*ReadError] when nothing in
// it can be compared with.
func Read(text string, opt Options) (*Reference, error) {
	text = signed(strings.TrimSpace(text))
	r := &Reference{text: text, opt: opt}
	if len(text) > mathexpr.MaxBytes {
		return r, nil
	}
	n, err := parse(text)
	if err != nil {
		if x, ok := european(text); ok {
			n, err = mathexpr.Parse(x, mathexpr.Options{})
		}
	}
	if err == nil {
		r.forms = append(r.forms, &form{n})
		if grouped(n) {
			if m, err := mathexpr.Parse(text, mathexpr.Options{SplitThousands: true}); err == nil {
				r.forms = append(r.forms, &form{m})
			}
		}
		return r, nil
	}
	if !hasWord(text) {
		return nil, &ReadError{err}
	}
	return r, nil
}

// parse reads a text. In brackets around all of it a comma separates values, and
// no thousands: (100,200) is a pair.
func parse(text string) (*node, error) {
	if len(text) >= 200 || strings.IndexByte(text, ',') < 0 {
		return mathexpr.Parse(text, mathexpr.Options{})
	}
	s := strings.NewReplacer("$", "", `\left`, "", `\right`, "", `\big`, "", " ", "").Replace(text)
	pair := (strings.HasPrefix(s, "(") || strings.HasPrefix(s, "[") || strings.HasPrefix(s, `\{`)) &&
		(strings.HasSuffix(s, ")") || strings.HasSuffix(s, "]") || strings.HasSuffix(s, `\}`))
	return mathexpr.Parse(text, mathexpr.Options{SplitThousands: pair})
}

// Readable reports whether the reference was read as mathematics; otherwise
// answers are compared with it as text.
func (r *Reference) Readable() bool { return len(r.forms) > 0 }

func grouped(n *node) bool {
	return n.Any(func(m *node) bool { return m.Num != nil && m.Num.Grouped })
}

// Decide compares an answer with a reference.
func Decide(reference, answer string, opt Options) Result {
	r, err := Read(reference, opt)
	if err != nil {
		if x := squeeze(reference); x != "" && x == squeeze(answer) {
			return equalBy("the same text but for its layout")
		}
		return Result{Unparsed, "the reference cannot be read"}
	}
	return r.Compare(answer)
}

// A decision is one comparison.
type decision struct {
	*work
	opt   Options
	depth int
}

// Compare decides whether an answer equals the reference.
func (r *Reference) Compare(answer string) Result {
	text := strings.TrimSpace(answer)
	if text == "" {
		return Result{Unparsed, "the answer is empty"}
	}
	if text == r.text && !r.opt.Reduced {
		return equalBy("the same text")
	}
	text = signed(text)
	if c, ok := r.choice(text); ok {
		return c
	}
	if why := r.denied(text); why != "" {
		return different(why)
	}
	if why := atOdds(r.text, text); why != "" {
		return different(why)
	}
	d := &decision{work: &work{maxSteps}, opt: r.opt}
	a, err := parse(text)
	if err != nil {
		if x, ok := european(text); ok {
			a, err = mathexpr.Parse(x, mathexpr.Options{})
		}
	}
	if err != nil || len(r.forms) == 0 {
		return r.asText(text, err)
	}
	g := r.forms[0].n
	if r.opt.Reduced {
		if why := unreduced(g, a); why != "" {
			return different(why)
		}
	}
	res := d.compare(g, a)
	if res.ok() {
		return res
	}
	if alt := r.otherwise(d, g, a, text); alt.ok() {
		return alt
	}
	if isText(g) && isText(a) && sameWords(r.text, text) && !(g.Op == mathexpr.OpUnit && parseUnit(g.Name).known && parseUnit(a.Name).known) {
		return equalBy("the same words")
	}
	return res
}

// isText reports whether a value is made of words.
func isText(n *node) bool {
	return n.Op == mathexpr.OpText || n.Op == mathexpr.OpUnit || n.Op == mathexpr.OpList && n.Any(func(m *node) bool { return m.Op == mathexpr.OpText })
}

// otherwise tries the other ways to read what is ambiguous.
func (r *Reference) otherwise(d *decision, g, a *node, text string) Result {
	if grouped(a) || len(r.forms) > 1 {
		if m, err := mathexpr.Parse(text, mathexpr.Options{SplitThousands: true}); err == nil {
			g2 := g
			if len(r.forms) > 1 {
				g2 = r.forms[1].n
			}
			if res := d.compare(g2, m); res.ok() {
				return res
			}
		}
	}
	if g.Op == mathexpr.OpNum && g.Num.Decimal && a.Any(func(m *node) bool { return m.Op == mathexpr.OpList && len(m.Args) == 2 }) && strings.Count(text, ",") == 1 {
		if m, err := mathexpr.Parse(text, mathexpr.Options{DecimalComma: true}); err == nil && !m.Any(func(m *node) bool { return m.Op == mathexpr.OpList }) {
			if res := d.compare(g, m); res.ok() {
				return equalBy("the same number, with a decimal comma")
			}
		}
	}
	if hasName(g, "I") != hasName(a, "I") && (g.Any(isImaginary) || a.Any(isImaginary)) {
		if res := d.compare(imaginary(g), imaginary(a)); res.ok() {
			return equalBy("equal, with I for the imaginary unit")
		}
	}
	v, gDomain := freeParameter(r.text)
	w, aDomain := freeParameter(text)
	if v != "" && gDomain == aDomain && v != w && hasName(g, v) && hasName(a, w) && !hasName(a, v) {
		if res := d.compare(g, rename(a, map[string]string{w: v})); res.ok() {
			return equalBy("equal but for the name of a parameter")
		}
	}
	if x, ok := european(r.text); ok {
		if m, err := mathexpr.Parse(x, mathexpr.Options{}); err == nil && !m.Any(isSeveral) && !a.Any(isSeveral) {
			if res := d.compare(m, a); res.ok() {
				return equalBy("the same number, with a decimal comma")
			}
		}
	}
	if x, ok := european(text); ok && !g.Any(isSeveral) {
		if m, err := mathexpr.Parse(x, mathexpr.Options{}); err == nil {
			if res := d.compare(g, m); res.ok() {
				return equalBy("the same number, with a decimal comma")
			}
		}
	}
	if v, w := parameter(g), parameter(a); v != "" && w != "" && v != w {
		if res := d.compare(g, rename(a, map[string]string{w: v})); res.ok() {
			return equalBy("equal but for the name of a whole number")
		}
	}
	if res := r.families(d, g, a, text); res.ok() {
		return res
	}
	if res := d.upToConstant(g, a); res.ok() {
		return res
	}
	if inner(g) || inner(a) {
		// What was read as a unit may be a product: m L^2 / 2.
		x, err1 := mathexpr.Parse(r.text, mathexpr.Options{NoUnits: true})
		y, err2 := mathexpr.Parse(text, mathexpr.Options{NoUnits: true})
		if err1 == nil && err2 == nil && (hasVariable(g) || hasVariable(a) || inner(g) && inner(a)) {
			if res := d.compare(x, y); res.ok() {
				return res
			}
		}
	}
	if hasBareLog(g) != hasBareLog(a) && !hasVariable(g) && !hasVariable(a) {
		if res := d.compare(decimalLog(g), decimalLog(a)); res.ok() {
			return equalBy("equal with logarithms to the base 10")
		}
	}
	return Result{}
}

// inner reports whether an expression has a unit that may be letters, and does
// not stand behind a bare number.
func inner(n *node) bool {
	letters := func(m *node) bool {
		if m.Op == mathexpr.OpText {
			first, _, _ := strings.Cut(m.Name, " ")
			return len(first) <= 3 && parseUnit(first).known
		}
		return m.Op == mathexpr.OpUnit && len(m.Name) <= 6
	}
	if letters(n) && n.Op == mathexpr.OpUnit && n.Args[0] != nil && n.Args[0].Op == mathexpr.OpNum {
		return false
	}
	return n.Any(letters)
}

func isSeveral(n *node) bool {
	return n.Op == mathexpr.OpList || n.Op == mathexpr.OpTuple || n.Op == mathexpr.OpSet
}

func hasName(n *node, name string) bool {
	return n.Any(func(m *node) bool { return m.Op == mathexpr.OpSym && m.Name == name })
}

// imaginary reads the variable I as the imaginary unit.
func imaginary(n *node) *node {
	if n == nil {
		return nil
	}
	c := *n
	if n.Op == mathexpr.OpSym && n.Name == "I" {
		c.Op, c.Name = mathexpr.OpConst, "i"
		return &c
	}
	c.Args = make([]*node, len(n.Args))
	for i, a := range n.Args {
		c.Args[i] = imaginary(a)
	}
	return &c
}

// parameter returns the one letter that stands for any whole number in a
// family of angles, such as pi/6 + k pi.
func parameter(n *node) string {
	found, periodic := "", false
	n.Any(func(m *node) bool {
		switch {
		case m.Op == mathexpr.OpSym && (m.Name == "k" || m.Name == "n" || m.Name == "m" || m.Name == "l" || m.Name == "j" || m.Name == "t"):
			if found != "" && found != m.Name {
				periodic, found = false, "-"
				return true
			}
			found = m.Name
		case m.Op == mathexpr.OpMul:
			letter, circle := false, false
			for _, f := range m.Args {
				letter = letter || f.Op == mathexpr.OpSym
				circle = circle || f.Op == mathexpr.OpDegree || f.Op == mathexpr.OpConst && f.Name == "pi"
			}
			periodic = periodic || letter && circle
		}
		return false
	})
	if !periodic || found == "-" {
		return ""
	}
	return found
}

func hasBareLog(n *node) bool {
	return n.Any(func(m *node) bool { return m.Is("log") && len(m.Args) == 1 })
}

// decimalLog gives each logarithm without a base the base 10.
func decimalLog(n *node) *node {
	if n == nil {
		return nil
	}
	c := *n
	c.Args = make([]*node, len(n.Args))
	for i, a := range n.Args {
		c.Args[i] = decimalLog(a)
	}
	if c.Is("log") && len(c.Args) == 1 {
		c.Args = append(c.Args, mathexpr.Int(10))
	}
	return &c
}

// compare decides by the shapes of both sides.
func (d *decision) compare(g, a *node) Result {
	d.depth++
	defer func() { d.depth-- }()
	if d.depth > 40 || !d.pay(4) {
		return undecided("too much work to decide")
	}
	if r, ok := d.noted(g, a); ok {
		return r
	}
	if same(g, a) && !hasPM(g) {
		return equalBy("the same expression")
	}
	if braced(g, a) || braced(a, g) {
		return different("a set, and the value in it")
	}
	g, a = compound(hours(d.unwrap(g))), compound(hours(d.unwrap(a)))
	if r, ok := d.quantities(g, a); ok {
		return r
	}
	if r, ok := d.relations(g, a); ok {
		return r
	}
	if r, ok := d.regions(g, a); ok {
		return r
	}
	if r, ok := d.collections(g, a); ok {
		return r
	}
	if r, ok := d.matrices(g, a); ok {
		return r
	}
	if r, ok := d.special(g, a); ok {
		return r
	}
	if d.misrounded(g, a) {
		return different("neither rounded nor cut rightly")
	}
	return d.expressions(g, a)
}

// unwrap drops what does not change a value.
func (d *decision) unwrap(n *node) *node {
	for {
		switch {
		case n.Op == mathexpr.OpRel && len(n.Rels) == 1 && n.Rels[0] == mathexpr.RelIn && n.Args[1].Op == mathexpr.OpSet:
			n = n.Args[1]
		case n.Is("det"):
			m, ok := d.determinant(n.Args[0])
			if !ok {
				return n
			}
			n = m
		case (n.Op == mathexpr.OpSet || n.Op == mathexpr.OpList) && len(n.Args) == 1 && !hasPM(n):
			n = n.Args[0]
		default:
			return n
		}
	}
}

// braced reports whether s is a set of one value with variables, and v is such
// a value itself. Braces around a number, words or a choice say nothing;
// {x} may be a fractional part.
func braced(s, v *node) bool {
	if s.Op == mathexpr.OpSet && len(s.Args) == 1 && isSet(s.Args[0]) {
		// {{1, 2}} has one member.
		return isSet(v) && !(v.Op == mathexpr.OpSet && len(v.Args) == 1 && isSet(v.Args[0]))
	}
	return s.Op == mathexpr.OpSet && len(s.Args) == 1 && !isStructure(s.Args[0]) && !isStructure(v) && choiceLetters(s) == "" &&
		s.Args[0].Any(func(m *node) bool { return m.Op == mathexpr.OpSym || m.Op == mathexpr.OpApply })
}

func isSet(n *node) bool {
	return n.Op == mathexpr.OpSet || n.Op == mathexpr.OpDomain
}

// noted compares what was said about when a value holds. Remarks such as "for
// all x" say nothing new; conditions do.
func (d *decision) noted(g, a *node) (Result, bool) {
	if hedged(a.Note) && !hedged(g.Note) {
		return different("the answer takes itself back"), true
	}
	if g.Note == "" || g.Note == a.Note || !condition(g.Note) {
		return Result{}, false
	}
	if !condition(a.Note) {
		return Result{}, false
	}
	if letterKey(g.Note) == letterKey(a.Note) {
		return Result{}, false
	}
	bare := *g
	bare.Note = ""
	other := *a
	other.Note = ""
	if r := d.compare(&bare, &other); !r.ok() {
		return r, true
	}
	return undecided("the same value under conditions in other words"), true
}

// hedged reports whether a remark names another answer.
func hedged(note string) bool {
	if strings.HasPrefix(note, "( or ") || strings.HasPrefix(note, "or ") {
		return true
	}
	for w := range strings.FieldsSeq(note) {
		switch w {
		case "but", "could", "maybe", "perhaps", "might", "possibly", "alternatively":
			return true
		}
	}
	return false
}

func condition(note string) bool {
	return strings.HasPrefix(note, "where") || strings.HasPrefix(note, "if") || strings.HasPrefix(note, "when") || strings.HasPrefix(note, "with")
}

// special compares times, ratios, bases, text and sets of numbers by name.
func (d *decision) special(g, a *node) (Result, bool) {
	switch {
	case g.Is("pmod") && a.Is("pmod"):
		return d.congruent(g, a), true
	case g.Op == mathexpr.OpTime || a.Op == mathexpr.OpTime:
		return d.times(g, a), true
	case g.Op == mathexpr.OpRatio || a.Op == mathexpr.OpRatio:
		return d.ratios(g, a), true
	case g.Op == mathexpr.OpBase || a.Op == mathexpr.OpBase:
		return d.bases(g, a), true
	case g.Op == mathexpr.OpText || a.Op == mathexpr.OpText:
		return d.texts(g, a), true
	case g.Op == mathexpr.OpCases && a.Op == mathexpr.OpCases:
		return d.rows(g.Args, a.Args), true
	case isStructure(g) || isStructure(a):
		if g.Op == a.Op && len(g.Args) == len(a.Args) && g.Name == a.Name {
			return d.inOrder(g.Args, a.Args), true
		}
		return different("another kind of value"), true
	}
	return Result{}, false
}

// rows compares definitions by cases, whose order does not count: each row is a
// value and its condition.
func (d *decision) rows(gs, as []*node) Result {
	r := d.inOrder(gs, as)
	if r.ok() || len(gs) != len(as) || len(gs)%2 != 0 || len(gs) > 32 {
		return r
	}
	return d.match(len(gs)/2, func(i, j int) Result { return d.inOrder(gs[2*i:2*i+2], as[2*j:2*j+2]) })
}

// isStructure reports whether a node has no value as a number.
func isStructure(n *node) bool {
	switch n.Op {
	case mathexpr.OpList, mathexpr.OpSet, mathexpr.OpTuple, mathexpr.OpUnion, mathexpr.OpInter, mathexpr.OpMinus, mathexpr.OpMatrix,
		mathexpr.OpCases, mathexpr.OpBuilder, mathexpr.OpDomain, mathexpr.OpOr, mathexpr.OpAnd, mathexpr.OpRel:
		return true
	}
	return false
}

// inOrder compares values one by one.
func (d *decision) inOrder(gs, as []*node) Result {
	if len(gs) != len(as) {
		return different("another number of values")
	}
	weak := Result{}
	for i := range gs {
		if gs[i] == nil || as[i] == nil {
			if gs[i] != as[i] {
				return different("a part is missing")
			}
			continue
		}
		switch r := d.compare(gs[i], as[i]); r.Verdict {
		case Different:
			return different("a value that differs: " + r.Reason)
		case Equal:
		default:
			weak = r
		}
	}
	if weak.Reason != "" {
		return weak
	}
	return equalBy("equal value by value")
}

// unreduced says what arithmetic is left to do in an answer.
func unreduced(g, a *node) string {
	if a.Op == mathexpr.OpRel {
		a = a.Args[len(a.Args)-1]
	}
	if a.Op == mathexpr.OpNeg {
		a = a.Args[0]
	}
	switch a.Op {
	case mathexpr.OpDiv:
		x, y := a.Args[0], a.Args[1]
		if x.Op == mathexpr.OpNeg {
			x = x.Args[0]
		}
		if x.Op == mathexpr.OpNum && y.Op == mathexpr.OpNum {
			n, m := x.Num.Val, y.Num.Val
			if !n.IsInt() || !m.IsInt() || ratGCD(n, m, false).Num().Cmp(m.Denom()) != 0 || m.IsInt() && m.Num().IsInt64() && m.Num().Int64() == 1 {
				return "the fraction is not in lowest terms"
			}
		}
	case mathexpr.OpAdd, mathexpr.OpMul, mathexpr.OpPow:
		w := &work{1000}
		if _, ok := w.exact(a, nil); ok && !a.Mixed && !sameShape(g, a) {
			return "arithmetic is left to do"
		}
	}
	return ""
}

func sameShape(g, a *node) bool { return g.Op == a.Op && len(g.Args) == len(a.Args) }
