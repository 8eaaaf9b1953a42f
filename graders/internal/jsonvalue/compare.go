package jsonvalue

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/go-json-experiment/json/jsontext"
	"golang.org/x/text/unicode/norm"

	"github.com/rftgrader/rftgrader/grader"
)

// A Rule says how the value at a pointer is compared and what it is worth.
type Rule struct {
	Compare   string     `json:"compare" doc:"how the value is compared: exact, number, text, set, overlap or ignore; by default member by member"`
	Weight    *float64   `json:"weight" doc:"what the field is worth beside its neighbours, above 0; 1 by default"`
	Tolerance *Tolerance `json:"tolerance" doc:"how far a number may be from the reference; for compare: number"`
}

// Tolerance says how far a number may be from the reference; one is enough.
type Tolerance struct {
	Abs float64 `json:"abs" doc:"largest distance from the reference, 0 or more"`
	Rel float64 `json:"rel" doc:"largest distance as a share of the reference, from 0 to below 1"`
}

// The ways to compare.
const (
	Exact   = "exact"   // the same value: all or nothing
	Number  = "number"  // numbers within a tolerance, also in strings
	Text    = "text"    // strings without regard to case, width and white space
	Set     = "set"     // lists with the same elements in any order, however often
	Overlap = "overlap" // the share of the elements of both lists that are in both
	Ignore  = "ignore"  // no comparison
)

// Extra says what becomes of members that the reference has not.
type Extra string

const (
	ExtraCount  Extra = "count"  // each is a wrong field
	ExtraAllow  Extra = "allow"  // they are passed over
	ExtraForbid Extra = "forbid" // with one of them the score is 0
)

// A Comparer compares values by rules. It may be used by many goroutines.
type Comparer struct {
	root  *node
	extra Extra
}

// node holds the rules at one place, and below it.
type node struct {
	members  map[string]*node
	any      *node // *
	compare  string
	weight   float64
	abs, rel *big.Rat
}

// NewComparer reads rules by JSON pointer, in which * stands for every member
// or element. Faults are an [*grader.OptionError] below the pointer at.
func NewComparer(rules map[string]Rule, extra Extra, at string) (*Comparer, error) {
	c := &Comparer{root: newNode(), extra: extra}
	for _, pointer := range slices.Sorted(maps.Keys(rules)) {
		place := string(jsontext.Pointer(at).AppendToken(pointer))
		if !jsontext.Pointer(pointer).IsValid() {
			return nil, &grader.OptionError{Pointer: place, Name: true, Err: fmt.Errorf(`want a JSON pointer such as "/price" or "/items/*/price", got %q`, pointer)}
		}
		n := c.root
		for token := range jsontext.Pointer(pointer).Tokens() {
			n = n.grow(token)
		}
		if err := n.set(rules[pointer], place); err != nil {
			return nil, err
		}
	}
	return c, nil
}

func newNode() *node { return &node{members: map[string]*node{}, weight: 1} }

func (n *node) grow(token string) *node {
	if token == "*" {
		if n.any == nil {
			n.any = newNode()
		}
		return n.any
	}
	if n.members[token] == nil {
		n.members[token] = newNode()
	}
	return n.members[token]
}

// plain is a place without any rule, on it or below.
var plain = newNode()

// child returns the rules of a member; those of its name go before those of *.
func (n *node) child(token string) *node {
	if m := n.members[token]; m != nil {
		return m
	}
	if n.any != nil {
		return n.any
	}
	return plain
}

func (n *node) set(r Rule, at string) error {
	fail := func(option, format string, args ...any) error { return grader.Optionf(at+"/"+option, format, args...) }
	ways := []string{Exact, Number, Text, Set, Overlap, Ignore}
	if r.Compare != "" && !slices.Contains(ways, r.Compare) {
		return fail("compare", "want one of %s, got %q", strings.Join(ways, ", "), r.Compare)
	}
	n.compare = r.Compare
	if r.Weight != nil {
		const most = 1e9 // of which there may be any number without a sum that is too large
		if n.weight = *r.Weight; !(n.weight > 0 && n.weight <= most) {
			return fail("weight", "want more than 0 and at most %v (compare: ignore leaves a field out), got %v", most, n.weight)
		}
	}
	n.abs, n.rel = new(big.Rat), new(big.Rat)
	if t := r.Tolerance; t != nil {
		switch {
		case r.Compare != Number:
			return fail("tolerance", "means nothing without compare: number")
		case !(t.Abs >= 0):
			return fail("tolerance/abs", "want 0 or more, got %v", t.Abs)
		case !(t.Rel >= 0 && t.Rel < 1):
			return fail("tolerance/rel", "want 0 or more and less than 1, got %v", t.Rel)
		}
		// The decimal that was written, not the nearest binary fraction.
		n.abs.SetString(strconv.FormatFloat(t.Abs, 'g', -1, 64))
		n.rel.SetString(strconv.FormatFloat(t.Rel, 'g', -1, 64))
	}
	return nil
}

// A Comparison is what comparing came to.
type Comparison struct {
	// Score is the weighted share of what is right, 0 to 1.
	Score float64
	// Same reports whether nothing differs.
	Same bool
	// Forbidden reports whether a member stands there that must not; the score
	// is 0 then.
	Forbidden bool
	// Why names the first differences for people. It quotes both values.
	Why string
}

// Compare compares what was found with what is wanted.
func (c *Comparer) Compare(want, got any) Comparison {
	r := run{extra: c.extra}
	score := r.compare(c.root, "", want, got)
	switch {
	case r.differences == 0:
		return Comparison{Score: 1, Same: true, Why: "all fields are right"}
	case r.forbidden:
		score = 0
	}
	why := strings.Join(r.shown, "; ")
	if more := r.differences - len(r.shown); more > 0 {
		why += fmt.Sprintf("; and %d more", more)
	}
	return Comparison{Score: min(1, max(0, score)), Forbidden: r.forbidden, Why: why}
}

// Ignores reports whether nothing of a value would be compared. Where that is
// so, every value would be right.
func (c *Comparer) Ignores(want any) bool { return ignores(c.root, want) }

func ignores(n *node, want any) bool {
	if n.compare != "" {
		return n.compare == Ignore
	}
	switch want := want.(type) {
	case map[string]any:
		for name, value := range want {
			if !ignores(n.child(name), value) {
				return false
			}
		}
		return len(want) > 0
	case []any:
		for i, value := range want {
			if !ignores(n.child(strconv.Itoa(i)), value) {
				return false
			}
		}
		return len(want) > 0
	}
	return false
}

// run is one comparison on its way.
type run struct {
	extra       Extra
	forbidden   bool
	differences int
	shown       []string
}

func (r *run) differs(at jsontext.Pointer, format string, args ...any) float64 {
	const most = 4
	if r.differences++; len(r.shown) < most {
		place := string(at)
		if place == "" {
			place = "the value"
		}
		r.shown = append(r.shown, place+" "+fmt.Sprintf(format, args...))
	}
	return 0
}

func (r *run) compare(n *node, at jsontext.Pointer, want, got any) float64 {
	switch n.compare {
	case Ignore:
		return 1
	case Exact:
		if Equal(want, got) {
			return 1
		}
		return r.differs(at, "is %s, not %s", show(got), show(want))
	case Number:
		if n.near(want, got) || Equal(want, got) {
			return 1
		}
		return r.differs(at, "is %s, not near %s", show(got), show(want))
	case Text:
		w, ok1 := want.(string)
		g, ok2 := got.(string)
		if ok1 && ok2 && fold(w) == fold(g) || Equal(want, got) {
			return 1
		}
		return r.differs(at, "is %s, not %s", show(got), show(want))
	case Set, Overlap:
		return r.sets(n.compare, at, want, got)
	}
	switch w := want.(type) {
	case map[string]any:
		if g, ok := got.(map[string]any); ok {
			return r.objects(n, at, w, g)
		}
	case []any:
		if g, ok := got.([]any); ok {
			return r.lists(n, at, w, g)
		}
	default:
		if Equal(want, got) {
			return 1
		}
	}
	return r.differs(at, "is %s, not %s", show(got), show(want))
}

func (r *run) objects(n *node, at jsontext.Pointer, want, got map[string]any) float64 {
	sum, total := 0.0, 0.0
	for _, name := range slices.Sorted(maps.Keys(want)) {
		child := n.child(name)
		if child.compare == Ignore {
			continue
		}
		total += child.weight
		if value, ok := got[name]; ok {
			sum += child.weight * r.compare(child, at.AppendToken(name), want[name], value)
		} else {
			r.differs(at.AppendToken(name), "is missing")
		}
	}
	if r.extra != ExtraAllow {
		for _, name := range slices.Sorted(maps.Keys(got)) {
			child := n.child(name)
			if _, ok := want[name]; ok || child.compare == Ignore {
				continue
			}
			total += child.weight
			r.differs(at.AppendToken(name), "is not in the reference")
			r.forbidden = r.forbidden || r.extra == ExtraForbid
		}
	}
	if total == 0 {
		return 1
	}
	return sum / total
}

// lists compares element by element. Elements too many count as wrong ones
// always: a longer list is another answer.
func (r *run) lists(n *node, at jsontext.Pointer, want, got []any) float64 {
	total := max(len(want), len(got))
	if total == 0 {
		return 1
	}
	sum := 0.0
	for i := range min(len(want), len(got)) {
		token := strconv.Itoa(i)
		sum += r.compare(n.child(token), at.AppendToken(token), want[i], got[i])
	}
	if len(want) != len(got) {
		r.differs(at, "has %d elements, not %d", len(got), len(want))
	}
	return sum / float64(total)
}

func (r *run) sets(way string, at jsontext.Pointer, want, got any) float64 {
	w, ok1 := want.([]any)
	g, ok2 := got.([]any)
	switch {
	case !ok1 && Equal(want, got):
		return 1
	case !ok1 || !ok2:
		return r.differs(at, "is %s, not %s: a set is a list", show(got), show(want))
	}
	wanted, found := map[string]bool{}, map[string]bool{}
	for _, e := range w {
		wanted[text(e)] = true
	}
	both := 0
	for _, e := range g {
		if key := text(e); !found[key] {
			found[key] = true
			if wanted[key] {
				both++
			}
		}
	}
	all := len(wanted) + len(found) - both
	if both == all {
		return 1
	}
	r.differs(at, "has %d of %d elements, and %d others", both, len(wanted), len(found)-both)
	if way == Set {
		return 0
	}
	return float64(both) / float64(all)
}

// near reports whether both are numbers, or strings that hold one, within the
// tolerance.
func (n *node) near(want, got any) bool {
	w, ok1 := number(want)
	g, ok2 := number(got)
	if !ok1 || !ok2 {
		return false
	}
	distance := new(big.Rat).Sub(g, w)
	distance.Abs(distance)
	if distance.Cmp(n.abs) <= 0 {
		return true
	}
	return distance.Cmp(new(big.Rat).Mul(n.rel, w.Abs(w))) <= 0
}

func number(v any) (*big.Rat, bool) {
	n, ok := v.(json.Number)
	if s, isText := v.(string); isText {
		s = strings.TrimSpace(s)
		if value := jsontext.Value(s); len(s) > maxNumber || value.Kind() != '0' || !value.IsValid() || !readable(s) {
			return nil, false
		}
		n, ok = json.Number(s), true
	}
	if !ok {
		return nil, false
	}
	return new(big.Rat).SetString(string(n))
}

// Equal reports whether two values are the same: numbers by value, strings
// character by character, lists in order, objects in any.
func Equal(a, b any) bool {
	switch a := a.(type) {
	case map[string]any:
		b, ok := b.(map[string]any)
		if !ok || len(a) != len(b) {
			return false
		}
		for name, value := range a {
			if other, ok := b[name]; !ok || !Equal(value, other) {
				return false
			}
		}
		return true
	case []any:
		b, ok := b.([]any)
		return ok && slices.EqualFunc(a, b, Equal)
	case json.Number:
		b, ok := b.(json.Number)
		return ok && (a == b || canonical(a) == canonical(b))
	}
	switch b.(type) {
	case map[string]any, []any:
		return false
	}
	return a == b
}

// text writes a value so that equal values are written alike.
func text(v any) string {
	var b strings.Builder
	write(&b, v)
	return b.String()
}

func write(b *strings.Builder, v any) {
	switch v := v.(type) {
	case nil:
		b.WriteString("null")
	case bool:
		b.WriteString(strconv.FormatBool(v))
	case json.Number:
		b.WriteString(canonical(v))
	case string:
		b.WriteString(strconv.Quote(v))
	case []any:
		b.WriteByte('[')
		for _, e := range v {
			write(b, e)
			b.WriteByte(',')
		}
		b.WriteByte(']')
	case map[string]any:
		b.WriteByte('{')
		for _, name := range slices.Sorted(maps.Keys(v)) {
			b.WriteString(strconv.Quote(name))
			b.WriteByte(':')
			write(b, v[name])
			b.WriteByte(',')
		}
		b.WriteByte('}')
	}
}

// show names a value for people.
func show(v any) string {
	switch v := v.(type) {
	case string:
		return grader.Excerpt(v)
	case []any:
		return fmt.Sprintf("a list of %d", len(v))
	case map[string]any:
		return fmt.Sprintf("an object of %d", len(v))
	case json.Number:
		return string(v[:min(len(v), 40)])
	case nil:
		return "null"
	}
	return fmt.Sprint(v)
}

func visible(r rune) bool {
	return !unicode.IsSpace(r) && !unicode.In(r, unicode.C) && r != unicode.ReplacementChar
}

func fold(s string) string {
	return strings.Join(strings.Fields(strings.ToLower(norm.NFKC.String(s))), " ")
}
