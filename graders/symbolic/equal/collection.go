package equal

import (
	"slices"
	"strings"

	"github.com/rftgrader/rftgrader/graders/symbolic/equal/mathexpr"
)

// collections compares lists, sets, tuples, and values with several signs.
func (d *decision) collections(g, a *node) (Result, bool) {
	if !collection(g) && !collection(a) {
		return Result{}, false
	}
	if g.Op == mathexpr.OpMatrix || a.Op == mathexpr.OpMatrix {
		return Result{}, false
	}
	if choiceLetters(g) != "" && a.Op == mathexpr.OpList || choiceLetters(a) != "" && g.Op == mathexpr.OpList {
		if r, ok := letters(g, a); ok {
			return r, true
		}
	}
	if m, ok := d.vectorLike(g, a); ok {
		return m, true
	}
	if hasPM(g) || hasPM(a) {
		g, a = spreadTuples(g), spreadTuples(a)
	}
	if g.Op == mathexpr.OpTuple && a.Op == mathexpr.OpTuple {
		return d.tuples(g, a), true
	}
	if x := textOf(g); yesNo(x) && a.Op == mathexpr.OpList && a.Args[0].Op == mathexpr.OpText && letterKey(a.Args[0].Name) == x && !slices.ContainsFunc(a.Args[1:], func(n *node) bool {
		return slices.ContainsFunc(strings.Fields(letterKey(textOf(n))), yesNo)
	}) {
		return equalBy("the same word, and a remark"), true
	}
	if g.Op == mathexpr.OpList && a.Op == mathexpr.OpList && g.Name != a.Name && g.Name != "" && a.Name != "" {
		return different("other signs of logic"), true
	}
	gs, as := items(g), items(a)
	if len(gs) > maxItems || len(as) > maxItems {
		return undecided("more values than are compared"), true
	}
	switch {
	case g.Op == mathexpr.OpTuple && a.Op == mathexpr.OpSet || g.Op == mathexpr.OpSet && a.Op == mathexpr.OpTuple:
		if d.opt.Order == OrderIgnore {
			break
		}
		return different("a set and a tuple"), true
	case g.Op == mathexpr.OpTuple || a.Op == mathexpr.OpTuple:
		if len(gs) == 1 && len(as) == 1 {
			break
		}
		if len(gs) == 1 || len(as) == 1 {
			return different("several values in order and a single one"), true
		}
		if g.Op == mathexpr.OpTuple && len(g.Args) == 2 && g.Open == '[' {
			return different("an interval is wanted"), true
		}
		if d.opt.Order != OrderIgnore {
			return d.inOrder(gs, as), true
		}
	case d.opt.Order == OrderKeep && g.Op == mathexpr.OpList && a.Op == mathexpr.OpList:
		return d.inOrder(gs, as), true
	}
	if distinctNames(gs) && !named(as) && len(gs) == len(as) && len(gs) > 1 {
		return d.inOrder(gs, as), true
	}
	return d.unordered(gs, as, g.Op == mathexpr.OpSet || a.Op == mathexpr.OpSet), true
}

// collection reports whether n holds several values.
func collection(n *node) bool {
	switch n.Op {
	case mathexpr.OpList, mathexpr.OpSet, mathexpr.OpTuple, mathexpr.OpAnd:
		return true
	}
	return hasPM(n)
}

func hasPM(n *node) bool {
	if n.Op == mathexpr.OpApply {
		return false
	}
	return n.Any(func(m *node) bool { return m.Op == mathexpr.OpPM })
}

// items returns the values of a collection, those with several signs as two.
func items(n *node) []*node {
	switch n.Op {
	case mathexpr.OpList, mathexpr.OpSet, mathexpr.OpTuple, mathexpr.OpAnd:
		var out []*node
		for _, a := range n.Args {
			switch {
			case n.Op != mathexpr.OpTuple && (a.Op == mathexpr.OpList || a.Op == mathexpr.OpSet && n.Op == mathexpr.OpList):
				out = append(out, items(a)...)
			case isEquation(a) && len(a.Args) == 2 && n.Op != mathexpr.OpTuple && a.Args[1].Op == mathexpr.OpSet:
				out = append(out, items(a.Args[1])...)
			default:
				out = append(out, expandPM(a)...)
			}
			if len(out) > maxItems {
				return out
			}
		}
		return out
	}
	return expandPM(n)
}

// expandPM returns a value with plus-or-minus signs as the two that it stands
// for. All signs of a value are the upper ones, or all are the lower ones.
func expandPM(n *node) []*node {
	if !hasPM(n) {
		return []*node{n}
	}
	return []*node{choose(n, false), choose(n, true)}
}

func choose(n *node, lower bool) *node {
	if n == nil {
		return nil
	}
	if n.Op == mathexpr.OpPM {
		minus := lower != (n.Name == "-")
		last := choose(n.Args[len(n.Args)-1], lower)
		if minus {
			last = mathexpr.Of(mathexpr.OpNeg, last)
		}
		if len(n.Args) == 1 {
			return last
		}
		return mathexpr.Of(mathexpr.OpAdd, choose(n.Args[0], lower), last)
	}
	if len(n.Args) == 0 {
		return n
	}
	c := *n
	c.Args = make([]*node, len(n.Args))
	for i, a := range n.Args {
		c.Args[i] = choose(a, lower)
	}
	return &c
}

// spreadTuples writes out tuples with plus-or-minus signs: (0, ±5) is two points,
// and (±1, ±2) is four. With a minus-or-plus sign all are the upper ones, or the
// lower ones.
func spreadTuples(n *node) *node {
	signed := func(m *node) bool { return m.Op == mathexpr.OpTuple && hasPM(m) }
	switch {
	case signed(n):
		tuples := []*node{n}
		if n.Any(func(m *node) bool { return m.Op == mathexpr.OpPM && m.Name == "-" }) {
			return mathexpr.Of(mathexpr.OpList, choose(n, false), choose(n, true))
		}
		for i := range n.Args {
			if !hasPM(n.Args[i]) || len(tuples) > maxItems/2 {
				continue
			}
			var next []*node
			for _, t := range tuples {
				for _, x := range expandPM(t.Args[i]) {
					c := *t
					c.Args = slices.Clone(t.Args)
					c.Args[i] = x
					next = append(next, &c)
				}
			}
			tuples = next
		}
		return mathexpr.Of(mathexpr.OpList, tuples...)
	case (n.Op == mathexpr.OpList || n.Op == mathexpr.OpSet) && slices.ContainsFunc(n.Args, signed):
		c := *n
		c.Args = nil
		for _, m := range n.Args {
			if signed(m) {
				c.Args = append(c.Args, spreadTuples(m).Args...)
			} else {
				c.Args = append(c.Args, m)
			}
		}
		return &c
	}
	return n
}

// named reports whether each value is given to a name, or has a label.
func named(ns []*node) bool {
	return !slices.ContainsFunc(ns, func(n *node) bool { return n.Label == "" && !(isEquation(n) && name(n.Args[0])) })
}

// distinctNames reports whether each value is given to a name of its own.
func distinctNames(ns []*node) bool {
	seen := map[string]bool{}
	for _, n := range ns {
		key := n.Label
		if key == "" {
			if !isEquation(n) || !name(n.Args[0]) {
				return false
			}
			key = n.Args[0].String()
		}
		if seen[key] {
			return false
		}
		seen[key] = true
	}
	return true
}

// tuples compares tuples, vectors and intervals, which look alike.
func (d *decision) tuples(g, a *node) Result {
	if len(g.Args) != len(a.Args) {
		return different("a tuple of another length")
	}
	if g.Open != a.Open || g.Close != a.Close {
		half := func(n *node) bool { return (n.Open == '[') != (n.Close == ']') }
		if len(g.Args) == 2 || half(g) || half(a) {
			return different("other brackets")
		}
	}
	if len(g.Args) > maxItems {
		if same(g, a) {
			return equalBy("the same values")
		}
		return undecided("more values than are compared")
	}
	if d.opt.Order == OrderIgnore {
		return d.unordered(g.Args, a.Args, false)
	}
	return d.inOrder(g.Args, a.Args)
}

// unordered compares values whose order does not count. In a set a value
// counts once.
func (d *decision) unordered(gs, as []*node, set bool) Result {
	if set || len(gs) != len(as) {
		gs, as = d.distinct(gs), d.distinct(as)
	}
	if len(gs) != len(as) {
		return different("another number of values")
	}
	return d.match(len(gs), func(i, j int) Result { return d.compare(gs[i], as[j]) })
}

// distinct drops values that occur before.
func (d *decision) distinct(ns []*node) []*node {
	var out []*node
	for _, n := range ns {
		if !slices.ContainsFunc(out, func(m *node) bool { return same(m, n) || d.quick(m, n) }) {
			out = append(out, n)
		}
	}
	return out
}

func (d *decision) quick(a, b *node) bool {
	x, ok := d.exact(a, nil)
	if !ok {
		return false
	}
	y, ok := d.exact(b, nil)
	return ok && x.Cmp(y) == 0
}

// match finds partners for all values on both sides, by augmenting paths.
func (d *decision) match(n int, equal func(i, j int) Result) Result {
	known := make([]Result, n*n)
	asked := make([]bool, n*n)
	ask := func(i, j int) bool {
		if k := i*n + j; !asked[k] {
			asked[k] = true
			known[k] = equal(i, j)
		}
		return known[i*n+j].ok()
	}
	partner := make([]int, n)
	for j := range partner {
		partner[j] = -1
	}
	for i := range n {
		seen := make([]bool, n)
		var find func(i int) bool
		find = func(i int) bool {
			for k := range n {
				j := (i + k) % n
				if seen[j] || !ask(i, j) {
					continue
				}
				seen[j] = true
				if partner[j] < 0 || find(partner[j]) {
					partner[j] = i
					return true
				}
			}
			return false
		}
		if !find(i) {
			for j := range n {
				if asked[i*n+j] && known[i*n+j].Verdict == Undecided {
					return undecided("a value that could not be decided: " + known[i*n+j].Reason)
				}
			}
			if d.steps < 0 {
				return undecided("too much work to decide")
			}
			return different("a value without its like on the other side")
		}
	}
	return equalBy("the same values")
}
