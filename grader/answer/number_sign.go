package answer

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// sign returns where the last number begins with its sign and its currency.
func (n *numerals) sign() int {
	start := n.currency(n.start)
	r := runeBefore(n.s, start)
	if !strings.ContainsRune("-+−–－＋±", r) || r == 0 {
		return start
	}
	at := start - utf8.RuneLen(r)
	if n.binary(at) {
		return start
	}
	if start == n.start {
		return n.currency(at)
	}
	return at
}

// currency moves over a currency sign before byte i, unless it is the dollar
// that begins mathematics.
func (n *numerals) currency(i int) int {
	switch r := runeBefore(n.s, i); r {
	case '$':
		if n.s[i] == '\\' {
			return i
		}
		line := sentence{s: n.s, line: lineEnd(n.s, i)}
		if line.overDollars(i-1) == i && runeBefore(n.s, i-1) != '$' {
			return i - 1
		}
	case '€', '£', '¥', '₹', '₽', '₩', '¢':
		return i - utf8.RuneLen(r)
	}
	return i
}

// binary reports whether the sign at byte i stands between two operands, or is
// a hyphen.
func (n *numerals) binary(i int) bool {
	r := runeBefore(n.s, i)
	if unicode.IsLetter(r) || r == '-' {
		return true
	}
	for range 8 {
		if r != ' ' && r != '\t' {
			break
		}
		i--
		r = runeBefore(n.s, i)
	}
	return isNumeral(r) || isSuperscript(r) || r == ')' || r == ']' || r == '}' || r == '%'
}
