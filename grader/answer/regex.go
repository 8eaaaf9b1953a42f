package answer

import (
	"fmt"
	"regexp"
	"regexp/syntax"
	"strings"
	"unicode/utf8"
)

// regex finds the last match of a pattern.
type regex struct{ re *regexp.Regexp }

// RE2 finds one match in linear time, but all of them in quadratic time where a
// pattern can match short and must look far. So the number of matches, times
// the bytes that each may look at, is bounded by the square of regexWindow.
const regexWindow = 1 << 10

// maxInstructions bounds a compiled pattern. Matching costs up to this many
// steps for every byte: measured, some 3 seconds for a megabyte.
const maxInstructions = 400

// CompilePattern compiles a regular expression of the RE2 syntax unless it is too
// large to be matched against hostile text: counted repetitions in each other
// multiply, and a match costs up to one step for each instruction and byte.
func CompilePattern(pattern string) (*regexp.Regexp, error) {
	parsed, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		return nil, fmt.Errorf("want a regular expression of the RE2 syntax: %w", err)
	}
	program, err := syntax.Compile(parsed.Simplify())
	if err != nil {
		return nil, fmt.Errorf("want a regular expression of the RE2 syntax: %w", err)
	}
	if n := len(program.Inst); n > maxInstructions {
		return nil, fmt.Errorf("the pattern is too large: it compiles to %d instructions, of which there may be %d; write + or * instead of large {n,m}, and split long lists", n, maxInstructions)
	}
	return regexp.Compile(pattern)
}

func (x regex) find(b Body) result { return b.last(x.last) }

// last looks at the whole text and, where that has too many matches, at its
// end: at the smallest of the ends, each twice as long as the one before, that
// holds a match.
func (x regex) last(s string) result {
	r, tooMany := x.lastFrom(s, 0)
	if !tooMany {
		return r
	}
	for window := regexWindow; window < len(s); window *= 2 {
		if r, tooMany = x.lastFrom(s, beginning(s, len(s)-window)); r.ok || tooMany {
			break
		}
	}
	if !r.ok {
		return miss("too many matches to find the last one; make the pattern more specific")
	}
	return r
}

// lastFrom looks at s[from:] and reports whether there are too many matches.
func (x regex) lastFrom(s string, from int) (r result, tooMany bool) {
	limit := regexWindow*regexWindow/(len(s)-from+1) + 1
	all := x.re.FindAllStringSubmatchIndex(s[from:], limit+1)
	if len(all) > limit {
		return result{}, true
	}
	group := min(1, x.re.NumSubexp())
	for i := len(all) - 1; i >= 0; i-- {
		start, end := all[i][2*group], all[i][2*group+1]
		if start >= 0 && !blank(s[from+start:from+end]) {
			return hit(s, from+start, from+end, "the last match"), false
		}
	}
	if len(all) > 0 {
		return miss("every match is empty"), false
	}
	return miss("no match"), false
}

// beginning returns the first beginning of a line from byte i on or, where the
// line that it stands on is long, that of a rune.
func beginning(s string, i int) int {
	if n := strings.IndexByte(s[i:], '\n'); n >= 0 && n < (len(s)-i)/2 {
		return i + n + 1
	}
	for i < len(s) && !utf8.RuneStart(s[i]) {
		i++
	}
	return i
}
