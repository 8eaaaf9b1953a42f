package verdict

import (
	"math"
	"strings"
)

// normal writes a key in lower case without what joins words.
func normal(key string) string {
	key = strings.TrimSpace(folded(key))
	if strings.ContainsAny(key, "_- ") {
		key = strings.NewReplacer("_", "", "-", "", " ", "").Replace(key)
	}
	return strings.ToLower(key)
}

// standing is how much say a member has in what the score is.
type standing int

const (
	noScore standing = iota
	plainScore
	finalScore
)

func standingOf(key string) standing {
	if len(key) > 40 {
		return noScore
	}
	switch normal(key) {
	case "overallscore", "finalscore", "overall", "total", "totalscore", "finalrating", "overallrating":
		return finalScore
	case "score", "rating", "grade", "result", "reward", "value", "points":
		return plainScore
	}
	return noScore
}

// wrapper reports whether a member only wraps what was meant as the answer, as
// a printed tool call does. It is no level of its own.
func wrapper(key string) bool {
	switch normal(key) {
	case "arguments", "args", "kwargs", "parameters", "params", "input", "toolinput", "function", "functioncall", "toolcall", "toolcalls", "tooluse", "content", "properties":
		return true
	}
	return false
}

// encoded returns the object or list that a string holds as JSON.
func encoded(text string) (*node, bool) {
	text = strings.TrimSpace(text)
	if text == "" || text[0] != '{' && text[0] != '[' && text[0] != '"' {
		return nil, false
	}
	x, ok := strictly(text)
	if ok {
		if x.kind == str && x.text != text {
			return encoded(x.text)
		}
		return x, x.kind == object || x.kind == list
	}
	p := &loose{s: text}
	all := p.scan()
	if len(all) != 1 || strings.TrimSpace(text[:all[0].start]+text[all[0].end:]) != "" {
		return nil, false
	}
	return all[0].node, true
}

// verdict returns what an object or a list says. It is not found where no
// member names a score. levels is how many more levels may be looked at.
func (s Scale) verdict(x *node, levels int) (v float64, err error, found bool) {
	switch x.kind {
	case list:
		if len(x.items) == 1 {
			if x.items[0].kind == object {
				return s.verdict(x.items[0], levels)
			}
			return 0, nil, false
		}
		for _, item := range x.items {
			if _, _, ok := s.verdict(item, levels); ok && item.kind == object {
				return 0, Several, true
			}
		}
		return 0, nil, false
	case object:
	default:
		return 0, nil, false
	}
	if v, err, found = s.decide(x, levels); found {
		return v, err, true
	}
	// One level down.
	count := 0
	for _, m := range x.members {
		child := m.value
		next := levels - 1
		if wrapper(m.key) {
			next = levels
		}
		if child.kind == str && wrapper(m.key) {
			if inner, ok := encoded(folded(child.text)); ok {
				child = inner
			}
		}
		if next < 0 {
			continue
		}
		if child.kind == list && len(child.items) != 1 && !wrapper(m.key) {
			for _, item := range child.items {
				if _, _, ok := s.verdict(item, 0); ok {
					return 0, Several, true
				}
			}
			continue
		}
		if w, e, ok := s.verdict(child, next); ok {
			count++
			v, err = w, e
		}
	}
	switch {
	case count == 0:
		return 0, nil, false
	case count > 1:
		return 0, Several, true
	}
	return v, err, true
}

// decide looks at the members of an object that name a score.
func (s Scale) decide(x *node, levels int) (v float64, err error, found bool) {
	best := noScore
	for _, m := range x.members {
		best = max(best, standingOf(m.key))
	}
	if best == noScore {
		return 0, nil, false
	}
	type claim struct {
		key    string
		v      float64
		err    error
		spoken bool // a word, which another member may stand beside
	}
	var claims []claim
	total, plainest := math.NaN(), math.NaN()
	for _, m := range x.members {
		standing := standingOf(m.key)
		if standing == noScore {
			continue
		}
		c := claim{key: normal(m.key)}
		c.v, c.err = s.member(m.value, levels)
		if c.err == nil && c.key == "total" {
			total = c.v
		}
		if c.err == nil && standing == plainScore {
			plainest = c.v
		}
		if standing == best {
			c.spoken = c.err == Unusable && m.value.kind == list && !m.value.cut ||
				c.err == Unusable && m.value.kind == str && len(m.value.text) > 0 && !strings.ContainsAny(folded(m.value.text), "0123456789") && !strings.EqualFold(strings.TrimSpace(m.value.text), "n/a")
			claims = append(claims, c)
		}
	}
	// A score beside a total that is the maximum is so many of so many.
	if total == s.Max && plainest < total {
		return 0, Several, true
	}
	var kept *claim
	for i := range claims {
		c := &claims[i]
		if c.spoken && len(claims) > 1 && c.key != "score" {
			continue
		}
		if kept == nil {
			kept = c
			continue
		}
		if c.err != nil || kept.err != nil {
			if c.err == nil || kept.err == nil || c.err != kept.err {
				return 0, Several, true
			}
			continue
		}
		if c.v != kept.v {
			return 0, Several, true
		}
	}
	if kept == nil {
		return 0, Unusable, true
	}
	return kept.v, kept.err, true
}

// member reads the value of a member that names a score.
func (s Scale) member(x *node, levels int) (float64, error) {
	if x.cut && x.kind != object && x.kind != list {
		return 0, Truncated
	}
	switch x.kind {
	case object:
		if levels > 0 {
			if v, err, ok := s.verdict(x, levels-1); ok {
				return v, err
			}
		}
		return 0, Unusable
	case list:
		if len(x.items) == 1 && x.items[0].kind == object {
			return s.member(x.items[0], levels)
		}
		return 0, Unusable
	case str:
		text := folded(x.text)
		if inner, ok := encoded(text); ok {
			if levels > 0 {
				if v, err, ok := s.verdict(inner, levels-1); ok {
					return v, err
				}
			}
			return 0, Unusable
		}
		return s.literal(text)
	}
	if x.cut {
		return 0, Truncated
	}
	return s.literal(folded(x.text))
}

// literal reads the value of a member: a number as a whole.
func (s Scale) literal(text string) (float64, error) {
	v, err, ok := s.whole(strings.Trim(text, " \t"), liberty{words: true})
	if !ok {
		return 0, Unusable
	}
	return v, err
}
