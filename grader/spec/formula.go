package spec

import (
	"errors"
	"iter"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/grader/internal/nearest"
)

// A scoring is a formula that gives the score of a rollout.
type scoring struct {
	formula *grader.Formula
	names   []string // in the order of the formula
}

// canonical returns the formula without white space, which is never needed
// between two tokens of a formula.
func (s *scoring) canonical() string {
	return strings.Join(strings.Fields(s.formula.String()), "")
}

// A routing chooses the scoring of a rollout.
type routing struct {
	by     string
	cases  map[string]*scoring
	values []string // in the order of the document
}

// formulas reads score or route, and refuses graders that none of them uses.
func (r *reader) formulas(d *document) {
	score, route := d.root.member("score"), d.root.member("route")
	var unread bool // a formula could not be read, so what it uses is not known
	switch {
	case score != nil && route != nil:
		later := *score
		if score.at.less(route.at) {
			later = *route
		}
		r.fail(later.at, later.name, "score and route exclude each other: remove one of them")
		return
	case score != nil:
		d.score = r.scoring(d, score.value, "score")
		unread = d.score == nil
	case route != nil:
		d.route = r.routing(d, *route)
		unread = d.route == nil || slices.Contains(slices.Collect(d.route.scorings()), nil)
	case len(d.graders) == 1:
		f, err := grader.ParseFormula(d.graders[0].name)
		if err == nil {
			d.score = &scoring{formula: f, names: f.Names()}
		}
		return
	case len(d.graders) > 1:
		g := d.root.member("graders")
		var names []string
		for _, e := range d.graders {
			names = append(names, e.name)
		}
		const most = 3
		if len(names) > most {
			names = append(names[:most], "...")
		}
		r.fail(g.at, "score", "missing: several graders need a formula that makes one score of them, such as score: mean(%s), or a route", strings.Join(names, ", "))
		return
	}
	if unread {
		return
	}
	used := map[string]bool{}
	for s := range d.scorings() {
		for _, n := range s.names {
			used[n] = true
		}
	}
	for _, e := range d.graders {
		if !used[e.name] {
			r.fail(e.at, under("graders", e.name), "no formula uses this grader, so it would never run: use it or remove it")
		}
	}
}

// scorings yields every formula of the document.
func (d *document) scorings() iter.Seq[*scoring] {
	return func(yield func(*scoring) bool) {
		if d.score != nil && !yield(d.score) {
			return
		}
		if d.route != nil {
			d.route.scorings()(yield)
		}
	}
}

// scorings yields the formulas in the order of the document; nil stands for
// one that could not be read.
func (rt *routing) scorings() iter.Seq[*scoring] {
	return func(yield func(*scoring) bool) {
		for _, v := range rt.values {
			if !yield(rt.cases[v]) {
				return
			}
		}
	}
}

// scoring reads a formula. It returns nil when the formula is at fault.
func (r *reader) scoring(d *document, n *node, path string) *scoring {
	if !r.is(n, kindText, path, "a formula over the graders' names") {
		return nil
	}
	f, err := grader.ParseFormula(n.text)
	if err != nil {
		offset := 0
		if fe := new(grader.FormulaError); errors.As(err, &fe) {
			offset = fe.Offset
		}
		r.fail(r.src.inside(n, offset), path, "%w", err)
		return nil
	}
	s := &scoring{formula: f, names: f.Names()}
	if len(s.names) == 0 {
		r.fail(n.at, path, "the formula names no grader: a constant is no reward")
		return nil
	}
	var known []string
	for _, e := range d.graders {
		known = append(known, e.name)
	}
	ok := true
	for _, name := range s.names {
		if r.full() {
			return nil
		}
		if !slices.Contains(known, name) {
			ok = false
			r.fail(r.src.inside(n, nameOffset(n.text, name)), path, "no grader %s%s%s", clip(name), nearest.Hint(name, known), among(known))
		}
	}
	if !ok {
		return nil
	}
	r.corners(d, s, n, path)
	return s
}

// nameOffset returns where a name first stands in a formula.
func nameOffset(formula, name string) int {
	isDigit := func(c byte) bool { return c >= '0' && c <= '9' }
	isLetter := func(c byte) bool { return c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }
	for i := 0; i < len(formula); {
		start := i
		switch c := formula[i]; {
		case isLetter(c):
			for i < len(formula) && (isLetter(formula[i]) || isDigit(formula[i])) {
				i++
			}
			if formula[start:i] == name {
				return start
			}
		case isDigit(c) || c == '.':
			for i < len(formula) && (isDigit(formula[i]) || formula[i] == '.') {
				i++
			}
			rest := strings.TrimLeft(strings.TrimLeft(formula[i:], "eE"), "+-")
			if exp := formula[i : len(formula)-len(rest)]; exp != "" && exp[0] != '+' && exp[0] != '-' && rest != "" && isDigit(rest[0]) {
				i += len(exp)
			}
		default:
			i++
		}
	}
	return 0
}

func (r *reader) routing(d *document, m member) *routing {
	const form = "a mapping with by: a JSON pointer, and a formula for each value"
	if !r.is(m.value, kindMapping, "route", form) {
		return nil
	}
	rt := &routing{cases: map[string]*scoring{}}
	ok := true
	for _, c := range m.value.members {
		path := under("route", c.name)
		switch {
		case c.name == "by":
			if rt.by = r.pointer(c.value, path); rt.by == "" {
				ok = false
			}
		case c.name == "" && c.value.kind == kindBroken:
			ok = false
		default:
			rt.cases[c.name] = r.scoring(d, c.value, path)
			rt.values = append(rt.values, c.name)
		}
	}
	if m.value.member("by") == nil && !hasBrokenKey(m.value) {
		r.fail(m.at, "route", "has no by: want a JSON pointer into the rollout, such as by: /metadata/task")
		ok = false
	}
	if len(rt.values) == 0 && !hasBrokenKey(m.value) {
		r.fail(m.at, "route", "has no values: want a formula for each value that by leads to")
		ok = false
	}
	if !ok {
		return nil
	}
	return rt
}

// pointer reads a JSON pointer into the rollout, and returns "" when it is none.
func (r *reader) pointer(n *node, path string) string {
	const form = "a JSON pointer into the rollout, such as /metadata/task"
	if !r.is(n, kindText, path, form) {
		return ""
	}
	_, err := new(grader.Rollout).At(n.text)
	if err != nil && !errors.As(err, new(*grader.DataError)) || n.text == "/metadata" {
		r.fail(n.at, path, "want %s, got %s", form, n.got())
		return ""
	}
	return n.text
}

// inside returns the place of a byte offset in the text of a scalar. It reads
// the source along with the text and passes over white space on both sides,
// since folding changes that and formulas do not mind it. A quote, which single
// quotes double, is in no formula. Where the two do not fit, it returns the
// beginning of the scalar.
func (s *source) inside(n *node, offset int) place {
	offset = min(offset, len(n.text))
	at, ok := s.follow(n, offset)
	if !ok {
		return n.at
	}
	return s.place(at)
}

func (s *source) follow(n *node, offset int) (at int, ok bool) {
	at = s.offset(n.at)
	switch n.style {
	case singleQuoted, doubleQuoted:
		at++
	case block:
		if n.at.line == len(s.starts) {
			return 0, false
		}
		at = s.starts[n.at.line]
	}
	end := at // behind the last character that was read
	for i, want := range n.text {
		if isBlank(want) {
			continue
		}
		c, size, found := s.next(&at, n.style)
		if !found || c != want {
			return 0, false
		}
		if i >= offset {
			return at, true
		}
		at += size
		end = at
	}
	return end, true
}

// next passes over white space and returns the character at *at, with the
// length of its source.
func (s *source) next(at *int, style style) (c rune, size int, ok bool) {
	for *at < len(s.text) {
		rest := s.text[*at:]
		c, size = utf8.DecodeRuneInString(rest)
		switch {
		case isBlank(c):
			*at += size
			continue
		case style == doubleQuoted && c == '\\':
			if c, size = unescape(rest); isBlank(c) {
				*at += size
				continue
			}
		}
		return c, size, size > 0
	}
	return 0, 0, false
}

func isBlank(c rune) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

// unescape reads the escape at the beginning of s. A size of 0 means that it
// is none that this function knows.
func unescape(s string) (c rune, size int) {
	if len(s) < 2 {
		return 0, 0
	}
	digits := 0
	switch s[1] {
	case 'n', 'r', 't', '\n', ' ':
		return ' ', 2
	case '"', '\\', '/':
		return rune(s[1]), 2
	case 'x':
		digits = 2
	case 'u':
		digits = 4
	case 'U':
		digits = 8
	}
	if digits == 0 || len(s) < 2+digits {
		return 0, 0
	}
	for _, d := range s[2 : 2+digits] {
		v := strings.IndexRune("0123456789abcdef", d|0x20)
		if v < 0 {
			return 0, 0
		}
		c = c<<4 | rune(v)
	}
	return c, 2 + digits
}
