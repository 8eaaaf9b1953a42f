package verdict

import "strings"

// lines reads a checklist that is written line by line: "clarity: yes".
func (c *checklist) lines(s string) ([]Finding, error, bool) {
	all := c.blank()
	seen := make([]bool, len(all))
	any := false
	for line := range strings.Lines(s) {
		line = strings.TrimSpace(line)
		if line == "" || len(line) > 2000 {
			continue
		}
		name, value, ok := c.split(line)
		if !ok {
			continue
		}
		i, ok := c.index[name]
		if !ok {
			continue
		}
		f := c.leading(i, value)
		if f.Err == Unusable {
			continue
		}
		if seen[i] && all[i] != f {
			return nil, Unfit, true
		}
		all[i], seen[i], any = f, true, true
	}
	return all, nil, any
}

// split takes a line apart into the name of an item and what is said of it.
func (c *checklist) split(line string) (name, value string, ok bool) {
	line = strings.Trim(line, " *_`|-•#>")
	for n, r := range line {
		if n > 120 {
			break
		}
		switch r {
		case ':', '=', '|', '–', '—', '-':
			head := strings.Trim(line[:n], " *_`|()[]\"'")
			// A number before the name only numbers the line.
			if _, after, found := strings.Cut(head, ". "); found {
				after = strings.Trim(after, " *_`")
				if _, known := c.index[normal(after)]; known {
					head = after
				}
			}
			if _, known := c.index[normal(head)]; known {
				_, size := nextRune(line[n:])
				return normal(head), strings.Trim(line[n+size:], " *_`|"), true
			}
		}
	}
	return "", "", false
}

func nextRune(s string) (rune, int) {
	for _, r := range s {
		return r, len(string(r))
	}
	return 0, 0
}

// leading reads a verdict that a line begins with.
func (c *checklist) leading(i int, text string) Finding {
	if f := c.scalar(i, text); f.Err == nil || c.items[i].Scale != nil && f.Err != Unusable {
		return f
	}
	if c.items[i].Scale != nil {
		p := &prose{tokens(text), *c.items[i].Scale}
		if r, ok := p.value(0, free); ok {
			if err := p.follow(r.next, true); err != nil {
				return Finding{Err: Doubtful}
			}
			if r.err != nil {
				return Finding{Err: r.err}
			}
			return Finding{Value: r.value}
		}
		return Finding{Err: Unusable}
	}
	words := c.words(i)
	k, err := newChooser(words).leading(text)
	if err != nil {
		return Finding{Err: err}
	}
	return c.scalar(i, words[k])
}
