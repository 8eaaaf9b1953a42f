package verdict

import (
	"strconv"
	"strings"
)

// tagLength bounds, in bytes, the content of a tag with a value.
const tagLength = 400

// tagStanding returns how much say a tag has. Of <answer> and <result> the
// content may be something else than a score.
func tagStanding(t tag) (standing standing, weak, ok bool) {
	switch normal(t.name) {
	case "score", "rating":
		return plainScore, false, true
	case "finalscore", "overallscore", "totalscore", "finalrating", "overallrating":
		return finalScore, false, true
	case "answer", "result":
		return plainScore, true, true
	case "parameter":
		// Of a printed tool call: <parameter name="score">7</parameter>.
		_, name, _ := strings.Cut(t.attributes, "name=")
		s := standingOf(strings.Trim(name, ` "'`))
		return s, false, s != noScore
	}
	return noScore, false, false
}

// tags reads <score> and its like.
func (r *reader) tags() (float64, error, bool) {
	s := r.prose
	var strong, weak []evidence
	var around []tag // what is open
	for i := 0; i < len(s); {
		n := strings.IndexByte(s[i:], '<')
		if n < 0 {
			break
		}
		i += n
		t, ok := tagAt(s, i)
		if ok && t.closing {
			around = without(around, t.name)
		}
		if !ok || t.closing || t.empty {
			i++
			continue
		}
		standing, isWeak, ok := tagStanding(t)
		if !ok {
			if len(around) < 16 {
				around = append(around, t)
			}
			i = t.end
			continue
		}
		if exemplary(s, i) {
			i = t.end
			continue
		}
		stop, after, closed := closingTag(s, t)
		e := evidence{at: i, final: standing == finalScore, whose: whose(r.named, i)}
		if e.whose == "" {
			e.whose = part(around)
		}
		content := strings.TrimSpace(s[t.end:stop])
		// A tag that is named and not used: "inside <score> and </score>".
		switch v, err, ok := r.s.content(content, s[after:min(len(s), after+40)]); {
		case ok && closed:
			e.value, e.err = v, err
		case ok && stop < len(s):
			e.value, e.err = v, err
		case ok:
			e.err = Truncated
		case isWeak, !closed:
			i = t.end
			continue
		default:
			e.err = Unusable
		}
		if isWeak {
			weak = append(weak, e)
		} else {
			strong = append(strong, e)
		}
		i = t.end
	}
	if len(strong) > 0 {
		v, err := conclusion(strong)
		if err == nil && len(weak) > 0 && weak[len(weak)-1].at > strong[len(strong)-1].at {
			// <answer> behind <score> with another value is doubtful.
			if w := weak[len(weak)-1]; w.err != nil || w.value != v {
				return 0, Several, true
			}
		}
		return v, err, true
	}
	if len(weak) > 0 {
		v, err := conclusion(weak)
		return v, err, true
	}
	return 0, nil, false
}

// without closes the last open tag of that name, and what is open inside it.
func without(around []tag, name string) []tag {
	for i := len(around) - 1; i >= 0; i-- {
		if strings.EqualFold(around[i].name, name) {
			return around[:i]
		}
	}
	return around
}

// part names the part of an answer that a tag stands in: the criterion of
// <clarity><score>7</score></clarity>. It is "" in the answer as a whole.
func part(around []tag) string {
	for i := len(around) - 1; i >= 0; i-- {
		switch normal(around[i].name) {
		case "criterion", "criteria", "item", "dimension", "aspect", "category", "metric", "subscore":
			return "part=" + strconv.Itoa(around[i].start)
		case "accuracy", "correctness", "clarity", "completeness", "coherence", "relevance", "helpfulness", "faithfulness", "style", "tone", "fluency", "consistency", "grammar", "conciseness", "depth", "safety", "harmlessness", "creativity", "structure", "readability", "factuality", "instructionfollowing":
			return "part=" + normal(around[i].name)
		}
	}
	return ""
}

// closingTag returns where the content of a tag ends, and where the text goes
// on. Without a closing tag the content ends with the line.
func closingTag(s string, t tag) (stop, after int, closed bool) {
	limit := min(len(s), t.end+tagLength)
	for i := t.end; i < limit; i++ {
		if s[i] != '<' {
			continue
		}
		u, ok := tagAt(s, i)
		if !ok {
			continue
		}
		if u.closing && strings.EqualFold(u.name, t.name) {
			return i, u.end, true
		}
		if !u.closing && strings.EqualFold(u.name, t.name) {
			// The same tag again where the closing one was meant, or another one.
			return i, i, false
		}
	}
	if n := strings.IndexAny(s[t.end:limit], "\n<"); n >= 0 {
		return t.end + n, t.end + n, false
	}
	return limit, limit, false
}

// content reads the content of a tag, or of a mark, with the denominator that
// may stand behind it.
func (s Scale) content(text, behind string) (float64, error, bool) {
	if text = unwrapped(text); text == "" {
		return 0, nil, false
	}
	l := liberty{words: true, about: true, wrap: true, points: true}
	if rest := strings.TrimLeft(behind, " *"); strings.HasPrefix(rest, "/") && len(rest) > 1 && (isDigit(rest[1]) || rest[1] == ' ') {
		line := firstLine(rest)
		p := &prose{tokens(text + line), s}
		if r, ok := p.value(0, l); ok {
			if f := p.follow(r.next, true); f != nil && r.err == nil {
				return 0, f, true
			}
			return r.value, r.err, true
		}
	}
	return s.whole(text, l)
}
