package prompt

import "unicode/utf8"

// Where says where a text is cut.
type Where string

const (
	Middle Where = "in its middle"
	End    Where = "at its end"
)

// Left says what was left out of a text.
type Left struct {
	Bytes int
	Where Where
}

// gap stands where the middle of a text was left out.
const gap = "\n[...]\n"

// Cut returns text in at most most bytes (and the bytes of the gap), never
// inside a character. Most must be positive.
func Cut(text string, most int, where Where) (string, Left) {
	if len(text) <= most {
		return text, Left{}
	}
	if where == End {
		end := backward(text, most)
		return text[:end] + gap, Left{Bytes: len(text) - end, Where: where}
	}
	head := backward(text, (most+1)/2)
	tail := forward(text, len(text)-most/2)
	return text[:head] + gap + text[tail:], Left{Bytes: tail - head, Where: where}
}

func backward(s string, i int) int {
	for j := i; j > 0 && i-j < utf8.UTFMax; j-- {
		if utf8.RuneStart(s[j]) {
			return j
		}
	}
	return i
}

func forward(s string, i int) int {
	for j := i; j < len(s) && j-i < utf8.UTFMax; j++ {
		if utf8.RuneStart(s[j]) {
			return j
		}
	}
	return i
}
