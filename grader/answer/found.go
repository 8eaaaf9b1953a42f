package answer

import (
	"strconv"
	"strings"
)

// Found is what finders found in a response.
type Found struct {
	// Text is the answer, without white space around it; "" when !OK.
	Text string
	// OK reports whether there is an answer.
	OK bool
	// Finder is the finder that hit, as it was named.
	Finder string
	// Start and End say where the answer stands in the response, in bytes.
	// response[Start:End] is Text, but for these: json: decodes strings and
	// writes objects and lists compactly; code removes the indentation of a
	// fence and the carriage returns of CRLF. Both are 0 when !OK.
	Start, End int
	// Why is for people: what was found and where ("boxed: the last of 2
	// boxes, line 7") or, when !OK, why each finder found nothing. It never
	// quotes the response.
	Why string
}

// A result is what one search came to. Offsets are those of the text that was
// searched.
type result struct {
	ok         bool
	damaged    bool // something stands at start that is no answer, and nothing before it may count
	start, end int
	text       string // the answer, where decoded
	decoded    bool   // the answer is text, not what stands between start and end
	why        string
}

// hit is the text between start and end without white space around it.
func hit(s string, start, end int, why string) result {
	start, end = trim(s, start, end)
	return result{ok: true, start: start, end: end, why: why}
}

func miss(why string) result { return result{why: why} }

// damaged is no answer, and says that earlier text holds none either.
func damaged(at int, why string) result { return result{damaged: true, start: at, end: at, why: why} }

// last searches the body, and says where in the response the result stands.
func (b Body) last(search func(s string) result) result {
	r := search(b.Text())
	if r.ok || r.damaged {
		r.start, r.end = r.start+b.start, r.end+b.start
	}
	return r
}

// Find looks for the final answer in a response as it was generated: it strips
// the reasoning and tries the finders in order. Where the last place of a finder
// is cut off or broken there is no answer: neither an earlier place nor another
// finder stands in for it, and what was found before such a place of a later
// finder does not count either. It takes time linear in the response for every
// finder; for regex see the package comment.
func (f Finders) Find(response string) Found {
	b := Strip(response)
	if b.why != "" {
		return Found{Why: b.why}
	}
	var whys []string
	for i, d := range f.list {
		r := d.search.find(b)
		if !r.ok {
			whys = append(whys, d.why(response, r))
			if r.damaged {
				break
			}
			continue
		}
		if at, how := b.hidden(r.start); how != "" && d.visible() {
			return Found{Why: d.why(response, damaged(at, how))}
		}
		for _, later := range f.list[i+1:] {
			if x := later.search.find(b); x.damaged && x.start >= r.end {
				return Found{Why: later.why(response, x)}
			}
		}
		text := r.text
		if !r.decoded {
			text = response[r.start:r.end]
		}
		return Found{Text: text, OK: true, Finder: d.name, Start: r.start, End: r.end, Why: d.why(response, r)}
	}
	if len(whys) == 0 {
		return Found{Why: "there are no finders"}
	}
	return Found{Why: strings.Join(whys, "; ")}
}

// why says for people what r came to and where.
func (d finder) why(response string, r result) string {
	why := d.label() + ": " + r.why
	if r.ok || r.damaged {
		why += ", line " + strconv.Itoa(lineOf(response, r.start))
	}
	return why
}

// visible reports whether the finder reads text as people see it.
func (d finder) visible() bool {
	switch d.search.(type) {
	case code, jsonValue, regex, whole:
		return false
	}
	return true
}

// hidden says how byte i of the response is kept from people who read it, and
// where that begins: in a comment, or struck out.
func (b Body) hidden(i int) (at int, how string) {
	before := b.response[b.start:i]
	if n := strings.LastIndex(before, "<!--"); n >= 0 && !strings.Contains(before[n:], "-->") && strings.Contains(b.response[i:b.end], "-->") {
		return b.start + n, "the answer stands in a comment"
	}
	line := before[strings.LastIndexByte(before, '\n')+1:]
	behind := b.response[i:lineEnd(b.response[:b.end], i)]
	if n := strings.LastIndex(line, "~~"); n >= 0 && strings.Count(line, "~~")%2 == 1 && strings.Contains(behind, "~~") {
		return i - len(line) + n, "the answer is struck out"
	}
	for _, mark := range [...][2]string{{"<del>", "</del>"}, {"<s>", "</s>"}, {"<strike>", "</strike>"}} {
		n := strings.LastIndex(line, mark[0])
		if n >= 0 && !strings.Contains(line[n:], mark[1]) && strings.Contains(behind, mark[1]) {
			return i - len(line) + n, "the answer is struck out"
		}
	}
	return 0, ""
}

// label is the name for people, without a long argument.
func (d finder) label() string {
	if kind, _, ok := strings.Cut(d.name, ":"); ok && kind == "regex" {
		return kind
	}
	return d.name
}
