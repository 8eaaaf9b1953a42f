package answer

import (
	"slices"
	"strconv"
	"strings"
)

// boxed finds the content of the last \boxed{} or \fbox{}.
type boxed struct{}

func (boxed) find(b Body) result { return b.last(lastBox) }

// A box is one \boxed command.
type box struct {
	at     int // where the command begins
	start  int // of the content
	end    int // of the content; -1 when the brace is never closed
	after  int // where the command ends with all its braces
	parent int // the box around it, or -1
}

// lastBox returns the content of the last box. Of boxes in a box the outermost
// counts; where it holds nothing but another box, that one does.
func lastBox(s string) result {
	boxes := readBoxes(s)
	if len(boxes) == 0 {
		return miss(`no \boxed{}`)
	}
	roots := make([]int, len(boxes))
	filled := 0
	for i, x := range boxes {
		roots[i] = i
		if x.parent >= 0 && boxes[x.parent].end >= 0 {
			roots[i] = roots[x.parent]
		}
		if x.end >= 0 && !blank(s[x.start:x.end]) && roots[i] == i {
			filled++
		}
	}
	for i := len(boxes) - 1; i >= 0; i-- {
		i = roots[i]
		x := boxes[i]
		if x.end < 0 {
			return damaged(x.at, "the last box is never closed")
		}
		start, end := unbox(s, boxes, i)
		if start == end {
			continue
		}
		// A box inside one that is never closed is part of a cut answer, unless
		// a later line shows that only the brace was forgotten.
		if x.parent >= 0 && !strings.Contains(s[boxes[x.parent].start:x.at], "\n") {
			return damaged(boxes[x.parent].at, "the last box stands in one that is never closed")
		}
		if boxChanged(s, x.at, x.after) || slices.ContainsFunc(boxes[:i], func(y box) bool { return y.after == x.at }) {
			return damaged(x.at, "what touches the last box makes another value of it")
		}
		start, end = behindLead(s, start, end)
		return hit(s, start, end, "the last box"+ofMany(filled))
	}
	return miss("every box is empty")
}

// unbox returns the content of box i, or of the boxes that alone fill it.
func unbox(s string, boxes []box, i int) (start, end int) {
	for {
		start, end = trim(s, boxes[i].start, boxes[i].end)
		if i+1 == len(boxes) || boxes[i+1].at != start || boxes[i+1].after != end {
			return start, end
		}
		i++
	}
}

// ofMany says which one of several was taken.
func ofMany(n int) string {
	if n < 2 {
		return ""
	}
	return " of " + strconv.Itoa(n)
}

// readBoxes returns all boxes in the order in which they open, in one pass.
func readBoxes(s string) []box {
	var boxes []box
	var open []int32                // braces that are open inside boxes: a box's index, or -1
	inner := -1                     // the innermost open box
	first := strings.Index(s, "ox") // every form of the command holds it
	if first < 0 {
		return nil
	}
	for i := max(0, first-len(`\fb`)); i < len(s); {
		switch s[i] {
		case '{':
			if inner >= 0 {
				open = append(open, -1)
			}
			i++
		case '}':
			if n := len(open) - 1; n >= 0 {
				if k := open[n]; k >= 0 {
					boxes[k].end, boxes[k].after = i, i+1
					inner = boxes[k].parent
				}
				open = open[:n]
			}
			i++
		case '\\', '\b', '\f':
			n := boxCommand(s[i:])
			switch {
			case n == 0 && s[i] != '\\':
				i++
			case n == 0 && i+1 < len(s) && s[i+1] == '\\' && boxCommand(s[i+1:]) > 0:
				i++ // a doubled backslash before the command
			case n == 0:
				i += 2
			default:
				x := box{at: i, parent: inner, end: -1}
				i += n
				brace := i + len(s[i:]) - len(strings.TrimLeft(s[i:], " \t\r\n"))
				if brace == len(s) {
					boxes = append(boxes, x) // cut off before its brace
					continue
				}
				if s[brace] == '{' {
					x.start = brace + 1
					open = append(open, int32(len(boxes)))
					inner = len(boxes)
					boxes = append(boxes, x)
					i = brace + 1
					continue
				}
				if x.start, x.end = boxToken(s, i); x.start < x.end {
					x.after = x.end
					i = x.end
					boxes = append(boxes, x)
				}
			}
		default:
			i++
		}
	}
	return boxes
}

// boxCommand returns the length of the command that s begins with, or 0. In
// damaged text the backslash and the letter behind it have become a backspace
// or a form feed.
func boxCommand(s string) int {
	for _, c := range [...]string{`\boxed`, `\fbox`, "\boxed", "\fbox"} {
		if strings.HasPrefix(s, c) && (len(s) == len(c) || !isLetter(s[len(c)])) {
			return len(c)
		}
	}
	return 0
}

// boxToken returns the number, the letter or the command without arguments
// that a box without braces holds: \boxed 5. Prose that only mentions \boxed
// holds none.
func boxToken(s string, i int) (start, end int) {
	for i < len(s) && (s[i] == ' ' || s[i] == '\t') {
		i++
	}
	start, end = i, i
	if end < len(s) && (s[end] == '-' || s[end] == '+') {
		end++
	}
	digits := end
	for end < len(s) && (isDigit(s[end]) || (s[end] == '.' || s[end] == ',') && end+1 < len(s) && isDigit(s[end+1])) {
		end++
	}
	if end > digits {
		return start, end
	}
	end = start
	if end < len(s) && s[end] == '\\' {
		end++
	}
	name := end
	for end < len(s) && isLetter(s[end]) {
		end++
	}
	letters := end - name
	if letters == 0 || letters > 1 && name == start {
		return start, start
	}
	// Only mathematics that ends here, or the line's end, follows an answer.
	rest := strings.TrimLeft(s[end:min(len(s), end+8)], " \t.")
	if rest == "" || rest[0] == '$' || rest[0] == '\n' || rest[0] == '\r' || strings.HasPrefix(rest, `\)`) || strings.HasPrefix(rest, `\]`) {
		return start, end
	}
	return start, start
}
