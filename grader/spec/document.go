package spec

import (
	"errors"
	"slices"
	"strconv"
	"time"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/grader/internal/nearest"
)

const (
	maxConcurrency = 1000
	maxGraders     = 200
)

// A document is what a spec says, before anything is built.
type document struct {
	root    *node
	graders []entry
	score   *scoring // with score, or with one grader
	route   *routing // with route
	bounds  *bounds
	policy  grader.Policy

	concurrency int
	reserve     time.Duration
}

// An entry is one grader of a spec.
type entry struct {
	name    string
	at      place // of the name
	kind    *grader.Kind
	options *node // the grader's mapping, with its type; nil when it is none
}

// bounds is the range that scores must lie in.
type bounds struct{ lo, hi float64 }

// memberNames lists the members of a spec in the order of the manual.
func memberNames() []string {
	return []string{"version", "graders", "score", "route", "range", "on_error", "max_ungraded", "concurrency", "reserve"}
}

// A reader checks a tree against the form of a spec.
type reader struct {
	*report
	kinds []*grader.Kind
}

func (r *reader) document(root *node) *document {
	d := &document{root: root, policy: grader.DefaultPolicy()}
	if root.kind != kindMapping {
		if root.kind != kindBroken {
			r.fail(root.at, "", "want a mapping with version and graders, got %s", root.got())
		}
		return d
	}
	for _, m := range root.members {
		switch m.name {
		case "version":
			r.version(m)
		case "graders":
			r.graders(d, m)
		case "range":
			r.bounds(d, m)
		case "concurrency":
			d.concurrency = r.whole(m, maxConcurrency)
		case "reserve":
			d.reserve = r.duration(m)
		case "score", "route", "on_error", "max_ungraded":
			// Read below, since they need the graders and the range.
		default:
			r.unknown(m, "", "member", memberNames())
		}
	}
	if missing(root, "version") {
		r.fail(root.at, "version", "missing: write version: 1")
	}
	if missing(root, "graders") {
		r.fail(root.at, "graders", "missing: want a mapping of names to graders, such as correct: {type: ...}")
	}
	r.onError(d, root.member("on_error"))
	if m := root.member("max_ungraded"); m != nil {
		r.share(d, *m)
	}
	r.formulas(d)
	return d
}

// missing reports whether a member is not there, not even misspelt.
func missing(root *node, name string) bool {
	return !hasBrokenKey(root) && !slices.ContainsFunc(root.members, func(m member) bool {
		return m.name == name || !slices.Contains(memberNames(), m.name) && nearest.Word(m.name, memberNames()) == name
	})
}

// hasBrokenKey reports whether a member has a name that could not be read:
// what seems missing may be there then.
func hasBrokenKey(n *node) bool {
	return slices.ContainsFunc(n.members, func(m member) bool { return m.name == "" && m.value.kind == kindBroken })
}

func (r *reader) unknown(m member, path, what string, known []string) {
	if m.name == "" && m.value.kind == kindBroken {
		return
	}
	r.fail(m.at, under(path, m.name), "no such %s%s%s", what, nearest.Hint(m.name, known), among(known))
}

// is reports whether a value has the kind that is wanted there, and reports a
// fault if not.
func (r *reader) is(n *node, want kind, path, wanted string) bool {
	switch n.kind {
	case want:
		return true
	case kindBroken:
	case kindNull:
		r.fail(n.at, path, "has no value: want %s", wanted)
	case kindText:
		remedy := ""
		if k, _, _ := classify(n.text); k == want {
			remedy = ": write it without quotes"
		}
		r.fail(n.at, path, "want %s, got %s%s", wanted, n.got(), remedy)
	default:
		r.fail(n.at, path, "want %s, got %s", wanted, n.got())
	}
	return false
}

func (r *reader) version(m member) {
	switch n := m.value; {
	case !r.is(n, kindNumber, "version", "the number 1"):
	case n.text != "1":
		r.fail(n.at, "version", "this program reads version 1, got %s", n.text)
	}
}

func (r *reader) graders(d *document, m member) {
	const form = "a mapping of names to graders, such as correct: {type: ...}"
	if !r.is(m.value, kindMapping, "graders", form) {
		return
	}
	if len(m.value.members) == 0 {
		r.fail(m.value.at, "graders", "want at least one grader, such as correct: {type: ...}")
	}
	if len(m.value.members) > maxGraders {
		r.fail(m.value.at, "graders", "want at most %d graders, got %d", maxGraders, len(m.value.members))
		return
	}
	for _, g := range m.value.members {
		path := under("graders", g.name)
		switch {
		case g.name == "" && g.value.kind == kindBroken:
			continue
		case !isName(g.name):
			r.fail(g.at, path, "want a name of letters, digits and underscores that does not begin with a digit, since formulas use it")
			continue
		case isFunction(g.name):
			r.fail(g.at, path, "%s is a function of formulas: give the grader another name", g.name)
			continue
		}
		e := entry{name: g.name, at: g.at}
		if r.is(g.value, kindMapping, path, "a mapping with the grader's type, such as {type: ...}") {
			e.options = g.value
			e.kind = r.kind(g, path)
		}
		d.graders = append(d.graders, e)
	}
}

// kind finds the kind of a grader, and reports a fault if there is none.
func (r *reader) kind(g member, path string) *grader.Kind {
	known := make([]string, len(r.kinds))
	for i, k := range r.kinds {
		known[i] = k.Name()
	}
	t := g.value.member("type")
	if t == nil {
		if !hasBrokenKey(g.value) {
			r.fail(g.at, path, "has no type: want type: and the name of a kind%s", among(known))
		}
		return nil
	}
	path = under(path, "type")
	if !r.is(t.value, kindText, path, "the name of a kind") {
		return nil
	}
	if i := slices.Index(known, t.value.text); i >= 0 {
		return r.kinds[i]
	}
	r.fail(t.value.at, path, "no kind %s%s%s", clip(t.value.text), nearest.Hint(t.value.text, known), among(known))
	return nil
}

func (r *reader) bounds(d *document, m member) {
	const form = "[least, greatest], such as [0, 1]"
	if !r.is(m.value, kindList, "range", form) {
		return
	}
	if len(m.value.items) != 2 {
		r.fail(m.value.at, "range", "want %s, got a list of %d", form, len(m.value.items))
		return
	}
	lo, ok1 := r.float(m.value.items[0], atIndex("range", 0))
	hi, ok2 := r.float(m.value.items[1], atIndex("range", 1))
	switch {
	case !ok1 || !ok2:
	case lo >= hi:
		r.fail(m.value.at, "range", "want the least before the greatest, got %v and %v", lo, hi)
	default:
		d.bounds = &bounds{lo, hi}
	}
}

// float reads a finite number.
func (r *reader) float(n *node, path string) (float64, bool) {
	if !r.is(n, kindNumber, path, "a number") {
		return 0, false
	}
	f, err := strconv.ParseFloat(n.text, 64)
	if err != nil {
		r.fail(n.at, path, "want a finite number, got %s", n.text)
		return 0, false
	}
	return f, true
}

// whole reads a whole number from 1 to most, and returns 0 for anything else.
func (r *reader) whole(m member, most int) int {
	if !r.is(m.value, kindNumber, m.name, "a whole number") {
		return 0
	}
	n, err := strconv.Atoi(m.value.text)
	if err != nil || n < 1 || n > most {
		r.fail(m.value.at, m.name, "want a whole number from 1 to %d, got %s", most, m.value.text)
		return 0
	}
	return n
}

// maxReserve is the longest that a Lambda function may run.
const maxReserve = 15 * time.Minute

func (r *reader) duration(m member) time.Duration {
	const form = `a duration with its unit, such as "2s" or "500ms"`
	if !r.is(m.value, kindText, m.name, form) {
		return 0
	}
	d, err := time.ParseDuration(m.value.text)
	switch {
	case err != nil:
		r.fail(m.value.at, m.name, "want %s, got %s", form, m.value.got())
		return 0
	case d <= 0 || d > maxReserve:
		r.fail(m.value.at, m.name, "want more than nothing and at most %.0f minutes, got %s", maxReserve.Minutes(), m.value.got())
		return 0
	}
	return d
}

func (r *reader) onError(d *document, m *member) {
	if m == nil || !r.is(m.value, kindMapping, m.name, "a mapping of faults to actions, such as {transient: fail}") {
		return
	}
	var known []string
	for _, f := range grader.Faults() {
		known = append(known, string(f))
	}
	for _, a := range m.value.members {
		if !slices.Contains(known, a.name) {
			r.unknown(a, m.name, "fault", known)
			continue
		}
		if action, ok := r.action(d, a.value, under(m.name, a.name)); ok {
			d.policy.OnError[grader.Fault(a.name)] = action
		}
	}
}

func (r *reader) action(d *document, n *node, path string) (grader.Action, bool) {
	const form = "fail, neutral or a number"
	if n.kind != kindNumber {
		var a grader.Action
		if !r.is(n, kindText, path, form) {
			return a, false
		}
		if err := a.UnmarshalJSON(n.appendJSON(nil)); err != nil {
			r.fail(n.at, path, "want %s, got %s%s", form, n.got(), nearest.Hint(n.text, []string{"fail", "neutral"}))
			return a, false
		}
		return a, true
	}
	f, ok := r.float(n, path)
	if ok && d.bounds != nil && (f < d.bounds.lo || f > d.bounds.hi) {
		r.fail(n.at, path, "want a number in the range %v to %v, got %s", d.bounds.lo, d.bounds.hi, n.text)
		return grader.Action{}, false
	}
	return grader.Impute(f), ok
}

func (r *reader) share(d *document, m member) {
	f, ok := r.float(m.value, m.name)
	switch {
	case !ok:
	case f < 0 || f > 1:
		r.fail(m.value.at, m.name, "want a share of the batch from 0 to 1, got %s", m.value.text)
	default:
		d.policy.MaxUngraded = f
	}
}

// isFunction reports whether a name means a function in formulas.
func isFunction(name string) bool {
	_, err := grader.ParseFormula(name)
	return errors.As(err, new(*grader.FormulaError))
}
