package answer

import "strconv"

// A Body is what a model wrote as its answer: a response without the reasoning
// in it. It is made by [Strip].
type Body struct {
	response   string
	start, end int // what of the response is the body
	why        string
}

// Strip finds the body in a response: the text behind its reasoning, or, where
// nothing stands behind it, the text right before.
//
// A thought runs from its opening mark to the next closing mark of the same
// kind; other marks inside it mean nothing. The marks, in any case, are the tags
// think, thinking, thought, thoughts, reasoning, reflection, analysis,
// scratchpad and seed:think, with or without attributes, and [THINK], ◁think▷,
// <|begin_of_thought|>, <|START_THINKING|>, <|thinking|> and <|think|>. A closing
// mark outside of a thought removes everything before it, since chat templates
// write the opening mark into the prompt. A thought that is never closed leaves
// no body at all, not even text that stood before it: the answer was cut off.
//
// The body is one stretch of the response. Text on the other side of a thought
// is no part of it: a thought in the middle of an answer would hide its end,
// and joining both sides would make numbers and words that nobody wrote.
//
// Where <|begin_of_solution|> stands outside of the thoughts, only the last
// solution is the body; it runs to <|end_of_solution|> or to the end. Without
// an opening marker the body ends where <|end_of_solution|> stands. Where
// <|channel|> stands outside of the thoughts, only the message of the last
// channel "final" is the body, and messages in other channels are thoughts.
//
// Tokens that end a text, such as <|im_end|> and </s>, are cut off its end.
//
// Strip takes linear time, and stripping a stripped text changes nothing.
func Strip(response string) Body {
	b := Body{response: response}
	marks := thoughts()
	begin := 0        // of the text being read
	ended := false    // a solution's or a message's end came, and what follows is no body
	channels := false // a channel was named
	keep := func(end int) {
		if ended {
			return
		}
		if end = begin + cutEndings(response[begin:end]); !blank(response[begin:end]) {
			b.start, b.end = begin, end
		}
	}
	restart := func(i int) {
		b.start, b.end, begin, ended = i, i, i, false
	}
	cut := func(what string, i int) Body {
		return Body{response: response, why: what + ", line " + strconv.Itoa(lineOf(response, i)) + ", is never closed, so there is no final answer"}
	}
	for i := 0; i < len(response); {
		if c := response[i]; c != '<' && c != '[' && c != "◁"[0] {
			i++
			continue
		}
		rest := response[i:]
		if !mayMark(rest) {
			i++
			continue
		}
		switch {
		case hasFoldPrefix(rest, solutionOpen):
			i += len(solutionOpen)
			restart(i)
			continue
		case hasFoldPrefix(rest, solutionClose):
			keep(i)
			ended = true
			i += len(solutionClose)
			continue
		case hasFoldPrefix(rest, channelMark):
			final, n := channelHeader(rest)
			if n < 0 {
				return cut("the header of a message", i)
			}
			channels = true
			from := i + n
			i = from
			if !final {
				to := messageEnd(response[from:])
				if to < 0 {
					return cut("the reasoning in a channel", from)
				}
				i = from + to
			}
			restart(i)
			ended = !final
			continue
		case channels && messageEnds(rest):
			keep(i)
			ended = true
			i++
			continue
		}
		opened, closed, n := thoughtAt(&marks, rest)
		switch {
		case opened >= 0:
			keep(i)
			to := afterMark(response[i+n:], marks[opened].close)
			if to < 0 {
				return cut("the reasoning that opens with "+marks[opened].open, i)
			}
			i += n + to
			begin = i
		case closed >= 0:
			i += n
			restart(i)
		default:
			i++
		}
	}
	keep(len(response))
	switch {
	case b.start < b.end:
	case blank(response[:cutEndings(response)]):
		b.why = "the response is empty"
	default:
		b.why = "the response holds nothing but reasoning"
	}
	return b
}

// Text returns the body.
func (b Body) Text() string { return b.response[b.start:b.end] }

// Why says why there is no body, and is empty when there is one.
func (b Body) Why() string { return b.why }

// Offset returns where byte i of the text stands in the response, in bytes.
func (b Body) Offset(i int) int { return min(b.start+i, len(b.response)) }
