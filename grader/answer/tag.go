package answer

import (
	"strings"
	"unicode"
)

// maxTagName is the length of the longest name that tag: takes, in bytes.
const maxTagName = 64

func tagRune(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("_-.:", r)
}

// tag finds the content of the last element <name>...</name>, in any case.
type tag struct{ name string }

func (t tag) find(b Body) result { return b.last(t.last) }

// last reads backwards and pairs every opening tag with the nearest closing
// tag that is left, as nesting wants it.
func (t tag) last(s string) result {
	opening, closing := "<"+t.name+">", "</"+t.name+">"
	var closers []int
	empty := false
	if at := cutTag(s, opening); at >= 0 {
		return damaged(at, "the last "+opening+" was cut off")
	}
	inner := len(s) // where the opening tag behind this one stands
	for i := len(s); ; {
		i = strings.LastIndexByte(s[:i], '<')
		if i < 0 {
			break
		}
		rest := s[i:]
		switch {
		case hasFoldPrefix(rest, closing):
			closers = append(closers, i)
		case hasFoldPrefix(rest, opening):
			if len(closers) == 0 {
				return damaged(i, "the last "+opening+" is never closed")
			}
			start, end := i+len(opening), closers[len(closers)-1]
			closers = closers[:len(closers)-1]
			// Around an element that was passed over there is nothing either.
			if inner > end && !blank(s[start:end]) {
				start, end = behindLead(s, start, end)
				return hit(s, start, end, "the last element")
			}
			empty, inner = true, i
		}
	}
	if empty {
		return miss("every " + opening + " is empty")
	}
	return miss("no " + opening)
}

// cutTag returns where a tag begins of which s ends in the middle, or -1. A
// lone "<" may be anything.
func cutTag(s, opening string) int {
	for n := min(len(s), len(opening)-1); n > 1; n-- {
		if hasFoldPrefix(opening, s[len(s)-n:]) {
			return len(s) - n
		}
	}
	return -1
}
