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
	// fence and the carriage returns of CRLF; whole leaves out the reasoning
	// between two pieces of text. Both are 0 when !OK.
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

// last searches the pieces of the body from the last to the first. An answer
// never stands in two pieces: a thought inside an answer is no way to write one.
func (b Body) last(search func(s string) result) result {
	var r result
	for i := len(b.pieces) - 1; i >= 0; i-- {
		p := b.pieces[i]
		r = search(b.response[p.start:p.end])
		if r.ok || r.damaged {
			r.start, r.end = r.start+p.start, r.end+p.start
			return r
		}
	}
	return r
}

// Find looks for the final answer in a response as it was generated: it strips
// the reasoning and tries the finders in order. It takes time linear in the
// response for every finder; for regex see the package comment.
func (f Finders) Find(response string) Found {
	b := Strip(response)
	if b.why != "" {
		return Found{Why: b.why}
	}
	var whys []string
	for _, d := range f.list {
		r := d.search.find(b)
		why := d.label() + ": " + r.why
		if r.ok || r.damaged {
			why += ", line " + strconv.Itoa(lineOf(response, r.start))
		}
		if r.ok {
			text := r.text
			if !r.decoded {
				text = response[r.start:r.end]
			}
			return Found{Text: text, OK: true, Finder: d.name, Start: r.start, End: r.end, Why: why}
		}
		whys = append(whys, why)
	}
	if len(whys) == 0 {
		return Found{Why: "there are no finders"}
	}
	return Found{Why: strings.Join(whys, "; ")}
}

// label is the name for people, without a long argument.
func (d finder) label() string {
	if kind, _, ok := strings.Cut(d.name, ":"); ok && kind == "regex" {
		return kind
	}
	return d.name
}
