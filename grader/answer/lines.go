package answer

import "strings"

// whole finds the whole body.
type whole struct{}

func (whole) find(b Body) result {
	n := len(b.pieces)
	if n == 0 {
		return miss("there is no text")
	}
	r := result{ok: true, why: "the whole text"}
	r.start, _ = trim(b.response, b.pieces[0].start, b.pieces[0].end)
	_, r.end = trim(b.response, b.pieces[n-1].start, b.pieces[n-1].end)
	if n > 1 {
		r.text, r.decoded = strings.TrimFunc(b.Text(), isSpace), true
	}
	return r
}

// lastLine finds the last line that holds more than white space and marks.
type lastLine struct{}

func (lastLine) find(b Body) result {
	return b.last(func(s string) result {
		for end := len(s); ; {
			start := lineStart(s, end)
			from, to := unwrapEmphasis(s, start, end)
			if strings.Trim(s[from:to], "*_`~-=#") != "" {
				return hit(s, from, to, "the last line")
			}
			if start == 0 {
				return miss("no line holds text")
			}
			end = start - 1
		}
	})
}
