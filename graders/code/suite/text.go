package suite

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/rftgrader/rftgrader/grader"
)

// A TextMode says when a script's output is the one that is wanted. In every
// mode a carriage return before a newline counts as nothing, and one elsewhere is
// text. Only the ASCII characters space, tab, newline, vertical tab and form
// feed are white space, and only ASCII digits are digits.
type TextMode string

const (
	// ExactText: every character counts.
	ExactText TextMode = "exact"
	// Lines: white space at the end of lines and blank lines at the end do not count.
	Lines TextMode = "lines"
	// Tokens: the words count, not the white space between them.
	Tokens TextMode = "tokens"
	// FloatTokens: as Tokens, but words that are numbers a (got) and b (wanted) are
	// equal where |a-b| <= tol*max(1,|b|).
	FloatTokens TextMode = "float"
	// Decimals: as Lines, but within a line the words count, and words that are
	// numbers are equal where their values are, exactly: 1.0 and 1, not 01 and 1.
	Decimals TextMode = "decimals"
)

// compareText returns why got is not what is wanted, and "" if it is.
func compareText(got, want string, mode TextMode, tol float64) string {
	got, want = strings.ReplaceAll(got, "\r\n", "\n"), strings.ReplaceAll(want, "\r\n", "\n")
	same := func(a, b string) bool { return a == b }
	switch mode {
	case ExactText:
		if got == want {
			return ""
		}
		return differentText(got, want)
	case FloatTokens:
		return compareTokens(got, want, func(a, b string) bool { return a == b || nearNumbers(a, b, tol) })
	case Tokens:
		return compareTokens(got, want, same)
	case Decimals:
		return compareLines(got, want, func(a, b string) string { return compareTokens(a, b, sameNumbers) })
	}
	return compareLines(got, want, func(a, b string) string {
		if a == b {
			return ""
		}
		return "got " + grader.Excerpt(a) + ", want " + grader.Excerpt(b)
	})
}

func differentText(got, want string) string {
	i := 0
	for i < min(len(got), len(want)) && got[i] == want[i] {
		i++
	}
	line := 1 + strings.Count(got[:i], "\n")
	return fmt.Sprintf("line %d: got %s, want %s", line, grader.Excerpt(got[i:]), grader.Excerpt(want[i:]))
}

const space = " \t\n\v\f"

func compareLines(got, want string, same func(a, b string) string) string {
	got, want = strings.TrimRight(got, space), strings.TrimRight(want, space)
	if got == "" && want != "" {
		return "got no output"
	}
	for n := 1; ; n++ {
		a, moreGot, endGot := strings.Cut(got, "\n")
		b, moreWant, endWant := strings.Cut(want, "\n")
		if why := same(strings.TrimRight(a, space), strings.TrimRight(b, space)); why != "" {
			return "line " + strconv.Itoa(n) + ": " + why
		}
		switch {
		case !endGot && !endWant:
			return ""
		case !endGot:
			return fmt.Sprintf("the output ends after line %d, %d more are wanted", n, 1+strings.Count(moreWant, "\n"))
		case !endWant:
			return fmt.Sprintf("the output goes on after line %d, the last that is wanted", n)
		}
		got, want = moreGot, moreWant
	}
}

// token cuts the next word off s.
func token(s string) (word, rest string) {
	start := 0
	for start < len(s) && strings.IndexByte(space, s[start]) >= 0 {
		start++
	}
	end := start
	for end < len(s) && strings.IndexByte(space, s[end]) < 0 {
		end++
	}
	return s[start:end], s[end:]
}

func compareTokens(got, want string, same func(a, b string) bool) string {
	for n := 1; ; n++ {
		var a, b string
		a, got = token(got)
		b, want = token(want)
		switch {
		case a == "" && b == "":
			return ""
		case a == "":
			return fmt.Sprintf("the output ends before word %d, %s", n, grader.Excerpt(b))
		case b == "":
			return fmt.Sprintf("the output goes on after the last word that is wanted, with %s", grader.Excerpt(a))
		case !same(a, b):
			return fmt.Sprintf("word %d: got %s, want %s", n, grader.Excerpt(a), grader.Excerpt(b))
		}
	}
}

// A decimal is a number in ASCII: sign, digits without zeros at either end, and
// the power of ten that they are multiplied by.
type decimal struct {
	negative bool
	digits   string
	exponent int
}

const maxExponent = 1 << 24

// readDecimal reads [+-] digits [. digits] [e [+-] digits]. An integer part that
// begins with a zero too many is no number: it may be a code.
func readDecimal(s string) (d decimal, ok bool) {
	rest := s
	if rest != "" && (rest[0] == '+' || rest[0] == '-') {
		d.negative = rest[0] == '-'
		rest = rest[1:]
	}
	whole, rest := cutDigits(rest)
	if len(whole) > 1 && whole[0] == '0' {
		return d, false
	}
	fraction := ""
	if rest != "" && rest[0] == '.' {
		fraction, rest = cutDigits(rest[1:])
	}
	if whole == "" && fraction == "" {
		return d, false
	}
	if rest != "" {
		if rest[0] != 'e' && rest[0] != 'E' {
			return d, false
		}
		n, err := strconv.Atoi(rest[1:])
		if err != nil || n < -maxExponent || n > maxExponent {
			return d, false
		}
		d.exponent = n
	}
	d.exponent -= len(fraction)
	d.digits = strings.TrimLeft(whole+fraction, "0")
	trimmed := strings.TrimRight(d.digits, "0")
	d.exponent += len(d.digits) - len(trimmed)
	if d.digits = trimmed; d.digits == "" {
		return decimal{}, true
	}
	return d, true
}

func cutDigits(s string) (digits, rest string) {
	n := 0
	for n < len(s) && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	return s[:n], s[n:]
}

func sameNumbers(a, b string) bool {
	if a == b {
		return true
	}
	x, xok := readDecimal(a)
	y, yok := readDecimal(b)
	return xok && yok && x == y
}

func nearNumbers(a, b string, tol float64) bool {
	if _, ok := readDecimal(a); !ok {
		return false
	}
	if _, ok := readDecimal(b); !ok {
		return false
	}
	x, err := strconv.ParseFloat(a, 64)
	if err != nil {
		return false
	}
	y, err := strconv.ParseFloat(b, 64)
	return err == nil && math.Abs(x-y) <= tol*max(1, math.Abs(y))
}
