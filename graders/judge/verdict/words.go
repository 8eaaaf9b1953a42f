package verdict

import "strings"

// Label reads which of the labels an answer names, and returns its index. The
// labels are compared without regard to case and to what joins their words. The
// error is a [Reason].
func Label(text string, labels []string) (int, error) {
	return newChooser(labels).text(text)
}

// LabelInput is as [Label] for the input of a tool.
func LabelInput(raw []byte, labels []string) (int, error) {
	return newChooser(labels).input(raw)
}

// A chooser reads one of several phrases.
type chooser struct {
	phrases [][]string // of each label, in words
	// also gives further phrases for the same labels.
	also map[string]int
	// keys are the members of an object that hold the choice.
	keys func(string) bool
}

func newChooser(labels []string) *chooser {
	c := &chooser{keys: labelKey}
	for _, l := range labels {
		c.phrases = append(c.phrases, wordsOf(l))
	}
	return c
}

// labelKey reports whether a member holds a label.
func labelKey(key string) bool {
	switch normal(key) {
	case "verdict", "label", "answer", "choice", "score", "rating", "grade", "result", "category", "class", "classification", "judgment", "judgement", "decision", "value", "final", "finalverdict", "finalanswer", "finallabel", "overall", "assessment", "winner", "preferred", "preference", "better", "best":
		return true
	}
	return false
}

// finalKey reports whether a member goes before others.
func finalKey(key string) bool {
	switch normal(key) {
	case "finalverdict", "finalanswer", "finallabel", "final", "overall", "verdict", "winner":
		return true
	}
	return false
}

// wordsOf splits a phrase into words and numbers in lower case.
func wordsOf(s string) []string {
	var list []string
	for _, t := range tokens(folded(strings.Trim(s, " \t\r\n\"'“”`*_.!"))) {
		switch t.kind {
		case word:
			list = append(list, t.text)
		case number:
			list = append(list, t.amount.literal)
		case badNumber:
			list = append(list, "#")
		case sign:
			if strings.ContainsRune("+=<>", t.sign) {
				list = append(list, string(t.sign))
			}
		}
	}
	return list
}

// exact returns the label that a value is as a whole.
func (c *chooser) exact(value string) (int, bool) {
	if len(value) > 400 {
		return 0, false
	}
	if i, ok := c.also[strings.ToLower(strings.TrimSpace(folded(value)))]; ok {
		return i, true
	}
	words := wordsOf(value)
	if i, ok := c.also[strings.Join(words, " ")]; ok {
		return i, true
	}
	for i, p := range c.phrases {
		if equalWords(p, words) {
			return i, true
		}
	}
	return 0, false
}

func equalWords(a, b []string) bool {
	if len(a) != len(b) || len(a) == 0 {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// leading returns the label that a value begins with, the longest one, where
// no other label stands beside it.
func (c *chooser) leading(value string) (int, error) {
	if i, ok := c.exact(value); ok {
		return i, nil
	}
	line := firstLine(strings.TrimSpace(value))
	if len(line) > 400 {
		line = line[:400]
	}
	if i, ok := c.exact(line); ok {
		return i, nil
	}
	t := tokens(line)
	for k := range t {
		switch {
		case t[k].kind == end:
		case t[k].kind == sign && k > 0 && strings.ContainsRune(".,;:(-–—!", t[k].sign) && (t[k].space || strings.ContainsRune(".,;:!", t[k].sign) && k+1 < len(t) && t[k+1].space),
			t[k].kind == word && k > 0 && (t[k].text == "because" || t[k].text == "since" || t[k].text == "as"):
			i, ok := c.exact(line[:t[k].start])
			if !ok {
				continue
			}
			// "correct, or partially correct" is no choice.
			next := t[k+1]
			if next.text == "or" || next.text == "maybe" || next.text == "perhaps" || next.text == "but" {
				return 0, Doubtful
			}
			rest := strings.TrimSpace(line[next.start:])
			if j, ok := c.exact(rest); ok && j != i {
				return 0, Several
			}
			return i, nil
		}
	}
	return 0, Unusable
}

func (c *chooser) input(raw []byte) (int, error) {
	if len(raw) > MaxBytes {
		return 0, TooLong
	}
	x, ok := strictly(string(raw))
	if !ok {
		return c.text(string(raw))
	}
	if x.kind == str || x.kind == bare {
		if inner, ok := encoded(folded(x.text)); ok {
			x = inner
		} else if i, ok := c.exact(x.text); ok {
			return i, nil
		} else {
			return 0, Unusable
		}
	}
	i, err, ok := c.node(x, 1)
	if !ok {
		return 0, None
	}
	return i, err
}

// node reads the choice from an object.
func (c *chooser) node(x *node, levels int) (choice int, err error, found bool) {
	if x.kind == list && len(x.items) == 1 {
		x = x.items[0]
	}
	if x.kind != object {
		return 0, nil, false
	}
	best, have := 0, false
	for pass := range 2 {
		for _, m := range x.members {
			if !c.keys(m.key) || (pass == 0) != finalKey(m.key) {
				continue
			}
			v := m.value
			if v.kind == object && levels > 0 {
				i, err, ok := c.node(v, levels-1)
				if !ok {
					continue
				}
				if err != nil {
					return 0, err, true
				}
				if have && i != best {
					return 0, Several, true
				}
				best, have = i, true
				continue
			}
			if v.cut {
				return 0, Truncated, true
			}
			if v.kind != str && v.kind != bare {
				return 0, Unusable, true
			}
			i, err := c.leading(folded(v.text))
			if err != nil {
				if pass == 0 || !have {
					found = true
					if err == Unusable && (normal(m.key) == "score" || normal(m.key) == "answer" || normal(m.key) == "result") && len(x.members) > 1 {
						found = false
						continue // a score beside the label
					}
					return 0, err, true
				}
				continue
			}
			if have && i != best {
				return 0, Several, true
			}
			best, have = i, true
		}
		if have {
			return best, nil, true
		}
	}
	if levels > 0 {
		count := 0
		for _, m := range x.members {
			next := levels - 1
			child := m.value
			if wrapper(m.key) {
				next = levels
				if child.kind == str {
					if inner, ok := encoded(folded(child.text)); ok {
						child = inner
					}
				}
			}
			if i, e, ok := c.node(child, next); ok {
				count++
				choice, err = i, e
			}
		}
		switch {
		case count > 1:
			return 0, Several, true
		case count == 1:
			return choice, err, true
		}
	}
	return 0, nil, false
}

// text reads the choice from text, in the order of the ranks.
func (c *chooser) text(text string) (int, error) {
	if len(text) > MaxBytes {
		return 0, TooLong
	}
	if x, ok := document(text); ok && (x.kind == object || x.kind == list) {
		if i, err, ok := c.node(x, 1); ok {
			return i, err
		}
	}
	r := newReader(text, Scale{Max: 1})
	trimmed := strings.TrimSpace(r.text)
	if trimmed == "" {
		return 0, Empty
	}
	if plain := unwrapped(trimmed); plain != "" {
		if i, ok := c.exact(plain); ok {
			return i, nil
		}
		if i, ok := c.exact(strings.TrimSuffix(strings.TrimPrefix(plain, "["), "]")); ok && plain[0] == '[' {
			return i, nil
		}
	}
	if i, err, ok := c.objects(r); ok {
		return i, err
	}
	if i, err, ok := c.tagged(r.prose); ok {
		return i, err
	}
	if i, err, ok := c.bracketed(r.prose); ok {
		return i, err
	}
	if r.broken {
		return 0, Truncated
	}
	return c.labelled(r.prose)
}

func (c *chooser) objects(r *reader) (int, error, bool) {
	var last struct {
		i   int
		err error
		ok  bool
	}
	whole := r.eachObject(func(x *node, _ int) {
		if i, err, ok := c.node(x, 1); ok {
			last.i, last.err, last.ok = i, err, true
		}
	})
	if !whole {
		return 0, None, true
	}
	return last.i, last.err, last.ok
}

// tagged reads the last tag that holds a choice.
func (c *chooser) tagged(s string) (choice int, err error, found bool) {
	for i := 0; i < len(s); {
		n := strings.IndexByte(s[i:], '<')
		if n < 0 {
			break
		}
		i += n
		t, ok := tagAt(s, i)
		if !ok || t.closing || t.empty {
			i++
			continue
		}
		_, name, _ := strings.Cut(t.attributes, "name=")
		if !c.keys(t.name) && (!strings.EqualFold(t.name, "parameter") || !c.keys(strings.Trim(name, ` "'`))) {
			i = t.end
			continue
		}
		stop, _, closed := closingTag(s, t)
		if closed || stop < len(s) {
			switch k, e := c.leading(unwrapped(strings.TrimSpace(s[t.end:stop]))); {
			case e == nil:
				choice, err, found = k, nil, true
			case e != Unusable:
				choice, err, found = 0, e, true
			case !found && closed && !strings.EqualFold(t.name, "answer") && !strings.EqualFold(t.name, "result"):
				err, found = e, true
			}
		}
		i = t.end
	}
	return choice, err, found
}

// bracketed reads the last [[choice]], [RESULT] choice or \boxed{choice}.
func (c *chooser) bracketed(s string) (choice int, err error, found bool) {
	behind := 0 // the mark before
	for i := 0; ; {
		n := strings.Index(s[i:], "[[")
		if n < 0 {
			break
		}
		i += n + 2
		reach := s[i:min(len(s), i+100)]
		stop := strings.Index(reach, "]]")
		if stop < 0 {
			continue
		}
		if k, ok := c.exact(reach[:stop]); ok {
			err = nil
			if found && k != choice && alternatives(s[behind:i-2]) {
				err = Doubtful
			}
			choice, found, behind = k, true, i+stop+2
		}
	}
	if found {
		return choice, err, true
	}
	for _, mark := range [...]string{"[RESULT]", `\boxed{`} {
		n := strings.LastIndex(s, mark)
		if n < 0 {
			continue
		}
		rest := strings.TrimLeft(s[n+len(mark):], " :\n")
		if mark != "[RESULT]" {
			rest, _, _ = strings.Cut(rest, "}")
			rest = strings.TrimPrefix(rest, `\text{`)
		}
		if k, e := c.leading(rest); e == nil {
			return k, nil, true
		}
	}
	return 0, nil, false
}

// labelled reads "Label: x" at the beginning of a line, and a last line that is
// a label as a whole.
func (c *chooser) labelled(s string) (int, error) {
	choice, reason := 0, error(None)
	found, final := false, false
	last := ""
	var pendingFinal, pending bool
	for line := range strings.Lines(s) {
		line = strings.TrimSpace(strings.Trim(strings.TrimSpace(line), "*_`# "))
		if line == "" {
			continue
		}
		last = line
		if pending {
			pending = false
			if k, ok := c.exact(line); ok && (!final || pendingFinal) {
				choice, reason, found, final = k, nil, true, pendingFinal
				continue
			}
		}
		if len(line) > 100_000 {
			continue
		}
		// The last label on the line: "Explanation: ..., Answer: x".
		for from := len(line); ; {
			n := strings.LastIndexAny(line[:from], ":=|")
			if n < 0 {
				break
			}
			if len(line)-n > 400 {
				break
			}
			is, isFinal, beginning := c.labelBefore(line[:n])
			if !is || !beginning {
				from = n
				continue
			}
			value := strings.Trim(line[n+1:], " *_`|")
			if value == "" {
				pending, pendingFinal = true, isFinal
				break
			}
			k, err := c.leading(value)
			if final && !isFinal {
				break
			}
			if err == nil || err != Unusable || isFinal || !found {
				choice, reason, found, final = k, err, true, isFinal
			} else {
				choice, reason = 0, err
			}
			break
		}
	}
	if found {
		if reason != nil {
			return 0, reason
		}
		return choice, nil
	}
	if k, ok := c.exact(last); ok {
		return k, nil
	}
	return 0, None
}

// labelBefore reports whether a text ends in a word such as "verdict", and
// whether nothing but "the final" or a list's mark stands before it in its
// clause.
func (c *chooser) labelBefore(s string) (is, final, beginning bool) {
	t := tokens(s[max(0, len(s)-80):])
	i := len(t) - 2 // before the end
	for i >= 0 && t[i].kind == sign && strings.ContainsRune(`"'”)]`, t[i].sign) {
		i--
	}
	if i < 0 || t[i].kind != word || !c.keys(t[i].text) {
		return false, false, false
	}
	for i--; i >= 0; i-- {
		switch {
		case t[i].kind == word && (t[i].text == "final" || t[i].text == "overall"):
			final = true
		case t[i].kind == word && (t[i].text == "the" || t[i].text == "my" || t[i].text == "is" || t[i].text == "so" || t[i].text == "therefore" || t[i].text == "thus"):
		case t[i].kind == sign && strings.ContainsRune(".,;!?|-–—•\"“'([", t[i].sign), t[i].kind == newline, t[i].kind == gap, t[i].kind == number:
			return true, final, true
		default:
			return true, final, false
		}
	}
	return true, final, true
}
