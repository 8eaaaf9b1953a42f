package verdict

import (
	"strings"
)

// Number reads a number on a scale from the text of an answer. The error is a
// [Reason].
func Number(text string, s Scale) (float64, error) {
	if len(text) > MaxBytes {
		return 0, TooLong
	}
	if x, ok := document(text); ok {
		switch x.kind {
		case object, list:
			if v, err, ok := s.verdict(x, 1); ok {
				return v, err
			}
			if alone(x) {
				return 0, None
			}
		case str:
			return s.spoken(x.text)
		default:
			return s.bare(x.text)
		}
	}
	return s.prose(text)
}

// Input reads a number on a scale from the input of a tool or from an answer
// that keeps to a schema. The input may be an object, a number, or a string
// that holds either. The error is a [Reason].
func Input(raw []byte, s Scale) (float64, error) {
	if len(raw) > MaxBytes {
		return 0, TooLong
	}
	x, ok := strictly(string(raw))
	if !ok {
		// What a service passes on as it was written may be broken as text is.
		return Number(string(raw), s)
	}
	switch x.kind {
	case object, list:
		if v, err, ok := s.verdict(x, 1); ok {
			return v, err
		}
		return 0, None
	case str:
		return s.spoken(x.text)
	}
	return s.bare(x.text)
}

func (s Scale) bare(text string) (float64, error) {
	if v, err, ok := s.whole(text, liberty{}); ok {
		return v, err
	}
	return 0, Unusable
}

// spoken reads a string that is the whole of an answer: a value, or JSON once
// more. Anything else in quotation marks is quoted.
func (s Scale) spoken(text string) (float64, error) {
	text = strings.TrimSpace(folded(text))
	if text == "" {
		return 0, Empty
	}
	if x, ok := encoded(text); ok {
		if v, err, ok := s.verdict(x, 1); ok {
			return v, err
		}
		return 0, None
	}
	if inner, ok := strictly(text); ok && inner.kind == str {
		text = folded(inner.text)
	}
	if v, err, ok := s.whole(text, liberty{words: true}); ok {
		return v, err
	}
	return 0, Unusable
}

// document reads a text that is one value of JSON, in a fence or not.
func document(text string) (*node, bool) {
	text = strings.Trim(text, " \t\r\n\ufeff")
	if rest, ok := strings.CutPrefix(text, "```"); ok {
		_, rest, _ = strings.Cut(rest, "\n")
		text = strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(rest), "```"))
	}
	if text == "" || !strings.ContainsRune(`{["-0123456789`, rune(text[0])) {
		return nil, false
	}
	return strictly(text)
}

// alone reports whether a document can hold no verdict in another form, such as
// [[7]].
func alone(x *node) bool { return x.kind == object || len(x.items) != 1 }

// evidence is one verdict of a rank, and where it stands.
type evidence struct {
	value float64
	err   error
	at    int
	final bool
	whose string // the candidate that it is about, if the text says so
}

// conclusion returns what a rank of evidence says.
func conclusion(all []evidence) (float64, error) {
	var last *evidence
	for i := range all {
		if e := &all[i]; last == nil || e.final || !last.final {
			last = e
		}
	}
	for _, e := range all {
		if e.final == last.final && e.whose != "" && last.whose != "" && e.whose != last.whose {
			return 0, Several
		}
	}
	if last.err != nil {
		return 0, last.err
	}
	return last.value, nil
}

// A reader is a text on its way through the ranks.
type reader struct {
	s      Scale
	text   string   // folded, without reasoning and block quotes
	prose  string   // with everything masked that is no prose
	t      []token  // of the prose
	named  []naming // in the prose
	broken bool     // the text ends inside an object
}

func newReader(text string, s Scale) *reader {
	text = withoutReasoning(folded(text))
	text = withoutBlockQuotes(text)
	return &reader{s: s, text: text}
}

func (s Scale) prose(text string) (float64, error) {
	r := newReader(text, s)
	if strings.TrimSpace(r.text) == "" {
		return 0, Empty
	}
	trimmed := strings.TrimSpace(r.text)
	if plain := unwrapped(trimmed); plain != "" {
		if v, err, ok := s.whole(strings.ReplaceAll(plain, "**", ""), liberty{words: true, about: true}); ok {
			return v, err
		}
		if v, err, ok := s.outOfPoints(plain); ok {
			return v, err
		}
		// Printed with quotation marks around it.
		if n := len(plain) - 1; n > 1 && (plain[0] == '"' || plain[0] == '\'') && plain[n] == plain[0] {
			if inner := strings.TrimSpace(plain[1:n]); strings.HasPrefix(inner, "{") && strings.HasSuffix(inner, "}") {
				r.text = inner
			}
		}
	}
	if v, err, ok := r.objects(); ok {
		return v, err
	}
	r.t = tokens(r.prose)
	r.named = namings(r.t)
	if v, err, ok := r.tags(); ok {
		return v, err
	}
	if v, err, ok := r.marks(); ok {
		return v, err
	}
	if r.broken {
		return 0, Truncated
	}
	return r.labelled()
}

// outOfPoints reads "7 out of 10 points" and "7/10 points" as a whole answer.
func (s Scale) outOfPoints(text string) (float64, error, bool) {
	if !strings.Contains(text, "/") && !strings.Contains(text, "out of") {
		return 0, nil, false
	}
	return s.whole(text, liberty{words: true, about: true, points: true})
}

// unwrapped removes fences, emphasis and backticks around a whole text.
func unwrapped(text string) string {
	if len(text) > 4000 {
		return ""
	}
	if rest, ok := strings.CutPrefix(text, "```"); ok {
		if _, body, ok := strings.Cut(rest, "\n"); ok {
			text = strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(body), "```"))
		}
	}
	for range 4 {
		before := text
		for _, mark := range [...]string{"***", "**", "__", "*", "_", "`", "$"} {
			if len(text) > 2*len(mark) && strings.HasPrefix(text, mark) && strings.HasSuffix(text, mark) {
				text = strings.TrimSpace(text[len(mark) : len(text)-len(mark)])
			}
		}
		if strings.HasPrefix(text, "(") && strings.IndexByte(text, ')') == len(text)-1 {
			text = strings.TrimSpace(text[1 : len(text)-1])
		}
		text = strings.TrimSpace(strings.TrimLeft(text, "#"))
		if text == before {
			break
		}
	}
	return text
}

// eachObject calls see for each object or list in the text that counts, with
// the place where it begins. It makes the prose of what is left, and returns
// false where the text is too tangled to be read.
func (r *reader) eachObject(see func(x *node, at int)) bool {
	text := r.text
	if t := strings.TrimSpace(text); strings.HasPrefix(t, `"{\`) && t[len(t)-1] != '"' {
		r.broken = true // a string that was never ended
		return true
	}
	if strings.Contains(text, `{\"`) || strings.Contains(text, `{ \"`) || strings.Contains(text, `{\n`) && strings.Contains(text, `\"`) {
		text = unescaped(text)
		r.text = text
	}
	p := &loose{s: text}
	all := p.scan()
	var b strings.Builder
	b.Grow(len(text))
	from := 0
	marks := make([]int, len(all)) // where the object's mark stands in the prose
	for i, f := range all {
		b.WriteString(text[from:f.start])
		marks[i] = b.Len()
		b.WriteByte(gapMark)
		from = f.end
	}
	b.WriteString(text[from:])
	r.prose = masked(b.String())
	for i, f := range all {
		if r.prose[marks[i]] != gapMark || inQuotes(text, f) {
			continue
		}
		if f.node.cut && f.end >= len(text) {
			r.broken = true
		}
		see(f.node, f.start)
	}
	return p.work > 0
}

// objects reads the JSON objects in a text.
func (r *reader) objects() (float64, error, bool) {
	var all []evidence
	whole := r.eachObject(func(x *node, at int) {
		if exemplary(r.text, at) {
			return
		}
		if v, err, ok := r.s.verdict(x, 1); ok {
			all = append(all, evidence{value: v, err: err, at: at, whose: identity(x)})
		}
	})
	switch {
	case !whole:
		return 0, None, true
	case len(all) == 0:
		return 0, nil, false
	case len(all) > 1:
		named := namings(tokens(r.text))
		for i := range all {
			if all[i].whose == "" {
				all[i].whose = whose(named, all[i].at)
			}
		}
	}
	v, err := conclusion(all)
	return v, err, true
}

// identity returns which candidate an object names.
func identity(x *node) string {
	if x.kind != object {
		return ""
	}
	for _, m := range x.members {
		switch normal(m.key) {
		case "candidate", "response", "candidateid", "responseid", "assistant", "model", "option", "id", "answerid", "index", "criterion", "criteria", "dimension", "aspect", "name":
			if m.value.kind == bare || m.value.kind == str && len(m.value.text) < 40 {
				return normal(m.key) + "=" + m.value.text
			}
		}
	}
	return ""
}

// inQuotes reports whether quotation marks stand right around an object.
func inQuotes(text string, f found) bool {
	if f.start == 0 || f.end >= len(text) {
		return false
	}
	before, _ := quoteBefore(text, f.start)
	after, _ := quoteAt(text, f.end)
	return before != 0 && before != '`' && after != 0 && after != '`'
}

func quoteBefore(text string, i int) (rune, int) {
	for n := 1; n <= 3 && n <= i; n++ {
		if f, size := quoteAt(text, i-n); f != 0 && size == n {
			return f, size
		}
	}
	return 0, 0
}
