package gold

import (
	"regexp/syntax"
	"strings"
)

// matching returns a text that a regular expression is likely to find, with its first
// group, or the whole where it has none, being the given text.
func matching(pattern, text string) string {
	re, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil || re.MaxCap() == 0 {
		return text
	}
	var b strings.Builder
	sample(&b, re, text)
	return b.String()
}

// maxRepeats bounds what a counted repetition writes.
const maxRepeats = 16

// sample writes the shortest text that matches, in most cases.
func sample(b *strings.Builder, re *syntax.Regexp, text string) {
	switch re.Op {
	case syntax.OpLiteral:
		b.WriteString(string(re.Rune))
	case syntax.OpCharClass:
		if len(re.Rune) > 0 {
			b.WriteRune(rune1(re.Rune))
		}
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		b.WriteByte('x')
	case syntax.OpCapture:
		if re.Cap == 1 {
			b.WriteString(text)
			return
		}
		sample(b, re.Sub[0], text)
	case syntax.OpConcat:
		for _, s := range re.Sub {
			sample(b, s, text)
		}
	case syntax.OpAlternate:
		// The branch with the group, if one has it.
		for _, s := range re.Sub {
			if hasFirst(s) {
				sample(b, s, text)
				return
			}
		}
		sample(b, re.Sub[0], text)
	case syntax.OpStar, syntax.OpQuest:
		if hasFirst(re) {
			sample(b, re.Sub[0], text)
		}
	case syntax.OpPlus:
		sample(b, re.Sub[0], text)
	case syntax.OpRepeat:
		for range min(max(re.Min, 0), maxRepeats) {
			sample(b, re.Sub[0], text)
		}
	}
}

// rune1 picks a printable character of a class.
func rune1(ranges []rune) rune {
	for i := 0; i+1 < len(ranges); i += 2 {
		for _, c := range "a0 " {
			if ranges[i] <= c && c <= ranges[i+1] {
				return c
			}
		}
	}
	return ranges[0]
}

// hasFirst reports whether the first group is in an expression.
func hasFirst(re *syntax.Regexp) bool {
	if re.Op == syntax.OpCapture && re.Cap == 1 {
		return true
	}
	for _, s := range re.Sub {
		if hasFirst(s) {
			return true
		}
	}
	return false
}
