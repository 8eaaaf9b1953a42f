package answer

import "strings"

// whole finds the whole body.
type whole struct{}

func (whole) find(b Body) result {
	return b.last(func(s string) result { return hit(s, 0, len(s), "the whole text") })
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
