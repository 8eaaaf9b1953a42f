package mathexpr

import "strings"

// command reads a backslash and what belongs to it.
func (l *lexer) command() error {
	l.at++
	if l.at >= len(l.src) {
		return nil
	}
	n := letters(l.rest())
	if n == 0 {
		l.symbol()
		return nil
	}
	name := l.rest()[:n]
	if !knownCommand(name) && !special(name) {
		// A command may have run into what follows it, as in \quadx.
		for i := n - 1; i >= 2; i-- {
			if knownCommand(name[:i]) {
				name = name[:i]
				break
			}
		}
	}
	l.at += len(name)
	return l.named(alias(name), name)
}

func special(name string) bool {
	switch name {
	case "hspace", "vspace", "mspace", "kern", "textcolor", "mathrm", "overline", "currencycent", "hskip":
		return true
	}
	return strings.HasPrefix(name, "currency")
}

// symbol reads a backslash and the character after it.
func (l *lexer) symbol() {
	c := l.src[l.at]
	l.at++
	switch c {
	case '\\':
		n := letters(l.rest())
		if n > 0 && l.env == 0 && knownCommand(l.rest()[:n]) {
			name := l.rest()[:n]
			l.at += n
			// The second backslash is damage.
			_ = l.named(alias(name), name)
			return
		}
		if l.env == 0 && l.at < len(l.src) && strings.IndexByte("{}$%", l.src[l.at]) >= 0 {
			return // the next character comes with a backslash too many
		}
		if strings.HasPrefix(l.rest(), "[") {
			if i := strings.IndexByte(l.rest(), ']'); i > 0 && i < 8 && strings.HasSuffix(l.rest()[:i], "t") {
				l.at += i + 1 // \\[2pt]
			}
		}
		l.emit(tRow, "")
	case '{':
		l.emit(tOpen, "S")
	case '}':
		l.emit(tClose, "S")
	case '|':
		l.emit(tBar, "|")
	case '%':
		l.emit(tPercent, "%")
	case '$':
		l.emit(tCurrency, "$")
	case '_', '&', '#':
		l.space = true
	case '(', ')', '[', ']':
		// Delimiters of mathematics.
		l.space = true
	case '!':
	default:
		l.space = true // \, \; \: \ and the like
	}
}

// named reads a command by name.
func (l *lexer) named(name, written string) error {
	switch name {
	case "e", "i":
		l.emit(tLetter, name)
		return nil
	case "$":
		l.emit(tCurrency, "$")
		return nil
	case "%":
		l.emit(tPercent, "%")
		return nil
	case "[", "(", "<":
		l.emit(tOpen, name)
		return nil
	case "]", ")", ">":
		l.emit(tClose, name)
		return nil
	case "{":
		l.emit(tOpen, "S")
		return nil
	case "}":
		l.emit(tClose, "S")
		return nil
	case "lfloor":
		l.emit(tOpen, "F")
		return nil
	case "rfloor":
		l.emit(tClose, "F")
		return nil
	case "lceil":
		l.emit(tOpen, "C")
		return nil
	case "rceil":
		l.emit(tClose, "C")
		return nil
	case "|":
		switch written[0] {
		case 'l':
			l.emit(tOpen, "A")
		case 'r':
			l.emit(tClose, "A")
		default:
			l.emit(tBar, "|")
		}
		return nil
	case "...":
		l.emit(tDots, "...")
		return nil
	case "°":
		if written == "circ" && l.composes() {
			l.emit(tOp, "∘")
			return nil
		}
		l.emit(tDegree, "°")
		return nil
	case "ℝ", "ℤ", "ℕ", "ℚ", "ℂ":
		l.emit(tDomain, map[string]string{"ℝ": "R", "ℤ": "Z", "ℕ": "N", "ℚ": "Q", "ℂ": "C"}[name])
		return nil
	case "begin", "end":
		return l.environment(name)
	case "left", "right", "mleft", "mright":
		// A dot is a bracket that is not shown.
		if r := strings.TrimLeft(l.rest(), " "); strings.HasPrefix(r, ".") && !(len(r) > 1 && isDigit(r[1])) {
			l.at = len(l.src) - len(r) + 1
			return nil
		}
		if r := strings.TrimLeft(l.rest(), " "); r != "" {
			switch {
			case r[0] == '|' || r[0] == '<' || r[0] == '>':
				l.at = len(l.src) - len(r) + 1
			case strings.HasPrefix(r, `\|`):
				l.at = len(l.src) - len(r) + 2
			case strings.HasPrefix(r, `\vert`) || strings.HasPrefix(r, `\Vert`):
				l.at = len(l.src) - len(r) + 5
			case r[0] == '{':
				// A brace without a backslash must be a set's.
				l.at = len(l.src) - len(r) + 1
				l.emit(tOpen, "S")
				return nil
			case r[0] == '}' && strings.HasSuffix(name, "right"):
				l.at = len(l.src) - len(r) + 1
				l.emit(tClose, "S")
				return nil
			default:
				return nil
			}
			open := strings.HasSuffix(name, "left")
			k, text := tClose, "A"
			if open {
				k = tOpen
			}
			if r[0] == '<' || r[0] == '>' {
				text = string(r[0])
			}
			l.emit(k, text)
		}
		return nil
	case "hspace", "vspace", "mspace", "hskip", "kern":
		l.skipArgument()
		return nil
	case "textcolor", "color":
		l.skipArgument()
		return nil
	case "overline", "bar":
		return l.overlined()
	case "vec", "hat", "mathbf", "boldsymbol", "bm":
		if v := l.basis(); v != "" {
			l.emit(tVector, v)
		} else if name == "vec" {
			l.arrow()
		}
		return nil
	case "mathbb":
		if d := l.domain(); d != "" {
			l.emit(tDomain, d)
		}
		return nil
	case "underset", "overset", "stackrel":
		l.skipArgument()
		return nil
	}
	switch {
	case textual(name):
		l.text(name)
	case silent(name):
		l.space = true
	case name == "overrightarrow" && l.arrow():
	case wrapper(name):
	case name == "times" && l.crosses():
		l.emit(tOp, "×")
	case structural(name):
		l.emit(tCmd, name)
	case symbolName(name):
		l.emit(tLetter, name)
	case strings.HasPrefix(name, "currency"):
		l.emit(tCurrency, strings.TrimPrefix(name, "currency"))
	default:
		if f, ok := function(name); ok {
			l.emit(tFunc, f)
			return nil
		}
		if o, ok := operatorCommand(name); ok {
			if last := l.last(); name == "angle" && last.is(tLetter, "m") {
				l.out = l.out[:len(l.out)-1] // the measure of an angle
			}
			if o == "'" {
				l.emit(tPrime, "'")
			} else if o != "" {
				l.emit(tOp, o)
			}
			return nil
		}
		// Nobody knows it: a name of its own.
		l.emit(tLetter, `\`+name)
	}
	return nil
}

// argument returns the braces that follow, without them, if they hold no others.
func (l *lexer) argument() (string, int) {
	r := strings.TrimLeft(l.rest(), " ")
	if !strings.HasPrefix(r, "{") {
		return "", 0
	}
	end := strings.IndexAny(r[1:], "{}")
	if end < 0 || r[1+end] != '}' {
		return "", 0
	}
	return r[1 : 1+end], len(l.rest()) - len(r) + end + 2
}

func (l *lexer) skipArgument() {
	if _, n := l.argument(); n > 0 {
		l.at += n
	}
	l.space = true
}

// environment reads the name of an environment and the columns of an array.
func (l *lexer) environment(which string) error {
	name, n := l.argument()
	if n == 0 {
		return errSyntax
	}
	l.at += n
	name = strings.TrimSuffix(strings.TrimSpace(name), "*")
	if which == "end" {
		l.env = max(0, l.env-1)
		l.emit(tEndEnv, name)
		return nil
	}
	l.env++
	l.emit(tBegin, name)
	if name == "array" || name == "tabular" {
		if _, n := l.argument(); n > 0 {
			l.at += n
		}
	}
	return nil
}

// text begins a stretch of words.
func (l *lexer) text(name string) {
	r := strings.TrimLeft(l.rest(), " ")
	if !strings.HasPrefix(r, "{") {
		return
	}
	if arg, n := l.argument(); n > 0 {
		arg = strings.TrimSpace(arg)
		if name == "operatorname" || name == "mathrm" || name == "mathup" || name == "text" || name == "rm" {
			if l.upright(arg, name) {
				l.at += n
				return
			}
		}
	}
	l.at = len(l.src) - len(r) + 1
	l.quote, l.quoted = true, 0
	l.space = true
}

// upright reads what stands in upright letters and is no text: functions,
// constants, differentials.
func (l *lexer) upright(s, how string) bool {
	if s == "" {
		return false
	}
	if f, ok := function(s); ok && (len(s) > 2 || s == "ln" || s == "lg" || how == "operatorname") && !l.unitNow(s) {
		l.emit(tFunc, f)
		return true
	}
	if how == "operatorname" {
		if letters(s) == len(s) {
			l.emit(tLetter, s)
			return true
		}
		return false
	}
	switch s {
	case "e", "d", "i":
		if how == "mathrm" || how == "rm" {
			l.emit(tLetter, s)
			return true
		}
	case "T":
		l.emit(tLetter, s)
		return true
	}
	return false
}

// overlined reads repeating digits, and drops the line over anything else.
func (l *lexer) overlined() error {
	arg, n := l.argument()
	if n > 0 && arg != "" && strings.Trim(arg, "0123456789") == "" {
		l.at += n
		v, ok := decimalValue(arg, 0)
		if !ok || len(arg) > MaxDigits {
			return errSyntax
		}
		l.emit(tNum, arg)
		l.out[len(l.out)-1].num = &Number{Val: v, Digits: len(arg)}
		return nil
	}
	switch arg = strings.TrimSpace(arg); {
	case n > 0 && letters(arg) == len(arg) && len(arg) == 1:
		// The mean of x, the conjugate of z, the complement of A: a name.
		l.at += n
		l.emit(tLetter, "bar "+arg)
	case n > 0 && strings.Contains(arg, "i") && strings.ContainsAny(arg, "+-"),
		n > 0 && strings.Contains(arg, "z") && !strings.ContainsAny(arg, "xy"):
		l.emit(tFunc, "conj")
	case n == 0:
		// A line over the one letter that follows.
		rest := strings.TrimLeft(l.rest(), " ")
		if letters(rest) == 1 {
			l.at += len(l.rest()) - len(rest) + 1
			l.emit(tLetter, "bar "+rest[:1])
		}
	}
	return nil
}

// basis reads a basis vector behind a command for bold letters or arrows.
func (l *lexer) basis() string {
	arg, n := l.argument()
	if n == 0 {
		return ""
	}
	switch strings.TrimSpace(strings.TrimPrefix(arg, `\`)) {
	case "i", "imath":
		l.at += n
		return "i"
	case "j", "jmath":
		l.at += n
		return "j"
	case "k":
		l.at += n
		return "k"
	}
	return ""
}

func (l *lexer) domain() string {
	arg, n := l.argument()
	if n == 0 {
		r := strings.TrimLeft(l.rest(), " ")
		if r == "" {
			return ""
		}
		arg, n = r[:1], len(l.rest())-len(r)+1
	}
	switch arg = strings.TrimSpace(arg); arg {
	case "R", "Z", "N", "Q", "C":
		l.at += n
		return arg
	}
	return ""
}
