package verdict

import (
	"strconv"
	"strings"
)

// An Item is one criterion of a checklist. Without Scale and Labels it is one
// that is met or not.
type Item struct {
	Name   string
	Scale  *Scale
	Labels []string
	// NotApplicable accepts "not applicable" as a verdict.
	NotApplicable bool
}

// A Finding is the verdict on one criterion.
type Finding struct {
	// Err is a [Reason] where there is no verdict on the criterion.
	Err           error
	NotApplicable bool
	Met           bool    // where the item has neither a scale nor labels
	Value         float64 // on the item's scale
	Label         int     // index of the item's labels
}

// Criteria reads the verdict on each item. Items are known by their names, or
// by their numbers from 1 where no item has such a name. An item that is not
// answered has no verdict. The whole answer is refused, with a [Reason], where
// it names nothing that was asked for, something else, or an item twice.
func Criteria(text string, items []Item) ([]Finding, error) {
	if len(text) > MaxBytes {
		return nil, TooLong
	}
	c := newChecklist(items)
	if x, ok := document(text); ok {
		if list, err, ok := c.find(x, 2); ok {
			return list, err
		}
		if v, ok := c.alone(x); ok {
			return []Finding{v}, nil
		}
	}
	r := newReader(text, Scale{Max: 1})
	trimmed := strings.TrimSpace(r.text)
	if trimmed == "" {
		return nil, Empty
	}
	if len(items) == 1 {
		if f := c.scalar(0, unwrapped(trimmed)); f.Err == nil {
			return []Finding{f}, nil
		}
	}
	var list []Finding
	var err error
	found := false
	whole := r.eachObject(func(x *node, _ int) {
		if l, e, ok := c.find(x, 2); ok {
			list, err, found = l, e, true
		} else if v, ok := c.alone(x); ok {
			list, err, found = []Finding{v}, nil, true
		}
	})
	switch {
	case !whole:
		return nil, None
	case found:
		return list, err
	case r.broken:
		return nil, Truncated
	}
	if list, err, ok := c.lines(r.prose); ok {
		return list, err
	}
	if len(items) == 1 && items[0].Scale != nil {
		v, err := Number(text, *items[0].Scale)
		return []Finding{{Value: v, Err: err}}, nil
	}
	if len(items) == 1 {
		choices := newChooser(c.words(0))
		k, err := choices.text(text)
		if err != nil {
			return []Finding{{Err: err}}, nil
		}
		return []Finding{c.scalar(0, c.words(0)[k])}, nil
	}
	return nil, None
}

// CriteriaInput is as [Criteria] for the input of a tool.
func CriteriaInput(raw []byte, items []Item) ([]Finding, error) {
	if len(raw) > MaxBytes {
		return nil, TooLong
	}
	x, ok := strictly(string(raw))
	if !ok {
		return Criteria(string(raw), items)
	}
	if x.kind == str {
		if inner, ok := encoded(folded(x.text)); ok {
			x = inner
		}
	}
	c := newChecklist(items)
	if list, err, ok := c.find(x, 2); ok {
		return list, err
	}
	if v, ok := c.alone(x); ok {
		return []Finding{v}, nil
	}
	return nil, None
}

type checklist struct {
	items []Item
	index map[string]int
}

func newChecklist(items []Item) *checklist {
	c := &checklist{items: items, index: map[string]int{}}
	for i, item := range items {
		c.index[normal(item.Name)] = i
	}
	for i := range items {
		n := strconv.Itoa(i + 1)
		for _, name := range [...]string{n, "criterion" + n, "item" + n, "c" + n, "#" + n} {
			if _, taken := c.index[name]; !taken {
				c.index[name] = i
			}
		}
	}
	return c
}

// words lists what may answer an item.
func (c *checklist) words(i int) []string {
	words := c.items[i].Labels
	if words == nil {
		words = []string{"yes", "no", "true", "false", "met", "not met", "unmet", "pass", "fail", "satisfied", "not satisfied"}
	}
	words = words[:len(words):len(words)]
	if c.items[i].NotApplicable {
		words = append(words, "not applicable", "n/a")
	}
	return words
}

// comment reports whether a member stands beside verdicts without being one.
func comment(key string) bool {
	switch normal(key) {
	case "reasoning", "reason", "reasons", "explanation", "explanations", "comment", "comments", "thoughts", "analysis", "summary", "overall", "overallscore", "total", "totalscore", "finalscore", "score", "notes", "note", "justification", "rationale", "feedback", "confidence", "evidence", "thinking":
		return true
	}
	return false
}

func verdictKey(key string) bool {
	switch normal(key) {
	case "met", "ismet", "verdict", "answer", "value", "score", "result", "satisfied", "criteriamet", "criterionmet", "passed", "pass", "label", "rating", "decision", "judgment", "judgement", "fulfilled", "status", "grade", "points":
		return true
	}
	return false
}

func identityKey(key string) bool {
	switch normal(key) {
	case "id", "name", "criterion", "criterionid", "criterionname", "key", "index", "number", "item", "title", "criteria":
		return true
	}
	return false
}

// find looks for the object or list that holds the verdicts.
func (c *checklist) find(x *node, levels int) ([]Finding, error, bool) {
	switch x.kind {
	case str:
		if inner, ok := encoded(folded(x.text)); ok && levels > 0 {
			return c.find(inner, levels-1)
		}
		return nil, nil, false
	case list:
		return c.list(x)
	case object:
	default:
		return nil, nil, false
	}
	if c.named(x) {
		list, err := c.object(x)
		return list, err, true
	}
	if levels == 0 {
		return nil, nil, false
	}
	var list []Finding
	var err error
	count := 0
	for _, m := range x.members {
		if comment(m.key) && m.value.kind == str {
			continue
		}
		next := levels - 1
		if wrapper(m.key) {
			next = levels
		}
		if l, e, ok := c.find(m.value, next); ok {
			list, err = l, e
			count++
		}
	}
	if count > 1 {
		return nil, Several, true
	}
	return list, err, count == 1
}

// named reports whether a member of the object is one of the items, and not
// only called like one of the members that wrap or explain.
func (c *checklist) named(x *node) bool {
	for _, m := range x.members {
		if _, ok := c.index[normal(m.key)]; ok && !(m.value.kind == object && c.named(m.value)) && m.value.kind != list {
			return true
		}
	}
	return false
}

func (c *checklist) blank() []Finding {
	all := make([]Finding, len(c.items))
	for i := range all {
		all[i].Err = None
	}
	return all
}

func (c *checklist) object(x *node) ([]Finding, error) {
	all := c.blank()
	seen := make([]bool, len(all))
	for _, m := range x.members {
		i, ok := c.index[normal(m.key)]
		if !ok {
			if comment(m.key) {
				continue
			}
			return nil, Unfit
		}
		if seen[i] {
			return nil, Unfit
		}
		seen[i] = true
		all[i] = c.value(i, m.value)
	}
	return c.cutShort(all, seen, x.cut), nil
}

// cutShort gives the items that were not reached their reason.
func (c *checklist) cutShort(all []Finding, seen []bool, cut bool) []Finding {
	for i := range all {
		if !seen[i] && cut {
			all[i].Err = Truncated
		}
	}
	return all
}

// list reads a list of objects that name their items.
func (c *checklist) list(x *node) ([]Finding, error, bool) {
	all := c.blank()
	seen := make([]bool, len(all))
	any := false
	for _, item := range x.items {
		if item.kind != object {
			return nil, nil, false
		}
		i, ok, named := c.identify(item)
		if !named {
			if len(item.members) == 1 {
				// [{"clarity": "yes"}, ...]
				if i, ok = c.index[normal(item.members[0].key)]; ok {
					if seen[i] {
						return nil, Unfit, true
					}
					seen[i], any = true, true
					all[i] = c.value(i, item.members[0].value)
					continue
				}
			}
			if item.cut {
				continue
			}
			return nil, nil, false
		}
		if !ok || seen[i] {
			return nil, Unfit, true
		}
		seen[i], any = true, true
		all[i] = c.value(i, item)
	}
	if !any {
		return nil, nil, false
	}
	return c.cutShort(all, seen, x.cut), nil, true
}

// identify returns which item an object is about.
func (c *checklist) identify(x *node) (i int, ok, named bool) {
	for _, m := range x.members {
		if !identityKey(m.key) || m.value.kind != str && m.value.kind != bare {
			continue
		}
		if i, ok := c.index[normal(m.value.text)]; ok {
			return i, true, true
		}
		named = true
	}
	return 0, false, named
}

// value reads the verdict on item i: a value, or an object that holds one.
func (c *checklist) value(i int, x *node) Finding {
	switch x.kind {
	case object:
		var f Finding
		found := false
		for _, m := range x.members {
			if !verdictKey(m.key) || identityKey(m.key) {
				continue
			}
			if m.value.kind == object || m.value.kind == list {
				return Finding{Err: Unusable}
			}
			v := c.value(i, m.value)
			if found && v != f {
				return Finding{Err: Several}
			}
			f, found = v, true
		}
		if !found && x.cut {
			return Finding{Err: Truncated}
		}
		if !found {
			return Finding{Err: None}
		}
		return f
	case list:
		return Finding{Err: Unusable}
	}
	if x.cut {
		return Finding{Err: Truncated}
	}
	return c.scalar(i, x.text)
}

// scalar reads a verdict in words or numbers.
func (c *checklist) scalar(i int, text string) Finding {
	item := c.items[i]
	text = strings.TrimSpace(folded(text))
	if len(text) > 400 {
		return Finding{Err: Unusable}
	}
	for _, label := range item.Labels {
		if equalWords(wordsOf(label), wordsOf(text)) {
			k, err := newChooser(item.Labels).leading(text)
			return Finding{Label: k, Err: err}
		}
	}
	if notApplicable(text) {
		if item.NotApplicable {
			return Finding{NotApplicable: true}
		}
		return Finding{Err: Unusable}
	}
	switch {
	case item.Labels != nil:
		k, err := newChooser(item.Labels).leading(text)
		return Finding{Label: k, Err: err}
	case item.Scale != nil:
		v, err := item.Scale.literal(text)
		return Finding{Value: v, Err: err}
	}
	met, ok := truth(text)
	if !ok {
		return Finding{Err: Unusable}
	}
	return Finding{Met: met}
}

func notApplicable(text string) bool {
	switch strings.Join(wordsOf(text), " ") {
	case "not applicable", "n a", "na", "does not apply", "inapplicable":
		return true
	}
	return false
}

func truth(text string) (met, ok bool) {
	switch strings.Join(wordsOf(text), " ") {
	case "yes", "true", "met", "pass", "passed", "passes", "satisfied", "fulfilled", "1", "y", "is met", "fully met":
		return true, true
	case "no", "false", "unmet", "not met", "fail", "failed", "fails", "not satisfied", "unsatisfied", "not fulfilled", "0", "n", "is not met":
		return false, true
	}
	switch strings.TrimSpace(text) {
	case "✓", "✔", "✅", "☑":
		return true, true
	case "✗", "✘", "❌", "✖":
		return false, true
	}
	return false, false
}

// alone reads an object that answers the only item without naming it.
func (c *checklist) alone(x *node) (Finding, bool) {
	if len(c.items) != 1 {
		return Finding{}, false
	}
	switch x.kind {
	case object:
		for _, m := range x.members {
			if verdictKey(m.key) && !identityKey(m.key) {
				return c.value(0, x), true
			}
		}
	case str, bare:
		if f := c.scalar(0, x.text); f.Err == nil {
			return f, true
		}
	}
	return Finding{}, false
}
