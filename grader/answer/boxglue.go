package answer

import (
	"strings"
	"unicode"
)

// glueLimit bounds, in bytes, how far around a box its surroundings are read.
const glueLimit = 200

// boxChanged reports whether what touches s[at:after], which is a box, makes
// its value another one: a sign, a factor, a power, more digits, a root.
func boxChanged(s string, at, after int) bool {
	return changesBehind(s, outside(s, at)) || changesBefore(s[after:min(len(s), after+glueLimit)]) || changedAround(s, at, after)
}

// outside returns where the delimiters and the emphasis begin that end before
// byte i.
func outside(s string, i int) int {
	for range 8 {
		from := i
		for _, mark := range [...]string{"$", `\(`, `\[`, "**", "__"} {
			if strings.HasSuffix(s[:i], mark) && !strings.HasSuffix(s[:i], `\`+mark) {
				i -= len(mark)
			}
		}
		if i == from {
			break
		}
	}
	return i
}

// changesBehind reports whether a value that begins behind byte i is changed
// by what ends there.
func changesBehind(s string, i int) bool {
	before := s[max(0, i-glueLimit):i]
	if text := strings.TrimRight(before, " \t~"); text != before {
		// A sign alone before a box in mathematics, or one that says it differs.
		if open, minus := strings.CutSuffix(text, "-"); minus {
			open = strings.TrimRight(open, " ")
			return strings.HasSuffix(open, "$") || strings.HasSuffix(open, `\(`) || strings.HasSuffix(open, `\[`) || strings.HasSuffix(open, "=")
		}
		return differs(text)
	}
	r := runeBefore(before, len(before))
	rest := strings.TrimSuffix(before, string(r))
	operand := runeBefore(rest, len(rest))
	joined := unicode.IsLetter(operand) || isNumeral(operand) || operand == ')' || operand == '}'
	switch {
	case strings.ContainsRune("-−–+±^√≠", r) || isNumeral(r):
		return true
	case strings.ContainsRune("*_/.,×·÷", r):
		return joined && (r != '.' && r != ',' || isNumeral(operand))
	}
	return differs(before)
}

// differs reports whether a command or sign ends before that changes what
// follows, or says that this is not it.
func differs(before string) bool {
	if strings.HasSuffix(before, "≠") || strings.HasSuffix(before, "!=") {
		return true
	}
	word := strings.TrimRightFunc(before, unicode.IsLetter)
	if !strings.HasSuffix(word, `\`) {
		return false
	}
	switch before[len(word):] {
	case "neq", "ne", "not", "sqrt", "pm", "mp", "neg":
		return true
	case "times", "cdot", "div":
		return false // an equation with a box to fill in
	}
	return false
}

// changesBefore reports whether a value that ends before s is changed by what
// s begins with.
func changesBefore(s string) bool {
	if math := strings.TrimLeft(s, " "); math != "" && math[0] == '^' && !strings.HasPrefix(math, `^\circ`) && !strings.HasPrefix(math, `^{\circ}`) {
		return true
	}
	if strings.HasPrefix(s, "!$") || strings.HasPrefix(s, `!\`) {
		return true
	}
	for range 8 {
		from := len(s)
		for _, mark := range [...]string{"$", `\)`, `\]`, "**", "__"} {
			s = strings.TrimPrefix(s, mark)
		}
		if len(s) == from {
			break
		}
	}
	if s == "" {
		return false
	}
	r := runeAt(s, 0)
	next := runeAt(s, len(string(r)))
	switch {
	case isNumeral(r), r == '{', isSuperscript(r):
		return true
	case r == '.' || r == ',' || r == '(' || r == ':':
		return isNumeral(next)
	case strings.ContainsRune("+-−/*×·÷_", r):
		second := runeAt(s, len(string(r))+1)
		return isNumeral(next) || next == '\\' || next == '(' || isAlphabetic(next) && !unicode.IsLetter(second)
	case strings.ContainsRune("kKMBTxynei", r):
		return !unicode.IsLetter(next)
	case r == '\\':
		name := s[1 : len(s)-len(strings.TrimLeftFunc(s[1:], unicode.IsLetter))]
		switch name {
		case "times", "cdot", "div", "frac", "dfrac", "tfrac", "sqrt", "pi", "pm", "mp", "over", "boxed", "fbox", "ast":
			return true
		}
	}
	return false
}

// changedAround reports whether one of the groups around s[at:after] is the
// argument of a command that changes a value, or an exponent or an index.
func changedAround(s string, at, after int) bool {
	first, last := max(0, at-glueLimit), min(len(s), after+glueLimit)
	for range 4 {
		open := groupStart(s, at, first)
		if open < 0 {
			return false
		}
		depth, end := 0, -1
		for i := after; i < last && end < 0; i++ {
			switch s[i] {
			case '{':
				depth++
			case '}':
				if depth--; depth < 0 {
					end = i + 1
				}
			}
		}
		if end < 0 {
			return false
		}
		at, after = open, end
		name := at
		for name > first && s[name-1] == '}' { // an earlier argument
			if name = groupStart(s, name-1, first); name < 0 {
				return false
			}
		}
		if name > first && s[name-1] == ']' {
			name = max(first, strings.LastIndexByte(s[:name], '['))
		}
		word := strings.TrimRightFunc(s[first:name], unicode.IsLetter)
		switch s[first+len(word) : name] {
		case "sqrt", "frac", "dfrac", "tfrac", "cfrac", "binom", "cancel", "bcancel", "xcancel", "sout", "st", "phantom", "hphantom", "vphantom", "overline", "bar":
			return true
		}
		if strings.HasSuffix(s[first:at], "^") || strings.HasSuffix(s[first:at], "_") || strings.HasPrefix(s[after:], "^") {
			return true
		}
	}
	return false
}

// groupStart returns where the group begins that is open before byte i, or -1.
func groupStart(s string, i, first int) int {
	depth := 0
	for i--; i >= first; i-- {
		switch s[i] {
		case '}':
			depth++
		case '{':
			if depth--; depth < 0 {
				return i
			}
		}
	}
	return -1
}
