package wire

import (
	"bytes"
	"fmt"
	"math"
	"slices"
	"strconv"

	"github.com/rftgrader/rftgrader/grader"
)

// A Mode says when two values are equal.
type Mode string

const (
	// JSON: equal as JSON. Tuples are lists; 2 is 2.0 and -0.0 is 0; integers of
	// any size are exact; true is not 1; sets are sets, in any order. The keys of
	// maps count as the text that JSON has for them. Undefined is null, and a
	// member that is undefined is not there.
	JSON Mode = "exact"
	// Near: as JSON, but numbers a (got) and b (wanted) are equal where |a-b| <=
	// Tol*max(1,|b|); infinities only where they are the same.
	Near Mode = "float"
	// Strict: kinds count as well. A tuple is no list, 2 is not 2.0, a frozen set
	// is no set, undefined is not null.
	Strict Mode = "strict"
	// Unordered: as JSON, but the members of the outermost list may come in any
	// order, each as often as it is wanted, and a set is the list of its members.
	// With Deep the same holds for every list. With Tol the numbers are near.
	Unordered Mode = "unordered"
	// Python: equal as == of Python has it for its own types. True is 1, a tuple
	// is no list, NaN is nothing.
	Python Mode = "python"
	// Close: numbers as math.isclose of Python has it, |a-b| <= max(Rel*max(|a|,
	// |b|), Tol); nothing but numbers, True and False among them.
	Close Mode = "close"
)

func (m Mode) python() bool { return m == Python || m == Close }

// A Comparison says how values are compared. NaN equals NaN only where it is
// wanted, and never in Python. What is no plain data equals nothing.
type Comparison struct {
	Mode Mode
	Tol  float64 // 0 or more
	Rel  float64 // of Close
	Deep bool    // of Unordered
}

// Compare reports whether the value that a program gave is the one that is
// wanted, and if not, why, for people. The time is n log n in the values' size.
func (c Comparison) Compare(got, want Value) (equal bool, why string) {
	d := c.compare(got, want)
	if d == nil {
		return true, ""
	}
	if len(d.path) == 0 {
		return false, d.why
	}
	slices.Reverse(d.path)
	const most = 8
	path := ""
	for i, step := range d.path {
		if i == most {
			path += "..."
			break
		}
		path += step
	}
	return false, "at " + path + ": " + d.why
}

// difference is where and why two values differ; path is innermost first.
type difference struct {
	path []string
	why  string
}

func (d *difference) in(step string) *difference {
	d.path = append(d.path, step)
	return d
}

func differ(got, want Value) *difference {
	if got.Kind == Unwritten {
		return &difference{why: "got a value that could not be written (" + grader.Excerpt(got.Text) + ")"}
	}
	if got.Kind == Object {
		return &difference{why: "got an object of class " + grader.Excerpt(got.Text) + ", which is no plain data"}
	}
	return &difference{why: "got " + show(got) + ", want " + show(want)}
}

// show quotes the beginning of a value, with its kind where that may be what
// differs.
func show(v Value) string {
	const most = 4096
	switch v.Kind {
	case Text:
		return "text " + grader.Excerpt(v.Text)
	case Int:
		if len(v.Text) <= 40 {
			return v.Text
		}
		return v.Text[:40] + "..."
	case Null, Bool, Float:
		return v.String()
	case Undefined:
		return "undefined"
	case List, Tuple, Set, FrozenSet, Map:
		n := len(v.Items)
		if v.Kind == Map {
			n /= 2
		}
		if n > most/2 {
			return v.Kind.String() + " of " + strconv.Itoa(n)
		}
	}
	return v.Kind.String() + " " + grader.Excerpt(v.String())
}

func (c Comparison) compare(got, want Value) *difference {
	switch c.Mode {
	case Unordered:
		if members(got) && members(want) {
			return c.multiset(got, want)
		}
	case Close:
		if !c.close(got, want) {
			return differ(got, want)
		}
		return nil
	}
	return c.same(got, want)
}

func members(v Value) bool { return v.sequence() || v.set() }

// same compares in order.
func (c Comparison) same(got, want Value) *difference {
	switch {
	case got.Kind == Object || got.Kind == Unwritten:
		return differ(got, want)
	case got.sequence() && want.sequence() && (got.Kind == want.Kind || !c.typed()):
		return c.sequence(got, want)
	case got.Kind == Map && want.Kind == Map:
		return c.members(got, want)
	case got.set() && want.set() && (got.Kind == want.Kind || c.Mode != Strict):
		return c.set(got, want)
	case got.number() && want.number() && (got.Kind == want.Kind || c.Mode != Strict):
		if c.sameNumber(got, want) {
			return nil
		}
	default:
		if a, ok := got.Key(c.Mode); ok {
			if b, ok := want.Key(c.Mode); ok && a == b {
				return nil
			}
		}
	}
	return differ(got, want)
}

// typed reports whether lists and tuples differ.
func (c Comparison) typed() bool { return c.Mode == Strict || c.Mode.python() }

func (c Comparison) sameNumber(got, want Value) bool {
	switch {
	case c.Mode.python() && (nan(got) || nan(want)):
		return false
	case c.Mode == Strict && got.Kind == Exact && got.Name != want.Name:
		return false
	}
	return sameNumber(got, want) || (c.Mode == Near || c.Mode == Unordered && c.Tol > 0) && c.near(got, want)
}

func (c Comparison) near(got, want Value) bool {
	a, aok := got.float()
	b, bok := want.float()
	if !aok || !bok || math.IsInf(a, 0) || math.IsInf(b, 0) {
		return false
	}
	return math.Abs(a-b) <= c.Tol*max(1, math.Abs(b)) // false for NaN
}

func (c Comparison) close(got, want Value) bool {
	number := func(v Value) (float64, bool) {
		if v.Kind == Bool {
			return v.Float, true
		}
		return v.float()
	}
	a, aok := number(got)
	b, bok := number(want)
	switch {
	case !aok || !bok:
		return false
	case a == b:
		return c.Tol >= 0
	case math.IsInf(a, 0) || math.IsInf(b, 0):
		return false
	}
	return math.Abs(a-b) <= max(c.Rel*max(math.Abs(a), math.Abs(b)), c.Tol)
}

func (c Comparison) sequence(got, want Value) *difference {
	for i := range min(len(got.Items), len(want.Items)) {
		if d := c.same(got.Items[i], want.Items[i]); d != nil {
			return d.in("[" + strconv.Itoa(i) + "]")
		}
	}
	if g, w := len(got.Items), len(want.Items); g != w {
		return &difference{why: fmt.Sprintf("got %d members, want %d", g, w)}
	}
	return nil
}

func (c Comparison) members(got, want Value) *difference {
	k := keyer{mode: c.Mode}
	key := func(v Value) (string, bool) {
		k.b = k.b[:0]
		ok := k.mapKey(v)
		return string(k.b), ok
	}
	wanted := make(map[string]Value, len(want.Items)/2)
	for i := 0; i+1 < len(want.Items); i += 2 {
		if s, ok := key(want.Items[i]); ok && !k.dropped(want.Items[i+1]) {
			wanted[s] = want.Items[i+1]
		}
	}
	size := len(wanted)
	for i := 0; i+1 < len(got.Items); i += 2 {
		v := got.Items[i+1]
		s, ok := key(got.Items[i])
		w, there := wanted[s]
		switch {
		case k.dropped(v) && !(there && w.Kind == Null):
			continue
		case !ok || !there:
			return &difference{why: "got the key " + show(got.Items[i]) + ", which is not wanted or comes twice"}
		}
		delete(wanted, s)
		if d := c.same(v, w); d != nil {
			return d.in("[" + show(got.Items[i]) + "]")
		}
	}
	if len(wanted) > 0 {
		return &difference{why: fmt.Sprintf("%d of %d keys are missing", len(wanted), size)}
	}
	return nil
}

// set compares the members of sets as multisets: a set that holds a member
// twice is none that a program made.
func (c Comparison) set(got, want Value) *difference {
	inner := c
	inner.Deep = false
	return inner.multiset(got, want)
}

// multiset compares members in any order.
func (c Comparison) multiset(got, want Value) *difference {
	if g, w := len(got.Items), len(want.Items); g != w {
		return &difference{why: fmt.Sprintf("got %d members, want %d", g, w)}
	}
	if c.Tol > 0 && (c.Mode == Near || c.Mode == Unordered) {
		return c.pairwise(got.Items, want.Items)
	}
	k := keyer{mode: c.Mode, flat: c.Mode == Unordered && c.Deep}
	a, aok := k.each(got.Items)
	b, bok := k.each(want.Items)
	if !aok || !bok {
		return &difference{why: "got a member that is no plain data"}
	}
	slices.SortFunc(a, bytes.Compare)
	slices.SortFunc(b, bytes.Compare)
	missing := 0
	for i, j := 0, 0; j < len(b); {
		switch {
		case i == len(a) || bytes.Compare(a[i], b[j]) > 0:
			missing++
			j++
		case bytes.Equal(a[i], b[j]):
			i++
			j++
		default:
			i++
		}
	}
	if missing > 0 {
		return &difference{why: fmt.Sprintf("%d of %d members are missing", missing, len(b))}
	}
	return nil
}

// pairwise compares the members in the order of their values, within the
// tolerance. Numbers nearer to each other than the tolerance may stand in
// another order inside of longer members; these then count as different.
func (c Comparison) pairwise(got, want []Value) *difference {
	got, want = c.sorted(got), c.sorted(want)
	for i := range got {
		if d := c.same(got[i], want[i]); d != nil {
			return d.in("[" + strconv.Itoa(i) + " in order of value]")
		}
	}
	return nil
}

// sorted returns the members in order of value and, with Deep, with all that is
// in them in order as well.
func (c Comparison) sorted(items []Value) []Value {
	items = slices.Clone(items)
	if c.Mode == Unordered && c.Deep {
		for i, item := range items {
			items[i] = c.flat(item)
		}
	}
	slices.SortStableFunc(items, order)
	return items
}

func (c Comparison) flat(v Value) Value {
	switch {
	case members(v):
		return Value{Kind: List, Items: c.sorted(v.Items)}
	case v.Kind == Map:
		v.Items = slices.Clone(v.Items)
		for i := 1; i < len(v.Items); i += 2 {
			v.Items[i] = c.flat(v.Items[i])
		}
	}
	return v
}

// order is an order of all values: numbers by value before the rest, lists by
// their members.
func order(a, b Value) int {
	x, xok := a.float()
	y, yok := b.float()
	switch {
	case xok != yok:
		if xok {
			return -1
		}
		return 1
	case xok:
		switch {
		case x < y:
			return -1
		case x > y:
			return 1
		}
		return 0
	case members(a) && members(b):
		return slices.CompareFunc(a.Items, b.Items, order)
	}
	ka, _ := a.Key(JSON)
	kb, _ := b.Key(JSON)
	return bytes.Compare([]byte(ka), []byte(kb))
}
