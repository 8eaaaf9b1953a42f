package answer

import (
	"strconv"
	"strings"
)

// A Body is what a model wrote as its answer: a response without the reasoning
// in it. It is made by [Strip].
type Body struct {
	response string
	pieces   []piece // in order; none is blank
	why      string
}

// A piece is a stretch of the response, from start up to end.
type piece struct{ start, end int }

// thoughtTags are what opens and what closes one kind of reasoning.
type thoughtTags struct{ open, close string }

func thoughts() [4]thoughtTags {
	return [4]thoughtTags{
		{"<think>", "</think>"},
		{"<thinking>", "</thinking>"},
		{"<reasoning>", "</reasoning>"},
		{"<|begin_of_thought|>", "<|end_of_thought|>"},
	}
}

const (
	solutionOpen  = "<|begin_of_solution|>"
	solutionClose = "<|end_of_solution|>"
)

// reasoningName reports whether <name> marks reasoning.
func reasoningName(name string) bool {
	for _, t := range thoughts() {
		if strings.EqualFold(t.open, "<"+name+">") {
			return true
		}
	}
	return false
}

// Strip removes the reasoning from a response.
//
// A thought runs from its opening tag to the next closing tag of the same
// kind; other tags inside it mean nothing. A closing tag outside of a thought
// removes everything before it, since chat templates write the opening tag
// into the prompt. A thought that is never closed leaves no body at all, not
// even text that stood before it: the answer was cut off.
//
// Where <|begin_of_solution|> stands outside of the thoughts, only the last
// solution is the body; it runs to <|end_of_solution|> or to the end. Without
// an opening marker the body ends where <|end_of_solution|> stands.
//
// Strip takes linear time, and stripping a stripped text changes nothing.
func Strip(response string) Body {
	b := Body{response: response}
	tags := thoughts()
	begin := 0     // of the piece being read
	ended := false // a solution's end came, and what follows is no body
	keep := func(end int) {
		if !ended && !blank(response[begin:end]) {
			b.pieces = append(b.pieces, piece{begin, end})
		}
	}
	for i := 0; i < len(response); {
		n := strings.IndexByte(response[i:], '<')
		if n < 0 {
			break
		}
		i += n
		rest := response[i:]
		switch {
		case hasFoldPrefix(rest, solutionOpen):
			i += len(solutionOpen)
			b.pieces, begin, ended = b.pieces[:0], i, false
			continue
		case hasFoldPrefix(rest, solutionClose):
			keep(i)
			ended = true
			i += len(solutionClose)
			continue
		}
		opened, closed := matchThought(tags, rest)
		switch {
		case opened >= 0:
			keep(i)
			from := i + len(tags[opened].open)
			to := indexFold(response[from:], tags[opened].close)
			if to < 0 {
				why := "the reasoning that opens with " + tags[opened].open + ", line " + strconv.Itoa(lineOf(response, i)) + ", is never closed, so there is no final answer"
				return Body{response: response, why: why}
			}
			i = from + to + len(tags[opened].close)
			begin = i
		case closed >= 0:
			i += len(tags[closed].close)
			b.pieces, begin, ended = b.pieces[:0], i, false
		default:
			i++
		}
	}
	keep(len(response))
	switch {
	case len(b.pieces) > 0:
	case blank(response):
		b.why = "the response is empty"
	default:
		b.why = "the response holds nothing but reasoning"
	}
	return b
}

func matchThought(tags [4]thoughtTags, s string) (opened, closed int) {
	for i, t := range tags {
		switch {
		case hasFoldPrefix(s, t.open):
			return i, -1
		case hasFoldPrefix(s, t.close):
			return -1, i
		}
	}
	return -1, -1
}

// Text returns the body. Where a thought stood between two pieces of text they
// are on lines of their own: joining them would make words and numbers, and
// tags, that nobody wrote.
func (b Body) Text() string {
	switch len(b.pieces) {
	case 0:
		return ""
	case 1:
		return b.response[b.pieces[0].start:b.pieces[0].end]
	}
	var w strings.Builder
	for i, p := range b.pieces {
		if i > 0 {
			w.WriteByte('\n')
		}
		w.WriteString(b.response[p.start:p.end])
	}
	return w.String()
}

// Why says why there is no body, and is empty when there is one.
func (b Body) Why() string { return b.why }

// Offset returns where byte i of the text stands in the response, in bytes. A
// line break that stands for a thought belongs to the thought's beginning.
func (b Body) Offset(i int) int {
	for _, p := range b.pieces {
		if size := p.end - p.start; i > size {
			i -= size + 1
			continue
		}
		return p.start + i
	}
	return len(b.response)
}
