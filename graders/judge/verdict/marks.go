package verdict

import "strings"

// marks reads [[n]], then [RESULT] n, then \boxed{n}.
func (r *reader) marks() (float64, error, bool) {
	for _, rank := range [...]func(*reader) []evidence{(*reader).brackets, (*reader).results, (*reader).boxes} {
		if ev := rank(r); len(ev) > 0 {
			v, err := conclusion(ev)
			return v, err, true
		}
	}
	return 0, nil, false
}

// evidenceOf reads the content of a mark. Content without a digit or a number
// word is no verdict on a scale: [[A]], \boxed{x}.
func (r *reader) evidenceOf(at int, content, behind string) (evidence, bool) {
	e := evidence{at: at, whose: whose(r.named, at)}
	if exemplary(r.prose, at) {
		return e, false
	}
	v, err, ok := r.s.content(content, behind)
	if !ok {
		if !strings.ContainsAny(content, "0123456789") && !strings.EqualFold(content, "null") && !strings.EqualFold(content, "n/a") {
			return e, false
		}
		err = Unusable
	}
	e.value, e.err = v, err
	return e, true
}

func (r *reader) brackets() []evidence {
	var all []evidence
	s := r.prose
	behind := 0 // the mark before
	for i := 0; ; {
		n := strings.Index(s[i:], "[[")
		if n < 0 {
			return all
		}
		i += n + 2
		reach := s[i:min(len(s), i+60)]
		stop := strings.IndexAny(reach, "[]\n")
		if stop < 0 || !strings.HasPrefix(reach[stop:], "]]") {
			continue
		}
		content := strings.TrimSpace(reach[:stop])
		after := i + stop + 2
		if e, ok := r.evidenceOf(i, content, s[after:min(len(s), after+40)]); ok {
			if len(all) > 0 && alternatives(s[behind:i-2]) {
				e.err = Doubtful
			}
			all = append(all, e)
		}
		i, behind = after, after
	}
}

// alternatives reports whether what stands between two marks offers them for
// choice: [[A]] or [[B]].
func alternatives(between string) bool {
	if len(between) > 20 {
		return false
	}
	switch strings.ToLower(strings.Trim(between, " ,*`\"'")) {
	case "or", "/", "-", "–", "|", "to", "and", "&", "vs", "vs.", "versus", "and/or":
		return true
	}
	return false
}

func (r *reader) results() []evidence {
	var all []evidence
	p := &prose{r.t, r.s}
	for i, t := range r.t {
		if t.kind != word || t.text != "result" || !p.isSign(i-1, '[') || !p.isSign(i+1, ']') {
			continue
		}
		j := i + 2
		if p.isSign(j, ':') {
			j++
		}
		for p.at(j).kind == newline {
			j++
		}
		e := evidence{at: t.start, whose: whose(r.named, t.start)}
		v, ok := p.value(j, free)
		switch {
		case !ok && p.at(j).kind == end:
			e.err = Truncated
		case !ok:
			e.err = Unusable
		default:
			e.value, e.err = v.value, v.err
			if err := p.follow(v.next, true); err != nil && e.err == nil {
				e.err = err
			}
		}
		all = append(all, e)
	}
	return all
}

func (r *reader) boxes() []evidence {
	var all []evidence
	s := r.prose
	for i := 0; ; {
		n := strings.Index(s[i:], `\boxed`)
		if n < 0 {
			return all
		}
		i += n + len(`\boxed`)
		j := skipBlank(s, i, i+4)
		if j >= len(s) || s[j] != '{' {
			continue
		}
		depth, stop := 0, -1
		for k := j; k < min(len(s), j+100) && stop < 0; k++ {
			switch s[k] {
			case '{':
				depth++
			case '}':
				if depth--; depth == 0 {
					stop = k
				}
			}
		}
		if stop < 0 {
			if len(s)-j < 100 {
				all = append(all, evidence{at: i, err: Truncated})
			}
			continue
		}
		content := strings.TrimSpace(s[j+1 : stop])
		for _, command := range [...]string{`\text{`, `\mathrm{`, `\mathbf{`, `\textbf{`} {
			if inner, ok := strings.CutPrefix(content, command); ok {
				content = strings.TrimSuffix(inner, "}")
			}
		}
		content = strings.ReplaceAll(content, `\%`, "%")
		if e, ok := r.evidenceOf(i, content, strings.TrimLeft(s[stop+1:min(len(s), stop+41)], "$")); ok {
			all = append(all, e)
		}
		i = stop
	}
}

// exemplary reports whether what stands at a place was announced as an example.
func exemplary(s string, at int) bool {
	before := s[max(0, at-40):at]
	if n := strings.LastIndexByte(before, '\n'); n >= 0 {
		before = before[n:]
	}
	before = strings.ToLower(before)
	return strings.Contains(before, "for example") || strings.Contains(before, "e.g.") || strings.Contains(before, "for instance")
}
