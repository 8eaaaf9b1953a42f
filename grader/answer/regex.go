package answer

import (
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"
)

// regex finds the last match of a pattern.
type regex struct{ re *regexp.Regexp }

// regexWork bounds the matches that are looked for, times the bytes that each
// may look at. RE2 finds one match in linear time, but all of them in
// quadratic time where a pattern can match short and must look far.
const regexWork = 1 << 24

func (x regex) find(b Body) result { return b.last(x.last) }

// last looks at the whole text first, and then at its last half, quarter and
// so on, as long as there are more matches than the budget allows.
func (x regex) last(s string) result {
	group := min(1, x.re.NumSubexp())
	for from := 0; ; {
		limit := regexWork/(len(s)-from+1) + 1
		all := x.re.FindAllStringSubmatchIndex(s[from:], limit+1)
		if len(all) > limit {
			from = laterHalf(s, from)
			continue
		}
		for i := len(all) - 1; i >= 0; i-- {
			start, end := all[i][2*group], all[i][2*group+1]
			if start >= 0 && !blank(s[from+start:from+end]) {
				return hit(s, from+start, from+end, fmt.Sprintf("the last match%s", ofMany(len(all))))
			}
		}
		switch {
		case from > 0:
			return miss("too many matches to find the last one; make the pattern more specific")
		case len(all) > 0:
			return miss("every match is empty")
		}
		return miss("no match")
	}
}

// laterHalf returns the beginning of a line near the middle of s[from:], or of
// a rune where there is no line.
func laterHalf(s string, from int) int {
	middle := from + (len(s)-from+1)/2
	if n := strings.IndexByte(s[middle:], '\n'); n >= 0 && n < (len(s)-middle)/2 {
		return middle + n + 1
	}
	for middle < len(s) && !utf8.RuneStart(s[middle]) {
		middle++
	}
	return middle
}
